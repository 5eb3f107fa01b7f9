//! `/undo`: closes the work items that the last `/approve` opened and nobody has touched.

use crate::domain::act::Act;
use crate::domain::approval;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::hash;
use crate::domain::ids::{EffectKey, IssueNumber};
use crate::domain::record::PlanRecord;
use crate::features::call::Call;
use crate::features::plans;
use crate::features::words;
use crate::features::work_items::approve;
use crate::features::work_items::known;
use crate::features::work_items::views::{Kept, Undone};
use crate::render::view::Stamp;
use crate::store::{Plan, PlanId, PlanState};
use crate::store::{WorkItem, WorkItemState};

/// Closes what nobody has touched, and says what stays open and why.
pub async fn run(call: &Call) -> Outcome {
    let ctx = &call.ctx;
    let Some(plan) = plan(call).await? else {
        return Err(Failure::User(match plans::latest(ctx, call.issue).await? {
            Some(_) => "There is no approved plan on this issue, so there is nothing to undo.".to_owned(),
            None => plans::none_yet(call).await?,
        }));
    };
    let (closing, kept) = sort(call, &plan).await?;
    let acts = closing.iter().map(|(number, _)| close(call, *number)).collect::<Vec<_>>();
    let then = vec![format!("comment on #{} with what was closed and what stays", call.issue)];
    if call.act_then(&acts, then).await?.is_none() || call.observing() {
        return Ok(());
    }
    for (number, item) in &closing {
        ctx.store.work_items().set_state(item.id, WorkItemState::Undone).await?;
        // What was opened may be opened anew.
        ctx.store.effects().forget(&item_key(call, item)).await?;
        ctx.store.effects().forget(&approval::link_key(call.issue, *number)).await?;
    }
    // Where everything stays open, the approval stands.
    if !closing.is_empty() || kept.is_empty() {
        ctx.store.plans().mark_undone(plan.id).await?;
    }
    let around = Around::gather(call, &plan).await?;
    call.answer(&view(call, (&plan, around), &closing, kept)).await
}

/// What stands beside the approval that is taken back.
struct Around {
    /// The newest revision, and what is proposed there.
    newest: Option<(i64, Proposal)>,
    /// Open work items that this approval did not open, each with where it comes from.
    others: Vec<Kept>,
    /// An earlier revision that is still approved.
    earlier: Option<i64>,
    /// It was to be one pull request.
    in_one: bool,
}

/// What a revision proposes.
enum Proposal {
    /// Work items.
    Items,
    /// Questions, to be answered by this command.
    Questions(String),
    /// Neither.
    Nothing,
}

impl Proposal {
    fn of(plan: &Plan) -> Outcome<Self> {
        let content = plans::record(plan)?.plan;
        Ok(match plans::answering(&content) {
            _ if !content.work_items.is_empty() => Self::Items,
            Some(answer) => Self::Questions(answer),
            None => Self::Nothing,
        })
    }
}

impl Around {
    async fn gather(call: &Call, plan: &Plan) -> Outcome<Self> {
        let plans = call.ctx.store.plans().of_issue(call.issue).await?;
        let newest = match plans.last() {
            Some(newest) => Some((newest.rev, Proposal::of(newest)?)),
            None => None,
        };
        let rows = known::newest(call.ctx.store.work_items().of_parent(call.issue).await?);
        let mut others = Vec::new();
        for row in rows.iter().filter(|row| row.plan != plan.id && row.state == WorkItemState::Open) {
            let Some(number) = row.issue else { continue };
            let opened = call.ctx.store.effects().get(&item_key(call, row)).await?.is_some();
            let is_earlier = plans.iter().any(|other| other.id == row.plan && other.rev < plan.rev);
            let reason = match (opened, is_earlier) {
                (false, _) => "it was open before this approval",
                (true, true) => "an earlier approval opened it",
                (true, false) => "another approval opened it",
            };
            others.push(Kept { number: number.0, reason: reason.to_owned() });
        }
        let mut approved =
            plans.iter().filter(|other| other.state == PlanState::Approved && other.id != plan.id);
        Ok(Self {
            newest,
            others,
            earlier: approved.next_back().map(|other| other.rev),
            in_one: approve::is_in_one(plan),
        })
    }
}

/// The plan to take back: the one this very command has begun with before a crash, else the newest approved one.
async fn plan(call: &Call) -> Outcome<Option<Plan>> {
    let (plans, commands) = (call.ctx.store.plans(), call.ctx.store.commands());
    if let Some(begun) = commands.decision(call.id).await? {
        let id = begun.parse().map_err(Failure::internal)?;
        return Ok(plans.get(PlanId(id)).await?);
    }
    let approved =
        plans.of_issue(call.issue).await?.into_iter().rfind(|plan| plan.state == PlanState::Approved);
    if let Some(plan) = &approved
        && !call.dry_run
    {
        commands.decide(call.id, &plan.id.0.to_string()).await?;
        call.ctx.app.crash.pass("after_decision").await;
    }
    Ok(approved)
}

async fn sort(call: &Call, plan: &Plan) -> Outcome<(Vec<(IssueNumber, WorkItem)>, Vec<Kept>)> {
    // What there is of it, an earlier approval of the same revision opened.
    if approve::is_in_one(plan) {
        return Ok((Vec::new(), Vec::new()));
    }
    let ctx = &call.ctx;
    let record = plans::record(plan)?;
    let (mut closing, mut kept) = (Vec::new(), Vec::new());
    for item in known::newest(ctx.store.work_items().of_plan(plan.id).await?) {
        let Some(number) = item.issue else { continue };
        let closed_here = ctx.store.effects().get(&closing_key(call, number)).await?.is_some();
        if item.state == WorkItemState::Undone && !closed_here {
            continue;
        }
        let reason = match ctx.issue_or_gone(number).await? {
            _ if closed_here => None,
            None => Some("it is gone from this repository".to_owned()),
            Some(issue) => match call.ctx.store.effects().get(&item_key(call, &item)).await? {
                // Found by its marker: another approval opened it, and what it wrote is not known any more.
                None => Some("it was open before this approval".to_owned()),
                Some(opened) => known::touched(&issue, (&item, kind(&record, &item)), &opened.content_hash),
            },
        };
        match reason {
            None => closing.push((number, item)),
            Some(reason) => kept.push(Kept { number: number.0, reason }),
        }
    }
    Ok((closing, kept))
}

/// The kind of work that an item is, as its plan says.
fn kind<'a>(record: &'a PlanRecord, item: &WorkItem) -> &'a str {
    let planned =
        record.plan.work_items.iter().find(|planned| i64::try_from(planned.ordinal) == Ok(item.ordinal));
    planned.map_or("", |planned| planned.kind.as_str())
}

fn view(
    call: &Call,
    (plan, around): (&Plan, Around),
    closing: &[(IssueNumber, WorkItem)],
    mut kept: Vec<Kept>,
) -> Undone {
    let numbers = closing.iter().map(|(number, _)| format!("#{number}")).collect::<Vec<_>>();
    let headline = match numbers.as_slice() {
        [] if around.in_one => format!("Rev {} is no longer approved as one pull request.", plan.rev),
        [] if kept.is_empty() && around.others.is_empty() => {
            format!("Rev {} is no longer approved; it had no sub-issues.", plan.rev)
        }
        [] if kept.is_empty() => {
            format!("Rev {} is no longer approved; it had opened nothing of its own.", plan.rev)
        }
        [] => format!("Nothing was closed, and rev {} stays approved.", plan.rev),
        [one] => format!("{one} is closed again; nobody had touched it."),
        many => format!("{} are closed again; nobody had touched them.", words::listed(many)),
    };
    let stands = numbers.is_empty() && !kept.is_empty();
    let again = if stands { String::new() } else { again(call, (plan, &around), numbers.len()) };
    if !stands {
        kept.extend(around.others);
    }
    // A single sentence needs no more.
    let stamp = match kept.is_empty() && again.is_empty() {
        true => Stamp::None,
        false => Stamp::Plan { rev: plan.rev, base: hash::commit(&plan.base_sha) },
    };
    Undone { headline, kept, again, stamp }
}

/// What opens them anew, or takes back more; only what would not be refused.
fn again(call: &Call, (plan, around): (&Plan, &Around), closed: usize) -> String {
    let command = |rest: &str| call.voice.code(rest);
    let them = if closed == 1 { "it" } else { "them" };
    let mut sentences = Vec::new();
    match &around.newest {
        Some((rev, _)) if *rev == plan.rev && closed > 0 => {
            sentences.push(format!("{} opens {them} anew.", command(&format!("approve {rev}"))));
        }
        Some((rev, _)) if *rev == plan.rev && around.in_one => {
            sentences.push(format!("{} approves it again.", command(&format!("approve {rev} --one"))));
        }
        Some((rev, Proposal::Items)) if *rev != plan.rev => sentences.push(format!(
            "{} opens the work items of rev {rev}, the newest.",
            command(&format!("approve {rev}"))
        )),
        Some((rev, Proposal::Questions(answer))) if *rev != plan.rev => sentences.push(format!(
            "The newest revision, rev {rev}, proposes no work items yet; {} answers its questions.",
            command(answer)
        )),
        Some((rev, Proposal::Nothing)) if *rev != plan.rev => {
            sentences.push(format!("The newest revision, rev {rev}, proposes no work items."));
        }
        _ => {}
    }
    if let Some(rev) = around.earlier {
        sentences
            .push(format!("Rev {rev} is still approved; {} once more takes that back.", command("undo")));
    }
    sentences.join(" ")
}

fn close(call: &Call, issue: IssueNumber) -> Act {
    Act::Close { key: closing_key(call, issue), issue }
}

fn closing_key(call: &Call, number: IssueNumber) -> EffectKey {
    call.effect(&format!("close/{number}"))
}

/// The key under which approving has opened the issue.
fn item_key(call: &Call, item: &WorkItem) -> EffectKey {
    approval::item_key(call.issue, &item.fingerprint)
}
