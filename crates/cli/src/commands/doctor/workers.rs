//! Whether anybody does the jobs.

use coach::generate_weekly_plan::QUEUE;
use coach::inspect;
use durable::Pool;

use super::report::Report;

pub(super) async fn examine(pool: &Pool, report: &mut Report) -> Result<(), sqlx::Error> {
    match inspect::has_worker(pool, QUEUE).await? {
        true => report.fine("worker: at least one is alive"),
        false => report.wrong(
            "worker: none is alive, so no job will be done",
            "start `mesocycle work` (or `dev`)",
        ),
    }
    Ok(())
}
