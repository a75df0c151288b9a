//! Whether anybody does the jobs, of every kind.

use coach::inspect::{self, Queue};
use durable::Pool;

use super::report::Report;

pub(super) async fn examine(pool: &Pool, report: &mut Report) -> Result<(), sqlx::Error> {
    let queues = inspect::queues(pool).await?;
    let idle: Vec<&str> = queues
        .iter()
        .filter(|queue| !queue.has_worker)
        .map(|queue| queue.name.as_str())
        .collect();
    if idle.is_empty() {
        report.fine("worker: at least one is alive for every queue");
    } else {
        report.wrong(
            &format!(
                "worker: none is alive for {}, so no job of it will be done",
                idle.join(", ")
            ),
            "start `mesocycle work` (or `dev`)",
        );
    }
    for queue in queues.iter().filter(|queue| queue.paused) {
        report.warn(
            &paused(queue),
            &format!("select durable.resume_queue('{}');", queue.name),
        );
    }
    Ok(())
}

fn paused(queue: &Queue) -> String {
    let because = queue.paused_because.as_ref();
    let because = because.map_or_else(String::new, |because| format!(": {because}"));
    format!("worker: the queue {} is paused{because}", queue.name)
}
