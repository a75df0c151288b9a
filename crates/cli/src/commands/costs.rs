//! `mesocycle costs`: what the models cost, by day, model and flow, or by user or job.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::ValueEnum;
use coach::inspect;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, Table};
use durable::{Pool, spend};
use serde_json::{Map, Value, json};

use crate::config::{self, Flags};
use crate::{dev_env, output, wire};

/// Print what the models cost: tokens and dollars by day, model and flow
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many days (UTC), today's included
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(i32).range(1..=3_660))]
    days: i32,
    /// Add up by one thing alone; users and jobs are known as long as ended jobs are kept (`keep_tasks_days`)
    #[arg(long, value_enum)]
    by: Option<By>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    Day,
    Model,
    Flow,
    User,
    Job,
}

/// What calls took; where only money is known, no tokens are.
#[derive(Default, Clone, Copy)]
struct Bill {
    calls: i64,
    input: i64,
    cached: i64,
    output: i64,
    reasoning: i64,
    cost: i64,
    estimated: i64,
}

/// The lines of an answer, each with what it stands for.
struct Costs {
    keys: &'static [&'static str],
    /// Whether calls and tokens are known, beside money.
    with_tokens: bool,
    rows: Vec<(Vec<String>, Bill)>,
}

/// Prints the costs of the last days.
///
/// # Errors
/// When there is no database, or it does not answer.
pub(crate) async fn costs(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let mut settings = config::load(&arguments.flags, None)?;
    if settings.database_url.is_none() {
        settings.database_url = dev_env::read(&settings.data_dir).map(|env| env.database_url);
    }
    let pool = wire::pool(&settings, wire::database_url(&settings)?).await?;
    if !inspect::overview(&pool).await?.migrated {
        bail!("this database is not migrated: run `mesocycle migrate` first");
    }
    let costs = Costs::read(&pool, arguments.by, arguments.days)
        .await
        .context("the costs cannot be read")?;
    wire::close(&pool).await;
    output::say(&match arguments.json {
        true => costs.to_json(arguments.days).to_string(),
        false => costs.to_table(arguments.days),
    });
    Ok(ExitCode::SUCCESS)
}

impl Costs {
    async fn read(pool: &Pool, by: Option<By>, days: i32) -> Result<Self, sqlx::Error> {
        match by {
            Some(By::User) => Ok(Self::of_users(spend::totals(pool, days).await?)),
            Some(By::Job) => Ok(Self::of_jobs(spend::tasks(pool, days).await?)),
            _ => Ok(Self::of_calls(spend::uses(pool, days).await?, by)),
        }
    }

    fn of_calls(uses: Vec<spend::Use>, by: Option<By>) -> Self {
        let keys: &[&str] = match by {
            Some(By::Day) => &["day"],
            Some(By::Model) => &["model"],
            Some(By::Flow) => &["flow"],
            _ => &["day", "model", "flow"],
        };
        let mut rows: BTreeMap<Vec<String>, Bill> = BTreeMap::new();
        for one in uses {
            let key = |name: &&str| match *name {
                "day" => one.day.clone(),
                "model" => one.budget.clone(),
                _ => one.kind.clone(),
            };
            rows.entry(keys.iter().map(key).collect())
                .or_default()
                .add(&Bill::of(&one));
        }
        Self {
            keys,
            with_tokens: true,
            rows: rows.into_iter().collect(),
        }
    }

    fn of_users(totals: Vec<spend::Total>) -> Self {
        let mut rows: BTreeMap<Vec<String>, Bill> = BTreeMap::new();
        for total in totals {
            if let Some(user) = total.scope.strip_prefix("user ") {
                let bill = rows.entry(vec![user.to_owned()]).or_default();
                bill.cost += total.used;
            }
        }
        let mut rows: Vec<_> = rows.into_iter().collect();
        rows.sort_by_key(|(_, bill)| -bill.cost);
        Self {
            keys: &["user"],
            with_tokens: false,
            rows,
        }
    }

    fn of_jobs(tasks: Vec<spend::TaskCost>) -> Self {
        let row = |task: spend::TaskCost| {
            let bill = Bill {
                cost: task.cost,
                ..Bill::default()
            };
            (vec![task.day, task.kind, task.id.to_string()], bill)
        };
        Self {
            keys: &["day", "flow", "job"],
            with_tokens: false,
            rows: tasks.into_iter().map(row).collect(),
        }
    }

    fn total(&self) -> Bill {
        let mut total = Bill::default();
        self.rows.iter().for_each(|(_, bill)| total.add(bill));
        total
    }

    fn to_table(&self, days: i32) -> String {
        if self.rows.is_empty() {
            return format!("No model was asked in the last {days} days.");
        }
        let tokens: &[&str] = match self.with_tokens {
            true => &["calls", "input", "cached", "output", "reasoning"],
            false => &[],
        };
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED);
        table.set_header(self.keys.iter().chain(tokens).chain(&["dollars"]));
        for column in table.column_iter_mut().skip(self.keys.len()) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        let mut total = vec![String::new(); self.keys.len()];
        if let Some(first) = total.first_mut() {
            "all".clone_into(first);
        }
        let last = (total, self.total());
        for (key, bill) in self.rows.iter().chain([&last]) {
            let counts = [
                bill.calls,
                bill.input,
                bill.cached,
                bill.output,
                bill.reasoning,
            ];
            let counts = counts.iter().take(tokens.len()).map(ToString::to_string);
            let dollars = std::iter::once(bill.dollars());
            table.add_row(key.iter().cloned().chain(counts).chain(dollars));
        }
        let marked = match last.1.estimated > 0 {
            true => {
                "\n~ so much of it is estimated: calls under way or lost, and answers whose provider did not say what they took."
            }
            false => "",
        };
        format!("{}{marked}", table.trim_fmt())
    }

    fn to_json(&self, days: i32) -> Value {
        let row = |(key, bill): &(Vec<String>, Bill)| {
            let names = self.keys.iter().map(|name| (*name).to_owned());
            let mut row: Map<String, Value> =
                names.zip(key.iter().map(|value| json!(value))).collect();
            row.append(&mut self.amounts(bill));
            Value::Object(row)
        };
        let rows: Vec<Value> = self.rows.iter().map(row).collect();
        json!({ "days": days, "rows": rows, "total": self.amounts(&self.total()) })
    }

    fn amounts(&self, bill: &Bill) -> Map<String, Value> {
        let money = [("micro_dollars", bill.cost)];
        let tokens = [
            ("calls", bill.calls),
            ("input_tokens", bill.input),
            ("cached_input_tokens", bill.cached),
            ("output_tokens", bill.output),
            ("reasoning_tokens", bill.reasoning),
            ("estimated_micro_dollars", bill.estimated),
        ];
        let known = tokens.into_iter().filter(|_| self.with_tokens);
        known
            .chain(money)
            .map(|(name, amount)| (name.to_owned(), json!(amount)))
            .collect()
    }
}

impl Bill {
    fn of(one: &spend::Use) -> Self {
        Self {
            calls: one.calls,
            input: one.input_tokens,
            cached: one.cached_input_tokens,
            output: one.output_tokens,
            reasoning: one.reasoning_tokens,
            cost: one.cost,
            estimated: one.estimated_cost,
        }
    }

    fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.input += other.input;
        self.cached += other.cached;
        self.output += other.output;
        self.reasoning += other.reasoning;
        self.cost += other.cost;
        self.estimated += other.estimated;
    }

    /// `$0.001234`, with the share that is estimated: `$0.001234 ~12%`.
    fn dollars(&self) -> String {
        let amount = llm::MicroDollars(u64::try_from(self.cost).unwrap_or(0));
        match self.estimated {
            ..=0 => amount.to_string(),
            estimated => {
                let percent = (100 * estimated + self.cost - 1) / self.cost.max(estimated);
                format!("{amount} ~{percent}%")
            }
        }
    }
}
