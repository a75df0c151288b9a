//! The tasks: what is asked of each, and the code that does it.

use std::{path::PathBuf, sync::Arc, time::Duration};

use durable::{Attempt, Child, Done, Failure, Task};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgPool;

/// Kinds, their queues and the classes of their errors. Retries are many: how an interrupted database is met is not what
/// is tested. `made` is what a task writes in the transaction of its end.
pub(crate) const REGISTER: &str = "
    select durable.register_kind('keyed', 'keyed', p_max_retries => 100);
    select durable.register_kind(k, 'work', p_max_retries => 100)
      from unnest(array['plain', 'paying', 'flaky', 'doomed', 'sleeper', 'settler', 'parent']) k;
    select durable.register_error('NETWORK_ERROR', 'at_once'), durable.register_error('FLAKY', 'at_once'),
           durable.register_error('DOOMED', 'never');
    select durable.limit_queue('keyed', 80, 8);
    create table public.made (task uuid not null);";

/// What every kind is given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Work {
    /// How long each piece of the work takes.
    pub(crate) millis: u64,
    /// How often it fails first, or how many children it has.
    pub(crate) count: u32,
    /// A name that a few tasks share.
    pub(crate) shared: u32,
}

/// Whether work is to be quick from now on, so that what is seen after the last fault is the engine's time and not the
/// work's: the driver says so by making this file.
pub(crate) struct Hurry(pub(crate) PathBuf);

/// The longest piece of work in a hurry.
const QUICK: u64 = 100;

impl Work {
    async fn take_time(&self, hurry: &Hurry) {
        let millis = match hurry.0.exists() {
            true => self.millis.min(QUICK),
            false => self.millis,
        };
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
}

macro_rules! kind {
    ($type:ident, $kind:literal, |$self:ident, $work:ident, $attempt:ident| $body:block) => {
        impl Task for $type {
            const KIND: &'static str = $kind;
            type Input = Work;

            async fn run(&$self, $work: Work, $attempt: Attempt) -> Result<Done, Failure> $body
        }
    };
}

pub(crate) struct Plain(pub(crate) Arc<Hurry>);
pub(crate) struct Keyed(pub(crate) Arc<Hurry>);
/// Pays for each of two steps at a provider that knows nothing of the engine's transactions.
pub(crate) struct Paying(pub(crate) Arc<Hurry>, pub(crate) PgPool);
pub(crate) struct Flaky(pub(crate) Arc<Hurry>);
pub(crate) struct Doomed(pub(crate) Arc<Hurry>);
pub(crate) struct Sleeper;
/// Ends in a transaction of its own with what it made.
pub(crate) struct Settler(pub(crate) Arc<Hurry>);
/// Has children of three kinds: one that pays, shared with other parents; one that is doomed, and tolerated; plain ones.
pub(crate) struct Parent;

kind!(Plain, "plain", |self, work, _attempt| {
    work.take_time(&self.0).await;
    Ok(Done::Output(json!(work.millis)))
});

kind!(Keyed, "keyed", |self, work, _attempt| {
    work.take_time(&self.0).await;
    Ok(Done::Output(json!(work.millis)))
});

kind!(Paying, "paying", |self, work, attempt| {
    for step in ["first", "second"] {
        let (task, token, provider, work) = (attempt.task(), attempt.token(), &self.1, &work);
        attempt
            .step(step, &work.millis, async |_began| {
                sqlx::query("insert into history.paid (task, step, token) values ($1, $2, $3)")
                    .bind(task)
                    .bind(step)
                    .bind(token)
                    .execute(provider)
                    .await?;
                work.take_time(&self.0).await;
                Ok(step.to_owned())
            })
            .await?;
    }
    Ok(Done::Output(json!("paid")))
});

kind!(Flaky, "flaky", |self, work, attempt| {
    work.take_time(&self.0).await;
    if attempt.retries() < work.count {
        return Err(Failure::new("FLAKY", "not yet"));
    }
    Ok(Done::Output(json!(work.count)))
});

kind!(Doomed, "doomed", |self, work, _attempt| {
    work.take_time(&self.0).await;
    Err(Failure::new("DOOMED", "never"))
});

kind!(Sleeper, "sleeper", |self, work, attempt| {
    attempt
        .sleep("nap", Duration::from_millis(work.millis * 20))
        .await?;
    Ok(Done::Output(json!("rested")))
});

kind!(Settler, "settler", |self, work, attempt| {
    let mut transaction = attempt.pool().begin().await?;
    attempt.hold(&mut transaction).await?;
    sqlx::query("insert into public.made (task) values ($1)")
        .bind(attempt.task())
        .execute(&mut *transaction)
        .await?;
    work.take_time(&self.0).await;
    attempt.complete(&mut transaction, &json!("made")).await?;
    transaction.commit().await?;
    Ok(Done::Settled)
});

kind!(Parent, "parent", |self, work, attempt| {
    let of_its_own = |kind: &str| Child::new(kind, json!(work));
    let mut children = vec![
        of_its_own("paying").once(format!("shared {}", work.shared)),
        of_its_own("doomed").tolerated(),
    ];
    for _ in 0..work.count {
        children.push(of_its_own("plain"));
    }
    // The request of the shared child is the first parent's, so outputs are not compared.
    let ends = attempt.children("family", &children).await?;
    Ok(Done::Output(json!(ends.len())))
});
