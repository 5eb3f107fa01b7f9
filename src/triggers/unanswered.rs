//! Commands that were taken on and that nothing works for any more, as when the repository was away for a while: queued again, or
//! given up where their job is dead.

use std::collections::BTreeSet;

use crate::ctx::JobCtx;
use crate::domain::command::{self, Dialect};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::message::{Lane, RunCommand};
use crate::domain::unheard::WINDOW_MS;
use crate::features::runs::{self, Home};
use crate::github::repo::RepoClient;
use crate::store::{Command, CommandState, RepoStore, Repository};
use crate::triggers::commands;

/// A command that was heard of within this time is not given up.
const QUIET_MS: i64 = 3_600_000;

/// Sees to all of them. A job that is still there takes the new one in, or settles the command before it.
pub async fn see_to(job: &JobCtx, known: &Repository, github: &RepoClient) -> Outcome {
    let (store, now_ms) = (job.app.store.repo(known.id), job.app.clock.now_ms());
    let mut died = Vec::new();
    for row in store.commands().unanswered(now_ms - WINDOW_MS, now_ms - QUIET_MS).await? {
        let Some((lane, payload)) = message(job, (&store, &row), github).await? else {
            let why = "its comment is gone";
            store.commands().set_state(row.id, CommandState::Stopped, Some(why)).await?;
            continue;
        };
        let message = serde_json::from_str::<RunCommand>(&payload).map_err(Failure::internal)?;
        if let Some(why) = died_of(job, &row).await? {
            died.push((message, row, why));
            continue;
        }
        tracing::info!(repository = %known.name, command = row.name, issue = %row.issue, "nothing works for this command any more; queued again");
        let home = Home { installation: known.installation, repo: known.id, issue: row.issue, lane };
        let again = runs::job(home, &message, (&job.info, now_ms))?;
        job.app.store.jobs().enqueue(&again).await?;
    }
    if died.is_empty() {
        return Ok(());
    }
    // Last, for it writes to GitHub, which may have to wait.
    let ctx = job.repo().await?;
    for (message, row, why) in died {
        // A version that does not know the command, as while another one takes its place, leaves it to one that does.
        if let Some(command) = commands::find(&row.name) {
            message.give_up(&ctx, &row, (command, &why)).await?;
        }
    }
    Ok(())
}

/// Why its job is dead. One that was dead before the command was last heard of has had a follower, by `/continue`.
async fn died_of(job: &JobCtx, row: &Command) -> Outcome<Option<String>> {
    let dead = job.app.store.jobs().dead_of_key(&runs::key(row.id)).await?;
    let dead = dead.filter(|dead| dead.finished_at_ms.is_some_and(|at_ms| at_ms >= row.updated_at_ms));
    Ok(dead.map(|dead| dead.last_error.unwrap_or_default()))
}

/// Where it was queued and with what: what takes its time has that in its run, the rest is read from the comment again.
async fn message(
    job: &JobCtx,
    (store, row): (&RepoStore, &Command),
    github: &RepoClient,
) -> Outcome<Option<(Lane, String)>> {
    let runs = store.runs().of_issue(row.issue).await?;
    if let Some(run) = runs.into_iter().find(|run| run.command == Some(row.id)) {
        return Ok(Some((Lane::Work, run.payload)));
    }
    let comment = match github.comment(row.comment).await {
        Ok(comment) => comment,
        Err(error) if error.is_missing() => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let slug = job.app.github.app_identity().await?.slug;
    let found = command::find(&comment.body, &Dialect { slug, taken: BTreeSet::new() });
    let Some(found) = found.into_iter().find(|found| found.key == row.key) else { return Ok(None) };
    let message = RunCommand {
        command: row.id.0,
        args: found.args,
        dry_run: found.dry_run,
        written_at_ms: comment.created_at_ms.unwrap_or_default(),
    };
    Ok(Some((Lane::Inbox, serde_json::to_string(&message).map_err(Failure::internal)?)))
}
