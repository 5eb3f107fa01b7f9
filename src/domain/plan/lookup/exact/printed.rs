//! A line that a program printed and an issue shows: where the one text stands that it is made of.

use std::collections::BTreeSet;

use crate::domain::brief::Brief;
use crate::domain::plan::asks;
use crate::domain::plan::examples;
use crate::domain::plan::mentions;
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{Likely, Places};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

/// Most lines that are looked for, and most of one block: whoever shows more shows a log.
const LINES: usize = 12;
const OF_BLOCK: usize = 6;
/// A line of more letters is data.
const LONGEST: usize = 400;
/// So many words and letters in a row are no accident.
const WORDS: usize = 2;
const LETTERS: usize = 15;
/// From so many words a line is a sentence of its own.
const SENTENCE: usize = 4;
/// What is longer than this is told by its beginning.
const TOLD: usize = 60;

/// The one line of the sources that prints what the issue shows; none where its lines come from several.
pub(super) fn printed(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let matter = words::stems(&brief.title);
    let mut found: Vec<Likely> = Vec::new();
    for line in lines(brief, reading) {
        let Some(part) = constant(&line).filter(|part| is_of(part, &matter)) else { continue };
        let Some(place) = places.printing(part) else { continue };
        let same = |seen: &Likely| seen.place.path == place.path;
        if !found.iter().any(same) {
            found.push(told(place, part));
        }
    }
    if found.len() == 1 { found } else { Vec::new() }
}

/// A few words may greet whoever starts the program: those say something of the matter only where they share its words.
fn is_of(part: &str, matter: &BTreeSet<String>) -> bool {
    part.split_whitespace().count() >= SENTENCE || !words::stems(part).is_disjoint(matter)
}

fn told(place: Place, part: &str) -> Likely {
    Likely { because: format!("holds {}", words::quoted(&words::shorten(part, TOLD))), place }
}

/// Lines of output: those of blocks that are no program, those of quotes, and what stands between backticks.
fn lines(brief: &Brief, reading: &Reading) -> Vec<String> {
    let is_apart = |section: &Option<String>| {
        section.as_deref().is_some_and(|section| asks::is_circumstance(section) || asks::is_expected(section))
    };
    let own = reading.blocks.iter().take(reading.own_blocks).take(20);
    let shown = own.filter(|block| !is_apart(&block.section) && !examples::is_program(block));
    let mut out: Vec<String> =
        shown.flat_map(|block| block.text.lines().take(OF_BLOCK)).map(str::to_owned).collect();
    let quoted = brief.body.lines().take(2_000).filter_map(|line| line.trim_start().strip_prefix('>'));
    out.extend(quoted.map(str::to_owned));
    let said = reading.own();
    for said in said.filter(|said| !is_apart(&said.section)) {
        let codes = mentions::spans(&said.text).into_iter().filter(|(_, code)| *code);
        out.extend(codes.map(|(code, _)| code.to_owned()));
    }
    out.retain(|line| line.len() <= LONGEST && !TYPED.is_in(line) && constant(line).is_some());
    out.truncate(LINES);
    out
}

/// Typed, and printed by nobody.
static TYPED: Pattern = Pattern::new(r"^\s*(?:[$>#] |[\w.-]+ -{1,2}\w)");
/// What a program fills in: numbers, paths, places for values, texts in quotes.
static FILLED: Pattern = Pattern::new(r"[\d/\\<>{}$%=|`\x22'“”‘’\[\]]");

/// The longest run of words of a line that no program fills in.
fn constant(line: &str) -> Option<&str> {
    let mut best = "";
    let (mut from, mut to) = (0, 0);
    for word in line.split_inclusive(char::is_whitespace) {
        let end = to + word.len();
        if FILLED.is_in(word) {
            from = end;
        }
        to = end;
        let run = line.get(from..to).unwrap_or_default().trim();
        if run.len() > best.len() {
            best = run;
        }
    }
    let letters = best.chars().filter(|c| c.is_alphabetic()).count();
    (best.split_whitespace().count() >= WORDS && letters >= LETTERS).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::{constant, is_of};
    use crate::domain::plan::words;

    #[test]
    fn a_greeting_is_no_part_of_the_matter() {
        let matter = words::stems("The list of ships lacks those that are moored");
        assert!(!is_of("Harbor: Westquay", &matter) && is_of("Moored ships:", &matter));
        assert!(is_of("cannot tell which harbor", &matter));
    }

    #[test]
    fn what_a_program_fills_in_parts_the_text_that_it_prints() {
        for (line, run) in [
            (
                "error: ships of a closed dock must not be moored at ${{ pier }} of 4",
                "error: ships of a closed dock must not be moored at",
            ),
            ("Moored ships there:", "Moored ships there:"),
            ("12 ships at /home/ann/dock are out of the harbor limits", "are out of the harbor limits"),
        ] {
            assert_eq!(constant(line), Some(run), "{line}");
        }
        for short in ["* format", "click==7.0", "moored 3 of 4 ships", "/usr/local/bin/ferry --all"] {
            assert_eq!(constant(short), None, "{short}");
        }
    }
}
