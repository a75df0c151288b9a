//! `GET /openapi.json`, the functions described for machines, and `GET /admin/v1/openapi.json`, the same for the operator's
//! addresses. The tests hold every answer of ours against them.

use axum::http::header::{CONTENT_TYPE, HeaderName};

/// OpenAPI 3.1, kept by hand: what the functions answer is worded in SQL, so there are no types to derive it from.
const FUNCTIONS: &str = include_str!("../openapi.json");
/// A document of its own: apps, whose types are made of the other one, have no use for it.
const ADMIN: &str = include_str!("../admin.openapi.json");

type Document = ([(HeaderName, &'static str); 1], &'static str);

/// 200 with the functions' document.
pub(crate) async fn openapi() -> Document {
    ([(CONTENT_TYPE, "application/json")], FUNCTIONS)
}

/// 200 with the operator's.
pub(crate) async fn admin_openapi() -> Document {
    ([(CONTENT_TYPE, "application/json")], ADMIN)
}
