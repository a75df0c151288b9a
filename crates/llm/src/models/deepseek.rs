//! DeepSeek: its chat with thinking off, in JSON mode, and once more without it where JSON mode answered blanks.

use crate::{
    Answer, Class, Endpoint, Error, Estimate, Handle, InvalidEndpoint, Journal, MicroDollars,
    Model, Reply, Request, Resume, Spent,
    call::Line,
    chat::{self, Dialect, Structured},
    models::{no_handles, nothing_to_cancel},
};

/// A model of DeepSeek. Sends no `user_id`: DeepSeek keeps one cache a user, and the rules are the same for all.
pub struct DeepSeek {
    line: Line,
    dialect: Dialect,
}

impl DeepSeek {
    /// A client; connects when it is first used.
    ///
    /// # Errors
    /// [`InvalidEndpoint`].
    pub fn new(endpoint: &Endpoint) -> Result<Self, InvalidEndpoint> {
        Ok(Self {
            line: Line::new(endpoint)?,
            dialect: Dialect {
                structured: Structured::JsonObject,
                completion_limit: false,
                plain_chunks: false,
                thinking_off: true,
                effort: None,
            },
        })
    }

    /// In JSON mode DeepSeek replaces what is no JSON by blanks and says `stop`: asked again without the mode, it shows what it wrote.
    async fn ask_twice(
        &self,
        request: &Request,
        journal: &mut dyn Journal,
    ) -> Result<Answer, Error> {
        let ceiling = self.line.ceiling();
        let first = chat::ask(&self.line, &self.dialect, request, journal, ceiling).await;
        let blank = match first {
            Err(error) if error.class == Class::Empty => error,
            other => return other,
        };
        let plain = self.dialect.with(Structured::Prompt);
        let mut second = chat::ask(&self.line, &plain, request, journal, ceiling).await;
        let Some(before) = blank.facts.spent else {
            return second;
        };
        match &mut second {
            Ok(answer) => add(&mut answer.spent, &before),
            Err(error) => match &mut error.facts.spent {
                Some(spent) => add(spent, &before),
                none => *none = Some(before),
            },
        }
        second
    }
}

fn add(spent: &mut Spent, before: &Spent) {
    spent.usage = spent.usage.plus(before.usage);
    spent.cost = MicroDollars(spent.cost.0.saturating_add(before.cost.0));
}

impl Model for DeepSeek {
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
            self.ask_twice(request, journal).await
        })
    }

    fn cancel<'a>(&'a self, handle: &'a Handle) -> Reply<'a, Result<(), Error>> {
        nothing_to_cancel(handle)
    }

    /// Two requests, as the first may come back blank.
    fn estimate(&self, request: &Request) -> Estimate {
        self.line.estimate(request, 2)
    }
}
