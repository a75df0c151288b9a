//! The contract's form of a week, as it is written and read; nothing here is checked yet.

use serde::{Deserialize, Serialize};

use super::reps::Reps;
use crate::brief::Weekday;
use crate::exercise::{self, Exercise};

/// A proposed week: exactly seven days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are the seven keys of `days`")]
pub struct Draft {
    pub monday: Day,
    pub tuesday: Day,
    pub wednesday: Day,
    pub thursday: Day,
    pub friday: Day,
    pub saturday: Day,
    pub sunday: Day,
}

/// One day.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Day {
    /// What is trained.
    pub workout: Workout,
    /// What is eaten.
    pub nutrition: Nutrition,
    /// How to recover.
    pub recovery: Recovery,
    /// Why the day is as it is, for the athlete.
    pub reason: String,
}

/// The training of a day; without blocks on a day of rest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Workout {
    /// What the day is about, such as `Upper body`.
    pub focus: Vec<String>,
    /// Warm-up, main work and so on, in order.
    pub blocks: Vec<Block>,
    /// Hints for the whole session.
    pub notes: String,
}

/// Exercises that belong together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// One of the names of [`BlockKind`].
    pub name: String,
    /// The exercises in order.
    pub items: Vec<Item>,
}

/// One exercise of a session.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// A name of the catalogue.
    pub exercise: String,
    /// 1–10.
    pub sets: i64,
    /// `8-12`, `10`, `30 s`, `20 min`.
    pub reps: String,
    /// Repetitions in reserve, 0–5.
    #[serde(rename = "RIR")]
    pub rir: i64,
}

/// The food of a day.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Nutrition {
    /// Energy, kcal.
    pub total_kcal: i64,
    /// Protein, g.
    pub protein_g: i64,
    /// How many meals.
    pub meals_per_day: i64,
    /// The meals in order.
    pub meals: Vec<Meal>,
    /// Water, litres.
    pub hydration_l: f64,
}

/// One meal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Meal {
    /// Such as `Breakfast`.
    pub name: String,
    /// What it is made of.
    pub items: Vec<MealItem>,
}

/// One food of a meal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MealItem {
    /// A name of the food table.
    pub food: String,
    /// Such as `150 g` or `2 pieces`.
    pub qty: String,
}

/// How to recover.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Recovery {
    /// What keeps the joints moving.
    pub mobility: Vec<String>,
    /// What serves the night.
    pub sleep: Vec<String>,
    /// What to take and when.
    pub supplements: Vec<String>,
    /// The same as a card.
    #[serde(rename = "supplementCard")]
    pub supplement_card: SupplementCard,
}

/// What the athlete takes, and what could be added.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SupplementCard {
    /// Taken already.
    pub current: Vec<String>,
    /// Worth a thought.
    #[serde(rename = "addOns")]
    pub add_ons: Vec<String>,
}

/// What a block is for, told by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// `Warm-up`
    WarmUp,
    /// `Main` or `Main …`
    Main,
    /// `Main circuit`: exercises in turn with little rest.
    Circuit,
    /// `Accessory`
    Accessory,
    /// `Conditioning`
    Conditioning,
    /// `Active recovery`
    Recovery,
    /// `Cool-down`
    CoolDown,
}

impl BlockKind {
    /// All of them, in the order of a session.
    pub const ALL: [Self; 7] = [
        Self::WarmUp,
        Self::Main,
        Self::Circuit,
        Self::Accessory,
        Self::Conditioning,
        Self::Recovery,
        Self::CoolDown,
    ];

    /// The name that a block of this kind has.
    pub fn name(self) -> &'static str {
        match self {
            Self::WarmUp => "Warm-up",
            Self::Main => "Main",
            Self::Circuit => "Main circuit",
            Self::Accessory => "Accessory",
            Self::Conditioning => "Conditioning",
            Self::Recovery => "Active recovery",
            Self::CoolDown => "Cool-down",
        }
    }

    /// Whether the time and effort of its items count as the session's work.
    pub fn is_work(self) -> bool {
        matches!(
            self,
            Self::Main | Self::Circuit | Self::Accessory | Self::Conditioning
        )
    }

    /// Whether it is the heart of a session.
    pub fn is_main(self) -> bool {
        matches!(self, Self::Main | Self::Circuit)
    }
}

impl Block {
    /// What the block is for; `None` when its name is none of the known ones.
    pub fn kind(&self) -> Option<BlockKind> {
        let name = self.name.as_str();
        BlockKind::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .or_else(|| name.starts_with("Main ").then_some(BlockKind::Main))
    }
}

impl Day {
    /// Whether it is a training day: a main block holds an item of two sets or more.
    pub fn is_training(&self) -> bool {
        let main = |block: &&Block| block.kind().is_some_and(BlockKind::is_main);
        self.workout
            .blocks
            .iter()
            .filter(main)
            .any(|block| block.items.iter().any(|item| item.sets >= 2))
    }

    /// All items of the day with their block.
    pub fn items(&self) -> impl Iterator<Item = (&Block, &Item)> {
        self.workout
            .blocks
            .iter()
            .flat_map(|block| block.items.iter().map(move |item| (block, item)))
    }

    /// The items of the session's work whose exercise, kind of block and repetitions are known.
    pub fn work(&self) -> impl Iterator<Item = StrengthItem<'_>> {
        self.items().filter_map(|(block, item)| {
            let kind = block.kind().filter(|kind| kind.is_work())?;
            Some(StrengthItem {
                kind,
                item,
                exercise: exercise::find(&item.exercise)?,
                reps: Reps::read(&item.reps)?,
            })
        })
    }
}

/// An item of the session's work with what its names mean.
#[derive(Debug, Clone, Copy)]
pub struct StrengthItem<'a> {
    /// The kind of its block.
    pub kind: BlockKind,
    /// As it is written.
    pub item: &'a Item,
    /// The exercise it names.
    pub exercise: &'static Exercise,
    /// Its repetitions or seconds.
    pub reps: Reps,
}

impl Draft {
    /// The seven days in order.
    pub fn days(&self) -> [(Weekday, &Day); 7] {
        [
            (Weekday::Monday, &self.monday),
            (Weekday::Tuesday, &self.tuesday),
            (Weekday::Wednesday, &self.wednesday),
            (Weekday::Thursday, &self.thursday),
            (Weekday::Friday, &self.friday),
            (Weekday::Saturday, &self.saturday),
            (Weekday::Sunday, &self.sunday),
        ]
    }

    /// The seven days in order, to be changed.
    pub fn days_mut(&mut self) -> [(Weekday, &mut Day); 7] {
        [
            (Weekday::Monday, &mut self.monday),
            (Weekday::Tuesday, &mut self.tuesday),
            (Weekday::Wednesday, &mut self.wednesday),
            (Weekday::Thursday, &mut self.thursday),
            (Weekday::Friday, &mut self.friday),
            (Weekday::Saturday, &mut self.saturday),
            (Weekday::Sunday, &mut self.sunday),
        ]
    }
}

impl From<[Day; 7]> for Draft {
    fn from(
        [
            monday,
            tuesday,
            wednesday,
            thursday,
            friday,
            saturday,
            sunday,
        ]: [Day; 7],
    ) -> Self {
        Self {
            monday,
            tuesday,
            wednesday,
            thursday,
            friday,
            saturday,
            sunday,
        }
    }
}
