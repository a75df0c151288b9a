//! A migrated database per test, and its functions as the roles of the contract call them.

use local_postgres::testing;
use serde_json::{Value, json};
use sqlx::postgres::{PgDatabaseError, PgPoolOptions};
use sqlx::{AssertSqlSafe, Executor, PgPool, query_scalar};

pub(crate) const ADA: &str = "00000000-0000-4000-8000-00000000000a";
pub(crate) const BEN: &str = "00000000-0000-4000-8000-00000000000b";
pub(crate) const SUPABASE: &str = include_str!("../fixtures/supabase.sql");
pub(crate) const OLDER: &str = include_str!("../fixtures/older.sql");

/// Who calls: a role and the claims of a token.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    pub(crate) role: &'static str,
    pub(crate) claims: Value,
}

pub(crate) fn user(id: &str) -> Who {
    Who {
        role: "authenticated",
        claims: json!({ "sub": id, "role": "authenticated" }),
    }
}

pub(crate) fn anonymous(id: &str) -> Who {
    Who {
        role: "authenticated",
        claims: json!({ "sub": id, "role": "authenticated", "is_anonymous": true }),
    }
}

pub(crate) fn anon() -> Who {
    Who {
        role: "anon",
        claims: json!({ "role": "anon" }),
    }
}

pub(crate) fn service() -> Who {
    Who {
        role: "service_role",
        claims: json!({ "role": "service_role" }),
    }
}

/// What PostgreSQL refused with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) sqlstate: String,
    pub(crate) message: String,
    pub(crate) code: String,
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(database) => {
                let postgres = database.downcast_ref::<PgDatabaseError>();
                Self {
                    sqlstate: postgres.code().to_owned(),
                    message: postgres.message().to_owned(),
                    code: postgres.detail().unwrap_or_default().to_owned(),
                }
            }
            other => panic!("no answer of the database: {other}"),
        }
    }
}

/// A database of one test's own.
pub(crate) struct Db {
    pub(crate) pool: PgPool,
    _own: testing::Database,
}

impl Db {
    /// Nothing but Mesocycle.
    pub(crate) async fn fresh() -> Self {
        Self::with(&coach::migrate::script()).await
    }

    /// Whatever the script makes, without Mesocycle.
    pub(crate) async fn with(script: &str) -> Self {
        let own = testing::fresh_database(script).expect("a database");
        let pool = PgPoolOptions::new()
            .max_connections(60)
            .connect(own.url())
            .await
            .expect("connect");
        Self { pool, _own: own }
    }

    /// A pool whose sessions belong to `role`, as if it had logged in. It may make schemas in this database, a grant
    /// that a copy of a template does not bring along.
    pub(crate) async fn pool_of(&self, role: &'static str) -> PgPool {
        self.owner(&format!(
            "do $$ begin execute format('grant create on database %I to {role}', current_database()); end $$"
        ))
        .await;
        PgPoolOptions::new()
            .max_connections(5)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    connection
                        .execute(AssertSqlSafe(format!("set session authorization {role}")))
                        .await?;
                    Ok(())
                })
            })
            .connect_with((*self.pool.connect_options()).clone())
            .await
            .expect("connect")
    }

    /// One value of one row, in a transaction of the caller's.
    pub(crate) async fn call(&self, who: &Who, sql: &str) -> Result<Value, Refused> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query(
            "select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)",
        )
        .bind(who.role)
        .bind(who.claims.to_string())
        .execute(&mut *transaction)
        .await?;
        let value: Option<Option<Value>> = query_scalar(AssertSqlSafe(sql))
            .fetch_optional(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(value.flatten().unwrap_or(Value::Null))
    }

    /// How many rows a statement of the caller's touched.
    pub(crate) async fn run(&self, who: &Who, sql: &str) -> Result<u64, Refused> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query(
            "select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)",
        )
        .bind(who.role)
        .bind(who.claims.to_string())
        .execute(&mut *transaction)
        .await?;
        let rows = transaction
            .execute(AssertSqlSafe(sql))
            .await?
            .rows_affected();
        transaction.commit().await?;
        Ok(rows)
    }

    /// A statement of the owner's.
    pub(crate) async fn owner(&self, sql: &str) -> u64 {
        self.pool
            .execute(AssertSqlSafe(sql))
            .await
            .expect(sql)
            .rows_affected()
    }

    /// One value that the owner reads.
    pub(crate) async fn get(&self, sql: &str) -> Value {
        query_scalar::<_, Option<Value>>(AssertSqlSafe(format!(
            "select to_jsonb(x) from ({sql}) row (x)"
        )))
        .fetch_optional(&self.pool)
        .await
        .expect(sql)
        .flatten()
        .unwrap_or(Value::Null)
    }

    /// The row of a job.
    pub(crate) async fn job(&self, id: &str) -> Value {
        self.get(&format!(
            "select to_jsonb(j) from public.plan_generation_jobs j where id = '{id}'"
        ))
        .await
    }

    /// Where a job's task is: ready, waiting, parked, running, or how it ended.
    pub(crate) async fn place(&self, job: &str) -> Value {
        self.get(&format!(
            "select case when exists (select from durable.ready where task = t.id) then 'ready'
                when exists (select from durable.timer where task = t.id) then 'waiting'
                when exists (select from durable.run where task = t.id) then 'running'
                when exists (select from durable.parked where task = t.id) then 'parked' else t.outcome end
             from durable.task t where id = '{job}'"
        ))
        .await
    }

    /// Asks for a plan with further options and says what came back.
    pub(crate) async fn create(&self, who: &Who, options: Value) -> Result<Value, Refused> {
        self.call(who, &create_sql(&profile(), &options)).await
    }

    /// A new job of this user.
    pub(crate) async fn job_of(&self, id: &str) -> String {
        let answer = self.create(&user(id), json!({})).await.expect("a job");
        assert_eq!(answer["status"], "created", "{answer}");
        text(&answer["jobId"])
    }

    /// An outside worker claims the next job.
    pub(crate) async fn claim(&self, worker: &str) -> Value {
        self.call(
            &service(),
            &format!("select to_jsonb(public.claim_next_plan_job('{worker}'))"),
        )
        .await
        .expect("a claim")
    }

    /// One of Mesocycle's own workers claims the next job; its token.
    pub(crate) async fn claim_own(&self, worker: &str) -> Value {
        self.get(&format!(
            "select to_jsonb(c) from durable.claim(durable.start_worker('{worker}', array['weekly_plan'], false, '1 hour'),
               'weekly_plan') c"
        ))
        .await
    }

    /// The lease of an outside worker ran out a second ago.
    pub(crate) async fn lapse(&self, worker: &str) {
        let rows = self
            .owner(&format!(
                "update durable.worker set lease_until = now() - interval '1 second' where name = '{worker}'"
            ))
            .await;
        assert_eq!(rows, 1, "worker {worker}");
    }

    /// A whole plan of this user, published for a job that one of Mesocycle's own workers runs to its end.
    pub(crate) async fn publish(&self, user: &str) -> (String, String) {
        let job = self.job_of(user).await;
        (job.clone(), self.finish_job(&job).await)
    }

    /// Runs a job to its end; the plan's id.
    pub(crate) async fn finish_job(&self, job: &str) -> String {
        let run = self.claim_own(&format!("own-{job}")).await;
        assert_eq!(run["task"], json!(job));
        let mut transaction = self.pool.begin().await.expect("begin");
        let plan: uuid::Uuid = query_scalar("select coach.publish_weekly_plan($1::uuid, $2)")
            .bind(job)
            .bind(seven_days())
            .fetch_one(&mut *transaction)
            .await
            .expect("publish");
        let outcome: String = query_scalar("select durable.complete($1::uuid, $2, $3)")
            .bind(job)
            .bind(run["token"].as_i64().expect("a token"))
            .bind(json!({ "plan_id": plan }))
            .fetch_one(&mut *transaction)
            .await
            .expect("complete");
        assert_eq!(outcome, "succeeded");
        transaction.commit().await.expect("commit");
        plan.to_string()
    }
}

pub(crate) fn create_sql(profile: &Value, options: &Value) -> String {
    format!(
        "select public.create_plan_job($snapshot${profile}$snapshot$, $options${options}$options$)"
    )
}

pub(crate) fn profile() -> Value {
    json!({ "goal": "MUSCLE_GAIN", "trainingDays": 4, "timezone": "Europe/Berlin" })
}

pub(crate) fn seven_days() -> Value {
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ]
    .into_iter()
    .map(|day| (day.to_owned(), json!({ "reason": "because" })))
    .collect::<serde_json::Map<_, _>>()
    .into()
}

pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}

/// What a refusal says, for a comparison.
pub(crate) fn refusal(result: Result<Value, Refused>) -> (String, String) {
    let refused = result.expect_err("a refusal");
    assert!(!refused.message.is_empty());
    (refused.sqlstate, refused.code)
}

pub(crate) fn pair(sqlstate: &str, code: &str) -> (String, String) {
    (sqlstate.to_owned(), code.to_owned())
}
