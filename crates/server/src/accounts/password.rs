//! Passwords: how long one must be, and hashing it (Argon2id) without letting everybody hash at once.

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::error::AccountError;

/// As Supabase's service has it by default.
const SHORTEST: usize = 6;
/// In bytes; what that service's way of hashing can take.
const LONGEST: usize = 72;
/// A hash takes 19 MiB and a core for its time.
const AT_ONCE: usize = 2;

/// Hashes and compares passwords, a few at a time.
pub(super) struct Hashing(Semaphore);

impl Default for Hashing {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

impl Hashing {
    /// The hash to store.
    ///
    /// # Errors
    /// 422 `weak_password` or 400 `validation_failed` for a password that is too short or too long.
    pub(super) async fn hash(&self, password: &str) -> Result<String, AccountError> {
        check(password)?;
        let password = password.to_owned();
        self.run(move || password_auth::generate_hash(password))
            .await
    }

    /// Whether `password` is the one whose hash this is.
    ///
    /// # Errors
    /// 500 when hashing broke.
    pub(super) async fn verify(&self, password: &str, hash: &str) -> Result<bool, AccountError> {
        if password.len() > LONGEST {
            return Ok(false);
        }
        let (password, hash) = (password.to_owned(), hash.to_owned());
        self.run(move || password_auth::verify_password(password, &hash).is_ok())
            .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AccountError> {
        let Ok(_place) = self.0.acquire().await else {
            return Err(AccountError::internal());
        };
        spawn_blocking(work)
            .await
            .map_err(|_| AccountError::internal())
    }
}

fn check(password: &str) -> Result<(), AccountError> {
    if password.chars().count() < SHORTEST {
        return Err(AccountError::unprocessable(
            "weak_password",
            "Password should be at least 6 characters.",
        ));
    }
    if password.len() > LONGEST {
        return Err(AccountError::invalid(
            "Password cannot be longer than 72 characters",
        ));
    }
    Ok(())
}
