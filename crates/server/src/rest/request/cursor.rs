//! Walking along a part of a query string: the words that PostgREST's little languages have in common.

use crate::rest::error::RestError;

/// How deep conditions and embedded resources may be nested.
pub(super) const DEPTH_LIMIT: usize = 12;

/// A place in a text.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'t> {
    what: &'static str,
    text: &'t str,
    rest: &'t str,
}

impl<'t> Cursor<'t> {
    /// The beginning of `text`; errors call it `what`.
    pub(super) fn new(what: &'static str, text: &'t str) -> Self {
        Self {
            what,
            text,
            rest: text,
        }
    }

    /// PGRST100, with what would have been right here.
    pub(super) fn error(&self, expected: &str) -> RestError {
        let found = match self.rest.chars().next() {
            Some(character) => format!("{expected} instead of \"{character}\""),
            None => format!("{expected} instead of the end"),
        };
        RestError::unreadable(self.what, self.text, &found)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn sees(&self, text: &str) -> bool {
        self.rest.starts_with(text)
    }

    /// Steps over `text` if it stands here.
    pub(super) fn takes(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    pub(super) fn must_take(&mut self, text: &str) -> Result<(), RestError> {
        match self.takes(text) {
            true => Ok(()),
            false => Err(self.error(&format!("\"{text}\""))),
        }
    }

    pub(super) fn must_end(&self) -> Result<(), RestError> {
        match self.is_at_end() {
            true => Ok(()),
            false => Err(self.error("the end")),
        }
    }

    pub(super) fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// All characters from here that `belongs` lets pass, perhaps none.
    pub(super) fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let end = self
            .rest
            .find(|character| !belongs(character))
            .unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    /// A text in double quotes, with backslash before what is meant literally; none if no quote stands here.
    pub(super) fn quoted(&mut self) -> Result<Option<String>, RestError> {
        if !self.takes("\"") {
            return Ok(None);
        }
        let mut value = String::new();
        let mut characters = self.rest.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(Some(value));
                }
                '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
                other => value.push(other),
            }
        }
        self.rest = "";
        Err(self.error("a closing \""))
    }

    /// A value to the next comma or parenthesis; one in double quotes may hold them, if the quotes are all there is of it.
    pub(super) fn value(&mut self) -> String {
        let mut ahead = self.clone();
        if let Ok(Some(quoted)) = ahead.quoted()
            && (ahead.is_at_end() || ahead.sees(",") || ahead.sees(")"))
        {
            *self = ahead;
            return quoted;
        }
        self.take_while(|character| !",)".contains(character))
            .to_owned()
    }

    /// A name: in double quotes, or letters, digits, `_`, `$`, spaces, and `-` where it begins no arrow.
    pub(super) fn name(&mut self) -> Result<String, RestError> {
        if let Some(name) = self.quoted()? {
            return Ok(name);
        }
        let belongs = |character: char| character.is_alphanumeric() || "_$ ".contains(character);
        let mut name = self.take_while(belongs).to_owned();
        while self.sees("-") && !self.sees("->") && !name.is_empty() {
            let mut ahead = self.clone();
            ahead.takes("-");
            let part = ahead.take_while(belongs);
            if part.is_empty() {
                break;
            }
            name = format!("{name}-{part}");
            *self = ahead;
        }
        match name.trim() {
            "" => Err(self.error("a name")),
            name => Ok(name.to_owned()),
        }
    }
}
