//! `POST /auth/v1/token`: a session for a password, or the next one for a refresh token.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::Accounts;
use super::error::AccountError;
use super::refresh_token::RefreshToken;
use super::session::Session;
use super::sign_up::read;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Grant {
    grant_type: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Credentials {
    email: Option<String>,
    password: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Refresh {
    refresh_token: String,
}

/// Answers with a session, by `grant_type`.
pub(super) async fn token(
    State(accounts): State<Arc<Accounts>>,
    Query(grant): Query<Grant>,
    body: Body,
) -> Result<Json<Value>, AccountError> {
    match grant.grant_type.as_str() {
        "password" => accounts.by_password(read(body).await?).await,
        "refresh_token" => accounts.refresh(read(body).await?).await,
        _ => Err(bad_request("invalid_credentials", "unsupported_grant_type")),
    }
}

impl Accounts {
    async fn by_password(&self, given: Credentials) -> Result<Json<Value>, AccountError> {
        let email = given.email.unwrap_or_default().trim().to_lowercase();
        let password = given.password.unwrap_or_default();
        let found = sqlx::query_file!("queries/account_password.sql", email, None::<Uuid>)
            .fetch_optional(&self.pool)
            .await?;
        if let Some(account) = found
            && let Some(hash) = account.password_hash
            && self.hashing.verify(&password, &hash).await?
        {
            return self.begin_session(account.id, "password").await;
        }
        Err(bad_request(
            "invalid_credentials",
            "Invalid login credentials",
        ))
    }

    async fn refresh(&self, given: Refresh) -> Result<Json<Value>, AccountError> {
        if given.refresh_token.is_empty() {
            return Err(AccountError::invalid_request("refresh_token required"));
        }
        let Some(token) = RefreshToken::read(&given.refresh_token, &self.verifying) else {
            return Err(not_found());
        };
        let refreshed =
            sqlx::query_file!("queries/refresh_session.sql", token.session, token.number)
                .fetch_optional(&self.pool)
                .await?;
        let Some(row) = refreshed else {
            return Err(self.reused(token).await?);
        };
        let session = Session {
            id: row.id,
            method: row.method,
            refreshes: row.refreshes,
            began: row.began,
        };
        self.answer(row.account_id, &session).await
    }

    /// An old token comes again: whoever holds the newest one may be a thief, so the session ends for both.
    async fn reused(&self, token: RefreshToken) -> Result<AccountError, AccountError> {
        let ended = sqlx::query_file!("queries/end_session.sql", token.session)
            .execute(&self.pool)
            .await?;
        if ended.rows_affected() == 0 {
            return Ok(not_found());
        }
        tracing::warn!("a refresh token that had been replaced came again; its session was ended");
        Ok(bad_request(
            "refresh_token_already_used",
            "Invalid Refresh Token: Already Used",
        ))
    }
}

fn not_found() -> AccountError {
    bad_request(
        "refresh_token_not_found",
        "Invalid Refresh Token: Refresh Token Not Found",
    )
}

fn bad_request(code: &'static str, message: &'static str) -> AccountError {
    AccountError::new(StatusCode::BAD_REQUEST, code, message)
}
