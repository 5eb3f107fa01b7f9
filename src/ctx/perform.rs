//! Doing what was decided, once: every write passes here, with its intent remembered before and its result after.

use std::collections::BTreeMap;

use crate::config::repo::mode::Mode;
use crate::ctx::RepoCtx;
use crate::domain::act::{Act, CommentAct, IssueAct, IssueRef, Reaction};
use crate::domain::approval;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::hash;
use crate::domain::ids::{CommentId, EffectKey, IssueId, IssueNumber};
use crate::domain::marker::Marker;
use crate::github::comments::Minimize;
use crate::github::error::{ApiError, ErrorKind};
use crate::github::issues::{IssueChange, IssueQuery, NewIssue, StateChange, StateFilter};
use crate::github::labels::Label;
use crate::github::reactions::{ReactTo, ReactionId};
use crate::render::fit;
use crate::store::Pause;
use crate::store::{Begun, NewEffect, Remote};

/// After an unclear write GitHub's lists may lag; looking sooner could miss what is there.
const SETTLE_MS: i64 = 10_000;

/// Attempts of a job that a failing fold may cost.
const FOLD_ATTEMPTS: i64 = 3;

/// GitHub's clock and ours may differ by this much.
const SKEW_MS: i64 = 60_000;

/// How long a write waits when the operator has paused all writes.
const PAUSE_CHECK_MS: i64 = 30_000;

/// What the acts became on GitHub; empty in mode `observe`.
#[derive(Debug, Default)]
pub struct Performed(BTreeMap<EffectKey, Remote>);

impl Performed {
    /// The comment or issue made by the act with this key.
    pub fn remote(&self, key: &EffectKey) -> Option<&Remote> {
        self.0.get(key)
    }
}

impl RepoCtx {
    /// Does the acts in order. Doing the same list again does nothing twice, whatever happened in between.
    ///
    /// In mode `observe` the acts are logged and recorded instead.
    pub async fn perform(&self, acts: &[Act]) -> Outcome<Performed> {
        let mut performed = Performed::default();
        for act in acts {
            if self.standing.mode() == Mode::Observe {
                tracing::info!(act = %act, text = act.gist(), "observe: not done");
                self.record(act).await?;
                continue;
            }
            self.may_write().await?;
            if let Some((key, remote)) = self.perform_one(act, &performed).await? {
                performed.0.insert(key, remote);
            }
        }
        Ok(performed)
    }

    async fn perform_one(&self, act: &Act, so_far: &Performed) -> Outcome<Option<(EffectKey, Remote)>> {
        match act {
            Act::Comment(act) => Ok(Some((act.key.clone(), self.comment(act).await?))),
            Act::CreateIssue(act) => Ok(Some((act.key.clone(), self.create_issue(act).await?))),
            Act::EnsureLabel { name, color, description } => {
                if self.github.label(name).await?.is_none() {
                    let label =
                        Label { name: name.clone(), color: color.clone(), description: description.clone() };
                    // Somebody may have created it a moment ago.
                    tolerate(self.github.create_label(&label).await, |kind| {
                        matches!(kind, ErrorKind::Validation(_))
                    })?;
                }
                Ok(None)
            }
            Act::AddSubIssue { parent, child } => {
                let (number, id) = known(child, so_far)?;
                let key = approval::link_key(*parent, number);
                self.once(&key, *parent, || async {
                    match self.github.add_sub_issue(*parent, id).await {
                        Err(error) if matches!(error.kind, ErrorKind::Validation(_)) => {
                            let linked = self.github.sub_issues(*parent).await?.items;
                            if linked.iter().any(|issue| issue.number == number) {
                                Ok(())
                            } else {
                                Err(error)
                            }
                        }
                        other => other,
                    }
                })
                .await?;
                Ok(None)
            }
            Act::BlockedBy { issue, by } => {
                let ((number, _), (blocker, id)) = (known(issue, so_far)?, known(by, so_far)?);
                let key = EffectKey(format!("blocked-by/{number}/{blocker}"));
                self.once(&key, number, || async {
                    match self.github.add_blocked_by(number, id).await {
                        Err(error) if matches!(error.kind, ErrorKind::Validation(_)) => {
                            let there = self.github.blocked_by(number).await?.items;
                            if there.iter().any(|issue| issue.number == blocker) {
                                Ok(())
                            } else {
                                Err(error)
                            }
                        }
                        other => other,
                    }
                })
                .await?;
                Ok(None)
            }
            Act::Close { key, issue } => {
                let change = IssueChange { state: Some(StateChange::NotPlanned), ..IssueChange::default() };
                self.once(key, *issue, || async {
                    self.github.update_issue(*issue, &change).await.map(|_| ())
                })
                .await?;
                Ok(None)
            }
            Act::Minimize { node_id, .. } => {
                self.fold(node_id).await?;
                Ok(None)
            }
            Act::React { comment, reaction } => {
                self.react(*comment, *reaction).await?;
                Ok(None)
            }
            Act::Unreact { comment, reaction } => {
                self.unreact(*comment, *reaction).await?;
                Ok(None)
            }
        }
    }

    /// A fold is a courtesy: where it is refused, or fails again and again, the command goes on without.
    async fn fold(&self, node_id: &str) -> Outcome {
        let Err(error) = self.github.minimize_comment(node_id, Minimize::Outdated).await else {
            return Ok(());
        };
        let waits = matches!(
            error.kind,
            ErrorKind::RateLimited { .. }
                | ErrorKind::Paced { .. }
                | ErrorKind::InstallationGone
                | ErrorKind::Limits
                | ErrorKind::ClockSkew { .. }
        );
        let may_pass = matches!(error.kind, ErrorKind::Server | ErrorKind::Transport | ErrorKind::Ambiguous);
        if waits || (may_pass && self.info.attempt < FOLD_ATTEMPTS) {
            return Err(error.into());
        }
        tracing::info!(%error, "an earlier comment is not folded away");
        Ok(())
    }

    /// Asked directly before each write: is the job still ours, has nobody said stop, are writes allowed at all?
    async fn may_write(&self) -> Outcome {
        if let Pause::On { .. } = self.app.store.switches().pause().await? {
            let until_ms = self.now_ms() + PAUSE_CHECK_MS;
            return Err(Failure::Defer { until_ms, why: "all writes are paused by the operator".to_owned() });
        }
        if let Some(run) = self.purpose.run
            && self.store.runs().is_stopped(run).await?
        {
            return Err(Failure::Gone("stopped by a person".to_owned()));
        }
        self.fence().await
    }

    async fn record(&self, act: &Act) -> Outcome {
        let text = serde_json::to_string(act).map_err(Failure::internal)?;
        let issue = act.issue().unwrap_or(NO_ISSUE);
        Ok(self.store.observed().append(issue, &text, self.info.delivery.as_deref()).await?)
    }

    /// Whether the job is still ours; `Gone` when another worker has it.
    pub async fn fence(&self) -> Outcome {
        if self.app.store.jobs().still_mine(&self.info.fence).await? {
            return Ok(());
        }
        Err(Failure::Gone("another worker has taken this job over".to_owned()))
    }

    async fn comment(&self, act: &CommentAct) -> Outcome<Remote> {
        let body = self.signed(&act.body, &act.kind, &act.key, &act.fields);
        let hash = hash::short(&body);
        let effects = self.store.effects();
        let new = effect(&act.key, "comment", act.issue, &hash);
        match effects.begin(&new).await? {
            Begun::Done(remote, old) if old == hash => return Ok(remote),
            Begun::Done(remote, _) => {
                self.edit_comment(&act.key, &remote, &body).await?;
                return Ok(remote);
            }
            Begun::Interrupted { since_ms } => {
                if let Some((remote, old)) = self.adopt_comment(act, since_ms).await? {
                    effects.finish(&act.key, &remote, &hash::short(&old)).await?;
                    if old != body {
                        self.edit_comment(&act.key, &remote, &body).await?;
                    }
                    return Ok(remote);
                }
                effects.intend_again(&act.key).await?;
            }
            Begun::Fresh => {}
        }
        self.app.crash.pass("after_intent").await;
        self.fence().await?;
        let comment = match self.github.create_comment(act.issue, &body).await {
            Ok(comment) => comment,
            Err(error) => return Err(self.refused(&act.key, error).await?),
        };
        self.app.crash.pass("after_post_before_remote_id").await;
        let remote = Remote {
            id: comment.id.0,
            number: None,
            node_id: Some(comment.node_id),
            url: Some(comment.html_url),
        };
        effects.finish(&act.key, &remote, &hash).await?;
        self.app.crash.pass("after_remote_id_before_done").await;
        Ok(remote)
    }

    /// A comment that a person deleted stays deleted.
    async fn edit_comment(&self, key: &EffectKey, remote: &Remote, body: &str) -> Outcome {
        let edited = self.github.update_comment(CommentId(remote.id), body).await.map(|_| ());
        tolerate(edited, is_missing)?;
        Ok(self.store.effects().finish(key, remote, &hash::short(body)).await?)
    }

    /// Looks for a comment that an interrupted try has left, and its text. Only our App's own comments with our signature count; a second one is removed.
    async fn adopt_comment(&self, act: &CommentAct, since_ms: i64) -> Outcome<Option<(Remote, String)>> {
        self.settle(since_ms)?;
        let app = self.app.github.app_identity().await?;
        let mut found = None;
        for comment in self.github.comments(act.issue, Some(since_ms - SKEW_MS)).await?.items {
            let ours =
                app.is_author(comment.app_id, comment.user.as_ref()) && self.marked(&comment.body, &act.key);
            if ours && found.is_some() {
                tolerate(self.github.delete_comment(comment.id).await, is_missing)?;
            } else if ours {
                let remote = Remote {
                    id: comment.id.0,
                    number: None,
                    node_id: Some(comment.node_id),
                    url: Some(comment.html_url),
                };
                found = Some((remote, comment.body));
            }
        }
        Ok(found)
    }

    async fn create_issue(&self, act: &IssueAct) -> Outcome<Remote> {
        let body = self.signed(&act.body, "item", &act.key, &act.fields);
        let hash = hash::short(&body);
        let effects = self.store.effects();
        let new = effect(&act.key, "issue", NO_ISSUE, &hash);
        match effects.begin(&new).await? {
            Begun::Done(remote, _) => return Ok(remote),
            Begun::Interrupted { since_ms } => {
                if let Some(remote) = self.adopt_issue(act, since_ms).await? {
                    effects.finish(&act.key, &remote, &hash).await?;
                    return Ok(remote);
                }
                effects.intend_again(&act.key).await?;
            }
            Begun::Fresh => {}
        }
        self.app.crash.pass("after_intent").await;
        self.fence().await?;
        let new_issue = NewIssue { title: act.title.clone(), body, labels: act.labels.clone() };
        let issue = match self.github.create_issue(&new_issue).await {
            Ok(issue) => issue,
            Err(error) => return Err(self.refused(&act.key, error).await?),
        };
        self.app.crash.pass("after_post_before_remote_id").await;
        let remote = Remote {
            id: issue.id.0,
            number: Some(issue.number.0),
            node_id: Some(issue.node_id),
            url: Some(issue.html_url),
        };
        effects.finish(&act.key, &remote, &hash).await?;
        self.app.crash.pass("after_remote_id_before_done").await;
        Ok(remote)
    }

    async fn adopt_issue(&self, act: &IssueAct, since_ms: i64) -> Outcome<Option<Remote>> {
        self.settle(since_ms)?;
        let app = self.app.github.app_identity().await?;
        let query = IssueQuery {
            labels: act.labels.clone(),
            state: StateFilter::All,
            since_ms: Some(since_ms - SKEW_MS),
            ..IssueQuery::default()
        };
        let issues = self.github.issues(&query).await?.items;
        Ok(issues
            .into_iter()
            .find(|issue| {
                app.is_author(issue.app_id, issue.user.as_ref()) && self.marked(&issue.body, &act.key)
            })
            .map(|issue| Remote {
                id: issue.id.0,
                number: Some(issue.number.0),
                node_id: Some(issue.node_id),
                url: Some(issue.html_url),
            }))
    }

    /// A write whose repetition GitHub answers with a refusal that we understand: remembered when done, simply tried again otherwise.
    async fn once<F: Future<Output = Result<(), ApiError>>>(
        &self,
        key: &EffectKey,
        issue: IssueNumber,
        write: impl FnOnce() -> F,
    ) -> Outcome {
        let effects = self.store.effects();
        let new = effect(key, "link", issue, "");
        if matches!(effects.begin(&new).await?, Begun::Done(..)) {
            return Ok(());
        }
        if let Err(error) = write().await {
            return Err(self.refused(key, error).await?);
        }
        effects.finish(key, &linked(), "").await?;
        Ok(())
    }

    async fn react(&self, comment: CommentId, reaction: Reaction) -> Outcome {
        let key = receipt(comment, reaction);
        let effects = self.store.effects();
        let new = effect(&key, "reaction", NO_ISSUE, "");
        if matches!(effects.begin(&new).await?, Begun::Done(..)) {
            return Ok(());
        }
        match self.github.add_reaction(ReactTo::Comment(comment), named(reaction)).await {
            Ok(ReactionId(id)) => Ok(effects.finish(&key, &Remote { id, ..linked() }, "").await?),
            // A receipt is a courtesy: where it is refused, the command goes on without.
            Err(error) if error.is_refusal() => {
                tracing::info!(%error, "no receipt");
                effects.forget_intent(&key).await?;
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Whether this receipt of ours stands on the comment, as far as we know.
    pub async fn has_reacted(&self, comment: CommentId, reaction: Reaction) -> Outcome<bool> {
        let effect = self.store.effects().get(&receipt(comment, reaction)).await?;
        Ok(effect.is_some_and(|effect| effect.remote.is_some()))
    }

    async fn unreact(&self, comment: CommentId, reaction: Reaction) -> Outcome {
        let key = receipt(comment, reaction);
        let effects = self.store.effects();
        let Some(remote) = effects.get(&key).await?.and_then(|effect| effect.remote) else { return Ok(()) };
        let removed = self.github.remove_reaction(ReactTo::Comment(comment), ReactionId(remote.id)).await;
        tolerate(removed, |kind| is_missing(kind) || *kind == ErrorKind::Forbidden)?;
        effects.forget(&key).await?;
        Ok(())
    }

    /// A clear refusal leaves no intent behind; an unclear answer keeps it, so that the next try looks first.
    async fn refused(&self, key: &EffectKey, error: ApiError) -> Outcome<Failure> {
        if error.is_refusal() {
            self.store.effects().forget_intent(key).await?;
        } else if error.is_ambiguous() {
            // The call may have taken its time: what it left behind settles from now on, not from before the call.
            self.store.effects().intend_again(key).await?;
        }
        Ok(error.into())
    }

    fn settle(&self, since_ms: i64) -> Outcome {
        let until_ms = since_ms + SETTLE_MS;
        if self.now_ms() < until_ms {
            let why = "an earlier try was cut off; GitHub's lists may lag behind it".to_owned();
            return Err(Failure::Defer { until_ms, why });
        }
        Ok(())
    }

    fn signed(&self, body: &str, kind: &str, key: &EffectKey, fields: &[(String, String)]) -> String {
        let marker = fields
            .iter()
            .fold(Marker::new(kind, key.clone()), |marker, (name, value)| marker.with(name, value));
        let marker = self.app.signer.sign(self.repo, &marker).unwrap_or_default();
        fit::fit(body.trim_end(), &marker)
    }

    fn marked(&self, body: &str, key: &EffectKey) -> bool {
        self.app.signer.find(self.repo, body).is_some_and(|marker| marker.key == *key)
    }
}

/// For effects that belong to no issue.
const NO_ISSUE: IssueNumber = IssueNumber(0);

fn effect(key: &EffectKey, kind: &str, issue: IssueNumber, hash: &str) -> NewEffect {
    NewEffect { key: key.clone(), kind: kind.to_owned(), issue, content_hash: hash.to_owned() }
}

/// What is remembered of a link, which has no id of its own.
fn linked() -> Remote {
    Remote { id: 0, number: None, node_id: None, url: None }
}

fn receipt(comment: CommentId, reaction: Reaction) -> EffectKey {
    EffectKey(format!("receipt/{comment}/{}", reaction.name()))
}

fn known(issue: &IssueRef, so_far: &Performed) -> Outcome<(IssueNumber, IssueId)> {
    match issue {
        IssueRef::Known { number, id } => Ok((*number, *id)),
        IssueRef::New(key) => so_far
            .remote(key)
            .and_then(|remote| Some((IssueNumber(remote.number?), IssueId(remote.id))))
            .ok_or_else(|| Failure::internal(format!("no earlier act has made {key}"))),
    }
}

fn tolerate<T>(result: Result<T, ApiError>, fine: impl Fn(&ErrorKind) -> bool) -> Outcome {
    match result {
        Err(error) if !fine(&error.kind) => Err(error.into()),
        _ => Ok(()),
    }
}

fn is_missing(kind: &ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::Gone)
}

fn named(reaction: Reaction) -> crate::github::reactions::Reaction {
    match reaction {
        Reaction::Eyes => crate::github::reactions::Reaction::Eyes,
        Reaction::Rocket => crate::github::reactions::Reaction::Rocket,
        Reaction::Confused => crate::github::reactions::Reaction::Confused,
    }
}
