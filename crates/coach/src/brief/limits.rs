//! Injuries and conditions, and what each forbids. A limit can only tighten a plan. Not medical advice.

use std::collections::BTreeSet;

use crate::exercise::{Exercise, Tag};
use crate::profile::ProfileSnapshot;
use crate::reader;
use crate::words::names;

names! {
    /// A part of the body or a condition that training must spare.
    pub enum Limit {
        Shoulder = "shoulder", LowerBack = "lower back", Knee = "knee", Wrist = "wrist", Elbow = "elbow", Neck = "neck",
        Ankle = "ankle", Hip = "hip", Hernia = "hernia or pelvic floor", BloodPressure = "blood pressure or heart",
        Pregnancy = "pregnancy", Senior = "age of 65 or more", Minor = "age under 18", Underweight = "low body weight",
        Unclear = "an injury that was not understood",
    }
}

impl Limit {
    /// The demands that it forbids (the injury map: what loads the part, not the whole limb).
    pub fn forbidden(self) -> &'static [Tag] {
        match self {
            Self::Shoulder => &[Tag::Overhead, Tag::ShoulderStress],
            Self::LowerBack => &[Tag::SpinalLoad, Tag::SpineFlexion],
            Self::Knee => &[Tag::Impact, Tag::DeepKnee],
            Self::Wrist => &[Tag::WristLoad],
            Self::Elbow => &[Tag::ElbowStress],
            Self::Neck => &[Tag::NeckStress, Tag::Overhead],
            Self::Ankle => &[Tag::Impact, Tag::AnkleStress],
            Self::Hip => &[Tag::HipStress, Tag::Impact],
            Self::Hernia => &[Tag::Valsalva, Tag::SpineFlexion],
            Self::BloodPressure => &[Tag::Valsalva],
            Self::Pregnancy => &[
                Tag::Supine,
                Tag::Prone,
                Tag::Impact,
                Tag::Valsalva,
                Tag::SpineFlexion,
            ],
            Self::Senior => &[Tag::Impact],
            Self::Unclear => &[Tag::Impact, Tag::Valsalva],
            Self::Minor | Self::Underweight => &[],
        }
    }

    /// Whether it forbids an exercise.
    pub fn forbids(self, exercise: &Exercise) -> bool {
        self.forbidden().iter().any(|tag| exercise.has(*tag))
    }

    /// The fewest repetitions in reserve under it (ACOG 804 for pregnancy; ACSM for hypertension and older adults).
    pub fn min_rir(self) -> i64 {
        match self {
            Self::Pregnancy | Self::BloodPressure | Self::Hernia => 3,
            Self::Senior | Self::Minor | Self::Unclear => 2,
            _ => 0,
        }
    }

    /// Whether the most technical exercises are left out under it.
    pub fn caps_skill(self) -> bool {
        matches!(
            self,
            Self::Senior | Self::Minor | Self::Pregnancy | Self::Unclear
        )
    }
}

/// The limits of a profile: from `injuries`, where every part of the body counts, from the age, and from the other texts,
/// where it needs a word of pain beside it.
pub(super) fn read(profile: &ProfileSnapshot) -> BTreeSet<Limit> {
    let mut limits = reader::limits(&profile.injuries, true);
    match profile.age {
        Some(age) if age >= 65.0 => limits.insert(Limit::Senior),
        Some(age) if age < 18.0 => limits.insert(Limit::Minor),
        _ => false,
    };
    limits
}

/// The limits that a free text speaks of.
pub(super) fn read_text(text: &str) -> BTreeSet<Limit> {
    reader::limits(text, false)
}
