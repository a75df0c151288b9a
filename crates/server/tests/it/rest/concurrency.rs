//! Many requests at once over few connections: nobody is taken for somebody else.

use std::sync::Arc;

use coach::Pool;
use futures_util::future::join_all;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::world::{Answer, Asker, ONE, TWO, World};
use crate::support::TestServer;

/// What is asked, and with which answer a signed-in user's request is refused, if it is.
const REQUESTS: [(&str, Option<(u16, &str)>); 5] = [
    ("workout_plans?select=user_id,workout_entries(id)", None),
    (
        "workout_plans?select=user_id&version=eq.1",
        Some((400, "42703")),
    ),
    ("rpc/raise", Some((418, "PT418"))),
    ("user_notifications?select=user_id&title=eq.Ready", None),
    (
        "push_tokens?select=user_id&or=(user_id.not.is.null,token.eq.x)",
        None,
    ),
];

const RAISE: &str = "create function public.raise() returns void language plpgsql stable
  as $$begin raise exception using errcode = 'PT418'; end$$";

/// Everybody asks everything, many times at once, mistakes among it.
async fn everybody_asks(world: Arc<World>) {
    world.database.run(RAISE).await;
    let askers = [
        Asker::User(ONE),
        Asker::User(TWO),
        Asker::Anon,
        Asker::Service,
    ];
    let requests = (0..160).map(|number| {
        let world = Arc::clone(&world);
        let (asker, (path, refusal)) = (askers[number % 4], REQUESTS[number / 4 % 5]);
        async move {
            let answer = world.send(asker, "GET", path, &[], "").await;
            match (asker, refusal) {
                (_, Some((status, code))) => assert_eq!(answer.refused(status), code),
                (Asker::Anon, None) => assert_eq!(answer.refused(401), "42501"),
                (Asker::User(user), None) => assert_eq!(owners(&answer), [json!(user)], "{path}"),
                (Asker::Service, None) => {
                    assert_eq!(owners(&answer), [json!(ONE), json!(TWO)], "{path}")
                }
            }
        }
    });
    join_all(requests).await;
}

/// Whose rows came, each once.
fn owners(answer: &Answer) -> Vec<Value> {
    let rows = answer.json();
    let mut owners: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["user_id"].clone())
        .collect();
    owners.sort_unstable_by_key(Value::to_string);
    owners.dedup();
    owners
}

#[tokio::test]
async fn nobody_is_taken_for_somebody_else() {
    everybody_asks(Arc::new(World::new().await)).await;
}

#[tokio::test]
async fn nor_through_a_transaction_pooler() {
    let mut world = World::new().await;
    let bouncer = world.database.bouncer(3);
    let options = Pool::pooled_options(bouncer.url().parse::<PgConnectOptions>().unwrap());
    let connections = PgPoolOptions::new()
        .max_connections(10)
        .connect_with(options)
        .await
        .unwrap();
    world.server = TestServer::start(Pool::pooled(connections)).await;
    everybody_asks(Arc::new(world)).await;
}

#[tokio::test]
async fn of_many_inserts_of_one_job_one_succeeds() {
    let world = World::new().await;
    let row = json!({ "profile_snapshot": { "goal": "ENDURANCE", "trainingDays": 3 } }).to_string();
    let inserts =
        (0..20).map(|_| world.send(Asker::User(ONE), "POST", "plan_generation_jobs", &[], &row));
    let mut statuses: Vec<u16> = join_all(inserts)
        .await
        .iter()
        .map(|answer| answer.status)
        .collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (201, [409; 19].as_slice()));
}
