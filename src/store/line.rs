//! SQLite's one writing connection. Transactions stand in line for it, and those that stand there together share one commit:
//! a commit waits for the disk, and the disk takes as long for one transaction as for fifty.
//!
//! Nobody waits for a timer. Whoever has ended a transaction while others stand in line goes back to its end, and the first one
//! to come to the front again commits for all who passed meanwhile. What is written belongs to whoever wrote it: each
//! transaction but the first is a savepoint, and one that fails takes nothing of the others with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::FutureExt as _;
use sqlx::{AnyConnection, Executor as _};
use tokio::sync::{Mutex, MutexGuard, Notify, OwnedMutexGuard, watch};
use tokio::time::{Instant, timeout_at};

use crate::store::error::StoreError;
use crate::store::file::OpenFile;

/// Where somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Place {
    /// Next, whoever else waits, and commits at once: a batch of deliveries, for which GitHub waits.
    Front,
    /// In line.
    Line,
}

/// The connection and the line in front of it. Clones are the same line.
#[derive(Clone)]
pub(in crate::store) struct Line(Arc<Inner>);

struct Inner {
    /// One at a time of those in line competes for the connection, so that a batch of deliveries meets at most one of them.
    line: Arc<Mutex<()>>,
    /// How many wait for `line`, or in front of it, with a transaction still to be done.
    waiting: AtomicUsize,
    desk: Arc<Mutex<Desk>>,
    patience: Duration,
    committed: Notify,
}

struct Desk {
    connection: AnyConnection,
    file: Arc<OpenFile>,
    /// Those who have written and wait for the commit; their rows are in the open transaction.
    group: Option<watch::Sender<Outcome>>,
    /// What was begun by somebody who is gone, and is perhaps still open.
    abandoned: Option<Open>,
}

#[derive(Debug, Clone)]
enum Outcome {
    Open,
    Committed,
    Failed(StoreError),
}

impl Line {
    /// Nobody waits yet; whoever waits longer than `patience` is told that the database is not available.
    pub(in crate::store) fn new(connection: AnyConnection, file: Arc<OpenFile>, patience: Duration) -> Self {
        Self(Arc::new(Inner {
            line: Arc::default(),
            waiting: AtomicUsize::new(0),
            desk: Arc::new(Mutex::new(Desk { connection, file, group: None, abandoned: None })),
            patience,
            committed: Notify::new(),
        }))
    }

    /// A transaction that may write. Dropped without [`Turn::commit`], it never happened.
    pub(in crate::store) async fn begin(&self, place: Place) -> Result<Turn, StoreError> {
        let deadline = Instant::now() + self.0.patience;
        let stand = match place {
            Place::Front => None,
            Place::Line => Some(timeout_at(deadline, self.stand()).await.map_err(|_| self.too_long())?),
        };
        // Counted, so that whoever is at work leaves the commit to it: it commits anyway.
        let in_front = (place == Place::Front).then(|| Counted::new(&self.0.waiting));
        let desk = Arc::clone(&self.0.desk).lock_owned();
        let mut desk = timeout_at(deadline, desk).await.map_err(|_| self.too_long())?;
        drop(in_front);
        desk.clear().await;
        desk.file.check()?;
        let open = if desk.group.is_some() { Open::Savepoint } else { Open::Transaction };
        let mut turn =
            Turn { desk, _stand: stand, line: self.clone(), place, open: Some(open), is_broken: false };
        turn.desk.run(open.begin()).await?;
        Ok(turn)
    }

    /// Waits until something was committed since the last call.
    pub(in crate::store) async fn committed(&self) {
        self.0.committed.notified().await;
    }

    /// Keeps every writer of this process away while `work` runs.
    pub(in crate::store) async fn alone<T>(
        &self,
        work: impl AsyncFnOnce(&mut AnyConnection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let _stand = self.stand().await;
        let mut desk = self.0.desk.lock().await;
        desk.clear().await;
        if desk.group.is_some() {
            desk.commit().await?;
        }
        work(&mut desk.connection).await
    }

    async fn stand(&self) -> OwnedMutexGuard<()> {
        let _counted = Counted::new(&self.0.waiting);
        Arc::clone(&self.0.line).lock_owned().await
    }

    fn too_long(&self) -> StoreError {
        StoreError::Unavailable(format!("no turn to write within {} s", self.0.patience.as_secs_f32()))
    }
}

/// A transaction, alone with the connection.
pub(in crate::store) struct Turn {
    // Dropped in this order: the connection is given up before the place.
    desk: OwnedMutexGuard<Desk>,
    _stand: Option<OwnedMutexGuard<()>>,
    line: Line,
    place: Place,
    open: Option<Open>,
    /// A statement has failed, or was interrupted: the database may have ended the transaction with it.
    is_broken: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Open {
    Transaction,
    Savepoint,
}

impl Open {
    fn begin(self) -> &'static str {
        match self {
            Self::Transaction => "BEGIN IMMEDIATE",
            Self::Savepoint => "SAVEPOINT turn",
        }
    }

    fn undo(self) -> &'static [&'static str] {
        match self {
            Self::Transaction => &["ROLLBACK"],
            Self::Savepoint => &["ROLLBACK TO turn", "RELEASE turn"],
        }
    }
}

impl Turn {
    /// For the next statement of this transaction; [`Turn::succeeded`] has to be told of its success.
    ///
    /// Nothing more is taken behind a statement that failed, as PostgreSQL has it: SQLite may have ended the transaction with
    /// it, and what came behind would be written at once and for good.
    pub(in crate::store) fn connection(&mut self) -> Result<&mut AnyConnection, StoreError> {
        self.check()?;
        self.is_broken = true;
        Ok(&mut self.desk.connection)
    }

    /// The last statement did what it should.
    pub(in crate::store) fn succeeded(&mut self) {
        self.is_broken = false;
    }

    fn check(&self) -> Result<(), StoreError> {
        let why = "an earlier statement of the transaction failed, so nothing of it is written";
        if self.is_broken { Err(StoreError::Unavailable(why.to_owned())) } else { Ok(()) }
    }

    /// Returns when what was written is on the disk.
    pub(in crate::store) async fn commit(mut self) -> Result<(), StoreError> {
        self.check()?;
        if self.open == Some(Open::Savepoint) {
            self.desk.run("RELEASE turn").await.map_err(ended_by_itself)?;
        }
        self.open = None;
        let nobody_waits = self.line.0.waiting.load(Ordering::Relaxed) == 0;
        if self.place == Place::Front || nobody_waits {
            let committed = self.desk.commit().await;
            self.line.0.committed.notify_one();
            return committed;
        }
        let outcome = self.desk.join();
        let waiter = Waiter { outcome: Some(outcome), line: self.line.clone() };
        drop(self);
        waiter.wait().await
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        match self.open.take() {
            None => {}
            Some(Open::Transaction) => self.desk.abandon(Open::Transaction),
            Some(Open::Savepoint) => {
                self.desk.abandon(Open::Savepoint);
                self.desk.commit_forgotten();
            }
        }
    }
}

/// Somebody who has written and waits for the commit.
struct Waiter {
    outcome: Option<watch::Receiver<Outcome>>,
    line: Line,
}

impl Waiter {
    async fn wait(self) -> Result<(), StoreError> {
        let Some(outcome) = self.outcome.clone() else { return Ok(()) };
        let inner = &self.line.0;
        let lead = async {
            let _stand = inner.line.lock().await;
            let desk = inner.desk.lock().await;
            commit_for_all(desk, &outcome).await
        };
        let committed = tokio::select! {
            biased;
            told = told(outcome.clone()) => return told,
            committed = lead => committed,
        };
        inner.committed.notify_one();
        committed
    }
}

impl Drop for Waiter {
    /// When the last one who waits goes away, nobody else would ever end the transaction.
    fn drop(&mut self) {
        self.outcome = None;
        if let Ok(mut desk) = self.line.0.desk.try_lock() {
            desk.commit_forgotten();
        }
    }
}

async fn commit_for_all(
    mut desk: MutexGuard<'_, Desk>,
    outcome: &watch::Receiver<Outcome>,
) -> Result<(), StoreError> {
    desk.clear().await;
    // Somebody was faster, or there is nothing left to commit.
    if !matches!(*outcome.borrow(), Outcome::Open) || outcome.has_changed().is_err() {
        return told(outcome.clone()).await;
    }
    desk.commit().await
}

async fn told(mut outcome: watch::Receiver<Outcome>) -> Result<(), StoreError> {
    let ended = outcome.wait_for(|outcome| !matches!(outcome, Outcome::Open)).await;
    match ended.as_deref() {
        Ok(Outcome::Failed(error)) => Err(error.clone()),
        Ok(_) => Ok(()),
        Err(_) => Err(StoreError::Unavailable("the commit was interrupted".to_owned())),
    }
}

impl Desk {
    async fn run(&mut self, text: &'static str) -> Result<(), StoreError> {
        self.connection.execute(text).await?;
        Ok(())
    }

    /// Takes back at once what somebody began who is gone, so that it holds no lock; whoever comes next makes sure.
    fn abandon(&mut self, open: Open) {
        open.undo().iter().for_each(|text| self.send(text));
        self.abandoned = Some(open);
    }

    /// Makes sure that nothing abandoned is open. What was taken back already fails here and changes nothing.
    async fn clear(&mut self) {
        let Some(open) = self.abandoned else { return };
        for text in open.undo() {
            let _ = self.run(text).await;
        }
        if open == Open::Savepoint {
            self.check_group().await;
        }
        self.abandoned = None;
    }

    /// SQLite ends the whole transaction by itself when a statement finds the disk full or broken, also within a savepoint. Then
    /// it can be begun anew, and those who wait for its commit hear that there will be none.
    async fn check_group(&mut self) {
        // If this future is dropped on the way, everything is taken back, and everybody is told so.
        self.abandoned = Some(Open::Transaction);
        let group = self.group.take();
        match self.run("BEGIN").await {
            Ok(()) => drop(self.run("ROLLBACK").await),
            Err(_) => self.group = group,
        }
    }

    /// Hands a statement to the connection's thread without waiting for it; whatever follows comes after it. One that is no
    /// longer needed (the database ends a transaction by itself when its disk is full) fails there and changes nothing. It does
    /// not get there when as many wait there as there may: see [`Desk::clear`].
    fn send(&mut self, text: &'static str) {
        let _ = self.connection.execute(text).now_or_never();
    }

    fn join(&mut self) -> watch::Receiver<Outcome> {
        self.group.get_or_insert_with(|| watch::Sender::new(Outcome::Open)).subscribe()
    }

    async fn commit(&mut self) -> Result<(), StoreError> {
        self.clear().await;
        // Gone with this future if it is dropped: then nobody knows how it ended, and everybody is told so.
        let group = self.group.take();
        let mut ending = Ending { desk: self, is_over: false };
        let committed = ending.desk.commit_in_place().await;
        ending.is_over = committed.is_ok();
        drop(ending);
        if let Some(group) = group {
            let outcome = committed.clone().err().map_or(Outcome::Committed, Outcome::Failed);
            group.send_replace(outcome);
        }
        committed
    }

    /// Nothing is committed into a file that is gone; and what was committed while it went counts as not written.
    async fn commit_in_place(&mut self) -> Result<(), StoreError> {
        self.file.check()?;
        self.run("COMMIT").await.map_err(ended_by_itself)?;
        self.file.check()
    }

    fn commit_forgotten(&mut self) {
        if self.group.as_ref().is_some_and(|group| group.receiver_count() == 0) {
            self.group = None;
            self.send("COMMIT");
            self.abandon(Open::Transaction);
        }
    }
}

/// That there is no transaction any more says nothing of what was to be written: it may be tried again.
fn ended_by_itself(error: StoreError) -> StoreError {
    match error {
        StoreError::Broken(text)
            if text.contains("no transaction is active") || text.contains("no such savepoint") =>
        {
            StoreError::Unavailable(format!("the database has ended the transaction by itself: {text}"))
        }
        other => other,
    }
}

/// Leaves no transaction open behind a commit that failed or was interrupted.
struct Ending<'a> {
    desk: &'a mut Desk,
    is_over: bool,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.desk.abandon(Open::Transaction);
        }
    }
}

/// One more, until it is dropped.
struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
