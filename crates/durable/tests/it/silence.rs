//! A connection whose other end vanishes without a word: no error comes, no answer, ever.

use std::{sync::Arc, time::Duration};

use durable::{Attempt, Done, Failure, Task, Worker, WorkerOptions};
use serde_json::{Value, json};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream, UnixStream},
    sync::{Notify, watch},
    time::timeout,
};

use crate::support::Database;

const PATIENCE: Duration = Duration::from_secs(40);

/// Stands between clients and the server, and can let all connections of the moment fall silent.
struct Line {
    options: PgConnectOptions,
    silence: watch::Sender<u64>,
}

impl Line {
    async fn to(db: &Database) -> Self {
        let server = db.pool.connect_options().as_ref().clone();
        let socket = server.get_socket().expect("a socket").join(".s.PGSQL.5432");
        let door = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = door.local_addr().expect("an address").port();
        let (silence, silenced) = watch::channel(0);
        tokio::spawn(async move {
            while let Ok((client, _)) = door.accept().await {
                let server = UnixStream::connect(&socket).await.expect("the server");
                tokio::spawn(carry(client, server, silenced.clone()));
            }
        });
        let options = PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(port)
            .username(server.get_username())
            .database(server.get_database().expect("a name"));
        Self { options, silence }
    }

    async fn pool(&self) -> PgPool {
        let pool = PgPoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(2));
        pool.connect_with(self.options.clone())
            .await
            .expect("a pool")
    }

    fn fall_silent(&self) {
        self.silence.send_modify(|times| *times += 1);
    }
}

/// Carries bytes both ways until silence falls; then holds both ends open and carries nothing.
async fn carry(mut client: TcpStream, mut server: UnixStream, mut silenced: watch::Receiver<u64>) {
    silenced.mark_unchanged();
    tokio::select! {
        _ = copy_bidirectional(&mut client, &mut server) => {}
        _ = silenced.changed() => std::future::pending().await,
    }
}

/// Waits for ever, or ends at once, and says that it has begun.
struct Waiter(Arc<Notify>);

impl Task for Waiter {
    const KIND: &'static str = "plain";
    type Input = Value;

    async fn run(&self, input: Value, _: Attempt) -> Result<Done, Failure> {
        self.0.notify_one();
        if input["wait"].is_boolean() {
            std::future::pending::<()>().await;
        }
        Ok(Done::Output(json!({})))
    }
}

#[tokio::test]
async fn a_worker_whose_connections_fall_silent_keeps_its_lease_and_its_work_and_hears_and_claims_again()
 {
    let db = Database::fresh().await;
    let line = Line::to(&db).await;
    let mut options = WorkerOptions::named("silent");
    options.beat = Duration::from_millis(500);
    options.lease = Duration::from_secs(9);
    let begun = Arc::new(Notify::new());
    let worker = Worker::new(line.pool().await, options)
        .serve("plain", Waiter(Arc::clone(&begun)))
        .start();
    db.execute("select durable.spawn(gen_random_uuid(), 'plain', '{\"wait\": true}')")
        .await;
    timeout(PATIENCE, begun.notified())
        .await
        .expect("the start");
    let name = db.text("select name from durable.worker").await;
    let listeners = "select count(*) = 2 from pg_stat_activity
        where datname = current_database() and (query like '%durable_cancel%' or query = 'select') and pid <> pg_backend_pid()";

    line.fall_silent();
    let task = db.spawn().await;
    // The silent one is still there for the server, and a new one beside it.
    timeout(PATIENCE, db.until(listeners))
        .await
        .expect("a new listener");
    timeout(PATIENCE, db.ended(task)).await.expect("a claim");
    assert_eq!(db.text("select name from durable.worker").await, name);
    assert_eq!(db.int("select losses from durable.run").await, 0);
    assert_eq!(
        db.text("select (lease_until > clock_timestamp())::text from durable.worker")
            .await,
        "true"
    );
    worker.drain(Duration::ZERO).await;
}
