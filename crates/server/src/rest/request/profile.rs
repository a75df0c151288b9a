//! The headers that choose a schema: there is one.

use axum::http::{HeaderMap, Method};

use crate::rest::error::RestError;

/// Reads choose by `Accept-Profile`, writes by `Content-Profile`.
///
/// # Errors
/// 406 PGRST106 for any schema but `public`.
pub(in crate::rest) fn check_profile(
    method: &Method,
    headers: &HeaderMap,
) -> Result<(), RestError> {
    let name = match *method {
        Method::GET | Method::HEAD => "accept-profile",
        _ => "content-profile",
    };
    match headers.get(name).map(|value| value.to_str()) {
        None | Some(Ok("public")) => Ok(()),
        Some(other) => {
            let schema = other.unwrap_or_default();
            Err(
                RestError::new(406, "PGRST106", format!("Invalid schema: {schema}"))
                    .hint("Only the following schemas are exposed: public"),
            )
        }
    }
}
