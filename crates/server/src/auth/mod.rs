//! Who you are: the credential of a request, verified, becomes the caller that SQL runs as.

mod api_key;
mod credential;
mod error;
mod jwks;
mod keys;
mod mint;

pub use error::{AuthError, InvalidKeys};
pub use jwks::{JwksSource, JwksTiming};
pub(crate) use keys::LEEWAY;
pub(crate) use keys::check_secret;
pub use keys::{KeySettings, Keys};
pub use mint::{key_claims, mint, user_claims};
