//! The catalogue and the food table as a model reads them: grouped, so that few tokens say what each needs and asks.

use std::collections::BTreeMap;

use crate::exercise::{Exercise, Load, Mechanic, Pattern, catalogue};
use crate::food::{self, Food, Origin, Role};

/// All exercises by pattern and needs: slug, marks, and in braces what it asks of the body.
pub(super) fn exercises() -> String {
    let mut text = "Exercises, by pattern and needs. Marks: `*` skill 3, `s` counted in seconds, `i` isolation, `2x` each side, in braces the tags.\n".to_owned();
    for pattern in Pattern::ALL {
        text.push_str(&format!("\n{}\n", pattern.name()));
        let mut by_needs: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for exercise in catalogue().iter().filter(|one| one.pattern == *pattern) {
            by_needs
                .entry(needs(exercise))
                .or_default()
                .push(marked(exercise));
        }
        for (needs, exercises) in by_needs {
            text.push_str(&format!("- {needs}: {}\n", exercises.join(", ")));
        }
    }
    text
}

fn needs(exercise: &Exercise) -> String {
    if exercise.equipment.is_empty() {
        return "nothing".to_owned();
    }
    let names: Vec<_> = exercise.equipment.iter().map(|one| one.name()).collect();
    names.join(" + ")
}

fn marked(exercise: &Exercise) -> String {
    let mark = |holds: bool, mark: &str| {
        if holds {
            mark.to_owned()
        } else {
            String::new()
        }
    };
    let tags: Vec<_> = exercise.tags.iter().map(|tag| tag.name()).collect();
    [
        exercise.slug.clone(),
        mark(exercise.skill == 3, "*"),
        mark(exercise.load == Load::Timed, " s"),
        mark(
            exercise.pattern.is_strength() && exercise.mechanic == Mechanic::Isolation,
            " i",
        ),
        mark(exercise.unilateral, " 2x"),
        mark(!tags.is_empty(), &format!("{{{}}}", tags.join(" "))),
    ]
    .concat()
}

/// All foods by what they do on the plate: name, and in brackets origin, allergens and price.
pub(super) fn foods() -> String {
    let mut text = "Foods, by what they do on the plate. In brackets: origin where it is no plant, allergens after `!`, `$` for dear.\n".to_owned();
    for role in Role::ALL {
        let named: Vec<String> = food::foods()
            .iter()
            .filter(|one| one.role == *role)
            .map(labelled)
            .collect();
        text.push_str(&format!("- {}: {}\n", role.name(), named.join("; ")));
    }
    text
}

fn labelled(food: &Food) -> String {
    let origins = food.origins.iter().filter(|one| **one != Origin::Plant);
    let labels: Vec<String> = origins
        .map(|one| one.name().to_owned())
        .chain(food.allergens.iter().map(|one| format!("!{}", one.name())))
        .chain((food.cost == 3).then(|| "$".to_owned()))
        .collect();
    if labels.is_empty() {
        food.name.to_owned()
    } else {
        format!("{} [{}]", food.name, labels.join(" "))
    }
}
