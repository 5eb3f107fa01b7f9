//! Which issues come first: GitHub's own links and lines such as `Depends on #3`; prose makes no edge.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::domain::brief::{Brief, State};
use crate::domain::ids::IssueNumber;
use crate::domain::plan::model::Dependency;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source;
use crate::domain::plan::statement::Reading;

static NUMBER: Pattern = Pattern::new(r"#(\d{1,9})\b");
static LIST: Pattern = Pattern::new(
    r"((?:depends on|blocked by|requires|after|needs)\b[^#]*#\d+(?:\s*(?:,|and|und|&|/|\+)\s*(?:and\s+)?#\d+)*)",
);

/// Issues that come first, each once, strongest source first.
pub fn find(brief: &Brief, reading: &Reading) -> Vec<Dependency> {
    let mut out: Vec<Dependency> = Vec::new();
    let mut add = |issue: IssueNumber, reason: String, state: Option<State>| {
        let itself = issue == brief.number;
        if !itself && !out.iter().any(|seen| seen.issue == issue) {
            out.push(Dependency { issue, state: state.map_or("unknown", State::word).to_owned(), reason });
        }
    };
    for blocker in &brief.blocked_by {
        let state = blocker.state.or_else(|| state_of(brief, blocker.number));
        add(blocker.number, "linked as blocking".to_owned(), state);
    }
    for (line, text) in &reading.relations {
        for issue in numbers(text) {
            add(issue, format!("line {line}"), state_of(brief, issue));
        }
    }
    out
}

/// What `Depends on #1, #2 and #3` names.
fn numbers(relation: &str) -> Vec<IssueNumber> {
    let named = LIST.first(relation, 1).unwrap_or_default();
    NUMBER.all(named, 1).into_iter().filter_map(|digits| digits.parse().ok()).map(IssueNumber).collect()
}

fn state_of(brief: &Brief, issue: IssueNumber) -> Option<State> {
    let neighbor = brief.open_issues.iter().find(|open| open.number == issue);
    let child = || brief.sub_issues.iter().find(|child| child.number == issue).and_then(|child| child.state);
    neighbor.map(|open| open.state.unwrap_or(State::Open)).or_else(child)
}

/// The shortest circle of open issues through this one, first and last the same.
pub fn cycle(brief: &Brief, own: &[Dependency]) -> Option<Vec<IssueNumber>> {
    let edges = edges(brief);
    let mut came_from: BTreeMap<IssueNumber, IssueNumber> = BTreeMap::new();
    let mut queue: VecDeque<IssueNumber> = VecDeque::new();
    for dependency in own {
        came_from.insert(dependency.issue, brief.number);
        queue.push_back(dependency.issue);
    }
    while let Some(issue) = queue.pop_front() {
        for next in edges.get(&issue).into_iter().flatten() {
            if *next == brief.number {
                return Some(walk_back(&came_from, issue, brief.number));
            }
            if !came_from.contains_key(next) {
                came_from.insert(*next, issue);
                queue.push_back(*next);
            }
        }
    }
    None
}

fn walk_back(
    came_from: &BTreeMap<IssueNumber, IssueNumber>,
    last: IssueNumber,
    start: IssueNumber,
) -> Vec<IssueNumber> {
    let mut path = vec![start, last];
    let mut at = last;
    while let Some(before) = came_from.get(&at) {
        path.push(*before);
        if *before == start {
            break;
        }
        at = *before;
    }
    path.reverse();
    path
}

fn edges(brief: &Brief) -> BTreeMap<IssueNumber, BTreeSet<IssueNumber>> {
    let mut edges: BTreeMap<IssueNumber, BTreeSet<IssueNumber>> = BTreeMap::new();
    let open = brief.open_issues.iter().filter(|issue| issue.state != Some(State::Closed));
    for issue in open {
        let relations = source::read(&issue.body).relations;
        let on = relations.iter().flat_map(|(_, text)| numbers(text)).filter(|on| *on != issue.number);
        edges.entry(issue.number).or_default().extend(on);
    }
    edges
}

/// Open issues that wait for this one, directly or through others.
pub fn waiting(brief: &Brief) -> Vec<IssueNumber> {
    let edges = edges(brief);
    let mut found: BTreeSet<IssueNumber> = BTreeSet::from([brief.number]);
    loop {
        let more: Vec<IssueNumber> = edges
            .iter()
            .filter(|(issue, on)| !found.contains(issue) && !on.is_disjoint(&found))
            .map(|(issue, _)| *issue)
            .collect();
        if more.is_empty() {
            break;
        }
        found.extend(more);
    }
    found.remove(&brief.number);
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brief::OpenIssue;
    use crate::domain::plan::statement;

    fn issue(body: &str) -> Brief {
        Brief { body: body.to_owned(), ..Brief::new(IssueNumber(9)) }
    }

    #[test]
    fn only_lines_that_begin_with_it_make_an_edge() {
        let brief = issue(
            "Depends on #1, #2 and #3 but not #4\n- blocked by: #5\nsee #6, after #7 was merged\nCloses #8\n- [ ] #10\nIt works after #11.\n**After** #12",
        );
        let reading = statement::read(&brief);
        let found: Vec<i64> = find(&brief, &reading).into_iter().map(|one| one.issue.0).collect();
        assert_eq!(found, [1, 2, 3, 5, 12]);
        assert_eq!(reading.children, [(IssueNumber(10), 5)]);
    }

    #[test]
    fn the_shortest_circle_is_named() {
        let mut brief = issue("Depends on #1");
        let open = |number, body: &str| OpenIssue {
            number: IssueNumber(number),
            title: String::new(),
            state: Some(State::Open),
            body: body.to_owned(),
        };
        brief.open_issues = vec![open(1, "Depends on #2, #3"), open(2, "Needs #3"), open(3, "Blocked by #9")];
        let own = find(&brief, &statement::read(&brief));
        let circle: Vec<i64> =
            cycle(&brief, &own).expect("a circle").into_iter().map(|issue| issue.0).collect();
        assert_eq!(circle, [9, 1, 3, 9]);
        assert_eq!(waiting(&brief), [IssueNumber(1), IssueNumber(2), IssueNumber(3)]);
    }
}
