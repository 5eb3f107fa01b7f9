//! Long pieces of work on an issue: what runs, what was asked to stop, what can be started again.

use crate::domain::ids::IssueNumber;
use crate::store::RepoStore;
use crate::store::commands::CommandId;
use crate::store::error::StoreError;
use crate::store::jobs::{NewJob, enqueue};
use crate::store::sql::{Row, statements};
use crate::store::text_enum::text_enum;

statements! {
    START = "INSERT INTO runs (repo_id, issue, kind, state, command_seq, payload, created_at, updated_at)
        VALUES ($1, $2, $3, 'running', $4, $5, $6, $6)
        ON CONFLICT (repo_id, command_seq) DO UPDATE SET updated_at = excluded.updated_at RETURNING seq";
    GET = "SELECT seq, issue, kind, state, command_seq, payload, stop_requested, note, created_at, updated_at FROM runs
        WHERE repo_id = $1 AND seq = $2";
    LATEST = "SELECT seq, issue, kind, state, command_seq, payload, stop_requested, note, created_at, updated_at FROM runs
        WHERE repo_id = $1 AND issue = $2 ORDER BY seq DESC LIMIT 1";
    OF_ISSUE = "SELECT seq, issue, kind, state, command_seq, payload, stop_requested, note, created_at, updated_at FROM runs
        WHERE repo_id = $1 AND issue = $2 ORDER BY seq";
    SET_STATE = "UPDATE runs SET state = $3, note = $4, updated_at = $5 WHERE repo_id = $1 AND seq = $2";
    REQUEST_STOP = "UPDATE runs SET stop_requested = 1, updated_at = $3 WHERE repo_id = $1 AND issue = $2
        AND state IN ('running', 'awaiting') AND stop_requested = 0";
    STOPPED = "SELECT CASE WHEN stop_requested = 1 OR state = 'stopped' THEN 1 ELSE 0 END AS stopped FROM runs
        WHERE repo_id = $1 AND seq = $2";
}

/// A run, in the order of starting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct RunId(pub i64);

text_enum! {
    /// How far a run has come.
    RunState {
        /// Under way.
        Running = "running",
        /// Waits for a person.
        Awaiting = "awaiting",
        /// Finished.
        Done = "done",
        /// Stopped by a person.
        Stopped = "stopped",
        /// Went wrong.
        Failed = "failed",
    }
}

/// A run to start.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// The issue it works on.
    pub issue: IssueNumber,
    /// `enhance`, `approve`, …
    pub kind: String,
    /// The command that asked for it.
    pub command: Option<CommandId>,
    /// What is needed to start it again; JSON.
    pub payload: String,
}

/// A run as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// The issue it works on.
    pub issue: IssueNumber,
    /// `enhance`, `approve`, …
    pub kind: String,
    /// How far it has come.
    pub state: RunState,
    /// The command that asked for it.
    pub command: Option<CommandId>,
    /// What is needed to start it again; JSON.
    pub payload: String,
    /// A person asked for a stop.
    pub stop_requested: bool,
    /// Why it ended as it did.
    pub note: Option<String>,
    /// Unix ms.
    pub created_at_ms: i64,
    /// Unix ms.
    pub updated_at_ms: i64,
}

/// Runs of one repository.
#[derive(Clone, Copy)]
pub struct Runs<'a> {
    scope: &'a RepoStore,
}

impl<'a> Runs<'a> {
    pub(in crate::store) fn new(scope: &'a RepoStore) -> Self {
        Self { scope }
    }

    /// Starts a run that has its job already; a command that has a run keeps it.
    pub async fn start(self, run: &NewRun) -> Result<RunId, StoreError> {
        self.start_in(run, |_| None).await
    }

    /// Starts a run and writes its job, or neither. `job` gets the run's id, for its payload.
    pub async fn start_with_job(
        self,
        run: &NewRun,
        job: impl FnOnce(RunId) -> NewJob + Send,
    ) -> Result<RunId, StoreError> {
        self.start_in(run, |id| Some(job(id))).await
    }

    /// One run.
    pub async fn get(self, id: RunId) -> Result<Option<Run>, StoreError> {
        let row = self.scope.store.read(&GET).int(self.scope.repo.0).int(id.0).row().await?;
        row.as_ref().map(run).transpose()
    }

    /// The newest run on an issue.
    pub async fn latest(self, issue: IssueNumber) -> Result<Option<Run>, StoreError> {
        let row = self.scope.store.read(&LATEST).int(self.scope.repo.0).int(issue.0).row().await?;
        row.as_ref().map(run).transpose()
    }

    /// All runs on an issue, in order.
    pub async fn of_issue(self, issue: IssueNumber) -> Result<Vec<Run>, StoreError> {
        let rows = self.scope.store.read(&OF_ISSUE).int(self.scope.repo.0).int(issue.0).rows().await?;
        rows.iter().map(run).collect()
    }

    /// Writes how far it has come; `false`: no such run here.
    pub async fn set_state(self, id: RunId, state: RunState, note: Option<&str>) -> Result<bool, StoreError> {
        let store = &self.scope.store;
        let query =
            store.write(&SET_STATE).int(self.scope.repo.0).int(id.0).text(state.as_str()).opt_text(note);
        Ok(query.int(store.now_ms()).run().await? == 1)
    }

    /// Asks every run under way on an issue to stop; the number of runs that were not asked before.
    pub async fn request_stop(self, issue: IssueNumber) -> Result<u64, StoreError> {
        let store = &self.scope.store;
        let query = store.write(&REQUEST_STOP).int(self.scope.repo.0).int(issue.0).int(store.now_ms());
        Ok(query.run().await?)
    }

    /// Whether a run has to stop: asked between its steps. An unknown run has to stop, too.
    pub async fn is_stopped(self, id: RunId) -> Result<bool, StoreError> {
        // The stop must be seen at once, so this reads where the writes go.
        let row = self.scope.store.write(&STOPPED).int(self.scope.repo.0).int(id.0).row().await?;
        row.map_or(Ok(true), |row| row.int("stopped").map(|stopped| stopped == 1))
    }

    async fn start_in(
        self,
        run: &NewRun,
        job: impl FnOnce(RunId) -> Option<NewJob> + Send,
    ) -> Result<RunId, StoreError> {
        let mut tx = self.scope.store.begin().await?;
        let now_ms = tx.now_ms;
        let row = tx
            .query(&START)
            .int(self.scope.repo.0)
            .int(run.issue.0)
            .text(&run.kind)
            .opt_int(run.command.map(|command| command.0))
            .text(&run.payload)
            .int(now_ms)
            .row()
            .await?;
        let Some(row) = row else { return Err(StoreError::Broken("a new run got no id".to_owned())) };
        let id = RunId(row.int("seq")?);
        if let Some(job) = job(id) {
            enqueue::insert(&mut tx, &job).await?;
        }
        tx.commit().await?;
        Ok(id)
    }
}

fn run(row: &Row) -> Result<Run, StoreError> {
    Ok(Run {
        id: RunId(row.int("seq")?),
        issue: IssueNumber(row.int("issue")?),
        kind: row.text("kind")?,
        state: RunState::read(row, "state")?,
        command: row.opt_int("command_seq")?.map(CommandId),
        payload: row.text("payload")?,
        stop_requested: row.int("stop_requested")? != 0,
        note: row.opt_text("note")?,
        created_at_ms: row.int("created_at")?,
        updated_at_ms: row.int("updated_at")?,
    })
}
