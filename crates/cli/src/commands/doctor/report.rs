//! What was looked at, and what was found wrong.

use serde_json::{Value, json};

use crate::output;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// Looked at, and as it should be.
    Fine,
    /// It works, but not as well as it could.
    Warning,
    /// Something will not work, or is open to those whom it should not be.
    Error,
}

/// One thing that was looked at.
pub(super) struct Finding {
    pub(super) level: Level,
    /// A sentence that begins with what it is about: `keys: …`.
    pub(super) message: String,
    /// What to do about it; none where it is fine.
    pub(super) cure: Option<String>,
}

/// The findings so far. For people each is printed as it is made, as JSON all at the end.
pub(super) struct Report {
    as_json: bool,
    findings: Vec<Finding>,
}

impl Report {
    pub(super) fn new(as_json: bool) -> Self {
        Self {
            as_json,
            findings: Vec::new(),
        }
    }

    pub(super) fn fine(&mut self, what: &str) {
        self.add(Level::Fine, what, None);
    }

    pub(super) fn warn(&mut self, what: &str, cure: &str) {
        self.add(Level::Warning, what, Some(cure));
    }

    pub(super) fn wrong(&mut self, what: &str, cure: &str) {
        self.add(Level::Error, what, Some(cure));
    }

    fn add(&mut self, level: Level, message: &str, cure: Option<&str>) {
        let finding = Finding {
            level,
            message: message.to_owned(),
            cure: cure.map(str::to_owned),
        };
        if !self.as_json {
            output::say(&finding.for_people());
        }
        self.findings.push(finding);
    }

    /// Says how many things are wrong; whether there are any.
    pub(super) fn end(self) -> bool {
        let (errors, warnings) = (self.count(Level::Error), self.count(Level::Warning));
        if self.as_json {
            let findings: Vec<Value> = self.findings.iter().map(Finding::as_json).collect();
            let report = json!({ "findings": findings, "errors": errors, "warnings": warnings });
            output::say(&format!("{report:#}"));
        } else {
            output::say(&ending(errors, warnings));
        }
        errors > 0
    }

    fn count(&self, level: Level) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.level == level)
            .count()
    }

    #[cfg(test)]
    pub(super) fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl Finding {
    fn for_people(&self) -> String {
        let level = match self.level {
            Level::Fine => output::coloured("fine ", 32),
            Level::Warning => output::coloured("warn ", 33),
            Level::Error => output::coloured("WRONG", 31),
        };
        let cure = self.cure.as_ref();
        let cure = cure.map_or_else(String::new, |cure| format!("\n       cure: {cure}"));
        format!("{level}  {}{cure}", self.message)
    }

    fn as_json(&self) -> Value {
        let level = match self.level {
            Level::Fine => "fine",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        json!({ "level": level, "message": self.message, "cure": self.cure })
    }
}

fn ending(errors: usize, warnings: usize) -> String {
    let wrong = match errors {
        0 => "Nothing is wrong".to_owned(),
        1 => "1 thing is wrong".to_owned(),
        count => format!("{count} things are wrong"),
    };
    match warnings {
        0 => format!("{wrong}."),
        1 => format!("{wrong}; 1 could be better."),
        count => format!("{wrong}; {count} could be better."),
    }
}
