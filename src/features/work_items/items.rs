//! `/items`: the work items as GitHub shows them, and what can be started now.

use crate::domain::escape;
use crate::domain::event::{Issue, IssueState};
use crate::domain::failure::Outcome;
use crate::domain::hash;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::model::WaitOn;
use crate::features::call::Call;
use crate::features::plans;
use crate::features::words;
use crate::features::work_items::approve;
use crate::features::work_items::known::{self, Standing};
use crate::features::work_items::views::{ItemRow, Items};
use crate::render::view::Stamp;
use crate::store::{Plan, PlanState, WorkItem};

/// Which items are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// All of them.
    All,
    /// Those that wait for nothing.
    Startable,
}

/// Lists the work items.
pub async fn run(call: &Call, show: Show) -> Outcome {
    let standing = known::standing(&call.ctx, call.issue).await?;
    let plan = approved(call).await?;
    let mut rows = Vec::new();
    for item in &standing {
        let row = row(call, item, &standing).await?;
        rows.push(ItemRow { ordinal: ordinal(&item.row, plan.as_ref())?, ..row });
    }
    rows.sort_by_key(|row| (row.ordinal == 0, row.ordinal));
    let open = rows.iter().filter(|row| row.state == "open").count();
    let free =
        rows.iter().filter(|row| row.state == "open" && row.waits.is_empty() && row.assignee.is_empty());
    let free = free.map(|row| format!("#{}", row.number)).collect::<Vec<_>>();
    let gone = rows.iter().filter(|row| row.state == "gone").count();
    let headline = match rows.len() {
        0 => none(call).await?,
        all => words::open_of(open, all, gone),
    };
    let start = match (open, free.as_slice()) {
        (0, _) => String::new(),
        (_, []) => {
            format!("Nothing can be started now: {}.", held(&rows))
        }
        (_, free) => format!("Can be started now: {}.", free.join(", ")),
    };
    let is_closed = !rows.is_empty() && call.ctx.github.issue(call.issue).await?.state == IssueState::Closed;
    let closed = is_closed.then(|| "This issue itself is closed.".to_owned());
    let start = closed.into_iter().chain(Some(start).filter(|start| !start.is_empty()));
    let start = start.collect::<Vec<_>>().join(" ");
    if show == Show::Startable {
        rows.retain(|row| row.state == "open" && row.waits.is_empty() && row.assignee.is_empty());
    }
    let stamp = match standing.is_empty() {
        true => Stamp::None,
        false => {
            plan.map_or(Stamp::Bare, |plan| Stamp::Plan { rev: plan.rev, base: hash::commit(&plan.base_sha) })
        }
    };
    call.answer(&Items { headline, items: rows, start, stamp }).await
}

/// The plan that the items come from: the newest approved one.
async fn approved(call: &Call) -> Outcome<Option<Plan>> {
    let mut plans = call.ctx.store.plans().of_issue(call.issue).await?;
    let approved = plans.iter().rposition(|plan| plan.state == PlanState::Approved);
    Ok(match approved {
        Some(at) => Some(plans.swap_remove(at)),
        None => plans.pop(),
    })
}

/// The place of an item in the plan; 0 for one that comes from an earlier revision alone.
fn ordinal(item: &WorkItem, plan: Option<&Plan>) -> Outcome<usize> {
    let Some(plan) = plan else { return Ok(0) };
    if item.plan == plan.id {
        return Ok(usize::try_from(item.ordinal).unwrap_or(0));
    }
    let planned = plans::record(plan)?.plan.work_items;
    let same = planned.iter().find(|planned| planned.already.map(|already| already.issue) == item.issue);
    Ok(same.map_or(0, |planned| planned.ordinal))
}

/// So many are said to wait, each for what; the table above shows all.
const SAID: usize = 5;

/// What each open item waits for, or who has it.
fn held(rows: &[ItemRow]) -> String {
    let mut open = rows.iter().filter(|row| row.state == "open");
    let said = open.by_ref().take(SAID).map(|row| {
        let waits =
            Some(format!("waits for {}", row.waits.replace(", ", " and "))).filter(|_| !row.waits.is_empty());
        let person =
            Some(format!("is with {}", escape::inline(&row.assignee))).filter(|_| !row.assignee.is_empty());
        format!("#{} {}", row.number, words::listed(&person.into_iter().chain(waits).collect::<Vec<_>>()))
    });
    let said = said.collect::<Vec<_>>().join("; ");
    match open.count() {
        0 => said,
        more => format!("{said}; and so for {more} more"),
    }
}

/// Why there are none.
async fn none(call: &Call) -> Outcome<String> {
    let Some(plan) = plans::latest(&call.ctx, call.issue).await? else {
        return Ok(plans::none_yet(call).await?);
    };
    let rev = plan.rev;
    let content = plans::record(&plan)?.plan;
    let approve = call.voice.code(&format!("approve {rev}"));
    Ok(match plan.state {
        PlanState::Approved if approve::is_in_one(&plan) => {
            format!("Rev {rev} is approved as one pull request, so it has no sub-issues.")
        }
        _ if content.work_items.is_empty() => match plans::answering(&content) {
            Some(_) => format!("Rev {rev} proposes no work items yet; its questions come first."),
            None => format!("Rev {rev} proposes no work items."),
        },
        _ => format!("There are no work items on this issue; {approve} opens those of rev {rev}."),
    })
}

async fn row(call: &Call, item: &Standing, all: &[Standing]) -> Outcome<ItemRow> {
    let waits = if item.is_open() { waits(call, item, all).await? } else { Vec::new() };
    let issue = item.issue.as_ref();
    Ok(ItemRow {
        ordinal: 0,
        number: item.row.issue.map_or(0, |number| number.0),
        title: issue.map_or_else(|| item.row.title.clone(), |issue| issue.title.clone()),
        state: match issue {
            None => "gone",
            Some(_) if item.is_open() => "open",
            Some(_) => "closed",
        },
        assignee: issue
            .and_then(|issue| issue.assignees.first())
            .map(|person| person.login.clone())
            .unwrap_or_default(),
        waits: waits.join(", "),
    })
}

/// Open issues that an open item waits for: what GitHub says, for people add and remove dependencies too; what was written down
/// when the item was opened where the server has no dependencies.
async fn waits(call: &Call, item: &Standing, all: &[Standing]) -> Outcome<Vec<String>> {
    if let Some(number) = item.row.issue
        && let Some(blockers) = call.ctx.blockers(number).await?
    {
        let open = blockers.iter().filter(|issue| issue.state == IssueState::Open);
        return Ok(open.map(|issue| named(call, issue)).collect());
    }
    let mut waits = Vec::new();
    for wait in known::waits(&item.row) {
        let blocker = match wait {
            WaitOn::Item(ordinal) => all
                .iter()
                .find(|other| usize::try_from(other.row.ordinal) == Ok(ordinal) && other.is_open())
                .and_then(|other| other.row.issue),
            WaitOn::Issue(number) => open_issue(call, number).await?,
        };
        waits.extend(blocker.map(|number| format!("#{number}")));
    }
    Ok(waits)
}

/// `#7`, or `owner/name#7` for an issue of another repository.
fn named(call: &Call, issue: &Issue) -> String {
    match issue.repository().filter(|repository| *repository != call.ctx.name) {
        Some(elsewhere) => format!("{elsewhere}#{}", issue.number),
        None => format!("#{}", issue.number),
    }
}

async fn open_issue(call: &Call, number: IssueNumber) -> Outcome<Option<IssueNumber>> {
    let issue = call.ctx.issue_or_gone(number).await?;
    Ok(issue.filter(|issue| issue.state == IssueState::Open).map(|issue| issue.number))
}
