//! The ceiling: the least that keeps a delivery. The HMAC is checked, the body compressed, and everything that waits is committed
//! to SQLite together (`synchronous = FULL`) as GUID and body, in one statement; checkpoints run beside. No jobs, no filter, no
//! lanes.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use secrecy::SecretString;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _};
use tokio::sync::{mpsc, oneshot};

use crate::floor;

/// As many deliveries as Millwright commits together.
const BATCH: usize = 256;

struct Ceiling {
    secrets: Vec<SecretString>,
    waiting: mpsc::Sender<Waiting>,
}

struct Waiting {
    guid: String,
    body: Vec<u8>,
    answer: oneshot::Sender<()>,
}

/// Serves until it is killed; says where on standard output.
pub async fn serve(secret: &str, file: &str) {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .statement_cache_capacity(BATCH + 8)
        .disable_statement_logging();
    let mut connection = options.connect().await.unwrap();
    let set_up = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
        PRAGMA cache_size = -8192;
        CREATE TABLE deliveries (guid TEXT PRIMARY KEY, body BLOB NOT NULL)";
    connection.execute(set_up).await.unwrap();
    let (waiting, receiver) = mpsc::channel(4096);
    tokio::spawn(write(connection, receiver));
    tokio::spawn(checkpoint(options));
    let state: &'static Ceiling =
        Box::leak(Box::new(Ceiling { secrets: vec![SecretString::from(secret)], waiting }));
    floor::listen(Router::new().route("/webhook", post(receive)).with_state(state)).await;
}

async fn receive(State(ceiling): State<&'static Ceiling>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let guid = headers.get("x-github-delivery").and_then(|value| value.to_str().ok());
    let Some(guid) = guid.filter(|_| floor::is_genuine(&ceiling.secrets, &headers, &body)) else {
        return StatusCode::UNAUTHORIZED;
    };
    let (answer, told) = oneshot::channel();
    let waiting = Waiting { guid: guid.to_owned(), body: lz4_flex::compress_prepend_size(&body), answer };
    ceiling.waiting.send(waiting).await.unwrap();
    told.await.unwrap();
    StatusCode::ACCEPTED
}

async fn write(mut connection: SqliteConnection, mut receiver: mpsc::Receiver<Waiting>) {
    loop {
        let mut batch = Vec::new();
        receiver.recv_many(&mut batch, BATCH).await;
        let (answers, rows): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|one| (one.answer, (one.guid, one.body))).unzip();
        connection.execute("BEGIN IMMEDIATE").await.unwrap();
        insert(&mut connection, rows).await;
        connection.execute("COMMIT").await.unwrap();
        for answer in answers {
            let _ = answer.send(());
        }
    }
}

/// One statement, for each is a round trip to the thread that SQLite has; a text for each number of rows, prepared once.
async fn insert(connection: &mut SqliteConnection, rows: Vec<(String, Vec<u8>)>) {
    let values = vec!["(?, ?)"; rows.len()].join(", ");
    let text = format!("INSERT INTO deliveries (guid, body) VALUES {values} ON CONFLICT DO NOTHING");
    let mut query = sqlx::query(AssertSqlSafe(text));
    for (guid, body) in rows {
        query = query.bind(guid).bind(body);
    }
    query.execute(connection).await.unwrap();
}

async fn checkpoint(options: SqliteConnectOptions) {
    let mut connection = options.busy_timeout(Duration::ZERO).connect().await.unwrap();
    let mut ticks = tokio::time::interval(Duration::from_millis(250));
    loop {
        ticks.tick().await;
        let _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").await;
    }
}
