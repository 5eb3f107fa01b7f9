//! The sentences about an approval.

use std::collections::BTreeMap;

use crate::domain::approval::{self, Draft, Refusal, Support, Wait};
use crate::domain::escape;
use crate::domain::event::IssueState;
use crate::domain::failure::Outcome;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::Plan;
use crate::domain::plan::dependencies;
use crate::domain::plan::model::Elsewhere;
use crate::features::call::Call;
use crate::features::plans;
use crate::features::words;
use crate::features::work_items::approve::{self, Shape};
use crate::store::{Plan as PlanRow, PlanState};

/// Why not, and what would mend it.
pub async fn refusal(
    call: &Call,
    shape: Shape,
    (refusal, latest): (&Refusal, Option<&PlanRow>),
) -> Outcome<String> {
    let command = |rest: &str| call.voice.code(rest);
    let again = |rev: &i64| {
        command(&format!("approve {rev}{}{}", shape.flag(), if call.dry_run { " --dry-run" } else { "" }))
    };
    let in_one_already = latest.is_some_and(approve::is_in_one);
    let plan = || latest.and_then(|row| plans::record(row).ok()).map(|record| record.plan);
    Ok(match refusal {
        Refusal::NoPlan => plans::none_yet(call).await?,
        Refusal::NotPosted { rev } => {
            format!("Rev {rev} is not posted yet, so nobody could read it; {} posts it.", command("enhance"))
        }
        Refusal::NotLatest { latest: rev }
            if latest.is_some_and(|latest| latest.state == PlanState::Approved) =>
        {
            format!("The newest revision here is rev {rev}, which is approved already.")
        }
        Refusal::NotLatest { latest: rev } => {
            let plan = plan();
            match (plan.as_ref().is_some_and(offers), plan.as_ref().and_then(answering)) {
                (true, _) => format!("The newest revision here is rev {rev}; {} approves it.", again(rev)),
                (false, Some(answer)) => format!(
                    "The newest revision here is rev {rev}, and it has no work items yet; {} answers its questions.",
                    command(&answer)
                ),
                (false, None) => {
                    format!("The newest revision here is rev {rev}, and it has no work items to open.")
                }
            }
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
            again(rev)
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
        Refusal::NothingToDo { rev } => match plan().as_ref().and_then(answering) {
            Some(answer) => format!(
                "Rev {rev} proposes no work items yet; once its questions are answered with {}, there is something to approve.",
                command(&answer)
            ),
            None => format!("Rev {rev} proposes no work items, so there is nothing to approve."),
        },
    })
}

/// Whether something in it is still to be done.
fn offers(plan: &Plan) -> bool {
    plan.work_items.iter().any(|item| !item.already.is_some_and(|already| already.done))
}

/// What answers its first question, where that is what keeps it from having work items.
fn answering(plan: &Plan) -> Option<String> {
    plan.work_items.is_empty().then(|| plans::answering(plan))?
}

/// A command finds that its own approval was taken back before it was done.
pub fn taken_back(call: &Call, shape: Shape, rev: i64) -> String {
    format!(
        "The approval of rev {rev} was taken back before all its work items were open; {} gives it anew.",
        call.voice.code(&format!("approve {rev}{}", shape.flag()))
    )
}

/// How many work items became issues now, and what the others were; follows `Rev 1 is approved:`.
pub fn opened(drafts: &[&Draft], sub_issues: Support) -> String {
    let kind = match sub_issues {
        Support::Present => "sub-issue",
        Support::Missing => "issue",
    };
    let all = drafts.len();
    let count = |state| drafts.iter().filter(|draft| draft.existing_state() == state).count();
    let (new, open, closed) = (count(None), count(Some(IssueState::Open)), count(Some(IssueState::Closed)));
    match (new, open, closed) {
        (1, 0, 0) => {
            return format!("1 work item is open as {} {kind}", if kind == "issue" { "an" } else { "a" });
        }
        (_, 0, 0) => return format!("{all} work items are open as {kind}s"),
        (0, _, 0) => return "all of its work items were open already".to_owned(),
        (0, 0, 1) => return "its work item is closed already".to_owned(),
        (0, 0, _) => return "all of its work items are closed already".to_owned(),
        _ => {}
    }
    let be = |count: usize, one: &'static str, many: &'static str| if count == 1 { one } else { many };
    let parts = [
        (new, format!("{} new", be(new, "is", "are"))),
        (open, format!("{} open already", be(open, "was", "were"))),
        (closed, format!("{} closed already", be(closed, "is", "are"))),
    ];
    let mut parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let first = parts.next().map(|(count, what)| format!("{count} of its {all} work items {what}"));
    let rest = parts.map(|(count, what)| format!("{count} {what}"));
    first.into_iter().chain(rest).collect::<Vec<_>>().join(", ")
}

/// What is said behind a work item that was there before.
pub fn standing(draft: &Draft) -> &'static str {
    match draft.existing_state() {
        None => "",
        Some(IssueState::Open) => "was open already",
        Some(IssueState::Closed) => "is closed already",
    }
}

/// `1.`, or a box to tick where nothing else shows what is done.
pub fn bullet(ordinal: usize, sub_issues: Support) -> String {
    match sub_issues {
        Support::Present => format!("{ordinal}."),
        Support::Missing => "- [ ]".to_owned(),
    }
}

/// How to take it back: only what this approval opened is closed again.
pub fn undo(call: &Call, closes: usize, all: usize) -> String {
    let undo = call.voice.code("undo");
    match (closes, all) {
        (0, _) => String::new(),
        (1, 1) => format!("{undo} closes it again while nobody has touched it."),
        (closes, all) if closes == all => format!("{undo} closes them again while nobody has touched them."),
        (1, _) => format!("{undo} closes the new one again while nobody has touched it."),
        _ => format!("{undo} closes the new ones again while nobody has touched them."),
    }
}

/// What an item still waits for, as numbers; empty when it can be started, or is done.
pub fn waits(draft: &Draft, opened: &Opened<'_>) -> String {
    if draft.existing_state() == Some(IssueState::Closed) {
        return String::new();
    }
    let names = approval::open_waits(draft, opened.drafts).filter_map(|wait| match wait {
        Wait::Item(ordinal) => opened.numbers.get(ordinal).map(|number| format!("#{number}")),
        Wait::Issue(issue) => Some(issue.to_string()),
    });
    dependencies::told(&names.collect::<Vec<_>>(), 0)
}

/// What to begin with.
pub fn start(elsewhere: &[Elsewhere], opened: &Opened<'_>) -> String {
    let mut left = opened.drafts.iter().filter(|draft| draft.existing_state() != Some(IssueState::Closed));
    let number = |draft: &Draft| opened.numbers.get(&draft.ordinal).map(|number| format!("#{number}"));
    let free = left
        .clone()
        .filter(|draft| approval::open_waits(draft, opened.drafts).next().is_none())
        .filter_map(number)
        .collect::<Vec<_>>();
    let outside = once(&outside(elsewhere).collect::<Vec<_>>(), 0);
    match free.as_slice() {
        [] => {}
        [one] => return format!("Start with {one}{outside}."),
        many if outside.is_empty() => {
            return format!("Start with {}, in any order, or at once.", words::listed(many));
        }
        many => return format!("Start with {} in any order{outside}.", words::listed(many)),
    }
    let first = left.next().and_then(|draft| Some((number(draft)?, waits(draft, opened))));
    first.map_or_else(String::new, |(number, waits)| format!("Start with {number} once {waits} is done."))
}

/// Issues of other repositories that are not known to be closed.
fn outside(elsewhere: &[Elsewhere]) -> impl Iterator<Item = String> {
    let left = elsewhere.iter().filter(|one| one.is_left());
    left.map(|one| escape::code_span(&one.name))
}

fn once(first: &[String], unseen: usize) -> String {
    match first {
        [] => String::new(),
        [one] => format!(" once {one} is done"),
        many => format!(" once {} are done", dependencies::told(many, unseen)),
    }
}

/// What comes next where everything stays in one pull request.
pub fn one(call: &Call, plan: &Plan) -> String {
    let first = plan.dependencies.iter().filter(|dependency| dependency.state != "closed");
    let first = first.map(|dependency| format!("#{}", dependency.issue)).chain(outside(&plan.elsewhere));
    let once = once(&first.collect::<Vec<_>>(), plan.unseen);
    let once = if once.is_empty() { once } else { format!(",{once}") };
    let closes = escape::code_span(&format!("Closes #{}", call.issue));
    format!("Next comes one pull request{once}; {closes} in its text closes this issue with the merge.")
}

/// The work items of a revision and the issues that they are.
pub struct Opened<'a> {
    /// In the order of the plan.
    pub drafts: &'a [Draft],
    /// By ordinal.
    pub numbers: &'a BTreeMap<usize, IssueNumber>,
}

/// Items of an earlier revision that are open and not part of this one.
pub fn left_over(rev: i64, left: &[IssueNumber]) -> Option<String> {
    let them = match left.len() {
        0 => return None,
        1 => "It comes from an earlier revision and stays open.",
        _ => "They come from an earlier revision and stay open.",
    };
    let left = left.iter().map(|number| format!("#{number}")).collect::<Vec<_>>();
    Some(format!("Not part of rev {rev}: {}. {them}", words::listed(&left)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::act::IssueRef;
    use crate::domain::approval::Existing;
    use crate::domain::ids::IssueId;

    fn draft(ordinal: usize, state: Option<IssueState>) -> Draft {
        let issue = IssueRef::Known { number: IssueNumber(ordinal as i64 + 2), id: IssueId(1) };
        Draft {
            ordinal,
            title: String::new(),
            body: String::new(),
            fingerprint: ordinal.to_string(),
            waits_for: if ordinal > 1 { vec![Wait::Item(ordinal - 1)] } else { vec![] },
            existing: state.map(|state| Existing { issue, state, blocked_by: vec![] }),
            label: None,
        }
    }

    #[test]
    fn what_is_new_open_and_closed_is_counted() {
        use IssueState::{Closed, Open};
        let cases: [(&[Option<IssueState>], &str); 8] = [
            (&[None], "1 work item is open as a sub-issue"),
            (&[None, None], "2 work items are open as sub-issues"),
            (&[Some(Open)], "all of its work items were open already"),
            (&[Some(Closed)], "its work item is closed already"),
            (&[Some(Closed), Some(Closed)], "all of its work items are closed already"),
            (&[None, Some(Open)], "1 of its 2 work items is new, 1 was open already"),
            (
                &[Some(Open), Some(Open), Some(Closed)],
                "2 of its 3 work items were open already, 1 is closed already",
            ),
            (
                &[None, None, Some(Open), Some(Closed)],
                "2 of its 4 work items are new, 1 was open already, 1 is closed already",
            ),
        ];
        for (states, sentence) in cases {
            let drafts =
                states.iter().enumerate().map(|(at, state)| draft(at + 1, *state)).collect::<Vec<_>>();
            assert_eq!(opened(&drafts.iter().collect::<Vec<_>>(), Support::Present), sentence);
        }
    }

    #[test]
    fn what_waits_only_for_closed_items_can_be_started() {
        let drafts = [draft(1, Some(IssueState::Closed)), draft(2, None), draft(3, None)];
        let numbers = (1..=3).map(|ordinal| (ordinal, IssueNumber(ordinal as i64 + 2))).collect();
        let all = Opened { drafts: &drafts, numbers: &numbers };
        assert_eq!(start(&[], &all), "Start with #4.");
        let other = |number: u8, state: &str| Elsewhere {
            name: format!("other/repo#{number}"),
            state: state.to_owned(),
            reason: "line 1".to_owned(),
        };
        let outside = [other(7, "unknown"), other(8, "closed")];
        assert_eq!(start(&outside, &all), "Start with #4 once `other/repo#7` is done.");
        assert_eq!(drafts.iter().map(|draft| waits(draft, &all)).collect::<Vec<_>>(), ["", "", "#4"]);
        let done = [draft(1, Some(IssueState::Closed))];
        assert_eq!(start(&[], &Opened { drafts: &done, numbers: &numbers }), "");
    }
}
