//! The page: the sandbox's issues as a person sees them, live, on a loopback address only.

mod api; // what the page asks for and what it does
mod guard; // only this page's own requests, and headers that keep it alone
mod live; // tells the page that something changed
#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, header};
use axum::middleware::{from_fn, map_response};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};

use crate::sandbox::{REPOSITORY, World};

/// GitHub takes 65,536 characters, which are at most six bytes each in JSON.
const LARGEST_BODY: usize = 512 * 1024;

/// The issue that the page opens with.
const FIRST_ISSUE: i64 = 2;

const HTML: &str = include_str!("page/index.html");
const CSS: &str = include_str!("page/demo.css");
const SCRIPT: &str = include_str!("page/demo.js");

/// What the handlers work with.
#[derive(Clone)]
pub struct Site {
    /// The sandbox.
    pub world: World,
    /// The page's own address, without a slash at the end.
    pub origin: String,
}

/// All routes. Every address that is none of them is a place of the page, which finds out itself what to show.
pub fn routes(site: Site) -> Router {
    Router::new()
        .route("/", get(async || Redirect::temporary(&format!("/{REPOSITORY}/issues/{FIRST_ISSUE}"))))
        .route("/demo.css", get(async || asset("text/css; charset=utf-8", CSS)))
        .route("/demo.js", get(async || asset("text/javascript; charset=utf-8", SCRIPT)))
        .route("/api/view", get(api::view))
        .route("/api/file", get(api::file))
        .route("/api/changes", get(live::changes))
        .route("/api/issues", post(api::open_issue))
        .route("/api/issues/{number}/comments", post(api::comment))
        .route("/api/issues/{number}/state", post(api::change_state))
        .route("/api/comments/{id}", post(api::edit_comment))
        .route("/api/{*rest}", get(api::nothing))
        .fallback(get(async || asset("text/html; charset=utf-8", HTML)))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn(guard::only_this_page))
        .layer(map_response(guard::with_headers))
        .with_state(site)
}

fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    const NAME: HeaderName = header::CONTENT_TYPE;
    ([(NAME, kind)], text)
}
