//! Revisions of plans: numbered per issue, one of them current, bound to their hash.

use crate::domain::ids::{CommentId, IssueNumber};
use crate::store::RepoStore;
use crate::store::effects::Remote;
use crate::store::error::{Refusal, StoreError};
use crate::store::sql::{Row, statements};
use crate::store::text_enum::text_enum;

statements! {
    SUPERSEDE = "UPDATE plans SET state = 'superseded', updated_at = $3 WHERE repo_id = $1 AND issue = $2
        AND state = 'current'";
    INSERT = "INSERT INTO plans (repo_id, issue, rev, state, hash, base_sha, issue_hash, cited, document, actor, created_at,
            updated_at) VALUES ($1, $2, $3, 'current', $4, $5, $6, $7, $8, $9, $10, $10) RETURNING seq";
    GET = "SELECT seq, issue, rev, state, hash, base_sha, issue_hash, cited, document, actor, approval_mode, comment_id,
        comment_node_id, comment_url, created_at, updated_at FROM plans WHERE repo_id = $1 AND seq = $2";
    BY_REV = "SELECT seq, issue, rev, state, hash, base_sha, issue_hash, cited, document, actor, approval_mode, comment_id,
        comment_node_id, comment_url, created_at, updated_at FROM plans WHERE repo_id = $1 AND issue = $2 AND rev = $3";
    OF_ISSUE = "SELECT seq, issue, rev, state, hash, base_sha, issue_hash, cited, document, actor, approval_mode, comment_id,
        comment_node_id, comment_url, created_at, updated_at FROM plans WHERE repo_id = $1 AND issue = $2 ORDER BY rev";
    PLANNED = "SELECT DISTINCT issue FROM plans WHERE repo_id = $1";
    SET_COMMENT = "UPDATE plans SET comment_id = $3, comment_node_id = $4, comment_url = $5, updated_at = $6
        WHERE repo_id = $1 AND seq = $2";
    APPROVE = "UPDATE plans SET state = 'approved', approval_mode = $3, updated_at = $4 WHERE repo_id = $1 AND seq = $2
        AND state <> 'superseded'";
    UNDO = "UPDATE plans SET state = 'undone', updated_at = $3 WHERE repo_id = $1 AND seq = $2 AND state = 'approved'";
}

/// A revision of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct PlanId(pub i64);

text_enum! {
    /// Where a revision stands.
    PlanState {
        /// The one to approve.
        Current = "current",
        /// A newer revision took its place.
        Superseded = "superseded",
        /// Became work items.
        Approved = "approved",
        /// Its work items were taken back.
        Undone = "undone",
    }
}

/// A revision to save.
#[derive(Debug, Clone)]
pub struct NewPlan {
    /// The issue it is for.
    pub issue: IssueNumber,
    /// Number people see: one more than the highest that is known, here or from a marker on GitHub.
    pub rev: i64,
    /// Of the document.
    pub hash: String,
    /// Commit that was read.
    pub base_sha: String,
    /// Of the issue text that was read.
    pub issue_hash: String,
    /// JSON object: path → blob SHA of what the plan cites.
    pub cited: String,
    /// JSON.
    pub document: String,
    /// Login of who asked for it.
    pub actor: String,
}

/// What became of a [`NewPlan`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SavedPlan {
    /// It is the current revision now.
    New(PlanId),
    /// The same revision with the same hash had been saved before; nothing was changed.
    Already(PlanId),
    /// The number belongs to another text.
    Taken,
}

/// A revision as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// The issue it is for.
    pub issue: IssueNumber,
    /// Number people see.
    pub rev: i64,
    /// Where it stands.
    pub state: PlanState,
    /// Of the document.
    pub hash: String,
    /// Commit that was read.
    pub base_sha: String,
    /// Of the issue text that was read.
    pub issue_hash: String,
    /// JSON object: path → blob SHA of what the plan cites.
    pub cited: String,
    /// JSON.
    pub document: String,
    /// Login of who asked for it.
    pub actor: String,
    /// How it was approved.
    pub approval_mode: Option<String>,
    /// The comment that shows it.
    pub comment: Option<CommentId>,
    /// Its GraphQL node id.
    pub comment_node_id: Option<String>,
    /// For people.
    pub comment_url: Option<String>,
    /// Unix ms.
    pub created_at_ms: i64,
    /// Unix ms.
    pub updated_at_ms: i64,
}

/// Plans of one repository.
#[derive(Clone, Copy)]
pub struct Plans<'a> {
    scope: &'a RepoStore,
}

impl<'a> Plans<'a> {
    pub(in crate::store) fn new(scope: &'a RepoStore) -> Self {
        Self { scope }
    }

    /// Saves a revision and supersedes the current one in one transaction. An approved revision stays approved.
    pub async fn save(self, plan: &NewPlan) -> Result<SavedPlan, StoreError> {
        match self.try_save(plan).await {
            Ok(id) => Ok(SavedPlan::New(id)),
            Err(Refusal::Error(error)) => Err(error),
            // Either this revision exists, or another one became current at the same moment; then the caller tries again.
            Err(Refusal::Taken) => match self.by_rev(plan.issue, plan.rev).await? {
                Some(found) if found.hash == plan.hash => Ok(SavedPlan::Already(found.id)),
                Some(_) => Ok(SavedPlan::Taken),
                None => Err(Refusal::Taken.into()),
            },
        }
    }

    /// One revision by id.
    pub async fn get(self, id: PlanId) -> Result<Option<Plan>, StoreError> {
        let row = self.scope.store.read(&GET).int(self.scope.repo.0).int(id.0).row().await?;
        row.as_ref().map(plan).transpose()
    }

    /// One revision by number.
    pub async fn by_rev(self, issue: IssueNumber, rev: i64) -> Result<Option<Plan>, StoreError> {
        let row = self.scope.store.read(&BY_REV).int(self.scope.repo.0).int(issue.0).int(rev).row().await?;
        row.as_ref().map(plan).transpose()
    }

    /// All revisions for an issue, by number.
    pub async fn of_issue(self, issue: IssueNumber) -> Result<Vec<Plan>, StoreError> {
        let rows = self.scope.store.read(&OF_ISSUE).int(self.scope.repo.0).int(issue.0).rows().await?;
        rows.iter().map(plan).collect()
    }

    /// Issues that have a revision, in no order.
    pub async fn planned_issues(self) -> Result<Vec<IssueNumber>, StoreError> {
        let rows = self.scope.store.read(&PLANNED).int(self.scope.repo.0).rows().await?;
        rows.iter().map(|row| row.int("issue").map(IssueNumber)).collect()
    }

    /// Writes which comment shows it.
    pub async fn set_comment(self, id: PlanId, comment: &Remote) -> Result<bool, StoreError> {
        let store = &self.scope.store;
        let query = store.write(&SET_COMMENT).int(self.scope.repo.0).int(id.0).int(comment.id);
        let query = query.opt_text(comment.node_id.as_deref()).opt_text(comment.url.as_deref());
        Ok(query.int(store.now_ms()).run().await? == 1)
    }

    /// Approves a revision, also one that was taken back; `false`: a newer one took its place. `mode`: how.
    pub async fn mark_approved(self, id: PlanId, mode: &str) -> Result<bool, StoreError> {
        let store = &self.scope.store;
        let query = store.write(&APPROVE).int(self.scope.repo.0).int(id.0).text(mode).int(store.now_ms());
        Ok(query.run().await? == 1)
    }

    /// Takes an approval back; `false`: it was not approved.
    pub async fn mark_undone(self, id: PlanId) -> Result<bool, StoreError> {
        let store = &self.scope.store;
        Ok(store.write(&UNDO).int(self.scope.repo.0).int(id.0).int(store.now_ms()).run().await? == 1)
    }

    async fn try_save(self, plan: &NewPlan) -> Result<PlanId, Refusal> {
        let mut tx = self.scope.store.begin().await?;
        let now_ms = tx.now_ms;
        tx.query(&SUPERSEDE).int(self.scope.repo.0).int(plan.issue.0).int(now_ms).run().await?;
        let row = tx
            .query(&INSERT)
            .int(self.scope.repo.0)
            .int(plan.issue.0)
            .int(plan.rev)
            .text(&plan.hash)
            .text(&plan.base_sha)
            .text(&plan.issue_hash)
            .text(&plan.cited)
            .text(&plan.document)
            .text(&plan.actor)
            .int(now_ms)
            .row()
            .await?;
        let Some(row) = row else { return Err(Refusal::Taken) };
        tx.commit().await?;
        Ok(PlanId(row.int("seq")?))
    }
}

fn plan(row: &Row) -> Result<Plan, StoreError> {
    Ok(Plan {
        id: PlanId(row.int("seq")?),
        issue: IssueNumber(row.int("issue")?),
        rev: row.int("rev")?,
        state: PlanState::read(row, "state")?,
        hash: row.text("hash")?,
        base_sha: row.text("base_sha")?,
        issue_hash: row.text("issue_hash")?,
        cited: row.text("cited")?,
        document: row.text("document")?,
        actor: row.text("actor")?,
        approval_mode: row.opt_text("approval_mode")?,
        comment: row.opt_int("comment_id")?.map(CommentId),
        comment_node_id: row.opt_text("comment_node_id")?,
        comment_url: row.opt_text("comment_url")?,
        created_at_ms: row.int("created_at")?,
        updated_at_ms: row.int("updated_at")?,
    })
}
