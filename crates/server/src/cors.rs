//! Which web pages may call, and what their browsers may read.

use std::time::Duration;

use axum::http::header::{
    CONTENT_LOCATION, CONTENT_RANGE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
};
use axum::http::{Method, Uri};
use tower_http::cors::{AllowHeaders, AllowOrigin, Any, CorsLayer};

use crate::observe::REQUEST_ID;

/// The origins that browsers may call from. Callers without an origin (phones, servers) are always served.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// Every web page.
    #[default]
    Any,
    /// These and no others, each as a browser writes it: `https://app.example.com`.
    List(Vec<HeaderValue>),
}

/// An origin that no browser would ever send.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is no origin: write it as https://app.example.com, with a port if it has one and without a path"
)]
pub struct InvalidOrigin(String);

impl AllowedOrigins {
    /// Reads a list as configured; `*` in it means every web page.
    ///
    /// # Errors
    /// Names the first entry that is not `scheme://host[:port]`.
    pub fn parse<'a>(origins: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidOrigin> {
        let mut list = Vec::new();
        for origin in origins {
            if origin == "*" {
                return Ok(Self::Any);
            }
            list.push(parse_origin(origin).ok_or_else(|| InvalidOrigin(origin.to_owned()))?);
        }
        Ok(Self::List(list))
    }
}

fn parse_origin(origin: &str) -> Option<HeaderValue> {
    let uri: Uri = origin.parse().ok()?;
    let as_sent = format!("{}://{}", uri.scheme_str()?, uri.authority()?);
    (as_sent == origin)
        .then(|| HeaderValue::from_str(origin).ok())
        .flatten()
}

/// Answers every `OPTIONS`, without credentials, and marks every other answer, refusals too.
pub(crate) fn layer(origins: &AllowedOrigins) -> CorsLayer {
    const A_DAY: Duration = Duration::from_secs(86_400);
    let allowed = match origins {
        AllowedOrigins::Any => AllowOrigin::from(Any),
        AllowedOrigins::List(list) => AllowOrigin::list(list.clone()),
    };
    CorsLayer::new()
        .allow_origin(allowed)
        .allow_headers(AllowHeaders::mirror_request())
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::HEAD,
            Method::OPTIONS,
        ])
        .expose_headers([
            CONTENT_RANGE,
            CONTENT_LOCATION,
            LOCATION,
            RETRY_AFTER,
            HeaderName::from_static("preference-applied"),
            HeaderName::from_static("x-relay-error"),
            HeaderName::from_static("x-supabase-api-version"),
            REQUEST_ID,
        ])
        .max_age(A_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_a_host_and_perhaps_a_port() {
        let list = AllowedOrigins::parse([
            "https://app.example.com",
            "http://localhost:8081",
            "exp://127.0.0.1:19000",
        ]);
        assert!(matches!(list, Ok(AllowedOrigins::List(list)) if list.len() == 3));
        for wrong in [
            "app.example.com",
            "https://app.example.com/",
            "https://app.example.com/path",
            "",
            "https://",
        ] {
            assert_eq!(
                AllowedOrigins::parse([wrong]),
                Err(InvalidOrigin(wrong.into()))
            );
        }
        assert_eq!(
            AllowedOrigins::parse(["https://a.example", "*"]),
            Ok(AllowedOrigins::Any)
        );
    }
}
