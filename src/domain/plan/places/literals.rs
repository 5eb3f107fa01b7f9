//! Where a message that people saw stands in the sources.

use crate::domain::plan::model::Place;
use crate::domain::plan::places::{Places, existing, likely};

/// Words of a message that are compared.
const WORDS: usize = 14;
/// So many words in a row, and so many letters, are no accident.
const RUN: usize = 3;
const LETTERS: usize = 18;

impl Places<'_> {
    /// The only source that holds a message, with the part it holds: what a program fills in is left out, so the
    /// longest run of its words counts.
    pub fn saying(&self, message: &str) -> Option<(Place, String)> {
        let starts: Vec<(usize, usize)> = spans(message).take(WORDS).collect();
        let product = || self.snapshot.files.iter().filter(|(path, _)| likely::is_product(path));
        for length in (RUN..=starts.len()).rev() {
            for run in starts.windows(length) {
                let (Some((from, _)), Some((_, to))) = (run.first(), run.last()) else { continue };
                let part = message.get(*from..*to).unwrap_or_default().trim_matches(is_mark);
                if part.len() < LETTERS {
                    continue;
                }
                let mut found = product().filter_map(|(path, text)| Some((path, line(text, part)?)));
                match (found.next(), found.next()) {
                    (Some((path, line)), None) => {
                        return Some((Place { line: Some(line), ..existing(path) }, part.to_owned()));
                    }
                    (Some(_), Some(_)) => return None,
                    (None, _) => {}
                }
            }
        }
        None
    }
}

/// The first line of code that holds a text.
fn line(text: &str, part: &str) -> Option<usize> {
    if !text.contains(part) {
        return None;
    }
    let spoken = |line: &str| {
        let start = line.trim_start();
        ["//", "#", "*", "/*"].iter().any(|mark| start.starts_with(mark))
    };
    text.lines().position(|line| line.contains(part) && !spoken(line)).map(|at| at + 1)
}

fn is_mark(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '“' | '”' | '.' | ',' | ':' | ' ')
}

/// Begin and end of each word.
fn spans(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    text.split(char::is_whitespace).filter_map(move |word| {
        let from = at;
        at += word.len() + text.get(from + word.len()..)?.chars().next().map_or(0, char::len_utf8);
        (!word.is_empty()).then_some((from, from + word.len()))
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::places::Places;
    use crate::domain::plan::tests::world::repository;

    #[test]
    fn a_message_stands_where_its_longest_constant_part_is_found_once() {
        let files = [
            (
                "src/router.go",
                "package web\n// attempting to mount a handler\npanic(fmt.Sprintf(\"attempting to mount a handler on %s\", at))\n",
            ),
            ("src/other.go", "package web\n// attempting to mount a handler on /x\n"),
            ("src/a.js", "throw new Error('twice the same words here')\n"),
            ("src/b.js", "throw new Error('twice the same words here')\n"),
            ("tests/all.js", "expect('only in the test of it')\n"),
        ];
        let snapshot = repository("acme/x", "5a1ad00", &files);
        let places = Places::new(&snapshot);
        let found = places
            .saying("panic: attempting to mount a handler on '/api'")
            .map(|(place, part)| (place.path, place.line, part));
        assert_eq!(found, Some(("src/router.go".into(), Some(3), "attempting to mount a handler on".into())));
        assert_eq!(places.saying("Error: twice the same words here"), None);
        assert_eq!(places.saying("only in the test of it"), None);
        assert_eq!(places.saying("ü"), None);
    }
}
