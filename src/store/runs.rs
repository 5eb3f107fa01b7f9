//! Long pieces of work on an issue: what runs, what was stopped, what can go on.

use crate::domain::ids::IssueNumber;
use crate::store::RepoStore;
use crate::store::commands::{self, CommandId, CommandState};
use crate::store::connection::Tx;
use crate::store::error::{Refusal, StoreError};
use crate::store::jobs::{NewJob, enqueue, settle};
use crate::store::sql::{Row, statements};
use crate::store::text_enum::text_enum;

statements! {
    START = "INSERT INTO runs (repo_id, issue, kind, state, command_seq, payload, created_at, updated_at)
        SELECT repo_id, issue, name, 'running', seq, CAST($3 AS TEXT), CAST($4 AS BIGINT), CAST($4 AS BIGINT) FROM commands WHERE repo_id = $1 AND seq = $2
        ON CONFLICT (repo_id, command_seq) DO UPDATE SET state = 'running', note = NULL, updated_at = excluded.updated_at";
    OF_COMMAND = "SELECT seq, issue, kind, state, command_seq, payload, note, created_at, updated_at FROM runs
        WHERE repo_id = $1 AND command_seq = $2";
    OF_ISSUE = "SELECT seq, issue, kind, state, command_seq, payload, note, created_at, updated_at FROM runs
        WHERE repo_id = $1 AND issue = $2 ORDER BY seq";
    SETTLE = "UPDATE runs SET state = $3, note = NULL, updated_at = $4 WHERE repo_id = $1 AND command_seq = $2
        AND state = 'running'";
    OUTLIVED = "SELECT seq FROM runs WHERE repo_id = $1 AND command_seq = $2 AND state = 'stopped'";
    HALT = "UPDATE runs SET state = 'stopped', note = $3, updated_at = $4 WHERE repo_id = $1 AND issue = $2
        AND state = 'running' RETURNING seq, command_seq";
    RESUME = "UPDATE runs SET state = 'running', note = NULL, updated_at = $3 WHERE repo_id = $1 AND seq = $2
        AND state = 'stopped' RETURNING command_seq";
    RESTART = "UPDATE runs SET state = 'running', note = NULL, updated_at = $3 WHERE repo_id = $1 AND command_seq = $2";
    STATE = "SELECT state FROM runs WHERE repo_id = $1 AND seq = $2";
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
        /// Finished.
        Done = "done",
        /// Stopped by a person.
        Stopped = "stopped",
        /// Went wrong.
        Failed = "failed",
    }
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
    /// Why it ended as it did.
    pub note: Option<String>,
    /// Unix ms.
    pub created_at_ms: i64,
    /// Unix ms.
    pub updated_at_ms: i64,
}

/// Runs to halt, in the name of a command.
#[derive(Debug, Clone, Copy)]
pub struct Halt<'a> {
    /// The command that asks for it.
    pub by: CommandId,
    /// Everything that is under way here.
    pub issue: IssueNumber,
    /// Where their jobs wait.
    pub lane: &'a str,
    /// For the notes of everything that is halted.
    pub why: &'a str,
}

/// How a command has ended, and its run where it has one.
#[derive(Debug, Clone, Copy)]
pub struct Ending<'a> {
    /// Which.
    pub command: CommandId,
    /// How the run has ended.
    pub run: RunState,
    /// How the command has ended.
    pub state: CommandState,
    /// Why.
    pub note: Option<&'a str>,
}

/// What became of an [`Ending`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It is written down, now or before.
    Written,
    /// Nothing is: the run was stopped before, and whoever stopped it has said so.
    Stopped,
}

/// A halted run and the job with which it goes on.
#[derive(Debug, Clone)]
pub struct Resumption {
    /// Which.
    pub run: RunId,
    /// Its work.
    pub job: NewJob,
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

    /// The run of a command, for those that can be stopped.
    pub async fn of_command(self, command: CommandId) -> Result<Option<Run>, StoreError> {
        let row = self.scope.store.read(&OF_COMMAND).int(self.scope.repo.0).int(command.0).row().await?;
        row.as_ref().map(run).transpose()
    }

    /// All runs on an issue, in order.
    pub async fn of_issue(self, issue: IssueNumber) -> Result<Vec<Run>, StoreError> {
        let rows = self.scope.store.read(&OF_ISSUE).int(self.scope.repo.0).int(issue.0).rows().await?;
        rows.iter().map(run).collect()
    }

    /// Writes how a command and its run have ended, in one transaction, unless the run was stopped before. What had ended
    /// already stays as it ended.
    pub async fn settle(self, ending: &Ending<'_>) -> Result<Settled, StoreError> {
        let (mut tx, repo, command) = (self.scope.store.begin().await?, self.scope.repo.0, ending.command);
        let now_ms = tx.now_ms;
        let query = tx.query(&SETTLE).int(repo).int(command.0).text(ending.run.as_str());
        if query.int(now_ms).run().await? == 0
            && tx.query(&OUTLIVED).int(repo).int(command.0).row().await?.is_some()
        {
            return Ok(Settled::Stopped);
        }
        commands::set_state_in(&mut tx, self.scope, (command, ending.state, ending.note)).await?;
        tx.commit().await?;
        Ok(Settled::Written)
    }

    /// Halts what is under way on an issue, with its commands and every job that waits in its lane, in one transaction. The same
    /// command halts once: asked again, it gets the runs that it has halted then. None: nothing was under way.
    pub async fn halt(self, halt: &Halt<'_>) -> Result<Vec<RunId>, StoreError> {
        let mut tx = self.scope.store.begin().await?;
        tx.lock_lane(halt.lane).await?;
        if let Some(runs) = decided(&mut tx, self.scope, halt.by).await? {
            return Ok(runs);
        }
        // Asked within the lane's lock, so whatever is accepted meanwhile is halted with its job or keeps it.
        let now_ms = tx.now_ms;
        let query = tx.query(&HALT).int(self.scope.repo.0).int(halt.issue.0).text(halt.why).int(now_ms);
        let mut halted = Vec::new();
        for row in query.rows().await? {
            if let Some(command) = row.opt_int("command_seq")?.map(CommandId) {
                commands::set_state_in(&mut tx, self.scope, (command, CommandState::Stopped, Some(halt.why)))
                    .await?;
            }
            halted.push(RunId(row.int("seq")?));
        }
        if halted.is_empty() {
            return Ok(halted);
        }
        halted.sort_unstable();
        settle::cancel_lane_in(&mut tx, halt.lane, halt.why).await?;
        decide(&mut tx, self.scope, (halt.by, &halted)).await?;
        tx.commit().await?;
        Ok(halted)
    }

    /// Lets halted runs go on, with their commands and a job each, in one transaction. The same command does it once: asked
    /// again, it gets the runs that it has let go on then. None: nothing was halted any more.
    pub async fn resume(self, by: CommandId, resumptions: &[Resumption]) -> Result<Vec<RunId>, StoreError> {
        let mut tx = self.scope.store.begin().await?;
        for lane in resumptions.iter().filter_map(|one| one.job.lane.as_deref()) {
            tx.lock_lane(lane).await?;
        }
        if let Some(runs) = decided(&mut tx, self.scope, by).await? {
            return Ok(runs);
        }
        let mut resumed = Vec::new();
        for Resumption { run, job } in resumptions {
            let now_ms = tx.now_ms;
            let query = tx.query(&RESUME).int(self.scope.repo.0).int(run.0).int(now_ms);
            let Some(row) = query.row().await? else { continue };
            if let Some(command) = row.opt_int("command_seq")?.map(CommandId) {
                commands::resume_in(&mut tx, self.scope, command).await?;
            }
            enqueue::insert(&mut tx, job).await?;
            resumed.push(*run);
        }
        if resumed.is_empty() {
            return Ok(resumed);
        }
        decide(&mut tx, self.scope, (by, &resumed)).await?;
        tx.commit().await?;
        Ok(resumed)
    }

    /// Whether a run has to stop: asked between its steps. An unknown run has to stop, too.
    pub async fn is_stopped(self, id: RunId) -> Result<bool, StoreError> {
        // The stop must be seen at once, so this reads where the writes go.
        let row = self.scope.store.write(&STATE).int(self.scope.repo.0).int(id.0).row().await?;
        row.map_or(Ok(true), |row| Ok(RunState::read(&row, "state")? == RunState::Stopped))
    }
}

/// Starts the run of a command that was accepted in this transaction, or lets the one it has run again. `payload`: what is needed
/// to start it anew.
pub(in crate::store) async fn start_in(
    tx: &mut Tx,
    scope: &RepoStore,
    (command, payload): (CommandId, &str),
) -> Result<(), Refusal> {
    let now_ms = tx.now_ms;
    tx.query(&START).int(scope.repo.0).int(command.0).text(payload).int(now_ms).run().await?;
    Ok(())
}

/// The command of this run is worked off again.
pub(in crate::store) async fn restart_in(
    tx: &mut Tx,
    scope: &RepoStore,
    command: CommandId,
) -> Result<(), Refusal> {
    let now_ms = tx.now_ms;
    tx.query(&RESTART).int(scope.repo.0).int(command.0).int(now_ms).run().await?;
    Ok(())
}

async fn decided(tx: &mut Tx, scope: &RepoStore, by: CommandId) -> Result<Option<Vec<RunId>>, StoreError> {
    let decision = commands::decision_in(tx, scope, by).await?;
    let broken =
        |error| StoreError::Broken(format!("the decision of command {} cannot be read: {error}", by.0));
    decision.map(|text| serde_json::from_str(&text).map_err(broken)).transpose()
}

async fn decide(tx: &mut Tx, scope: &RepoStore, (by, runs): (CommandId, &[RunId])) -> Result<(), StoreError> {
    let text = serde_json::to_string(runs).map_err(|error| StoreError::Broken(error.to_string()))?;
    commands::decide_in(tx, scope, (by, &text)).await?;
    Ok(())
}

fn run(row: &Row) -> Result<Run, StoreError> {
    Ok(Run {
        id: RunId(row.int("seq")?),
        issue: IssueNumber(row.int("issue")?),
        kind: row.text("kind")?,
        state: RunState::read(row, "state")?,
        command: row.opt_int("command_seq")?.map(CommandId),
        payload: row.text("payload")?,
        note: row.opt_text("note")?,
        created_at_ms: row.int("created_at")?,
        updated_at_ms: row.int("updated_at")?,
    })
}
