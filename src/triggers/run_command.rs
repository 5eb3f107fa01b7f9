//! The job that works one command off, and its receipt.

use serde::{Deserialize, Serialize};

use crate::ctx::{JobCtx, Purpose, RepoCtx};
use crate::domain::act::{Act, Reaction};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::CommentId;
use crate::features::answers::{Failed, Sentence};
use crate::features::call::Call;
use crate::features::voice::Voice;
use crate::queue::Job;
use crate::store::commands::{CommandRow, CommandState};
use crate::triggers::commands;

/// One command, by its row.
#[derive(Debug, Serialize, Deserialize)]
pub struct RunCommand {
    /// The row's id.
    pub command: String,
}

impl Job<JobCtx> for RunCommand {
    const NAME: &'static str = "run_command.v1";

    async fn run(self, job: &JobCtx) -> Outcome {
        let ctx = job.repo().await?;
        let rows = ctx.store.commands();
        let row = rows.get(&self.command).await?.ok_or_else(|| Failure::Gone("the command is no longer known".to_owned()))?;
        if row.state.is_settled() {
            return Ok(());
        }
        rows.set_state(&row.id, CommandState::Running).await?;
        let command = commands::find(&row.name)
            .ok_or_else(|| Failure::internal(format!("this version has no command `{}`", row.name)))?;
        let call = call(&ctx, &row, command.name).await?;
        let outcome = (command.run)(&call).await;
        let state = match &outcome {
            Ok(()) => CommandState::Done,
            Err(Failure::User(sentence)) => {
                call.answer(&Sentence { text: sentence.clone() }).await?;
                CommandState::Refused
            }
            Err(Failure::Gone(_)) => CommandState::Stopped,
            Err(Failure::Internal(cause)) => {
                // Told once, and told by the log in full; a failing answer must not hide the first failure.
                tracing::error!(%cause, command = row.name, "a command failed");
                if let Err(second) = call.answer(&Failed::new(call.typed(), cause.as_ref())).await {
                    tracing::warn!(%second, "the failure could not be told");
                }
                CommandState::Failed
            }
            // The queue tries again; the command is still under way.
            Err(Failure::Retry { .. } | Failure::Park { .. } | Failure::Defer { .. }) => return outcome,
        };
        rows.set_state(&row.id, state).await?;
        receipt(&ctx, row.comment).await?;
        outcome
    }
}

async fn call(ctx: &RepoCtx, row: &CommandRow, command: &'static str) -> Outcome<Call> {
    let purpose = Purpose { actor: row.actor.clone(), trigger: row.name.clone(), run: Some(row.id.clone()) };
    Ok(Call {
        voice: Voice::of(ctx).await?,
        ctx: ctx.acting(purpose),
        command,
        issue: row.issue,
        actor: row.actor.clone(),
        comment: row.comment,
        written_at_ms: row.written_at_ms,
        args: row.args.clone(),
        key: row.key.clone(),
        dry_run: row.dry_run,
    })
}

/// When the last command of a comment is settled, 👀 becomes 🚀, or goes away where something was refused or halted.
async fn receipt(ctx: &RepoCtx, comment: CommentId) -> Outcome {
    let states = ctx.store.commands().states(comment).await?;
    if !states.iter().all(CommandState::is_settled) {
        return Ok(());
    }
    let mut acts = vec![Act::Unreact { comment, reaction: Reaction::Eyes }];
    if states.iter().all(|state| *state == CommandState::Done) {
        acts.push(Act::React { comment, reaction: Reaction::Rocket });
    } else if states.iter().any(|state| matches!(state, CommandState::Refused | CommandState::Failed)) {
        acts.push(Act::React { comment, reaction: Reaction::Confused });
    }
    ctx.perform(&acts).await.map(|_| ())
}
