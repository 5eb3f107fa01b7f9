//! Paths and names of code: each stands whole in the issue or in the tree, or is made by a custom that has a name.

use std::collections::BTreeSet;

use super::Told;
use crate::domain::plan::{mentions, places};

type Rule = fn(&Told, &str) -> bool;

/// All rules by name: the first that holds explains a word of code.
pub const RULES: &[(&str, Rule)] = &[
    ("a path of the tree", path),
    ("a workflow or a file of owners by its name alone", short),
    ("whole in the issue", issue),
    ("whole in a file of the tree", file),
    ("the test file that is to be made", test),
    ("a word of a command that runs tests", runner),
    ("one argument of it: the test or its folder", argument),
    ("the neighbor of a choice", neighbor),
    ("a command of ours", command),
    ("the commit", commit),
    ("the code of a language that is named", language),
];

/// The rules that were needed, and the words of code that none explains.
pub fn check(told: &Told) -> (BTreeSet<&'static str>, Vec<String>) {
    let (mut used, mut untrue) = (BTreeSet::new(), Vec::new());
    for line in told.lines() {
        for (span, _) in mentions::spans(&line).into_iter().filter(|(_, code)| *code) {
            match explained(told, span) {
                Some(name) => drop(used.insert(name)),
                None => {
                    for word in span.split_whitespace() {
                        let bare = word.trim_matches(|c: char| matches!(c, '"' | '\'' | ',' | ';' | '…'));
                        match explained(told, bare) {
                            Some(name) => drop(used.insert(name)),
                            None => untrue.push(format!("`{word}` in {line}")),
                        }
                    }
                }
            }
        }
    }
    (used, untrue)
}

fn explained(told: &Told, word: &str) -> Option<&'static str> {
    RULES.iter().find(|(_, holds)| holds(told, word)).map(|(name, _)| *name)
}

fn paths(told: &Told) -> impl Iterator<Item = &str> {
    told.golden.snapshot.tree.iter().map(|entry| entry.path.as_str())
}

fn path(told: &Told, word: &str) -> bool {
    paths(told).any(|path| path == word || places::folder(path) == word && !word.is_empty())
}

fn short(told: &Told, word: &str) -> bool {
    paths(told).any(|path| {
        places::name(path) == word && (places::folder(path) == ".github/workflows" || word == "CODEOWNERS")
    })
}

/// With nothing beside it that a longer path or name would have.
fn stands_whole(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '/' | '-');
    let dot = |rest: &str| rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + word.len()..]);
            let open = word.starts_with(part) && (before.ends_with(part) || before.ends_with('.'));
            let more = word.ends_with(part) && (after.starts_with(part) || dot(after));
            !open && !more
        })
}

fn issue(told: &Told, word: &str) -> bool {
    let said = told.said();
    // Blanks within a span are those of one line.
    stands_whole(&said, word) || stands_whole(&said.replace('\n', " "), word)
}

fn file(told: &Told, word: &str) -> bool {
    told.golden.snapshot.files.values().any(|text| stands_whole(text, word))
}

/// Beside a test or a source that is there, and called after a file that is changed.
fn test(told: &Told, word: &str) -> bool {
    let Some(file) = told.plan.tests.file.as_ref().filter(|file| file.new && file.path == word) else {
        return false;
    };
    let home = places::folder(&file.path);
    let known = paths(told).any(|path| places::folder(path) == home);
    // Where tests mirror the sources, the folder is called like that of one that is changed.
    let (above, own) = (places::folder(home), places::name(home));
    let changed = told.plan.requirements.iter().flat_map(|one| &one.places);
    let mirrored = changed.map(|place| places::name(places::folder(&place.path))).any(|name| name == own);
    let known = known || mirrored && paths(told).any(|path| path.starts_with(&format!("{above}/")));
    let changed = told.plan.work_items.iter().flat_map(|item| &item.paths);
    let mut stems = changed.map(|path| places::stem(places::name(path)));
    known && stems.any(|stem| places::name(&file.path).contains(stem))
}

fn runner(_: &Told, word: &str) -> bool {
    const WORDS: &[&str] = &[
        "cargo",
        "test",
        "--test",
        "pytest",
        "npm",
        "--",
        "go",
        "mvn",
        "dotnet",
        "--filter",
        "bundle",
        "exec",
        "rspec",
        "ruby",
        "ruby",
        "-Ilib",
        "-Itest",
        "-Ispec",
        "rake",
        "vendor/bin/phpunit",
        "./...",
    ];
    WORDS.contains(&word)
}

/// `--test auth`, `-Dtest=TerminTest`, `./cmd/tracer`.
fn argument(told: &Told, word: &str) -> bool {
    let Some(file) = &told.plan.tests.file else { return false };
    let stem = places::stem(places::name(&file.path));
    let bare = word.strip_prefix("-Dtest=").unwrap_or(word);
    bare == stem || word.strip_prefix("./").is_some_and(|folder| folder == places::folder(&file.path))
}

/// `xtext` is the refused neighbor of the choice `text`.
fn neighbor(told: &Told, word: &str) -> bool {
    word.strip_prefix('x').is_some_and(|choice| issue(told, &format!("`{choice}`")))
}

fn command(_: &Told, span: &str) -> bool {
    let mut words = span.split_whitespace();
    let verb = words.next().and_then(|word| word.strip_prefix('/'));
    verb.is_some_and(|verb| matches!(verb, "approve" | "revise" | "why" | "items" | "help"))
}

/// `pl`, where the issue says Polish, and `pl-…`.
fn language(told: &Told, word: &str) -> bool {
    let named = [("Polish", "pl"), ("German", "de")];
    let code = word.strip_suffix("-…").unwrap_or(word);
    named.iter().any(|(name, own)| *own == code && told.said().contains(name))
}

/// As [`Told::lines`] call it.
fn commit(_: &Told, word: &str) -> bool {
    word == "sha"
}
