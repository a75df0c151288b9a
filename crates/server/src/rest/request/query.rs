//! The query string as a whole: what is selected, which conditions, orders and limits hold for which resource.

use super::cursor::Cursor;
use super::field::{self, Field};
use super::filter::{self, Condition};
use super::order::{self, OrderTerm};
use super::select::{self, SelectItem};
use crate::rest::error::RestError;

/// A query string that could be read.
#[derive(Debug, Default)]
pub(in crate::rest) struct Query {
    pub(in crate::rest) select: Vec<SelectItem>,
    /// Each with the embedded resource that it is for, by the names on the way there; none for the rows themselves.
    pub(in crate::rest) parts: Vec<(Vec<String>, Part)>,
    pub(in crate::rest) columns: Option<Vec<String>>,
    pub(in crate::rest) on_conflict: Option<Vec<String>>,
    /// What a function is called with.
    pub(in crate::rest) arguments: Vec<(String, String)>,
}

/// What is asked of one resource.
#[derive(Debug)]
pub(in crate::rest) enum Part {
    Filter(Condition),
    Order(Vec<OrderTerm>),
    Limit(i64),
    Offset(i64),
}

impl Query {
    /// Reads the query string; what `is_argument` names is for the function that is called.
    ///
    /// # Errors
    /// PGRST100, and PGRST103 for a limit or an offset below zero.
    pub(in crate::rest) fn parse(
        text: &str,
        is_argument: impl Fn(&str) -> bool,
    ) -> Result<Self, RestError> {
        let mut query = Self {
            select: vec![SelectItem::All],
            ..Self::default()
        };
        for (key, value) in form_urlencoded::parse(text.as_bytes()) {
            if key.contains('\0') || value.contains('\0') {
                let expected = "no character U+0000, which PostgreSQL cannot store";
                return Err(RestError::unreadable("query string", &key, expected));
            }
            match &*key {
                argument if is_argument(argument) => {
                    query.arguments.push((key.into_owned(), value.into_owned()))
                }
                "select" => query.select = select::parse(&value)?,
                "columns" => query.columns = Some(names("columns parameter", &value)?),
                "on_conflict" => query.on_conflict = Some(names("on_conflict parameter", &value)?),
                _ => query.parts.push(part(&key, &value)?),
            }
        }
        Ok(query)
    }

    /// Whether any of the rows themselves would be left out by a condition.
    pub(in crate::rest) fn has_filters(&self) -> bool {
        self.parts
            .iter()
            .any(|(path, part)| path.is_empty() && matches!(part, Part::Filter(_)))
    }

    /// Whether a limit or an offset is set on the rows themselves.
    pub(in crate::rest) fn has_limits(&self) -> bool {
        self.parts
            .iter()
            .any(|(path, part)| path.is_empty() && matches!(part, Part::Limit(_) | Part::Offset(_)))
    }
}

fn names(what: &'static str, text: &str) -> Result<Vec<String>, RestError> {
    let mut cursor = Cursor::new(what, text);
    let mut names = Vec::new();
    loop {
        cursor.skip_spaces();
        names.push(cursor.name()?);
        if !cursor.takes(",") {
            cursor.must_end()?;
            return Ok(names);
        }
    }
}

/// `a.b.column->path=…`, `a.b.order=…`, `a.b.not.or=…`
fn part(key: &str, value: &str) -> Result<(Vec<String>, Part), RestError> {
    let mut cursor = Cursor::new("filter", key);
    let mut path = Vec::new();
    let column = loop {
        let name = cursor.name()?;
        if !cursor.takes(".") {
            break name;
        }
        path.push(name);
    };
    let way = field::path(&mut cursor)?;
    cursor.must_end()?;
    let part = match (column.as_str(), way.is_empty()) {
        ("order", true) => Part::Order(order::parse(value)?),
        ("limit", true) => Part::Limit(at_least_zero("Limit", value)?),
        ("offset", true) => Part::Offset(at_least_zero("Offset", value)?),
        (word @ ("or" | "and"), true) => {
            let is_negated = path.last().is_some_and(|last| last == "not");
            let tree = filter::parse_tree(word == "or", value)?;
            if is_negated {
                path.pop();
                Part::Filter(Condition::Not(Box::new(tree)))
            } else {
                Part::Filter(tree)
            }
        }
        _ => Part::Filter(filter::parse(Field { column, path: way }, value)?),
    };
    Ok((path, part))
}

fn at_least_zero(what: &str, text: &str) -> Result<i64, RestError> {
    let number: i64 = text
        .parse()
        .map_err(|_| RestError::unreadable(&what.to_lowercase(), text, "a whole number"))?;
    match number {
        0.. => Ok(number),
        _ => Err(RestError::unsatisfiable(format!(
            "{what} should be greater than or equal to zero."
        ))),
    }
}
