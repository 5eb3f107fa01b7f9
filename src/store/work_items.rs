//! What approved plans became: one open item per fingerprint and parent issue.

use crate::domain::ids::{IssueId, IssueNumber};
use crate::store::RepoStore;
use crate::store::error::StoreError;
use crate::store::plans::PlanId;
use crate::store::sql::{Row, statements};
use crate::store::text_enum::text_enum;

statements! {
    ISSUES = "SELECT issue_number FROM work_items WHERE repo_id = $1 AND issue_number IS NOT NULL";
    INSERT = "INSERT INTO work_items (repo_id, plan_seq, parent_issue, ordinal, title, fingerprint, state, body_hash,
            depends_on, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $9)
        ON CONFLICT (repo_id, fingerprint, parent_issue) WHERE state = 'open' DO NOTHING RETURNING seq";
    OPEN = "SELECT seq, plan_seq, parent_issue, ordinal, title, fingerprint, issue_number, issue_id, state, body_hash,
        depends_on FROM work_items WHERE repo_id = $1 AND fingerprint = $2 AND parent_issue = $3 AND state = 'open'";
    OF_PARENT = "SELECT seq, plan_seq, parent_issue, ordinal, title, fingerprint, issue_number, issue_id, state, body_hash,
        depends_on FROM work_items WHERE repo_id = $1 AND parent_issue = $2 ORDER BY ordinal, seq";
    OF_PLAN = "SELECT seq, plan_seq, parent_issue, ordinal, title, fingerprint, issue_number, issue_id, state, body_hash,
        depends_on FROM work_items WHERE repo_id = $1 AND plan_seq = $2 ORDER BY ordinal, seq";
    BY_ISSUE = "SELECT seq, plan_seq, parent_issue, ordinal, title, fingerprint, issue_number, issue_id, state, body_hash,
        depends_on FROM work_items WHERE repo_id = $1 AND issue_number = $2 ORDER BY seq DESC LIMIT 1";
    SET_ISSUE = "UPDATE work_items SET issue_number = $3, issue_id = $4, updated_at = $5 WHERE repo_id = $1 AND seq = $2";
    FOLLOW = "UPDATE work_items SET state = $3, updated_at = $4 WHERE repo_id = $1 AND seq = $2 AND state <> 'undone'
        AND (CAST($3 AS TEXT) <> 'open' OR NOT EXISTS (SELECT 1 FROM work_items other WHERE other.repo_id = $1
            AND other.fingerprint = work_items.fingerprint AND other.parent_issue = work_items.parent_issue
            AND other.state = 'open' AND other.seq <> $2))";
    SET_STATE = "UPDATE work_items SET state = $3, updated_at = $4 WHERE repo_id = $1 AND seq = $2";
}

/// A work item, in the order of creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct WorkItemId(pub i64);

text_enum! {
    /// Where a work item stands.
    WorkItemState {
        /// To do.
        Open = "open",
        /// Its issue is closed.
        Closed = "closed",
        /// Taken back with its plan.
        Undone = "undone",
    }
}

/// A work item to add.
#[derive(Debug, Clone)]
pub struct NewWorkItem {
    /// The plan it comes from.
    pub plan: PlanId,
    /// The issue it is a part of.
    pub parent: IssueNumber,
    /// Place in the plan, 1 first.
    pub ordinal: i64,
    /// One line.
    pub title: String,
    /// Equal for equal work, across revisions.
    pub fingerprint: String,
    /// Of the issue body that we write.
    pub body_hash: String,
    /// JSON.
    pub depends_on: String,
}

/// What became of a [`NewWorkItem`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddedItem {
    /// Written.
    New(WorkItemId),
    /// An open one with this fingerprint is there; nothing was changed.
    Already(Box<WorkItem>),
}

/// A work item as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkItem {
    /// Its id.
    pub id: WorkItemId,
    /// The plan it comes from.
    pub plan: PlanId,
    /// The issue it is a part of.
    pub parent: IssueNumber,
    /// Place in the plan, 1 first.
    pub ordinal: i64,
    /// One line.
    pub title: String,
    /// Equal for equal work, across revisions.
    pub fingerprint: String,
    /// Once GitHub gave one.
    pub issue: Option<IssueNumber>,
    /// Database id of that issue.
    pub issue_id: Option<IssueId>,
    /// Where it stands.
    pub state: WorkItemState,
    /// Of the issue body that we wrote last.
    pub body_hash: String,
    /// JSON.
    pub depends_on: String,
}

/// Work items of one repository.
#[derive(Clone, Copy)]
pub struct WorkItems<'a> {
    scope: &'a RepoStore,
}

impl<'a> WorkItems<'a> {
    pub(in crate::store) fn new(scope: &'a RepoStore) -> Self {
        Self { scope }
    }

    /// Issues that work items became, in no order.
    pub async fn all_issues(self) -> Result<Vec<IssueNumber>, StoreError> {
        let rows = self.scope.store.read(&ISSUES).int(self.scope.repo.0).rows().await?;
        rows.iter().map(|row| row.int("issue_number").map(IssueNumber)).collect()
    }

    /// Adds an item unless an open one with the same fingerprint and parent is there.
    pub async fn add(self, item: &NewWorkItem) -> Result<AddedItem, StoreError> {
        let store = &self.scope.store;
        loop {
            let query = store
                .write(&INSERT)
                .int(self.scope.repo.0)
                .int(item.plan.0)
                .int(item.parent.0)
                .int(item.ordinal);
            let query =
                query.text(&item.title).text(&item.fingerprint).text(&item.body_hash).text(&item.depends_on);
            if let Some(row) = query.int(store.now_ms()).row().await? {
                return Ok(AddedItem::New(WorkItemId(row.int("seq")?)));
            }
            // It may be closed between the two statements; then there is room for this one.
            let query = store.write(&OPEN).int(self.scope.repo.0).text(&item.fingerprint).int(item.parent.0);
            if let Some(row) = query.row().await? {
                return Ok(AddedItem::Already(Box::new(work_item(&row)?)));
            }
        }
    }

    /// The items below an issue, in the order of the plan; taken-back ones included.
    pub async fn of_parent(self, parent: IssueNumber) -> Result<Vec<WorkItem>, StoreError> {
        let rows = self.scope.store.read(&OF_PARENT).int(self.scope.repo.0).int(parent.0).rows().await?;
        rows.iter().map(work_item).collect()
    }

    /// The items of a plan, in order.
    pub async fn of_plan(self, plan: PlanId) -> Result<Vec<WorkItem>, StoreError> {
        let rows = self.scope.store.read(&OF_PLAN).int(self.scope.repo.0).int(plan.0).rows().await?;
        rows.iter().map(work_item).collect()
    }

    /// The item that became this issue.
    pub async fn by_issue(self, issue: IssueNumber) -> Result<Option<WorkItem>, StoreError> {
        let row = self.scope.store.read(&BY_ISSUE).int(self.scope.repo.0).int(issue.0).row().await?;
        row.as_ref().map(work_item).transpose()
    }

    /// Writes which issue it became.
    pub async fn set_issue(
        self,
        id: WorkItemId,
        number: IssueNumber,
        issue: IssueId,
    ) -> Result<bool, StoreError> {
        let store = &self.scope.store;
        let query = store.write(&SET_ISSUE).int(self.scope.repo.0).int(id.0).int(number.0).int(issue.0);
        Ok(query.int(store.now_ms()).run().await? == 1)
    }

    /// Writes where GitHub shows it to stand, unless it was taken back: that is final, also for whoever looked before and writes
    /// after. Nor is it opened beside another open one of its kind. `false`: nothing was written.
    pub async fn follow(self, id: WorkItemId, state: WorkItemState) -> Result<bool, StoreError> {
        let store = &self.scope.store;
        let query = store.write(&FOLLOW).int(self.scope.repo.0).int(id.0).text(state.as_str());
        Ok(query.int(store.now_ms()).run().await? == 1)
    }

    /// Writes where it stands. Fails as unavailable when it would be the second open one of its kind.
    pub async fn set_state(self, id: WorkItemId, state: WorkItemState) -> Result<bool, StoreError> {
        let store = &self.scope.store;
        let query = store.write(&SET_STATE).int(self.scope.repo.0).int(id.0).text(state.as_str());
        Ok(query.int(store.now_ms()).run().await? == 1)
    }
}

fn work_item(row: &Row) -> Result<WorkItem, StoreError> {
    Ok(WorkItem {
        id: WorkItemId(row.int("seq")?),
        plan: PlanId(row.int("plan_seq")?),
        parent: IssueNumber(row.int("parent_issue")?),
        ordinal: row.int("ordinal")?,
        title: row.text("title")?,
        fingerprint: row.text("fingerprint")?,
        issue: row.opt_int("issue_number")?.map(IssueNumber),
        issue_id: row.opt_int("issue_id")?.map(IssueId),
        state: WorkItemState::read(row, "state")?,
        body_hash: row.text("body_hash")?,
        depends_on: row.text("depends_on")?,
    })
}
