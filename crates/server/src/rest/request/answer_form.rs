//! The header `Accept`: a list of rows, or exactly one row.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

use crate::rest::error::RestError;

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rest) struct AnswerForm {
    /// One object instead of a list, and 406 unless there is exactly one row.
    pub(in crate::rest) is_single: bool,
    /// Without the fields that are null.
    pub(in crate::rest) without_nulls: bool,
}

const OBJECT: &str = "application/vnd.pgrst.object";
const ARRAY: &str = "application/vnd.pgrst.array";

impl AnswerForm {
    /// The first form in the header that can be given.
    ///
    /// # Errors
    /// 406 PGRST107 when there is none.
    pub(in crate::rest) fn of(headers: &HeaderMap) -> Result<Self, RestError> {
        let accept = match headers.get(ACCEPT) {
            Some(value) => value.to_str().unwrap_or_default(),
            None => "*/*",
        };
        accept.split(',').find_map(Self::parse).ok_or_else(|| {
            RestError::new(
                406,
                "PGRST107",
                format!("None of these media types are available: {accept}"),
            )
        })
    }

    fn parse(media_type: &str) -> Option<Self> {
        let mut pieces = media_type.split(';').map(str::trim);
        let name = pieces.next()?;
        let name = name.strip_suffix("+json").unwrap_or(name);
        let is_single = name == OBJECT;
        let is_known =
            is_single || [ARRAY, "application/json", "application/*", "*/*"].contains(&name);
        is_known.then(|| Self {
            is_single,
            without_nulls: pieces.any(|piece| piece == "nulls=stripped"),
        })
    }

    pub(in crate::rest) fn content_type(self) -> &'static str {
        match (self.is_single, self.without_nulls) {
            (true, false) => "application/vnd.pgrst.object+json; charset=utf-8",
            (true, true) => "application/vnd.pgrst.object+json;nulls=stripped; charset=utf-8",
            (false, true) => "application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8",
            (false, false) => "application/json; charset=utf-8",
        }
    }
}
