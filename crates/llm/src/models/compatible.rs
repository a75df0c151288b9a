//! Any server that speaks OpenAI's Chat Completions: Ollama, llama.cpp, vLLM, a gateway.

use std::time::Duration;

use crate::{
    Answer, Endpoint, Error, Estimate, Handle, InvalidEndpoint, Journal, Model, Reply, Request,
    Resume,
    call::Line,
    chat::{self, Dialect, Structured},
    models::{no_handles, nothing_to_cancel},
};

/// Where the server is, and what it can do.
#[derive(Debug, Clone)]
pub struct CompatibleOptions {
    /// Address, key, model, timers, prices. A server of one's own costs nothing: give its model that price.
    pub endpoint: Endpoint,
    /// How it is told what the answer must be. Ollama, llama.cpp and vLLM take a schema.
    pub structured: Structured,
    /// How long the first token may take: a small machine reads a long prompt for minutes, in silence. `None` leaves the endpoint's timers.
    pub first_token: Option<Duration>,
}

/// A model of such a server.
pub struct Compatible {
    line: Line,
    dialect: Dialect,
}

impl Compatible {
    /// A client; connects when it is first used.
    ///
    /// # Errors
    /// [`InvalidEndpoint`].
    pub fn new(options: &CompatibleOptions) -> Result<Self, InvalidEndpoint> {
        let mut endpoint = options.endpoint.clone();
        if let Some(wait) = options.first_token {
            endpoint.timers = endpoint.timers.with_first_token(wait);
        }
        Ok(Self {
            line: Line::new(&endpoint)?,
            dialect: Dialect {
                structured: options.structured,
                completion_limit: false,
                plain_chunks: false,
                thinking_off: false,
                effort: None,
            },
        })
    }
}

impl Model for Compatible {
    fn provider(&self) -> &str {
        &self.line.provider
    }

    fn model(&self) -> &str {
        &self.line.model
    }

    fn ask<'a>(
        &'a self,
        request: &'a Request,
        journal: &'a mut dyn Journal,
        resume: Option<Resume>,
    ) -> Reply<'a, Result<Answer, Error>> {
        Box::pin(async move {
            if resume.is_some() {
                return Err(no_handles(&self.line));
            }
            chat::ask(
                &self.line,
                &self.dialect,
                request,
                journal,
                self.line.ceiling(),
            )
            .await
        })
    }

    fn cancel<'a>(&'a self, handle: &'a Handle) -> Reply<'a, Result<(), Error>> {
        nothing_to_cancel(handle)
    }

    fn estimate(&self, request: &Request) -> Estimate {
        self.line.estimate(request, 1)
    }
}
