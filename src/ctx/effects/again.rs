//! What a call that came late has left: a worker that was taken for gone wakes up behind the last look at its lease, or GitHub
//! applies a request long after we gave it up. The thing that the books name stays, another one goes.

use crate::config::repo::mode::Mode;
use crate::ctx::RepoCtx;
use crate::ctx::effects::reaction::Receipt;
use crate::ctx::effects::{Effect, unless_missing};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::{CommentId, EffectKey, IssueNumber};
use crate::domain::message::{LookAgain, Made, Thing};
use crate::store::{Effect as Entry, Intent, NewJob, PRIORITY_SCHEDULE, Remote};

/// A request that GitHub has not applied by then is lost; it ends its own work after ten seconds.
const LATE_MS: i64 = 60_000;

/// Somebody is at work on an effect whose intent is younger than this; whoever tries it again later looks by itself.
const AT_WORK_MS: i64 = 600_000;

impl RepoCtx {
    /// An earlier call is taken for lost and made once more: should it be applied all the same, it will show in a minute.
    pub(in crate::ctx) async fn look_later<E: Effect>(&self, effect: &E, before: Intent) -> Outcome {
        // A reaction that is given twice is one.
        let Some(kind @ (Thing::Comment | Thing::Issue)) = E::MADE_TWICE else { return Ok(()) };
        let (key, issue, run_at_ms) = (effect.key(), effect.row().issue, self.now_ms() + LATE_MS);
        let look = LookAgain { key, kind, issue, since_ms: before.at_ms(), made: None };
        self.queue_look(look, run_at_ms).await
    }

    /// What was made just now is not what the books name.
    pub(in crate::ctx) async fn one_too_many<E: Effect>(&self, effect: &E, remote: &Remote) -> Outcome {
        let Some(kind) = E::MADE_TWICE else { return Ok(()) };
        let (key, issue, now_ms) = (effect.key(), effect.row().issue, self.now_ms());
        tell(&key, remote.id);
        let made = Some(Made { id: remote.id, number: remote.number.map(IssueNumber) });
        self.queue_look(LookAgain { key, kind, issue, since_ms: now_ms, made }, now_ms).await
    }

    async fn queue_look(&self, look: LookAgain, run_at_ms: i64) -> Outcome {
        let which = look.made.as_ref().map_or(0, |made| made.id);
        let job = NewJob {
            name: LookAgain::NAME,
            payload: serde_json::to_string(&look).map_err(Failure::internal)?,
            // Its own: nobody waits behind it, and whoever stops the work of an issue leaves it.
            lane: Some(format!("look/{}/{}", self.repo, look.key)),
            installation: Some(self.installation),
            repo: Some(self.repo),
            priority: PRIORITY_SCHEDULE,
            run_at_ms,
            dedupe: Some(format!("look/{}/{}/{which}", self.repo, look.key)),
            max_attempts: LookAgain::MAX_ATTEMPTS,
            delivery: self.info.delivery.clone(),
        };
        // A further unclear call moves it to a minute after that one.
        self.app.store.jobs().enqueue_no_earlier(&job).await?;
        Ok(())
    }

    /// Removes whatever was made for an effect beside the thing that the books name.
    pub async fn look_again(&self, look: &LookAgain) -> Outcome {
        self.may_act().await?;
        if self.standing.mode() == Mode::Observe {
            return Ok(());
        }
        let entry = self.store.effects().get(&look.key).await?;
        if let Some(Entry { remote: None, intended_at_ms, .. }) = &entry
            && self.now_ms() < intended_at_ms + AT_WORK_MS
        {
            let why = format!("{} is being made", look.key);
            return Err(Failure::Defer { until_ms: self.now_ms() + LATE_MS, why });
        }
        match (&look.made, entry) {
            // Tried again later, and looked for then.
            (_, Some(Entry { remote: None, .. })) => Ok(()),
            (Some(made), Some(Entry { remote: Some(named), .. })) => match named.id == made.id {
                true => Ok(()),
                false => self.take_away(look, made, named.number.map(IssueNumber)).await,
            },
            (Some(made), None) => self.take_away(look, made, None).await,
            (None, Some(Entry { remote: Some(named), .. })) => self.take_others(look, &named).await,
            (None, None) => Ok(()),
        }
    }

    async fn take_away(&self, look: &LookAgain, made: &Made, first: Option<IssueNumber>) -> Outcome {
        match (look.kind, made.number) {
            (Thing::Comment, _) => Ok(unless_missing(self.github.delete_comment(CommentId(made.id)).await)?),
            (Thing::Issue, Some(number)) => match self.github.issue(number).await {
                Ok(issue) => self.close_second(&issue, first).await,
                Err(error) if error.is_missing() => Ok(()),
                Err(error) => Err(error.into()),
            },
            (Thing::Issue, None) => Ok(()),
            (Thing::Reaction, _) => Receipt::take_away(self, &look.key, made.id).await,
        }
    }

    async fn take_others(&self, look: &LookAgain, named: &Remote) -> Outcome {
        match look.kind {
            Thing::Comment => {
                for comment in self.comments_with(&look.key, look.issue, look.since_ms).await? {
                    if comment.id.0 != named.id {
                        tell(&look.key, comment.id.0);
                        unless_missing(self.github.delete_comment(comment.id).await)?;
                    }
                }
            }
            Thing::Issue => {
                for issue in self.issues_with(&look.key, &[], look.since_ms).await? {
                    if issue.id.0 != named.id {
                        tell(&look.key, issue.id.0);
                        self.close_second(&issue, named.number.map(IssueNumber)).await?;
                    }
                }
            }
            Thing::Reaction => {}
        }
        Ok(())
    }
}

fn tell(key: &EffectKey, id: i64) {
    tracing::warn!(%key, id, "made a second time; it is taken back");
}
