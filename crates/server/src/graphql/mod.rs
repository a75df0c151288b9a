//! `/graphql/v1`: queries and mutations in the form of Supabase's pg_graphql, over the tables of schema `public`.
//!
//! A request is one transaction as its caller: what a role may not select is not in its schema, and row level security decides
//! the rest. The statement is built of the catalogue's names; what a client sends is parameters.
//!
//! Left out of pg_graphql: functions as fields, views, `aggregate`, comment directives for enums and computed columns. Beyond it:
//! `totalCount` and introspection need no comment; a variable that may not be null must be there.

mod catalogue;
mod collection;
mod compiler;
mod cursor;
mod error;
mod filter;
mod input;
mod introspection;
mod mutation;
mod names;
mod node;
mod order;
mod request;
mod run;
mod scalar;
mod schema;
mod sdl;
mod selection;
mod statement;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request as HttpRequest, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use coach::caller::{Caller, Role};

use crate::auth::AuthError;
use crate::body;
use error::Failure;
use request::Request;

/// Answers `{"query", "variables"?, "operationName"?}` with `{"data", "errors"?}`.
pub(crate) async fn graphql(
    State(state): State<Arc<crate::State>>,
    request: HttpRequest,
) -> Response {
    let (parts, content) = request.into_parts();
    let body = match body::read(content)
        .await
        .and_then(|bytes| body::parse(&bytes))
    {
        Ok(body) => body,
        Err(refused) => return refused.into_response(),
    };
    let answer = async {
        let caller = caller(&state, &parts.headers).await?;
        let request = Request::read(body)?;
        let answer = run::run(&state.pool, &caller, &request).await?;
        if request.is_mutation() {
            // It may have queued a job.
            (state.wake)();
        }
        Ok::<_, Failure>(answer)
    };
    match answer.await {
        Ok(answer) => Json(answer).into_response(),
        Err(failure) => failure.into_response(),
    }
}

/// Who asks; without a credential, nobody in particular.
async fn caller(state: &crate::State, headers: &HeaderMap) -> Result<Caller, AuthError> {
    match state.keys.caller(headers).await {
        Err(AuthError::Missing) => Ok(Caller::of_role(Role::Anon)),
        caller => caller,
    }
}
