//! The food table: energy, macronutrients, and who may eat it.
//!
//! The rows are in `food/table.md`, with their source; values per 100 g, as the public tables give them.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::words::{self, names};

names! {
    /// Where a food comes from: what a diet rules out.
    pub enum Origin { Meat = "meat", Fish = "fish", Egg = "egg", Dairy = "dairy", Plant = "plant" }
}

names! {
    /// Something that an athlete may have to avoid, by allergy, faith or taste.
    pub enum Allergen {
        Nuts = "nuts", Peanut = "peanut", Dairy = "dairy", Gluten = "gluten", Soy = "soy", Egg = "egg", Fish = "fish",
        Shellfish = "shellfish", Sesame = "sesame", Mustard = "mustard", Lupin = "lupin", Pork = "pork", Beef = "beef",
    }
}

names! {
    /// The meals that a food suits.
    pub enum Slot { Breakfast = "breakfast", Main = "main", Snack = "snack" }
}

names! {
    /// What a food does on the plate.
    pub enum Role { Protein = "protein", Carb = "carb", Vegetable = "vegetable", Fruit = "fruit", Fat = "fat", Dairy = "dairy" }
}

names! {
    /// The kitchen that a food goes with.
    pub enum Cuisine { Any = "any", Indian = "indian", Western = "western" }
}

/// What a food is counted in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Unit {
    /// Grams.
    Gram,
    /// Millilitres, taken as grams.
    Millilitre,
    /// A piece with a name and a weight in grams.
    Piece(&'static str, f64),
}

/// One food of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Food {
    /// Plain English, unique.
    pub name: &'static str,
    /// One usual serving, in `unit`.
    pub portion: f64,
    /// What it is counted in.
    pub unit: Unit,
    /// Energy, kcal per 100 g.
    pub kcal: f64,
    /// Protein, g per 100 g.
    pub protein: f64,
    /// Carbohydrates, g per 100 g.
    pub carbs: f64,
    /// Fat, g per 100 g.
    pub fat: f64,
    /// Where it comes from.
    pub origins: Vec<Origin>,
    /// What it holds that some avoid.
    pub allergens: Vec<Allergen>,
    /// The meals it suits.
    pub slots: Vec<Slot>,
    /// What it does on the plate.
    pub role: Role,
    /// 1 cheap, 2 usual, 3 dear.
    pub cost: u8,
    /// The kitchen that it goes with.
    pub cuisine: Cuisine,
}

impl Food {
    /// The weight in grams of `amount` units.
    pub fn grams(&self, amount: f64) -> f64 {
        match self.unit {
            Unit::Gram | Unit::Millilitre => amount,
            Unit::Piece(_, weight) => amount * weight,
        }
    }

    /// Energy in kcal of `amount` units.
    pub fn kcal_of(&self, amount: f64) -> f64 {
        self.grams(amount) * self.kcal / 100.0
    }

    /// Protein in g of `amount` units.
    pub fn protein_of(&self, amount: f64) -> f64 {
        self.grams(amount) * self.protein / 100.0
    }

    /// The amount as a person writes it: `150 g`, `250 ml`, `2 slices`, `1.5 scoops`.
    pub fn quantity(&self, amount: f64) -> String {
        match self.unit {
            Unit::Gram => format!("{amount} g"),
            Unit::Millilitre => format!("{amount} ml"),
            Unit::Piece(name, _) if amount > 1.0 => format!("{amount} {name}s"),
            Unit::Piece(name, _) => format!("{amount} {name}"),
        }
    }

    /// Reads a quantity back as an amount of this food's unit. A piece may also be given in grams.
    ///
    /// # Errors
    /// A sentence that names the forms that are right for this food.
    pub fn amount(&self, quantity: &str) -> Result<f64, String> {
        let wrong = || {
            format!(
                "write the quantity of {} such as `{}`",
                self.name,
                self.quantity(self.portion)
            )
        };
        let text = quantity.trim();
        let number = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let amount: f64 = text[..number].parse().map_err(|_| wrong())?;
        let unit = text[number..].trim();
        let amount = match (self.unit, unit) {
            (Unit::Gram, "g") | (Unit::Millilitre, "ml" | "g") => amount,
            (Unit::Piece(_, weight), "g") => amount / weight,
            (Unit::Piece(name, _), unit) if unit.strip_suffix('s').unwrap_or(unit) == name => {
                amount
            }
            _ => return Err(wrong()),
        };
        if self.grams(amount) > 0.0 && self.grams(amount) <= 3_000.0 {
            Ok(amount)
        } else {
            Err(wrong())
        }
    }
}

static TABLE: LazyLock<Result<Vec<Food>, String>> = LazyLock::new(|| {
    words::rows(include_str!("food/table.md"))
        .map(|row| read(&row))
        .collect()
});

static BY_NAME: LazyLock<HashMap<String, &'static Food>> = LazyLock::new(|| {
    foods()
        .iter()
        .flat_map(|food| [(food.name.to_owned(), food), (words::key(food.name), food)])
        .collect()
});

/// All foods, in the order of the table.
pub fn foods() -> &'static [Food] {
    TABLE.as_deref().unwrap_or_default()
}

/// The food of this name; case and punctuation do not matter.
pub fn find(name: &str) -> Option<&'static Food> {
    BY_NAME
        .get(name)
        .or_else(|| BY_NAME.get(&words::key(name)))
        .copied()
}

fn read(row: &[&'static str]) -> Result<Food, String> {
    let [
        name,
        portion,
        unit,
        kcal,
        protein,
        carbs,
        fat,
        from,
        allergens,
        meals,
        role,
        cost,
        cuisine,
    ] = *row
    else {
        return Err(format!(
            "a row has {} cells instead of 13: {row:?}",
            row.len()
        ));
    };
    let number = |cell: &str| {
        cell.parse::<f64>()
            .map_err(|_| format!("{name}: {cell} is no number"))
    };
    Ok(Food {
        name,
        portion: number(portion)?,
        unit: match unit {
            "g" => Unit::Gram,
            "ml" => Unit::Millilitre,
            piece => {
                let (piece, weight) = piece
                    .split_once(" of ")
                    .ok_or_else(|| format!("{name}: the unit {piece} has no weight"))?;
                Unit::Piece(piece, number(weight.trim_end_matches(" g"))?)
            }
        },
        kcal: number(kcal)?,
        protein: number(protein)?,
        carbs: number(carbs)?,
        fat: number(fat)?,
        origins: words::cells(from)
            .map(words::named)
            .collect::<Result<_, _>>()?,
        allergens: words::cells(allergens)
            .map(words::named)
            .collect::<Result<_, _>>()?,
        slots: words::cells(meals)
            .map(words::named)
            .collect::<Result<_, _>>()?,
        role: words::named(role)?,
        cost: cost
            .parse()
            .map_err(|_| format!("{name}: cost {cost} is no number"))?,
        cuisine: words::named(cuisine)?,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_row_of_the_table_reads() {
        let table = TABLE.as_ref().expect("a row does not read");
        assert!(table.len() >= 120, "{} foods", table.len());
        let names: HashSet<_> = table.iter().map(|food| words::key(food.name)).collect();
        assert_eq!(names.len(), table.len(), "a name is there twice");
    }

    #[test]
    fn energy_agrees_with_the_macronutrients() {
        for food in foods() {
            let by_macros = 4.0 * food.protein + 4.0 * food.carbs + 9.0 * food.fat;
            let off = (food.kcal - by_macros).abs();
            assert!(
                off <= (0.2 * food.kcal).max(12.0),
                "{}: {} kcal, {by_macros} by its macronutrients",
                food.name,
                food.kcal
            );
        }
    }

    #[test]
    fn what_comes_from_an_animal_names_its_allergen() {
        for food in foods() {
            let holds = |allergen| food.allergens.contains(&allergen);
            assert!(
                !food.origins.contains(&Origin::Dairy) || holds(Allergen::Dairy),
                "{}",
                food.name
            );
            assert!(
                !food.origins.contains(&Origin::Egg) || holds(Allergen::Egg),
                "{}",
                food.name
            );
            assert!(
                !food.origins.contains(&Origin::Fish)
                    || holds(Allergen::Fish)
                    || holds(Allergen::Shellfish),
                "{}",
                food.name
            );
        }
    }

    #[test]
    fn a_quantity_reads_back_as_it_was_written() {
        for food in foods() {
            for amount in [food.portion, food.portion * 0.5, food.portion * 2.0] {
                assert_eq!(
                    food.amount(&food.quantity(amount)),
                    Ok(amount),
                    "{}",
                    food.name
                );
            }
        }
        let eggs = find("boiled eggs").expect("eggs");
        assert_eq!(eggs.amount("100 g"), Ok(2.0));
        for wrong in [
            "",
            "some",
            "2 cups",
            "-2 pieces",
            "1e9 g",
            "0 g",
            "NaN g",
            "99999 g",
        ] {
            assert!(eggs.amount(wrong).is_err(), "{wrong}");
        }
    }
}
