//! What tokens cost: a table by model, in whole millionths of a dollar, in which an unknown model is as dear as the dearest known.

use std::{collections::BTreeMap, fmt, iter::Sum};

use jiff::{Timestamp, civil::Weekday, tz::TimeZone};
use serde::Deserialize;

use crate::Usage;

/// The table that comes with this crate; its sources and its date stand in it.
const BUNDLED: &str = include_str!("prices.toml");

/// Millionths of a US dollar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct MicroDollars(pub u64);

/// `$0.001234`.
impl fmt::Display for MicroDollars {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "${}.{:06}",
            self.0 / 1_000_000,
            self.0 % 1_000_000
        )
    }
}

impl Sum for MicroDollars {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.fold(0, |sum, amount| sum.saturating_add(amount.0)))
    }
}

/// What 1,000,000 tokens of a model cost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Price {
    /// Of the request.
    pub input: MicroDollars,
    /// Of the request, where the provider's cache knew them.
    pub cached_input: MicroDollars,
    /// Of the request, where the provider wrote them to its cache.
    pub cache_write: MicroDollars,
    /// Of the answer, reasoning included.
    pub output: MicroDollars,
    /// When all of it is dearer.
    pub peak: Option<Peak>,
}

/// Hours in which a price is multiplied.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peak {
    /// By how much.
    pub factor: u64,
    /// From which full hour until before which, in UTC, Monday to Friday.
    pub hours: Vec<(i8, i8)>,
}

impl Peak {
    fn factor_at(&self, time: Timestamp) -> u64 {
        let time = time.to_zoned(TimeZone::UTC);
        let workday = !matches!(time.weekday(), Weekday::Saturday | Weekday::Sunday);
        let within = |(from, to): &(i8, i8)| (*from..*to).contains(&time.hour());
        match workday && self.hours.iter().any(within) {
            true => self.factor,
            false => 1,
        }
    }

    fn higher(one: &Option<Self>, other: &Option<Self>) -> u64 {
        let factor = |peak: &Option<Self>| peak.as_ref().map_or(1, |peak| peak.factor);
        factor(one).max(factor(other))
    }
}

impl Price {
    /// What a call costs that began at this time, rounded up.
    #[must_use]
    pub fn cost(&self, usage: &Usage, at: Timestamp) -> MicroDollars {
        let cached = usage.cached_input.min(usage.input);
        let written = usage.cache_write.min(usage.input - cached);
        let plain = usage.input - cached - written;
        let product = |tokens: u64, price: MicroDollars| u128::from(tokens) * u128::from(price.0);
        let sum = product(plain, self.input)
            + product(cached, self.cached_input)
            + product(written, self.cache_write)
            + product(usage.output, self.output);
        let factor = self.peak.as_ref().map_or(1, |peak| peak.factor_at(at));
        let cost = (sum * u128::from(factor)).div_ceil(1_000_000);
        MicroDollars(u64::try_from(cost).unwrap_or(u64::MAX))
    }
}

/// A table that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidPrices {
    /// It is no TOML of the form.
    #[error(
        "a price table has a date and [[price]] entries with model, input, cached_input and output: {0}"
    )]
    Toml(#[from] toml::de::Error),
    /// A price is not a number of dollars.
    #[error("the price of {0} must be 0 to 10,000 dollars per 1,000,000 tokens")]
    Range(String),
}

/// What models cost, by their names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prices {
    date: String,
    by_model: BTreeMap<String, Price>,
}

impl Prices {
    /// The table that comes with this crate.
    ///
    /// # Errors
    /// None, as a test of the crate shows; said all the same, so that nothing panics.
    pub fn bundled() -> Result<Self, InvalidPrices> {
        Self::from_toml(BUNDLED)
    }

    /// A table in the form of the bundled one: `date`, and `[[price]]` entries in dollars per 1,000,000 tokens.
    ///
    /// # Errors
    /// [`InvalidPrices`].
    pub fn from_toml(text: &str) -> Result<Self, InvalidPrices> {
        let table: Table = toml::from_str(text)?;
        let entries = table.price.into_iter().map(Entry::into_price);
        Ok(Self {
            date: table.date,
            by_model: entries.collect::<Result<_, _>>()?,
        })
    }

    /// The same table with this price, which wins over an older one of the model. A server of one's own: `Price::default()`, nothing.
    #[must_use]
    pub fn with(mut self, model: impl Into<String>, price: Price) -> Self {
        self.by_model.insert(model.into(), price);
        self
    }

    /// Of which day the table is.
    #[must_use]
    pub fn date(&self) -> &str {
        &self.date
    }

    /// A model's price, also under the name of a dated snapshot (`gpt-6-luna-2026-08-01`).
    #[must_use]
    pub fn of(&self, model: &str) -> Option<&Price> {
        let known = self.by_model.get(model);
        known.or_else(|| self.by_model.get(undated(model)?))
    }

    /// The price of the first of these models that is known, else the dearest of all, each part for itself, always at its peak.
    #[must_use]
    pub fn of_first_known(&self, models: &[&str]) -> Price {
        let known = models.iter().find_map(|model| self.of(model));
        known.cloned().unwrap_or_else(|| self.dearest())
    }

    fn dearest(&self) -> Price {
        let dearest = self
            .by_model
            .values()
            .fold(Price::default(), |dearest, price| {
                let factor = Peak::higher(&price.peak, &None);
                let most = |one: MicroDollars, other: MicroDollars| {
                    one.max(MicroDollars(other.0.saturating_mul(factor)))
                };
                Price {
                    input: most(dearest.input, price.input),
                    cached_input: most(dearest.cached_input, price.cached_input),
                    cache_write: most(dearest.cache_write, price.cache_write),
                    output: most(dearest.output, price.output),
                    peak: None,
                }
            });
        // Whoever does not know a price does not know a discount.
        Price {
            cached_input: dearest.input,
            ..dearest
        }
    }
}

/// The name before `-20260801` or `-2026-08-01`.
fn undated(model: &str) -> Option<&str> {
    let is_date = |date: &str| {
        let digits = date.bytes().filter(u8::is_ascii_digit).count();
        let others = date.bytes().filter(|byte| *byte == b'-').count();
        date.starts_with('-') && digits == 8 && digits + others == date.len()
    };
    [9, 11].into_iter().find_map(|length| {
        let place = model.len().checked_sub(length)?;
        let (name, date) = model.split_at_checked(place)?;
        is_date(date).then_some(name)
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    date: String,
    price: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    model: String,
    input: f64,
    cached_input: f64,
    cache_write: Option<f64>,
    output: f64,
    peak: Option<Peak>,
}

impl Entry {
    fn into_price(self) -> Result<(String, Price), InvalidPrices> {
        let amount = |dollars: f64| {
            micro_dollars(dollars).ok_or_else(|| InvalidPrices::Range(self.model.clone()))
        };
        let price = Price {
            input: amount(self.input)?,
            cached_input: amount(self.cached_input)?,
            cache_write: amount(self.cache_write.unwrap_or(self.input))?,
            output: amount(self.output)?,
            peak: self.peak.clone(),
        };
        Ok((self.model, price))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range was checked"
)]
fn micro_dollars(dollars: f64) -> Option<MicroDollars> {
    let sound = (0.0..=10_000.0).contains(&dollars);
    sound.then(|| MicroDollars((dollars * 1_000_000.0).round() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    fn usage(input: u64, cached_input: u64, cache_write: u64, output: u64) -> Usage {
        Usage {
            input,
            cached_input,
            cache_write,
            output,
            ..Usage::default()
        }
    }

    const SUNDAY: &str = "2026-11-22T02:00:00Z";

    #[test]
    fn a_call_costs_what_its_parts_cost_rounded_up() {
        let prices = Prices::bundled().unwrap();
        assert_eq!(prices.date(), "2026-11-22");
        let cost = |model: &str, usage: Usage, time: &str| {
            prices.of(model).unwrap().cost(&usage, at(time)).to_string()
        };
        assert_eq!(
            cost("gpt-6.1-terra", usage(3_500, 0, 0, 1_119), SUNDAY),
            "$0.009095"
        );
        assert_eq!(
            cost("gpt-6.1-terra", usage(3_500, 3_072, 0, 1_119), SUNDAY),
            "$0.006177"
        );
        assert_eq!(
            cost("gpt-6.1-terra", usage(3_500, 0, 3_400, 1_119), SUNDAY),
            "$0.009945"
        );
        assert_eq!(
            cost("deepseek-flash", usage(1, 0, 0, 0), SUNDAY),
            "$0.000001"
        );
        assert_eq!(
            cost(
                "gpt-6-luna",
                usage(u64::MAX, u64::MAX, u64::MAX, u64::MAX),
                SUNDAY
            ),
            MicroDollars(9_407_839_477_591_871_324).to_string()
        );
    }

    #[test]
    fn a_peak_hour_of_a_workday_doubles_deepseek() {
        let prices = Prices::bundled().unwrap();
        let cost = |time: &str| {
            prices
                .of("deepseek-flash")
                .unwrap()
                .cost(&usage(1_000_000, 0, 0, 0), at(time))
                .0
        };
        for (time, expected) in [
            ("2026-11-23T00:59:59Z", 150_000),
            ("2026-11-23T01:00:00Z", 300_000),
            ("2026-11-23T03:59:59Z", 300_000),
            ("2026-11-23T04:00:00Z", 150_000),
            ("2026-11-27T06:00:00Z", 300_000),
            ("2026-11-28T06:00:00Z", 150_000),
        ] {
            assert_eq!(cost(time), expected, "{time}");
        }
    }

    #[test]
    fn an_unknown_model_is_as_dear_as_the_dearest() {
        let prices = Prices::bundled().unwrap();
        let unknown = prices.of_first_known(&["gpt-9"]);
        assert_eq!(
            unknown
                .cost(&usage(1_000_000, 500_000, 0, 1_000_000), at(SUNDAY))
                .to_string(),
            "$12.000000"
        );
        let known = prices.of_first_known(&["gpt-9", "gpt-6-luna"]);
        assert_eq!(Some(&known), prices.of("gpt-6-luna"));
        let with_peak = Prices::default().with(
            "night",
            Price {
                output: MicroDollars(3),
                peak: Some(Peak {
                    factor: 2,
                    hours: vec![],
                }),
                ..Price::default()
            },
        );
        assert_eq!(with_peak.of_first_known(&["day"]).output, MicroDollars(6));
    }

    #[test]
    fn a_snapshot_has_its_models_price_and_another_model_has_not() {
        let prices = Prices::bundled().unwrap();
        assert_eq!(prices.of("gpt-6-luna-2026-08-01"), prices.of("gpt-6-luna"));
        assert_eq!(prices.of("gpt-6-luna-20260801"), prices.of("gpt-6-luna"));
        assert_eq!(prices.of("gpt-6-luna-pro"), None);
        assert_eq!(prices.of("gpt-6.1"), None);
        assert_eq!(undated("gpt-5-2026-08-01"), Some("gpt-5"));
        assert_eq!(undated("-é-20260801"), Some("-é"));
        assert_eq!(undated("é0260801"), None);
        let own = prices.with("qwen:8b", Price::default());
        assert_eq!(
            own.of("qwen:8b")
                .unwrap()
                .cost(&usage(9, 0, 0, 9), at(SUNDAY)),
            MicroDollars(0)
        );
    }

    #[test]
    fn a_table_with_a_slip_is_refused_with_what_would_be_right() {
        let of = |entry: &str| {
            Prices::from_toml(&format!("date = \"d\"\n[[price]]\nmodel = \"m\"\n{entry}"))
                .unwrap_err()
                .to_string()
        };
        assert!(of("input = 1.0\noutput = 1.0").contains("cached_input"));
        assert!(of("input = -1.0\ncached_input = 0.0\noutput = 1.0").contains("0 to 10,000"));
        assert!(of("input = nan\ncached_input = 0.0\noutput = 1.0").contains("0 to 10,000"));
        assert!(
            of("input = 1.0\ncached_input = 0.0\noutput = 1.0\noutptu = 1.0").contains("outptu")
        );
    }
}
