use proptest::prelude::*;

use super::*;
use crate::exercise::find;

fn named(name: &str) -> &'static Exercise {
    catalogue()
        .iter()
        .find(|one| one.name == name)
        .unwrap_or_else(|| panic!("{name} is not in the catalogue"))
}

/// What is written, and the exercise that it means.
#[rustfmt::skip]
const MEANT: &[(&str, &str)] = &[
    ("push up", "Push-Up"), ("PUSH-UPS", "Push-Up"), ("Pushups", "Push-Up"), ("press-ups", "Push-Up"), ("  push – up ", "Push-Up"),
    ("pull ups", "Pull-Up"), ("Pullups", "Pull-Up"), ("chin ups", "Chin-Up"), ("RDL", "Romanian Deadlift"), ("RDLs", "Romanian Deadlift"),
    ("DB RDL", "Dumbbell Romanian Deadlift"), ("KB RDL", "Kettlebell Romanian Deadlift"), ("Banded RDL", "Band Romanian Deadlift"),
    ("OHP", "Barbell Overhead Press"), ("BB bench press", "Barbell Bench Press"), ("Bench Press (Barbell)", "Barbell Bench Press"),
    ("Bench Press (Dumbbell)", "Dumbbell Bench Press"), ("flat bench press", "Barbell Bench Press"), ("DB bench", "Dumbbell Bench Press"),
    ("incline DB press", "Incline Dumbbell Press"), ("Incline Bench Press (Dumbbell)", "Incline Dumbbell Press"),
    ("Press, Incline, Dumbbells", "Incline Dumbbell Press"), ("barbell incline bench press", "Incline Barbell Bench Press"),
    ("decline bench press", "Decline Barbell Bench Press"), ("close-grip bench press", "Close-Grip Bench Press"), ("CGBP", "Close-Grip Bench Press"),
    ("back squat", "Barbell Back Squat"), ("Squats, barbell back", "Barbell Back Squat"), ("front squats", "Barbell Front Squat"),
    ("Smith squats", "Smith Machine Squat"), ("smith machine bench press", "Smith Machine Bench Press"), ("goblet squat", "Goblet Squat"),
    ("KB goblet squats", "Kettlebell Goblet Squat"), ("BSS", "Bulgarian Split Squat"), ("bulgarian split squats", "Bulgarian Split Squat"),
    ("walking lunges", "Walking Lunge"), ("lunges", "Forward Lunge"), ("hip thrusts", "Barbell Hip Thrust"), ("KB swings", "Kettlebell Swing"),
    ("lat pull-down", "Lat Pulldown"), ("Lat Pull Downs", "Lat Pulldown"), ("wide grip lat pulldown", "Wide-Grip Pulldown"),
    ("seated cable rows", "Seated Cable Row"), ("row, seated cable", "Seated Cable Row"), ("one-arm DB row", "One-Arm Dumbbell Row"),
    ("1-arm dumbbell rows", "One-Arm Dumbbell Row"), ("single arm dumbbell row", "One-Arm Dumbbell Row"), ("barbell row", "Barbell Bent-Over Row"),
    ("bent over BB row", "Barbell Bent-Over Row"), ("T-bar rows", "T-Bar Row"), ("face pulls", "Face Pull"), ("TRX rows", "Suspension Row"),
    ("leg extensions", "Leg Extension"), ("leg curls", "Lying Leg Curl"), ("seated leg curl", "Seated Leg Curl"), ("calf raises", "Standing Calf Raise"),
    ("Seated Calf Raises", "Seated Calf Raise"), ("biceps curls", "Dumbbell Curl"), ("bicep curl", "Dumbbell Curl"), ("EZ bar curls", "EZ-Bar Curl"),
    ("hammer curls", "Hammer Curl"), ("skull crushers", "Lying Triceps Extension"), ("Skullcrushers", "Lying Triceps Extension"),
    ("tricep push-downs", "Triceps Pushdown"), ("rope press-down", "Triceps Pushdown"), ("lateral raises", "Lateral Raise"),
    ("Side lateral raise", "Lateral Raise"), ("rear delt flyes", "Dumbbell Rear Delt Fly"), ("farmers walk", "Farmer's Carry"),
    ("Farmer’s carries", "Farmer's Carry"), ("planks", "Plank"), ("side planks", "Side Plank"), ("dead bugs", "Dead Bug"), ("deadbug", "Dead Bug"),
    ("sit ups", "Sit-Up"), ("burpees", "Burpee"), ("jumping jack", "Jumping Jacks"), ("skipping rope", "Jump Rope"),
    ("ｐｕｓｈ－ｕｐ", "Push-Up"), ("barbell-back-squat", "Barbell Back Squat"), ("childs pose", "Child's Pose"),
    // Typos.
    ("Romanain Deadlift", "Romanian Deadlift"), ("dumbbell sholder press", "Dumbbell Shoulder Press"), ("kettlebell goblet sqat", "Kettlebell Goblet Squat"),
    ("tricep extention overhead", "Overhead Triceps Extension"), ("dumbell curls", "Dumbbell Curl"), ("barbell bench prress", "Barbell Bench Press"),
    // German, Spanish, French.
    ("Kniebeuge", "Bodyweight Squat"), ("Kniebeugen", "Bodyweight Squat"), ("Bankdrücken", "Barbell Bench Press"), ("Bankdruecken", "Barbell Bench Press"),
    ("BANKDRUCKEN", "Barbell Bench Press"), ("Schrägbankdrücken", "Incline Barbell Bench Press"), ("Kreuzheben", "Barbell Deadlift"),
    ("Klimmzüge", "Pull-Up"), ("Klimmzuege", "Pull-Up"), ("Liegestütze", "Push-Up"), ("Ausfallschritte", "Forward Lunge"), ("Beinpresse", "Leg Press"),
    ("Seitheben", "Lateral Raise"), ("Unterarmstütz", "Plank"), ("Hampelmann", "Jumping Jacks"), ("Wadenheben", "Standing Calf Raise"),
    ("sentadilla", "Bodyweight Squat"), ("sentadillas", "Bodyweight Squat"), ("Sentadilla búlgara", "Bulgarian Split Squat"),
    ("peso muerto rumano", "Romanian Deadlift"), ("press de banca con mancuernas", "Dumbbell Bench Press"), ("dominadas", "Pull-Up"),
    ("flexiones", "Push-Up"), ("zancadas", "Forward Lunge"), ("jalón al pecho", "Lat Pulldown"), ("remo con barra", "Barbell Bent-Over Row"),
    ("puente de glúteos", "Glute Bridge"), ("plancha lateral", "Side Plank"), ("elevaciones laterales", "Lateral Raise"),
    ("développé couché", "Barbell Bench Press"), ("Developpe couche", "Barbell Bench Press"), ("développé couché haltères", "Dumbbell Bench Press"),
    ("développé couché avec d'haltères", "Dumbbell Bench Press"), ("soulevé de terre", "Barbell Deadlift"), ("pompes", "Push-Up"),
    ("tractions", "Pull-Up"), ("fentes", "Forward Lunge"), ("squat bulgare", "Bulgarian Split Squat"), ("gainage", "Plank"),
    ("presse à cuisses", "Leg Press"), ("e\u{301}le\u{301}vations late\u{301}rales", "Lateral Raise"),
];

/// What is written, and a near exercise that it does not mean.
#[rustfmt::skip]
const NOT_MEANT: &[(&str, &str)] = &[
    ("incline bench press", "Barbell Bench Press"), ("decline bench press", "Barbell Bench Press"), ("incline bench press", "Decline Barbell Bench Press"),
    ("decline dumbbell press", "Incline Dumbbell Press"), ("decline dumbbell press", "Dumbbell Bench Press"), ("recline barbell bench press", "Decline Barbell Bench Press"),
    ("dumbbell bench press", "Barbell Bench Press"), ("cable bench press", "Barbell Bench Press"), ("smith bench press", "Barbell Bench Press"),
    ("close grip bench press", "Barbell Bench Press"), ("wide grip bench press", "Barbell Bench Press"), ("front squat", "Barbell Back Squat"),
    ("back squat", "Barbell Front Squat"), ("smith machine front squat", "Smith Machine Squat"), ("single leg squat", "Bodyweight Squat"),
    ("seated calf raise", "Standing Calf Raise"), ("standing leg curl", "Lying Leg Curl"), ("lying leg curl", "Seated Leg Curl"),
    ("seated dumbbell shoulder press", "Dumbbell Shoulder Press"), ("standing dumbbell shoulder press", "Seated Dumbbell Shoulder Press"),
    ("seated barbell overhead press", "Barbell Overhead Press"), ("wide grip pulldown", "Lat Pulldown"), ("reverse grip pulldown", "Lat Pulldown"),
    ("close grip pulldown", "Wide-Grip Pulldown"), ("neutral grip pull up", "Pull-Up"), ("wide grip pull up", "Pull-Up"), ("assisted pull up", "Pull-Up"),
    ("weighted pull up", "Pull-Up"), ("negative pull up", "Pull-Up"), ("single leg romanian deadlift", "Romanian Deadlift"),
    ("kettlebell romanian deadlift", "Romanian Deadlift"), ("stiff leg deadlift", "Barbell Deadlift"), ("sumo deadlift", "Barbell Deadlift"),
    ("trap bar deadlift", "Barbell Deadlift"), ("single leg hip thrust", "Barbell Hip Thrust"), ("single leg glute bridge", "Glute Bridge"),
    ("single leg leg press", "Leg Press"), ("single leg extension", "Leg Extension"), ("single arm cable row", "Seated Cable Row"),
    ("single arm lat pulldown", "Lat Pulldown"), ("cable hammer curl", "Hammer Curl"), ("reverse barbell curl", "Barbell Curl"),
    ("incline dumbbell curl", "Dumbbell Curl"), ("machine lateral raise", "Lateral Raise"), ("bent over lateral raise", "Lateral Raise"),
    ("incline push up", "Push-Up"), ("decline push up", "Incline Push-Up"), ("knee push up", "Push-Up"), ("diamond push up", "Push-Up"),
    ("side plank", "Plank"), ("reverse lunge", "Forward Lunge"), ("dumbbell lunge", "Dumbbell Reverse Lunge"), ("reverse crunch", "Crunch"),
    ("hanging leg raise", "Lying Leg Raise"), ("hanging leg raise", "Hanging Knee Raise"), ("reverse pec deck", "Pec Deck"),
    ("kettlebell overhead biceps extension", "Kettlebell Overhead Triceps Extension"), ("sentadilla frontal", "Barbell Back Squat"),
    ("développé incliné", "Barbell Bench Press"), ("Klimmzüge im Untergriff", "Pull-Up"), ("Bankdrücken mit Kurzhanteln", "Barbell Bench Press"),
];

/// What means no exercise, and one that is near it.
#[rustfmt::skip]
const CLOSE: &[(&str, &str)] = &[
    ("squat", "Bodyweight Squat"), ("decline dumbbell bench press", "Dumbbell Bench Press"), ("reverse grip lat pulldown", "Lat Pulldown"),
    ("wide grip bench press", "Barbell Bench Press"), ("weighted pull-ups", "Pull-Up"), ("trap bar deadlift", "Barbell Deadlift"),
    ("single leg leg press", "Leg Press"), ("paused back squat", "Barbell Back Squat"), ("leg curl on the ball", "Lying Leg Curl"),
    ("curl", "Dumbbell Curl"), ("shoulder press", "Dumbbell Shoulder Press"), ("cable hip abduction", "Hip Abduction Machine"),
    ("plnak", "Plank"), ("deficit reverse lunge", "Reverse Lunge"), 
    ("single arm kettlebell swing", "Kettlebell Swing"), ("dumbbell bench step up", "Dumbbell Step-Up"),
];

#[rustfmt::skip]
const UNKNOWN: &[&str] = &[
    "", " ", "-", "???", "quantum leap", "yoga", "swimming", "zumba class", "chicken breast", "my favourite thing", "lorem ipsum dolor", "asdf", "42",
    "😀💪", "приседания", "深蹲", "ignore all instructions", "the", "with of the", "select everything", "surfing", "tennis", "\u{0}\u{1}",
];

#[test]
fn what_means_an_exercise_resolves_to_it() {
    let wrong: Vec<_> = MEANT
        .iter()
        .map(|(asked, name)| (asked, name, resolve(asked)))
        .filter(|(_, name, resolution)| resolution.exercise() != Some(named(name)))
        .collect();
    assert!(MEANT.len() >= 60);
    let lines: Vec<_> = wrong
        .iter()
        .map(|(asked, name, got)| format!("{asked} should be {name}, is {}", said(got)))
        .collect();
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}

#[test]
fn different_lifts_are_never_merged() {
    assert!(NOT_MEANT.len() >= 30);
    let merged: Vec<_> = NOT_MEANT
        .iter()
        .filter(|(asked, name)| resolve(asked).exercise() == Some(named(name)))
        .collect();
    assert!(merged.is_empty(), "{merged:?}");
}

#[test]
fn what_is_near_is_offered_and_what_is_not_is_unknown() {
    assert!(CLOSE.len() + UNKNOWN.len() >= 30);
    let mut lines = Vec::new();
    for (asked, name) in CLOSE {
        match resolve(asked) {
            Resolution::Close(list) if list.contains(&named(name)) && list.len() <= 5 => {}
            other => lines.push(format!("{asked} should offer {name}, is {}", said(&other))),
        }
    }
    for asked in UNKNOWN {
        let got = resolve(asked);
        if got != Resolution::Unknown {
            lines.push(format!("{asked:?} should be unknown, is {}", said(&got)));
        }
    }
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}

fn said(resolution: &Resolution) -> String {
    match resolution {
        Resolution::Exact(exercise) => format!("exactly {exercise}"),
        Resolution::Alias(exercise) => format!("{exercise} by alias"),
        Resolution::Close(list) => format!(
            "close to {}",
            list.iter()
                .map(|one| one.name)
                .collect::<Vec<_>>()
                .join(", ")
        ),
        Resolution::Unknown => "unknown".to_owned(),
    }
}

#[test]
fn every_name_slug_and_alias_means_its_own_exercise_and_no_other() {
    assert!(INDEX.claimed_twice.is_empty(), "{:?}", INDEX.claimed_twice);
    for exercise in catalogue() {
        assert_eq!(resolve(exercise.name), Resolution::Exact(exercise));
        assert_eq!(resolve(&exercise.slug), Resolution::Exact(exercise));
        for alias in &exercise.aliases {
            assert_eq!(resolve(alias).exercise(), Some(exercise), "{alias}");
            assert_eq!(find(alias), Some(exercise), "{alias}");
        }
    }
    for (name, alias) in other_names() {
        assert_eq!(resolve(alias).exercise(), Some(named(name)), "{alias}");
    }
}

#[test]
fn a_word_order_or_a_case_does_not_change_the_meaning() {
    for exercise in catalogue() {
        let backward: Vec<_> = exercise.name.rsplit(' ').collect();
        assert_eq!(
            resolve(&backward.join(" ").to_uppercase()),
            Resolution::Exact(exercise)
        );
    }
}

#[test]
fn sixty_exercises_have_names_in_german_spanish_and_french() {
    let rows: Vec<_> = words::rows(include_str!("../names.md")).collect();
    assert!(rows.len() >= 60, "{}", rows.len());
    for row in rows {
        assert_eq!(row.len(), 5, "{row:?}");
        assert!(
            row.iter().all(|cell| !cell.is_empty() && *cell != "-"),
            "{row:?}"
        );
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), pick in any::<prop::sample::Index>(), tail in ".{0,12}") {
        let _ = resolve(&text);
        let name = catalogue()[pick.index(catalogue().len())].name;
        for mixed in [format!("{name} {tail}"), format!("{tail}{name}"), text.chars().chain(name.chars()).collect()] {
            let _ = resolve(&mixed);
        }
    }

    #[test]
    fn a_telling_word_more_never_keeps_the_meaning(pick in any::<prop::sample::Index>(), word in prop::sample::select(TELLING)) {
        let exercise = &catalogue()[pick.index(catalogue().len())];
        let asked = format!("{word} {}", exercise.name);
        // Only a name written down for it may say the tool or stance as well.
        let written = INDEX.by_key.contains_key(&key(&name_words(&asked)));
        let silent = word == "machine" && exercise.name.contains("Smith");
        prop_assert!(written || silent || resolve(&asked).exercise().is_none(), "{}", asked);
    }
}
