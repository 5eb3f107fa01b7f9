//! `/approve`: a revision becomes sub-issues with dependencies, or stays in one pull request.

use std::collections::BTreeMap;

use crate::ctx::perform::Performed;
use crate::domain::act::IssueRef;
use crate::domain::approval::{self, Ask, Draft, Latest, Refusal, Support, Verdict, Wait};
use crate::domain::escape;
use crate::domain::event::{Issue, IssueState};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::hash;
use crate::domain::ids::{IssueId, IssueNumber};
use crate::domain::plan::markdown;
use crate::domain::plan::model::{WaitOn, WorkItem as Planned};
use crate::domain::record::PlanRecord;
use crate::features::call::Call;
use crate::features::knowledge;
use crate::features::words;
use crate::features::work_items::known::{self, Below};
use crate::features::work_items::views::{Approved, ApprovedItem, ItemBody};
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

/// Approves, or says in one sentence why not.
pub async fn run(call: &Call, request: &Request) -> Outcome {
    let ctx = &call.ctx;
    let latest = latest(call, call.issue).await?;
    let issue = ctx.github.issue(call.issue).await?;
    let head = knowledge::head(ctx).await?.tip;
    // After a crash the same command finds its own approval and goes on with it.
    let resumed = latest.as_ref().is_some_and(|row| {
        row.approval_mode.as_deref() == Some(mode(call, request.shape).as_str())
            && row.state == PlanState::Approved
    });
    let mut moved = latest.as_ref().is_some_and(|row| row.base_sha != head.commit);
    if !resumed {
        let ask = Ask {
            rev: request.rev,
            written_at_ms: call.written_at_ms,
            latest: match &latest {
                Some(row) => Some(facts(call, row).await?),
                None => None,
            },
            issue_hash: hash::issue(&issue.title, &issue.body),
            blobs: blobs(call, latest.as_ref(), &head).await?,
            head: head.commit.clone(),
        };
        match approval::judge(&ask) {
            Verdict::Refused(refusal) => {
                return Err(Failure::User(sentence(call, &refusal, latest.as_ref())));
            }
            Verdict::Approved { moved: newer } => moved = newer,
        }
    }
    let Some(row) = latest else { return Ok(()) };
    let record = record(&row)?;
    let moved = Moved { moved, base: hash::commit(&row.base_sha), head: hash::commit(&head.commit) };
    if !call.dry_run && !call.observing() {
        ctx.store.plans().mark_approved(row.id, &mode(call, request.shape)).await?;
    }
    match request.shape {
        Shape::OnePullRequest => {
            let answer = call.answer_act(&in_one(&row, &record, &moved))?;
            call.act(&[answer]).await.map(|_| ())
        }
        Shape::SubIssues => open(call, &row, &record, &moved).await,
    }
}

/// Where the default branch stands beside the plan.
struct Moved {
    moved: bool,
    base: String,
    head: String,
}

async fn open(call: &Call, row: &PlanRow, record: &PlanRecord, moved: &Moved) -> Outcome {
    let ctx = &call.ctx;
    let below = known::below(ctx, call.issue).await?;
    let waits = Waits::gather(call, record).await?;
    let desk = Desk { call, row, record, below: &below, waits: &waits };
    let mut drafts = Vec::new();
    for item in &record.plan.work_items {
        drafts.push(desk.draft(item).await?);
    }
    let then =
        vec![format!("comment on #{} with the numbers of these issues, and what to start with", call.issue)];
    let acts = approval::acts(call.issue, &drafts, below.server);
    let Some(performed) = call.act_then(&acts, then).await? else {
        return Ok(());
    };
    if call.observing() {
        return Ok(());
    }
    let (mut items, mut takes_back) = (Vec::new(), 0);
    for (draft, planned) in drafts.iter().zip(&record.plan.work_items) {
        let Some((number, id)) = issue_of(call.issue, draft, &performed) else { continue };
        let opened = Opened { number, id, kind: &planned.kind, below: &below };
        takes_back += usize::from(remember(call, row, draft, &opened).await? == Undo::Closes);
        items.push((draft, planned, number));
    }
    let numbers = items.iter().map(|(draft, _, number)| (draft.ordinal, *number)).collect::<BTreeMap<_, _>>();
    let opened = items.iter().filter(|(draft, ..)| draft.existing.is_none()).count();
    let view = Approved {
        rev: row.rev,
        one: false,
        opened: opened_in_words(opened, items.len(), below.server.sub_issues),
        start: start(&items, &numbers),
        items: items
            .iter()
            .map(|(draft, planned, number)| ApprovedItem {
                bullet: bullet(draft.ordinal, below.server.sub_issues),
                number: number.0,
                title: markdown::plain(&planned.title),
                size: planned.size.bucket.clone(),
                waits: waits_in_words(draft, &numbers),
                reused: draft.existing.is_some(),
            })
            .collect(),
        undo: undo(call, takes_back, items.len()),
        moved: moved.moved,
        base: moved.base.clone(),
        head: moved.head.clone(),
        notes: left_over(call, row, &drafts).await?,
    };
    call.answer(&view).await
}

fn in_one(row: &PlanRow, record: &PlanRecord, moved: &Moved) -> Approved {
    let item = |item: &Planned| ApprovedItem {
        bullet: String::new(),
        number: 0,
        title: markdown::plain(&item.title),
        size: item.size.bucket.clone(),
        waits: String::new(),
        reused: false,
    };
    Approved {
        rev: row.rev,
        one: true,
        opened: String::new(),
        items: record.plan.work_items.iter().map(item).collect(),
        start: String::new(),
        undo: String::new(),
        moved: moved.moved,
        base: moved.base.clone(),
        head: moved.head.clone(),
        notes: Vec::new(),
    }
}

/// Issues outside the plan that items wait for.
struct Waits(BTreeMap<IssueNumber, Issue>);

impl Waits {
    async fn gather(call: &Call, record: &PlanRecord) -> Outcome<Self> {
        let mut issues = BTreeMap::new();
        for wait in record.plan.work_items.iter().flat_map(|item| &item.depends_on) {
            if let WaitOn::Issue(number) = wait.on
                && !issues.contains_key(&number)
                && let Some(issue) = call.ctx.issue_or_gone(number).await?
            {
                issues.insert(number, issue);
            }
        }
        Ok(Self(issues))
    }

    fn open(&self, number: IssueNumber) -> Option<&Issue> {
        self.0.get(&number).filter(|issue| issue.state == IssueState::Open)
    }
}

/// Everything that turning an item into a draft looks at.
struct Desk<'a> {
    call: &'a Call,
    row: &'a PlanRow,
    record: &'a PlanRecord,
    below: &'a Below,
    waits: &'a Waits,
}

impl Desk<'_> {
    async fn draft(&self, item: &Planned) -> Outcome<Draft> {
        let plan = &self.record.plan;
        let quotes =
            plan.requirements.iter().filter(|requirement| item.requirements.contains(&requirement.id));
        let fingerprint =
            approval::fingerprint(&item.title, quotes.map(|requirement| requirement.quote.as_str()));
        let view = ItemBody::new(plan, item, self.row.rev, self.row.comment_url.as_deref());
        let waits_for = item.depends_on.iter().filter_map(|wait| match wait.on {
            WaitOn::Item(ordinal) => Some(Wait::Item(ordinal)),
            WaitOn::Issue(number) => {
                self.waits.open(number).map(|issue| Wait::Issue(IssueRef::Known { number, id: issue.id }))
            }
        });
        let title = escape::shorten(&item.title.replace('`', ""), TITLE_CHARS);
        Ok(Draft {
            ordinal: item.ordinal,
            body: self.call.ctx.app.renderer.render(&view).map_err(Failure::internal)?,
            label: self.label(&item.kind).await?,
            existing: self.existing(&title, &fingerprint).await?,
            title,
            waits_for: waits_for.collect(),
            fingerprint,
        })
    }

    /// The repository's own label for a kind of work, where it has one.
    async fn label(&self, kind: &str) -> Outcome<Option<String>> {
        for name in approval::labels_for(kind) {
            if let Some(label) = self.call.ctx.github.label(name).await? {
                return Ok(Some(label.name));
            }
        }
        Ok(None)
    }

    /// An open sub-issue that is this very work item: by our marker, opened for another revision, or by its title, opened by a person.
    async fn existing(&self, title: &str, fingerprint: &str) -> Outcome<Option<IssueRef>> {
        let ctx = &self.call.ctx;
        let app = ctx.app.github.app_identity().await?;
        let parent = self.call.issue.to_string();
        let found = self.below.issues.iter().find(|issue| {
            let marker = ctx.app.signer.find(ctx.repo, &issue.body);
            let ours = app.is_author(issue.app_id, issue.user.as_ref())
                && marker.is_some_and(|marker| {
                    marker.get("fingerprint") == Some(fingerprint)
                        && marker.get("parent") == Some(parent.as_str())
                });
            let same =
                self.below.server.sub_issues == Support::Present && issue.title.eq_ignore_ascii_case(title);
            issue.state == IssueState::Open && (ours || same)
        });
        // What an earlier try of this very command opened is not "open already" for anybody; the ledger knows it.
        let found = found.filter(|issue| issue.created_at_ms.is_none_or(|at| at < self.call.written_at_ms));
        Ok(found.map(|issue| IssueRef::Known { number: issue.number, id: issue.id }))
    }
}

/// GitHub takes 256.
const TITLE_CHARS: usize = 240;

async fn remember(call: &Call, row: &PlanRow, draft: &Draft, opened: &Opened<'_>) -> Outcome<Undo> {
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
    let (item, is_taken_back) = match (items.add(&item).await?, &effect) {
        (AddedItem::New(item), effect) => (item, effect.is_some()),
        (AddedItem::Already(item), Some(effect)) => {
            let shown = opened.below.issues.iter().find(|issue| issue.number == opened.number);
            let touched =
                shown.and_then(|issue| known::touched(issue, (&item, opened.kind), &effect.content_hash));
            (item.id, item.plan == row.id && touched.is_none())
        }
        (AddedItem::Already(item), None) => (item.id, false),
    };
    items.set_issue(item, opened.number, opened.id).await?;
    Ok(if is_taken_back { Undo::Closes } else { Undo::LeavesOpen })
}

/// The issue that a draft became, and what else is known of it.
struct Opened<'a> {
    number: IssueNumber,
    id: IssueId,
    kind: &'a str,
    below: &'a Below,
}

/// What `/undo` does with an item: only what this approval opened is closed again.
#[derive(PartialEq, Eq)]
enum Undo {
    Closes,
    LeavesOpen,
}

fn undo(call: &Call, closes: usize, all: usize) -> String {
    let undo = call.voice.code("undo");
    match (closes, all) {
        (0, _) => String::new(),
        (1, 1) => format!("{undo} closes it again while nobody has touched it."),
        (closes, all) if closes == all => format!("{undo} closes them again while nobody has touched them."),
        (1, _) => format!("{undo} closes the new one again while nobody has touched it."),
        _ => format!("{undo} closes the new ones again while nobody has touched them."),
    }
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
async fn left_over(call: &Call, row: &PlanRow, drafts: &[Draft]) -> Outcome<Vec<String>> {
    let rows = call.ctx.store.work_items().of_parent(call.issue).await?;
    let left = rows
        .iter()
        .filter(|item| {
            item.state == WorkItemState::Open
                && !drafts.iter().any(|draft| draft.fingerprint == item.fingerprint)
        })
        .filter_map(|item| item.issue)
        .map(|number| format!("#{number}"))
        .collect::<Vec<_>>();
    if left.is_empty() {
        return Ok(Vec::new());
    }
    let them = if left.len() == 1 {
        "It comes from an earlier revision and stays open."
    } else {
        "They come from an earlier revision and stay open."
    };
    Ok(vec![format!("Not part of rev {}: {}. {them}", row.rev, words::listed(&left))])
}

/// The blobs that the cited files have at `head`; read only when the branch has moved.
async fn blobs(
    call: &Call,
    latest: Option<&PlanRow>,
    head: &BranchHead,
) -> Outcome<BTreeMap<String, Option<String>>> {
    let Some(row) = latest else { return Ok(BTreeMap::new()) };
    let cited = cited(row)?;
    if row.base_sha == head.commit || cited.is_empty() {
        return Ok(cited.into_iter().map(|(path, blob)| (path, Some(blob))).collect());
    }
    let tree = call.ctx.github.tree(&head.tree).await?;
    let now = tree.entries.into_iter().map(|entry| (entry.path, entry.sha)).collect::<BTreeMap<_, _>>();
    Ok(cited.into_keys().map(|path| (path.clone(), now.get(&path).cloned())).collect())
}

async fn facts(call: &Call, row: &PlanRow) -> Outcome<Latest> {
    let opened = call.ctx.store.work_items().of_plan(row.id).await?.len();
    let items = record(row)?.plan.work_items.len();
    // An approval that was cut off before all its items were open may be given again.
    let whole = opened >= items || is_in_one(row);
    Ok(Latest {
        rev: row.rev,
        approved: row.state == PlanState::Approved && whole,
        posted_at_ms: row.created_at_ms,
        issue_hash: row.issue_hash.clone(),
        cited: cited(row)?,
        base: row.base_sha.clone(),
        items,
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

fn is_in_one(row: &PlanRow) -> bool {
    row.approval_mode.as_deref().is_some_and(|mode| mode.starts_with(ONE))
}

/// The newest plan of an issue.
pub async fn latest(call: &Call, issue: IssueNumber) -> Outcome<Option<PlanRow>> {
    Ok(call.ctx.store.plans().of_issue(issue).await?.pop())
}

fn cited(row: &PlanRow) -> Outcome<BTreeMap<String, String>> {
    serde_json::from_str(&row.cited).map_err(Failure::internal)
}

/// The content of a stored revision.
pub fn record(row: &PlanRow) -> Outcome<PlanRecord> {
    serde_json::from_str(&row.document).map_err(Failure::internal)
}

fn sentence(call: &Call, refusal: &Refusal, latest: Option<&PlanRow>) -> String {
    let command = |rest: &str| call.voice.code(rest);
    let in_one_already = latest.is_some_and(is_in_one);
    match refusal {
        Refusal::NoPlan => format!("There is no plan on this issue yet; {} makes one.", command("enhance")),
        Refusal::NotLatest { latest } => {
            format!(
                "The newest revision here is rev {latest}; {} approves it.",
                command(&format!("approve {latest}"))
            )
        }
        Refusal::Already { rev } if in_one_already => {
            format!(
                "Rev {rev} is approved already, as one pull request; {} takes that back.",
                command("undo")
            )
        }
        Refusal::Already { rev } => {
            format!("Rev {rev} is approved already; {} shows where its work items stand.", command("items"))
        }
        Refusal::TooNew { rev } => format!(
            "Rev {rev} was posted less than a minute before that; if you have read it, {} approves it.",
            command(&format!("approve {rev}"))
        ),
        Refusal::IssueChanged { rev } => {
            format!(
                "The text of this issue has changed since rev {rev}; {} makes a revision that knows it.",
                command("enhance")
            )
        }
        Refusal::FilesChanged { rev, paths } => {
            let shown =
                paths.iter().take(3).map(|path| escape::code_span(path)).collect::<Vec<_>>().join(", ");
            let more = if paths.len() > 3 { format!(" and {} more", paths.len() - 3) } else { String::new() };
            let verb = if paths.len() == 1 { "has" } else { "have" };
            format!(
                "{shown}{more} {verb} changed on the default branch since rev {rev}; {} makes a revision that knows it.",
                command("enhance")
            )
        }
        Refusal::NothingToDo { rev } => format!(
            "Rev {rev} proposes no work items yet; once its questions are answered with {}, there is something to approve.",
            command("revise 1: …")
        ),
    }
}

fn opened_in_words(opened: usize, all: usize, sub_issues: Support) -> String {
    let kind = match sub_issues {
        Support::Present => "sub-issue",
        Support::Missing => "issue",
    };
    match (opened, all) {
        (1, 1) => format!("1 work item is open as {} {kind}", if kind == "issue" { "an" } else { "a" }),
        (opened, all) if opened == all => format!("{all} work items are open as {kind}s"),
        (0, _) => "all of its work items were open already".to_owned(),
        (opened, all) => {
            let (is, was) =
                (if opened == 1 { "is" } else { "are" }, if all - opened == 1 { "was" } else { "were" });
            format!("{opened} of its {all} work items {is} new, {} {was} open already", all - opened)
        }
    }
}

fn bullet(ordinal: usize, sub_issues: Support) -> String {
    match sub_issues {
        Support::Present => format!("{ordinal}."),
        Support::Missing => "- [ ]".to_owned(),
    }
}

fn waits_in_words(draft: &Draft, numbers: &BTreeMap<usize, IssueNumber>) -> String {
    let names = draft.waits_for.iter().filter_map(|wait| match wait {
        Wait::Item(ordinal) => numbers.get(ordinal).map(|number| format!("#{number}")),
        Wait::Issue(issue) => Some(issue.to_string()),
    });
    words::listed(&names.collect::<Vec<_>>())
}

fn start(items: &[(&Draft, &Planned, IssueNumber)], numbers: &BTreeMap<usize, IssueNumber>) -> String {
    let free = items
        .iter()
        .filter(|(draft, ..)| draft.waits_for.is_empty())
        .map(|(.., number)| format!("#{number}"));
    let free = free.collect::<Vec<_>>();
    if !free.is_empty() {
        let rest = if free.len() > 1 { "in any order, or at once." } else { "" };
        return format!(
            "Start with {}{}{rest}",
            words::listed(&free),
            if rest.is_empty() { "." } else { ", " }
        );
    }
    items.first().map_or_else(String::new, |(draft, _, number)| {
        format!("Start with #{number} once {} is done.", waits_in_words(draft, numbers))
    })
}
