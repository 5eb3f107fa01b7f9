//! Where a text that an issue quotes stands in the sources as it is: letter for letter, whatever its words mean.

use crate::domain::plan::model::Place;
use crate::domain::plan::places::literals::is_comment;
use crate::domain::plan::places::{LINE, Places, definitions, existing, units, without_tests};
use crate::domain::plan::terms;
use crate::domain::plan::words;

/// In more places than these a text names none.
const PLACES: usize = 3;
/// So many letters within a longer text are no accident.
const LETTERS: usize = 5;
/// So far below a comment stands what it speaks of.
const BELOW: usize = 12;

/// How a text stands in a line, the strictest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stands {
    /// Alone between quotes.
    Alone,
    /// At the beginning of a text in quotes.
    Begins,
    /// Somewhere.
    Within,
}

/// A text that an issue quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verbatim {
    /// Letter for letter.
    pub text: String,
    /// A word, which counts at the beginning of a text in quotes alone.
    pub is_word: bool,
}

impl<'a> Places<'a> {
    /// The lines of the sources that hold a text, and definitions whose comment does; none where too many do. What
    /// stands alone between quotes is meant before what begins so, and that before what holds it somewhere.
    pub fn verbatim(&self, quoted: &Verbatim) -> Vec<Place> {
        let forms = forms(&quoted.text);
        let is_long = quoted.text.chars().filter(|c| c.is_alphabetic()).count() >= LETTERS;
        let mut found: Vec<(Stands, Place)> = Vec::new();
        for (path, text) in &self.sources {
            let text = without_tests(path, text);
            if !forms.iter().any(|form| words::holds(text, form)) {
                continue;
            }
            for (at, line) in text.lines().enumerate().filter(|(_, line)| line.len() < LINE) {
                let Some(stands) = forms.iter().filter_map(|form| stands(line, form)).min() else { continue };
                // Whoever wrote above a definition that it is about this text says as much as the text itself.
                let (stands, line) = match is_comment(line) {
                    false => (stands, Some(at + 1)),
                    true if is_long && !quoted.is_word => (Stands::Alone, self.spoken_of(path, text, at)),
                    true => continue,
                };
                let Some(line) = line else { continue };
                // A program says more behind such a word; alone it is a key or a kind.
                let is_near = match quoted.is_word {
                    true => stands == Stands::Begins,
                    false => stands < Stands::Within || is_long,
                };
                if is_near {
                    found.push((stands, Place { line: Some(line), ..existing(path) }));
                }
                if found.len() > 40 * PLACES {
                    return Vec::new();
                }
            }
        }
        for most in [Stands::Alone, Stands::Begins, Stands::Within] {
            let mut here: Vec<Place> = Vec::new();
            for (_, place) in found.iter().filter(|(stands, _)| *stands <= most) {
                if !here.contains(place) {
                    here.push(place.clone());
                }
            }
            match here.len() {
                0 => {}
                1..=PLACES => return here,
                _ => return Vec::new(),
            }
        }
        Vec::new()
    }

    /// The one definition that holds a text and a name as well.
    pub fn verbatim_beside(&self, quoted: &Verbatim, name: &str) -> Option<(Place, &'a str)> {
        let forms = forms(&quoted.text);
        let holds = |text: &str| forms.iter().any(|form| words::holds(text, form));
        let mut found: Option<(Place, &'a str)> = None;
        for (path, text) in self.sources.iter().filter(|(_, text)| words::holds(text, name) && holds(text)) {
            for unit in units::of(without_tests(path, text)) {
                let names = unit.text.lines().any(|line| definitions::position(line, name).is_some());
                if !names || unit.name.is_empty() {
                    continue;
                }
                let above = text.get(..offset(text, unit.text)).unwrap_or_default().lines().count();
                let is_it = |line: &str| !is_comment(line) && line.len() < LINE && holds(line);
                let Some(at) = unit.text.lines().position(is_it) else { continue };
                if found.is_some() {
                    return None;
                }
                found = Some((Place { line: Some(above + at + 1), ..existing(path) }, unit.name));
            }
        }
        found
    }

    /// What a line hands on to: the one definition elsewhere of a name of several words that the issue says all.
    pub fn handed_on(&self, place: &Place, said: &str) -> Option<(Place, &'a str)> {
        let text = self.text(&place.path)?;
        let line = text.lines().nth(place.line?.checked_sub(1)?)?;
        let several = |name: &&str| name.contains('_') || name.chars().skip(1).any(char::is_uppercase);
        let names = terms::names(line).filter(several).take(8);
        let names = names.filter(|name| terms::said_of(name, said).is_some_and(|words| words > 1));
        let mut found = names.filter_map(|name| Some((self.defined_once(name)?, name)));
        found.find(|(other, _)| other.path != place.path || other.line != place.line)
    }

    /// The definition right below a comment; none where the comment speaks of something else.
    fn spoken_of(&self, path: &str, text: &str, at: usize) -> Option<usize> {
        let mut below = text.lines().enumerate().skip(at + 1).take(BELOW);
        let code = |line: &str| {
            let start = line.trim_start();
            !is_comment(line) && !start.starts_with(['@', '#', '[', '*'])
        };
        let (at, line) = below.find(|(_, line)| code(line))?;
        let mut names = terms::names(line).take(12);
        names.find(|name| self.definition(path, name) == Some(at + 1) || units::begins(line)).map(|_| at + 1)
    }
}

/// Where a part of a text begins in it.
fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// As code may write it: itself, and with what a text in quotes escapes.
fn forms(text: &str) -> Vec<String> {
    let mut out = vec![text.to_owned()];
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    if escaped != text {
        out.push(escaped);
    }
    out
}

fn stands(line: &str, form: &str) -> Option<Stands> {
    let found = line.match_indices(form).take(8).filter_map(|(at, _)| {
        let before = line.get(..at)?.chars().next_back();
        let after = line.get(at + form.len()..)?.chars().next();
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        // A word of the text goes on: it is another word.
        let goes_on = form.ends_with(char::is_alphanumeric) && is_part(after)
            || form.starts_with(char::is_alphanumeric) && is_part(before);
        let opens = before.filter(|c| matches!(c, '"' | '\'' | '`'));
        Some(match opens {
            _ if goes_on => return None,
            Some(mark) if after == Some(mark) => Stands::Alone,
            Some(_) => Stands::Begins,
            None => Stands::Within,
        })
    });
    found.min()
}
