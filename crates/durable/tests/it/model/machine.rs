//! Each operation as the reference does it, beside the SQL that asks the engine for the same and the answer that it owes.

use std::{cell::RefCell, collections::BTreeMap, sync::Arc};

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

use super::operation::{New, Operation, Pick, operation};
use super::reference::{
    Attempt, Id, KINDS, NewChild, PRUNE_AFTER, Place, QUEUES, Reference, SECOND, STATES, Task,
    Time, Wait,
};

/// Between two operations; longer than any number of rows in microseconds.
const TICK: Time = 1_000;

/// The reference after its last operation, and what to ask the engine for.
#[derive(Clone, Default)]
pub(crate) struct Machine {
    pub(crate) reference: Reference,
    /// Returns one row with one text.
    pub(crate) sql: String,
    /// What the engine's ids go on from.
    pub(crate) last_id: Id,
    pub(crate) answer: String,
    workers: i64,
}

/// What failed is told by the operations that lead there.
impl std::fmt::Debug for Machine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an engine that knows nothing")
    }
}

thread_local! {
    /// `durable.backoff` as the engine's test database answered it: the one thing that the reference does not know itself.
    pub(crate) static BACKOFF: RefCell<Arc<BTreeMap<(Id, i32), Time>>> = Default::default();
}

pub(crate) struct Engine;

impl ReferenceStateMachine for Engine {
    type State = Machine;
    type Transition = Operation;

    fn init_state() -> BoxedStrategy<Machine> {
        let mut machine = Machine::default();
        machine.reference.now = TICK;
        machine.reference.queues = QUEUES
            .iter()
            .map(|name| (*name, Default::default()))
            .collect();
        machine.reference.backoff = BACKOFF.with_borrow(Clone::clone);
        Just(machine).boxed()
    }

    fn transitions(_: &Machine) -> BoxedStrategy<Operation> {
        operation()
    }

    fn apply(mut machine: Machine, operation: &Operation) -> Machine {
        machine.reference.now += TICK;
        machine.last_id = machine.reference.next_id;
        (machine.sql, machine.answer) = machine.perform(operation);
        machine
    }
}

/// A uuid's text.
pub(crate) fn uuid(id: Id) -> String {
    uuid::Uuid::from_u128(id.into()).to_string()
}

fn quoted(text: &Option<String>) -> String {
    text.as_ref()
        .map_or("null".to_owned(), |text| format!("'{text}'"))
}

fn at(time: Option<Time>) -> String {
    time.map_or("null".to_owned(), |time| format!("model.at({time})"))
}

fn number(value: Option<i64>) -> String {
    value.map_or("null".to_owned(), |value| value.to_string())
}

fn pick<T: Copy>(of: &[T], pick: Pick) -> Option<T> {
    of.get(usize::from(pick) % of.len().max(1)).copied()
}

fn step(pick: Pick) -> String {
    format!("s{}", pick % 3)
}

type Call = (String, String);

fn nothing() -> Call {
    ("select 'nothing'".to_owned(), "nothing".to_owned())
}

fn void(call: &str) -> Call {
    (
        format!("select 'done' from (select {call}) c"),
        "done".to_owned(),
    )
}

fn key(pick: Option<Pick>) -> Option<String> {
    pick.map(|key| format!("k{key}"))
}

impl New {
    fn child(&self) -> NewChild {
        NewChild {
            kind: usize::from(self.kind) % KINDS.len(),
            key: key(self.key),
            lane: self.lane,
            once: self.once.map(|once| format!("o{once}")),
            tolerated: self.tolerated,
        }
    }
}

impl Machine {
    /// Mostly a task that is as the operation needs it.
    fn a_task(&self, wanted: Pick, fits: impl Fn(&Task) -> bool) -> Option<Id> {
        let tasks = self.reference.tasks.iter();
        let fitting: Vec<Id> = tasks
            .filter(|(_, task)| fits(task))
            .map(|(id, _)| *id)
            .collect();
        let all: Vec<Id> = self.reference.tasks.keys().copied().collect();
        match wanted % 8 {
            0 => pick(&all, wanted / 8),
            _ => pick(&fitting, wanted / 8),
        }
    }

    fn is_ready(&self, queue: &str) -> bool {
        let mut tasks = self.reference.tasks.values();
        tasks.any(|task| task.kind().queue == queue && matches!(task.place, Place::Ready(_)))
    }

    /// What moves tasks on, where an operation finds nothing that it could be done to.
    fn push(&mut self) -> Call {
        let (reference, now) = (&self.reference, self.reference.now);
        let numbered = || (0..).zip(QUEUES);
        let claim = |queue| Operation::Claim {
            worker: 1,
            queue,
            limit: 2,
        };
        let is_due = |task: &Task| matches!(task.place, Place::Timer(due) if due <= now);
        let paused = numbered().find(|(_, name)| reference.queues[name].paused);
        let limited = numbered().find(|(_, name)| {
            let queue = &reference.queues[name];
            queue.running.is_some() || queue.per_key.is_some()
        });
        let next = if reference.workers.is_empty() {
            Operation::StartWorker
        } else if let Some((queue, _)) = numbered().find(|(_, name)| self.is_ready(name)) {
            claim(queue)
        } else if reference.tasks.values().any(is_due) {
            Operation::Promote
        } else if let Some((queue, _)) = paused {
            Operation::Resume(queue)
        } else if let (Some((queue, _)), 6..) = (limited, reference.tasks.len()) {
            Operation::Limit {
                queue,
                running: None,
                per_key: None,
            }
        } else {
            let new = New {
                kind: 0,
                lane: 1,
                key: None,
                once: None,
                tolerated: false,
            };
            Operation::Spawn {
                new,
                delay: None,
                deadline: None,
            }
        };
        self.perform(&next)
    }

    /// Mostly an attempt that is live, now and then one that was.
    fn an_attempt(&self, wanted: Pick) -> Option<Attempt> {
        let live: Vec<Attempt> = self
            .reference
            .workers
            .keys()
            .flat_map(|worker| self.reference.runs_of(*worker))
            .collect();
        match wanted % 4 {
            0 => pick(&self.reference.attempts, wanted / 4),
            _ => pick(&live, wanted / 4),
        }
    }

    /// Mostly a live attempt that has steps of a kind, and one of them.
    fn with_step(
        &self,
        wanted: Pick,
        steps: impl Fn(&Reference, Id) -> Vec<String>,
    ) -> Option<(Attempt, String)> {
        let live = self
            .reference
            .attempts
            .iter()
            .filter(|attempt| self.reference.is_held_by(attempt));
        let all: Vec<_> = live
            .flat_map(|attempt| {
                steps(&self.reference, attempt.task)
                    .into_iter()
                    .map(|step| (*attempt, step))
            })
            .collect();
        match wanted % 8 {
            0 => None,
            _ => all.get(usize::from(wanted / 8) % all.len().max(1)).cloned(),
        }
    }

    fn a_worker(&self, wanted: Pick) -> Option<i64> {
        let there: Vec<i64> = self.reference.workers.keys().copied().collect();
        match wanted % 8 {
            0 if self.workers > 0 => Some(1 + i64::from(wanted / 8) % self.workers),
            _ => pick(&there, wanted / 8),
        }
    }

    /// A call that is fenced by an attempt: its name, the rest of its arguments, and what the reference answers.
    fn fenced(
        &mut self,
        wanted: Pick,
        name: &str,
        rest: &str,
        act: impl FnOnce(&mut Reference, Id, i64) -> String,
    ) -> Call {
        self.fenced_by(self.an_attempt(wanted), name, rest, act)
    }

    fn fenced_by(
        &mut self,
        attempt: Option<Attempt>,
        name: &str,
        rest: &str,
        act: impl FnOnce(&mut Reference, Id, i64) -> String,
    ) -> Call {
        let Some(attempt) = attempt else {
            return self.push();
        };
        let (task, token, now) = (uuid(attempt.task), attempt.token, self.reference.now);
        let sql = format!(
            "select durable.{name}('{task}', {token}{rest}, p_now => model.at({now}))::text"
        );
        (sql, act(&mut self.reference, attempt.task, token))
    }

    fn perform(&mut self, operation: &Operation) -> Call {
        use Operation as O;
        match operation {
            O::Wait(seconds) => {
                self.reference.now += seconds * SECOND;
                nothing()
            }
            O::Spawn {
                new,
                delay,
                deadline,
            } => self.spawn(new, *delay, *deadline),
            O::Complete(_) | O::Release(_) | O::Fail { .. } | O::Defer { .. } | O::Sleep { .. } => {
                self.end_attempt(operation)
            }
            O::Record(_)
            | O::BeginStep { .. }
            | O::FinishStep { .. }
            | O::SpawnChildren { .. }
            | O::WaitChildren { .. } => self.use_attempt(operation),
            O::Finish { .. } | O::Unpark(_) | O::Replay { .. } => self.decide(operation),
            O::Claim { .. } | O::StartWorker | O::StopWorker(_) | O::Beat { .. } => {
                self.employ(operation)
            }
            _ => self.keep_house(operation),
        }
    }

    /// What ends an attempt.
    fn end_attempt(&mut self, operation: &Operation) -> Call {
        use Operation as O;
        match operation {
            O::Complete(attempt) => {
                self.fenced(*attempt, "complete", ", '{}'", |engine, task, token| {
                    engine.complete(task, token).into()
                })
            }
            O::Release(attempt) => self.fenced(*attempt, "release", "", |engine, task, token| {
                engine.defer(task, token, None).into()
            }),
            O::Fail {
                attempt,
                class,
                retry_after,
            } => {
                let code = ["NEVER", "ONCE", "ODD", "ODD"][usize::from(class % 4)];
                let wait = retry_after.map_or("null".to_owned(), |seconds| {
                    format!("interval '{seconds} s'")
                });
                let wait_time = retry_after.map(|seconds| seconds * SECOND);
                self.fenced(
                    *attempt,
                    "fail",
                    &format!(", '{code}', 'm', {wait}"),
                    |engine, task, token| engine.fail(task, token, code, wait_time).into(),
                )
            }
            O::Defer { attempt, seconds } => {
                let due = self.reference.now + seconds * SECOND;
                self.fenced(
                    *attempt,
                    "defer",
                    &format!(", model.at({due}), 'later'"),
                    |engine, task, token| engine.defer(task, token, Some(due)).into(),
                )
            }
            O::Sleep {
                attempt,
                step: name,
                seconds,
            } => {
                let name = step(*name);
                self.fenced(
                    *attempt,
                    "sleep",
                    &format!(", '{name}', interval '{seconds} s'"),
                    |engine, task, token| engine.sleep(task, token, &name, seconds * SECOND).into(),
                )
            }
            _ => nothing(),
        }
    }

    /// What an attempt writes while it lives.
    fn use_attempt(&mut self, operation: &Operation) -> Call {
        use Operation as O;
        match operation {
            O::Record(attempt) => {
                self.fenced(*attempt, "record", ", 'note'", |engine, task, token| {
                    engine.record(task, token).to_string()
                })
            }
            O::BeginStep {
                attempt,
                step: name,
                request,
            } => {
                let (name, request) = (step(*name), format!("request {}", request % 2));
                let (sql, answer) = self.fenced(
                    *attempt,
                    "begin_step",
                    &format!(", '{name}', '{request}'"),
                    |engine, task, token| engine.begin_step(task, token, &name, &request).into(),
                );
                // It answers with a row.
                match sql.strip_prefix("select durable.begin_step") {
                    Some(call) => (
                        format!(
                            "select state from durable.begin_step{}",
                            call.replace("::text", "")
                        ),
                        answer,
                    ),
                    None => (sql, answer),
                }
            }
            O::FinishStep {
                attempt,
                step: name,
            } => {
                let (attempt, name) =
                    match self.with_step(*attempt, |engine, task| engine.begun_steps(task)) {
                        Some((attempt, step)) => (Some(attempt), step),
                        None => (self.an_attempt(*attempt), step(*name)),
                    };
                self.fenced_by(
                    attempt,
                    "finish_step",
                    &format!(", '{name}', '1'"),
                    |engine, task, token| engine.finish_step(task, token, &name).to_string(),
                )
            }
            O::SpawnChildren {
                attempt,
                step: name,
                children,
            } => self.spawn_children(*attempt, &step(*name), children),
            O::WaitChildren {
                attempt,
                step: name,
            } => {
                let (attempt, name) = match self
                    .with_step(*attempt, |engine, task| engine.steps_with_children(task))
                {
                    Some((attempt, step)) => (Some(attempt), step),
                    None => (self.an_attempt(*attempt), step(*name)),
                };
                self.fenced_by(
                    attempt,
                    "wait_children",
                    &format!(", '{name}'"),
                    |engine, task, token| engine.wait_children(task, token, &name).into(),
                )
            }
            _ => nothing(),
        }
    }

    fn spawn_children(&mut self, attempt: Pick, name: &str, children: &[New]) -> Call {
        let children: Vec<NewChild> = children.iter().map(New::child).collect();
        let asked: Vec<_> = children
            .iter()
            .map(|child| {
                serde_json::json!({ "kind": KINDS[child.kind].name, "once": child.once, "key": child.key, "lane": child.lane, "tolerated": child.tolerated })
            })
            .collect();
        let asked = serde_json::Value::from(asked).to_string();
        let hash = format!("{} children", children.len());
        self.fenced(
            attempt,
            "spawn_children",
            &format!(", '{name}', '{hash}', '{asked}'"),
            |engine, task, token| {
                engine
                    .spawn_children(task, token, name, &hash, &children)
                    .into()
            },
        )
    }

    fn spawn(&mut self, new: &New, delay: Option<i64>, deadline: Option<i64>) -> Call {
        let new = new.child();
        let (kind, now) = (KINDS[new.kind].name, self.reference.now);
        if let Some(once) = new.once {
            let arguments = format!(
                "'{kind}', '{once}', '{{}}', p_lane => {}, p_key => {}",
                new.lane,
                quoted(&new.key)
            );
            let id = self.reference.spawn_once(new.kind, once, new.lane, new.key);
            return (
                format!("select durable.spawn_once({arguments}, p_now => model.at({now}))::text"),
                uuid(id),
            );
        }
        let id = self.reference.draw_id();
        self.last_id = self.reference.next_id;
        let due = delay.map(|seconds| now + seconds * SECOND);
        // Two that pass in one round have no order of their own.
        let deadline = deadline
            .filter(|_| self.reference.deadlines.is_empty())
            .map(|seconds| now + seconds * SECOND);
        let sql = format!(
            "durable.spawn('{}', '{kind}', '{{}}', p_due_at => {}, p_lane => {}, p_key => {}, p_deadline => {}, p_now => model.at({now}))",
            uuid(id),
            at(due),
            new.lane,
            quoted(&new.key),
            at(deadline)
        );
        self.reference.spawn(id, new.kind, new.lane, new.key, due);
        self.reference.deadlines.extend(deadline.map(|at| (id, at)));
        void(&sql)
    }

    /// What a person decides about a task.
    fn decide(&mut self, operation: &Operation) -> Call {
        use Operation as O;
        let now = self.reference.now;
        let (O::Finish { task: wanted, .. } | O::Unpark(wanted) | O::Replay { task: wanted, .. }) =
            operation
        else {
            return nothing();
        };
        let task = self.a_task(*wanted, |task| match operation {
            O::Finish { .. } => task.is_live(),
            O::Replay { .. } => !task.is_live(),
            _ => matches!(
                task.place,
                Place::Parked {
                    wait: Wait::Person,
                    ..
                }
            ),
        });
        let Some(task) = task else {
            return self.push();
        };
        let id = uuid(task);
        match operation {
            O::Finish { cancel, .. } => {
                let outcome = if *cancel { "cancelled" } else { "succeeded" };
                let done = self.reference.finish(task, outcome, "", true);
                let answer = done.map_or("error P0001".to_owned(), |done| done.to_string());
                (
                    format!(
                        "select durable.finish('{id}', '{outcome}', p_now => model.at({now}))::text"
                    ),
                    answer,
                )
            }
            O::Replay { step: from, .. } => {
                let from = from.map(step);
                let new = self.reference.replay(task, from.as_deref());
                let sql = format!(
                    "select durable.replay('{id}', {}, model.at({now}))::text",
                    quoted(&from)
                );
                (sql, new.map_or("error 22023".to_owned(), uuid))
            }
            _ => (
                format!("select durable.unpark('{id}', model.at({now}))::text"),
                self.reference.unpark(task).to_string(),
            ),
        }
    }

    /// What workers do for themselves.
    fn employ(&mut self, operation: &Operation) -> Call {
        use Operation as O;
        let now = self.reference.now;
        if let O::StartWorker = operation {
            self.workers += 1;
            self.reference.start_worker(self.workers);
            let sql = format!(
                "select durable.start_worker('w{}', array['qa', 'qb'], p_now => model.at({now}))::text",
                self.workers
            );
            return (sql, self.workers.to_string());
        }
        let (O::Claim { worker: wanted, .. }
        | O::StopWorker(wanted)
        | O::Beat { worker: wanted, .. }) = operation
        else {
            return nothing();
        };
        let Some(worker) = self.a_worker(*wanted) else {
            return self.push();
        };
        match operation {
            O::Claim { queue, limit, .. } => {
                let (wanted, other) = (
                    QUEUES[usize::from(queue % 2)],
                    QUEUES[usize::from(queue.wrapping_add(1) % 2)],
                );
                let queue = if self.is_ready(wanted) || queue % 8 < 2 {
                    wanted
                } else {
                    other
                };
                let claimed =
                    self.reference
                        .claim(worker, queue, usize::try_from(*limit).unwrap_or(1));
                let tasks = &self.reference.tasks;
                let line = |attempt: &Attempt| {
                    let Task {
                        retries, losses, ..
                    } = &tasks[&attempt.task];
                    format!(
                        "{} {} {retries} {losses}",
                        uuid(attempt.task),
                        attempt.token
                    )
                };
                let answer = claimed.map_or("error DW001".to_owned(), |claimed| {
                    claimed.iter().map(line).collect::<Vec<_>>().join(", ")
                });
                let sql = format!(
                    "select coalesce(string_agg(concat_ws(' ', task, token, retries, losses), ', '), '') from durable.claim({worker}, '{queue}', {limit}, model.at({now}))"
                );
                (sql, answer)
            }
            O::Beat { forgets, .. } => self.beat(worker, *forgets),
            _ => {
                self.reference.stop_worker(worker);
                void(&format!("durable.stop_worker({worker}, model.at({now}))"))
            }
        }
    }

    /// A heartbeat that proves the last attempt that the worker had of every task, but for the oldest live one if it forgot it.
    fn beat(&mut self, worker: i64, forgets: bool) -> Call {
        let forgotten = self
            .reference
            .runs_of(worker)
            .first()
            .map(|run| run.token)
            .filter(|_| forgets);
        let mut known: Vec<Attempt> = Vec::new();
        for attempt in self
            .reference
            .attempts
            .iter()
            .filter(|attempt| attempt.worker == worker && Some(attempt.token) != forgotten)
        {
            known.retain(|other| other.task != attempt.task);
            known.push(*attempt);
        }
        let (tasks, tokens): (Vec<_>, Vec<_>) = known
            .iter()
            .map(|attempt| (uuid(attempt.task), attempt.token.to_string()))
            .unzip();
        let sql = format!(
            "select coalesce(string_agg(task || ' ' || reason, ', ' order by task), '') from durable.beat({worker}, '{{{}}}', '{{{}}}', p_now => model.at({}))",
            tasks.join(","),
            tokens.join(","),
            self.reference.now
        );
        let told = self.reference.beat(worker, &known);
        let line = |(task, reason): &(Id, &str)| format!("{} {reason}", uuid(*task));
        (
            sql,
            told.map_or("error DW001".to_owned(), |told| {
                told.iter().map(line).collect::<Vec<_>>().join(", ")
            }),
        )
    }

    /// Queues and duties.
    fn keep_house(&mut self, operation: &Operation) -> Call {
        use Operation as O;
        let now = self.reference.now;
        let duty = |name: &str, count: usize| {
            (
                format!("select durable.{name}(p_now => model.at({now}))::text"),
                count.to_string(),
            )
        };
        match operation {
            O::Refuse(state) => {
                let state = state.map(|state| STATES[usize::from(state) % STATES.len()]);
                self.reference.refused = state;
                let sql = format!(
                    "with r as (update model.refused set to_state = {} returning 1) select 'done' from r",
                    quoted(&state.map(str::to_owned))
                );
                (sql, "done".to_owned())
            }
            O::Pause(queue) => {
                let queue = QUEUES[usize::from(queue % 2)];
                self.reference.pause(queue);
                void(&format!(
                    "durable.pause_queue('{queue}', p_now => model.at({now}))"
                ))
            }
            O::Resume(queue) => {
                let queue = QUEUES[usize::from(queue % 2)];
                self.reference.resume(queue);
                void(&format!("durable.resume_queue('{queue}')"))
            }
            O::Limit {
                queue,
                running,
                per_key,
            } => {
                let queue = QUEUES[usize::from(queue % 3)];
                let per_key = per_key.filter(|_| queue != "*");
                self.reference.limit(queue, *running, per_key);
                void(&format!(
                    "durable.limit_queue('{queue}', {}, {})",
                    number(*running),
                    number(per_key)
                ))
            }
            O::Promote => duty("promote", self.reference.promote()),
            O::Reap => duty("reap", self.reference.reap()),
            O::Expire => duty("expire", self.reference.expire()),
            O::Disown => duty("disown", self.reference.disown()),
            O::Settle => duty("settle_queues", self.reference.settle()),
            O::Prune => {
                let count = self.reference.prune();
                (
                    format!(
                        "select durable.prune(interval '{} s', p_now => model.at({now}))::text",
                        PRUNE_AFTER / SECOND
                    ),
                    count.to_string(),
                )
            }
            _ => nothing(),
        }
    }
}
