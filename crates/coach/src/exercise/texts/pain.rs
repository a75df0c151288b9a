//! Which part of the body an exercise asks most of, when to stop, and what to do instead. Not medical advice.
//!
//! The stop rule (pain above 3 of 10, or new pain) and the injury map are those of `brief::Limit`.

use crate::brief::Limit;
use crate::exercise::{Exercise, Pattern, Tag, catalogue};

/// The joint that the movement itself loads, tags aside.
fn usual(pattern: Pattern) -> Option<Limit> {
    match pattern {
        Pattern::Squat | Pattern::Lunge | Pattern::KneeExtension | Pattern::KneeFlexion => Some(Limit::Knee),
        Pattern::Hinge | Pattern::CoreFlexion | Pattern::CoreStability | Pattern::Carry => Some(Limit::LowerBack),
        Pattern::HorizontalPush | Pattern::VerticalPush | Pattern::ShoulderAbduction => Some(Limit::Shoulder),
        Pattern::HorizontalPull | Pattern::VerticalPull => Some(Limit::Shoulder),
        Pattern::ElbowFlexion | Pattern::ElbowExtension => Some(Limit::Elbow),
        Pattern::Calf | Pattern::Balance => Some(Limit::Ankle),
        Pattern::Cardio | Pattern::Mobility | Pattern::Stretch => None,
    }
}

const JOINTS: [Limit; 8] =
    [Limit::Shoulder, Limit::LowerBack, Limit::Knee, Limit::Wrist, Limit::Elbow, Limit::Neck, Limit::Hip, Limit::Ankle];

/// The joints to mind, by its tags; else the usual one of its pattern.
pub(super) fn joints(exercise: &Exercise) -> Vec<Limit> {
    let tagged: Vec<_> = JOINTS.into_iter().filter(|joint| joint.forbids(exercise)).collect();
    match (tagged.as_slice(), usual(exercise.pattern)) {
        ([], Some(joint)) => vec![joint],
        _ => tagged,
    }
}

/// An exercise that needs nothing more, trains one of the same muscles and spares the joint: of the same movement if there is one.
fn instead(exercise: &Exercise, joint: Limit) -> Option<&'static Exercise> {
    let spares = |one: &Exercise| !joint.forbids(one) && (joint.forbids(exercise) || usual(one.pattern) != Some(joint));
    let nearness = |one: &&Exercise| {
        let shared = one.primary.iter().filter(|muscle| exercise.primary.contains(muscle)).count();
        let own_tools = one.equipment.len();
        (one.pattern == exercise.pattern, shared, one.staple, own_tools, std::cmp::Reverse(one.skill))
    };
    catalogue()
        .iter()
        .filter(|one| one.slug != exercise.slug && spares(one) && one.skill <= exercise.skill.max(1))
        .filter(|one| one.pattern.is_strength() == exercise.pattern.is_strength())
        .filter(|one| one.equipment.iter().all(|need| exercise.equipment.contains(need)))
        .filter(|one| match exercise.pattern {
            Pattern::Cardio | Pattern::Mobility | Pattern::Stretch | Pattern::Balance => one.pattern == exercise.pattern,
            _ => one.primary.iter().any(|muscle| exercise.primary.contains(muscle)),
        })
        .max_by_key(nearness)
}

pub(super) fn protocol(exercise: &Exercise) -> String {
    let mut text = match exercise.pattern {
        Pattern::Cardio => "Stop at once for chest pain, dizziness, fainting or unusual breathlessness and get help. Stop for joint pain above 3 of 10.".to_owned(),
        Pattern::Mobility | Pattern::Stretch => "A mild pull is right; sharp pain, tingling or numbness is not: ease off, and stop if it stays above 3 of 10.".to_owned(),
        _ => format!("Muscle effort in {} is right; pain above 3 of 10, or sharp, new or spreading pain is not: stop the set.", super::effort::muscles(exercise)),
    };
    for joint in joints(exercise) {
        text.push_str(&format!(" {}", joint_rule(exercise, joint)));
    }
    for (tag, rule) in [
        (Tag::Valsalva, "With high blood pressure, a heart condition, a hernia or pelvic floor trouble: only lighter, breathing out on effort, and with a doctor's word."),
        (Tag::Supine, "After the first third of a pregnancy choose a position off the back."),
        (Tag::Prone, "In pregnancy choose a position off the belly."),
        (Tag::Grip, "When fingers or forearm ache, shorten the sets or change the grip."),
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
        Some(other) => format!("{part}: {first_aid}; if it still hurts, do {} instead.", other.name),
        None => format!("{part}: {first_aid}; if it still hurts, leave {} out.", exercise.name),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
