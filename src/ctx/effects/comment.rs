//! A comment: written once, edited in place when its text changes, and folded away when a newer one takes its place.

use crate::ctx::RepoCtx;
use crate::ctx::effects::{Effect, Found, Row, SKEW_MS, marker, unless_missing};
use crate::domain::act::CommentAct;
use crate::domain::event::Comment;
use crate::domain::failure::Outcome;
use crate::domain::hash;
use crate::domain::ids::{CommentId, EffectKey, IssueNumber};
use crate::domain::message::Thing;
use crate::github::comments::Minimize;
use crate::github::error::{ApiResult, ErrorKind};
use crate::store::{self, Remote};

/// Attempts of a job that a failing fold may cost.
const FOLD_ATTEMPTS: i64 = 3;

/// A comment with its marker.
pub(in crate::ctx) struct CommentEffect<'a> {
    act: &'a CommentAct,
    body: String,
}

impl<'a> CommentEffect<'a> {
    /// The comment of an act, signed.
    pub(in crate::ctx) fn new(ctx: &RepoCtx, act: &'a CommentAct) -> Self {
        Self { act, body: ctx.signed(&act.body, &marker(&act.kind, &act.key, &act.fields)) }
    }
}

impl Effect for CommentEffect<'_> {
    const IS_EDITED: bool = true;
    const MADE_TWICE: Option<Thing> = Some(Thing::Comment);

    fn key(&self) -> EffectKey {
        self.act.key.clone()
    }

    fn row(&self) -> Row {
        Row { kind: "comment", issue: self.act.issue, content_hash: hash::short(&self.body) }
    }

    async fn find(&self, ctx: &RepoCtx, since_ms: i64) -> Outcome<Option<Found>> {
        ctx.comment_with(&self.act.key, self.act.issue, since_ms).await
    }

    async fn create(&self, ctx: &RepoCtx) -> ApiResult<Option<Remote>> {
        let comment = ctx.github.create_comment(self.act.issue, &self.body).await?;
        Ok(Some(Remote::from(&comment)))
    }

    async fn update(&self, ctx: &RepoCtx, remote: &Remote) -> ApiResult {
        ctx.github.update_comment(CommentId(remote.id), &self.body).await.map(|_| ())
    }
}

impl RepoCtx {
    /// The comment that a call at `since_ms` or later has left; a second one is removed.
    async fn comment_with(
        &self,
        key: &EffectKey,
        issue: IssueNumber,
        since_ms: i64,
    ) -> Outcome<Option<Found>> {
        self.settled(since_ms)?;
        let mut ours = self.comments_with(key, issue, since_ms).await?.into_iter();
        let found = ours.next();
        for second in ours {
            unless_missing(self.github.delete_comment(second.id).await)?;
        }
        Ok(found.map(|found| Found { remote: Remote::from(&found), content_hash: hash::short(&found.body) }))
    }

    /// The comments that calls at `since_ms` or later have left, oldest first. Only our App's own with our signature count.
    pub(in crate::ctx) async fn comments_with(
        &self,
        key: &EffectKey,
        issue: IssueNumber,
        since_ms: i64,
    ) -> Outcome<Vec<Comment>> {
        let app = self.app.github.app_identity().await?;
        let since_ms = self.github.by_its_clock(since_ms) - SKEW_MS;
        let mut comments = self.github.comments(issue, Some(since_ms)).await?.items;
        comments.retain(|comment| {
            app.is_author(comment.app_id, comment.user.as_ref()) && self.marked(&comment.body, key)
        });
        Ok(comments)
    }

    /// Whether the comment of this key stands, in the books or as a call that was cut off has left it.
    pub async fn has_written(&self, key: &EffectKey) -> Outcome<bool> {
        let Some(effect) = self.store.effects().get(key).await? else { return Ok(false) };
        let issue = effect.issue;
        Ok(self.written(effect, issue).await?.is_some())
    }

    /// The comment of an effect, in the books or as a call that was cut off may have left it in this issue.
    async fn written(&self, effect: store::Effect, issue: IssueNumber) -> Outcome<Option<Remote>> {
        if effect.remote.is_some() {
            return Ok(effect.remote);
        }
        let found = self.comment_with(&effect.key, issue, effect.intended_at_ms).await?;
        Ok(found.map(|found| found.remote))
    }

    /// Deletes a comment of ours, should it be there, and forgets it.
    pub(in crate::ctx) async fn withdraw(&self, key: &EffectKey, issue: IssueNumber) -> Outcome {
        let effects = self.store.effects();
        let Some(effect) = effects.get(key).await? else { return Ok(()) };
        if let Some(remote) = self.written(effect, issue).await? {
            unless_missing(self.github.delete_comment(CommentId(remote.id)).await)?;
        }
        effects.forget(key).await?;
        Ok(())
    }

    /// Folds a comment away, named by its GraphQL id. Doing it again changes nothing. A fold is a courtesy: where it is refused,
    /// or fails again and again, the command goes on without.
    pub(in crate::ctx) async fn minimize(&self, node_id: &str) -> Outcome {
        let Err(error) = self.github.minimize_comment(node_id, Minimize::Outdated).await else {
            return Ok(());
        };
        let waits = matches!(
            error.kind,
            ErrorKind::RateLimited { .. }
                | ErrorKind::Paced { .. }
                | ErrorKind::Unreachable { .. }
                | ErrorKind::InstallationGone
                | ErrorKind::WrongAddress
                | ErrorKind::Limits
                | ErrorKind::Denied
                | ErrorKind::ClockSkew { .. }
        );
        let may_pass = matches!(error.kind, ErrorKind::Server | ErrorKind::Transport | ErrorKind::Ambiguous);
        if waits || (may_pass && self.info.attempt < FOLD_ATTEMPTS) {
            return Err(error.into());
        }
        tracing::info!(%error, "an earlier comment is not folded away");
        Ok(())
    }
}
