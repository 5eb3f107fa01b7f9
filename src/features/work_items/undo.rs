//! `/undo`: closes the work items that the last `/approve` opened and nobody has touched.

use crate::domain::act::Act;
use crate::domain::approval::LABEL;
use crate::domain::escape;
use crate::domain::event::{Issue, IssueState};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::hash;
use crate::domain::ids::{EffectKey, IssueNumber};
use crate::domain::undo::{Seen, touched};
use crate::features::call::Call;
use crate::features::work_items::known;
use crate::features::work_items::views::{Kept, Undone};
use crate::store::plans::PlanState;
use crate::store::work_items::ItemState;

/// Closes what nobody has touched, and says what stays open and why.
pub async fn run(call: &Call) -> Outcome {
    let ctx = &call.ctx;
    let Some(plan) = ctx.store.plans().latest_in(call.issue, PlanState::Approved).await? else {
        return Err(Failure::User("There is no approved plan on this issue, so there is nothing to undo.".to_owned()));
    };
    let mut closing = Vec::new();
    let mut kept = Vec::new();
    for item in known::standing(ctx, call.issue).await? {
        if item.row.plan != plan.id {
            continue;
        }
        let closed_by_this = match item.row.issue_number {
            Some(number) => ctx.store.effects().get(&closing_key(call, number)).await?.is_some(),
            None => false,
        };
        let reason = match &item.issue {
            // An earlier try of this very command closed it.
            _ if closed_by_this => None,
            None => Some("it is gone from this repository".to_owned()),
            Some(issue) => touched(&seen(call, issue, &item.row.body_hash)),
        };
        match (reason, item.row.issue_number) {
            (None, Some(number)) => closing.push((number, item.row)),
            (Some(reason), Some(number)) => kept.push(Kept { number: number.0, reason }),
            (_, None) => {}
        }
    }
    let acts = closing.iter().map(|(number, _)| Act::Close { key: closing_key(call, *number), issue: *number }).collect::<Vec<_>>();
    if call.act(&acts).await?.is_none() || call.observing() {
        return Ok(());
    }
    for (number, row) in &closing {
        ctx.store.work_items().set_state(*number, ItemState::Undone).await?;
        for key in [format!("item/{}/{}", call.issue, row.fingerprint), format!("sub-issue/{}/{number}", call.issue)] {
            ctx.store.effects().forget(&EffectKey(key)).await?;
        }
    }
    ctx.store.plans().reopen(plan.id).await?;
    let numbers = closing.iter().map(|(number, _)| format!("#{number}")).collect::<Vec<_>>();
    let headline = match numbers.as_slice() {
        [] if kept.is_empty() => format!("Rev {} is no longer approved; it had no sub-issues.", plan.rev),
        [] => "Nothing was closed: every work item has been touched.".to_owned(),
        [one] => format!("{one} is closed again; nobody had touched it."),
        many => format!("{} are closed again; nobody had touched them.", many.join(", ")),
    };
    let again = format!("{} opens them anew.", call.voice.code(&format!("approve {}", plan.rev)));
    call.answer(&Undone { headline, again: if numbers.is_empty() { String::new() } else { again }, kept }).await
}

fn closing_key(call: &Call, number: IssueNumber) -> EffectKey {
    call.effect(&format!("close/{number}"))
}

fn seen(call: &Call, issue: &Issue, body_hash: &str) -> Seen {
    let ours = call.ctx.app.signer.strip(&issue.body);
    Seen {
        open: issue.state == IssueState::Open,
        comments: issue.comments,
        assignees: issue.assignees.iter().map(|person| person.login.clone()).collect(),
        sub_issues: 0,
        text_is_ours: hash::short(ours) == *body_hash,
        other_labels: issue.labels.iter().filter(|label| !label.eq_ignore_ascii_case(LABEL)).cloned().collect(),
    }
}
