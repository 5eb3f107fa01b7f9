//! Stored plans, read back, and the sentence where there is none.

use std::collections::BTreeMap;

use crate::ctx::RepoCtx;
use crate::domain::event::{Issue, IssueState};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::{EffectKey, IssueNumber};
use crate::domain::plan::{Plan as Content, revise};
use crate::domain::record::PlanRecord;
use crate::features::call::Call;
use crate::store::{Plan, WorkItemState};

/// The newest plan of an issue.
pub async fn latest(ctx: &RepoCtx, issue: IssueNumber) -> Outcome<Option<Plan>> {
    Ok(ctx.store.plans().of_issue(issue).await?.pop())
}

/// The revision that a command has made, by the key of its comment.
pub fn made_by<'a>(revisions: &'a [Plan], key: &EffectKey) -> Outcome<Option<&'a Plan>> {
    for row in revisions.iter().rev() {
        if record(row)?.made_by == *key {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// What to say where there is none: what makes one, or whose plan opened the issue.
pub async fn none_yet(call: &Call) -> Outcome<String> {
    let Some(issue) = call.ctx.issue_or_gone(call.issue).await? else { return Ok(none(call)) };
    Ok(match parent(call, &issue).await? {
        Some(parent) => format!("{}; that plan stands there.", belongs(call.issue, &parent)),
        None => none(call),
    })
}

fn none(call: &Call) -> String {
    format!("There is no plan on this issue yet; {} makes one.", call.voice.code("enhance"))
}

/// The issue whose plan opened this one as a work item; none where that is gone, or the work item was taken back.
pub async fn parent(call: &Call, issue: &Issue) -> Outcome<Option<Issue>> {
    let row = call.ctx.store.work_items().by_issue(issue.number).await?;
    if row.is_some_and(|row| row.state == WorkItemState::Undone) {
        return Ok(None);
    }
    let app = call.ctx.app.github.app_identity().await?;
    let marker = call.ctx.app.signer.find(call.ctx.repo, &issue.body);
    let parent = marker.as_ref().and_then(|marker| marker.get("parent")?.parse().ok()).map(IssueNumber);
    match parent.filter(|_| app.is_author(issue.app_id, issue.user.as_ref())) {
        Some(parent) => call.ctx.issue_or_gone(parent).await,
        None => Ok(None),
    }
}

/// Says whose plan an issue is part of, as the beginning of a sentence.
pub fn belongs(issue: IssueNumber, parent: &Issue) -> String {
    let closed = if parent.state == IssueState::Closed { ", which is closed" } else { "" };
    format!("#{issue} is a work item of the plan for #{}{closed}", parent.number)
}

/// What answers the first question that a plan shows, without its prefix; none where it asks nothing.
pub fn answering(plan: &Content) -> Option<String> {
    revise::shown(plan).first().map(|(number, _)| format!("revise {number}: …"))
}

/// The content of a stored revision.
pub fn record(row: &Plan) -> Outcome<PlanRecord> {
    serde_json::from_str(&row.document).map_err(Failure::internal)
}

/// The files that a revision cites, with their blobs at its base.
pub fn cited(row: &Plan) -> Outcome<BTreeMap<String, String>> {
    serde_json::from_str(&row.cited).map_err(Failure::internal)
}
