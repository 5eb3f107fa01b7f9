//! The job that works one command off, and its receipt.

use crate::ctx::{JobCtx, Purpose, RepoCtx};
use crate::domain::failure::{BoxError, Failure, Outcome};
use crate::domain::message::{Lane, RunCommand};
use crate::features::answers::{Failed, Sentence};
use crate::features::call::Call;
use crate::features::runs::{self, End};
use crate::features::voice::Voice;
use crate::github::error::{ApiError, ErrorKind};
use crate::queue::{Job, JobInfo};
use crate::store::{Command as Row, CommandId, CommandState, JobRow, Store, StoreError};
use crate::triggers::commands::{self, Command};
use crate::triggers::receipts;

impl Job<JobCtx> for RunCommand {
    const NAME: &'static str = Self::NAME;
    const MAX_ATTEMPTS: i64 = Self::MAX_ATTEMPTS;

    async fn run(self, job: &JobCtx) -> Outcome {
        job.app.crash.pass("mid_claim").await;
        match job.repo().await {
            Ok(ctx) => self.run_in(&ctx).await,
            Err(failure) => {
                self.unheard(job, &failure).await?;
                Err(failure)
            }
        }
    }
}

impl RunCommand {
    async fn run_in(self, ctx: &RepoCtx) -> Outcome {
        let id = CommandId(self.command);
        let row = known(ctx, id).await?;
        if !matches!(row.state, CommandState::Accepted | CommandState::Running) {
            return finish(ctx, &row).await;
        }
        await_earlier(ctx, &row, self.written_at_ms).await?;
        let command = commands::find(&row.name)
            .ok_or_else(|| Failure::internal(format!("this version has no command `{}`", row.name)))?;
        if !ctx.store.commands().set_state(id, CommandState::Running, None).await? {
            // It has ended since it was read: somebody stopped it.
            return finish(ctx, &known(ctx, id).await?).await;
        }
        let call = self.call(ctx, &row, command).await?;
        let outcome = if is_last(&ctx.info) {
            let tries = ctx.info.max_attempts - 1;
            Err(Failure::internal(format!("{tries} tries ended without an answer")))
        } else {
            (command.run)(&call).await
        };
        settle(&call, command, &row, outcome).await
    }

    async fn call(self, ctx: &RepoCtx, row: &Row, command: &Command) -> Outcome<Call> {
        let purpose = Purpose {
            actor: row.actor.clone(),
            trigger: row.name.clone(),
            run: ctx.store.runs().of_command(row.id).await?.map(|run| run.id),
            asked_at_ms: Some(self.written_at_ms),
        };
        Ok(Call {
            voice: Voice::of(ctx).await?,
            ctx: ctx.acting(purpose),
            id: row.id,
            command: command.name,
            issue: row.issue,
            actor: row.actor.clone(),
            comment: row.comment,
            written_at_ms: self.written_at_ms,
            args: self.args,
            key: row.key.clone(),
            dry_run: self.dry_run,
        })
    }

    /// Settles a command whose job is dead and did not come to settling it, because what it did kept its thread: it has failed, and
    /// the person is told, unless an answer stands that says more than we know here.
    pub(in crate::triggers) async fn give_up(
        self,
        ctx: &RepoCtx,
        row: &Row,
        (command, why): (&Command, &str),
    ) -> Outcome {
        let call = self.call(ctx, row, command).await?;
        if !call.has_answered().await? {
            tracing::error!(why, command = command.name, "a command failed, and its job could not tell");
            match call.answer(&Failed::died(call.typed())).await {
                // The next look tells.
                Err(failure) if passes(&failure) => return Err(failure),
                Err(failure) => tracing::warn!(%failure, "the failure could not be told"),
                Ok(()) => {}
            }
        }
        call.ctx.fence().await?;
        match runs::settle(&call.ctx.store, row.id, (End::Failed, Some(why))).await {
            // Somebody stopped it meanwhile, and has written everything down.
            Err(Failure::Halted) => Ok(()),
            settled => {
                settled?;
                receipts::settle(&call.ctx, row.comment).await
            }
        }
    }

    /// Where the repository cannot even be entered, only our own books can say how the command ended.
    async fn unheard(&self, job: &JobCtx, failure: &Failure) -> Outcome {
        let end = match failure {
            Failure::Gone(_) => End::ShutOut,
            Failure::Park { .. } | Failure::Defer { .. } | Failure::Paused | Failure::Halted => return Ok(()),
            Failure::Retry { .. } if !is_last(&job.info) => return Ok(()),
            Failure::Retry { .. } | Failure::User(_) | Failure::Internal(_) => End::Failed,
        };
        let Some(repo) = job.info.repo else { return Ok(()) };
        let (store, id) = (job.app.store.repo(repo), CommandId(self.command));
        match runs::settle(&store, id, (end, Some(&failure.to_string()))).await {
            Err(Failure::Halted) => Ok(()),
            other => other,
        }
    }
}

async fn known(ctx: &RepoCtx, id: CommandId) -> Outcome<Row> {
    let row = ctx.store.commands().get(id).await?;
    row.ok_or_else(|| Failure::Gone("the command is no longer known".to_owned()))
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

/// The last attempt is kept for telling: whatever ended the ones before it, even the process, somebody hears of it.
fn is_last(info: &JobInfo) -> bool {
    info.attempt >= info.max_attempts
}

/// Whether the queue runs the command again after this failure.
fn comes_back(info: &JobInfo, failure: &Failure) -> bool {
    match failure {
        Failure::Park { .. } | Failure::Defer { .. } | Failure::Paused => true,
        Failure::Retry { .. } => info.attempt + 1 < info.max_attempts,
        Failure::User(_) | Failure::Gone(_) | Failure::Halted | Failure::Internal(_) => false,
    }
}

/// Whether it may go well another time.
fn passes(failure: &Failure) -> bool {
    match failure {
        Failure::Park { .. }
        | Failure::Defer { .. }
        | Failure::Paused
        | Failure::Retry { .. }
        | Failure::Halted => true,
        Failure::User(_) | Failure::Gone(_) | Failure::Internal(_) => false,
    }
}

/// Queues a dead job again. Its command counts as not yet run, or the job would find it settled and do nothing. `false`: the job
/// is dead no more.
pub async fn retry(store: &Store, job: &JobRow) -> Result<bool, StoreError> {
    match (job.repo, command_of(job)) {
        (Some(repo), Some(command)) => store.repo(repo).commands().retry(command, job.id).await,
        _ => store.jobs().requeue(job.id).await,
    }
}

/// The command that a job works off, if it is one of these jobs.
pub fn command_of(job: &JobRow) -> Option<CommandId> {
    let message = serde_json::from_str::<RunCommand>(&job.payload).ok();
    message.filter(|_| job.name == RunCommand::NAME).map(|message| CommandId(message.command))
}

async fn settle(call: &Call, command: &Command, row: &Row, outcome: Outcome) -> Outcome {
    let outcome = match outcome {
        Err(Failure::User(sentence)) => {
            let told = call.answer(&Sentence { text: sentence.clone() }).await;
            told.and(Err(Failure::User(sentence)))
        }
        Err(Failure::Internal(cause)) if shut_out(&call.ctx, &cause).await? => {
            Err(Failure::Gone(format!("{} is no longer open to us: {cause}", call.ctx.name)))
        }
        other => other,
    };
    let (end, outcome) = match outcome {
        Err(failure) if comes_back(&call.ctx.info, &failure) => return Err(failure),
        Ok(()) => (End::Done, Ok(())),
        Err(Failure::User(sentence)) => (End::Refused, Err(Failure::User(sentence))),
        Err(Failure::Gone(why)) => (End::ShutOut, Err(Failure::Gone(why))),
        // Whoever stopped it has written everything down; by now, somebody else may have let it go on.
        Err(Failure::Halted) => return Err(Failure::Halted),
        Err(Failure::Internal(cause) | Failure::Retry { cause, .. }) => {
            tell(call, command, &cause).await?;
            (End::Failed, Err(Failure::Internal(cause)))
        }
        Err(failure @ (Failure::Park { .. } | Failure::Defer { .. } | Failure::Paused)) => {
            return Err(failure);
        }
    };
    // Whoever has lost the job writes nothing down: another worker has it, and its run must not look stopped.
    call.ctx.fence().await?;
    let note = outcome.as_ref().err().map(ToString::to_string);
    runs::settle(&call.ctx.store, row.id, (end, note.as_deref())).await?;
    receipts::settle(&call.ctx, row.comment).await?;
    outcome
}

/// Whether the installation lost the repository meanwhile: by our own books, which are erased then, or because GitHub has
/// refused us. A public repository can still be read.
async fn shut_out(ctx: &RepoCtx, cause: &BoxError) -> Outcome<bool> {
    if ctx.app.is_shut_out(ctx.repo).await? {
        return Ok(true);
    }
    match cause.downcast_ref::<ApiError>() {
        Some(error) if error.is_missing() || error.kind == ErrorKind::Forbidden => {
            Ok(!ctx.app.github.is_open(ctx.installation, &ctx.name).await?)
        }
        _ => Ok(false),
    }
}

/// Told once, and told by the log in full. Where it can never be told, that must not hide the failure itself.
async fn tell(call: &Call, command: &Command, cause: &BoxError) -> Outcome {
    tracing::error!(%cause, command = command.name, "a command failed");
    match call.answer(&Failed::new(call.typed(), cause.as_ref())).await {
        Err(failure) if comes_back(&call.ctx.info, &failure) => Err(failure),
        Err(failure) => {
            tracing::warn!(%failure, "the failure could not be told");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// The command was settled, and the process ended before its receipt or its job was.
async fn finish(ctx: &RepoCtx, row: &Row) -> Outcome {
    receipts::settle(ctx, row.comment).await?;
    match row.state {
        CommandState::Failed => Err(Failure::internal(row.note.clone().unwrap_or_default())),
        _ => Ok(()),
    }
}
