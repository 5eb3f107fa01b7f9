//! Waking idle workers: those of this process at once, those of other processes through PostgreSQL's notifications. Whatever
//! is missed on the way is found by looking, as before.

use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::sync::Notify;

use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::sql::statements;

/// The channel's name.
const CHANNEL: &str = "millwright_jobs";
/// A process has far fewer workers than this; more would only spin.
const MOST: usize = 64;

statements! {
    // Alone and not in the transaction that wrote the jobs: there it would hold up every other commit with a notification.
    TELL = postgres_only "SELECT pg_notify('millwright_jobs', $1)";
}

/// Who is to be woken.
pub(in crate::store) struct Wake {
    /// Tells our own notifications from those of others.
    instance: String,
    idle: Notify,
    untold: AtomicUsize,
    tell: Notify,
}

impl Wake {
    pub(in crate::store) fn new() -> Self {
        Self {
            instance: ulid::Ulid::generate().to_string(),
            idle: Notify::new(),
            untold: AtomicUsize::new(0),
            tell: Notify::new(),
        }
    }

    /// So many jobs can be claimed since a commit; wakes as many workers here, and has the others told.
    pub(in crate::store) fn announce(&self, jobs: usize) {
        if jobs == 0 {
            return;
        }
        self.rouse(jobs);
        self.untold.fetch_add(jobs, Ordering::Relaxed);
        self.tell.notify_one();
    }

    /// Returns when there may be something to do.
    pub(in crate::store) async fn roused(&self) {
        self.idle.notified().await;
    }

    fn rouse(&self, jobs: usize) {
        for _ in 0..jobs.min(MOST) {
            self.idle.notify_one();
        }
    }
}

impl Store {
    /// Tells other instances on the same PostgreSQL of jobs that this one wrote, and wakes our workers for theirs; many jobs
    /// written at once are told once. Ends only with an error; begin it again then. On SQLite it waits for ever.
    pub async fn relay(&self) -> Result<(), StoreError> {
        let Some(options) = self.pools.listens_with() else { return std::future::pending().await };
        let mut listener = connect(options).await?;
        // What was written before we listened.
        self.wake.rouse(1);
        let hear = async {
            loop {
                match listener.try_recv().await? {
                    Some(told) => self.hear(told.payload()),
                    // The connection was lost, and with it what was told meanwhile.
                    None => self.wake.rouse(1),
                }
            }
        };
        tokio::select! {
            failed = hear => failed,
            failed = self.tell() => failed,
        }
    }

    fn hear(&self, told: &str) {
        match told.split_once(' ') {
            Some((instance, jobs)) if instance != self.wake.instance => {
                self.wake.rouse(jobs.parse().unwrap_or(1))
            }
            _ => {}
        }
    }

    async fn tell(&self) -> Result<(), StoreError> {
        loop {
            self.wake.tell.notified().await;
            let jobs = self.wake.untold.swap(0, Ordering::Relaxed);
            if jobs > 0 {
                let told = format!("{} {jobs}", self.wake.instance);
                self.write(&TELL).text(&told).rows().await?;
            }
        }
    }
}

async fn connect(options: PgConnectOptions) -> Result<PgListener, StoreError> {
    // A pool of its own: the connection is held for good, and only typed ones can listen.
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(options);
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}
