//! OpenAI's Responses in background mode: the work goes on at OpenAI whatever happens to the connection or to this process, and is
//! found again by its handle.
//!
//! Create as a stream, tell the journal the handle with the first event, read; after a drop go on behind the last event; after two tries
//! that brought nothing, look every few seconds whether the answer is there.

mod body;
mod events;

pub use events::{ResponsesReader, Seen};

use reqwest::Method;
use serde_json::Value;
use tokio::time::{sleep, timeout_at};

use crate::{
    Answer, Class, Error, Estimate, Fault, Handle, InvalidEndpoint, Journal, Model, Permanent,
    Reply, Request, Resume, Timer,
    call::{Call, Line, Unsaid},
    http::Events,
    models::OpenAiOptions,
};
use body::Body;

/// After so many tries to resume that brought no event, the stream is given up.
const RESUMES: u32 = 2;
/// After so many looks in a row that failed, the call is given up; the handle stays good.
const FAILED_LOOKS: u32 = 5;

/// A model of OpenAI, asked by Responses.
pub struct OpenAiResponses {
    line: Line,
    effort: Option<String>,
}

impl OpenAiResponses {
    /// A client; connects when it is first used.
    ///
    /// # Errors
    /// [`InvalidEndpoint`].
    pub fn new(options: &OpenAiOptions) -> Result<Self, InvalidEndpoint> {
        Ok(Self {
            line: Line::new(&options.endpoint)?,
            effort: options.effort.clone(),
        })
    }

    async fn answer(
        &self,
        request: &Request,
        journal: &mut dyn Journal,
        resume: Option<Resume>,
    ) -> Result<Answer, Error> {
        let mut call = Call::new(&self.line, request);
        let mut reader = ResponsesReader::default();
        if let Some(resume) = resume {
            if !is_ours(&self.line, &resume.handle) {
                return Err(self.line.error(gone("a handle of another provider")));
            }
            call.handle = Some(resume.handle);
            call.resumed = true;
            reader = ResponsesReader::resumed(resume.cursor, resume.text);
        }
        let mut talk = Talk {
            line: &self.line,
            call: &mut call,
            reader: &mut reader,
            journal,
            reported: None,
        };
        let body = Body::new(&self.line.model, self.effort.as_deref(), request);
        let ended = match timeout_at(self.line.ceiling(), talk.until_it_ends(&body)).await {
            Ok(ended) => ended,
            Err(_) => Err(Fault::timeout(Timer::Ceiling)),
        };
        if reader.has_ended() {
            // Nothing goes on behind the handle.
            call.handle = None;
        }
        if reader.was_cancelled() {
            call.unsaid = Unsaid::AsRead;
        }
        call.conclude(reader.into_read(), ended)
    }

    async fn end(&self, handle: &Handle) -> Result<(), Error> {
        if !is_ours(&self.line, handle) {
            return Err(self.line.error(gone("a handle of another provider")));
        }
        let path = format!("/responses/{}/cancel", handle.id);
        let opened = self.line.door.json(Method::POST, &path).await;
        match opened.body {
            Ok(_) => Ok(()),
            Err(fault) => {
                let mut error = self.line.error(handle_gone_if_404(fault));
                error.facts.request_id = opened.head.request_id;
                Err(error)
            }
        }
    }
}

/// One answer being read over as many connections as it takes.
struct Talk<'a, 'b> {
    line: &'a Line,
    call: &'a mut Call<'b>,
    reader: &'a mut ResponsesReader,
    journal: &'a mut dyn Journal,
    /// What the provider said went wrong inside a stream; the answer's own state says whether that was its end.
    reported: Option<Fault>,
}

impl Talk<'_, '_> {
    async fn until_it_ends(&mut self, body: &Body<'_>) -> Result<(), Fault> {
        let mut barren = 0;
        let mut stream = match self.call.handle.is_some() {
            true => self.reopen().await,
            false => self.create(body).await,
        };
        loop {
            let before = self.reader.cursor();
            let fault = match stream {
                Ok(mut events) => match self.read(&mut events).await {
                    Ok(()) => return Ok(()),
                    Err(fault) => fault,
                },
                Err(fault) => fault,
            };
            let over = self.reader.has_ended() || self.call.handle.is_none();
            if over || !may_go_on(&fault) {
                return Err(fault);
            }
            if self.reader.cursor() != before {
                barren = 0;
            }
            if barren == RESUMES {
                return self.poll().await;
            }
            if barren > 0 {
                sleep(self.line.timers.poll).await;
            }
            barren += 1;
            stream = self.reopen().await;
        }
    }

    async fn create(&mut self, body: &Body<'_>) -> Result<Events, Fault> {
        let opened = self.line.door.post_for_events("/responses", body).await;
        let events = self.call.opened(opened)?;
        // Until its handle is known, the answer is made where nobody can reach it.
        self.call.unsaid = Unsaid::AtMost;
        Ok(events)
    }

    async fn reopen(&mut self) -> Result<Events, Fault> {
        let mut path = format!("{}?stream=true", self.path());
        if let Some(cursor) = self.reader.cursor() {
            path.push_str(&format!("&starting_after={cursor}"));
        }
        self.call.reconnected();
        let opened = self.line.door.get_events(&path).await;
        let events = self.call.opened(opened);
        events.map_err(|fault| self.lost(looked_at_instead(fault)))
    }

    async fn read(&mut self, events: &mut Events) -> Result<(), Fault> {
        while !self.reader.has_ended() {
            let event = self.call.next_event(events).await?;
            match self
                .reader
                .read(&event.data)
                .map_err(|fault| self.report(fault))?
            {
                Seen::Created(id) if self.call.handle.is_none() => {
                    self.call.accepted(&id, self.journal).await?;
                }
                Seen::Content => {
                    self.call.content_came();
                    self.call
                        .progressed(self.reader.as_read(), self.journal)
                        .await?;
                }
                Seen::Created(_) | Seen::Nothing => {}
            }
        }
        self.reader.verdict()
    }

    /// Looks whether the answer is there, until it is.
    async fn poll(&mut self) -> Result<(), Fault> {
        let (mut pause, mut failed) = (self.line.timers.poll, 0);
        loop {
            sleep(pause).await;
            pause = (pause * 3 / 2).min(self.line.timers.poll_most);
            match self.look().await {
                Ok(response) => {
                    failed = 0;
                    self.reader.settle(&response);
                }
                Err(fault) if failed + 1 == FAILED_LOOKS || !may_go_on(&fault) => {
                    return Err(fault);
                }
                Err(fault) => {
                    failed += 1;
                    if let Class::RateLimit { retry_after } = fault.class {
                        pause = pause.max(retry_after.unwrap_or_default());
                    }
                }
            }
            if self.reader.has_ended() {
                return self.reader.verdict();
            }
            if self.reader.is_running() {
                self.call.content_came();
            } else if self.call.queued_too_long() {
                return Err(Fault::timeout(Timer::Queued));
            }
            self.call
                .progressed(self.reader.as_read(), self.journal)
                .await?;
        }
    }

    async fn look(&mut self) -> Result<Value, Fault> {
        let opened = self.line.door.json(Method::GET, &self.path()).await;
        self.call.opened(opened).map_err(|fault| self.lost(fault))
    }

    fn path(&self) -> String {
        let id = self.call.handle.as_ref().map(|handle| handle.id.as_str());
        format!("/responses/{}", id.unwrap_or_default())
    }

    fn report(&mut self, fault: Fault) -> Fault {
        self.reported.get_or_insert(fault).clone()
    }

    /// An answer that is gone after the provider had reported a failure ended by that failure.
    fn lost(&mut self, fault: Fault) -> Fault {
        let fault = handle_gone_if_404(fault);
        if fault.class != Class::HandleGone {
            return fault;
        }
        self.call.handle = None;
        match self.reported.take() {
            Some(reported) => reported,
            None => {
                // It was begun, perhaps ended, and is billed; nobody can say any more how much.
                self.call.unsaid = Unsaid::AtMost;
                fault
            }
        }
    }
}

/// Whether the answer may still come over another connection.
fn may_go_on(fault: &Fault) -> bool {
    match fault.class {
        Class::Network | Class::RateLimit { .. } => true,
        Class::Timeout(timer) => timer != Timer::Queued,
        _ => false,
    }
}

/// A server that does not stream what it has stored may still show it.
fn looked_at_instead(fault: Fault) -> Fault {
    match fault.class {
        Class::Permanent(Permanent::BadRequest) => Fault {
            class: Class::Network,
            ..fault
        },
        _ => fault,
    }
}

fn handle_gone_if_404(fault: Fault) -> Fault {
    match fault.status {
        Some(404) => Fault {
            class: Class::HandleGone,
            ..fault
        },
        _ => fault,
    }
}

fn gone(reason: &str) -> Fault {
    Fault::new(Class::HandleGone, reason)
}

/// Ours by its provider, and an id that can stand in a path.
fn is_ours(line: &Line, handle: &Handle) -> bool {
    handle.provider == line.provider && events::is_id(&handle.id)
}

impl Model for OpenAiResponses {
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
        Box::pin(self.answer(request, journal, resume))
    }

    fn cancel<'a>(&'a self, handle: &'a Handle) -> Reply<'a, Result<(), Error>> {
        Box::pin(self.end(handle))
    }

    fn estimate(&self, request: &Request) -> Estimate {
        self.line.estimate(request, 1)
    }
}
