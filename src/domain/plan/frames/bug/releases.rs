//! Which releases show a fault: the one it was seen with, and those it came between.

use std::cmp::Ordering;

use super::input::unknown;
use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

static UPGRADE: Pattern = Pattern::new(
    r"(?:upgrad\w*|updat\w*|mov\w*|switch\w*) (?:it )?(?:from|form) (?:[\w.-]+ )?`?v?(\d[\w.]*\w)`? to (?:[\w.-]+ )?`?v?(\d[\w.]*\w)`?",
);
static SEEN: Pattern = Pattern::new(r"((?:[A-Za-z][\w./-]*[\s:@,=v(`*]{1,4}){0,3})(\d+\.\d[\w.-]*)");
/// Words before a version that name nothing.
static GENERIC: Pattern = Pattern::new(
    r"^(?:(?:the|a|on|in|with|using|running|i|i['’]?m|am|version|versions|package|library|release|latest|current|v|at|since|from|is|affected)\W*)*$",
);

/// The version of the package itself, never that of what it runs on.
fn own_version(text: &str, repository: &str) -> Option<String> {
    let plain =
        |name: &str| -> String { name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect() };
    let own = plain(repository);
    for line in text.lines() {
        for label in SEEN.all(line, 1) {
            let Some(version) = line.split_once(label).and_then(|(_, rest)| SEEN.first(rest, 2)) else {
                continue;
            };
            let named =
                label.split(|c: char| c.is_whitespace() || matches!(c, ':' | '@' | '=' | ',' | '(' | '`'));
            let is_own = |word: &str| {
                let word = plain(word);
                word.len() > 2
                    && own.len() > 2
                    && (word == own || own.starts_with(&word) && own.len() - word.len() < 3)
            };
            if let Some(name) = named.into_iter().find(|word| is_own(word)) {
                return Some(format!("{name} {version}"));
            }
            if GENERIC.is_in(label) {
                return Some(version.to_owned());
            }
        }
    }
    None
}

/// A report tells of some version; nobody ran it at this commit.
pub(super) fn still_there(scene: &Scene<'_>, findings: &mut Findings) {
    if let Some(said) = unknown(scene) {
        let text =
            format!("Line {} cannot tell how to see it: which input or state brings it about?", said.line);
        let default = "a test that forces it comes first".to_owned();
        findings.ask(scene, "how to see it", Question::new("bug.cause".to_owned(), text, default, 77));
    }
    if let Some((old, new)) = between(&scene.brief.body) {
        findings.read_as.push(format!("it came between {old} and {new}"));
    }
    let versions = scene.reading.talk.iter().filter(|said| {
        said.section.as_deref().is_some_and(|section| {
            section.to_lowercase().contains("version") || section.to_lowercase().contains("environment")
        })
    });
    let blocks = scene.reading.blocks.iter().filter(|block| {
        block.section.as_deref().is_some_and(|section| section.to_lowercase().contains("version"))
    });
    let said = versions.map(|said| said.text.as_str()).chain(blocks.map(|block| block.text.as_str()));
    let repository = &scene.places.snapshot.repository.name;
    let seen = said.take(6).find_map(|text| own_version(text, repository));
    contradicted(scene, findings, seen.as_deref());
    let base = scene.base();
    findings.not_checked.push(match seen {
        Some(seen) => {
            format!("whether {base} still shows it; it was seen with {}", words::shorten(&seen, 60))
        }
        None => format!("whether {base} shows it"),
    });
}

/// `2.1 shows it, 2.0 does not`: the first that shows it stands before the last that does not.
static SHOWN_IN: Pattern = Pattern::new(
    r"\bv?(\d+(?:\.\d+)+)\b[^.\d\n]{0,60}[,;.]?\s+(?:but |and |while |whereas |in |with |on )*(?:version |release )?`?v?(\d+(?:\.\d+)+)`? (?:does(?:n['’]t| not) (?:have|show|do)|did(?:n['’]t| not) (?:have|show|do)|works?\b|worked\b|(?:is|was) (?:fine|ok(?:ay)?|good|not affected|unaffected)|(?:has|had) no\b)",
);
/// The release that a report blames.
static SINCE: Pattern = Pattern::new(
    r"\b(?:since|as of|starting (?:with|from|in)|introduced (?:in|by|with)|came (?:out )?(?:in|with)|regress\w+ in|brok\w+ (?:in|by|since|with))\s+(?:version |release |the )?`?v?(\d+(?:\.\d+)+)\b",
);

/// The last release that is right and the first that is wrong, as far as the report says so.
fn between(body: &str) -> Option<(&str, &str)> {
    let pair = |found: &regex::Captures<'_>| Some((found.get(1)?.range(), found.get(2)?.range()));
    let told = |range: std::ops::Range<usize>| body.get(range);
    if let Some((old, new)) = UPGRADE.captures(body).and_then(|found| pair(&found)) {
        return Some((told(old)?, told(new)?));
    }
    let (new, old) = SHOWN_IN.captures(body).and_then(|found| pair(&found))?;
    let (old, new) = (told(old)?, told(new)?);
    (order(old, new) == Ordering::Less).then_some((old, new))
}

/// Two releases by their numbers.
fn order(one: &str, other: &str) -> Ordering {
    let numbers = |version: &str| -> Vec<u64> {
        version.split(['.', '-']).map_while(|part| part.parse().ok()).collect()
    };
    numbers(one).cmp(&numbers(other))
}

/// A report that was filled in for an older release than the one that it blames.
fn contradicted(scene: &Scene<'_>, findings: &mut Findings, seen: Option<&str>) {
    let Some(seen) = seen.and_then(|seen| seen.rsplit(' ').next()) else { return };
    let told = format!("{}\n{}", scene.brief.title, scene.brief.body);
    let Some(since) = SINCE.first(&told, 1).filter(|since| order(seen, since) == Ordering::Less) else {
        return;
    };
    findings.ask(
        scene,
        "the release",
        Question::new(
            "bug.release".to_owned(),
            format!(
                "It was filled in for {seen}, and says that it came with {since}: which release shows it?"
            ),
            format!("{since} and later"),
            74,
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_the_one_of_the_package_itself() {
        let of = |text: &str| own_version(text, "ledger").unwrap_or_default();
        assert_eq!(of("Python version: 3.8\nLedger version: 7.1.2"), "Ledger 7.1.2");
        assert_eq!(of("Running ledger 0.23.2 with CPython 3.10 on Linux"), "ledger 0.23.2");
        assert_eq!(of("Version: 2.5"), "2.5");
        assert_eq!(of("macOS 14.2, Node 20.1"), "");
    }

    #[test]
    fn it_came_between_the_last_that_is_right_and_the_first_that_is_wrong() {
        assert_eq!(
            between("It shows in 4.0.6 (the latest), 4.0.5 doesn't have it."),
            Some(("4.0.5", "4.0.6"))
        );
        assert_eq!(between("After upgrading from 1.2 to 1.3 it fails."), Some(("1.2", "1.3")));
        assert_eq!(between("I use 2.1 here. 2.4 works."), None);
    }
}
