//! The week: a draft is what anyone may propose, a plan is what the checker let through.

mod check;
mod draft;
mod reps;
pub mod rules;
mod session;
mod volume;

pub use check::{Plan, Violation, check, check_days};
pub use draft::{
    Block, BlockKind, Day, Draft, Item, Meal, MealItem, Nutrition, Recovery, StrengthItem,
    SupplementCard, Workout,
};
pub use reps::Reps;
pub(crate) use session::{exercise_minutes, level_caps, minutes_with_rest};
pub use session::{rest_seconds, session_minutes, warm_up_minutes, weekly_set_capacity};
pub use volume::{MINIMUM_CAPACITY, session_sets, weekly_minimum, weekly_sets};
