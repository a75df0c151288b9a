//! `/metrics`, for Prometheus: how queues stand, how tasks ended, what they cost, how requests were answered. No label names a person.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use coach::admin_key::Permission;
use durable::inspect::{self, EndedBucket, Ever, QueueRow};
use prometheus::core::Collector;
use prometheus::proto::{
    Bucket, Counter, Gauge, Histogram, LabelPair, Metric, MetricFamily, MetricType,
};
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, Opts, TEXT_FORMAT, TextEncoder,
};

use super::access::{is_from_here, operator};
use super::overview::COUNTED;
use super::told;
use crate::refused::{Bare, Refused};

/// Upper bounds of the histogram of tasks, in seconds: from an instant to a day.
const TASK_SECONDS: [f64; 14] = [
    0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 86400.0,
];

/// What this process counts: the requests that it answered.
#[derive(Debug)]
pub struct Metrics(Option<Requests>);

#[derive(Debug)]
struct Requests {
    answered: IntCounterVec,
    seconds: HistogramVec,
}

impl Default for Metrics {
    fn default() -> Self {
        let answered = Opts::new(
            "mesocycle_http_requests_total",
            "Requests answered, by method, route and status.",
        );
        let seconds = HistogramOpts::new(
            "mesocycle_http_request_duration_seconds",
            "Time from a request to its answer, by route.",
        );
        let answered = IntCounterVec::new(answered, &["method", "route", "status"]);
        let seconds = HistogramVec::new(seconds, &["route"]);
        Self(
            answered
                .and_then(|answered| {
                    Ok(Requests {
                        answered,
                        seconds: seconds?,
                    })
                })
                .ok(),
        )
    }
}

impl Metrics {
    /// Counts an answer. `route` is the address as the router knows it; none where it knows none.
    pub(crate) fn answered(
        &self,
        method: &Method,
        route: Option<&str>,
        status: u16,
        took: Duration,
    ) {
        let Some(requests) = &self.0 else { return };
        let method = match *method {
            Method::GET
            | Method::POST
            | Method::PUT
            | Method::PATCH
            | Method::DELETE
            | Method::HEAD
            | Method::OPTIONS => method.as_str(),
            _ => "other",
        };
        let route = route.unwrap_or("unknown");
        let status = status.to_string();
        requests
            .answered
            .with_label_values(&[method, route, &status])
            .inc();
        requests
            .seconds
            .with_label_values(&[route])
            .observe(took.as_secs_f64());
    }

    fn families(&self) -> Vec<MetricFamily> {
        self.0.as_ref().map_or_else(Vec::new, |requests| {
            [requests.answered.collect(), requests.seconds.collect()].concat()
        })
    }
}

/// Everything there is to scrape: for this machine in `dev`, else for an operator who may read.
pub(crate) async fn metrics(
    State(state): State<Arc<crate::State>>,
    request: Request,
) -> Result<Response, Bare> {
    let (headers, extensions) = (request.headers(), request.extensions());
    if !(state.admin.open_metrics && is_from_here(headers, extensions)) {
        operator(&state, headers, extensions)
            .await?
            .need(Permission::Read)?;
    }
    let pool = &state.pool;
    told(inspect::count_events(pool, COUNTED).await)?;
    let (queues, _) = told(inspect::queues(pool).await)?;
    let workers = told(inspect::workers(pool).await)?;
    let ever = told(inspect::ever(pool).await)?;

    let mut families = state.admin.metrics.families();
    families.extend(queue_families(&queues));
    families.push(alive(workers.iter().filter(|worker| worker.alive).count()));
    families.extend(task_families(&ever));
    families.retain(|family| !family.get_metric().is_empty());
    families.sort_by(|one, other| one.name().cmp(other.name()));
    let mut text = Vec::new();
    TextEncoder::new()
        .encode(&families, &mut text)
        .map_err(|error| {
            tracing::error!(%error, "the metrics could not be written");
            Bare(Refused::internal())
        })?;
    Ok((StatusCode::OK, [(CONTENT_TYPE, TEXT_FORMAT)], text).into_response())
}

fn queue_families(queues: &[QueueRow]) -> Vec<MetricFamily> {
    let by_queue = |name, help, value: fn(&QueueRow) -> Option<f64>| {
        let metrics = queues
            .iter()
            .filter_map(|queue| Some(gauge(&[("queue", &queue.name)], value(queue)?)));
        family(name, help, MetricType::GAUGE, metrics.collect())
    };
    vec![
        by_queue(
            "mesocycle_queue_ready_tasks",
            "Tasks that may be claimed.",
            |queue| Some(count(queue.ready)),
        ),
        by_queue(
            "mesocycle_queue_waiting_tasks",
            "Tasks that wait for their time, a limit, children or a pause.",
            |queue| Some(count(queue.waiting)),
        ),
        by_queue(
            "mesocycle_queue_parked_tasks",
            "Tasks that wait for a person.",
            |queue| Some(count(queue.parked)),
        ),
        by_queue(
            "mesocycle_queue_running_tasks",
            "Tasks that are being worked on.",
            |queue| Some(count(queue.running)),
        ),
        by_queue(
            "mesocycle_queue_oldest_age_seconds",
            "How long ago the first in line was accepted; 0 when nothing is ready.",
            |queue| Some(queue.oldest_seconds.unwrap_or_default()),
        ),
        by_queue(
            "mesocycle_queue_paused",
            "Whether the queue is paused.",
            |queue| Some(f64::from(u8::from(queue.paused_at.is_some()))),
        ),
    ]
}

fn alive(workers: usize) -> MetricFamily {
    let workers = i64::try_from(workers).unwrap_or(i64::MAX);
    family(
        "mesocycle_workers_alive",
        "Workers whose lease holds.",
        MetricType::GAUGE,
        vec![gauge(&[], count(workers))],
    )
}

fn task_families(ever: &Ever) -> Vec<MetricFamily> {
    let mut ended: BTreeMap<(&str, &str), Vec<&EndedBucket>> = BTreeMap::new();
    for bucket in &ever.ended {
        let line = ended.entry((&bucket.kind, &bucket.outcome)).or_default();
        line.push(bucket);
    }
    let tasks = |buckets: &[&EndedBucket]| buckets.iter().map(|bucket| bucket.tasks).sum();
    let totals = ended.iter().map(|((kind, outcome), buckets)| {
        counter(
            &[("kind", kind), ("outcome", outcome)],
            count(tasks(buckets)),
        )
    });
    let durations = ended.iter().map(|((kind, outcome), buckets)| {
        histogram(&[("kind", kind), ("outcome", outcome)], buckets)
    });
    let errors = ever.errors.iter().flat_map(|error| {
        [("failed", error.failed), ("retried", error.retried)].map(|(then, number)| {
            counter(
                &[("kind", &error.kind), ("code", &error.code), ("then", then)],
                count(number),
            )
        })
    });
    let of_model = |value: fn(&inspect::Spent) -> f64| -> Vec<Metric> {
        let spent = ever.spent.iter();
        spent
            .map(|spent| {
                let labels = [("kind", spent.kind.as_str()), ("model", &spent.model)];
                counter(&labels, value(spent))
            })
            .collect()
    };
    let totally = |name, help, metrics| family(name, help, MetricType::COUNTER, metrics);
    vec![
        totally(
            "mesocycle_tasks_ended_total",
            "Tasks that ended, by kind and outcome.",
            totals.collect(),
        ),
        family(
            "mesocycle_task_duration_seconds",
            "Time from a task's acceptance to its end.",
            MetricType::HISTOGRAM,
            durations.collect(),
        ),
        totally(
            "mesocycle_task_errors_total",
            "Attempts that failed, by code and by what followed: the task failed, or was retried.",
            errors.collect(),
        ),
        totally(
            "mesocycle_model_calls_total",
            "Calls of models by tasks that have ended.",
            of_model(|spent| count(spent.calls)),
        ),
        totally(
            "mesocycle_model_input_tokens_total",
            "Tokens sent to models by tasks that have ended.",
            of_model(|spent| count(spent.input_tokens)),
        ),
        totally(
            "mesocycle_model_output_tokens_total",
            "Tokens received from models by tasks that have ended.",
            of_model(|spent| count(spent.output_tokens)),
        ),
        totally(
            "mesocycle_model_cost_dollars_total",
            "What models have cost, of tasks that have ended.",
            of_model(|spent| count(spent.cost) / 1_000_000.0),
        ),
    ]
}

fn family(name: &str, help: &str, kind: MetricType, metrics: Vec<Metric>) -> MetricFamily {
    let mut family = MetricFamily::default();
    family.set_name(name.to_owned());
    family.set_help(help.to_owned());
    family.set_field_type(kind);
    family.set_metric(metrics);
    family
}

fn labels(pairs: &[(&str, &str)]) -> Vec<LabelPair> {
    let pair = |(name, value): &(&str, &str)| {
        let mut pair = LabelPair::default();
        pair.set_name((*name).to_owned());
        pair.set_value((*value).to_owned());
        pair
    };
    pairs.iter().map(pair).collect()
}

fn gauge(pairs: &[(&str, &str)], value: f64) -> Metric {
    let mut gauge = Gauge::default();
    gauge.set_value(value);
    let mut metric = Metric::from_label(labels(pairs));
    metric.set_gauge(gauge);
    metric
}

fn counter(pairs: &[(&str, &str)], value: f64) -> Metric {
    let mut counter = Counter::default();
    counter.set_value(value);
    let mut metric = Metric::from_label(labels(pairs));
    metric.set_counter(counter);
    metric
}

/// A bucket of ours belongs to the first bound that none of its tasks passed.
fn histogram(pairs: &[(&str, &str)], buckets: &[&EndedBucket]) -> Metric {
    let below = |bound: f64| {
        let within = buckets
            .iter()
            .filter(|bucket| bucket.upper_seconds <= bound);
        whole(within.map(|bucket| bucket.tasks).sum())
    };
    let bounds = TASK_SECONDS.iter().map(|bound| {
        let mut bucket = Bucket::default();
        bucket.set_upper_bound(*bound);
        bucket.set_cumulative_count(below(*bound));
        bucket
    });
    let mut histogram = Histogram::default();
    histogram.set_bucket(bounds.collect());
    histogram.set_sample_count(below(f64::INFINITY));
    histogram.set_sample_sum(buckets.iter().map(|bucket| bucket.seconds).sum());
    let mut metric = Metric::from_label(labels(pairs));
    metric.set_histogram(histogram);
    metric
}

fn whole(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "Prometheus has no other numbers"
)]
fn count(number: i64) -> f64 {
    number as f64
}
