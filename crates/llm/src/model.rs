//! What a model is to the rest: a request goes in, a checked JSON answer and its price come out, and a journal hears of the way.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use serde_json::Value;

use crate::{Error, MicroDollars, Prices, RateLimits, Schema, Timers};

/// A reply under way; boxed, so that a model can be chosen while the program runs.
pub type Reply<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A model of one provider.
pub trait Model: Send + Sync + 'static {
    /// The provider's name, as it was configured.
    fn provider(&self) -> &str;

    /// The model's name, as it was configured.
    fn model(&self) -> &str;

    /// Asks for JSON of the request's schema. With a [`Resume`], goes on with the answer that an earlier call began and pays
    /// nothing anew. Dropping the reply stops reading; at a provider that gave a [`Handle`] the work goes on until [`Model::cancel`].
    fn ask<'a>(
        &'a self,
        request: &'a Request,
        journal: &'a mut dyn Journal,
        resume: Option<Resume>,
    ) -> Reply<'a, Result<Answer, Error>>;

    /// Ends the work behind a handle at the provider. Doing it twice does no harm. Without handles, dropping the reply is enough.
    fn cancel<'a>(&'a self, handle: &'a Handle) -> Reply<'a, Result<(), Error>>;

    /// What one such call takes at most, for budgets that are asked before it.
    fn estimate(&self, request: &Request) -> Estimate;
}

/// Who hears of a call's way, to survive a crash and to show progress. Awaited: nothing more is read until it has answered.
pub trait Journal: Send {
    /// The provider has accepted the work under this handle. To be kept before going on: only who knows it can resume.
    fn accepted<'a>(&'a mut self, handle: &'a Handle) -> Reply<'a, Next>;

    /// What has come so far; told about once a second while something comes, and at every look while the provider is polled.
    fn progress<'a>(&'a mut self, partial: Partial<'a>) -> Reply<'a, Next>;
}

/// Keeps nothing.
impl Journal for () {
    fn accepted<'a>(&'a mut self, _handle: &'a Handle) -> Reply<'a, Next> {
        Box::pin(async { Next::GoOn })
    }

    fn progress<'a>(&'a mut self, _partial: Partial<'a>) -> Reply<'a, Next> {
        Box::pin(async { Next::GoOn })
    }
}

/// What a journal wants next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Read on.
    GoOn,
    /// Stop reading; the call ends as [`Class::Stopped`](crate::Class::Stopped). Whether the provider shall stop as well is the caller's word: [`Model::cancel`].
    Stop,
}

/// What a provider calls an answer that it makes in the background.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle {
    /// The provider's name, as it was configured; another provider cannot resume it.
    pub provider: String,
    /// The provider's id of the answer.
    pub id: String,
}

/// Where to go on after a crash: what the journal was told last.
#[derive(Clone, PartialEq, Eq)]
pub struct Resume {
    /// Told by [`Journal::accepted`].
    pub handle: Handle,
    /// [`Partial::cursor`]; `None` reads the answer from its start.
    pub cursor: Option<u64>,
    /// [`Partial::text`] of the same moment.
    pub text: String,
}

/// Shows no text.
impl fmt::Debug for Resume {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Resume")
            .field("handle", &self.handle)
            .field("cursor", &self.cursor)
            .finish_non_exhaustive()
    }
}

/// An answer's beginning.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Partial<'a> {
    /// How far the provider's events were read, if it numbers them.
    pub cursor: Option<u64>,
    /// All text so far: the beginning of the JSON, cut anywhere.
    pub text: &'a str,
}

/// What is asked. Nothing of its text reaches a log or a `Debug` print.
#[derive(Clone)]
pub struct Request {
    /// The rules: the same text for every call of a kind, so that the provider's cache knows it.
    pub system: String,
    /// This call's own facts, as a JSON text.
    pub user: String,
    /// What the answer must be.
    pub schema: Arc<Schema>,
    /// The most tokens that the answer may have, reasoning included.
    pub max_output_tokens: u32,
    /// How freely the model chooses, 0 to 2; `None` where a model takes none.
    pub temperature: Option<f32>,
}

/// Shows the schema's name and the limit.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Request")
            .field("schema", &self.schema.name())
            .field("max_output_tokens", &self.max_output_tokens)
            .finish_non_exhaustive()
    }
}

/// A whole answer of the schema.
#[derive(Clone, PartialEq)]
pub struct Answer {
    /// The JSON text.
    pub text: String,
    /// The same, parsed; valid against the request's schema.
    pub value: Value,
    /// What it took.
    pub spent: Spent,
    /// The provider's id of the HTTP request, for its support.
    pub request_id: Option<String>,
    /// Whether it was read over more than one connection.
    pub resumed: bool,
    /// What the provider said it still allows.
    pub rate_limits: RateLimits,
}

/// Shows no text.
impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Answer")
            .field("spent", &self.spent)
            .field("request_id", &self.request_id)
            .field("resumed", &self.resumed)
            .finish_non_exhaustive()
    }
}

/// What a call took, answered or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    /// The model, as the provider named it; as it was configured if the provider named none.
    pub model: String,
    /// In tokens.
    pub usage: Usage,
    /// In money.
    pub cost: MicroDollars,
}

/// Tokens that a provider bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Of the request, cached ones included.
    pub input: u64,
    /// Those of `input` that the provider's cache knew.
    pub cached_input: u64,
    /// Those of `input` that the provider wrote to its cache, where it bills that apart.
    pub cache_write: u64,
    /// Of the answer, reasoning included.
    pub output: u64,
    /// Those of `output` that the model thought and did not say.
    pub reasoning: u64,
    /// Counted here, because the provider did not say.
    pub estimated: bool,
}

impl Usage {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            cached_input: self.cached_input.saturating_add(other.cached_input),
            cache_write: self.cache_write.saturating_add(other.cache_write),
            output: self.output.saturating_add(other.output),
            reasoning: self.reasoning.saturating_add(other.reasoning),
            estimated: self.estimated || other.estimated,
        }
    }
}

/// What a call takes at most; its input is counted here and may be off by some 15 % with other tokenizers than OpenAI's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// HTTP requests to the model.
    pub requests: u64,
    /// Tokens of the request.
    pub input_tokens: u64,
    /// The most tokens of the answer.
    pub output_tokens: u64,
    /// The most money.
    pub cost: MicroDollars,
}

/// Where a provider is, and on which terms. Filled by whoever reads the settings.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// What the provider is called here, such as `openai`.
    pub provider: String,
    /// The address before `/chat/completions` or `/responses`, such as `https://api.openai.com/v1`.
    pub base_url: String,
    /// The key; local servers often need none.
    pub api_key: Option<ApiKey>,
    /// The model to ask.
    pub model: String,
    /// How long to wait for what.
    pub timers: Timers,
    /// What models cost.
    pub prices: Arc<Prices>,
}

/// A key that no `Debug` print shows.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// A key, as the provider gave it out.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiKey(…)")
    }
}
