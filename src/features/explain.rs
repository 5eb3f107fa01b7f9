//! `/why` and `/status`: the evidence behind a statement, and where things stand.

use serde::Serialize;

use crate::domain::escape;
use crate::domain::event::IssueState;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::hash;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::markdown as prose;
use crate::domain::plan::why;
use crate::domain::plan::{Plan, WorkItem};
use crate::features::answers::Sentence;
use crate::features::call::Call;
use crate::features::discover;
use crate::features::plans;
use crate::features::runs;
use crate::features::words;
use crate::features::work_items::known;
use crate::render::view::{Stamp, View};
use crate::store::{CommandState, WorkItemState};
use crate::store::{Plan as PlanRow, PlanState};

/// Evidence and arithmetic behind one id of the plan.
#[derive(Serialize)]
pub struct Why {
    title: String,
    lines: Vec<String>,
    #[serde(skip)]
    stamp: Stamp,
}

impl View for Why {
    const TEMPLATE: &'static str = "answer/why.md.j2";

    fn samples() -> Vec<Self> {
        let lines = vec!["“success resets the counter”, line 5 of the issue".to_owned()];
        vec![Self { title: "R1".to_owned(), lines, stamp: Stamp::None }]
    }

    fn stamp(&self) -> Stamp {
        self.stamp.clone()
    }
}

/// Answers `/why ID` from the newest plan.
pub async fn why(call: &Call, id: &str) -> Outcome {
    if let Some(answered) = discovered(call, id).await? {
        return Ok(answered);
    }
    let Some(row) = plans::latest(&call.ctx, call.issue).await? else {
        return Err(Failure::User(plans::none_yet(call).await?));
    };
    let asked = id.trim().trim_matches('`');
    let number = asked.strip_prefix('#').and_then(|number| number.parse().ok()).map(IssueNumber);
    let newest = row.rev;
    let Subject { row, plan, id } = match number {
        Some(number) => of_issue(call, row, number).await?,
        None => Subject { plan: plans::record(&row)?.plan, row, id: asked.to_owned() },
    };
    let found = plan.why.iter().find(|(key, _)| key.eq_ignore_ascii_case(&id));
    if found.is_none() && id.eq_ignore_ascii_case("rules") {
        let text = format!("None of the rules finds anything in rev {}.", row.rev);
        return call.answer(&Sentence { text }).await;
    }
    let Some((key, lines)) = found else { return Err(Failure::User(ids(call, &plan))) };
    let lines = &standing(call, (&plan, key), lines).await?;
    let from = (row.rev != newest)
        .then(|| format!("planned in rev {}; rev {newest}, the newest, has no such work item", row.rev));
    let view = Why {
        title: title(&plan, key),
        lines: from.iter().chain(lines).map(|line| prose::plain(line)).collect(),
        stamp: Stamp::Plan { rev: row.rev, base: hash::commit(&row.base_sha) },
    };
    call.answer(&view).await
}

/// The evidence as it holds today: a sub-issue that the plan found may be taken back since, and opened anew as another.
async fn standing(call: &Call, (plan, key): (&Plan, &str), lines: &[String]) -> Outcome<Vec<String>> {
    let requirement = plan.requirements.iter().find(|one| one.id == key).and_then(|one| one.within);
    let item = plan.work_items.iter().find(|item| item.ordinal.to_string() == key);
    let Some(named) = requirement.or(item.and_then(WorkItem::open_as)) else { return Ok(lines.to_vec()) };
    let rows = known::newest(call.ctx.store.work_items().of_parent(call.issue).await?);
    let gone = rows.iter().find(|row| row.issue == Some(named) && row.state == WorkItemState::Undone);
    let Some(gone) = gone else { return Ok(lines.to_vec()) };
    let anew =
        rows.iter().rfind(|row| row.fingerprint == gone.fingerprint && row.state != WorkItemState::Undone);
    let now = |line: &String| {
        let is_within = *line == why::within(named);
        if !is_within && *line != why::open_as(named) {
            return line.clone();
        }
        match anew.and_then(|row| row.issue) {
            Some(issue) if is_within => why::within(issue),
            Some(issue) => why::open_as(issue),
            None if is_within => format!("stood in sub-issue #{named}, which was taken back"),
            None => format!("was open as #{named}, which was taken back"),
        }
    };
    Ok(lines.iter().map(now).collect())
}

/// What is explained, and by which revision.
struct Subject {
    row: PlanRow,
    plan: Plan,
    id: String,
}

/// A work item by its issue: as the newest revision has it; else as the revision had it for which it was opened.
async fn of_issue(call: &Call, row: PlanRow, number: IssueNumber) -> Outcome<Subject> {
    let plan = plans::record(&row)?.plan;
    let is = |item: &&WorkItem| item.already.is_some_and(|already| already.issue == number);
    if let Some(item) = plan.work_items.iter().find(is) {
        return Ok(Subject { id: item.ordinal.to_string(), row, plan });
    }
    let rows = known::newest(call.ctx.store.work_items().of_parent(call.issue).await?);
    let Some(known) = rows.into_iter().find(|known| known.issue == Some(number)) else {
        return Ok(Subject { id: format!("#{number}"), row, plan });
    };
    let same = |item: &&WorkItem| known::fingerprint(&plan, item) == known.fingerprint;
    if let Some(item) = plan.work_items.iter().find(same) {
        return Ok(Subject { id: item.ordinal.to_string(), row, plan });
    }
    let id = known.ordinal.to_string();
    match call.ctx.store.plans().get(known.plan).await? {
        Some(row) => Ok(Subject { plan: plans::record(&row)?.plan, row, id }),
        None => Ok(Subject { id: format!("#{number}"), row, plan }),
    }
}

/// Explains a candidate, `D1` to `D5`, of the list that was shown last on the issue; `None` for any other id.
async fn discovered(call: &Call, id: &str) -> Outcome<Option<()>> {
    let asked = id.trim().trim_matches('`');
    let number = asked.strip_prefix(['d', 'D']).and_then(|digits| digits.parse::<usize>().ok());
    let Some(number) = number else { return Ok(None) };
    let Some(shown) = discover::latest(call).await? else {
        let command = call.voice.code("enhance discover");
        let text = format!("No candidates were listed on this issue yet; {command} lists them.");
        return Err(Failure::User(text));
    };
    let Some(candidate) = number.checked_sub(1).and_then(|at| shown.candidates.get(at)) else {
        let count = shown.candidates.len();
        return Err(Failure::User(format!("The list on this issue ends with `D{count}`.")));
    };
    let view = Why {
        title: format!("D{number}: {}", prose::plain(&candidate.title)),
        lines: candidate.arithmetic().iter().map(|line| prose::plain(line)).collect(),
        stamp: Stamp::Commit { base: hash::commit(&shown.base_sha) },
    };
    call.answer(&view).await.map(Some)
}

fn title(plan: &Plan, key: &str) -> String {
    if let Some(requirement) = plan.requirements.iter().find(|requirement| requirement.id == key) {
        return format!("{key}: “{}”", prose::plain(&requirement.quote));
    }
    let item = plan.work_items.iter().find(|item| item.ordinal.to_string() == key);
    item.map_or_else(|| key.to_owned(), |item| format!("{key}. {}", prose::plain(&item.title)))
}

fn ids(call: &Call, plan: &Plan) -> String {
    let known = plan.why.keys().map(|key| escape::code_span(key)).collect::<Vec<_>>();
    let first = plan.requirements.first().map(|requirement| requirement.id.as_str());
    let example = first.or(plan.why.keys().next().map(String::as_str)).unwrap_or("R1");
    let example = call.voice.code(&format!("why {example}"));
    format!("This plan can explain {}; for example {example}.", words::listed(&known))
}

/// Where things stand on one issue.
#[derive(Serialize)]
pub struct Status {
    /// Our own words alone, Markdown already.
    headline: String,
    plan: Option<PlanLine>,
    items: Option<ItemLine>,
    running: Vec<RunLine>,
    mode: String,
    mode_source: String,
}

#[derive(Serialize)]
struct PlanLine {
    rev: i64,
    url: String,
    state: &'static str,
    base: String,
}

#[derive(Serialize)]
struct ItemLine {
    open: usize,
    closed: usize,
    gone: usize,
}

#[derive(Serialize)]
struct RunLine {
    state: &'static str,
    command: String,
    actor: String,
}

impl View for Status {
    const TEMPLATE: &'static str = "answer/status.md.j2";

    fn samples() -> Vec<Self> {
        let empty = Self {
            headline: "Nothing is planned or running on this issue.".to_owned(),
            plan: None,
            items: None,
            running: vec![],
            mode: "full".to_owned(),
            mode_source: String::new(),
        };
        let busy = Self {
            headline: "Rev 1 waits for approval.".to_owned(),
            plan: Some(PlanLine {
                rev: 1,
                url: "https://github.com/acme/web/issues/2".to_owned(),
                state: "current",
                base: "4f1c2ab".to_owned(),
            }),
            items: Some(ItemLine { open: 1, closed: 1, gone: 1 }),
            running: vec![RunLine {
                state: "Running",
                command: "/enhance".to_owned(),
                actor: "ada".to_owned(),
            }],
            mode: "full".to_owned(),
            mode_source: "repository".to_owned(),
        };
        vec![empty, busy]
    }

    fn stamp(&self) -> Stamp {
        self.plan.as_ref().map_or(Stamp::Bare, |plan| Stamp::Plan { rev: plan.rev, base: plan.base.clone() })
    }
}

/// Answers `/status`.
pub async fn status(call: &Call) -> Outcome {
    let plan = plans::latest(&call.ctx, call.issue).await?;
    let items = known::standing(&call.ctx, call.issue).await?;
    let count = Count {
        open: items.iter().filter(|item| item.is_open()).count(),
        gone: items.iter().filter(|item| item.issue.is_none()).count(),
        all: items.len(),
    };
    let halted = runs::halted(&call.ctx, call.issue).await?;
    let commands = call.ctx.store.commands().of_issue(call.issue).await?;
    let running = commands
        .iter()
        .filter(|row| !(row.comment == call.comment && row.key == call.key))
        .filter_map(|row| {
            let state = match row.state {
                CommandState::Accepted => "Waiting",
                CommandState::Running => "Running",
                CommandState::Stopped if halted.iter().any(|run| run.command == Some(row.id)) => "Stopped",
                _ => return None,
            };
            Some(RunLine { state, command: call.voice.plain(&row.line), actor: row.actor.clone() })
        })
        .collect::<Vec<_>>();
    let issue = call.ctx.github.issue(call.issue).await?;
    let stands = match &plan {
        Some(row) if row.comment_url.is_none() && !call.observing() => {
            format!("Rev {} is not posted yet.", row.rev)
        }
        Some(row) => headline(row, &count),
        None => match plans::parent(call, &issue).await? {
            Some(parent) => format!("{}.", plans::belongs(call.issue, &parent)),
            None => "There is no plan on this issue.".to_owned(),
        },
    };
    let view = Status {
        headline: match issue.state {
            IssueState::Open => stands,
            IssueState::Closed => format!("{stands} This issue is closed."),
        },
        plan: plan.as_ref().map(|row| PlanLine {
            rev: row.rev,
            url: row.comment_url.clone().unwrap_or_default(),
            state: state_word(row.state),
            base: hash::commit(&row.base_sha),
        }),
        items: (count.all > 0).then(|| ItemLine {
            open: count.open,
            closed: count.all - count.open - count.gone,
            gone: count.gone,
        }),
        running,
        mode: call.ctx.standing.mode().to_string(),
        mode_source: call.ctx.standing.effective.mode.source.to_string(),
    };
    call.answer(&view).await
}

fn state_word(state: PlanState) -> &'static str {
    match state {
        PlanState::Current => "not yet approved",
        PlanState::Approved => "approved",
        PlanState::Superseded => "superseded",
        PlanState::Undone => "taken back",
    }
}

/// Work items as GitHub shows them.
struct Count {
    open: usize,
    gone: usize,
    all: usize,
}

fn headline(row: &PlanRow, items: &Count) -> String {
    match row.state {
        PlanState::Current => match plans::record(row) {
            Ok(record) if record.plan.work_items.is_empty() && !record.plan.questions.is_empty() => {
                format!("Rev {} waits for answers to its questions.", row.rev)
            }
            Ok(record) if record.plan.work_items.is_empty() => {
                format!("Rev {} proposes no work items.", row.rev)
            }
            Ok(record) if !record.plan.work_items.iter().any(WorkItem::is_new) => {
                format!("Rev {} stands, and approving it opens nothing new.", row.rev)
            }
            _ => format!("Rev {} waits for approval.", row.rev),
        },
        _ if items.all == 0 => format!("Rev {} is {}.", row.rev, state_word(row.state)),
        _ => words::open_of(items.open, items.all, items.gone),
    }
}
