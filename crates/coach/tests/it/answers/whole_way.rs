//! Both flows from the athlete to what is stored, as a task walks them, with our own good model in place of a provider's.

use coach::answer::sound::sound_answer;
use coach::answer::{block_template, reading, weekly_plan};
use coach::block::{Block, check_template};
use coach::brief::Brief;
use coach::plan::{Plan, Violation, check};
use coach::prompt::{self, Prompt};
use coach::reader::{self, Language};
use coach::{gate, generate_weekly_plan, generate_workout_plan};
use jiff::civil::date;
use serde_json::{Value, json};

/// What a provider would be asked, and what it would answer.
fn ask(prompt: Prompt, turn: &Value) -> Value {
    assert!(
        !prompt.system().is_empty()
            && !prompt.schema().is_empty()
            && prompt.max_output_tokens() > 0
    );
    let turn: Value = serde_json::from_str(&turn.to_string()).expect("JSON");
    sound_answer(prompt.name(), &turn).expect("a prompt of ours")
}

fn week_of(snapshot: &Value, first: Option<Value>, seed: u64) -> Result<Plan, Vec<Violation>> {
    let (profile, brief) =
        generate_weekly_plan::brief_of(snapshot, "").expect("an athlete who may train");
    let language = gate::language(&profile, "");
    let turn = prompt::weekly_plan(&profile, &brief, "", language);
    let answer = first.unwrap_or_else(|| ask(Prompt::WeeklyPlan, &turn));
    let read = weekly_plan::from_answer(&answer, &brief, language)?;
    let draft = weekly_plan::repair(read.draft, &brief, seed);
    check(draft.clone(), &brief).or_else(|broken| {
        let (lines, days) = weekly_plan::corrections(&draft, &broken, &brief);
        let answer = ask(
            Prompt::WeeklyPlan,
            &prompt::with_corrections(&turn, &lines, &days),
        );
        let read = weekly_plan::corrected(draft, &answer, &brief, language);
        check(weekly_plan::repair(read.draft, &brief, seed), &brief)
    })
}

fn block_of(text: &str, seed: u64) -> Result<Block, Vec<Violation>> {
    let code = reader::read(text);
    gate::of_reading(&code).expect("an athlete who may train");
    let reading = reading::merge(&code, &ask(Prompt::Reading, &prompt::reading(text)), text);
    let brief: Brief = generate_workout_plan::brief_of(&reading).expect("a brief");
    let language = reading.language.unwrap_or(Language::En);
    let turn = prompt::block_template(text, &reading, &brief, None);
    let today = date(2026, 11, 22);
    let judged =
        |template| check_template(template, &brief).and_then(|template| template.expand(today));
    let read = block_template::from_answer(&ask(Prompt::BlockTemplate, &turn), &brief, language)?;
    let draft = block_template::repair(read.draft, &brief, seed);
    judged(draft.clone()).or_else(|broken| {
        let (lines, days) = block_template::corrections(&draft, &broken);
        let answer = ask(
            Prompt::BlockTemplate,
            &prompt::with_corrections(&turn, &lines, &days),
        );
        let read = block_template::corrected(draft, &answer, &brief, language);
        judged(block_template::repair(read.draft, &brief, seed))
    })
}

#[test]
fn a_profile_becomes_a_week() {
    let snapshot = json!({"goal": "MUSCLE_GAIN", "trainingDays": 4, "equipment": ["Gym"], "injuries": "bad shoulder", "dietaryPrefs": ["Vegan"]});
    week_of(&snapshot, None, 1).expect("a plan");
}

#[test]
fn a_profile_becomes_a_week_though_the_first_answer_is_nearly_empty() {
    let snapshot = json!({"goal": "WEIGHT_LOSS", "trainingDays": 3, "equipment": ["Dumbbells"]});
    let poor = json!({"days": [{"day": "friday", "focus": "", "work": [], "meals": [], "mobility": [], "why": ""}]});
    week_of(&snapshot, Some(poor), 1).expect("a plan");
}

#[test]
fn a_text_becomes_a_block_in_four_languages() {
    for text in [
        "Full gym, 4 days a week, 60 min, bad shoulder, want to build muscle, 34 years old.",
        "Ich bin Anfängerin, habe Kurzhanteln zu Hause, 3 Tage die Woche, 40 Minuten, Knieschmerzen.",
        "Je veux perdre du poids, 3 séances par semaine de 45 minutes, à la maison sans matériel.",
        "Quiero ganar músculo, 5 días a la semana, gimnasio completo, odio los burpees.",
    ] {
        let block = block_of(text, 1).unwrap_or_else(|broken| panic!("{text}: {broken:#?}"));
        assert_eq!(block.courses()[0].weeks.len(), 8);
    }
}
