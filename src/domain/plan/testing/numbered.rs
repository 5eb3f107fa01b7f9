//! One file an issue: `issue520.rs`, or in a folder of issues `520_empty_rows.rs`.

use std::collections::BTreeMap;

use super::pairs;
use crate::domain::brief::Brief;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;

/// Files of one issue each, from which on they are a custom.
const CUSTOM: usize = 3;

static OF_ISSUE: Pattern = Pattern::new(r"^(?:test[_-]?)?(?:issue|bug|gh|regression)[_-]?\d+$");
static NUMBER_FIRST: Pattern = Pattern::new(r"(?-i:^(\d{2,6})([_-])[A-Za-z])");
static FOLDER: Pattern = Pattern::new(r"^(?:issues?|bugs?|regressions?|tickets?|gh)$");

/// A new file beside those that hold one issue each.
pub(super) fn of_issue(
    tests: &[&str],
    (number, issue, source): (IssueNumber, Option<&Brief>, &str),
) -> Option<Place> {
    // The custom of another module is none of this one's.
    let home = module(source);
    let here = |path: &&str| home.is_none() || module(path) == home;
    let tests: Vec<&str> = tests.iter().copied().filter(here).collect();
    number_last(&tests, number).or_else(|| number_first(&tests, number, issue?))
}

/// What stands above `src` in a tree of several modules.
fn module(path: &str) -> Option<&str> {
    path.split_once("/src/").map(|(module, _)| module)
}

/// A new file among those that are called by nothing but the number of their issue.
fn number_last(tests: &[&str], number: IssueNumber) -> Option<Place> {
    let each: Vec<&str> =
        tests.iter().copied().filter(|path| OF_ISSUE.is_in(places::stem(places::name(path)))).collect();
    // Of two customs the one that more of them follow.
    let mark = |path: &str| {
        places::stem(places::name(path)).trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()
    };
    let mut marks: BTreeMap<String, usize> = BTreeMap::new();
    each.iter().for_each(|path| *marks.entry(mark(path)).or_default() += 1);
    let followed = |path: &str| marks.get(&mark(path)).copied().unwrap_or_default();
    let last = each.iter().max_by_key(|path| (followed(path), places::name(path)))?;
    let stem = places::stem(places::name(last)).trim_end_matches(|c: char| c.is_ascii_digit());
    is_custom(&each, last).then(|| beside(tests, last, &format!("{stem}{number}.{}", places::ending(last))))
}

/// A new file in a folder of issues, of which each begins with its number.
fn number_first(tests: &[&str], number: IssueNumber, issue: &Brief) -> Option<Place> {
    let fits = |path: &&&str| {
        let home = places::name(places::folder(path));
        FOLDER.is_in(home) && NUMBER_FIRST.is_in(places::name(path))
    };
    let each: Vec<&str> = tests.iter().filter(fits).copied().collect();
    let of = |path: &str| {
        NUMBER_FIRST.first(places::name(path), 1).and_then(|digits| digits.parse::<i64>().ok()).unwrap_or(0)
    };
    let last = each.iter().max_by_key(|path| (of(path), places::name(path)))?;
    let joint = NUMBER_FIRST.first(places::name(last), 2).filter(|_| is_custom(&each, last))?;
    let (_, endings) = places::name(last).split_once('.')?;
    let said = pairs::said(&issue.title).join(joint);
    (!said.is_empty()).then(|| beside(tests, last, &format!("{number}{joint}{said}.{endings}")))
}

/// Do enough of them lie in one folder?
fn is_custom(each: &[&str], last: &str) -> bool {
    each.iter().filter(|path| places::folder(path) == places::folder(last)).count() >= CUSTOM
}

fn beside(tests: &[&str], last: &str, name: &str) -> Place {
    let path = places::within(places::folder(last), name);
    Place { new: !tests.contains(&path.as_str()), path, beside: Some(last.to_owned()), line: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::issue;

    #[test]
    fn in_a_folder_of_issues_a_new_one_begins_with_its_number() {
        let tests = ["901_empty_rows", "1204_late_rows", "77_rows_of_none", "1100_nan"]
            .map(|stem| format!("spec/issues/{stem}.spec.ts"));
        let tests: Vec<&str> = tests.iter().map(String::as_str).chain(["spec/rows.spec.ts"]).collect();
        let told = issue(1309, "Nested rows lose their heads", "");
        let of_issue = |tests: &[&str], source| of_issue(tests, (IssueNumber(1309), Some(&told), source));
        let place = of_issue(&tests, "lib/rows.ts").expect("a custom");
        assert_eq!(place.path, "spec/issues/1309_nested_rows_lose_heads.spec.ts");
        assert_eq!(place.beside.as_deref(), Some("spec/issues/1204_late_rows.spec.ts"));
        // Migrations are numbered, too.
        let other: Vec<String> = tests.iter().map(|path| path.replace("issues", "steps")).collect();
        let other: Vec<&str> = other.iter().map(String::as_str).collect();
        assert_eq!(of_issue(&other, "lib/rows.ts"), None);
        assert_eq!(of_issue(&tests[..2], "lib/rows.ts"), None);
        let far = ["TestIssue12", "TestIssue13", "TestIssue14"]
            .map(|name| format!("e2e/src/test/java/{name}.java"));
        let far: Vec<&str> = far.iter().map(String::as_str).collect();
        assert_eq!(of_issue(&far, "core/src/main/java/Berth.java"), None);
        assert!(of_issue(&far, "e2e/src/main/java/Berth.java").is_some());
    }
}
