//! What waits for what around one issue, drawn from the world's dependencies.

use crate::cli::demo::drawing::{Diagram, Look, Node, draw};
use crate::sandbox::{Issue, REPOSITORY};

/// The sub-issues of the issue (or of its parent) and everything that one of them waits for or that waits for it; none
/// while nothing waits.
pub fn graph(issues: &[Issue], here: &Issue) -> Option<String> {
    let shown = family(issues, here);
    let place = |id: i64| shown.iter().position(|issue| issue.id == id);
    let arrows: Vec<(usize, usize)> = shown
        .iter()
        .enumerate()
        .flat_map(|(to, issue)| issue.blocked_by.iter().filter_map(move |id| Some((place(*id)?, to))))
        .collect();
    if arrows.is_empty() {
        return None;
    }
    let boxes = shown.iter().map(|issue| node(issue, here)).collect();
    let title = "What waits for what: an arrow leads from what comes first".to_owned();
    Some(draw(&Diagram { title, boxes, arrows }))
}

fn family<'a>(issues: &'a [Issue], here: &Issue) -> Vec<&'a Issue> {
    let root = match (here.sub_issues.is_empty(), here.parent) {
        (true, Some(parent)) => parent,
        _ => here.id,
    };
    let children = issues.iter().find(|issue| issue.id == root).map(|issue| issue.sub_issues.clone());
    let mut ids = children.unwrap_or_default();
    let waits = !here.blocked_by.is_empty() || issues.iter().any(|issue| issue.blocked_by.contains(&here.id));
    if waits && !ids.contains(&here.id) {
        ids.push(here.id);
    }
    let mut next = 0;
    while let Some(id) = ids.get(next).copied() {
        next += 1;
        for issue in issues {
            let near = if issue.id == id { issue.blocked_by.clone() } else { Vec::new() };
            let after = issue.blocked_by.contains(&id).then_some(issue.id);
            for found in near.into_iter().chain(after) {
                if !ids.contains(&found) {
                    ids.push(found);
                }
            }
        }
    }
    issues.iter().filter(|issue| ids.contains(&issue.id)).collect()
}

fn node(issue: &Issue, here: &Issue) -> Node {
    let look = match (issue.open, issue.id == here.id) {
        (true, false) => Look::Open,
        (false, false) => Look::Closed,
        (true, true) => Look::Here,
        (false, true) => Look::HereClosed,
    };
    Node {
        text: issue.title.clone(),
        badge: format!("#{}", issue.number),
        link: Some(format!("/{REPOSITORY}/issues/{}", issue.number)),
        look,
    }
}
