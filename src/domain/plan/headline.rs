//! The verdict in one or two sentences.

use crate::domain::ids::IssueNumber;
use crate::domain::plan::already;
use crate::domain::plan::calls;
use crate::domain::plan::clause;
use crate::domain::plan::dependencies;
use crate::domain::plan::frames;
use crate::domain::plan::left_open;
use crate::domain::plan::model::{Plan, Requirement, Verdict, WaitOn, WorkItem};
use crate::domain::plan::questions;
use crate::domain::plan::revise;
use crate::domain::plan::size;
use crate::domain::plan::unheard;
use crate::domain::plan::words;

/// First line of the comment, as sentences without their periods.
pub fn headline(plan: &Plan) -> Vec<String> {
    let first = match plan.verdict {
        Verdict::TooVague => return vague(plan),
        Verdict::NotFeasible => return plan.headline.clone(),
        Verdict::Feasible | Verdict::FeasibleWithUnknowns => {
            match plan.work_items.iter().filter(|item| item.is_new()).count() {
                0 => return undecided(plan).into_iter().chain([nothing(plan)]).collect(),
                // How many pull requests it takes, only its place can tell.
                1 if is_homeless(plan) => {
                    format!("Where it is done is still open{}", first_of_all(plan))
                }
                count if is_homeless(plan) => format!(
                    "{} pieces of work, {}{}; where they are done is still open",
                    words::capitalized(&words::number(count)),
                    sequence(plan),
                    first_of_all(plan)
                ),
                1 => format!("Fits one {}pull request{}{}", adjective(plan), beside(plan), once(plan)),
                count => format!(
                    "Plannable as {count} {}pull requests{}, {}{}",
                    all_small(plan),
                    beside(plan),
                    sequence(plan),
                    once(plan)
                ),
            }
        }
    };
    let lacking = lacking(plan);
    let open = match plan.questions.len() {
        0 if !lacking.is_empty() || is_homeless(plan) || leaves_aside(plan) => None,
        0 => Some("Nothing is open".to_owned()),
        1 => Some("One point is open, with a default".to_owned()),
        count => {
            let shown = match count > revise::SHOWN {
                true => format!("; the first {} are asked", words::number(revise::SHOWN)),
                false => String::new(),
            };
            Some(format!(
                "{} points are open, with defaults{shown}",
                words::capitalized(&words::number(count))
            ))
        }
    };
    let rest = lacking.into_iter().chain(open);
    let otherwise = || format!("Else: {}", words::lowered(&first));
    match already::first(&plan.questions).or_else(|| undecided(plan)) {
        Some(done) => [done, otherwise()].into_iter().chain(rest).collect(),
        None => std::iter::once(first).chain(rest).collect(),
    }
}

fn undecided(plan: &Plan) -> Option<String> {
    left_open::first(&plan.questions)
}

/// Does it name something that is asked for and that nothing of it holds?
fn leaves_aside(plan: &Plan) -> bool {
    plan.not_checked.iter().any(|line| line.starts_with(unheard::ASIDE))
}

/// What nobody could start with, in the plainest words: the place, and what shows it done.
fn lacking(plan: &Plan) -> Vec<String> {
    let new = || plan.work_items.iter().filter(|item| item.is_new());
    let mut out = Vec::new();
    match () {
        () if new().any(|item| item.paths.is_empty()) && !is_homeless(plan) => {
            out.push("Where it is done is still to be found".to_owned());
        }
        () if is_guessed(plan) && new().nth(1).is_some() => out.push("The places are guesses".to_owned()),
        () => {}
    }
    let bare = plan.requirements.iter().filter(|one| {
        one.cases.iter().all(|case| clause::is_unshown(case))
            && new().any(|item| item.requirements.contains(&one.id))
    });
    let ids: Vec<String> = bare.map(|one| one.id.clone()).collect();
    if !ids.is_empty() {
        let verb = if ids.len() == 1 { "is" } else { "are" };
        out.push(format!("Nothing shows yet when {} {verb} done", words::some(&ids, 4)));
    }
    out
}

/// Whether nothing of what is new has a place.
fn is_homeless(plan: &Plan) -> bool {
    plan.work_items.iter().filter(|item| item.is_new()).all(|item| item.paths.is_empty())
}

/// Whether something new has no place but one that nobody named.
fn is_guessed(plan: &Plan) -> bool {
    let mut new = plan.work_items.iter().filter(|item| item.is_new());
    let likely = |id: &String| plan.requirements.iter().any(|one| one.id == *id && is_likely(one));
    new.any(|item| item.requirements.iter().any(likely))
}

fn vague(plan: &Plan) -> Vec<String> {
    // What was said behind the command is what was to be planned.
    let said = plan.requirements.iter().rfind(|one| one.by.is_some());
    let matter = said.map_or(plan.title.as_str(), |one| &one.quote);
    let title = words::quoted(&words::shorten(&frames::short(matter), 80));
    if calls::is_asked(&plan.questions) {
        return vec![
            format!(
                "Not one piece of work: {title} calls for contributions and says of none when it is done"
            ),
            "One part of it makes a plan".to_owned(),
        ];
    }
    if plan.questions.iter().any(|question| question.text.starts_with(questions::INQUIRED)) {
        return vec![format!("Not planned: {title} is a question and asks for no change")];
    }
    if plan.questions.iter().any(|question| question.slot.starts_with("vague.again.")) {
        return vec![
            format!("Still too vague to cut: neither {title} nor the answers say what one would see"),
            "One more answer makes it a plan".to_owned(),
        ];
    }
    vec![
        match plan.feasibility.iter().find(|lookup| lookup.found) {
            Some(found) => format!(
                "Too vague to cut: {title} names {}, but no outcome to check",
                words::code(&found.name)
            ),
            None => format!("Too vague to cut: {title} names no place and no outcome to check"),
        },
        "Answers make it a plan".to_owned(),
    ]
}

/// The issue that the plan waits for and that is not there, if any.
pub fn lost(plan: &Plan) -> Option<&str> {
    plan.questions.iter().find_map(|question| question.slot.strip_prefix("dependency."))
}

fn nothing(plan: &Plan) -> String {
    if let Some(issue) = lost(plan) {
        return format!("No item yet: #{issue}, which comes first, is not in this repository");
    }
    let left = open_children(plan);
    match plan.existing.len() + plan.work_items.len() {
        0 => match plan.requirements.as_slice() {
            [first, ..] => format!(
                "No item yet: nothing shows when {} is met",
                words::quoted(&words::shorten(&first.quote, 60))
            ),
            [] => format!("No item: {} asks for nothing", words::quoted(&words::shorten(&plan.title, 60))),
        },
        count => format!(
            "Already cut into {count} sub-issue{}, {}{}",
            if count == 1 { "" } else { "s" },
            match (sub_issues(plan).as_slice(), left.is_empty()) {
                ([only], true) => format!("{only}, which is closed"),
                ([only], false) => format!("{only}, which is left"),
                _ => told_left(&left),
            },
            if left.is_empty() { String::new() } else { first_of_all(plan) }
        ),
    }
}

/// The open sub-issues that a new pull request stands beside.
fn beside(plan: &Plan) -> String {
    let open: Vec<String> =
        plan.work_items.iter().filter_map(WorkItem::open_as).map(|issue| format!("#{issue}")).collect();
    if open.is_empty() { String::new() } else { format!(" beside {}", words::some(&open, 4)) }
}

/// Which of the sub-issues are still to do.
fn open_children(plan: &Plan) -> Vec<String> {
    let items = plan.work_items.iter().filter_map(WorkItem::open_as).map(|issue| format!("#{issue}"));
    items.chain(plan.existing_open.iter().map(|issue| format!("#{issue}"))).collect()
}

/// All that there are, by number.
fn sub_issues(plan: &Plan) -> Vec<String> {
    let carried = plan.work_items.iter().filter_map(|item| item.already);
    let beside = plan.existing.iter().filter_map(|line| line.split(' ').next());
    carried.map(|already| format!("#{}", already.issue)).chain(beside.map(str::to_owned)).collect()
}

fn told_left(left: &[String]) -> String {
    match left {
        [] => "all of them closed".to_owned(),
        [one] => format!("of which {one} is left"),
        many => format!("of which {} are left", words::some(many, 4)),
    }
}

fn is_likely(requirement: &Requirement) -> bool {
    requirement.likely.is_some()
}

/// How large the one new item is, where that is more than a count over guesses.
fn adjective(plan: &Plan) -> &'static str {
    let known = |item: &&WorkItem| !item.size.prior || size::is_sure(plan, item);
    let new = plan.work_items.iter().find(|item| item.is_new()).filter(known);
    match new.map(|item| item.size.bucket.as_str()) {
        None => "",
        Some("XS" | "S") => "small ",
        Some("M") => "medium ",
        Some(_) => "large ",
    }
}

fn all_small(plan: &Plan) -> &'static str {
    let mut new = plan.work_items.iter().filter(|item| item.is_new());
    let known = |item: &WorkItem| !item.size.prior || size::is_sure(plan, item);
    let small = new.all(|item| known(item) && matches!(item.size.bucket.as_str(), "XS" | "S"));
    if small { "small " } else { "" }
}

fn sequence(plan: &Plan) -> String {
    let new = || plan.work_items.iter().filter(|item| item.is_new());
    let is_new = |ordinal: usize| new().any(|item| item.ordinal == ordinal);
    let free = new()
        .filter(|item| !item.depends_on.iter().any(|wait| matches!(wait.on, WaitOn::Item(on) if is_new(on))))
        .count();
    match (free, new().count()) {
        (1, _) => "one after the other".to_owned(),
        (free, count) if free == count => "in any order".to_owned(),
        (free, _) => format!("{free} of them free to start"),
    }
}

/// What has to happen first; else where it begins.
fn once(plan: &Plan) -> String {
    let first = first_of_all(plan);
    if !first.is_empty() {
        return first;
    }
    let mut new = plan.work_items.iter().filter(|item| item.is_new());
    match new.next().and_then(|item| item.paths.first()) {
        Some(path) if new.next().is_none() => match plan.requirements.iter().find(|one| is_likely(one)) {
            Some(guessed) => {
                let others = guessed.places.iter().map(|place| &place.path).filter(|other| *other != path);
                let others: Vec<String> = others.map(|other| words::code(other)).collect();
                let else_in = if others.is_empty() { "" } else { ", else in " };
                format!(", most likely in {}{else_in}{}", words::code(path), words::one_of(&others))
            }
            None => format!(" in {}", words::code(path)),
        },
        Some(path) => format!(", from {} on", words::code(path)),
        None => String::new(),
    }
}

/// Is there still something to do? An item that is done waits for nothing any more.
fn is_left(item: &WorkItem) -> bool {
    item.is_new() || item.open_as().is_some()
}

/// Whether anything that is left waits for the issue.
fn is_waited_for(plan: &Plan, issue: IssueNumber) -> bool {
    let mut left = plan.work_items.iter().filter(|item| is_left(item));
    let waits = |item: &WorkItem| item.depends_on.iter().any(|wait| wait.on == WaitOn::Issue(issue));
    plan.work_items.is_empty() || left.any(waits)
}

/// The open issues that come first.
fn first_of_all(plan: &Plan) -> String {
    let first = plan
        .dependencies
        .iter()
        .filter(|dependency| dependency.state != "closed" && is_waited_for(plan, dependency.issue));
    let mut open: Vec<String> = dependencies::open_first(first)
        .into_iter()
        .map(|dependency| match dependency.state.as_str() {
            "open" => format!("#{} (open)", dependency.issue),
            _ => format!("#{}", dependency.issue),
        })
        .collect();
    let unseen = if open.is_empty() { 0 } else { plan.unseen };
    if plan.work_items.is_empty() || plan.work_items.iter().any(is_left) {
        let outside = plan.elsewhere.iter().filter(|one| one.is_left());
        open.extend(outside.map(|one| match one.state.as_str() {
            "open" => format!("{} (open)", one.told()),
            _ => one.told(),
        }));
    }
    match open.len() {
        0 => String::new(),
        1 => format!(", once {} is done", open.join("")),
        _ => format!(", once {} are done", dependencies::told(&open, unseen)),
    }
}
