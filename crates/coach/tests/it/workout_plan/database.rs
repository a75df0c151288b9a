//! A database of one test's own, callers of each role, and a worker that is moved by hand.

use coach::caller::{Caller, Role, begin};
use serde_json::{Value, json};
use sqlx::postgres::{PgDatabaseError, PgPoolOptions};
use sqlx::{AssertSqlSafe, Executor, PgPool};
use uuid::Uuid;

/// What the database said no with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct No {
    /// SQLSTATE.
    pub(crate) state: String,
    /// The contract's code, or PostgreSQL's own detail.
    pub(crate) detail: String,
    pub(crate) message: String,
}

impl From<sqlx::Error> for No {
    fn from(error: sqlx::Error) -> Self {
        let error = error
            .into_database_error()
            .expect("an error of the database");
        let error: &PgDatabaseError = error.downcast_ref();
        Self {
            state: error.code().into(),
            detail: error.detail().unwrap_or_default().into(),
            message: error.message().into(),
        }
    }
}

pub(crate) struct Database {
    pub(crate) pool: PgPool,
    _own: local_postgres::testing::Database,
}

impl Database {
    /// A migrated database.
    pub(crate) async fn fresh() -> Self {
        let own = local_postgres::testing::fresh_database(&coach::migrate::script()).unwrap();
        let pool = pool(own.url(), None).await;
        Self { pool, _own: own }
    }

    /// A database in which `script` has been run and nothing of ours; statements run as `role`.
    pub(crate) async fn before_us(script: &str, role: Option<&'static str>) -> Self {
        let own = local_postgres::testing::fresh_database(script).unwrap();
        if let Some(role) = role {
            // A copy of a database does not take the rights on it along.
            let grant = format!(
                "do $$ begin execute format('grant create on database %I to {role}', current_database()); end $$"
            );
            pool(own.url(), None)
                .await
                .execute(AssertSqlSafe(grant))
                .await
                .unwrap();
        }
        let pool = pool(own.url(), role).await;
        Self { pool, _own: own }
    }

    pub(crate) async fn run(&self, sql: &str) {
        self.pool.execute(AssertSqlSafe(sql)).await.expect(sql);
    }

    /// The one json value of a query, as the owner; null when it has no row.
    pub(crate) async fn value(&self, sql: &str) -> Value {
        sqlx::query_scalar::<_, Option<Value>>(AssertSqlSafe(sql))
            .fetch_optional(&self.pool)
            .await
            .expect(sql)
            .flatten()
            .unwrap_or_default()
    }

    /// The same as `caller`, in a transaction of its own.
    pub(crate) async fn ask(&self, caller: &Caller, sql: &str) -> Result<Value, No> {
        let mut transaction = begin(&self.pool.clone().into(), caller).await.unwrap();
        let value = sqlx::query_scalar::<_, Option<Value>>(AssertSqlSafe(sql))
            .fetch_optional(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(value.flatten().unwrap_or_default())
    }

    /// Asks for a plan as `user`, and returns the request's id.
    pub(crate) async fn request(&self, user: Uuid) -> Uuid {
        let answer = self
            .ask(
                &user_caller(user),
                "select public.request_workout_plan('three days a week, muscle')",
            )
            .await
            .unwrap();
        answer["request_id"].as_str().unwrap().parse().unwrap()
    }

    /// A worker of ours that lives for an hour.
    pub(crate) async fn worker(&self) -> i64 {
        sqlx::query_scalar(
            "select durable.start_worker('hand-' || gen_random_uuid(), array['workout_plan'], p_lease => '1 hour')",
        )
        .fetch_one(&self.pool)
        .await
        .unwrap()
    }

    /// Claims the oldest request for `worker`: its id and the attempt's token.
    pub(crate) async fn claim(&self, worker: i64) -> (Uuid, i64) {
        sqlx::query_as("select task, token from durable.claim($1, 'workout_plan')")
            .bind(worker)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    /// Publishes `plan` and completes the attempt, in one transaction, as a worker does.
    pub(crate) async fn publish(
        &self,
        (task, token): (Uuid, i64),
        plan: &Value,
    ) -> Result<Option<Uuid>, No> {
        let mut transaction = self.pool.begin().await?;
        let id: Uuid = sqlx::query_scalar("select coach.publish_workout_plan($1, $2)")
            .bind(task)
            .bind(plan)
            .fetch_one(&mut *transaction)
            .await?;
        let outcome: String = sqlx::query_scalar("select durable.complete($1, $2, $3)")
            .bind(task)
            .bind(token)
            .bind(json!({ "plan_id": id }))
            .fetch_one(&mut *transaction)
            .await?;
        if outcome != "succeeded" {
            return Ok(None);
        }
        transaction.commit().await?;
        Ok(Some(id))
    }

    /// A whole run for `user`: request, claim, publish.
    pub(crate) async fn completed_plan(&self, user: Uuid, worker: i64) -> Uuid {
        self.request(user).await;
        let claimed = self.claim(worker).await;
        self.publish(claimed, &eight_weeks())
            .await
            .unwrap()
            .unwrap()
    }

    pub(crate) async fn row(&self, request: Uuid) -> Value {
        self.value(&format!("select to_jsonb(r) from public.workout_plan_requests r where r.request_id = '{request}'")).await
    }

    pub(crate) async fn notifications(&self, user: Uuid) -> Vec<Value> {
        sqlx::query_scalar(
            "select data from public.user_notifications where user_id = $1 order by created_at",
        )
        .bind(user)
        .fetch_all(&self.pool)
        .await
        .unwrap()
    }

    pub(crate) async fn count(&self, from: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {from}")))
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }
}

async fn pool(url: &str, role: Option<&'static str>) -> PgPool {
    PgPoolOptions::new()
        .max_connections(20)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if let Some(role) = role {
                    connection
                        .execute(AssertSqlSafe(format!("set role {role}")))
                        .await?;
                }
                Ok(())
            })
        })
        .connect(url)
        .await
        .unwrap()
}

pub(crate) fn user_caller(user: Uuid) -> Caller {
    caller(
        Role::Authenticated,
        json!({ "sub": user, "role": "authenticated" }),
    )
}

pub(crate) fn anonymous_caller(user: Uuid) -> Caller {
    caller(
        Role::Authenticated,
        json!({ "sub": user, "role": "authenticated", "is_anonymous": true }),
    )
}

pub(crate) fn service() -> Caller {
    Caller::of_role(Role::ServiceRole)
}

pub(crate) fn caller(role: Role, claims: Value) -> Caller {
    Caller { role, claims }
}

/// The error of a call that must be refused with this SQLSTATE and, for refusals of the contract, this code.
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, No>, state: &str, code: &str) {
    let no = result.expect_err("this must be refused");
    assert_eq!(no.state, state, "{no:?}");
    if state.starts_with("PT") {
        assert_eq!(no.detail, code, "{no:?}");
    }
}

/// A plan in the form that `coach.publish_workout_plan` takes: one day a week, two exercises.
pub(crate) fn eight_weeks() -> Value {
    plan_with(&[
        ("test-squat", "Test Squat"),
        ("test-push-up", "Test Push-Up"),
    ])
}

pub(crate) fn plan_with(exercises: &[(&str, &str)]) -> Value {
    let entries: Vec<Value> = (1..=8)
        .flat_map(|week| {
            exercises.iter().enumerate().map(move |(position, (slug, _))| {
                json!({ "week_number": week, "day_name": "Full-Body", "day": "monday", "position": position,
                    "date": format!("2026-{:02}-{:02}", 1 + (5 + 7 * (week - 1)) / 32, 1 + (4 + 7 * (week - 1)) % 28),
                    "exercise": slug, "sets": 3, "reps": "8-12", "weight": null, "time": null, "equipment": "Barbell",
                    "notes": "2 left in reserve", "streak_exercise": "test-push-up", "streak_exercise_equipment": "none",
                    "streak_exercise_notes": "at home", "is_adjusted": false, "adjustment_reason": null })
            })
        })
        .collect();
    let mut known: Vec<Value> = exercises
        .iter()
        .map(|(slug, name)| json!({ "slug": slug, "name": name, "instructions": format!("How to do a {name}.") }))
        .collect();
    if !exercises.iter().any(|(slug, _)| *slug == "test-push-up") {
        known.push(
            json!({ "slug": "test-push-up", "name": "Test Push-Up", "instructions": "How to do a push-up." }),
        );
    }
    json!({ "summary": "Eight weeks", "start_date": "2026-01-05", "exercises": known, "entries": entries })
}
