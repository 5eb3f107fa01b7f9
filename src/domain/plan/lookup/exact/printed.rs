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
        let whole = constant(&line).filter(|part| is_of(part, &matter));
        let whole = whole.and_then(|part| Some((places.printing(&[part])?, part)));
        let parted = || {
            let parts = parts(&line);
            let longest = parts.iter().copied().max_by_key(|part| part.len())?;
            (parts.len() > 1).then(|| places.printing(&parts)).flatten().map(|place| (place, longest))
        };
        let Some((place, part)) = whole.or_else(parted) else { continue };
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
pub(super) fn lines(brief: &Brief, reading: &Reading) -> Vec<String> {
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
    out.retain(|line| {
        line.len() <= LONGEST && !TYPED.is_in(line) && (constant(line).is_some() || parts(line).len() > 1)
    });
    out.truncate(LINES);
    out
}

/// Typed, and printed by nobody.
static TYPED: Pattern = Pattern::new(r"^\s*(?:[$>#] |[\w.-]+ -{1,2}\w)");
/// What a program fills in: numbers, paths, places for values, texts in quotes.
static FILLED: Pattern = Pattern::new(r"[\d/\\<>{}$%=|`\x22'“”‘’\[\]]");

/// Fewer letters on both sides of what is filled in are an accident.
const BESIDE: usize = 14;

/// The runs of words around what a program fills in between quotes or angles: `Dock "<name>" is full` is printed by one line
/// that has both. None where they say too little.
fn parts(line: &str) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    let (mut rest, mut filled) = (line, false);
    while let Some(found) = BLANK.captures(rest).and_then(|found| found.get(0)) {
        out.extend(rest.get(..found.start()));
        rest = rest.get(found.end()..).unwrap_or_default();
        filled = true;
    }
    out.push(rest);
    let mut out: Vec<&str> = out.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect();
    out.retain(|part| !FILLED.is_in(part));
    let letters: usize = out.iter().map(|part| part.chars().filter(|c| c.is_alphabetic()).count()).sum();
    let telling = out.iter().any(|part| part.split_whitespace().count() > WORDS);
    if filled && letters >= BESIDE && telling { out } else { Vec::new() }
}

/// A value in a message: between quotes or angles.
static BLANK: Pattern =
    Pattern::new(r"\x22[^\x22]{1,60}\x22|'[^']{1,60}'|“[^”]{1,60}”|<[^<>]{1,60}>|\$\{[^}]{1,60}\}");

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
    use super::{constant, is_of, parts};
    use crate::domain::plan::words;

    #[test]
    fn a_greeting_is_no_part_of_the_matter() {
        let matter = words::stems("The list of ships lacks those that are moored");
        assert!(!is_of("Harbor: Westquay", &matter) && is_of("Moored ships:", &matter));
        assert!(is_of("cannot tell which harbor", &matter));
    }

    #[test]
    fn both_sides_of_what_is_filled_in_are_looked_for_together() {
        assert_eq!(parts("ferry: Dock \"<name of it>\" is taken by now"), ["ferry: Dock", "is taken by now"]);
        for other in ["Dock 'a' is 'b'", "the dock is taken by now", "<a href=\"x\">is it so</a>"] {
            assert!(parts(other).len() < 2, "{other}");
        }
        let files = [
            ("dock.go", "// Dock is taken by now\nlog(\"ferry: Dock %q is taken by now\", d.Name)\n"),
            ("sea.go", "log(\"is taken by now\")\n"),
        ];
        let snapshot = crate::domain::plan::tests::world::repository("acme/x", "5a1ad00", &files);
        let places = crate::domain::plan::places::Places::new(&snapshot);
        let found = places.printing(&["ferry: Dock", "is taken by now"]);
        assert_eq!(found.map(|place| (place.path, place.line)), Some(("dock.go".to_owned(), Some(2))));
        assert_eq!(places.printing(&["is taken by now", "ferry: Dock"]), None);
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
