//! `GET /healthz`: the process lives. `GET /readyz`: it can do its work, and what waits for a person; GitHub is never asked.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::future::{BoxFuture, FutureExt, join_all};
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
    let failing: Vec<&str> = join_all(web.checks.iter().map(failing)).await.into_iter().flatten().collect();
    if failing.is_empty() {
        let notes = join_all(web.checks.iter().map(note)).await.into_iter().flatten();
        let notes: Vec<String> = notes.chain(web.turned_away.lately()).collect();
        return match notes.is_empty() {
            true => Json(json!({ "status": "ok" })).into_response(),
            false => Json(json!({ "status": "ok", "notes": notes })).into_response(),
        };
    }
    let body = Json(json!({ "status": "unavailable", "failing": failing }));
    (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
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
