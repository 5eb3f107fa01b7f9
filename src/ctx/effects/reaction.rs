//! A receipt: a reaction on a comment. GitHub gives back the one that is there, so reacting again is harmless.

use crate::ctx::RepoCtx;
use crate::ctx::effects::{Effect, NO_ISSUE, Row, without_id};
use crate::domain::act::Reaction;
use crate::domain::failure::Outcome;
use crate::domain::ids::{CommentId, EffectKey};
use crate::domain::message::Thing;
use crate::github::error::{ApiError, ApiResult, ErrorKind};
use crate::github::reactions::{self, ReactTo, ReactionId};
use crate::store::Remote;

/// One reaction of ours.
#[derive(Debug, Clone, Copy)]
pub(in crate::ctx) struct Receipt {
    pub comment: CommentId,
    pub reaction: Reaction,
}

impl Effect for Receipt {
    const MADE_TWICE: Option<Thing> = Some(Thing::Reaction);

    fn key(&self) -> EffectKey {
        EffectKey(format!("receipt/{}/{}", self.comment, self.reaction.name()))
    }

    fn row(&self) -> Row {
        Row { kind: "reaction", issue: NO_ISSUE, content_hash: String::new() }
    }

    async fn create(&self, ctx: &RepoCtx) -> ApiResult<Option<Remote>> {
        match ctx.github.add_reaction(ReactTo::Comment(self.comment), named(self.reaction)).await {
            Ok(ReactionId(id)) => Ok(Some(Remote { id, ..without_id() })),
            // A receipt is a courtesy: where it is refused, the command goes on without, and so it does while requests are
            // short and the command is only being taken on.
            Err(error) if error.is_refusal() || (self.reaction == Reaction::Eyes && is_paced(&error)) => {
                tracing::info!(%error, "no receipt");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

impl Receipt {
    /// Takes this reaction back, which was given on the way of the effect with this key.
    pub(in crate::ctx) async fn take_away(ctx: &RepoCtx, key: &EffectKey, id: i64) -> Outcome {
        let mut parts = key.0.strip_prefix("receipt/").unwrap_or_default().split('/');
        let Some(comment) = parts.next().and_then(|comment| comment.parse().ok()) else { return Ok(()) };
        match ctx.github.remove_reaction(ReactTo::Comment(CommentId(comment)), ReactionId(id)).await {
            Err(error) if !error.is_missing() && error.kind != ErrorKind::Forbidden => Err(error.into()),
            _ => Ok(()),
        }
    }
}

impl RepoCtx {
    /// Takes a receipt of ours back. One that is gone, or may no longer be touched, is as good as taken back.
    pub(in crate::ctx) async fn take_back(&self, receipt: Receipt) -> Outcome {
        let (effects, key) = (self.store.effects(), receipt.key());
        let on = ReactTo::Comment(receipt.comment);
        let id = match effects.get(&key).await? {
            None => return Ok(()),
            Some(effect) => match effect.remote {
                Some(remote) => ReactionId(remote.id),
                // A call that was cut off may have left it: reacting again tells which one it is.
                None => match self.github.add_reaction(on, named(receipt.reaction)).await {
                    Ok(id) => id,
                    Err(error) if error.is_refusal() => return Ok(()),
                    Err(error) => return Err(error.into()),
                },
            },
        };
        match self.github.remove_reaction(on, id).await {
            Err(error) if !error.is_missing() && error.kind != ErrorKind::Forbidden => {
                return Err(error.into());
            }
            _ => {}
        }
        effects.forget(&key).await?;
        Ok(())
    }
}

fn is_paced(error: &ApiError) -> bool {
    matches!(error.kind, ErrorKind::Paced { .. })
}

fn named(reaction: Reaction) -> reactions::Reaction {
    match reaction {
        Reaction::Eyes => reactions::Reaction::Eyes,
        Reaction::Rocket => reactions::Reaction::Rocket,
        Reaction::Confused => reactions::Reaction::Confused,
    }
}
