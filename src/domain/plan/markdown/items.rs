//! The work items, and their graph where it branches.

use crate::domain::plan::markdown::links::Links;
use crate::domain::plan::model::{Plan, WaitOn, WorkItem};
use crate::domain::plan::{dependencies, size, words};

/// Items from which a branching order is drawn.
const DRAWN: usize = 4;

/// The numbered list.
pub fn list(plan: &Plan, links: &mut Links) -> Option<String> {
    match plan.work_items.as_slice() {
        [] => None,
        [only] => {
            let line = line(plan, only, links);
            Some(format!("**Work item**\n1. {line}"))
        }
        many => {
            let mut lines = vec!["**Work items**".to_owned()];
            for item in many {
                lines.push(format!("{}. {}", item.ordinal, line(plan, item, links)));
            }
            Some(lines.join("\n"))
        }
    }
}

fn line(plan: &Plan, item: &WorkItem, links: &Links) -> String {
    let title = links.plain(&item.title);
    let which = requirements(&item.requirements);
    let size = format!("size {}", size::measured(plan, item));
    let mut parts = vec![which, size];
    let is_done = item.already.is_some_and(|already| already.done);
    let left = item.depends_on.iter().filter(|wait| !is_done && !plan.is_done(wait.on));
    let mut waits: Vec<String> = left.map(|wait| waits_for(plan, wait.on, &wait.reason, links)).collect();
    waits.extend(plan.outside(item).filter(|_| !is_done).map(|one| match one.state.as_str() {
        "unknown" => format!("{} (not checked)", links.plain(&one.told())),
        _ => links.plain(&one.told()),
    }));
    if !waits.is_empty() {
        parts.push(format!("waits for {}", dependencies::told(&waits, plan.unseen_by(item))));
    }
    parts.extend(item.already.map(|already| match already.done {
        true => format!("done in #{}", already.issue),
        false => format!("open already as #{}", already.issue),
    }));
    let end = if title.ends_with(['.', '…', '?']) { "" } else { "." };
    format!("**{title}{end}** {}", parts.join(" · "))
}

fn waits_for(plan: &Plan, on: WaitOn, reason: &str, links: &Links) -> String {
    match on {
        WaitOn::Item(ordinal) => format!("{ordinal}: {}", links.plain(reason)),
        WaitOn::Issue(issue) => {
            let state = plan.dependencies.iter().find(|dependency| dependency.issue == issue);
            match state.map(|dependency| dependency.state.as_str()) {
                Some("unknown") => format!("#{issue} (state not known)"),
                _ => format!("#{issue}"),
            }
        }
    }
}

/// `R1, R3` or `R1–R8`.
fn requirements(ids: &[String]) -> String {
    let numbers: Vec<usize> = ids.iter().filter_map(|id| id.get(1..)?.parse().ok()).collect();
    let unbroken = numbers.windows(2).all(|pair| matches!(pair, [a, b] if *b == a + 1));
    match (numbers.first(), numbers.last()) {
        (Some(first), Some(last)) if unbroken && numbers.len() > 2 => format!("R{first}–R{last}"),
        _ => ids.join(", "),
    }
}

/// A picture from four items on, when the order is more than a chain.
pub fn graph(plan: &Plan) -> Option<String> {
    let items = &plan.work_items;
    let edges: Vec<(usize, usize)> = items
        .iter()
        .flat_map(|item| {
            item.depends_on.iter().filter_map(|wait| match wait.on {
                WaitOn::Item(on) => Some((on, item.ordinal)),
                WaitOn::Issue(_) => None,
            })
        })
        .collect();
    let twice = |pick: fn(&(usize, usize)) -> usize| {
        edges.iter().any(|edge| edges.iter().filter(|other| pick(other) == pick(edge)).count() > 1)
    };
    let branches = twice(|edge| edge.0) || twice(|edge| edge.1);
    if items.len() < DRAWN || edges.is_empty() || !branches {
        return None;
    }
    let mut lines = vec!["```mermaid".to_owned(), "graph LR".to_owned()];
    for item in items {
        lines.push(format!("  i{0}[\"{0} {1}\"]", item.ordinal, label(&item.title)));
    }
    lines.extend(edges.iter().map(|(on, item)| format!("  i{on} --> i{item}")));
    lines.push("```".to_owned());
    Some(lines.join("\n"))
}

/// Letters, digits and a little more: nothing that Mermaid or Markdown reads.
fn label(title: &str) -> String {
    let kept: String = title
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '/') { c } else { ' ' })
        .collect();
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    words::shorten(&kept, 36)
}
