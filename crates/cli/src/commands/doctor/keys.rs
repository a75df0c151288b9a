//! Whether access tokens can be verified.

use super::report::Report;
use crate::config::Settings;
use crate::{output, wire};

pub(super) fn examine(settings: &Settings, report: &mut Report) {
    match wire::keys(settings, settings.jwt_secret.clone()) {
        Ok(_) => report.fine("keys: access tokens can be verified"),
        Err(error) => report.wrong(
            &format!("keys: {}", output::chain(&error)),
            "set SUPABASE_JWT_SECRET, MESOCYCLE_JWKS_URL or both",
        ),
    }
}
