//! How large an item is: by the seven nearest closed issues where there are eight, else by what it names.

use std::collections::BTreeSet;

use crate::domain::brief::ClosedIssue;
use crate::domain::plan::model::{Size, WorkItem};
use crate::domain::plan::words;

/// Fewest closed issues of known size that history is asked from.
const ENOUGH: usize = 8;
/// How many of the nearest are taken.
const NEAREST: usize = 7;

/// Lines of an item by what it names: 12, 9 for each case, 15 for each new file.
pub fn prior_lines(cases: usize, new_files: usize) -> u64 {
    12 + 9 * cases as u64 + 15 * new_files as u64
}

/// Size of an item and the arithmetic behind it.
pub fn estimate(item: &WorkItem, new_files: usize, history: &[ClosedIssue]) -> (Size, Vec<String>) {
    let known: Vec<&ClosedIssue> = history.iter().filter(|closed| closed.changed_lines > 0).collect();
    if known.len() < ENOUGH {
        return prior(item, new_files, known.len());
    }
    let mut near: Vec<(f64, &ClosedIssue)> =
        known.iter().map(|closed| (likeness(item, closed), *closed)).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.number.cmp(&b.1.number)));
    near.truncate(NEAREST);
    let mut weighed: Vec<(u64, f64)> =
        near.iter().map(|(like, closed)| (closed.changed_lines, like + 0.05)).collect();
    weighed.sort_by_key(|(lines, _)| *lines);
    let (p50, p90) = (quantile(&weighed, 0.5), quantile(&weighed, 0.9));
    let size = Size { bucket: bucket(p50).to_owned(), p50, p90, n: known.len(), prior: false };
    let shown = near.iter().map(|(like, closed)| {
        format!(
            "#{} {}: {} lines, likeness {like:.2}",
            closed.number,
            words::quoted(&words::shorten(&closed.title, 60)),
            closed.changed_lines
        )
    });
    let mut why: Vec<String> = shown.collect();
    why.push(format!(
        "weighted median of these {} of {}: {p50} lines, 9 of 10 below {p90}: {}",
        near.len(),
        known.len(),
        size.bucket
    ));
    (size, why)
}

fn prior(item: &WorkItem, new_files: usize, n: usize) -> (Size, Vec<String>) {
    let cases = item.acceptance.len();
    let p50 = prior_lines(cases, new_files);
    let size = Size { bucket: bucket(p50).to_owned(), p50, p90: p50 * 5 / 2, n, prior: true };
    let why = format!(
        "prior, n={n} (fewer than {ENOUGH} closed issues of known size): 12 + 9 × {cases} cases + 15 × {new_files} new files = {p50} lines: {}",
        size.bucket
    );
    (size, vec![why])
}

/// Half the overlap of paths, half that of words.
fn likeness(item: &WorkItem, closed: &ClosedIssue) -> f64 {
    let own: BTreeSet<String> = item.paths.iter().cloned().collect();
    let theirs: BTreeSet<String> = closed.paths.iter().cloned().collect();
    let words = words::jaccard(&words::nouns(&item.title), &words::nouns(&closed.title));
    0.5 * words::jaccard(&own, &theirs) + 0.5 * words
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
