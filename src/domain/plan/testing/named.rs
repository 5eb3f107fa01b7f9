//! What the name of a command says of it: that it is the tests, or that it is something else.

use super::Ecosystem;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::unfold;

/// A command that is called the tests, whatever it is written in.
static SUITE: Pattern = Pattern::new(
    r"^(?:\w+=\S+ )*(?:(?:make|just|task|mage|inv|invoke|rake|bundle exec rake|hatch run|pdm run|rye run|pixi run) (?:-\S+ )*(?:run[-_])?(?:unit[-_]?)?(?:tests?|check)|(?:(?:ba)?sh (?:-\w+ )*|python3? |\./)?(?:(?:\.?ci|scripts?|bin|tools?|dev|hack|build)/)+(?:run[-_]?)?(?:(?:unit|all)[-_]?)?(?:tests?|check|cibuild)(?:\.(?:sh|bash|py|rb|pl))?|(?:(?:ba)?sh |python3? |\./)(?:run[-_]?)?(?:(?:unit|all)[-_]?)?tests?(?:\.(?:sh|bash|py|pl))?)(?: -\S+)*$",
);
/// The same in the words of one language's tool, by its manifest.
static OWN: [(&str, Pattern); 4] = [
    (
        "package.json",
        Pattern::new(
            r"^(?:\w+=\S+ )*(?:npm|pnpm|yarn|bun)(?: --?\w+)*(?: run| run-script)? (?:t|tests?|test[:-](?:ci|unit|all|node))(?: -.*)?$",
        ),
    ),
    (
        "composer.json",
        Pattern::new(r"^composer (?:run |run-script )?(?:tests?|phpunit|unit|test[:-]unit)(?: -.*)?$"),
    ),
    (
        "pyproject.toml",
        Pattern::new(
            r"^(?:\S*python\S* (?:setup|manage|runtests|runtests?/runtests)\.py test|hatch test|poetry run (?:task )?tests?)(?: -\S+)*$",
        ),
    ),
    ("pom.xml", Pattern::new(r"^(?:\./)?gradlew? (?:-\S+ )*(?:test|check|build)(?: -\S+)*$")),
];
/// What only judges looks, prints or ends, and what only calls further.
static LOOKS: Pattern = Pattern::new(
    r"^(?:npx |yarn |pnpm exec |vendor/bin/|\S*python\S* -m )?(?:eslint|tsc|tsd|xo|standard|semistandard|jshint|prettier|biome|oxlint|stylelint|flake8|mypy|ruff|black|isort|pylint|php-cs-fixer|phpcs|phpstan|psalm|parallel-lint|rubocop|cargo (?:\+\S+ )?(?:check|clippy|fmt|build|doc)|rustup|gofmt|go (?:vet|build|fmt)|golangci-lint|echo|exit|true|set|cd)\b",
);

/// Is the first of the lines called the tests, though none of those that it comes down to is known to run any?
pub(super) fn is_suite(ecosystem: &Ecosystem, lines: &[String]) -> bool {
    let Some((line, below)) = lines.split_first() else { return false };
    let manifest = ecosystem.manifests.first().copied().unwrap_or_default();
    let own = OWN.iter().filter(|(of, _)| *of == manifest).any(|(_, pattern)| pattern.is_in(line));
    if !(own || SUITE.is_in(line)) {
        return false;
    }
    let mut steps = below.iter().flat_map(|line| unfold::parts(line)).peekable();
    // What it calls stands further down, too.
    steps.peek().is_none() || steps.any(|step| !LOOKS.is_in(step) && unfold::script_name(step).is_none())
}

/// Do the lines do nothing but judge looks, print and end?
pub(super) fn only_looks(lines: &[String]) -> bool {
    let mut steps = lines.iter().flat_map(|line| unfold::parts(line));
    !lines.is_empty() && steps.all(|step| LOOKS.is_in(step))
}

/// Words that an environment of `tox` or `nox` is called by when it runs no tests.
static NO_TESTS: Pattern = Pattern::new(
    r"(?:^|[-_.])(?:flake8|lint(?:er|ers|ing)?|mypy|pyright|pytype|typing|types?|type-?checks?|styles?|format|fmt|black|isort|ruff|pylint|pycodestyle|pep8|pydocstyle|docs?|docstrings?|sphinx|linkcheck|readme|manifest|packaging|package|build|dist|release|publish|bandit|safety|security|audit|pre-?commit|spelling|codespell|changelog|towncrier|clean|bench(?:marks?)?|vulture|check)(?:[-_.]|$)",
);

/// Is it an environment of `tox` or `nox` that runs no tests: by what it types, where that was read, else by its name?
pub(super) fn is_idle(line: &str, below: &[String], tests: impl Fn(&String) -> bool) -> bool {
    let Some(names) = unfold::environment(line) else { return false };
    // What only the workflow fills in may be any of them.
    if names.contains(['$', '{', '<']) || below.iter().any(tests) {
        return false;
    }
    names.split(',').all(|name| NO_TESTS.is_in(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::testing::of_ending;

    #[test]
    fn a_command_that_is_called_the_tests_is_them_unless_it_only_looks() {
        let told = |ending: &str, lines: &[&str]| {
            let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            is_suite(of_ending(ending).unwrap(), &lines)
        };
        assert!(told("js", &["npm test"]) && told("js", &["npm test", "node scripts/run.js"]));
        assert!(!told("js", &["npm test", "npm run lint && eslint lib", "eslint ."]));
        assert!(!told("js", &["npm test", "echo \"no test\" && exit 1"]) && !told("rs", &["npm test"]));
        assert!(told("php", &["composer test"]) && !told("php", &["composer install"]));
        for line in
            ["make -j2 check", "script/test", "bash ci/run_tests.sh", "./test.sh -v", "script/cibuild"]
        {
            assert!(told("go", &[line]), "{line}");
        }
        assert!(!told(
            "rs",
            &["make check", "cd hull; cargo check --all-features", "rustup component add x"]
        ));
        assert!(told("rs", &["make check", "cd hull; cargo xtask all"]));
        for line in ["make build", "./all.sh", "test -f x", "script/setup", "make test lint", "tests/smoke"] {
            assert!(!told("go", &[line]), "{line}");
        }
    }

    #[test]
    fn an_environment_is_known_by_what_it_types_or_by_its_name() {
        let idle = |line: &str, below: &[&str]| {
            let below: Vec<String> = below.iter().map(|line| (*line).to_owned()).collect();
            is_idle(line, &below, |line| line.contains("pytest"))
        };
        assert!(
            idle("tox -e flake8", &["flake8 keel"])
                && idle("nox -s lint", &[])
                && idle("tox -e py39-mypy", &[])
        );
        assert!(!idle("tox -e check", &["pytest"]) && !idle("tox -e py", &[]) && !idle("tox", &[]));
        assert!(!idle("tox -e ${{ matrix.env }}", &[]) && !idle("tox -e py39,lint", &[]));
    }
}
