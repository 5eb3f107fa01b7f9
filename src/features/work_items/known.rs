//! The work items of an issue as they stand on GitHub, found by what we remember and by our own markers.

use std::collections::BTreeMap;

use crate::ctx::RepoCtx;
use crate::domain::approval::{Server, Support};
use crate::domain::event::{Issue, IssueState};
use crate::domain::failure::Outcome;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::model::WaitOn;
use crate::store::{WorkItem, WorkItemState};

/// Remembered per installation: the server answered 404 or 410.
const NO_SUB_ISSUES: &str = "sub_issues_missing";
const NO_DEPENDENCIES: &str = "dependencies_missing";

/// What GitHub shows below one issue.
pub struct Below {
    /// What the server can do.
    pub server: Server,
    /// Sub-issues, ours and others.
    pub sub_issues: Vec<Issue>,
}

/// Reads the sub-issues, and learns whether the server has them at all. `parent` is known to exist.
pub async fn below(ctx: &RepoCtx, parent: IssueNumber) -> Outcome<Below> {
    let (sub_issues, has_sub_issues) = if ctx.lacks(NO_SUB_ISSUES).await? {
        (Vec::new(), Support::Missing)
    } else {
        match ctx.github.sub_issues(parent).await {
            Ok(issues) => (issues.items, Support::Present),
            Err(error) if error.is_missing() => {
                ctx.note_lack(NO_SUB_ISSUES).await?;
                (Vec::new(), Support::Missing)
            }
            Err(error) => return Err(error.into()),
        }
    };
    let dependencies = if ctx.lacks(NO_DEPENDENCIES).await? {
        Support::Missing
    } else {
        match ctx.github.blocked_by(parent).await {
            Ok(_) => Support::Present,
            Err(error) if error.is_missing() => {
                ctx.note_lack(NO_DEPENDENCIES).await?;
                Support::Missing
            }
            Err(error) => return Err(error.into()),
        }
    };
    Ok(Below { server: Server { sub_issues: has_sub_issues, dependencies }, sub_issues })
}

/// One work item with its issue.
pub struct Standing {
    /// What we remember.
    pub row: WorkItem,
    /// What GitHub shows; none when the issue is gone.
    pub issue: Option<Issue>,
}

impl Standing {
    /// Still to be done.
    pub fn is_open(&self) -> bool {
        self.issue.as_ref().is_some_and(|issue| issue.state == IssueState::Open)
    }
}

/// The work items of `parent` in the order of the plan, reconciled: what we remember follows what GitHub shows.
pub async fn standing(ctx: &RepoCtx, parent: IssueNumber) -> Outcome<Vec<Standing>> {
    let rows = ctx.store.work_items().of_parent(parent).await?;
    let rows = rows.into_iter().filter(|row| row.state != WorkItemState::Undone).collect::<Vec<_>>();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let listed = below(ctx, parent).await?.sub_issues;
    let mut listed = listed.into_iter().map(|issue| (issue.number, issue)).collect::<BTreeMap<_, _>>();
    let mut standing = Vec::new();
    for row in rows {
        let Some(number) = row.issue else { continue };
        let issue = match listed.remove(&number) {
            Some(issue) => Some(issue),
            None => ctx.issue_or_gone(number).await?,
        };
        let seen = Standing { row, issue };
        let state = if seen.is_open() { WorkItemState::Open } else { WorkItemState::Closed };
        if seen.row.state != state {
            ctx.store.work_items().set_state(seen.row.id, state).await?;
        }
        standing.push(seen);
    }
    Ok(standing)
}

/// What an item was said to wait for when it was opened.
pub fn waits(row: &WorkItem) -> Vec<WaitOn> {
    serde_json::from_str(&row.depends_on).unwrap_or_default()
}

impl RepoCtx {
    /// An issue, or nothing where it was deleted, transferred or never there.
    pub async fn issue_or_gone(&self, number: IssueNumber) -> Outcome<Option<Issue>> {
        match self.github.issue(number).await {
            Ok(issue) => Ok(Some(issue)),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn lacks(&self, capability: &str) -> Outcome<bool> {
        Ok(self.app.store.installations().noticed_at(self.installation, capability).await?.is_some())
    }

    async fn note_lack(&self, capability: &str) -> Outcome {
        tracing::info!(capability, installation = %self.installation, "the server does not have this");
        Ok(self.app.store.installations().notice(self.installation, capability).await?)
    }
}
