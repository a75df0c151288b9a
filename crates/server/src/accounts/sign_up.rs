//! `POST /auth/v1/signup`: an account with e-mail and password, or an anonymous one.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::error::AccountError;
use super::{Accounts, account};

#[derive(Deserialize, Default)]
#[serde(default)]
struct SignUp {
    email: Option<String>,
    phone: Option<String>,
    password: Option<String>,
    data: Option<Map<String, Value>>,
}

/// Answers with the new user's session.
pub(super) async fn sign_up(
    State(accounts): State<Arc<Accounts>>,
    body: Body,
) -> Result<Json<Value>, AccountError> {
    let wanted: SignUp = read(body).await?;
    let given = |field: &Option<String>| field.as_ref().is_some_and(|text| !text.is_empty());
    if given(&wanted.phone) {
        return Err(AccountError::new(
            StatusCode::BAD_REQUEST,
            "phone_provider_disabled",
            "Phone signups are disabled",
        ));
    }
    accounts.sign_ups.step()?;
    let (id, data) = (Uuid::new_v4(), wanted.data.unwrap_or_default());
    match wanted.email.filter(|email| !email.is_empty()) {
        Some(email) => {
            let password = wanted.password.unwrap_or_default();
            accounts.add_with_email(id, &email, &password, data).await?;
            accounts.begin_session(id, "password").await
        }
        None if given(&wanted.password) => Err(AccountError::invalid(
            "To signup, please provide your email",
        )),
        None => {
            accounts.add(id, None, None, Value::Object(data)).await?;
            accounts.begin_session(id, "anonymous").await
        }
    }
}

impl Accounts {
    async fn add_with_email(
        &self,
        id: Uuid,
        email: &str,
        password: &str,
        mut data: Map<String, Value>,
    ) -> Result<(), AccountError> {
        if password.is_empty() {
            return Err(AccountError::invalid("Signup requires a valid password"));
        }
        let email = account::email(email)?;
        let hash = self.hashing.hash(password).await?;
        data.extend(verified(id, &email));
        if self
            .add(id, Some(&email), Some(&hash), Value::Object(data))
            .await?
        {
            Ok(())
        } else {
            Err(AccountError::unprocessable(
                "user_already_exists",
                "User already registered",
            ))
        }
    }

    /// Stores an account; false when the address has one already.
    async fn add(
        &self,
        id: Uuid,
        email: Option<&str>,
        password_hash: Option<&str>,
        data: Value,
    ) -> Result<bool, AccountError> {
        let added = sqlx::query_file!("queries/add_account.sql", id, email, password_hash, data)
            .execute(&self.pool)
            .await?;
        Ok(added.rows_affected() == 1)
    }
}

/// What the metadata of a user with an address say of it.
pub(super) fn verified(id: Uuid, email: &str) -> Map<String, Value> {
    let said =
        json!({ "email": email, "email_verified": true, "phone_verified": false, "sub": id });
    match said {
        Value::Object(said) => said,
        _ => Map::new(),
    }
}

/// Reads a request's body.
///
/// # Errors
/// 400 `bad_json` when it is too large, no JSON, or not of that shape.
pub(super) async fn read<T: for<'de> Deserialize<'de>>(body: Body) -> Result<T, AccountError> {
    let bad = |message| AccountError::new(StatusCode::BAD_REQUEST, "bad_json", message);
    let bytes = crate::body::read(body)
        .await
        .map_err(|_| bad("The body could not be read. It may have at most 256 KiB."))?;
    let fields = crate::body::parse(&bytes)
        .map_err(|_| bad("Could not parse request body as JSON: send a JSON object."))?;
    serde_json::from_value(Value::Object(fields))
        .map_err(|_| bad("Could not parse request body as JSON: a field is of the wrong type."))
}
