//! A worker process: serves every kind until it is killed or its standard input ends with the driver's life.

use std::{io::Read, path::PathBuf, sync::Arc, time::Duration};

use durable::{Worker, WorkerOptions};
use sqlx::postgres::{PgPool, PgPoolOptions};

use crate::work::{Doomed, Flaky, Hurry, Keyed, Parent, Paying, Plain, Settler, Sleeper};

/// Works on the database of this URL, in a hurry once that file is there.
pub(crate) fn run(url: &str, hurry: PathBuf) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(work(url, Arc::new(Hurry(hurry))));
}

async fn work(url: &str, hurry: Arc<Hurry>) {
    let pool = |size| {
        PgPoolOptions::new()
            .max_connections(size)
            .acquire_timeout(Duration::from_secs(5))
            .connect_lazy(url)
            .expect("a URL")
    };
    let (own, provider): (PgPool, PgPool) = (pool(8), pool(2));
    let mut options = WorkerOptions::named("chaos");
    options.concurrency = 100;
    let worker = Worker::new(own, options)
        .serve("work", Plain(Arc::clone(&hurry)))
        .serve("keyed", Keyed(Arc::clone(&hurry)))
        .serve("work", Paying(Arc::clone(&hurry), provider))
        .serve("work", Flaky(Arc::clone(&hurry)))
        .serve("work", Doomed(Arc::clone(&hurry)))
        .serve("work", Sleeper)
        .serve("work", Settler(Arc::clone(&hurry)))
        .serve("work", Parent)
        .start();
    let end_of_input = tokio::task::spawn_blocking(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
    });
    let _ = end_of_input.await;
    worker.drain(Duration::from_secs(1)).await;
}
