//! What runs one file of a Python suite: the runner that the repository names, and none that it lacks.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::unfold;

/// A runner of Python tests that takes one file or module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Runner {
    Pytest,
    Unittest,
    Stestr,
    Nose2,
    Trial,
}

/// How each is called, the surest first.
static CALLED: [(Runner, Pattern); 5] = [
    (Runner::Pytest, Pattern::new(r"(?:^|[\s/])(?:pytest|py\.test)(?:\s|$)")),
    (Runner::Stestr, Pattern::new(r"(?:^|[\s/])(?:stestr|ostestr|testr) ")),
    (Runner::Nose2, Pattern::new(r"(?:^|[\s/])nose2(?:\s|$)")),
    (Runner::Trial, Pattern::new(r"(?:^|[\s/])trial(?:\s|$)")),
    (Runner::Unittest, Pattern::new(r"-m unittest\b|\bunittest discover\b|\bsetup\.py test\b")),
];
static PYTEST: Pattern = Pattern::new(r"\bpy\.?test\b");
static BY_PYTEST: Pattern = Pattern::new(r"(?m)^\s*(?:import|from) pytest\b|^def test_");
static CASES: Pattern = Pattern::new(r"(?m)^\s*(?:import|from) (?:unittest|testtools)\b");

impl Runner {
    /// What the whole suite is run by.
    pub(super) fn command(self) -> &'static str {
        match self {
            Self::Pytest => "pytest",
            Self::Unittest => "python -m unittest",
            Self::Stestr => "stestr",
            Self::Nose2 => "nose2",
            Self::Trial => "trial",
        }
    }

    /// What runs one file.
    pub(super) fn one(self, path: &str) -> String {
        let module = || path.strip_suffix(".py").unwrap_or(path).replace('/', ".");
        match self {
            Self::Pytest => format!("pytest {path}"),
            Self::Unittest => format!("python -m unittest {path}"),
            Self::Stestr => format!("stestr run {}", module()),
            Self::Nose2 => format!("nose2 {}", module()),
            Self::Trial => format!("trial {}", module()),
        }
    }
}

/// The runner that a line comes down to.
pub(super) fn called(places: &Places<'_>, line: &str) -> Option<Runner> {
    let lines = unfold::unfolded(places, "", line);
    let calls = |pattern: &Pattern| {
        let mut parts = lines.iter().flat_map(|line| unfold::parts(line));
        parts.any(|part| pattern.is_in(part) && !part.contains("install "))
    };
    CALLED.iter().find(|(_, pattern)| calls(pattern)).map(|(runner, _)| *runner)
}

/// The runner that the files of the repository name; `None` where nothing that was read tells.
pub(super) fn named(places: &Places<'_>) -> Option<Runner> {
    if says_pytest(places) {
        return Some(Runner::Pytest);
    }
    let by_tool = ["tox", "nox"].iter().find_map(|tool| called(places, tool));
    let tests = || places.snapshot.files.iter().filter(|(path, _)| places::is_test(path));
    let has = |pattern: &Pattern| tests().any(|(_, text)| pattern.is_in(text));
    by_tool.or_else(|| match () {
        () if has(&BY_PYTEST) => Some(Runner::Pytest),
        () if has(&CASES) => Some(Runner::Unittest),
        () => None,
    })
}

/// Says anything that sets a suite up that `pytest` runs it?
fn says_pytest(places: &Places<'_>) -> bool {
    let own = |name: &str| places.named(name).next().is_some();
    own("conftest.py") || own("pytest.ini") || {
        let mut read = places.snapshot.files.iter();
        read.any(|(path, text)| sets_up(path) && PYTEST.is_in(text))
    }
}

/// A file that says what a suite needs or how it is run.
fn sets_up(path: &str) -> bool {
    let name = places::name(path);
    let known = [
        "pyproject.toml",
        "setup.py",
        "setup.cfg",
        "tox.ini",
        "tox.toml",
        "noxfile.py",
        "Pipfile",
        "Makefile",
        "justfile",
        "environment.yml",
    ];
    let requires = matches!(places::ending(path), "txt" | "in") && path.contains("requirement");
    known.contains(&name) || requires
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    fn told(files: &[(&str, &str)]) -> Option<Runner> {
        named(&Places::new(&repository("acme/x", "5a1ad00", files)))
    }

    #[test]
    fn a_suite_is_run_by_what_its_files_name() {
        let tox = ("tox.ini", "[testenv]\ncommands =\n    find pier -delete\n    stestr run {posargs}\n");
        let cases = ("tests/test_keel.py", "import testtools\n\nclass A(testtools.TestCase):\n    pass\n");
        assert_eq!(told(&[tox, cases]), Some(Runner::Stestr));
        assert_eq!(told(&[cases]), Some(Runner::Unittest));
        assert_eq!(told(&[tox, cases, ("dev-requirements.txt", "pytest>=7\n")]), Some(Runner::Pytest));
        assert_eq!(told(&[cases, ("tests/conftest.py", "")]), Some(Runner::Pytest));
        assert_eq!(told(&[("tests/test_keel.py", "def test_a(): ...\n")]), Some(Runner::Pytest));
        assert_eq!(told(&[("pyproject.toml", "")]), None);
        // What a document says of it is no suite.
        assert_eq!(told(&[cases, ("README.md", "like pytest\n")]), Some(Runner::Unittest));
    }

    #[test]
    fn an_environment_of_tox_comes_down_to_its_runner() {
        let files = [(
            "tox.ini",
            "[testenv]\ncommands = stestr run {posargs}\n[testenv:deep]\ncommands = trial pier\n",
        )];
        let snapshot = repository("acme/x", "5a1ad00", &files);
        let places = Places::new(&snapshot);
        assert_eq!(called(&places, "tox -e py39"), Some(Runner::Stestr));
        assert_eq!(called(&places, "tox -e deep"), Some(Runner::Trial));
        assert_eq!(called(&places, "pip install pytest"), None);
    }

    #[test]
    fn one_file_is_typed_as_its_runner_takes_it() {
        let path = "tests/unit/test_keel.py";
        assert_eq!(Runner::Stestr.one(path), "stestr run tests.unit.test_keel");
        assert_eq!(Runner::Pytest.one(path), "pytest tests/unit/test_keel.py");
    }
}
