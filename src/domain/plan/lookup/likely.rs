//! The few places for which most speaks, where nobody names one.

use std::collections::BTreeMap;

use super::evidence::KINDS;
use crate::domain::brief::Brief;
use crate::domain::plan::model::Place;
use crate::domain::plan::places::{self, Likely, Places, Relevant};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::{terms, words};

/// So much more than for the second has to speak for the first that it stands alone; how often it is the place then,
/// `docs/plans.md` says.
const ALONE: f64 = 1.4;
/// What has less than this part of the best is not told beside it.
const CLOSE: f64 = 0.6;
/// Most places that are told.
const MOST: usize = 3;
/// Words of all that is said that a place has at least, one of the title's among them.
const SAID: usize = 4;
/// Most words that are told.
const TOLD: usize = 3;

/// A source that may be it.
struct Candidate {
    score: f64,
    /// Found by something else than its words.
    found: Option<Likely>,
}

/// One place where it stands out, else up to three of which one is it most likely, the best first; none where nothing
/// has enough of the issue.
pub(super) fn find(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let terms = terms::of(brief);
    let relevant = places.relevant(&terms);
    let best = relevant.first().map_or(1.0, |first| first.score);
    let mut all: BTreeMap<&str, Candidate> = BTreeMap::new();
    for one in relevant.iter().filter(|one| is_telling(one)) {
        all.insert(one.path, Candidate { score: one.score / best, found: None });
    }
    let found: Vec<(f64, Likely)> = KINDS
        .iter()
        .flat_map(|kind| {
            let found = (kind.find)(brief, reading, places);
            let part = kind.strength / found.len().max(1) as f64;
            found.into_iter().map(move |one| (part, one))
        })
        .collect();
    let own = |path: &str| relevant.iter().find(|one| one.path == path).map_or(0.0, |one| one.score / best);
    for (strength, one) in &found {
        let path = one.place.path.as_str();
        let candidate = all.entry(path).or_insert_with(|| Candidate { score: own(path), found: None });
        candidate.score += strength;
        candidate.found.get_or_insert_with(|| one.clone());
    }
    let mut ranked: Vec<(&str, Candidate)> = all.into_iter().collect();
    ranked.sort_by(|(one, a), (other, b)| b.score.total_cmp(&a.score).then(one.cmp(other)));
    let score = |at: usize| ranked.get(at).map_or(0.0, |(_, candidate)| candidate.score);
    let told = match score(0) >= ALONE * score(1) {
        true => 1,
        false => (0..MOST).take_while(|at| score(*at) >= CLOSE * score(0) && score(*at) > 0.0).count(),
    };
    let made = |(path, candidate): (&str, Candidate)| match candidate.found {
        Some(found) => found,
        None => relevant.iter().find(|one| one.path == path).map_or_else(|| bare(path), told_by_words),
    };
    ranked.into_iter().take(told).map(made).collect()
}

/// Has enough of what is said that it is no accident.
fn is_telling(one: &Relevant<'_>) -> bool {
    one.titled > 0 && one.said >= SAID
}

fn bare(path: &str) -> Likely {
    Likely { place: places::existing(path), because: String::new() }
}

/// Its best definition, and what that has of the issue.
fn told_by_words(one: &Relevant<'_>) -> Likely {
    let mut said: Vec<String> = Vec::new();
    for word in &one.has {
        let apart = |seen: &String| !seen.eq_ignore_ascii_case(word);
        if said.len() < TOLD && said.iter().all(apart) {
            said.push(word.clone());
        }
    }
    if said.is_empty() {
        return bare(one.path);
    }
    let said = words::list(&said.iter().map(|word| words::quoted(word)).collect::<Vec<_>>());
    let line = (!one.name.is_empty()).then_some(one.line);
    let because = match line {
        Some(_) => format!("{} has {said}", words::code(one.name)),
        None => format!("has {said}"),
    };
    Likely { place: Place { line, ..places::existing(one.path) }, because }
}
