//! Which files a command that runs tests is given: one that names others than the test does not run it.

use super::{Ecosystem, run};
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::unfold;

/// Languages whose runners take files, folders or patterns of them.
const BY_FILE: [&str; 5] = ["py", "ts", "go", "rb", "php"];
/// Options of most runners that take no value.
const ALONE: [&str; 8] = ["-v", "-vv", "-q", "-s", "-x", "--verbose", "--run", "--"];

/// Does the line run the test with this runner, as far as it says which files it takes?
pub(super) fn takes(
    places: &Places<'_>,
    (ecosystem, folder, path): (&Ecosystem, &str, &str),
    (line, command): (&str, &str),
) -> bool {
    // What is told by environments takes no files.
    let by_file = BY_FILE.iter().any(|ending| ecosystem.endings.contains(ending));
    if !by_file || matches!(command, "tox" | "nox") {
        return true;
    }
    let inner = if folder.is_empty() { Some(path) } else { path.strip_prefix(folder) };
    let Some(inner) = inner.map(|path| path.trim_start_matches('/')) else { return false };
    let mut calls = unfold::parts(line).filter(|part| run::runs(part, command)).peekable();
    let covers = |part: &str| {
        let named = named(places, folder, part.rsplit_once(command).map_or("", |(_, rest)| rest));
        named.is_empty() || named.iter().any(|one| is_below(inner, one))
    };
    calls.peek().is_none() || calls.any(covers)
}

/// Does a path lie at or below what a pattern begins with?
fn is_below(path: &str, named: &str) -> bool {
    let whole = named.trim_end_matches('/');
    let open = whole.find(['*', '{', '[']).or_else(|| whole.find("..."));
    match open.and_then(|at| whole.get(..at)) {
        Some(start) => path.starts_with(start),
        None => path.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
    }
}

/// The files, folders and patterns among the words behind a runner.
fn named<'l>(places: &Places<'_>, folder: &str, words: &'l str) -> Vec<&'l str> {
    let bare = |word: &'l str| word.trim_matches(['"', '\'']).trim_start_matches("./");
    let mut out = Vec::new();
    let mut last = "";
    for word in words.split_whitespace() {
        let value = last.starts_with('-') && !last.contains('=') && !ALONE.contains(&last);
        last = word;
        let word = bare(word);
        let is_pattern = word.contains('*') && !word.contains(['$', '(', '=', '`']) || word.ends_with("...");
        let there = || {
            let path = places::within(folder, word.trim_end_matches('/'));
            !value && word != "run" && (places.has(&path) || places.has_folder(&path))
        };
        if !word.is_empty() && !word.starts_with('-') && (is_pattern || there()) {
            out.push(word);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::testing::of_ending;
    use crate::domain::plan::tests::world::repository;

    #[test]
    fn a_runner_that_is_given_other_files_does_not_run_the_test() {
        let files = [("pier/deck/a.test.ts", ""), ("hull/keel.test.ts", ""), ("hull/tool.json", "")];
        let snapshot = repository("acme/x", "5a1ad00", &files);
        let places = Places::new(&snapshot);
        let told = |line: &str, command: &str| {
            let ecosystem = of_ending("ts").unwrap();
            takes(&places, (ecosystem, "", "hull/keel.test.ts"), (line, command))
        };
        for line in [
            "bun test",
            "bun test hull",
            "bun test ./hull/*.test.ts",
            "bun test pier/deck/* hull/",
            "bun test -c pier",
            "bun test --jsx '**/*.ts'",
            "bun test berth",
            "bun test pier && bun test",
            "bun test `ls pier/*`",
        ] {
            assert!(told(line, "bun test"), "{line}");
        }
        for line in ["bun test pier/deck/*", "bun test -v pier", "bun test --a ../../hull pier/*"] {
            assert!(!told(line, "bun test"), "{line}");
        }
        // What cargo is given are names and no files.
        let rust = of_ending("rs").unwrap();
        assert!(takes(&places, (rust, "", "hull/keel.rs"), ("cargo test pier", "cargo test")));
    }
}
