//! Deliveries by hand: any body, any GUID, many at once.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::HeaderMap;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use millwright::sandbox::signature;
use serde_json::Value;

use super::rig::{Life, Rig};

/// Sends to one program.
#[derive(Clone)]
pub struct Sender {
    client: Client<HttpConnector, Full<Bytes>>,
    url: String,
    secret: String,
    /// The rig's book of what was sent by hand.
    answered: Arc<Mutex<Vec<(String, u16)>>>,
}

/// One request to the receiver.
#[derive(Clone)]
pub struct Post {
    pub event: &'static str,
    pub guid: String,
    pub body: Bytes,
    /// `sha256=…`, or nothing.
    pub signature: Option<String>,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
}

impl Sender {
    pub fn to(rig: &Rig, life: &Life) -> Self {
        let url = format!("http://{}/webhook", life.door.unwrap());
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { client, url, secret: rig.world.app().webhook_secret, answered: Arc::clone(&rig.by_hand) }
    }

    /// Signed as GitHub signs.
    pub fn signed(&self, event: &'static str, guid: impl Into<String>, body: impl Into<Bytes>) -> Post {
        let body = body.into();
        let signature = Some(signature(&self.secret, &body));
        Post { event, guid: guid.into(), body, signature }
    }

    /// Posts, and keeps what was answered for the invariants; nothing when the connection broke.
    pub async fn send(&self, post: Post) -> Option<Answer> {
        let mut request = http::Request::post(&self.url)
            .header("content-type", "application/json")
            .header("x-github-event", post.event)
            .header("x-github-delivery", &post.guid);
        if let Some(signature) = post.signature {
            request = request.header("x-hub-signature-256", signature);
        }
        let answer = self.client.request(request.body(Full::new(post.body)).unwrap()).await.ok()?;
        let status = answer.status().as_u16();
        self.answered.lock().unwrap().push((post.guid, status));
        Some(Answer { status, headers: answer.headers().clone() })
    }
}

/// The payload that GitHub would send of this comment; the comment is made in the world and nobody is told of it.
pub fn payload(rig: &Rig, (repo, issue): (&str, i64), (login, text): (&str, &str)) -> Value {
    let comment = rig.world.add_comment(repo, issue, (login, text)).unwrap();
    let known = rig.world.issue(repo, issue).unwrap();
    let (owner, name) = repo.split_once('/').unwrap();
    let person = serde_json::json!({ "login": login, "id": 1, "type": "User" });
    serde_json::json!({
        "action": "created",
        "issue": {
            "id": known.id, "node_id": known.node_id, "number": issue, "title": known.title, "body": known.body,
            "user": { "login": "rita", "id": 2, "type": "User" }, "labels": [], "state": "open", "locked": false,
        },
        "comment": {
            "id": comment, "node_id": "IC_1", "user": person, "body": text,
            "created_at": at(rig.world.now()), "updated_at": at(rig.world.now()),
        },
        "repository": {
            "id": rig.world.repository_id(repo).unwrap(), "name": name, "full_name": repo, "private": false,
            "owner": { "login": owner, "id": 3, "type": "Organization" }, "default_branch": "main",
        },
        "sender": person,
        "installation": { "id": rig.world.installation_id(repo).unwrap() },
    })
}

fn at(ms: i64) -> String {
    chrono::DateTime::from_timestamp_millis(ms).unwrap().to_rfc3339()
}
