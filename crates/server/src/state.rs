//! What every handler may use, put together by the one who starts the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use coach::Pool;
use tokio_util::sync::CancellationToken;

use crate::admin::Admin;
use crate::auth::Keys;
use crate::{AccountSettings, AllowedOrigins};

/// What the handlers need.
#[derive(Clone)]
pub struct State {
    /// Connections of a role that may become `anon`, `authenticated` and `service_role`.
    pub pool: Pool,
    /// What credentials are verified with.
    pub keys: Keys,
    /// Tells a worker in this process that there may be work; does nothing where there is none.
    pub wake: Arc<dyn Fn() + Send + Sync>,
    /// Says when `/readyz` may answer 200.
    pub readiness: Readiness,
    /// What an operator may set.
    pub settings: Settings,
    /// What the operator's side may use.
    pub admin: Admin,
    /// Cancelled when the server is to stop: `/readyz` says so and waiting calls answer at once.
    pub shutdown: CancellationToken,
}

/// Whether everything that was started is up. Clones speak of the same thing; it begins as not ready.
#[derive(Debug, Clone, Default)]
pub struct Readiness(Arc<AtomicBool>);

impl Readiness {
    /// From now on `/readyz` answers 200 while the database does.
    pub fn set_ready(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether that has been said.
    pub fn is_ready(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// What an operator may set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The web pages that may call (default: all).
    pub allowed_origins: AllowedOrigins,
    /// How long `{"wait": true}` waits (default 55 s: phones give up at 60).
    pub wait_limit: Duration,
    /// How accounts for development are served; none: not at all.
    pub accounts: Option<AccountSettings>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allowed_origins: AllowedOrigins::Any,
            wait_limit: Duration::from_secs(55),
            accounts: None,
        }
    }
}
