//! `GET /openapi.json`: the functions described for machines. The tests hold every answer of ours against it.

use axum::http::header::{CONTENT_TYPE, HeaderName};

/// OpenAPI 3.1, kept by hand: what the functions answer is worded in SQL, so there are no types to derive it from.
const DOCUMENT: &str = include_str!("../openapi.json");

/// 200 with the document.
pub(crate) async fn openapi() -> ([(HeaderName, &'static str); 1], &'static str) {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT)
}
