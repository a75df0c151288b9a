//! What was looked at, and what was found wrong.

use crate::output;

/// The findings so far; each is printed as it is made.
#[derive(Default)]
pub(super) struct Report {
    problems: usize,
}

impl Report {
    pub(super) fn fine(&self, what: &str) {
        output::say(&format!("fine   {what}"));
    }

    pub(super) fn wrong(&mut self, what: &str, cure: &str) {
        self.problems += 1;
        output::say(&format!("WRONG  {what}\n       cure: {cure}"));
    }

    /// Says how many things are wrong; whether there are any.
    pub(super) fn end(self) -> bool {
        match self.problems {
            0 => output::say("Nothing is wrong."),
            1 => output::say("1 thing is wrong."),
            count => output::say(&format!("{count} things are wrong.")),
        }
        self.problems > 0
    }
}
