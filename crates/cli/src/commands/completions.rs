//! `mesocycle completions`: what a shell needs to complete the rest.

use std::process::ExitCode;

use clap::{Command, ValueEnum};
use clap_complete::{Shell, generate};

use crate::output;

/// Print a script that completes verbs and flags: mesocycle completions bash > ~/.local/share/bash-completion/completions/mesocycle
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The shell
    shell: Supported,
}

#[derive(Clone, Copy, ValueEnum)]
enum Supported {
    Bash,
    Zsh,
    Fish,
}

/// Prints the script.
///
/// # Errors
/// None that is known: the script is text.
pub(crate) fn completions(
    arguments: &Arguments,
    command: &mut Command,
) -> anyhow::Result<ExitCode> {
    let shell = match arguments.shell {
        Supported::Bash => Shell::Bash,
        Supported::Zsh => Shell::Zsh,
        Supported::Fish => Shell::Fish,
    };
    let mut script = Vec::new();
    generate(shell, command, "mesocycle", &mut script);
    output::say(String::from_utf8(script)?.trim_end());
    Ok(ExitCode::SUCCESS)
}
