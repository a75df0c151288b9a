//! `mesocycle demo`: what `./demo` runs. Everything in one process, and one plan asked for as an app would ask.

use std::io::{IsTerminal, stderr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use coach::caller::{Caller, Role};
use coach::process_plan_queue::wait_for_end;
use coach::read_plan::read_plan;
use durable::Pool;
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::Client;
use serde_json::{Value, json};
use server::auth::user_claims;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::config::{self, Flags, Listen};
use crate::instance::Instance;
use crate::{dev_env, logs, output, profile_file, signals, week};

/// Start everything, ask for one plan by HTTP, print it, and go on serving
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The athlete
    #[arg(default_value = "examples/athlete.json")]
    profile: PathBuf,
    /// End once the plan is printed
    #[arg(long)]
    exit: bool,
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    flags: Flags,
}

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Prints a plan, then runs until told to stop.
///
/// # Errors
/// What could not be started, or why there is no plan.
pub(crate) async fn demo(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let mut settings = config::load(&arguments.flags, Some(&arguments.listen))?;
    // A database that the environment happens to name is none of a demonstration's business.
    settings.database_url = None;
    if !settings.log_is_set {
        settings.log = "warn".to_owned();
    }
    logs::start(&settings)?;
    let snapshot = profile_file::read(&arguments.profile)?;
    let stop = signals::stop_token()?;
    let data_dir = settings.data_dir.clone();

    let progress = Progress::new(4);
    progress.step("starting a private PostgreSQL, the worker and the server");
    let instance = Instance::start(settings, &stop).await?;
    let shown = stop
        .run_until_cancelled(show_week(&instance, &snapshot, &progress))
        .await
        .unwrap_or(Ok(()));
    if arguments.exit || shown.is_err() {
        stop.cancel();
    } else {
        announce(&instance, &data_dir, &stop);
    }
    instance.run().await?;
    shown.map(|()| ExitCode::SUCCESS)
}

/// Asks for a plan as an app does and prints it when it is there.
async fn show_week(
    instance: &Instance,
    snapshot: &Value,
    progress: &Progress,
) -> anyhow::Result<()> {
    let user = Uuid::new_v4();
    let claims = user_claims(user, Role::Authenticated, Duration::from_secs(3_600));
    let app = App {
        http: Client::builder().timeout(PATIENCE).no_proxy().build()?,
        functions: format!("{}/functions/v1", instance.env.supabase_url),
        token: dev_env::sign(&instance.env.jwt_secret, &claims)?,
    };
    progress.step("asking for a week: POST /functions/v1/create-plan-job");
    let job = app
        .call("create-plan-job", &json!({ "profileSnapshot": snapshot }))
        .await?;
    let job = job["jobId"]
        .as_str()
        .context("the answer names no job")?
        .to_owned();
    progress.step(&format!("job {job} is being done"));
    let caller = Caller {
        role: Role::Authenticated,
        claims,
    };
    let plan = wait_for_plan(&instance.pool, &caller, job.parse()?).await?;
    let days = read_plan(&instance.pool, &caller, plan).await?;
    progress.step(&format!("plan {plan} is ready"));
    progress.finish();
    output::say(&week::table(
        &days.context("the finished plan cannot be read by its owner")?,
    ));
    Ok(())
}

/// An app with a signed-in user.
struct App {
    http: Client,
    functions: String,
    token: String,
}

impl App {
    async fn call(&self, function: &str, body: &Value) -> anyhow::Result<Value> {
        let request = self
            .http
            .post(format!("{}/{function}", self.functions))
            .bearer_auth(&self.token)
            .json(body);
        let answer: Value = request.send().await?.json().await?;
        match answer["success"].as_bool() {
            Some(true) => Ok(answer),
            _ => bail!(
                "{}",
                answer["error"]
                    .as_str()
                    .unwrap_or("the function failed without a word")
            ),
        }
    }
}

/// Watches the user's own job row, as an app does through REST, until it says how it ended.
async fn wait_for_plan(pool: &Pool, caller: &Caller, job: Uuid) -> anyhow::Result<Uuid> {
    loop {
        let Some(end) = wait_for_end(pool, caller, job, PATIENCE).await? else {
            continue;
        };
        if let Some(plan) = end["planId"].as_str() {
            return Ok(plan.parse()?);
        }
        bail!(
            "{}",
            end["error"]
                .as_str()
                .unwrap_or("the job failed without a word")
        );
    }
}

fn announce(instance: &Instance, data_dir: &std::path::Path, stop: &CancellationToken) {
    if stop.is_cancelled() {
        return;
    }
    output::say(&format!("\nServing at {}", instance.env.supabase_url));
    if let Some(url) = &instance.network_url {
        output::say(&format!("On this network (a phone): {url}"));
    }
    output::say(&format!("Dashboard: {}", instance.dashboard()));
    output::say(&format!(
        "Keys and addresses: {} (Ctrl-C ends it)",
        data_dir.join("dev.env").display()
    ));
}

/// A bar on a terminal, lines otherwise; on standard error, so that standard output is the plan.
struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    fn new(steps: u64) -> Progress {
        let bar = stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(steps);
            if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Progress { bar }
    }

    fn step(&self, what: &str) {
        match &self.bar {
            Some(bar) => {
                bar.inc(1);
                bar.set_message(what.to_owned());
            }
            None => output::complain(what),
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish();
        }
    }
}
