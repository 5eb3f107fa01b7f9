//! A scripted GitHub for the tests of this module: a real server on the loopback that records what it is asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::StatusCode;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use crate::clock::{Clock, ClockHand};
use crate::domain::ids::{InstallationId, RepoId, RepoName};
use crate::github::client::{GitHub, Options};
use crate::github::limits::InMemoryLimits;
use crate::github::repo::RepoClient;

/// 2026-01-01T00:00:00Z.
pub(super) const START_MS: i64 = 1_767_225_600_000;

/// What the server was asked.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: http::HeaderMap,
    pub body: Value,
    /// How many requests of the same method and path came before.
    pub before: usize,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn is_token_request(&self) -> bool {
        self.path.ends_with("/access_tokens")
    }

    /// The claims of the App token it came with.
    pub(super) fn claims(&self) -> Value {
        let payload = self.header("authorization").split('.').nth(1).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
    }
}

/// What the server answers.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    Answer {
        status: u16,
        headers: Vec<(String, String)>,
        body: String,
    },
    /// Headers and half a body, then the connection is cut.
    Cut,
    /// No answer at all.
    Hang,
    /// This answer, after everybody else who can run has run for a while.
    Late(Box<Self>),
}

impl Reply {
    pub(super) fn json(status: u16, body: Value) -> Self {
        Self::Answer { status, headers: vec![], body: body.to_string() }
    }

    pub(super) fn status(status: u16) -> Self {
        Self::json(status, json!({"message": "scripted"}))
    }

    pub(super) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.into()));
        }
        self
    }
}

type Script = Arc<dyn Fn(&Seen) -> Option<Reply> + Send + Sync>;

/// A running server. Token requests for installation 1 that the script leaves alone get `token-1`, `token-2` …,
/// those for another one a token of its own; valid for an hour.
pub(super) struct Fake {
    pub url: Url,
    pub clock: Clock,
    pub hand: ClockHand,
    shared: Arc<Shared>,
}

struct Shared {
    /// The server's own clock.
    clock: Clock,
    script: Script,
    seen: Mutex<Vec<Seen>>,
    in_flight: InFlight,
}

/// How many POSTs were being answered at once, by token.
#[derive(Default)]
struct InFlight(Mutex<HashMap<String, (usize, usize)>>);

struct Leaves<'a>(&'a InFlight, String);

impl InFlight {
    fn enter(&self, token: &str) -> Leaves<'_> {
        let mut counts = self.0.lock().unwrap();
        let (now, most) = counts.entry(token.to_owned()).or_default();
        *now += 1;
        *most = (*most).max(*now);
        Leaves(self, token.to_owned())
    }
}

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap().get_mut(&self.1).unwrap().0 -= 1;
    }
}

impl Fake {
    /// Answers by `script`, and 404 where it says nothing.
    pub(super) async fn start(script: impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static) -> Self {
        Self::with_clock_ahead_ms(0, script).await
    }

    /// A server whose clock is ahead of ours.
    pub(super) async fn with_clock_ahead_ms(
        ahead_ms: i64,
        script: impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let (clock, hand) = Clock::manual(START_MS);
        let ours = clock.clone();
        let theirs = Clock::from_fn(move || ours.now_ms() + ahead_ms);
        let shared = Arc::new(Shared {
            clock: theirs,
            script: Arc::new(script),
            seen: Mutex::default(),
            in_flight: InFlight::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let router = axum::Router::new().fallback(answer).with_state(Arc::clone(&shared));
        #[expect(clippy::disallowed_methods, reason = "a server for tests")]
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, clock, hand, shared }
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    pub(super) fn count(&self, wanted: impl Fn(&Seen) -> bool) -> usize {
        self.seen().iter().filter(|seen| wanted(seen)).count()
    }

    /// Everything but token requests, as `METHOD /path`.
    pub(super) fn calls(&self) -> Vec<String> {
        let seen = self.seen();
        let calls = seen.iter().filter(|seen| !seen.is_token_request());
        calls.map(|seen| format!("{} {}", seen.method, seen.path)).collect()
    }

    /// The most POSTs of one token that were being answered at once.
    pub(super) fn most_posts_at_once(&self) -> usize {
        self.shared.in_flight.0.lock().unwrap().values().map(|(_, most)| *most).max().unwrap_or_default()
    }

    pub(super) fn options(&self) -> Options {
        Options {
            api_url: self.url.clone(),
            graphql_url: self.url.join("/graphql").unwrap(),
            app_issuer: "Iv1.test".to_owned(),
            private_keys: vec![test_key().pem.clone()],
            proxy: None,
            extra_ca_pem: None,
            timeout: Duration::from_secs(10),
            audit: None,
            meter: None,
        }
    }

    pub(super) fn github(&self) -> GitHub {
        self.github_with(self.options())
    }

    pub(super) fn github_with(&self, options: Options) -> GitHub {
        GitHub::new(options, self.clock.clone(), Arc::new(InMemoryLimits::new(self.clock.clone()))).unwrap()
    }

    pub(super) fn repo(&self) -> RepoClient {
        repo_of(&self.github(), 1)
    }
}

/// The repository `octo/hello` with id 5.
pub(super) fn repo_of(github: &GitHub, installation: i64) -> RepoClient {
    let name = RepoName { owner: "octo".to_owned(), name: "hello".to_owned() };
    github.repo(InstallationId(installation), RepoId(5), name)
}

/// An issue as GitHub gives it.
pub(super) fn issue(number: i64) -> Value {
    json!({"id": number * 100, "number": number, "title": "T", "state": "open", "user": null})
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let seen = {
        let mut log = shared.seen.lock().unwrap();
        let (method, path) = (parts.method.to_string(), parts.uri.path().to_owned());
        let before = log.iter().filter(|seen| seen.method == method && seen.path == path).count();
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let seen = Seen { method, path, query, headers: parts.headers, body, before };
        log.push(seen.clone());
        seen
    };
    let now_ms = shared.clock.now_ms();
    let creates = seen.method == "POST" && !seen.is_token_request();
    let in_flight = creates.then(|| shared.in_flight.enter(seen.header("authorization")));
    let mut reply = (shared.script)(&seen).unwrap_or_else(|| default(&seen, now_ms));
    while let Reply::Late(later) = reply {
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        reply = *later;
    }
    drop(in_flight);
    match reply {
        Reply::Late(_) | Reply::Hang => std::future::pending().await,
        Reply::Cut => {
            let pieces = [Ok("{\"id\":"), Err(std::io::Error::other("cut"))];
            Response::new(Body::from_stream(futures_util::stream::iter(pieces)))
        }
        Reply::Answer { status, headers, body } => {
            let date = chrono::DateTime::from_timestamp_millis(now_ms).unwrap();
            let mut response = Response::builder()
                .status(StatusCode::from_u16(status).unwrap())
                .header("date", date.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
            for (name, value) in headers {
                response = response.header(name, value);
            }
            response.body(Body::from(body)).unwrap()
        }
    }
}

fn default(seen: &Seen, now_ms: i64) -> Reply {
    match seen.is_token_request() {
        true => {
            let expires_at = chrono::DateTime::from_timestamp_millis(now_ms + 3_600_000).unwrap();
            let token = match seen.path.contains("/installations/1/") {
                true => format!("token-{}", seen.before + 1),
                false => format!("token-{}-for{}", seen.before + 1, seen.path.replace('/', "-")),
            };
            Reply::json(201, json!({"token": token, "expires_at": expires_at.to_rfc3339()}))
        }
        false => Reply::status(404),
    }
}

pub(super) struct TestKey {
    pub pem: SecretString,
    pub public_der: Vec<u8>,
}

/// A key made for this run.
pub(super) fn test_key() -> &'static TestKey {
    static KEY: OnceLock<TestKey> = OnceLock::new();
    KEY.get_or_init(|| {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
        let lines: Vec<String> = STANDARD
            .encode(der.as_ref())
            .as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8(line.to_vec()).unwrap())
            .collect();
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"));
        TestKey { pem: SecretString::from(pem), public_der: pair.public_key().as_ref().to_vec() }
    })
}
