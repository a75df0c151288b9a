//! On what terms a step may be begun: what a sending costs, what to do where nobody knows how one ended, how long it may take.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Money in millionths of a US dollar, exact.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct MicroDollars(pub i64);

/// What follows where an earlier attempt sent the request, left no handle, and its end is not known.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum Unsure {
    Resend,
    Park,
}

/// On what terms a step may be begun.
#[derive(Debug, Clone, Serialize)]
pub struct Policy {
    unsure: Unsure,
    estimate: MicroDollars,
    cost_cap: Option<MicroDollars>,
    time_limit: Option<f64>,
}

impl Policy {
    /// Where the end of a sending is not known it is sent again, as long as all sendings, each taken to cost `estimate`,
    /// stay within `cap`; else the step fails with `STEP_COST_CAP`.
    #[must_use]
    pub fn resend(estimate: MicroDollars, cap: MicroDollars) -> Self {
        Self {
            unsure: Unsure::Resend,
            estimate,
            cost_cap: Some(cap),
            time_limit: None,
        }
    }

    /// Where the end of a sending is not known the task is set aside until a person has called `durable.decide_step`.
    #[must_use]
    pub fn park(estimate: MicroDollars) -> Self {
        Self {
            unsure: Unsure::Park,
            cost_cap: None,
            ..Self::resend(estimate, estimate)
        }
    }

    /// For work that costs nothing and may be done twice.
    pub(crate) fn repeatable() -> Self {
        Self {
            cost_cap: None,
            ..Self::resend(MicroDollars(0), MicroDollars(0))
        }
    }

    /// Past this time from the first begin, over all attempts, the work is dropped and the step fails with
    /// `STEP_DEADLINE_EXCEEDED`.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self {
            time_limit: Some(limit.as_secs_f64()),
            ..self
        }
    }
}
