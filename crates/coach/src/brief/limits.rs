//! Injuries and conditions, and what each forbids. A limit can only tighten a plan. Not medical advice.

use std::collections::BTreeSet;

use crate::exercise::{Exercise, Tag};
use crate::profile::ProfileSnapshot;
use crate::words::{self, names};

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

/// Words for a part of the body: a limit where the text is about injuries, or speaks of pain in the same clause.
const PARTS: &[(&str, Limit)] = &[
    ("shoulder", Limit::Shoulder),
    ("rotator cuff", Limit::Shoulder),
    ("back", Limit::LowerBack),
    ("lumbar", Limit::LowerBack),
    ("spine", Limit::LowerBack),
    ("knee", Limit::Knee),
    ("kneecap", Limit::Knee),
    ("patella", Limit::Knee),
    ("wrist", Limit::Wrist),
    ("hand", Limit::Wrist),
    ("elbow", Limit::Elbow),
    ("neck", Limit::Neck),
    ("upper back", Limit::Neck),
    ("ankle", Limit::Ankle),
    ("achille", Limit::Ankle),
    ("foot", Limit::Ankle),
    ("feet", Limit::Ankle),
    ("heel", Limit::Ankle),
    ("shin", Limit::Ankle),
    ("hip", Limit::Hip),
    ("groin", Limit::Hip),
];

/// Words that name an injury or a condition by themselves, wherever they are written.
const CONDITIONS: &[(&str, Limit)] = &[
    ("rotator cuff tear", Limit::Shoulder),
    ("frozen shoulder", Limit::Shoulder),
    ("sciatica", Limit::LowerBack),
    ("scoliosis", Limit::LowerBack),
    ("herniated", Limit::LowerBack),
    ("slipped disc", Limit::LowerBack),
    ("disc bulge", Limit::LowerBack),
    ("bulging disc", Limit::LowerBack),
    ("lumbago", Limit::LowerBack),
    ("meniscus", Limit::Knee),
    ("acl", Limit::Knee),
    ("mcl", Limit::Knee),
    ("patellar", Limit::Knee),
    ("carpal tunnel", Limit::Wrist),
    ("epicondylitis", Limit::Elbow),
    ("whiplash", Limit::Neck),
    ("plantar fasciitis", Limit::Ankle),
    ("shin splint", Limit::Ankle),
    ("hernia", Limit::Hernia),
    ("pelvic floor", Limit::Hernia),
    ("diastasis", Limit::Hernia),
    ("prolapse", Limit::Hernia),
    ("hypertension", Limit::BloodPressure),
    ("blood pressure", Limit::BloodPressure),
    ("heart condition", Limit::BloodPressure),
    ("heart disease", Limit::BloodPressure),
    ("pregnant", Limit::Pregnancy),
    ("pregnancy", Limit::Pregnancy),
    ("postpartum", Limit::Pregnancy),
    ("arthriti", Limit::Knee),
    ("osteoarthritis", Limit::Knee),
];

const PAIN: &[&str] = &[
    "pain",
    "painful",
    "hurt",
    "hurting",
    "ache",
    "aching",
    "sore",
    "injury",
    "injured",
    "bad",
    "strain",
    "strained",
    "sprain",
    "sprained",
    "surgery",
    "problem",
    "issue",
    "tendonitis",
    "tendinitis",
    "arthritis",
    "torn",
    "tear",
    "weak",
    "stiff",
    "click",
    "fracture",
    "broken",
    "dislocated",
];

/// Words that say that there is nothing to say.
const NOTHING: &[&str] = &[
    "n",
    "a",
    "na",
    "nothing",
    "fine",
    "healthy",
    "ok",
    "okay",
    "good",
    "injury",
    "currently",
    "all",
    "i",
    "am",
    "have",
    "yet",
];

/// The limits of a profile: from `injuries`, where every part of the body counts, from the age, and from the other texts,
/// where it needs a word of pain beside it.
pub(super) fn read(profile: &ProfileSnapshot) -> BTreeSet<Limit> {
    let mut limits = scan(&profile.injuries, true);
    match profile.age {
        Some(age) if age >= 65.0 => limits.insert(Limit::Senior),
        Some(age) if age < 18.0 => limits.insert(Limit::Minor),
        _ => false,
    };
    limits
}

/// The limits that a free text speaks of.
pub(super) fn read_text(text: &str) -> BTreeSet<Limit> {
    scan(text, false)
}

fn scan(text: &str, about_injuries: bool) -> BTreeSet<Limit> {
    let mut limits = BTreeSet::new();
    for clause in words::clauses(text) {
        let said = |phrase: &str| {
            clause
                .position(&words::tokens(phrase))
                .is_some_and(|place| !clause.denies(place))
        };
        let mut found: Vec<Limit> = CONDITIONS
            .iter()
            .filter(|(phrase, _)| said(phrase))
            .map(|(_, limit)| *limit)
            .collect();
        if about_injuries || clause.has_any(PAIN) {
            found.extend(
                PARTS
                    .iter()
                    .filter(|(phrase, _)| said(phrase))
                    .map(|(_, limit)| *limit),
            );
        }
        let speaks = clause
            .words
            .iter()
            .any(|word| !NOTHING.contains(&word.as_str()));
        let named = PARTS
            .iter()
            .chain(CONDITIONS)
            .any(|(phrase, _)| clause.position(&words::tokens(phrase)).is_some());
        if about_injuries
            && speaks
            && !named
            && !clause.denies(clause.words.len())
            && clause.has_any(PAIN)
        {
            found.push(Limit::Unclear);
        }
        limits.extend(found);
    }
    limits
}
