//! The way that Mesocycle replaces, as a baseline: one long answer with every row of eight weeks, then the texts of each exercise,
//! two calls at a time.

use std::sync::Arc;

use anyhow::{Context, anyhow};
use coach::{generate_workout_plan, prompt::Prompt, reader, reader::Language};
use emulator::{Asked, Emulator};
use llm::{
    Answer, Journal, Model, Next, Partial, Reply, Request, Schema,
    models::{OpenAiChat, OpenAiOptions},
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::plan::{ATHLETE, endpoint};

/// What the baseline says to the model; short, since its answer is what costs.
const SYSTEM: &str = "Write an eight-week workout plan for this athlete. One entry for every exercise of every day of every week, as JSON.";
/// Calls for texts of exercises at once.
const PROFILES_AT_ONCE: usize = 2;

/// Nothing is kept on the way: a crash begins anew.
struct NoJournal;

impl Journal for NoJournal {
    fn accepted<'a>(&'a mut self, _: &'a llm::Handle) -> Reply<'a, Next> {
        Box::pin(async { Next::GoOn })
    }

    fn progress<'a>(&'a mut self, _: Partial<'a>) -> Reply<'a, Next> {
        Box::pin(async { Next::GoOn })
    }
}

/// Makes the plan; how many texts of exercises it asked for.
pub(crate) async fn run(emulator: &Emulator) -> anyhow::Result<usize> {
    let options = OpenAiOptions {
        endpoint: endpoint(emulator)?,
        effort: None,
    };
    let model = Arc::new(OpenAiChat::new(&options)?);
    let plan = ask(&*model, SYSTEM, ATHLETE.to_owned(), entries_schema()?).await?;
    let mut names: Vec<String> = plan.value["entries"]
        .as_array()
        .context("no entries")?
        .iter()
        .filter_map(|entry| Some(entry["exercise"].as_str()?.to_owned()))
        .collect();
    names.sort();
    names.dedup();
    let mut left = names.iter().cloned();
    let mut running = JoinSet::new();
    loop {
        while running.len() < PROFILES_AT_ONCE {
            let Some(name) = left.next() else { break };
            let model = Arc::clone(&model);
            running.spawn(async move { profile(&*model, &name).await });
        }
        match running.join_next().await {
            Some(done) => done??,
            None => return Ok(names.len()),
        };
    }
}

async fn profile(model: &OpenAiChat, name: &str) -> anyhow::Result<Answer> {
    let prompt = Prompt::ExerciseProfile;
    let turn = coach::prompt::exercise_profile(name, Language::En).context("no name")?;
    let schema = Schema::new(prompt.name(), prompt.schema())?;
    ask(model, prompt.system(), turn.to_string(), schema).await
}

async fn ask(
    model: &OpenAiChat,
    system: &str,
    user: String,
    schema: Schema,
) -> anyhow::Result<Answer> {
    let request = Request {
        system: system.to_owned(),
        user,
        schema: schema.into(),
        max_output_tokens: 32_000,
        temperature: None,
    };
    model
        .ask(&request, &mut NoJournal, None)
        .await
        .map_err(|error| anyhow!("{error}"))
}

/// The columns of a row as such apps have them written out.
fn entries_schema() -> anyhow::Result<Schema> {
    const TEXTS: [&str; 10] = [
        "day_name",
        "day",
        "exercise",
        "reps",
        "weight",
        "time",
        "equipment",
        "notes",
        "streak_exercise",
        "streak_exercise_notes",
    ];
    let mut properties: serde_json::Map<String, Value> = TEXTS
        .iter()
        .map(|name| ((*name).to_owned(), json!({ "type": "string" })))
        .collect();
    for name in ["week_number", "position", "sets"] {
        properties.insert(name.to_owned(), json!({ "type": "integer" }));
    }
    let required: Vec<_> = properties.keys().cloned().collect();
    let entry = json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false });
    let schema = json!({
        "type": "object", "required": ["entries"], "additionalProperties": false,
        "properties": { "entries": { "type": "array", "items": entry } },
    });
    Ok(Schema::new("entries", &schema.to_string())?)
}

/// What a model answers to the baseline's first question: the rows of a sound block; none for another question.
pub(crate) fn answer(asked: &Asked) -> Option<String> {
    if !asked.system().starts_with(SYSTEM) {
        return None;
    }
    let reading = reader::read(&asked.user());
    let brief = generate_workout_plan::brief_of(&reading).ok()?;
    let today = jiff::civil::date(2026, 11, 22);
    let block = generate_workout_plan::make_block(&brief, asked.seed, today).ok()?;
    let rows = block.to_json()["entries"]
        .as_array()?
        .iter()
        .map(written_out)
        .collect::<Vec<_>>();
    Some(json!({ "entries": rows }).to_string())
}

/// A row with every column said, in compact JSON.
fn written_out(entry: &Value) -> Value {
    let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let name = |slug: &str| text(slug).replace('-', " ");
    json!({
        "week_number": entry["week_number"], "position": entry["position"], "sets": entry["sets"],
        "day_name": text("day_name"), "day": text("day"), "exercise": name("exercise"), "reps": text("reps"),
        "weight": text("weight"), "time": text("time"), "equipment": text("equipment"), "notes": text("notes"),
        "streak_exercise": name("streak_exercise"), "streak_exercise_notes": text("streak_exercise_notes"),
    })
}
