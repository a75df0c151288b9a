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
            Role::Protein if matches!(self.food.unit, Unit::Piece(..)) && !self.is_powder() => 1.5,
            Role::Carb if matches!(self.food.unit, Unit::Piece(..)) => 2.0,
            _ if self.is_powder() => 2.0,
            _ => 2.2,
        };
        let big = (meal_kcal / 1_000.0).max(1.0);
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
        let best = (0..servings.len())
            .flat_map(|no| moves(servings[no], aim).map(move |moved| (no, moved)))
            .map(|(no, moved)| (sums.change(&servings[no], &moved, aim), no, moved))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        match best {
            Some((change, no, moved)) if change < -1e-9 => {
                sums.exchange(&servings[no], &moved);
                servings[no] = moved;
            }
            _ => break,
        }
    }
    day_misfit(sums.kcal, sums.protein, aim)
}

/// The serving one step smaller and one step larger, where that is still a plate.
fn moves(serving: Serving, aim: &Aim) -> impl Iterator<Item = Serving> {
    let smaller = (serving.steps > serving.least()).then(|| Serving {
        steps: serving.steps - 1,
        ..serving
    });
    let larger = (serving.steps < serving.most(aim.meals[serving.meal])).then(|| Serving {
        steps: serving.steps + 1,
        ..serving
    });
    smaller.into_iter().chain(larger)
}

/// What the servings come to.
struct Sums {
    kcal: f64,
    protein: f64,
    meals: Vec<f64>,
}

impl Sums {
    fn of(servings: &[Serving], aim: &Aim) -> Self {
        let mut meals = vec![0.0; aim.meals.len()];
        servings
            .iter()
            .for_each(|serving| meals[serving.meal] += serving.kcal());
        Self {
            kcal: meals.iter().sum(),
            protein: servings.iter().map(Serving::protein).sum(),
            meals,
        }
    }

    fn exchange(&mut self, out: &Serving, into: &Serving) {
        let more = into.kcal() - out.kcal();
        self.kcal += more;
        self.meals[out.meal] += more;
        self.protein += into.protein() - out.protein();
    }

    /// By how much the fit gets worse (or, below zero, better) when one serving becomes another.
    fn change(&self, out: &Serving, into: &Serving, aim: &Aim) -> f64 {
        let more = into.kcal() - out.kcal();
        let protein = self.protein + into.protein() - out.protein();
        let meal = |kcal: f64| 2.0 * ((kcal - aim.meals[out.meal]) / aim.meals[out.meal]).powi(2);
        let day = |kcal: f64, protein: f64| day_misfit(kcal, protein, aim) + excess(protein, aim);
        let is = self.meals[out.meal];
        day(self.kcal + more, protein) - day(self.kcal, self.protein) + meal(is + more) - meal(is)
            + odd(into)
            - odd(out)
    }
}

fn day_misfit(kcal: f64, protein: f64, aim: &Aim) -> f64 {
    let energy = (kcal - aim.kcal) / aim.kcal * 50.0;
    let lack = (aim.protein * 0.99 - protein).max(0.0) / aim.protein * 50.0;
    energy * energy + lack * lack
}

fn excess(protein: f64, aim: &Aim) -> f64 {
    ((protein - aim.protein * 1.1).max(0.0) / aim.protein * 20.0).powi(2)
}

/// How far a serving is from a usual portion.
fn odd(serving: &Serving) -> f64 {
    let times = serving.amount() / serving.food.portion;
    let weight = if serving.food.role == Role::Vegetable || serving.food.role == Role::Fruit {
        2.5
    } else {
        1.2
    };
    weight * times.ln().powi(2)
}
