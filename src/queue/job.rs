//! What a job is, and the table of those that this process can run.

use std::collections::BTreeMap;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::{InstallationId, RepoId};
use crate::domain::pace::Urgency;
use crate::store::{Claimed, Fence, NewJob, PRIORITY_NORMAL, PRIORITY_SCHEDULE};

/// Work that is stored as JSON and run by a worker, perhaps of another process, perhaps more than once.
pub trait Job<C>: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Versioned, such as `enhance.v1`. A changed payload needs a new version: an old process leaves it alone.
    const NAME: &'static str;
    /// Runs that may fail before the job is dead.
    const MAX_ATTEMPTS: i64 = 5;
    /// How long it stays with a worker that is not heard of, where that is to be shorter than usual; in milliseconds.
    const LEASE_MS: i64 = i64::MAX;

    /// Does the work. May be dropped at any await point, when the lease is lost, the time is up or the process stops.
    fn run<'a>(self, ctx: &'a C) -> impl Future<Output = Outcome> + Send + 'a;
}

/// A job as the store wants it: normal priority, no lane, no owner, due at `run_at_ms`. Fill in the rest.
pub fn new_job<C, J: Job<C>>(job: &J, run_at_ms: i64) -> Outcome<NewJob> {
    Ok(NewJob {
        name: J::NAME,
        payload: serde_json::to_string(job).map_err(Failure::internal)?,
        lane: None,
        installation: None,
        repo: None,
        priority: PRIORITY_NORMAL,
        run_at_ms,
        dedupe: None,
        max_attempts: J::MAX_ATTEMPTS,
        delivery: None,
    })
}

/// What a context is made from: everything about the claim but its payload.
#[derive(Debug, Clone)]
pub struct JobInfo {
    /// For `still_mine` before every write to GitHub.
    pub fence: Fence,
    /// Versioned name.
    pub name: String,
    /// The lane it holds.
    pub lane: Option<String>,
    /// Its installation.
    pub installation: Option<InstallationId>,
    /// Its repository.
    pub repo: Option<RepoId>,
    /// GUID of the delivery that started it.
    pub delivery: Option<String>,
    /// 1 for the first run that counts.
    pub attempt: i64,
    /// The last one.
    pub max_attempts: i64,
    /// Who waits for it.
    pub urgency: Urgency,
    /// Unix ms.
    pub created_at_ms: i64,
}

impl From<&Claimed> for JobInfo {
    fn from(claimed: &Claimed) -> Self {
        Self {
            fence: claimed.fence.clone(),
            name: claimed.name.clone(),
            lane: claimed.lane.clone(),
            installation: claimed.installation,
            repo: claimed.repo,
            delivery: claimed.delivery.clone(),
            attempt: claimed.attempt,
            max_attempts: claimed.max_attempts,
            urgency: if claimed.priority < PRIORITY_SCHEDULE { Urgency::Person } else { Urgency::Schedule },
            created_at_ms: claimed.created_at_ms,
        }
    }
}

type Run<C> = for<'a> fn(&str, &'a C) -> BoxFuture<'a, Outcome>;

/// The jobs that this process can run, by name.
pub struct Registry<C> {
    runs: BTreeMap<&'static str, Row<C>>,
}

struct Row<C> {
    run: Run<C>,
    lease_ms: i64,
}

impl<C: Send + Sync + 'static> Registry<C> {
    /// An empty table.
    pub fn new() -> Self {
        Self { runs: BTreeMap::new() }
    }

    /// Adds a job.
    pub fn with<J: Job<C>>(mut self) -> Self {
        self.runs.insert(J::NAME, Row { run: parse_and_run::<C, J>, lease_ms: J::LEASE_MS });
        self
    }

    /// Adds the jobs of another table.
    pub fn join(mut self, other: Self) -> Self {
        self.runs.extend(other.runs);
        self
    }

    /// The names, sorted.
    pub fn names(&self) -> Vec<&'static str> {
        self.runs.keys().copied().collect()
    }

    pub(in crate::queue) fn get(&self, name: &str) -> Option<Run<C>> {
        self.runs.get(name).map(|row| row.run)
    }

    /// The longest lease of each job.
    pub(in crate::queue) fn leases(&self) -> impl Iterator<Item = (&'static str, i64)> {
        self.runs.iter().map(|(name, row)| (*name, row.lease_ms))
    }
}

impl<C: Send + Sync + 'static> Default for Registry<C> {
    fn default() -> Self {
        Self::new()
    }
}

fn parse_and_run<'a, C: Send + Sync, J: Job<C>>(payload: &str, ctx: &'a C) -> BoxFuture<'a, Outcome> {
    match serde_json::from_str::<J>(payload) {
        Ok(job) => job.run(ctx).boxed(),
        // Every later run would read the same text.
        Err(error) => {
            let cause = format!("the stored payload of {} cannot be read: {error}", J::NAME);
            std::future::ready(Err(Failure::internal(cause))).boxed()
        }
    }
}
