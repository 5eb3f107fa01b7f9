//! The receiver's way into the store: a delivery and its job, in one transaction.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::ctx::crash::CrashPoints;
use crate::domain::failure::BoxError;
use crate::domain::message::{Dispatch, Lane};
use crate::github::webhook::Shallow;
use crate::store::{self, NewDelivery, NewJob, PRIORITY_PEOPLE, Store};
use crate::web::webhook::{Accept, Accepted, Inbox, Unavailable};

/// Keeps deliveries in the database.
pub struct StoreInbox {
    store: Store,
    crash: CrashPoints,
}

impl StoreInbox {
    /// Keeps them in `store`.
    pub fn new(store: Store, crash: CrashPoints) -> Self {
        Self { store, crash }
    }

    async fn keep(&self, delivery: Accept) -> Result<Accepted, Unavailable> {
        let unavailable = |cause: BoxError| Unavailable { retry_after: None, cause };
        let job = dispatch(&delivery.guid, &delivery.shallow, self.store.clock().now_ms());
        let delivery = NewDelivery {
            guid: delivery.guid,
            event: delivery.event,
            action: delivery.shallow.action,
            installation: delivery.shallow.installation_id,
            repo: delivery.shallow.repo_id,
            body: delivery.body.to_vec(),
        };
        let accepted =
            self.store.inbox().accept(&delivery, &job).await.map_err(|error| unavailable(error.into()))?;
        self.crash.pass("after_commit_before_ack").await;
        Ok(match accepted {
            store::Accepted::New => Accepted::New,
            store::Accepted::Seen => Accepted::SeenBefore,
        })
    }
}

impl Inbox for StoreInbox {
    fn accept(&self, delivery: Accept) -> BoxFuture<'_, Result<Accepted, Unavailable>> {
        self.keep(delivery).boxed()
    }
}

/// The job that works a delivery off, due at `now_ms`.
pub fn dispatch(guid: &str, shallow: &Shallow, now_ms: i64) -> NewJob {
    let message = Dispatch { delivery: guid.to_owned() };
    NewJob {
        name: Dispatch::NAME,
        payload: serde_json::to_string(&message).unwrap_or_default(),
        lane: lane(shallow),
        installation: shallow.installation_id,
        repo: shallow.repo_id,
        priority: PRIORITY_PEOPLE,
        run_at_ms: now_ms,
        dedupe: None,
        max_attempts: Dispatch::MAX_ATTEMPTS,
        delivery: Some(guid.to_owned()),
    }
}

/// What concerns one issue is worked off in the order in which it came; so is what concerns a repository or an installation.
fn lane(shallow: &Shallow) -> Option<String> {
    match (shallow.repo_id, shallow.issue_number, shallow.installation_id) {
        (Some(repo), Some(issue), _) => Some(Lane::Inbox.of(repo, issue)),
        (Some(repo), None, _) => Some(format!("repository/{repo}")),
        (None, _, Some(installation)) => Some(format!("installation/{installation}")),
        (None, _, None) => None,
    }
}
