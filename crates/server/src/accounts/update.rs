//! `PUT /auth/v1/user`: another address, password or data; an anonymous user with an address becomes a permanent one.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::account::{self, Account};
use super::error::AccountError;
use super::sign_up::{read, verified};
use super::{Accounts, signed_in::SignedIn};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Update {
    email: Option<String>,
    phone: Option<String>,
    password: Option<String>,
    data: Option<Map<String, Value>>,
}

/// Answers with the user as it is then. There is no mail here, so that a new address counts at once.
pub(super) async fn update(
    State(accounts): State<Arc<Accounts>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, AccountError> {
    let SignedIn { account, session } = accounts.signed_in(&headers).await?;
    let wanted: Update = read(body).await?;
    let not_empty = |field: Option<String>| field.filter(|text| !text.is_empty());
    if not_empty(wanted.phone).is_some() {
        return Err(AccountError::unprocessable(
            "phone_provider_disabled",
            "Phone numbers are not kept here",
        ));
    }
    let email = match not_empty(wanted.email) {
        Some(email) => {
            Some(account::email(&email)?).filter(|new| account.email.as_ref() != Some(new))
        }
        None => None,
    };
    let password = not_empty(wanted.password);
    let mut data = wanted.data.unwrap_or_default();
    if let Some(email) = &email {
        data.extend(verified(account.id, email));
    }
    let hash = match &password {
        Some(password) => Some(
            accounts
                .new_hash(&account, email.is_some(), password)
                .await?,
        ),
        None => None,
    };
    accounts.store(account.id, email, hash, data).await?;
    if password.is_some() {
        accounts.end_sessions(account.id, session).await?;
    }
    let account = Account::find(&accounts.pool, account.id).await?;
    Ok(Json(account.ok_or_else(AccountError::internal)?.to_json()))
}

impl Accounts {
    async fn new_hash(
        &self,
        account: &Account,
        with_email: bool,
        password: &str,
    ) -> Result<String, AccountError> {
        if account.is_anonymous() && !with_email {
            return Err(AccountError::unprocessable(
                "validation_failed",
                "Updating password of an anonymous user without an email or phone is not allowed",
            ));
        }
        let stored = sqlx::query_file!("queries/account_password.sql", None::<&str>, account.id)
            .fetch_optional(&self.pool)
            .await?
            .and_then(|account| account.password_hash);
        if let Some(hash) = stored
            && self.hashing.verify(password, &hash).await?
        {
            return Err(AccountError::unprocessable(
                "same_password",
                "New password should be different from the old password.",
            ));
        }
        self.hashing.hash(password).await
    }

    async fn store(
        &self,
        id: Uuid,
        email: Option<String>,
        password_hash: Option<String>,
        data: Map<String, Value>,
    ) -> Result<(), AccountError> {
        let data = Value::Object(data);
        let stored =
            sqlx::query_file!("queries/update_account.sql", id, email, password_hash, data)
                .execute(&self.pool)
                .await;
        match stored {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_database_error()
                    .is_some_and(|error| error.is_unique_violation()) =>
            {
                Err(AccountError::unprocessable(
                    "email_exists",
                    "A user with this email address has already been registered",
                ))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Ends the sessions of an account, all but `except`.
    pub(super) async fn end_sessions(
        &self,
        account: Uuid,
        except: Option<Uuid>,
    ) -> Result<(), AccountError> {
        sqlx::query_file!("queries/end_sessions.sql", account, except)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
