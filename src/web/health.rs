//! `GET /healthz`: the process lives. `GET /readyz`: it can do its work, and what waits for a person; GitHub is never asked.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::future::{BoxFuture, FutureExt, Shared, WeakShared, join_all};
use http::StatusCode;
use serde_json::json;
use tokio::time::timeout;

use crate::web::routes::Web;

/// One thing that has to be in order before deliveries can be worked on: the database, the key, the queue.
pub trait Check: Send + Sync {
    /// One word that `/readyz` names when this fails.
    fn name(&self) -> &'static str;

    /// Looks now; the error is a sentence for the log.
    fn run(&self) -> BoxFuture<'_, Result<(), String>>;

    /// What a person should know although everything is in order, in one sentence for the page.
    fn note(&self) -> BoxFuture<'_, Option<String>> {
        std::future::ready(None).boxed()
    }
}

/// A check that takes longer than this has failed.
const LONGEST_CHECK: Duration = Duration::from_secs(3);

pub(super) async fn alive() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

pub(super) async fn ready(State(web): State<Arc<Web>>) -> Response {
    match web.looks.share(&web).await {
        Seen::Ready { notes } if notes.is_empty() => Json(json!({ "status": "ok" })).into_response(),
        Seen::Ready { notes } => Json(json!({ "status": "ok", "notes": notes })).into_response(),
        Seen::Failing(names) => {
            let body = Json(json!({ "status": "unavailable", "failing": names }));
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}

/// The look that is under way: a look writes to the database and anybody may ask for one, so whoever comes meanwhile waits for the
/// same, and is told what was so when it began, seconds ago at most. Who comes later gets a new one.
#[derive(Default)]
pub struct Looks(Mutex<Option<WeakShared<BoxFuture<'static, Seen>>>>);

impl Looks {
    /// The look goes on while anybody waits for it.
    fn share(&self, web: &Arc<Web>) -> Shared<BoxFuture<'static, Seen>> {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let joined = under_way.as_ref().and_then(WeakShared::upgrade).filter(|look| look.peek().is_none());
        joined.unwrap_or_else(|| {
            // A check that panics is one that fails, for everybody who waits.
            let look = AssertUnwindSafe(look(Arc::clone(web))).catch_unwind();
            let begun =
                look.map(|seen| seen.unwrap_or_else(|_| Seen::Failing(vec!["checks"]))).boxed().shared();
            *under_way = begun.downgrade();
            begun
        })
    }
}

/// What a look has seen.
#[derive(Clone)]
enum Seen {
    Ready { notes: Vec<String> },
    Failing(Vec<&'static str>),
}

async fn look(web: Arc<Web>) -> Seen {
    let failing: Vec<&str> = join_all(web.checks.iter().map(failing)).await.into_iter().flatten().collect();
    if !failing.is_empty() {
        return Seen::Failing(failing);
    }
    let notes = join_all(web.checks.iter().map(note)).await.into_iter().flatten();
    Seen::Ready { notes: notes.chain(web.turned_away.lately()).collect() }
}

async fn note(check: &Arc<dyn Check>) -> Option<String> {
    timeout(LONGEST_CHECK, check.note()).await.ok().flatten()
}

async fn failing(check: &Arc<dyn Check>) -> Option<&'static str> {
    let found = timeout(LONGEST_CHECK, check.run()).await;
    let why = found.unwrap_or_else(|_| Err("it did not answer in time".to_owned())).err()?;
    // The reason may name files and hosts: the log is for the operator, the page for anybody.
    tracing::warn!(check = check.name(), why, "not ready");
    Some(check.name())
}
