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

impl Candidate<'_, '_> {
    fn titled(&self) -> usize {
        self.words.map_or(0, |words| words.titled)
    }
}

/// Says how things look, and not what they do.
fn is_style(path: &str) -> bool {
    matches!(places::ending(path), "css" | "scss" | "sass" | "less")
}

/// A file that is known by its name, with the definition in it that has most of the issue: the line where its type begins says
/// nothing of the matter.
fn with_definition(found: Likely, relevant: &Relevant<'_>) -> Likely {
    let stem = places::stem(places::name(relevant.path));
    let apart = |name: &str| name.replace('_', "").to_lowercase();
    let own = relevant.name.is_empty() || apart(relevant.name) == apart(stem) || relevant.has.len() < 2;
    let told = found.because.contains(&words::code(relevant.name));
    if own || told || !found.because.starts_with(NAMED) {
        return found;
    }
    let more = told_by_words(relevant);
    let because = format!("{}; {}", found.because, more.because);
    Likely { place: more.place, because }
}

/// How the evidence of a name begins.
const NAMED: &str = "is called ";

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
    ranked.truncate(told);
    // Beside the first only what has as much of the title, and is of its kind.
    let others = ranked.split_off(ranked.len().min(1));
    if let Some((path, first)) = ranked.first() {
        let (style, titled) = (is_style(path), first.titled());
        let fits = |(path, other): &(&str, Candidate<'_, '_>)| {
            is_style(path) == style && (other.found.is_some() || 2 * other.titled() >= titled)
        };
        ranked.extend(others.into_iter().filter(fits));
    }
    // Of places that are as likely, the one that is called as the title says.
    let project = &places.snapshot.repository.name;
    let is_said = |path: &str| {
        let stem = places::stem(places::name(path));
        !stem.eq_ignore_ascii_case(project) && terms::said_of(stem, &brief.title).is_some()
    };
    let mut named = ranked.iter().map(|(path, _)| is_said(path));
    if let (Some(at), None) = (named.by_ref().position(|said| said), named.position(|said| said))
        && let Some(part) = ranked.get_mut(..=at)
    {
        part.rotate_right(1);
    }
    let made = |(_, one): (&str, Candidate<'_, '_>)| match (one.found, one.words) {
        (Some(found), Some(words)) => Some(with_definition(found, words)),
        (found, words) => found.or_else(|| words.map(told_by_words)),
    };
    ranked.into_iter().filter_map(made).collect()
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
    // A function without a name is called by the word that begins it.
    let nameless = one.name.is_empty() || terms::keys(one.name).is_empty();
    // A definition that only has words from around the matter is not the place in its file.
    let line = (!nameless && one.is_of_title).then_some(one.line);
    let because = match line {
        Some(_) => format!("{} has {said}", words::code(one.name)),
        None => format!("has {said}"),
    };
    Likely { place: Place { line, ..places::existing(one.path) }, because }
}
