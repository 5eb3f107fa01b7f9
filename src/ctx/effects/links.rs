//! Links between two issues: sub-issues and dependencies. GitHub refuses one that is there, so making it again is harmless.

use crate::ctx::RepoCtx;
use crate::ctx::effects::{Effect, Row, without_id};
use crate::domain::approval;
use crate::domain::ids::{EffectKey, IssueId, IssueNumber};
use crate::github::error::{ApiResult, ErrorKind};
use crate::store::Remote;

/// Both names of an issue: people's, and the one that links want.
#[derive(Debug, Clone, Copy)]
pub(in crate::ctx) struct Ends {
    /// Behind `#`.
    pub number: IssueNumber,
    /// GitHub's database id.
    pub id: IssueId,
}

/// One issue is the sub-issue of another.
pub(in crate::ctx) struct SubIssue {
    pub parent: IssueNumber,
    pub child: Ends,
}

impl Effect for SubIssue {
    fn key(&self) -> EffectKey {
        approval::link_key(self.parent, self.child.number)
    }

    fn row(&self) -> Row {
        Row { kind: "link", issue: self.parent, content_hash: String::new() }
    }

    async fn create(&self, ctx: &RepoCtx) -> ApiResult<Option<Remote>> {
        let added = ctx.github.add_sub_issue(self.parent, self.child.id).await;
        if is_refused(&added) {
            let listed = ctx.github.sub_issues(self.parent).await?.items;
            if listed.iter().any(|issue| issue.number == self.child.number) {
                return Ok(Some(without_id()));
            }
        }
        added.map(|()| Some(without_id()))
    }
}

/// One issue waits for another.
pub(in crate::ctx) struct BlockedBy {
    pub blocked: IssueNumber,
    pub by: Ends,
}

impl Effect for BlockedBy {
    fn key(&self) -> EffectKey {
        EffectKey(format!("blocked-by/{}/{}", self.blocked, self.by.number))
    }

    fn row(&self) -> Row {
        Row { kind: "link", issue: self.blocked, content_hash: String::new() }
    }

    async fn create(&self, ctx: &RepoCtx) -> ApiResult<Option<Remote>> {
        let added = ctx.github.add_blocked_by(self.blocked, self.by.id).await;
        if is_refused(&added) {
            let listed = ctx.github.blocked_by(self.blocked).await?.items;
            if listed.iter().any(|issue| issue.number == self.by.number) {
                return Ok(Some(without_id()));
            }
        }
        added.map(|()| Some(without_id()))
    }
}

/// Whether GitHub will not have the link, perhaps because it is there already.
fn is_refused(added: &ApiResult) -> bool {
    matches!(added, Err(error) if matches!(error.kind, ErrorKind::Validation(_)))
}
