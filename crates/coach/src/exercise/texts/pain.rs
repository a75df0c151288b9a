//! Which part of the body an exercise asks most of, when to stop, and what to do instead. Not medical advice.
//!
//! The stop rule (pain above 3 of 10, or new pain) and the injury map are those of `brief::Limit`.

use super::Written;
use crate::brief::Limit;
use crate::exercise::{Exercise, Pattern, Tag, catalogue};

/// The joint that the movement itself loads, tags aside.
fn usual(pattern: Pattern) -> Option<Limit> {
    match pattern {
        Pattern::Squat | Pattern::Lunge | Pattern::KneeExtension | Pattern::KneeFlexion => {
            Some(Limit::Knee)
        }
        Pattern::Hinge | Pattern::CoreFlexion | Pattern::CoreStability | Pattern::Carry => {
            Some(Limit::LowerBack)
        }
        Pattern::HorizontalPush | Pattern::VerticalPush | Pattern::ShoulderAbduction => {
            Some(Limit::Shoulder)
        }
        Pattern::HorizontalPull | Pattern::VerticalPull => Some(Limit::Shoulder),
        Pattern::ElbowFlexion | Pattern::ElbowExtension => Some(Limit::Elbow),
        Pattern::Calf | Pattern::Balance => Some(Limit::Ankle),
        Pattern::Cardio | Pattern::Mobility | Pattern::Stretch => None,
    }
}

const JOINTS: [Limit; 8] = [
    Limit::Shoulder,
    Limit::LowerBack,
    Limit::Knee,
    Limit::Wrist,
    Limit::Elbow,
    Limit::Neck,
    Limit::Hip,
    Limit::Ankle,
];

/// The joints to mind, by its tags; else the usual one of its pattern.
pub(super) fn joints(exercise: &Exercise) -> Vec<Limit> {
    let tagged: Vec<_> = JOINTS
        .into_iter()
        .filter(|joint| joint.forbids(exercise))
        .collect();
    match (tagged.as_slice(), usual(exercise.pattern)) {
        ([], Some(joint)) => vec![joint],
        _ => tagged,
    }
}

use Pattern::*;

/// What a coach does instead when a joint hurts in a movement, the best first. Taken is the first that needs no other equipment.
const INSTEAD: &[(Limit, &[Pattern], &[&str])] = &[
    (
        Limit::Shoulder,
        &[HorizontalPush],
        &[
            "Dumbbell Floor Press",
            "Barbell Floor Press",
            "Band Chest Press",
            "Incline Push-Up",
            "Wall Push-Up",
        ],
    ),
    (
        Limit::Shoulder,
        &[VerticalPush],
        &["Landmine Press", "Incline Push-Up"],
    ),
    (
        Limit::Shoulder,
        &[ShoulderAbduction],
        &["Wall Lateral Press"],
    ),
    (
        Limit::Shoulder,
        &[HorizontalPull, VerticalPull],
        &[
            "Neutral-Grip Pulldown",
            "Machine Row",
            "Band Seated Row",
            "Wall Row Lean",
        ],
    ),
    (
        Limit::Shoulder,
        &[ElbowExtension],
        &[
            "Triceps Pushdown",
            "Band Pushdown",
            "Dumbbell Kickback",
            "Wall Triceps Press",
        ],
    ),
    (
        Limit::Shoulder,
        &[CoreFlexion, CoreStability],
        &["Dead Bug", "Reverse Crunch"],
    ),
    (
        Limit::Neck,
        &[VerticalPush],
        &["Landmine Press", "Incline Push-Up"],
    ),
    (
        Limit::Neck,
        &[VerticalPull, HorizontalPull],
        &[
            "Neutral-Grip Pulldown",
            "Machine Row",
            "Band Seated Row",
            "Wall Row Lean",
        ],
    ),
    (Limit::Neck, &[CoreFlexion, CoreStability], &["Dead Bug"]),
    (
        Limit::Wrist,
        &[HorizontalPush, ElbowExtension],
        &["Dumbbell Floor Press", "Band Chest Press", "Wall Push-Up"],
    ),
    (Limit::Wrist, &[VerticalPush], &["Wall Slide Press"]),
    (Limit::Wrist, &[CoreStability], &["Dead Bug"]),
    (
        Limit::Elbow,
        &[ElbowFlexion],
        &[
            "Hammer Curl",
            "Cable Hammer Curl",
            "Band Hammer Curl",
            "Towel Curl",
        ],
    ),
    (
        Limit::Elbow,
        &[ElbowExtension],
        &[
            "Triceps Pushdown",
            "Band Pushdown",
            "Dumbbell Kickback",
            "Wall Triceps Press",
        ],
    ),
    (Limit::Elbow, &[VerticalPull], &["Neutral-Grip Pull-Up"]),
    (
        Limit::Knee,
        &[Squat],
        &[
            "Barbell Box Squat",
            "Dumbbell Box Squat",
            "Kettlebell Box Squat",
            "Band Box Squat",
            "Chair Squat",
            "Glute Bridge",
        ],
    ),
    (
        Limit::Knee,
        &[Lunge],
        &[
            "Dumbbell Romanian Deadlift",
            "Kettlebell Deadlift",
            "Band Pull-Through",
            "Chair Squat",
            "Glute Bridge",
        ],
    ),
    (Limit::Knee, &[KneeFlexion], &["Glute Bridge"]),
    (Limit::Knee, &[KneeExtension], &["Straight-Leg Raise"]),
    (
        Limit::LowerBack,
        &[Squat],
        &[
            "Dumbbell Box Squat",
            "Kettlebell Box Squat",
            "Leg Press",
            "Chair Squat",
        ],
    ),
    (
        Limit::LowerBack,
        &[Hinge],
        &[
            "Barbell Hip Thrust",
            "Barbell Glute Bridge",
            "Dumbbell Glute Bridge",
            "Kettlebell Glute Bridge",
            "Band Glute Bridge",
            "Glute Bridge",
            "Frog Pump",
        ],
    ),
    (
        Limit::LowerBack,
        &[HorizontalPull],
        &[
            "Chest-Supported Dumbbell Row",
            "Machine Row",
            "One-Arm Dumbbell Row",
            "Band Seated Row",
            "Wall Row Lean",
        ],
    ),
    (
        Limit::LowerBack,
        &[VerticalPush],
        &["Half-Kneeling Dumbbell Press", "Wall Slide Press"],
    ),
    (
        Limit::LowerBack,
        &[CoreFlexion, CoreStability, Carry],
        &["Dead Bug", "Bird Dog"],
    ),
    (Limit::LowerBack, &[Lunge], &["Split Squat"]),
    (
        Limit::LowerBack,
        &[Cardio],
        &["Stationary Bike", "Brisk Walk"],
    ),
    (
        Limit::Knee,
        &[Cardio],
        &["Stationary Bike", "Treadmill Incline Walk", "Shadow Boxing"],
    ),
    (Limit::Hip, &[Cardio], &["Stationary Bike", "Brisk Walk"]),
    (
        Limit::Ankle,
        &[Cardio],
        &["Stationary Bike", "Shadow Boxing"],
    ),
    (Limit::Wrist, &[Cardio], &["Step Touch"]),
    (
        Limit::Shoulder,
        &[Cardio],
        &["Stationary Bike", "Brisk Walk"],
    ),
    (Limit::Neck, &[Cardio], &["Stationary Bike", "Brisk Walk"]),
    (Limit::Ankle, &[Calf], &["Standing Calf Raise"]),
    (Limit::Ankle, &[Balance], &["Supported Single-Leg Stand"]),
];

/// The first of the coach's list that spares the joint and needs nothing more; else the gentler exercise of its own entry.
fn instead(exercise: &Exercise, joint: Limit) -> Option<&'static Exercise> {
    let of_list = INSTEAD
        .iter()
        .filter(|(part, patterns, _)| *part == joint && patterns.contains(&exercise.pattern))
        .flat_map(|(_, _, names)| *names);
    let list: Vec<_> = of_list.copied().collect();
    // An exercise that is itself on the list goes on from its own place: the later ones ask less.
    let own = list
        .iter()
        .position(|name| *name == exercise.name)
        .map_or(0, |place| place + 1);
    list[own..]
        .iter()
        .chain(&Written::of(exercise).easier)
        .find_map(|name| {
            let other = catalogue().iter().find(|one| one.name == *name)?;
            let no_more = other
                .equipment
                .iter()
                .all(|need| exercise.equipment.contains(need));
            let spares = !joint.forbids(other) && other.slug != exercise.slug;
            // A gentler exercise of the same movement helps only where a demand of this one is the trouble.
            let another =
                joint.forbids(exercise) || other.pattern != exercise.pattern || list.contains(name);
            (no_more && spares && another).then_some(other)
        })
}

pub(super) fn protocol(exercise: &Exercise) -> String {
    let mut text = match exercise.pattern {
        Cardio => "Stop at once for chest pain, dizziness, fainting or unusual breathlessness and get help. Stop for joint pain above 3 of 10.".to_owned(),
        Pattern::Mobility | Pattern::Stretch => "A mild pull is right; sharp pain, tingling or numbness is not: ease off, and stop if it stays above 3 of 10.".to_owned(),
        _ => format!("Muscle effort in {} is right; pain above 3 of 10, or sharp, new or spreading pain is not: stop the set.", super::effort::muscles(exercise)),
    };
    for joint in joints(exercise) {
        text.push_str(&format!(" {}", joint_rule(exercise, joint)));
    }
    for (tag, rule) in [
        (
            Tag::Valsalva,
            "With high blood pressure, a heart condition, a hernia or pelvic floor trouble: only lighter, breathing out on effort, and with a doctor's word.",
        ),
        (
            Tag::Supine,
            "After the first third of a pregnancy choose a position off the back.",
        ),
        (Tag::Prone, "In pregnancy choose a position off the belly."),
        (
            Tag::Grip,
            "When fingers or forearm ache, shorten the sets or change the grip.",
        ),
    ] {
        if exercise.has(tag) {
            text.push_str(&format!(" {rule}"));
        }
    }
    text.push_str(" Pain that is still there the next day, or comes back twice: see a professional before going on.");
    text
}

fn joint_rule(exercise: &Exercise, joint: Limit) -> String {
    let first_aid = match joint {
        Limit::Shoulder if exercise.has(Tag::Overhead) => "stop below the height that hurts",
        Limit::Shoulder => "shorten the range and keep the elbows closer to the body",
        Limit::LowerBack => "lighten, shorten the range and brace again; no rounding under load",
        Limit::Knee => "go less deep and slower",
        Limit::Wrist => "use fists, handles or a higher support for the hands",
        Limit::Elbow => "lighten and do not lock or drop into the end",
        Limit::Neck => "rest the head and lower the effort",
        Limit::Hip => "narrow the range or the stance until the pinch is gone",
        Limit::Ankle => "hold on to something and lower the heels less",
        _ => "lower the effort",
    };
    let part = capital(joint.name());
    match instead(exercise, joint) {
        Some(other) => format!(
            "{part}: {first_aid}; if it still hurts, do {} instead.",
            other.name
        ),
        None => format!(
            "{part}: {first_aid}; if it still hurts, leave {} out.",
            exercise.name
        ),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}
