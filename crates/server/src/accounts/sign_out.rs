//! `POST /auth/v1/logout`: ends sessions. An access token lives on until its hour is over, as with Supabase.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::Accounts;
use super::error::AccountError;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Scope {
    scope: String,
}

/// Ends all sessions of the user (`global`), this one (`local`) or all but this one (`others`); 204.
pub(super) async fn sign_out(
    State(accounts): State<Arc<Accounts>>,
    Query(Scope { scope }): Query<Scope>,
    headers: HeaderMap,
) -> Result<StatusCode, AccountError> {
    let signed_in = accounts.signed_in(&headers).await?;
    match (scope.as_str(), signed_in.session) {
        ("local", Some(session)) => {
            sqlx::query_file!("queries/end_session.sql", session)
                .execute(&accounts.pool)
                .await?;
        }
        ("others", Some(session)) => {
            accounts
                .end_sessions(signed_in.account.id, Some(session))
                .await?;
        }
        ("" | "global", _) | ("local" | "others", None) => {
            accounts.end_sessions(signed_in.account.id, None).await?;
        }
        _ => {
            return Err(AccountError::invalid(
                "Unsupported logout scope: the scopes are global, local and others",
            ));
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
