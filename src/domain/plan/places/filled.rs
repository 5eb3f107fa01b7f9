//! Texts of the sources with blanks for values, and the messages that are made from them.

use std::collections::BTreeSet;

use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::literals::is_comment;
use crate::domain::plan::places::{LINE, Places, existing, without_tests};
use crate::domain::plan::words;

/// A text in quotes on one line.
static TEXT: Pattern = Pattern::new(r#"\x22((?:[^\x22\\]|\\.)+)\x22|'((?:[^'\\]|\\.)+)'|`([^`]+)`"#);
/// Where a value comes to stand.
static BLANK: Pattern = Pattern::new(r"\$?#?\{[^{}]{0,60}\}|%\(\w{1,30}\)[a-z]|%[-+#]?[\d.]*[a-zA-Z]");
/// A line that begins a function or a method, whichever line its body begins on.
static BEGINS: Pattern = Pattern::new(
    r"(?-i:^\s*(?:(?:public|protected|internal|private|static|virtual|override|abstract|final|async|export|pub|def|fn|func|function|fun|void)\b[^;={}()]*?[\s.])+([A-Za-z_]\w*)\s*(?:<[^<>()]*>)?\()",
);
/// So many letters of a message stand in its text as they are, in so many words.
const LETTERS: usize = 14;
const WORDS: usize = 3;
/// Least letters of a word by which lines are chosen, and most such words.
const WORD: usize = 4;
const SAID: usize = 4;
/// So many lines above and below are about the same.
const AROUND: usize = 12;
/// In more places than these a text names none.
const PLACES: usize = 12;

/// A text that a message was made from.
struct Made<'a> {
    place: Place,
    /// The definition around it.
    within: &'a str,
    /// Its letters that are no blanks.
    letters: usize,
}

impl<'a> Places<'a> {
    /// The one line whose text a whole message was made from: the one that has most of it, then the one within a definition
    /// of such a name, then the one beside which most of these words stand. None where that leaves several.
    pub fn filling(&self, message: &str, names: &[String], matter: &BTreeSet<String>) -> Option<Place> {
        let message = message.trim();
        let is_word = |word: &&str| word.len() >= WORD && word.chars().all(char::is_alphabetic);
        let said: Vec<&str> = message.split_whitespace().filter(is_word).take(SAID).collect();
        let mut found: Vec<Made<'a>> = Vec::new();
        for (path, text) in &self.sources {
            let text = without_tests(path, text);
            if !said.iter().any(|word| words::holds(text, word)) {
                continue;
            }
            let mut within = "";
            for (at, line) in text.lines().enumerate().filter(|(_, line)| line.len() < LINE) {
                within = BEGINS.first(line, 1).unwrap_or(within);
                if !said.iter().any(|word| line.contains(word)) {
                    continue;
                }
                if let Some(letters) = made_from(message, line) {
                    let place = Place { line: Some(at + 1), ..existing(path) };
                    found.push(Made { place, within, letters });
                }
            }
            if found.len() > PLACES {
                return None;
            }
        }
        let most = found.iter().map(|one| one.letters).max()?;
        found.retain(|one| one.letters == most);
        let is_named = |one: &Made<'_>| names.iter().any(|name| name == one.within);
        if found.iter().any(is_named) {
            found.retain(is_named);
        }
        if found.len() > 1 {
            let shared = |one: &Made<'_>| self.around(&one.place).intersection(matter).count();
            let most = found.iter().map(shared).max()?;
            found.retain(|one| most > 0 && shared(one) == most);
        }
        let [only] = found.as_slice() else { return None };
        Some(only.place.clone())
    }

    /// The words of the lines around a place.
    fn around(&self, place: &Place) -> BTreeSet<String> {
        let text = self.text(&place.path).unwrap_or_default();
        let first = place.line.unwrap_or(1).saturating_sub(1 + AROUND);
        let lines = text.lines().skip(first).take(2 * AROUND + 1).filter(|line| line.len() < LINE);
        lines.flat_map(words::stems).collect()
    }
}

/// How many letters of a message the text of a line has as they are; none where the message was not made from it.
fn made_from(message: &str, line: &str) -> Option<usize> {
    if line.len() > LINE || is_comment(line) || !line.contains(['{', '%']) {
        return None;
    }
    let texts = TEXT.every(line).take(8);
    let texts = texts.filter_map(|found| found.iter().skip(1).flatten().next());
    texts.filter_map(|text| fits(message, text.as_str())).max()
}

/// The letters of a text that stand in a message in their order, from its beginning to its end.
fn fits(message: &str, text: &str) -> Option<usize> {
    let mut parts: Vec<&str> = Vec::new();
    let mut at = 0;
    for blank in BLANK.every(text).filter_map(|found| found.get(0)) {
        parts.push(text.get(at..blank.start())?);
        at = blank.end();
    }
    parts.push(text.get(at..)?);
    let count = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count();
    let letters: usize = parts.iter().map(|part| count(part)).sum();
    let words: usize = parts.iter().map(|part| part.split_whitespace().count()).sum();
    let (first, rest) = parts.split_first()?;
    let (last, between) = rest.split_last()?;
    if letters < LETTERS || words < WORDS {
        return None;
    }
    // A text goes on behind a break that a program only writes at its end.
    let last = last.trim_end_matches("\\n");
    let mut left = message.strip_prefix(first)?.strip_suffix(last)?;
    for part in between {
        left = left.split_once(part)?.1;
    }
    Some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    #[test]
    fn a_message_is_made_from_a_text_that_has_both_its_ends() {
        let message = "Expected berth not to be Pier.North, but found <none>.";
        assert_eq!(fits(message, "Expected {what} not to be {0}{reason}, but found <none>."), Some(27));
        assert_eq!(fits(message, "Expected %s not to be %v, but found %q."), Some(23));
        for other in [
            "Expected {what} not to be {0}{reason}, but it is.",
            "{0}, but found {1}.",
            "Expected berth not to be Pier.North, but found <none>.",
        ] {
            assert_eq!(fits(message, other), None, "{other}");
        }
    }

    #[test]
    fn of_several_texts_the_one_in_a_definition_that_is_named_is_it() {
        let text = "class Berths {\n  void moorAt(int pier) {\n    fail(\"Expected {what} not to be {0}, but found <none>.\");\n  }\n  \
            void castOff(int pier) {\n    fail(\"Expected {what} not to be {0}, but found <none>.\");\n  }\n}\n";
        let snapshot = repository("acme/x", "5a1ad00", &[("src/Berths.java", text)]);
        let places = Places::new(&snapshot);
        let message = "Expected berth not to be Pier.North, but found <none>.";
        let none = BTreeSet::new();
        let found = |name: &str| places.filling(message, &[name.to_owned()], &none)?.line;
        assert_eq!((found("castOff"), found("moorAt")), (Some(6), Some(3)));
        assert_eq!(found("sail"), None, "either may be it");
    }

    #[test]
    fn of_several_texts_the_one_beside_the_words_of_the_issue_is_it() {
        let main = "package main\nfunc lift() {\n\tanchor := os.Getenv(\"ANCHOR\")\n\treturn fmt.Errorf(\"unable to run the command: %w\", err)\n}\n";
        let other =
            "package main\nfunc edit() {\n\treturn fmt.Errorf(\"unable to run the command: %w\", err)\n}\n";
        let snapshot = repository("acme/x", "5a1ad00", &[("lift.go", main), ("edit.go", other)]);
        let places = Places::new(&snapshot);
        let message = "unable to run the command: no such file";
        let found = |title: &str| Some(places.filling(message, &[], &words::stems(title))?.path);
        assert_eq!(found("ANCHOR with a space in it does not work").as_deref(), Some("lift.go"));
        assert_eq!(found("A space in it does not work"), None, "either may be it");
    }
}
