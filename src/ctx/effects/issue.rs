//! An issue: opened once. Its text belongs to people from then on.

use crate::ctx::RepoCtx;
use crate::ctx::effects::{Effect, Found, NO_ISSUE, Row, SKEW_MS, marker, unless_missing};
use crate::domain::act::IssueAct;
use crate::domain::event::{Issue, IssueState};
use crate::domain::failure::Outcome;
use crate::domain::hash;
use crate::domain::ids::{EffectKey, IssueNumber};
use crate::domain::message::Thing;
use crate::github::error::ApiResult;
use crate::github::issues::{IssueChange, IssueQuery, NewIssue, StateChange, StateFilter};
use crate::render::fit;
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
    const MADE_TWICE: Option<Thing> = Some(Thing::Issue);

    fn key(&self) -> EffectKey {
        self.act.key.clone()
    }

    fn row(&self) -> Row {
        Row { kind: "issue", issue: NO_ISSUE, content_hash: hash::short(&self.body) }
    }

    /// Its content is taken to be the wanted one: people may have edited it since, and that stays. A second one is left to the look
    /// that follows an unclear call: here it may be one that people have reopened.
    async fn find(&self, ctx: &RepoCtx, since_ms: i64) -> Outcome<Option<Found>> {
        ctx.settled(since_ms)?;
        let ours = ctx.issues_with(&self.act.key, &self.act.labels, since_ms).await?;
        Ok(ours
            .first()
            .map(|found| Found { remote: Remote::from(found), content_hash: hash::short(&self.body) }))
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

impl RepoCtx {
    /// The issues that calls at `since_ms` or later have left, open ones first, then the first one first. Only what our App has
    /// opened since then with our signature counts: an earlier one of the same key was taken back, whatever was done with it since.
    pub(in crate::ctx) async fn issues_with(
        &self,
        key: &EffectKey,
        labels: &[String],
        since_ms: i64,
    ) -> Outcome<Vec<Issue>> {
        let app = self.app.github.app_identity().await?;
        let since_ms = self.github.by_its_clock(since_ms) - SKEW_MS;
        let query = IssueQuery {
            labels: labels.to_vec(),
            state: StateFilter::All,
            since_ms: Some(since_ms),
            ..IssueQuery::default()
        };
        let mut issues = self.github.issues(&query).await?.items;
        issues.retain(|issue| {
            app.is_author(issue.app_id, issue.user.as_ref())
                && issue.created_at_ms.is_none_or(|created_ms| created_ms >= since_ms)
                && self.marked(&issue.body, key)
        });
        issues.sort_by_key(|issue| (issue.state != IssueState::Open, issue.number));
        Ok(issues)
    }

    /// Closes an issue of ours that was opened although another one stands for the same, or although nobody wants it any more,
    /// and says so in its text. What somebody has closed stays as it is.
    pub(in crate::ctx) async fn close_second(&self, issue: &Issue, first: Option<IssueNumber>) -> Outcome {
        if issue.state != IssueState::Open {
            return Ok(());
        }
        let (state, why) = match first {
            Some(first) => (
                StateChange::Duplicate,
                format!("This issue was opened twice by mistake, please go on in #{first}."),
            ),
            None => (
                StateChange::NotPlanned,
                "This issue was opened by mistake: it had been taken back.".to_owned(),
            ),
        };
        let body = Some(format!("{why}\n\n{}", issue.body)).filter(|body| body.chars().count() <= fit::LIMIT);
        let change = IssueChange { body, state: Some(state), ..IssueChange::default() };
        Ok(unless_missing(self.github.update_issue(issue.number, &change).await)?)
    }
}
