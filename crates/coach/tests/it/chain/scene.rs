//! A migrated database, emulated providers that answer as a good model would, and a worker with a chain of them.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use coach::{
    answer::sound::sound_answer,
    ask::{Caps, Provider},
    chain::Chain,
    generate_exercise_profile::{self, GenerateExerciseProfile},
    generate_weekly_plan::{self, GenerateWeeklyPlan},
    generate_workout_plan::{self, GenerateWorkoutPlan},
    prompt::Prompt,
};
use durable::{MicroDollars, RunningWorker, Worker, WorkerOptions};
use emulator::{Asked, Emulator, Options};
use llm::{
    ApiKey, Endpoint, Model, Prices, Timers,
    models::{DeepSeek, OpenAiChat, OpenAiOptions, OpenAiResponses},
};
use serde_json::{Value, json};

use crate::sql::support::{ADA, Db, create_sql, text, user};

/// Long enough for any wait of a test; reached only when something is wrong.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// More than any question costs.
pub(crate) const PLENTY: Caps = Caps {
    job: MicroDollars(5_000_000),
    user_day: MicroDollars(50_000_000),
    day: MicroDollars(500_000_000),
};

/// What a model was asked: by which prompt, with which user turn.
pub(crate) type Heard = Arc<Mutex<Vec<(Prompt, Value)>>>;

pub(crate) struct Scene {
    pub(crate) db: Db,
    pub(crate) emulator: Emulator,
    heard: Heard,
    queued: Duration,
}

/// The prompt of a call, by its system text, and its user turn.
pub(crate) fn read(asked: &Asked) -> (Prompt, Value) {
    let system = asked.system();
    let prompt = Prompt::ALL
        .iter()
        .find(|prompt| system.contains(prompt.system()))
        .expect("a prompt of ours");
    let turn = serde_json::from_str(&asked.user()).expect("a turn of ours");
    (*prompt, turn)
}

/// What a good model answers.
pub(crate) fn sound(prompt: Prompt, turn: &Value) -> Value {
    sound_answer(prompt.name(), turn).expect("a prompt of ours")
}

impl Scene {
    pub(crate) async fn new() -> Self {
        Self::meeting("plain").await
    }

    /// A scenario of the emulator.
    pub(crate) async fn meeting(scenario: &str) -> Self {
        Self::with(scenario, None, sound).await
    }

    /// The scenario `rough` with this seed.
    pub(crate) async fn rough(seed: u64) -> Self {
        let options = Options {
            seed,
            model_scenario: "rough".to_owned(),
            ..Options::default()
        };
        Self::on(options, sound).await
    }

    /// Answers that begin with a good one.
    pub(crate) async fn answering(
        answer: impl Fn(Prompt, &Value) -> Value + Send + Sync + 'static,
    ) -> Self {
        Self::with("plain", None, answer).await
    }

    pub(crate) async fn with(
        scenario: &str,
        tokens_per_second: Option<f64>,
        answer: impl Fn(Prompt, &Value) -> Value + Send + Sync + 'static,
    ) -> Self {
        let options = Options {
            model_scenario: scenario.to_owned(),
            tokens_per_second,
            ..Options::default()
        };
        Self::on(options, answer).await
    }

    async fn on(
        options: Options,
        answer: impl Fn(Prompt, &Value) -> Value + Send + Sync + 'static,
    ) -> Self {
        let heard = Heard::default();
        let hears = Arc::clone(&heard);
        // A test of patience shall not take long, and every other shall have it.
        let queued = match options.model_scenario.as_str() {
            "queued-forever" => Duration::from_millis(2_500),
            _ => Duration::from_secs(60),
        };
        let answer: emulator::models::Answer = Arc::new(move |asked| {
            let (prompt, turn) = read(asked);
            let answer = answer(prompt, &turn).to_string();
            let mut heard = hears.lock().unwrap_or_else(PoisonError::into_inner);
            heard.push((prompt, turn));
            answer
        });
        let options = Options { answer, ..options };
        Self {
            db: Db::fresh().await,
            emulator: Emulator::start(&options).await.expect("a port"),
            heard,
            queued,
        }
    }

    pub(crate) fn heard(&self) -> Vec<(Prompt, Value)> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.clone()
    }

    /// The prompts that were answered, in their order.
    pub(crate) fn prompts(&self) -> Vec<Prompt> {
        self.heard().into_iter().map(|(prompt, _)| prompt).collect()
    }

    pub(crate) fn openai(&self) -> Box<dyn Model> {
        self.openai_model("gpt-6-luna")
    }

    pub(crate) fn openai_model(&self, model: &str) -> Box<dyn Model> {
        let options = OpenAiOptions {
            endpoint: self.endpoint("openai", self.emulator.openai_url(), model),
            effort: None,
        };
        Box::new(OpenAiResponses::new(&options).expect("a client"))
    }

    pub(crate) fn openai_chat(&self) -> Box<dyn Model> {
        let options = OpenAiOptions {
            endpoint: self.endpoint("openai", self.emulator.openai_url(), "gpt-6-luna"),
            effort: None,
        };
        Box::new(OpenAiChat::new(&options).expect("a client"))
    }

    pub(crate) fn deepseek(&self) -> Box<dyn Model> {
        self.deepseek_model("deepseek-flash")
    }

    pub(crate) fn deepseek_model(&self, model: &str) -> Box<dyn Model> {
        let endpoint = self.endpoint("deepseek", self.emulator.deepseek_url(), model);
        Box::new(DeepSeek::new(&endpoint).expect("a client"))
    }

    /// A worker with these providers.
    pub(crate) fn worker(&self, models: Vec<Box<dyn Model>>, rules: bool) -> RunningWorker {
        let providers = models
            .into_iter()
            .map(|model| Provider::new(model, PLENTY, None));
        self.worker_with(&Chain::new(providers.collect(), rules))
    }

    pub(crate) fn worker_with(&self, chain: &Chain) -> RunningWorker {
        let options = WorkerOptions {
            idle: Duration::from_millis(40),
            ..WorkerOptions::named("coach")
        };
        Worker::new(self.db.pool.clone(), options)
            .serve(
                generate_weekly_plan::QUEUE,
                GenerateWeeklyPlan::new(chain.clone()),
            )
            .serve(
                generate_workout_plan::QUEUE,
                GenerateWorkoutPlan::new(chain.clone()),
            )
            .serve(
                generate_exercise_profile::QUEUE,
                GenerateExerciseProfile::new(chain.clone()),
            )
            .start()
    }

    /// A plan job of Ada's.
    pub(crate) async fn job(&self, profile: &Value) -> String {
        let sql = create_sql(profile, &json!({}));
        let answer = self.db.call(&user(ADA), &sql).await.expect("a job");
        text(&answer["jobId"])
    }

    /// A workout plan request of this user.
    pub(crate) async fn request(&self, id: &str, profile: &str) -> String {
        self.request_in_style(id, profile, "null").await
    }

    pub(crate) async fn request_in_style(&self, id: &str, profile: &str, style: &str) -> String {
        let sql = format!("select public.request_workout_plan($text${profile}$text$, {style})");
        let answer = self.db.call(&user(id), &sql).await.expect("a request");
        text(&answer["request_id"])
    }

    pub(crate) async fn until(&self, sql: &str) {
        let waits = async {
            while self.db.get(sql).await != json!(true) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waits).await.expect(sql);
    }

    /// Waits until all plans have ended; retries come at once.
    pub(crate) async fn end(&self) {
        let ended = "select not exists (select from durable.task where kind in ('generate_weekly_plan', 'generate_workout_plan')
               and outcome is null)";
        let waits = async {
            while self.db.get(ended).await != json!(true) {
                self.hurry().await;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waits).await.expect("an end");
    }

    /// Lets the time come for every retry.
    pub(crate) async fn hurry(&self) {
        self.db
            .owner("update durable.timer set due_at = now() where reason like 'retry%' and due_at > now()")
            .await;
    }

    /// Status, code and retries of a plan job, and whether its user has a plan.
    pub(crate) async fn outcome(&self, job: &str) -> Value {
        let row = self.db.job(job).await;
        let plans = self.count("public.weekly_base_plans").await;
        json!([
            row["status"],
            row["error_code"],
            row["retry_count"],
            plans == 1
        ])
    }

    /// Status and code of a request, and how many entries there are.
    pub(crate) async fn request_outcome(&self, request: &str) -> Value {
        let row = self.row(request).await;
        let entries = self.count("public.workout_entries").await;
        json!([row["status"], row["error_code"], entries > 0])
    }

    pub(crate) async fn row(&self, request: &str) -> Value {
        self.db
            .get(&format!(
                "select to_jsonb(r) from public.workout_plan_requests r where request_id = '{request}'"
            ))
            .await
    }

    pub(crate) async fn count(&self, from: &str) -> i64 {
        let count = self.db.get(&format!("select count(*) from {from}")).await;
        count.as_i64().expect("a number")
    }

    /// What the events of this type say, oldest first.
    pub(crate) async fn events(&self, r#type: &str) -> Vec<Value> {
        let events = self
            .db
            .get(&format!(
                "select coalesce(jsonb_agg(data order by id), '[]') from durable.event where type = '{type}'"
            ))
            .await;
        events.as_array().cloned().unwrap_or_default()
    }

    fn endpoint(&self, provider: &str, url: String, model: &str) -> Endpoint {
        Endpoint {
            provider: provider.to_owned(),
            base_url: url,
            api_key: Some(ApiKey::new("sk-test")),
            model: model.to_owned(),
            timers: Timers {
                connect: Duration::from_secs(10),
                headers: Duration::from_secs(3),
                first_byte: Duration::from_secs(2),
                byte_idle: Duration::from_secs(2),
                queued: self.queued,
                content_idle: Duration::from_millis(2_500),
                ceiling: Duration::from_secs(60),
                poll: Duration::from_millis(20),
                poll_most: Duration::from_millis(50),
                tell: Duration::ZERO,
            },
            prices: Arc::new(Prices::bundled().expect("prices")),
        }
    }
}
