//! Issues: listing, opening, editing, and what happened to them.

use serde_json::Value;

use super::call::names;
use super::{Access, Answer, Call, Reply, Route, route};
use crate::sandbox::actions::{IssueEdit, NewIssue};
use crate::sandbox::model::{Issue, IssueSlot, Level};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::parse_timestamp;
use crate::sandbox::view;

const READ: Access = Access::Repository("issues", Level::Read);
const WRITE: Access = Access::Repository("issues", Level::Write);

pub(super) static ROUTES: &[Route] = &[
    route("GET", "/repos/{owner}/{repo}/issues", READ, list),
    route("POST", "/repos/{owner}/{repo}/issues", WRITE, create).making_content(),
    route("GET", "/repos/{owner}/{repo}/issues/{issue_number}", READ, one),
    route("PATCH", "/repos/{owner}/{repo}/issues/{issue_number}", WRITE, edit),
    route("GET", "/repos/{owner}/{repo}/issues/{issue_number}/events", READ, events),
    route("GET", "/repos/{owner}/{repo}/issues/{issue_number}/timeline", READ, timeline),
];

fn list(call: &mut Call) -> Answer {
    let state = &*call.state;
    let slots = call.repository()?.numbers.values();
    let live = slots.filter_map(|slot| match slot {
        IssueSlot::Live(id) => state.issues.get(id),
        IssueSlot::Deleted | IssueSlot::Transferred(_) => None,
    });
    let mut found: Vec<&Issue> = live.filter(|issue| fits(call, issue)).collect();
    match call.query("sort") {
        Some("updated") => found.sort_by_key(|issue| (issue.updated_ms, issue.number)),
        Some("comments") => found.sort_by_key(|issue| (state.comments_of(issue.id).count(), issue.number)),
        _ => found.sort_by_key(|issue| (issue.created_ms, issue.number)),
    }
    if call.query("direction") != Some("asc") {
        found.reverse();
    }
    call.list(found, view::issue)
}

fn fits(call: &Call, issue: &Issue) -> bool {
    let state = match call.query("state") {
        Some("all") => true,
        Some("closed") => !issue.open,
        _ => issue.open,
    };
    let labels = call.query("labels").unwrap_or_default().split(',').filter(|name| !name.is_empty());
    let since = call.query("since").and_then(parse_timestamp).unwrap_or(i64::MIN);
    let assigned = match call.query("assignee") {
        None | Some("*") => true,
        Some("none") => issue.assignees.is_empty(),
        Some(login) => issue.assignees.iter().any(|assignee| assignee == login),
    };
    let author = issue.author.as_deref().unwrap_or_default();
    state
        && assigned
        && issue.updated_ms >= since
        && labels.into_iter().all(|name| issue.labels.contains(&name.trim().to_lowercase()))
        && call.query("creator").is_none_or(|creator| creator.eq_ignore_ascii_case(author))
}

fn create(call: &mut Call) -> Answer {
    let title = match call.body.get("title") {
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => call.text("title")?,
    };
    let new = NewIssue {
        title: title.ok_or_else(|| Refusal::schema("\"title\" wasn't supplied."))?,
        body: call.text("body")?,
        labels: call.texts("labels")?.unwrap_or_default(),
        assignees: call.texts("assignees")?.unwrap_or_default(),
        ..NewIssue::default()
    };
    let id = call.state.open_issue(&call.actor()?, call.repo, new)?;
    Ok(Reply::created(view::issue(call.state, call.state.issue(id)?)))
}

fn one(call: &mut Call) -> Answer {
    let id = call.issue_id()?;
    Ok(Reply::ok(view::issue(call.state, call.state.issue(id)?)))
}

fn edit(call: &mut Call) -> Answer {
    let id = call.issue_id()?;
    let open = match call.text("state")?.as_deref() {
        None => None,
        Some("open") => Some(true),
        Some("closed") => Some(false),
        Some(_) => return Err(Refusal::invalid("Issue", "state", "invalid")),
    };
    let state_reason = call.text("state_reason")?;
    let known = ["completed", "not_planned", "duplicate", "reopened"];
    if state_reason.as_deref().is_some_and(|reason| !known.contains(&reason)) {
        return Err(Refusal::invalid("Issue", "state_reason", "invalid"));
    }
    let body = call.text("body")?;
    let edit = IssueEdit {
        title: call.text("title")?,
        body: call.body.get("body").is_some().then_some(body),
        open,
        state_reason,
        labels: call.body.get("labels").map(|list| names("labels", list)).transpose()?,
        assignees: call.texts("assignees")?,
    };
    call.state.edit_issue(&call.actor()?, id, edit)?;
    Ok(Reply::ok(view::issue(call.state, call.state.issue(id)?)))
}

fn events(call: &mut Call) -> Answer {
    let issue = call.state.issue(call.issue_id()?)?;
    let shown: Vec<Value> = issue.events.iter().map(|event| view::event(call.state, issue, event)).collect();
    call.list(shown, |_, event| event)
}

/// Events and comments, oldest first.
fn timeline(call: &mut Call) -> Answer {
    let state = &*call.state;
    let issue = state.issue(call.issue_id()?)?;
    let events = issue.events.iter().map(|event| (event.at_ms, view::event(state, issue, event)));
    let comments = state.comments_of(issue.id);
    let comments = comments.map(|comment| (comment.created_ms, commented(view::comment(state, comment))));
    let mut all: Vec<(i64, Value)> = events.chain(comments).collect();
    all.sort_by_key(|(at, _)| *at);
    call.list(all, |_, (_, shown)| shown)
}

fn commented(mut comment: Value) -> Value {
    comment["event"] = "commented".into();
    comment["actor"] = comment["user"].clone();
    comment
}
