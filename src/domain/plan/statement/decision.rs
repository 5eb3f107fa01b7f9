//! What is to hold in place of what, in the words of who decides.

use crate::domain::plan::asks;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::quantity;
use crate::domain::plan::roles::Judged;
use crate::domain::plan::source::Piece;
use crate::domain::plan::statement::{Reading, Statement};

use crate::domain::plan::words;

/// `X instead of Y`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What holds, without backticks.
    pub new: String,
    /// What it takes the place of.
    pub old: String,
    /// Who says so.
    pub by: String,
    /// The only demand that is meant, where it was said anew.
    pub of: Option<String>,
}

static INSTEAD_OF: Pattern = Pattern::new(
    r"(`[^`\n]{1,60}`|\b\d{1,6}\b)[^.`\d]{0,40}?\b(?:instead of|rather than|in place of)\s+(?:the |an? )?(`[^`\n]{1,60}`|\b\d{1,6}\b)",
);
/// ``The service must answer 423 instead``: of what, the demand says that it takes the place of.
static INSTEAD: Pattern = Pattern::new(r"\s+instead\W*$");

/// Takes the decisions of one comment of who may triage; what only says a demand anew with another status is none beside it.
///
/// Of two words on the same thing the later one counts.
pub(super) fn of(reading: &mut Reading, judged: &mut Vec<(Piece, Judged)>, by: &str) {
    let mut decided: Vec<Decision> = Vec::new();
    judged.retain(|(piece, _)| {
        let in_units = measured(reading, &piece.text);
        let stated = || stated(&piece.text).map(|(new, old)| (new, old, None));
        let pair = in_units.or_else(stated).or_else(|| anew(reading, &piece.text));
        let is_anew = pair.as_ref().is_some_and(|(_, _, of)| of.is_some());
        decided.extend(pair.map(|(new, old, of)| Decision { new, old, by: by.to_owned(), of }));
        !is_anew
    });
    for later in decided {
        // A short number stands for much: the same one need not be the same thing.
        let same = |earlier: &Decision| earlier.of == later.of && later.old.len() >= TELLING;
        let back = |earlier: &Decision| earlier.new == later.old && earlier.old == later.new;
        let returns = reading.decided.iter().any(|earlier| same(earlier) && back(earlier));
        reading.decided.retain(|earlier| !same(earlier) || earlier.old != later.old && !back(earlier));
        if !returns {
            reading.decided.push(later);
        }
    }
}

/// Fewer letters or digits than these.
const TELLING: usize = 3;

fn stated(text: &str) -> Option<(String, String)> {
    let found = INSTEAD_OF.captures(text).filter(|_| !asks::is_question(text))?;
    if SEEN.is_in(text.get(..found.get(0)?.start())?) {
        return None;
    }
    let bare = |group: usize| found.get(group).map(|it| it.as_str().trim_matches('`').to_owned());
    Some((bare(1)?, bare(2)?))
}

/// `15 minutes instead of 1 hour`, each with its unit.
static MEASURES: Pattern = Pattern::new(
    r"\b(\d{1,9} ?(?:[a-z]{1,12}|%))\b[^.\d]{0,30}?\b(?:instead of|rather than|in place of|and not|not) (?:the |an? )?(\d{1,9} ?(?:[a-z]{1,12}|%))(?:\b|$)",
);

/// `On my box it takes 900 ms instead of 200 ms`: what was seen decides nothing.
static SEEN: Pattern = Pattern::new(
    r"\b(?:takes?|took|taking|is|was|were|gets?|got|gives?|gave|needs|needed|measured?|sees?|saw|seen|observed?|noticed|runs|ran)\b[^.;]*$",
);
/// A thing that the demand names: a decision is of that one.
fn is_of(demand: &str, about: &str) -> bool {
    words::stems(demand).intersection(&words::stems(about)).next().is_some()
}

/// Puts the number that is decided into the one demand that has the other, so that every case and question follows from it;
/// of several, into the one that shares a word with the sentence.
fn measured(reading: &mut Reading, text: &str) -> Option<(String, String, Option<String>)> {
    let found = MEASURES.captures(text).filter(|_| !asks::is_question(text) && !asks::is_maybe(text))?;
    let (new, old) = (found.get(1)?.as_str(), found.get(2)?.as_str());
    let before = text.get(..found.get(0)?.start()).unwrap_or_default();
    if SEEN.is_in(before) {
        return None;
    }
    let mut fits: Vec<&mut Statement> = reading
        .demands
        .iter_mut()
        .filter(|demand| words::renamed(&demand.text, old, new) != demand.text)
        .collect();
    if fits.len() > 1 {
        let units = format!("{before} {}", text.get(found.get(0)?.end()..).unwrap_or_default());
        fits.retain(|demand| is_of(&words::renamed(&demand.text, old, ""), &units));
    }
    let [demand] = fits.as_mut_slice() else { return None };
    let now = words::renamed(&demand.text, old, new);
    let was = std::mem::replace(&mut demand.text, now);
    let of = demand.said.get_or_insert(was).clone();
    Some((new.to_owned(), old.to_owned(), Some(of)))
}

/// The one demand that has all of a text, word behind word, with another status. Other numbers have bounds and units, and what
/// follows from them is more than a number.
fn anew(reading: &Reading, text: &str) -> Option<(String, String, Option<String>)> {
    let said = INSTEAD.first(text, 0).and_then(|tail| text.strip_suffix(tail))?;
    let new = quantity::status(said).filter(|_| !asks::is_question(text))?;
    let row = blanked(said, new)?;
    let meant = |demand: &&str| {
        quantity::status(demand)
            .and_then(|old| blanked(demand, old))
            .is_some_and(|own| words::stands_in(&own, &row))
    };
    let mut fitting = reading.demands.iter().map(|one| one.text.as_str()).filter(meant);
    let only = fitting.next().filter(|_| fitting.next().is_none())?;
    let old = quantity::status(only).filter(|old| *old != new)?;
    Some((new.to_owned(), old.to_owned(), Some(only.to_owned())))
}

/// The words of a text with its only number left out.
fn blanked(text: &str, number: &str) -> Option<String> {
    let bare = words::bare(text);
    let is_number = |word: &&str| word.chars().all(|c| c.is_ascii_digit());
    let mut numbers = bare.split(' ').filter(is_number);
    (numbers.next() == Some(number) && numbers.next().is_none())
        .then(|| words::renamed(&bare, number, "status"))
}
