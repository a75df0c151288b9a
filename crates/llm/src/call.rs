//! One call under way: what is known of it, whatever becomes of it, and its end as an answer or an error.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::time::{Instant, timeout_at};

use crate::{
    Answer, Class, Endpoint, Error, Estimate, Fault, Handle, Journal, MicroDollars, Next, Partial,
    Prices, Request, Spent, Timer, Timers, Usage, extract,
    fault::presentable,
    http::{Door, Events, Head, InvalidEndpoint, Opened},
    sse::Event,
    tokens,
};

/// A provider's model and the way to it.
pub(crate) struct Line {
    pub(crate) provider: String,
    pub(crate) model: String,
    pub(crate) timers: Timers,
    pub(crate) door: Door,
    prices: Arc<Prices>,
    key: Option<String>,
}

impl Line {
    pub(crate) fn new(endpoint: &Endpoint) -> Result<Self, InvalidEndpoint> {
        Ok(Self {
            provider: endpoint.provider.clone(),
            model: endpoint.model.clone(),
            timers: endpoint.timers.clone(),
            door: Door::new(endpoint)?,
            prices: Arc::clone(&endpoint.prices),
            key: endpoint.api_key.as_ref().map(|key| key.expose().to_owned()),
        })
    }

    /// When a call that begins now ends at the latest.
    pub(crate) fn ceiling(&self) -> Instant {
        Instant::now() + self.timers.ceiling
    }

    pub(crate) fn estimate(&self, request: &Request, requests: u64) -> Estimate {
        let input = tokens::of_request(request);
        let output = u64::from(request.max_output_tokens);
        let usage = Usage {
            input: input * requests,
            output: output * requests,
            ..Usage::default()
        };
        // The provider may bill that it keeps the question in its cache.
        let written = Usage {
            cache_write: usage.input,
            ..usage
        };
        let now = Timestamp::now();
        let cost = |usage| self.cost(&self.model, usage, now);
        Estimate {
            requests,
            input_tokens: usage.input,
            output_tokens: usage.output,
            cost: cost(&usage).max(cost(&written)),
        }
    }

    pub(crate) fn error(&self, fault: Fault) -> Error {
        let mut error = Error::new(&self.provider, fault.class, fault.reason);
        error.facts.status = fault.status;
        error.facts.provider_code = fault.code;
        let key = self.key.as_deref().unwrap_or_default();
        error.facts.provider_text = fault.text.map(|text| presentable(&text, &[key]));
        error
    }

    fn cost(&self, model: &str, usage: &Usage, at: Timestamp) -> MicroDollars {
        self.prices
            .of_first_known(&[model, &self.model])
            .cost(usage, at)
    }
}

/// What was read of an answer, in whatever dialect.
#[derive(Default)]
pub(crate) struct Read {
    /// Its text so far.
    pub(crate) text: String,
    /// Roughly how many tokens were thought aloud.
    pub(crate) reasoning: u64,
    /// The model, as the provider named it.
    pub(crate) model: Option<String>,
    /// What it took, as the provider said.
    pub(crate) usage: Option<Usage>,
    /// How far numbered events were read.
    pub(crate) cursor: Option<u64>,
}

/// What is to be billed when there is no usage.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unsaid {
    /// Nothing was begun, or it was not billed, or it goes on and will say itself.
    Nothing,
    /// The request and what was read.
    AsRead,
    /// The request and the longest answer, as it may go on where nobody can reach it.
    AtMost,
}

/// One call under way.
pub(crate) struct Call<'a> {
    line: &'a Line,
    request: &'a Request,
    began: Instant,
    began_at: Timestamp,
    last_content: Option<Instant>,
    told: Instant,
    head: Head,
    pub(crate) handle: Option<Handle>,
    pub(crate) resumed: bool,
    pub(crate) unsaid: Unsaid,
}

impl<'a> Call<'a> {
    pub(crate) fn new(line: &'a Line, request: &'a Request) -> Self {
        let now = Instant::now();
        Self {
            line,
            request,
            began: now,
            began_at: Timestamp::now(),
            last_content: None,
            told: now,
            head: Head::default(),
            handle: None,
            resumed: false,
            unsaid: Unsaid::Nothing,
        }
    }

    /// Keeps what the headers said.
    pub(crate) fn opened<T>(&mut self, opened: Opened<T>) -> Result<T, Fault> {
        let Opened { head, body } = opened;
        let older = std::mem::take(&mut self.head);
        self.head = Head {
            request_id: head.request_id.or(older.request_id),
            status: head.status.or(older.status),
            rate_limits: head.rate_limits.or(older.rate_limits),
        };
        body
    }

    /// The next event, under the timers of content.
    pub(crate) async fn next_event(&self, events: &mut Events) -> Result<Event, Fault> {
        let timers = &self.line.timers;
        let (limit, timer) = match self.last_content {
            None => (self.began + timers.queued, Timer::Queued),
            Some(last) => (last + timers.content_idle, Timer::ContentIdle),
        };
        match timeout_at(limit, events.next()).await {
            Ok(event) => event,
            Err(_) => Err(Fault::timeout(timer)),
        }
    }

    /// Content has come.
    pub(crate) fn content_came(&mut self) {
        self.last_content = Some(Instant::now());
    }

    /// A new connection has its own wait for content.
    pub(crate) fn reconnected(&mut self) {
        self.resumed = true;
        self.last_content = self.last_content.map(|_| Instant::now());
    }

    /// Whether the model was still waited for when the queue's time was over.
    pub(crate) fn queued_too_long(&self) -> bool {
        self.last_content.is_none() && self.began.elapsed() > self.line.timers.queued
    }

    /// Tells the journal of the handle.
    pub(crate) async fn accepted(
        &mut self,
        id: &str,
        journal: &mut dyn Journal,
    ) -> Result<(), Fault> {
        let handle = Handle {
            provider: self.line.provider.clone(),
            id: id.to_owned(),
        };
        self.unsaid = Unsaid::Nothing;
        let next = journal.accepted(self.handle.insert(handle)).await;
        go_on(next)
    }

    /// Tells the journal what was read, if it was not told a moment ago.
    pub(crate) async fn progressed(
        &mut self,
        read: &Read,
        journal: &mut dyn Journal,
    ) -> Result<(), Fault> {
        match self.told.elapsed() < self.line.timers.tell {
            true => Ok(()),
            false => self.tell(read, journal).await,
        }
    }

    /// Tells the journal what was read.
    pub(crate) async fn tell(
        &mut self,
        read: &Read,
        journal: &mut dyn Journal,
    ) -> Result<(), Fault> {
        self.told = Instant::now();
        let partial = Partial {
            cursor: read.cursor,
            text: &read.text,
        };
        go_on(journal.progress(partial).await)
    }

    /// The end: a text that was read to its end becomes an answer if it is JSON of the schema.
    pub(crate) fn conclude(self, read: Read, ended: Result<(), Fault>) -> Result<Answer, Error> {
        let outcome = ended.and_then(|()| self.parse(&read.text));
        let spent = self.spent(&read, outcome.is_ok());
        match outcome {
            Ok((text, value)) => Ok(Answer {
                text,
                value,
                spent: spent.unwrap_or_else(|| self.estimated(&read, Unsaid::AsRead)),
                request_id: self.head.request_id,
                resumed: self.resumed,
                rate_limits: self.head.rate_limits,
            }),
            Err(fault) => Err(self.failed(read, fault, spent)),
        }
    }

    fn parse(&self, text: &str) -> Result<(String, serde_json::Value), Fault> {
        if extract::is_blank(text) {
            return Err(Fault::new(Class::Empty, ""));
        }
        let found = extract::json_text(text);
        let value = found.and_then(|json| serde_json::from_str(json).ok());
        let (Some(json), Some(value)) = (found, value) else {
            return Err(not_json());
        };
        let mismatches = self.request.schema.mismatches(&value);
        match mismatches.is_empty() {
            true => Ok((json.to_owned(), value)),
            false => Err(Fault::new(Class::Validation { mismatches }, "")),
        }
    }

    fn failed(self, read: Read, fault: Fault, spent: Option<Spent>) -> Error {
        let mut error = self.line.error(fault);
        let facts = &mut error.facts;
        facts.status = facts.status.or(self.head.status);
        facts.request_id = self.head.request_id;
        facts.rate_limits = self.head.rate_limits;
        facts.spent = spent;
        facts.handle = self.handle;
        let private = [self.request.system.as_str(), self.request.user.as_str()];
        let text = facts.provider_text.take();
        facts.provider_text = text.map(|text| presentable(&text, &private));
        if matches!(error.class, Class::Validation { .. }) {
            facts.answer = Some(read.text);
        }
        error
    }

    fn spent(&self, read: &Read, answered: bool) -> Option<Spent> {
        match (read.usage, self.unsaid) {
            (None, Unsaid::Nothing) if !answered => None,
            (_, unsaid) => Some(self.estimated(read, unsaid)),
        }
    }

    /// What the provider said, or else what is thought of it.
    fn estimated(&self, read: &Read, unsaid: Unsaid) -> Spent {
        let model = read.model.as_ref().unwrap_or(&self.line.model);
        let usage = read.usage.unwrap_or_else(|| {
            let mut usage = tokens::estimated_usage(self.request, &read.text, read.reasoning);
            if unsaid == Unsaid::AtMost {
                usage.output = u64::from(self.request.max_output_tokens);
            }
            usage
        });
        Spent {
            model: model.clone(),
            usage,
            cost: self.line.cost(model, &usage, self.began_at),
        }
    }
}

fn go_on(next: Next) -> Result<(), Fault> {
    match next {
        Next::GoOn => Ok(()),
        Next::Stop => Err(Fault::new(Class::Stopped, "")),
    }
}

fn not_json() -> Fault {
    let mismatch = crate::Mismatch {
        path: String::new(),
        message: "is no JSON object".to_owned(),
    };
    let mismatches = vec![mismatch];
    Fault::new(Class::Validation { mismatches }, "it is no JSON object")
}
