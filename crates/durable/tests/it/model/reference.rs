//! What the engine should do, in memory and in as few words as can be: one struct, one thread, no SQL.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A task's number; its id is the uuid of that number, so both order alike.
pub(crate) type Id = u64;
/// Microseconds since the test's own beginning of time.
pub(crate) type Time = i64;

pub(crate) const SECOND: Time = 1_000_000;
/// The engine's longest silence of a worker.
const LEASE: Time = 15 * SECOND;
/// As registered for every kind.
const RUN_LIMIT: Time = 300 * SECOND;
pub(crate) const PRUNE_AFTER: Time = 60 * SECOND;

/// A registered kind.
#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) queue: &'static str,
    pub(crate) max_retries: i32,
    pub(crate) max_losses: i32,
    pub(crate) hooked: bool,
}

pub(crate) const KINDS: [Kind; 3] = [
    Kind {
        name: "a",
        queue: "qa",
        max_retries: 2,
        max_losses: 3,
        hooked: false,
    },
    Kind {
        name: "b",
        queue: "qb",
        max_retries: 1,
        max_losses: 1,
        hooked: false,
    },
    Kind {
        name: "c",
        queue: "qa",
        max_retries: 1,
        max_losses: 1,
        hooked: true,
    },
];
pub(crate) const QUEUES: [&str; 3] = ["qa", "qb", "*"];
pub(crate) const STATES: [&str; 6] = [
    "ready",
    "running",
    "waiting",
    "succeeded",
    "failed",
    "cancelled",
];

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Wait {
    Person,
    Limit(String),
    Children { step: String, remaining: i32 },
    Pause,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Place {
    /// Ended, or on its way from one place to the next.
    Nowhere,
    Ready(i64),
    Timer(Time),
    Parked {
        since: Time,
        wait: Wait,
    },
    Run {
        token: i64,
        worker: i64,
        started: Time,
    },
}

#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) kind: usize,
    pub(crate) lane: i64,
    pub(crate) key: Option<String>,
    pub(crate) place: Place,
    pub(crate) slots: Vec<String>,
    pub(crate) retries: i32,
    pub(crate) losses: i32,
    /// Outcome, code and time.
    pub(crate) end: Option<(&'static str, String, Time)>,
    /// Retries and losses in the header, where the last end wrote them.
    pub(crate) written: (i32, i32),
    pub(crate) watched: bool,
    pub(crate) replay_of: Option<Id>,
}

impl Task {
    pub(crate) fn kind(&self) -> &'static Kind {
        &KINDS[self.kind]
    }

    pub(crate) fn is_live(&self) -> bool {
        self.end.is_none()
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) hash: String,
    pub(crate) done: bool,
    pub(crate) begun: i32,
    pub(crate) started: Time,
    /// What a sleep has journalled.
    pub(crate) until: Time,
}

#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) parent: Id,
    pub(crate) step: String,
    pub(crate) position: usize,
    pub(crate) child: Id,
    pub(crate) tolerated: bool,
    pub(crate) done: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Queue {
    pub(crate) running: Option<i64>,
    pub(crate) per_key: Option<i64>,
    pub(crate) paused: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt {
    pub(crate) task: Id,
    pub(crate) token: i64,
    pub(crate) worker: i64,
}

/// A child as it is asked for.
#[derive(Debug, Clone)]
pub(crate) struct NewChild {
    pub(crate) kind: usize,
    pub(crate) key: Option<String>,
    pub(crate) lane: i64,
    pub(crate) once: Option<String>,
    pub(crate) tolerated: bool,
}

/// All that the engine knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reference {
    pub(crate) now: Time,
    pub(crate) ticket: i64,
    pub(crate) next_id: Id,
    pub(crate) tasks: BTreeMap<Id, Task>,
    pub(crate) steps: BTreeMap<(Id, String), Step>,
    pub(crate) links: Vec<Link>,
    pub(crate) queues: BTreeMap<&'static str, Queue>,
    /// Capacity and use.
    pub(crate) limits: BTreeMap<String, (i64, i64)>,
    pub(crate) workers: BTreeMap<i64, Time>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) once: BTreeMap<(usize, String), Id>,
    pub(crate) deadlines: BTreeMap<Id, Time>,
    pub(crate) orphans: BTreeSet<Id>,
    pub(crate) dead_letters: BTreeSet<Id>,
    /// The transition that the hook of the hooked kind refuses.
    pub(crate) refused: Option<&'static str>,
    /// `durable.backoff` of (task, retry).
    pub(crate) backoff: Arc<BTreeMap<(Id, i32), Time>>,
}

impl Reference {
    pub(crate) fn draw_id(&mut self) -> Id {
        self.next_id += 1;
        self.next_id
    }

    fn task(&mut self, id: Id) -> &mut Task {
        self.tasks.get_mut(&id).expect("a known task")
    }

    fn queue_of(&self, id: Id) -> &'static str {
        self.tasks[&id].kind().queue
    }

    pub(crate) fn is_held_by(&self, attempt: &Attempt) -> bool {
        self.live_at(attempt.task, attempt.token)
    }

    pub(crate) fn begun_steps(&self, id: Id) -> Vec<String> {
        let of_it = self
            .steps
            .iter()
            .filter(|((task, _), step)| *task == id && !step.done);
        of_it.map(|((_, name), _)| name.clone()).collect()
    }

    pub(crate) fn steps_with_children(&self, id: Id) -> Vec<String> {
        let of_it = self.links.iter().filter(|link| link.parent == id);
        of_it.map(|link| link.step.clone()).collect()
    }

    fn live_at(&self, id: Id, token: i64) -> bool {
        self.tasks.get(&id).is_some_and(
            |task| matches!(task.place, Place::Run { token: live, .. } if live == token),
        )
    }

    /// Takes a task out of run, if the token holds it.
    fn end_run(&mut self, id: Id, token: i64) -> bool {
        let held = self.live_at(id, token);
        if held {
            self.task(id).place = Place::Nowhere;
        }
        held
    }

    fn refuses(&self, id: Id, to: &str) -> bool {
        self.refused == Some(to) && self.tasks[&id].kind().hooked
    }

    /// The hook's word on a transition; where it refuses, the task is set aside for a person.
    fn tell(&mut self, id: Id, to: &str) -> bool {
        if !self.refuses(id, to) {
            return true;
        }
        let now = self.now;
        let task = self.task(id);
        task.place = Place::Nowhere;
        task.end = None;
        let slots = std::mem::take(&mut task.slots);
        self.free(slots);
        self.task(id).place = Place::Parked {
            since: now,
            wait: Wait::Person,
        };
        false
    }

    fn put_back(&mut self, id: Id) -> &'static str {
        let task = &self.tasks[&id];
        let (queue, all) = (&self.queues[task.kind().queue], &self.queues["*"]);
        let limited = queue.running.is_some()
            || all.running.is_some()
            || queue.per_key.is_some() && task.key.is_some();
        if queue.paused || task.slots.is_empty() && limited {
            let now = self.now;
            self.task(id).place = Place::Timer(now);
            return "waiting";
        }
        self.ticket += 1;
        let ticket = self.ticket;
        self.task(id).place = Place::Ready(ticket);
        "ready"
    }

    fn free(&mut self, mut slots: Vec<String>) {
        slots.sort();
        for name in slots {
            if let Some((_, used)) = self.limits.get_mut(&name) {
                *used -= 1;
            }
            self.wake(&name, 1);
        }
    }

    fn wake(&mut self, limit: &str, count: usize) {
        let mut waiting: Vec<_> = self
            .tasks
            .iter()
            .filter_map(|(id, task)| match &task.place {
                Place::Parked {
                    since,
                    wait: Wait::Limit(name),
                } if name == limit => Some((task.lane, *since, *id)),
                _ => None,
            })
            .collect();
        waiting.sort_unstable();
        for (_, since, id) in waiting.into_iter().take(count) {
            self.task(id).place = Place::Timer(since);
        }
    }

    pub(crate) fn spawn(
        &mut self,
        id: Id,
        kind: usize,
        lane: i64,
        key: Option<String>,
        due: Option<Time>,
    ) {
        let place = due.map_or(Place::Nowhere, Place::Timer);
        let task = Task {
            kind,
            lane,
            key,
            place,
            slots: Vec::new(),
            retries: 0,
            losses: 0,
            end: None,
            written: (0, 0),
            watched: false,
            replay_of: None,
        };
        self.tasks.insert(id, task);
        if due.is_none() {
            self.put_back(id);
        }
    }

    pub(crate) fn spawn_once(
        &mut self,
        kind: usize,
        once: String,
        lane: i64,
        key: Option<String>,
    ) -> Id {
        let id = self.draw_id();
        if let Some(known) = self.once.get(&(kind, once.clone()))
            && self.tasks.get(known).is_some_and(|task| {
                task.end
                    .as_ref()
                    .is_none_or(|(outcome, ..)| *outcome == "succeeded")
            })
        {
            return *known;
        }
        self.once.insert((kind, once), id);
        self.spawn(id, kind, lane, key, None);
        id
    }

    /// The claimed attempts; none of a worker who is not there: the engine raises.
    pub(crate) fn claim(&mut self, worker: i64, queue: &str, limit: usize) -> Option<Vec<Attempt>> {
        self.workers.get(&worker)?;
        if self.queues[queue].paused {
            return Some(Vec::new());
        }
        let mut line: Vec<_> = self
            .tasks
            .iter()
            .filter_map(|(id, task)| match task.place {
                Place::Ready(ticket) if task.kind().queue == queue => {
                    Some((task.lane, ticket, *id))
                }
                _ => None,
            })
            .collect();
        line.sort_unstable();
        line.truncate(limit);
        let started = self.now;
        for (_, token, id) in &line {
            self.task(*id).place = Place::Run {
                token: *token,
                worker,
                started,
            };
        }
        line.retain(|(_, _, id)| self.tell(*id, "running"));
        let claimed: Vec<_> = line
            .into_iter()
            .map(|(_, token, task)| Attempt {
                task,
                token,
                worker,
            })
            .collect();
        self.attempts.extend(&claimed);
        Some(claimed)
    }

    fn end(&mut self, id: Id, outcome: &'static str, code: &str) -> &'static str {
        let now = self.now;
        let task = self.task(id);
        task.place = Place::Nowhere;
        task.end = Some((outcome, code.to_owned(), now));
        task.written = (task.retries, task.losses);
        let slots = std::mem::take(&mut task.slots);
        self.free(slots);
        if !self.tell(id, outcome) {
            return "parked";
        }
        if outcome == "failed" {
            self.dead_letters.insert(id);
        }
        if outcome != "succeeded" {
            let of_it = self
                .links
                .iter()
                .filter(|link| link.parent == id && !link.done);
            self.orphans.extend(of_it.map(|link| link.child));
        }
        if self.tasks[&id].watched {
            self.child_ended(id, outcome);
        }
        outcome
    }

    fn child_ended(&mut self, child: Id, outcome: &str) {
        let mut links: Vec<usize> = (0..self.links.len())
            .filter(|n| self.links[*n].child == child && !self.links[*n].done)
            .collect();
        links.sort_by_key(|n| {
            let link = &self.links[*n];
            (link.parent, link.step.clone(), link.position)
        });
        for n in links {
            self.links[n].done = true;
            let (parent, step, tolerated) = (
                self.links[n].parent,
                self.links[n].step.clone(),
                self.links[n].tolerated,
            );
            let Some(task) = self.tasks.get_mut(&parent) else {
                continue;
            };
            let Place::Parked {
                wait:
                    Wait::Children {
                        step: waits_on,
                        remaining,
                    },
                ..
            } = &mut task.place
            else {
                continue;
            };
            if *waits_on != step {
                continue;
            }
            *remaining -= 1;
            if *remaining > 0 && (outcome == "succeeded" || tolerated) {
                continue;
            }
            task.place = Place::Nowhere;
            let to = self.put_back(parent);
            self.tell(parent, to);
        }
    }

    fn give_back(&mut self, id: Id, due: Option<Time>) -> &'static str {
        let to = match due {
            Some(due) if due > self.now => {
                let task = self.task(id);
                task.place = Place::Timer(due);
                let slots = std::mem::take(&mut task.slots);
                self.free(slots);
                "waiting"
            }
            _ => self.put_back(id),
        };
        match self.tell(id, to) {
            true => to,
            false => "parked",
        }
    }

    pub(crate) fn complete(&mut self, id: Id, token: i64) -> &'static str {
        match self.end_run(id, token) {
            true => self.end(id, "succeeded", ""),
            false => "lost",
        }
    }

    pub(crate) fn fail(
        &mut self,
        id: Id,
        token: i64,
        code: &str,
        retry_after: Option<Time>,
    ) -> &'static str {
        if !self.end_run(id, token) {
            return "lost";
        }
        let task = &self.tasks[&id];
        if code == "NEVER" || task.retries >= task.kind().max_retries {
            return self.end(id, "failed", code);
        }
        let retry = task.retries + 1;
        self.task(id).retries = retry;
        let wait = match (retry_after, code) {
            (Some(wait), _) => Some(wait),
            (None, "ONCE") => None,
            _ => Some(self.backoff[&(id, retry)]),
        };
        let due = wait.map(|wait| self.now + wait);
        self.give_back(id, due)
    }

    pub(crate) fn defer(&mut self, id: Id, token: i64, due: Option<Time>) -> &'static str {
        match self.end_run(id, token) {
            true => self.give_back(id, due),
            false => "lost",
        }
    }

    pub(crate) fn record(&mut self, id: Id, token: i64) -> bool {
        self.live_at(id, token)
    }

    pub(crate) fn begin_step(
        &mut self,
        id: Id,
        token: i64,
        name: &str,
        hash: &str,
    ) -> &'static str {
        if !self.live_at(id, token) {
            return "lost";
        }
        let started = self.now;
        match self.steps.get_mut(&(id, name.to_owned())) {
            None => {
                let step = Step {
                    hash: hash.to_owned(),
                    done: false,
                    begun: 1,
                    started,
                    until: 0,
                };
                self.steps.insert((id, name.to_owned()), step);
                "begun"
            }
            Some(step) if step.hash != hash => "changed",
            Some(step) if step.done => "done",
            Some(step) => {
                step.begun += 1;
                step.started = started;
                "repeat"
            }
        }
    }

    pub(crate) fn finish_step(&mut self, id: Id, token: i64, name: &str) -> bool {
        let held = self.live_at(id, token);
        match self.steps.get_mut(&(id, name.to_owned())) {
            Some(step) if held => {
                step.done = true;
                true
            }
            _ => false,
        }
    }

    pub(crate) fn sleep(&mut self, id: Id, token: i64, name: &str, time: Time) -> &'static str {
        let (now, key) = (self.now, (id, name.to_owned()));
        match self.begin_step(id, token, name, &format!("sleep {time}")) {
            "begun" => {
                let step = self.steps.get_mut(&key).expect("the step that was begun");
                (step.done, step.until) = (true, now + time);
            }
            "done" => {}
            state => return state,
        }
        let until = self.steps[&key].until;
        match until <= now {
            true => "done",
            false => self.defer(id, token, Some(until)),
        }
    }

    pub(crate) fn spawn_children(
        &mut self,
        id: Id,
        token: i64,
        step: &str,
        hash: &str,
        children: &[NewChild],
    ) -> &'static str {
        let state = self.begin_step(id, token, step, hash);
        if state != "begun" {
            return state;
        }
        let mut order: Vec<_> = children.iter().enumerate().collect();
        // Children without a key of their own come last.
        order.sort_by_key(|(n, child)| (child.kind, child.once.is_none(), child.once.clone(), *n));
        let ids: Vec<Id> = order.iter().map(|_| self.draw_id()).collect();
        for ((n, new), mut child) in order.into_iter().zip(ids) {
            match &new.once {
                None => self.spawn(child, new.kind, new.lane, new.key.clone(), None),
                Some(once) => {
                    child = self.spawn_once(new.kind, once.clone(), new.lane, new.key.clone())
                }
            }
            let task = self.task(child);
            task.watched = true;
            let done = !task.is_live();
            let (step, tolerated) = (step.to_owned(), new.tolerated);
            self.links.push(Link {
                parent: id,
                step,
                position: n + 1,
                child,
                tolerated,
                done,
            });
        }
        self.finish_step(id, token, step);
        "spawned"
    }

    pub(crate) fn wait_children(&mut self, id: Id, token: i64, step: &str) -> &'static str {
        if !self.live_at(id, token) {
            return "lost";
        }
        let links = self
            .links
            .iter()
            .filter(|link| link.parent == id && link.step == step);
        let (mut remaining, mut failed) = (0, false);
        for link in links {
            remaining += i32::from(!link.done);
            let end = self
                .tasks
                .get(&link.child)
                .and_then(|child| child.end.as_ref());
            failed |= link.done
                && !link.tolerated
                && end.is_some_and(|(outcome, ..)| *outcome != "succeeded");
        }
        if failed || remaining == 0 {
            return "done";
        }
        let since = self.now;
        let task = self.task(id);
        task.place = Place::Parked {
            since,
            wait: Wait::Children {
                step: step.to_owned(),
                remaining,
            },
        };
        let slots = std::mem::take(&mut task.slots);
        self.free(slots);
        match self.tell(id, "waiting") {
            true => "waiting",
            false => "parked",
        }
    }

    /// False when it had ended or is not known; none when the hook refuses and the call is undone.
    pub(crate) fn finish(
        &mut self,
        id: Id,
        outcome: &'static str,
        code: &str,
        strict: bool,
    ) -> Option<bool> {
        if !self.tasks.get(&id).is_some_and(Task::is_live) {
            return Some(false);
        }
        if strict && self.refuses(id, outcome) {
            return None;
        }
        self.end(id, outcome, code);
        Some(true)
    }

    pub(crate) fn unpark(&mut self, id: Id) -> bool {
        let parked = self.tasks.get(&id).is_some_and(|task| {
            matches!(
                task.place,
                Place::Parked {
                    wait: Wait::Person,
                    ..
                }
            )
        });
        if parked {
            let to = self.put_back(id);
            self.tell(id, to);
        }
        parked
    }

    pub(crate) fn replay(&mut self, old: Id, from: Option<&str>) -> Option<Id> {
        let original = self.tasks.get(&old).filter(|task| !task.is_live())?.clone();
        let before = match from {
            Some(step) => self.steps.get(&(old, step.to_owned()))?.started,
            None => Time::MAX,
        };
        let new = self.draw_id();
        self.spawn(new, original.kind, original.lane, original.key, None);
        self.task(new).replay_of = Some(old);
        let copied: Vec<_> = self
            .steps
            .iter()
            .filter(|((task, _), step)| *task == old && step.done && step.started < before)
            .map(|((_, name), step)| ((new, name.clone()), step.clone()))
            .collect();
        self.steps.extend(copied);
        let links: Vec<_> = self
            .links
            .iter()
            .filter(|link| link.parent == old && self.steps.contains_key(&(new, link.step.clone())))
            .map(|link| Link {
                parent: new,
                ..link.clone()
            })
            .collect();
        self.links.extend(links);
        self.dead_letters.remove(&old);
        Some(new)
    }

    pub(crate) fn pause(&mut self, queue: &'static str) {
        self.queues.entry(queue).or_default().paused = true;
        let mut line: Vec<_> = self
            .tasks
            .iter()
            .filter_map(|(id, task)| match task.place {
                Place::Ready(ticket) if task.kind().queue == queue => Some((ticket, *id)),
                _ => None,
            })
            .collect();
        line.sort_unstable();
        let now = self.now;
        for (n, (_, id)) in (1..).zip(line) {
            let total = self.set_aside(id, now + n);
            self.free(total);
        }
    }

    /// For as long as its queue is paused; nobody else can use what it holds there, but of all queues' limit they can.
    fn set_aside(&mut self, id: Id, since: Time) -> Vec<String> {
        let task = self.task(id);
        task.place = Place::Parked {
            since,
            wait: Wait::Pause,
        };
        task.slots.extract_if(.., |slot| slot == "total").collect()
    }

    pub(crate) fn resume(&mut self, queue: &'static str) {
        self.queues.entry(queue).or_default().paused = false;
        for task in self.tasks.values_mut() {
            if let Place::Parked {
                since,
                wait: Wait::Pause,
            } = task.place
                && task.kind().queue == queue
            {
                task.place = Place::Timer(since);
            }
        }
    }

    pub(crate) fn limit(
        &mut self,
        queue: &'static str,
        running: Option<i64>,
        per_key: Option<i64>,
    ) {
        let entry = self.queues.entry(queue).or_default();
        (entry.running, entry.per_key) = (running, per_key);
        for task in self.tasks.values_mut() {
            if let Place::Parked {
                since,
                wait: Wait::Limit(_),
            } = task.place
                && (queue == "*" || task.kind().queue == queue)
            {
                task.place = Place::Timer(since);
            }
        }
    }

    pub(crate) fn start_worker(&mut self, worker: i64) {
        self.workers.insert(worker, self.now + LEASE);
    }

    pub(crate) fn stop_worker(&mut self, worker: i64) {
        for attempt in self.runs_of(worker) {
            self.defer(attempt.task, attempt.token, None);
        }
        self.workers.remove(&worker);
    }

    /// A worker's live attempts, oldest token first.
    pub(crate) fn runs_of(&self, worker: i64) -> Vec<Attempt> {
        let mut runs: Vec<Attempt> = self
            .attempts
            .iter()
            .filter(|attempt| attempt.worker == worker && self.live_at(attempt.task, attempt.token))
            .copied()
            .collect();
        runs.sort_unstable_by_key(|attempt| attempt.token);
        runs
    }

    /// What a heartbeat that proves these attempts is told; none for a worker who is not there.
    pub(crate) fn beat(
        &mut self,
        worker: i64,
        known: &[Attempt],
    ) -> Option<Vec<(Id, &'static str)>> {
        let now = self.now;
        let lease = self.workers.get_mut(&worker)?;
        *lease = (*lease).max(now + LEASE);
        for run in self.runs_of(worker) {
            let Place::Run { started, .. } = self.tasks[&run.task].place else {
                continue;
            };
            if started < now - LEASE && known.iter().all(|attempt| attempt.token != run.token) {
                self.defer(run.task, run.token, None);
            }
        }
        let mut late = BTreeSet::new();
        for attempt in known {
            if self
                .deadlines
                .get(&attempt.task)
                .is_some_and(|at| *at <= now)
            {
                self.deadlines.remove(&attempt.task);
                if self.finish(attempt.task, "failed", "TASK_DEADLINE_EXCEEDED", false)
                    == Some(true)
                {
                    late.insert(attempt.task);
                }
            }
        }
        let gone = known
            .iter()
            .filter(|attempt| !self.live_at(attempt.task, attempt.token));
        let mut told: Vec<_> = gone
            .map(|attempt| {
                let end = self
                    .tasks
                    .get(&attempt.task)
                    .and_then(|task| task.end.as_ref());
                let reason = match end {
                    _ if late.contains(&attempt.task) => "deadline",
                    Some(("cancelled", ..)) => "cancelled",
                    Some(_) => "ended",
                    None => "superseded",
                };
                (attempt.task, reason)
            })
            .collect();
        told.sort_unstable();
        Some(told)
    }

    pub(crate) fn reap(&mut self) -> usize {
        let lapsed: Vec<i64> = self
            .workers
            .iter()
            .filter(|(_, lease)| **lease < self.now)
            .map(|(worker, _)| *worker)
            .collect();
        for worker in &lapsed {
            for run in self.runs_of(*worker) {
                let task = self.task(run.task);
                task.losses += 1;
                if task.losses > task.kind().max_losses {
                    self.end(run.task, "failed", "WORKER_LOST");
                } else {
                    self.give_back(run.task, None);
                }
            }
            self.workers.remove(worker);
        }
        lapsed.len()
    }

    pub(crate) fn expire(&mut self) -> usize {
        let now = self.now;
        let late: Vec<Id> = self
            .deadlines
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(id, _)| *id)
            .collect();
        let mut count = 0;
        for id in late {
            self.deadlines.remove(&id);
            count += usize::from(
                self.finish(id, "failed", "TASK_DEADLINE_EXCEEDED", false) == Some(true),
            );
        }
        let mut over: Vec<Attempt> = self
            .attempts
            .iter()
            .filter(|attempt| {
                matches!(self.tasks.get(&attempt.task).map(|task| &task.place),
                    Some(Place::Run { token, started, .. }) if *token == attempt.token && started + RUN_LIMIT < now - 30 * SECOND)
            })
            .copied()
            .collect();
        over.sort_unstable_by_key(|attempt| attempt.token);
        count += over.len();
        for run in over {
            self.fail(run.task, run.token, "DEADLINE_EXCEEDED", None);
        }
        count
    }

    pub(crate) fn disown(&mut self) -> usize {
        let orphans = std::mem::take(&mut self.orphans);
        let count = orphans.len();
        for id in orphans {
            let wanted = self.links.iter().any(|link| {
                link.child == id && self.tasks.get(&link.parent).is_some_and(Task::is_live)
            });
            if !wanted {
                self.finish(id, "cancelled", "PARENT_ENDED", false);
            }
        }
        count
    }

    pub(crate) fn promote(&mut self) -> usize {
        let mut due: Vec<(Time, Id)> = self
            .tasks
            .iter()
            .filter_map(|(id, task)| match task.place {
                Place::Timer(due) if due <= self.now => Some((due, *id)),
                _ => None,
            })
            .collect();
        let count = due.len();
        for (_, id) in &due {
            self.task(*id).place = Place::Nowhere;
        }
        due.sort_unstable_by_key(|(_, id)| *id);
        let mut total = Vec::new();
        due.retain(|(since, id)| {
            let paused = self.queues[self.queue_of(*id)].paused;
            if paused {
                total.append(&mut self.set_aside(*id, *since));
            }
            !paused
        });
        for level in 1..=3 {
            self.take_slots(level, &mut due);
        }
        // After the others have asked: in the order of locking it comes last.
        self.free(total);
        due.sort_unstable();
        for (_, id) in due {
            self.ticket += 1;
            let ticket = self.ticket;
            self.task(id).place = Place::Ready(ticket);
            self.tell(id, "ready");
        }
        count
    }

    /// Gives out the slots of keys (1), queues (2) or of all (3), in order of lane and time; leaves those who got theirs.
    fn take_slots(&mut self, level: u8, due: &mut Vec<(Time, Id)>) {
        due.sort_unstable_by_key(|(since, id)| (self.tasks[id].lane, *since, *id));
        due.retain(|(since, id)| {
            let task = &self.tasks[id];
            let queue = task.kind().queue;
            let (name, capacity) = match level {
                1 => match &task.key {
                    Some(key) => (format!("key {queue} {key}"), self.queues[queue].per_key),
                    None => return true,
                },
                2 => (format!("queue {queue}"), self.queues[queue].running),
                _ => ("total".to_owned(), self.queues["*"].running),
            };
            let Some(capacity) = capacity else {
                return true;
            };
            if task.slots.contains(&name) {
                return true;
            }
            let (now_capacity, used) = self.limits.entry(name.clone()).or_default();
            *now_capacity = capacity;
            let free = *used < capacity;
            *used += i64::from(free);
            let task = self.tasks.get_mut(id).expect("a known task");
            match free {
                true => task.slots.push(name),
                false => {
                    task.place = Place::Parked {
                        since: *since,
                        wait: Wait::Limit(name),
                    }
                }
            }
            free
        });
    }

    pub(crate) fn settle(&mut self) -> usize {
        let is_awaited = |tasks: &BTreeMap<Id, Task>, limit: &str| {
            tasks.values().any(|task| matches!(&task.place, Place::Parked { wait: Wait::Limit(name), .. } if name == limit))
        };
        let with_room: Vec<(String, i64)> = self
            .limits
            .iter()
            .filter(|(name, (capacity, used))| used < capacity && is_awaited(&self.tasks, name))
            .map(|(name, (capacity, used))| (name.clone(), capacity - used))
            .collect();
        for (name, free) in &with_room {
            self.wake(name, usize::try_from(*free).unwrap_or_default());
        }
        self.limits
            .retain(|name, (_, used)| *used > 0 || is_awaited(&self.tasks, name));
        with_room.len()
    }

    pub(crate) fn prune(&mut self) -> usize {
        let before = self.now - PRUNE_AFTER;
        let old: BTreeSet<Id> = self
            .tasks
            .iter()
            .filter(|(id, task)| {
                task.end.as_ref().is_some_and(|(.., at)| *at < before)
                    && !self.links.iter().any(|link| {
                        link.child == **id
                            && self.tasks.get(&link.parent).is_some_and(Task::is_live)
                    })
            })
            .map(|(id, _)| *id)
            .collect();
        self.tasks.retain(|id, _| !old.contains(id));
        self.steps.retain(|(id, _), _| !old.contains(id));
        self.links.retain(|link| !old.contains(&link.parent));
        self.once.retain(|_, id| !old.contains(id));
        self.deadlines.retain(|id, _| !old.contains(id));
        self.dead_letters.retain(|id| !old.contains(id));
        old.len()
    }
}
