//! The job that works one command off, and its receipt.

use crate::ctx::{JobCtx, Purpose, RepoCtx};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::message::{Lane, RunCommand};
use crate::features::answers::{Failed, Sentence};
use crate::features::call::Call;
use crate::features::receipt;
use crate::features::runs;
use crate::features::voice::Voice;
use crate::queue::Job;
use crate::store::{Command as Row, CommandId, CommandState};
use crate::triggers::commands::{self, Command};

impl Job<JobCtx> for RunCommand {
    const NAME: &'static str = Self::NAME;
    const MAX_ATTEMPTS: i64 = Self::MAX_ATTEMPTS;

    async fn run(self, job: &JobCtx) -> Outcome {
        let ctx = job.repo().await?;
        let id = CommandId(self.command);
        let row = ctx.store.commands().get(id).await?;
        let row = row.ok_or_else(|| Failure::Gone("the command is no longer known".to_owned()))?;
        if !matches!(row.state, CommandState::Accepted | CommandState::Running) {
            return Ok(());
        }
        await_earlier(&ctx, &row, self.written_at_ms).await?;
        let command = commands::find(&row.name)
            .ok_or_else(|| Failure::internal(format!("this version has no command `{}`", row.name)))?;
        let run = runs::of_command(&ctx, command.lane, &row, &self).await?;
        ctx.store.commands().set_state(id, CommandState::Running, None).await?;
        let purpose = Purpose { actor: row.actor.clone(), trigger: row.name.clone(), run };
        let call = Call {
            voice: Voice::of(&ctx).await?,
            ctx: ctx.acting(purpose),
            command: command.name,
            issue: row.issue,
            actor: row.actor.clone(),
            comment: row.comment,
            written_at_ms: self.written_at_ms,
            args: self.args,
            key: row.key.clone(),
            dry_run: self.dry_run,
        };
        let outcome = (command.run)(&call).await;
        settle(&call, command, &row, outcome).await
    }
}

/// How long after its writing a command may still wait for the one before it.
const PATIENCE_MS: i64 = 3_600_000;

/// Looks again after so long.
const LOOK_AGAIN_MS: i64 = 5_000;

/// The commands of one comment run as they were written, also while an earlier one waits for GitHub: backoff does not hold a lane.
async fn await_earlier(ctx: &RepoCtx, row: &Row, written_at_ms: i64) -> Outcome {
    let in_work = ctx.info.lane == Some(Lane::Work.of(ctx.repo, row.issue));
    if !in_work || ctx.now_ms() > written_at_ms + PATIENCE_MS {
        return Ok(());
    }
    let commands = ctx.store.commands().of_comment(row.comment).await?;
    let waits = commands.iter().any(|earlier| {
        earlier.id < row.id && matches!(earlier.state, CommandState::Accepted | CommandState::Running)
    });
    if waits {
        let until_ms = ctx.now_ms() + LOOK_AGAIN_MS;
        return Err(Failure::Defer { until_ms, why: "an earlier command of the comment waits".to_owned() });
    }
    Ok(())
}

async fn settle(call: &Call, command: &Command, row: &Row, outcome: Outcome) -> Outcome {
    let (state, note) = match &outcome {
        Ok(()) => (CommandState::Done, None),
        Err(Failure::User(sentence)) => {
            call.answer(&Sentence { text: sentence.clone() }).await?;
            (CommandState::Refused, Some(sentence.clone()))
        }
        Err(Failure::Gone(why)) => (CommandState::Stopped, Some(why.clone())),
        Err(Failure::Internal(cause)) => {
            // Told once, and told by the log in full; a failing answer must not hide the first failure.
            tracing::error!(%cause, command = command.name, "a command failed");
            if let Err(second) = call.answer(&Failed::new(call.typed(), cause.as_ref())).await {
                tracing::warn!(%second, "the failure could not be told");
            }
            (CommandState::Failed, Some(cause.to_string()))
        }
        // The queue tries again; the command is still under way.
        Err(Failure::Retry { .. } | Failure::Park { .. } | Failure::Defer { .. }) => return outcome,
    };
    call.ctx.store.commands().set_state(row.id, state, note.as_deref()).await?;
    runs::settle(&call.ctx, state).await?;
    receipt::settle(&call.ctx, row.comment).await?;
    outcome
}
