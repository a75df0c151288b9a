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
    task_cap: Option<MicroDollars>,
    caps: Vec<Cap>,
    budget: Option<Share>,
    #[serde(skip)]
    pub(crate) patience: Duration,
}

/// The most that may be spent on a scope, in a day or ever.
#[derive(Debug, Clone, Serialize)]
struct Cap {
    scope: String,
    daily: bool,
    cap: MicroDollars,
}

/// What one sending takes from a budget, beside one request.
#[derive(Debug, Clone, Serialize)]
struct Share {
    name: String,
    input_tokens: i64,
    output_tokens: i64,
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
            task_cap: None,
            caps: Vec::new(),
            budget: None,
            patience: Duration::from_secs(5),
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

    /// The name of the budget that a sending takes from.
    pub(crate) fn budget_name(&self) -> &str {
        self.budget.as_ref().map_or("", |share| &share.name)
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

    /// The most that all steps of the task may cost. A sending whose estimate would pass it, or one of the caps below, does
    /// not happen: the step fails with `SPEND_CAP`.
    #[must_use]
    pub fn task_cap(self, cap: MicroDollars) -> Self {
        Self {
            task_cap: Some(cap),
            ..self
        }
    }

    /// The most that may be spent on a scope (`user 42`, `everybody`: the caller's words) in a day of UTC.
    #[must_use]
    pub fn daily_cap(self, scope: impl Into<String>, cap: MicroDollars) -> Self {
        self.cap(scope, true, cap)
    }

    /// The most that may ever be spent on a scope.
    #[must_use]
    pub fn total_cap(self, scope: impl Into<String>, cap: MicroDollars) -> Self {
        self.cap(scope, false, cap)
    }

    fn cap(mut self, scope: impl Into<String>, daily: bool, cap: MicroDollars) -> Self {
        let scope = scope.into();
        self.caps.push(Cap { scope, daily, cap });
        self
    }

    /// Takes one request and so many tokens (estimated, then settled by the usage that the work reports) from a shared
    /// budget, which [`budget::set`](crate::budget::set) has made known. While the budget is used up nothing is sent.
    #[must_use]
    pub fn budget(self, name: impl Into<String>, input_tokens: i64, output_tokens: i64) -> Self {
        let budget = Some(Share {
            name: name.into(),
            input_tokens,
            output_tokens,
        });
        Self { budget, ..self }
    }

    /// How long a step waits for its budget inside its worker's slot, by default 5 s. Would it take longer, the task
    /// leaves its worker and comes back without a charge when the budget has room.
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }
}
