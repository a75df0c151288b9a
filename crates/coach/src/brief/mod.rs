//! The brief: what a plan must respect, as typed facts read from the athlete's profile. Planner and checker know nothing else.

mod athlete;
mod diet;
mod energy;
mod equipment;
mod exclusions;
mod limits;
mod meals;

use std::collections::BTreeSet;

pub use athlete::{Clock, LoadUnit, SplitWish, Weekday};
pub use diet::Diet;
pub use limits::Limit;
pub use meals::FastingWindow;

use crate::exercise::{Equipment, Exercise};
use crate::food::Food;
use crate::profile::{Goal, Level, ProfileSnapshot};

/// Minutes of a session when none are asked for.
pub const DEFAULT_MINUTES: f64 = 60.0;
/// Intensity, 1–10, when none is asked for.
pub const DEFAULT_INTENSITY: u8 = 5;
/// Sessions are planned for at most this many minutes: beyond it quality falls, not rises.
pub const MAX_MINUTES: f64 = 100.0;

/// What a plan must respect.
#[derive(Debug, Clone, PartialEq)]
pub struct Brief {
    /// What the athlete trains for.
    pub goal: Goal,
    /// Training days asked for, 1–7; see [`Brief::sessions`].
    pub days: u8,
    /// Experience; Intermediate when not said. Athletes under 18 train as beginners.
    pub level: Level,
    /// Length of a session in minutes, 5–100.
    pub minutes: f64,
    /// Wished intensity 1–10; 5 when not said.
    pub intensity: u8,
    /// What there is to train with; empty means bodyweight.
    pub equipment: BTreeSet<Equipment>,
    /// What there is at home for a day on which the session cannot be done; empty, the default where nothing is said: bodyweight.
    pub home_equipment: BTreeSet<Equipment>,
    /// The unit of the athlete's weights; kilograms when not said.
    pub load_unit: LoadUnit,
    /// Injuries and conditions.
    pub limits: BTreeSet<Limit>,
    /// Slugs of exercises that the athlete does not want.
    pub excluded: BTreeSet<&'static str>,
    /// Slugs of cardio that the athlete speaks of ("half marathon", "cycling").
    pub cardio_wishes: BTreeSet<&'static str>,
    /// The wished split, where one was recognised.
    pub split: Option<SplitWish>,
    /// Weekdays named for training: trained on before all others. Empty when not said.
    pub weekdays: BTreeSet<Weekday>,
    /// Days on the road: trained on only when there are no other days left.
    pub travel_days: BTreeSet<Weekday>,
    /// What may be eaten.
    pub diet: Diet,
    /// Energy of a day, kcal.
    pub kcal: u32,
    /// Protein of a day, g.
    pub protein_g: u32,
    /// Meals a day, 1–8; 3 when not said.
    pub meals: u8,
    /// The hours that meals stay within, if the athlete fasts.
    pub fasting: Option<FastingWindow>,
    /// Water of a rest day in litres: 33 ml per kg (EFSA 2010 gives 2.0 l women, 2.5 l men in all), within 1.6–4.
    pub hydration_l: f64,
    /// Supplements that the athlete takes, as text.
    pub supplements: Vec<String>,
    /// Steps a day, if there is a target.
    pub steps: Option<u32>,
    /// When the athlete wakes.
    pub wake: Option<Clock>,
    /// When the athlete goes to sleep.
    pub sleep: Option<Clock>,
    /// Whether the profile speaks of much stress or poor sleep.
    pub strained: bool,
    /// Whether caffeine is drunk at all.
    pub caffeine: bool,
}

impl Brief {
    /// Reads a profile. Free text (`injuries`, `personalGoals`, `specialRequests` …) can only add limits and exclusions, never lift one.
    pub fn from_profile(profile: &ProfileSnapshot) -> Self {
        let mut limits = limits::read(profile);
        let body = energy::Body::of(profile, &limits);
        let diet = diet::read(profile);
        if body.underweight {
            limits.insert(Limit::Underweight);
        }
        let kcal = energy::kcal(profile, &body, &limits);
        let mut brief = Self {
            goal: profile.goal,
            days: profile.training_days,
            level: athlete::level(profile, &limits),
            minutes: profile
                .session_length
                .unwrap_or(DEFAULT_MINUTES)
                .min(MAX_MINUTES),
            intensity: athlete::intensity(profile),
            equipment: equipment::read(&profile.equipment),
            home_equipment: BTreeSet::new(),
            load_unit: LoadUnit::Kilograms,
            excluded: exclusions::read_list(&profile.avoid_exercises),
            cardio_wishes: athlete::cardio_wishes(profile),
            split: athlete::split(&profile.preferred_workout_split),
            weekdays: BTreeSet::new(),
            travel_days: athlete::weekdays(&profile.travel_days),
            kcal,
            protein_g: energy::protein(profile, &body, kcal, &diet),
            meals: profile.meal_count.unwrap_or(3),
            fasting: meals::fasting(&profile.fasting_window, &limits),
            hydration_l: ((body.weight * 0.033).clamp(1.6, 4.0) * 10.0).round() / 10.0,
            supplements: athlete::short_list(&profile.supplements),
            steps: profile
                .step_target
                .map(|steps| steps as u32)
                .filter(|steps| *steps > 0),
            wake: Clock::read(&profile.wake_time),
            sleep: Clock::read(&profile.sleep_time),
            strained: athlete::strained(profile),
            caffeine: athlete::drinks_caffeine(profile),
            limits,
            diet,
        };
        for text in free_texts(profile) {
            brief = brief.with_request(text);
        }
        brief
    }

    /// The same brief with a request in the athlete's words (`redoReason`): "no burpees", "my knee hurts", "no nuts". It only ever tightens.
    #[must_use]
    pub fn with_request(mut self, request: &str) -> Self {
        self.excluded.extend(exclusions::read_text(request));
        self.limits.extend(limits::read_text(request));
        self.diet.tighten(request, false);
        self
    }

    /// Training sessions a week: the days asked for, at most six, since the seventh is active recovery.
    pub fn sessions(&self) -> usize {
        usize::from(self.days.min(6))
    }

    /// Whether an exercise fits equipment, level, limits and wishes.
    pub fn allows(&self, exercise: &Exercise) -> bool {
        self.has_equipment_for(exercise) && self.suits(exercise)
    }

    /// Whether an exercise fits level, limits and wishes, with whatever it is done.
    pub fn suits(&self, exercise: &Exercise) -> bool {
        self.is_safe(exercise)
            && !self.excluded.contains(exercise.slug.as_str())
            && exercise.skill <= self.skill()
    }

    /// Whether the athlete trains where they live anyway: everything to train with is at home.
    pub fn trains_at_home(&self) -> bool {
        self.equipment.is_subset(&self.home_equipment)
    }

    /// Whether everything that the exercise needs is there.
    pub fn has_equipment_for(&self, exercise: &Exercise) -> bool {
        exercise
            .equipment
            .iter()
            .all(|need| self.equipment.contains(need))
    }

    /// Whether no limit forbids what the exercise asks of the body.
    pub fn is_safe(&self, exercise: &Exercise) -> bool {
        !self.limits.iter().any(|limit| limit.forbids(exercise))
    }

    /// The highest skill that an exercise may ask: 1–3. With age or an unclear injury the most technical are left out.
    pub fn skill(&self) -> u8 {
        let level = match self.level {
            Level::Beginner => 2,
            Level::Intermediate | Level::Professional => 3,
        };
        let cautious = self.limits.iter().any(|limit| limit.caps_skill());
        if cautious { level.min(2) } else { level }
    }

    /// The fewest repetitions that must stay in reserve in strength work.
    pub fn min_rir(&self) -> i64 {
        let level = if self.level == Level::Beginner { 2 } else { 0 };
        self.limits
            .iter()
            .map(|limit| limit.min_rir())
            .max()
            .unwrap_or(0)
            .max(level)
    }

    /// Whether a food fits diet, allergies, dislikes and budget.
    pub fn allows_food(&self, food: &Food) -> bool {
        self.diet.allows(food)
    }

    /// Whether the athlete has this limit.
    pub fn has(&self, limit: Limit) -> bool {
        self.limits.contains(&limit)
    }
}

fn free_texts(profile: &ProfileSnapshot) -> impl Iterator<Item = &str> {
    let lists = profile
        .personal_goals
        .iter()
        .chain(&profile.perceived_lacks)
        .chain(&profile.training_style_preferences);
    lists.map(String::as_str).chain([
        profile.injuries.as_str(),
        profile.special_requests.as_str(),
        profile.plan_regeneration_request.as_str(),
    ])
}

#[cfg(test)]
mod tests;
