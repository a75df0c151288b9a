//! OpenAI's Chat Completions: plain streaming with a strict schema; what is cut is lost.

use crate::{
    Answer, Error, Estimate, Handle, InvalidEndpoint, Journal, Model, Reply, Request, Resume,
    call::Line,
    chat::{self, Dialect, Structured},
    models::{OpenAiOptions, no_handles, nothing_to_cancel},
};

/// A model of OpenAI, asked by Chat Completions.
pub struct OpenAiChat {
    line: Line,
    dialect: Dialect,
}

impl OpenAiChat {
    /// A client; connects when it is first used.
    ///
    /// # Errors
    /// [`InvalidEndpoint`].
    pub fn new(options: &OpenAiOptions) -> Result<Self, InvalidEndpoint> {
        Ok(Self {
            line: Line::new(&options.endpoint)?,
            dialect: Dialect {
                structured: Structured::StrictSchema,
                completion_limit: true,
                plain_chunks: true,
                thinking_off: false,
                effort: options.effort.clone(),
            },
        })
    }
}

impl Model for OpenAiChat {
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
