//! Who is signed in, and `GET /auth/v1/user`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::Value;
use uuid::Uuid;

use super::Accounts;
use super::account::Account;
use super::error::AccountError;
use crate::auth::AuthError;

/// The user behind a request.
pub(super) struct SignedIn {
    pub(super) account: Account,
    /// None for a token that no session issued (`mesocycle token`).
    pub(super) session: Option<Uuid>,
}

/// Answers with the user.
pub(super) async fn user(
    State(accounts): State<Arc<Accounts>>,
    headers: HeaderMap,
) -> Result<Json<Value>, AccountError> {
    Ok(Json(accounts.signed_in(&headers).await?.account.to_json()))
}

impl Accounts {
    /// The user of the request's token.
    ///
    /// # Errors
    /// 401 without one; 403 when it is not good, or its user or session is gone.
    pub(super) async fn signed_in(&self, headers: &HeaderMap) -> Result<SignedIn, AccountError> {
        let caller = self.keys.caller(headers).await?;
        let claim =
            |name: &str| -> Option<Uuid> { caller.claims.get(name)?.as_str()?.parse().ok() };
        let user = claim("sub").ok_or(AuthError::NoUser)?;
        let account = Account::find(&self.pool, user).await?.ok_or_else(|| {
            AccountError::forbidden(
                "user_not_found",
                "User from sub claim in JWT does not exist",
            )
        })?;
        let session = claim("session_id");
        if let Some(session) = session
            && !sqlx::query_file_scalar!("queries/has_session.sql", session, user)
                .fetch_one(&self.pool)
                .await?
        {
            return Err(AccountError::forbidden(
                "session_not_found",
                "Session from session_id claim in JWT does not exist",
            ));
        }
        Ok(SignedIn { account, session })
    }
}
