//! A week whose work and food somebody else chose, made whole: warm-up, cool-down, quantities, recovery and words.

use super::chance::Chance;
use super::session::{Lift, Session};
use super::split::{self, Focus};
use super::{nutrition, recovery, story, training};
use crate::brief::Brief;
use crate::exercise::{Muscle, Pattern};
use crate::food::Food;
use crate::plan::{Block, Day, Draft, Meal, MealItem};

/// What was chosen for one day.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chosen {
    /// Everything that is trained, in order; none on a day of rest.
    pub work: Vec<Lift>,
    /// What the day is about; the planner's own words where empty.
    pub focus: Vec<String>,
    /// The foods of each meal.
    pub meals: Vec<Vec<&'static Food>>,
    /// Drills and stretches, in words; the planner's where empty.
    pub mobility: Vec<String>,
    /// Why the day is as it is; the planner's words where empty.
    pub reason: String,
}

impl Chosen {
    /// Whether the planner has its lifts done in turn with little rest.
    pub(crate) fn is_circuit(&self, brief: &Brief) -> bool {
        self.session(brief).is_some_and(|session| session.circuit)
    }

    fn session(&self, brief: &Brief) -> Option<Session> {
        if self.work.is_empty() {
            return None;
        }
        let of = |wanted: fn(Pattern) -> bool| {
            let lifts = self.work.iter();
            lifts
                .filter(|lift| wanted(lift.exercise.pattern))
                .copied()
                .collect::<Vec<Lift>>()
        };
        let cardio = of(|pattern| pattern == Pattern::Cardio);
        let flow = of(|pattern| !pattern.is_strength() && pattern != Pattern::Cardio);
        let mut lifts = of(Pattern::is_strength);
        let focus = focus(&lifts, &cardio, &flow);
        let circuit = lifts.len() > 1 && flow.is_empty() && training::is_circuit(brief, focus);
        if circuit {
            training::even_rounds(&mut lifts);
        }
        Some(Session {
            focus,
            circuit,
            lifts,
            cardio,
            flow,
            budget: brief.minutes,
        })
    }
}

/// What a session of this work is about.
fn focus(lifts: &[Lift], cardio: &[Lift], flow: &[Lift]) -> Focus {
    let core = |lift: &Lift| {
        matches!(
            lift.exercise.pattern,
            Pattern::CoreFlexion | Pattern::CoreStability
        )
    };
    let steady = cardio.iter().any(|lift| lift.reps.set_seconds() >= 240.0);
    match () {
        () if !flow.is_empty() => Focus::Mobility(0),
        () if !cardio.is_empty() && lifts.iter().all(core) => {
            if steady {
                Focus::Steady
            } else {
                Focus::Intervals
            }
        }
        () if steady => Focus::Mixed(0),
        () => by_muscles(lifts),
    }
}

fn by_muscles(lifts: &[Lift]) -> Focus {
    let sets = |muscles: &[Muscle]| -> f64 {
        let of = |lift: &Lift| {
            let share: f64 = muscles.iter().map(|one| lift.exercise.share(*one)).sum();
            share * lift.sets as f64
        };
        lifts.iter().map(of).sum()
    };
    let legs = sets(&[
        Muscle::Quads,
        Muscle::Hamstrings,
        Muscle::Glutes,
        Muscle::Calves,
    ]);
    let push = sets(&[Muscle::Chest, Muscle::Triceps]);
    let pull = sets(&[Muscle::Back, Muscle::Biceps]);
    let upper = push + pull + sets(&[Muscle::Shoulders]);
    match () {
        () if legs > 4.0 * upper => Focus::Lower(0),
        () if upper <= 4.0 * legs => Focus::FullBody(0),
        () if push > 4.0 * pull => Focus::Push(0),
        () if pull > 4.0 * push => Focus::Pull(0),
        () => Focus::Upper(0),
    }
}

/// The choice as it stands, as a draft: nothing added, nothing put right.
pub(crate) fn plain(brief: &Brief, chosen: &[Chosen; 7]) -> Draft {
    Draft::from(chosen.each_ref().map(|day| {
        let mut draft = Day::default();
        draft.workout.focus.clone_from(&day.focus);
        draft.workout.blocks = day.session(brief).as_ref().map(blocks).unwrap_or_default();
        draft.nutrition.meals = meals(&day.meals);
        draft.recovery.mobility.clone_from(&day.mobility);
        draft.reason.clone_from(&day.reason);
        draft
    }))
}

fn blocks(session: &Session) -> Vec<Block> {
    let parts = session.parts().into_iter();
    parts
        .filter(|(_, lifts)| !lifts.is_empty())
        .map(|(kind, lifts)| story::block(kind, lifts))
        .collect()
}

/// Usual servings of the chosen foods.
fn meals(chosen: &[Vec<&'static Food>]) -> Vec<Meal> {
    let item = |food: &&'static Food| MealItem {
        food: food.name.to_owned(),
        qty: food.quantity(food.portion),
    };
    let named = chosen.iter().enumerate();
    named
        .map(|(no, foods)| Meal {
            name: format!("Meal {}", no + 1),
            items: foods.iter().map(item).collect(),
        })
        .collect()
}

/// The choice as a whole week. The same seed gives the same bytes.
pub(crate) fn complete(brief: &Brief, seed: u64, chosen: [Chosen; 7]) -> Draft {
    let mut chance = Chance::new(seed);
    let sessions = chosen.iter().map(|day| day.session(brief)).collect();
    let days = split::planned(sessions);
    let foods: Vec<_> = chosen.iter().map(|day| day.meals.clone()).collect();
    let menus = nutrition::week_of(brief, &days, &foods, &mut chance);
    let mut week: [Day; 7] = Default::default();
    for (((day, planned), nutrition), own) in week.iter_mut().zip(&days).zip(menus).zip(chosen) {
        day.workout = story::workout(brief, planned, &mut chance);
        day.nutrition = nutrition;
        day.recovery = recovery::of(brief, planned, &mut chance);
        day.reason = if own.reason.is_empty() {
            story::reason(brief, planned)
        } else {
            own.reason
        };
        if planned.session.is_some() && !own.focus.is_empty() {
            day.workout.focus = own.focus;
        }
        if !own.mobility.is_empty() {
            day.recovery.mobility = own.mobility;
        }
    }
    Draft::from(week)
}
