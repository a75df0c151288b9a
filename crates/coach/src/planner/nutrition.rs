//! The food of the week: meals that fit diet and hours, varied, in quantities that add up.

use std::collections::HashMap;

use super::chance::Chance;
use super::plates::{Aim, Serving, settle};
use super::split::PlannedDay;
use crate::brief::Brief;
use crate::food::{Cuisine, Food, Role, Slot, foods};
use crate::plan::{Meal, MealItem, Nutrition};

/// How many menus are tried for a day; the one that fits best is taken.
const TRIES: usize = 8;

/// A meal before there is food on it.
struct Course {
    name: &'static str,
    slot: Slot,
    /// Its share of the day, relative to the others.
    weight: f64,
}

const fn course(name: &'static str, slot: Slot, weight: f64) -> Course {
    Course { name, slot, weight }
}

const EARLY: Course = course("Early snack", Slot::Snack, 0.35);
const BREAKFAST: Course = course("Breakfast", Slot::Breakfast, 0.8);
const MORNING: Course = course("Morning snack", Slot::Snack, 0.35);
const LUNCH: Course = course("Lunch", Slot::Main, 1.0);
const AFTERNOON: Course = course("Afternoon snack", Slot::Snack, 0.35);
const DINNER: Course = course("Dinner", Slot::Main, 0.95);
const EVENING: Course = course("Evening snack", Slot::Snack, 0.3);
const LATE: Course = course("Late snack", Slot::Snack, 0.25);
const FIRST: Course = course("First meal", Slot::Breakfast, 0.7);
const MIDDAY: Course = course("Midday snack", Slot::Snack, 0.35);

/// The meals of a day. Who fasts 14 hours or more has no breakfast: the first of few meals is lunch.
fn courses(brief: &Brief) -> &'static [Course] {
    let fasts = brief
        .fasting
        .is_some_and(|window| window.fasting_hours >= 14);
    match (brief.meals, fasts) {
        (1, _) => &[const { course("Main meal", Slot::Main, 1.0) }],
        (2, false) => &[const { course("Brunch", Slot::Breakfast, 0.85) }, DINNER],
        (3, false) => &[BREAKFAST, LUNCH, DINNER],
        (4, false) => &[BREAKFAST, LUNCH, AFTERNOON, DINNER],
        (5, false) => &[BREAKFAST, MORNING, LUNCH, AFTERNOON, DINNER],
        (6, false) => &[BREAKFAST, MORNING, LUNCH, AFTERNOON, DINNER, EVENING],
        (7, false) => &[EARLY, BREAKFAST, MORNING, LUNCH, AFTERNOON, DINNER, EVENING],
        (_, false) => &[
            EARLY, BREAKFAST, MORNING, LUNCH, AFTERNOON, DINNER, EVENING, LATE,
        ],
        (2, true) => &[LUNCH, DINNER],
        (3, true) => &[LUNCH, AFTERNOON, DINNER],
        (4, true) => &[LUNCH, AFTERNOON, DINNER, EVENING],
        (5, true) => &[FIRST, LUNCH, AFTERNOON, DINNER, EVENING],
        (6, true) => &[FIRST, MIDDAY, LUNCH, AFTERNOON, DINNER, EVENING],
        (7, true) => &[FIRST, MIDDAY, LUNCH, AFTERNOON, DINNER, EVENING, LATE],
        (_, true) => &[
            FIRST, MORNING, MIDDAY, LUNCH, AFTERNOON, DINNER, EVENING, LATE,
        ],
    }
}

/// The roles that a meal of this energy is made of.
fn roles(slot: Slot, kcal: f64) -> &'static [Role] {
    use Role::*;
    match slot {
        Slot::Breakfast if kcal < 260.0 => &[Protein, Fruit],
        Slot::Breakfast if kcal < 480.0 => &[Protein, Carb, Fruit],
        Slot::Breakfast if kcal < 700.0 => &[Protein, Carb, Fruit, Fat],
        Slot::Breakfast if kcal < 1_000.0 => &[Protein, Carb, Fruit, Fat, Dairy],
        Slot::Breakfast => &[Protein, Carb, Fruit, Fat, Dairy, Carb, Protein],
        Slot::Main if kcal < 330.0 => &[Protein, Vegetable, Carb],
        Slot::Main if kcal < 750.0 => &[Protein, Carb, Vegetable, Fat],
        Slot::Main if kcal < 1_000.0 => &[Protein, Carb, Vegetable, Fat, Dairy],
        Slot::Main if kcal < 1_300.0 => &[Protein, Carb, Vegetable, Fat, Dairy, Vegetable, Carb],
        Slot::Main => &[
            Protein, Carb, Vegetable, Fat, Dairy, Protein, Carb, Vegetable, Carb,
        ],
        Slot::Snack if kcal < 130.0 => &[Fruit],
        Slot::Snack if kcal < 330.0 => &[Protein, Fruit],
        Slot::Snack => &[Protein, Fruit, Fat, Carb],
    }
}

/// What may be eaten, and how often it was this week.
struct Larder {
    foods: Vec<&'static Food>,
    eaten: HashMap<&'static str, f64>,
}

/// The food of the seven days.
pub(super) fn week(brief: &Brief, days: &[PlannedDay], chance: &mut Chance) -> Vec<Nutrition> {
    week_of(brief, days, &[], chance)
}

/// The same of foods that are chosen already, by day and meal, as far as they can add up to what the athlete needs.
pub(super) fn week_of(
    brief: &Brief,
    days: &[PlannedDay],
    chosen: &[Vec<Vec<&'static Food>>],
    chance: &mut Chance,
) -> Vec<Nutrition> {
    let mut larder = Larder {
        foods: foods()
            .iter()
            .filter(|food| brief.allows_food(food))
            .collect(),
        eaten: HashMap::new(),
    };
    let foods = |no: usize| chosen.get(no).map_or(&[][..], Vec::as_slice);
    days.iter()
        .enumerate()
        .map(|(no, day)| one_day(brief, day.session.is_some(), foods(no), &mut larder, chance))
        .collect()
}

/// Energy of a day: 3 % more on training days and less on the others, where there is room above the floor.
fn day_kcal(brief: &Brief, training: bool) -> f64 {
    let need = f64::from(brief.kcal);
    match training {
        _ if brief.kcal < 1_700 => need,
        true => need * 1.03,
        false => need * 0.97,
    }
}

fn one_day(
    brief: &Brief,
    training: bool,
    chosen: &[Vec<&'static Food>],
    larder: &mut Larder,
    chance: &mut Chance,
) -> Nutrition {
    let courses = courses(brief);
    let kcal = day_kcal(brief, training);
    let weights: f64 = courses.iter().map(|course| course.weight).sum();
    let meals: Vec<f64> = courses
        .iter()
        .map(|course| kcal * course.weight / weights)
        .collect();
    let aim = Aim {
        kcal,
        protein: f64::from(brief.protein_g),
        meals: &meals,
    };
    let servings = with_chosen(courses, &aim, chosen, larder, chance)
        .unwrap_or_else(|| freely(courses, &aim, larder, chance));
    servings
        .iter()
        .for_each(|serving| *larder.eaten.entry(serving.food.name).or_default() += 1.0);
    let hydration = brief.hydration_l + if training { 0.5 } else { 0.0 };
    Nutrition {
        total_kcal: servings.iter().map(Serving::kcal).sum::<f64>().round() as i64,
        protein_g: servings.iter().map(Serving::protein).sum::<f64>().round() as i64,
        meals_per_day: i64::from(brief.meals),
        meals: courses
            .iter()
            .enumerate()
            .map(|(no, course)| meal(course, no, &servings))
            .collect(),
        hydration_l: (hydration.min(4.5) * 10.0).round() / 10.0,
    }
}

/// Servings of the menu that fits best of those tried.
fn freely(courses: &[Course], aim: &Aim, larder: &Larder, chance: &mut Chance) -> Vec<Serving> {
    let mut best: Option<(f64, Vec<Serving>)> = None;
    for attempt in 0..TRIES {
        let mut servings = menu(courses, aim, attempt, larder, chance);
        let misfit = settle(&mut servings, aim);
        if best.as_ref().is_none_or(|(least, _)| misfit < *least) {
            best = Some((misfit, servings));
        }
        if best.as_ref().is_some_and(|(least, _)| *least < 3.0) {
            break;
        }
    }
    best.map(|(_, servings)| servings).unwrap_or_default()
}

/// The chosen foods in quantities that fit the aim; meals without food are filled, and each further try adds a food to every meal.
/// `None` where nothing is chosen or it does not add up.
fn with_chosen(
    courses: &[Course],
    aim: &Aim,
    chosen: &[Vec<&'static Food>],
    larder: &Larder,
    chance: &mut Chance,
) -> Option<Vec<Serving>> {
    let own: Vec<Serving> = chosen
        .iter()
        .take(courses.len())
        .enumerate()
        .flat_map(|(no, foods)| foods.iter().map(move |food| Serving::new(food, no)))
        .collect();
    if own.is_empty() {
        return None;
    }
    for added in 0..3 {
        let mut servings = own.clone();
        for spare in menu(courses, aim, added, larder, chance) {
            let there = servings.iter().filter(|one| one.meal == spare.meal).count();
            let planned = own.iter().filter(|one| one.meal == spare.meal).count();
            let fill = planned == 0 || there < planned + added;
            if fill && may_join(spare.food, &servings) {
                servings.push(spare);
            }
        }
        for no in 0..courses.len() {
            if !servings.iter().any(|one| one.meal == no) {
                let food = anything(larder, &servings, chance);
                servings.extend(food.map(|food| Serving::new(food, no)));
            }
        }
        settle(&mut servings, aim);
        if adds_up(&servings, aim) {
            return Some(servings);
        }
    }
    None
}

/// Energy within 5 % of the aim; protein at least 93 %, and no more than 125 % of it or a third of the energy.
fn adds_up(servings: &[Serving], aim: &Aim) -> bool {
    let kcal: f64 = servings.iter().map(Serving::kcal).sum();
    let protein: f64 = servings.iter().map(Serving::protein).sum();
    (kcal - aim.kcal).abs() <= aim.kcal * 0.05
        && protein >= aim.protein * 0.93
        && protein <= (aim.protein * 1.25).max(aim.kcal * 0.33 / 4.0)
}

fn meal(course: &Course, no: usize, servings: &[Serving]) -> Meal {
    let own = servings.iter().filter(|serving| serving.meal == no);
    let items = own.map(|one| MealItem {
        food: one.food.name.to_owned(),
        qty: one.food.quantity(one.amount()),
    });
    Meal {
        name: course.name.to_owned(),
        items: items.collect(),
    }
}

/// Foods for every role of every meal. Each further attempt looks harder for protein, with a second source in every meal where much is needed.
fn menu(
    courses: &[Course],
    aim: &Aim,
    attempt: usize,
    larder: &Larder,
    chance: &mut Chance,
) -> Vec<Serving> {
    let dense = aim.protein * 4.0 / aim.kcal;
    let lean = (dense - 0.16).max(0.0) * 18.0 + attempt as f64 * dense * 3.0;
    let mut servings: Vec<Serving> = Vec::new();
    for (no, course) in courses.iter().enumerate() {
        let mut cuisine = Cuisine::Any;
        let more: &[Role] = if attempt > 0 && dense > 0.2 && course.slot != Slot::Snack {
            &[Role::Protein]
        } else {
            &[]
        };
        for role in roles(course.slot, aim.meals[no]).iter().chain(more) {
            let open = |food: &&'static Food| -> bool {
                let fits = food.role == *role && food.slots.contains(&course.slot);
                let kitchen = cuisine == Cuisine::Any
                    || food.cuisine == Cuisine::Any
                    || food.cuisine == cuisine;
                fits && kitchen && may_join(food, &servings)
            };
            let score = |food: &'static Food| {
                let share = food.protein * 4.0 / food.kcal;
                let again = larder.eaten.get(food.name).copied().unwrap_or_default();
                let dear = f64::from(food.cost) * 0.2;
                if matches!(role, Role::Fat | Role::Fruit | Role::Vegetable) {
                    -again - dear
                } else {
                    lean * share - 1.1 * again - dear
                }
            };
            let Some(food) = chance.best(larder.foods.iter().copied().filter(open), 2.0, score)
            else {
                continue;
            };
            if food.cuisine != Cuisine::Any && cuisine == Cuisine::Any {
                cuisine = food.cuisine;
            }
            servings.push(Serving::new(food, no));
        }
        if !servings.iter().any(|serving| serving.meal == no) {
            servings.extend(anything(larder, &servings, chance).map(|food| Serving::new(food, no)));
        }
    }
    servings
}

/// A food stands once a day, and so does protein powder of any kind.
fn may_join(food: &'static Food, servings: &[Serving]) -> bool {
    let powders = servings
        .iter()
        .filter(|serving| serving.is_powder())
        .count();
    let powder = Serving::new(food, 0).is_powder();
    let there = servings
        .iter()
        .any(|serving| serving.food.name == food.name);
    !there && (!powder || powders == 0)
}

fn anything(larder: &Larder, servings: &[Serving], chance: &mut Chance) -> Option<&'static Food> {
    let allowed = || {
        larder
            .foods
            .iter()
            .copied()
            .filter(|food| food.role != Role::Fat)
    };
    let fresh = allowed().filter(|food| may_join(food, servings));
    chance
        .best(fresh, 1.0, |_| 0.0)
        .or_else(|| chance.best(allowed(), 1.0, |_| 0.0))
}
