//! The text of a filter: `column=operator.value`, several joined by commas, all of which must hold.

use coach::change_feed::{Condition, Operator};

/// The most values that `in.(…)` may list, and the most conditions of a filter.
const MOST: usize = 100;

/// Reads a filter; a blank one has no conditions.
///
/// # Errors
/// Says what is wrong and what would be right.
pub(super) fn parse(filter: &str) -> Result<Vec<Condition>, String> {
    let mut rest = filter.trim();
    let mut conditions = Vec::new();
    while !rest.is_empty() {
        let (condition, after) = condition(rest)?;
        conditions.push(condition);
        rest = match after.strip_prefix(',') {
            Some(next) if !next.trim().is_empty() => next.trim_start(),
            None if after.is_empty() => after,
            _ => {
                return Err(format!(
                    "nothing but a comma and a condition may follow in \"{filter}\""
                ));
            }
        };
        if conditions.len() > MOST {
            return Err(format!("a filter has at most {MOST} conditions"));
        }
    }
    Ok(conditions)
}

/// Reads one condition and what stands behind it.
fn condition(text: &str) -> Result<(Condition, &str), String> {
    let malformed =
        || format!("\"{text}\" is no condition: write column=operator.value, as in id=eq.7");
    let (column, test) = text.split_once('=').ok_or_else(malformed)?;
    let (negated, test) = match test.strip_prefix("not.") {
        Some(test) => (true, test),
        None => (false, test),
    };
    let (operator, operand) = test.split_once('.').ok_or_else(malformed)?;
    let column = column.trim();
    if column.is_empty() {
        return Err(malformed());
    }
    let (operator, values, rest) = operation(operator, operand)?;
    let condition = Condition {
        column: column.to_owned(),
        operator,
        negated,
        values,
    };
    Ok((condition, rest))
}

fn operation<'a>(name: &str, operand: &'a str) -> Result<(Operator, Vec<String>, &'a str), String> {
    let operator = match name {
        "eq" => Operator::Equal,
        "neq" => Operator::NotEqual,
        "lt" => Operator::Less,
        "lte" => Operator::LessOrEqual,
        "gt" => Operator::Greater,
        "gte" => Operator::GreaterOrEqual,
        "isdistinct" => Operator::IsDistinct,
        "in" => {
            let (values, rest) = list(operand)?;
            return Ok((Operator::In, values, rest));
        }
        "is" => {
            let (word, rest) = value(operand, &[','])?;
            let operator = match word.to_ascii_lowercase().as_str() {
                "null" => Operator::IsNull,
                "true" => Operator::IsTrue,
                "false" => Operator::IsFalse,
                "unknown" => Operator::IsUnknown,
                _ => return Err(format!("is.{word}: expected null, true, false or unknown")),
            };
            return Ok((operator, Vec::new(), rest));
        }
        other => {
            return Err(format!(
                "the operator \"{other}\" is not served here; served are eq, neq, lt, lte, gt, gte, in, is, isdistinct"
            ));
        }
    };
    let (value, rest) = value(operand, &[','])?;
    Ok((operator, vec![value], rest))
}

/// Reads `(a,b)`.
fn list(text: &str) -> Result<(Vec<String>, &str), String> {
    let malformed = || format!("in.{text}: expected a list such as in.(a,b)");
    let mut rest = text.strip_prefix('(').ok_or_else(malformed)?;
    let mut values = Vec::new();
    loop {
        let (item, after) = value(rest, &[',', ')'])?;
        values.push(item);
        if values.len() > MOST {
            return Err(format!("in lists at most {MOST} values"));
        }
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => return Ok((values, after.strip_prefix(')').ok_or_else(malformed)?)),
        }
    }
}

/// Reads a value up to one of `ends`, or one in double quotes, in which a backslash escapes.
fn value<'a>(text: &'a str, ends: &[char]) -> Result<(String, &'a str), String> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(ends).unwrap_or(text.len());
        return Ok((text[..end].to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((index, letter)) = letters.next() {
        match letter {
            '"' => return Ok((value, &quoted[index + 1..])),
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            letter => value.push(letter),
        }
    }
    Err(format!("the quote in {text} is never closed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(column: &str, operator: Operator, negated: bool, values: &[&str]) -> Condition {
        Condition {
            column: column.into(),
            operator,
            negated,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        }
    }

    #[test]
    fn a_filter_is_read() {
        for (text, expected) in [
            ("", vec![]),
            ("  ", vec![]),
            ("id=eq.7", vec![one("id", Operator::Equal, false, &["7"])]),
            (
                "t=eq.a.b=c",
                vec![one("t", Operator::Equal, false, &["a.b=c"])],
            ),
            ("t=eq.", vec![one("t", Operator::Equal, false, &[""])]),
            (
                "t=not.neq.x",
                vec![one("t", Operator::NotEqual, true, &["x"])],
            ),
            (
                r#"t=eq."a,\"b\\",n=lt.5"#,
                vec![
                    one("t", Operator::Equal, false, &[r#"a,"b\"#]),
                    one("n", Operator::Less, false, &["5"]),
                ],
            ),
            (
                r#"t=in.(a,"b,)",c),n=gte.1"#,
                vec![
                    one("t", Operator::In, false, &["a", "b,)", "c"]),
                    one("n", Operator::GreaterOrEqual, false, &["1"]),
                ],
            ),
            ("t=is.NULL", vec![one("t", Operator::IsNull, false, &[])]),
        ] {
            assert_eq!(parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused_in_a_sentence() {
        let long = format!("t=in.({})", vec!["a"; 101].join(","));
        for text in [
            "id",
            "=eq.1",
            "id=eq",
            "id=like.x",
            "id=in.a",
            "id=in.(a",
            "id=eq.\"a",
            "id=eq.1,",
            "id=eq.1,x",
            "id=is.7",
            "id=eq.\"a\"b",
            &long,
        ] {
            let sentence = parse(text).unwrap_err();
            assert!(sentence.len() > 20, "{text}: {sentence}");
        }
    }
}
