//! `/approve`: a revision becomes sub-issues with dependencies, or stays in one pull request.

pub mod drafts; // work items on their way to becoming issues
pub mod words; // the sentences

use std::collections::BTreeMap;

use crate::ctx::perform::Performed;
use crate::domain::act::{Act, IssueRef};
use crate::domain::approval::{self, Ask, Draft, Latest, Refusal, Verdict, Wait};
use crate::domain::event::IssueState;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::hash;
use crate::domain::ids::{IssueId, IssueNumber};
use crate::domain::plan::markdown;
use crate::domain::plan::model::{WaitOn, WorkItem as Planned};
use crate::domain::plan::size;
use crate::domain::record::PlanRecord;
use crate::features::call::Call;
use crate::features::knowledge;
use crate::features::plans;
use crate::features::work_items::approve::drafts::Desk;
use crate::features::work_items::approve::words::Opened;
use crate::features::work_items::known;
use crate::features::work_items::views::{Approved, ApprovedItem};
use crate::github::contents::BranchHead;
use crate::store::{AddedItem, NewWorkItem, WorkItemState};
use crate::store::{Plan as PlanRow, PlanState};

/// What was asked.
pub struct Request {
    /// The revision, if one was named.
    pub rev: Option<i64>,
    /// How it is to be worked on.
    pub shape: Shape,
}

/// How an approved plan is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One sub-issue per work item.
    SubIssues,
    /// No sub-issues: the work items are the parts of one pull request.
    OnePullRequest,
}

impl Shape {
    /// How it is asked for, behind the revision.
    fn flag(self) -> &'static str {
        match self {
            Self::SubIssues => "",
            Self::OnePullRequest => " --one",
        }
    }
}

/// Approves, or says in one sentence why not.
pub async fn run(call: &Call, request: &Request) -> Outcome {
    let ctx = &call.ctx;
    let head = knowledge::head(ctx).await?.tip;
    let row = match begun(call, request.shape).await? {
        Some(row) => row,
        None => begin(call, request, &head).await?,
    };
    let record = plans::record(&row)?;
    let moved = Moved {
        moved: row.base_sha != head.commit,
        base: hash::commit(&row.base_sha),
        head: hash::commit(&head.commit),
    };
    match request.shape {
        Shape::OnePullRequest => {
            let mut view = in_one(call, (&row, &record), &moved).await?;
            view.notes.extend(parent_closed(call).await?);
            let answer = call.answer_act(&view)?;
            call.act(&[answer]).await.map(|_| ())
        }
        Shape::SubIssues => open(call, &row, &record, &moved).await,
    }
}

/// The revision that this very command has approved before a crash or a wait: it goes on with that one, whatever revisions came
/// since. Not when a person took it back meanwhile.
async fn begun(call: &Call, shape: Shape) -> Outcome<Option<PlanRow>> {
    let mode = mode(call, shape);
    let rows = call.ctx.store.plans().of_issue(call.issue).await?;
    let row = rows.into_iter().rfind(|row| row.approval_mode.as_deref() == Some(mode.as_str()));
    match row {
        Some(row) if row.state != PlanState::Approved => {
            Err(Failure::User(words::taken_back(call, shape, row.rev)))
        }
        row => Ok(row),
    }
}

/// Judges the newest revision, and writes down that it is approved.
async fn begin(call: &Call, request: &Request, head: &BranchHead) -> Outcome<PlanRow> {
    let ctx = &call.ctx;
    let latest = plans::latest(ctx, call.issue).await?;
    let refused = async |refusal: Refusal| -> Outcome<PlanRow> {
        let why = words::refusal(call, request.shape, (&refusal, latest.as_ref())).await?;
        Err(Failure::User(why))
    };
    let issue = ctx.github.issue(call.issue).await?;
    let ask = Ask {
        rev: request.rev,
        written_at_ms: call.written_at_ms,
        latest: match &latest {
            Some(row) => Some(facts(call, row).await?),
            None => None,
        },
        issue_hash: hash::issue(&issue.title, &issue.body),
        blobs: blobs(call, latest.as_ref(), head).await?,
        head: head.commit.clone(),
    };
    if let Verdict::Refused(refusal) = approval::judge(&ask) {
        return refused(refusal).await;
    }
    let Some(row) = latest.clone() else { return refused(Refusal::NoPlan).await };
    if call.dry_run || call.observing() {
        return Ok(row);
    }
    if !ctx.store.plans().mark_approved(row.id, &mode(call, request.shape)).await? {
        // A newer one took its place at this very moment.
        let newest = plans::latest(ctx, call.issue).await?.map_or(row.rev, |newest| newest.rev);
        return refused(Refusal::NotLatest { latest: newest }).await;
    }
    ctx.app.crash.pass("after_decision").await;
    Ok(row)
}

/// What approving a revision that is not yet posted would do, for the dry run of what approves itself.
pub async fn acts(call: &Call, record: &PlanRecord, rev: i64) -> Outcome<Vec<Act>> {
    let below = known::below(&call.ctx, call.issue).await?;
    let drafts = Desk { call, rev, url: None, record, below: &below }.drafts().await?;
    Ok(approval::acts(call.issue, &drafts, below.server))
}

/// Where the default branch stands beside the plan.
struct Moved {
    moved: bool,
    base: String,
    head: String,
}

async fn open(call: &Call, row: &PlanRow, record: &PlanRecord, moved: &Moved) -> Outcome {
    let below = known::below(&call.ctx, call.issue).await?;
    let desk = Desk { call, rev: row.rev, url: row.comment_url.as_deref(), record, below: &below };
    let drafts = desk.drafts().await?;
    let then =
        vec![format!("comment on #{} with the numbers of these issues, and what to start with", call.issue)];
    let acts = approval::acts(call.issue, &drafts, below.server);
    let Some(performed) = call.act_then(&acts, then).await? else {
        return Ok(());
    };
    if call.observing() {
        return Ok(());
    }
    let (mut items, mut numbers, mut takes_back) = (Vec::new(), BTreeMap::new(), 0);
    for (draft, planned) in drafts.iter().zip(&record.plan.work_items) {
        let Some((number, id)) = issue_of(call.issue, draft, &performed) else { continue };
        let became = Became { number, id, kind: &planned.kind, below: &below };
        takes_back += usize::from(remember(call, row, draft, &became).await? == Undo::Closes);
        numbers.insert(draft.ordinal, number);
        items.push((draft, planned, number));
    }
    let closed = parent_closed(call).await?;
    let opened = Opened { drafts: &drafts, numbers: &numbers };
    let left = left_over(call, &drafts).await?;
    let view = Approved {
        rev: row.rev,
        one: false,
        opened: words::opened(
            &items.iter().map(|(draft, ..)| *draft).collect::<Vec<_>>(),
            below.server.sub_issues,
        ),
        start: words::start(&record.plan.elsewhere, &opened),
        items: items
            .iter()
            .map(|(draft, planned, number)| ApprovedItem {
                bullet: words::bullet(draft.ordinal, below.server.sub_issues),
                number: number.0,
                title: markdown::plain(&planned.title),
                size: size::told(&record.plan, planned).to_owned(),
                waits: words::waits(draft, &opened),
                standing: words::standing(draft),
            })
            .collect(),
        undo: words::undo(call, takes_back, items.len()),
        moved: moved.moved,
        base: moved.base.clone(),
        head: moved.head.clone(),
        notes: words::left_over(row.rev, &left).into_iter().chain(closed).collect(),
    };
    call.answer(&view).await
}

/// What is said where the issue itself is closed: approving leaves it so.
async fn parent_closed(call: &Call) -> Outcome<Option<String>> {
    let closed = call.ctx.github.issue(call.issue).await?.state == IssueState::Closed;
    Ok(closed.then(|| "This issue itself is closed, and was left so.".to_owned()))
}

async fn in_one(call: &Call, (row, record): (&PlanRow, &PlanRecord), moved: &Moved) -> Outcome<Approved> {
    let below = known::below(&call.ctx, call.issue).await?;
    let desk = Desk { call, rev: row.rev, url: row.comment_url.as_deref(), record, below: &below };
    let closed = desk.closed().await?;
    let item = |(item, done): (&Planned, &Option<IssueNumber>)| ApprovedItem {
        bullet: if done.is_some() { "- [x]" } else { "- [ ]" }.to_owned(),
        number: done.map_or(0, |issue| issue.0),
        title: markdown::plain(&item.title),
        size: size::told(&record.plan, item).to_owned(),
        waits: String::new(),
        standing: "",
    };
    Ok(Approved {
        rev: row.rev,
        one: true,
        opened: String::new(),
        items: record.plan.work_items.iter().zip(&closed).map(item).collect(),
        start: words::one(call, &record.plan),
        undo: format!("{} takes the approval back.", call.voice.code("undo")),
        moved: moved.moved,
        base: moved.base.clone(),
        head: moved.head.clone(),
        notes: Vec::new(),
    })
}

async fn remember(call: &Call, row: &PlanRow, draft: &Draft, became: &Became<'_>) -> Outcome<Undo> {
    let waits = draft.waits_for.iter().filter_map(|wait| match wait {
        Wait::Item(ordinal) => Some(WaitOn::Item(*ordinal)),
        Wait::Issue(IssueRef::Known { number, .. }) => Some(WaitOn::Issue(*number)),
        Wait::Issue(IssueRef::New(_)) => None,
    });
    let item = NewWorkItem {
        plan: row.id,
        parent: call.issue,
        ordinal: i64::try_from(draft.ordinal).unwrap_or(i64::MAX),
        title: draft.title.clone(),
        fingerprint: draft.fingerprint.clone(),
        body_hash: hash::short(&draft.body),
        depends_on: serde_json::to_string(&waits.collect::<Vec<_>>()).map_err(Failure::internal)?,
    };
    let items = call.ctx.store.work_items();
    let effect = call.ctx.store.effects().get(&approval::item_key(call.issue, &draft.fingerprint)).await?;
    let added = match items.add(&item).await? {
        // Its issue is gone, and nobody has told us: what is open now is another one.
        AddedItem::Already(gone) if gone.issue.is_some_and(|issue| issue != became.number) => {
            items.follow(gone.id, WorkItemState::Closed).await?;
            items.add(&item).await?
        }
        added => added,
    };
    let (item, is_taken_back) = match (added, &effect) {
        (AddedItem::New(item), effect) => (item, effect.is_some()),
        (AddedItem::Already(item), Some(effect)) => {
            let shown = became.below.issues.iter().find(|issue| issue.number == became.number);
            let touched =
                shown.and_then(|issue| known::touched(issue, (&item, became.kind), &effect.content_hash));
            (item.id, item.plan == row.id && touched.is_none())
        }
        (AddedItem::Already(item), None) => (item.id, false),
    };
    items.set_issue(item, became.number, became.id).await?;
    if draft.existing_state() == Some(IssueState::Closed) {
        items.set_state(item, WorkItemState::Closed).await?;
        return Ok(Undo::LeavesAlone);
    }
    Ok(if is_taken_back { Undo::Closes } else { Undo::LeavesAlone })
}

/// The issue that a draft became, and what else is known of it.
struct Became<'a> {
    number: IssueNumber,
    id: IssueId,
    kind: &'a str,
    below: &'a known::Below,
}

/// What `/undo` does with an item: only what this approval opened is closed again.
#[derive(PartialEq, Eq)]
enum Undo {
    Closes,
    LeavesAlone,
}

fn issue_of(parent: IssueNumber, draft: &Draft, performed: &Performed) -> Option<(IssueNumber, IssueId)> {
    match approval::issue_of(parent, draft) {
        IssueRef::Known { number, id } => Some((number, id)),
        IssueRef::New(key) => {
            let remote = performed.remote(&key)?;
            Some((IssueNumber(remote.number?), IssueId(remote.id)))
        }
    }
}

/// Items of an earlier revision that are open and not part of this one: said, never closed unasked.
async fn left_over(call: &Call, drafts: &[Draft]) -> Outcome<Vec<IssueNumber>> {
    let rows = call.ctx.store.work_items().of_parent(call.issue).await?;
    let left = rows.iter().filter(|item| {
        item.state == WorkItemState::Open && !drafts.iter().any(|draft| draft.fingerprint == item.fingerprint)
    });
    Ok(left.filter_map(|item| item.issue).collect())
}

/// The blobs that the cited files have at `head`; read only when the branch has moved.
async fn blobs(
    call: &Call,
    latest: Option<&PlanRow>,
    head: &BranchHead,
) -> Outcome<BTreeMap<String, Option<String>>> {
    let Some(row) = latest else { return Ok(BTreeMap::new()) };
    let cited = plans::cited(row)?;
    if row.base_sha == head.commit || cited.is_empty() {
        return Ok(cited.into_iter().map(|(path, blob)| (path, Some(blob))).collect());
    }
    let tree = call.ctx.github.tree(&head.tree).await?;
    let now = tree.entries.into_iter().map(|entry| (entry.path, entry.sha)).collect::<BTreeMap<_, _>>();
    Ok(cited.into_keys().map(|path| (path.clone(), now.get(&path).cloned())).collect())
}

async fn facts(call: &Call, row: &PlanRow) -> Outcome<Latest> {
    let known = known::newest(call.ctx.store.work_items().of_parent(call.issue).await?);
    let plan = plans::record(row)?.plan;
    let is_opened = |item: &Planned| {
        let fingerprint = known::fingerprint(&plan, item);
        known.iter().any(|row| row.fingerprint == fingerprint && row.state != WorkItemState::Undone)
    };
    // An approval that was cut off before all its items were open may be given again.
    let whole = is_in_one(row) || plan.work_items.iter().filter(|item| item.is_new()).all(is_opened);
    Ok(Latest {
        posted: row.comment_url.is_some() || call.observing(),
        rev: row.rev,
        approved: row.state == PlanState::Approved && whole,
        posted_at_ms: row.created_at_ms,
        issue_hash: row.issue_hash.clone(),
        cited: plans::cited(row)?,
        base: row.base_sha.clone(),
        items: plan.work_items.len(),
    })
}

/// How a plan was approved, and by which command: the same command may go on with its own approval.
fn mode(call: &Call, shape: Shape) -> String {
    let shape = match shape {
        Shape::SubIssues => "sub_issues",
        Shape::OnePullRequest => ONE,
    };
    format!("{shape} {}", call.effect("approve"))
}

const ONE: &str = "one_pull_request";

/// Whether a revision is, or was, approved as one pull request.
pub fn is_in_one(row: &PlanRow) -> bool {
    row.approval_mode.as_deref().is_some_and(|mode| mode.starts_with(ONE))
}
