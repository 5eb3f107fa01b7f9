//! Work to do: durable jobs with lanes, leases, fair turns and backoff.
//!
//! A ready job stands at one of four gates. *Open* jobs are what a claim sees. A job *behind* another of its lane is let
//! forward when that one makes room, and a *timed* one when its time has come. A *paused* one holds its lane until the operator
//! ends the pause. So a claim never walks over jobs that it cannot take, however many there are. The gate is a hint that may be wrong in one direction only: a job may stand open although its
//! lane is taken (the claim checks, and sends it back), but never behind with nobody in front. Whoever lets a job forward because its lane has
//! become free, or sends one back, holds the lane's lock. The law of the lane itself is a unique index.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::ids::{InstallationId, RepoId};
use crate::store::Store;
use crate::store::text_enum::text_enum;

pub(in crate::store) mod enqueue; // writing jobs
pub(in crate::store) mod round; // from installation to installation
pub(in crate::store) mod claim; // taking one
pub(in crate::store) mod settle; // ending a run, one way or another
pub(in crate::store) mod lookup; // what is there

pub use claim::Claimant;
pub use lookup::{JobCounts, JobRow};

/// For what a person waits for.
pub const PRIORITY_PEOPLE: i64 = -10;
/// For everything else.
pub const PRIORITY_NORMAL: i64 = 0;
/// For what nobody waits for, such as schedules.
pub const PRIORITY_SCHEDULE: i64 = 10;

/// A job, in the order of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub i64);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_enum! {
    /// Where a job is.
    JobState {
        /// Waits: for a worker, its lane or its time.
        Ready = "ready",
        /// A worker holds its lease.
        Running = "running",
        /// Done, or ended with a sentence for the person.
        Done = "done",
        /// Failed for good; can be requeued.
        Dead = "dead",
        /// Its reason is gone.
        Cancelled = "cancelled",
    }
}

/// A job to write.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Versioned name, such as `enhance.v1`.
    pub name: &'static str,
    /// JSON.
    pub payload: String,
    /// At most one job of a lane runs at a time, the earliest due one first.
    pub lane: Option<String>,
    /// Parked together with everything else of this installation.
    pub installation: Option<InstallationId>,
    /// Repositories take turns.
    pub repo: Option<RepoId>,
    /// Lower runs first: see [`PRIORITY_NORMAL`].
    pub priority: i64,
    /// Unix ms, not before.
    pub run_at_ms: i64,
    /// While a job with this key is ready, an equal one is folded into it.
    pub dedupe: Option<String>,
    /// Runs that may fail before the job is dead.
    pub max_attempts: i64,
    /// GUID of the delivery that started it.
    pub delivery: Option<String>,
}

/// What became of a [`NewJob`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enqueued {
    /// Written.
    New(JobId),
    /// An equal job is ready already; if it had not started yet, it now runs at the earlier of both times.
    Already(JobId),
}

/// Proof of one claim. Everything a worker writes about a job names it, so that a worker whose lease has run out changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    pub(in crate::store) job: JobId,
    pub(in crate::store) worker: String,
    pub(in crate::store) claims: i64,
    pub(in crate::store) lane: Option<String>,
}

impl Fence {
    /// The job.
    pub fn job(&self) -> JobId {
        self.job
    }
}

/// A job that now runs here.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// For all that follows.
    pub fence: Fence,
    /// Versioned name.
    pub name: String,
    /// JSON.
    pub payload: String,
    /// The lane it holds.
    pub lane: Option<String>,
    /// Its installation.
    pub installation: Option<InstallationId>,
    /// Its repository.
    pub repo: Option<RepoId>,
    /// The repository's `OWNER/NAME`, where we have heard it.
    pub repository: Option<String>,
    /// 1 for the first run that counts.
    pub attempt: i64,
    /// The last one.
    pub max_attempts: i64,
    /// Lower runs first: see [`PRIORITY_NORMAL`].
    pub priority: i64,
    /// GUID of the delivery that started it.
    pub delivery: Option<String>,
    /// Unix ms.
    pub created_at_ms: i64,
    /// How long it stays with a worker that is not heard of, in milliseconds.
    pub lease_ms: i64,
    /// Dropped when the run is over.
    pub(in crate::store) _seat: Arc<round::Seat>,
}

/// Jobs of the whole store.
#[derive(Clone, Copy)]
pub struct Jobs<'a> {
    store: &'a Store,
}

impl<'a> Jobs<'a> {
    pub(in crate::store) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    #[cfg(test)]
    pub(in crate::store) fn store(self) -> &'a Store {
        self.store
    }
}
