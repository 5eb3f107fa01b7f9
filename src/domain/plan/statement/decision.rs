//! What is to hold in place of what, in the words of who decides.

use std::collections::BTreeSet;

use crate::domain::plan::asks;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::roles::Judged;
use crate::domain::plan::source::Piece;
use crate::domain::plan::statement::Reading;
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
}

static INSTEAD_OF: Pattern = Pattern::new(
    r"(`[^`\n]{1,60}`|\b\d{1,6}\b)[^.`\d]{0,40}?\b(?:instead of|rather than|in place of)\s+(?:the |an? )?(`[^`\n]{1,60}`|\b\d{1,6}\b)",
);
/// `It must answer 423 instead`: of what, the demand says that it takes the place of.
static INSTEAD: Pattern = Pattern::new(r"\binstead\b\W*$");
static NUMBER: Pattern = Pattern::new(r"(?:^|[\s(])(\d{1,6})(?:[\s,;:)]|\.?$)");

/// Takes the decisions of one comment of who may triage; what only says a demand anew with another number is none beside it.
///
/// Of two words on the same thing the later one counts.
pub(super) fn of(reading: &mut Reading, judged: &mut Vec<(Piece, Judged)>, by: &str) {
    let mut decided: Vec<Decision> = Vec::new();
    judged.retain(|(piece, _)| {
        let said = stated(&piece.text);
        let anew = if said.is_none() { anew(reading, &piece.text) } else { None };
        let is_anew = anew.is_some();
        let pair = said.or(anew);
        decided.extend(pair.map(|(new, old)| Decision { new, old, by: by.to_owned() }));
        !is_anew
    });
    for later in decided {
        reading.decided.retain(|earlier| earlier.old != later.old);
        reading.decided.push(later);
    }
}

fn stated(text: &str) -> Option<(String, String)> {
    let found = INSTEAD_OF.captures(text).filter(|_| !asks::is_question(text))?;
    let bare = |group: usize| found.get(group).map(|it| it.as_str().trim_matches('`').to_owned());
    Some((bare(1)?, bare(2)?))
}

/// The only number of a demand, where a text has all of its words from it and another number.
fn anew(reading: &Reading, text: &str) -> Option<(String, String)> {
    if !INSTEAD.is_in(text) || asks::is_question(text) {
        return None;
    }
    let number = |text: &str| match NUMBER.all(text, 1).as_slice() {
        [only] => Some((*only).to_owned()),
        _ => None,
    };
    let new = number(text)?;
    let said = worded(text);
    let takes = |demand: &str| {
        let shared = worded(demand);
        said.len() >= SHARED && said.is_subset(&shared)
    };
    let mut fitting = reading.demands.iter().filter(|one| takes(&one.text));
    let old = fitting.next().filter(|_| fitting.next().is_none()).and_then(|one| number(&one.text))?;
    (old != new).then_some((new, old))
}

/// Fewer words in common could mean anything.
const SHARED: usize = 2;

fn worded(text: &str) -> BTreeSet<String> {
    let mut all = words::nouns(text);
    all.retain(|word| word != "instead" && !word.starts_with(|c: char| c.is_ascii_digit()));
    all
}
