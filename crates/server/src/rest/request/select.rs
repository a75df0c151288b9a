//! `select=`: which columns come back, under which names, with which resources embedded.

use super::cursor::{Cursor, DEPTH_LIMIT};
use super::field::Field;
use crate::rest::error::RestError;

/// One thing to come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rest) enum SelectItem {
    /// `*`
    All,
    /// `alias:column->path::cast`
    Field {
        field: Field,
        alias: Option<String>,
        cast: Option<String>,
    },
    /// `alias:target!hint!inner(…)`
    Embed(Embed),
}

/// Rows of another table that belong to a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rest) struct Embed {
    pub(in crate::rest) target: String,
    pub(in crate::rest) alias: Option<String>,
    pub(in crate::rest) hint: Option<String>,
    /// Rows to which nothing belongs stay away.
    pub(in crate::rest) is_inner: bool,
    /// `...target(…)`: its columns among those of the row.
    pub(in crate::rest) is_spread: bool,
    pub(in crate::rest) items: Vec<SelectItem>,
}

impl Embed {
    /// What it is called in the answer.
    pub(in crate::rest) fn name(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.target)
    }
}

/// Reads `select=`; nothing means everything.
///
/// # Errors
/// PGRST100, or PGRST123 for an aggregate.
pub(super) fn parse(text: &str) -> Result<Vec<SelectItem>, RestError> {
    let mut cursor = Cursor::new("select parameter", text);
    cursor.skip_spaces();
    if cursor.is_at_end() {
        return Ok(vec![SelectItem::All]);
    }
    let items = items(&mut cursor, DEPTH_LIMIT)?;
    cursor.must_end()?;
    Ok(items)
}

fn items(cursor: &mut Cursor<'_>, depth: usize) -> Result<Vec<SelectItem>, RestError> {
    if depth == 0 {
        return Err(cursor.error("resources that are nested less deeply"));
    }
    let mut items = Vec::new();
    loop {
        cursor.skip_spaces();
        items.push(item(cursor, depth)?);
        cursor.skip_spaces();
        if !cursor.takes(",") {
            return Ok(items);
        }
    }
}

fn item(cursor: &mut Cursor<'_>, depth: usize) -> Result<SelectItem, RestError> {
    if cursor.takes("*") {
        return Ok(SelectItem::All);
    }
    let is_spread = cursor.takes("...");
    let mut field = Field::read(cursor)?;
    let mut alias = None;
    if field.path.is_empty() && cursor.sees(":") && !cursor.sees("::") {
        cursor.must_take(":")?;
        cursor.skip_spaces();
        alias = Some(field.column);
        field = Field::read(cursor)?;
    }
    if field.path.is_empty() && (cursor.sees("!") || cursor.sees("(")) {
        let embed = embed(cursor, field.column, alias, is_spread, depth)?;
        return Ok(SelectItem::Embed(embed));
    }
    if is_spread {
        return Err(cursor.error("\"(\""));
    }
    if cursor.sees(".") {
        return Err(no_aggregates());
    }
    let cast = match cursor.takes("::") {
        true => Some(cast(cursor)?),
        false => None,
    };
    Ok(SelectItem::Field { field, alias, cast })
}

fn embed(
    cursor: &mut Cursor<'_>,
    target: String,
    alias: Option<String>,
    is_spread: bool,
    depth: usize,
) -> Result<Embed, RestError> {
    let (mut hint, mut is_inner) = (None, false);
    while cursor.takes("!") {
        match cursor.name()?.as_str() {
            "inner" => is_inner = true,
            "left" => is_inner = false,
            other => hint = Some(other.to_owned()),
        }
    }
    cursor.must_take("(")?;
    cursor.skip_spaces();
    let items = match cursor.sees(")") {
        true => Vec::new(),
        false => items(cursor, depth - 1)?,
    };
    cursor.must_take(")")?;
    if target == "count" && items.is_empty() {
        return Err(no_aggregates());
    }
    Ok(Embed {
        target,
        alias,
        hint,
        is_inner,
        is_spread,
        items,
    })
}

fn cast(cursor: &mut Cursor<'_>) -> Result<String, RestError> {
    let name = cursor
        .take_while(|character| character.is_ascii_alphanumeric() || "_ []".contains(character));
    match name.trim() {
        "" => Err(cursor.error("the name of a type")),
        name => Ok(name.to_ascii_lowercase()),
    }
}

fn no_aggregates() -> RestError {
    RestError::new(400, "PGRST123", "Use of aggregate functions is not allowed")
}
