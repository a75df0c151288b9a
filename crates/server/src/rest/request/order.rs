//! `order=`: `created_at.desc.nullslast,id`, also by a column of an embedded to-one, `exercises(name).asc`.

use super::cursor::Cursor;
use super::field::Field;
use crate::rest::error::RestError;

/// One thing to sort by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rest) struct OrderTerm {
    /// The embedded resource whose column it is.
    pub(in crate::rest) of: Option<String>,
    pub(in crate::rest) field: Field,
    /// ` desc nulls last`, as SQL has it; empty for what PostgreSQL does by itself.
    pub(in crate::rest) direction: String,
}

/// At most one of each pair, in this order.
const WORDS: [[(&str, &str); 2]; 2] = [
    [(".asc", " asc"), (".desc", " desc")],
    [
        (".nullsfirst", " nulls first"),
        (".nullslast", " nulls last"),
    ],
];

/// Reads `order=`.
///
/// # Errors
/// PGRST100.
pub(super) fn parse(text: &str) -> Result<Vec<OrderTerm>, RestError> {
    let mut cursor = Cursor::new("order", text);
    let mut terms = Vec::new();
    loop {
        cursor.skip_spaces();
        terms.push(term(&mut cursor)?);
        cursor.skip_spaces();
        if !cursor.takes(",") {
            cursor.must_end()?;
            return Ok(terms);
        }
    }
}

fn term(cursor: &mut Cursor<'_>) -> Result<OrderTerm, RestError> {
    let mut field = Field::read(cursor)?;
    let mut of = None;
    if field.path.is_empty() && cursor.takes("(") {
        of = Some(field.column);
        field = Field::read(cursor)?;
        cursor.must_take(")")?;
    }
    let mut direction = String::new();
    for words in WORDS {
        if let Some((_, sql)) = words.into_iter().find(|(word, _)| cursor.takes(word)) {
            direction.push_str(sql);
        }
    }
    if !(cursor.is_at_end() || cursor.sees(",") || cursor.sees(" ")) {
        return Err(cursor.error("\".asc\", \".desc\", \".nullsfirst\", \".nullslast\" or \",\""));
    }
    Ok(OrderTerm {
        of,
        field,
        direction,
    })
}
