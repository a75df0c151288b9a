//! `/overview`, `/costs`, `/errors`: figures of a window of hours.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use durable::inspect::{self, Ended, ErrorGroup, QueueRow, Span, Spent, Totals};
use serde::Serialize;

use super::query::{Window, read};
use super::{Answer, List, told};
use crate::refused::Bare;

/// Ends that a request counts itself; the workers count the rest.
pub(super) const COUNTED: i32 = 500;

/// How it goes.
#[derive(Debug, Serialize)]
pub(super) struct Overview {
    window_hours: i32,
    /// Ends that are not in the figures yet; 0 but for moments.
    uncounted: i64,
    /// All kinds together; none when nothing has ended.
    all: Option<Totals>,
    kinds: Vec<Totals>,
    /// By hour, or by day where the window is longer than three.
    ended: Vec<Ended>,
    /// By day.
    spent: Vec<Spent>,
    queues: Vec<QueueRow>,
    workers_alive: usize,
}

/// The figures of the last hours (`?window=24h`) and how the queues stand.
pub(super) async fn overview(State(state): State<Arc<crate::State>>, uri: Uri) -> Answer<Overview> {
    let hours = read::<Window>(&uri)?.hours()?;
    let pool = &state.pool;
    let uncounted = told(inspect::count_events(pool, COUNTED).await)?;
    let (mut totals, ended, spent, queues, workers) = told(tokio::try_join!(
        inspect::totals(pool, hours),
        inspect::ended(pool, hours, Span::of_window(hours)),
        inspect::spent(pool, hours, Span::Day),
        inspect::queues(pool),
        inspect::workers(pool),
    ))?;
    let all = totals.iter().position(|total| total.kind.is_none());
    Ok(Json(Overview {
        window_hours: hours,
        uncounted,
        all: all.map(|place| totals.remove(place)),
        kinds: totals,
        ended,
        spent,
        queues: queues.0,
        workers_alive: workers.iter().filter(|worker| worker.alive).count(),
    }))
}

/// What ended tasks used, by day, kind and model.
pub(super) async fn costs(State(state): State<Arc<crate::State>>, uri: Uri) -> Answer<List<Spent>> {
    let hours = window(&uri)?;
    told(inspect::count_events(&state.pool, COUNTED).await)?;
    let spent = told(inspect::spent(&state.pool, hours, Span::Day).await)?;
    Ok(List::json(spent))
}

/// What went wrong, by code and kind.
pub(super) async fn errors(
    State(state): State<Arc<crate::State>>,
    uri: Uri,
) -> Answer<List<ErrorGroup>> {
    let hours = window(&uri)?;
    told(inspect::count_events(&state.pool, COUNTED).await)?;
    let errors = told(inspect::errors(&state.pool, hours).await)?;
    Ok(List::json(errors))
}

fn window(uri: &Uri) -> Result<i32, Bare> {
    read::<Window>(uri)?.hours()
}
