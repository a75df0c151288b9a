//! `mesocycle tasks show`: one task with its attempts, steps and events.

use anyhow::Context;
use durable::Pool;
use durable::inspect;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::operator::{Operator, cell, dollars, moment, seconds};
use crate::output;

/// Show one task: why it is where it is, its attempts, steps and events
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Its id
    task: Uuid,
}

/// Prints the task. What models answered is not shown here.
pub(super) async fn show(
    operator: &Operator,
    pool: &Pool,
    arguments: &Arguments,
) -> anyhow::Result<()> {
    let task = inspect::task(pool, arguments.task, false)
        .await
        .context("the task cannot be read")?
        .context("there is no task of this id")?;
    let task = json!(task);
    if operator.json {
        output::say(&task.to_string());
        return Ok(());
    }
    output::say(&cell(&task, "why"));
    for (name, value) in [
        ("id", cell(&task, "id")),
        ("kind", cell(&task, "kind")),
        ("queue", cell(&task, "queue")),
        ("user", cell(&task, "user")),
        ("state", cell(&task, "state")),
        ("accepted", moment(&task, "created_at")),
        ("took", seconds(&task, "seconds")),
        ("cost", dollars(&task, "cost")),
        ("replay of", cell(&task, "replay_of")),
    ] {
        output::say(&format!("{name:<10} {value}"));
    }
    section(operator, "attempts", &task["attempts"], attempts);
    section(operator, "steps", &task["steps"], steps);
    section(operator, "events", &task["events"], events);
    section(operator, "children", &task["children"], children);
    Ok(())
}

fn section(operator: &Operator, title: &str, rows: &Value, print: fn(&Operator, &Value)) {
    if rows.as_array().is_some_and(|rows| !rows.is_empty()) {
        output::say(&format!("\n{title}"));
        print(operator, rows);
    }
}

fn attempts(operator: &Operator, rows: &Value) {
    operator.rows(
        ["#", "WORKER", "FROM", "TO", "OUTCOME", "ERROR"],
        rows,
        |row| {
            [
                cell(row, "attempt"),
                cell(row, "worker"),
                moment(row, "started_at"),
                moment(row, "ended_at"),
                cell(row, "outcome"),
                cell(row, "error_code"),
            ]
        },
    );
}

fn steps(operator: &Operator, rows: &Value) {
    operator.rows(
        ["NAME", "STATE", "SENT", "COST", "FROM", "TO"],
        rows,
        |row| {
            [
                cell(row, "name"),
                cell(row, "state"),
                cell(row, "sent"),
                dollars(row, "cost"),
                moment(row, "started_at"),
                moment(row, "ended_at"),
            ]
        },
    );
}

fn events(operator: &Operator, rows: &Value) {
    operator.rows(["AT", "TYPE", "PARTICULARS"], rows, |row| {
        [
            moment(row, "at"),
            cell(row, "type"),
            row["data"].to_string(),
        ]
    });
}

fn children(operator: &Operator, rows: &Value) {
    operator.rows(["ID", "KIND", "STEP", "OUTCOME"], rows, |row| {
        [
            cell(row, "id"),
            cell(row, "kind"),
            cell(row, "step"),
            cell(row, "outcome"),
        ]
    });
}
