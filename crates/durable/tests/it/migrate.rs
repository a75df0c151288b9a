//! The migration script: any number of times, by anybody, alone.

use crate::support::Database;

#[tokio::test]
async fn a_second_run_changes_nothing_and_keeps_the_tasks() {
    let db = Database::fresh().await;
    let task = db.spawn().await;
    durable::migrate::Script::new()
        .engine()
        .run(&db.pool)
        .await
        .expect("second run");
    assert_eq!(db.claim_one("w").await.task, task);
}

#[tokio::test]
async fn the_engine_is_closed_to_everyone_but_its_owner() {
    let db = Database::fresh().await;
    let open: Vec<String> = sqlx::query_scalar(
        "select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'durable'::regnamespace
         and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee <> p.proowner)",
    ).fetch_all(&db.pool).await.expect("functions");
    assert!(open.is_empty(), "{open:?}");
    let schema: bool =
        sqlx::query_scalar("select has_schema_privilege('public', 'durable', 'usage')")
            .fetch_one(&db.pool)
            .await
            .expect("schema");
    assert!(!schema);
}
