//! Foods that fit the athlete: what a diet forbids is exchanged for its like.

use serde_json::Value;

use super::finding;
use crate::brief::Brief;
use crate::food::{self, Food, foods};
use crate::plan::Violation;

/// More meals, and more foods in one, are not read.
const MOST_MEALS: usize = 8;
const MOST_FOODS: usize = 10;

/// Reads the foods of each meal; what is not in the table is left out.
pub(super) fn read(
    list: &Value,
    place: &str,
    findings: &mut Vec<Violation>,
) -> Vec<Vec<&'static Food>> {
    let meals = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let read = |(meal_no, meal): (usize, &Value)| {
        let entries = meal.as_array().map(Vec::as_slice).unwrap_or_default();
        let mut named: Vec<&'static Food> = Vec::new();
        for (no, entry) in entries.iter().take(MOST_FOODS).enumerate() {
            match entry.as_str().and_then(food::find) {
                Some(food) if named.contains(&food) => {}
                Some(food) => named.push(food),
                None => findings.push(finding(
                    "known_names",
                    format!("{place}/{meal_no}/{no}"),
                    "no food of the table has this name: it is left out",
                )),
            }
        }
        named
    };
    meals
        .iter()
        .take(MOST_MEALS)
        .enumerate()
        .map(read)
        .collect()
}

/// The meals with foods that the athlete may eat alone, each food once a day.
pub(super) fn repair(meals: Vec<Vec<&'static Food>>, brief: &Brief) -> Vec<Vec<&'static Food>> {
    let mut eaten: Vec<&'static Food> = Vec::new();
    let fit = |foods: Vec<&'static Food>| {
        let mut kept = Vec::new();
        for food in foods {
            let open = |one: &Food| {
                brief.allows_food(one) && !eaten.iter().any(|other| other.name == one.name)
            };
            let found = if open(food) {
                Some(food)
            } else {
                like(food, open)
            };
            eaten.extend(found);
            kept.extend(found);
        }
        kept
    };
    let meals = meals.into_iter().take(usize::from(brief.meals));
    meals.map(fit).collect()
}

/// The food that does the same on the plate, for the same kind of meal, with the nearest energy and protein.
fn like(food: &Food, open: impl Fn(&Food) -> bool) -> Option<&'static Food> {
    let far = |one: &Food| {
        (one.kcal - food.kcal).abs() / 100.0 + (one.protein - food.protein).abs() / 10.0
    };
    let same = |one: &&Food| {
        one.role == food.role && one.slots.iter().any(|slot| food.slots.contains(slot))
    };
    foods()
        .iter()
        .filter(same)
        .filter(|one| open(one))
        .min_by(|one, other| far(one).total_cmp(&far(other)))
}
