//! Random operations against a reference in memory and the engine on a real PostgreSQL, with a clock that the test moves:
//! after every operation both must have given the same answer and know the same, down to every ticket and slot.
//!
//! `PROPTEST_RNG_SEED` repeats a run (the seed is printed), `PROPTEST_CASES` sets how many cases each thread tries.

#![allow(
    clippy::print_stdout,
    reason = "whoever wants to repeat a run needs its seed"
)]

use std::{cell::RefCell, collections::BTreeMap, sync::Arc};

use durable::migrate::Script;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, raw_sql};
use tokio::runtime::Runtime;

mod lines;
mod machine;
mod operation;
mod reference;

use machine::{BACKOFF, Engine, Machine};

/// Cases per thread unless `PROPTEST_CASES` says otherwise, and the threads; each has a database of its own.
const CASES: u32 = 1_000;
const THREADS: u64 = 2;
/// What proptest takes when nobody says anything.
const DEFAULT_CASES: u32 = 256;
/// Operations in a case.
const LENGTH: std::ops::Range<usize> = 10..60;
/// Cases after which the tables are made anew, since deleted rows stay in them.
const FRESH_TABLES: u32 = 50;

/// What all cases together must come to, else they have gone astray and prove little.
const REACHED: [&str; 23] = [
    "beat cancelled",
    "beat deadline",
    "beat ended",
    "beat error DW001",
    "beat superseded",
    "begin_step changed",
    "claim error DW001",
    "claim some",
    "complete lost",
    "complete succeeded",
    "disown some",
    "expire some",
    "fail failed",
    "fail ready",
    "fail waiting",
    "promote some",
    "prune some",
    "reap some",
    "replay some",
    "sleep done",
    "spawn_children spawned",
    "unpark true",
    "wait_children waiting",
];

/// The engine in a database of its own.
struct Session {
    runtime: Runtime,
    connection: PgConnection,
    cases: u32,
    /// How often an operation got an answer of a kind.
    seen: BTreeMap<String, u32>,
    _database: local_postgres::testing::Database,
}

thread_local! {
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

/// What kind of answer an operation got: a word such as "lost", or whether there was one.
fn kind_of(answer: &str) -> &str {
    match answer {
        "" | "0" => "none",
        word if word.contains(|letter: char| letter.is_ascii_digit())
            && !word.starts_with("error") =>
        {
            let reasons = ["deadline", "cancelled", "ended", "superseded"];
            reasons
                .into_iter()
                .find(|reason| word.contains(reason))
                .unwrap_or("some")
        }
        word => word,
    }
}

impl Session {
    /// With a mistake made in one of the engine's functions, if one is asked for: what is right there, and what is wrong.
    fn open(mistake: Option<(&str, &str)>) -> Self {
        // Ids by number, so that the reference knows them and ties are broken alike.
        let script = Script::new()
            .always(include_str!("model/ids.sql"))
            .engine()
            .always(include_str!("model/schema.sql"));
        let mut script = script
            .text()
            .replace("gen_random_uuid()", "model.next_id()")
            // Of a sending, which the reference does not look at.
            .replace("default model.next_id()", "default gen_random_uuid()");
        if let Some((right, wrong)) = mistake {
            assert!(script.contains(right), "the engine has no {right}");
            script = script.replacen(right, wrong, 1);
        }
        let database = local_postgres::testing::fresh_database(&script).expect("a database");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let connection = runtime
            .block_on(PgConnection::connect(database.url()))
            .expect("connect");
        Self {
            runtime,
            connection,
            cases: 0,
            seen: BTreeMap::new(),
            _database: database,
        }
    }

    /// Runs statements; the first columns of all their rows, or an SQLSTATE.
    fn rows(&mut self, sql: String) -> Result<Vec<String>, String> {
        let rows = self.runtime.block_on(
            self.connection
                .fetch_all(raw_sql(AssertSqlSafe(sql.clone()))),
        );
        match rows {
            Ok(rows) => Ok(rows
                .iter()
                .map(|row| row.get::<Option<String>, _>(0).unwrap_or_default())
                .collect()),
            Err(error) => {
                let code = error.as_database_error().and_then(|refusal| refusal.code());
                Err(code
                    .unwrap_or_else(|| panic!("{sql}: {error}"))
                    .into_owned())
            }
        }
    }

    fn load_backoff(&mut self) {
        let sql = "select concat_ws(' ', n, r, (extract(epoch from durable.backoff(lpad(to_hex(n), 32, '0')::uuid, r)) * 1000000)::bigint)
                   from generate_series(1, 600) n, generate_series(1, 2) r";
        let table = self.rows(sql.to_owned()).expect("backoff");
        let table = table.iter().map(|line| {
            let numbers: Vec<i64> = line
                .split(' ')
                .map(|word| word.parse().expect("a number"))
                .collect();
            let [id, retry, wait] = numbers[..] else {
                panic!("three numbers")
            };
            let base = 5_000_000 << (retry - 1);
            assert!(
                (base / 2..=base).contains(&wait),
                "retry {retry} waits {wait} us"
            );
            (
                (id.unsigned_abs(), i32::try_from(retry).expect("small")),
                wait,
            )
        });
        BACKOFF.set(Arc::new(table.collect()));
    }
}

fn with_session<T>(act: impl FnOnce(&mut Session) -> T) -> T {
    SESSION.with_borrow_mut(|session| act(session.as_mut().expect("a session")))
}

impl StateMachineTest for Engine {
    type SystemUnderTest = ();
    type Reference = Self;

    fn init_test(_: &Machine) {
        with_session(|session| {
            session.cases += 1;
            if session.cases.is_multiple_of(FRESH_TABLES) {
                session.rows("truncate durable.task, durable.ready, durable.timer, durable.parked, durable.run, durable.concurrency, durable.step,
                    durable.child, durable.once, durable.deadline, durable.orphan, durable.dead_letter, durable.worker, durable.event".to_owned()).expect("truncate");
            }
            session
                .rows("call model.begin()".to_owned())
                .expect("a clean beginning");
        });
    }

    fn apply((): (), machine: &Machine, operation: <Self as ReferenceStateMachine>::Transition) {
        let all = "select model.lines()";
        let sql = format!(
            "select setval('model.id', {}, false)::text; {}; {all}",
            machine.last_id + 1,
            machine.sql
        );
        let (answer, mut lines) = with_session(|session| match session.rows(sql) {
            Ok(rows) => (rows[1].clone(), rows[2..].to_vec()),
            Err(code) => (
                format!("error {code}"),
                session.rows(all.to_owned()).expect("the lines"),
            ),
        });
        lines.sort_unstable();
        let function = machine
            .sql
            .split("durable.")
            .nth(1)
            .and_then(|rest| rest.split('(').next());
        with_session(|session| {
            let seen = format!("{} {}", function.unwrap_or("none"), kind_of(&answer));
            *session.seen.entry(seen).or_default() += 1;
        });
        assert_eq!(
            answer, machine.answer,
            "the answer to {operation:?}: {}",
            machine.sql
        );
        let expected = lines::of(&machine.reference);
        let engine_only: Vec<_> = lines
            .iter()
            .filter(|line| !expected.contains(line))
            .collect();
        let reference_only: Vec<_> = expected
            .iter()
            .filter(|line| !lines.contains(line))
            .collect();
        assert!(
            engine_only.is_empty() && reference_only.is_empty(),
            "after {operation:?}: {}\nthe engine knows {engine_only:#?}\nthe reference knows {reference_only:#?}",
            machine.sql
        );
    }
}

/// Tries cases on a thread of its own; what failed, shrunk to the least that fails.
fn explore(config: Config, mistake: Option<(&str, &str)>) -> Result<BTreeMap<String, u32>, String> {
    let mut session = Session::open(mistake);
    session.load_backoff();
    SESSION.set(Some(session));
    let mut runner = TestRunner::new(config.clone());
    let found = runner.run(
        &Engine::sequential_strategy(LENGTH),
        |(machine, operations, seen)| {
            Engine::test_sequential(config.clone(), machine, operations, seen);
            Ok::<(), TestCaseError>(())
        },
    );
    let seen = with_session(|session| std::mem::take(&mut session.seen));
    SESSION.set(None);
    match found {
        Ok(()) => Ok(seen),
        Err(failure) => Err(format!("seed {:?}: {failure}", config.rng_seed)),
    }
}

#[test]
fn random_operations_leave_the_engine_where_the_reference_is() {
    let mut config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    if config.cases == DEFAULT_CASES {
        config.cases = CASES;
    }
    let seed = match config.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => uuid::Uuid::new_v4().as_u64_pair().0,
    };
    println!(
        "{THREADS} times {} cases, PROPTEST_RNG_SEED={seed}",
        config.cases
    );
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            let rng_seed = RngSeed::Fixed(seed.wrapping_add(thread));
            let config = Config {
                rng_seed,
                ..config.clone()
            };
            std::thread::spawn(move || explore(config, None))
        })
        .collect();
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for thread in threads {
        match thread.join().expect("a thread") {
            Ok(more) => more
                .into_iter()
                .for_each(|(kind, count)| *seen.entry(kind).or_default() += count),
            Err(failure) => panic!("PROPTEST_RNG_SEED={seed}: {failure}"),
        }
    }
    println!("{seen:#?}");
    if config.cases >= CASES {
        let missed: Vec<_> = REACHED
            .iter()
            .filter(|kind| !seen.contains_key(**kind))
            .collect();
        assert!(
            missed.is_empty(),
            "PROPTEST_RNG_SEED={seed}: no case came to {missed:?}"
        );
    }
}

#[test]
fn random_operations_find_a_mistake_and_shrink_to_it() {
    let mistake = (
        "if v_task.watched then",
        "if v_task.watched and p_outcome = 'succeeded' then",
    );
    let config = Config {
        cases: CASES,
        rng_seed: RngSeed::Fixed(1),
        max_shrink_iters: 200,
        failure_persistence: None,
        ..Config::default()
    };
    let found = explore(config, Some(mistake)).expect_err("a mistake");
    for needed in [
        "minimal failing input",
        "SpawnChildren",
        "the reference knows",
    ] {
        assert!(found.contains(needed), "{found}");
    }
}
