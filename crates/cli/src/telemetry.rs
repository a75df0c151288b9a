//! What every process that serves or works does beside that: looks after the service, and sends traces where they are wanted.

use std::time::Duration;

use durable::Pool;
use server::admin::JobRequest;
use tokio::sync::mpsc::Sender;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::alert::Lookout;
use crate::config::Settings;

/// More than both need to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Both, at work.
pub(crate) struct Telemetry {
    stop: CancellationToken,
    running: Vec<JoinHandle<()>>,
    /// Who hears of requests that began a job; none: nobody wants to.
    pub(crate) job_requests: Option<Sender<JobRequest>>,
}

impl Telemetry {
    /// Starts them as the settings say.
    ///
    /// # Errors
    /// When the address of the webhook or the collector is none, or traces are wanted of a build without them.
    pub(crate) fn start(pool: &Pool, settings: &Settings) -> anyhow::Result<Self> {
        let stop = CancellationToken::new();
        let lookout = Lookout::new(pool, settings)?;
        let traces = traces(pool, settings, &stop)?;
        let mut telemetry = Self {
            running: vec![tokio::spawn(lookout.keep(stop.clone()))],
            stop,
            job_requests: None,
        };
        if let Some((running, requests)) = traces {
            telemetry.running.push(running);
            telemetry.job_requests = Some(requests);
        }
        Ok(telemetry)
    }

    /// Stops them once the last of what they tell of has happened.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        for running in self.running {
            let _ = timeout(PATIENCE, running).await;
        }
    }
}

type Traces = Option<(JoinHandle<()>, Sender<JobRequest>)>;

#[cfg(feature = "otlp")]
fn traces(pool: &Pool, settings: &Settings, stop: &CancellationToken) -> anyhow::Result<Traces> {
    let Some(endpoint) = &settings.otlp_endpoint else {
        return Ok(None);
    };
    let (traces, requests) = crate::traces::Traces::new(pool, endpoint, &settings.otlp_headers)?;
    let stop = stop.clone();
    let running = tokio::spawn(traces.keep(stop));
    Ok(Some((running, requests)))
}

#[cfg(not(feature = "otlp"))]
fn traces(_: &Pool, settings: &Settings, _: &CancellationToken) -> anyhow::Result<Traces> {
    anyhow::ensure!(
        settings.otlp_endpoint.is_none(),
        "otlp_endpoint is set, but this build sends no traces: build it with the feature otlp"
    );
    Ok(None)
}
