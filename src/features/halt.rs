//! `/stop` and `/continue`: halting what runs or waits on an issue, and going on with it.

use crate::domain::act::{Act, Reaction};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::message::{Lane, RunCommand};
use crate::features::answers::Sentence;
use crate::features::call::Call;
use crate::features::rehearsal::DryRun;
use crate::features::{receipt, runs, words};
use crate::store::CommandState;
use crate::store::{NewJob, PRIORITY_PEOPLE};
use crate::store::{Run, RunState};

/// Halts everything on the issue. What is in the middle of a write ends after that write.
pub async fn stop(call: &Call) -> Outcome {
    let halted = runs::in_state(&call.ctx, call.issue, &[RunState::Running, RunState::Awaiting]).await?;
    if halted.is_empty() {
        return Err(Failure::User("Nothing is running or waiting on this issue.".to_owned()));
    }
    if call.dry_run {
        return call
            .answer(&DryRun::told(call.typed(), vec![format!("halt {}", names(call, &halted))]))
            .await;
    }
    let ctx = &call.ctx;
    let why = format!("stopped by {}", call.actor);
    for run in &halted {
        ctx.store.runs().set_state(run.id, RunState::Stopped, Some(&why)).await?;
    }
    ctx.app.store.jobs().cancel_lane(&Lane::Work.of(ctx.repo, call.issue), &why).await?;
    for run in &halted {
        if let Some(id) = run.command
            && let Some(row) = ctx.store.commands().get(id).await?
        {
            ctx.store.commands().set_state(id, CommandState::Stopped, Some(&why)).await?;
            receipt::settle(ctx, row.comment).await?;
        }
    }
    let them = if halted.len() == 1 { "it" } else { "them" };
    let text =
        format!("Stopped {}; {} goes on with {them}.", names(call, &halted), call.voice.code("continue"));
    call.answer(&Sentence { text }).await
}

/// Goes on with everything that was halted.
pub async fn resume(call: &Call) -> Outcome {
    let halted = runs::halted(&call.ctx, call.issue).await?;
    if halted.is_empty() {
        return Err(Failure::User("Nothing that was stopped on this issue waits to go on.".to_owned()));
    }
    if call.dry_run {
        let told = vec![format!("go on with {}", names(call, &halted))];
        return call.answer(&DryRun::told(call.typed(), told)).await;
    }
    let ctx = &call.ctx;
    let text = format!("Going on with {}.", names(call, &halted));
    call.answer(&Sentence { text }).await?;
    for run in &halted {
        let Some(id) = run.command else { continue };
        let Some(row) = ctx.store.commands().get(id).await? else { continue };
        ctx.store.runs().set_state(run.id, RunState::Running, None).await?;
        ctx.store.commands().set_state(id, CommandState::Accepted, None).await?;
        ctx.perform(&[Act::React { comment: row.comment, reaction: Reaction::Eyes }]).await?;
        let job = NewJob {
            name: RunCommand::NAME,
            payload: run.payload.clone(),
            lane: Some(Lane::Work.of(ctx.repo, call.issue)),
            installation: Some(ctx.installation),
            repo: Some(ctx.repo),
            priority: PRIORITY_PEOPLE,
            run_at_ms: ctx.now_ms(),
            dedupe: Some(format!("command/{}", id.0)),
            max_attempts: RunCommand::MAX_ATTEMPTS,
            delivery: ctx.info.delivery.clone(),
        };
        ctx.app.store.jobs().enqueue(&job).await?;
    }
    Ok(())
}

fn names(call: &Call, runs: &[Run]) -> String {
    words::listed(&runs.iter().map(|run| call.voice.code(&run.kind)).collect::<Vec<_>>())
}
