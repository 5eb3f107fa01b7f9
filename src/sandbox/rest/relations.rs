//! Sub-issues and dependencies.

use super::{Access, Answer, Call, Reply, Route, route};
use crate::sandbox::actions::ReplaceParent;
use crate::sandbox::model::{Issue, Level};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::view;

const READ: Access = Access::Repository("issues", Level::Read);
const WRITE: Access = Access::Repository("issues", Level::Write);

pub(super) static ROUTES: &[Route] = &[
    route("GET", "/repos/{owner}/{repo}/issues/{issue_number}/sub_issues", READ, sub_issues),
    route("POST", "/repos/{owner}/{repo}/issues/{issue_number}/sub_issues", WRITE, add_sub_issue)
        .making_content(),
    route("DELETE", "/repos/{owner}/{repo}/issues/{issue_number}/sub_issue", WRITE, remove_sub_issue),
    route("GET", "/repos/{owner}/{repo}/issues/{issue_number}/parent", READ, parent),
    route("GET", "/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by", READ, blocked_by),
    route(
        "POST",
        "/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by",
        WRITE,
        add_blocked_by,
    )
    .making_content(),
    route(
        "DELETE",
        "/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by/{issue_id}",
        WRITE,
        remove_blocked_by,
    ),
    route("GET", "/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocking", READ, blocking),
];

fn sub_issues_exist(call: &Call) -> Result<(), Refusal> {
    call.state.abilities.sub_issues_missing.map_or(Ok(()), missing)
}

fn dependencies_exist(call: &Call) -> Result<(), Refusal> {
    call.state.abilities.dependencies_missing.map_or(Ok(()), missing)
}

fn missing(status: u16) -> Result<(), Refusal> {
    Err(Refusal::new(status, if status == 410 { "Gone" } else { "Not Found" }))
}

fn sub_issues(call: &mut Call) -> Answer {
    sub_issues_exist(call)?;
    let ids = call.state.issue(call.issue_id()?)?.sub_issues.clone();
    listed(call, &ids)
}

fn listed(call: &Call, ids: &[i64]) -> Answer {
    let found: Vec<&Issue> = ids.iter().filter_map(|id| call.state.issues.get(id)).collect();
    call.list(found, view::issue)
}

/// Relations to issues that the token does not reach are refused like relations to nothing.
fn reachable(call: &Call, field: &str) -> Result<i64, Refusal> {
    let id = call.number(field)?;
    let repo = call.state.issues.get(&id).map(|issue| issue.repo);
    match repo.is_some_and(|repo| call.token().is_ok_and(|token| call.state.reaches(token, repo))) {
        true => Ok(id),
        false => Err(Refusal::invalid("Issue", field, "invalid")),
    }
}

fn add_sub_issue(call: &mut Call) -> Answer {
    sub_issues_exist(call)?;
    let (parent, child) = (call.issue_id()?, reachable(call, "sub_issue_id")?);
    let replace = match call.body.get("replace_parent").and_then(serde_json::Value::as_bool) {
        Some(true) => ReplaceParent::Yes,
        _ => ReplaceParent::No,
    };
    let actor = call.actor()?;
    call.state.add_sub_issue(&actor, parent, child, replace)?;
    Ok(Reply::created(view::issue(call.state, call.state.issue(parent)?)))
}

fn remove_sub_issue(call: &mut Call) -> Answer {
    sub_issues_exist(call)?;
    let (parent, child) = (call.issue_id()?, call.number("sub_issue_id")?);
    call.state.remove_sub_issue(&call.actor()?, parent, child)?;
    Ok(Reply::ok(view::issue(call.state, call.state.issue(parent)?)))
}

fn parent(call: &mut Call) -> Answer {
    sub_issues_exist(call)?;
    let parent = call.state.issue(call.issue_id()?)?.parent.ok_or_else(Refusal::not_found)?;
    Ok(Reply::ok(view::issue(call.state, call.state.issue(parent)?)))
}

fn blocked_by(call: &mut Call) -> Answer {
    dependencies_exist(call)?;
    let ids = call.state.issue(call.issue_id()?)?.blocked_by.clone();
    listed(call, &ids)
}

fn blocking(call: &mut Call) -> Answer {
    dependencies_exist(call)?;
    let ids = call.state.blocking(call.issue_id()?);
    listed(call, &ids)
}

fn add_blocked_by(call: &mut Call) -> Answer {
    dependencies_exist(call)?;
    let (blocked, blocker) = (call.issue_id()?, reachable(call, "issue_id")?);
    call.state.add_blocked_by(&call.actor()?, blocked, blocker)?;
    Ok(Reply::created(view::issue(call.state, call.state.issue(blocker)?)))
}

fn remove_blocked_by(call: &mut Call) -> Answer {
    dependencies_exist(call)?;
    let (blocked, blocker) = (call.issue_id()?, call.id("issue_id")?);
    call.state.remove_blocked_by(&call.actor()?, blocked, blocker)?;
    Ok(Reply::ok(view::issue(call.state, call.state.issue(blocker)?)))
}
