//! An issue: opened once. Its text belongs to people from then on.

use crate::ctx::RepoCtx;
use crate::ctx::effects::{Effect, Found, NO_ISSUE, Row, SKEW_MS, marker};
use crate::domain::act::IssueAct;
use crate::domain::failure::Outcome;
use crate::domain::hash;
use crate::domain::ids::EffectKey;
use crate::github::error::ApiResult;
use crate::github::issues::{IssueQuery, NewIssue, StateFilter};
use crate::store::Remote;

/// An issue with its marker.
pub(in crate::ctx) struct IssueEffect<'a> {
    act: &'a IssueAct,
    body: String,
}

impl<'a> IssueEffect<'a> {
    /// The issue of an act, signed.
    pub(in crate::ctx) fn new(ctx: &RepoCtx, act: &'a IssueAct) -> Self {
        Self { act, body: ctx.signed(&act.body, &marker("item", &act.key, &act.fields)) }
    }
}

impl Effect for IssueEffect<'_> {
    fn key(&self) -> EffectKey {
        self.act.key.clone()
    }

    fn row(&self) -> Row {
        Row { kind: "issue", issue: NO_ISSUE, content_hash: hash::short(&self.body) }
    }

    /// Only what our App has opened with our signature counts. Its content is taken to be the wanted one: people may have
    /// edited it since, and that stays.
    async fn find(&self, ctx: &RepoCtx, since_ms: i64) -> Outcome<Option<Found>> {
        ctx.settled(since_ms)?;
        let app = ctx.app.github.app_identity().await?;
        let query = IssueQuery {
            labels: self.act.labels.clone(),
            state: StateFilter::All,
            since_ms: Some(since_ms - SKEW_MS),
            ..IssueQuery::default()
        };
        let issues = ctx.github.issues(&query).await?.items;
        let ours = issues.iter().find(|issue| {
            app.is_author(issue.app_id, issue.user.as_ref()) && ctx.marked(&issue.body, &self.act.key)
        });
        Ok(ours.map(|issue| Found { remote: Remote::from(issue), content_hash: hash::short(&self.body) }))
    }

    async fn create(&self, ctx: &RepoCtx) -> ApiResult<Option<Remote>> {
        let new = NewIssue {
            title: self.act.title.clone(),
            body: self.body.clone(),
            labels: self.act.labels.clone(),
        };
        let issue = ctx.github.create_issue(&new).await?;
        Ok(Some(Remote::from(&issue)))
    }
}
