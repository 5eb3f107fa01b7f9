//! An issue becomes a plan: gather, decide, answer with one comment that can be approved.

pub mod aim; // what `/enhance` was pointed at
pub mod views; // what is said beside the plan itself

use std::collections::BTreeMap;

use crate::config::repo::enhance::Approval;
use crate::ctx::perform::Performed;
use crate::domain::act::{Act, CommentAct};
use crate::domain::brief::{Answer, Target};
use crate::domain::escape;
use crate::domain::event::Issue;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::hash;
use crate::domain::ids::{EffectKey, IssueNumber};
use crate::domain::permission::Permission;
use crate::domain::plan;
use crate::domain::plan::WorkItem;
use crate::domain::plan::markdown::{self, Presentation};
use crate::domain::plan::model::LookupKind;
use crate::domain::plan::words::{on_one_line, quoted};
use crate::domain::record::PlanRecord;
use crate::domain::snapshot::Snapshot;
use crate::features::call::Call;
use crate::features::discover;
use crate::features::enhance::aim::Aim;
use crate::features::enhance::views::{Elsewhere, Unchanged};
use crate::features::knowledge::{self, Posted, Subject};
use crate::features::plans;
use crate::features::rehearsal;
use crate::features::words;
use crate::features::work_items::approve::{self, Request, Shape};
use crate::store::{NewPlan, Plan as PlanRow, SavedPlan};

/// `/enhance`: a plan for what it was pointed at, or candidates for what to plan.
pub async fn run(call: &Call, text: &str) -> Outcome {
    let (issue, target) = match aim::aim(text)? {
        Aim::Discover => return discover::run(call).await,
        Aim::Misspelled(word) => return Err(misspelled(call, &word)),
        Aim::Plan { issue, target } => (issue, target),
    };
    let issue = issue.unwrap_or(call.issue);
    match call.ctx.issue_or_gone(issue).await? {
        None => {
            let said = format!("There is no issue #{issue} in this repository.");
            return Err(Failure::User(escape::inline(&said)));
        }
        Some(found) if found.is_pull_request => {
            return Err(Failure::User(format!("#{issue} is a pull request; only issues can be planned.")));
        }
        Some(found) => planned_above(call, &found).await?,
    }
    let wish = match plans::latest(&call.ctx, issue).await? {
        // Asked anew: what was answered before still holds, and what was asked keeps its number.
        Some(row) => {
            let record = plans::record(&row)?;
            let fresh = Wish::of(call, target);
            // The same words again are still of who said them first.
            let said = record.aimed_by.filter(|_| record.target == fresh.target);
            Wish {
                aimed_by: said.or(fresh.aimed_by),
                answers: record.answers,
                asked: plan::revise::asked(&record.plan),
                target: fresh.target,
            }
        }
        None => Wish::of(call, target),
    };
    make(call, issue, wish).await
}

/// A misspelled word is asked back: as a demand it would move the numbers of all others.
fn misspelled(call: &Call, word: &str) -> Failure {
    let meant = call.voice.code(&format!("{} {}", call.command, aim::DISCOVER));
    Failure::User(format!("There is no {}; did you mean {meant}?", escape::code_span(word)))
}

/// A work item that we opened for another issue is part of that one's plan.
async fn planned_above(call: &Call, issue: &Issue) -> Outcome {
    let Some(parent) = plans::parent(call, issue).await? else { return Ok(()) };
    let belongs = plans::belongs(issue.number, &parent);
    Err(Failure::User(format!("{belongs}; that plan changes with {} there.", call.voice.code("revise"))))
}

/// `/revise`: answers and further wishes make a new revision.
pub async fn revise(call: &Call, text: &str) -> Outcome {
    let Some(row) = plans::latest(&call.ctx, call.issue).await? else {
        return Err(Failure::User(plans::none_yet(call).await?));
    };
    if text.trim().is_empty() {
        return Err(Failure::User(format!(
            "Say what to change: {}, or any further sentence.",
            call.voice.code("revise 1: the client IP")
        )));
    }
    let record = plans::record(&row)?;
    let mut answers = record.answers;
    let said = plan::revise::answers(text, &call.actor, &record.plan).map_err(|unread| {
        let example = call.voice.code(&format!("{} {}", call.command, unread.example));
        Failure::User(format!("{}; for example: {example}.", markdown::plain(&unread.what)))
    })?;
    answers.extend(said);
    let asked = plan::revise::asked(&record.plan);
    make(call, call.issue, Wish { target: record.target, aimed_by: record.aimed_by, answers, asked }).await
}

/// What a plan is to be made from, beside the issue itself.
struct Wish {
    target: Target,
    /// Who pointed it there.
    aimed_by: Option<String>,
    answers: Vec<Answer>,
    /// The numbers of the questions so far.
    asked: BTreeMap<String, usize>,
}

impl Wish {
    /// Nothing said yet.
    fn of(call: &Call, target: Target) -> Self {
        Self { target, aimed_by: Some(call.actor.clone()), answers: Vec::new(), asked: BTreeMap::new() }
    }
}

async fn make(call: &Call, issue: IssueNumber, wish: Wish) -> Outcome {
    let ctx = &call.ctx;
    let mut revisions = ctx.store.plans().of_issue(issue).await?;
    if let Some(row) = plans::made_by(&revisions, &call.effect("plan"))? {
        // A crash came behind this plan, and by now perhaps another revision: the very same plan is posted.
        return post(call, row, None).await;
    }
    let previous = revisions.pop();
    let subject = Subject {
        issue,
        target: wish.target.clone(),
        aimed_by: wish.aimed_by.clone(),
        answers: wish.answers.clone(),
        asked: wish.asked,
    };
    let gathered = knowledge::gather(ctx, subject).await?;
    let options =
        plan::Options { max_items: usize::try_from(ctx.standing.effective.max_items.value).unwrap_or(1) };
    let plan = plan::plan(&gathered.brief, &gathered.snapshot, &options);
    let before = previous.as_ref().map(plans::record).transpose()?;
    let record = PlanRecord {
        renumbered: before.as_ref().and_then(|before| plan::revise::renumbered(&before.plan, &plan)),
        plan,
        answers: wish.answers,
        target: wish.target,
        aimed_by: wish.aimed_by,
        made_by: call.effect("plan"),
    };
    nowhere(call, (&record, before.as_ref()), &gathered.snapshot)?;
    let hash = record.hash();
    let said = before.as_ref().and_then(|before| unsaid(&record, before));
    let unchanged = previous.as_ref().filter(|row| row.hash == hash || said.is_some());
    if let Some(row) = unchanged
        && !is_deleted(call, row, gathered.newest.as_ref()).await?
    {
        let base = hash::commit(&record.plan.base_sha);
        return match (&row.comment_url, said) {
            (Some(url), Some(said)) => Err(no_change(call, (row.rev, url, &said), before.as_ref())),
            (Some(url), None) => call.answer(&Unchanged { rev: row.rev, url: url.clone(), base }).await,
            // It was made while mode `observe` was on, and nobody has seen it.
            (None, _) if !call.dry_run => post(call, row, None).await,
            (None, _) => rehearse(call, issue, &record, (row.rev, None)).await,
        };
    }
    // What this very command has posted, before the database lost it, keeps its number.
    let (own, newest) = match gathered.newest {
        Some(posted) if posted.key == record.made_by => (Some(posted.rev), None),
        newest => (None, newest),
    };
    let highest = newest.as_ref().map_or(0, |posted| posted.rev);
    let rev = own.unwrap_or(previous.as_ref().map_or(0, |row| row.rev).max(highest) + 1);
    if call.dry_run {
        return rehearse(call, issue, &record, (rev, newest)).await;
    }
    let new = NewPlan {
        issue,
        rev,
        hash,
        base_sha: record.plan.base_sha.clone(),
        issue_hash: hash::issue(&gathered.brief.title, &gathered.brief.body),
        cited: serde_json::to_string(&record.plan.cited).map_err(Failure::internal)?,
        document: serde_json::to_string(&record).map_err(Failure::internal)?,
        actor: call.actor.clone(),
    };
    let id = match ctx.store.plans().save(&new).await? {
        SavedPlan::New(id) | SavedPlan::Already(id) => id,
        SavedPlan::Taken => return Err(Failure::retry("another revision was saved at the same moment")),
    };
    match ctx.store.plans().get(id).await? {
        Some(row) => post(call, &row, newest).await,
        None => Err(Failure::internal("the plan that was just saved is not there")),
    }
}

/// What was said to the revision before and changes nothing in it, quoted; none where it does, or where nothing was said.
fn unsaid(record: &PlanRecord, before: &PlanRecord) -> Option<String> {
    let quoted = || {
        let said: Vec<&str> = record.said_since(before).iter().map(|answer| answer.text.as_str()).collect();
        markdown::plain(&quoted(&on_one_line(&said.join("; "), SAID)))
    };
    record.adds_only_quotes(before).then(quoted)
}

/// Words that a revision cannot take in are refused, with the forms that it understands.
fn no_change(call: &Call, (rev, url, said): (i64, &str, &str), before: Option<&PlanRecord>) -> Failure {
    let forms = before.map(|before| plan::revise::forms(&before.plan)).unwrap_or_default();
    let forms = forms.iter().map(|form| call.voice.code(&format!("{} {form}", call.command)));
    let forms = forms.chain(["a sentence that says what must be".to_owned()]).collect::<Vec<_>>();
    let command = call.voice.code(call.command);
    Failure::User(format!(
        "{said} changes nothing in [rev {rev}]({url}); {command} takes {}.",
        words::listed(&forms)
    ))
}

/// So many characters of what was said are quoted in one sentence.
const SAID: usize = 120;

/// Whether somebody has deleted the comment of this revision: asked for anew, it comes anew. `newest` is the plan comment that the
/// conversation shows.
async fn is_deleted(call: &Call, row: &PlanRow, newest: Option<&Posted>) -> Outcome<bool> {
    let Some(comment) = row.comment.filter(|comment| newest.is_none_or(|seen| seen.comment != *comment))
    else {
        return Ok(false);
    };
    match call.ctx.github.comment(comment).await {
        Ok(_) => Ok(false),
        Err(error) if error.is_missing() => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// A path that a person has just named and that is not there: said, before a revision is made of nothing.
fn nowhere(
    call: &Call,
    (record, before): (&PlanRecord, Option<&PlanRecord>),
    snapshot: &Snapshot,
) -> Outcome {
    let Target::Path(path) = &record.target else { return Ok(()) };
    let lookups = &record.plan.feasibility;
    let missing = lookups
        .iter()
        .find(|lookup| lookup.kind == LookupKind::Path && lookup.name == *path && !lookup.found);
    let planned =
        record.plan.requirements.iter().flat_map(|one| &one.places).any(|place| place.path == *path);
    let Some(missing) = missing else { return Ok(()) };
    if planned || snapshot.truncated || before.is_some_and(|before| before.target == record.target) {
        return Ok(());
    }
    let similar = missing.similar.iter().take(3).map(|path| escape::code_span(path)).collect::<Vec<_>>();
    let near = match similar.as_slice() {
        [] => "no file has a similar name".to_owned(),
        [one] => format!("the nearest name is {one}"),
        many => format!("the nearest names are {}", words::listed(many)),
    };
    Err(Failure::User(format!(
        "{} is not in the tree at {}, and {near}; {} plans the issue without it.",
        escape::code_span(path),
        escape::code_span(&hash::commit(&record.plan.base_sha)),
        call.voice.code("enhance")
    )))
}

/// Shows what posting this revision would do: the comment, the fold of the one before, and what follows by itself.
async fn rehearse(
    call: &Call,
    issue: IssueNumber,
    record: &PlanRecord,
    (rev, newest): (i64, Option<Posted>),
) -> Outcome {
    let body = body(call, record, rev);
    let mut acts = vec![comment(issue, record, (rev, &record.hash()), body)];
    acts.extend(fold(call, (issue, rev), newest).await?);
    let mut then = Vec::new();
    if issue != call.issue {
        then.push(format!("comment on #{} with where the plan stands", call.issue));
    }
    if is_approved_by_itself(call, issue, record).await? {
        then.push(format!("approve rev {rev}, as `approval: automatic` says"));
        then.extend(rehearsal::told_all(&approve::acts(call, record, rev).await?));
        then.push(format!("comment on #{issue} with the numbers of these issues, and what to start with"));
    }
    call.act_then(&acts, then).await.map(|_| ())
}

/// Folds away the comment of the revision before `rev`; `newest` is the plan comment seen on GitHub.
async fn fold(call: &Call, (issue, rev): (IssueNumber, i64), newest: Option<Posted>) -> Outcome<Option<Act>> {
    let earlier = call.ctx.store.plans().by_rev(issue, rev - 1).await?;
    let earlier = earlier.and_then(|earlier| Some((earlier.comment?, earlier.comment_node_id?)));
    // A lost database knows no earlier revision, GitHub does.
    let earlier = earlier.or(newest.map(|posted| (posted.comment, posted.node_id)));
    Ok(earlier.map(|(comment, node_id)| Act::Minimize { comment, node_id }))
}

/// Whether a plan becomes sub-issues without anybody's approval.
async fn is_approved_by_itself(call: &Call, issue: IssueNumber, record: &PlanRecord) -> Outcome<bool> {
    Ok(call.ctx.standing.effective.approval.value == Approval::Automatic
        && issue == call.issue
        && record.plan.work_items.iter().any(WorkItem::is_new)
        && record.plan.questions.is_empty()
        // An author without a role may answer questions; opening issues is not theirs, whatever is automatic.
        && call.ctx.permission_of(&call.actor).await? >= Permission::Triage)
}

/// Posts a plan and folds the earlier one away; `newest` is the plan comment seen on GitHub before.
async fn post(call: &Call, row: &PlanRow, newest: Option<Posted>) -> Outcome {
    let (ctx, issue) = (&call.ctx, row.issue);
    let record = plans::record(row)?;
    let key = record.made_by.clone();
    let body = body(call, &record, row.rev);
    let performed = ctx.perform(&[comment(issue, &record, (row.rev, &row.hash), body)]).await?;
    let Some(url) = remember(call, row, &performed, &key).await? else { return Ok(()) };
    if let Some(fold) = fold(call, (issue, row.rev), newest).await? {
        ctx.perform(&[fold]).await?;
    }
    let is_newest = plans::latest(ctx, issue).await?.is_some_and(|latest| latest.id == row.id);
    if !is_newest && let Some(fold) = fold(call, (issue, row.rev + 1), None).await? {
        // The next revision was posted first, and found nothing to fold.
        ctx.perform(&[fold]).await?;
    }
    if issue != call.issue {
        call.answer(&Elsewhere { issue: issue.0, rev: row.rev, url }).await?;
    }
    if is_newest && is_approved_by_itself(call, issue, &record).await? {
        return approve::run(call, &Request { rev: Some(row.rev), shape: Shape::SubIssues }).await;
    }
    if issue == call.issue {
        // An earlier try may have told that nothing has changed, or that it had failed: the plan is the answer.
        call.withdraw_answer().await?;
    }
    Ok(())
}

async fn remember(
    call: &Call,
    row: &PlanRow,
    performed: &Performed,
    key: &EffectKey,
) -> Outcome<Option<String>> {
    let Some(remote) = performed.remote(key) else { return Ok(None) };
    call.ctx.store.plans().set_comment(row.id, remote).await?;
    Ok(Some(remote.url.clone().unwrap_or_default()))
}

fn comment(issue: IssueNumber, record: &PlanRecord, (rev, hash): (i64, &str), body: String) -> Act {
    Act::Comment(CommentAct {
        key: record.made_by.clone(),
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
    let presentation = Presentation {
        revision: u32::try_from(rev).unwrap_or(u32::MAX),
        prefix: call.voice.prefix(),
        renumbered: record.renumbered.clone(),
    };
    call.with_problem(markdown::markdown(&record.plan, &presentation))
}
