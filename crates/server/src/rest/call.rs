//! One request, read whole: who asks, what, and with which body.

use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, HeaderValue};
use axum::http::{HeaderMap, Method};
use coach::caller::Caller;

use super::error::RestError;
use super::request::check_profile;
use crate::auth::AuthError;
use crate::{State, body};

/// A bulk insert may be larger than what one function call needs.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// What a handler is called with.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    /// Without `/rest/v1`.
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    pub(super) caller: Caller,
}

impl Call {
    /// Reads the request.
    ///
    /// # Errors
    /// 413 for a body over 4 MiB, 401 for a credential that does not pass, 406 for another schema.
    pub(super) async fn read(state: &State, request: Request) -> Result<Self, RestError> {
        let (parts, content) = request.into_parts();
        let body = body::read_at_most(BODY_LIMIT, content).await?;
        let caller = caller(state, &parts.headers).await?;
        check_profile(&parts.method, &parts.headers)?;
        Ok(Self {
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            body,
            caller,
        })
    }

    pub(super) fn is_read(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD)
    }
}

/// The bearer; without one, whom the app's key in `apikey` stands for.
async fn caller(state: &State, headers: &HeaderMap) -> Result<Caller, RestError> {
    match (state.keys.caller(headers).await, headers.get("apikey")) {
        (Err(AuthError::Missing), Some(key)) => {
            let bearer = [b"Bearer ", key.as_bytes()].concat();
            let bearer = HeaderValue::from_bytes(&bearer).map_err(|_| AuthError::Invalid)?;
            let alone = HeaderMap::from_iter([(AUTHORIZATION, bearer)]);
            Ok(state.keys.caller(&alone).await?)
        }
        (caller, _) => Ok(caller?),
    }
}
