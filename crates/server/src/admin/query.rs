//! What a list may be asked for, in an address or a body.

use axum::extract::Query;
use axum::http::Uri;
use durable::inspect::{Filter, Position};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::invalid;
use crate::refused::Bare;

/// The tasks in a page unless said otherwise, and at most.
const PAGE: i64 = 50;
const LONGEST_PAGE: i64 = 200;
/// A year, in hours: the longest window.
const LONGEST_WINDOW: i32 = 366 * 24;

/// Which tasks, in the words of the address. Moments are RFC 3339.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct TaskFilter {
    kind: Option<String>,
    state: Option<String>,
    queue: Option<String>,
    user: Option<String>,
    since: Option<String>,
    until: Option<String>,
    error_code: Option<String>,
    min_cost: Option<i64>,
    text: Option<String>,
}

impl TaskFilter {
    /// The same for the engine.
    ///
    /// # Errors
    /// 400 that says what is wrong and what would be right.
    pub(super) fn read(self) -> Result<Filter, Bare> {
        let text = self.text.filter(|text| !text.is_empty());
        if text.as_ref().is_some_and(|text| text.chars().count() < 4) {
            return Err(invalid(
                "text must have at least four characters: the beginning of a task's id or of its user's.",
            ));
        }
        let state = self.state.map(|name| name.parse()).transpose();
        Ok(Filter {
            kind: self.kind,
            state: state.map_err(invalid)?,
            queue: self.queue,
            user: self.user,
            since: moment("since", self.since)?,
            until: moment("until", self.until)?,
            error_code: self.error_code,
            least_cost: self.min_cost,
            text: text.map(|text| text.to_lowercase()),
        })
    }
}

fn moment(name: &str, text: Option<String>) -> Result<Option<i64>, Bare> {
    let Some(text) = text else { return Ok(None) };
    match text.parse::<Timestamp>() {
        Ok(at) => Ok(Some(at.as_microsecond())),
        Err(_) => Err(invalid(format!(
            "{name} must be a moment such as 2026-11-22T11:00:00Z."
        ))),
    }
}

/// Which page of a list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct PageQuery {
    limit: Option<i64>,
    after: Option<String>,
}

impl PageQuery {
    /// How many.
    ///
    /// # Errors
    /// 400 beyond 1 to 200.
    pub(super) fn limit(&self) -> Result<i64, Bare> {
        match self.limit.unwrap_or(PAGE) {
            limit @ 1..=LONGEST_PAGE => Ok(limit),
            _ => Err(invalid(format!("limit must be from 1 to {LONGEST_PAGE}."))),
        }
    }

    /// Where it begins.
    ///
    /// # Errors
    /// 400 when it is none of ours.
    pub(super) fn after(&self) -> Result<Option<Position>, Bare> {
        let Some(text) = &self.after else {
            return Ok(None);
        };
        let position = text.split_once('_').and_then(|(at, id)| {
            Some(Position {
                at: at.parse().ok()?,
                id: id.parse().ok()?,
            })
        });
        match position {
            Some(position) => Ok(Some(position)),
            None => Err(invalid("after must be the next of the page before.")),
        }
    }

    /// As it was said.
    pub(super) fn raw_after(&self) -> Option<&str> {
        self.after.as_deref()
    }
}

/// The text of a place in a list.
pub(super) fn cursor(position: Position) -> String {
    format!("{}_{}", position.at, position.id)
}

/// The address's query, as the fields of `T`, each known and at most once.
///
/// # Errors
/// 400 that names the field.
pub(super) fn read<T: DeserializeOwned>(uri: &Uri) -> Result<T, Bare> {
    Query::<T>::try_from_uri(uri)
        .map(|Query(read)| read)
        .map_err(|error| {
            let detail = std::error::Error::source(&error);
            invalid(format!(
                "The address cannot be read: {}.",
                detail.map_or_else(|| error.to_string(), ToString::to_string)
            ))
        })
}

/// A task list's query: its filter and its page, which share the address.
///
/// # Errors
/// 400 that names what is wrong.
pub(super) fn task_list(uri: &Uri) -> Result<(Filter, PageQuery), Bare> {
    let mut fields: Map<String, Value> = read::<std::collections::BTreeMap<String, String>>(uri)?
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name, value.into()))
        .collect();
    let page = PageQuery {
        limit: number(fields.remove("limit"), "limit")?,
        after: fields
            .remove("after")
            .and_then(|after| after.as_str().map(str::to_owned)),
    };
    if let Some(cost) = number(fields.remove("min_cost"), "min_cost")? {
        fields.insert("min_cost".into(), cost.into());
    }
    let filter: TaskFilter = serde_json::from_value(Value::Object(fields))
        .map_err(|error| invalid(format!("The address cannot be read: {error}.")))?;
    Ok((filter.read()?, page))
}

fn number(value: Option<Value>, name: &str) -> Result<Option<i64>, Bare> {
    let Some(value) = value else { return Ok(None) };
    let number = value.as_str().and_then(|text| text.parse().ok());
    number
        .map(Some)
        .ok_or_else(|| invalid(format!("{name} must be a whole number.")))
}

/// How far back figures go: `24h`, `7d`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Window {
    window: Option<String>,
}

impl Window {
    /// In hours; a day unless said otherwise.
    ///
    /// # Errors
    /// 400 when it is no window.
    pub(super) fn hours(&self) -> Result<i32, Bare> {
        let Some(text) = &self.window else {
            return Ok(24);
        };
        let split = text.len().saturating_sub(1);
        let (number, unit) = text.split_at_checked(split).unwrap_or_default();
        let hours = match unit {
            "h" => Some(1),
            "d" => Some(24),
            _ => None,
        }
        .and_then(|unit: i32| unit.checked_mul(number.parse().ok()?))
        .filter(|hours| (1..=LONGEST_WINDOW).contains(hours));
        hours.ok_or_else(|| {
            invalid("window must be hours or days, such as 24h or 7d, up to a year.")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_hours_or_days() {
        let hours = |text: &str| {
            Window {
                window: Some(text.into()),
            }
            .hours()
            .ok()
        };
        assert_eq!(Window::default().hours().ok(), Some(24));
        assert_eq!(
            (hours("1h"), hours("7d"), hours("366d")),
            (Some(1), Some(168), Some(8784))
        );
        for wrong in [
            "",
            "h",
            "7",
            "0h",
            "-1d",
            "367d",
            "1w",
            "99999999999d",
            "é",
            "1.5h",
        ] {
            assert_eq!(hours(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_list_knows_its_fields_and_no_others() {
        let list = |query: &str| task_list(&format!("/tasks?{query}").parse().unwrap());
        let (filter, page) =
            list("state=failed&min_cost=5&limit=2&since=2026-11-22T11:00:00Z&kind=").unwrap();
        assert_eq!((filter.least_cost, page.limit().unwrap()), (Some(5), 2));
        assert_eq!(
            (filter.since, filter.kind),
            (Some(1_795_345_200_000_000), None)
        );
        for wrong in [
            "stat=failed",
            "state=done",
            "min_cost=x",
            "limit=x",
            "since=yesterday",
            "text=abc",
        ] {
            assert!(list(wrong).is_err(), "{wrong}");
        }
        for after in ["x", "1_x", "_", "1"] {
            let (_, page) = list(&format!("after={after}")).unwrap();
            assert!(page.after().is_err(), "{after}");
        }
    }
}
