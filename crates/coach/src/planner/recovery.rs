//! Recovery: mobility, sleep and supplements, as short texts.

use super::chance::Chance;
use super::mobility::muscles;
use super::split::{Focus, PlannedDay};
use crate::brief::{Brief, Clock, Limit};
use crate::exercise::{Exercise, Muscle, Pattern, catalogue};
use crate::food::Allergen;
use crate::plan::{Recovery, SupplementCard};
use crate::profile::Goal;

/// The recovery of a day.
pub(super) fn of(brief: &Brief, day: &PlannedDay, chance: &mut Chance) -> Recovery {
    let current = brief.supplements.clone();
    let add_ons = add_ons(brief);
    Recovery {
        mobility: mobility(brief, day, chance),
        sleep: sleep(brief, day.session.is_some()),
        supplements: current
            .iter()
            .map(|one| {
                format!("{one}: as you take it now, with food unless its label says otherwise.")
            })
            .collect(),
        supplement_card: SupplementCard { current, add_ons },
    }
}

fn mobility(brief: &Brief, day: &PlannedDay, chance: &mut Chance) -> Vec<String> {
    let wanted = day
        .session
        .as_ref()
        .map_or(&[Muscle::Hips, Muscle::Back][..], |session| {
            muscles(session.focus)
        });
    let open = |pattern| {
        catalogue()
            .iter()
            .filter(move |one| one.pattern == pattern && brief.allows(one))
    };
    let serves = |one: &Exercise| {
        f64::from(u8::from(
            wanted.iter().any(|muscle| one.primary.contains(muscle)),
        ))
    };
    let drill = chance.best(open(Pattern::Mobility), 1.5, serves);
    let stretch = chance.best(open(Pattern::Stretch), 1.5, serves);
    drill.into_iter().chain(stretch).map(drill_text).collect()
}

/// A drill or stretch for a day, in words.
pub(crate) fn drill_text(exercise: &Exercise) -> String {
    let side = if exercise.unilateral {
        " each side"
    } else {
        ""
    };
    if exercise.is_timed() {
        format!("{exercise}: 30–45 s{side}, breathing calmly")
    } else {
        format!("{exercise}: 8–10 slow repetitions{side}")
    }
}

/// Seven to nine hours (National Sleep Foundation 2015; 8–10 under 18), fitted to the athlete's own times.
fn sleep(brief: &Brief, training: bool) -> Vec<String> {
    let hours = if brief.has(Limit::Minor) {
        "8 to 10"
    } else {
        "7 to 9"
    };
    let mut texts = vec![match (brief.sleep, brief.wake) {
        (Some(sleep), Some(wake)) => in_bed(sleep, wake, brief),
        (None, Some(wake)) => format!(
            "Be asleep by {} to wake at {wake} after 8 hours.",
            wake.before(480)
        ),
        (Some(sleep), None) => format!("Lights out at {sleep}; allow {hours} hours."),
        (None, None) => format!("Sleep {hours} hours, at the same times each day."),
    }];
    if brief.caffeine {
        let bed = brief.sleep.unwrap_or(Clock { minutes: 23 * 60 });
        texts.push(format!(
            "Last coffee or tea by {}, 8 hours before bed.",
            bed.before(480)
        ));
    }
    if brief.strained {
        texts.push(
            "Ten quiet minutes without a screen before bed: slow breathing or reading.".to_owned(),
        );
    } else if training {
        texts.push("Keep the bedroom cool and dark; most repair happens tonight.".to_owned());
    }
    texts
}

fn in_bed(sleep: Clock, wake: Clock, brief: &Brief) -> String {
    let minutes = (wake.minutes + 1_440 - sleep.minutes) % 1_440;
    let least = if brief.has(Limit::Minor) { 480 } else { 420 };
    if minutes < least {
        format!(
            "Your {sleep} to {wake} is short: try to be asleep by {}.",
            wake.before(least + 30)
        )
    } else {
        format!("Sleep from {sleep} to {wake}, also on free days.")
    }
}

/// What may be worth adding, by diet and goal; nothing for children, and a professional's word first in pregnancy.
fn add_ons(brief: &Brief) -> Vec<String> {
    if brief.has(Limit::Minor) {
        return Vec::new();
    }
    if brief.has(Limit::Pregnancy) {
        return vec!["Ask your doctor or midwife before adding any supplement.".to_owned()];
    }
    let taken = brief.supplements.join(" ").to_lowercase();
    let plants = brief.diet.is_plant_only();
    let no_fish = !brief.diet.has_meat_or_fish() || brief.diet.avoid.contains(&Allergen::Fish);
    let strength = matches!(
        brief.goal,
        Goal::MuscleGain | Goal::WeightLoss | Goal::GeneralFitness
    );
    [
        (
            plants,
            "b12",
            "Vitamin B12, 25–50 µg a day: plants hold none.",
        ),
        (
            strength,
            "creatine",
            "Creatine monohydrate, 3–5 g a day, any time.",
        ),
        (
            true,
            "vitamin d",
            "Vitamin D, 10–20 µg a day in months with little sun.",
        ),
        (no_fish, "omega", "Algae oil with 250 mg EPA and DHA a day."),
        (
            brief.goal == Goal::Endurance,
            "electrolyte",
            "Electrolytes in the bottle when a session is longer than an hour.",
        ),
    ]
    .into_iter()
    .filter(|(serves, name, _)| *serves && !taken.contains(name))
    .map(|(_, _, text)| text.to_owned())
    .take(3)
    .collect()
}

impl Focus {
    /// Whether it trains the legs hard.
    pub(super) fn is_leg_day(self) -> bool {
        matches!(self, Self::Lower(_) | Self::Legs(_))
    }
}
