//! An issue: opened once. Its text belongs to people from then on.

use crate::ctx::RepoCtx;
use crate::ctx::effects::{Effect, Found, NO_ISSUE, Row, SKEW_MS, marker, unless_missing};
use crate::domain::act::IssueAct;
use crate::domain::event::{Issue, IssueState};
use crate::domain::failure::Outcome;
use crate::domain::hash;
use crate::domain::ids::{EffectKey, IssueNumber};
use crate::github::error::ApiResult;
use crate::github::issues::{IssueChange, IssueQuery, NewIssue, StateChange, StateFilter};
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

    /// Its content is taken to be the wanted one: people may have edited it since, and that stays. A second one is closed.
    async fn find(&self, ctx: &RepoCtx, since_ms: i64) -> Outcome<Option<Found>> {
        ctx.settled(since_ms)?;
        let mut ours = ctx.issues_with(&self.act.key, &self.act.labels, since_ms).await?.into_iter();
        let Some(found) = ours.next() else { return Ok(None) };
        for second in ours {
            ctx.close_second(&second, Some(found.number)).await?;
        }
        Ok(Some(Found { remote: Remote::from(&found), content_hash: hash::short(&self.body) }))
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
    /// The issues that calls at `since_ms` or later have left, the first one first. Only what our App has opened with our
    /// signature counts, and what we have closed as a duplicate does not.
    pub(in crate::ctx) async fn issues_with(
        &self,
        key: &EffectKey,
        labels: &[String],
        since_ms: i64,
    ) -> Outcome<Vec<Issue>> {
        let app = self.app.github.app_identity().await?;
        let query = IssueQuery {
            labels: labels.to_vec(),
            state: StateFilter::All,
            since_ms: Some(since_ms - SKEW_MS),
            ..IssueQuery::default()
        };
        let mut issues = self.github.issues(&query).await?.items;
        issues.retain(|issue| {
            app.is_author(issue.app_id, issue.user.as_ref())
                && issue.state_reason.as_deref() != Some("duplicate")
                && self.marked(&issue.body, key)
        });
        issues.sort_by_key(|issue| issue.number);
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
        let body = Some(format!("{why}\n\n{}", issue.body));
        let change = IssueChange { body, state: Some(state), ..IssueChange::default() };
        Ok(unless_missing(self.github.update_issue(issue.number, &change).await)?)
    }
}
