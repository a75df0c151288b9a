//! `/graphql/v1`, as clients of pg_graphql meet it.

mod filters;
mod introspection;
mod malformed;
mod mutations;
mod pages;
mod queries;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::database::TestDatabase;
use crate::support::{TestServer, answer, token_of};

const PATH: &str = "/graphql/v1";

/// A server, and a user with one plan of four weeks, two days each, an exercise a day.
struct Gym {
    database: TestDatabase,
    server: TestServer,
    ada: Uuid,
    plan: Uuid,
}

impl Gym {
    async fn open() -> Self {
        let database = TestDatabase::new().await;
        let server = database.server().await;
        let ada = Uuid::new_v4();
        let plan = plan_of(&database, ada).await;
        Self {
            database,
            server,
            ada,
            plan,
        }
    }

    /// What a user is answered, which is always 200.
    async fn ask(&self, user: Uuid, query: &str, variables: Value) -> Value {
        self.ask_as(&token_of(user), query, variables).await
    }

    async fn ask_as(&self, token: &str, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let (status, answer) = answer(self.server.post(PATH).bearer_auth(token).json(&body)).await;
        assert_eq!(status, 200, "{query}: {answer}");
        answer
    }

    /// The data of an answer without errors.
    async fn data(&self, user: Uuid, query: &str, variables: Value) -> Value {
        let mut answer = self.ask(user, query, variables).await;
        assert_eq!(answer.get("errors"), None, "{query}: {answer}");
        answer["data"].take()
    }

    /// The message of an answer without data.
    async fn refused(&self, user: Uuid, query: &str, variables: Value) -> String {
        let answer = self.ask(user, query, variables).await;
        assert_eq!(answer["data"], Value::Null, "{query}: {answer}");
        answer["errors"][0]["message"].as_str().unwrap().to_owned()
    }

    async fn value(&self, query: &'static str) -> Value {
        sqlx::query_scalar(query)
            .fetch_one(&self.database.pool)
            .await
            .unwrap()
    }
}

async fn plan_of(database: &TestDatabase, user: Uuid) -> Uuid {
    let plan: Uuid = sqlx::query_scalar(
        "insert into public.workout_plans (user_id, summary, start_date) values ($1, 'Four weeks', '2026-11-23') returning id",
    )
    .bind(user)
    .fetch_one(&database.pool)
    .await
    .unwrap();
    sqlx::query(
        "insert into public.workout_entries (workout_plan_id, week_number, day_name, day, position, date, exercise_id, sets, reps,
           streak_exercise_id, notes)
         select $1, w, 'Push', d.day, 0, '2026-11-23'::date + (w - 1) * 7, e.id, 3, '8-12', case when w = 1 then s.id end,
           case when w > 2 then 'note ' || w end
         from generate_series(1, 4) w, (values ('monday'::public.weekday), ('thursday')) d (day),
           (select id from public.exercises order by slug limit 1) e, (select id from public.exercises order by slug offset 1 limit 1) s",
    )
    .bind(plan)
    .execute(&database.pool)
    .await
    .unwrap();
    plan
}

/// The nodes of a collection's edges.
fn nodes(collection: &Value) -> Vec<&Value> {
    let edges = collection["edges"].as_array().unwrap();
    edges.iter().map(|edge| &edge["node"]).collect()
}
