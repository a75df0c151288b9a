//! A server for tests and demos only that speaks like the services that Mesocycle calls, and writes down what it accepted and what
//! a provider would have billed.
//!
//! One room a kind of provider: [`expo`] is Expo's push service, [`models`] are the model providers. What goes wrong is chosen by a
//! [`Scenario`] and by the text of a token for pushes, by a [`models::ModelScenario`] for models. Everything is in memory.

mod connection;
pub mod expo;
mod ledger;
pub mod models;
mod scenario;
mod seed;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use tokio::{net::TcpListener, task::JoinHandle};

use connection::{Door, Handle};

pub use ledger::{Accepted, Call, CallStatus, Ledger, Request};
use models::Answer;
pub use models::Asked;
pub use scenario::Scenario;

/// How the emulator behaves.
#[derive(Clone)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// What goes wrong with pushes.
    pub scenario: Scenario,
    /// The seed of scenarios that draw.
    pub seed: u64,
    /// Pushes without this bearer token are refused; `None` asks for none.
    pub access_token: Option<String>,
    /// What goes wrong with calls of models that name no scenario themselves: names of [`models::SCENARIOS`], each with the calls
    /// (from 1) that it applies to, such as `rate-limit@1,cut@2-3`.
    pub model_scenario: String,
    /// What a model says.
    pub answer: Answer,
    /// How fast a model speaks; `None` is as fast as it goes.
    pub tokens_per_second: Option<f64>,
    /// When the first token comes.
    pub first_token: Duration,
    /// The limit of each model; 429 beyond it.
    pub requests_per_minute: Option<u32>,
    /// The limit of each model, of input and answer together; 429 beyond it.
    pub tokens_per_minute: Option<u32>,
    /// How long a stored response is there after its end.
    pub stored_for: Duration,
    /// How long a background response is there after its end if `store` is false or not said.
    pub unstored_for: Duration,
}

impl Default for Options {
    /// All is well and as fast as it goes, on a free port. Responses are kept as `OpenAI` does: 30 days, 10 minutes if not stored.
    fn default() -> Self {
        Self {
            port: 0,
            scenario: Scenario::default(),
            seed: 0,
            access_token: None,
            model_scenario: "plain".to_owned(),
            answer: Arc::new(models::minimal),
            tokens_per_second: None,
            first_token: Duration::ZERO,
            requests_per_minute: None,
            tokens_per_minute: None,
            stored_for: Duration::from_hours(30 * 24),
            unstored_for: Duration::from_mins(10),
        }
    }
}

/// A running emulator; dropped, it ends.
#[derive(Debug)]
pub struct Emulator {
    address: SocketAddr,
    ledger: Arc<Ledger>,
    server: JoinHandle<()>,
}

impl Emulator {
    /// Starts it on the current tokio runtime.
    ///
    /// # Errors
    /// The port cannot be had; `InvalidInput`: there is no such scenario.
    pub async fn start(options: &Options) -> io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let ledger = Arc::new(Ledger::default());
        let models = models::router(Arc::clone(&ledger), options)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let router = Router::new()
            .route("/ledger", get(show_ledger).delete(reset_ledger))
            .with_state(Arc::clone(&ledger))
            .nest(expo::PATH, expo::router(Arc::clone(&ledger), options))
            .merge(models)
            .into_make_service_with_connect_info::<Handle>();
        let server = tokio::spawn(async move {
            // Ends with the process or with the handle.
            let _ = axum::serve(Door(listener), router).await;
        });
        Ok(Self {
            address,
            ledger,
            server,
        })
    }

    /// Its address, such as `http://127.0.0.1:4010`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What `EXPO_PUSH_URL` is to be.
    #[must_use]
    pub fn expo_url(&self) -> String {
        format!("{}{}", self.url(), expo::PATH)
    }

    /// What `OPENAI_BASE_URL` is to be.
    #[must_use]
    pub fn openai_url(&self) -> String {
        format!("{}{}", self.url(), models::OPENAI_PATH)
    }

    /// What `DEEPSEEK_BASE_URL` is to be.
    #[must_use]
    pub fn deepseek_url(&self) -> String {
        format!("{}{}", self.url(), models::DEEPSEEK_PATH)
    }

    /// What it accepted and would have billed so far.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn show_ledger(State(ledger): State<Arc<Ledger>>) -> Json<serde_json::Value> {
    Json(ledger.to_json())
}

async fn reset_ledger(State(ledger): State<Arc<Ledger>>) -> StatusCode {
    ledger.reset();
    StatusCode::NO_CONTENT
}
