//! What is said of files: which are there, which are to come, who uses which, and what stands in none.

use std::collections::BTreeSet;

use super::Told;
use crate::domain::plan::{mentions, places};

/// Whether a sentence of one form is true of the tree; `None`: the line has none of that form.
type Form = fn(&Told, &str) -> Option<Vec<String>>;

/// All forms by their words.
pub const FORMS: &[(&str, Form)] = &[
    ("**new** `…`", new),
    ("a row's place", placed),
    ("`…` is not in the tree", absent),
    ("`…` stands in none of the files read", unnamed),
    ("as at the commit", as_before),
    ("used by others", used),
    ("what … does today", today),
    ("a search for … finds it", searched),
];

/// The forms that were met, and what is not true.
pub fn check(told: &Told) -> (BTreeSet<&'static str>, Vec<String>) {
    let (mut met, mut untrue) = (BTreeSet::new(), Vec::new());
    for line in told.lines() {
        for (name, form) in FORMS {
            let Some(wrong) = form(told, &line) else { continue };
            met.insert(*name);
            untrue.extend(wrong.into_iter().map(|path| format!("`{path}` ({name}) in {line}")));
        }
    }
    (met, untrue)
}

fn is_there(told: &Told, path: &str) -> bool {
    told.golden.snapshot.tree.iter().any(|entry| entry.path == path)
}

fn codes(text: &str) -> Vec<&str> {
    mentions::spans(text).into_iter().filter(|(_, code)| *code).map(|(span, _)| span).collect()
}

/// The code before each of the words, where there is one.
fn before(line: &str, words: &str) -> Option<Vec<String>> {
    let found: Vec<String> = line
        .match_indices(words)
        .filter_map(|(at, _)| line[..at].strip_suffix('`')?.rsplit_once('`'))
        .map(|(_, code)| code.to_owned())
        .collect();
    (!found.is_empty()).then_some(found)
}

fn new(told: &Told, line: &str) -> Option<Vec<String>> {
    let found: Vec<&str> =
        line.split("**new** `").skip(1).filter_map(|rest| rest.split('`').next()).collect();
    (!found.is_empty())
        .then(|| found.into_iter().filter(|path| is_there(told, path)).map(str::to_owned).collect())
}

fn placed(told: &Told, line: &str) -> Option<Vec<String>> {
    let cells: Vec<&str> = line.strip_prefix("| R")?.split(" | ").collect();
    let [_, _, cell, _] = cells.as_slice() else { return None };
    let parts = cell.split("; ").filter(|part| !part.starts_with("**new**"));
    let gone = parts.flat_map(codes).filter(|path| !is_there(told, path));
    Some(gone.map(str::to_owned).collect())
}

fn absent(told: &Told, line: &str) -> Option<Vec<String>> {
    let found = before(line, " is not in the tree")?;
    Some(found.into_iter().filter(|path| is_there(told, path)).collect())
}

fn unnamed(told: &Told, line: &str) -> Option<Vec<String>> {
    let found = before(line, " stands in none of the ")?;
    let stands = |name: &String| {
        let last = name.rsplit(['.', ':']).next().unwrap_or_default();
        told.golden.snapshot.files.values().any(|text| text.contains(last))
    };
    Some(found.into_iter().filter(stands).collect())
}

fn as_before(told: &Told, line: &str) -> Option<Vec<String>> {
    let kept = before(line, ": as at `sha`").into_iter().chain(before(line, " is again as at `sha`"));
    let found: Vec<String> = kept.flatten().filter(|code| code.contains('/')).collect();
    (!found.is_empty()).then(|| found.into_iter().filter(|path| !is_there(told, path)).collect())
}

/// Whoever uses a file has its name in it.
fn used(told: &Told, line: &str) -> Option<Vec<String>> {
    let rest = line.strip_prefix("**Used by others:** ")?;
    let mut wrong = Vec::new();
    for part in rest.split("; ") {
        let (file, by) = part.split_once(" by ")?;
        let file = codes(file).concat();
        let holds = |user: &&str| {
            let text = told.golden.snapshot.files.get(*user);
            text.is_some_and(|text| text.contains(places::stem(places::name(&file))))
        };
        wrong.extend(codes(by).into_iter().filter(|user| !holds(user)).map(str::to_owned));
    }
    Some(wrong)
}

fn today(told: &Told, line: &str) -> Option<Vec<String>> {
    let rest = line.strip_prefix("**Not checked:** ")?;
    let part = rest.split("; ").find(|part| part.starts_with("what `") && part.contains(" today"))?;
    let (named, _) = part.rsplit_once(" do").unwrap_or((part, ""));
    Some(codes(named).into_iter().filter(|path| !is_there(told, path)).map(str::to_owned).collect())
}

/// `a search for `…` finds nothing; today it stands in …`: the files that hold it, and no other ones.
fn searched(told: &Told, line: &str) -> Option<Vec<String>> {
    let (_, rest) = line.split_once("a search for `")?;
    let (name, rest) = rest.split_once('`')?;
    let (_, rest) = rest.split_once("today it stands in ")?;
    let named = codes(rest.split(" · ").next()?);
    let files = told.golden.snapshot.files.iter();
    let holding: Vec<&str> =
        files.filter(|(_, text)| text.contains(name)).map(|(path, _)| path.as_str()).collect();
    let wrong = named.iter().filter(|path| !holding.contains(path));
    let left_out = holding.iter().filter(|path| named.len() < 3 && !named.contains(path));
    Some(wrong.chain(left_out).map(|path| (*path).to_owned()).collect())
}
