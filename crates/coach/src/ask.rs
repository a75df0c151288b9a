//! One question to a model as a durable step: within budget and spend caps, picked up again after a crash, answered once.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use durable::{Attempt, Failure, MicroDollars, Policy, Pool, Priced, Step, budget};
use llm::{
    Answer, Breaker, Class, Error, Handle, Journal, Model, Next, Partial, Reply, Request, Resume,
    Schema, Turn,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{alert, prompt::Prompt, provider_health};

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
    guard: Mutex<Guard>,
    caps: Caps,
    budget: Option<String>,
}

/// What keeps a provider from being asked while it fails.
struct Guard {
    breaker: Breaker,
    /// Why the breaker is open.
    fault: &'static str,
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
            guard: Mutex::new(Guard {
                breaker: Breaker::default(),
                fault: "NETWORK_ERROR",
            }),
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
    /// A step stands for one question of a job, whatever its words: where other prompts or another model were deployed since, an answer that
    /// is in the journal is used, what the provider makes under a handle is gone on with, and only what is asked anew is asked as of now.
    /// The event `model_asked` and the step's usage say which model and prompt it was.
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
        let name = format!("{} {}", question.step, self.name());
        let call = Call {
            request: &request,
            pinned: json!({ "step": name, "provider": self.name(), "model": self.model.model(),
                "prompt": question.prompt.name(), "version": question.prompt.version() }),
            list: question.prompt.progress(0).map(|(list, _)| list),
            arrived,
        };
        let work = async |step: Step| self.send(attempt, step, &call).await;
        match attempt
            .call(&name, &(), self.policy(&request, question.user), work)
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
        call: &Call<'_>,
    ) -> Result<Priced<Told>, Failure> {
        let mut resume = resume_of(&step);
        let mut lost_one = false;
        if resume.is_none() {
            self.admit(&mut step).await?;
            attempt.record("model_asked", &call.pinned).await?;
        }
        loop {
            let mut journal = StepJournal {
                step: &mut step,
                failure: None,
                list: call.list,
                arrived: call.arrived,
                complete: 0,
            };
            let asked = self
                .model
                .ask(call.request, &mut journal, resume.take())
                .await;
            if let Some(failure) = journal.failure {
                return Err(failure);
            }
            let error = match asked {
                Ok(answer) => {
                    let turn = lock(&self.guard).breaker.succeeded();
                    self.tell(attempt, turn, "").await;
                    self.heed(attempt.pool(), &answer.rate_limits, None).await;
                    return Ok(call.answered(answer));
                }
                Err(error) => error,
            };
            self.note(attempt, &error).await?;
            if error.class != Class::HandleGone {
                return failed(step, call, error).await;
            }
            // Whether the provider was paid is not known: the step's policy decides whether it is asked anew. Not twice in a row.
            if lost_one {
                return Err(failure(&error));
            }
            lost_one = true;
            step.lose_handle().await?;
        }
    }

    /// Refuses while the breaker is open; nothing was sent then.
    async fn admit(&self, step: &mut Step) -> Result<(), Failure> {
        let refused = {
            let mut guard = lock(&self.guard);
            let admitted = guard.breaker.admit(Instant::now());
            admitted.err().map(|until| (until, guard.fault))
        };
        let Some((until, fault)) = refused else {
            return Ok(());
        };
        step.withdraw().await?;
        Err(Failure::Failed {
            code: fault.to_owned(),
            message: format!(
                "{} is not asked for a while, since it keeps failing",
                self.name()
            ),
            retry_after: Some(until.saturating_duration_since(Instant::now())),
        })
    }

    /// Tells the breaker, the operator, the budget and the task's log of a failed call. The provider's own words stand in the log alone.
    async fn note(&self, attempt: &Attempt, error: &Error) -> Result<(), Failure> {
        let facts = &error.facts;
        let turn = self.turned_by(error);
        self.tell(attempt, turn, error.code()).await;
        let pool = attempt.pool();
        alert::raise(pool, self.name(), error.code(), turn == Turn::Opened).await;
        let retry_after = match error.class {
            Class::RateLimit { retry_after } => retry_after,
            _ => None,
        };
        self.heed(pool, &facts.rate_limits, retry_after).await;
        let data = json!({
            "provider": facts.provider, "code": error.code(), "status": facts.status, "request_id": facts.request_id,
            "provider_code": facts.provider_code, "provider_text": facts.provider_text,
        });
        attempt.record("model_failed", &data).await
    }

    /// Tells the breaker of a failed call.
    fn turned_by(&self, error: &Error) -> Turn {
        let mut guard = lock(&self.guard);
        let turn = guard.breaker.failed(error, Instant::now());
        if turn == Turn::Opened {
            guard.fault = error.code();
        }
        turn
    }

    /// Tells whoever looks that the breaker turned.
    async fn tell(&self, attempt: &Attempt, turn: Turn, code: &str) {
        let (pool, task) = (attempt.pool(), attempt.task());
        match turn {
            Turn::None => {}
            Turn::Opened => {
                provider_health::opened(pool, self.name(), task, code, Breaker::OPEN).await;
            }
            Turn::Closed => {
                provider_health::closed(pool, self.name(), task).await;
                alert::settle(pool, self.name()).await;
            }
        }
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
}

/// A question on its way to the model.
struct Call<'a> {
    request: &'a Request,
    /// Which model is asked by which prompt, for the job's events and its bill.
    pinned: Value,
    list: Option<&'static str>,
    arrived: &'a (dyn Fn(usize) + Sync),
}

impl Call<'_> {
    fn answered(&self, answer: Answer) -> Priced<Told> {
        let mut usage = self.usage(Some(&answer.spent.usage));
        usage["request_id"] = json!(answer.request_id);
        Priced {
            output: Told::Answer(answer.value),
            cost: Some(money(answer.spent.cost)),
            usage,
        }
    }

    /// As the engine's budgets read it, with what a bill is made of.
    fn usage(&self, usage: Option<&llm::Usage>) -> Value {
        let mut bill = self.pinned.clone();
        if let Some(usage) = usage {
            bill["input_tokens"] = json!(usage.input);
            bill["cached_input_tokens"] = json!(usage.cached_input);
            bill["cache_write_tokens"] = json!(usage.cache_write);
            bill["output_tokens"] = json!(usage.output);
            bill["reasoning_tokens"] = json!(usage.reasoning);
            bill["estimated"] = json!(usage.estimated);
        }
        bill
    }
}

/// What becomes of a step whose call failed.
async fn failed(mut step: Step, call: &Call<'_>, error: Error) -> Result<Priced<Told>, Failure> {
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
        let mut usage = call.usage(spent.map(|spent| &spent.usage));
        usage["request_id"] = json!(facts.request_id);
        return Ok(Priced {
            output: told,
            cost: Some(spent.map_or(MicroDollars(0), |spent| money(spent.cost))),
            usage,
        });
    }
    if facts.spent.is_none() && facts.handle.is_none() {
        step.withdraw().await?;
    }
    Err(failure(&error))
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

/// A schema, or why it is none.
type Built = Result<Arc<Schema>, String>;

/// The schema of each prompt, built once: its validator takes longer than many a question's other work.
static SCHEMAS: LazyLock<BTreeMap<Prompt, Built>> = LazyLock::new(|| {
    let build = |prompt: Prompt| {
        Schema::new(prompt.name(), prompt.schema())
            .and_then(|schema| schema.with_example(prompt.example()))
            .map(Arc::new)
            .map_err(|error| error.to_string())
    };
    let prompts = Prompt::ALL.iter();
    prompts.map(|prompt| (*prompt, build(*prompt))).collect()
});

fn request(question: Question<'_>) -> Result<Request, Failure> {
    let prompt = question.prompt;
    let schema = match SCHEMAS.get(&prompt) {
        Some(Ok(schema)) => Arc::clone(schema),
        Some(Err(error)) => return Err(Failure::new("CONFIG_ERROR", error.clone())),
        None => return Err(Failure::new("CONFIG_ERROR", "the prompt has no schema")),
    };
    Ok(Request {
        system: prompt.system().to_owned(),
        user: question.turn.to_string(),
        schema,
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
