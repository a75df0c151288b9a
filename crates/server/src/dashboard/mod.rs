//! `/dashboard`: the operator's pages, as `dashboard/` was built into this program. They speak to `/admin/v1` alone.
//!
//! Every address below it that is no file answers the same page, which then reads the address. In `dev` that page carries
//! the token of this start, for requests from this machine under its own name only; else it asks for an admin key.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::map_response;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use tower_http::compression::CompressionLayer;

use crate::admin::is_from_here;

/// What `npm run build` left in `dashboard/dist` when this was compiled; empty where it was never run.
#[derive(RustEmbed)]
#[folder = "../../dashboard/dist"]
#[allow_missing = true]
struct Built;

const NOT_BUILT: &str = include_str!("not_built.html");

/// What the page has where the token goes.
const NO_TOKEN: &str = r#"<meta name="page-token" content="""#;

const ONLY_OWN: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                        base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Every address of the dashboard.
pub(crate) fn routes() -> Router<Arc<crate::State>> {
    Router::new()
        .route("/dashboard", get(page))
        .route("/dashboard/", get(page))
        .route("/dashboard/{*path}", get(file_or_page))
        .layer(CompressionLayer::new())
        .layer(map_response(guarded))
}

async fn file_or_page(
    state: State<Arc<crate::State>>,
    Path(path): Path<String>,
    request: Request,
) -> Response {
    let is_asset = path.starts_with("assets/");
    match Built::get(&path).filter(|_| path != "index.html") {
        Some(file) => {
            // An asset's name has its content's hash.
            let cache = match is_asset {
                true => "public, max-age=31536000, immutable",
                false => "no-cache",
            };
            let headers = [
                (CONTENT_TYPE, content_type(&path)),
                (CACHE_CONTROL, HeaderValue::from_static(cache)),
            ];
            (headers, file.data).into_response()
        }
        None if is_asset => StatusCode::NOT_FOUND.into_response(),
        None => page(state, request).await,
    }
}

async fn page(State(state): State<Arc<crate::State>>, request: Request) -> Response {
    let is_from_here = is_from_here(request.headers(), request.extensions());
    let token = state.admin.page_token.as_deref().filter(|_| is_from_here);
    let built = Built::get("index.html");
    let html = html(built.as_ref().map(|file| &*file.data), token);
    let no_store = HeaderValue::from_static("no-store");
    ([(CACHE_CONTROL, no_store)], Html(html)).into_response()
}

fn html(built: Option<&[u8]>, token: Option<&str>) -> String {
    let Some(built) = built else {
        return NOT_BUILT.to_owned();
    };
    let html = String::from_utf8_lossy(built);
    match token {
        Some(token) => html.replacen(
            NO_TOKEN,
            &NO_TOKEN.replace("\"\"", &format!("\"{token}\"")),
            1,
        ),
        None => html.into_owned(),
    }
}

fn content_type(path: &str) -> HeaderValue {
    HeaderValue::from_static(match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    })
}

async fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, ONLY_OWN),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_was_never_built_says_how_and_has_no_token() {
        let html = html(None, Some("meso_page_1"));
        assert!(html.contains("npm run build") && !html.contains("meso_page_1"));
    }

    #[test]
    fn the_source_of_the_page_has_a_place_for_the_token() {
        let source = include_bytes!("../../../../dashboard/index.html");
        assert!(
            html(Some(source), Some("meso_page_1"))
                .contains(r#"name="page-token" content="meso_page_1""#)
        );
        assert_eq!(html(Some(source), None).as_bytes(), source);
    }
}
