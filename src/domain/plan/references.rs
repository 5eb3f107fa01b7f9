//! Issues that lines such as `Depends on #3` name: this repository's own, and those of others.

use crate::domain::ids::IssueNumber;
use crate::domain::plan::pattern::Pattern;
use crate::domain::snapshot::Repository;

/// An issue that a line names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// One of this repository.
    Own(IssueNumber),
    /// One of another, as people write it: `other/repo#7`. Its number says nothing here.
    Elsewhere(String),
}

static VERB: Pattern = Pattern::new(r"^[^\w`]*(?:depends on|blocked by|requires|after|needs)\b[\s:*]*");
/// `#7`, `owner/name#7`, or the address of an issue, which may be a link.
static ISSUE: Pattern = Pattern::new(
    r"^(?:\[[^\]]{1,200}\]\()?<?(?:https?://(?:www\.)?([\w.:-]+)/([\w.-]+/[\w.-]+)/(?:issues|pull)/(\d{1,9})\b(?:[?#][\w=&.-]*)?|([\w.-]+/[\w.-]+)?#(\d{1,9})\b)>?\)?",
);
static NEXT: Pattern = Pattern::new(r"^\s*(?:,|and\b|und\b|&|/|\+)\s*(?:and\s+)?");
/// `After #600 was merged, it fails` tells what happened.
static AFTER: Pattern = Pattern::new(r"^[^\w`]*after\b");
static HAPPENED: Pattern = Pattern::new(
    r"^\s*(?:was|were|had|got|landed|came|went|merged)\b|^\s*,.*\b(?:fails?|crash\w*|breaks?|broke|no longer|stopped|hangs?|throws?)\b",
);
/// So many beginnings of words of an answer are looked at.
const LONGEST_ANSWER: usize = 2_000;
/// Where issues live whose address nobody has to write.
const HOST: &str = "github.com";

/// Is it a line that says what comes first?
pub fn is_relation(line: &str) -> bool {
    issues(line).is_some_and(|(_, rest)| !(AFTER.is_in(line) && HAPPENED.is_in(rest)))
}

/// What `Depends on #1, other/repo#2 and #3` names; `own` is the repository that the line stands in.
pub fn named(line: &str, own: &Repository) -> Vec<Named> {
    let written = issues(line).map(|(written, _)| written).unwrap_or_default();
    written.iter().filter_map(|one| one.of(own)).collect()
}

/// The first issue that an answer names.
pub fn first(text: &str, own: &Repository) -> Option<Named> {
    // Links may hold spaces, and marks stand before a number in many ways.
    let begins = text.char_indices().map(|(at, _)| at).filter(|at| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        before.is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '/' | '.' | '-'))
            || text.get(*at..).is_some_and(|rest| rest.starts_with('#'))
    });
    begins.take(LONGEST_ANSWER).find_map(|at| written(text.get(at..)?)?.0.of(own))
}

/// An issue as it is written.
struct Written<'t> {
    host: Option<&'t str>,
    repository: Option<&'t str>,
    number: &'t str,
}

impl Written<'_> {
    fn of(&self, own: &Repository) -> Option<Named> {
        let number = IssueNumber(self.number.parse().ok()?);
        let Some(repository) = self.repository else { return Some(Named::Own(number)) };
        let page = own.url.rsplit("://").next().unwrap_or_default();
        let here = page.split('/').next().filter(|host| !host.is_empty()).unwrap_or(HOST);
        let host = self.host.unwrap_or(here);
        let is_here = host.eq_ignore_ascii_case(here);
        let is_own = repository.eq_ignore_ascii_case(&format!("{}/{}", own.owner, own.name));
        Some(match (is_here, is_own) {
            (true, true) => Named::Own(number),
            (true, false) => Named::Elsewhere(format!("{repository}#{number}")),
            (false, _) => Named::Elsewhere(format!("{host}/{repository}#{number}")),
        })
    }
}

/// The issues that follow the verb, and what follows them.
fn issues(line: &str) -> Option<(Vec<Written<'_>>, &str)> {
    let mut rest = line.get(VERB.first(line, 0)?.len()..)?;
    let mut out = Vec::new();
    while let Some((one, behind)) = written(rest) {
        out.push(one);
        rest = behind;
        match NEXT.first(rest, 0).and_then(|next| rest.get(next.len()..)) {
            Some(more) if ISSUE.is_in(more) => rest = more,
            _ => break,
        }
    }
    (!out.is_empty()).then_some((out, rest))
}

/// The issue that a text begins with, and what follows it.
fn written(text: &str) -> Option<(Written<'_>, &str)> {
    let found = ISSUE.captures(text)?;
    let group = |group: usize| found.get(group).map(|it| it.as_str());
    let (host, repository, number) = (group(1), group(2).or(group(4)), group(3).or(group(5))?);
    Some((Written { host, repository, number }, text.get(found.get(0)?.end()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn web(url: &str) -> Repository {
        Repository {
            owner: "acme".to_owned(),
            name: "web".to_owned(),
            url: url.to_owned(),
            default_branch: String::new(),
        }
    }

    fn told(line: &str, own: &Repository) -> String {
        assert!(is_relation(line), "{line}");
        let one = |named: Named| match named {
            Named::Own(number) => format!("own {number}"),
            Named::Elsewhere(name) => name,
        };
        named(line, own).into_iter().map(one).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn what_another_repository_has_is_never_our_own() {
        let own = web("https://github.com/acme/web");
        for (line, expected) in [
            ("Depends on #7", "own 7"),
            ("Depends on other/repo#7", "other/repo#7"),
            ("Depends on acme/web#7", "own 7"),
            ("Blocked by: Acme/Web#7", "own 7"),
            ("- **Depends on:** acme/web-ui#7", "acme/web-ui#7"),
            ("Depends on https://github.com/other/repo/issues/7", "other/repo#7"),
            ("Depends on https://github.com/acme/web/issues/7", "own 7"),
            ("Needs http://www.github.com/ACME/web/pull/7#issuecomment-12.", "own 7"),
            ("Requires <https://github.com/other/repo/pull/7>", "other/repo#7"),
            ("After [the parser](https://github.com/other/repo/issues/7)", "other/repo#7"),
            ("Depends on [#7](https://github.com/acme/web/issues/7) and #8", "own 7, own 8"),
            ("Depends on https://git.acme.dev/acme/web/issues/7", "git.acme.dev/acme/web#7"),
            (
                "Needs #1, other/repo#2, https://github.com/other/repo/issues/3 & #4",
                "own 1, other/repo#2, other/repo#3, own 4",
            ),
            ("Depends on #1, but not other/repo#2", "own 1"),
        ] {
            assert_eq!(told(line, &own), expected, "{line}");
        }
        // A server of one's own, and a repository that nobody knows.
        let server = web("https://git.acme.dev/acme/web");
        assert_eq!(told("Depends on https://git.acme.dev/acme/web/issues/7", &server), "own 7");
        assert_eq!(told("Depends on https://github.com/acme/web/issues/7", &server), "github.com/acme/web#7");
        assert_eq!(told("Depends on acme/web#7", &Repository::default()), "acme/web#7");
    }

    #[test]
    fn what_is_still_to_come_comes_first() {
        for line in ["After #7 is merged", "After #7 lands", "After #7, add the parser"] {
            assert_eq!(told(line, &web("https://github.com/acme/web")), "own 7");
        }
    }

    #[test]
    fn an_answer_names_the_first() {
        let own = web("https://github.com/acme/web");
        for (text, expected) in [
            ("#1", Some(Named::Own(IssueNumber(1)))),
            ("It is (acme/web#2), not #3.", Some(Named::Own(IssueNumber(2)))),
            ("other/repo#4", Some(Named::Elsewhere("other/repo#4".to_owned()))),
            ("https://github.com/other/repo/issues/4", Some(Named::Elsewhere("other/repo#4".to_owned()))),
            ("[the parser](https://github.com/acme/web/issues/12)", Some(Named::Own(IssueNumber(12)))),
            ("issue#12", Some(Named::Own(IssueNumber(12)))),
            ("[*#12*]", Some(Named::Own(IssueNumber(12)))),
            ("none", None),
        ] {
            assert_eq!(first(text, &own), expected, "{text}");
        }
    }

    #[test]
    fn what_names_no_issue_is_no_relation() {
        for line in [
            "Depends on the parser",
            "Depends on https://example.org/docs",
            "Depends on https://github.com/other/repo",
            "Depends on [the parser](https://github.com/other/repo)",
            "This depends on other/repo#7",
            "`Depends on #1`",
            "After #600 was merged, sign-ins fail",
            "After #600, sign-ins fail",
            "After https://github.com/other/repo/issues/7 landed, sign-ins fail",
            "Requires lib/parser",
        ] {
            assert!(!is_relation(line), "{line}");
        }
    }
}
