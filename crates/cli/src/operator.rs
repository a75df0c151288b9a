//! What the verbs of an operator share: the database that they read and change, and how they answer, as a table or as JSON.

use std::io::stdout;

use anyhow::Context;
use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};
use durable::Pool;
use serde_json::Value;

use crate::config::{self, Flags};
use crate::{logs, output, wire};

/// The flags of every such verb.
#[derive(clap::Args)]
pub(crate) struct Operator {
    /// Answer with JSON instead of a table
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(flatten)]
    flags: Flags,
}

impl Operator {
    /// The database that is set, else the one of this directory's running `mesocycle dev`.
    ///
    /// # Errors
    /// When there is none, it cannot be reached or is not migrated.
    pub(crate) async fn pool(&self) -> anyhow::Result<Pool> {
        let settings = config::load(&self.flags, None)?.or_development();
        logs::start(&settings)?;
        let pool = wire::pool(&settings, wire::database_url(&settings)?).await?;
        let overview = coach::inspect::overview(&pool).await;
        let overview = overview.context("the database does not answer")?;
        anyhow::ensure!(
            overview.migrated,
            "this database is not migrated: run `mesocycle migrate` first"
        );
        Ok(pool)
    }

    /// Prints rows: as one JSON array, or under these headings.
    pub(crate) fn rows<const N: usize>(
        &self,
        headings: [&str; N],
        rows: &Value,
        cells: impl Fn(&Value) -> [String; N],
    ) {
        if self.json {
            return output::say(&rows.to_string());
        }
        let rows = rows.as_array().map_or(&[][..], Vec::as_slice);
        let mut table = Table::new();
        table.load_style(NOTHING);
        // A line a row, however narrow the terminal: ids are to be copied.
        table.set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(headings.map(|heading| Cell::new(heading).add_attribute(Attribute::Bold)));
        for row in rows {
            table.add_row(cells(row).map(coloured));
        }
        match output::has_colours(&stdout()) {
            true => table.enforce_styling(),
            false => table.force_no_tty(),
        };
        output::say(&table.trim_fmt());
    }

    /// Prints one answer: as JSON, or as these words.
    pub(crate) fn answer(&self, answer: &Value, words: &str) {
        match self.json {
            true => output::say(&answer.to_string()),
            false => output::say(words),
        }
    }
}

/// A cell in the colour of what it says, where it is one of the words for how something stands.
fn coloured(text: String) -> Cell {
    let colour = match text.as_str() {
        "failed" | "lost" | "NO" => Some(Color::Red),
        "succeeded" | "yes" => Some(Color::Green),
        "waiting" | "parked" | "retried" | "cancelled" => Some(Color::Yellow),
        "ready" | "running" => Some(Color::Cyan),
        _ => None,
    };
    let cell = Cell::new(text);
    match colour {
        Some(colour) => cell.fg(colour),
        None => cell,
    }
}

/// A field as a cell; `-` where there is nothing.
pub(crate) fn cell(row: &Value, field: &str) -> String {
    match &row[field] {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A moment to the second.
pub(crate) fn moment(row: &Value, field: &str) -> String {
    let text = cell(row, field);
    match text.split_once('.') {
        Some((seconds, _)) if text.ends_with('Z') => format!("{seconds}Z"),
        _ => text,
    }
}

/// Micro-dollars as dollars.
pub(crate) fn dollars(row: &Value, field: &str) -> String {
    match row[field].as_i64() {
        None | Some(0) => "-".to_owned(),
        Some(micros) => format!("${}.{:04}", micros / 1_000_000, micros % 1_000_000 / 100),
    }
}

/// Seconds as people say them.
pub(crate) fn seconds(row: &Value, field: &str) -> String {
    match row[field].as_f64() {
        None => "-".to_owned(),
        Some(seconds) if seconds < 120.0 => format!("{seconds:.1} s"),
        Some(seconds) if seconds < 7_200.0 => format!("{:.0} min", seconds / 60.0),
        Some(seconds) if seconds < 172_800.0 => format!("{:.0} h", seconds / 3_600.0),
        Some(seconds) => format!("{:.0} days", seconds / 86_400.0),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn figures_are_said_as_people_say_them() {
        let row = json!({ "at": "2026-11-22T11:00:00.123456Z", "cost": 1_234_567, "free": 0, "took": 90.04, "long": 7_100.0, "none": null });
        assert_eq!(moment(&row, "at"), "2026-11-22T11:00:00Z");
        assert_eq!(dollars(&row, "cost"), "$1.2345");
        assert_eq!(
            (dollars(&row, "free"), cell(&row, "none")),
            ("-".into(), "-".into())
        );
        assert_eq!(seconds(&row, "took"), "90.0 s");
        assert_eq!(seconds(&row, "long"), "118 min");
    }
}
