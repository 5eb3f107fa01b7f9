//! Delivers waiting webhooks over HTTP, signed as GitHub signs them.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use sha2::Sha256;
use tokio::sync::broadcast::error::RecvError;

use super::faults::HookFault;
use super::git::hex;
use super::model::Change;
use super::webhooks::{HookDelivery, HookOutcome};
use super::world::World;

/// GitHub waits this long for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends webhooks to the App.
pub struct Deliverer {
    client: Client<HttpConnector, Full<Bytes>>,
}

/// Where and how to send.
struct Target {
    url: String,
    secret: String,
    app_id: i64,
}

impl Default for Deliverer {
    fn default() -> Self {
        Self { client: Client::builder(TokioExecutor::new()).build_http() }
    }
}

impl Deliverer {
    /// Sends everything that waits now, one after the other, oldest first; answers how many attempts that made.
    /// Nothing is sent before the App's webhook URL is known.
    pub async fn deliver_pending(&self, world: &World) -> usize {
        let Some(target) = target(world) else { return 0 };
        let mut sent = 0;
        loop {
            let batch = next_batch(world, &target);
            if batch.is_empty() {
                return sent;
            }
            for attempt in batch {
                let outcome = self.attempt(world, &target, &attempt).await;
                world.state().hooks.record(attempt.id, outcome);
                world.changed(Change::WebhookDelivered(attempt.id));
                sent += 1;
            }
        }
    }

    /// Delivers for ever, woken by changes.
    pub async fn run(&self, world: &World) {
        let mut changes = world.changes();
        loop {
            self.deliver_pending(world).await;
            loop {
                match changes.recv().await {
                    Ok(Change::WebhookQueued) | Err(RecvError::Lagged(_)) => break,
                    Ok(_) => {}
                    Err(RecvError::Closed) => return,
                }
            }
        }
    }

    async fn attempt(&self, world: &World, target: &Target, attempt: &HookDelivery) -> HookOutcome {
        let started = world.now();
        let body = Bytes::from(attempt.payload.to_string());
        let headers = headers(target, attempt, &body);
        let answer = tokio::time::timeout(PATIENCE, self.send(target, &headers, body)).await;
        let answer = match answer {
            Ok(Some(answer)) => answer,
            Ok(None) => Received::nothing(502, "failed to connect to host"),
            Err(_) => Received::nothing(504, "timed out"),
        };
        HookOutcome {
            delivered_ms: world.server_now(),
            duration_ms: world.now() - started,
            status: answer.reason,
            status_code: answer.status,
            request_headers: headers,
            response_headers: answer.headers,
            response_body: answer.body,
        }
    }

    async fn send(
        &self,
        target: &Target,
        headers: &BTreeMap<String, String>,
        body: Bytes,
    ) -> Option<Received> {
        let mut request = http::Request::post(&target.url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let response = self.client.request(request.body(Full::new(body)).ok()?).await.ok()?;
        let status = response.status();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let headers = headers.collect();
        let body = response.into_body().collect().await.ok()?.to_bytes();
        Some(Received {
            status: status.as_u16(),
            reason: status.canonical_reason().unwrap_or_default().to_owned(),
            headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}

/// What came back.
struct Received {
    status: u16,
    reason: String,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Received {
    fn nothing(status: u16, reason: &str) -> Self {
        Self { status, reason: reason.to_owned(), headers: BTreeMap::new(), body: String::new() }
    }
}

fn target(world: &World) -> Option<Target> {
    let state = world.state();
    let url = state.app.webhook_url.clone()?;
    Some(Target { url, secret: state.app.webhook_secret.clone(), app_id: state.app.id })
}

/// Everything that waits, after faults have lost, doubled and turned around what they were told to.
fn next_batch(world: &World, target: &Target) -> Vec<HookDelivery> {
    let mut state = world.state();
    let waiting = state.hooks.take_waiting();
    let mut batch = Vec::new();
    for attempt in waiting {
        match world.faults().strike_webhook(&attempt.event) {
            Some(HookFault::Lose) => state.hooks.lose(attempt.id),
            Some(HookFault::Fail(status)) => {
                let outcome = failed(world, target, (&attempt, status));
                state.hooks.record(attempt.id, outcome);
            }
            Some(HookFault::Duplicate) => {
                let again = state.duplicate_delivery(attempt.id);
                batch.push(attempt);
                batch.extend(again);
            }
            None => batch.push(attempt),
        }
    }
    if batch.len() > 1 && world.faults().take_reversal() {
        batch.reverse();
    }
    batch
}

/// An attempt that did not reach the App.
fn failed(world: &World, target: &Target, (attempt, status): (&HookDelivery, u16)) -> HookOutcome {
    let status_code = http::StatusCode::from_u16(status).ok();
    let reason = status_code.and_then(|status| status.canonical_reason()).unwrap_or("failed");
    HookOutcome {
        delivered_ms: world.server_now(),
        duration_ms: 0,
        status: reason.to_owned(),
        status_code: status,
        request_headers: headers(target, attempt, attempt.payload.to_string().as_bytes()),
        response_headers: BTreeMap::new(),
        response_body: String::new(),
    }
}

fn headers(target: &Target, attempt: &HookDelivery, body: &[u8]) -> BTreeMap<String, String> {
    let header = |name: &str, value: String| (name.to_owned(), value);
    BTreeMap::from([
        header("accept", "*/*".to_owned()),
        header("content-type", "application/json".to_owned()),
        header("user-agent", "GitHub-Hookshot/sandbox".to_owned()),
        header("x-github-delivery", attempt.guid.clone()),
        header("x-github-event", attempt.event.clone()),
        header("x-github-hook-id", target.app_id.to_string()),
        header("x-github-hook-installation-target-id", target.app_id.to_string()),
        header("x-github-hook-installation-target-type", "integration".to_owned()),
        header("x-hub-signature-256", signature(&target.secret, body)),
    ])
}

/// `sha256=` and the HMAC-SHA256 of a body in lower-case hex digits.
pub fn signature(secret: &str, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(body);
    format!("sha256={}", hex(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_githubs() {
        let expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assert_eq!(signature("It's a Secret to Everybody", b"Hello, World!"), expected);
    }
}
