//! A question to a model as a durable step, against the emulated provider: what is paid, what is journalled, what is tried again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use coach::{
    ask::{Caps, Provider, Question},
    prompt::{self, Prompt},
    reader::Language,
};
use durable::{
    Attempt, Done, Failure, MicroDollars, RunningWorker, Task, Worker, WorkerOptions, budget,
    operate,
};
use emulator::{CallStatus, Emulator, Options};
use llm::{
    ApiKey, Endpoint, Model, Prices, Timers,
    models::{DeepSeek, OpenAiOptions, OpenAiResponses},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::sql::support::Db;

const PATIENCE: Duration = Duration::from_secs(60);
/// More than any question costs.
const PLENTY: Caps = Caps {
    job: MicroDollars(5_000_000),
    user_day: MicroDollars(5_000_000),
    day: MicroDollars(5_000_000),
};

/// Asks for the texts of an exercise and ends with them.
struct Ask {
    provider: Arc<Provider>,
    arrived: Arc<AtomicUsize>,
}

impl Task for Ask {
    const KIND: &'static str = "ask";
    type Input = Value;

    async fn run(&self, _: Value, attempt: Attempt) -> Result<Done, Failure> {
        let turn = prompt::exercise_profile("Goblet Squat", Language::En).expect("a name");
        let question = Question {
            step: "profile",
            prompt: Prompt::ExerciseProfile,
            turn: &turn,
            user: Uuid::nil(),
        };
        let arrived = |count| self.arrived.store(count, Ordering::SeqCst);
        let answer = self.provider.ask(&attempt, question, &arrived).await?;
        Ok(Done::Output(answer))
    }

    async fn cancel(&self, handle: Value) -> Result<(), Failure> {
        self.provider.cancel(&handle).await
    }
}

/// A database, an emulated provider, and what asks it.
struct Scene {
    db: Db,
    emulator: Emulator,
}

impl Scene {
    async fn new(options: Options) -> Self {
        let db = Db::fresh().await;
        db.owner("select durable.register_kind('ask', 'ask')").await;
        let emulator = Emulator::start(&options).await.expect("a port");
        Self { db, emulator }
    }

    async fn meeting(scenario: &str) -> Self {
        Self::new(Options {
            model_scenario: scenario.to_owned(),
            ..Options::default()
        })
        .await
    }

    fn endpoint(&self, provider: &str, url: String) -> Endpoint {
        Endpoint {
            provider: provider.to_owned(),
            base_url: url,
            api_key: Some(ApiKey::new("sk-test")),
            model: "gpt-6-luna".to_owned(),
            timers: Timers {
                poll: Duration::from_millis(20),
                poll_most: Duration::from_millis(50),
                tell: Duration::ZERO,
                ..Timers::default()
            },
            prices: Arc::new(Prices::bundled().expect("prices")),
        }
    }

    fn openai(&self) -> Box<dyn Model> {
        let options = OpenAiOptions {
            endpoint: self.endpoint("openai", self.emulator.openai_url()),
            effort: None,
        };
        Box::new(OpenAiResponses::new(&options).expect("a client"))
    }

    fn deepseek(&self) -> Box<dyn Model> {
        let endpoint = self.endpoint("deepseek", self.emulator.deepseek_url());
        Box::new(DeepSeek::new(&endpoint).expect("a client"))
    }

    fn worker(&self, model: Box<dyn Model>, caps: Caps, budget: Option<&str>) -> RunningWorker {
        let provider = Provider::new(model, caps, budget.map(str::to_owned));
        let options = WorkerOptions {
            idle: Duration::from_millis(40),
            ..WorkerOptions::named("asker")
        };
        let ask = Ask {
            provider: Arc::new(provider),
            arrived: Arc::default(),
        };
        Worker::new(self.db.pool.clone(), options)
            .serve("ask", ask)
            .start()
    }

    async fn spawn(&self) -> Uuid {
        let task = Uuid::now_v7();
        durable::spawn(&self.db.pool, task, "ask", &json!({}))
            .await
            .expect("spawn");
        task
    }

    async fn until(&self, sql: &str) {
        let waits = async {
            while self.db.get(sql).await != json!(true) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waits).await.expect(sql);
    }

    /// Outcome and code of the one task, once it has ended.
    async fn end(&self) -> Value {
        self.until("select outcome is not null from durable.task where kind = 'ask'")
            .await;
        self.db
            .get("select jsonb_build_array(outcome, error_code) from durable.task where kind = 'ask'")
            .await
    }

    /// Sendings, ambiguous ones, re-attachments, and whether something was paid.
    async fn step(&self) -> Value {
        self.db
            .get("select jsonb_build_array(begun, repeats, resumed, cost > 0) from durable.step")
            .await
    }
}

#[tokio::test]
async fn an_answer_is_paid_once_and_its_cost_is_known() {
    let scene = Scene::new(Options::default()).await;
    let worker = scene.worker(scene.openai(), PLENTY, None);
    scene.spawn().await;
    assert_eq!(scene.end().await, json!(["succeeded", null]));
    assert_eq!(scene.step().await, json!([1, 0, 0, true]));
    assert_eq!(scene.emulator.ledger().calls().len(), 1);
    let billed = scene.emulator.ledger().calls()[0].output_tokens;
    let usage = scene.db.get("select usage from durable.step").await;
    assert_eq!(usage["output_tokens"], json!(billed));
    worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn an_answer_that_its_worker_left_behind_is_picked_up_by_the_next_and_paid_once() {
    let scene = Scene::new(Options {
        tokens_per_second: Some(40.0),
        ..Options::default()
    })
    .await;
    let first = scene.worker(scene.openai(), PLENTY, None);
    scene.spawn().await;
    scene
        .until("select exists (select from durable.step where handle is not null)")
        .await;
    first.drain(Duration::ZERO).await;
    let second = scene.worker(scene.openai(), PLENTY, None);
    assert_eq!(scene.end().await, json!(["succeeded", null]));
    assert_eq!(scene.step().await, json!([1, 0, 1, true]));
    assert_eq!(scene.emulator.ledger().calls().len(), 1);
    second.drain(PATIENCE).await;
}

#[tokio::test]
async fn a_cancel_stops_the_provider() {
    let scene = Scene::new(Options {
        tokens_per_second: Some(2.0),
        ..Options::default()
    })
    .await;
    let worker = scene.worker(scene.openai(), PLENTY, None);
    let task = scene.spawn().await;
    scene
        .until("select exists (select from durable.step where handle is not null)")
        .await;
    assert!(operate::cancel(&scene.db.pool, task).await.expect("cancel"));
    let cancelled = scene.emulator.ledger().until(|ledger| {
        ledger
            .calls()
            .iter()
            .all(|call| call.status == CallStatus::Cancelled)
    });
    tokio::time::timeout(PATIENCE, cancelled)
        .await
        .expect("the provider stops");
    scene
        .until("select not exists (select from durable.loose_handle)")
        .await;
    worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn a_provider_that_asks_to_slow_down_is_asked_again_later_and_the_budget_heeds_it() {
    let scene = Scene::meeting("rate-limit@1").await;
    let limits = budget::Limits {
        requests: Some(600),
        ..budget::Limits::default()
    };
    budget::set(&scene.db.pool, "openai", limits)
        .await
        .expect("a budget");
    let worker = scene.worker(scene.openai(), PLENTY, Some("openai"));
    scene.spawn().await;
    scene
        .until(
            "select exists (select from durable.timer where reason = 'retry after AI_RATE_LIMIT')",
        )
        .await;
    let blocked = "select durable.budget_free_at('openai') > now()";
    assert_eq!(scene.db.get(blocked).await, json!(true));
    assert_eq!(
        scene.step().await,
        json!([1, 0, 0, false]),
        "what was refused cost nothing"
    );
    scene
        .db
        .owner("update durable.timer set due_at = now()")
        .await;
    assert_eq!(scene.end().await, json!(["succeeded", null]));
    assert_eq!(scene.step().await, json!([2, 0, 0, true]));
    assert_eq!(scene.emulator.ledger().calls().len(), 1);
    worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn a_bad_answer_is_paid_for_journalled_and_not_asked_for_again() {
    let scene = Scene::meeting("not-json").await;
    let worker = scene.worker(scene.deepseek(), PLENTY, None);
    scene.spawn().await;
    assert_eq!(scene.end().await, json!(["failed", "VALIDATION_FAILED"]));
    assert_eq!(scene.step().await, json!([1, 0, 0, true]));
    assert_eq!(
        scene.db.get("select state from durable.step").await,
        json!("done")
    );
    worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn a_provider_without_credit_is_not_asked_by_the_next_job() {
    let scene = Scene::meeting("quota").await;
    let worker = scene.worker(scene.openai(), PLENTY, None);
    scene.spawn().await;
    assert_eq!(scene.end().await, json!(["failed", "QUOTA_EXCEEDED"]));
    let asked = scene.emulator.ledger().refused();
    let words = "select data ->> 'provider_code' from durable.event where type = 'model_failed'";
    assert_eq!(scene.db.get(words).await, json!("insufficient_quota"));
    scene.spawn().await;
    scene
        .until("select count(*) = 2 from durable.task where kind = 'ask' and error_code = 'QUOTA_EXCEEDED'")
        .await;
    assert_eq!(
        scene.emulator.ledger().refused(),
        asked,
        "the breaker is open"
    );
    let told = coach::provider_health::open_breakers(&scene.db.pool.clone().into())
        .await
        .expect("the open breakers");
    let [breaker] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!(
        (&*breaker.provider, &*breaker.code, breaker.is_probing),
        ("openai", "QUOTA_EXCEEDED", false)
    );
    worker.drain(PATIENCE).await;
}

#[tokio::test]
async fn no_question_is_asked_that_would_pass_a_cap() {
    for caps in [
        Caps {
            job: MicroDollars(1),
            ..PLENTY
        },
        Caps {
            user_day: MicroDollars(1),
            ..PLENTY
        },
        Caps {
            day: MicroDollars(1),
            ..PLENTY
        },
    ] {
        let scene = Scene::new(Options::default()).await;
        let worker = scene.worker(scene.openai(), caps, None);
        scene.spawn().await;
        assert_eq!(scene.end().await, json!(["failed", "BUDGET_EXCEEDED"]));
        assert_eq!(scene.emulator.ledger().calls().len(), 0);
        worker.drain(PATIENCE).await;
    }
}

#[tokio::test]
async fn a_stream_that_cannot_be_picked_up_is_asked_for_again_and_counted() {
    let scene = Scene::meeting("cut@1").await;
    let worker = scene.worker(scene.deepseek(), PLENTY, None);
    scene.spawn().await;
    scene
        .until(
            "select exists (select from durable.timer where reason = 'retry after NETWORK_ERROR')",
        )
        .await;
    scene
        .db
        .owner("update durable.timer set due_at = now()")
        .await;
    assert_eq!(scene.end().await, json!(["succeeded", null]));
    assert_eq!(scene.step().await, json!([2, 1, 0, true]));
    assert_eq!(scene.emulator.ledger().calls().len(), 2);
    worker.drain(PATIENCE).await;
}
