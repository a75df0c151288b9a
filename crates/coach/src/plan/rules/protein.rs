//! Enough protein, on the label and on the plate.

use super::{Finding, Rule, days};
use crate::brief::Brief;
use crate::food;
use crate::plan::{Day, Draft};

/// The least share of the athlete's protein.
const LEAST: f64 = 0.90;
/// The most that may be stated: this share of the athlete's, or 35 % of the day's energy where that is more (Institute of Medicine 2005).
const MOST: f64 = 1.30;
const MOST_OF_ENERGY: f64 = 0.35;

pub(super) const RULE: Rule = Rule {
    id: "protein",
    sentence: "A day states 90–130 % of the athlete's protein (or up to 35 % of energy), and its food holds at least 90 % of it.",
    check,
};

fn check(draft: &Draft, brief: &Brief) -> Vec<Finding> {
    let mut findings = Vec::new();
    let need = f64::from(brief.protein_g);
    for (place, day) in days(draft) {
        let stated = day.nutrition.protein_g as f64;
        let most = (need * MOST).max(f64::from(brief.kcal) * MOST_OF_ENERGY / 4.0);
        if stated < need * LEAST || stated > most {
            findings.push((
                format!("{place}/nutrition/protein_g"),
                format!("plan about {need} g of protein instead of {stated}"),
            ));
        }
        let eaten = eaten(day);
        if eaten < need.max(stated) * LEAST {
            findings.push((
                format!("{place}/nutrition/meals"),
                format!(
                    "the food holds {eaten:.0} g of protein of {:.0}",
                    need.max(stated)
                ),
            ));
        }
    }
    findings
}

fn eaten(day: &Day) -> f64 {
    let items = day.nutrition.meals.iter().flat_map(|meal| &meal.items);
    items
        .filter_map(|item| {
            food::find(&item.food)
                .and_then(|food| Some(food.protein_of(food.amount(&item.qty).ok()?)))
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn protein_is_enough_and_adds_up() {
        table(
            &RULE,
            gym(),
            &[
                (
                    "little on the label",
                    |draft| draft.monday.nutrition.protein_g /= 2,
                    true,
                ),
                (
                    "too much on the label",
                    |draft| draft.monday.nutrition.protein_g *= 2,
                    true,
                ),
                (
                    "none on the plate",
                    |draft| {
                        for meal in &mut draft.monday.nutrition.meals {
                            meal.items.retain(|item| {
                                food::find(&item.food).is_some_and(|food| food.protein < 5.0)
                            });
                        }
                    },
                    true,
                ),
            ],
        );
    }
}
