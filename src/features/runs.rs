//! Runs: long pieces of work on an issue that people can stop and go on with, and the jobs of commands.

use crate::ctx::RepoCtx;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::IssueNumber;
use crate::domain::message::{Lane, RunCommand};
use crate::store::{CommandId, CommandState, NewJob, PRIORITY_PEOPLE, RepoStore};
use crate::store::{Ending, Run, RunState, Settled};

/// The job that works a command off, due now. While it waits, an equal one is folded into it.
pub fn job(ctx: &RepoCtx, place: (Lane, IssueNumber), message: &RunCommand) -> NewJob {
    let (lane, issue) = place;
    NewJob {
        name: RunCommand::NAME,
        payload: serde_json::to_string(message).unwrap_or_default(),
        lane: Some(lane.of(ctx.repo, issue)),
        installation: Some(ctx.installation),
        repo: Some(ctx.repo),
        priority: PRIORITY_PEOPLE,
        run_at_ms: ctx.now_ms(),
        dedupe: Some(format!("command/{}", message.command)),
        max_attempts: RunCommand::MAX_ATTEMPTS,
        delivery: ctx.info.delivery.clone(),
    }
}

/// Writes down how a command has ended, and its run where it has one: what answers at once is no run. What somebody stopped in the
/// meantime stays stopped.
pub async fn settle(store: &RepoStore, command: CommandId, (end, note): (End, Option<&str>)) -> Outcome {
    let (run, state) = match end {
        End::Done => (RunState::Done, CommandState::Done),
        End::Refused => (RunState::Done, CommandState::Refused),
        End::Failed => (RunState::Failed, CommandState::Failed),
        End::ShutOut => (RunState::Stopped, CommandState::Stopped),
    };
    match store.runs().settle(&Ending { command, run, state, note }).await? {
        Settled::Written => Ok(()),
        Settled::Stopped => Err(Failure::Halted),
    }
}

/// How a command ends.
#[derive(Debug, Clone, Copy)]
pub enum End {
    /// It did what it should.
    Done,
    /// It cannot be done here, and the person was told why.
    Refused,
    /// It went wrong.
    Failed,
    /// The repository is no longer open to us.
    ShutOut,
}

/// The runs of an issue that `/stop` would halt.
pub async fn under_way(ctx: &RepoCtx, issue: IssueNumber) -> Outcome<Vec<Run>> {
    let mut runs = ctx.store.runs().of_issue(issue).await?;
    runs.retain(|run| matches!(run.state, RunState::Running | RunState::Awaiting));
    Ok(runs)
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
