//! The job that works one command off, and its receipt.

use crate::ctx::{JobCtx, Purpose};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::message::RunCommand;
use crate::features::answers::{Failed, Sentence};
use crate::features::call::Call;
use crate::features::receipt;
use crate::features::runs;
use crate::features::voice::Voice;
use crate::queue::Job;
use crate::store::{Command as Row, CommandId, CommandState, JobRow, Store, StoreError};
use crate::triggers::commands::{self, Command};

impl Job<JobCtx> for RunCommand {
    const NAME: &'static str = Self::NAME;
    const MAX_ATTEMPTS: i64 = Self::MAX_ATTEMPTS;

    async fn run(self, job: &JobCtx) -> Outcome {
        job.app.crash.pass("mid_claim").await;
        let ctx = job.repo().await?;
        let id = CommandId(self.command);
        let row = ctx.store.commands().get(id).await?;
        let row = row.ok_or_else(|| Failure::Gone("the command is no longer known".to_owned()))?;
        if !matches!(row.state, CommandState::Accepted | CommandState::Running) {
            return Ok(());
        }
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

/// Before a dead job is queued again: its command counts as not yet run, or the job would find it settled and do nothing.
pub async fn take_on_again(store: &Store, job: &JobRow) -> Result<(), StoreError> {
    let message = serde_json::from_str::<RunCommand>(&job.payload);
    let (Some(repo), Ok(message), RunCommand::NAME) = (job.repo, message, job.name.as_str()) else {
        return Ok(());
    };
    let (scope, id) = (store.repo(repo), CommandId(message.command));
    if scope.commands().get(id).await?.is_some_and(|command| command.state == CommandState::Failed) {
        scope.commands().set_state(id, CommandState::Accepted, None).await?;
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
