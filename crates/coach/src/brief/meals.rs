//! When meals are eaten.

use std::collections::BTreeSet;

use super::limits::Limit;
use crate::words;

/// The hours of the day that meals stay within.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FastingWindow {
    /// Hours without food, 12–23.
    pub fasting_hours: u32,
    /// The hour of the first meal: 12 where the window is 8 hours or less, else 10.
    pub opens: u32,
}

impl FastingWindow {
    /// The window of so many hours without food.
    pub(crate) fn of_hours(fasting_hours: u32) -> Self {
        let opens = if fasting_hours >= 16 { 12 } else { 10 };
        Self {
            fasting_hours,
            opens,
        }
    }

    /// The hour after which nothing is eaten.
    pub fn closes(self) -> u32 {
        (self.opens + 24 - self.fasting_hours).min(23)
    }
}

/// Reads `16:8`, `18/6`, `14-10`, `16 hours`, `OMAD`. Nothing under 12 hours counts as fasting;
/// nobody fasts in growth, pregnancy or at low body weight.
pub(super) fn fasting(text: &str, limits: &BTreeSet<Limit>) -> Option<FastingWindow> {
    if limits.contains(&Limit::Minor)
        || limits.contains(&Limit::Pregnancy)
        || limits.contains(&Limit::Underweight)
    {
        return None;
    }
    let tokens = words::tokens(text);
    let mut numbers = tokens
        .iter()
        .filter_map(|word| word.trim_end_matches('h').parse::<u32>().ok());
    let hours = match (numbers.next(), numbers.next()) {
        _ if tokens.iter().any(|word| word == "omad") => 23,
        (Some(first), Some(second)) if first + second == 24 => first.max(second),
        (Some(only), None) => only,
        _ => return None,
    };
    (12..=23)
        .contains(&hours)
        .then(|| FastingWindow::of_hours(hours))
}
