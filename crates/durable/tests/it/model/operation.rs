//! The operations of the random test, as proptest draws and shrinks them. What they point at is a number that the reference
//! takes modulo what there is, so every operation fits every state.

use proptest::prelude::*;

/// Points at one of the things there are.
pub(crate) type Pick = u8;

/// What decides where a new task stands.
#[derive(Debug, Clone)]
pub(crate) struct New {
    pub(crate) kind: Pick,
    pub(crate) lane: i64,
    pub(crate) key: Option<Pick>,
    pub(crate) once: Option<Pick>,
    pub(crate) tolerated: bool,
}

/// One call of the engine, or time that passes. Times are seconds.
#[derive(Debug, Clone)]
pub(crate) enum Operation {
    Wait(i64),
    Spawn {
        new: New,
        delay: Option<i64>,
        deadline: Option<i64>,
    },
    StartWorker,
    StopWorker(Pick),
    Beat {
        worker: Pick,
        forgets: bool,
    },
    Claim {
        worker: Pick,
        queue: Pick,
        limit: i64,
    },
    Complete(Pick),
    Fail {
        attempt: Pick,
        class: Pick,
        retry_after: Option<i64>,
    },
    Release(Pick),
    Defer {
        attempt: Pick,
        seconds: i64,
    },
    Sleep {
        attempt: Pick,
        step: Pick,
        seconds: i64,
    },
    Record(Pick),
    BeginStep {
        attempt: Pick,
        step: Pick,
        request: Pick,
    },
    FinishStep {
        attempt: Pick,
        step: Pick,
    },
    SpawnChildren {
        attempt: Pick,
        step: Pick,
        children: Vec<New>,
    },
    WaitChildren {
        attempt: Pick,
        step: Pick,
    },
    Finish {
        task: Pick,
        cancel: bool,
    },
    Unpark(Pick),
    Replay {
        task: Pick,
        step: Option<Pick>,
    },
    Refuse(Option<Pick>),
    Pause(Pick),
    Resume(Pick),
    Limit {
        queue: Pick,
        running: Option<i64>,
        per_key: Option<i64>,
    },
    Promote,
    Reap,
    Expire,
    Disown,
    Settle,
    Prune,
}

fn new() -> impl Strategy<Value = New> {
    let once = prop_oneof![3 => Just(None), 1 => (0..3_u8).prop_map(Some)];
    let key = prop::option::of(0..3_u8);
    (any::<Pick>(), 0..3_i64, key, once, any::<bool>()).prop_map(
        |(kind, lane, key, once, tolerated)| New {
            kind,
            lane,
            key,
            once,
            tolerated,
        },
    )
}

fn limit() -> impl Strategy<Value = Option<i64>> {
    prop::option::of(1..4_i64)
}

/// One operation; those that move tasks on come more often.
pub(crate) fn operation() -> BoxedStrategy<Operation> {
    use Operation as O;
    let pick = any::<Pick>;
    let rarely =
        |values: std::ops::Range<i64>| prop_oneof![5 => Just(None), 1 => values.prop_map(Some)];
    let tasks = prop_oneof![
        8 => (new(), rarely(1..20), rarely(1..60)).prop_map(|(new, delay, deadline)| O::Spawn { new, delay, deadline }),
        12 => (pick(), pick(), 1..4_i64).prop_map(|(worker, queue, limit)| O::Claim { worker, queue, limit }),
        5 => pick().prop_map(O::Complete),
        4 => (pick(), pick(), rarely(0..9)).prop_map(|(attempt, class, retry_after)| O::Fail { attempt, class, retry_after }),
        2 => pick().prop_map(O::Release),
        2 => (pick(), 0..9_i64).prop_map(|(attempt, seconds)| O::Defer { attempt, seconds }),
        2 => (pick(), pick(), 0..9_i64).prop_map(|(attempt, step, seconds)| O::Sleep { attempt, step, seconds }),
        1 => pick().prop_map(O::Record),
        2 => (pick(), pick(), pick()).prop_map(|(attempt, step, request)| O::BeginStep { attempt, step, request }),
        2 => (pick(), pick()).prop_map(|(attempt, step)| O::FinishStep { attempt, step }),
        4 => (pick(), pick(), prop::collection::vec(new(), 1..4))
            .prop_map(|(attempt, step, children)| O::SpawnChildren { attempt, step, children }),
        5 => (pick(), pick()).prop_map(|(attempt, step)| O::WaitChildren { attempt, step }),
        2 => (pick(), prop::bool::weighted(0.8)).prop_map(|(task, cancel)| O::Finish { task, cancel }),
        2 => pick().prop_map(O::Unpark),
        1 => (pick(), prop::option::of(pick())).prop_map(|(task, step)| O::Replay { task, step }),
    ];
    let the_rest = prop_oneof![
        4 => (1..20_i64).prop_map(O::Wait),
        1 => (20..400_i64).prop_map(O::Wait),
        3 => Just(O::StartWorker),
        1 => pick().prop_map(O::StopWorker),
        4 => (pick(), prop::bool::weighted(0.2)).prop_map(|(worker, forgets)| O::Beat { worker, forgets }),
        2 => prop::option::of(pick()).prop_map(O::Refuse),
        1 => pick().prop_map(O::Pause),
        3 => pick().prop_map(O::Resume),
        2 => (pick(), limit(), limit()).prop_map(|(queue, running, per_key)| O::Limit { queue, running, per_key }),
        7 => Just(O::Promote),
        3 => Just(O::Reap),
        2 => Just(O::Expire),
        2 => Just(O::Disown),
        2 => Just(O::Settle),
        1 => Just(O::Prune),
    ];
    prop_oneof![57 => tasks, 40 => the_rest].boxed()
}
