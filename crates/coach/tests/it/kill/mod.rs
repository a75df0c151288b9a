//! Worker processes killed with -9 while they ask a model, at the boundaries of steps and anywhere in a stream: what was paid, and
//! that every athlete gets the plan.

mod proxy;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use coach::{answer::sound::sound_answer, prompt::Prompt};
use durable::{RunningWorker, Worker, WorkerOptions};
use emulator::{Asked, Emulator, Options};
use local_postgres::testing;
use proxy::{Cut, Proxy};
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgPool, query_scalar};

use crate::process::{Process, drawn};

const SEED: u64 = 20_261_122;
/// Processes at once.
const LANES: usize = 4;
/// Far beyond what it takes.
const PATIENCE: Duration = Duration::from_secs(240);

/// A provider, and how often a process is killed over its answers; for each there is a job of each flow.
struct Rounds {
    provider: &'static str,
    kills: u64,
}

/// What the kills met.
#[derive(Debug, Default)]
struct Met {
    /// Kills by where they were aimed.
    kills: BTreeMap<&'static str, usize>,
    /// Steps whose intent stood without a handle when their process died, so that nobody knows whether the provider was paid.
    unknown: i64,
}

struct Scene {
    rounds: Rounds,
    database: testing::Database,
    pool: PgPool,
    emulator: Emulator,
    /// Does the duties of the dead: it serves nothing itself.
    keeper: RunningWorker,
    next: AtomicU64,
}

impl Scene {
    async fn new(rounds: Rounds) -> Arc<Self> {
        let database = testing::fresh_database(&coach::migrate::script()).expect("a database");
        let pool = PgPool::connect(database.url()).await.expect("connect");
        let emulator = Emulator::start(&Options {
            seed: SEED,
            answer: Arc::new(sound),
            tokens_per_second: Some(4_000.0),
            ..Options::default()
        })
        .await
        .expect("a port");
        let keeper = Worker::new(pool.clone(), WorkerOptions::named("keeper")).start();
        let scene = Self {
            rounds,
            database,
            pool,
            emulator,
            keeper,
            next: AtomicU64::new(0),
        };
        // All at once: who lost a worker waits at the end of the queue then, and is not lost four times over.
        for number in 0..scene.rounds.kills {
            scene.ask_for_plans(number).await;
        }
        Arc::new(scene)
    }

    /// An athlete of each flow; what each writes differs, so that their calls can be told apart in the ledger.
    async fn ask_for_plans(&self, number: u64) {
        for sql in [
            format!(
                "insert into public.plan_generation_jobs (user_id, profile_snapshot)
                 values (gen_random_uuid(), jsonb_build_object('goal', 'MUSCLE_GAIN', 'trainingDays', 3, 'equipment', jsonb_build_array('Gym'),
                     'specialRequests', 'I like machine {number} best'))"
            ),
            format!(
                "insert into public.workout_plan_requests (user_id, user_profile) values (gen_random_uuid(),
                     'Full gym, 3 days a week, 45 min, want to build muscle, {number} friends train with me.')"
            ),
        ] {
            sqlx::query(AssertSqlSafe(sql)).execute(&self.pool).await.expect("a job");
        }
    }

    fn provider_address(&self) -> SocketAddr {
        let url = self.emulator.url();
        let address = url.strip_prefix("http://").expect("an address");
        address.parse().expect("an address")
    }

    fn base_url(&self, address: SocketAddr) -> String {
        let path = match self.rounds.provider {
            "openai" => emulator::models::OPENAI_PATH,
            _ => emulator::models::DEEPSEEK_PATH,
        };
        format!("http://{address}{path}")
    }

    fn process(&self, address: SocketAddr, name: &str, concurrency: &str) -> Process {
        let arguments = [
            self.database.url(),
            self.rounds.provider,
            &self.base_url(address),
            name,
            concurrency,
        ];
        Process::start("plan_worker", &arguments)
    }

    /// Starts processes one after the other and kills each at its moment, until all rounds are done.
    async fn lane(self: Arc<Self>) -> Met {
        let mut met = Met::default();
        loop {
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            if number >= self.rounds.kills {
                return met;
            }
            let (aim, cut) = aim(number);
            let handles = self.rounds.provider == "openai";
            let proxy =
                Proxy::start(self.provider_address(), self.pool.clone(), cut, handles).await;
            let name = format!("round {number}");
            let mut process = self.process(proxy.address, &name, "1");
            tokio::time::timeout(PATIENCE, proxy.reached())
                .await
                .unwrap_or_else(|_| panic!("{name} never came to {cut:?}"));
            process.kill_9();
            *met.kills.entry(aim).or_default() += 1;
            met.unknown += self.unknown(&name).await;
        }
    }

    /// Steps in the hands of this worker, which is dead, that may have been paid without a handle to show for it. What its sessions
    /// were told last is done before they end.
    async fn unknown(&self, worker: &str) -> i64 {
        let alive = "select exists (select from pg_stat_activity where application_name = $1 and datname = current_database())";
        while query_scalar::<_, bool>(alive)
            .bind(worker)
            .fetch_one(&self.pool)
            .await
            .expect("the sessions")
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        query_scalar(
            "select count(*) from durable.step s join durable.run r on r.task = s.task join durable.worker w on w.id = r.worker
             where w.name like $1 || '%' and s.state = 'begun' and s.handle is null",
        )
        .bind(format!("{worker}-"))
        .fetch_one(&self.pool)
        .await
        .expect("the journal")
    }

    async fn count(&self, sql: &'static str) -> i64 {
        query_scalar(sql)
            .fetch_one(&self.pool)
            .await
            .expect("a count")
    }

    /// Lets a worker that nobody kills finish what is left.
    async fn finish(&self) {
        let _last = self.process(self.provider_address(), "last", "20");
        let start = Instant::now();
        while self
            .count(
                "select count(*) from durable.task where kind like 'generate%' and outcome is null",
            )
            .await
            > 0
        {
            assert!(start.elapsed() < PATIENCE, "plans are unfinished");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Calls that a provider would have billed beyond the first of each question.
    fn repeated(&self) -> i64 {
        let mut times: BTreeMap<String, i64> = BTreeMap::new();
        for call in self.emulator.ledger().calls() {
            *times.entry(call.request_hash).or_default() += 1;
        }
        times.values().map(|times| times - 1).sum()
    }
}

/// A good answer to any prompt of ours; DeepSeek's dialect adds the schema to the system turn.
fn sound(asked: &Asked) -> String {
    let system = asked.system();
    let prompt = [
        Prompt::WeeklyPlan,
        Prompt::Reading,
        Prompt::BlockTemplate,
        Prompt::ExerciseProfile,
    ]
    .into_iter()
    .find(|prompt| system.starts_with(prompt.system()))
    .expect("a prompt of ours");
    let turn: Value = serde_json::from_str(&asked.user()).expect("JSON");
    sound_answer(prompt.name(), &turn)
        .expect("an answer")
        .to_string()
}

#[expect(clippy::disallowed_methods, reason = "a longer run is asked for by it")]
/// How many processes are killed: what the variable `KILLS` says, as `./test chaos` has it, else a few.
fn kills(few: u64) -> u64 {
    std::env::var("KILLS").map_or(few, |kills| kills.parse().expect("KILLS is a number"))
}

/// Where the round's kill is aimed: drawn, the bytes anywhere in about two answers.
fn aim(round: u64) -> (&'static str, Cut) {
    let mut random = SEED ^ (round << 20);
    let nth = usize::try_from(drawn(&mut random) % 2).expect("small") + 1;
    match drawn(&mut random) % 10 {
        0 => ("at an intent", Cut::Intent(nth)),
        1 => ("before the first byte", Cut::Sent(nth)),
        2 => ("at the end of an answer", Cut::Answered(nth)),
        _ => (
            "within a stream",
            Cut::Stream(i64::try_from(drawn(&mut random) % 300_000).expect("small")),
        ),
    }
}

/// What the kills met and what was paid, in a sentence.
async fn kill_over(rounds: Rounds) -> String {
    let start = Instant::now();
    let scene = Scene::new(rounds).await;
    let lanes = (0..LANES).map(|_| tokio::spawn(Arc::clone(&scene).lane()));
    let mut met = Met::default();
    for lane in lanes.collect::<Vec<_>>() {
        let of_lane = lane.await.expect("a lane");
        met.unknown += of_lane.unknown;
        for (aim, count) in of_lane.kills {
            *met.kills.entry(aim).or_default() += count;
        }
    }
    scene.finish().await;

    let failed: Option<Value> = query_scalar(
        "select jsonb_object_agg(code, n) from (select concat(kind, ' ', error_code) as code, count(*) as n
         from durable.task where outcome = 'failed' group by 1) f",
    )
    .fetch_one(&scene.pool)
    .await
    .expect("the tasks");
    assert_eq!(failed, None);
    let jobs = i64::try_from(scene.rounds.kills).expect("small");
    let weeks = "select count(*) from public.plan_generation_jobs where status = 'completed' and result_plan_id is not null";
    let blocks = "select count(*) from public.workout_plan_requests where status = 'completed' and workout_plan_id is not null";
    assert_eq!(scene.count(weeks).await, jobs);
    assert_eq!(scene.count(blocks).await, jobs);
    let steps = scene.count("select count(*) from durable.step").await;
    let calls = i64::try_from(scene.emulator.ledger().calls().len()).expect("small");
    let repeats = scene
        .count("select coalesce(sum(repeats), 0)::bigint from durable.step")
        .await;
    let resumed = scene
        .count("select coalesce(sum(resumed), 0)::bigint from durable.step")
        .await;
    let repeated = scene.repeated();
    let sentence = format!(
        "seed {SEED}, {}: kills {:?}, {} jobs completed; {calls} calls paid for {steps} steps, {resumed} taken up by their handle; {} steps were \
         left without one, {repeats} of those asked again, {repeated} paid again; {:.1} s",
        scene.rounds.provider,
        met.kills,
        jobs * 2,
        met.unknown,
        start.elapsed().as_secs_f64()
    );
    assert_eq!(
        calls,
        steps + repeated,
        "a question that belongs to no step was paid"
    );
    assert!(
        repeated <= repeats,
        "paid twice without the journal's knowing: {sentence}"
    );
    assert!(
        repeats <= met.unknown,
        "asked again, though the answer could be had by its handle: {sentence}"
    );
    assert!(
        resumed > 0 || scene.rounds.provider != "openai",
        "nothing was cut in a stream"
    );
    scene.keeper.wake();
    sentence
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_over_background_responses_lose_no_plan_and_pay_each_step_once() {
    let sentence = kill_over(Rounds {
        provider: "openai",
        kills: kills(60),
    })
    .await;
    println!("{sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_over_plain_streams_lose_no_plan_and_every_repeat_is_counted() {
    let sentence = kill_over(Rounds {
        provider: "deepseek",
        kills: kills(60) / 4,
    })
    .await;
    println!("{sentence}");
}
