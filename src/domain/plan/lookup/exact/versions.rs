//! What comes out differently from one version of the platform to another: the source for that version and the usual one.

use crate::domain::brief::Brief;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Likely, Places};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

static DIFFERS: Pattern = Pattern::new(
    r"\bdiffer\w*\b.*\bversions?\b|\bversions?\b.*\bdiffer\w*\b|\binconsisten\w+\b.*\bversions?\b",
);
static VERSION: Pattern = Pattern::new(
    r"\b(?:jdk|jre|java|python|node(?:\.js)?|ruby|php|go|rust|\.net|scala|kotlin|typescript|version) ?(\d{1,2})\b",
);
/// Most versions that are looked for.
const VERSIONS: usize = 6;

/// The pair of sources of which one bears the number of a version that the issue names, where there is only one such pair.
pub(super) fn differing(brief: &Brief, _: &Reading, places: &Places<'_>) -> Vec<Likely> {
    if !DIFFERS.is_in(&brief.title) {
        return Vec::new();
    }
    let mut versions = VERSION.all(&brief.body, 1);
    versions.extend(VERSION.all(&brief.title, 1));
    versions.dedup();
    for version in versions.into_iter().take(VERSIONS) {
        let pairs = places.products().filter_map(|path| Some((usual(path, version, places)?, path)));
        let pairs: Vec<(&str, &str)> = pairs.take(2).collect();
        if let [(usual, own)] = pairs.as_slice() {
            let place = |path: &&str| places::existing(path);
            let of_version = words::code(places::stem(places::name(own)));
            return vec![
                Likely {
                    place: place(usual),
                    because: format!("is what {of_version} is without the version"),
                },
                Likely { place: place(own), because: format!("is called like version {version}") },
            ];
        }
    }
    Vec::new()
}

/// The one source that is called the same without the number.
fn usual<'a>(path: &str, version: &str, places: &Places<'a>) -> Option<&'a str> {
    let name = places::name(path);
    let (before, behind) = places::stem(name).split_once(version)?;
    let is_number =
        before.ends_with(|c: char| c.is_ascii_digit()) || behind.starts_with(|c: char| c.is_ascii_digit());
    if is_number || before.is_empty() {
        return None;
    }
    let bare = format!("{before}{behind}.{}", places::ending(path));
    let mut found = places.named(&bare).filter(|other| places::is_product(other));
    found.next().filter(|_| found.next().is_none())
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::tests::world::{issue, planned, repository};

    fn sited(title: &str) -> Vec<String> {
        let files = [
            ("src/java17/Java17DockVisitor.java", "class Java17DockVisitor {}\n"),
            ("src/DockVisitor.java", "class DockVisitor {}\n"),
            ("src/JavaDockVisitor.java", "class JavaDockVisitor {}\n"),
            ("src/Pier.java", "class Pier {}\n"),
        ];
        let body = "With Java 11 the ships stay. On Java 17 they move.";
        let plan = planned(&issue(4, title, body), &repository("acme/ferry", "5a1ad00", &files));
        plan.requirements[0].places.iter().map(|place| place.path.clone()).collect()
    }

    #[test]
    fn what_differs_by_version_lies_in_the_source_of_the_version_or_in_the_usual_one() {
        let pair = ["src/JavaDockVisitor.java", "src/java17/Java17DockVisitor.java"];
        assert_eq!(sited("Ships come out differently from one Java version to another"), pair);
        assert_ne!(sited("Ships move on Java 17"), pair);
    }
}
