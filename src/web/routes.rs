//! Which address leads where, and the headers that every answer carries.

use std::sync::Arc;

use axum::Router;
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{get, post};
use http::{HeaderName, HeaderValue, header};
use secrecy::SecretString;

use crate::config::allowed::Allowed;
use crate::telemetry::metrics::Metrics;
use crate::web::body::Budget;
use crate::web::health::{self, Check, Looks};
use crate::web::metrics;
use crate::web::turned_away::TurnedAway;
use crate::web::webhook::{self, Inbox, Wanted};

/// What the handlers work with.
pub struct Web {
    /// Where deliveries go.
    pub inbox: Arc<dyn Inbox>,
    /// The webhook's secrets; any of them may have signed.
    pub webhook_secrets: Vec<SecretString>,
    /// Which events and actions anything subscribes to.
    pub wanted: Wanted,
    /// Whom this instance works for.
    pub allowed: Allowed,
    /// What `/readyz` looks at.
    pub checks: Vec<Arc<dyn Check>>,
    /// The look that is under way.
    pub looks: Looks,
    /// What `/metrics` shows; deliveries are counted here.
    pub metrics: Metrics,
    /// Lets `/metrics` be read from another machine.
    pub metrics_token: Option<SecretString>,
    /// The bounds for bodies.
    pub budget: Budget,
    /// What deliveries were told lately that have to come again.
    pub turned_away: TurnedAway,
}

/// All routes; every other address is answered 404.
pub fn routes(web: Web) -> Router {
    Router::new()
        .route("/webhook", post(webhook::receive))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::figures))
        .layer(map_response(with_security_headers))
        .with_state(Arc::new(web))
}

static SECURITY_HEADERS: [(HeaderName, HeaderValue); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

async fn with_security_headers(mut response: Response) -> Response {
    for (name, value) in &SECURITY_HEADERS {
        response.headers_mut().insert(name, value.clone());
    }
    response
}

#[cfg(test)]
mod tests;
