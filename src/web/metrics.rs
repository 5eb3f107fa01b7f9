//! `GET /metrics`: figures for Prometheus, for this machine and for whoever has the operator's token.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use secrecy::{ExposeSecret as _, SecretString};

use crate::web::routes::Web;

/// The other end of the connection that a request came by.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(super) async fn figures(
    State(web): State<Arc<Web>>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
) -> Response {
    let local = peer.is_some_and(|Extension(Peer(address))| address.ip().to_canonical().is_loopback())
        && !was_forwarded(&headers);
    if !local && !web.metrics_token.as_ref().is_some_and(|token| is_given(token, &headers)) {
        return StatusCode::NOT_FOUND.into_response();
    }
    ([(header::CONTENT_TYPE, OPEN_METRICS)], web.metrics.encode()).into_response()
}

/// Whether the request carries the token; compared in constant time.
fn is_given(token: &SecretString, headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
    let given = given.and_then(|value| value.strip_prefix(b"Bearer "));
    let expected = token.expose_secret().as_bytes();
    given.is_some_and(|given| aws_lc_rs::constant_time::verify_slices_are_equal(given, expected).is_ok())
}

/// A proxy on this machine makes the whole world look local.
fn was_forwarded(headers: &HeaderMap) -> bool {
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"]
        .iter()
        .any(|name| headers.contains_key(*name))
}
