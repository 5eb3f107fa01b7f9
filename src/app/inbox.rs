//! The receiver's way into the store: a delivery and its job, in one transaction.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::ctx::crash::CrashPoints;
use crate::domain::failure::BoxError;
use crate::store::{self, NewDelivery, Store};
use crate::triggers::dispatch;
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
        let job = dispatch::job(&delivery.guid, &delivery.shallow, self.store.clock().now_ms());
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
