//! `/stop` and `/continue`: halting what runs or waits on an issue, and going on with it.
//!
//! Each changes our own books once, in one transaction that also says what this very command has changed. Whatever happens
//! between that and the answer, running it again finds its decision and says the same sentence.

use crate::domain::act::{Act, Reaction};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::CommentId;
use crate::domain::message::{Lane, RunCommand};
use crate::features::answers::Sentence;
use crate::features::call::Call;
use crate::features::rehearsal::DryRun;
use crate::features::{receipt, runs, words};
use crate::store::{Halt, Resumption, Run, RunId};

/// Halts everything on the issue. What is in the middle of a write ends after that write.
pub async fn stop(call: &Call) -> Outcome {
    let halted = match decided(call).await? {
        Some(halted) => halted,
        None if call.dry_run => {
            let running = runs::under_way(&call.ctx, call.issue).await?;
            if !running.is_empty() {
                return rehearse(call, "halt", &running).await;
            }
            running
        }
        None => halt(call).await?,
    };
    if halted.is_empty() {
        return Err(Failure::User("Nothing is running or waiting on this issue.".to_owned()));
    }
    for comment in comments(call, &halted).await? {
        receipt::settle(&call.ctx, comment).await?;
    }
    let them = if halted.len() == 1 { "it" } else { "them" };
    let text =
        format!("Stopped {}; {} goes on with {them}.", names(call, &halted), call.voice.code("continue"));
    call.answer(&Sentence { text }).await
}

/// Goes on with everything that was halted.
pub async fn resume(call: &Call) -> Outcome {
    let resumed = match decided(call).await? {
        Some(resumed) => resumed,
        None => {
            let halted = runs::halted(&call.ctx, call.issue).await?;
            if call.dry_run && !halted.is_empty() {
                return rehearse(call, "go on with", &halted).await;
            }
            go_on(call, halted).await?
        }
    };
    if resumed.is_empty() {
        return Err(Failure::User("Nothing that was stopped on this issue waits to go on.".to_owned()));
    }
    let text = format!("Going on with {}.", names(call, &resumed));
    call.answer(&Sentence { text }).await
}

/// The runs that this very command has changed before a crash or a failed answer.
async fn decided(call: &Call) -> Outcome<Option<Vec<Run>>> {
    let Some(decision) = call.ctx.store.commands().decision(call.id).await? else { return Ok(None) };
    let ids: Vec<RunId> = serde_json::from_str(&decision).map_err(Failure::internal)?;
    Ok(Some(of_issue(call, &ids).await?))
}

async fn halt(call: &Call) -> Outcome<Vec<Run>> {
    let ctx = &call.ctx;
    let (lane, why) = (Lane::Work.of(ctx.repo, call.issue), format!("stopped by {}", call.actor));
    let halted =
        ctx.store.runs().halt(&Halt { by: call.id, issue: call.issue, lane: &lane, why: &why }).await?;
    ctx.app.crash.pass("after_decision").await;
    of_issue(call, &halted).await
}

async fn go_on(call: &Call, halted: Vec<Run>) -> Outcome<Vec<Run>> {
    let ctx = &call.ctx;
    // Before the work may begin, or the receipt of its end would be there first.
    let eyes = comments(call, &halted).await?.into_iter();
    let eyes = eyes.map(|comment| Act::React { comment, reaction: Reaction::Eyes }).collect::<Vec<_>>();
    ctx.perform(&eyes).await?;
    let mut resumptions = Vec::new();
    for run in &halted {
        let message: RunCommand = serde_json::from_str(&run.payload).map_err(Failure::internal)?;
        let home = runs::Home::of(ctx, Lane::Work, call.issue);
        let job = runs::job(home, &message, (&ctx.info, ctx.now_ms()))?;
        resumptions.push(Resumption { run: run.id, job });
    }
    let resumed = ctx.store.runs().resume(call.id, &resumptions).await?;
    ctx.app.crash.pass("after_decision").await;
    Ok(only(halted, &resumed))
}

async fn rehearse(call: &Call, verb: &str, runs: &[Run]) -> Outcome {
    call.answer(&DryRun::told(call.typed(), vec![format!("{verb} {}", names(call, runs))])).await
}

async fn of_issue(call: &Call, ids: &[RunId]) -> Outcome<Vec<Run>> {
    Ok(only(call.ctx.store.runs().of_issue(call.issue).await?, ids))
}

fn only(mut runs: Vec<Run>, ids: &[RunId]) -> Vec<Run> {
    runs.retain(|run| ids.contains(&run.id));
    runs
}

/// The comments in which these runs were asked for.
async fn comments(call: &Call, runs: &[Run]) -> Outcome<Vec<CommentId>> {
    let mut comments = Vec::new();
    for id in runs.iter().filter_map(|run| run.command) {
        comments.extend(call.ctx.store.commands().get(id).await?.map(|command| command.comment));
    }
    comments.dedup();
    Ok(comments)
}

fn names(call: &Call, runs: &[Run]) -> String {
    words::listed(&runs.iter().map(|run| call.voice.code(&run.kind)).collect::<Vec<_>>())
}
