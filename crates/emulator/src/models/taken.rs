//! A call that is being answered: all that is known of it, and the way from there to a player.

use std::{sync::Arc, time::Duration};

use serde_json::Value;

use super::{
    Asked, Provider,
    request::Request,
    scenario::{Ending, Step},
    script::{Pace, Script},
    wire::{Gate, Meter, Player},
};
use crate::connection::Handle;

/// Tokens of a call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usage {
    pub(super) input: usize,
    /// Of the input, those read from the cache.
    pub(super) cached: usize,
    /// Of the input, those written to the cache.
    pub(super) written: usize,
    pub(super) reasoning: usize,
    /// Reasoning included.
    pub(super) output: usize,
}

/// A call that is billed, and all that will be said to it.
pub(super) struct Taken {
    /// Unique, without the dialect's prefix.
    pub(super) id: String,
    pub(super) asked: Asked,
    pub(super) request: Request,
    pub(super) body: Value,
    /// What is said.
    pub(super) text: String,
    pub(super) ending: Ending,
    pub(super) usage: Usage,
    pub(super) omits_usage: bool,
    pub(super) steps: Vec<Step>,
    pub(super) meter: Meter,
    /// Unix seconds.
    pub(super) at: i64,
    pub(super) pace: Pace,
    /// Where a random break is.
    pub(super) draw: u64,
}

impl Taken {
    /// An empty script, or one that begins with the scenario's keep-alive lines.
    pub(super) fn script(&self, streamed: bool) -> Script {
        let mut script = Script::new(self.paced(), streamed);
        if self.asked.provider == Provider::Deepseek {
            script.wait_alive(Duration::from_secs(1));
        }
        for step in &self.steps {
            if let Step::KeepAlive(count, apart) = step {
                script.keep_alive(*count, *apart);
            }
        }
        script
    }

    /// An empty script of a stream.
    pub(super) fn bare_script(&self) -> Script {
        Script::new(self.paced(), true)
    }

    fn paced(&self) -> Pace {
        let mut pace = self.pace;
        for step in &self.steps {
            if let Step::HoldTokens(time) = step {
                pace.first += *time;
            }
        }
        pace
    }

    /// Plays a script to a connection, with the scenario's breaks.
    pub(super) fn player(&self, script: Script, connection: Handle) -> Player {
        let breaks = self.steps.iter().find_map(|step| match step {
            Step::Break(at, how) => Some((script.offset(*at, self.draw), *how)),
            _ => None,
        });
        Player {
            breaks,
            byte_by_byte: self.steps.contains(&Step::ByteByByte),
            ..Player::new(Arc::new(script), Gate::Closed, connection)
        }
    }

    pub(super) fn expires(&self) -> bool {
        self.steps.contains(&Step::Expire)
    }

    pub(super) fn resumes_to_refuse(&self) -> usize {
        let refusals = self.steps.iter().filter_map(|step| match step {
            Step::RefuseResumes(count) => Some(*count),
            _ => None,
        });
        refusals.sum()
    }
}
