//! How large an item is: by the seven nearest closed issues or by the repository's median, whichever has erred less so
//! far; by what the item names where history is short.

use std::collections::BTreeSet;

use crate::domain::brief::ClosedIssue;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::clause;
use crate::domain::plan::model::{Plan, Requirement, Size, WorkItem};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// Fewest closed issues of known size that history is asked from.
pub const ENOUGH: usize = 8;
/// How many of the nearest are taken.
const NEAREST: usize = 7;
/// Closed issues that have to come before one whose size is guessed in hindsight.
const BEFORE: usize = 3;
/// The newest that the errors are taken over.
const HINDSIGHT: usize = 60;

/// Lines of an item by what it names: 12, 9 for each case, 15 for each new file.
pub fn prior_lines(cases: usize, new_files: usize) -> u64 {
    12 + 9 * cases as u64 + 15 * new_files as u64
}

static CLOSES: Pattern = Pattern::new(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):? #(\d{1,9})\b");
static TITLE: Pattern = Pattern::new(r"^(?:Merge pull request #(\d{1,9})\b|[^\n]*\(#(\d{1,9})\)\s*(?:\n|$))");

/// The issue or pull request that a commit's message belongs to: the one it closes, else the one its first line ends in.
pub fn named_in(message: &str) -> Option<IssueNumber> {
    let merged = || TITLE.either(message);
    let digits = CLOSES.first(message, 1).or_else(merged)?;
    digits.parse().ok().map(IssueNumber)
}

/// Size of an item and the arithmetic behind it.
pub fn estimate(item: &WorkItem, new_files: usize, history: &[ClosedIssue]) -> (Size, Vec<String>) {
    let known = in_order(history);
    if known.len() < ENOUGH {
        return prior(item, new_files, known.len());
    }
    let sought = Features::of(&item.title, &item.paths);
    let near = nearest(&sought, &known);
    let (weighed, rest) = by_neighbors(&near);
    let (median, ninth) = by_median(&known);
    let (own, plain) = errors(&known);
    let (p50, p90, chosen) = if plain < own {
        (median, ninth, "the median counts")
    } else {
        (weighed, rest, "the neighbors count")
    };
    let size = Size { bucket: bucket(p50).to_owned(), p50, p90, n: known.len(), prior: false };
    let mut why: Vec<String> = near
        .iter()
        .map(|(like, closed)| {
            format!(
                "#{} {}: {} lines, likeness {like:.2}",
                closed.number,
                words::quoted(&words::shorten(&closed.title, 60)),
                closed.changed_lines
            )
        })
        .collect();
    why.push(format!(
        "weighted median of these {} of {}: {weighed} lines, 9 of 10 below {rest}: {}",
        near.len(),
        known.len(),
        bucket(weighed)
    ));
    why.push(format!(
        "the repository's median: {median} lines, 9 of 10 below {ninth}; mean error in hindsight: neighbors {own:.0}, median {plain:.0}: {chosen}"
    ));
    (size, why)
}

/// Is it known what changes? All of it has a place that is no guess, in two files at most, and a case.
pub fn is_sure(plan: &Plan, item: &WorkItem) -> bool {
    let mine = plan.requirements.iter().filter(|one| item.requirements.contains(&one.id));
    // A new file that nothing but its own test shows has any size.
    let grows = |one: &Requirement| {
        one.places.iter().any(|place| place.new) && one.cases.iter().all(|case| clause::is_bare_test(case))
    };
    let shown = |one: &Requirement| one.likely.is_none() && !one.cases.is_empty() && !grows(one);
    (1..=2).contains(&item.paths.len()) && mine.into_iter().all(shown)
}

/// The size as people read it, in every place the same: what is counted from names says nothing where the names are a guess.
pub fn told<'a>(plan: &Plan, item: &'a WorkItem) -> &'a str {
    match item.size.prior && !is_sure(plan, item) {
        true => OPEN,
        false => &item.size.bucket,
    }
}

/// What the size is called of which nothing is known.
const OPEN: &str = "open";

/// The size with what was measured: `S, 40–120 lines (n=20)`, from the median to what nine of ten stay below. What a prior rests
/// on stands apart.
pub fn measured(plan: &Plan, item: &WorkItem) -> String {
    let size = told(plan, item);
    let Size { p50, p90, n, prior, .. } = item.size;
    let lines = |count: u64| words::thousands(usize::try_from(count).unwrap_or(usize::MAX));
    match (prior, p50 < p90) {
        (true, _) => size.to_owned(),
        (false, true) => format!("{size}, {}–{} lines (n={n})", lines(p50), lines(p90)),
        (false, false) => format!("{size}, {} lines (n={n})", lines(p50)),
    }
}

/// The size with its lines: `S, about 66 lines`, or `open`.
pub fn in_lines(plan: &Plan, item: &WorkItem) -> String {
    match told(plan, item) {
        OPEN => OPEN.to_owned(),
        bucket => format!("{bucket}, about {} lines", item.size.p50),
    }
}

/// The arithmetic behind a size, with what comes of it.
pub fn explained(plan: &Plan, item: &WorkItem, sized: Vec<String>) -> Vec<String> {
    let result = match told(plan, item) {
        OPEN => ", were it known what changes; it is not: open".to_owned(),
        bucket => format!(": {bucket}"),
    };
    let whole = |line| if item.size.prior { format!("{line}{result}") } else { line };
    sized.into_iter().map(whole).collect()
}

/// Of known size, the oldest first: by the time they were closed, else by number.
fn in_order(history: &[ClosedIssue]) -> Vec<&ClosedIssue> {
    let mut known: Vec<&ClosedIssue> = history.iter().filter(|closed| closed.changed_lines > 0).collect();
    known.sort_by(|a, b| a.closed_at.cmp(&b.closed_at).then(a.number.cmp(&b.number)));
    known
}

fn prior(item: &WorkItem, new_files: usize, n: usize) -> (Size, Vec<String>) {
    let cases = item.acceptance.len();
    let p50 = prior_lines(cases, new_files);
    let size = Size { bucket: bucket(p50).to_owned(), p50, p90: p50 * 5 / 2, n, prior: true };
    let why = format!(
        "prior, n={n} (fewer than {ENOUGH} closed issues of known size): 12 + 9 × {cases} cases + 15 × {new_files} new files = {p50} lines"
    );
    (size, vec![why])
}

/// What two pieces of work are compared by.
struct Features {
    paths: BTreeSet<String>,
    words: BTreeSet<String>,
}

impl Features {
    fn of(title: &str, paths: &[String]) -> Self {
        Self { paths: paths.iter().cloned().collect(), words: words::nouns(title) }
    }

    /// Half the overlap of paths, half that of words.
    fn likeness(&self, other: &Self) -> f64 {
        0.5 * words::jaccard(&self.paths, &other.paths) + 0.5 * words::jaccard(&self.words, &other.words)
    }
}

fn nearest<'c>(sought: &Features, known: &[&'c ClosedIssue]) -> Vec<(f64, &'c ClosedIssue)> {
    let mut near: Vec<(f64, &ClosedIssue)> = known
        .iter()
        .map(|closed| (sought.likeness(&Features::of(&closed.title, &closed.paths)), *closed))
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.number.cmp(&b.1.number)));
    near.truncate(NEAREST);
    near
}

fn by_neighbors(near: &[(f64, &ClosedIssue)]) -> (u64, u64) {
    let mut weighed: Vec<(u64, f64)> =
        near.iter().map(|(like, closed)| (closed.changed_lines, like + 0.05)).collect();
    weighed.sort_by_key(|(lines, _)| *lines);
    (quantile(&weighed, 0.5), quantile(&weighed, 0.9))
}

fn by_median(known: &[&ClosedIssue]) -> (u64, u64) {
    let mut all: Vec<(u64, f64)> = known.iter().map(|closed| (closed.changed_lines, 1.0)).collect();
    all.sort_by_key(|(lines, _)| *lines);
    (quantile(&all, 0.5), quantile(&all, 0.9))
}

/// Mean absolute error of both ways on each closed issue, guessed from those that were closed before it.
fn errors(known: &[&ClosedIssue]) -> (f64, f64) {
    let (mut own, mut plain, mut count) = (0.0, 0.0, 0.0);
    for (index, closed) in known.iter().enumerate().skip(BEFORE.max(known.len().saturating_sub(HINDSIGHT))) {
        let before = known.get(..index).unwrap_or_default();
        let sought = Features::of(&closed.title, &closed.paths);
        let off = |guess: u64| guess.abs_diff(closed.changed_lines) as f64;
        own += off(by_neighbors(&nearest(&sought, before)).0);
        plain += off(by_median(before).0);
        count += 1.0;
    }
    (own / count, plain / count)
}

fn quantile(weighed: &[(u64, f64)], q: f64) -> u64 {
    let total: f64 = weighed.iter().map(|(_, weight)| weight).sum();
    let mut sum = 0.0;
    for (lines, weight) in weighed {
        sum += weight;
        if sum >= q * total {
            return *lines;
        }
    }
    weighed.last().map_or(0, |(lines, _)| *lines)
}

/// XS to 20 changed lines, S to 100, M to 400, L to 1,000.
pub fn bucket(lines: u64) -> &'static str {
    match lines {
        0..=20 => "XS",
        21..=100 => "S",
        101..=400 => "M",
        401..=1_000 => "L",
        _ => "XL",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::model::Priority;

    fn closed(number: i64, title: &str, lines: u64) -> ClosedIssue {
        ClosedIssue {
            number: IssueNumber(number),
            title: title.to_owned(),
            labels: Vec::new(),
            paths: vec![format!("src/{title}.rs")],
            changed_lines: lines,
            closed_at: None,
        }
    }

    fn item(title: &str) -> WorkItem {
        WorkItem {
            ordinal: 1,
            title: title.to_owned(),
            kind: String::new(),
            requirements: Vec::new(),
            acceptance: vec!["a case".to_owned()],
            size: Size { bucket: String::new(), p50: 0, p90: 0, n: 0, prior: true },
            priority: Priority { score: 0.0, terms: std::collections::BTreeMap::new() },
            depends_on: Vec::new(),
            paths: vec![format!("src/{title}.rs")],
            already: None,
        }
    }

    #[test]
    fn the_better_of_neighbors_and_median_counts() {
        // Alike issues are of one size: the neighbors know.
        let alike: Vec<ClosedIssue> = (0..20)
            .map(|n| match n % 2 {
                0 => closed(n, "parser", 300),
                _ => closed(n, "typo", 10),
            })
            .collect();
        let (size, why) = estimate(&item("parser"), 0, &alike);
        assert_eq!((size.p50, size.bucket.as_str(), size.n, size.prior), (300, "M", 20, false));
        assert!(why.last().is_some_and(|line| line.ends_with("the neighbors count")), "{why:?}");
        // Names say nothing of the size, and the nearest mislead: the median errs less.
        let noise: Vec<ClosedIssue> = (0..20)
            .map(|n| match n % 5 {
                4 => closed(n, "parser", 900),
                3 => closed(n, "parser", 20),
                _ => closed(n, ["lexer", "printer", "cache"][usize::try_from(n % 3).unwrap_or(0)], 40),
            })
            .collect();
        let (size, why) = estimate(&item("parser"), 0, &noise);
        assert_eq!((size.p50, size.bucket.as_str()), (40, "S"), "{why:?}");
        assert!(why.last().is_some_and(|line| line.ends_with("the median counts")), "{why:?}");
    }

    #[test]
    fn a_commit_belongs_to_what_it_closes() {
        let named = |message: &str| named_in(message).map(|number| number.0);
        assert_eq!(named("Count failures (#12)"), Some(12));
        assert_eq!(named("Count failures (#12)\n\nFixes #7"), Some(7));
        assert_eq!(named("Merge pull request #3 from ada/x\n\nCount"), Some(3));
        assert_eq!(named("Count failures\n\nsee (#12) and #13"), None);
        assert_eq!(named("Release 1.2"), None);
    }

    #[test]
    fn with_three_it_is_a_prior() {
        let few: Vec<ClosedIssue> = (1..=3).map(|n| closed(n, "parser", 300)).collect();
        let (size, why) = estimate(&item("parser"), 0, &few);
        assert_eq!((size.n, size.prior), (3, true));
        assert!(why.first().is_some_and(|line| line.starts_with("prior, n=3 ")), "{why:?}");
    }
}
