//! Names that hold another one: whoever searches and replaces meets them, too.

use crate::domain::plan::places::Places;
use crate::domain::plan::words;

/// So many files are looked through, and so many places in each.
const FILES: usize = 40;
const EACH: usize = 50;

/// A name of a source that holds this one and is not meant: its name, its file and its line.
fn than<'a>(places: &Places<'a>, body: &str, name: &str) -> Option<(String, &'a str, usize)> {
    let name = name.trim_end_matches("()");
    if name.len() < 4 || !name.chars().all(is_part) {
        return None;
    }
    let mut holding = places.read_sources().filter(|(_, text)| text.contains(name)).take(FILES);
    holding.find_map(|(path, text)| {
        let mut at = text.match_indices(name).take(EACH).map(|(at, _)| at);
        at.find_map(|at| {
            let before = text.get(..at)?.chars().rev().take_while(|c| is_part(*c)).count();
            let behind: usize = text.get(at..)?.chars().take_while(|c| is_part(*c)).map(char::len_utf8).sum();
            let from = text.get(..at)?.char_indices().rev().take(before).last().map_or(at, |(at, _)| at);
            let whole = text.get(from..at + behind)?;
            // A longer name in a string or a comment is a name all the same; one that the issue names is known.
            (whole != name && whole.len() < 60 && !body.contains(whole)).then(|| {
                (whole.to_owned(), path, text.get(..at).map_or(1, |head| head.matches('\n').count() + 1))
            })
        })
    })
}

/// How a rename or a removal is read where such a name is there.
pub fn told(places: &Places<'_>, body: &str, name: &str) -> Option<String> {
    let (longer, path, line) = than(places, body, name)?;
    Some(format!("{} is no {}: it stays in `{path}` line {line}", words::code(&longer), words::code(name)))
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
