//! Exercises that the athlete does not want: names, families ("lunges") and kinds ("jumping", "overhead") in their own words.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::exercise::{Equipment, Exercise, Muscle, Pattern, Tag, catalogue};
use crate::words::{self, Clause};

/// Words that say that something is not wanted.
const CUES: &[&str] = &[
    "no", "not", "avoid", "avoiding", "hate", "without", "skip", "remove", "dislike", "dont",
    "cant", "cannot", "stop", "drop", "exclude", "never", "replace", "swap", "less", "fewer",
];
/// Words that say that something is wanted, so that a "no" before does not reach it.
const WISHES: &[&str] = &[
    "more", "love", "like", "want", "add", "prefer", "instead", "only", "please", "use", "with",
];
/// Words that carry no meaning in a name.
const FILLERS: &[&str] = &[
    "any",
    "all",
    "the",
    "a",
    "of",
    "exercise",
    "movement",
    "workout",
    "work",
    "training",
    "day",
    "type",
    "heavy",
    "my",
    "to",
    "do",
    "doing",
    "me",
    "and",
    "or",
    "variation",
    "stuff",
    "for",
    "please",
    "anymore",
    "this",
    "week",
    "i",
];
/// Families of exercises that one word (or two) names.
const FAMILIES: &[&str] = &[
    "squat",
    "lunge",
    "deadlift",
    "burpee",
    "push up",
    "pushup",
    "pull up",
    "pullup",
    "chin up",
    "plank",
    "crunch",
    "sit up",
    "dip",
    "run",
    "jog",
    "jump rope",
    "swing",
    "hip thrust",
    "bridge",
    "row",
    "bike",
    "cycling",
    "mountain climber",
    "bench press",
    "overhead press",
    "shoulder press",
    "leg press",
    "step up",
    "carry",
    "treadmill",
    "elliptical",
    "kettlebell",
    "barbell",
    "dumbbell",
    "band",
    "machine",
    "curl",
    "walk",
    "high knee",
    "jumping jack",
    "boxing",
    "calf raise",
    "lateral raise",
    "pulldown",
    "fly",
];

/// The excluded slugs of a list (`avoidExercises`): every entry is unwanted.
pub(super) fn read_list(list: &[String]) -> BTreeSet<&'static str> {
    list.iter()
        .flat_map(|entry| words::clauses(entry))
        .flat_map(|clause| matches(&meant(&clause.words), true))
        .collect()
}

/// The excluded slugs of a text: only what stands after a "no", "avoid", "hate" and the like.
pub(super) fn read_text(text: &str) -> BTreeSet<&'static str> {
    let mut excluded = BTreeSet::new();
    let mut carried = false;
    for clause in words::clauses(text) {
        carried = match after_cue(&clause) {
            Some(words) => {
                excluded.extend(matches(&meant(words), false));
                true
            }
            None if carried && clause.words.len() <= 3 && !clause.has_any(WISHES) => {
                excluded.extend(matches(&meant(&clause.words), false));
                true
            }
            None => false,
        };
    }
    excluded
}

fn after_cue(clause: &Clause) -> Option<&[String]> {
    let place = clause
        .words
        .iter()
        .position(|word| CUES.contains(&word.as_str()))?;
    Some(&clause.words[place + 1..])
}

fn meant(words: &[String]) -> Vec<String> {
    let filler = |word: &String| FILLERS.contains(&word.as_str()) || CUES.contains(&word.as_str());
    words
        .iter()
        .filter(|word| !filler(word))
        .map(|word| stem(word))
        .collect()
}

/// `squatting` and `squat`, `lunging` and `lunge` are one.
fn stem(word: &str) -> String {
    let mut stem = word
        .strip_suffix("ing")
        .filter(|stem| stem.len() >= 3)
        .unwrap_or(word)
        .to_owned();
    let bytes = stem.as_bytes();
    let doubled = stem.len() < word.len()
        && stem.len() > 3
        && bytes[bytes.len() - 1] == bytes[bytes.len() - 2];
    if doubled && !stem.ends_with("ss") && !stem.ends_with("ll") {
        stem.pop();
    }
    stem.strip_suffix('e').map(str::to_owned).unwrap_or(stem)
}

fn stems(text: &str) -> Vec<String> {
    words::tokens(text).iter().map(|word| stem(word)).collect()
}

/// The exercises meant by `said`. A whole entry may also name a muscle or a kind; within a sentence only families and full names count.
fn matches(said: &[String], whole: bool) -> BTreeSet<&'static str> {
    if said.is_empty() {
        return BTreeSet::new();
    }
    let families: Vec<Vec<String>> = FAMILIES
        .iter()
        .map(|family| stems(family))
        .filter(|family| contains(said, family))
        .collect();
    let kind = kind(said);
    let muscles = muscles(said);
    // "Barbell Back Squat" in a list means that one, not every squat.
    let one_meant =
        whole && find_exact(said) && !FAMILIES.iter().any(|family| stems(family) == said);
    catalogue()
        .iter()
        .zip(NAMES.iter())
        .filter(|(exercise, names)| {
            let named = names.iter().any(|name| contains(said, name));
            let entry = (whole || said.len() <= 3)
                && names
                    .iter()
                    .any(|name| said.iter().all(|word| name.contains(word)));
            let related = families
                .iter()
                .any(|family| belongs(exercise, names, family));
            if one_meant {
                names.iter().any(|name| name == said)
            } else {
                named
                    || entry
                    || related
                    || kind(exercise)
                    || muscles.iter().any(|m| exercise.primary.contains(m))
            }
        })
        .map(|(exercise, _)| exercise.slug.as_str())
        .collect()
}

/// The stems of every exercise's aliases and, last, of its name, in the order of the catalogue.
static NAMES: LazyLock<Vec<Vec<Vec<String>>>> = LazyLock::new(|| {
    let names = |exercise: &Exercise| {
        let all = exercise.aliases.iter().chain([&exercise.name]);
        all.map(|name| stems(name)).collect()
    };
    catalogue().iter().map(names).collect()
});

fn find_exact(said: &[String]) -> bool {
    NAMES
        .iter()
        .any(|names| names.last().is_some_and(|name| name == said))
}

fn contains(said: &[String], phrase: &[String]) -> bool {
    !phrase.is_empty() && said.windows(phrase.len()).any(|window| window == phrase)
}

fn belongs(exercise: &Exercise, names: &[Vec<String>], family: &[String]) -> bool {
    let lunges = family == stems("lunge")
        && exercise.pattern == Pattern::Lunge
        && exercise.group != "step-up";
    lunges || names.iter().any(|name| contains(name, family))
}

/// Kinds of exercises that no name holds: by what they ask of the body or what they are done with.
fn kind(said: &[String]) -> impl Fn(&Exercise) -> bool {
    let says = |words: &[&str]| words.iter().any(|word| contains(said, &stems(word)));
    let impact = says(&[
        "jump",
        "jumping",
        "plyometric",
        "plyo",
        "impact",
        "hopping",
        "sprint",
    ]);
    let overhead = says(&["overhead"]);
    let cardio = says(&["cardio", "hiit"]);
    let stretch = says(&["stretching", "yoga"]);
    let machines = says(&["machine"]);
    move |exercise| {
        impact && exercise.has(Tag::Impact)
            || overhead && exercise.has(Tag::Overhead)
            || cardio && exercise.pattern == Pattern::Cardio && exercise.group != "easy"
            || stretch && exercise.pattern == Pattern::Stretch
            || machines && exercise.equipment.contains(&Equipment::Machines)
    }
}

/// A muscle alone ("legs", "chest") means every exercise whose first muscle it is.
fn muscles(said: &[String]) -> Vec<Muscle> {
    let [word] = said else { return Vec::new() };
    match word.as_str() {
        "leg" => vec![Muscle::Quads, Muscle::Hamstrings],
        "arm" => vec![Muscle::Biceps, Muscle::Triceps],
        "ab" | "cor" => vec![Muscle::Core],
        _ => Muscle::ALL
            .iter()
            .copied()
            .filter(|muscle| stems(muscle.name()) == [word.as_str()])
            .collect(),
    }
}
