//! Cursors and identifiers: base64 of a JSON list of what a row is found again by.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;

/// The values in a cursor as text, none for null; or none when it is no cursor.
pub(super) fn decode(text: &str) -> Option<Vec<Option<String>>> {
    let bytes = STANDARD.decode(text).ok()?;
    // Numbers stay the text that they are: a float would lose digits.
    let items: Vec<&RawValue> = serde_json::from_slice(&bytes).ok()?;
    items
        .into_iter()
        .map(|item| match item.get() {
            "null" => Some(None),
            text if text.starts_with('"') => serde_json::from_str(text).ok().map(Some),
            text if text.starts_with(['[', '{']) => None,
            text => Some(Some(text.to_owned())),
        })
        .collect()
}

/// SQL that encodes a `jsonb` list so.
pub(super) fn encoded(list: &str) -> String {
    format!(
        "pg_catalog.translate(pg_catalog.encode(pg_catalog.convert_to(({list})::text, 'UTF8'), 'base64'), E'\\n', '')"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_list_of_plain_values_is_a_cursor() {
        let cursor = |json: &str| decode(&STANDARD.encode(json));
        let values = cursor("[1, \"a\", null, true]");
        let texts = [Some("1"), Some("a"), None, Some("true")];
        assert_eq!(
            values,
            Some(texts.map(|text| text.map(str::to_owned)).to_vec())
        );
        assert_eq!(decode("WzFd"), Some(vec![Some("1".into())]));
        for wrong in ["{}", "1", "[[1]]", "[{}]", "[", ""] {
            assert_eq!(cursor(wrong), None, "{wrong}");
        }
        assert_eq!(decode("?"), None);
    }
}
