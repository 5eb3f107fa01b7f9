//! The test of a folder: where sources lie in a folder with a name of its own, and a folder of tests has the same name.

use super::witness::{About, flat};
use super::{above, file, spoken};
use crate::domain::plan::clues;
use crate::domain::plan::model::Place;
use crate::domain::plan::places::{self, Places};

/// So many folders up from the source, the nearest first, one is looked for.
const LEVELS: usize = 2;
/// Least letters of a folder's name that tells what lies in it.
const LEAST: usize = 4;

/// The one test of the mirrored folder that is of all of it, else the one of its tests that speaks of the matter.
pub(super) fn of<'a>(
    places: &Places<'a>,
    tests: &[&'a str],
    (source, own, about): (&str, &Place, &About<'_>),
) -> Option<&'a str> {
    let found = beside(places, tests, source);
    match found.as_slice() {
        [] => None,
        [only] if is_of_all(only) => Some(only),
        several => spoken::among(places, several, (own, about)),
    }
}

/// The tests that lie in the folder which is called as the source's is, of several such those below the most folders that
/// are called alike as well.
fn beside<'a>(places: &Places<'_>, tests: &[&'a str], source: &str) -> Vec<&'a str> {
    let project = flat(&places.snapshot.repository.name);
    let is_telling = |name: &str| name.len() >= LEAST && *name != project && !is_general(name);
    let named = above(source).take(LEVELS).take_while(|folder| is_telling(&flat(places::name(folder))));
    let itself =
        |path: &&&str| places::folder(path) != places::folder(source) && file::is_test_itself(places, path);
    for folder in named {
        let shared = |path: &str| {
            let pairs = places::folder(path).rsplit('/').zip(folder.rsplit('/'));
            pairs.take_while(|(one, other)| flat(one) == flat(other)).count()
        };
        let most = tests.iter().map(|path| shared(path)).max().unwrap_or(0);
        if most > 0 {
            return tests.iter().filter(|path| shared(path) == most).filter(itself).copied().collect();
        }
    }
    Vec::new()
}

/// Called like the folder or like nothing in it: the test of one source says nothing of the next.
fn is_of_all(test: &str) -> bool {
    let own = flat(file::bare_stem(places::stem(places::name(test))));
    own.starts_with(&flat(places::name(places::folder(test)))) || matches!(own.as_str(), "" | "all" | "index")
}

fn is_general(name: &str) -> bool {
    clues::is_general(name) || GENERAL.contains(&name)
}

/// Folders that are called by what kind of file lies in them, whatever it is about.
const GENERAL: [&str; 16] = [
    "common",
    "core",
    "functional",
    "helpers",
    "integration",
    "internal",
    "java",
    "kotlin",
    "main",
    "modules",
    "packages",
    "source",
    "sources",
    "unit",
    "util",
    "utils",
];

#[cfg(test)]
mod tests {
    use crate::domain::plan::testing::witness::About;
    use crate::domain::plan::testing::witness::tests::test_of;
    use crate::domain::plan::tests::world::issue;

    const EMPTY: &str = "<?php function testIt() {}\n";

    #[test]
    fn the_test_of_the_mirrored_folder_is_taken_before_one_elsewhere_that_has_a_word() {
        let files = [
            ("src/Rope/RopeSplicer.php", "<?php class RopeSplicer {}\n"),
            ("tests/whole/Rope/RopeExtensionTest.php", EMPTY),
            ("tests/part/Hull/AnchorTest.php", "<?php function testAnchor() { $a->anchor(); }\n"),
            ("tests/part/Hull/KeelTest.php", EMPTY),
        ];
        let told = issue(7, "Splice by hand", "`anchor` gets a new value");
        let about = About { issue: Some(&told), ..About::default() };
        let found = test_of(&files, "src/Rope/RopeSplicer.php", &about);
        assert_eq!(found, ("tests/whole/Rope/RopeExtensionTest.php".into(), false));
    }

    #[test]
    fn the_test_of_one_source_is_none_of_the_next_unless_it_speaks_of_the_matter() {
        let files = |first: &'static str| {
            [
                ("src/orders/cancel.ts", "export function cancel() {}\n"),
                ("src/orders/create.ts", "export function create() {}\n"),
                ("test/orders/create.test.ts", first),
                ("test/berths/find.test.ts", "it('finds', () => find());\n"),
            ]
        };
        let told = issue(7, "Cancel late", "`lateCancel` is to be refused");
        let about = About { issue: Some(&told), ..About::default() };
        let plain = files("it('creates', () => create());\n");
        assert!(
            !super::is_of_all("test/orders/create.test.ts")
                && super::is_of_all("test/orders/orders_flow.test.ts")
        );
        assert_eq!(
            test_of(&plain, "src/orders/cancel.ts", &about),
            ("test/orders/cancel.test.ts".into(), true)
        );
        let speaks = files("it('creates', () => lateCancel(create()));\n");
        assert_eq!(
            test_of(&speaks, "src/orders/cancel.ts", &about),
            ("test/orders/create.test.ts".into(), false)
        );
    }
}
