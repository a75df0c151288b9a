//! How much of each food: quantities that bring a day to its energy and protein.

use crate::food::{Food, Role, Unit};

/// A food on a plate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Serving {
    pub food: &'static Food,
    /// Which meal it belongs to.
    pub meal: usize,
    /// How many steps of the food's unit.
    steps: u32,
}

impl Serving {
    pub(super) fn new(food: &'static Food, meal: usize) -> Self {
        let steps = (food.portion / step(food)).round().max(1.0) as u32;
        Self { food, meal, steps }
    }

    /// The amount in the food's unit.
    pub(super) fn amount(&self) -> f64 {
        f64::from(self.steps) * step(self.food)
    }

    pub(super) fn kcal(&self) -> f64 {
        self.food.kcal_of(self.amount())
    }

    pub(super) fn protein(&self) -> f64 {
        self.food.protein_of(self.amount())
    }

    /// The most steps that are still a plate: twice to three times a portion, more where the meal is a big one.
    fn most(&self, meal_kcal: f64) -> u32 {
        let times = match self.food.role {
            Role::Fat => 2.0,
            _ if self.is_powder() => 2.0,
            _ => 2.5,
        };
        let big = (meal_kcal / 700.0).max(1.0);
        ((self.food.portion * times * big / step(self.food)).floor() as u32).max(1)
    }

    fn least(&self) -> u32 {
        ((self.food.portion * 0.5 / step(self.food)).round() as u32).max(1)
    }

    pub(super) fn is_powder(&self) -> bool {
        matches!(self.food.unit, Unit::Piece("scoop", _))
    }
}

/// The least difference that a kitchen scale or a hand makes.
fn step(food: &Food) -> f64 {
    match food.unit {
        Unit::Millilitre => 50.0,
        Unit::Gram if food.portion < 30.0 => 1.0,
        Unit::Gram if food.portion <= 60.0 => 5.0,
        Unit::Gram => 10.0,
        Unit::Piece("scoop", _) => 0.5,
        Unit::Piece(..) => 1.0,
    }
}

/// What a day's servings should come to.
pub(super) struct Aim<'a> {
    pub kcal: f64,
    pub protein: f64,
    /// Energy of each meal.
    pub meals: &'a [f64],
}

/// Moves the servings, one step at a time, to where they fit the aim best. Gives what is still wrong: under 1 is within about 2 %.
pub(super) fn settle(servings: &mut [Serving], aim: &Aim) -> f64 {
    let mut sums = Sums::of(servings, aim);
    for _ in 0..600 {
        let now = sums.misfit(aim) + oddness(servings);
        let mut best: Option<(f64, usize, u32)> = None;
        for no in 0..servings.len() {
            let serving = servings[no];
            let (least, most) = (serving.least(), serving.most(aim.meals[serving.meal]));
            for steps in [serving.steps.saturating_sub(1), serving.steps + 1] {
                if steps < least.min(serving.steps) || steps > most.max(serving.steps) {
                    continue;
                }
                let moved = Serving { steps, ..serving };
                let cost = sums.with(&serving, &moved).misfit(aim) + oddness(servings) - odd(&serving) + odd(&moved);
                if cost < now - 1e-9 && best.is_none_or(|(lowest, ..)| cost < lowest) {
                    best = Some((cost, no, steps));
                }
            }
        }
        let Some((_, no, steps)) = best else { break };
        let moved = Serving { steps, ..servings[no] };
        sums = sums.with(&servings[no], &moved);
        servings[no] = moved;
    }
    sums.day_misfit(aim)
}

#[derive(Clone)]
struct Sums {
    kcal: f64,
    protein: f64,
    meals: Vec<f64>,
}

impl Sums {
    fn of(servings: &[Serving], aim: &Aim) -> Self {
        let mut meals = vec![0.0; aim.meals.len()];
        servings.iter().for_each(|serving| meals[serving.meal] += serving.kcal());
        Self { kcal: meals.iter().sum(), protein: servings.iter().map(Serving::protein).sum(), meals }
    }

    fn with(&self, out: &Serving, into: &Serving) -> Self {
        let mut sums = self.clone();
        let more = into.kcal() - out.kcal();
        sums.kcal += more;
        sums.meals[out.meal] += more;
        sums.protein += into.protein() - out.protein();
        sums
    }

    fn day_misfit(&self, aim: &Aim) -> f64 {
        let energy = (self.kcal - aim.kcal) / aim.kcal * 50.0;
        let lack = (aim.protein * 0.99 - self.protein).max(0.0) / aim.protein * 50.0;
        energy * energy + lack * lack
    }

    fn misfit(&self, aim: &Aim) -> f64 {
        let excess = (self.protein - aim.protein * 1.1).max(0.0) / aim.protein * 6.0;
        let meals: f64 = self.meals.iter().zip(aim.meals).map(|(is, should)| ((is - should) / should).powi(2)).sum();
        self.day_misfit(aim) + excess * excess + 2.0 * meals
    }
}

/// How far a serving is from a usual portion.
fn odd(serving: &Serving) -> f64 {
    let times = serving.amount() / serving.food.portion;
    let weight = if serving.food.role == Role::Vegetable || serving.food.role == Role::Fruit { 2.5 } else { 1.2 };
    weight * times.ln().powi(2)
}

fn oddness(servings: &[Serving]) -> f64 {
    servings.iter().map(odd).sum()
}
