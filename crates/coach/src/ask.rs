//! One question to a model as a durable step: within budget and spend caps, picked up again after a crash, answered once.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use durable::{Attempt, Failure, MicroDollars, Policy, Pool, Priced, Step, budget};
use llm::{
    Answer, Breaker, Class, Error, Handle, Journal, Model, Next, Partial, Reply, Request, Resume,
    Schema,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::prompt::Prompt;

/// The most that may be spent before the next question is asked; each must hold the estimate of what is asked.
#[derive(Debug, Clone, Copy)]
pub struct Caps {
    /// By one job, its repeats included.
    pub job: MicroDollars,
    /// By one user in a day of UTC.
    pub user_day: MicroDollars,
    /// By everybody in a day of UTC.
    pub day: MicroDollars,
}

/// A model that may be asked, with what keeps it in bounds.
pub struct Provider {
    model: Box<dyn Model>,
    breaker: Mutex<Breaker>,
    /// Why the breaker is open.
    fault: Mutex<&'static str>,
    caps: Caps,
    budget: Option<String>,
}

/// What is asked, and at whose expense.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// What the step is called, unique in the task together with the provider.
    pub step: &'a str,
    /// Rules and form of the answer.
    pub prompt: Prompt,
    /// The user turn.
    pub turn: &'a Value,
    /// Who spends.
    pub user: Uuid,
}

/// What the journal keeps of a question that was answered, well or badly: it is not asked again.
#[derive(Serialize, Deserialize)]
enum Told {
    Answer(Value),
    Bad { code: String, message: String },
}

impl Provider {
    /// A model under these caps. `budget` is the name of a budget that [`durable::budget::set`] has made known; none: no limit.
    #[must_use]
    pub fn new(model: Box<dyn Model>, caps: Caps, budget: Option<String>) -> Self {
        Self {
            model,
            breaker: Mutex::default(),
            fault: Mutex::new("NETWORK_ERROR"),
            caps,
            budget,
        }
    }

    /// The provider's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.model.provider()
    }

    /// Asks, and answers with JSON of the prompt's schema. `arrived` hears how many entries of the prompt's list of progress are complete.
    ///
    /// # Errors
    /// The contract's codes (section 4), `BUDGET_EXCEEDED` for every cap; [`Failure::Later`] while the budget is used up;
    /// [`Failure::Lost`] and [`Failure::Suspended`] as from every step.
    pub async fn ask(
        &self,
        attempt: &Attempt,
        question: Question<'_>,
        arrived: &(dyn Fn(usize) + Sync),
    ) -> Result<Value, Failure> {
        let request = request(question)?;
        let pinned = json!({ "provider": self.name(), "model": self.model.model(), "version": question.prompt.version(), "turn": question.turn });
        let step = format!("{} {}", question.step, self.name());
        let list = question.prompt.progress(0).map(|(list, _)| list);
        let work = async |step: Step| self.send(attempt, step, &request, list, arrived).await;
        match attempt
            .call(&step, &pinned, self.policy(&request, question.user), work)
            .await
            .map_err(in_the_contracts_words)?
        {
            Told::Answer(answer) => Ok(answer),
            Told::Bad { code, message } => Err(Failure::new(code, message)),
        }
    }

    /// Stops the work behind a handle that [`Provider::ask`] has left in the journal. What is another provider's is left alone.
    ///
    /// # Errors
    /// The contract's codes; to be tried again.
    pub async fn cancel(&self, handle: &Value) -> Result<(), Failure> {
        match handle_of(handle).filter(|handle| handle.provider == self.name()) {
            Some(handle) => self
                .model
                .cancel(&handle)
                .await
                .map_err(|error| failure(&error)),
            None => Ok(()),
        }
    }

    fn policy(&self, request: &Request, user: Uuid) -> Policy {
        let estimate = self.model.estimate(request);
        let policy = Policy::resend(money(estimate.cost), self.caps.job)
            .task_cap(self.caps.job)
            .daily_cap(format!("user {user}"), self.caps.user_day)
            .daily_cap("everybody", self.caps.day);
        match &self.budget {
            Some(budget) => policy.budget(
                budget,
                whole(estimate.input_tokens),
                whole(estimate.output_tokens),
            ),
            None => policy,
        }
    }

    /// One sending, or the rest of one that an earlier attempt began.
    async fn send(
        &self,
        attempt: &Attempt,
        mut step: Step,
        request: &Request,
        list: Option<&'static str>,
        arrived: &(dyn Fn(usize) + Sync),
    ) -> Result<Priced<Told>, Failure> {
        let mut resume = resume_of(&step);
        if resume.is_none() {
            self.admit(&mut step).await?;
        }
        loop {
            let mut journal = StepJournal {
                step: &mut step,
                failure: None,
                list,
                arrived,
                complete: 0,
            };
            let asked = self.model.ask(request, &mut journal, resume.take()).await;
            if let Some(failure) = journal.failure {
                return Err(failure);
            }
            let error = match asked {
                Ok(answer) => {
                    lock(&self.breaker).succeeded();
                    self.heed(attempt.pool(), &answer.rate_limits, None).await;
                    return Ok(priced(answer));
                }
                Err(error) => error,
            };
            self.note(attempt, &error).await?;
            if error.class != Class::HandleGone {
                return self.failed(step, error).await;
            }
            // Whether the provider was paid is not known: the step's policy decides whether it is asked anew.
            step.lose_handle().await?;
        }
    }

    /// Refuses while the breaker is open; nothing was sent then.
    async fn admit(&self, step: &mut Step) -> Result<(), Failure> {
        let Err(until) = lock(&self.breaker).admit(Instant::now()) else {
            return Ok(());
        };
        step.withdraw().await?;
        Err(Failure::Failed {
            code: (*lock(&self.fault)).to_owned(),
            message: format!(
                "{} is not asked for a while, since it keeps failing",
                self.name()
            ),
            retry_after: Some(until.saturating_duration_since(Instant::now())),
        })
    }

    /// Tells the breaker, the budget and the task's log of a failed call. The provider's own words stand in the log alone.
    async fn note(&self, attempt: &Attempt, error: &Error) -> Result<(), Failure> {
        let facts = &error.facts;
        if lock(&self.breaker).failed(error, Instant::now()) {
            *lock(&self.fault) = error.code();
            tracing::error!(
                provider = self.name(),
                code = error.code(),
                "a provider is not asked for a minute"
            );
        }
        let retry_after = match error.class {
            Class::RateLimit { retry_after } => retry_after,
            _ => None,
        };
        self.heed(attempt.pool(), &facts.rate_limits, retry_after)
            .await;
        let data = json!({
            "provider": facts.provider, "code": error.code(), "status": facts.status, "request_id": facts.request_id,
            "provider_code": facts.provider_code, "provider_text": facts.provider_text,
        });
        attempt.record("model_failed", &data).await
    }

    /// Lowers the budget to what the provider says is left.
    async fn heed(&self, pool: &Pool, limits: &llm::RateLimits, retry_after: Option<Duration>) {
        let Some(name) = &self.budget else {
            return;
        };
        let left = |allowance: Option<llm::Allowance>| {
            let allowance = allowance?;
            Some(budget::Left {
                remaining: whole(allowance.remaining?),
                resets_in: allowance.reset?,
            })
        };
        let lowered =
            budget::lower(pool, name, left(limits.requests), left(limits.tokens), None).await;
        let blocked = match retry_after {
            Some(time) => budget::block(pool, name, time).await,
            None => Ok(()),
        };
        if let Err(error) = lowered.and(blocked) {
            tracing::warn!(
                budget = name,
                error = durable::describe(&error),
                "a provider's limits were not heeded"
            );
        }
    }

    /// What becomes of a step whose call failed.
    async fn failed(&self, mut step: Step, error: Error) -> Result<Priced<Told>, Failure> {
        let facts = &error.facts;
        let settled = matches!(
            error.class,
            Class::Truncated | Class::Empty | Class::Refused | Class::Validation { .. }
        );
        if settled {
            let told = Told::Bad {
                code: error.code().to_owned(),
                message: error.to_string(),
            };
            let spent = facts.spent.as_ref();
            return Ok(Priced {
                output: told,
                cost: Some(spent.map_or(MicroDollars(0), |spent| money(spent.cost))),
                usage: spent.map_or(Value::Null, |spent| usage(&spent.usage)),
            });
        }
        if facts.spent.is_none() && facts.handle.is_none() {
            step.withdraw().await?;
        }
        Err(failure(&error))
    }
}

/// The step's journal, as the model door tells it of a call's way.
struct StepJournal<'a> {
    step: &'a mut Step,
    /// Why the call was stopped.
    failure: Option<Failure>,
    list: Option<&'static str>,
    arrived: &'a (dyn Fn(usize) + Sync),
    complete: usize,
}

impl StepJournal<'_> {
    fn next(&mut self, kept: Result<(), Failure>) -> Next {
        match kept {
            Ok(()) => Next::GoOn,
            Err(failure) => {
                self.failure = Some(failure);
                Next::Stop
            }
        }
    }
}

impl Journal for StepJournal<'_> {
    fn accepted<'a>(&'a mut self, handle: &'a Handle) -> Reply<'a, Next> {
        Box::pin(async move {
            let handle = json!({ "provider": handle.provider, "id": handle.id });
            let kept = self.step.keep_handle(handle).await;
            self.next(kept)
        })
    }

    fn progress<'a>(&'a mut self, partial: Partial<'a>) -> Reply<'a, Next> {
        Box::pin(async move {
            let complete = self.list.map_or(0, |list| {
                llm::progress::complete_elements(partial.text, list)
            });
            if complete > self.complete {
                self.complete = complete;
                (self.arrived)(complete);
            }
            // Without a handle nobody can go on from here.
            if self.step.handle().is_none() {
                return Next::GoOn;
            }
            let partial = json!({ "cursor": partial.cursor, "text": partial.text });
            let kept = self.step.keep_partial(&partial).await;
            self.next(kept)
        })
    }
}

fn request(question: Question<'_>) -> Result<Request, Failure> {
    let prompt = question.prompt;
    let schema = Schema::new(prompt.name(), prompt.schema())
        .and_then(|schema| schema.with_example(prompt.example()))
        .map_err(|error| Failure::new("CONFIG_ERROR", error.to_string()))?;
    Ok(Request {
        system: prompt.system().to_owned(),
        user: question.turn.to_string(),
        schema: schema.into(),
        max_output_tokens: prompt.max_output_tokens(),
        temperature: None,
    })
}

fn resume_of(step: &Step) -> Option<Resume> {
    let handle = handle_of(step.handle()?)?;
    let partial = step.partial();
    Some(Resume {
        handle,
        cursor: partial.and_then(|partial| partial["cursor"].as_u64()),
        text: partial
            .and_then(|partial| partial["text"].as_str())
            .unwrap_or_default()
            .to_owned(),
    })
}

fn handle_of(handle: &Value) -> Option<Handle> {
    Some(Handle {
        provider: handle["provider"].as_str()?.to_owned(),
        id: handle["id"].as_str()?.to_owned(),
    })
}

fn priced(answer: Answer) -> Priced<Told> {
    Priced {
        output: Told::Answer(answer.value),
        cost: Some(money(answer.spent.cost)),
        usage: usage(&answer.spent.usage),
    }
}

/// As the engine's budgets read it, with what a bill is made of.
fn usage(usage: &llm::Usage) -> Value {
    json!({
        "input_tokens": usage.input, "cached_input_tokens": usage.cached_input, "cache_write_tokens": usage.cache_write,
        "output_tokens": usage.output, "reasoning_tokens": usage.reasoning, "estimated": usage.estimated,
    })
}

fn failure(error: &Error) -> Failure {
    Failure::Failed {
        code: error.code().to_owned(),
        message: error.to_string(),
        retry_after: match error.class {
            Class::RateLimit { retry_after } => retry_after,
            _ => None,
        },
    }
}

/// The engine's caps are one to the contract.
fn in_the_contracts_words(failure: Failure) -> Failure {
    match failure {
        Failure::Failed { code, message, .. }
            if ["STEP_COST_CAP", "SPEND_CAP", "BUDGET_TOO_SMALL"].contains(&code.as_str()) =>
        {
            Failure::new("BUDGET_EXCEEDED", message)
        }
        other => other,
    }
}

fn money(cost: llm::MicroDollars) -> MicroDollars {
    MicroDollars(whole(cost.0))
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
