//! Whether access tokens can be verified, and by the keys of the very project whose apps send them.

use anyhow::Context;
use coach::caller::{Caller, Role};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use server::auth::{AuthError, Keys};

use super::report::Report;
use crate::config::Settings;
use crate::{output, wire};

/// A token that nobody signed, of an algorithm that only a key set serves: asking whose it is makes us fetch the set.
const ANYBODYS: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImRvY3RvciJ9.e30.AA";

pub(super) async fn examine(settings: &Settings, report: &mut Report) {
    let keys = match wire::keys(settings, settings.jwt_secret.clone()) {
        Ok(keys) => keys,
        Err(error) => {
            return report.wrong(
                &format!("keys: {}", output::chain(&error)),
                "set SUPABASE_JWT_SECRET, MESOCYCLE_JWKS_URL or both",
            );
        }
    };
    if let Err(AuthError::KeysUnavailable) = caller_of(&keys, ANYBODYS).await {
        report.wrong(
            "keys: MESOCYCLE_JWKS_URL gives no key set",
            "correct it: https://<project>.supabase.co/auth/v1/.well-known/jwks.json",
        );
    } else {
        report.fine("keys: access tokens can be verified");
    }
    let given = [
        ("SUPABASE_ANON_KEY", &settings.anon_key, Role::Anon),
        (
            "SUPABASE_SERVICE_ROLE_KEY",
            &settings.service_role_key,
            Role::ServiceRole,
        ),
    ];
    for (name, key, role) in given {
        if let Some(key) = key {
            let found = caller_of(&keys, key).await;
            examine_key(name, role, found, settings.jwt_secret.is_some(), report);
        }
    }
}

async fn caller_of(keys: &Keys, key: &str) -> Result<Caller, AuthError> {
    let bearer = HeaderValue::from_str(&format!("Bearer {key}"))
        .context("a key is plain text")
        .map_err(|_| AuthError::Invalid)?;
    keys.caller(&HeaderMap::from_iter([(AUTHORIZATION, bearer)]))
        .await
}

/// What it means that the project's own key of `role` is taken for this caller, or for nobody.
fn examine_key(
    name: &str,
    role: Role,
    found: Result<Caller, AuthError>,
    has_secret: bool,
    report: &mut Report,
) {
    let wanted = role.name();
    match found {
        Ok(caller) if caller.role == role => {
            report.fine(&format!("keys: {name} is a key of {wanted}"));
        }
        Ok(caller) => report.wrong(
            &format!("keys: {name} is a key of {}", caller.role.name()),
            &format!("set the project's key of {wanted}"),
        ),
        Err(AuthError::Expired) => report.wrong(
            &format!("keys: {name} has expired"),
            "set the key that the project has now",
        ),
        Err(AuthError::UnknownApiKey) => report.wrong(
            &format!("keys: {name} is not among the keys that are taken here"),
            "add it to MESOCYCLE_PUBLISHABLE_KEYS (sb_publishable_…) or MESOCYCLE_SECRET_KEYS (sb_secret_…)",
        ),
        Err(_) if !has_secret => report.warn(
            &format!("keys: {name} was signed by the legacy secret, which is not set, so a call with it is refused"),
            "set SUPABASE_JWT_SECRET too, or use the project's newer keys",
        ),
        Err(_) => report.wrong(
            &format!("keys: {name} was not signed by SUPABASE_JWT_SECRET, so that project's users are refused as well"),
            "set the JWT secret of the very project that the key is from",
        ),
    }
}
