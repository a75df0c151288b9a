//! One caller's way from a change to their sockets: row level security decides, at the caller's own pace.
//!
//! Sockets of one caller share a lane, so that each change is checked once for all of them. Lanes ask together, in one round
//! trip; whoever's policies make that fail is asked alone from then on, and holds up nobody else's lane.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use coach::Pool;
use coach::caller::{Caller, Role};
use coach::change_feed::{Ask, Change, Table, visible, visible_to_each};
use coach::refusal::CallError;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::frames;
use super::member::Member;

/// How many batches may wait in a lane before its channels are made to join anew.
const WAITING: usize = 64;
/// How many statements may ask the database at once for many lanes, how many for one lane each, and how many of those for lanes
/// whose last answer took too long.
const ASKING: usize = 2;
const ASKING_ALONE: usize = 2;
const ASKING_SLOWLY: usize = 1;
/// How long policies may take for one lane: little while others wait behind it, more in the line of the slow.
const PATIENCE: Duration = Duration::from_millis(250);
const PATIENCE_SLOWLY: Duration = Duration::from_secs(1);
/// How many lanes ask together.
const TOGETHER: usize = 64;

/// Somebody who listens, by one or several sockets.
pub(super) struct Identity {
    pub(super) caller: Caller,
    lane: mpsc::Sender<Vec<Delivery>>,
}

impl std::fmt::Debug for Identity {
    /// Says the role alone: claims name a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.caller.fmt(f)
    }
}

/// A change, and its form on the wire for each role, made when first wanted.
pub(super) struct News {
    pub(super) change: Change,
    forms: [OnceLock<String>; 3],
}

impl News {
    /// A change that nobody has been told yet.
    pub(super) fn new(change: Change) -> Self {
        Self {
            change,
            forms: Default::default(),
        }
    }

    fn form(&self, table: &Table, role: Role) -> &str {
        let index = match role {
            Role::Anon => 0,
            Role::Authenticated => 1,
            Role::ServiceRole => 2,
        };
        self.forms[index].get_or_init(|| frames::data(table, &self.change, role))
    }
}

/// A change for one channel, if its caller may know of it.
pub(super) struct Delivery {
    pub(super) news: Arc<News>,
    pub(super) table: Arc<Table>,
    pub(super) member: Arc<Member>,
    /// The bindings that it matched.
    pub(super) ids: Vec<u32>,
}

/// What all lanes share.
pub(super) struct Lanes {
    pool: Pool,
    questions: mpsc::UnboundedSender<Question>,
    asking_alone: Semaphore,
    asking_slowly: Semaphore,
    stop: CancellationToken,
}

/// What a lane wants to know; at most one of each lane waits.
struct Question {
    caller: Caller,
    table: Arc<Table>,
    news: Vec<Arc<News>>,
    /// Dropped where there is no answer: then the lane asks alone.
    answer: oneshot::Sender<Option<Vec<bool>>>,
}

impl Lanes {
    /// Lanes that ask `pool`, until `stop`.
    pub(super) fn new(pool: Pool, stop: CancellationToken) -> Self {
        let (questions, asked) = mpsc::unbounded_channel();
        tokio::spawn(
            stop.clone()
                .run_until_cancelled_owned(answer(pool.clone(), asked)),
        );
        Self {
            pool,
            questions,
            asking_alone: Semaphore::new(ASKING_ALONE),
            asking_slowly: Semaphore::new(ASKING_SLOWLY),
            stop,
        }
    }

    /// Opens a lane; it ends with the last holder of the identity.
    pub(super) fn open(self: &Arc<Self>, caller: Caller) -> Identity {
        let (sender, receiver) = mpsc::channel(WAITING);
        let lane = Lane {
            lanes: Arc::clone(self),
            caller: caller.clone(),
            is_slow: false,
        };
        tokio::spawn(lane.run(receiver));
        Identity {
            caller,
            lane: sender,
        }
    }
}

impl Identity {
    /// Hands a batch to the lane. One that is full has lost its callers' trust: their channels join anew and read again.
    pub(super) fn deliver(&self, batch: Vec<Delivery>) {
        if let Err(error) = self.lane.try_send(batch) {
            fail(
                &error.into_inner(),
                "Changes came faster than they could be checked; the channel begins anew.",
            );
        }
    }
}

struct Lane {
    lanes: Arc<Lanes>,
    caller: Caller,
    is_slow: bool,
}

impl Lane {
    async fn run(mut self, mut receiver: mpsc::Receiver<Vec<Delivery>>) {
        let mut batches = Vec::new();
        let lanes = Arc::clone(&self.lanes);
        while let Some(1..) = lanes
            .stop
            .run_until_cancelled(receiver.recv_many(&mut batches, WAITING))
            .await
        {
            let deliveries: Vec<Delivery> = batches.drain(..).flatten().collect();
            self.deliver(deliveries).await;
        }
    }

    /// Checks and sends what has come, in its order.
    async fn deliver(&mut self, deliveries: Vec<Delivery>) {
        let mut tables: HashMap<&str, (&Arc<Table>, Vec<Arc<News>>)> = HashMap::new();
        for delivery in &deliveries {
            let (_, news) = tables
                .entry(&delivery.table.name)
                .or_insert((&delivery.table, Vec::new()));
            // The channels of one change stand together.
            if news
                .last()
                .is_none_or(|last| !Arc::ptr_eq(last, &delivery.news))
            {
                news.push(Arc::clone(&delivery.news));
            }
        }
        let mut verdicts = HashMap::new();
        for (table, news) in tables.into_values() {
            for (news, verdict) in news.iter().zip(self.judge(table, &news).await) {
                verdicts.insert(news.change.id, verdict);
            }
        }
        for delivery in &deliveries {
            let member = &delivery.member;
            match verdicts.get(&delivery.news.change.id) {
                _ if member.is_over() => {}
                Some(Verdict::Visible) => {
                    let data = delivery.news.form(&delivery.table, self.caller.role);
                    let payload = frames::postgres_changes(&delivery.ids, data);
                    member.send("postgres_changes", &payload);
                }
                Some(Verdict::Hidden) | None => {}
                Some(Verdict::Broken) => member.warn(&format!(
                    "A policy of the table {} failed; changes that it was asked about are not sent.",
                    delivery.table.name
                )),
                Some(Verdict::Unknown) => member.fail(
                    "postgres_changes",
                    "Changes could not be checked in time; the channel begins anew.",
                ),
            }
        }
    }

    async fn judge(&mut self, table: &Arc<Table>, news: &[Arc<News>]) -> Vec<Verdict> {
        let role = self.caller.role;
        if frames::refusal(table, role).is_some() || table.is_open_to(role) {
            // Either they may see every row, or they are told that something happened and nothing that a policy could hide.
            return vec![Verdict::Visible; news.len()];
        }
        if !self.is_slow
            && let Some(verdicts) = self.ask_with_others(table, news).await
        {
            return verdicts;
        }
        let changes: Vec<&Change> = news.iter().map(|news| &news.change).collect();
        match self.ask_alone(table, &changes).await {
            Ok(verdicts) => verdicts,
            Err(Verdict::Broken) if changes.len() > 1 => {
                // One row that a policy stumbles over is not the others' fault.
                let mut verdicts = Vec::new();
                for change in changes {
                    let verdict = self.ask_alone(table, &[change]).await;
                    verdicts.push(verdict.map_or_else(|verdict| verdict, |own| own[0]));
                }
                verdicts
            }
            Err(verdict) => vec![verdict; changes.len()],
        }
    }

    async fn ask_with_others(
        &self,
        table: &Arc<Table>,
        news: &[Arc<News>],
    ) -> Option<Vec<Verdict>> {
        let (answer, answered) = oneshot::channel();
        let question = Question {
            caller: self.caller.clone(),
            table: Arc::clone(table),
            news: news.to_vec(),
            answer,
        };
        self.lanes.questions.send(question).ok()?;
        Some(answered.await.ok()??.into_iter().map(Verdict::of).collect())
    }

    async fn ask_alone(
        &mut self,
        table: &Table,
        changes: &[&Change],
    ) -> Result<Vec<Verdict>, Verdict> {
        let ask = Ask {
            caller: &self.caller,
            table,
            changes,
        };
        let lanes = &self.lanes;
        let answer = loop {
            let (turn, patience) = match self.is_slow {
                true => (&lanes.asking_slowly, PATIENCE_SLOWLY),
                false => (&lanes.asking_alone, PATIENCE),
            };
            let Ok(_turn) = turn.acquire().await else {
                return Err(Verdict::Unknown);
            };
            let answer = visible(&lanes.pool, ask, patience).await;
            let was_slow = self.is_slow;
            self.is_slow = matches!(answer, Err(CallError::Unavailable(_)));
            if was_slow || !self.is_slow {
                break answer;
            }
        };
        match answer {
            Ok(seen) => Ok(seen.into_iter().map(Verdict::of).collect()),
            Err(error) => {
                tracing::warn!(table = table.name, role = self.caller.role.name(), %error, "changes cannot be checked");
                Err(match error {
                    CallError::Unavailable(_) => Verdict::Unknown,
                    CallError::Refused(_) | CallError::Internal(_) => Verdict::Broken,
                })
            }
        }
    }
}

/// Answers the questions of all lanes, as many together as have come while others were answered.
async fn answer(pool: Pool, mut asked: mpsc::UnboundedReceiver<Question>) {
    let asking = Arc::new(Semaphore::new(ASKING));
    while let Ok(turn) = Arc::clone(&asking).acquire_owned().await {
        let mut questions = Vec::new();
        if asked.recv_many(&mut questions, TOGETHER).await == 0 {
            return;
        }
        let pool = pool.clone();
        tokio::spawn(async move {
            answer_together(&pool, questions).await;
            drop(turn);
        });
    }
}

async fn answer_together(pool: &Pool, questions: Vec<Question>) {
    let changes: Vec<Vec<&Change>> = questions
        .iter()
        .map(|question| question.news.iter().map(|news| &news.change).collect())
        .collect();
    let asks: Vec<Ask<'_>> = questions
        .iter()
        .zip(&changes)
        .map(|(question, changes)| Ask {
            caller: &question.caller,
            table: &question.table,
            changes,
        })
        .collect();
    match visible_to_each(pool, &asks).await {
        Ok(answers) => {
            for (question, answer) in questions.into_iter().zip(answers) {
                // A lane that has ended meanwhile does not wait for it.
                question.answer.send(answer).ok();
            }
        }
        Err(error) => {
            tracing::debug!(%error, "changes cannot be checked together, each caller is asked for alone")
        }
    }
}

/// What row level security says of a change.
#[derive(Debug, Clone, Copy)]
enum Verdict {
    Visible,
    Hidden,
    /// A policy raised.
    Broken,
    /// There was no answer in time.
    Unknown,
}

impl Verdict {
    fn of(is_visible: bool) -> Self {
        match is_visible {
            true => Self::Visible,
            false => Self::Hidden,
        }
    }
}

fn fail(deliveries: &[Delivery], reason: &str) {
    for delivery in deliveries {
        delivery.member.fail("postgres_changes", reason);
    }
}
