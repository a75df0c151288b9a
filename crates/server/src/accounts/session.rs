//! A session: an access token good for an hour, a refresh token for the next one, and the user.

use axum::Json;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Accounts;
use super::account::Account;
use super::error::AccountError;
use super::refresh_token::RefreshToken;
use crate::auth::mint;

/// Seconds.
const LIFETIME: i64 = 3600;

/// A session that may be answered with.
pub(super) struct Session {
    pub(super) id: Uuid,
    /// `anonymous` or `password`.
    pub(super) method: String,
    /// How often it was refreshed.
    pub(super) refreshes: i32,
    /// When the user signed in: seconds since 1970.
    pub(super) began: i64,
}

impl Accounts {
    /// Signs an account in and answers with its new session.
    ///
    /// # Errors
    /// 500 when it cannot be stored.
    pub(super) async fn begin_session(
        &self,
        account: Uuid,
        method: &str,
    ) -> Result<Json<Value>, AccountError> {
        let session = sqlx::query_file_as!(Session, "queries/begin_session.sql", account, method)
            .fetch_one(&self.pool)
            .await?;
        self.answer(account, &session).await
    }

    /// What a client keeps of a session.
    ///
    /// # Errors
    /// 500 when the account is gone or a token cannot be signed.
    pub(super) async fn answer(
        &self,
        account: Uuid,
        session: &Session,
    ) -> Result<Json<Value>, AccountError> {
        let account = Account::find(&self.pool, account)
            .await?
            .ok_or_else(AccountError::internal)?;
        let expires_at = Timestamp::now().as_second() + LIFETIME;
        let access_token = mint(
            self.settings.jwt_secret(),
            &self.claims(&account, session, expires_at),
        )
        .map_err(|_| AccountError::internal())?;
        let refresh_token = RefreshToken {
            session: session.id,
            number: session.refreshes,
        };
        Ok(Json(json!({
            "access_token": access_token,
            "token_type": "bearer",
            "expires_in": LIFETIME,
            "expires_at": expires_at,
            "refresh_token": refresh_token.sign(&self.signing).ok_or_else(AccountError::internal)?,
            "user": account.to_json(),
        })))
    }

    fn claims(&self, account: &Account, session: &Session, expires_at: i64) -> Value {
        json!({
            "iss": self.settings.issuer(),
            "sub": account.id,
            "aud": "authenticated",
            "exp": expires_at,
            "iat": expires_at - LIFETIME,
            "email": account.email.as_deref().unwrap_or_default(),
            "phone": "",
            "app_metadata": account.app_metadata(),
            "user_metadata": account.user_metadata,
            "role": "authenticated",
            "aal": "aal1",
            "amr": [{ "method": session.method, "timestamp": session.began }],
            "session_id": session.id,
            "is_anonymous": account.is_anonymous(),
        })
    }
}
