//! Finding the credential in a request's headers.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::AuthError;

/// What all keys of the newer kind begin with; such a key is never parsed as a token.
const API_KEY_PREFIX: &str = "sb_";

/// What a request shows to say who it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Credential<'a> {
    /// A JSON Web Token.
    Token(&'a str),
    /// An `sb_publishable_…` or `sb_secret_…` key.
    ApiKey(&'a str),
}

impl<'a> Credential<'a> {
    /// Tells a key from a token by how it begins.
    pub(super) fn parse(text: &'a str) -> Self {
        match text.starts_with(API_KEY_PREFIX) {
            true => Self::ApiKey(text),
            false => Self::Token(text),
        }
    }
}

/// The bearer of `Authorization`; without one, an `sb_…` key in `apikey`.
///
/// A token in `apikey` alone names nobody: clients send their app's key there beside the user's token.
///
/// # Errors
/// [`AuthError::Missing`] without either, [`AuthError::Invalid`] when the header is not readable text.
pub(super) fn of(headers: &HeaderMap) -> Result<Credential<'_>, AuthError> {
    if let Some(header) = headers.get(AUTHORIZATION) {
        let text = header.to_str().map_err(|_| AuthError::Invalid)?;
        let bearer = text
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        if let Some(bearer) = bearer
            .map(|(_, rest)| rest.trim())
            .filter(|rest| !rest.is_empty())
        {
            return Ok(Credential::parse(bearer));
        }
    }
    headers
        .get("apikey")
        .and_then(|key| key.to_str().ok())
        .filter(|key| key.starts_with(API_KEY_PREFIX))
        .map(Credential::ApiKey)
        .ok_or(AuthError::Missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn the_bearer_comes_before_the_api_key() {
        let both = headers(&[("authorization", "bearer a.b.c"), ("apikey", "sb_secret_x")]);
        assert_eq!(of(&both), Ok(Credential::Token("a.b.c")));
        let key_as_bearer = headers(&[("authorization", "Bearer sb_publishable_x")]);
        assert_eq!(
            of(&key_as_bearer),
            Ok(Credential::ApiKey("sb_publishable_x"))
        );
    }

    #[test]
    fn a_key_in_apikey_counts_only_without_a_bearer() {
        assert_eq!(
            of(&headers(&[("apikey", "sb_secret_x")])),
            Ok(Credential::ApiKey("sb_secret_x"))
        );
        for nobody in [
            headers(&[]),
            headers(&[("apikey", "a.b.c")]),
            headers(&[("authorization", "Bearer ")]),
            headers(&[("authorization", "Basic YTpi")]),
            headers(&[("authorization", "a.b.c")]),
        ] {
            assert_eq!(of(&nobody), Err(AuthError::Missing), "{nobody:?}");
        }
    }
}
