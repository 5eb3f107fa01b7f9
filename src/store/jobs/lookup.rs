//! What is there: single jobs, the dead, counts, and when to look again.

use crate::domain::ids::{InstallationId, RepoId};
use crate::store::aged::Aged;
use crate::store::error::StoreError;
use crate::store::jobs::{JobId, JobState, Jobs};
use crate::store::optional_id;
use crate::store::sql::{Row, Statement, statements};

statements! {
    BY_ID = "SELECT seq, name, payload, lane, installation_id, repo_id, delivery_guid, state, run_at, attempts, max_attempts,
        last_error, created_at, finished_at FROM jobs WHERE seq = $1";
    BY_DELIVERY = "SELECT seq, name, payload, lane, installation_id, repo_id, delivery_guid, state, run_at, attempts,
        max_attempts, last_error, created_at, finished_at FROM jobs
        WHERE delivery_seq = (SELECT d.seq FROM deliveries d WHERE d.guid = $1) OR (delivery_guid = $1 AND delivery_seq IS NULL)
        ORDER BY seq";
    DEAD = "SELECT seq, name, payload, lane, installation_id, repo_id, delivery_guid, state, run_at, attempts, max_attempts,
        last_error, created_at, finished_at FROM jobs WHERE state = 'dead' ORDER BY seq DESC LIMIT $1";
    DEAD_OF_KEY = "SELECT seq, name, payload, lane, installation_id, repo_id, delivery_guid, state, run_at, attempts,
        max_attempts, last_error, created_at, finished_at FROM jobs WHERE state = 'dead' AND dedupe_key = $1
        ORDER BY seq DESC LIMIT 1";
    COUNT_READY = "SELECT COUNT(*) AS n FROM jobs WHERE state = 'ready' AND gate = $1";
    COUNT_RUNNING = "SELECT COUNT(*) AS n FROM jobs WHERE state = 'running'";
    COUNT_DEAD = "SELECT COUNT(*) AS n FROM jobs WHERE state = 'dead'";
    OLDEST_OPEN = "SELECT run_at AS at FROM jobs WHERE state = 'ready' AND gate = 0 ORDER BY run_at LIMIT 1";
    NEXT_RUN = "SELECT run_at AS at FROM jobs WHERE state = 'ready' AND gate = 2 ORDER BY run_at LIMIT 1";
    // What was created later has not finished earlier.
    CREATED_AFTER = "SELECT seq, created_at AS at FROM jobs WHERE seq > $1 ORDER BY seq LIMIT $2";
    PRUNE = "DELETE FROM jobs WHERE seq > $1 AND seq <= $2 AND state IN ('done', 'cancelled') AND finished_at < $3";
}

/// A job as it is now.
#[derive(Debug, Clone)]
pub struct JobRow {
    /// Its id.
    pub id: JobId,
    /// Versioned name.
    pub name: String,
    /// JSON.
    pub payload: String,
    /// At most one job of a lane runs at a time.
    pub lane: Option<String>,
    /// Its installation.
    pub installation: Option<InstallationId>,
    /// Its repository.
    pub repo: Option<RepoId>,
    /// GUID of the delivery that started it.
    pub delivery: Option<String>,
    /// Where it is.
    pub state: JobState,
    /// Unix ms.
    pub run_at_ms: i64,
    /// Runs that count so far.
    pub attempts: i64,
    /// The most there may be.
    pub max_attempts: i64,
    /// Why the last run ended as it did.
    pub last_error: Option<String>,
    /// Unix ms.
    pub created_at_ms: i64,
    /// Unix ms, once done, dead or cancelled.
    pub finished_at_ms: Option<i64>,
}

/// How many jobs there are that are not over. Those that are done stay for weeks, and nobody counts them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Could be claimed now.
    pub open: i64,
    /// Stand behind another of their lane.
    pub behind: i64,
    /// Wait for their time.
    pub timed: i64,
    /// Wait for the end of the operator's pause.
    pub paused: i64,
    /// Run.
    pub running: i64,
    /// Failed for good.
    pub dead: i64,
}

impl JobCounts {
    /// Not finished and not dead.
    pub fn outstanding(&self) -> i64 {
        self.open + self.behind + self.timed + self.paused + self.running
    }
}

impl Jobs<'_> {
    /// One job.
    pub async fn get(self, job: JobId) -> Result<Option<JobRow>, StoreError> {
        self.store.read(&BY_ID).int(job.0).row().await?.as_ref().map(job_row).transpose()
    }

    /// The jobs that a delivery started, in order.
    pub async fn of_delivery(self, guid: &str) -> Result<Vec<JobRow>, StoreError> {
        self.store.read(&BY_DELIVERY).text(guid).rows().await?.iter().map(job_row).collect()
    }

    /// The newest dead jobs.
    pub async fn dead_list(self, limit: i64) -> Result<Vec<JobRow>, StoreError> {
        self.store.read(&DEAD).int(limit).rows().await?.iter().map(job_row).collect()
    }

    /// The newest dead job with this dedupe key.
    pub async fn dead_of_key(self, key: &str) -> Result<Option<JobRow>, StoreError> {
        self.store.read(&DEAD_OF_KEY).text(key).row().await?.as_ref().map(job_row).transpose()
    }

    /// Counts, each read from an index alone.
    pub async fn counts(self) -> Result<JobCounts, StoreError> {
        Ok(JobCounts {
            open: self.count_ready(0).await?,
            behind: self.count_ready(1).await?,
            timed: self.count_ready(2).await?,
            paused: self.count_ready(3).await?,
            running: self.running().await?,
            dead: self.dead_count().await?,
        })
    }

    /// How many jobs run.
    pub async fn running(self) -> Result<i64, StoreError> {
        self.count(&COUNT_RUNNING).await
    }

    /// How many jobs failed for good.
    pub async fn dead_count(self) -> Result<i64, StoreError> {
        self.count(&COUNT_DEAD).await
    }

    /// Since when the oldest job that could be claimed has been due; unix ms.
    pub async fn oldest_due_ms(self) -> Result<Option<i64>, StoreError> {
        self.time(&OLDEST_OPEN).await
    }

    /// When the next job that waits for its time will be due; unix ms. For workers with nothing to do.
    pub async fn next_run_at(self) -> Result<Option<i64>, StoreError> {
        self.time(&NEXT_RUN).await
    }

    /// Deletes done and cancelled jobs that finished before `before_ms`; the number of jobs.
    pub async fn prune_finished(self, before_ms: i64) -> Result<u64, StoreError> {
        let (mut aged, mut pruned) = (Aged::new(&CREATED_AFTER, before_ms), 0);
        while let Some((after, last)) = aged.next(self.store).await? {
            pruned += self.store.write(&PRUNE).int(after).int(last).int(before_ms).run().await?;
        }
        Ok(pruned)
    }

    async fn count_ready(self, gate: i64) -> Result<i64, StoreError> {
        match self.store.read(&COUNT_READY).int(gate).row().await? {
            Some(row) => row.int("n"),
            None => Ok(0),
        }
    }

    async fn count(self, statement: &Statement) -> Result<i64, StoreError> {
        match self.store.read(statement).row().await? {
            Some(row) => row.int("n"),
            None => Ok(0),
        }
    }

    async fn time(self, statement: &Statement) -> Result<Option<i64>, StoreError> {
        match self.store.read(statement).row().await? {
            Some(row) => row.opt_int("at"),
            None => Ok(None),
        }
    }
}

fn job_row(row: &Row) -> Result<JobRow, StoreError> {
    Ok(JobRow {
        id: JobId(row.int("seq")?),
        name: row.text("name")?,
        payload: row.text("payload")?,
        lane: row.opt_text("lane")?,
        installation: optional_id(row.int("installation_id")?, InstallationId),
        repo: optional_id(row.int("repo_id")?, RepoId),
        delivery: row.opt_text("delivery_guid")?,
        state: JobState::read(row, "state")?,
        run_at_ms: row.int("run_at")?,
        attempts: row.int("attempts")?,
        max_attempts: row.int("max_attempts")?,
        last_error: row.opt_text("last_error")?,
        created_at_ms: row.int("created_at")?,
        finished_at_ms: row.opt_int("finished_at")?,
    })
}
