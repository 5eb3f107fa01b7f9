//! Which manifest names a package, and which one a report only reads.

use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::reading_list;
use crate::domain::plan::statement::{Origin, Statement};

const MANIFESTS: [&str; 13] = [
    "Directory.Packages.props",
    "build.gradle.kts",
    "setup.cfg",
    "setup.py",
    "Cargo.toml",
    "package.json",
    "pyproject.toml",
    "requirements.txt",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "Gemfile",
    "composer.json",
];

/// The manifest and line that name a package.
pub fn dependency<'a>(places: &Places<'a>, name: &str) -> Option<(&'a str, usize)> {
    if name.len() < 2 || name.contains(char::is_whitespace) {
        return None;
    }
    let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    for (path, text) in &places.snapshot.files {
        let project = |path: &str| [".csproj", ".gemspec", ".fsproj"].iter().any(|end| path.ends_with(end));
        if !MANIFESTS.contains(&places::name(path)) && !project(path) {
            continue;
        }
        for (index, line) in text.lines().enumerate() {
            let Some(at) = line.find(name) else { continue };
            let before = line.get(..at).and_then(|text| text.chars().next_back());
            let after = line.get(at + name.len()..).and_then(|text| text.chars().next());
            if !before.is_some_and(part)
                && !after.is_some_and(part)
                && line.chars().any(|c| c.is_ascii_digit())
            {
                return Some((path, index + 1));
            }
        }
    }
    None
}

/// Of the package itself.
static PACKED: Pattern = Pattern::new(
    r"\b(?:packag\w+|publish\w*|install\w*|depend\w+|build\w*|bundl\w+|version\w*|licen[cs]e|peer)\b",
);

/// A report that names a manifest tells what the program reads, seldom that the one of this tree is wrong.
pub(super) fn is_read_only(statement: &Statement, name: &str) -> bool {
    statement.origin == Origin::Report
        && reading_list::is_manifest(name)
        && !name.contains('/')
        && !PACKED.is_in(&statement.text)
}

/// Where a workflow, a Makefile or a manifest holds a command.
pub(super) fn running(places: &Places<'_>, command: &str) -> Option<Place> {
    let bare = command.trim_start_matches("$ ");
    let script =
        bare.strip_prefix("npm run ").or(bare.strip_prefix("yarn ")).map(|name| format!("\"{name}\":"));
    let target = bare.strip_prefix("make ").map(|name| format!("{name}:"));
    places.snapshot.files.iter().find_map(|(path, file)| {
        let line = file.lines().position(|line| match places::name(path) {
            "package.json" => script.as_deref().is_some_and(|script| line.contains(script)),
            "Makefile" | "justfile" => target.as_deref().is_some_and(|target| line.starts_with(target)),
            _ => path.starts_with(".github/workflows/") && line.contains(bare),
        })?;
        Some(Place { line: Some(line + 1), ..places::existing(path) })
    })
}
