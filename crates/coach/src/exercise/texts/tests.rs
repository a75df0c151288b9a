use std::collections::HashSet;

use super::*;
use crate::brief::Limit;
use crate::exercise::{catalogue, find};
use crate::words;

fn all() -> Vec<(&'static Exercise, ExerciseTexts)> {
    catalogue()
        .iter()
        .map(|exercise| (exercise, of(exercise)))
        .collect()
}

fn columns(texts: &ExerciseTexts) -> Vec<(String, String)> {
    let json = serde_json::to_value(texts).expect("texts serialize");
    json.as_object()
        .expect("an object")
        .iter()
        .map(|(name, text)| (name.clone(), text.as_str().expect("a text").to_owned()))
        .collect()
}

#[test]
fn every_entry_of_the_files_reads_and_belongs_to_one_exercise() {
    let mut seen = HashSet::new();
    for (name, entry) in written::entries() {
        written::read(entry).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(seen.insert(name), "{name} is there twice");
        assert_eq!(
            find(name).map(|exercise| exercise.name),
            Some(name),
            "{name} is not in the catalogue"
        );
    }
    for exercise in catalogue() {
        assert!(seen.contains(exercise.name), "{exercise} has no entry");
    }
}

#[test]
fn every_entry_is_whole() {
    for exercise in catalogue() {
        let written = Written::of(exercise);
        assert!(
            (3..=6).contains(&written.steps.len()),
            "{exercise} has {} steps",
            written.steps.len()
        );
        assert!(
            (2..=3).contains(&written.cues.split("; ").count()),
            "{exercise}: {}",
            written.cues
        );
        assert!(
            (1..=3).contains(&written.mistakes.split("; ").count()),
            "{exercise}: {}",
            written.mistakes
        );
        let prose = [
            written.setup,
            written.icon,
            written.video,
            written.coach,
            written.cues,
            written.mistakes,
        ];
        for text in prose.iter().chain(&written.steps) {
            assert!(
                text.ends_with('.') && !text.contains("  ") && !text.contains(".."),
                "{exercise}: {text}"
            );
        }
    }
}

#[test]
fn every_exercise_has_every_text_in_bounds_and_plain() {
    for (exercise, texts) in all() {
        for (column, text) in columns(&texts) {
            let (least, most) = match column.as_str() {
                "instructions" => (200, 1600),
                "icon_description" | "video_description" => (20, 200),
                "required_equipment" | "workout_location" => (11, 260),
                _ => (60, 1400),
            };
            let length = text.chars().count();
            assert!(
                (least..=most).contains(&length),
                "{exercise} {column} has {length} characters: {text}"
            );
            assert!(
                words::is_plain(&text) && text.trim() == text,
                "{exercise} {column}: {text}"
            );
            assert!(
                !text.contains("  ") && !text.contains("..") && !text.contains("; ."),
                "{exercise} {column}: {text}"
            );
        }
    }
}

#[test]
fn no_two_exercises_have_the_same_instructions_pictures_or_notes() {
    let mut seen = HashSet::new();
    for (exercise, texts) in all() {
        let own = [
            texts.instructions,
            texts.icon_description,
            texts.video_description,
            texts.trainer_notes,
        ];
        for (column, text) in own.into_iter().enumerate() {
            assert!(
                seen.insert((column, text.clone())),
                "{exercise} shares: {text}"
            );
        }
    }
}

#[test]
fn easier_and_harder_exercises_are_in_the_catalogue_and_are_others() {
    for exercise in catalogue() {
        let written = Written::of(exercise);
        assert!(
            !written.easier.is_empty() || !written.harder.is_empty(),
            "{exercise} names no other exercise"
        );
        for name in written.easier.iter().chain(&written.harder) {
            assert!(
                catalogue().iter().any(|other| other.name == *name),
                "{exercise} names {name}"
            );
            assert_ne!(*name, exercise.name);
        }
        let both = written
            .easier
            .iter()
            .find(|name| written.harder.contains(name));
        assert_eq!(both, None, "{exercise}");
    }
}

#[test]
fn easier_and_harder_run_in_no_circle_of_two() {
    let names = |name: &str| {
        catalogue()
            .iter()
            .find(|one| one.name == name)
            .map(Written::of)
    };
    for exercise in catalogue() {
        for harder in &Written::of(exercise).harder {
            let back = names(harder).is_some_and(|other| other.harder.contains(&exercise.name));
            assert!(
                !back,
                "{exercise} and {harder} are each harder than the other"
            );
        }
        for easier in &Written::of(exercise).easier {
            let back = names(easier).is_some_and(|other| other.easier.contains(&exercise.name));
            assert!(
                !back,
                "{exercise} and {easier} are each easier than the other"
            );
        }
    }
}

#[test]
fn names_are_fit_for_a_row_of_the_table() {
    for exercise in catalogue() {
        let length = exercise.name.chars().count();
        assert!((3..=60).contains(&length), "{exercise}");
        assert!(
            exercise
                .name
                .chars()
                .all(|c| c.is_alphabetic() || c.is_ascii_digit() || " ()'/-".contains(c)),
            "{exercise}"
        );
    }
}

#[test]
fn a_substitute_for_a_painful_joint_spares_it_and_needs_nothing_more() {
    for exercise in catalogue() {
        let text = of(exercise).pain_injury_protocol;
        let (before, rest) = text
            .split_once("; if it still hurts, do ")
            .unwrap_or_default();
        let Some((name, _)) = rest.split_once(" instead.") else {
            continue;
        };
        let other = catalogue()
            .iter()
            .find(|one| one.name == name)
            .unwrap_or_else(|| panic!("{exercise}: {name}"));
        let named = |joint: &&Limit| before.to_lowercase().contains(joint.name());
        let joint = pain::joints(exercise)
            .iter()
            .rfind(named)
            .copied()
            .expect("a joint");
        assert!(!joint.forbids(other), "{exercise}: {text}");
        assert!(
            other
                .equipment
                .iter()
                .all(|need| exercise.equipment.contains(need)),
            "{exercise} to {other}"
        );
    }
}

#[test]
fn the_location_follows_the_equipment() {
    let location = |name: &str| of(find(name).expect(name)).workout_location;
    assert!(location("Push-Up").starts_with("Anywhere"));
    assert!(location("Band Curl").starts_with("Anywhere with a long resistance band"));
    assert!(location("Hammer Curl").starts_with("Home or gym"));
    assert!(location("Leg Press").starts_with("Gym"));
}
