//! A database of the first version is brought up to date, with its steps.

use durable::migrate::Script;
use sqlx::PgPool;

#[tokio::test]
async fn steps_that_were_begun_and_done_before_are_still_known() {
    let first = Script::new()
        .once(
            "durable/0001_engine",
            include_str!("../../migrations/0001_engine.sql"),
        )
        .always(
            "create function durable.begin_step(p_task uuid, p_token bigint, p_name text, p_request_hash text,
               p_now timestamptz default clock_timestamp()) returns table (state text, output jsonb)
               language sql as 'select null::text, null::jsonb';
             create function durable.finish_step(p_task uuid, p_token bigint, p_name text, p_output jsonb,
               p_now timestamptz default clock_timestamp()) returns boolean language sql as 'select true';
             insert into durable.step (task, name, request_hash, state, output, started_at)
             values (gen_random_uuid(), 'begun', 'h', 'begun', null, now()), (gen_random_uuid(), 'done', 'h', 'done', '7', now());
             insert into durable.run (task, token, worker, retries, losses, started_at)
             select task, 1, 1, 0, 0, now() from durable.step;",
        );
    let own = local_postgres::testing::fresh_database(first.text()).expect("a database");
    let pool = PgPool::connect(own.url()).await.expect("connect");
    for _ in 0..2 {
        Script::new().engine().run(&pool).await.expect("migrate");
    }
    let states: Vec<String> = sqlx::query_scalar(
        "select concat_ws(' ', b.state, b.output) from durable.step s, durable.begin_step(s.task, 1, s.name, 'h') b order by s.name",
    )
    .fetch_all(&pool)
    .await
    .expect("begin_step");
    assert_eq!(states, ["repeat", "done 7"]);
    pool.close().await;
}
