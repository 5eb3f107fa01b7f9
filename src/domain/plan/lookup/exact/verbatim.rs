//! What an issue quotes, letter for letter in the sources.

use super::{by_words, said};
use crate::domain::brief::Brief;
use crate::domain::plan::asks;
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{Likely, Places, Verbatim};
use crate::domain::plan::statement::{Reading, Statement};
use crate::domain::plan::words;

/// Sources that hold a text of the issue letter for letter, or define what its line hands on to.
pub(super) fn verbatim(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let said = said(brief);
    // `ferry moor` is typed, and whatever prints it only tells what to type.
    let command = format!("{} ", places.snapshot.repository.name);
    for quoted in texts(brief, reading).into_iter().filter(|quoted| !quoted.text.starts_with(&command)) {
        let found = places.verbatim(&quoted);
        let told = |place: Place| match places.handed_on(&place, &said) {
            Some((inner, name)) => Likely {
                because: format!(
                    "defines {}, which stands beside {}",
                    words::code(name),
                    words::code(&quoted.text)
                ),
                place: inner,
            },
            None => Likely { because: format!("holds {}", words::code(&quoted.text)), place },
        };
        let mut found: Vec<Likely> = found.into_iter().map(told).collect();
        if found.is_empty() {
            continue;
        }
        by_words(&mut found, brief, places);
        return found;
    }
    Vec::new()
}

/// The definition that holds a text of the title and a name of it as well, where the text alone stands in too many.
pub(super) fn beside(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let named = mentions::mentions(&brief.title).into_iter().filter(|one| one.kind == MentionKind::Symbol);
    let names: Vec<String> = named.map(|one| one.text.trim_end_matches("()").to_owned()).take(3).collect();
    for quoted in texts(brief, reading).iter().filter(|quoted| brief.title.contains(&quoted.text)) {
        for name in &names {
            if let Some((place, _)) = places.verbatim_beside(quoted, name) {
                let because = format!("holds {} and {}", words::code(&quoted.text), words::code(name));
                return vec![Likely { place, because }];
            }
        }
    }
    Vec::new()
}

/// Most texts that are looked for.
const TEXTS: usize = 8;
/// Most of them that are looked at in one sentence.
const MOST: usize = 40;
/// Longest text that is looked for, bytes.
const LONGEST: usize = 80;

/// What the title and the sentences of the issue quote, with code before texts in quotes and these before words in
/// capitals. What is typed, expected or only surrounds the matter stands in no source.
fn texts(brief: &Brief, reading: &Reading) -> Vec<Verbatim> {
    let apart = |said: &&Statement| {
        let section = said.section.as_deref().unwrap_or_default();
        said.by.is_some()
            || asks::is_steps(section)
            || asks::is_circumstance(section)
            || asks::is_expected(section)
    };
    let own = reading.demands.iter().chain(&reading.talk).filter(|said| !apart(said)).take(100);
    let all: Vec<&str> =
        std::iter::once(brief.title.as_str()).chain(own.map(|said| said.text.as_str())).collect();
    let mut out: Vec<Verbatim> = Vec::new();
    let mut add = |text: &str, is_word: bool| {
        let text = text.trim().to_owned();
        let one = Verbatim { text, is_word };
        if !out.contains(&one) && out.len() < TEXTS {
            out.push(one);
        }
    };
    for text in &all {
        let codes = mentions::spans(text).into_iter().filter(|(_, code)| *code).map(|(part, _)| part);
        codes.take(MOST).filter(|part| is_literal(part)).for_each(|part| add(part, false));
    }
    for text in &all {
        let quoted = QUOTED.every(text).filter_map(|found| found.iter().skip(1).flatten().next());
        let quoted = quoted.map(|part| part.as_str()).take(MOST);
        quoted.filter(|part| is_literal(part)).for_each(|part| add(part, false));
    }
    for text in &all {
        let words = CAPITALS.every(text).filter_map(|found| found.get(1)).take(MOST);
        words.for_each(|word| add(word.as_str(), true));
    }
    out
}

static QUOTED: Pattern = Pattern::new(
    r"(?:^|[\s(])(?:\x22([^\x22\n]{3,80})\x22|“([^“”\n]{3,80})”|'([^'\n]{3,80})')(?:[\s).,:;?!]|$)",
);
/// `ERROR`: a word that a program prints so, and no abbreviation.
static CAPITALS: Pattern = Pattern::new(r"(?:^|[\s(*`\x22])(?-i:([A-Z]{5,20}))(?:[\s)*`\x22.,:;?!]|$)");
/// A name, a type, a path, a number, an option: these are looked for as what they are.
static NAME: Pattern = Pattern::new(r"^[\w./@#:<>()\[\],&*?-]+$");
static ESCAPE: Pattern = Pattern::new(r"^\\\w$");

/// Something that code can hold letter for letter, and that is no name.
fn is_literal(text: &str) -> bool {
    let text = text.trim();
    let code = mentions::mentions(&words::code(text));
    let typed = |kind: MentionKind| matches!(kind, MentionKind::Code);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    text.len() <= LONGEST
        && !text.contains(['\n', '…'])
        && !text.contains("...")
        && (ESCAPE.is_in(text)
            || letters > 2 && !NAME.is_in(text) && code.first().is_some_and(|one| typed(one.kind)))
}
