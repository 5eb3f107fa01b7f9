//! What we make on GitHub, each thing once: intent, call, remote id, and what an interrupted call has left is adopted.

pub mod comment; // written once, edited in place
pub mod issue; // opened once
pub mod links; // sub-issues and dependencies
pub mod closing; // closed once
pub mod reaction; // receipts
pub mod label; // no effect: its name tells whether it is there
pub mod again; // what a call that came late has left

use crate::ctx::RepoCtx;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::{EffectKey, IssueNumber};
use crate::domain::marker::Marker;
use crate::domain::message::Thing;
use crate::github::error::{ApiError, ApiResult};
use crate::render::fit;
use crate::store::{Begun, Finished, Intent, NewEffect, Remote};

/// After an unclear write GitHub's lists may lag; looking sooner could miss what is there.
const SETTLE_MS: i64 = 10_000;

/// A comment that reaches us so long after it was written may have been answered before, by a database that has been lost or
/// replaced by an older one since. No program is replaced and started much sooner, and the looks of a busy minute would cost
/// the points that its answers need.
const LATE_MS: i64 = 30_000;

/// What its answers tell of GitHub's clock may be off by this much.
const SKEW_MS: i64 = 60_000;

/// One thing on GitHub that exists once, however often the work is done. The four verbs of the ledger: `key`, `find`, `create`
/// and `update`; [`RepoCtx::effect`] alone says in which order they are called.
pub(in crate::ctx) trait Effect: Sync {
    /// Whether its content stays ours to change after it was made.
    const IS_EDITED: bool = false;

    /// What is there twice after two calls; nothing where GitHub itself keeps it one.
    const MADE_TWICE: Option<Thing> = None;

    /// The same key means the same thing; no job and no try is part of it.
    fn key(&self) -> EffectKey;

    /// Its row in the ledger: what kind, of which issue, with which content.
    fn row(&self) -> Row;

    /// Looks for what a call at `since_ms` or later has left, when nobody came back to say so. What GitHub lets us repeat need
    /// not be looked for.
    fn find(&self, _ctx: &RepoCtx, _since_ms: i64) -> impl Future<Output = Outcome<Option<Found>>> + Send {
        async { Ok(None) }
    }

    /// Makes it. `Ok(None)`: GitHub does not want it, and nothing is lost.
    fn create(&self, ctx: &RepoCtx) -> impl Future<Output = ApiResult<Option<Remote>>> + Send;

    /// Brings what is there up to date; asked only where [`Effect::IS_EDITED`].
    fn update(&self, _ctx: &RepoCtx, _remote: &Remote) -> impl Future<Output = ApiResult> + Send {
        async { Ok(()) }
    }
}

/// What the ledger writes down of an effect beside its key.
pub(in crate::ctx) struct Row {
    /// `comment`, `issue` …
    pub kind: &'static str,
    /// The issue it belongs to.
    pub issue: IssueNumber,
    /// Of what is written; empty where nothing can change.
    pub content_hash: String,
}

/// What is there: made just now, or left by an interrupted call.
pub(in crate::ctx) struct Found {
    /// The thing.
    pub remote: Remote,
    /// Of what it says now.
    pub content_hash: String,
}

/// For effects that belong to no issue.
pub(in crate::ctx) const NO_ISSUE: IssueNumber = IssueNumber(0);

impl RepoCtx {
    /// The protocol of every effect. The intent is written before the call and the remote id after it, so whoever comes next
    /// knows whether there is something to look for. Nothing where GitHub did not want it.
    pub(in crate::ctx) async fn effect<E: Effect>(&self, effect: &E) -> Outcome<Option<Remote>> {
        let (key, Row { kind, issue, content_hash }) = (effect.key(), effect.row());
        let effects = self.store.effects();
        let new =
            NewEffect { key: key.clone(), kind: kind.to_owned(), issue, content_hash: content_hash.clone() };
        // Before the intent: a look that fails must not make the next one begin at that intent.
        if let Some(since_ms) = self.heard_late()
            && effects.get(&key).await?.is_none()
            && let Some(Found { remote, content_hash }) = effect.find(self, since_ms).await?
        {
            // What was said then stays as it was said.
            effects.begin(&new).await?;
            return self.write_down(effect, remote, &content_hash).await.map(Some);
        }
        loop {
            let found = match effects.begin(&new).await? {
                Begun::Done(remote, before) => {
                    if E::IS_EDITED && before != content_hash {
                        self.bring_up_to_date(effect, &remote).await?;
                    }
                    return Ok(Some(remote));
                }
                Begun::Fresh(intent) => self.make(effect, intent, true).await?,
                Begun::Interrupted(held) => match effect.find(self, held.at_ms()).await? {
                    Some(left) => Some(left),
                    None => {
                        // Where somebody else has renewed or ended it meanwhile, theirs counts.
                        let Some(renewed) = effects.intend_again(&key, held).await? else { continue };
                        self.look_later(effect, held).await?;
                        self.make(effect, renewed, false).await?
                    }
                },
            };
            let Some(Found { remote, content_hash: before }) = found else { return Ok(None) };
            let named = self.write_down(effect, remote.clone(), &before).await?;
            if named.id == remote.id && before == content_hash {
                return Ok(Some(named));
            }
            // What was found, or stands in the books instead, may say something else: the books tell.
        }
    }

    /// The call. Nothing where GitHub does not want it.
    async fn make<E: Effect>(
        &self,
        effect: &E,
        intent: Intent,
        is_first_try: bool,
    ) -> Outcome<Option<Found>> {
        let (effects, crash) = (self.store.effects(), &self.app.crash);
        let (key, Row { kind, content_hash, .. }) = (effect.key(), effect.row());
        crash.pass_with("after_intent", kind).await;
        match effect.create(self).await {
            Ok(Some(remote)) => {
                crash.pass_with("after_post_before_remote_id", kind).await;
                Ok(Some(Found { remote, content_hash }))
            }
            Ok(None) => {
                // An earlier try may have made it all the same.
                if is_first_try {
                    effects.forget_intent(&key, intent).await?;
                }
                Ok(None)
            }
            Err(error) if !is_first_try && error.was_held_back() => Err(error.into()),
            Err(error) => Err(self.refused(&key, intent, error).await?),
        }
    }

    /// Writes down what was made or found; gives what stands in the books then. Where that is something else, or nothing, a
    /// worker that was taken for gone has done the same work: ours is one too many, and a job of its own takes it back, for
    /// whoever has lost its own job may no longer write.
    async fn write_down<E: Effect>(&self, effect: &E, remote: Remote, content_hash: &str) -> Outcome<Remote> {
        let key = effect.key();
        match self.store.effects().finish(&key, &remote, content_hash).await? {
            Finished::Written => {
                self.app.crash.pass_with("after_remote_id_before_done", effect.row().kind).await;
                Ok(remote)
            }
            Finished::Another(other) => {
                self.one_too_many(effect, &remote).await?;
                Ok(other)
            }
            Finished::Forgotten => {
                self.one_too_many(effect, &remote).await?;
                self.fence().await?;
                Err(Failure::retry(format!("{key} was taken back while it was made")))
            }
        }
    }

    /// When the comment was written that is worked for, where it has reached us late: what it asks for may be there already,
    /// although the ledger does not know it.
    fn heard_late(&self) -> Option<i64> {
        let asked_at_ms = self.github.by_our_clock(self.purpose.asked_at_ms?);
        (self.info.created_at_ms - asked_at_ms > LATE_MS).then_some(asked_at_ms)
    }

    /// What a person has deleted stays deleted.
    async fn bring_up_to_date<E: Effect>(&self, effect: &E, remote: &Remote) -> Outcome {
        unless_missing(effect.update(self, remote).await)?;
        Ok(self.store.effects().refresh(&effect.key(), remote, &effect.row().content_hash).await?)
    }

    /// A clear refusal leaves no intent behind, nor does a limit that was met: nothing was done. An unclear answer keeps it, so that the next try looks first.
    async fn refused(&self, key: &EffectKey, intent: Intent, error: ApiError) -> Outcome<Failure> {
        if error.is_refusal() || error.was_held_back() {
            self.store.effects().forget_intent(key, intent).await?;
        } else if error.is_ambiguous() {
            // The call may have taken its time: what it left behind settles from now on, not from before the call.
            self.store.effects().intend_again(key, intent).await?;
        }
        Ok(error.into())
    }

    /// Waits until GitHub's lists show what was written at `since_ms`.
    fn settled(&self, since_ms: i64) -> Outcome {
        let until_ms = since_ms + SETTLE_MS;
        if self.now_ms() < until_ms {
            let why = "an earlier try was cut off; GitHub's lists may lag behind it".to_owned();
            return Err(Failure::Defer { until_ms, why });
        }
        Ok(())
    }

    /// A text with the hidden signed marker by which it is found again.
    fn signed(&self, body: &str, marker: &Marker) -> String {
        let marker = self.app.signer.sign(self.repo, marker).unwrap_or_default();
        fit::fit(body.trim_end(), &marker)
    }

    /// Whether a text of our App's carries the marker of this effect.
    fn marked(&self, body: &str, key: &EffectKey) -> bool {
        self.app.signer.find(self.repo, body).is_some_and(|marker| marker.key == *key)
    }
}

fn marker(kind: &str, key: &EffectKey, fields: &[(String, String)]) -> Marker {
    fields.iter().fold(Marker::new(kind, key.clone()), |marker, (name, value)| marker.with(name, value))
}

/// What is remembered of a thing that has no id of its own.
fn without_id() -> Remote {
    Remote { id: 0, number: None, node_id: None, url: None }
}

/// What is gone already need not be changed or taken away.
fn unless_missing<T>(answer: ApiResult<T>) -> ApiResult {
    match answer {
        Err(error) if error.is_missing() => Ok(()),
        other => other.map(|_| ()),
    }
}
