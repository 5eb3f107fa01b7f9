//! Commands found in comments: each runs once, however often the comment is delivered or edited.

use crate::domain::ids::{CommentId, IssueNumber};
use crate::store::RepoStore;
use crate::store::error::StoreError;
use crate::store::inbox::Accepted;
use crate::store::jobs::{NewJob, enqueue};
use crate::store::sql::{Row, statements};
use crate::store::text_enum::text_enum;

statements! {
    INSERT = "INSERT INTO commands (repo_id, comment_id, command_key, issue, actor, name, line, state, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'accepted', $8, $8)
        ON CONFLICT (repo_id, comment_id, command_key) DO NOTHING RETURNING seq";
    GET = "SELECT seq, comment_id, command_key, issue, actor, name, line, state, note, created_at, updated_at FROM commands
        WHERE repo_id = $1 AND seq = $2";
    BY_KEY = "SELECT seq, comment_id, command_key, issue, actor, name, line, state, note, created_at, updated_at FROM commands
        WHERE repo_id = $1 AND comment_id = $2 AND command_key = $3";
    OF_COMMENT = "SELECT seq, comment_id, command_key, issue, actor, name, line, state, note, created_at, updated_at
        FROM commands WHERE repo_id = $1 AND comment_id = $2 ORDER BY seq";
    OF_ISSUE = "SELECT seq, comment_id, command_key, issue, actor, name, line, state, note, created_at, updated_at
        FROM commands WHERE repo_id = $1 AND issue = $2 ORDER BY seq";
    SET_STATE = "UPDATE commands SET state = $3, note = $4, updated_at = $5 WHERE repo_id = $1 AND seq = $2";
    UNANSWERED = "SELECT seq, comment_id, command_key, issue, actor, name, line, state, note, created_at, updated_at FROM commands
        WHERE repo_id = $1 AND state IN ('accepted', 'running') AND created_at > $2 AND updated_at < $3 ORDER BY seq LIMIT 50";
    UNSETTLED = "SELECT COUNT(*) AS n FROM commands WHERE repo_id = $1 AND comment_id = $2
        AND state IN ('accepted', 'running')";
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
        /// The person may not, or it cannot be done here.
        Refused = "refused",
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
        job: impl FnOnce(CommandId) -> NewJob + Send,
    ) -> Result<Accepted, StoreError> {
        let mut tx = self.scope.store.begin().await?;
        let now_ms = tx.now_ms;
        let row = tx
            .query(&INSERT)
            .int(self.scope.repo.0)
            .int(command.comment.0)
            .text(&command.key)
            .int(command.issue.0)
            .text(&command.actor)
            .text(&command.name)
            .text(&command.line)
            .int(now_ms)
            .row()
            .await?;
        let Some(row) = row else { return Ok(Accepted::Seen) };
        enqueue::insert(&mut tx, &job(CommandId(row.int("seq")?))).await?;
        tx.commit().await?;
        Ok(Accepted::New)
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

    /// Writes how far it has come; `false`: no such command here.
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

    /// Whether every command of a comment has ended, so that its receipt can change.
    pub async fn all_settled(self, comment: CommentId) -> Result<bool, StoreError> {
        let row = self.scope.store.read(&UNSETTLED).int(self.scope.repo.0).int(comment.0).row().await?;
        row.map_or(Ok(true), |row| row.int("n").map(|n| n == 0))
    }
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
