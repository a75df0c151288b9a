//! Why a credential does not pass, and why keys cannot be used.

/// Why a request has no caller. The text is for the person who asked and never repeats the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// No credential at all.
    #[error("Sign in first: send the header \"Authorization: Bearer <access token>\".")]
    Missing,
    /// A token that is malformed, signed by somebody else, or made for something else.
    #[error("This access token is not valid. Sign in again.")]
    Invalid,
    /// A token whose time is over.
    #[error("This access token has expired. Sign in again.")]
    Expired,
    /// A token whose time has not come.
    #[error("This access token is not valid yet. Check the clock of the machine that issued it.")]
    NotYetValid,
    /// A token or key that stands for nobody in particular, such as an app's public key.
    #[error("This key names no user. Sign in and send the user's access token.")]
    NoUser,
    /// An `sb_…` key that is not one of the configured ones.
    #[error("This API key is not known here.")]
    UnknownApiKey,
    /// The keys that tokens are verified with have never been readable.
    #[error("Sign-in cannot be checked at the moment. Try again in a minute.")]
    KeysUnavailable,
}

/// Why the configured keys cannot be used. Never repeats a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKeys {
    /// A short secret can be guessed from one token.
    #[error("the JWT secret must have at least 32 characters, this one has {0}")]
    ShortSecret(usize),
    /// The key set is not one that can be read.
    #[error("the JWKS cannot be used: {0}")]
    Jwks(String),
    /// An API key of another form.
    #[error("a {0} key must start with \"{1}\"")]
    ApiKey(&'static str, &'static str),
    /// Neither a secret nor a key set: nobody could ever sign in.
    #[error("no keys to verify tokens with: give the JWT secret, a JWKS, or both")]
    None,
    /// Signing failed.
    #[error("the token cannot be signed")]
    Signing,
}
