//! The reference as lines of text, like those of the view `model.line`.

use super::{
    machine::uuid,
    reference::{Id, KINDS, Place, Reference, Task, Wait},
};

/// All that it knows, sorted.
pub(crate) fn of(reference: &Reference) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (id, task) in &reference.tasks {
        lines.push(header(*id, task));
        lines.extend(place(*id, task));
    }
    for (name, (capacity, used)) in &reference.limits {
        lines.push(format!("limit {name} {capacity} {used}"));
    }
    for ((task, name), step) in &reference.steps {
        let state = if step.done { "done" } else { "begun" };
        lines.push(format!(
            "step {} {name} {state} {}",
            uuid(*task),
            step.begun
        ));
    }
    for link in &reference.links {
        lines.push(format!(
            "child {} {} {} {} {} {}",
            uuid(link.parent),
            link.step,
            link.position,
            uuid(link.child),
            flag(link.tolerated),
            flag(link.done)
        ));
    }
    for ((kind, key), task) in &reference.once {
        lines.push(format!("once {} {key} {}", KINDS[*kind].name, uuid(*task)));
    }
    lines.extend(
        reference
            .deadlines
            .iter()
            .map(|(task, at)| format!("deadline {} {at}", uuid(*task))),
    );
    lines.extend(
        reference
            .orphans
            .iter()
            .map(|task| format!("orphan {}", uuid(*task))),
    );
    lines.extend(
        reference
            .dead_letters
            .iter()
            .map(|task| format!("dead letter {}", uuid(*task))),
    );
    lines.extend(
        reference
            .workers
            .iter()
            .map(|(worker, lease)| format!("worker {worker} {lease}")),
    );
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    for (name, queue) in &reference.queues {
        lines.push(format!(
            "queue {name} {} {} {}",
            number(queue.running),
            number(queue.per_key),
            flag(queue.paused)
        ));
    }
    lines.sort_unstable();
    lines
}

fn flag(value: bool) -> char {
    if value { 't' } else { 'f' }
}

fn header(id: Id, task: &Task) -> String {
    let (outcome, code) = task
        .end
        .as_ref()
        .map_or(("", ""), |(outcome, code, _)| (outcome, code.as_str()));
    let (retries, losses) = task.written;
    let replay_of = task.replay_of.map(uuid).unwrap_or_default();
    format!(
        "task {} {outcome}/{code} {retries} {losses} {} {replay_of}",
        uuid(id),
        flag(task.watched)
    )
}

fn place(id: Id, task: &Task) -> Option<String> {
    let Task {
        retries, losses, ..
    } = task;
    let (id, slots) = (uuid(id), task.slots.join("+"));
    Some(match &task.place {
        Place::Nowhere => return None,
        Place::Ready(ticket) => format!("ready {id} {ticket} {retries} {losses} {slots}"),
        Place::Timer(due) => format!("timer {id} {due} {retries} {losses} {slots}"),
        Place::Run {
            token,
            worker,
            started,
        } => format!("run {id} {token} {worker} {started} {retries} {losses} {slots}"),
        Place::Parked { since, wait } => {
            let (wait, on) = match wait {
                Wait::Person => ("person", String::new()),
                Wait::Limit(name) => ("limit", name.clone()),
                Wait::Children { step, remaining } => ("children", format!("{step} {remaining}")),
                Wait::Pause => ("pause", task.kind().queue.to_owned()),
            };
            format!("parked {id} {since} {retries} {losses}/{wait}/{on} {slots}")
        }
    })
}
