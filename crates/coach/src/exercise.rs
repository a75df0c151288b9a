//! The exercise catalogue: what an exercise trains, needs and asks of the body.
//!
//! The rows are in `exercise/catalogue.md`, written for this project and readable as a table.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use crate::words::{self, names};

mod resolve;
pub mod row;
pub mod texts;

pub use resolve::{Resolution, resolve};

names! {
    /// How the body moves: what a training day is built from.
    pub enum Pattern {
        Squat = "squat", Hinge = "hinge", Lunge = "lunge",
        HorizontalPush = "h_push", VerticalPush = "v_push", HorizontalPull = "h_pull", VerticalPull = "v_pull",
        KneeFlexion = "knee_flex", KneeExtension = "knee_ext", ElbowFlexion = "elbow_flex", ElbowExtension = "elbow_ext",
        ShoulderAbduction = "shoulder_abd", Calf = "calf", CoreFlexion = "core_flex", CoreStability = "core_anti",
        Carry = "carry", Cardio = "cardio", Mobility = "mobility", Stretch = "stretch", Balance = "balance",
    }
}

names! {
    /// Whether several joints work (placed first, while fresh) or one.
    pub enum Mechanic { Compound = "compound", Isolation = "isolation" }
}

names! {
    /// A muscle or group that sets are counted for.
    pub enum Muscle {
        Chest = "chest", Back = "back", Shoulders = "shoulders", Biceps = "biceps", Triceps = "triceps", Forearms = "forearms",
        Quads = "quads", Hamstrings = "hamstrings", Glutes = "glutes", Calves = "calves", Core = "core",
        LowerBack = "lower_back", Hips = "hips", Neck = "neck",
    }
}

names! {
    /// Something an exercise cannot be done without. Floor, wall, chair and towel count as always there.
    pub enum Equipment {
        Dumbbells = "dumbbells", Bands = "bands", Kettlebell = "kettlebell", Barbell = "barbell", Rack = "rack", Bench = "bench",
        PullUpBar = "pull_up_bar", DipBars = "dip_bars", Landmine = "landmine", Cables = "cables", Machines = "machines",
        Suspension = "suspension", Box = "box", JumpRope = "jump_rope", Bike = "bike", Rower = "rower",
        Elliptical = "elliptical", Treadmill = "treadmill", BattleRope = "battle_rope",
    }
}

names! {
    /// What moves the difficulty.
    pub enum Load { External = "external", Bodyweight = "bodyweight", Assisted = "assisted", Timed = "timed" }
}

names! {
    /// A demand that an injury or condition may forbid.
    pub enum Tag {
        Overhead = "overhead", ShoulderStress = "shoulder_stress", SpinalLoad = "spinal_load", SpineFlexion = "spine_flexion",
        DeepKnee = "deep_knee", Impact = "impact", WristLoad = "wrist_load", ElbowStress = "elbow_stress",
        NeckStress = "neck_stress", HipStress = "hip_stress", AnkleStress = "ankle_stress",
        Supine = "supine", Prone = "prone", Grip = "grip", Valsalva = "valsalva",
    }
}

/// The muscles whose weekly sets have a minimum (ACSM 2026: every major muscle group).
pub const MAJOR_MUSCLES: [Muscle; 6] = [
    Muscle::Chest,
    Muscle::Back,
    Muscle::Shoulders,
    Muscle::Quads,
    Muscle::Hamstrings,
    Muscle::Glutes,
];

impl Pattern {
    /// Whether its sets are strength work, counted for muscles (cardio, mobility, stretches and balance are not).
    pub fn is_strength(self) -> bool {
        !matches!(
            self,
            Self::Cardio | Self::Mobility | Self::Stretch | Self::Balance
        )
    }
}

/// One exercise of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exercise {
    /// Lower case, letters, digits and single hyphens; unique.
    pub slug: String,
    /// Plain English, unique.
    pub name: &'static str,
    /// Other names that resolve to it.
    pub aliases: Vec<&'static str>,
    /// How the body moves.
    pub pattern: Pattern,
    /// One joint or several.
    pub mechanic: Mechanic,
    /// Muscles that get a whole set of each set.
    pub primary: Vec<Muscle>,
    /// Muscles that get half a set of each set.
    pub secondary: Vec<Muscle>,
    /// All that it needs; empty: nothing.
    pub equipment: Vec<Equipment>,
    /// Whether each side works by itself, so that a set takes twice the time.
    pub unilateral: bool,
    /// What moves the difficulty; `Timed` means seconds instead of repetitions.
    pub load: Load,
    /// 1 anyone, 2 with some practice, 3 experienced.
    pub skill: u8,
    /// Demands that an injury may forbid.
    pub tags: Vec<Tag>,
    /// Exercises of one group are variations of each other.
    pub group: &'static str,
    /// Whether a coach would reach for it first.
    pub staple: bool,
}

impl Exercise {
    /// How much of a set counts for `muscle`: primary 1, secondary 0.5 (fractional counting: Pelland 2025), else 0;
    /// 0 too for cardio, mobility, stretches and balance.
    pub fn share(&self, muscle: Muscle) -> f64 {
        if !self.pattern.is_strength() {
            0.0
        } else if self.primary.contains(&muscle) {
            1.0
        } else if self.secondary.contains(&muscle) {
            0.5
        } else {
            0.0
        }
    }

    /// Whether it asks `tag` of the body.
    pub fn has(&self, tag: Tag) -> bool {
        self.tags.contains(&tag)
    }

    /// Whether it is counted in seconds (or minutes), not in repetitions.
    pub fn is_timed(&self) -> bool {
        self.load == Load::Timed
    }
}

static TABLE: LazyLock<Result<Vec<Exercise>, String>> = LazyLock::new(|| {
    words::rows(include_str!("exercise/catalogue.md"))
        .map(|row| read(&row))
        .collect()
});

static BY_NAME: LazyLock<HashMap<String, &'static Exercise>> = LazyLock::new(|| {
    let mut index = HashMap::new();
    for exercise in catalogue() {
        for name in exercise.aliases.iter().chain([&exercise.name]) {
            index.insert(words::key(name), exercise);
        }
        index.insert(exercise.name.to_owned(), exercise);
        index.insert(exercise.slug.clone(), exercise);
    }
    index
});

/// All exercises, in the order of the table.
pub fn catalogue() -> &'static [Exercise] {
    TABLE.as_deref().unwrap_or_default()
}

/// The exercise of this name, alias or slug; case, punctuation, plural, abbreviations and word order do not matter.
/// [`resolve`] also forgives typos and says what is near.
pub fn find(name: &str) -> Option<&'static Exercise> {
    BY_NAME.get(name).copied().or_else(|| resolve::known(name))
}

fn read(row: &[&'static str]) -> Result<Exercise, String> {
    let [
        name,
        also,
        pattern,
        mechanic,
        primary,
        secondary,
        needs,
        load,
        skill,
        tags,
        group,
        staple,
    ] = *row
    else {
        return Err(format!(
            "a row has {} cells instead of 12: {row:?}",
            row.len()
        ));
    };
    let (load, unilateral) = match load.strip_suffix(" each side") {
        Some(load) => (load, true),
        None => (load, false),
    };
    Ok(Exercise {
        slug: words::slug(name),
        name,
        aliases: words::cells(also).collect(),
        pattern: words::named(pattern)?,
        mechanic: words::named(mechanic)?,
        primary: words::cells(primary)
            .map(words::named)
            .collect::<Result<_, _>>()?,
        secondary: words::cells(secondary)
            .map(words::named)
            .collect::<Result<_, _>>()?,
        equipment: words::cells(needs)
            .map(words::named)
            .collect::<Result<_, _>>()?,
        unilateral,
        load: words::named(load)?,
        skill: skill
            .parse()
            .map_err(|_| format!("{name}: skill {skill} is no number"))?,
        tags: words::cells(tags)
            .map(words::named)
            .collect::<Result<_, _>>()?,
        group,
        staple: staple == "yes",
    })
}

impl fmt::Display for Exercise {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_row_of_the_catalogue_reads() {
        let table = TABLE.as_ref().expect("a row does not read");
        assert!(table.len() >= 150, "{} exercises", table.len());
    }

    #[test]
    fn names_slugs_and_aliases_are_unique_and_slugs_are_well_formed() {
        let mut seen = HashSet::new();
        for exercise in catalogue() {
            for name in exercise.aliases.iter().chain([&exercise.name]) {
                assert!(seen.insert(words::key(name)), "{name} is there twice");
            }
            let slug = &exercise.slug;
            assert!(
                slug.chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
                "{slug}"
            );
            assert!(
                !slug.starts_with('-') && !slug.ends_with('-') && !slug.contains("--"),
                "{slug}"
            );
            assert!((1..=3).contains(&exercise.skill), "{slug}");
            assert!(
                exercise.pattern == Pattern::Cardio || !exercise.primary.is_empty(),
                "{slug} trains nothing"
            );
        }
    }

    #[test]
    fn every_equipment_set_can_train_every_major_muscle() {
        use Equipment::*;
        let sets: [&[Equipment]; 7] = [
            &[],
            &[Dumbbells],
            &[Bands],
            &[Kettlebell],
            &[Barbell],
            &[Dumbbells, Bench],
            Equipment::ALL,
        ];
        for set in sets {
            for muscle in MAJOR_MUSCLES {
                let choice = catalogue()
                    .iter()
                    .filter(|exercise| exercise.share(muscle) == 1.0)
                    .filter(|exercise| exercise.equipment.iter().all(|need| set.contains(need)))
                    .count();
                assert!(choice >= 3, "{set:?} has {choice} exercises for {muscle}");
            }
        }
    }

    #[test]
    fn a_name_is_found_by_alias_case_plural_and_punctuation() {
        for (asked, found) in [
            ("push up", "Push-Up"),
            ("Push-ups", "Push-Up"),
            ("RDL", "Romanian Deadlift"),
            ("barbell-back-squat", "Barbell Back Squat"),
            ("burpees", "Burpee"),
        ] {
            assert_eq!(
                find(asked).map(|exercise| exercise.name),
                Some(found),
                "{asked}"
            );
        }
        assert_eq!(find("quantum leap"), None);
    }
}
