//! Who drafts plans, in which order; nobody is asked or paid.

use super::report::Report;
use crate::config::Settings;
use crate::{output, providers};

pub(super) fn examine(settings: &Settings, report: &mut Report) {
    match providers::describe(&settings.providers) {
        Ok(chain) => report.fine(&format!("providers: {}", chain.join("; then "))),
        Err(error) => report.wrong(
            &format!("providers: {}", output::chain(&error)),
            "set it, or take it out of PROVIDERS; `mesocycle settings` lists both",
        ),
    }
}
