//! The changelog that a repository keeps by habit: its part for what is not released yet.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::{words, workflows};

/// So far down stands what is not released yet.
const TOP: usize = 60;
/// So many lines below a heading may say that it is not released.
const BELOW: usize = 4;

static NAME: Pattern = Pattern::new(r"^(?:changelog|change[-_]log|changes|history|news|release[-_]notes)$");
/// Names of what comes next.
static NEXT: Pattern = Pattern::new(
    r"^(?:(?:version|release|v)?\s*)?(?:unreleased(?: changes| version)?|v?next(?: release| version)?|upcoming(?: release| version)?|pending(?: release| version)?|master|main|trunk|head|develop|in development|development version)\b(?:\s*[-–—:(].*)?$|\bunreleased\b|\((?:not (?:yet )?released|pending|tb[ad]|in (?:development|progress)|upcoming|next)\)|^\D{0,20}\bv?\d+(?:\.\d+)+[-.]?(?:dev\d*|snapshot)\b",
);
static RELEASED: Pattern = Pattern::new(r"\bv?\d+\.\d+");
/// A line of its own below a heading.
static LATER: Pattern = Pattern::new(
    r"^[\s*_(:]*(?:release date:? |released:? )?(?:unreleased|not (?:yet )?released|in development)[\s*_).]*$",
);
/// It is written by a program.
pub(super) static WRITTEN: Pattern = Pattern::new(
    r"\b(?:auto-?generated|generated (?:automatically|by|with|using|from)|do not edit|towncrier|semantic-release|release-please|changesets?)\b",
);
static UNDERLINE: Pattern = Pattern::new(r"^(?:={3,}|-{3,}|~{3,}|\^{3,}|\*{3,}|\+{3,})$");
static LINK: Pattern = Pattern::new(r"\[([^\]\[]*)\](?:\([^)]*\)|\[[^\]]*\])?");

/// Where entries are kept in files of their own, or made of commits, nobody writes one by hand.
const OTHERWISE: [&str; 8] =
    [".changeset", "changelog.d", "changelogs", "newsfragments", "changelog", "changes", "CHANGES", "news"];
const TOOLS: [&str; 16] = [
    "release-plz.toml",
    ".release-plz.toml",
    ".release-please-config.json",
    ".releaserc.yaml",
    "release.config.js",
    "cliff.toml",
    ".cliff.toml",
    "release-please-config.json",
    ".release-please-manifest.json",
    ".releaserc",
    ".releaserc.json",
    ".releaserc.yml",
    ".versionrc",
    ".versionrc.json",
    "lerna.json",
    ".chglog",
];

/// Programs that write it from commits, as a workflow calls them and a manifest sets them up.
static CALLED: Pattern = Pattern::new(
    r"\brelease-plz\b|\brelease-please\b|\bsemantic[-_]release\b|\bgit-cliff\b|\bstandard-version\b|\bchangesets/action\b",
);

/// Does a program write it?
pub(super) fn is_made(places: &Places<'_>) -> bool {
    let calls = |path: &str| {
        let told = workflows::is_own(path) || ["package.json", "pyproject.toml"].contains(&path);
        told && !is_of_itself(places) && places.text(path).is_some_and(|text| CALLED.is_in(text))
    };
    TOOLS.iter().any(|tool| places.has(tool) || places.has_folder(tool))
        || places.snapshot.files.keys().any(|path| calls(path))
}

/// Whoever makes such a program speaks of it everywhere.
fn is_of_itself(places: &Places<'_>) -> bool {
    CALLED.is_in(&places.snapshot.repository.name)
}

/// An entry in the part for what comes next, where there is one and people write it.
pub(super) fn by_habit(places: &Places<'_>) -> Option<String> {
    if places.has(".changeset/config.json") {
        return Some("a file in `.changeset/`, as `changeset add` writes it".to_owned());
    }
    if OTHERWISE.iter().any(|folder| places.has_folder(folder)) || is_made(places) {
        return None;
    }
    of_root(places).into_iter().find_map(|path| {
        let (title, line) = open_part(places.text(path)?)?;
        Some(format!("an entry under {} in {} (line {line})", words::quoted(&title), words::code(path)))
    })
}

/// The changelogs of the root.
fn of_root<'a>(places: &Places<'a>) -> Vec<&'a str> {
    places.files().filter(|path| !path.contains('/') && NAME.is_in(bare(path))).collect()
}

static DATED: Pattern = Pattern::new(r"\b\d{4}[-./]\d{1,2}[-./]\d{1,2}\b");

/// The heading of the topmost part, where that is released already: who adds to it adds to the past.
pub(super) fn closed_part(places: &Places<'_>) -> Option<String> {
    let text = of_root(places).into_iter().find_map(|path| places.text(path))?;
    if open_part(text).is_some() {
        return None;
    }
    let lines: Vec<&str> = text.lines().take(TOP + 1).collect();
    let mut titles = lines.windows(2).filter_map(|pair| heading(pair.first()?, pair.get(1)?));
    titles.find(|title| RELEASED.is_in(title)).filter(|title| DATED.is_in(title))
}

/// The name of a file without its ending, where it has one.
fn bare(path: &str) -> &str {
    places::stem(path)
}

/// The heading of the part that is open, and its line.
fn open_part(text: &str) -> Option<(String, usize)> {
    let lines: Vec<&str> = text.lines().take(TOP + BELOW).collect();
    for (at, line) in lines.iter().enumerate().take(TOP) {
        if WRITTEN.is_in(line) {
            return None;
        }
        let Some(title) = heading(line, lines.get(at + 1).copied().unwrap_or_default()) else { continue };
        let below = || {
            let own = lines.iter().zip(lines.iter().skip(1).chain([&""])).skip(at + 1).take(BELOW);
            // What stands below the next heading is of that one.
            let own = own.skip_while(|(line, _)| UNDERLINE.is_in(line.trim()));
            let mut own = own.take_while(|(line, next)| heading(line, next).is_none());
            own.any(|(line, _)| LATER.is_in(line))
        };
        let is_version = RELEASED.is_in(&title);
        if NEXT.is_in(&title) || is_version && below() {
            // A date that is to be filled in is no part of the name.
            let title = title.replace(" – ", " - ").split(" - ").next().unwrap_or_default().to_owned();
            return Some((title, at + 1));
        }
        if is_version {
            return None;
        }
    }
    None
}

/// The words of a heading: marked, underlined, or bold and alone.
fn heading(line: &str, next: &str) -> Option<String> {
    let line = line.trim();
    let marked = line.strip_prefix('#').or(line.strip_prefix("==")).map(|rest| rest.trim_matches(['#', '=']));
    let bold = || line.strip_prefix("**").and_then(|rest| rest.strip_suffix("**"));
    let underlined = || UNDERLINE.is_in(next.trim()).then_some(line);
    let own = marked.or_else(bold).or_else(underlined)?;
    let plain = LINK
        .replace(own, |link| link.trim_start_matches('[').split(']').next().unwrap_or_default().to_owned());
    let plain = plain.trim().trim_matches(['*', '`', '_']).trim();
    (!plain.is_empty() && plain.chars().count() <= 60 && plain.chars().any(char::is_alphanumeric))
        .then(|| plain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    #[test]
    fn the_part_for_what_comes_next_is_found_whatever_it_is_called() {
        for (text, title, line) in [
            ("# Changelog\n\nAll of it.\n\n## [Unreleased] - ReleaseDate\n### Added\n", "Unreleased", 5),
            ("# Changelog\n\n## 0.15.0-dev\n\n### Added\n", "0.15.0-dev", 3),
            ("### master\n\n#### Features\n", "master", 1),
            (
                "Log\n===\n\nVersion 2.11\n------------\n\nunreleased\n\n- A\n\nVersion 2.10\n---\n",
                "Version 2.11",
                4,
            ),
            (
                "Changes\n=======\n\n1.5 (unreleased)\n----------------\n\n- Nothing yet.\n",
                "1.5 (unreleased)",
                4,
            ),
            ("## [Next](https://x.io/a...b)\n", "Next", 1),
            ("## v3.0.0-SNAPSHOT\n", "v3.0.0-SNAPSHOT", 1),
            ("# Log\n\n## 1.19.1 (PENDING)\n", "1.19.1 (PENDING)", 3),
            ("## 2.4 (in development)\n", "2.4 (in development)", 1),
            ("## Pending\n", "Pending", 1),
        ] {
            assert_eq!(open_part(text), Some((title.to_owned(), line)), "{text}");
        }
        for text in [
            "# Changelog\n\n## Version 2.9.1\n\n* a\n\n## Unreleased\n",
            "# Changelog\n\nHow we master releases: the next one is never here.\n",
            "<!-- generated by a program -->\n## Unreleased\n",
            "## Main features\n\n## 2.1.0 (2020-02-02)\n",
            "",
        ] {
            assert_eq!(open_part(text), None, "{text}");
        }
    }

    #[test]
    fn who_keeps_entries_in_files_of_their_own_has_no_such_habit() {
        let habit = |more: &[(&str, &str)]| {
            let mut files = vec![("HISTORY.rst", "Next\n----\n\n* A\n"), ("src/a.py", "")];
            files.extend(more);
            let snapshot = repository("acme/x", "5a1ad00", &files);
            by_habit(&Places::new(&snapshot))
        };
        assert_eq!(habit(&[]).as_deref(), Some("an entry under “Next” in `HISTORY.rst` (line 1)"));
        assert_eq!(habit(&[("newsfragments/1.fix", "")]), None);
        let changeset = "a file in `.changeset/`, as `changeset add` writes it";
        assert_eq!(habit(&[(".changeset/config.json", "")]).as_deref(), Some(changeset));
        assert_eq!(habit(&[(".github/workflows/out.yml", "uses: acme/release-plz@v1\n")]), None);
        assert_eq!(habit(&[("cliff.toml", "")]), None);
    }

    #[test]
    fn a_top_part_with_a_version_and_a_day_is_closed() {
        let closed = |text: &str| {
            let snapshot = repository("acme/x", "5a1ad00", &[("changelog.rst", text)]);
            closed_part(&Places::new(&snapshot))
        };
        let over = "==================\n4.0.1 (2023-10-30)\n==================\n\n* A\n";
        assert_eq!(closed(over).as_deref(), Some("4.0.1 (2023-10-30)"));
        assert_eq!(closed("Upcoming\n========\n\n4.0.1 (2023-10-30)\n====\n"), None);
        assert_eq!(closed("4.0.2\n=====\n\n4.0.1 (2023-10-30)\n====\n"), None, "nobody knows");
    }
}
