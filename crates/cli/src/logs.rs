//! Log lines: for people on a terminal, JSON otherwise; always on standard error.

use std::io::{IsTerminal, stderr};

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, Settings};
use crate::output;

/// Starts logging as the settings say.
///
/// # Errors
/// When the filter cannot be read.
pub(crate) fn start(settings: &Settings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log).with_context(|| {
        format!(
            "log = \"{}\": expected something like info or info,durable=debug",
            settings.log
        )
    })?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        // A closed standard error is nothing to stop for.
        .log_internal_errors(false);
    let for_people = match settings.log_format {
        LogFormat::Auto => stderr().is_terminal(),
        LogFormat::People => true,
        LogFormat::Json => false,
    };
    // It fails only when logging was started before.
    let _ = match for_people {
        true => lines
            .compact()
            .with_ansi(output::has_colours(&stderr()))
            .with_target(false)
            .try_init(),
        false => lines
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init(),
    };
    Ok(())
}
