//! A week by a model: asked for, read, put right, judged, and where it breaks a rule asked for once more.

use std::sync::Arc;

use durable::{Attempt, Failure};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    answer::weekly_plan,
    ask::{Provider, Question},
    brief::Brief,
    generate_weekly_plan::broken,
    plan::{Draft, Plan, check},
    planner::RedoType,
    profile::ProfileSnapshot,
    prompt::{self, Prompt},
    reader::Language,
    rounds::{Rejected, ask_and_tell, checked},
};

/// What a week is asked for with.
pub(crate) struct WeekQuestion {
    pub(crate) user: Uuid,
    pub(crate) profile: ProfileSnapshot,
    pub(crate) brief: Brief,
    pub(crate) language: Language,
    /// The words of a redo, else empty.
    pub(crate) reason: String,
    /// Which half of which stored days is made anew.
    pub(crate) redo: Option<(RedoType, Value)>,
    pub(crate) seed: u64,
}

impl WeekQuestion {
    /// A plan by this provider, in two questions at most.
    ///
    /// # Errors
    /// The provider's; `VALIDATION_FAILED` with the ids of the rules that the second answer breaks too.
    pub(crate) async fn ask(
        self: &Arc<Self>,
        provider: &Provider,
        attempt: &Attempt,
    ) -> Result<Plan, Failure> {
        let turn = prompt::weekly_plan(&self.profile, &self.brief, &self.reason, self.language);
        let judged = match self.answer(provider, attempt, "week", &turn).await {
            Ok(answer) => self.judged(attempt, provider, None, answer).await?,
            Err(failure) => Err(Rejected::of_answer(failure)?),
        };
        let rejected = match judged {
            Ok(plan) => return Ok(plan),
            Err(rejected) => rejected,
        };
        let turn = prompt::with_corrections(&turn, &rejected.lines, &rejected.days);
        let answer = self.answer(provider, attempt, "week again", &turn).await?;
        let judged = self
            .judged(attempt, provider, rejected.draft, answer)
            .await?;
        judged.map_err(|rejected| rejected.failure)
    }

    async fn answer(
        &self,
        provider: &Provider,
        attempt: &Attempt,
        step: &str,
        turn: &Value,
    ) -> Result<Value, Failure> {
        let prompt = Prompt::WeeklyPlan;
        let question = Question {
            step,
            prompt,
            turn,
            user: self.user,
        };
        let days = prompt
            .progress(self.brief.sessions())
            .map_or(0, |(_, count)| count);
        let tell = async |day: usize| {
            let data = json!({ "step": step, "provider": provider.name(), "day": day, "of": days });
            attempt.record("progress", &data).await
        };
        ask_and_tell(provider, attempt, question, tell).await
    }

    async fn judged(
        self: &Arc<Self>,
        attempt: &Attempt,
        provider: &Provider,
        base: Option<Draft>,
        answer: Value,
    ) -> Result<Result<Plan, Box<Rejected<Draft>>>, Failure> {
        let question = Arc::clone(self);
        let judge = move || question.judge(base, &answer);
        checked(
            attempt,
            provider.name(),
            |rejected| &rejected.failure,
            judge,
        )
        .await
    }

    /// The plan of an answer, or of `base` with the days that the answer corrects.
    fn judge(&self, base: Option<Draft>, answer: &Value) -> Result<Plan, Box<Rejected<Draft>>> {
        let brief = &self.brief;
        let read = match base {
            None => weekly_plan::from_answer(answer, brief, self.language),
            Some(base) => Ok(weekly_plan::corrected(base, answer, brief, self.language)),
        };
        let read = read.map_err(|violations| Rejected::unreadable(broken(&violations)))?;
        let draft = weekly_plan::repair(read.draft, brief, self.seed);
        let draft = match &self.redo {
            Some((part, days)) => weekly_plan::redo(draft, days, *part, brief),
            None => draft,
        };
        check(draft.clone(), brief).map_err(|violations| {
            let (lines, days) = weekly_plan::corrections(&draft, &violations, brief);
            Box::new(Rejected {
                draft: Some(draft),
                lines,
                days,
                failure: broken(&violations),
            })
        })
    }
}
