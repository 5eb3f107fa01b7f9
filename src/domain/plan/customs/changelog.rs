//! The changelog that a repository keeps by habit: its part for what is not released yet.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::words;

/// So far down stands what is not released yet.
const TOP: usize = 60;
/// So many lines below a heading may say that it is not released.
const BELOW: usize = 4;

static NAME: Pattern = Pattern::new(r"^(?:changelog|change[-_]log|changes|history|news|release[-_]notes)$");
/// Names of what comes next.
static NEXT: Pattern = Pattern::new(
    r"^(?:(?:version|release|v)?\s*)?(?:unreleased(?: changes| version)?|v?next(?: release| version)?|upcoming(?: release| version)?|master|main|trunk|head|develop|in development|development version)\b(?:\s*[-–—:(].*)?$|\bunreleased\b|\(not (?:yet )?released\)|^\D{0,20}\bv?\d+(?:\.\d+)+[-.]?(?:dev\d*|snapshot)\b",
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
const TOOLS: [&str; 11] = [
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

/// An entry in the part for what comes next, where there is one and people write it.
pub(super) fn by_habit(places: &Places<'_>) -> Option<String> {
    let otherwise = OTHERWISE.iter().any(|folder| places.has_folder(folder))
        || TOOLS.iter().any(|tool| places.has(tool) || places.has_folder(tool));
    if otherwise {
        return None;
    }
    let of_root = places.files().filter(|path| !path.contains('/') && NAME.is_in(bare(path)));
    of_root.into_iter().find_map(|path| {
        let (title, line) = open_part(places.text(path)?)?;
        Some(format!("an entry under {} in {} (line {line})", words::quoted(&title), words::code(path)))
    })
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
        assert_eq!(habit(&[(".changeset/config.json", "")]), None);
        assert_eq!(habit(&[("cliff.toml", "")]), None);
    }
}
