//! Only this page's own requests: another site, open in the same browser, can neither read nor click here.

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what comes under a foreign name (a name that was made to lead here), and what is posted by another page.
pub async fn only_this_page(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let Some(host) = loopback_host(headers) else {
        return refusal("This page answers on its loopback address only.");
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) && !is_from(headers, host) {
        return refusal("Only the demo's own page may change anything here.");
    }
    next.run(request).await
}

fn loopback_host(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let authority = host.parse::<Authority>().ok()?;
    matches!(authority.host(), "127.0.0.1" | "localhost" | "[::1]").then_some(host)
}

/// A browser says from which page a post comes; at least one of the two headers has to be there, and none may disagree.
fn is_from(headers: &HeaderMap, host: &str) -> bool {
    let site = headers.get(FETCH_SITE).map(|site| site == "same-origin");
    let expected = format!("http://{host}");
    let origin = headers.get(header::ORIGIN).map(|origin| origin == expected.as_str());
    match (site, origin) {
        (None, None) => false,
        (site, origin) => site.unwrap_or(true) && origin.unwrap_or(true),
    }
}

fn refusal(why: &'static str) -> Response {
    (StatusCode::FORBIDDEN, why).into_response()
}

static HEADERS: [(HeaderName, HeaderValue); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
];

/// Nothing may be loaded from elsewhere, and nobody may frame the page.
pub async fn with_headers(mut response: Response) -> Response {
    for (name, value) in &HEADERS {
        response.headers_mut().insert(name, value.clone());
    }
    response
}
