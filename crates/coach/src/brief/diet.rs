//! What may be eaten: diet, allergies, faith, dislikes and budget. Texts only ever take foods away.

use std::collections::BTreeSet;

use crate::food::{Allergen, Food, Origin, foods};
use crate::profile::ProfileSnapshot;
use crate::words;

/// What may be eaten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diet {
    /// Foods may come from these.
    pub origins: BTreeSet<Origin>,
    /// Foods must not hold these.
    pub avoid: BTreeSet<Allergen>,
    /// Names of foods that the athlete does not want.
    pub disliked: BTreeSet<&'static str>,
    /// Whether dear foods are left out.
    pub low_budget: bool,
}

impl Diet {
    /// Whether a food fits.
    pub fn allows(&self, food: &Food) -> bool {
        food.origins
            .iter()
            .all(|origin| self.origins.contains(origin))
            && !food
                .allergens
                .iter()
                .any(|allergen| self.avoid.contains(allergen))
            && !self.disliked.contains(food.name)
            && (!self.low_budget || food.cost < 3)
    }

    /// Whether everything comes from plants, by choice or because what else is allowed must be avoided.
    pub fn is_plant_only(&self) -> bool {
        !foods().iter().any(|food| {
            self.allows(food) && food.origins.iter().any(|origin| *origin != Origin::Plant)
        })
    }

    /// Whether meat or fish may be eaten.
    pub fn has_meat_or_fish(&self) -> bool {
        foods().iter().any(|food| {
            self.allows(food)
                && food
                    .origins
                    .iter()
                    .any(|o| matches!(o, Origin::Meat | Origin::Fish))
        })
    }

    /// Takes away what a text rules out. `about_diet`: a diet's name counts wherever it stands ("vegan"), else only what is denied.
    pub(super) fn tighten(&mut self, text: &str, about_diet: bool) {
        for sentence in text
            .split(['.', ';', '\n', '!'])
            .flat_map(|part| part.split(" but "))
        {
            if about_diet {
                self.diet_names(&words::tokens(sentence));
            }
            let mut denied = words::tokens(sentence)
                .iter()
                .any(|word| REACTS.contains(&word.as_str()));
            for part in sentence.split([',', ':', '(', ')']) {
                let words = words::tokens(part);
                let says = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
                denied = says(DENIED) || says(REACTS) || denied && !says(LIKED);
                if denied || says(&["celiac", "coeliac"]) {
                    self.deny(&words);
                }
            }
        }
    }

    fn diet_names(&mut self, words: &[String]) {
        let says = |name: &str| words.iter().any(|word| word == name);
        let denied = words.iter().any(|word| word == "not" || word == "no");
        let strict: &[Origin] = if says("vegan") && !denied || says("plant") && says("based") {
            &[Origin::Plant]
        } else if (says("vegetarian") || says("veg") || says("veggie") || says("jain"))
            && !denied
            && !says("non")
        {
            &[Origin::Plant, Origin::Dairy]
        } else if says("eggitarian") || says("ovo") {
            &[Origin::Plant, Origin::Dairy, Origin::Egg]
        } else if says("pescatarian") || says("pescetarian") {
            &[Origin::Plant, Origin::Dairy, Origin::Egg, Origin::Fish]
        } else {
            Origin::ALL
        };
        self.origins.retain(|origin| strict.contains(origin));
        if says("halal") || says("kosher") {
            self.avoid.insert(Allergen::Pork);
        }
        if says("kosher") {
            self.avoid.insert(Allergen::Shellfish);
        }
        if says("hindu") {
            self.avoid.insert(Allergen::Beef);
        }
    }

    /// Takes away every allergen and food that is named, and meat as a whole.
    fn deny(&mut self, words: &[String]) {
        let said = |name: &str| words.iter().any(|word| word == name);
        self.avoid.extend(
            ALLERGENS
                .iter()
                .filter(|(name, _)| said(name))
                .flat_map(|(_, allergens)| allergens.iter().copied()),
        );
        if said("meat") {
            self.origins.remove(&Origin::Meat);
        }
        let plain = |word: &&String| word.len() >= 4 && !NOT_FOODS.contains(&word.as_str());
        let named: Vec<&String> = words.iter().filter(plain).collect();
        let holds = |food: &&Food| {
            words::tokens(food.name)
                .iter()
                .any(|word| named.contains(&word))
        };
        self.disliked
            .extend(foods().iter().filter(holds).map(|food| food.name));
    }
}

const DENIED: &[&str] = &[
    "no", "not", "avoid", "without", "dislike", "hate", "dont", "cant", "cannot", "never", "free",
    "exclude", "skip", "remove", "refuse",
];
const REACTS: &[&str] = &[
    "allergy",
    "allergic",
    "intolerant",
    "intolerance",
    "sensitive",
    "sensitivity",
    "anaphylaxi",
    "anaphylactic",
];
const LIKED: &[&str] = &[
    "love", "like", "enjoy", "prefer", "eat", "fine", "okay", "ok",
];

const ALLERGENS: &[(&str, &[Allergen])] = &[
    ("nut", &[Allergen::Nuts, Allergen::Peanut]),
    ("almond", &[Allergen::Nuts]),
    ("walnut", &[Allergen::Nuts]),
    ("cashew", &[Allergen::Nuts]),
    ("peanut", &[Allergen::Peanut]),
    ("groundnut", &[Allergen::Peanut]),
    ("dairy", &[Allergen::Dairy]),
    ("milk", &[Allergen::Dairy]),
    ("lactose", &[Allergen::Dairy]),
    ("casein", &[Allergen::Dairy]),
    ("whey", &[Allergen::Dairy]),
    ("gluten", &[Allergen::Gluten]),
    ("celiac", &[Allergen::Gluten]),
    ("coeliac", &[Allergen::Gluten]),
    ("wheat", &[Allergen::Gluten]),
    ("soy", &[Allergen::Soy]),
    ("soya", &[Allergen::Soy]),
    ("soybean", &[Allergen::Soy]),
    ("egg", &[Allergen::Egg]),
    ("fish", &[Allergen::Fish, Allergen::Shellfish]),
    ("seafood", &[Allergen::Fish, Allergen::Shellfish]),
    ("shellfish", &[Allergen::Shellfish]),
    ("shrimp", &[Allergen::Shellfish]),
    ("prawn", &[Allergen::Shellfish]),
    ("crustacean", &[Allergen::Shellfish]),
    ("sesame", &[Allergen::Sesame]),
    ("tahini", &[Allergen::Sesame]),
    ("mustard", &[Allergen::Mustard]),
    ("lupin", &[Allergen::Lupin]),
    ("pork", &[Allergen::Pork]),
    ("beef", &[Allergen::Beef]),
];

/// Words of food names that say nothing about which food it is.
const NOT_FOODS: &[&str] = &[
    "boiled",
    "cooked",
    "grilled",
    "baked",
    "roasted",
    "steamed",
    "plain",
    "mixed",
    "lean",
    "with",
    "water",
    "fresh",
    "firm",
    "curry",
    "salad",
    "added",
    "sugar",
    "masala",
    "free",
    "gluten",
    "white",
    "black",
    "brown",
    "green",
    "sweet",
    "dark",
    "powder",
    "protein",
    "drink",
    "food",
    "milk",
    "fruit",
    "vegetable",
    "certified",
    "wholegrain",
    "wholewheat",
    "sliced",
    "part",
    "skim",
    "canned",
    "corn",
    "rolled",
    "unsweetened",
    "fortified",
    "ground",
    "soup",
    "meal",
    "piece",
];

/// The diet of a profile. Several preferences hold together: the strictest wins.
pub(super) fn read(profile: &ProfileSnapshot) -> Diet {
    let mut diet = Diet {
        origins: Origin::ALL.iter().copied().collect(),
        avoid: BTreeSet::new(),
        disliked: BTreeSet::new(),
        low_budget: low_budget(&profile.budget_constraints),
    };
    for preference in &profile.dietary_prefs {
        diet.tighten(preference, true);
    }
    diet.tighten(&profile.dietary_notes, true);
    diet
}

fn low_budget(text: &str) -> bool {
    let words = words::tokens(text);
    let says = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
    let free = says(&["no", "none", "flexible", "high", "unlimited"]);
    !free
        && says(&[
            "low",
            "tight",
            "cheap",
            "limited",
            "student",
            "budget",
            "small",
            "minimal",
            "strict",
            "affordable",
            "yes",
        ])
}
