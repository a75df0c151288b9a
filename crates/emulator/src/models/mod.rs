//! The model providers: `OpenAI` (Chat Completions, Responses) and `DeepSeek` (Chat), as they are on the wire.
//!
//! A call is admitted (key, model, form, limits), gets its scenario's steps, is answered from the request alone, becomes a script of
//! frames with times, and is played to its connection; every token on the way is booked in the ledger.

mod answer;
mod asked;
mod change;
mod chat;
mod limits;
mod refusal;
mod request;
mod responses;
mod said;
mod scenario;
mod schema;
mod script;
mod take;
mod taken;
mod wire;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{ConnectInfo, DefaultBodyLimit, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{Ledger, Options, connection::Handle};
pub use answer::{Answer, minimal};
pub use asked::{Asked, Provider, Turn};
use limits::{Left, Limits};
pub use refusal::{Reason, Wait};
use refusal::{Refusal, duration};
use request::Request;
use responses::Store;
use scenario::Plan;
pub use scenario::{At, Break, Change, Ending, ModelScenario, SCENARIOS, Shape, Step};
use script::Pace;
use take::Stop;
use taken::Taken;
use wire::Gate;

/// Where `OpenAI`'s paths begin.
pub const OPENAI_PATH: &str = "/openai/v1";
/// Where `DeepSeek`'s paths begin.
pub const DEEPSEEK_PATH: &str = "/deepseek";

/// What `/models` lists. Any other model is answered for too, but one whose name begins with `no-such`.
const OPENAI_MODELS: [&str; 3] = ["gpt-6-luna", "gpt-6.1-terra", "gpt-6.1-sol"];
const DEEPSEEK_MODELS: [&str; 2] = ["deepseek-flash", "deepseek-v4-pro"];

/// The emulated providers.
struct Models {
    ledger: Arc<Ledger>,
    answer: Answer,
    pace: Pace,
    /// The scenario of calls that name none.
    plan: Plan,
    plan_text: String,
    seed: u64,
    limits: Limits,
    stored_for: Duration,
    unstored_for: Duration,
    store: Arc<Store>,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// Calls so far of each text that names scenarios.
    calls: BTreeMap<String, u64>,
    /// System texts that are in the prompt cache.
    prefixes: BTreeSet<(Provider, String, String)>,
}

/// An endpoint that generates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Endpoint {
    Chat(Provider),
    Responses,
}

impl Endpoint {
    fn provider(self) -> Provider {
        match self {
            Self::Chat(provider) => provider,
            Self::Responses => Provider::Openai,
        }
    }

    fn read(self, body: &Value) -> Result<Request, Refusal> {
        match self {
            Self::Chat(provider) => chat::read(provider, body),
            Self::Responses => responses::read(Provider::Openai, body),
        }
    }

    /// The id that the client gets.
    fn id(self, unique: &str) -> String {
        match self {
            Self::Chat(provider) => chat::id(provider, unique),
            Self::Responses => responses::id(unique),
        }
    }
}

/// The routes of all providers.
///
/// # Errors
/// The scenario's name is unknown; the text says which.
pub(crate) fn router(ledger: Arc<Ledger>, options: &Options) -> Result<Router, String> {
    let models = Arc::new(Models {
        ledger,
        answer: Arc::clone(&options.answer),
        pace: Pace {
            first: options.first_token,
            each: options
                .tokens_per_second
                .filter(|speed| *speed > 0.0)
                .map_or(Duration::ZERO, |speed| Duration::from_secs_f64(1.0 / speed)),
        },
        plan: Plan::parse(&options.model_scenario)?,
        plan_text: options.model_scenario.clone(),
        seed: options.seed,
        limits: Limits::new(options.requests_per_minute, options.tokens_per_minute),
        stored_for: options.stored_for,
        unstored_for: options.unstored_for,
        store: Arc::default(),
        memory: Mutex::default(),
    });
    let openai = Router::new()
        .route("/chat/completions", post(openai_chat))
        .route("/responses", post(openai_responses))
        .route("/responses/{id}", get(responses::show))
        .route("/responses/{id}/cancel", post(responses::cancel))
        .route("/models", get(|| list(&OPENAI_MODELS)))
        .fallback(unknown_path)
        .with_state(Arc::clone(&models));
    let deepseek = Router::new()
        .route("/chat/completions", post(deepseek_chat))
        .route("/models", get(|| list(&DEEPSEEK_MODELS)))
        .fallback(unknown_path)
        .with_state(models);
    Ok(Router::new()
        .nest(OPENAI_PATH, openai)
        .nest(DEEPSEEK_PATH, deepseek)
        .layer(DefaultBodyLimit::max(16 << 20)))
}

async fn list(names: &'static [&'static str]) -> Json<Value> {
    let models: Vec<Value> = names
        .iter()
        .map(|name| json!({ "id": name, "object": "model", "created": 1_767_225_600, "owned_by": "emulator" }))
        .collect();
    Json(json!({ "object": "list", "data": models }))
}

async fn unknown_path(method: Method, uri: Uri) -> Response {
    Refusal::not_found(format!("Invalid URL ({method} {})", uri.path())).into_response()
}

async fn openai_chat(
    State(models): State<Arc<Models>>,
    ConnectInfo(connection): ConnectInfo<Handle>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let endpoint = Endpoint::Chat(Provider::Openai);
    models.serve(endpoint, connection, &headers, &body).await
}

async fn deepseek_chat(
    State(models): State<Arc<Models>>,
    ConnectInfo(connection): ConnectInfo<Handle>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let endpoint = Endpoint::Chat(Provider::Deepseek);
    models.serve(endpoint, connection, &headers, &body).await
}

async fn openai_responses(
    State(models): State<Arc<Models>>,
    ConnectInfo(connection): ConnectInfo<Handle>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    models
        .serve(Endpoint::Responses, connection, &headers, &body)
        .await
}

impl Models {
    async fn serve(
        &self,
        endpoint: Endpoint,
        connection: Handle,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Response {
        let begun = Instant::now();
        let mut left = None;
        let response = match self.take(endpoint, headers, body, &mut left).await {
            Err(Stop::Refused(refusal)) => self.refuse(&refusal),
            Err(Stop::Reset) => {
                self.ledger.refuse("reset");
                connection.reset();
                // Never written.
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
            Ok(taken) => match endpoint {
                Endpoint::Responses => responses::begin(self, taken, connection).await,
                Endpoint::Chat(provider) => {
                    let script = chat::script(&taken, provider);
                    let mut player = taken.player(script, connection);
                    player.gate = Gate::Foreground(taken.meter);
                    player.respond().await
                }
            },
        };
        self.stamp(response, endpoint.provider(), begun, left)
    }

    /// An HTTP error, counted.
    fn refuse(&self, refusal: &Refusal) -> Response {
        self.ledger.refuse(&refusal.status.to_string());
        refusal.clone().into_response()
    }

    fn stored(&self, headers: &HeaderMap, id: &str) -> Result<Arc<responses::Stored>, Refusal> {
        check_key(headers, Provider::Openai)?;
        self.store.find(id)
    }

    /// How long a response is there after its end.
    fn keeping(&self, stored: bool) -> Duration {
        match stored {
            true => self.stored_for,
            false => self.unstored_for,
        }
    }

    /// The headers that a provider sends with everything.
    fn stamp(
        &self,
        mut response: Response,
        provider: Provider,
        begun: Instant,
        left: Option<Left>,
    ) -> Response {
        let unique = uuid::Uuid::new_v4().simple().to_string();
        let mut set = |name: &'static str, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value) {
                let headers = response.headers_mut();
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        if provider == Provider::Deepseek {
            set("x-ds-trace-id", unique);
            return response;
        }
        set("x-request-id", format!("req_{unique}"));
        set(
            "openai-processing-ms",
            begun.elapsed().as_millis().to_string(),
        );
        set("openai-version", "2020-10-01".to_owned());
        if let Some(Left { requests, tokens }) = left {
            set("x-ratelimit-limit-requests", requests.limit.to_string());
            set(
                "x-ratelimit-remaining-requests",
                requests.remaining.to_string(),
            );
            set("x-ratelimit-reset-requests", duration(requests.reset));
            set("x-ratelimit-limit-tokens", tokens.limit.to_string());
            set("x-ratelimit-remaining-tokens", tokens.remaining.to_string());
            set("x-ratelimit-reset-tokens", duration(tokens.reset));
        }
        response
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Any bearer key is good, but one that begins with `sk-invalid` or `sk-no-credit`.
fn check_key(headers: &HeaderMap, provider: Provider) -> Result<(), Refusal> {
    let given = headers.get(header::AUTHORIZATION);
    let key = given
        .and_then(|given| given.to_str().ok())
        .and_then(|given| given.strip_prefix("Bearer "))
        .map(str::trim)
        .unwrap_or_default();
    let reason = match key {
        "" => Reason::BadKey,
        key if key.starts_with("sk-invalid") => Reason::BadKey,
        key if key.starts_with("sk-no-credit") => Reason::NoCredit,
        _ => return Ok(()),
    };
    Err(Refusal::for_reason(reason, provider, ""))
}
