//! A migrated database, an emulator of Expo, and a worker between them.

use std::{sync::Arc, time::Duration};

use coach::send_push;
use durable::{RunningWorker, Worker, WorkerOptions};
use emulator::{Emulator, Options, Scenario};
use push::{Expo, PushService, services::ExpoOptions};
use serde_json::{Value, json};

use crate::sql::support::Db;

/// Long enough for any wait of a test; reached only when something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Phones {
    pub(crate) db: Db,
    pub(crate) emulator: Emulator,
    worker: RunningWorker,
}

impl Phones {
    pub(crate) async fn new() -> Self {
        Self::on(Db::fresh().await, &Options::default()).await
    }

    pub(crate) async fn in_scenario(scenario: Scenario) -> Self {
        let options = Options {
            scenario,
            ..Options::default()
        };
        Self::on(Db::fresh().await, &options).await
    }

    pub(crate) async fn on(db: Db, options: &Options) -> Self {
        let emulator = Emulator::start(options).await.expect("a port");
        let expo: Arc<dyn PushService> = Arc::new(
            Expo::new(&ExpoOptions {
                url: emulator.expo_url(),
                timeout: Duration::from_secs(20),
                ..ExpoOptions::default()
            })
            .expect("a client"),
        );
        let options = WorkerOptions {
            idle: Duration::from_millis(40),
            ..WorkerOptions::named("phones")
        };
        let worker = send_push::serve(Worker::new(db.pool.clone(), options), &expo).start();
        Self {
            db,
            emulator,
            worker,
        }
    }

    /// A device of this user signs in. The token is bound: a statement's text may be logged.
    pub(crate) async fn device(&self, user: &str, token: &str) {
        sqlx::query(
            "insert into public.push_tokens (user_id, token) values ($1::uuid, $2)
             on conflict (user_id, token) do update set updated_at = now()",
        )
        .bind(user)
        .bind(token)
        .execute(&self.db.pool)
        .await
        .expect("a device");
    }

    /// Waits until no push is due, ready or running; those that wait for their time may be left. What is due counts, because
    /// a promote of the worker holds it until its commit.
    pub(crate) async fn quiet(&self) {
        self.worker.wake();
        let quiet = async {
            while self
                .db
                .get(
                    "select exists (select from durable.timer where due_at <= clock_timestamp())
                       or exists (select from durable.ready where queue = 'push') or exists (select from durable.run)",
                )
                .await
                == true
            {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, quiet)
            .await
            .expect("pushes come to rest");
    }

    /// Lets the time come for what waits of a kind of task, and waits until it is done. How many there were.
    pub(crate) async fn hurry(&self, kind: &str) -> u64 {
        // The tickets first: the worker may take the task as soon as its timer is due.
        if kind == "send_push" {
            self.db
                .owner("update coach.push_ticket set due_at = now() where state = 'waiting'")
                .await;
        }
        let count = self
            .db
            .owner(&format!(
                "update durable.timer set due_at = now() where task in (select id from durable.task where kind = '{kind}')"
            ))
            .await;
        self.db.get("select durable.promote()").await;
        self.quiet().await;
        count
    }

    /// In how many seconds each waiting task of a kind is due.
    pub(crate) async fn waits(&self, kind: &str) -> Vec<f64> {
        let waits = self
            .db
            .get(&format!(
                "select jsonb_agg(extract(epoch from due_at - now()) order by due_at) from durable.timer
                 join durable.task on task = id where kind = '{kind}'"
            ))
            .await;
        let list = waits.as_array().cloned().unwrap_or_default();
        list.iter().filter_map(Value::as_f64).collect()
    }

    /// State, code, sends and repeats of the ticket of a token.
    pub(crate) async fn ticket(&self, token: &str) -> Value {
        sqlx::query_scalar(
            "select jsonb_build_array(state, error_code, sends, repeats) from coach.push_ticket k
             join public.push_tokens t on t.id = k.push_token_id where t.token = $1",
        )
        .bind(token)
        .fetch_one(&self.db.pool)
        .await
        .expect("a ticket")
    }

    pub(crate) async fn state(&self, token: &str) -> Value {
        self.ticket(token).await[0].clone()
    }

    /// Tokens that are disabled.
    pub(crate) async fn disabled(&self) -> Value {
        self.db
            .get("select coalesce(jsonb_agg(token order by token), '[]') from public.push_tokens where disabled_at is not null")
            .await
    }

    /// Token and collapse id of every accepted message.
    pub(crate) fn accepted(&self) -> Vec<Value> {
        let ledger = self.emulator.ledger().accepted();
        ledger
            .iter()
            .map(|message| json!([message.to, message.collapse_id]))
            .collect()
    }
}
