//! `/rest/v1/…`: the tables and functions of schema `public`, as PostgREST offers them.
//!
//! Every request is one transaction that runs as the caller: row level security and grants decide what it may see and do,
//! and no line here does. A statement is made of names from the catalogue, in double quotes, and of values as parameters.
//! PostgreSQL makes the JSON, so that every type looks as it does there. One request goes through these files: `call` (who
//! asks, the body) → `request` (what is asked) → `tree` (of which resources, `catalogue`) → `statement` → `run` → `answer`.
//!
//! Not here: aggregates but `count`, CSV, many-to-many embedding through a table between, PUT, the OpenAPI page at the root.

mod answer;
mod call;
mod catalogue;
mod error;
mod read;
mod request;
mod rpc;
mod run;
mod statement;
mod tree;
mod write;

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Extension, Router};

use call::Call;
use catalogue::{Catalogue, Catalogues};
use error::RestError;

type Name = Result<Path<String>, PathRejection>;

/// The URLs under `/rest/v1`.
pub(crate) fn routes() -> Router<Arc<crate::State>> {
    let routes = Router::new()
        .route("/{table}", any(table))
        .route("/rpc/{function}", any(function))
        .fallback(|| async { no_such_path() })
        .layer(Extension(Arc::new(Catalogues::default())));
    // The nested router has no say over its root with a slash.
    let root = any(|| async { no_such_path() });
    Router::new()
        .nest("/rest/v1", routes.route("/", root.clone()))
        .route("/rest/v1/", root)
}

async fn table(
    State(state): State<Arc<crate::State>>,
    Extension(catalogues): Extension<Arc<Catalogues>>,
    name: Name,
    request: Request,
) -> Response {
    answer(&state, &catalogues, name, request, on_table).await
}

async fn function(
    State(state): State<Arc<crate::State>>,
    Extension(catalogues): Extension<Arc<Catalogues>>,
    name: Name,
    request: Request,
) -> Response {
    answer(&state, &catalogues, name, request, on_function).await
}

async fn on_table(
    state: &crate::State,
    catalogue: &Catalogue,
    name: &str,
    call: &Call,
) -> Result<Response, RestError> {
    let found = catalogue.table(name);
    let table = found.ok_or_else(|| RestError::unknown_table(catalogue, name))?;
    match call.method {
        Method::GET | Method::HEAD => read::read(state, catalogue, table, call).await,
        Method::POST | Method::PATCH | Method::DELETE => {
            write::write(state, catalogue, table, call).await
        }
        _ => {
            let message = format!("Unsupported HTTP method: {}", call.method);
            Err(RestError::new(405, "PGRST117", message))
        }
    }
}

async fn on_function(
    state: &crate::State,
    catalogue: &Catalogue,
    name: &str,
    call: &Call,
) -> Result<Response, RestError> {
    rpc::check_method(&call.method)?;
    rpc::call(state, catalogue, name, call).await
}

/// Reads the request and has it answered; once more with a new catalogue if a name was not found in the old one.
async fn answer(
    state: &crate::State,
    catalogues: &Catalogues,
    name: Name,
    request: Request,
    handle: impl AsyncFn(&crate::State, &Catalogue, &str, &Call) -> Result<Response, RestError>,
) -> Response {
    let Ok(Path(name)) = name else {
        return no_such_path().into_response();
    };
    let call = match Call::read(state, request).await {
        Ok(call) => call,
        Err(error) => return error.into_response(),
    };
    let answered = async {
        let known = catalogues.current(&state.pool).await?;
        match handle(state, &known, &name, &call).await {
            Err(error) if error.may_be_out_of_date() => {
                let renewed = catalogues.renewed(&state.pool).await?;
                match Arc::ptr_eq(&known, &renewed) {
                    true => Err(error),
                    false => handle(state, &renewed, &name, &call).await,
                }
            }
            answered => answered,
        }
    };
    match answered.await {
        Ok(response) => response,
        Err(error) => error.seen_by(call.caller.role).into_response(),
    }
}

fn no_such_path() -> RestError {
    RestError::new(404, "PGRST125", "Invalid path specified in request URL")
}
