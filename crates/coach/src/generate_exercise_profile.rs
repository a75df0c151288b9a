//! The child task behind an exercise that nobody has described in an athlete's language: asked once, stored as not reviewed.

use durable::{Attempt, Child, Done, Failure, Task};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    answer::exercise_profile,
    ask::{Provider, Question},
    chain::Chain,
    exercise::{self, Exercise},
    generate_weekly_plan::broken,
    prompt::{self, Prompt},
    reader::Language,
};

/// The queue of this task.
pub const QUEUE: &str = "exercise_profile";

/// Describes an exercise of the catalogue in another language than ours.
pub struct GenerateExerciseProfile {
    chain: Chain,
}

impl GenerateExerciseProfile {
    /// With these to write it; the rules cannot.
    #[must_use]
    pub fn new(chain: Chain) -> Self {
        Self { chain }
    }
}

/// Which exercise, and in which language.
#[derive(Debug, Deserialize)]
pub struct Input {
    slug: String,
    language: Language,
}

/// The child that describes an exercise. However many plans want it, it is made once by a version of the prompt.
pub(crate) fn child(slug: &str, language: Language, version: &str) -> Child {
    let input = json!({ "slug": slug, "language": language });
    Child::new(GenerateExerciseProfile::KIND, input)
        .once(format!("{slug} {language} {version}"))
        .tolerated()
}

impl Task for GenerateExerciseProfile {
    const KIND: &'static str = "generate_exercise_profile";
    type Input = Input;

    fn subject(&self, input: &Input) -> String {
        format!("{} {}", input.slug, input.language)
    }

    async fn run(&self, input: Input, attempt: Attempt) -> Result<Done, Failure> {
        let exercise = exercise::catalogue()
            .iter()
            .find(|one| one.slug == input.slug)
            .ok_or_else(|| Failure::new("CONFIG_ERROR", "the catalogue has no such exercise"))?;
        let by = |provider| texts(provider, &attempt, exercise, input.language);
        let texts = match self.chain.ask(&attempt, by).await? {
            Ok(texts) => texts,
            Err(Some(failure)) if is_settled(&failure) => {
                return Ok(Done::Output(json!({ "described": false })));
            }
            Err(failure) => {
                let nobody = || Failure::new("CONFIG_ERROR", "there is no provider to ask");
                return Err(failure.unwrap_or_else(nobody));
            }
        };
        publish(&attempt, exercise, input.language, &texts).await?;
        count(&attempt).await;
        Ok(Done::Settled)
    }

    async fn cancel(&self, handle: Value) -> Result<(), Failure> {
        self.chain.cancel(&handle).await
    }
}

/// Whether the providers answered, if badly: that is not paid for again by the next plan, only after a change of the prompt.
fn is_settled(failure: &Failure) -> bool {
    matches!(failure, Failure::Failed { code, .. } if code == "VALIDATION_FAILED" || code == "AI_REFUSED")
}

/// By one provider, from the exercise's name alone. It is nobody's expense: all profiles together have one user's daily cap.
async fn texts(
    provider: &Provider,
    attempt: &Attempt,
    exercise: &Exercise,
    language: Language,
) -> Result<Value, Failure> {
    let turn = prompt::exercise_profile(exercise.name, language)
        .ok_or_else(|| Failure::new("CONFIG_ERROR", "the exercise has no name"))?;
    let question = Question {
        step: "profile",
        prompt: Prompt::ExerciseProfile,
        turn: &turn,
        user: Uuid::nil(),
    };
    let answer = provider.ask(attempt, question, &|_| ()).await?;
    exercise_profile::row(exercise.name, &answer, language)
        .map_err(|violations| broken(&violations))
}

/// The texts and the task's end, in one transaction.
async fn publish(
    attempt: &Attempt,
    exercise: &Exercise,
    language: Language,
    texts: &Value,
) -> Result<(), Failure> {
    let mut transaction = attempt.pool().begin().await?;
    sqlx::query_file!(
        "queries/add_exercise_texts.sql",
        exercise::row::row(exercise),
        language.name(),
        texts
    )
    .execute(&mut *transaction)
    .await?;
    attempt
        .complete(&mut transaction, &json!({ "described": true }))
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// Shows the plans that wait for it how far they are; without it they only look slower.
async fn count(attempt: &Attempt) {
    let counted = sqlx::query_file!("queries/count_profile.sql", attempt.task())
        .execute(attempt.pool())
        .await;
    if let Err(error) = counted {
        tracing::warn!(task = %attempt.task(), error = durable::describe(&error), "the plans that wait were not told");
    }
}
