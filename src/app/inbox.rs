//! The receiver's way into the store: deliveries that wait at the same moment are written together, each with its job.
//!
//! There is no timer. The writer takes what waits; while it writes, the next batch gathers. So a lone delivery waits for nobody,
//! and a flood is written in few transactions.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

use crate::ctx::crash::CrashPoints;
use crate::store::{self, NewDelivery, NewJob, Store, StoreError};
use crate::triggers::dispatch;
use crate::web::body::Share;
use crate::web::webhook::{Accept, Accepted, Inbox, Unavailable};

/// Deliveries of one transaction, at most.
const LARGEST_BATCH: usize = 256;

/// Deliveries that may wait for the writer: some seconds of work. Whoever comes then is told to come again.
const BACKLOG: usize = 1024;

/// How long the database may take for a batch. A server that went without a word says nothing until the network gives up on it,
/// a quarter of an hour later; meanwhile there may be another one in its place. Longer than a statement waits for a lock.
const PATIENCE: Duration = Duration::from_secs(12);

/// A backlog is worked off within seconds.
const RETRY_AFTER_BACKLOG: Duration = Duration::from_secs(5);

/// Takes deliveries, and has them written.
pub struct StoreInbox {
    store: Store,
    waiting: mpsc::Sender<Waiting>,
    refused: Refused,
}

/// Writes what was taken. Runs until the inbox is gone and everything is written.
pub struct Writer {
    store: Store,
    crash: CrashPoints,
    waiting: mpsc::Receiver<Waiting>,
    refused: Refused,
    patience: Duration,
}

/// When the database last refused deliveries and has taken none since; unix milliseconds, 0: never. A small write may succeed
/// where a delivery finds no room, so readiness asks here, too.
#[derive(Clone, Default)]
pub struct Refused(Arc<AtomicI64>);

impl Refused {
    fn note(&self, now_ms: i64) {
        self.0.store(now_ms, Ordering::Relaxed);
    }

    /// That moment.
    pub fn at_ms(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|at_ms| *at_ms != 0)
    }
}

/// A delivery on its way. Whoever brought it may hang up; it is written all the same.
struct Waiting {
    delivery: NewDelivery,
    job: NewJob,
    answer: oneshot::Sender<Result<Accepted, StoreError>>,
    _share: Share,
}

/// Both ends.
pub fn open(store: Store, crash: CrashPoints) -> (StoreInbox, Writer) {
    let (sender, receiver) = mpsc::channel(BACKLOG);
    let refused = Refused::default();
    let inbox = StoreInbox { store: store.clone(), waiting: sender, refused: refused.clone() };
    (inbox, Writer { store, crash, waiting: receiver, refused, patience: PATIENCE })
}

impl Inbox for StoreInbox {
    fn accept(&self, delivery: Accept) -> BoxFuture<'_, Result<Accepted, Unavailable>> {
        self.keep(delivery).boxed()
    }
}

impl StoreInbox {
    /// For readiness.
    pub fn refused(&self) -> Refused {
        self.refused.clone()
    }

    async fn keep(&self, delivery: Accept) -> Result<Accepted, Unavailable> {
        let (answer, told) = oneshot::channel();
        if self.store.is_damaged() {
            self.refused.note(self.store.clock().now_ms());
            return Err(unavailable(
                None,
                "the database is damaged: what would be written could not be read again",
            ));
        }
        let Accept { guid, event, shallow, body, share } = delivery;
        let now_ms = self.store.clock().now_ms();
        // Packed here, where each delivery has a task of its own: all of them wait for the writer.
        let (delivery, job) = dispatch::accepted(&guid, &event, (shallow, &body), now_ms)
            .map_err(|failure| Unavailable { retry_after: None, cause: failure.into() })?;
        // It may be long, and the wait, too.
        drop(body);
        let waiting = Waiting { delivery, job, answer, _share: share };
        self.waiting.try_send(waiting).map_err(|error| match error {
            TrySendError::Full(_) => {
                unavailable(Some(RETRY_AFTER_BACKLOG), "too many deliveries wait to be written")
            }
            TrySendError::Closed(_) => unavailable(None, "the writer has stopped"),
        })?;
        match told.await {
            Ok(Ok(accepted)) => Ok(accepted),
            Ok(Err(error)) => Err(Unavailable { retry_after: None, cause: error.into() }),
            Err(_) => Err(unavailable(None, "the writer has stopped")),
        }
    }
}

fn unavailable(retry_after: Option<Duration>, why: &'static str) -> Unavailable {
    Unavailable { retry_after, cause: why.into() }
}

impl Writer {
    /// Writes until there is nothing left that could come.
    pub async fn run(mut self) {
        loop {
            let mut batch = Vec::new();
            if self.waiting.recv_many(&mut batch, LARGEST_BATCH).await == 0 {
                return;
            }
            self.write(batch).await;
        }
    }

    /// A batch that the database refuses is halved, and halved again, until whatever it cannot take stands alone: one
    /// delivery must not cost the others their place. A database that is away refuses all of them at once.
    async fn write(&self, batch: Vec<Waiting>) {
        let mut batches = vec![batch];
        while let Some(mut batch) = batches.pop() {
            let rows = batch.iter().map(|one| (&one.delivery, &one.job)).collect::<Vec<_>>();
            match self.in_time(self.store.inbox().accept_many(&rows)).await {
                Ok(accepted) => {
                    self.refused.0.store(0, Ordering::Relaxed);
                    self.crash.pass("after_commit_before_ack").await;
                    for (one, accepted) in batch.into_iter().zip(accepted) {
                        // Whoever hung up meanwhile finds it here when it comes again.
                        let _ = one.answer.send(Ok(known(accepted)));
                    }
                }
                Err(StoreError::Broken(_)) if batch.len() > 1 => {
                    let rest = batch.split_off(batch.len() / 2);
                    batches.extend([rest, batch]);
                }
                Err(error) => {
                    // A delivery that the database cannot take says nothing of the others.
                    if !matches!(error, StoreError::Broken(_)) {
                        self.refused.note(self.store.clock().now_ms());
                    }
                    for one in batch {
                        let _ = one.answer.send(Err(error.clone()));
                    }
                }
            }
        }
    }

    /// What was committed all the same is known when it comes again.
    async fn in_time<T>(&self, write: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let late = || format!("the database did not answer within {} s", self.patience.as_secs());
        tokio::time::timeout(self.patience, write)
            .await
            .unwrap_or_else(|_| Err(StoreError::Unavailable(late())))
    }
}

fn known(accepted: store::Accepted) -> Accepted {
    match accepted {
        store::Accepted::New => Accepted::New,
        store::Accepted::Seen => Accepted::SeenBefore,
    }
}

#[cfg(test)]
mod tests;
