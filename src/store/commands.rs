//! Commands found in comments: each runs once, however often the comment is delivered or edited.

use crate::domain::ids::{CommentId, IssueNumber};
use crate::store::RepoStore;
use crate::store::connection::Tx;
use crate::store::error::{Refusal, StoreError};
use crate::store::inbox::Accepted;
use crate::store::jobs::{JobId, NewJob, enqueue, settle};
use crate::store::runs;
use crate::store::sql::{Bound, Row, statements};
use crate::store::text_enum::text_enum;

statements! {
    // What was declined may be taken on later: the person has the role by now.
    ACCEPT = "INSERT INTO commands (repo_id, comment_id, command_key, issue, actor, name, line, state, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'accepted', $8, $8)
        ON CONFLICT (repo_id, comment_id, command_key) DO UPDATE SET state = 'accepted', updated_at = excluded.updated_at
        WHERE commands.state = 'declined' RETURNING seq";
    DECLINE = "INSERT INTO commands (repo_id, comment_id, command_key, issue, actor, name, line, state, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'declined', $8, $8)
        ON CONFLICT (repo_id, comment_id, command_key) DO NOTHING";
    GET = "SELECT seq, comment_id, command_key, issue, actor, name, line, state, note, created_at, updated_at FROM commands
        WHERE repo_id = $1 AND seq = $2";
    BY_KEY = "SELECT seq, comment_id, command_key, issue, actor, name, line, state, note, created_at, updated_at FROM commands
        WHERE repo_id = $1 AND comment_id = $2 AND command_key = $3";
    OF_COMMENT = "SELECT seq, comment_id, command_key, issue, actor, name, line, state, note, created_at, updated_at
        FROM commands WHERE repo_id = $1 AND comment_id = $2 ORDER BY seq";
    OF_ISSUE = "SELECT seq, comment_id, command_key, issue, actor, name, line, state, note, created_at, updated_at
        FROM commands WHERE repo_id = $1 AND issue = $2 ORDER BY seq";
    // What has ended stays as it ended, whoever comes late.
    SET_STATE = "UPDATE commands SET state = $3, note = $4, updated_at = $5 WHERE repo_id = $1 AND seq = $2
        AND state IN ('accepted', 'running')";
    RESUME = "UPDATE commands SET state = 'accepted', note = NULL, updated_at = $3 WHERE repo_id = $1 AND seq = $2
        AND state = 'stopped'";
    UNANSWERED = "SELECT seq, comment_id, command_key, issue, actor, name, line, state, note, created_at, updated_at FROM commands
        WHERE repo_id = $1 AND state IN ('accepted', 'running') AND created_at > $2 AND updated_at < $3 ORDER BY seq LIMIT 50";
    // Also one whose job died before it could settle it.
    RETRY = "UPDATE commands SET state = 'accepted', note = NULL, updated_at = $3 WHERE repo_id = $1 AND seq = $2
        AND state IN ('failed', 'accepted', 'running')";
    DECISION = "SELECT decision FROM commands WHERE repo_id = $1 AND seq = $2";
    DECIDE = "UPDATE commands SET decision = COALESCE(decision, $3) WHERE repo_id = $1 AND seq = $2 RETURNING decision";
}

/// A command in the order in which it was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct CommandId(pub i64);

text_enum! {
    /// How far a command has come.
    CommandState {
        /// Written, its job waits.
        Accepted = "accepted",
        /// Under way.
        Running = "running",
        /// Did what it should.
        Done = "done",
        /// It cannot be done here, and the person was told why.
        Refused = "refused",
        /// Never taken on: the person may not, there is no such command, or it is one too many.
        Declined = "declined",
        /// Went wrong.
        Failed = "failed",
        /// Stopped by a person.
        Stopped = "stopped",
    }
}

/// A command to accept.
#[derive(Debug, Clone)]
pub struct NewCommand {
    /// Where it was written.
    pub comment: CommentId,
    /// Normalized line and which occurrence of it this is; unique within the comment.
    pub key: String,
    /// The issue or pull request of the comment.
    pub issue: IssueNumber,
    /// Login of who wrote it.
    pub actor: String,
    /// Without slash.
    pub name: String,
    /// The whole line.
    pub line: String,
}

/// A command as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Its id.
    pub id: CommandId,
    /// Where it was written.
    pub comment: CommentId,
    /// Unique within the comment.
    pub key: String,
    /// The issue or pull request.
    pub issue: IssueNumber,
    /// Login of who wrote it.
    pub actor: String,
    /// Without slash.
    pub name: String,
    /// The whole line.
    pub line: String,
    /// How far it has come.
    pub state: CommandState,
    /// Why it was refused or failed.
    pub note: Option<String>,
    /// Unix ms.
    pub created_at_ms: i64,
    /// Unix ms.
    pub updated_at_ms: i64,
}

/// Commands of one repository.
#[derive(Clone, Copy)]
pub struct Commands<'a> {
    scope: &'a RepoStore,
}

impl<'a> Commands<'a> {
    pub(in crate::store) fn new(scope: &'a RepoStore) -> Self {
        Self { scope }
    }

    /// Writes a command and its job, or neither. `job` gets the command's id, for its payload.
    pub async fn accept(
        self,
        command: &NewCommand,
        job: impl FnOnce(CommandId) -> Result<NewJob, StoreError> + Send,
    ) -> Result<Accepted, StoreError> {
        let mut tx = self.scope.store.begin().await?;
        let Some((_, job)) = accept_in(&mut tx, self.scope, (command, job)).await? else {
            return Ok(Accepted::Seen);
        };
        enqueue::insert(&mut tx, &job).await?;
        tx.commit().await?;
        Ok(Accepted::New)
    }

    /// As [`Commands::accept`], for work that people can stop and go on with: together with its run.
    pub async fn accept_run(
        self,
        command: &NewCommand,
        job: impl FnOnce(CommandId) -> Result<NewJob, StoreError> + Send,
    ) -> Result<Accepted, StoreError> {
        let mut tx = self.scope.store.begin().await?;
        let Some((id, job)) = accept_in(&mut tx, self.scope, (command, job)).await? else {
            return Ok(Accepted::Seen);
        };
        runs::start_in(&mut tx, self.scope, (id, &job.payload)).await?;
        enqueue::insert(&mut tx, &job).await?;
        tx.commit().await?;
        Ok(Accepted::New)
    }

    /// Writes a command that is not taken on. One that is known already stays as it is.
    pub async fn decline(self, command: &NewCommand) -> Result<(), StoreError> {
        let store = &self.scope.store;
        filled(store.write(&DECLINE), self.scope, command).int(store.now_ms()).run().await?;
        Ok(())
    }

    /// Gives a dead job all its attempts again, and its failed command counts as accepted and under way again; all or nothing.
    /// `false`: there is no such dead job.
    pub async fn retry(self, command: CommandId, job: JobId) -> Result<bool, StoreError> {
        let mut tx = self.scope.store.begin().await?;
        if !settle::requeue_in(&mut tx, job).await? {
            return Ok(false);
        }
        let now_ms = tx.now_ms;
        if tx.query(&RETRY).int(self.scope.repo.0).int(command.0).int(now_ms).run().await? == 1 {
            runs::restart_in(&mut tx, self.scope, command).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// What a command has decided before it changed anything; none while it has not.
    pub async fn decision(self, id: CommandId) -> Result<Option<String>, StoreError> {
        // Where the writes go: a run that comes after a crash must see it.
        let row = self.scope.store.write(&DECISION).int(self.scope.repo.0).int(id.0).row().await?;
        row.map_or(Ok(None), |row| row.opt_text("decision"))
    }

    /// Writes down what a command decides, unless it has decided before; what holds from now on.
    pub async fn decide(self, id: CommandId, decision: &str) -> Result<String, StoreError> {
        let row =
            self.scope.store.write(&DECIDE).int(self.scope.repo.0).int(id.0).text(decision).row().await?;
        match row {
            Some(row) => row.text("decision"),
            None => Err(StoreError::Broken(format!("there is no command {} here", id.0))),
        }
    }

    /// One command.
    pub async fn get(self, id: CommandId) -> Result<Option<Command>, StoreError> {
        let row = self.scope.store.read(&GET).int(self.scope.repo.0).int(id.0).row().await?;
        row.as_ref().map(command).transpose()
    }

    /// The command that stands at this place of a comment.
    pub async fn by_key(self, comment: CommentId, key: &str) -> Result<Option<Command>, StoreError> {
        let query = self.scope.store.read(&BY_KEY).int(self.scope.repo.0).int(comment.0).text(key);
        query.row().await?.as_ref().map(command).transpose()
    }

    /// The commands of a comment, in order.
    pub async fn of_comment(self, comment: CommentId) -> Result<Vec<Command>, StoreError> {
        let rows = self.scope.store.read(&OF_COMMENT).int(self.scope.repo.0).int(comment.0).rows().await?;
        rows.iter().map(command).collect()
    }

    /// The commands of an issue, in order.
    pub async fn of_issue(self, issue: IssueNumber) -> Result<Vec<Command>, StoreError> {
        let rows = self.scope.store.read(&OF_ISSUE).int(self.scope.repo.0).int(issue.0).rows().await?;
        rows.iter().map(command).collect()
    }

    /// The oldest 50 commands that were accepted after `created_ms` (unix ms), have not ended, and that nothing was written about
    /// since `updated_ms`.
    pub async fn unanswered(self, created_ms: i64, updated_ms: i64) -> Result<Vec<Command>, StoreError> {
        let query = self.scope.store.read(&UNANSWERED).int(self.scope.repo.0).int(created_ms);
        query.int(updated_ms).rows().await?.iter().map(command).collect()
    }

    /// Writes how far a command has come that has not ended; `false`: it has, or there is none here.
    pub async fn set_state(
        self,
        id: CommandId,
        state: CommandState,
        note: Option<&str>,
    ) -> Result<bool, StoreError> {
        let store = &self.scope.store;
        let query =
            store.write(&SET_STATE).int(self.scope.repo.0).int(id.0).text(state.as_str()).opt_text(note);
        Ok(query.int(store.now_ms()).run().await? == 1)
    }
}

async fn accept_in(
    tx: &mut Tx,
    scope: &RepoStore,
    (command, job): (&NewCommand, impl FnOnce(CommandId) -> Result<NewJob, StoreError> + Send),
) -> Result<Option<(CommandId, NewJob)>, StoreError> {
    let now_ms = tx.now_ms;
    let row = filled(tx.query(&ACCEPT), scope, command).int(now_ms).row().await?;
    let Some(row) = row else { return Ok(None) };
    let id = CommandId(row.int("seq")?);
    Ok(Some((id, job(id)?)))
}

fn filled<'a>(query: Bound<'a>, scope: &RepoStore, command: &NewCommand) -> Bound<'a> {
    query
        .int(scope.repo.0)
        .int(command.comment.0)
        .text(&command.key)
        .int(command.issue.0)
        .text(&command.actor)
        .text(&command.name)
        .text(&command.line)
}

/// As [`Commands::set_state`], in a transaction that does more.
pub(in crate::store) async fn set_state_in(
    tx: &mut Tx,
    scope: &RepoStore,
    (id, state, note): (CommandId, CommandState, Option<&str>),
) -> Result<(), Refusal> {
    let now_ms = tx.now_ms;
    let query = tx.query(&SET_STATE).int(scope.repo.0).int(id.0).text(state.as_str()).opt_text(note);
    query.int(now_ms).run().await?;
    Ok(())
}

/// A stopped command counts as accepted again, in a transaction that does more.
pub(in crate::store) async fn resume_in(
    tx: &mut Tx,
    scope: &RepoStore,
    id: CommandId,
) -> Result<(), Refusal> {
    let now_ms = tx.now_ms;
    tx.query(&RESUME).int(scope.repo.0).int(id.0).int(now_ms).run().await?;
    Ok(())
}

/// As [`Commands::decision`], in a transaction that does more.
pub(in crate::store) async fn decision_in(
    tx: &mut Tx,
    scope: &RepoStore,
    id: CommandId,
) -> Result<Option<String>, StoreError> {
    let row = tx.query(&DECISION).int(scope.repo.0).int(id.0).row().await?;
    row.map_or(Ok(None), |row| row.opt_text("decision"))
}

/// As [`Commands::decide`], in a transaction that does more.
pub(in crate::store) async fn decide_in(
    tx: &mut Tx,
    scope: &RepoStore,
    (id, decision): (CommandId, &str),
) -> Result<(), Refusal> {
    tx.query(&DECIDE).int(scope.repo.0).int(id.0).text(decision).run().await?;
    Ok(())
}

fn command(row: &Row) -> Result<Command, StoreError> {
    Ok(Command {
        id: CommandId(row.int("seq")?),
        comment: CommentId(row.int("comment_id")?),
        key: row.text("command_key")?,
        issue: IssueNumber(row.int("issue")?),
        actor: row.text("actor")?,
        name: row.text("name")?,
        line: row.text("line")?,
        state: CommandState::read(row, "state")?,
        note: row.opt_text("note")?,
        created_at_ms: row.int("created_at")?,
        updated_at_ms: row.int("updated_at")?,
    })
}
