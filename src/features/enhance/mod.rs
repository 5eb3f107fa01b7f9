//! An issue becomes a plan: gather, decide, answer with one comment that can be approved.

pub mod aim; // what `/enhance` was pointed at
pub mod views; // what is said beside the plan itself

use crate::config::repo::Approval;
use crate::ctx::perform::Performed;
use crate::domain::act::{Act, CommentAct};
use crate::domain::brief::{Answer, Target};
use crate::domain::escape;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::hash;
use crate::domain::ids::{CommentId, EffectKey, IssueNumber};
use crate::domain::plan::{self, markdown};
use crate::domain::record::PlanRecord;
use crate::features::call::Call;
use crate::features::enhance::aim::Aim;
use crate::features::enhance::views::{Elsewhere, Unchanged};
use crate::features::knowledge::{self, Subject};
use crate::features::work_items::approve::{self, Request, Shape};
use crate::store::plans::{NewPlan, PlanRow, PlanState};

/// `/enhance`: a plan for what it was pointed at.
pub async fn run(call: &Call, text: &str) -> Outcome {
    let Aim { issue, target } = aim::aim(text)?;
    let issue = issue.unwrap_or(call.issue);
    if call.ctx.issue_or_gone(issue).await?.is_none() {
        return Err(Failure::User(format!("There is no issue #{issue} in this repository.")));
    }
    make(call, issue, Wish { target, answers: Vec::new(), fresh: true }).await
}

/// `/revise`: answers and further wishes make a new revision.
pub async fn revise(call: &Call, text: &str) -> Outcome {
    let command = |rest: &str| call.voice.code(rest);
    let Some(row) = before(call, call.issue).await? else {
        return Err(Failure::User(format!("There is no plan on this issue yet; {} makes one.", command("enhance"))));
    };
    if text.trim().is_empty() {
        return Err(Failure::User(format!("Say what to change: {}, or any further sentence.", command("revise 1: the client IP"))));
    }
    let record = approve::record(&row)?;
    let mut answers = record.answers;
    answers.extend(plan::answers(text, &record.plan, &call.actor));
    make(call, call.issue, Wish { target: record.target, answers, fresh: false }).await
}

/// What a plan is to be made from, beside the issue itself.
struct Wish {
    target: Target,
    answers: Vec<Answer>,
    /// Asked anew: what an earlier `/revise` said is taken over.
    fresh: bool,
}

async fn make(call: &Call, issue: IssueNumber, wish: Wish) -> Outcome {
    let ctx = &call.ctx;
    let key = call.effect("plan");
    if let Some(row) = ctx.store.plans().by_key(issue, &key.0).await? {
        // A crash came between the plan and its comment: the very same plan is posted.
        return post(call, issue, &row).await;
    }
    let previous = ctx.store.plans().latest(issue).await?;
    let answers = match (&previous, wish.fresh) {
        (Some(row), true) => approve::record(row)?.answers,
        _ => wish.answers,
    };
    let gathered = knowledge::gather(ctx, Subject { issue, target: wish.target.clone(), answers: answers.clone() }).await?;
    let options = plan::Options { max_items: ctx.standing.effective.max_items.value, ..plan::Options::default() };
    let record = PlanRecord {
        plan: plan::plan(&gathered.brief, &gathered.snapshot, &options),
        answers,
        target: wish.target,
    };
    let hash = record.hash();
    if let Some(row) = previous.as_ref().filter(|row| row.hash == hash && row.state == PlanState::Current)
        && let Some(url) = &row.comment_url
    {
        return call.answer(&Unchanged { rev: row.rev, url: url.clone(), base: short(&record.plan.base_sha) }).await;
    }
    let rev = previous.as_ref().map_or(0, |row| row.rev).max(gathered.highest_rev) + 1;
    if call.dry_run {
        let body = body(call, &record, rev);
        call.act(&[comment(&key, issue, &record, (rev, &hash), body)]).await?;
        return Ok(());
    }
    let row = NewPlan {
        issue,
        rev,
        key: &key.0,
        hash: &hash,
        base_sha: &record.plan.base_sha,
        issue_hash: &hash::issue(&gathered.brief.title, &gathered.brief.body),
        cited: &serde_json::to_string(&record.plan.cited).map_err(Failure::internal)?,
        document: &serde_json::to_string(&record).map_err(Failure::internal)?,
        actor: &call.actor,
    };
    let row = ctx.store.plans().save(&row).await?;
    post(call, issue, &row).await
}

async fn post(call: &Call, issue: IssueNumber, row: &PlanRow) -> Outcome {
    let ctx = &call.ctx;
    let record = approve::record(row)?;
    let key = call.effect("plan");
    let body = body(call, &record, row.rev);
    let performed = ctx.perform(&[comment(&key, issue, &record, (row.rev, &row.hash), body)]).await?;
    let Some(url) = remember(call, row, &performed, &key).await? else { return Ok(()) };
    if let Some(earlier) = ctx.store.plans().by_rev(issue, row.rev - 1).await?
        && let (Some(comment), Some(node_id)) = (earlier.comment_id, earlier.comment_node_id)
    {
        ctx.perform(&[Act::Minimize { comment: CommentId(comment), node_id }]).await?;
    }
    if issue != call.issue {
        call.answer(&Elsewhere { issue: issue.0, rev: row.rev, url }).await?;
    }
    let automatic = ctx.standing.effective.approval.value == Approval::Automatic;
    if automatic && issue == call.issue && !record.plan.work_items.is_empty() && record.plan.questions.is_empty() {
        return approve::run(call, &Request { rev: Some(row.rev), shape: Shape::SubIssues }).await;
    }
    Ok(())
}

async fn remember(call: &Call, row: &PlanRow, performed: &Performed, key: &EffectKey) -> Outcome<Option<String>> {
    let Some(remote) = performed.remote(key) else { return Ok(None) };
    call.ctx.store.plans().set_comment(row.id, remote).await?;
    Ok(Some(remote.url.clone().unwrap_or_default()))
}

/// The newest plan of an issue.
async fn before(call: &Call, issue: IssueNumber) -> Outcome<Option<PlanRow>> {
    Ok(call.ctx.store.plans().latest(issue).await?)
}

fn comment(key: &EffectKey, issue: IssueNumber, record: &PlanRecord, (rev, hash): (i64, &str), body: String) -> Act {
    Act::Comment(CommentAct {
        key: key.clone(),
        issue,
        kind: "plan".to_owned(),
        body,
        fields: vec![
            ("rev".to_owned(), rev.to_string()),
            ("sha256".to_owned(), hash.to_owned()),
            ("base".to_owned(), record.plan.base_sha.clone()),
        ],
    })
}

fn body(call: &Call, record: &PlanRecord, rev: i64) -> String {
    let shown = markdown::Shown {
        rev,
        prefix: call.voice.prefix(),
        note: call.ctx.standing.problem.as_deref(),
    };
    markdown::comment(&record.plan, &shown)
}

fn short(sha: &str) -> String {
    sha.chars().take(7).collect()
}
