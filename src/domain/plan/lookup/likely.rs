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
struct Candidate<'r, 'a> {
    score: f64,
    /// What it has of the words.
    words: Option<&'r Relevant<'a>>,
    /// Found by something else.
    found: Option<Likely>,
}

/// One place where it stands out, else up to three of which one is it most likely, the best first; none where nothing
/// has enough of the issue.
pub(super) fn find(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let terms = terms::of(brief);
    let relevant = places.relevant(&terms);
    let best = relevant.first().map_or(1.0, |first| first.score);
    let by_path: BTreeMap<&str, &Relevant<'_>> = relevant.iter().map(|one| (one.path, one)).collect();
    let candidate = |path: &str| {
        let words = by_path.get(path).copied();
        Candidate { score: words.map_or(0.0, |one| one.score / best), words, found: None }
    };
    let telling = relevant.iter().filter(|one| is_telling(one));
    let mut all: BTreeMap<&str, Candidate<'_, '_>> =
        telling.map(|one| (one.path, candidate(one.path))).collect();
    let found: Vec<(f64, Likely)> = KINDS
        .iter()
        .flat_map(|kind| {
            let found = (kind.find)(brief, reading, places);
            let part = kind.strength / found.len().max(1) as f64;
            found.into_iter().map(move |one| (part, one))
        })
        .collect();
    for (strength, one) in &found {
        let path = one.place.path.as_str();
        let candidate = all.entry(path).or_insert_with(|| candidate(path));
        candidate.score += strength;
        candidate.found.get_or_insert_with(|| one.clone());
    }
    let mut ranked: Vec<(&str, Candidate<'_, '_>)> = all.into_iter().collect();
    ranked.sort_by(|(one, a), (other, b)| b.score.total_cmp(&a.score).then(one.cmp(other)));
    let score = |at: usize| ranked.get(at).map_or(0.0, |(_, candidate)| candidate.score);
    let told = match score(0) >= ALONE * score(1) {
        true => 1,
        false => (0..MOST).take_while(|at| score(*at) >= CLOSE * score(0) && score(*at) > 0.0).count(),
    };
    // Of places that are as likely, the one that is called as the title says.
    let project = &places.snapshot.repository.name;
    let is_said = |path: &str| {
        let stem = places::stem(places::name(path));
        !stem.eq_ignore_ascii_case(project) && terms::said_of(stem, &brief.title).is_some()
    };
    let mut named = ranked.iter().take(told).map(|(path, _)| is_said(path));
    if let (Some(at), None) = (named.by_ref().position(|said| said), named.position(|said| said))
        && let Some(part) = ranked.get_mut(..=at)
    {
        part.rotate_right(1);
    }
    let made = |(_, one): (&str, Candidate<'_, '_>)| one.found.or_else(|| one.words.map(told_by_words));
    ranked.into_iter().take(told).filter_map(made).collect()
}

/// Has enough of what is said that it is no accident.
fn is_telling(one: &Relevant<'_>) -> bool {
    one.titled > 0 && one.said >= SAID
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
        return Likely { place: places::existing(one.path), because: String::new() };
    }
    let said = words::list(&said.iter().map(|word| words::quoted(word)).collect::<Vec<_>>());
    let line = (!one.name.is_empty()).then_some(one.line);
    let because = match line {
        Some(_) => format!("{} has {said}", words::code(one.name)),
        None => format!("has {said}"),
    };
    Likely { place: Place { line, ..places::existing(one.path) }, because }
}
