//! How far a half-written JSON answer is: "day 3 of 7".

/// How many elements of the array that stands at the top level under this name are complete in the beginning of a JSON object.
///
/// Strings and nesting are followed, nothing else is checked; what comes before the first `{` is passed over.
#[must_use]
pub fn complete_elements(partial: &str, name: &str) -> usize {
    let mut scan = Scan::default();
    for byte in partial.bytes() {
        scan.read(byte, name.as_bytes());
    }
    scan.complete
}

#[derive(Default)]
struct Scan {
    /// How many brackets are open.
    depth: usize,
    /// Inside a string, and whether its next byte is escaped.
    string: Option<bool>,
    /// The last string at the top level: a key, if a colon follows.
    key: Vec<u8>,
    /// Whether the top-level value being read is the array.
    inside: bool,
    /// Whether an element of the array has begun that is neither object nor array nor ended.
    scalar: bool,
    complete: usize,
}

impl Scan {
    fn read(&mut self, byte: u8, name: &[u8]) {
        if let Some(escaped) = self.string {
            return self.read_string(byte, escaped);
        }
        match byte {
            b'{' | b'[' if self.depth > 0 || byte == b'{' => self.open(byte, name),
            b'}' | b']' => self.close(),
            b'"' if self.depth > 0 => {
                self.string = Some(false);
                if self.depth == 1 {
                    self.key.clear();
                }
                self.scalar |= self.at_element();
            }
            b',' if self.at_element() => self.end_scalar(),
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => self.scalar |= self.at_element(),
        }
    }

    fn read_string(&mut self, byte: u8, escaped: bool) {
        self.string = match (escaped, byte) {
            (false, b'"') => return self.string = None,
            (false, b'\\') => Some(true),
            _ => Some(false),
        };
        if self.depth == 1 {
            self.key.push(byte);
        }
    }

    fn open(&mut self, byte: u8, name: &[u8]) {
        self.inside |= self.depth == 1 && byte == b'[' && self.key == name;
        self.depth += 1;
    }

    fn close(&mut self) {
        if self.at_element() {
            self.end_scalar();
            self.inside = false;
        }
        self.depth = self.depth.saturating_sub(1);
        if self.at_element() {
            self.complete += 1;
        }
    }

    /// Whether the place is between the array's own brackets, in no deeper ones.
    fn at_element(&self) -> bool {
        self.inside && self.depth == 2
    }

    fn end_scalar(&mut self) {
        self.complete += usize::from(std::mem::take(&mut self.scalar));
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn elements_are_counted_when_their_bracket_closes() {
        for (partial, complete) in [
            ("", 0),
            (r#"{"days""#, 0),
            (r#"{"days":["#, 0),
            (r#"{"days":[{"name":"a""#, 0),
            (r#"{"days":[{"name":"a"}"#, 1),
            (r#"{"days":[{"name":"}]"},{"slots":[{},{}],"#, 1),
            (
                r#"{"days":[{"name":"\"}"},{"slots":[{}]}],"more":[1,2,3]}"#,
                2,
            ),
            (r#"{"note":"days","other":[1,2],"days":[{}"#, 1),
            (r#"{"inner":{"days":[1,2,3]},"days":[{}"#, 1),
            (r#"{"days":[1, "two", null"#, 2),
            (r#"{"days":[1, "two", null]"#, 3),
            (r#"{"days":[[],[[]],{}"#, 3),
            ("```json\n{\"days\":[{},{}", 2),
            ("[[[", 0),
        ] {
            assert_eq!(complete_elements(partial, "days"), complete, "{partial}");
        }
    }

    fn element() -> impl Strategy<Value = Value> {
        prop_oneof![
            any::<i32>().prop_map(|number| json!(number)),
            any::<String>().prop_map(|text| json!(text)),
            vec(any::<String>(), 0..3).prop_map(|texts| json!({ "slots": texts })),
            vec(any::<bool>(), 0..3).prop_map(|flags| json!(flags)),
        ]
    }

    proptest! {
        #[test]
        fn the_count_grows_to_the_whole(elements in vec(element(), 0..6), before in any::<String>(), pretty in any::<bool>()) {
            let answer = json!({ "a": before, "days": elements, "z": [[1], 2] });
            let text = if pretty { format!("{answer:#}") } else { answer.to_string() };
            let mut last = 0;
            for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
                let count = complete_elements(&text[..end], "days");
                prop_assert!(count >= last && count <= elements.len());
                last = count;
            }
            prop_assert_eq!(last, elements.len());
        }

        #[test]
        fn it_never_panics(text in any::<String>(), name in any::<String>()) {
            let _ = complete_elements(&text, &name);
        }
    }
}
