//! The brief as JSON: what of it a model needs, and back.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::brief::{Brief, FastingWindow, Limit, SplitWish};
use crate::exercise::{Tag, catalogue};
use crate::food::foods;
use crate::profile::ProfileSnapshot;

/// What a model must know. `sessions`, `skill`, `min_rir`, `gentle` and `forbidden_tags` follow from the rest, told so that it need not work
/// them out. `food`: whether food is planned too.
pub(super) fn write_brief(brief: &Brief, food: bool) -> Value {
    let tags: BTreeSet<&str> = brief
        .limits
        .iter()
        .flat_map(|limit| limit.forbidden())
        .map(|tag: &Tag| tag.name())
        .collect();
    let gentle = [Limit::Minor, Limit::Senior, Limit::Pregnancy];
    let mut json = json!({
        "goal": brief.goal,
        "days": brief.days,
        "sessions": brief.sessions(),
        "level": brief.level,
        "minutes": brief.minutes,
        "intensity": brief.intensity,
        "skill": brief.skill(),
        "min_rir": brief.min_rir(),
        "gentle": gentle.iter().any(|limit| brief.has(*limit)),
        "equipment": brief.equipment,
        "limits": limit_names(brief),
        "forbidden_tags": tags,
        "excluded": brief.excluded,
        "cardio_wishes": brief.cardio_wishes,
        "split": brief.split.map(SplitWish::name),
        "weekdays": names(&brief.weekdays, |day| day.name()),
        "travel_days": names(&brief.travel_days, |day| day.name()),
        "strained": brief.strained,
    });
    if food {
        json["meals"] = json!(brief.meals);
        json["kcal"] = json!(brief.kcal);
        json["protein_g"] = json!(brief.protein_g);
        json["fasting_hours"] = json!(brief.fasting.map(|window| window.fasting_hours));
        json["diet"] = json!({
            "origins": brief.diet.origins,
            "avoid": brief.diet.avoid,
            "disliked": brief.diet.disliked,
            "low_budget": brief.diet.low_budget,
        });
    } else {
        json["home_equipment"] = json!(brief.home_equipment);
    }
    json
}

fn limit_names(brief: &Brief) -> Vec<&'static str> {
    brief.limits.iter().map(|limit| limit.name()).collect()
}

fn names<T: Copy>(set: &BTreeSet<T>, name: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    set.iter().map(|one| name(*one)).collect()
}

/// The brief that was written; `None` where it is none. What it does not hold (water, sleep …) is as for an athlete who says nothing.
pub(crate) fn read_brief(json: &Value) -> Option<Brief> {
    let fields = json.as_object()?;
    let snapshot = json!({"goal": fields.get("goal")?, "trainingDays": fields.get("days")?});
    let mut brief = Brief::from_profile(&ProfileSnapshot::parse(&snapshot).ok()?);
    brief.level = field(fields, "level")?;
    brief.minutes = field(fields, "minutes")?;
    brief.intensity = field(fields, "intensity")?;
    brief.equipment = field(fields, "equipment")?;
    brief.home_equipment = field(fields, "home_equipment").unwrap_or_default();
    brief.limits = field(fields, "limits")?;
    brief.excluded = slugs(fields, "excluded");
    brief.cardio_wishes = slugs(fields, "cardio_wishes");
    brief.split = field(fields, "split");
    brief.weekdays = field(fields, "weekdays")?;
    brief.travel_days = field(fields, "travel_days")?;
    brief.strained = field(fields, "strained")?;
    if let Some(diet) = fields.get("diet").and_then(Value::as_object) {
        brief.diet.origins = field(diet, "origins")?;
        brief.diet.avoid = field(diet, "avoid")?;
        let disliked: BTreeSet<String> = field(diet, "disliked")?;
        let known = foods().iter().map(|food| food.name);
        brief.diet.disliked = known.filter(|name| disliked.contains(*name)).collect();
        brief.diet.low_budget = field(diet, "low_budget")?;
        brief.meals = field(fields, "meals")?;
        brief.kcal = field(fields, "kcal")?;
        brief.protein_g = field(fields, "protein_g")?;
        brief.fasting = field::<u32>(fields, "fasting_hours").map(FastingWindow::of_hours);
    }
    Some(brief)
}

fn field<T: DeserializeOwned>(fields: &Map<String, Value>, name: &str) -> Option<T> {
    serde_json::from_value(fields.get(name)?.clone()).ok()
}

fn slugs(fields: &Map<String, Value>, name: &str) -> BTreeSet<&'static str> {
    let named: BTreeSet<String> = field(fields, name).unwrap_or_default();
    let known = catalogue().iter().map(|one| one.slug.as_str());
    known.filter(|slug| named.contains(*slug)).collect()
}
