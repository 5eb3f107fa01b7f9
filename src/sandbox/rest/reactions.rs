//! Reactions to issues and comments.

use super::{Access, Answer, Call, Reply, Route, route};
use crate::sandbox::actions::ReactionTarget;
use crate::sandbox::model::{Level, Reaction};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::view;

const READ: Access = Access::Repository("issues", Level::Read);
const WRITE: Access = Access::Repository("issues", Level::Write);

pub(super) static ROUTES: &[Route] = &[
    route("GET", "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", READ, list),
    route("POST", "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", WRITE, create),
    route(
        "DELETE",
        "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}",
        WRITE,
        delete,
    ),
    route("GET", "/repos/{owner}/{repo}/issues/{issue_number}/reactions", READ, list),
    route("POST", "/repos/{owner}/{repo}/issues/{issue_number}/reactions", WRITE, create),
    route("DELETE", "/repos/{owner}/{repo}/issues/{issue_number}/reactions/{reaction_id}", WRITE, delete),
];

fn target(call: &Call) -> Result<ReactionTarget, Refusal> {
    match call.param("comment_id") {
        "" => call.issue_id().map(ReactionTarget::Issue),
        _ => {
            let comment = call.state.comment_in(call.repo, call.id("comment_id")?)?;
            Ok(ReactionTarget::Comment(comment.id))
        }
    }
}

fn list(call: &mut Call) -> Answer {
    let target = target(call)?;
    let wanted = call.query("content").map(str::to_owned);
    let all = call.state.reactions_mut(target)?.clone();
    let fits = |reaction: &Reaction| wanted.as_ref().is_none_or(|wanted| *wanted == reaction.content);
    let found: Vec<Reaction> = all.into_iter().filter(fits).collect();
    call.list(found, |state, reaction| view::reaction(state, &reaction))
}

fn create(call: &mut Call) -> Answer {
    let target = target(call)?;
    let content = call.text("content")?.ok_or_else(|| Refusal::schema("\"content\" wasn't supplied."))?;
    let reacted = call.state.react(&call.actor()?, target, &content)?;
    let status = if reacted.new { 201 } else { 200 };
    Ok(Reply { status, ..Reply::ok(view::reaction(call.state, &reacted.reaction)) })
}

fn delete(call: &mut Call) -> Answer {
    let (target, id) = (target(call)?, call.id("reaction_id")?);
    call.state.remove_reaction(&call.actor()?, target, id)?;
    Ok(Reply::no_content())
}
