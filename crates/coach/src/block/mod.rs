//! The 8-week block: a template of one week, checked, and expanded by code to eight weeks with dates, progression and rest.
//!
//! A model (or [`template`], the provider `rules`) writes the [`Template`]; only [`check_template`] makes a [`CheckedTemplate`] of it, and
//! only [`CheckedTemplate::expand`] makes a [`Block`]. What is stored has therefore passed every rule.

mod adjustment;
mod check;
mod entry;
mod expand;
mod rules_provider;
mod scheme;
mod substitute;
mod template;
mod wording;

use jiff::ToSpan;
use jiff::civil::Date;

pub use check::{CheckedTemplate, check_template, check_template_json};
pub(crate) use check::{LONGEST_RATIONALE, is_circuit, minutes};
pub use entry::Entry;
pub use expand::{Block, Course, Prescription};
pub(crate) use rules_provider::progression;
pub use rules_provider::template;
pub use scheme::{Scheme, WEEKS};
pub(crate) use substitute::replacement;
pub use template::{Progression, Role, Slot, Template, TemplateDay};

/// The first day of a block asked for on `today` (a date where the athlete is): the first Monday strictly after it.
pub fn start_date(today: Date) -> Date {
    let days = 7 - today.weekday().to_monday_zero_offset();
    today.saturating_add(days.days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_block_starts_on_the_first_monday_strictly_after_today() {
        for (today, start) in [
            (date(2026, 11, 22), date(2026, 11, 23)),
            (date(2026, 11, 23), date(2026, 11, 30)),
            (date(2026, 11, 28), date(2026, 11, 30)),
            // Over New Year, into a leap day's week, and over both changes of the clocks.
            (date(2026, 12, 29), date(2027, 1, 4)),
            (date(2028, 2, 24), date(2028, 2, 28)),
            (date(2026, 3, 28), date(2026, 3, 30)),
            (date(2026, 10, 25), date(2026, 10, 26)),
        ] {
            assert_eq!(start_date(today), start, "{today}");
        }
    }

    #[test]
    fn the_end_of_the_calendar_is_no_panic() {
        assert_eq!(start_date(Date::MAX), Date::MAX);
    }
}
