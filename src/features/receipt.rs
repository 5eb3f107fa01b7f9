//! Receipts: 👀 when a command is taken on, 🚀 when all of a comment's commands are done.

use crate::ctx::RepoCtx;
use crate::domain::act::{Act, Reaction};
use crate::domain::failure::Outcome;
use crate::domain::ids::CommentId;
use crate::store::CommandState;

/// When the last command of a comment is settled, 👀 becomes 🚀, or 😕 where something was refused or failed. One reaction is left.
pub async fn settle(ctx: &RepoCtx, comment: CommentId) -> Outcome {
    let commands = ctx.store.commands().of_comment(comment).await?;
    // Nothing is known of it any more: the installation was deleted.
    if commands.is_empty() {
        return Ok(());
    }
    if commands.iter().any(|command| matches!(command.state, CommandState::Accepted | CommandState::Running))
    {
        return Ok(());
    }
    let any = |state| commands.iter().any(|command| command.state == state);
    let mut acts = vec![Act::Unreact { comment, reaction: Reaction::Eyes }];
    if [CommandState::Refused, CommandState::Declined, CommandState::Failed].into_iter().any(any) {
        acts.push(Act::Unreact { comment, reaction: Reaction::Rocket });
        acts.push(Act::React { comment, reaction: Reaction::Confused });
    } else if !any(CommandState::Stopped) {
        // What had failed may have been queued again, and gone well.
        acts.push(Act::Unreact { comment, reaction: Reaction::Confused });
        acts.push(Act::React { comment, reaction: Reaction::Rocket });
    }
    ctx.unstoppable().perform(&acts).await.map(|_| ())
}
