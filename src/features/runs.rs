//! Runs: long pieces of work on an issue that people can stop and go on with, and the jobs of commands.

use crate::ctx::RepoCtx;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::{InstallationId, IssueNumber, RepoId};
use crate::domain::message::{Lane, RunCommand};
use crate::queue::JobInfo;
use crate::store::{CommandId, CommandState, NewJob, PRIORITY_PEOPLE, RepoStore};
use crate::store::{Ending, Run, RunState, Settled};

/// Where a command belongs.
#[derive(Debug, Clone, Copy)]
pub struct Home {
    /// Parks and paces its work.
    pub installation: InstallationId,
    /// Its repository.
    pub repo: RepoId,
    /// Its issue.
    pub issue: IssueNumber,
    /// Where on the issue it waits.
    pub lane: Lane,
}

impl Home {
    /// A home in this repository.
    pub fn of(ctx: &RepoCtx, lane: Lane, issue: IssueNumber) -> Self {
        Self { installation: ctx.installation, repo: ctx.repo, issue, lane }
    }
}

/// The job that works a command off, due at `now_ms`; `by` is the job that asks for it. While it waits, an equal one is folded into it.
pub fn job(home: Home, message: &RunCommand, (by, now_ms): (&JobInfo, i64)) -> Outcome<NewJob> {
    let payload = serde_json::to_string(message).map_err(Failure::internal)?;
    Ok(NewJob {
        name: RunCommand::NAME,
        payload,
        lane: Some(home.lane.of(home.repo, home.issue)),
        installation: Some(home.installation),
        repo: Some(home.repo),
        priority: PRIORITY_PEOPLE,
        run_at_ms: now_ms,
        dedupe: Some(key(CommandId(message.command))),
        max_attempts: RunCommand::MAX_ATTEMPTS,
        delivery: by.delivery.clone(),
    })
}

/// The dedupe key of a command's jobs.
pub fn key(command: CommandId) -> String {
    format!("command/{}", command.0)
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
    runs.retain(|run| run.state == RunState::Running);
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
