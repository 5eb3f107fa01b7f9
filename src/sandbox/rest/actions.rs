//! Workflows and their runs.

use serde_json::Value;

use super::call::wrapped;
use super::{Access, Answer, Call, Reply, Route, route};
use crate::sandbox::model::{Level, WorkflowRun};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::view;

const ACTIONS: Access = Access::Repository("actions", Level::Read);

pub(super) static ROUTES: &[Route] = &[
    route("GET", "/repos/{owner}/{repo}/actions/workflows", ACTIONS, list),
    route("GET", "/repos/{owner}/{repo}/actions/runs", ACTIONS, all_runs),
    route("GET", "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs", ACTIONS, runs_of),
];

fn list(call: &mut Call) -> Answer {
    let repository = call.repository()?;
    let paths = view::workflows(repository);
    let total = paths.len();
    let (page, headers) = call.page(paths);
    let shown: Vec<Value> = page.iter().map(|path| view::workflow(call.state, repository, path)).collect();
    Ok(Reply { headers, ..Reply::ok(wrapped("workflows", total, shown)) })
}

fn all_runs(call: &mut Call) -> Answer {
    runs(call, |_| true)
}

/// The workflow is named by its id or by the name of its file.
fn runs_of(call: &mut Call) -> Answer {
    let (repository, wanted) = (call.repository()?, call.param("workflow_id").to_owned());
    let known = view::workflows(repository);
    let path = known.into_iter().find(|path| {
        path.rsplit('/').next() == Some(wanted.as_str())
            || view::workflow_id(repository, path).to_string() == wanted
    });
    let path = path.ok_or_else(Refusal::not_found)?;
    runs(call, move |run| run.path == path)
}

/// Newest first.
fn runs(call: &mut Call, fits: impl Fn(&WorkflowRun) -> bool) -> Answer {
    let repository = call.repository()?;
    let asked = |name: &str, value: &str| call.query(name).is_none_or(|wanted| wanted == value);
    let found = repository.runs.iter().rev().filter(|run| {
        fits(run)
            && asked("branch", &run.head_branch)
            && asked("head_sha", &run.head_sha)
            && asked("event", &run.event)
            && asked("actor", &run.actor)
            && (asked("status", &run.status) || asked("status", run.conclusion.as_deref().unwrap_or("")))
    });
    let found: Vec<&WorkflowRun> = found.collect();
    let total = found.len();
    let (page, headers) = call.page(found);
    let shown = page.into_iter().map(|run| view::run(call.state, repository, run)).collect();
    Ok(Reply { headers, ..Reply::ok(wrapped("workflow_runs", total, shown)) })
}
