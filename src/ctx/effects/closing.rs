//! Closing an issue, once: what a person reopens afterwards stays open.

use crate::ctx::RepoCtx;
use crate::ctx::effects::{Effect, Row, without_id};
use crate::domain::ids::{EffectKey, IssueNumber};
use crate::github::error::ApiResult;
use crate::github::issues::{IssueChange, StateChange};
use crate::store::Remote;

/// An issue is closed as not planned.
pub(in crate::ctx) struct Closing<'a> {
    pub key: &'a EffectKey,
    pub issue: IssueNumber,
}

impl Effect for Closing<'_> {
    fn key(&self) -> EffectKey {
        self.key.clone()
    }

    fn row(&self) -> Row {
        Row { kind: "closing", issue: self.issue, content_hash: String::new() }
    }

    async fn create(&self, ctx: &RepoCtx) -> ApiResult<Option<Remote>> {
        let change = IssueChange { state: Some(StateChange::NotPlanned), ..IssueChange::default() };
        ctx.github.update_issue(self.issue, &change).await?;
        Ok(Some(without_id()))
    }
}
