//! Which issues come first: GitHub's own links and lines such as `Depends on #3`; prose makes no edge.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::domain::brief::{Answer, Brief, OpenIssue, State};
use crate::domain::ids::IssueNumber;
use crate::domain::plan::cover;
use crate::domain::plan::frames::Need;
use crate::domain::plan::items::Draft;
use crate::domain::plan::model::{Dependency, Elsewhere, WorkItem};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::references::{self, Named};
use crate::domain::plan::source;
use crate::domain::plan::statement::{self, Reading, Statement};
use crate::domain::plan::words;
use crate::domain::snapshot::Repository;

/// Who waits for whom among issues.
pub type Edges = BTreeMap<IssueNumber, BTreeSet<IssueNumber>>;

/// Name of the question about an issue that nobody finds.
pub fn slot(issue: IssueNumber) -> String {
    format!("dependency.{issue}")
}

/// Issues that come first, each once, strongest source first. What was answered about a missing one takes its place.
pub fn find(brief: &Brief, reading: &Reading, own: &Repository) -> Vec<Dependency> {
    let mut out: Vec<Dependency> = Vec::new();
    let mut seen = BTreeSet::from([brief.number]);
    let mut add = |issue: IssueNumber, reason: String, state: Option<State>| {
        if seen.insert(issue) {
            out.push(Dependency { issue, state: state.map_or("unknown", State::word).to_owned(), reason });
        }
    };
    for blocker in &brief.blocked_by {
        let state = blocker.state.or_else(|| state_of(brief, blocker.number));
        add(blocker.number, "linked as blocking".to_owned(), state);
    }
    for (line, text) in &reading.relations {
        for issue in numbers(text, own) {
            match answered(brief, issue) {
                None => add(issue, format!("line {line}"), state_of(brief, issue)),
                Some(answer) => {
                    if let Some(Named::Own(meant)) = references::first(&answer.text, own) {
                        add(meant, format!("line {line}, as {} says", answer.author), state_of(brief, meant));
                    }
                }
            }
        }
    }
    for awaited in &reading.awaited {
        let answer = said_to(brief, &awaited_slot(awaited.issue));
        if let Some(answer) = answer.filter(|answer| YES.is_in(&answer.text) && !NO.is_in(&answer.text)) {
            add(awaited.issue, format!("as {} says", answer.author), state_of(brief, awaited.issue));
        }
    }
    out
}

/// Most issues that are named one by one where many come first.
pub const NAMED: usize = 5;

/// Keeps of the issues that nobody looked up only those that are named, and gives back how many there were besides: a line
/// may name thousands.
pub fn bound(first: &mut Vec<Dependency>, gone: &[IssueNumber]) -> usize {
    let gone: BTreeSet<&IssueNumber> = gone.iter().collect();
    let looked_up = |one: &Dependency| one.state != "unknown" || gone.contains(&one.issue);
    let left = first.iter().filter(|one| one.state != "closed" && looked_up(one)).count();
    let mut room = NAMED.saturating_sub(left);
    let before = first.len();
    first.retain(|one| {
        let stays = looked_up(one) || room > 0;
        if !looked_up(one) {
            room = room.saturating_sub(1);
        }
        stays
    });
    before - first.len()
}

/// Those known to be open before those of which nobody knows it.
pub fn open_first<'d>(first: impl Iterator<Item = &'d Dependency>) -> Vec<&'d Dependency> {
    let mut first: Vec<&Dependency> = first.collect();
    first.sort_by_key(|one| one.state != "open");
    first
}

/// The first of those that come first, by name, and how many there are besides, of which nobody looked up `unseen`.
pub fn told(named: &[String], unseen: usize) -> String {
    let (shown, rest) = named.split_at(named.len().min(NAMED));
    let verb = if unseen == 1 { "was" } else { "were" };
    let (shown_all, all) = (shown.join(", "), words::thousands(rest.len() + unseen));
    match (rest.len(), unseen) {
        (0, 0) => words::list(shown),
        (0, _) => format!("{shown_all} and {all} more that {verb} not looked up"),
        (_, 0) => format!("{shown_all} and {all} more"),
        (_, unseen) => {
            format!("{shown_all} and {all} more, of which {} {verb} not looked up", words::thousands(unseen))
        }
    }
}

/// Keeps the first lines of what comes first, and gives back how many there are besides, `unseen` among them.
pub fn cut(lines: &mut Vec<String>, unseen: usize) -> Option<String> {
    let more = lines.len().saturating_sub(NAMED) + unseen;
    lines.truncate(NAMED);
    (more > 0).then(|| format!("{} more", words::thousands(more)))
}

/// What was said last of an issue that nobody finds.
fn answered(brief: &Brief, issue: IssueNumber) -> Option<&Answer> {
    said_to(brief, &slot(issue))
}

fn said_to<'b>(brief: &'b Brief, slot: &str) -> Option<&'b Answer> {
    brief.answers.iter().rev().find(|answer| answer.slot.as_deref() == Some(slot))
}

/// Name of the question whether what a maintainer puts first is waited for.
pub fn awaited_slot(issue: IssueNumber) -> String {
    format!("awaited.{issue}")
}

static YES: Pattern = Pattern::new(r"^\W*(?:yes|yep|yeah|sure|correct|it does)\W*(?:$|[,.;!–—-])");
static NO: Pattern = Pattern::new(r"\b(?:no|not|nope|nothing|neither)\b|n['’]t\b");

/// Issues of other repositories that come first, each once. GitHub tells the state of those that it links; where a line names
/// one, nobody knows whether it is closed.
pub fn elsewhere(brief: &Brief, reading: &Reading, own: &Repository) -> Vec<Elsewhere> {
    let linked = brief.blocked_elsewhere.iter().map(|blocker| Elsewhere {
        name: blocker.name.clone(),
        state: blocker.state.map_or("unknown", State::word).to_owned(),
        reason: "linked as blocking".to_owned(),
    });
    let said = reading.relations.iter().flat_map(|(line, text)| {
        let outside = references::named(text, own).into_iter().filter_map(|named| match named {
            Named::Elsewhere(name) => Some((name, format!("line {line}"))),
            Named::Own(issue) => {
                let answer = answered(brief, issue)?;
                match references::first(&answer.text, own)? {
                    Named::Elsewhere(name) => Some((name, format!("line {line}, as {} says", answer.author))),
                    Named::Own(_) => None,
                }
            }
        });
        let told = |(name, reason)| Elsewhere { name, state: "unknown".to_owned(), reason };
        outside.map(told).collect::<Vec<_>>()
    });
    let mut seen = BTreeSet::new();
    linked.chain(said).filter(|one| seen.insert(one.name.to_lowercase())).collect()
}

/// Issues of this repository, `own`, that the lines of the text name as coming first.
pub fn named(brief: &Brief, own: &Repository) -> Vec<IssueNumber> {
    let relations = source::read(&brief.body).relations;
    let mut out: Vec<IssueNumber> = relations.iter().flat_map(|(_, text)| numbers(text, own)).collect();
    out.retain(|issue| *issue != brief.number);
    out.dedup();
    out
}

/// Most differences that are told one by one.
const DRIFTS: usize = 3;

/// What GitHub's links and the issue's lines say differently, each a sentence without its period.
pub fn drift(brief: &Brief, reading: &Reading, own: &Repository) -> Vec<String> {
    let lines: Vec<(usize, IssueNumber)> = reading
        .relations
        .iter()
        .flat_map(|(line, text)| numbers(text, own).into_iter().map(|on| (*line, on)))
        .collect();
    let linked = |on: IssueNumber| brief.blocked_by.iter().any(|blocker| blocker.number == on);
    let said = |on: IssueNumber| lines.iter().any(|(_, other)| *other == on);
    let mut out = Vec::new();
    for (line, on) in &lines {
        if cover::is_child(brief, reading, *on) {
            out.push(format!("#{on} is a sub-issue and, by line {line}, comes first"));
        } else if !brief.blocked_by.is_empty() && !linked(*on) {
            out.push(format!("Line {line} waits for #{on}, GitHub's own links do not: it counts"));
        }
    }
    for blocker in brief.blocked_by.iter().filter(|blocker| !lines.is_empty() && !said(blocker.number)) {
        out.push(format!("GitHub links #{} as blocking, no line says so: it counts", blocker.number));
    }
    if out.len() > DRIFTS + 1 {
        let more = words::thousands(out.len() - DRIFTS);
        out.truncate(DRIFTS);
        out.push(format!("{more} more issues come first by lines and links that differ: they count"));
    }
    out
}

static TASK: Pattern = Pattern::new(r"^\W*(T\d{2,4})\b");
static TASKS: Pattern = Pattern::new(r"\(depends on ((?:T\d{2,4}(?:\s*,\s*|\s+and\s+)?)+)\)");
static TASK_NAME: Pattern = Pattern::new(r"\b(T\d{2,4})\b");

/// Order among the pieces: `T012 … (depends on T010)` in the demands, and what only one may change at a time.
pub fn among(demands: &[Statement], drafts: &[Draft], tree: &places::Places<'_>) -> Vec<Need> {
    let mut out = Vec::new();
    let of = |demand: usize| drafts.iter().find(|draft| draft.demands.contains(&demand));
    for (index, demand) in demands.iter().enumerate() {
        let named = TASKS.first(&demand.text, 1).unwrap_or_default();
        for task in TASK_NAME.all(named, 1) {
            let on = demands.iter().position(|other| TASK.first(&other.text, 1) == Some(task));
            let (Some(item), Some(on)) = (of(index), on.and_then(of)) else { continue };
            let own = TASK.first(&demand.text, 1).unwrap_or("it");
            let reason = format!("{own} depends on {task}, line {}", demand.line);
            out.extend(need(item, on, reason));
        }
    }
    out.extend(phases(demands, drafts));
    for (at, item) in drafts.iter().enumerate() {
        for before in drafts.iter().take(at) {
            if let Some(shared) = exclusive(before, item, tree) {
                out.extend(need(item, before, shared));
            }
        }
    }
    out
}

/// The phase whose demands a piece meets, where all that say one say the same.
fn phase<'t>(demands: &'t [Statement], draft: &Draft) -> Option<(&'t str, u32)> {
    let sections = draft.demands.iter().filter_map(|at| demands.get(*at)?.section.as_deref());
    let mut all = sections.filter_map(statement::phase);
    let first = all.next()?;
    all.all(|other| other.1 == first.1).then_some(first)
}

/// `Phase 2` comes behind `Phase 1`: whoever cuts it so has thought of the order.
fn phases(demands: &[Statement], drafts: &[Draft]) -> Vec<Need> {
    let known: Vec<(&Draft, &str, u32)> = drafts
        .iter()
        .filter_map(|draft| phase(demands, draft).map(|(word, number)| (draft, word, number)))
        .collect();
    let behind = |(item, word, number): &(&Draft, &str, u32)| {
        let before =
            known.iter().filter(|(_, _, other)| other < number).max_by_key(|(_, _, other)| *other)?;
        let word = word.to_lowercase();
        need(item, before.0, format!("{word} {number} comes behind {word} {}", before.2))
    };
    known.iter().filter_map(behind).collect()
}

fn need(item: &Draft, on: &Draft, reason: String) -> Option<Need> {
    let (group, on) = (item.groups.first()?.clone(), on.groups.first()?.clone());
    (group != on).then_some(Need { group, on, reason })
}

const LOCKS: [&str; 9] = [
    "Cargo.lock",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
    "uv.lock",
    "Gemfile.lock",
    "composer.lock",
    "go.sum",
];

/// What two pieces cannot change at the same time: the next number of a migration, a lock file.
fn exclusive(a: &Draft, b: &Draft, tree: &places::Places<'_>) -> Option<String> {
    let numbered = |draft: &Draft| -> Option<String> {
        let new =
            draft.places.iter().find(|place| place.new && place.path.to_lowercase().contains("migration"))?;
        Some(places::folder(&new.path).to_owned())
    };
    if let (Some(one), Some(other)) = (numbered(a), numbered(b))
        && one == other
    {
        return Some(format!("both take the next number in `{one}/`"));
    }
    let upgrades = a.kind == "dependency" && b.kind == "dependency";
    let lock = LOCKS.iter().find(|lock| tree.has(lock)).filter(|_| upgrades)?;
    Some(format!("both change `{lock}`"))
}

/// Open issues that name a file of an item while nothing says which comes first: a hint, no edge.
/// `ordered` are those that wait for this one.
pub fn conflicts(brief: &Brief, item: &WorkItem, ordered: &[IssueNumber]) -> Vec<String> {
    let mut out = Vec::new();
    for path in item.paths.iter().filter(|path| path.len() > 3) {
        let names = |issue: &&OpenIssue| {
            issue.state != Some(State::Closed)
                && !issue.pull_request
                && !ordered.contains(&issue.number)
                && brief.sub_issue(issue.number).is_none()
                && !brief.blocked_by.iter().any(|blocker| blocker.number == issue.number)
                && (names_whole(&issue.title, path) || names_whole(&issue.body, path))
        };
        for issue in brief.open_issues.iter().filter(names).take(5) {
            out.push(format!(
                "conflicts with #{}: both name {}, without an order",
                issue.number,
                words::code(path)
            ));
        }
    }
    out
}

/// Longest address of a file, in bytes.
const LONGEST: usize = 300;

/// Does the text name this file, and no longer path that ends or begins like it? A link to it names it.
fn names_whole(text: &str, path: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    text.match_indices(path).any(|(at, _)| {
        // No path is longer, and a text of nothing but paths is not gone through once for each.
        let head = text.get(..at).unwrap_or_default();
        let near = head.get(head.floor_char_boundary(at.saturating_sub(LONGEST))..).unwrap_or_default();
        let before = near.rsplit(|c| !part(c)).next().unwrap_or_default();
        let linked = || {
            let commit = before.rsplit_once("/blob/").and_then(|(_, rest)| rest.strip_suffix('/'));
            commit.is_some_and(|commit| !commit.contains('/'))
        };
        let after = text.get(at + path.len()..).unwrap_or_default();
        let after = after.strip_prefix('.').unwrap_or(after);
        (before.is_empty() || before == "./" || linked()) && !after.starts_with(part)
    })
}

/// What `Depends on #1, other/repo#2 and #3` names of this repository, `own`.
fn numbers(relation: &str, own: &Repository) -> Vec<IssueNumber> {
    let named = references::named(relation, own).into_iter();
    let own = named.filter_map(|named| match named {
        Named::Own(number) => Some(number),
        Named::Elsewhere(_) => None,
    });
    own.collect()
}

fn state_of(brief: &Brief, issue: IssueNumber) -> Option<State> {
    let neighbor = brief.open_issues.iter().find(|open| open.number == issue);
    let child = || brief.sub_issue(issue).and_then(|child| child.state);
    neighbor.map(|open| open.state.unwrap_or(State::Open)).or_else(child)
}

/// The shortest circle of open issues through this one, first and last the same.
pub fn cycle(brief: &Brief, first: &[Dependency], own: &Repository) -> Option<Vec<IssueNumber>> {
    let edges = edges(&brief.open_issues, own);
    let mut came_from: BTreeMap<IssueNumber, IssueNumber> = BTreeMap::new();
    let mut queue: VecDeque<IssueNumber> = VecDeque::new();
    for dependency in first {
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

/// Who waits for whom, by the lines of open issues of the repository `own`.
pub fn edges(issues: &[OpenIssue], own: &Repository) -> Edges {
    let mut edges = Edges::new();
    let open = issues.iter().filter(|issue| issue.state != Some(State::Closed));
    for issue in open {
        let relations = source::read(&issue.body).relations;
        let on = relations.iter().flat_map(|(_, text)| numbers(text, own)).filter(|on| *on != issue.number);
        edges.entry(issue.number).or_default().extend(on);
    }
    edges
}

/// Open issues that wait for this one, directly or through others.
pub fn waiting(brief: &Brief, own: &Repository) -> Vec<IssueNumber> {
    waiting_on(&edges(&brief.open_issues, own), brief.number)
}

/// Issues that wait for one, directly or through others.
pub fn waiting_on(edges: &Edges, number: IssueNumber) -> Vec<IssueNumber> {
    let mut found: BTreeSet<IssueNumber> = BTreeSet::from([number]);
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
    found.remove(&number);
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brief::OpenIssue;
    use crate::domain::plan::statement;

    fn web() -> Repository {
        let (owner, name) = ("acme".to_owned(), "web".to_owned());
        let url = "https://github.com/acme/web".to_owned();
        Repository { owner, name, url, default_branch: String::new() }
    }

    fn issue(body: &str) -> Brief {
        Brief { body: body.to_owned(), ..Brief::new(IssueNumber(9)) }
    }

    #[test]
    fn only_lines_that_begin_with_it_make_an_edge() {
        let brief = issue(
            "Depends on #1, #2 and #3 but not #4\n- blocked by: #5\nsee #6, after #7 was merged\nCloses #8\n- [ ] #10\nIt works after #11.\n**After** #12",
        );
        let reading = statement::read(&brief);
        let found: Vec<i64> = find(&brief, &reading, &web()).into_iter().map(|one| one.issue.0).collect();
        assert_eq!(found, [1, 2, 3, 5, 12]);
        assert_eq!(reading.children, [(IssueNumber(10), 5)]);
    }

    #[test]
    fn of_thousands_that_come_first_a_few_are_named_and_the_others_counted() {
        use crate::domain::plan::tests::world::{comment, planned, repository};
        let all: Vec<String> = (1000..1500).map(|number| format!("#{number}")).collect();
        let body = format!("- [ ] `src/a.rs` must answer 404\n\nDepends on {}\n", all.join(", "));
        let open = |number: i64| OpenIssue {
            number: IssueNumber(number),
            title: String::new(),
            state: Some(State::Open),
            state_reason: None,
            body: String::new(),
            pull_request: false,
        };
        let mut brief = Brief { title: "Answer 404".to_owned(), ..issue(&body) };
        let snapshot = repository("acme/web", "5a1ad00", &[("src/a.rs", "")]);
        let live = |text: &str| text.matches('#').count() - text.matches("#L").count();
        let text = comment(&brief, &snapshot);
        let told = "#1000, #1001, #1002, #1003, #1004 and 495 more that were not looked up";
        assert!(text.contains(&format!("once {told} are done")), "{text}");
        assert!(text.contains("#1004 (state not known) and 495 more that were not looked up"), "{text}");
        assert!(live(&text) < 20 && text.len() < 4_000, "{text}");
        let stored = serde_json::to_string(&planned(&brief, &snapshot)).expect("a plan");
        assert!(stored.len() < 16_384, "{}", stored.len());
        brief.open_issues = vec![open(1498)];
        let text = comment(&brief, &snapshot);
        let told = "#1498 (open), #1000, #1001, #1002, #1003 and 495 more that were not looked up";
        assert!(text.contains(&format!("once {told} are done")), "{text}");
        brief.open_issues = (1000..1007).map(open).collect();
        let text = comment(&brief, &snapshot);
        assert!(text.contains("#1004 (open) and 495 more, of which 493 were not looked up"), "{text}");
        brief.blocked_by.push(crate::domain::brief::IssueState {
            number: IssueNumber(1),
            title: String::new(),
            state: None,
            state_reason: None,
            carries: Vec::new(),
        });
        let text = comment(&brief, &snapshot);
        assert!(text.contains("498 more issues come first by lines and links that differ"), "{text}");
    }

    /// 25 sentences: what makes an edge, and what must not.
    #[test]
    fn twenty_five_sentences_make_the_edges_they_say() {
        let cases: [(&str, &[i64]); 25] = [
            ("Depends on #1", &[1]),
            ("depends on: #1", &[1]),
            ("- Depends on #1", &[1]),
            ("* **Depends on** #1", &[1]),
            ("**Depends on:** #1", &[1]),
            ("Blocked by #2", &[2]),
            ("Blocked by: #2, #3", &[2, 3]),
            ("Requires #2 and #3", &[2, 3]),
            ("Needs #2, #3 and #4", &[2, 3, 4]),
            ("After #5", &[5]),
            ("After #5 & #6", &[5, 6]),
            ("Depends on #7 (the parser)", &[7]),
            ("Depends on acme/web#8", &[8]),
            ("> Depends on #1", &[]),
            ("This depends on #1", &[]),
            ("see #12", &[]),
            ("after the release of #12 we can", &[]),
            ("It works since #600 was merged.", &[]),
            ("Closes #9", &[]),
            ("Fixes #9 and needs care", &[]),
            ("- [ ] #10", &[]),
            ("- [x] #10", &[]),
            ("`Depends on #1`", &[]),
            ("<!-- Depends on #1 -->", &[]),
            ("Depends on #99", &[]),
        ];
        for (line, expected) in cases {
            let brief = Brief { number: IssueNumber(99), ..issue(line) };
            let found = find(&brief, &statement::read(&brief), &web());
            let found: Vec<i64> = found.into_iter().map(|one| one.issue.0).collect();
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn what_another_repository_has_comes_first_under_its_own_name() {
        let mut brief = issue(
            "Depends on other/repo#1, #2 and https://github.com/acme/web/issues/3\nNeeds https://github.com/other/repo/issues/1\nBlocked by other/repo#9",
        );
        brief.blocked_elsewhere =
            vec![crate::domain::brief::Outside { name: "Other/Repo#9".to_owned(), state: Some(State::Open) }];
        let reading = statement::read(&brief);
        let own: Vec<i64> = find(&brief, &reading, &web()).into_iter().map(|one| one.issue.0).collect();
        assert_eq!(own, [2, 3]);
        assert_eq!(named(&brief, &web()), [IssueNumber(2), IssueNumber(3)]);
        let told = |one: Elsewhere| format!("{} {}: {}", one.name, one.state, one.reason);
        let told: Vec<String> = elsewhere(&brief, &reading, &web()).into_iter().map(told).collect();
        assert_eq!(told, ["Other/Repo#9 open: linked as blocking", "other/repo#1 unknown: line 1"]);
        // Who waits for another repository's #9 waits for nothing here.
        let waits = |body: &str| OpenIssue {
            state_reason: None,
            number: IssueNumber(4),
            title: String::new(),
            state: Some(State::Open),
            body: body.to_owned(),
            pull_request: false,
        };
        brief.open_issues = vec![waits("Depends on other/repo#9")];
        assert!(waiting(&brief, &web()).is_empty());
        brief.open_issues = vec![waits("Depends on acme/web#9")];
        assert_eq!(waiting(&brief, &web()), [IssueNumber(4)]);
    }

    #[test]
    fn contradictions_are_listed() {
        let mut brief = issue("Depends on #1\nDepends on #3\n- [ ] #3");
        brief.blocked_by = vec![crate::domain::brief::IssueState {
            number: IssueNumber(2),
            title: String::new(),
            state: Some(State::Open),
            state_reason: None,
            carries: Vec::new(),
        }];
        assert_eq!(
            drift(&brief, &statement::read(&brief), &web()),
            [
                "Line 1 waits for #1, GitHub's own links do not: it counts",
                "#3 is a sub-issue and, by line 2, comes first",
                "GitHub links #2 as blocking, no line says so: it counts",
            ]
        );
        let agreed = issue("Depends on #1");
        assert!(drift(&agreed, &statement::read(&agreed), &web()).is_empty());
    }

    #[test]
    fn tasks_and_what_only_one_may_change_make_an_order() {
        let brief = issue(
            "- [ ] T010 add the column\n- [ ] T011 add the index\n- [ ] T012 read both (depends on T010, T011)",
        );
        let demands = statement::read(&brief).demands;
        let draft = |group: &str, demand: usize, kind, path: &str| Draft {
            groups: vec![group.to_owned()],
            demands: vec![demand],
            title: String::new(),
            kind,
            issue: None,
            places: vec![crate::domain::plan::model::Place {
                path: path.to_owned(),
                new: true,
                beside: None,
                line: None,
            }],
        };
        let drafts = [
            draft("a", 0, "feature", "db/migrations/7.sql"),
            draft("b", 1, "feature", "db/migrations/8.sql"),
            draft("c", 2, "feature", "src/read.rs"),
        ];
        let snapshot = crate::domain::snapshot::Snapshot::default();
        let needs = among(&demands, &drafts, &places::Places::new(&snapshot));
        let told: Vec<String> =
            needs.iter().map(|need| format!("{} after {}: {}", need.group, need.on, need.reason)).collect();
        assert_eq!(
            told,
            [
                "c after a: T012 depends on T010, line 3",
                "c after b: T012 depends on T011, line 3",
                "b after a: both take the next number in `db/migrations/`",
            ]
        );
    }

    #[test]
    fn the_shortest_circle_is_named() {
        let mut brief = issue("Depends on #1");
        let open = |number, body: &str| OpenIssue {
            state_reason: None,
            number: IssueNumber(number),
            title: String::new(),
            state: Some(State::Open),
            body: body.to_owned(),
            pull_request: false,
        };
        brief.open_issues = vec![open(1, "Depends on #2, #3"), open(2, "Needs #3"), open(3, "Blocked by #9")];
        let own = find(&brief, &statement::read(&brief), &web());
        let circle: Vec<i64> =
            cycle(&brief, &own, &web()).expect("a circle").into_iter().map(|issue| issue.0).collect();
        assert_eq!(circle, [9, 1, 3, 9]);
        assert_eq!(waiting(&brief, &web()), [IssueNumber(1), IssueNumber(2), IssueNumber(3)]);
    }

    #[test]
    fn what_a_maintainer_puts_first_is_waited_for_once_that_is_answered_with_yes() {
        use crate::domain::plan::tests::reading::said;
        let mut brief = issue("Names are sorted in `src/a.rs`.");
        brief.comments = vec![said("mia", "write", "I'd do it once #2 is merged.")];
        let mut found = |answers: &[&str]| -> Vec<i64> {
            let answer = |text: &&str| Answer {
                slot: Some(awaited_slot(IssueNumber(2))),
                text: (*text).to_owned(),
                author: "mia".to_owned(),
            };
            brief.answers = answers.iter().map(answer).collect();
            find(&brief, &statement::read(&brief), &web()).into_iter().map(|one| one.issue.0).collect()
        };
        assert_eq!(found(&["Yes, it does."]), [2]);
        for no in [&["no"][..], &["No, it does not wait for #2"], &["yes", "no"], &["It does not."], &[]] {
            assert!(found(no).is_empty(), "{no:?}");
        }
    }
}
