//! The rules of the world, tried over its router.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::Body;
use http_body_util::BodyExt;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::*;

mod alerts;
mod auth;
mod contract;
mod delivery;
mod faults;
mod graphql;
mod issues;
mod openapi;
mod people;
mod relations;
mod repositories;
mod wild;

/// 2026-11-02T08:00:00Z.
const START_MS: i64 = 1_793_606_400_000;

/// A default world with its clock and a token of its installation.
struct Bench {
    world: World,
    clock: Arc<AtomicI64>,
    installation: i64,
    token: String,
}

struct Sent {
    status: u16,
    headers: http::HeaderMap,
    body: Value,
    raw: Vec<u8>,
}

impl Sent {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn message(&self) -> &str {
        self.body["message"].as_str().unwrap_or_default()
    }
}

impl Bench {
    fn new() -> Self {
        let clock = Arc::new(AtomicI64::new(START_MS));
        let now = clock.clone();
        let world = World::with_defaults(Arc::new(move || now.load(Ordering::SeqCst)));
        let installation = world.installation_id(REPOSITORY).unwrap();
        let token = world.installation_token(installation, None).unwrap();
        Self { world, clock, installation, token }
    }

    fn advance(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    async fn send(&self, method: &str, path: &str, body: Value) -> Sent {
        self.send_with(method, path, (body, &[])).await
    }

    async fn get(&self, path: &str) -> Sent {
        self.send("GET", path, Value::Null).await
    }

    /// Sends with the installation's token; `extra` headers come on top or replace.
    async fn send_with(&self, method: &str, path: &str, what: (Value, &[(&str, &str)])) -> Sent {
        self.try_send(method, path, what).await.expect("an answer")
    }

    /// None when the connection was cut.
    async fn try_send(&self, method: &str, path: &str, what: (Value, &[(&str, &str)])) -> Option<Sent> {
        let (body, extra) = what;
        let mut headers = vec![
            ("authorization", format!("Bearer {}", self.token)),
            ("user-agent", "tests".to_owned()),
            ("host", "github.test".to_owned()),
        ];
        for (name, value) in extra {
            headers.retain(|(known, _)| known != name);
            if !value.is_empty() {
                headers.push((name, (*value).to_owned()));
            }
        }
        let mut request = http::Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let body = match body {
            Value::Null => Body::empty(),
            Value::String(text) => Body::from(text),
            other => Body::from(other.to_string()),
        };
        let response = router(self.world.clone()).oneshot(request.body(body).unwrap()).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let raw = response.into_body().collect().await.ok()?.to_bytes().to_vec();
        let body = serde_json::from_slice(&raw).unwrap_or(Value::Null);
        Some(Sent { status, headers, body, raw })
    }

    fn jwt(&self, claims: &Value) -> String {
        let pem = self.world.app().private_key_pem;
        let key = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
        encode(&Header::new(Algorithm::RS256), claims, &key).unwrap()
    }

    fn good_jwt(&self) -> String {
        let now = self.world.now() / 1000;
        self.jwt(&json!({ "iss": self.world.app().id.to_string(), "iat": now - 60, "exp": now + 540 }))
    }

    async fn as_app(&self, method: &str, path: &str, body: Value) -> Sent {
        let bearer = format!("Bearer {}", self.good_jwt());
        self.send_with(method, path, (body, &[("authorization", &bearer)])).await
    }

    /// A token with these permissions alone.
    fn token_with(&self, permissions: &[(&str, Level)]) -> String {
        let permissions = permissions.iter().map(|(name, level)| ((*name).to_owned(), *level)).collect();
        self.world.installation_token(self.installation, Some(permissions)).unwrap()
    }
}
