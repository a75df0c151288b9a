//! A socket's membership of one topic: where its frames go, whom they are for, and what it wants to hear of.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::bindings::Binding;
use super::frames;
use super::lane::Identity;
use super::outbox::{Outbox, Outgoing};

/// What every topic of a channel begins with.
pub(super) const PREFIX: &str = "realtime:";

/// A joined channel.
#[derive(Debug)]
pub(super) struct Member {
    /// Unique in this process.
    pub(super) id: u64,
    pub(super) topic: String,
    /// What the client calls this stay.
    pub(super) join_ref: Option<String>,
    pub(super) outbox: Arc<Outbox>,
    /// As whom its changes are checked.
    pub(super) identity: Arc<Identity>,
    pub(super) bindings: Arc<[Binding]>,
    /// Whether its own broadcasts come back to it.
    pub(super) hears_itself: bool,
    over: AtomicBool,
    warned: AtomicBool,
}

impl Member {
    /// A membership that has just begun.
    pub(super) fn new(
        id: u64,
        (topic, join_ref): (String, Option<String>),
        outbox: Arc<Outbox>,
        identity: Arc<Identity>,
        bindings: Arc<[Binding]>,
        hears_itself: bool,
    ) -> Self {
        Self {
            id,
            topic,
            join_ref,
            outbox,
            identity,
            bindings,
            hears_itself,
            over: AtomicBool::new(false),
            warned: AtomicBool::new(false),
        }
    }

    /// Whether it has ended: nothing is to be sent to it any more.
    pub(super) fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    /// Ends it without a word.
    pub(super) fn end(&self) {
        self.over.store(true, Ordering::Release);
    }

    /// Ends it so that its client joins anew: a channel that is closed never comes back, one that failed does.
    pub(super) fn fail(&self, extension: &str, reason: &str) {
        if !self.over.swap(true, Ordering::AcqRel) {
            self.send(
                "system",
                &frames::system(extension, "error", reason, self.name()),
            );
            let join_ref = self.join_ref.as_deref();
            self.outbox.send(Outgoing {
                join_ref,
                reference: join_ref,
                topic: &self.topic,
                event: "phx_error",
                payload: "{}",
            });
        }
    }

    /// Tells it once that changes are withheld.
    pub(super) fn warn(&self, reason: &str) {
        if !self.warned.swap(true, Ordering::AcqRel) {
            let payload = frames::system("postgres_changes", "error", reason, self.name());
            self.send("system", &payload);
        }
    }

    /// Sends it an event that answers nothing.
    pub(super) fn send(&self, event: &str, payload: &str) {
        self.outbox.send(Outgoing {
            join_ref: None,
            reference: None,
            topic: &self.topic,
            event,
            payload,
        });
    }

    /// The topic without its prefix, as the app named it.
    pub(super) fn name(&self) -> &str {
        self.topic.strip_prefix(PREFIX).unwrap_or(&self.topic)
    }
}
