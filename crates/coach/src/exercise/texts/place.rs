//! What an exercise needs, where it can be done, and what changes from place to place.

use super::written::Written;
use super::{all_of, one_of};
use crate::exercise::Equipment::{self, *};
use crate::exercise::{Exercise, Load, Pattern, Tag, catalogue};

/// Things of a household: the phrases of a setup that ask for one, its name in a list, and what must stand firm.
const HOUSEHOLD: &[(&[&str], &str, Option<&str>)] = &[
    (&[" chair"], "a steady chair", Some("the chair")),
    (&["wall"], "a wall", None),
    (&["towel"], "a towel", None),
    (&[" table"], "a strong table", Some("the table")),
    (&[" sofa"], "a sofa", Some("the sofa")),
    (
        &["stair", "steady step", "low step", "or step"],
        "a stair or low step",
        Some("the step"),
    ),
    (&["doorway"], "a doorway", None),
    (&["behind a door"], "a door that locks", Some("the door")),
    (&["on a mat", "thick mat"], "a mat", None),
    (&["sturdy bag"], "a sturdy bag", None),
    (&["shoes"], "shoes with grip", None),
];

/// Things that only a gym has, as a rule.
const GYM: &[Equipment] = &[Machines, Cables, Rack, Landmine, DipBars, BattleRope];
/// Things that fit in a bag.
const PORTABLE: &[Equipment] = &[Bands, JumpRope, Suspension];

pub(super) fn required_equipment(exercise: &Exercise, written: &Written) -> String {
    let at_hand = at_hand(written);
    if exercise.equipment.is_empty() {
        return match at_hand.as_slice() {
            [] => "No equipment, only a clear space of about two square meters.".to_owned(),
            things => format!("No gym equipment. At hand: {}.", all_of(things)),
        };
    }
    let things: Vec<_> = exercise
        .equipment
        .iter()
        .map(|one| thing(*one, exercise, written))
        .collect();
    let tip = match exercise.equipment.first() {
        Some(Dumbbells | Barbell | Kettlebell) if exercise.load == Load::External => {
            " Begin with a weight that leaves three clean repetitions."
        }
        Some(Bands) => " Check the band for tears before each use.",
        Some(Machines | Cables) if exercise.load == Load::External => {
            " Begin with the lightest plates to find the path."
        }
        _ => "",
    };
    let needs = all_of(&things);
    let mut letters = needs.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}.{tip}", letters.as_str())
}

fn at_hand(written: &Written) -> Vec<&'static str> {
    household(written).map(|(thing, _)| thing).collect()
}

fn household(written: &Written) -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
    let setup = written.setup.to_lowercase();
    HOUSEHOLD
        .iter()
        .filter(move |(phrases, ..)| phrases.iter().any(|phrase| setup.contains(phrase)))
        .map(|(_, thing, firm)| (*thing, *firm))
}

fn machine(name: &str) -> &'static str {
    match name {
        "Leg Press" | "Leg Press Calf Raise" => "a leg press",
        "Hack Squat Machine" => "a hack squat machine",
        "Smith Machine Squat" | "Smith Machine Bench Press" => "a Smith machine",
        "Back Extension" => "a back extension bench",
        "Machine Chest Press" => "a chest press machine",
        "Machine Shoulder Press" => "a shoulder press machine",
        "Pec Deck" | "Reverse Pec Deck" => "a pec deck",
        "Machine Row" => "a rowing machine with a chest pad",
        "Machine-Assisted Dip" | "Machine-Assisted Pull-Up" => {
            "an assisted dip and pull-up machine"
        }
        "Lying Leg Curl" => "a lying leg curl machine",
        "Seated Leg Curl" => "a seated leg curl machine",
        "Leg Extension" => "a leg extension machine",
        "Machine Calf Raise" => "a standing calf machine",
        "Seated Calf Raise" => "a seated calf machine",
        "Machine Preacher Curl" => "a preacher curl machine",
        "Machine Lateral Raise" => "a lateral raise machine",
        "Hip Abduction Machine" => "a hip abduction machine",
        "Hip Adduction Machine" => "a hip adduction machine",
        "Stair Climber Machine" => "a stair climber",
        _ => "the machine of its name",
    }
}

fn thing(equipment: Equipment, exercise: &Exercise, written: &Written) -> &'static str {
    let setup = written.setup.to_lowercase();
    match equipment {
        Dumbbells
            if setup.contains("one dumbbell")
                || !(setup.contains("dumbbells")
                    || setup.contains("each hand")
                    || setup.contains("each side")) =>
        {
            "one dumbbell"
        }
        Dumbbells => "a pair of dumbbells",
        Bands if exercise.name == "Lateral Band Walk" => "a short loop band",
        Bands => "a long resistance band",
        Kettlebell => "one kettlebell",
        Barbell if exercise.name.starts_with("EZ") => "an angled (EZ) bar with plates",
        Barbell if exercise.name.starts_with("Plate") => "one weight plate",
        Barbell => "a barbell with plates and collars",
        Rack => "a rack with safety bars",
        Bench => "a sturdy bench",
        PullUpBar => "a pull-up bar that holds your weight",
        DipBars => "two parallel dip bars",
        Landmine => "a landmine pivot",
        Cables => "a cable pulley",
        Machines => machine(exercise.name),
        Suspension => "suspension straps on a safe anchor",
        Box => "a steady box of knee height or lower",
        JumpRope => "a jump rope",
        Bike => "a stationary bike",
        Rower => "a rowing machine",
        Elliptical => "an elliptical trainer",
        Treadmill => "a treadmill",
        BattleRope => "a battle rope on a fixed anchor",
    }
}

pub(super) fn workout_location(exercise: &Exercise, written: &Written) -> String {
    let needs = |set: &[Equipment]| exercise.equipment.iter().any(|one| set.contains(one));
    let things: Vec<_> = exercise
        .equipment
        .iter()
        .map(|one| thing(*one, exercise, written))
        .collect();
    if exercise.equipment.is_empty() || exercise.equipment.iter().all(|one| PORTABLE.contains(one))
    {
        let with = if things.is_empty() {
            at_hand(written)
        } else {
            things
        };
        return match with.as_slice() {
            [] => format!(
                "Anywhere: at home, outdoors, in a hotel room or in a gym; {} needs floor space only.",
                exercise.name
            ),
            with => format!(
                "Anywhere with {}: at home, on the road or in a gym.",
                all_of(with)
            ),
        };
    }
    if needs(GYM) {
        return format!("Gym, or a home gym with {}.", all_of(&things));
    }
    format!("Home or gym, wherever there is {}.", all_of(&things))
}

/// The nearest exercise of the same movement (or else the same muscle) that needs nothing.
fn at_home(exercise: &Exercise) -> Option<&'static Exercise> {
    let nearness = |one: &&Exercise| {
        let shared = one
            .primary
            .iter()
            .filter(|muscle| exercise.primary.contains(muscle))
            .count();
        (
            one.pattern == exercise.pattern,
            one.group == exercise.group,
            shared,
            one.staple,
            std::cmp::Reverse((one.tags.len(), one.skill)),
        )
    };
    catalogue()
        .iter()
        .filter(|one| {
            one.equipment.is_empty() && one.pattern.is_strength() == exercise.pattern.is_strength()
        })
        .filter(|one| {
            one.pattern == exercise.pattern
                || one
                    .primary
                    .iter()
                    .any(|muscle| exercise.primary.contains(muscle))
        })
        .max_by_key(nearness)
}

pub(super) fn special_rules(exercise: &Exercise, written: &Written) -> String {
    format!(
        "Home: {} Gym: {}",
        at_home_rule(exercise, written),
        in_gym_rule(exercise)
    )
}

fn at_home_rule(exercise: &Exercise, written: &Written) -> String {
    let needs = |one: Equipment| exercise.equipment.contains(&one);
    let instead = || match at_home(exercise) {
        Some(other) => format!("do {} instead", other.name),
        None => "leave it for the gym".to_owned(),
    };
    if exercise.equipment.iter().any(|one| GYM.contains(one)) {
        let what: Vec<_> = exercise
            .equipment
            .iter()
            .filter(|one| GYM.contains(one))
            .map(|one| thing(*one, exercise, written))
            .collect();
        return format!("without {}, {}.", one_of(&what), instead());
    }
    let mut rules = Vec::new();
    if needs(Bands) || needs(Suspension) {
        rules.push(
            "test the anchor or the footing of the band or strap with a light pull first"
                .to_owned(),
        );
    }
    if needs(PullUpBar) {
        rules.push("hang from a fixed bar, not from one that is only clamped and worn".to_owned());
    }
    if needs(Bench) {
        rules.push("a bench must not rock; two chairs are no bench".to_owned());
    }
    if [Dumbbells, Kettlebell, Barbell]
        .iter()
        .any(|one| needs(*one))
    {
        rules.push(
            "lay a mat where the weight is set down and keep children and pets away".to_owned(),
        );
    }
    let firm: Vec<_> = household(written).filter_map(|(_, firm)| firm).collect();
    if exercise.equipment.is_empty() && !firm.is_empty() {
        rules.push(format!(
            "check first that {} cannot slide, tip or open",
            all_of(&firm)
        ));
    }
    if exercise.has(Tag::Impact) {
        rules.push(
            "wear shoes, use a firm mat, and step instead of jumping where neighbors live below"
                .to_owned(),
        );
    }
    if exercise.has(Tag::Overhead) && !exercise.equipment.is_empty() && !needs(PullUpBar) {
        rules.push("check the height of the ceiling with straight arms".to_owned());
    }
    if !exercise.equipment.is_empty() && at_home(exercise).is_some() {
        rules.push(format!("without this equipment, {}", instead()));
    }
    if rules.is_empty() {
        rules.push(match exercise.pattern {
            Pattern::Cardio => format!("{} fits into short blocks of five to ten minutes through the day", exercise.name),
            Pattern::Stretch | Pattern::Mobility => "a warm room and a quiet corner are enough; a few minutes a day do more than an hour on Sunday".to_owned(),
            _ => format!("a non-slip floor or mat and room to stretch out are all that {} takes", exercise.name),
        });
    }
    format!("{}.", rules.join("; "))
}

fn in_gym_rule(exercise: &Exercise) -> String {
    let needs = |one: Equipment| exercise.equipment.contains(&one);
    let rule = if needs(Rack) {
        "set the safety bars before the first set and put collars on the bar"
    } else if needs(Barbell) {
        "put collars on the bar, clear the floor around it and strip the plates afterward"
    } else if exercise.name.starts_with("Smith") {
        "set the stops just below your lowest point and practice the hooks with the empty bar"
    } else if needs(Machines) {
        "set the seat and pads to your size first, note the settings, and fix the pin fully"
    } else if needs(Cables) {
        "note the pulley height and pin, and let the stack down quietly"
    } else if needs(Dumbbells) || needs(Kettlebell) {
        "train an arm's length away from the stand, do not drop the weights, and return them"
    } else if needs(Bands) || needs(Suspension) {
        "anchor to a rack or frame that is bolted down, not to a light machine"
    } else if needs(PullUpBar) || needs(DipBars) {
        "use a step to reach and leave the bars, and dry your hands"
    } else if exercise
        .equipment
        .iter()
        .any(|one| [Bike, Rower, Elliptical, Treadmill].contains(one))
    {
        "wipe the machine, note its settings, and learn the stop button before you start"
    } else if exercise.pattern == Pattern::Cardio {
        "use an aisle or mat area with free space, or a cardio machine of the same effort"
    } else {
        "a mat in the stretching area is enough; keep weights and people out of reach"
    };
    format!("{rule}.")
}
