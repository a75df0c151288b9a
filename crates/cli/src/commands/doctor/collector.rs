//! Whether the collector takes traces.

use super::report::Report;
use crate::config::Settings;
use crate::{output, traces};

/// Sends the collector a message without traces, if there is one to send to.
pub(super) async fn examine(settings: &Settings, report: &mut Report) {
    let Some(endpoint) = &settings.otlp_endpoint else {
        return;
    };
    match traces::try_collector(endpoint, &settings.otlp_headers).await {
        Ok(()) => report.fine("traces: the collector takes them"),
        Err(error) => report.warn(
            &format!("traces: {}", output::chain(&error)),
            "start the collector, or correct OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS; jobs go on without",
        ),
    }
}
