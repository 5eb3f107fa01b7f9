//! Doing what was decided: every act passes here, and nothing is done while it may not be.

use std::collections::BTreeMap;

use crate::config::repo::mode::Mode;
use crate::ctx::RepoCtx;
use crate::ctx::effects::NO_ISSUE;
use crate::ctx::effects::closing::Closing;
use crate::ctx::effects::comment::CommentEffect;
use crate::ctx::effects::issue::IssueEffect;
use crate::ctx::effects::links::{BlockedBy, Ends, SubIssue};
use crate::ctx::effects::reaction::Receipt;
use crate::domain::act::{Act, IssueRef};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::{EffectKey, IssueId, IssueNumber};
use crate::github::labels::Label;
use crate::store::{Pause, Remote};

/// What the acts became on GitHub; empty in mode `observe`.
#[derive(Debug, Default)]
pub struct Performed(BTreeMap<EffectKey, Remote>);

impl Performed {
    /// The comment or issue made by the act with this key.
    pub fn remote(&self, key: &EffectKey) -> Option<&Remote> {
        self.0.get(key)
    }

    fn keep(&mut self, key: &EffectKey, remote: Option<Remote>) {
        self.0.extend(remote.map(|remote| (key.clone(), remote)));
    }

    fn ends(&self, issue: &IssueRef) -> Outcome<Ends> {
        match issue {
            IssueRef::Known { number, id } => Ok(Ends { number: *number, id: *id }),
            IssueRef::New(key) => self
                .remote(key)
                .and_then(|remote| Some(Ends { number: IssueNumber(remote.number?), id: IssueId(remote.id) }))
                .ok_or_else(|| Failure::internal(format!("no earlier act has made {key}"))),
        }
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
            self.may_act().await?;
            self.perform_one(act, &mut performed).await?;
        }
        // What follows goes into our own books: a run that lost its lease in its last call has no say in them.
        self.fence().await?;
        Ok(performed)
    }

    async fn perform_one(&self, act: &Act, performed: &mut Performed) -> Outcome {
        match act {
            Act::Comment(act) => {
                performed.keep(&act.key, self.effect(&CommentEffect::new(self, act)).await?);
            }
            Act::CreateIssue(act) => {
                performed.keep(&act.key, self.effect(&IssueEffect::new(self, act)).await?);
            }
            Act::AddSubIssue { parent, child } => {
                self.effect(&SubIssue { parent: *parent, child: performed.ends(child)? }).await?;
            }
            Act::BlockedBy { issue, by } => {
                let blocked = performed.ends(issue)?.number;
                self.effect(&BlockedBy { blocked, by: performed.ends(by)? }).await?;
            }
            Act::Close { key, issue } => {
                self.effect(&Closing { key, issue: *issue }).await?;
            }
            Act::React { comment, reaction } => {
                self.effect(&Receipt { comment: *comment, reaction: *reaction }).await?;
            }
            Act::Unreact { comment, reaction } => {
                self.take_back(Receipt { comment: *comment, reaction: *reaction }).await?;
            }
            Act::Withdraw { key, issue } => self.withdraw(key, *issue).await?,
            Act::Minimize { node_id, .. } => self.minimize(node_id).await?,
            Act::EnsureLabel { name, color, description } => {
                let label =
                    Label { name: name.clone(), color: color.clone(), description: description.clone() };
                self.ensure_label(&label).await?;
            }
        }
        Ok(())
    }

    /// Asked before each act: are writes allowed at all, has nobody said stop, is the job still ours? The last is asked once
    /// more directly before each request, by the job's guard.
    pub(in crate::ctx) async fn may_act(&self) -> Outcome {
        if let Pause::On { .. } = self.app.store.switches().pause().await? {
            return Err(Failure::Paused);
        }
        if let Some(run) = self.purpose.run
            && self.store.runs().is_stopped(run).await?
        {
            return Err(Failure::Halted);
        }
        self.fence().await
    }

    async fn record(&self, act: &Act) -> Outcome {
        let text = serde_json::to_string(act).map_err(Failure::internal)?;
        let issue = act.issue().unwrap_or(NO_ISSUE);
        Ok(self.store.observed().append(issue, &text, self.info.delivery.as_deref()).await?)
    }
}
