//! A sandbox on loopback and the variables that point the program at it.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use millwright::cli::demo::stage::spawn;
use millwright::clock::Clock;
use millwright::domain::message::LookAgain;
use millwright::sandbox::{self, Comment, World, signature};
use millwright::store::{JobRow, JobState, Store};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;

use super::program::{PATIENCE, Program, Variables};
use crate::skips::skip;
use crate::store::bench::on_postgres;

/// Of the delivery that tests post.
pub const GUID: &str = "6f0e2a1c-0000-4000-8000-000000000001";

/// A GitHub with the repository and issue of a payload, and a folder for the database.
pub struct Stage {
    pub world: World,
    pub payload: Value,
    pub folder: TempDir,
    database_url: String,
    api_url: String,
}

/// Runs a test on a stage with an SQLite file and, where there is a server, on one with a PostgreSQL database.
pub async fn on_both(payload: Value, test: impl AsyncFn(Stage)) {
    test(Stage::open(payload.clone()).await).await;
    on_postgres(async |url: String| {
        test(Stage { database_url: url, ..Stage::open(payload.clone()).await }).await;
    })
    .await;
}

impl Stage {
    /// Serves a sandbox that knows what `payload` tells of, and a few files.
    pub async fn open(payload: Value) -> Self {
        let clock = Clock::system(0);
        let world = World::new(Arc::new(move || clock.now_ms()));
        world.seed_from_payload(&payload);
        let name = field(&payload, "/repository/full_name");
        world
            .add_files(
                &name,
                &[("README.md", "# Hello\n\nCommitt early.\n"), ("src/lib.rs", "pub fn hello() {}\n")],
            )
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api_url = format!("http://{}", listener.local_addr().unwrap());
        let served = world.clone();
        spawn(async move { sandbox::serve(served, listener).await.unwrap() });
        let folder = TempDir::new().unwrap();
        let database_url = format!("sqlite://{}", folder.path().join("millwright.db").display());
        Self { world, payload, folder, database_url, api_url }
    }

    /// Everything `serve` needs, and `more`.
    pub fn variables(&self, more: &[(&str, &str)]) -> Variables {
        let app = self.world.app();
        let needed = [
            ("DATABASE_URL", self.database_url()),
            ("PORT", "0".to_owned()),
            ("GITHUB_API_URL", self.api_url.clone()),
            ("GITHUB_APP_ID", app.client_id),
            ("GITHUB_APP_PRIVATE_KEY", app.private_key_pem),
            ("GITHUB_WEBHOOK_SECRET", app.webhook_secret),
        ];
        let needed = needed.into_iter().map(|(name, value)| (name.to_owned(), value));
        needed.chain(super::program::variables(more)).collect()
    }

    pub fn database_url(&self) -> String {
        self.database_url.clone()
    }

    /// Posts the payload as GitHub would; the status, or none when the connection broke.
    pub async fn post(&self, address: &str) -> Option<u16> {
        self.post_as(GUID, address).await
    }

    /// The same under another GUID.
    pub async fn post_as(&self, guid: &str, address: &str) -> Option<u16> {
        let body = Bytes::from(self.payload.to_string());
        let request = http::Request::post(format!("{address}/webhook"))
            .header("content-type", "application/json")
            .header("x-github-event", "issue_comment")
            .header("x-github-delivery", guid)
            .header("x-hub-signature-256", signature(&self.world.app().webhook_secret, &body))
            .body(Full::new(body))
            .unwrap();
        send(request).await
    }

    /// The bot's comments on the issue.
    pub fn answers(&self) -> Vec<Comment> {
        let bot = Some(format!("{}[bot]", self.world.app().slug));
        let mut comments = self.world.comments(&self.repository(), self.number());
        comments.retain(|comment| comment.author == bot);
        comments
    }

    /// Waits until the command's receipt says that it is done.
    pub async fn done(&self) {
        self.reacted("rocket").await;
    }

    /// Waits for this reaction to the person's comment.
    pub async fn reacted(&self, content: &str) {
        let comment = self.payload.pointer("/comment/id").and_then(Value::as_i64).unwrap();
        self.until(|| {
            let comments = self.world.comments(&self.repository(), self.number());
            let said = comments.iter().find(|said| said.id == comment)?;
            said.reactions.iter().any(|reaction| reaction.content == content).then_some(())
        })
        .await;
    }

    /// How often the bot has asked who may: the last thing before its first write.
    pub fn permissions_asked(&self) -> usize {
        let requests = self.world.requests();
        let answered = requests.iter().filter(|request| request.status.is_some());
        answered.filter(|request| request.path.contains("/collaborators/")).count()
    }

    /// Looks whenever the sandbox changes, until there is something.
    pub async fn until<T>(&self, look: impl Fn() -> Option<T>) -> T {
        let mut changes = self.world.changes();
        let found = async {
            loop {
                if let Some(found) = look() {
                    return found;
                }
                if let Err(RecvError::Closed) = changes.recv().await {
                    panic!("the sandbox is gone");
                }
            }
        };
        match timeout(PATIENCE, found).await {
            Ok(found) => found,
            Err(_) => panic!("it never came\n{:#?}", self.world.requests()),
        }
    }

    /// The jobs of all accepted deliveries, as they stand in the database.
    pub async fn jobs(&self) -> Vec<JobRow> {
        let store = Store::connect(&self.database_url(), Clock::system(0)).await.unwrap();
        let mut jobs = Vec::new();
        for delivery in store.inbox().recent(1_000).await.unwrap() {
            let own = store.jobs().of_delivery(&delivery.guid).await.unwrap();
            assert!(!own.is_empty(), "{delivery:?} has no job");
            jobs.extend(own);
        }
        jobs
    }

    /// Every accepted delivery came to its end, and none of its jobs is dead.
    pub async fn nothing_left(&self) {
        let jobs = self.jobs().await;
        assert!(jobs.iter().all(is_over), "{jobs:#?}");
    }

    /// Waits until that is so.
    pub async fn comes_to_rest(&self) {
        let rest = async { while !self.jobs().await.iter().all(is_over) {} };
        timeout(PATIENCE, rest).await.unwrap();
    }

    fn repository(&self) -> String {
        field(&self.payload, "/repository/full_name")
    }

    fn number(&self) -> i64 {
        self.payload.pointer("/issue/number").and_then(Value::as_i64).unwrap()
    }
}

/// The status of a page; none when the connection broke.
pub async fn get(url: &str) -> Option<u16> {
    send(http::Request::get(url).body(Full::default()).unwrap()).await
}

/// What a page says; empty when the connection broke.
pub async fn text(url: &str) -> String {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let request = http::Request::get(url).body(Full::<Bytes>::default()).unwrap();
    match timeout(PATIENCE, client.request(request)).await.unwrap() {
        Ok(answer) => {
            let body = answer.into_body().collect().await.unwrap().to_bytes();
            String::from_utf8_lossy(&body).into_owned()
        }
        Err(_) => String::new(),
    }
}

async fn send(request: http::Request<Full<Bytes>>) -> Option<u16> {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let answer = timeout(PATIENCE, client.request(request)).await.unwrap();
    answer.ok().map(|answer| answer.status().as_u16())
}

/// `serve` with these variables, and the address on which it listens.
pub async fn serve(variables: &Variables) -> (Program, String) {
    let mut program = Program::start(&[], variables);
    let address = program.says("Listening on ").await;
    (program, address)
}

/// GitHub's own example of a comment, with an installation added and `/enhance` as its text. Without the examples, a
/// payload of the same shape.
pub fn comment() -> Value {
    #[expect(clippy::disallowed_methods, reason = "the examples lie outside of the repository")]
    let folder = std::env::var("MILLWRIGHT_WEBHOOK_EXAMPLES");
    let mut payload = match folder {
        Ok(folder) => {
            let text = std::fs::read_to_string(format!("{folder}/issue_comment.created.json")).unwrap();
            serde_json::from_str(&text).unwrap()
        }
        Err(_) => {
            skip("GitHub's own example for one of ours, for MILLWRIGHT_WEBHOOK_EXAMPLES is not set");
            own()
        }
    };
    payload["installation"] = json!({"id": 7, "node_id": "MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9uNw=="});
    payload["comment"]["body"] = json!("/enhance");
    payload
}

/// A payload of ours, in the shape of GitHub's, with an installation and `/enhance`.
pub fn own() -> Value {
    let person = json!({"login": "octavia", "id": 11, "node_id": "U_11", "type": "User"});
    json!({
        "action": "created",
        "issue": {
            "id": 21, "node_id": "I_21", "number": 1, "title": "Spelling error in the README file",
            "body": "`README.md` spells \"commit\" with two t's.", "user": person, "labels": [], "state": "open",
            "locked": false, "comments": 0, "created_at": "2026-03-01T10:00:00Z", "updated_at": "2026-03-01T10:00:00Z",
        },
        "comment": {
            "id": 31, "node_id": "IC_31", "user": person, "body": "/enhance", "author_association": "OWNER",
            "created_at": "2026-03-01T10:00:00Z", "updated_at": "2026-03-01T10:00:00Z",
        },
        "repository": {
            "id": 41, "node_id": "R_41", "name": "hello", "full_name": "octavia/hello", "private": false,
            "owner": person, "default_branch": "main",
        },
        "sender": person,
        "installation": {"id": 7, "node_id": "MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9uNw=="},
    })
}

fn field(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap().to_owned()
}

fn is_over(job: &JobRow) -> bool {
    let over = matches!(job.state, JobState::Done | JobState::Cancelled);
    // A look for what may have come late takes place a minute later.
    over || job.name == LookAgain::NAME && job.state == JobState::Ready && job.attempts == 0
}
