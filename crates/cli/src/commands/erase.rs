//! `mesocycle erase`: a user and everything that is known of them.

use std::process::ExitCode;

use anyhow::ensure;
use coach::operate;
use uuid::Uuid;

use crate::operator::Operator;
use crate::wire;

/// Erase a user: every row, and what was asked and answered for them. Beside Supabase, delete the account first
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The user's id
    user: Uuid,
    /// Really: there is no way back
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    operator: Operator,
}

/// Erases the user.
///
/// # Errors
/// Without `--yes`; the database's.
pub(crate) async fn erase(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (operator, user) = (arguments.operator, arguments.user);
    ensure!(
        arguments.yes,
        "this erases every plan, job and notification of {user} and cannot be undone; say --yes"
    );
    let pool = operator.pool().await?;
    let erased = operate::erase_user(&pool, user).await?;
    let words = format!(
        "{} rows and {} tasks erased",
        erased["rows"], erased["tasks"]
    );
    operator.answer(&erased, &words);
    wire::close(&pool).await;
    Ok(ExitCode::SUCCESS)
}
