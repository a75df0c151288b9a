//! Who may come in: the service role, an admin key, or in `dev` the page of this start on this machine.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::{Extensions, HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use coach::admin_key::{self, Permission};
use coach::caller::Role;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::told;
use crate::auth::AuthError;
use crate::refused::{Bare, Refused};

/// Who asks, for a handler that needs more than reading and acting.
#[derive(Debug, Clone)]
pub(super) struct Operator {
    permissions: Vec<Permission>,
    /// The admin key's id, for the log.
    key: Option<Uuid>,
}

impl Operator {
    fn whole() -> Self {
        Self {
            permissions: Permission::ALL.to_vec(),
            key: None,
        }
    }

    /// Notes in the log that what a model was told and answered is looked at, by ids alone.
    ///
    /// # Errors
    /// 403 without that permission.
    pub(super) fn reveal(&self, task: Uuid) -> Result<(), Bare> {
        self.need(Permission::Reveal)?;
        tracing::info!(%task, key = ?self.key, "an operator looks at what was asked and answered");
        Ok(())
    }

    pub(super) fn need(&self, permission: Permission) -> Result<(), Bare> {
        if self.permissions.contains(&permission) {
            return Ok(());
        }
        Err(forbidden(format!(
            "This key has no permission to {}.",
            permission.name()
        )))
    }
}

/// Lets a request in that may read (GET) or act (all else), and tells the handler who it is.
pub(super) async fn guard(
    State(state): State<Arc<crate::State>>,
    mut request: Request,
    next: Next,
) -> Response {
    let permission = match *request.method() {
        Method::GET | Method::HEAD => Permission::Read,
        _ => Permission::Act,
    };
    let operator = match operator(&state, request.headers(), request.extensions()).await {
        Ok(operator) => operator,
        Err(refused) => return refused.into_response(),
    };
    if let Err(refused) = operator.need(permission) {
        return refused.into_response();
    }
    request.extensions_mut().insert(operator);
    next.run(request).await
}

/// Who asks.
///
/// # Errors
/// 401 for nobody, 403 for somebody who is no operator.
pub(super) async fn operator(
    state: &crate::State,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Result<Operator, Bare> {
    let bearer = bearer(headers).unwrap_or_default();
    if let Some(token) = &state.admin.page_token
        && bool::from(token.as_bytes().ct_eq(bearer.as_bytes()))
    {
        return match is_from_here(headers, extensions) {
            true => Ok(Operator::whole()),
            false => Err(forbidden("This token is for pages of this machine alone.")),
        };
    }
    if bearer.starts_with(admin_key::PREFIX) {
        let key = told(admin_key::find(&state.pool, bearer).await)?;
        return match key {
            Some(key) => Ok(Operator {
                permissions: key.permissions,
                key: Some(key.id),
            }),
            None => Err(Bare(Refused::unauthorized(AuthError::UnknownApiKey))),
        };
    }
    let caller = state.keys.caller(headers).await;
    match caller.map_err(|error| Bare(error.into()))?.role {
        Role::ServiceRole => Ok(Operator::whole()),
        Role::Authenticated | Role::Anon => Err(forbidden(
            "This is for operators: send the service role's key or an admin key.",
        )),
    }
}

/// Whether the request came from this machine, and was meant for it: a page of elsewhere whose name was made to lead here
/// says its own name as `Host`.
pub(crate) fn is_from_here(headers: &HeaderMap, extensions: &Extensions) -> bool {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback())
        && host.is_some_and(names_this_machine)
}

fn names_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    ["127.0.0.1", "localhost", "[::1]"].contains(&name)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

fn forbidden(sentence: impl Into<String>) -> Bare {
    Bare(Refused::new(
        StatusCode::FORBIDDEN,
        "FORBIDDEN",
        sentence.into(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_this_machine() {
        for here in [
            "127.0.0.1",
            "127.0.0.1:54321",
            "localhost:1",
            "localhost",
            "[::1]:54321",
        ] {
            assert!(names_this_machine(here), "{here}");
        }
        for elsewhere in [
            "",
            "evil.example",
            "evil.example:54321",
            "localhost.evil.example",
            "127.0.0.1.evil.example:80",
            "192.0.2.1",
            "localhost:evil",
        ] {
            assert!(!names_this_machine(elsewhere), "{elsewhere}");
        }
    }
}
