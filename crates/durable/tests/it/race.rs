//! Who wins when several move one task at once: exactly one, and the task ends in exactly one place.

use std::sync::Arc;

use crate::support::Database;

#[tokio::test(flavor = "multi_thread")]
async fn claim_cancel_complete_and_reap_at_once_leave_every_task_in_one_place() {
    let db = Arc::new(Database::fresh().await);
    for round in 0..40 {
        let task = db.spawn().await;
        let worker = db.worker(&format!("w{round}")).await;
        let (a, b, c) = (Arc::clone(&db), Arc::clone(&db), Arc::clone(&db));
        let claim_and_complete = tokio::spawn(async move {
            match a.try_claim(worker, 1).await.unwrap_or_default().first() {
                Some(run) => a.complete(run, "{}").await == "succeeded",
                None => false,
            }
        });
        let cancel = tokio::spawn(async move { b.finish(task, "cancelled").await });
        let reap = tokio::spawn(async move {
            c.execute("select durable.reap(now() + interval '1 minute')")
                .await
        });
        let (completed, cancelled) = (
            claim_and_complete.await.expect("claim"),
            cancel.await.expect("cancel"),
        );
        reap.await.expect("reap");
        assert!(
            completed ^ cancelled,
            "round {round}: completed {completed}, cancelled {cancelled}"
        );
        let expected = if completed { "succeeded" } else { "cancelled" };
        assert_eq!(db.outcome(task).await.0, expected, "round {round}");
        let places = db.int(&format!(
            "select ((select count(*) from durable.ready where task = '{task}') + (select count(*) from durable.run where task = '{task}')
              + (select count(*) from durable.timer where task = '{task}'))::int")).await;
        assert_eq!(places, 0, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_claimers_share_the_work_without_a_double() {
    let db = Arc::new(Database::fresh().await);
    for _ in 0..200 {
        db.spawn().await;
    }
    let claimers: Vec<_> = (0..8)
        .map(|n| {
            let db = Arc::clone(&db);
            tokio::spawn(async move {
                let worker = db.worker(&format!("w{n}")).await;
                let mut taken = Vec::new();
                loop {
                    let batch = db.claim(worker, 7).await;
                    if batch.is_empty() {
                        return taken;
                    }
                    taken.extend(batch.iter().map(|run| run.task));
                }
            })
        })
        .collect();
    let mut all = Vec::new();
    for claimer in claimers {
        all.extend(claimer.await.expect("claimer"));
    }
    all.sort_unstable();
    let total = all.len();
    all.dedup();
    assert_eq!((all.len(), total), (200, 200));
}
