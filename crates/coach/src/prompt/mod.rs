//! What a model is asked: four prompts, each a static system text with a schema of its answer, and the user turn that goes with it.
//!
//! The system text is the same for every athlete, so that a provider's prefix cache serves it; all that differs is the user turn, one JSON
//! object. What comes back is read by [`crate::answer`]. The files are in `prompts/`; a change of any changes [`Prompt::version`].

mod brief;
mod lists;
mod privacy;
mod turn;

use std::fmt::Write as _;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

pub(crate) use brief::read_brief;
pub use turn::{
    LONGEST_STYLE, LONGEST_TEXT, block_template, exercise_profile, is_exercise_name, reading,
    weekly_plan, with_corrections,
};

use crate::words::names;

names! {
    /// A question to a model.
    pub enum Prompt {
        WeeklyPlan = "weekly_plan", Reading = "reading", BlockTemplate = "block_template", ExerciseProfile = "exercise_profile",
    }
}

static WEEKLY_PLAN: LazyLock<String> = LazyLock::new(|| {
    [
        include_str!("../../prompts/weekly_plan.md"),
        &lists::exercises(),
        &lists::foods(),
    ]
    .join("\n")
});

static BLOCK_TEMPLATE: LazyLock<String> = LazyLock::new(|| {
    [
        include_str!("../../prompts/block_template.md"),
        &lists::exercises(),
    ]
    .join("\n")
});

impl Prompt {
    /// The system text, the same for everybody.
    pub fn system(self) -> &'static str {
        match self {
            Self::WeeklyPlan => &WEEKLY_PLAN,
            Self::Reading => include_str!("../../prompts/reading.md"),
            Self::BlockTemplate => &BLOCK_TEMPLATE,
            Self::ExerciseProfile => include_str!("../../prompts/exercise_profile.md"),
        }
    }

    /// The JSON schema of the answer, as text: its order of properties is the order in which they are to be written. It keeps the rules
    /// of strict output: objects are closed and every property is required.
    pub fn schema(self) -> &'static str {
        match self {
            Self::WeeklyPlan => include_str!("../../prompts/weekly_plan.schema.json"),
            Self::Reading => include_str!("../../prompts/reading.schema.json"),
            Self::BlockTemplate => include_str!("../../prompts/block_template.schema.json"),
            Self::ExerciseProfile => include_str!("../../prompts/exercise_profile.schema.json"),
        }
    }

    /// An answer of that schema, as text, for providers whose JSON mode needs to be shown one.
    pub fn example(self) -> &'static str {
        match self {
            Self::WeeklyPlan => include_str!("../../prompts/weekly_plan.example.json"),
            Self::Reading => include_str!("../../prompts/reading.example.json"),
            Self::BlockTemplate => include_str!("../../prompts/block_template.example.json"),
            Self::ExerciseProfile => include_str!("../../prompts/exercise_profile.example.json"),
        }
    }

    /// The most tokens of an answer, a model's thinking aside: twice what the longest sound one took (o200k, measured). Of 100 athletes of
    /// every kind a week took 1,520 in the median and 3,568 at most, a template 765 and 3,494; a reading 553 for 650 characters, of which there
    /// may be 2,000; the texts of an exercise at most 790 of 319 in English, and a quarter more in German.
    pub fn max_output_tokens(self) -> u32 {
        match self {
            Self::WeeklyPlan => 7_200,
            Self::BlockTemplate => 7_000,
            Self::Reading | Self::ExerciseProfile => 2_000,
        }
    }

    /// The top-level list of the answer whose entries, as they arrive, are progress, and how many there will be of `sessions` a week
    /// (`days`, 3 of 7); `None` where there is none.
    pub fn progress(self, sessions: usize) -> Option<(&'static str, usize)> {
        match self {
            Self::WeeklyPlan => Some(("days", 7)),
            Self::BlockTemplate => Some(("days", sessions)),
            Self::Reading | Self::ExerciseProfile => None,
        }
    }

    /// Twelve hexadecimal digits that change with system text, schema, example or limit: what a job pins.
    pub fn version(self) -> String {
        let mut hash = Sha256::new();
        for text in [self.system(), self.schema(), self.example()] {
            hash.update(text.as_bytes());
            hash.update([0]);
        }
        hash.update(self.max_output_tokens().to_le_bytes());
        let digest = hash.finalize();
        digest.iter().take(6).fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}
