//! Conditions: `status=in.(queued,"run,ning")`, `or=(a.eq.1,and(b.gt.2,c.is.null))`.

use super::cursor::{Cursor, DEPTH_LIMIT};
use super::field::Field;
use crate::rest::error::RestError;

/// What a row must fulfil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rest) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Test(Field, Test),
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rest) enum Test {
    /// By an operator of the field's type.
    Compare(&'static str, Quantifier, String),
    /// By an operator whose right side is a text, whatever the field's type is.
    Match(&'static str, Quantifier, String),
    In(Vec<String>),
    /// `null`, `not null`, `true`, `false`, `unknown`.
    Is(&'static str),
    /// The function that reads the query, the text search configuration, the query.
    Search(&'static str, Option<String>, String),
}

/// Whether one value is meant, or any or all of an array of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rest) enum Quantifier {
    One,
    Any,
    All,
}

/// Reads the right side of `column=operator.value`.
///
/// # Errors
/// PGRST100.
pub(super) fn parse(field: Field, text: &str) -> Result<Condition, RestError> {
    let mut cursor = Cursor::new("filter", text);
    let condition = tested(&mut cursor, field, false)?;
    cursor.must_end()?;
    Ok(condition)
}

/// Reads the right side of `or=(…)` or `and=(…)`.
///
/// # Errors
/// PGRST100.
pub(super) fn parse_tree(is_or: bool, text: &str) -> Result<Condition, RestError> {
    let mut cursor = Cursor::new("logic tree", text);
    let condition = tree(&mut cursor, is_or, DEPTH_LIMIT)?;
    cursor.must_end()?;
    Ok(condition)
}

fn tree(cursor: &mut Cursor<'_>, is_or: bool, depth: usize) -> Result<Condition, RestError> {
    if depth == 0 {
        return Err(cursor.error("conditions that are nested less deeply"));
    }
    cursor.must_take("(")?;
    let mut conditions = Vec::new();
    loop {
        cursor.skip_spaces();
        conditions.push(branch(cursor, depth)?);
        cursor.skip_spaces();
        if cursor.takes(")") {
            break;
        }
        cursor.must_take(",")?;
    }
    Ok(match is_or {
        true => Condition::Any(conditions),
        false => Condition::All(conditions),
    })
}

fn branch(cursor: &mut Cursor<'_>, depth: usize) -> Result<Condition, RestError> {
    for (word, is_or) in [("or", true), ("and", false)] {
        for (prefix, is_negated) in [("", false), ("not.", true)] {
            let mut ahead = cursor.clone();
            if ahead.takes(prefix) && ahead.takes(word) && ahead.sees("(") {
                *cursor = ahead;
                let condition = tree(cursor, is_or, depth - 1)?;
                return Ok(negated_if(is_negated, condition));
            }
        }
    }
    let field = Field::read(cursor)?;
    cursor.must_take(".")?;
    tested(cursor, field, true)
}

fn negated_if(is_negated: bool, condition: Condition) -> Condition {
    match is_negated {
        true => Condition::Not(Box::new(condition)),
        false => condition,
    }
}

/// `[not.]operator[(modifier)].value`; within a tree the value ends at a comma or parenthesis.
fn tested(cursor: &mut Cursor<'_>, field: Field, in_tree: bool) -> Result<Condition, RestError> {
    let is_negated = cursor.takes("not.");
    let start = cursor.clone();
    let operator = cursor.take_while(|character| character.is_ascii_alphabetic());
    let modifier = match cursor.takes("(") {
        true => {
            let modifier =
                cursor.take_while(|character| character.is_alphanumeric() || character == '_');
            cursor.must_take(")")?;
            Some(modifier)
        }
        false => None,
    };
    cursor
        .must_take(".")
        .map_err(|_| start.error("an operator (eq, gt, ...) and \".\""))?;
    let test = match operator {
        "in" if modifier.is_none() => Test::In(list(cursor)?),
        "is" if modifier.is_none() => Test::Is(state(cursor)?),
        _ => {
            let unknown = || start.error("operator (eq, gt, ...)");
            let test = known(operator, modifier).ok_or_else(unknown)?;
            test(value(cursor, in_tree)?)
        }
    };
    Ok(negated_if(is_negated, Condition::Test(field, test)))
}

/// The test that an operator makes of a value.
fn known<'m>(
    operator: &str,
    modifier: Option<&'m str>,
) -> Option<Box<dyn FnOnce(String) -> Test + 'm>> {
    let search = match operator {
        "fts" => Some("to_tsquery"),
        "plfts" => Some("plainto_tsquery"),
        "phfts" => Some("phraseto_tsquery"),
        "wfts" => Some("websearch_to_tsquery"),
        _ => None,
    };
    if let Some(function) = search {
        let language = modifier.map(str::to_owned);
        return Some(Box::new(move |query| {
            Test::Search(function, language, query)
        }));
    }
    let quantifier = match modifier {
        None => Quantifier::One,
        Some("any") => Quantifier::Any,
        Some("all") => Quantifier::All,
        Some(_) => return None,
    };
    let text_operator = match operator {
        "like" => Some("like"),
        "ilike" => Some("ilike"),
        "match" => Some("~"),
        "imatch" => Some("~*"),
        _ => None,
    };
    if let Some(sql) = text_operator {
        let has_wildcards = operator.ends_with("like");
        return Some(Box::new(move |value| match has_wildcards {
            // A star stands for the percent sign, which would have to be written %25 in a URL.
            true => Test::Match(sql, quantifier, value.replace('*', "%")),
            false => Test::Match(sql, quantifier, value),
        }));
    }
    let sql = match operator {
        "eq" => "=",
        "gt" => ">",
        "gte" => ">=",
        "lt" => "<",
        "lte" => "<=",
        _ if quantifier != Quantifier::One => return None,
        "neq" => "<>",
        "isdistinct" => "is distinct from",
        "cs" => "@>",
        "cd" => "<@",
        "ov" => "&&",
        "sl" => "<<",
        "sr" => ">>",
        "nxr" => "&<",
        "nxl" => "&>",
        "adj" => "-|-",
        _ => return None,
    };
    Some(Box::new(move |value| Test::Compare(sql, quantifier, value)))
}

/// Everything to the end; within a tree a quoted text, an array in braces, or everything to a comma or parenthesis.
fn value(cursor: &mut Cursor<'_>, in_tree: bool) -> Result<String, RestError> {
    if !in_tree {
        return Ok(cursor.take_while(|_| true).to_owned());
    }
    if cursor.sees("{") {
        let inside = cursor.take_while(|character| character != '}').to_owned();
        cursor.must_take("}")?;
        return Ok(inside + "}");
    }
    Ok(cursor.value())
}

/// `(a,"b,c")`
fn list(cursor: &mut Cursor<'_>) -> Result<Vec<String>, RestError> {
    cursor.must_take("(")?;
    if cursor.takes(")") {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    loop {
        values.push(cursor.value());
        if cursor.takes(")") {
            return Ok(values);
        }
        cursor.must_take(",")?;
    }
}

fn state(cursor: &mut Cursor<'_>) -> Result<&'static str, RestError> {
    let start = cursor.clone();
    let word = cursor.take_while(|character| character.is_ascii_alphabetic() || character == '_');
    match word.to_ascii_lowercase().as_str() {
        "null" => Ok("null"),
        "not_null" => Ok("not null"),
        "true" => Ok("true"),
        "false" => Ok("false"),
        "unknown" => Ok("unknown"),
        _ => Err(start.error("null, not_null, true, false or unknown")),
    }
}
