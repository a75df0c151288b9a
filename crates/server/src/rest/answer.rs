//! The answer: status, `Content-Range`, `Preference-Applied`, and the JSON that PostgreSQL made.

use axum::body::Body;
use axum::http::header::{CONTENT_RANGE, CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::call::Call;
use super::error::RestError;
use super::request::{AnswerForm, Preferences};
use super::run::Outcome;

const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// `aggregate` of the rows of `page`, as the form wants it: a list, or its only element.
pub(super) fn aggregate(form: AnswerForm, row: &str) -> String {
    let rows = match form.without_nulls {
        true => format!("json_agg(json_strip_nulls(to_json({row})))"),
        false => format!("json_agg({row})"),
    };
    match form.is_single {
        true => format!("({rows}->0)::text"),
        false => format!("coalesce({rows}, '[]')::text"),
    }
}

/// Refuses unless one row came where one was asked for.
///
/// # Errors
/// 406 PGRST116.
pub(super) fn check_single(form: AnswerForm, rows: i64) -> Result<(), RestError> {
    match form.is_single && rows != 1 {
        true => Err(RestError::not_one_row(rows)),
        false => Ok(()),
    }
}

/// The answer to a read: 200, or 206 where there are more rows than these.
///
/// # Errors
/// 416 PGRST103 when it is known that there are no rows so far down.
pub(super) fn page(
    call: &Call,
    form: AnswerForm,
    offset: i64,
    outcome: Outcome,
) -> Result<Response, RestError> {
    let Outcome { body, rows, total } = outcome;
    let status = match total {
        Some(total) if offset > total => {
            return Err(RestError::unsatisfiable(format!(
                "An offset of {offset} was requested, but there are only {total} rows."
            )));
        }
        Some(total) if rows < total => StatusCode::PARTIAL_CONTENT,
        _ => StatusCode::OK,
    };
    let range = content_range(offset, rows, total);
    let body = match call.method {
        Method::HEAD => None,
        _ => body,
    };
    Ok(respond(status, form, &range, "", body))
}

/// The answer to a write.
pub(super) fn written(
    status: StatusCode,
    form: AnswerForm,
    range: &str,
    preferences: &Preferences,
    body: Option<String>,
) -> Response {
    respond(status, form, range, &preferences.applied(), body)
}

/// `0-4/*`, with a total where it was asked for; `*` where there are no rows.
pub(super) fn content_range(offset: i64, rows: i64, total: Option<i64>) -> String {
    let range = match rows {
        0 => "*".to_owned(),
        _ => format!("{offset}-{}", offset + rows - 1),
    };
    match total {
        Some(total) => format!("{range}/{total}"),
        None => format!("{range}/*"),
    }
}

fn respond(
    status: StatusCode,
    form: AnswerForm,
    range: &str,
    applied: &str,
    body: Option<String>,
) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    for (name, value) in [(CONTENT_RANGE, range), (PREFERENCE_APPLIED, applied)] {
        if let (Ok(value), false) = (HeaderValue::from_str(value), value.is_empty()) {
            headers.insert(name, value);
        }
    }
    if status != StatusCode::NO_CONTENT {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(form.content_type()));
    }
    if let Some(body) = body {
        *response.body_mut() = Body::from(body);
    }
    response
}
