//! Runs: long pieces of work on an issue that people can stop and go on with.

use crate::ctx::RepoCtx;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::IssueNumber;
use crate::domain::message::{Lane, RunCommand};
use crate::store::{Command, CommandState, RepoStore};
use crate::store::{NewRun, Run, RunId, RunState};

/// The run of a command, started unless it has one. What answers at once is no run.
pub async fn of_command(
    ctx: &RepoCtx,
    lane: Lane,
    row: &Command,
    message: &RunCommand,
) -> Outcome<Option<RunId>> {
    if lane == Lane::Inbox {
        return Ok(None);
    }
    let runs = ctx.store.runs().of_issue(row.issue).await?;
    if let Some(run) = runs.iter().find(|run| run.command == Some(row.id)) {
        return Ok(Some(run.id));
    }
    let payload = serde_json::to_string(message).map_err(Failure::internal)?;
    let run = NewRun { issue: row.issue, kind: row.name.clone(), command: Some(row.id), payload };
    Ok(Some(ctx.store.runs().start(&run).await?))
}

/// Writes down how the run that this context works for has ended.
pub async fn settle(ctx: &RepoCtx, state: CommandState) -> Outcome {
    if let (Some(run), Some(state)) = (ctx.purpose.run, ended(state)) {
        ctx.store.runs().set_state(run, state, None).await?;
    }
    Ok(())
}

/// The same for the run of a command that nothing works for any more.
pub async fn settle_command(store: &RepoStore, row: &Command, state: CommandState) -> Outcome {
    let runs = store.runs().of_issue(row.issue).await?;
    if let (Some(run), Some(state)) = (runs.iter().find(|run| run.command == Some(row.id)), ended(state)) {
        store.runs().set_state(run.id, state, None).await?;
    }
    Ok(())
}

fn ended(state: CommandState) -> Option<RunState> {
    match state {
        CommandState::Done | CommandState::Refused => Some(RunState::Done),
        CommandState::Failed => Some(RunState::Failed),
        CommandState::Stopped => Some(RunState::Stopped),
        CommandState::Accepted | CommandState::Running => None,
    }
}

/// The runs of an issue that `/continue` would take up: stopped, and not asked for anew since.
pub async fn halted(ctx: &RepoCtx, issue: IssueNumber) -> Outcome<Vec<Run>> {
    let runs = ctx.store.runs().of_issue(issue).await?;
    let asked_anew = |run: &Run| {
        runs.iter()
            .any(|later| later.id > run.id && later.kind == run.kind && later.state != RunState::Stopped)
    };
    Ok(runs.iter().filter(|run| run.state == RunState::Stopped && !asked_anew(run)).cloned().collect())
}

/// The runs of an issue in one of these states, in order.
pub async fn in_state(ctx: &RepoCtx, issue: IssueNumber, states: &[RunState]) -> Outcome<Vec<Run>> {
    let mut runs = ctx.store.runs().of_issue(issue).await?;
    runs.retain(|run| states.contains(&run.state));
    Ok(runs)
}
