//! What pytest takes for tests where its settings say so: files by their names, folders by what lies in them.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{ending, is_test, name};
use crate::domain::snapshot::{EntryKind, Snapshot};

/// Files in which pytest is set up.
const SETTINGS: [&str; 4] = ["pyproject.toml", "pytest.ini", "tox.ini", "setup.cfg"];

/// A value in brackets, or the rest of the line and what is indented below it.
static FOLDERS: Pattern =
    Pattern::new(r"(?m)^\s*testpaths\s*=\s*(\[[^\]]*\]|[^\n\[]*(?:\n[ \t]+[^\s#\[][^\n=]*)*)");
static FILES: Pattern =
    Pattern::new(r"(?m)^\s*python_files\s*=\s*(\[[^\]]*\]|[^\n\[]*(?:\n[ \t]+[^\s#\[][^\n=]*)*)");

/// Most folders, and most patterns, that are held against the tree.
const MOST: usize = 50;

/// What the settings of a repository name.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// Folders in which tests are looked for.
    folders: Vec<String>,
    /// Those of them that hold tests above all: all of their files are of the tests.
    whole: Vec<String>,
    /// How tests are called.
    patterns: Vec<String>,
}

impl Declared {
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let texts = || SETTINGS.iter().filter_map(|path| snapshot.files.get(*path));
        let all = |pattern: &Pattern| -> Vec<String> {
            texts().filter_map(|text| pattern.first(text, 1)).flat_map(values).take(MOST).collect()
        };
        let mut folders = all(&FOLDERS);
        folders.iter_mut().for_each(|folder| {
            *folder = folder.trim_start_matches("./").trim_end_matches('/').to_owned();
        });
        folders.retain(|folder| !matches!(folder.as_str(), "" | "."));
        let mostly = |folder: &&String| {
            let own = snapshot.tree.iter().filter(|entry| entry.kind == EntryKind::File);
            let own =
                own.map(|entry| entry.path.as_str()).filter(|path| is_python(path) && lies(path, folder));
            // What every folder of Python has says nothing.
            let own = own.filter(|path| !matches!(name(path), "__init__.py" | "conftest.py"));
            let (tests, others): (Vec<&str>, Vec<&str>) = own.partition(|path| is_test(path));
            tests.len() > others.len()
        };
        let whole = folders.iter().filter(mostly).cloned().collect();
        let mut patterns = all(&FILES);
        // Every file, where nothing says in which folder, is none in particular.
        patterns.retain(|pattern| !folders.is_empty() || pattern != "*.py");
        Self { folders, whole, patterns }
    }

    /// Is a file one of the tests?
    pub(super) fn takes(&self, path: &str) -> bool {
        let inside = || self.folders.is_empty() || self.folders.iter().any(|folder| lies(path, folder));
        let called = |pattern: &String| {
            let text = if pattern.contains('/') { path } else { name(path) };
            fits(pattern, text)
        };
        is_python(path)
            && (self.whole.iter().any(|folder| lies(path, folder))
                || inside() && self.patterns.iter().any(called))
    }
}

fn is_python(path: &str) -> bool {
    ending(path) == "py"
}

fn lies(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The words of a value, whatever quotes them.
fn values(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    let words = lines.flat_map(|line| {
        line.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '[' | ']'))
    });
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Does a text have the parts between the stars, in their order?
fn fits(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let (between, last) = rest.rsplit_once('*').map_or((None, rest), |(between, last)| (Some(between), last));
    for part in between.into_iter().flat_map(|between| between.split('*')) {
        let Some((_, behind)) = text.split_once(part) else { return false };
        text = behind;
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::places::Places;
    use crate::domain::plan::tests::world::repository;

    #[test]
    fn a_pattern_has_its_parts_in_order() {
        for (pattern, text) in
            [("check_*.py", "check_a.py"), ("*_t.py", "a_t.py"), ("a/*/t*.py", "a/b/t1.py")]
        {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("check_*.py", "a_check_.py"), ("a.py", "b.py"), ("a/*/t*.py", "a/t1.py")] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn what_the_settings_of_pytest_name_are_tests_and_no_places() {
        let tests = |settings: (&str, &str)| {
            let files = [
                ("hull/keel.py", ""),
                ("hull/check_keel.py", ""),
                ("proofs/__init__.py", ""),
                ("proofs/test_keel.py", ""),
                ("proofs/test_mast.py", ""),
                ("proofs/rig.py", ""),
                settings,
            ];
            let snapshot = repository("acme/x", "5a1ad00", &files);
            let places = Places::new(&snapshot);
            let found: Vec<&str> = places.tests().collect();
            assert!(places.products().all(|path| !found.contains(&path)));
            assert!(found.iter().all(|path| places.holds_tests(path)));
            found.join(" ")
        };
        let plain = "proofs/test_keel.py proofs/test_mast.py";
        let all = "proofs/__init__.py proofs/rig.py proofs/test_keel.py proofs/test_mast.py";
        assert_eq!(tests(("pyproject.toml", "[project]\nname = \"x\"\n")), plain);
        assert_eq!(
            tests(("pyproject.toml", "[tool.pytest.ini_options]\ntestpaths = [\n  \"proofs\",\n]\n")),
            all
        );
        assert_eq!(tests(("pytest.ini", "[pytest]\ntestpaths =\n    proofs\naddopts = hull\n")), all);
        // A folder of sources with tests in it is one of sources.
        assert_eq!(tests(("setup.cfg", "[tool:pytest]\ntestpaths = hull\n")), plain);
        assert_eq!(
            tests(("tox.ini", "[pytest]\npython_files = test_*.py check_*.py\n")),
            format!("hull/check_keel.py {plain}")
        );
        assert_eq!(tests(("tox.ini", "[pytest]\npython_files = *.py\n")), plain);
    }
}
