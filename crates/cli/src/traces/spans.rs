//! Draws the spans of a task from the engine's record of it. Ids, codes, names of ours and figures; never a text of an athlete's, a model's or
//! a provider's, and nobody's id.

use coach::trace::Ended;
use durable::inspect::{AttemptRow, EventRow, StepRow, TaskDetail};
use jiff::Timestamp;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::span::{Event, Link, SpanKind};
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{Span, Status};
use serde_json::Value;
use server::admin::JobRequest;
use uuid::Uuid;

/// Entries of a task's log that stand on its spans, and which of their particulars.
const TOLD: [(&str, &[&str]); 6] = [
    (
        "model_asked",
        &["step", "provider", "model", "prompt", "version"],
    ),
    (
        "model_failed",
        &["provider", "code", "status", "request_id"],
    ),
    ("provider_passed_over", &["provider", "code"]),
    ("step_repeated", &["step"]),
    ("step_resumed", &["step"]),
    ("parked", &["to"]),
];

/// The request that began a job, as a part of the job's trace. Where the caller has a trace of its own, that is linked.
pub(super) fn of_request(request: &JobRequest) -> Span {
    let start = Timestamp::try_from(request.started).map_or(0, nanoseconds);
    let took = u64::try_from(request.took.as_nanos()).unwrap_or_default();
    let mut span = span(
        request.job,
        request.job,
        &format!("request {}", request.id),
        Some("task"),
        (start, start.saturating_add(took)),
    );
    span.name = format!("{} {}", request.method, request.route);
    span.kind = SpanKind::Server.into();
    span.attributes = vec![
        text("http.request.method", &request.method),
        text("http.route", &request.route),
        number("http.response.status_code", request.status.into()),
        text("mesocycle.request_id", &request.id),
    ];
    span.links = request
        .trace_parent
        .as_deref()
        .and_then(link)
        .into_iter()
        .collect();
    span
}

/// A task's part of its trace: the task, its waits and attempts, and what was done in them.
pub(super) fn of_task(ended: &Ended, task: &TaskDetail) -> Vec<Span> {
    let row = &task.task;
    let from = at(Some(&row.created_at)).unwrap_or_default();
    let drawing = Drawing {
        ended,
        task,
        from,
        to: at(row.ended_at.as_ref()).unwrap_or(from),
    };
    let mut spans = vec![drawing.whole()];
    spans.extend(drawing.waits());
    spans.extend(task.attempts.iter().map(|attempt| drawing.attempt(attempt)));
    spans.extend(task.steps.iter().map(|step| drawing.step(step)));
    for attempt in &task.attempts {
        spans.extend(drawing.checks(attempt));
        spans.extend(drawing.push(attempt));
    }
    spans.extend(drawing.publish());
    spans
}

struct Drawing<'a> {
    ended: &'a Ended,
    task: &'a TaskDetail,
    from: u64,
    to: u64,
}

impl Drawing<'_> {
    fn span(&self, what: &str, parent: &str, times: (u64, u64)) -> Span {
        span(self.ended.trace, self.ended.task, what, Some(parent), times)
    }

    fn whole(&self) -> Span {
        let row = &self.task.task;
        let times = (self.from, self.to);
        let mut span = span(self.ended.trace, self.ended.task, "task", None, times);
        if let Some(origin) = self.ended.origin {
            span.parent_span_id = id(origin, "task");
        }
        span.name.clone_from(&row.kind);
        span.attributes = vec![
            text("mesocycle.task.id", &self.ended.task.to_string()),
            text("mesocycle.task.kind", &row.kind),
            text("mesocycle.queue", &row.queue),
            text("mesocycle.outcome", &row.state),
            number("mesocycle.retries", row.retries.into()),
            number("mesocycle.losses", row.losses.into()),
            dollars(row.cost),
        ];
        span.events = vec![event("accepted", self.from, Vec::new())];
        let code = row.error_code.as_deref().filter(|_| row.state == "failed");
        mark(&mut span, code);
        span
    }

    /// The times in which nobody worked on it: in line, between two attempts, asleep.
    fn waits(&self) -> Vec<Span> {
        let mut since = (self.from, "accepted");
        let mut waits = Vec::new();
        let next = self.task.attempts.iter().map(Some).chain([None]);
        for (no, attempt) in next.enumerate() {
            let until = attempt.map_or(self.to, |attempt| self.times(attempt).0);
            // After the last attempt there is a wait only where it did not end the task.
            let is_one = attempt.is_some() || since.1 != self.task.task.state;
            if is_one && until > since.0 {
                let mut span = self.span(&format!("wait {no}"), "task", (since.0, until));
                span.name = "wait in queue".to_owned();
                span.attributes = vec![
                    text("mesocycle.queue", &self.task.task.queue),
                    text("mesocycle.wait.after", since.1),
                ];
                waits.push(span);
            }
            if let Some(attempt) = attempt {
                since = (self.times(attempt).1, &attempt.outcome);
            }
        }
        waits
    }

    fn attempt(&self, attempt: &AttemptRow) -> Span {
        let (start, end) = self.times(attempt);
        let mut span = self.span(&name_of(attempt), "task", (start, end));
        span.name = name_of(attempt);
        span.attributes = vec![
            number("mesocycle.attempt", attempt.attempt.into()),
            text("mesocycle.outcome", &attempt.outcome),
        ];
        let worker = attempt.worker.as_deref();
        span.attributes
            .extend(worker.map(|name| text("mesocycle.worker", name)));
        span.events = self.events(start, end).filter_map(told).collect();
        mark(&mut span, attempt.error_code.as_deref());
        span
    }

    fn step(&self, step: &StepRow) -> Span {
        let start = at(Some(&step.started_at)).unwrap_or(self.from);
        let attempt = self.attempt_at(start);
        let over = attempt.map_or(self.to, |attempt| self.times(attempt).1);
        let end = at(step.ended_at.as_ref()).unwrap_or(over);
        let parent = attempt.map_or_else(|| "task".to_owned(), name_of);
        let mut span = self.span(&format!("step {}", step.name), &parent, (start, end));
        span.name = format!("step {}", step.name);
        span.attributes = vec![
            text("mesocycle.step", &step.name),
            text("mesocycle.step.state", &step.state),
            number("mesocycle.step.sent", step.sent.into()),
            number("mesocycle.step.resumed", step.resumed.into()),
        ];
        self.add_call(&mut span, step, (start, end));
        span
    }

    /// What a step that asked a model tells of that: in its bill, or, where it has none, in the task's log.
    fn add_call(&self, span: &mut Span, step: &StepRow, (start, end): (u64, u64)) {
        let asked = |event: &&EventRow| {
            event.r#type == "model_asked" && event.data["step"].as_str() == Some(&step.name)
        };
        let asked = self.task.events.iter().rev().find(asked);
        let usage = step.usage.as_ref().filter(|usage| usage.is_object());
        let Some(bill) = usage.or(asked.map(|event| &event.data)) else {
            return;
        };
        let (Some(provider), Some(model)) = (bill["provider"].as_str(), bill["model"].as_str())
        else {
            return;
        };
        let failed = self.events(start, end).filter(|event| {
            event.r#type == "model_failed" && event.data["provider"].as_str() == Some(provider)
        });
        let failed = failed
            .last()
            .filter(|_| step.state != "done")
            .map(|event| &event.data);
        span.name = format!("chat {model}");
        span.kind = SpanKind::Client.into();
        span.attributes.extend([
            text("gen_ai.operation.name", "chat"),
            text("gen_ai.provider.name", provider),
            text("gen_ai.request.model", model),
            dollars(step.cost),
        ]);
        for (key, name) in [
            ("input_tokens", "gen_ai.usage.input_tokens"),
            ("output_tokens", "gen_ai.usage.output_tokens"),
            (
                "cached_input_tokens",
                "gen_ai.usage.cache_read.input_tokens",
            ),
            ("reasoning_tokens", "gen_ai.usage.reasoning.output_tokens"),
            ("version", "mesocycle.prompt.version"),
            ("prompt", "mesocycle.prompt"),
        ] {
            span.attributes.extend(attribute(name, &bill[key]));
        }
        let request = failed.unwrap_or(bill)["request_id"].clone();
        span.attributes
            .extend(attribute("mesocycle.provider.request_id", &request));
        if let Some(failed) = failed {
            mark(span, Some(failed["code"].as_str().unwrap_or("UNKNOWN")));
        }
    }

    /// The checks of an attempt's drafts.
    fn checks(&self, attempt: &AttemptRow) -> Vec<Span> {
        let (start, end) = self.times(attempt);
        let draw = |event: &EventRow| {
            let done = at(Some(&event.at)).unwrap_or(end);
            let took = event.data["microseconds"].as_u64().unwrap_or_default() * 1_000;
            let times = (done.saturating_sub(took).max(start), done);
            let mut span = self.span(&format!("check {}", event.id), &name_of(attempt), times);
            span.name = "check plan".to_owned();
            let by = attribute("mesocycle.plan.by", &event.data["by"]);
            let broken = attribute("mesocycle.plan.broken_rules", &event.data["broken"]);
            span.attributes.extend(by.into_iter().chain(broken));
            span
        };
        let events = self.events(start, end);
        events.filter(is_check).map(draw).collect()
    }

    /// The storing of a plan: what lies between the last that was done before it and the task's end.
    fn publish(&self) -> Option<Span> {
        let checked = self.task.events.iter().rfind(is_check)?;
        let attempt = self.task.attempts.last()?;
        let (start, end) = self.times(attempt);
        let steps = self
            .task
            .steps
            .iter()
            .filter_map(|step| at(step.ended_at.as_ref()));
        let done = steps.chain(at(Some(&checked.at))).filter(|at| *at <= end);
        let begun = done.fold(start, u64::max);
        let mut span = self.span("publish", &name_of(attempt), (begun, end));
        span.name = "publish plan".to_owned();
        (attempt.outcome == "succeeded").then_some(span)
    }

    fn push(&self, attempt: &AttemptRow) -> Option<Span> {
        let (start, end) = self.times(attempt);
        let begun = self
            .events(start, end)
            .find(|event| event.r#type == "push_begun")?;
        let begun = at(Some(&begun.at)).unwrap_or(start);
        let parent = name_of(attempt);
        let mut span = self.span(&format!("push {parent}"), &parent, (begun, end));
        span.name = "send push".to_owned();
        span.kind = SpanKind::Client.into();
        let output = self
            .task
            .output
            .as_ref()
            .filter(|_| attempt.outcome == "succeeded");
        for (key, name) in [
            ("sent", "mesocycle.push.sent"),
            ("accepted", "mesocycle.push.accepted"),
        ] {
            span.attributes
                .extend(output.and_then(|output| attribute(name, &output[key])));
        }
        mark(&mut span, attempt.error_code.as_deref());
        Some(span)
    }

    fn times(&self, attempt: &AttemptRow) -> (u64, u64) {
        let start = at(attempt.started_at.as_ref()).unwrap_or(self.from);
        (
            start,
            at(attempt.ended_at.as_ref()).unwrap_or(self.to).max(start),
        )
    }

    fn attempt_at(&self, moment: u64) -> Option<&AttemptRow> {
        let begun = |attempt: &&AttemptRow| self.times(attempt).0 <= moment;
        self.task.attempts.iter().rev().find(begun)
    }

    fn events(&self, start: u64, end: u64) -> impl Iterator<Item = &EventRow> {
        let within = move |event: &&EventRow| {
            at(Some(&event.at)).is_some_and(|at| (start..=end).contains(&at))
        };
        self.task.events.iter().filter(within)
    }
}

fn is_check(event: &&EventRow) -> bool {
    event.r#type == "plan_checked"
}

fn name_of(attempt: &AttemptRow) -> String {
    format!("attempt {}", attempt.attempt)
}

/// A span whose ids follow from the task and from what it is of the task, so that a message may be sent twice, and by anybody.
fn span(trace: Uuid, task: Uuid, what: &str, parent: Option<&str>, times: (u64, u64)) -> Span {
    Span {
        trace_id: trace.as_bytes().to_vec(),
        span_id: id(task, what),
        parent_span_id: parent.map(|parent| id(task, parent)).unwrap_or_default(),
        kind: SpanKind::Internal.into(),
        start_time_unix_nano: times.0,
        end_time_unix_nano: times.1.max(times.0),
        ..Span::default()
    }
}

fn id(task: Uuid, what: &str) -> Vec<u8> {
    let hash = Uuid::new_v5(&task, what.as_bytes());
    hash.as_bytes().iter().take(8).copied().collect()
}

/// Of the header `traceparent`: `00-<trace>-<span>-<flags>`, in hexadecimal digits.
fn link(trace_parent: &str) -> Option<Link> {
    let mut parts = trace_parent.trim().split('-').skip(1);
    let (trace_id, span_id) = (bytes(parts.next()?, 16)?, bytes(parts.next()?, 8)?);
    Some(Link {
        trace_id,
        span_id,
        ..Link::default()
    })
}

fn bytes(hex: &str, count: usize) -> Option<Vec<u8>> {
    if hex.len() != 2 * count {
        return None;
    }
    let bytes = (0..count).map(|no| u8::from_str_radix(hex.get(2 * no..2 * no + 2)?, 16).ok());
    let bytes: Vec<u8> = bytes.collect::<Option<_>>()?;
    bytes.iter().any(|byte| *byte != 0).then_some(bytes)
}

fn told(entry: &EventRow) -> Option<Event> {
    let (name, keys) = TOLD.iter().find(|(name, _)| *name == entry.r#type)?;
    let attributes = keys
        .iter()
        .filter_map(|key| attribute(&format!("mesocycle.{key}"), &entry.data[*key]));
    Some(event(name, at(Some(&entry.at))?, attributes.collect()))
}

fn event(name: &str, at: u64, attributes: Vec<KeyValue>) -> Event {
    Event {
        time_unix_nano: at,
        name: name.to_owned(),
        attributes,
        ..Event::default()
    }
}

/// Marks what failed, by its code.
fn mark(span: &mut Span, code: Option<&str>) {
    let Some(code) = code else { return };
    span.attributes.push(text("error.type", code));
    span.status = Some(Status {
        message: code.to_owned(),
        code: StatusCode::Error.into(),
    });
}

fn at(moment: Option<&String>) -> Option<u64> {
    moment?.parse().ok().map(nanoseconds)
}

fn nanoseconds(moment: Timestamp) -> u64 {
    u64::try_from(moment.as_nanosecond()).unwrap_or_default()
}

pub(super) fn text(key: &str, value: &str) -> KeyValue {
    of(key, any_value::Value::StringValue(value.to_owned()))
}

fn number(key: &str, value: i64) -> KeyValue {
    of(key, any_value::Value::IntValue(value))
}

#[expect(clippy::cast_precision_loss, reason = "money of a job has few digits")]
fn dollars(micros: i64) -> KeyValue {
    of(
        "mesocycle.cost_dollars",
        any_value::Value::DoubleValue(micros as f64 / 1_000_000.0),
    )
}

/// An attribute of what stands in a record: texts, numbers, truths and lists of texts.
fn attribute(key: &str, value: &Value) -> Option<KeyValue> {
    match value {
        Value::String(value) => Some(text(key, value)),
        Value::Number(value) => Some(number(key, value.as_i64()?)),
        Value::Bool(value) => Some(of(key, any_value::Value::BoolValue(*value))),
        Value::Array(values) => {
            let texts: Option<Vec<_>> = values.iter().map(Value::as_str).collect();
            Some(text(key, &texts?.join(", ")))
        }
        Value::Null | Value::Object(_) => None,
    }
}

fn of(key: &str, value: any_value::Value) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(AnyValue { value: Some(value) }),
        ..KeyValue::default()
    }
}
