//! A test-only server that speaks like the services that Mesocycle calls, and writes down what it accepted.
//!
//! One room a provider: [`expo`] is Expo's push service. What it does wrong is chosen by a [`Scenario`] for whole requests and by
//! the text of a token for single messages. Everything is in memory.

pub mod expo;
mod ledger;
mod scenario;

use std::{io, net::SocketAddr, sync::Arc};

use axum::{Json, Router, extract::State, routing::get};
use tokio::{net::TcpListener, task::JoinHandle};

pub use ledger::{Accepted, Ledger, Request};
pub use scenario::Scenario;

/// How the emulator behaves.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// What goes wrong.
    pub scenario: Scenario,
    /// The seed of scenarios that draw.
    pub seed: u64,
    /// Requests without this bearer token are refused; `None` asks for none.
    pub access_token: Option<String>,
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
    /// The port cannot be had.
    pub async fn start(options: &Options) -> io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let ledger = Arc::new(Ledger::default());
        let router = Router::new()
            .route("/ledger", get(show_ledger))
            .with_state(Arc::clone(&ledger))
            .nest(expo::PATH, expo::router(Arc::clone(&ledger), options));
        let server = tokio::spawn(async move {
            // Ends with the process or with the handle.
            let _ = axum::serve(listener, router).await;
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

    /// What it accepted so far.
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
