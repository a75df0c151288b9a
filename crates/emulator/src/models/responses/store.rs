//! Responses that a client can come back to.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::{sync::watch, task::AbortHandle};

use crate::models::{
    Provider,
    refusal::{Reason, Refusal},
    script::Script,
    wire::Progress,
};

/// One response, from its creation to its expiry.
#[derive(Default)]
pub(in crate::models) struct Stored {
    pub(super) id: String,
    /// The object at creation.
    pub(super) opening: Value,
    /// The object at the end.
    pub(super) terminal: Value,
    pub(super) script: Arc<Script>,
    /// How far the generation is.
    pub(super) progress: watch::Sender<Progress>,
    pub(super) background: bool,
    pub(super) streamed: bool,
    /// How long it is there after its end.
    pub(super) kept_for: Duration,
    /// How many resumed streams are still to be refused.
    pub(super) resumes_to_refuse: AtomicUsize,
    /// It is gone when it is asked for.
    pub(super) expires_when_asked: bool,
    pub(super) end: Mutex<End>,
}

/// Its end, and what leads there.
#[derive(Default)]
pub(super) struct End {
    at: Option<Instant>,
    cancelled: bool,
    task: Option<AbortHandle>,
}

impl Stored {
    /// The object as it stands.
    pub(super) fn object(&self) -> Value {
        let Progress { frames, over } = *self.progress.borrow();
        let status = match over {
            true if self.end_state().cancelled => "cancelled",
            true => return self.terminal.clone(),
            false if frames > self.started_at() => "in_progress",
            false => "queued",
        };
        let mut object = self.opening.clone();
        object["status"] = json!(status);
        object
    }

    /// The place of `response.in_progress`, after created and queued.
    fn started_at(&self) -> usize {
        let mut frames = self.script.frames.iter();
        let place = frames.position(|frame| frame.sequence == Some(2));
        place.unwrap_or(usize::MAX)
    }

    /// Whether a stream of it may be resumed now.
    pub(super) fn check_resume(&self) -> Result<(), Refusal> {
        if !self.background || !self.streamed {
            return Err(Refusal::invalid(
                Some("stream"),
                "Only responses created with background=true and stream=true can be streamed again.",
            ));
        }
        let refuses = self
            .resumes_to_refuse
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| {
                left.checked_sub(1)
            })
            .is_ok();
        match refuses {
            true => Err(Refusal::for_reason(Reason::Broken, Provider::Openai, "")),
            false => Ok(()),
        }
    }

    pub(super) fn is_running(&self) -> bool {
        !self.progress.borrow().over
    }

    /// So many frames are there for readers.
    pub(super) fn there_are(&self, frames: usize) {
        self.progress
            .send_modify(|progress| progress.frames = frames);
    }

    /// There will be no more.
    pub(super) fn end(&self) {
        self.end_state().at = Some(Instant::now());
        self.progress.send_modify(|progress| progress.over = true);
    }

    pub(super) fn generated_by(&self, task: AbortHandle) {
        self.end_state().task = Some(task);
    }

    pub(super) fn cancel(&self) {
        let task = {
            let mut end = self.end_state();
            end.cancelled = true;
            end.task.take()
        };
        if let Some(task) = task {
            task.abort();
        }
        self.end();
    }

    fn is_gone(&self) -> bool {
        let end = self.end_state();
        self.expires_when_asked || end.at.is_some_and(|at| at.elapsed() >= self.kept_for)
    }

    fn end_state(&self) -> MutexGuard<'_, End> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Expired responses are forgotten once in so many new ones.
const SWEEP: usize = 64;

/// All of them.
#[derive(Default)]
pub(in crate::models) struct Store {
    responses: Mutex<HashMap<String, Arc<Stored>>>,
}

impl Store {
    pub(super) fn keep(&self, stored: Stored) -> Arc<Stored> {
        let stored = Arc::new(stored);
        let mut responses = self.responses();
        if responses.len() % SWEEP == SWEEP - 1 {
            responses.retain(|_, stored| !stored.is_gone());
        }
        responses.insert(stored.id.clone(), Arc::clone(&stored));
        stored
    }

    /// The response with this id, unless it is gone.
    pub(in crate::models) fn find(&self, id: &str) -> Result<Arc<Stored>, Refusal> {
        let mut responses = self.responses();
        if responses.get(id).is_some_and(|stored| stored.is_gone()) {
            responses.remove(id);
        }
        let found = responses.get(id).cloned();
        found.ok_or_else(|| Refusal::not_found(format!("Response with id '{id}' not found.")))
    }

    fn responses(&self) -> MutexGuard<'_, HashMap<String, Arc<Stored>>> {
        self.responses
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
