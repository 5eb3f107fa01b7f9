//! What could be done next: candidates from what a repository shows of itself, each with its evidence, ranked.
//!
//! Pure. To add a source of candidates: a file here with `pub static SOURCE`, a `mod` line and a line in [`SOURCES`].

pub mod facts; // what was looked at
pub mod candidate; // a candidate, its evidence and its score
pub mod reading; // which files are worth reading

mod issues; // open issues without a plan
mod checks; // failing, flaky and slower workflows
mod markers; // what the sources say is not finished
mod untested; // much-changed files that no test names
mod alerts; // what GitHub's scanners have found
mod security; // what the tree itself gives away
mod architecture; // cycles and oversized files
mod performance; // benchmarks that nobody runs

use crate::domain::discover::candidate::Candidate;
use crate::domain::discover::facts::Facts;

/// A place where candidates come from.
pub struct Source {
    /// For `/why` and for people who read the table.
    pub name: &'static str,
    /// Finds them.
    pub find: fn(&Facts) -> Vec<Candidate>,
}

/// All of them; the order decides nothing.
pub static SOURCES: &[&Source] = &[
    &issues::SOURCE,
    &checks::SOURCE,
    &markers::SOURCE,
    &untested::SOURCE,
    &alerts::SOURCE,
    &security::SOURCE,
    &architecture::SOURCE,
    &performance::SOURCE,
];

/// How many are shown.
pub const SHOWN: usize = 5;
/// How many of one source: five issues would hide that the default branch is broken.
const OF_ONE_SOURCE: usize = 3;

/// The best candidates, and how many there were.
pub fn best(facts: &Facts) -> (Vec<Candidate>, usize) {
    let mut all: Vec<(&str, Candidate)> = SOURCES
        .iter()
        .flat_map(|source| (source.find)(facts).into_iter().map(|found| (source.name, found)))
        .collect();
    all.sort_by(|a, b| a.1.before(&b.1));
    let count = all.len();
    let mut out: Vec<(&str, Candidate)> = Vec::new();
    for (source, found) in all {
        let of_it = out.iter().filter(|(seen, _)| *seen == source).count();
        if out.len() < SHOWN && of_it < OF_ONE_SOURCE {
            out.push((source, found));
        }
    }
    (out.into_iter().map(|(_, found)| found).collect(), count)
}

/// Files of the best candidates in which a line is to be asked for its author.
pub fn to_blame(facts: &Facts) -> Vec<String> {
    let mut paths: Vec<String> = best(facts).0.into_iter().filter_map(|one| Some(one.place?.0)).collect();
    paths.dedup();
    paths
}

#[cfg(test)]
mod tests;
