//! A week as a table for people, from the contract's `days`.

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};
use serde_json::Value;

/// The days of a week, as the contract's keys and in English.
const DAYS: [(&str, &str); 7] = [
    ("monday", "Monday"),
    ("tuesday", "Tuesday"),
    ("wednesday", "Wednesday"),
    ("thursday", "Thursday"),
    ("friday", "Friday"),
    ("saturday", "Saturday"),
    ("sunday", "Sunday"),
];
/// Columns, where the output is no terminal.
const WIDTH: u16 = 140;

/// Draws the week. What a day lacks stays empty.
pub(crate) fn table(days: &Value) -> String {
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic);
    if !table.is_tty() {
        table.set_width(WIDTH);
    }
    table.set_header(["Day", "Training", "Food", "Recovery"]);
    for (key, name) in DAYS {
        let day = &days[key];
        table.add_row([
            name.to_owned(),
            training(&day["workout"]),
            food(&day["nutrition"]),
            recovery(&day["recovery"]),
        ]);
    }
    table.trim_fmt()
}

fn training(workout: &Value) -> String {
    let mut lines = vec![texts(&workout["focus"]).join(", ")];
    for block in list(&workout["blocks"]) {
        lines.push(format!("{}:", text(&block["name"])));
        lines.extend(list(&block["items"]).iter().map(exercise));
    }
    lines.push(text(&workout["notes"]).to_owned());
    joined(lines)
}

/// `• Back squat 3 × 8-12, RIR 2`; where nothing is near failure (warm-ups, stretches: RIR 5) the RIR says nothing to a
/// reader and is left out: `• Arm circles 8-10`.
fn exercise(item: &Value) -> String {
    let (name, reps) = (text(&item["exercise"]), text(&item["reps"]));
    if item["sets"] == 1 && item["RIR"] == 5 {
        return format!("• {name} {reps}");
    }
    format!("• {name} {} × {reps}, RIR {}", item["sets"], item["RIR"])
}

fn food(nutrition: &Value) -> String {
    let mut lines = vec![format!(
        "{} kcal, {} g protein, {} l water",
        nutrition["total_kcal"], nutrition["protein_g"], nutrition["hydration_l"]
    )];
    for meal in list(&nutrition["meals"]) {
        let items = list(&meal["items"])
            .iter()
            .map(|item| format!("{} {}", text(&item["food"]), text(&item["qty"])));
        lines.push(format!(
            "{}: {}",
            text(&meal["name"]),
            items.collect::<Vec<_>>().join(", ")
        ));
    }
    joined(lines)
}

fn recovery(recovery: &Value) -> String {
    let supplements = texts(&recovery["supplements"]);
    joined(
        [
            texts(&recovery["mobility"]),
            texts(&recovery["sleep"]),
            supplements,
        ]
        .concat()
        .into_iter()
        .map(str::to_owned),
    )
}

fn joined(lines: impl IntoIterator<Item = String>) -> String {
    lines
        .into_iter()
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn texts(value: &Value) -> Vec<&str> {
    list(value).iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_table_names_every_day_and_what_is_done_on_it() {
        let squat = json!({ "exercise": "Back squat", "sets": 3, "reps": "8-12", "RIR": 2 });
        let monday = json!({
            "workout": { "focus": ["Legs"], "blocks": [{ "name": "Main", "items": [squat] }], "notes": "" },
            "nutrition": { "total_kcal": 2300, "protein_g": 150, "hydration_l": 2.5,
                "meals": [{ "name": "Breakfast", "items": [{ "food": "Oats", "qty": "80 g" }] }] },
            "recovery": { "mobility": ["Hips, 5 min"], "sleep": ["8 h"], "supplements": [] },
        });
        let drawn = table(&json!({ "monday": monday }));
        for (_, name) in DAYS {
            assert!(drawn.contains(name), "{name} is missing:\n{drawn}");
        }
        for part in [
            "Back squat 3 × 8-12, RIR 2",
            "2300 kcal, 150 g protein, 2.5 l water",
            "Breakfast: Oats 80 g",
            "8 h",
        ] {
            assert!(drawn.contains(part), "{part} is missing:\n{drawn}");
        }
    }

    #[test]
    fn anything_else_is_an_empty_week() {
        for days in [json!(null), json!([]), json!({ "monday": 3 })] {
            assert!(table(&days).contains("Sunday"));
        }
    }
}
