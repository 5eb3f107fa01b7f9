//! Comments of issues.

use super::{Access, Answer, Call, Reply, Route, route};
use crate::sandbox::model::{Comment, Level};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::parse_timestamp;
use crate::sandbox::view;

const READ: Access = Access::Repository("issues", Level::Read);
const WRITE: Access = Access::Repository("issues", Level::Write);

pub(super) static ROUTES: &[Route] = &[
    route("GET", "/repos/{owner}/{repo}/issues/comments", READ, list_all),
    route("GET", "/repos/{owner}/{repo}/issues/comments/{comment_id}", READ, one),
    route("PATCH", "/repos/{owner}/{repo}/issues/comments/{comment_id}", WRITE, edit),
    route("DELETE", "/repos/{owner}/{repo}/issues/comments/{comment_id}", WRITE, delete),
    route("GET", "/repos/{owner}/{repo}/issues/{issue_number}/comments", READ, list),
    route("POST", "/repos/{owner}/{repo}/issues/{issue_number}/comments", WRITE, create).making_content(),
];

fn list(call: &mut Call) -> Answer {
    let issue = call.issue_id()?;
    let found: Vec<&Comment> =
        call.state.comments_of(issue).filter(|comment| listed(call, comment)).collect();
    call.list(found, view::comment)
}

fn list_all(call: &mut Call) -> Answer {
    let state = &*call.state;
    let here = |comment: &&Comment| state.issues.get(&comment.issue).is_some_and(|it| it.repo == call.repo);
    let all = state.comments.values().filter(here).filter(|comment| listed(call, comment));
    let mut found: Vec<&Comment> = all.collect();
    match call.query("sort") {
        Some("updated") => found.sort_by_key(|comment| (comment.updated_ms, comment.id)),
        Some("created") => found.sort_by_key(|comment| (comment.created_ms, comment.id)),
        _ => {}
    }
    if call.query("sort").is_some() && call.query("direction") != Some("asc") {
        found.reverse();
    }
    call.list(found, view::comment)
}

/// Whether a comment is listed: new enough for the query, old enough for a list that lags.
fn listed(call: &Call, comment: &Comment) -> bool {
    let since = call.query("since").and_then(parse_timestamp).unwrap_or(i64::MIN);
    let lag = call.state.dials.comment_lag_ms();
    comment.updated_ms >= since && comment.created_ms.saturating_add(lag) <= call.state.now()
}

fn create(call: &mut Call) -> Answer {
    let issue = call.issue_id()?;
    let body = call.text("body")?.ok_or_else(|| Refusal::schema("\"body\" wasn't supplied."))?;
    let id = call.state.add_comment(&call.actor()?, issue, &body)?;
    Ok(Reply::created(view::comment(call.state, call.state.comment_in(call.repo, id)?)))
}

fn one(call: &mut Call) -> Answer {
    let comment = call.state.comment_in(call.repo, call.id("comment_id")?)?;
    Ok(Reply::ok(view::comment(call.state, comment)))
}

fn edit(call: &mut Call) -> Answer {
    let id = call.state.comment_in(call.repo, call.id("comment_id")?)?.id;
    let body = call.text("body")?.ok_or_else(|| Refusal::schema("\"body\" wasn't supplied."))?;
    call.state.edit_comment(&call.actor()?, id, &body)?;
    Ok(Reply::ok(view::comment(call.state, call.state.comment_in(call.repo, id)?)))
}

fn delete(call: &mut Call) -> Answer {
    let id = call.state.comment_in(call.repo, call.id("comment_id")?)?.id;
    call.state.delete_comment(&call.actor()?, id)?;
    Ok(Reply::no_content())
}
