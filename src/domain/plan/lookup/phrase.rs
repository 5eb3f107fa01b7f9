//! The definition that a title names in words: `default help formatter` for `DefaultHelpValueFormatter`.

use std::collections::BTreeMap;

use crate::domain::brief::Brief;
use crate::domain::plan::model::Place;
use crate::domain::plan::places::{self, Likely, Places};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

/// With fewer words a phrase is said of many things.
const WORDS: usize = 3;
/// Most words of a title that are looked at.
const TITLE: usize = 24;

/// The one definition whose name has three words of the title which follow one another there, in their order.
pub(super) fn phrase(brief: &Brief, _: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let said: Vec<String> = brief
        .title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(TITLE)
        .map(|word| words::singular(&word.to_lowercase()).to_owned())
        .collect();
    let phrases: Vec<&[String]> = said.windows(WORDS).filter(|phrase| telling(phrase)).collect();
    if phrases.is_empty() {
        return Vec::new();
    }
    let is_home = |path: &str| !places::is_test(path) && !places::is_aside(path);
    let mut found: BTreeMap<&str, (&str, usize, usize)> = BTreeMap::new();
    for (path, line, name) in places.defined(is_home).filter(|(_, _, name)| name.len() > 3 * WORDS) {
        // What several files define is no one definition.
        if let Some((other, _, length)) = found.get_mut(name) {
            if *other != path {
                *length = usize::MAX;
            }
            continue;
        }
        let own: Vec<String> = places::split_camel(name)
            .split([' ', '_'])
            .map(|word| words::singular(&word.to_lowercase()).to_owned())
            .collect();
        if phrases.iter().any(|phrase| follows(&own, phrase)) {
            found.insert(name, (path, line, own.len()));
        }
    }
    // Of several the shortest says nothing that the title does not.
    found.retain(|_, (_, _, length)| *length < usize::MAX);
    let least = found.values().map(|(_, _, length)| *length).min();
    let mut best = found.into_iter().filter(|(_, (_, _, length))| Some(*length) == least);
    match (best.next(), best.next()) {
        (Some((name, (path, line, _))), None) => {
            let place = Place { line: Some(line), ..places::existing(path) };
            vec![Likely { place, because: format!("defines {}", words::code(name)) }]
        }
        _ => Vec::new(),
    }
}

/// Three words that mean something.
fn telling(phrase: &[String]) -> bool {
    words::nouns(&phrase.join(" ")).len() == WORDS && phrase.iter().all(|word| word.len() > 2)
}

/// Has a name all words of a phrase, in their order?
fn follows(own: &[String], phrase: &[String]) -> bool {
    let mut rest = own.iter();
    phrase.iter().all(|word| rest.any(|other| other == word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::statement;
    use crate::domain::plan::tests::world::{issue, repository};

    #[test]
    fn a_name_in_words_is_found_where_it_is_defined() {
        let files = [
            (
                "help.go",
                "package help\n\n// DefaultHelpValueFormatter adds.\nfunc DefaultHelpValueFormatter(v string) string {\n\treturn v\n}\n",
            ),
            (
                "options.go",
                "package help\n\nfunc HelpFormatter(v string) {\n}\n\nfunc NoDefaultHelp() {\n}\n",
            ),
        ];
        let snapshot = repository("acme/helm", "5a1ad00", &files);
        let places = Places::new(&snapshot);
        let told = |title: &str| {
            let brief = issue(7, title, "It is wrong.");
            let found = phrase(&brief, &statement::read(&brief), &places);
            found.into_iter().map(|one| (one.place.path, one.place.line)).collect::<Vec<_>>()
        };
        assert_eq!(told("Variable appended by default help formatter"), [("help.go".to_owned(), Some(4))]);
        assert!(told("The help formatter appends it").is_empty());
    }
}
