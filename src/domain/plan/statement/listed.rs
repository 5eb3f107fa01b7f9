//! Items of one list that say what is to come as one beside them does: `… hashes it` beside `… must keep it`.

use crate::domain::plan::asks;
use crate::domain::plan::clause;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source::Piece;
use crate::domain::plan::statement::{Origin, Reading};

/// Takes an item for a demand that states an outcome, where another one of its list, without a lead and a heading of its own,
/// must.
pub(super) fn beside(reading: &mut Reading, items: &[Piece]) {
    let together = |one: &Piece, other: &Piece| {
        one.lead.is_none()
            && other.lead.is_none()
            && one.section == other.section
            && one.line.abs_diff(other.line) <= NEAR
    };
    let must = |line: usize| {
        reading.demands.iter().any(|one| one.by.is_none() && one.line == line && asks::says_must(&one.text))
    };
    let demands: Vec<&Piece> = items.iter().filter(|item| must(item.line)).collect();
    let states = |item: &&Piece| {
        let told = asks::is_story(&item.text) || asks::describes(&item.text) || asks::tells_fault(&item.text);
        let section = item.section.as_deref().unwrap_or_default();
        !told
            && !asks::is_apart(section)
            && !asks::has_ask(&item.text)
            && !asks::is_question(&item.text)
            && (clause::case(&item.text).is_some() || ACTS.is_in(&item.text))
    };
    let near =
        |item: &&Piece| demands.iter().any(|demand| demand.line != item.line && together(demand, item));
    let lines: Vec<usize> = items.iter().filter(near).filter(states).map(|item| item.line).collect();
    let told = reading.talk.extract_if(.., |said| said.by.is_none() && lines.contains(&said.line));
    reading.demands.extend(told.map(|said| super::Statement { origin: Origin::Criterion, ..said }));
    reading.demands.sort_by_key(|one| (one.by.is_some(), one.line));
}

/// A thing of the code does something.
static ACTS: Pattern = Pattern::new(r"^`[^`]+` (?:also |only |always |never )?[a-z]{3,}s\b");

/// So many lines apart items are still of one list.
const NEAR: usize = 4;
