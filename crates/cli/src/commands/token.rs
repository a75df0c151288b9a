//! `mesocycle token`: an access token for development, without a database.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use coach::caller::Role;
use serde_json::json;
use server::auth::user_claims;
use uuid::Uuid;

use crate::config::{self, Flags};
use crate::{dev_env, output, secret};

/// Print an access token for development, signed with the data directory's secret
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The user's id
    #[arg(long, value_name = "UUID")]
    user: Uuid,
    /// anon, authenticated or service_role
    #[arg(long, default_value = "authenticated", value_parser = parse_role)]
    role: Role,
    /// How long it is good for: 90s, 30m, 1h, 7d
    #[arg(long, default_value = "1h", value_parser = parse_duration)]
    ttl: Duration,
    /// Print JSON: `{"token", "expires_at"}`, the moment in seconds since 1970
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    flags: Flags,
}

/// Prints the token alone.
///
/// # Errors
/// When the secret cannot be read or made.
pub(crate) fn token(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let settings = config::load(&arguments.flags, None)?;
    let secret = secret::jwt_secret(&settings)?;
    let claims = user_claims(arguments.user, arguments.role, arguments.ttl);
    let token = dev_env::sign(&secret, &claims)?;
    output::say(&match arguments.json {
        true => json!({ "token": token, "expires_at": claims["exp"] }).to_string(),
        false => token,
    });
    Ok(ExitCode::SUCCESS)
}

fn parse_role(name: &str) -> anyhow::Result<Role> {
    Role::from_name(name).context("the roles are anon, authenticated and service_role")
}

fn parse_duration(text: &str) -> anyhow::Result<Duration> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let seconds = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => bail!("write a number and its unit, such as 90s, 30m, 1h or 7d"),
    };
    let number: u64 = digits
        .parse()
        .context("write a whole number and its unit, such as 1h")?;
    number
        .checked_mul(seconds)
        .map(Duration::from_secs)
        .context("that is longer than time itself")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_a_number_and_a_unit() {
        for (text, seconds) in [("90s", 90), ("30m", 1_800), ("1h", 3_600), ("7d", 604_800)] {
            assert_eq!(
                parse_duration(text).ok(),
                Some(Duration::from_secs(seconds)),
                "{text}"
            );
        }
        for wrong in [
            "",
            "1",
            "h",
            "1.5h",
            "-1h",
            "1w",
            "99999999999999999999d",
            "1 h",
            "9999999999999999999d",
        ] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }
}
