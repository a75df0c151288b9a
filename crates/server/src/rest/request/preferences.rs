//! The header `Prefer`: what comes back, whether rows are counted, what happens to rows that are there already.

use axum::http::HeaderMap;

/// What a request prefers, and which of it could be heeded.
#[derive(Debug, Default)]
pub(in crate::rest) struct Preferences {
    pub(in crate::rest) returned: Option<Return>,
    pub(in crate::rest) count: Option<Count>,
    pub(in crate::rest) resolution: Option<Resolution>,
    /// Columns that a row does not name get their default instead of null.
    pub(in crate::rest) missing_is_default: bool,
    pub(in crate::rest) max_affected: Option<i64>,
    applied: Vec<&'static str>,
}

/// What a write answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rest) enum Return {
    Minimal,
    HeadersOnly,
    Representation,
}

/// How the rows are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rest) enum Count {
    Exact,
    /// As PostgreSQL's planner expects.
    Planned,
    /// Exact while the planner expects few.
    Estimated,
}

/// What becomes of a new row that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rest) enum Resolution {
    Merge,
    Ignore,
}

impl Preferences {
    pub(in crate::rest) fn of(headers: &HeaderMap) -> Self {
        let mut preferences = Self::default();
        let lines = headers.get_all("prefer");
        let words: Vec<&str> = lines
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .collect();
        let is_strict = words.contains(&"handling=strict");
        for word in words {
            preferences.take(word, is_strict);
        }
        preferences
    }

    fn take(&mut self, word: &str, is_strict: bool) {
        let applied = match word {
            "return=minimal" => {
                self.returned = Some(Return::Minimal);
                "return=minimal"
            }
            "return=headers-only" => {
                self.returned = Some(Return::HeadersOnly);
                "return=headers-only"
            }
            "return=representation" => {
                self.returned = Some(Return::Representation);
                "return=representation"
            }
            "count=exact" => {
                self.count = Some(Count::Exact);
                "count=exact"
            }
            "count=planned" => {
                self.count = Some(Count::Planned);
                "count=planned"
            }
            "count=estimated" => {
                self.count = Some(Count::Estimated);
                "count=estimated"
            }
            "resolution=merge-duplicates" => {
                self.resolution = Some(Resolution::Merge);
                "resolution=merge-duplicates"
            }
            "resolution=ignore-duplicates" => {
                self.resolution = Some(Resolution::Ignore);
                "resolution=ignore-duplicates"
            }
            "missing=default" => {
                self.missing_is_default = true;
                "missing=default"
            }
            "handling=strict" => "handling=strict",
            _ => {
                if let Some(limit) = word.strip_prefix("max-affected=").filter(|_| is_strict) {
                    self.max_affected = limit.parse().ok();
                }
                return;
            }
        };
        self.applied.push(applied);
    }

    /// The header `Preference-Applied`; empty when there is nothing to say.
    pub(in crate::rest) fn applied(&self) -> String {
        self.applied.join(", ")
    }
}
