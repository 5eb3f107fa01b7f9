//! Whether a source has a suite around it at all: a first test in a language that nobody tests here is not called by guess.

use super::{Ecosystem, above};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::unfold;

static RUNNER: Pattern = Pattern::new(
    r#""(?:vitest|jest|mocha|ava|borp|tap|tape|uvu|jasmine|karma|qunit|cypress|playwright|@playwright/test|@vscode/test-\w+|vscode-test|web-test-runner|@web/test-runner|react-scripts)""#,
);

/// Has the package of a source a test, a script that runs some or a runner? One whose manifest was not read may.
pub(super) fn is_there(places: &Places<'_>, ecosystem: &Ecosystem, source: &str) -> bool {
    if !ecosystem.manifests.contains(&"package.json") {
        return true;
    }
    let has = |folder: &&str| places.has(&places::within(folder, "package.json"));
    let Some(home) = above(source).chain([""]).find(has) else { return true };
    let Some(manifest) = places.text(&places::within(home, "package.json")) else { return true };
    let is_within =
        |path: &str| home.is_empty() || path.strip_prefix(home).is_some_and(|rest| rest.starts_with('/'));
    let is_script = |name: &str| name == "test" || name.starts_with("test:");
    RUNNER.is_in(manifest)
        || unfold::scripts(places, home).iter().any(|(name, _)| is_script(name))
        || places.tests().any(|path| ecosystem.is_of(path) && is_within(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::testing::of_ending;
    use crate::domain::plan::tests::world::repository;

    #[test]
    fn a_package_without_a_test_a_script_and_a_runner_has_no_suite() {
        let told = |manifest: &str, more: &[(&str, &str)]| {
            let mut files = vec![
                ("pier/package.json", manifest),
                ("pier/src/berth.ts", ""),
                ("hull/Hull.Tests/KeelTests.cs", ""),
            ];
            files.extend(more);
            let snapshot = repository("acme/x", "5a1ad00", &files);
            is_there(&Places::new(&snapshot), of_ending("ts").unwrap(), "pier/src/berth.ts")
        };
        assert!(!told(r#"{"scripts": {"build": "tsc"}}"#, &[]));
        assert!(!told("{}", &[("deck/test/a.test.ts", "")]), "that is of another package");
        assert!(told(r#"{"scripts": {"test": "node run.js"}}"#, &[]));
        assert!(told(r#"{"devDependencies": {"mocha": "10"}}"#, &[]));
        assert!(told("{}", &[("pier/test/a.test.ts", "")]));
    }
}
