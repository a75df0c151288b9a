//! Many requests at once over few connections: nobody is taken for somebody else.

use std::sync::Arc;

use coach::Pool;
use futures_util::future::join_all;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::world::{Asker, ONE, TWO, World};
use crate::support::TestServer;

/// One request of each kind, by everybody, mistakes among them; says who saw what they should not.
async fn everybody_asks(world: Arc<World>) {
    let requests = (0..160).map(|number| {
        let world = Arc::clone(&world);
        async move {
            let asker = [
                Asker::User(ONE),
                Asker::User(TWO),
                Asker::Anon,
                Asker::Service,
            ][number % 4];
            let path = match number / 4 % 5 {
                0 => "workout_plans?select=user_id,workout_entries(id)",
                1 => "workout_plans?select=user_id&id=eq.x",
                2 => "rpc/process_plan_queue",
                3 => "user_notifications?select=user_id&title=eq.Ready",
                _ => "push_tokens?select=user_id&or=(user_id.not.is.null,token.eq.x)",
            };
            let answer = world.send(asker, "GET", path, &[], "").await;
            match (
                asker,
                path.contains("eq.x") && path.starts_with("workout"),
                path.starts_with("rpc"),
            ) {
                (_, true, _) => assert_eq!(answer.refused(400), "22P02"),
                (Asker::Anon, ..) => assert_eq!(answer.refused(401), "42501"),
                (_, _, true) => assert!([405, 503].contains(&answer.status), "{}", answer.text),
                _ => {
                    let owners = answer.json();
                    let owners: Vec<&Value> = owners
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|row| &row["user_id"])
                        .collect();
                    assert!(!owners.is_empty());
                    if let Asker::User(user) = asker {
                        assert!(
                            owners.iter().all(|owner| **owner == json!(user)),
                            "{path}: {owners:?}"
                        );
                    }
                }
            }
        }
    });
    join_all(requests).await;
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
