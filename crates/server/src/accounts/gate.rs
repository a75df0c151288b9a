//! Keeps other web pages out: a page that a developer happens to visit must not make accounts here or read tokens, neither by
//! calling this address nor by a name of its own that it lets point to it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::AccountError;
use crate::cors::AllowedOrigins;

/// What an Android emulator calls the loopback of the machine it runs on.
const EMULATORS_HOST: &str = "10.0.2.2";

/// Who is known.
pub(super) struct Gate {
    hosts: Vec<String>,
    origins: Vec<String>,
    /// Whether this server listens on every address of the machine, so that it may be called by each.
    everywhere: bool,
}

impl Gate {
    /// Knows loopback, `hosts`, and the origins that are listed one by one; "every page" lists none.
    pub(super) fn new(hosts: &[String], origins: &AllowedOrigins) -> Self {
        let origins: Vec<String> = match origins {
            AllowedOrigins::Any => Vec::new(),
            AllowedOrigins::List(list) => list
                .iter()
                .filter_map(|origin| origin.to_str().ok().map(str::to_owned))
                .collect(),
        };
        // Whoever serves an app under a name of its own may serve this under it, too.
        let of_origins = origins.iter().filter_map(|origin| host_of_origin(origin));
        Self {
            everywhere: hosts
                .iter()
                .filter_map(|host| address(host))
                .any(|address| address.is_unspecified()),
            hosts: hosts.iter().cloned().chain(of_origins).collect(),
            origins,
        }
    }

    /// Whether a request may be addressed so. Only a name can be made to point here by somebody else, an address cannot.
    fn answers_to(&self, host: &str) -> bool {
        self.knows(host) || host == EMULATORS_HOST || self.everywhere && address(host).is_some()
    }

    fn knows(&self, host: &str) -> bool {
        is_loopback(host)
            || self
                .hosts
                .iter()
                .any(|known| known.eq_ignore_ascii_case(host))
    }

    /// Why a request does not pass.
    fn refusal(&self, request: &Request) -> Option<&'static str> {
        let Ok(host) = the_only(request.headers(), &HOST) else {
            return Some("The request names no host, or several.");
        };
        let host = host.map_or_else(
            || request.uri().host().map(str::to_owned),
            |host| host_of_authority(&host),
        );
        if !host.is_some_and(|host| self.answers_to(&host)) {
            return Some(
                "This server is not known by that host name. Use the address that it printed when it started.",
            );
        }
        match the_only(request.headers(), &ORIGIN) {
            Ok(None) => None,
            Ok(Some(origin)) if self.allows(&origin) => None,
            _ => Some(
                "This web page may not use the accounts here. List its origin in allowed_origins.",
            ),
        }
    }

    fn allows(&self, origin: &str) -> bool {
        self.origins.iter().any(|listed| listed == origin)
            || host_of_origin(origin).is_some_and(|host| self.knows(&host))
    }
}

/// Passes a request on, or refuses it with 403.
pub(super) async fn pass(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    match gate.refusal(&request) {
        None => next.run(request).await,
        Some(message) => AccountError::forbidden("not_allowed", message).into_response(),
    }
}

/// The header's text; an error when it stands there twice or is unreadable.
fn the_only(headers: &HeaderMap, name: &HeaderName) -> Result<Option<String>, ()> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value
            .to_str()
            .map(|text| Some(text.to_owned()))
            .map_err(|_| ()),
        _ => Err(()),
    }
}

fn host_of_authority(authority: &str) -> Option<String> {
    let authority: Authority = authority.parse().ok()?;
    // `user@host` is no host header.
    (!authority.as_str().contains('@')).then(|| authority.host().to_owned())
}

fn host_of_origin(origin: &str) -> Option<String> {
    let uri: Uri = origin.parse().ok()?;
    uri.scheme()?;
    host_of_authority(uri.authority()?.as_str())
}

/// `localhost`, a name below it, or an address that never leaves the machine.
fn is_loopback(host: &str) -> bool {
    let name = host.to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || address(host).is_some_and(|address| address.is_loopback())
}

fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .ok()
}
