//! The sessions: which exercises, and how many sets of each, so that the week trains every muscle and each session fits its minutes.

use std::collections::HashMap;

use super::cardio;
use super::chance::Chance;
use super::dose;
use super::mobility;
use super::split::{self, Focus, Slot};
use crate::brief::{Brief, Limit};
use crate::exercise::{Equipment, Exercise, Load, Mechanic, Muscle, Pattern, catalogue};
use crate::plan::rules::{LEAST_WEEKLY_SETS, MOST_SESSION_SETS, MOST_WEEKLY_SETS};
use crate::plan::{BlockKind, Reps, exercise_minutes, level_caps, warm_up_minutes, weekly_minimum};
use crate::profile::{Goal, Level};

/// One exercise of a session with its dose.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lift {
    pub exercise: &'static Exercise,
    pub sets: i64,
    pub reps: Reps,
    pub rir: i64,
}

/// One session.
#[derive(Debug)]
pub(crate) struct Session {
    pub focus: Focus,
    /// Whether the lifts are done in turn with little rest.
    pub circuit: bool,
    pub lifts: Vec<Lift>,
    /// Cardio: main work where there are no lifts before it, else conditioning.
    pub cardio: Vec<Lift>,
    /// Mobility as main work.
    pub flow: Vec<Lift>,
    /// Minutes for lifts, cardio and flow.
    budget: f64,
}

impl Session {
    /// The kind of block that the strength lifts stand in.
    pub(super) fn kind(&self) -> BlockKind {
        if self.circuit {
            BlockKind::Circuit
        } else {
            BlockKind::Main
        }
    }

    /// The session's work by the blocks that it stands in, in order; some may be empty.
    pub(crate) fn parts(&self) -> [(BlockKind, Vec<&Lift>); 3] {
        let (compound, isolation): (Vec<&Lift>, Vec<&Lift>) = self.lifts.iter().partition(|lift| {
            lift.exercise.mechanic == Mechanic::Compound && lift.exercise.pattern != Pattern::Carry
        });
        let mut main: Vec<&Lift> = self.flow.iter().collect();
        let mut accessory: Vec<&Lift> = Vec::new();
        let mut conditioning: Vec<&Lift> = Vec::new();
        let cardio_first = matches!(self.focus, Focus::Intervals | Focus::Steady);
        if cardio_first {
            main.extend(self.cardio.iter().filter(|lift| lift.sets > 1));
        } else {
            conditioning.extend(&self.cardio);
        }
        let lifts_are_main = main.is_empty();
        if lifts_are_main && (self.circuit || compound.is_empty()) {
            main.extend(&self.lifts);
        } else if lifts_are_main {
            main.extend(compound);
            accessory.extend(isolation);
        } else {
            accessory.extend(&self.lifts);
        }
        let kind = if self.circuit && lifts_are_main {
            BlockKind::Circuit
        } else {
            BlockKind::Main
        };
        [
            (kind, main),
            (BlockKind::Accessory, accessory),
            (BlockKind::Conditioning, conditioning),
        ]
    }

    fn minutes(&self, brief: &Brief) -> f64 {
        let of = |kind, lift: &Lift| {
            exercise_minutes(brief.goal, kind, lift.exercise, lift.sets, lift.reps)
        };
        let lifts: f64 = self.lifts.iter().map(|lift| of(self.kind(), lift)).sum();
        let rest: f64 = self
            .cardio
            .iter()
            .chain(&self.flow)
            .map(|lift| of(BlockKind::Main, lift))
            .sum();
        lifts + rest
    }

    fn fits(&self, brief: &Brief, more: f64) -> bool {
        self.minutes(brief) + more <= self.budget
    }

    fn sets_of(&self, muscle: Muscle) -> f64 {
        self.lifts
            .iter()
            .map(|lift| lift.exercise.share(muscle) * lift.sets as f64)
            .sum()
    }

    fn holds(&self, exercise: &Exercise) -> bool {
        self.lifts
            .iter()
            .chain(&self.cardio)
            .chain(&self.flow)
            .any(|lift| lift.exercise.slug == exercise.slug)
    }
}

/// How often each exercise and group was taken this week, and how many sets the muscles have so far.
#[derive(Default)]
pub(super) struct Used {
    times: HashMap<&'static str, f64>,
    sets: HashMap<Muscle, f64>,
}

impl Used {
    pub(super) fn note(&mut self, exercise: &'static Exercise) {
        *self.times.entry(exercise.slug.as_str()).or_default() += 1.0;
        *self.times.entry(exercise.group).or_default() += 0.6;
    }

    fn note_sets(&mut self, lift: &Lift) {
        for muscle in Muscle::ALL {
            *self.sets.entry(*muscle).or_default() +=
                lift.exercise.share(*muscle) * lift.sets as f64;
        }
    }

    fn sets_of(&self, muscle: Muscle) -> f64 {
        self.sets.get(&muscle).copied().unwrap_or_default()
    }

    /// More for what was there already, the variation as well as the exercise itself.
    pub(super) fn weight(&self, exercise: &'static Exercise) -> f64 {
        let times = |key: &str| self.times.get(key).copied().unwrap_or_default();
        times(exercise.slug.as_str()) + times(exercise.group)
    }
}

/// The week's sessions in order, with up to `target` sets of every major muscle.
pub(super) fn week(brief: &Brief, target: f64, chance: &mut Chance) -> Vec<Session> {
    let mut used = Used::default();
    let mut sessions = Vec::new();
    for (no, focus) in split::sessions(brief).into_iter().enumerate() {
        sessions.push(session(brief, focus, no, &mut used, chance));
    }
    raise_minimum(brief, &mut sessions, &mut used, chance);
    add_volume(brief, target, &mut sessions);
    for session in &mut sessions {
        session.lifts.sort_by_key(|lift| order(lift.exercise));
    }
    sessions
}

fn session(
    brief: &Brief,
    focus: Focus,
    no: usize,
    used: &mut Used,
    chance: &mut Chance,
) -> Session {
    let cool_down = if brief.minutes >= 20.0 { 3.0 } else { 0.0 };
    let circuit = is_circuit(brief, focus);
    let budget = brief.minutes - warm_up_minutes(brief.minutes) - cool_down;
    let mut session = Session {
        focus,
        circuit,
        lifts: Vec::new(),
        cardio: Vec::new(),
        flow: Vec::new(),
        budget,
    };
    match focus {
        Focus::Intervals => {
            session.cardio = cardio::intervals(brief, budget * 0.75, used, chance);
            lifts(brief, &mut session, used, chance);
        }
        Focus::Steady => session.cardio = cardio::steady(brief, budget, 2, used, chance),
        Focus::Mixed(_) if budget >= 15.0 => {
            session.cardio = cardio::steady(brief, budget * 0.4, 1, used, chance);
            lifts(brief, &mut session, used, chance);
        }
        Focus::Mobility(_) => {
            session.flow = mobility::flow(
                brief,
                budget * if brief.minutes >= 30.0 { 0.7 } else { 1.0 },
                used,
                chance,
            );
            if brief.minutes >= 30.0 {
                lifts(brief, &mut session, used, chance);
            }
        }
        _ => {
            session.cardio = cardio::conditioning(brief, no, budget, used, chance);
            lifts(brief, &mut session, used, chance);
        }
    }
    if session.lifts.is_empty()
        && session.flow.is_empty()
        && session.cardio.iter().all(|lift| lift.sets < 2)
    {
        anything(brief, &mut session, chance);
    }
    session
}

/// Short sessions that are not about size or strength go in a circuit, and all under 15 minutes do: twice the work in the time (Iversen 2021).
fn is_circuit(brief: &Brief, focus: Focus) -> bool {
    let straight = matches!(focus, Focus::Intervals | Focus::Steady | Focus::Mobility(_));
    let short = brief.minutes < 15.0
        || brief.minutes <= 40.0
            && matches!(
                brief.goal,
                Goal::WeightLoss | Goal::GeneralFitness | Goal::Endurance
            );
    short && !straight
}

/// Fills the session's places in order while the minutes last.
fn lifts(brief: &Brief, session: &mut Session, used: &mut Used, chance: &mut Chance) {
    let (most, _) = level_caps(brief);
    let most = if brief.has(Limit::Senior) {
        most.min(6)
    } else {
        most
    };
    for slot in session.focus.slots() {
        if session.lifts.len() >= most {
            break;
        }
        let first = session.lifts.len() < 2;
        let Some(exercise) = choose(brief, *slot, session, used, chance, first) else {
            continue;
        };
        let mut lift = dosed(brief, exercise, first);
        if !session.fits(brief, cost(brief, session, &lift)) {
            lift.sets = 2;
        }
        if session.fits(brief, cost(brief, session, &lift))
            && is_wanted(brief, session, &lift, used)
        {
            used.note(exercise);
            used.note_sets(&lift);
            session.lifts.push(lift);
        }
    }
    if session.circuit {
        even_rounds(session);
    }
}

/// Whether the muscles of a lift can still use its sets: none beyond a session's or the week's most, and isolation only up to the target.
fn is_wanted(brief: &Brief, session: &Session, lift: &Lift, used: &Used) -> bool {
    let added = |muscle: Muscle| lift.exercise.share(muscle) * lift.sets as f64;
    let room = Muscle::ALL.iter().all(|muscle| {
        let (session_sets, week_sets) = (
            session.sets_of(*muscle) + added(*muscle),
            used.sets_of(*muscle) + added(*muscle),
        );
        added(*muscle) == 0.0
            || session_sets <= MOST_SESSION_SETS - 1.0 && week_sets <= MOST_WEEKLY_SETS - 2.0
    });
    let target = dose::weekly_target(brief) * 1.3;
    let isolated = lift.exercise.mechanic == Mechanic::Isolation;
    room && (!isolated
        || lift
            .exercise
            .primary
            .iter()
            .any(|muscle| used.sets_of(*muscle) + added(*muscle) <= target))
}

/// A circuit goes round: every exercise has as many sets as the one with the fewest.
fn even_rounds(session: &mut Session) {
    let rounds = session
        .lifts
        .iter()
        .map(|lift| lift.sets)
        .min()
        .unwrap_or(2);
    session.lifts.iter_mut().for_each(|lift| lift.sets = rounds);
}

fn dosed(brief: &Brief, exercise: &'static Exercise, first: bool) -> Lift {
    Lift {
        exercise,
        sets: dose::base_sets(brief, first),
        reps: dose::reps(brief, exercise, first),
        rir: dose::rir(brief, exercise),
    }
}

fn cost(brief: &Brief, session: &Session, lift: &Lift) -> f64 {
    exercise_minutes(
        brief.goal,
        session.kind(),
        lift.exercise,
        lift.sets,
        lift.reps,
    )
}

fn choose(
    brief: &Brief,
    slot: Slot,
    session: &Session,
    used: &Used,
    chance: &mut Chance,
    first: bool,
) -> Option<&'static Exercise> {
    let simple = is_steady(brief) || brief.goal == Goal::FlexibilityMobility;
    let found = if simple {
        choose_up_to(1, brief, slot, session, used, chance, first)
    } else {
        None
    };
    found.or_else(|| choose_up_to(3, brief, slot, session, used, chance, first))
}

/// Novices and older athletes get the simplest lifts that there are.
fn is_steady(brief: &Brief) -> bool {
    brief.level == Level::Beginner || brief.has(Limit::Senior)
}

fn choose_up_to(
    skill: u8,
    brief: &Brief,
    slot: Slot,
    session: &Session,
    used: &Used,
    chance: &mut Chance,
    first: bool,
) -> Option<&'static Exercise> {
    let open = |pattern: Pattern| {
        let group_free = |one: &Exercise| {
            !session
                .lifts
                .iter()
                .any(|lift| lift.exercise.group == one.group)
        };
        catalogue().iter().filter(move |one| {
            one.pattern == pattern && one.skill <= skill && brief.allows(one) && group_free(one)
        })
    };
    slot.patterns.iter().find_map(|pattern| {
        let wanted = open(*pattern).any(|one| one.mechanic == slot.mechanic);
        let candidates = open(*pattern).filter(|one| !wanted || one.mechanic == slot.mechanic);
        // A place for isolation that only compound lifts could fill stays open, as long as others can.
        let last = slot.mechanic == Mechanic::Compound || wanted || slot.patterns.len() > 1;
        if last {
            chance.best(candidates, 2.0, |one| fitness(brief, one, used, first))
        } else {
            None
        }
    })
}

/// How well an exercise suits this athlete, whatever else the week holds.
pub(crate) fn liking(brief: &Brief, exercise: &'static Exercise) -> f64 {
    fitness(brief, exercise, &Used::default(), false)
}

/// How well an exercise suits this athlete here and now.
fn fitness(brief: &Brief, exercise: &'static Exercise, used: &Used, first: bool) -> f64 {
    let needs = |equipment: Equipment| exercise.equipment.contains(&equipment);
    let has_weights = [
        Equipment::Dumbbells,
        Equipment::Barbell,
        Equipment::Machines,
        Equipment::Kettlebell,
    ]
    .iter()
    .any(|weights| brief.equipment.contains(weights));
    let steady = is_steady(brief);
    let load = match exercise.load {
        Load::External if needs(Equipment::Bands) && has_weights => 0.5,
        Load::External => 2.5,
        Load::Bodyweight
            if needs(Equipment::PullUpBar)
                || needs(Equipment::DipBars)
                || needs(Equipment::Suspension) =>
        {
            2.0
        }
        Load::Bodyweight if has_weights => 0.0,
        Load::Bodyweight => 0.8,
        Load::Assisted if steady => 0.8,
        Load::Assisted if brief.level == Level::Professional => -2.0,
        Load::Assisted => -0.8,
        Load::Timed => 0.0,
    };
    let skill = match (steady, exercise.skill) {
        (true, 1) => 0.8,
        (false, 2) => 0.5,
        (false, 3) if brief.level == Level::Professional => 0.8,
        _ => 0.0,
    };
    let barbell_first =
        if first && needs(Equipment::Barbell) && !steady && brief.goal == Goal::MuscleGain {
            1.0
        } else {
            0.0
        };
    let staple = if exercise.staple { 1.6 } else { 0.0 };
    let machine = if steady && needs(Equipment::Machines) {
        1.0
    } else {
        0.0
    };
    load + skill + staple + barbell_first + machine - 1.5 * used.weight(exercise)
}

/// Compound lifts first, legs before arms; then isolation, calves and core last.
fn order(exercise: &Exercise) -> (bool, usize) {
    let place = match exercise.pattern {
        Pattern::Squat | Pattern::Hinge => 0,
        Pattern::Lunge => 1,
        Pattern::HorizontalPush
        | Pattern::VerticalPull
        | Pattern::HorizontalPull
        | Pattern::VerticalPush => 2,
        Pattern::Carry => 8,
        Pattern::CoreFlexion | Pattern::CoreStability => 7,
        Pattern::Calf => 6,
        _ => 5,
    };
    (exercise.mechanic == Mechanic::Isolation, place)
}

/// Brings every muscle that has a minimum to it: by sets, then by an exercise more, then in exchange for the one that is needed least.
fn raise_minimum(brief: &Brief, sessions: &mut [Session], used: &mut Used, chance: &mut Chance) {
    for muscle in weekly_minimum(brief) {
        for _ in 0..6 {
            if weekly(sessions, muscle) >= LEAST_WEEKLY_SETS {
                break;
            }
            let grown = grow(brief, sessions, |lift| lift.exercise.share(muscle));
            if !grown && !insert(brief, sessions, muscle, used, chance) {
                break;
            }
        }
    }
}

fn weekly(sessions: &[Session], muscle: Muscle) -> f64 {
    sessions.iter().map(|session| session.sets_of(muscle)).sum()
}

/// Adds one set where it is worth most and there is time for it. In a circuit a set is a round.
fn grow(brief: &Brief, sessions: &mut [Session], worth: impl Fn(&Lift) -> f64) -> bool {
    let totals: HashMap<Muscle, f64> = Muscle::ALL
        .iter()
        .map(|muscle| (*muscle, weekly(sessions, *muscle)))
        .collect();
    let mut best: Option<(f64, usize, usize)> = None;
    for (session_no, session) in sessions.iter().enumerate() {
        for (lift_no, lift) in session.lifts.iter().enumerate() {
            let value = worth(lift) - lift.sets as f64 * 0.01;
            let room = may_grow(brief, session, lift, &totals);
            if worth(lift) > 0.0 && room && best.is_none_or(|(highest, ..)| value > highest) {
                best = Some((value, session_no, lift_no));
            }
        }
    }
    let Some((_, session_no, lift_no)) = best else {
        return false;
    };
    let session = &mut sessions[session_no];
    if session.circuit {
        session.lifts.iter_mut().for_each(|lift| lift.sets += 1);
    } else {
        session.lifts[lift_no].sets += 1;
    }
    true
}

fn may_grow(brief: &Brief, session: &Session, lift: &Lift, totals: &HashMap<Muscle, f64>) -> bool {
    let grown: Vec<&Lift> = if session.circuit {
        session.lifts.iter().collect()
    } else {
        vec![lift]
    };
    let more: f64 = grown
        .iter()
        .map(|lift| {
            cost(
                brief,
                session,
                &Lift {
                    sets: lift.sets + 1,
                    ..**lift
                },
            ) - cost(brief, session, lift)
        })
        .sum();
    let below = |lift: &&Lift| lift.sets < dose::most_sets(brief, lift.exercise);
    let room = |muscle: &Muscle| {
        let added: f64 = grown.iter().map(|lift| lift.exercise.share(*muscle)).sum();
        let total = totals.get(muscle).copied().unwrap_or_default();
        added == 0.0
            || session.sets_of(*muscle) + added <= MOST_SESSION_SETS - 2.0
                && total + added <= MOST_WEEKLY_SETS - 3.0
    };
    session.fits(brief, more) && grown.iter().all(below) && Muscle::ALL.iter().all(room)
}

/// An exercise more for a muscle, in the session that has least of it; in place of the last one that no minimum needs, where there is no room.
fn insert(
    brief: &Brief,
    sessions: &mut [Session],
    muscle: Muscle,
    used: &mut Used,
    chance: &mut Chance,
) -> bool {
    let minimum = weekly_minimum(brief);
    let (most, _) = level_caps(brief);
    let mut order: Vec<usize> = (0..sessions.len())
        .filter(|no| !sessions[*no].lifts.is_empty())
        .collect();
    order.sort_by(|a, b| {
        sessions[*a]
            .sets_of(muscle)
            .total_cmp(&sessions[*b].sets_of(muscle))
    });
    for no in order {
        let totals: HashMap<Muscle, f64> = minimum
            .iter()
            .map(|one| (*one, weekly(sessions, *one)))
            .collect();
        let session = &mut sessions[no];
        let open =
            |one: &&Exercise| one.share(muscle) == 1.0 && brief.allows(one) && !session.holds(one);
        let Some(exercise) = chance.best(catalogue().iter().filter(open), 1.0, |one| {
            fitness(brief, one, used, false)
        }) else {
            continue;
        };
        let lift = Lift {
            sets: session.lifts.last().map_or(2, |last| last.sets).max(2),
            ..dosed(brief, exercise, false)
        };
        let spare = |lift: &Lift| {
            let left = |one: &Muscle| {
                totals.get(one).copied().unwrap_or_default()
                    - lift.exercise.share(*one) * lift.sets as f64
            };
            minimum
                .iter()
                .all(|one| lift.exercise.share(*one) == 0.0 || left(one) >= LEAST_WEEKLY_SETS)
        };
        let room = session.lifts.len() < most && session.fits(brief, cost(brief, session, &lift));
        let out = if room {
            None
        } else {
            session.lifts.iter().rposition(spare)
        };
        if !room && out.is_none() {
            continue;
        }
        if let Some(out) = out {
            session.lifts.remove(out);
        }
        if session.fits(brief, cost(brief, session, &lift)) {
            used.note(exercise);
            session.lifts.push(lift);
            return true;
        }
    }
    false
}

/// Uses the minutes that are left for sets of the muscles that are furthest from their target.
fn add_volume(brief: &Brief, target: f64, sessions: &mut [Session]) {
    if matches!(brief.goal, Goal::Endurance | Goal::FlexibilityMobility) {
        return;
    }
    for _ in 0..80 {
        let totals: HashMap<Muscle, f64> = Muscle::ALL
            .iter()
            .map(|muscle| (*muscle, weekly(sessions, *muscle)))
            .collect();
        let lack = |muscle: &Muscle| target - totals.get(muscle).copied().unwrap_or_default();
        let worth = |lift: &Lift| {
            let primary = &lift.exercise.primary;
            let least = primary.iter().map(&lack).fold(f64::INFINITY, f64::min);
            let small = primary.iter().all(|one| {
                matches!(
                    one,
                    Muscle::Core | Muscle::Calves | Muscle::Forearms | Muscle::LowerBack
                )
            });
            let arms = primary
                .iter()
                .all(|one| matches!(one, Muscle::Biceps | Muscle::Triceps));
            match (small, arms) {
                (true, _) => least / 4.0,
                (_, true) => least / 2.0,
                _ => least,
            }
        };
        if !grow(brief, sessions, worth) {
            break;
        }
    }
}

/// The last resort of a session in which nothing else fits: one exercise, two sets, as short as it can be.
fn anything(brief: &Brief, session: &mut Session, chance: &mut Chance) {
    let quick = |one: &&Exercise| brief.allows(one) && !one.unilateral && !session.holds(one);
    let strength = catalogue()
        .iter()
        .filter(quick)
        .filter(|one| one.pattern.is_strength() && !one.is_timed());
    let any = catalogue().iter().filter(quick);
    let compound = |one: &Exercise| f64::from(u8::from(one.mechanic == Mechanic::Compound));
    let Some(exercise) = chance
        .best(strength, 0.5, compound)
        .or_else(|| chance.best(any, 0.5, compound))
    else {
        return;
    };
    session.circuit = exercise.pattern.is_strength();
    session.cardio.clear();
    let reps = if exercise.is_timed() {
        Reps::seconds(30)
    } else {
        Reps::count(8, 10)
    };
    session.lifts.push(Lift {
        exercise,
        sets: 2,
        reps,
        rir: dose::rir(brief, exercise),
    });
}
