//! Whether this machine and the database agree on the time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::report::Report;

/// A difference of clocks that is felt: tokens and leases are dated by different machines.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(2);

/// Compares the database's clock, in seconds since 1970, with the one here; `asked` is when it was asked, just now answered.
pub(super) fn examine(there: f64, asked: Instant, report: &mut Report) {
    let here = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        - asked.elapsed() / 2;
    let apart = there - here.as_secs_f64();
    if apart.abs() <= CLOCK_TOLERANCE.as_secs_f64() {
        report.fine("clock: here and in the database the same");
    } else {
        let relation = if apart > 0.0 { "ahead of" } else { "behind" };
        report.wrong(
            &format!(
                "clock: the database is {:.0} s {relation} this machine",
                apart.abs()
            ),
            "set both by the same time server (NTP)",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::Level;
    use super::*;

    #[test]
    fn only_a_difference_that_is_felt_is_wrong() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        for (apart, level, said) in [
            (0.5, Level::Fine, "the same"),
            (90.0, Level::Error, "90 s ahead of this machine"),
            (-90.0, Level::Error, "90 s behind this machine"),
        ] {
            let mut report = Report::new(true);
            examine(now.as_secs_f64() + apart, Instant::now(), &mut report);
            let [finding] = report.findings() else {
                panic!("one finding")
            };
            assert_eq!(finding.level, level);
            assert!(finding.message.contains(said), "{}", finding.message);
        }
    }
}
