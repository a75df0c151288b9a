//! An account, as it is stored and as clients see it: the `user` of a session.

use coach::Pool;
use serde_json::{Value, json};
use uuid::Uuid;

use super::error::AccountError;

/// A row of `auth.account`. Times are RFC 3339 in UTC.
pub(super) struct Account {
    pub(super) id: Uuid,
    /// None: an anonymous user.
    pub(super) email: Option<String>,
    pub(super) user_metadata: Value,
    created_at: String,
    updated_at: String,
    confirmed_at: Option<String>,
    last_sign_in_at: Option<String>,
}

impl Account {
    /// The account with this id, if there is one.
    ///
    /// # Errors
    /// 500 when the database does not answer.
    pub(super) async fn find(pool: &Pool, id: Uuid) -> Result<Option<Self>, AccountError> {
        Ok(sqlx::query_file_as!(Account, "queries/account.sql", id)
            .fetch_optional(pool)
            .await?)
    }

    pub(super) fn is_anonymous(&self) -> bool {
        self.email.is_none()
    }

    /// How the user came here: the claim `app_metadata`.
    pub(super) fn app_metadata(&self) -> Value {
        match self.email {
            Some(_) => json!({ "provider": "email", "providers": ["email"] }),
            None => json!({}),
        }
    }

    /// The `user` of a session.
    pub(super) fn to_json(&self) -> Value {
        let mut user = json!({
            "id": self.id,
            "aud": "authenticated",
            "role": "authenticated",
            "email": self.email.as_deref().unwrap_or_default(),
            "phone": "",
            "last_sign_in_at": self.last_sign_in_at,
            "app_metadata": self.app_metadata(),
            "user_metadata": self.user_metadata,
            "identities": self.identities(),
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "is_anonymous": self.is_anonymous(),
        });
        if let Some(confirmed) = &self.confirmed_at {
            user["email_confirmed_at"] = json!(confirmed);
            user["confirmed_at"] = json!(confirmed);
        }
        user
    }

    fn identities(&self) -> Vec<Value> {
        let identity = self.email.as_ref().map(|email| {
            json!({
                "identity_id": Uuid::new_v5(&self.id, b"email"),
                "id": self.id,
                "user_id": self.id,
                "identity_data": { "email": email, "email_verified": true, "phone_verified": false, "sub": self.id },
                "provider": "email",
                "last_sign_in_at": self.last_sign_in_at,
                "created_at": self.created_at,
                "updated_at": self.updated_at,
                "email": email,
            })
        });
        identity.into_iter().collect()
    }
}

/// An e-mail address as it is stored.
///
/// # Errors
/// 400 `validation_failed` when no mail could ever reach it.
pub(super) fn email(text: &str) -> Result<String, AccountError> {
    /// RFC 5321, 4.5.3.1, and the brackets around it.
    const LONGEST: usize = 254;
    let address = text.trim().to_lowercase();
    let sound = address.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.split('.').all(|label| !label.is_empty())
            && !domain.contains('@')
            && !address.contains(|letter: char| letter.is_whitespace() || letter.is_control())
    });
    if sound && address.len() <= LONGEST {
        Ok(address)
    } else {
        Err(AccountError::invalid(
            "Unable to validate email address: invalid format",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_two_sides() {
        assert_eq!(
            email(" Ada@Example.COM ").ok().as_deref(),
            Some("ada@example.com")
        );
        let long = format!("{}@example.com", "a".repeat(250));
        for wrong in [
            "", "a", "@", "a@", "@b", "a@b@c", "a b@c", "a@b..c", "a@.b", &long,
        ] {
            assert!(email(wrong).is_err(), "{wrong}");
        }
    }
}
