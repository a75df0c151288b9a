//! From a reading to the brief that planner and checker know, with what counts where the text says nothing.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Fact, Flag, Gym, Reading, WeightUnit};
use crate::brief::{Brief, Limit, LoadUnit};
use crate::exercise::{Equipment, catalogue};
use crate::profile::{Goal, InvalidProfile, ProfileSnapshot};

/// The goal where none is named.
pub const DEFAULT_GOAL: Goal = Goal::GeneralFitness;
/// Training days where none are named: enough for every muscle twice (ACSM 2026) and kept by most.
pub const DEFAULT_DAYS: u8 = 3;

impl Reading {
    /// What the athlete trains with: the gym's where there is one, else what is at home. Empty means bodyweight, which is also
    /// what counts where nothing is said; who trains for strength and names no place is taken to have a gym.
    pub fn equipment(&self) -> BTreeSet<Equipment> {
        let silent =
            self.home.is_none() && self.home_equipment.is_empty() && self.bodyweight.is_none();
        match self.gym.as_ref().map(|gym| gym.value) {
            Some(Gym::Full) => Equipment::ALL.iter().copied().collect(),
            Some(Gym::Limited) => values(&self.gym_equipment),
            None if self.strength.is_some() && silent => Equipment::ALL.iter().copied().collect(),
            None => self.equipment_at_home(),
        }
    }

    /// What there is at home, for substitutes and days without a gym.
    pub fn equipment_at_home(&self) -> BTreeSet<Equipment> {
        values(&self.home_equipment)
    }

    /// What training must spare: injuries that are not over, and conditions.
    pub fn limits(&self) -> BTreeSet<Limit> {
        let injuries = self
            .injuries
            .iter()
            .filter(|injury| !injury.value.healed)
            .map(|injury| injury.value.part);
        let conditions = self.flags.iter().filter_map(|flag| match flag.value {
            Flag::Pregnancy | Flag::Postpartum => Some(Limit::Pregnancy),
            Flag::HighBloodPressure | Flag::HeartCondition | Flag::ChestPain => {
                Some(Limit::BloodPressure)
            }
            Flag::Under18 => Some(Limit::Minor),
            Flag::Dizziness | Flag::Fainting | Flag::RecentSurgery => Some(Limit::Unclear),
            Flag::EatingDisorder => None,
        });
        injuries.chain(conditions).collect()
    }

    /// The most technical exercises that load a part which once was hurt: left out as a caution.
    fn cautions(&self) -> impl Iterator<Item = &'static str> {
        let healed: Vec<Limit> = self
            .injuries
            .iter()
            .filter(|injury| injury.value.healed)
            .map(|injury| injury.value.part)
            .collect();
        let technical = catalogue().iter().filter(|exercise| exercise.skill == 3);
        technical
            .filter(move |exercise| healed.iter().any(|part| part.forbids(exercise)))
            .map(|exercise| exercise.slug.as_str())
    }

    /// The reading as the app would send it.
    fn snapshot(&self) -> Value {
        let mut fields = Map::new();
        let mut set = |field: &str, value: Option<Value>| {
            if let Some(value) = value {
                fields.insert(field.to_owned(), value);
            }
        };
        set(
            "goal",
            Some(json!(
                self.goal.as_ref().map_or(DEFAULT_GOAL, |goal| goal.value)
            )),
        );
        set(
            "trainingDays",
            Some(json!(
                self.days_per_week
                    .as_ref()
                    .map_or(DEFAULT_DAYS, |days| days.value)
            )),
        );
        set(
            "trainingLevel",
            self.level.as_ref().map(|level| json!(level.value)),
        );
        set(
            "sessionLength",
            self.minutes.as_ref().map(|minutes| json!(minutes.value)),
        );
        set("age", self.age.as_ref().map(|age| json!(age.value)));
        set("sex", self.sex.as_ref().map(|sex| json!(sex.value)));
        set(
            "height",
            self.height_cm.as_ref().map(|height| json!(height.value)),
        );
        set(
            "weight",
            self.weight_kg.as_ref().map(|weight| json!(weight.value)),
        );
        set(
            "goalWeight",
            self.goal_weight_kg
                .as_ref()
                .map(|weight| json!(weight.value)),
        );
        set(
            "timezone",
            self.time_zone.as_ref().map(|zone| json!(zone.value)),
        );
        set(
            "avoidExercises",
            Some(
                self.exclusions
                    .iter()
                    .map(|exclusion| json!(exclusion.value))
                    .collect(),
            ),
        );
        Value::Object(fields)
    }
}

impl Brief {
    /// The brief of a free text. What the text does not say: goal general fitness, 3 days, 60 minutes, level Intermediate, no limits,
    /// equipment as [`Reading::equipment`] says; the rest as in [`Brief::from_profile`].
    ///
    /// # Errors
    /// A number that no athlete has; the reader reads none, so this is a guard for readings that come from elsewhere.
    pub fn from_reading(reading: &Reading) -> Result<Self, InvalidProfile> {
        let mut brief = Self::from_profile(&ProfileSnapshot::parse(&reading.snapshot())?);
        brief.equipment = reading.equipment();
        brief.home_equipment = reading.equipment_at_home();
        brief.weekdays = values(&reading.weekdays);
        if reading
            .weight_unit
            .as_ref()
            .is_some_and(|unit| unit.value == WeightUnit::Pounds)
        {
            brief.load_unit = LoadUnit::Pounds;
        }
        brief.limits.extend(reading.limits());
        brief.excluded.extend(reading.cautions());
        Ok(brief)
    }
}

fn values<T: Copy + Ord>(facts: &[Fact<T>]) -> BTreeSet<T> {
    facts.iter().map(|fact| fact.value).collect()
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;
    use crate::profile::Level;

    fn brief(text: &str) -> Brief {
        Brief::from_reading(&read(text)).expect("a brief")
    }

    #[test]
    fn what_is_not_said_falls_to_the_stated_defaults() {
        let brief = brief("hello");
        assert_eq!(
            (brief.goal, brief.days, brief.level, brief.minutes),
            (Goal::GeneralFitness, 3, Level::Intermediate, 60.0)
        );
        assert!(brief.equipment.is_empty() && brief.limits.is_empty() && brief.excluded.is_empty());
    }

    #[test]
    fn a_text_becomes_what_the_planner_must_respect() {
        let brief = brief(
            "Beginner, 4 days, 45 min, dumbbells at home, bad knee, hate burpees, 70 years old, want to lose weight",
        );
        assert_eq!(
            (brief.goal, brief.days, brief.level, brief.minutes),
            (Goal::WeightLoss, 4, Level::Beginner, 45.0)
        );
        assert_eq!(brief.equipment, BTreeSet::from([Equipment::Dumbbells]));
        assert_eq!(brief.limits, BTreeSet::from([Limit::Knee, Limit::Senior]));
        assert!(brief.excluded.contains("burpee"), "{:?}", brief.excluded);
    }

    #[test]
    fn what_is_not_wanted_is_understood_by_the_catalogue_in_every_language() {
        for (text, slug) in [
            ("no running", "easy-run"),
            ("ich hasse Kniebeugen", "barbell-back-squat"),
            ("je déteste les fentes", "walking-lunge"),
            ("odio las dominadas", "pull-up"),
            ("keine Sprünge", "squat-jump"),
            ("no overhead pressing", "dumbbell-shoulder-press"),
            ("skip legs", "leg-press"),
            ("pas de soulevé de terre", "barbell-deadlift"),
        ] {
            assert!(
                brief(text).excluded.contains(slug),
                "{text}: {:?}",
                brief(text).excluded
            );
        }
    }

    #[test]
    fn a_gym_has_everything_and_a_healed_injury_is_a_soft_caution() {
        let brief = brief("Full gym, advanced. Used to have lower back pain, fine now.");
        assert_eq!(brief.equipment.len(), Equipment::ALL.len());
        assert!(brief.limits.is_empty());
        assert!(
            brief.excluded.contains("barbell-deadlift")
                && !brief.excluded.contains("dumbbell-romanian-deadlift")
        );
    }
}
