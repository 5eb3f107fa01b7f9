//! Stored plans, read back, and the sentence where there is none.

use std::collections::BTreeMap;

use crate::ctx::RepoCtx;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::{EffectKey, IssueNumber};
use crate::domain::plan::{Plan as Content, revise};
use crate::domain::record::PlanRecord;
use crate::features::voice::Voice;
use crate::store::Plan;

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

/// What to say where there is none.
pub fn none_yet(voice: &Voice) -> String {
    format!("There is no plan on this issue yet; {} makes one.", voice.code("enhance"))
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
