//! `mesocycle keys`: admin keys for people and tools that look at and act on everything.

use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::{Subcommand, ValueEnum};
use coach::admin_key::{self, Permission};
use serde_json::json;

use crate::operator::{Operator, cell, moment};
use crate::{output, wire};

/// Make, list and revoke admin keys
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    operator: Operator,
}

#[derive(Subcommand)]
enum Verb {
    /// Make a key and print it, once: only a hash is kept
    Create {
        /// What it is for
        name: String,
        /// What it may be used for
        #[arg(long, value_delimiter = ',', default_value = "read,act")]
        may: Vec<May>,
    },
    /// List keys, not themselves
    List,
    /// Revoke the keys of this id or name
    Revoke {
        /// As `keys list` shows it
        key: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum May {
    /// Look at everything but profiles and what models answered
    Read,
    /// Cancel, retry, pause and so on
    Act,
    /// Look at profiles and at what models answered
    Reveal,
}

/// Does what was asked.
///
/// # Errors
/// The database's; when there is no such key.
pub(crate) async fn keys(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let operator = arguments.operator;
    let pool = operator.pool().await?;
    match arguments.verb {
        Verb::Create { name, may } => {
            ensure!(
                (1..=100).contains(&name.chars().count()),
                "a key's name has 1 to 100 characters"
            );
            let permissions: Vec<Permission> = may.into_iter().map(May::permission).collect();
            let (id, key) = admin_key::create(&pool, &name, &permissions)
                .await
                .context("the key cannot be made")?;
            operator.answer(&json!({ "id": id, "name": name, "key": key }), &key);
            if !operator.json {
                output::complain("Keep it: it cannot be shown again.");
            }
        }
        Verb::List => {
            let keys = admin_key::list(&pool).await?;
            operator.rows(
                ["ID", "NAME", "MAY", "MADE", "LAST USED", "REVOKED"],
                &json!(keys),
                |key| {
                    let may = key["permissions"].as_array().map_or(&[][..], Vec::as_slice);
                    let may: Vec<_> = may.iter().filter_map(|one| one.as_str()).collect();
                    [
                        cell(key, "id"),
                        cell(key, "name"),
                        may.join(","),
                        moment(key, "created_at"),
                        moment(key, "last_used_at"),
                        moment(key, "revoked_at"),
                    ]
                },
            );
        }
        Verb::Revoke { key } => {
            let revoked = admin_key::revoke(&pool, &key).await?;
            ensure!(
                !revoked.is_empty(),
                "there is no good key of this id or name"
            );
            operator.answer(
                &json!({ "revoked": revoked }),
                &format!("{} revoked", revoked.len()),
            );
        }
    }
    wire::close(&pool).await;
    Ok(ExitCode::SUCCESS)
}

impl May {
    fn permission(self) -> Permission {
        match self {
            Self::Read => Permission::Read,
            Self::Act => Permission::Act,
            Self::Reveal => Permission::Reveal,
        }
    }
}
