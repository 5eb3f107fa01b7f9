//! The table of what is asked, where, and how one will see it.

use crate::domain::escape;
use crate::domain::plan::asks;
use crate::domain::plan::markdown::links::Links;
use crate::domain::plan::model::{Place, Plan, Requirement, Verdict};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// Rows that are shown without folding.
const OPEN: usize = 8;

/// The table; folded when it would fill the screen.
pub fn table(plan: &Plan, links: &mut Links) -> Option<String> {
    let silent = plan.verdict == Verdict::TooVague || plan.turned_down_by.is_some();
    if plan.requirements.is_empty() || silent {
        return None;
    }
    let placed = plan
        .requirements
        .iter()
        .any(|one| !one.places.is_empty() || one.within.is_some() || one.proposed.is_some());
    let sited = plan.requirements.iter().any(|requirement| !requirement.places.is_empty());
    let base = if sited { links.base() } else { None };
    let place_head = base.map_or_else(|| "Where".to_owned(), |base| format!("Where, at {base}"));
    let likely = if plan.tests.guessed { ", likely" } else { "" };
    let case_head = match &plan.tests.file {
        Some(file) if file.new => {
            let file = links.place(file);
            let pair =
                plan.tests.pair.as_ref().map(|pair| format!(" and {}", links.prose(&words::code(pair))));
            format!("Proved by these cases{likely} in the new {file}{}", pair.unwrap_or_default())
        }
        Some(file) => format!("Proved by these cases{likely} in {}", links.place(file)),
        None => "Proved by".to_owned(),
    };
    let mut lines = match placed {
        true => vec![format!("| | The issue asks | {place_head} | {case_head} |"), "|-|-|-|-|".to_owned()],
        false => vec![format!("| | The issue asks | {case_head} |"), "|-|-|-|".to_owned()],
    };
    for (index, requirement) in plan.requirements.iter().enumerate() {
        let before = plan.requirements.get(..index).unwrap_or_default();
        let cases: Vec<String> = requirement.cases.iter().map(|case| cell(&links.prose(case))).collect();
        let cases = match (cases.as_slice(), requirement.within) {
            ([], Some(_)) => String::new(),
            ([], None) => "open".to_owned(),
            (cases, _) => cases.join(" · "),
        };
        let quote = quote(requirement, links);
        lines.push(match placed {
            true => {
                let site = as_before(before, requirement).unwrap_or_else(|| site(requirement, links));
                format!("| {} | {quote} | {site} | {cases} |", requirement.id)
            }
            false => format!("| {} | {quote} | {cases} |", requirement.id),
        });
    }
    let table = lines.join("\n");
    Some(match plan.requirements.len() {
        0..=OPEN => table,
        count => format!(
            "<details><summary>{count} demands, each with its place and its cases</summary>\n\n{table}\n\n</details>"
        ),
    })
}

fn quote(requirement: &Requirement, links: &Links) -> String {
    let said = cell(&links.plain(&words::quoted(&asking(&requirement.quote))));
    match &requirement.by {
        Some(by) => format!("{}: {said}", escape::inline(by)),
        None => said,
    }
}

/// Longest demand that is quoted whole, in characters.
const QUOTE: usize = 140;

/// The part of a long demand that asks: its sentence, without asides and reasons.
fn asking(quote: &str) -> String {
    if quote.chars().count() <= QUOTE {
        return quote.to_owned();
    }
    let sentences = words::sentences(quote).into_iter().filter_map(|range| quote.get(range)).map(str::trim);
    let asks = sentences.clone().find(|sentence| asks::has_ask(sentence));
    let sentence = asks.or(sentences.clone().next()).unwrap_or(quote);
    let bare = ASIDE.replace(sentence, |_| " (…)".to_owned());
    let matter = BACKGROUND.first(&bare, 1).filter(|rest| asks::says_must(rest) || asks::has_ask(rest));
    let matter = matter.unwrap_or(&bare);
    cut(REASON.first(matter, 1).unwrap_or(matter).trim_end())
}

/// A sentence that is too long ends where it takes breath, and shows that it goes on.
fn cut(sentence: &str) -> String {
    let cut = words::clipped(sentence, QUOTE);
    match cut.ends_with('…') || cut.len() == sentence.len() {
        true => cut,
        // Half of a choice says something else than the whole.
        false if HALF.is_in(&cut) => words::shorten(sentence, 2 * QUOTE),
        false => format!("{cut}…"),
    }
}

/// What a sentence begins with before it comes to what it asks.
static BACKGROUND: Pattern =
    Pattern::new(r"^(?:now that|since|as|because|given that|although|even though) [^,]{10,200}, (.{16,})$");
/// Half of a pair.
static HALF: Pattern = Pattern::new(r"\b(?:not (?:only|just)|either|neither|both)\b[^,]*$");

static ASIDE: Pattern = Pattern::new(r"\s\([^()`]{16,300}\)");
static REASON: Pattern = Pattern::new(r"^(.{40,}?),? (?:so that|because|which means|in order to|since)\b.*$");

/// A guess is made once: who shares it names whose it is.
fn as_before(before: &[Requirement], requirement: &Requirement) -> Option<String> {
    let guessed =
        requirement.likely.is_some() && requirement.within.is_none() && requirement.proposed.is_none();
    let same = |other: &&Requirement| other.likely.is_some() && other.places == requirement.places;
    before.iter().find(same).filter(|_| guessed).map(|other| format!("as {}", other.id))
}

/// The sub-issue that carries it, and the files.
fn site(requirement: &Requirement, links: &mut Links) -> String {
    let places = places(requirement, links);
    let placed = match requirement.within {
        Some(issue) if places.is_empty() => format!("in #{issue}"),
        Some(issue) => format!("in #{issue}; {places}"),
        None => places,
    };
    let proposed =
        requirement.proposed.as_ref().map(|said| format!("proposed: {}", cell(&links.prose(said))));
    [Some(placed).filter(|placed| !placed.is_empty()), proposed]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("; ")
}

fn places(requirement: &Requirement, links: &mut Links) -> String {
    let mut out: Vec<String> = Vec::new();
    for place in requirement.places.iter().take(4) {
        out.push(match (place.new, &place.beside) {
            (true, Some(beside)) => {
                format!("**new** {}, beside {}", links.place(place), links.place(&existing(beside)))
            }
            (true, None) => format!("**new** {}", links.place(place)),
            (false, _) => match place.line {
                Some(line) => format!("{} line {line}", links.place(place)),
                None => links.place(place),
            },
        });
    }
    if requirement.places.len() > 4 {
        out.push(format!("{} more", requirement.places.len() - 4));
    }
    if requirement.likely.is_none() {
        return out.join("; ");
    }
    let others = out.split_off(1.min(out.len()));
    let because =
        requirement.likely.as_ref().filter(|because| !because.is_empty() && links.first_time(because));
    let because = because.map(|because| format!(": {}", cell(&links.plain(because)))).unwrap_or_default();
    let others = if others.is_empty() { String::new() } else { format!("; else {}", words::one_of(&others)) };
    format!("likely {}{because}{others}", out.concat())
}

fn existing(path: &str) -> Place {
    Place { path: path.to_owned(), new: false, beside: None, line: None }
}

/// A cell is one line; pipes inside are escaped already.
fn cell(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_demand_is_quoted_by_what_it_asks() {
        for (said, quoted) in [
            (
                "Now that the ledger knows of currencies and the export writes them for `euro` and `yen` rows of every book, the filter will need to understand currencies.",
                "the filter will need to understand currencies.",
            ),
            (
                "It would be nice if there were a way to add a column for marked rows that ensures that they are not only marked in the list, but easy to find with `less`.",
                "It would be nice if there were a way to add a column for marked rows that ensures that they are not only marked in the list, but easy to find with `less`.",
            ),
            (
                "Add a configurable export with rows of its own for every book, a list of what is left out, and handlers of errors for each of the books that are read.",
                "Add a configurable export with rows of its own for every book, a list of what is left out…",
            ),
        ] {
            assert_eq!(asking(said), quoted);
        }
    }
}
