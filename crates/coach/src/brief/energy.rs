//! How much to eat: energy and protein of a day.

use std::collections::BTreeSet;

use super::diet::Diet;
use super::limits::Limit;
use crate::profile::{Activity, Goal, ProfileSnapshot, Sex};

/// The body that the formulas need. What the profile does not say is filled in: 35 years; 175 cm (men), 162 cm (women), 168 cm;
/// a weight of BMI 24.
pub(super) struct Body {
    pub age: f64,
    pub height: f64,
    pub weight: f64,
    pub sex: Option<Sex>,
    /// A BMI under 18.5, known from the athlete's own numbers (adults only).
    pub underweight: bool,
}

impl Body {
    pub(super) fn of(profile: &ProfileSnapshot, limits: &BTreeSet<Limit>) -> Self {
        let height = profile.height.unwrap_or(match profile.sex {
            Some(Sex::Male) => 175.0,
            Some(Sex::Female) => 162.0,
            None => 168.0,
        });
        let metres = height / 100.0;
        let weight = profile.weight.unwrap_or(24.0 * metres * metres);
        let known = profile.height.is_some() && profile.weight.is_some();
        Self {
            age: profile.age.unwrap_or(35.0),
            height,
            weight,
            sex: profile.sex,
            underweight: known
                && weight / (metres * metres) < 18.5
                && !limits.contains(&Limit::Minor),
        }
    }

    /// Energy at rest, kcal a day: Mifflin and St Jeor 1990 (Am J Clin Nutr 51:241). Without a sex, the mean of both.
    fn resting(&self) -> f64 {
        let by_sex = match self.sex {
            Some(Sex::Male) => 5.0,
            Some(Sex::Female) => -161.0,
            None => -78.0,
        };
        10.0 * self.weight + 6.25 * self.height - 5.0 * self.age + by_sex
    }

    /// The least energy that a plan gives without a doctor: 1,200 kcal for women, 1,500 for men (NHLBI 1998, low-calorie diets);
    /// 1,500 where the sex is not known.
    fn floor(&self) -> f64 {
        if self.sex == Some(Sex::Female) {
            1_200.0
        } else {
            1_500.0
        }
    }
}

/// Multipliers of energy at rest, the usual ones with this formula (McArdle, Katch & Katch, Exercise Physiology).
/// Without a word on activity: light, or moderate from four training days.
fn activity_factor(profile: &ProfileSnapshot) -> f64 {
    let unsaid = if profile.training_days >= 4 {
        Activity::Moderate
    } else {
        Activity::Light
    };
    match profile.activity_level.unwrap_or(unsaid) {
        Activity::Sedentary => 1.2,
        Activity::Light => 1.375,
        Activity::Moderate => 1.55,
        Activity::Very => 1.725,
        Activity::Extra => 1.9,
    }
}

/// Energy of a day in kcal, to the nearest 10: the athlete's own target, else what the body uses, less 15 % for weight loss, plus
/// 10 % for muscle gain. Never under the floor; never a deficit in growth, pregnancy or low body weight; at most 5,000 unless asked for.
pub(super) fn kcal(profile: &ProfileSnapshot, body: &Body, limits: &BTreeSet<Limit>) -> u32 {
    let maintenance = body.resting() * activity_factor(profile);
    let by_goal = match profile.goal {
        Goal::WeightLoss => 0.85,
        Goal::MuscleGain => 1.10,
        _ => 1.0,
    };
    let wished = profile
        .daily_calorie_target
        .unwrap_or((maintenance * by_goal).min(5_000.0));
    let no_deficit = [Limit::Minor, Limit::Pregnancy, Limit::Underweight]
        .iter()
        .any(|limit| limits.contains(limit));
    let least = if no_deficit {
        maintenance.min(5_000.0)
    } else {
        0.0
    };
    (wished.max(least).max(body.floor()) / 10.0).round() as u32 * 10
}

/// Protein of a day in g: 2.2 g per kg for weight loss and muscle gain, 1.8 for the other goals (Morton 2018: 1.6, upper bound 2.2).
/// The kg are those of the body, at most of a BMI of 30, or the goal weight where that is less and weight is to be lost.
/// At most 35 % of energy (Institute of Medicine 2005), 27 % without meat and fish, 25 % from plants alone.
pub(super) fn protein(profile: &ProfileSnapshot, body: &Body, kcal: u32, diet: &Diet) -> u32 {
    let metres = body.height / 100.0;
    let mut reference = body.weight.min(30.0 * metres * metres);
    let losing = profile.goal == Goal::WeightLoss;
    if let Some(goal) = profile
        .goal_weight
        .filter(|goal| losing && *goal < reference)
    {
        reference = goal.max(18.5 * metres * metres).min(reference);
    }
    let per_kg = if matches!(profile.goal, Goal::WeightLoss | Goal::MuscleGain) {
        2.2
    } else {
        1.8
    };
    let share = if diet.is_plant_only() {
        0.25
    } else if diet.has_meat_or_fish() {
        0.35
    } else {
        0.27
    };
    (reference * per_kg)
        .min(f64::from(kcal) * share / 4.0)
        .round() as u32
}
