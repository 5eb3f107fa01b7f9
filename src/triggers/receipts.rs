//! The job of a receipt that has to wait: an answer that stands is not kept unfinished by a courtesy.

use crate::ctx::{JobCtx, Purpose, RepoCtx};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::CommentId;
use crate::domain::message::LateReceipt;
use crate::features::receipt;
use crate::queue::{Job, new_job};
use crate::store::{NewJob, PRIORITY_SCHEDULE};

impl Job<JobCtx> for LateReceipt {
    const NAME: &'static str = Self::NAME;
    const MAX_ATTEMPTS: i64 = Self::MAX_ATTEMPTS;

    async fn run(self, job: &JobCtx) -> Outcome {
        let ctx = job.repo().await?;
        let commands = ctx.store.commands().of_comment(self.comment).await?;
        let Some(last) = commands.last() else {
            return Err(Failure::Gone(format!("nothing is known of comment {} any more", self.comment)));
        };
        let purpose = Purpose { actor: last.actor.clone(), trigger: last.name.clone(), ..Purpose::default() };
        job.judged(receipt::settle(&ctx.acting(purpose), self.comment).await).await
    }
}

/// Settles the receipt of a comment, or has it settled later where it must wait.
pub async fn settle(ctx: &RepoCtx, comment: CommentId) -> Outcome {
    or_later(ctx, comment, receipt::settle(ctx, comment).await).await
}

/// What a receipt met: where it only has to wait, a job of its own waits in place of the caller's.
pub async fn or_later(ctx: &RepoCtx, comment: CommentId, outcome: Outcome) -> Outcome {
    let run_at_ms = match &outcome {
        Err(Failure::Park { until_ms, .. } | Failure::Defer { until_ms, .. }) => *until_ms,
        Err(Failure::Retry { .. } | Failure::Paused) => ctx.now_ms(),
        _ => return outcome,
    };
    // Whoever has lost the job writes nothing down.
    ctx.fence().await?;
    let key = format!("receipt/{}/{comment}", ctx.repo);
    let job = NewJob {
        lane: Some(key.clone()),
        installation: Some(ctx.installation),
        repo: Some(ctx.repo),
        priority: PRIORITY_SCHEDULE,
        dedupe: Some(key),
        delivery: ctx.info.delivery.clone(),
        ..new_job::<JobCtx, _>(&LateReceipt { comment }, run_at_ms)?
    };
    ctx.app.store.jobs().enqueue(&job).await?;
    Ok(())
}
