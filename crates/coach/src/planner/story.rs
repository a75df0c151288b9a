//! What the athlete reads: the blocks in order, the notes, and the reason of the day.

use super::chance::Chance;
use super::mobility;
use super::session::{Lift, Session};
use super::split::{Focus, PlannedDay};
use crate::brief::{Brief, Limit};
use crate::exercise::Exercise;
use crate::plan::{Block, BlockKind, Item, Workout};
use crate::profile::{Goal, Level};

/// The workout of a day.
pub(super) fn workout(brief: &Brief, day: &PlannedDay, chance: &mut Chance) -> Workout {
    match &day.session {
        Some(session) => training(brief, session, chance),
        None => rest(brief, day, chance),
    }
}

fn training(brief: &Brief, session: &Session, chance: &mut Chance) -> Workout {
    let parts = session.parts();
    let taken: Vec<&'static Exercise> = parts
        .iter()
        .flat_map(|(_, lifts)| lifts)
        .map(|lift| lift.exercise)
        .collect();
    let warm_up = mobility::warm_up(brief, session.focus, &taken, chance);
    let taken: Vec<_> = taken
        .into_iter()
        .chain(warm_up.iter().map(|lift| lift.exercise))
        .collect();
    let cool_down = mobility::cool_down(brief, session.focus, &taken, chance);
    let work = parts.into_iter().map(|(kind, lifts)| block(kind, lifts));
    let blocks = [block(BlockKind::WarmUp, warm_up.iter().collect())]
        .into_iter()
        .chain(work)
        .chain([block(BlockKind::CoolDown, cool_down.iter().collect())]);
    Workout {
        focus: session
            .focus
            .words()
            .into_iter()
            .map(str::to_owned)
            .collect(),
        blocks: blocks.filter(|block| !block.items.is_empty()).collect(),
        notes: notes(brief, session),
    }
}

pub(super) fn block(kind: BlockKind, lifts: Vec<&Lift>) -> Block {
    let item = |lift: &Lift| Item {
        exercise: lift.exercise.name.to_owned(),
        sets: lift.sets,
        reps: lift.reps.to_string(),
        rir: lift.rir,
    };
    Block {
        name: kind.name().to_owned(),
        items: lifts.into_iter().map(item).collect(),
    }
}

/// A day without a session: the seventh of seven is active recovery, the first rest day has a walk, the others are free.
fn rest(brief: &Brief, day: &PlannedDay, chance: &mut Chance) -> Workout {
    let steps = brief
        .steps
        .map(|steps| format!(" Walk your {steps} steps."))
        .unwrap_or_default();
    if brief.days == 7 {
        return Workout {
            focus: vec!["Active recovery".to_owned()],
            blocks: vec![block(
                BlockKind::Recovery,
                mobility::active_recovery(brief, 30, chance)
                    .iter()
                    .collect(),
            )],
            notes: format!(
                "You asked for seven days: six are training and this one is active recovery, because muscles grow at rest.{steps}"
            ),
        };
    }
    if day.rest_no % 2 == 1 {
        return Workout {
            focus: vec!["Rest".to_owned(), "Light movement".to_owned()],
            blocks: vec![block(
                BlockKind::Recovery,
                mobility::active_recovery(brief, 20, chance)
                    .iter()
                    .collect(),
            )],
            notes: format!(
                "A rest day: move a little if you like, nothing here should tire you.{steps}"
            ),
        };
    }
    Workout {
        focus: vec!["Rest".to_owned()],
        blocks: Vec::new(),
        notes: format!("A free day: no training.{steps}"),
    }
}

fn notes(brief: &Brief, session: &Session) -> String {
    let mut notes: Vec<String> = Vec::new();
    let lifts = !session.lifts.is_empty();
    if session.circuit {
        notes.push(
            "Go from one exercise to the next with 30 s of rest, then start the next round."
                .to_owned(),
        );
    } else if lifts && session.flow.is_empty() {
        let rest = match brief.goal {
            Goal::MuscleGain => "2 minutes",
            Goal::GeneralFitness => "90 s",
            Goal::WeightLoss | Goal::FlexibilityMobility => "75 s",
            Goal::Endurance => "60 s",
        };
        notes.push(format!(
            "Rest {rest} after compound lifts, 60 s after the others."
        ));
    }
    if lifts {
        notes.push("RIR is how many more repetitions you could still do.".to_owned());
    }
    if session
        .lifts
        .iter()
        .chain(&session.flow)
        .any(|lift| lift.exercise.unilateral)
    {
        notes.push("One-sided exercises: the number is for each side.".to_owned());
    }
    if !session.cardio.is_empty() && session.cardio.iter().all(|lift| lift.rir == 4) {
        notes.push("Cardio at a pace at which you can talk.".to_owned());
    } else if !session.cardio.is_empty() {
        notes.push("Intervals: hard but steady, rest as long as each takes.".to_owned());
    }
    if brief.limits.iter().any(|limit| limit.is_injury()) {
        notes.push("Stop at new or sharp pain.".to_owned());
    }
    joined(notes)
}

/// As many whole sentences as fit a text.
pub(crate) fn joined(sentences: Vec<String>) -> String {
    let mut text = String::new();
    for sentence in sentences {
        if text.chars().count() + sentence.chars().count() < 236 {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&sentence);
        }
    }
    text
}

/// Why the day is as it is.
pub(super) fn reason(brief: &Brief, day: &PlannedDay) -> String {
    let mut sentences = Vec::new();
    match &day.session {
        Some(session) => {
            sentences.push(purpose(brief, session).to_owned());
            if let Some(limit) = brief.limits.iter().find(|limit| limit.is_injury()) {
                sentences.push(format!(
                    "Nothing in it strains what you told us about: {limit}."
                ));
            }
        }
        None => sentences.push(match day.next {
            _ if brief.days == 7 => {
                "The seventh day is for active recovery, so that the other six can be good ones."
                    .to_owned()
            }
            Some(next) => format!(
                "Rest lets you adapt and come fresh to tomorrow's session: {}.",
                next.words()[0].to_lowercase()
            ),
            None => "Rest is when the body adapts to the training before it.".to_owned(),
        }),
    }
    if let Some(window) = brief.fasting {
        let (opens, closes) = (window.opens, window.closes());
        sentences.push(format!("Meals stay between {opens}:00 and {closes}:00."));
    }
    joined(sentences)
}

fn purpose(brief: &Brief, session: &Session) -> &'static str {
    match (session.focus, brief.goal) {
        (Focus::Intervals, _) => {
            "Intervals raise the ceiling of your endurance; the core work holds your posture when you tire."
        }
        (Focus::Steady, _) => "Long easy work builds the base of endurance and tires you little.",
        (Focus::Mixed(_), _) => {
            "Light lifts with many repetitions make you resilient, and the steady piece after them adds to your base."
        }
        (Focus::Mobility(_), _) => {
            "Drills and longer holds widen your range of motion; a little strength makes it yours to use."
        }
        (_, Goal::WeightLoss) if session.circuit => {
            "A circuit uses your minutes well: muscles are kept while you lose weight."
        }
        (_, Goal::WeightLoss) => {
            "Lifting keeps your muscles while you lose weight; the conditioning after it uses extra energy."
        }
        (focus, Goal::MuscleGain) if focus.is_leg_day() => {
            "The legs get their own day, so that their large muscles have your full energy."
        }
        (Focus::FullBody(_), Goal::MuscleGain) if brief.level == Level::Beginner => {
            "The whole body in each session: new lifts are learned fastest by doing them often."
        }
        (Focus::FullBody(_), Goal::MuscleGain) => {
            "The whole body in each session gives every muscle its weekly sets in the days you have."
        }
        (_, Goal::MuscleGain) => {
            "Each muscle is trained hard and then rests while others work, which holds more weekly sets."
        }
        _ if session.circuit => "A circuit fits strength and stamina into the minutes you have.",
        _ => {
            "Balanced strength for every large muscle, with a little for heart and lungs across the week."
        }
    }
}

impl Limit {
    /// Whether it is an injury or a condition that the athlete told us of, not age or weight.
    fn is_injury(self) -> bool {
        !matches!(
            self,
            Self::Senior | Self::Minor | Self::Underweight | Self::Unclear
        )
    }
}
