//! The floor: a bare receiver that checks the HMAC and stores nothing.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use millwright::github::signature;
use secrecy::SecretString;
use tokio::net::TcpListener;

/// Serves until it is killed; says where on standard output.
pub async fn serve(secret: &str) {
    let secrets: &'static [SecretString] = Vec::leak(vec![SecretString::from(secret)]);
    listen(Router::new().route("/webhook", post(receive)).with_state(secrets)).await;
}

/// Listens on a free port of loopback.
pub async fn listen(routes: Router) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("Listening on http://{}", listener.local_addr().unwrap());
    let routes = routes.layer(DefaultBodyLimit::disable());
    axum::serve(
        axum::serve::ListenerExt::tap_io(listener, |stream| stream.set_nodelay(true).unwrap()),
        routes,
    )
    .await
    .unwrap();
}

async fn receive(
    State(secrets): State<&'static [SecretString]>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    if is_genuine(secrets, &headers, &body) { StatusCode::ACCEPTED } else { StatusCode::UNAUTHORIZED }
}

/// Whether the signature fits.
pub fn is_genuine(secrets: &[SecretString], headers: &HeaderMap, body: &[u8]) -> bool {
    let header = headers.get("x-hub-signature-256").and_then(|value| value.to_str().ok());
    signature::verify(secrets, body, header)
}
