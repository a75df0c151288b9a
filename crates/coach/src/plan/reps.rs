//! The text of repetitions: `8-12`, `10`, `30 s`, `20-30 s`, `20 min`.

use std::fmt;

/// Repetitions or seconds, from low to high.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reps {
    /// The least.
    pub low: u32,
    /// The most.
    pub high: u32,
    /// Whether the numbers are seconds.
    pub timed: bool,
}

impl Reps {
    /// A range of repetitions.
    pub fn count(low: u32, high: u32) -> Self {
        Self {
            low,
            high,
            timed: false,
        }
    }

    /// A time in seconds.
    pub fn seconds(seconds: u32) -> Self {
        Self {
            low: seconds,
            high: seconds,
            timed: true,
        }
    }

    /// Reads the text; `None` when it is of no known form, is zero, or runs backwards.
    pub fn read(text: &str) -> Option<Self> {
        let (numbers, factor) = match text.split_once(' ') {
            None => (text, None),
            Some((numbers, "s")) => (numbers, Some(1)),
            Some((numbers, "min")) => (numbers, Some(60)),
            Some(_) => return None,
        };
        let number = |text: &str| {
            let plain =
                (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| text.parse::<u32>().ok()).flatten()
        };
        let (low, high) = match numbers.split_once('-') {
            Some((low, high)) => (number(low)?, number(high)?),
            None => (number(numbers)?, number(numbers)?),
        };
        let unit = factor.unwrap_or(1);
        (low > 0 && low <= high).then_some(Self {
            low: low * unit,
            high: high * unit,
            timed: factor.is_some(),
        })
    }

    /// The mean of low and high.
    pub fn mean(self) -> f64 {
        f64::from(self.low + self.high) / 2.0
    }

    /// Seconds of one set of one side: a repetition takes 4 s.
    pub fn set_seconds(self) -> f64 {
        if self.timed {
            self.mean()
        } else {
            self.mean() * 4.0
        }
    }
}

impl fmt::Display for Reps {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, word) = match self.timed {
            false => (1, ""),
            true if self.low >= 180
                && self.low.is_multiple_of(60)
                && self.high.is_multiple_of(60) =>
            {
                (60, " min")
            }
            true => (1, " s"),
        };
        if self.low == self.high {
            write!(formatter, "{}{word}", self.low / unit)
        } else {
            write!(formatter, "{}-{}{word}", self.low / unit, self.high / unit)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_repetitions_reads_and_writes_the_same() {
        for text in ["8-12", "10", "30 s", "20-30 s", "20 min", "1"] {
            assert_eq!(
                Reps::read(text).map(|reps| reps.to_string()).as_deref(),
                Some(text)
            );
        }
    }

    #[test]
    fn other_forms_are_not_repetitions() {
        for text in [
            "", "12-8", "0", "AMRAP", "8 - 12", "8–12", "30s", "99999", "-5", "5-", "1e3",
            "3 sets", "٣",
        ] {
            assert_eq!(Reps::read(text), None, "{text}");
        }
    }
}
