//! Which folder the test of a source lies in, as the sources that have a test show it: `app/models` has `spec/models`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ecosystem, file};
use crate::domain::plan::places::{self, Places};

/// From a folder of sources to that of their tests, without the folders behind them that are called alike.
type Step<'a> = (&'a str, &'a str);

/// How often a step was seen, and whether folders below it were called alike.
#[derive(Default, Clone, Copy)]
struct Seen {
    times: usize,
    follows: bool,
}

/// The folder of a new test for the source; `None` where no source has a test that shows it.
pub(super) fn folder(
    places: &Places<'_>,
    ecosystem: &Ecosystem,
    (tests, source): (&[&str], &str),
) -> Option<String> {
    let home = places::folder(source);
    let mut sources: BTreeMap<String, BTreeSet<&str>> =
        tests.iter().map(|test| (called(test), BTreeSet::new())).collect();
    for path in places.products().filter(|path| ecosystem.is_of(path)) {
        if let Some(folders) = sources.get_mut(&called(path)) {
            folders.insert(places::folder(path));
        }
    }
    let mut seen: BTreeMap<Step<'_>, Seen> = BTreeMap::new();
    for test in tests {
        let Some(folders) = sources.get(&called(test)) else { continue };
        // A name that several folders have shows nothing.
        let (Some(of), 1) = (folders.first(), folders.len()) else { continue };
        let (step, rest) = apart(of, places::folder(test));
        let seen = seen.entry(step).or_default();
        seen.times += 1;
        seen.follows |= !rest.is_empty();
    }
    let fits = |(from, _): &Step<'_>| below(home, from).is_some();
    // What most of them do, of two that as many do the nearest: one test that strayed shows nothing.
    let (step, seen) = seen
        .into_iter()
        .filter(|(step, _)| fits(step))
        .max_by_key(|((from, to), seen)| (seen.times, from.len(), std::cmp::Reverse(to.len())))?;
    let rest = below(home, step.0)?;
    if !rest.is_empty() && !seen.follows {
        return None;
    }
    Some(joined(step.1, rest))
}

/// What a source and its test have in common: `auth` of `auth.ts` and of `auth.test.ts`.
fn called(path: &str) -> String {
    file::bare_stem(places::stem(places::name(path))).trim_matches('_').to_lowercase()
}

/// Two folders without what they end on alike, and that.
fn apart<'a>(one: &'a str, other: &'a str) -> (Step<'a>, &'a str) {
    let parts = |path: &'a str| path.rsplit('/').filter(|part| !part.is_empty());
    let same = parts(one).zip(parts(other)).take_while(|(one, other)| one == other);
    let length: usize = same.map(|(part, _)| part.len() + 1).sum();
    let cut = |path: &'a str| path.get(..path.len().saturating_sub(length)).unwrap_or_default();
    let rest = one.get(one.len().saturating_sub(length.saturating_sub(1))..).unwrap_or_default();
    ((cut(one), cut(other)), if length == 0 { "" } else { rest })
}

/// What of a folder lies below another.
fn below<'a>(folder: &'a str, top: &str) -> Option<&'a str> {
    if top.is_empty() {
        return Some(folder);
    }
    let rest = folder.strip_prefix(top)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

fn joined(top: &str, rest: &str) -> String {
    if rest.is_empty() { top.to_owned() } else { places::within(top, rest) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::plan::testing::witness::About;
    use crate::domain::plan::testing::witness::tests::test_of;

    fn placed(files: &[&str], source: &str) -> (String, bool) {
        let files: Vec<(&str, &str)> = files.iter().map(|path| (*path, "")).collect();
        test_of(&files, source, &About::default())
    }

    #[test]
    fn a_new_test_lies_where_those_of_its_folder_would() {
        let beside = ["src/trucks/invoice.ts", "src/trucks/invoice.test.ts", "src/drivers/shift.ts"];
        assert_eq!(placed(&beside, "src/drivers/shift.ts"), ("src/drivers/shift.test.ts".into(), true));
        let apart =
            ["app/models/berth.rb", "spec/models/berth_spec.rb", "app/controllers/search_controller.rb"];
        assert_eq!(
            placed(&apart, "app/controllers/search_controller.rb"),
            ("spec/controllers/search_controller_spec.rb".into(), true)
        );
        let java = [
            "src/main/java/org/acme/hull/Keel.java",
            "src/test/java/org/acme/hull/KeelTest.java",
            "src/main/java/org/acme/mast/Sail.java",
        ];
        assert_eq!(
            placed(&java, "src/main/java/org/acme/mast/Sail.java"),
            ("src/test/java/org/acme/mast/SailTest.java".into(), true)
        );
    }

    #[test]
    fn tests_that_lie_in_one_folder_stay_there() {
        let flat = [
            "hull/keel.py",
            "hull/rig/mast.py",
            "hull/rig/sail.py",
            "tests/test_keel.py",
            "tests/test_mast.py",
        ];
        assert_eq!(placed(&flat, "hull/rig/sail.py"), ("tests/test_sail.py".into(), true));
        // Nothing shows where a test of a folder below lies that has none.
        let only = ["hull/keel.py", "hull/rig/sail.py", "tests/test_keel.py"];
        assert_eq!(placed(&only, "hull/rig/sail.py"), ("tests/test_sail.py".into(), true));
    }

    #[test]
    fn one_test_that_strayed_outvotes_nobody() {
        let mut files = vec!["pkg/z.py", "tests/test_z.py", "pkg/parse.py"];
        files.extend(["pkg/a.py", "tests/pkg/test_a.py", "pkg/b.py", "tests/pkg/test_b.py"]);
        assert_eq!(placed(&files, "pkg/parse.py"), ("tests/pkg/test_parse.py".into(), true));
    }

    proptest! {
        #[test]
        fn what_is_parted_is_joined_again(one in "([a-z]{1,3}/){0,3}[a-z]{0,3}", other in "([a-z]{1,3}/){0,3}[a-z]{0,3}") {
            let (one, other) = (one.trim_matches('/'), other.trim_matches('/'));
            let ((from, to), rest) = apart(one, other);
            prop_assert_eq!(joined(from.trim_end_matches('/'), rest), one);
            prop_assert_eq!(joined(to.trim_end_matches('/'), rest), other);
            prop_assert_eq!(below(one, from.trim_end_matches('/')), Some(rest));
        }
    }
}
