//! A block by a model: its reading of the text, and the template, read, put right, judged, and where it breaks a rule asked for once more.

use std::sync::Arc;

use durable::{Attempt, Failure};
use jiff::civil::Date;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    answer::block_template,
    ask::{Provider, Question},
    block::{Block, Template, check_template},
    brief::Brief,
    generate_weekly_plan::broken,
    prompt::{self, Prompt},
    reader::Language,
    rounds::{Rejected, ask_and_tell, checked},
};

/// What a model reads out of a text, as the answer of the prompt `reading`.
///
/// # Errors
/// The provider's.
pub(crate) async fn reading(
    provider: &Provider,
    attempt: &Attempt,
    text: &str,
    user: Uuid,
) -> Result<Value, Failure> {
    let question = Question {
        step: "reading",
        prompt: Prompt::Reading,
        turn: &prompt::reading(text),
        user,
    };
    provider.ask(attempt, question, &|_| ()).await
}

/// What a template is asked for with.
pub(crate) struct BlockQuestion {
    pub(crate) user: Uuid,
    pub(crate) turn: Value,
    pub(crate) brief: Brief,
    pub(crate) language: Language,
    pub(crate) seed: u64,
    /// Where the athlete is.
    pub(crate) today: Date,
}

/// A template and the eight weeks that it becomes.
pub(crate) struct Drafted {
    pub(crate) template: Template,
    pub(crate) block: Block,
}

impl BlockQuestion {
    /// A block by this provider, in two questions at most. `tell` hears how many days of the template are written, and of how many.
    ///
    /// # Errors
    /// The provider's; `VALIDATION_FAILED` with the ids of the rules that the second answer breaks too.
    pub(crate) async fn ask<Telling>(
        self: &Arc<Self>,
        provider: &Provider,
        attempt: &Attempt,
        tell: impl Fn(usize, usize) -> Telling,
    ) -> Result<Drafted, Failure>
    where
        Telling: Future<Output = Result<(), Failure>>,
    {
        let days = self.brief.sessions();
        let answer = async |step: &str, turn: &Value| {
            let question = Question {
                step,
                prompt: Prompt::BlockTemplate,
                turn,
                user: self.user,
            };
            ask_and_tell(provider, attempt, question, |day| tell(day, days)).await
        };
        let judged = match answer("template", &self.turn).await {
            Ok(answer) => self.judged(attempt, provider, None, answer).await?,
            Err(failure) => Err(Rejected::of_answer(failure)?),
        };
        let rejected = match judged {
            Ok(drafted) => return Ok(drafted),
            Err(rejected) => rejected,
        };
        let turn = prompt::with_corrections(&self.turn, &rejected.lines, &rejected.days);
        let answer = answer("template again", &turn).await?;
        let judged = self
            .judged(attempt, provider, rejected.draft, answer)
            .await?;
        judged.map_err(|rejected| rejected.failure)
    }

    /// The block of a template, if it breaks no rule.
    ///
    /// # Errors
    /// What it breaks.
    pub(crate) fn expand(&self, template: Template) -> Result<Drafted, Box<Rejected<Template>>> {
        let block = check_template(template.clone(), &self.brief)
            .and_then(|checked| checked.expand(self.today));
        match block {
            Ok(block) => Ok(Drafted { template, block }),
            Err(violations) => {
                let (lines, days) = block_template::corrections(&template, &violations);
                Err(Box::new(Rejected {
                    draft: Some(template),
                    lines,
                    days,
                    failure: broken(&violations),
                }))
            }
        }
    }

    async fn judged(
        self: &Arc<Self>,
        attempt: &Attempt,
        provider: &Provider,
        base: Option<Template>,
        answer: Value,
    ) -> Result<Result<Drafted, Box<Rejected<Template>>>, Failure> {
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

    /// The block of an answer, or of `base` with the days that the answer corrects.
    fn judge(
        &self,
        base: Option<Template>,
        answer: &Value,
    ) -> Result<Drafted, Box<Rejected<Template>>> {
        let brief = &self.brief;
        let read = match base {
            None => block_template::from_answer(answer, brief, self.language),
            Some(base) => Ok(block_template::corrected(
                base,
                answer,
                brief,
                self.language,
            )),
        };
        let read = read.map_err(|violations| Rejected::unreadable(broken(&violations)))?;
        self.expand(block_template::repair(read.draft, brief, self.seed))
    }
}
