//! Refresh tokens: which session, the how-manieth of it, and our signature over both. The database holds none of them, only the
//! newest number, so that nobody who reads it can sign in.

use jsonwebtoken::crypto::{sign, verify};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use uuid::Uuid;

/// A refresh token's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RefreshToken {
    pub(super) session: Uuid,
    /// How often the session had been refreshed when it was issued.
    pub(super) number: i32,
}

impl RefreshToken {
    /// The token's text; none when signing fails.
    pub(super) fn sign(self, key: &EncodingKey) -> Option<String> {
        let said = self.said();
        let signature = sign(&signed(&said), key, Algorithm::HS256).ok()?;
        Some(format!("{said}.{signature}"))
    }

    /// Reads a token that we issued; none for any other text.
    pub(super) fn read(text: &str, key: &DecodingKey) -> Option<Self> {
        let (said, signature) = text.rsplit_once('.')?;
        let (session, number) = said.split_once('.')?;
        let token = Self {
            session: Uuid::try_parse(session).ok()?,
            number: number.parse().ok()?,
        };
        let genuine = verify(signature, &signed(&token.said()), key, Algorithm::HS256);
        (said == token.said() && genuine.unwrap_or(false)).then_some(token)
    }

    fn said(self) -> String {
        format!("{}.{}", self.session.simple(), self.number)
    }
}

/// Says what it is for: an access token's first part is base64 of JSON and never reads so.
fn signed(said: &str) -> Vec<u8> {
    format!("refresh token {said}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_signed_is_read_again() {
        let (key, other) = (
            b"0123456789abcdef0123456789abcdef",
            b"another 89abcdef0123456789abcdef",
        );
        let token = RefreshToken {
            session: Uuid::new_v4(),
            number: 7,
        };
        let text = token.sign(&EncodingKey::from_secret(key)).unwrap();
        let read = |text: &str, key| RefreshToken::read(text, &DecodingKey::from_secret(key));
        assert_eq!(read(&text, key), Some(token));
        assert_eq!(read(&text, other), None);
        for wrong in [
            String::new(),
            "..".into(),
            text.replace(".7.", ".8."),
            text.replace(".7.", ".07."),
            format!("{text}x"),
            text.to_uppercase(),
        ] {
            assert_eq!(read(&wrong, key), None, "{wrong}");
        }
    }
}
