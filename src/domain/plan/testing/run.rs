//! Which step of which workflow runs the suite that a new test would be part of.

use super::{Ecosystem, above};
use super::{named, reach};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::unfold;
use crate::domain::plan::workflows::{self, Job, Step};

/// What a step has to run.
pub(super) struct Sought<'a> {
    pub(super) ecosystem: &'static Ecosystem,
    /// The test file, where one is known.
    pub(super) path: Option<&'a str>,
    /// What has to be switched on.
    pub(super) features: &'a [String],
}

/// A step that runs the suite.
pub(super) struct Run<'j> {
    /// The runner it comes down to.
    pub(super) command: &'static str,
    pub(super) job: &'j Job,
    /// What the step types, as far as one can type it.
    pub(super) line: String,
    /// Does it no longer call the runner, without what only the workflow fills in?
    pub(super) is_cut: bool,
    /// The very line that calls the runner, the step's own or one that it comes down to.
    pub(super) call: String,
    /// What the step, its job and its workflow set.
    pub(super) env: Vec<(String, String)>,
    /// Why the step runs, where no line of the workflow types it.
    pub(super) by: String,
    /// Lower is preferred.
    rank: Rank,
}

/// By its runner, of the folder, with the features, not narrowed, called a test, in a workflow for tests, short, early in the list of
/// commands.
type Rank = (bool, usize, bool, bool, bool, bool, usize, usize);

/// The step that runs the suite, the one with the fewest conditions first. What GitHub runs itself comes before another
/// service's file, which may be left over: that one is asked where no workflow tests what a pull request changes.
pub(super) fn ran_by<'j>(places: &Places<'_>, jobs: &'j [Job], sought: &Sought<'_>) -> Option<Run<'j>> {
    let first = |own: bool| {
        let steps = jobs.iter().filter(|job| job.on_change && job.is_own() == own);
        let steps = steps.flat_map(|job| job.steps.iter().map(move |step| (job, step)));
        steps.filter_map(|(job, step)| run(places, (job, step), sought)).min_by_key(|run| run.rank)
    };
    first(true).or_else(|| lonely(jobs).is_none().then(|| first(false)).flatten())
}

fn run<'j>(places: &Places<'_>, (job, step): (&'j Job, &Step), sought: &Sought<'_>) -> Option<Run<'j>> {
    // A folder that only the workflow knows, or that a build fills, is taken for the root.
    let known = |folder: &str| places.has_folder(folder) && !BUILT.contains(&places::name(folder));
    let folder = if known(&step.folder) { step.folder.as_str() } else { "" };
    let apart = match (folder, sought.path) {
        ("", path) => usize::from(path.is_some_and(|path| is_gem(places, path))),
        (folder, Some(path)) if path.starts_with(&format!("{folder}/")) => 0,
        (_, _) => return None,
    };
    if NO_TESTS.is_in(&step.line) {
        return None;
    }
    let commands = sought.ecosystem.commands;
    let lines = unfold::unfolded(places, folder, &step.line);
    let tests = |line: &String| commands.iter().any(|command| runs(&bare(line), command));
    if named::is_idle(&step.line, lines.get(1..).unwrap_or_default(), tests) {
        return None;
    }
    let takes = |line: &str, command: &str| {
        let takes = |path| reach::takes(places, (sought.ecosystem, folder, path), (line, command));
        sought.path.is_none_or(takes)
    };
    let mut is_elsewhere = false;
    let found = lines.iter().find_map(|line| {
        let bare = bare(line);
        let at = commands.iter().position(|command| runs(&bare, command))?;
        if !takes(&bare, commands.get(at)?) {
            is_elsewhere = true;
            return None;
        }
        // A script of a manifest runs what it says, where that is known.
        let resolved = lines.len() > 1 && unfold::script_name(line).is_some() && lines.first() == Some(line);
        (!resolved).then(|| (at, line.clone()))
    });
    // What the recipe calls may stand in a variable.
    let called = || {
        let below = lines.get(1..).unwrap_or_default();
        (TARGET.is_in(&step.line) && !named::only_looks(below)).then(|| (0, step.line.clone()))
    };
    // What is known to run other files is no suite of this one by its name.
    if found.is_none() && is_elsewhere {
        return None;
    }
    let found = found.or_else(called);
    let aside = ASIDE.is_in(workflows::file_name(&job.workflow));
    // Where nothing read calls the runner, the name of a command may still say that it is the tests.
    let by_name = found.is_none();
    let is_named = || job.on_pull_request && !aside && named::is_suite(sought.ecosystem, &lines);
    let usual = || super::custom_command(places, sought.ecosystem);
    let place = |command: &str| commands.iter().position(|own| *own == command).unwrap_or_default();
    let (at, call) = match found {
        Some(found) => found,
        None if is_named() => (usual().map(place).unwrap_or_default(), step.line.clone()),
        None => return None,
    };
    let own = bare(&step.line);
    let at = commands.iter().position(|command| runs(&own, command)).unwrap_or(at);
    let plain = plain_command(&step.line);
    let all = |line: &str| NARROWED.is_in(line);
    let narrowed =
        aside || all(&step.line) || all(&call) || !job.on_pull_request || WINDOWS.is_in(&step.condition);
    let with = sought.features.is_empty() || has_features(&step.line, sought.features);
    let named = NAMED.is_in(&step.name);
    let for_tests = FOR_TESTS.is_in(workflows::file_name(&job.workflow));
    Some(Run {
        rank: (by_name, apart, !with, narrowed, !named, !for_tests, plain.split_whitespace().count(), at),
        command: commands.get(at).copied().unwrap_or_default(),
        job,
        is_cut: OPEN.is_in(&plain) && !OPEN.is_in(&step.line)
            || commands.iter().any(|command| runs(&own, command))
                && !commands.iter().any(|command| runs(&bare(&plain), command)),
        line: plain,
        call,
        env: step.env.clone(),
        by: step.by.clone(),
    })
}

/// Folders that a build makes, whatever the tree has of them.
const BUILT: [&str; 6] = ["build", "_build", "builddir", "bld", "out", "target"];

/// Is a file of Ruby part of a gem below the root, whose suite the root's step does not run?
fn is_gem(places: &Places<'_>, path: &str) -> bool {
    let mut specs = places.files().filter(|other| other.ends_with(".gemspec")).map(places::folder);
    path.ends_with(".rb") && specs.any(|folder| above(path).any(|own| own == folder))
}

/// The one workflow that surely tests what a pull request changes, where no step names a runner.
pub(super) fn lonely(jobs: &[Job]) -> Option<String> {
    let testing = |job: &&Job| {
        let file = places::stem(workflows::file_name(&job.workflow)).to_lowercase();
        let said = |text: &str| matches!(text, "ci" | "test" | "tests" | "build" | "main");
        job.is_own()
            && job.on_pull_request
            && !job.steps.is_empty()
            && (said(&file) || said(&job.id.to_lowercase()))
    };
    let mut found: Vec<&str> = jobs.iter().filter(testing).map(|job| job.workflow.as_str()).collect();
    found.dedup();
    match found.as_slice() {
        [only] => Some((*only).to_owned()),
        _ => None,
    }
}

static TOOLCHAIN: Pattern = Pattern::new(r"\bcargo \+\S+ ");
static TARGET: Pattern = Pattern::new(r"^make (?:-\S+ )*(?:tests?|check|unit[-_]?tests?)\s*$");
static NAMED: Pattern = Pattern::new(r"^(?:run |the |all )*(?:unit[- ]?)?tests?\b(?:\s*\(.*\))?$");
static WINDOWS: Pattern = Pattern::new(r"==\s*'windows|windows'\s*==|== *'macos");

/// Prepares a run, or lists what it would run.
static NO_TESTS: Pattern = Pattern::new(
    r"--no-run\b|--collect-only\b|--list(?:-\w+)?\b|--warm|--clear-?cache|--ignored\b|--version\b|--help\b|^\S*(?:python\S* (?:-\S+ )*-\w*m )?(?:pip3?|gem|cargo|apt(?:-get)?|brew|npm|uv tool|pipx) install\b",
);
/// Workflows that build or run a suite for something else.
static ASIDE: Pattern =
    Pattern::new(r"codeql|integration|security|scorecard|fuzz|release|publish|deploy|docs?\b|benchmark");
/// Workflows that are called after what every change has to pass.
static FOR_TESTS: Pattern = Pattern::new(r"(?:^|[^a-z])(?:ci|tests?|build|check|main)(?:[^a-z]|$)");
static NARROWED: Pattern = Pattern::new(
    r"-Dmaven\.test\.skip|-DskipTests|-Dtest=|--projects?\b|--package |-p |--lib\b|--doc\b|--examples?\b|--bench|--no-run|--activate-profiles|--filter|-k |-fuzz|-bench\b|-run[ =]|--ignored|MSRV|typing|mypy|lint|external|smoke|test:types|-x (?:\w+T|t)est\b|--with |--list\b|--collect-only|cargo test .*--test |tox\b.*-e (?:docs|style|format)|^\(?cd ",
);

/// Does the command of cargo switch all of them on, and no other?
fn has_features(line: &str, features: &[String]) -> bool {
    let said = line.split_whitespace().skip_while(|word| !word.starts_with("--features"));
    let value = match said.clone().next().and_then(|word| word.split_once('=')) {
        Some((_, value)) => Some(value),
        None => said.clone().nth(1),
    };
    let on: Vec<&str> = value.unwrap_or_default().trim_matches(['"', '\'']).split(',').collect();
    line.contains("--all-features")
        || on.len() == features.len() && features.iter().all(|feature| on.contains(&feature.as_str()))
}

/// A command of Maven, Gradle or make without its options, which stand before what is to be run.
fn bare(line: &str) -> String {
    let mut words = line.split_whitespace();
    if TARGET.is_in(line) {
        let goal = words.rfind(|word| matches!(*word, "test" | "check")).unwrap_or_default();
        return if goal.is_empty() { line.to_owned() } else { format!("make {goal}") };
    }
    // Which toolchain runs it is the workflow's own matter.
    if line.contains("cargo +") {
        return TOOLCHAIN.replace(line, |_| "cargo ".to_owned());
    }
    // `cross` does what `cargo` does, for another target.
    if let Some(rest) = line.trim_start().strip_prefix("cross ") {
        return format!("cargo {rest}");
    }
    let Some(first @ ("mvn" | "./mvnw" | "gradle" | "./gradlew")) = words.next() else {
        return line.to_owned();
    };
    let wanted = ["test", "verify", "check", "build", "install", "package"];
    let goal = words.find(|word| wanted.contains(word)).unwrap_or_default();
    format!("{first} {goal}")
}

/// Is the command in the line, as whole words and to be run, not named?
pub(super) fn runs(line: &str, command: &str) -> bool {
    let whole = |at: usize| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + command.len()..).and_then(|text| text.chars().next());
        before.is_none_or(|c| c.is_whitespace() || matches!(c, '/' | '(' | ';' | '"'))
            && after.is_none_or(|c| c.is_whitespace() || matches!(c, '.' | ')' | ';' | '"'))
    };
    let spoken =
        ["echo ", "#", "pip install", "uv add", "npm install", "npm i ", "gem install", "go install"];
    !spoken.iter().any(|word| line.trim_start().starts_with(word))
        && line.match_indices(command).any(|(at, _)| whole(at))
}

/// Ends with an option, of which the value may be missing.
static OPEN: Pattern = Pattern::new(r"(?:^|\s)--?[a-z][\w-]*$");

/// What only the workflow can fill in.
static EXPRESSION: Pattern = Pattern::new(r"\$\{\{[^}]*\}\}");

/// A command without the parts that only the workflow can fill in: what ends with one ends before it, else `…` stands for it.
fn plain_command(line: &str) -> String {
    let filled = |word: &&str| !word.contains(['$', '`']) && !word.contains("{{") && !word.contains("}}");
    let told = EXPRESSION.replace(line, |_| "…".to_owned());
    let mut words: Vec<&str> = told.split_whitespace().take_while(filled).collect();
    // What another command prints is known where that one runs alone, and so is the value of the option before it; for which
    // machine it is built changes nothing.
    let value = told.split_whitespace().nth(words.len()).unwrap_or_default();
    let known = words.last().is_some_and(|last| matches!(*last, "--target" | "--jobs" | "--color"));
    let printed = value.contains(['`', '(']) || value.contains('$') && known;
    words.truncate(
        words.len() - usize::from(printed && words.last().is_some_and(|last| last.starts_with("--"))),
    );
    let known = words.iter().rposition(|word| !word.contains('…')).map_or(0, |last| last + 1);
    // An option whose value is not known is left out with it.
    let named = words.get(known.wrapping_sub(1)).is_some_and(|word| word.starts_with('-') && *word != "--");
    let known =
        if named && words.get(known).is_some_and(|next| next.contains('…')) { known - 1 } else { known };
    let plain = words.get(..known).unwrap_or_default().join(" ");
    if plain.is_empty() { line.trim().to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::testing::{self, detect};
    use crate::domain::plan::tests::world::repository;

    /// Command, workflow and what to type for a change of a file.
    fn told(files: &[(&str, &str)], path: &str, features: &[&str]) -> String {
        let snapshot = repository("acme/x", "5a1ad00", files);
        let places = Places::new(&snapshot);
        let (mut jobs, _) = workflows::jobs(&places);
        jobs.extend(workflows::elsewhere(&places));
        let features: Vec<String> = features.iter().map(|name| (*name).to_owned()).collect();
        let sought = testing::Sought {
            paths: &[path.to_owned()],
            known: &[],
            features: &features,
            about: &testing::About::default(),
        };
        let tests = detect(&places, &jobs, &sought);
        let or = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
        let workflow = tests.workflow.map(|path| workflows::file_name(&path).to_owned());
        format!("{} | {} | {}", or(tests.command), or(workflow), or(tests.local))
    }

    fn workflow(steps: &str) -> String {
        format!("on: [push, pull_request]\njobs:\n  build:\n    steps:\n{steps}")
    }

    #[test]
    fn a_package_without_a_script_and_without_a_runner_claims_no_command() {
        let framework = |manifest: &str, test: &str| {
            let files = [("package.json", manifest), ("src/a.js", "export {}\n"), ("test/a.test.js", test)];
            let snapshot = repository("acme/x", "4f1c2ab", &files);
            let places = Places::new(&snapshot);
            testing::custom_command(&places, testing::of_ending("js").unwrap())
        };
        assert_eq!(framework("{\"name\": \"x\"}", ""), None);
        assert_eq!(framework("{\"name\": \"x\"}", "import test from 'node:test'\n"), Some("node --test"));
        assert_eq!(framework("{\"scripts\": {\"test\": \"x\"}}", ""), Some("npm test"));
        assert_eq!(framework("{\"devDependencies\": {\"mocha\": \"1\"}}", ""), Some("npm test"));
    }

    #[test]
    fn what_runs_by_the_clock_alone_tests_no_change_and_a_workflow_for_tests_comes_first() {
        let by_clock =
            "on:\n  schedule:\n    - cron: 0 0 * * *\njobs:\n  a:\n    steps:\n      - run: cargo test\n";
        let arm = workflow("      - run: cargo test\n");
        let base =
            [("Cargo.toml", "[package]\nname = \"reef\"\n"), ("src/read.rs", "#[cfg(test)]\nmod tests {}\n")];
        let with = |more: &[(&str, &str)]| {
            let files: Vec<(&str, &str)> = base.iter().chain(more).copied().collect();
            told(&files, "src/read.rs", &[])
        };
        let cron = (".github/workflows/cron.yml", by_clock);
        assert_eq!(with(&[cron]), "– | – | cargo test read");
        let travis = (".travis.yml", "language: rust\nscript: cargo test\n");
        assert_eq!(with(&[cron, travis]), "cargo test | .travis.yml | cargo test read");
        let called = (".travis.yml", "language: rust\nscript: bash ci/script.sh\n");
        let script = ("ci/script.sh", "main() {\n    cross test --target $TARGET\n}\n");
        assert_eq!(with(&[called, script]), "bash ci/script.sh | .travis.yml | cargo test read");
        let both =
            [(".github/workflows/arm_mac.yml", arm.as_str()), (".github/workflows/tests.yml", arm.as_str())];
        assert_eq!(with(&both), "cargo test | tests.yml | cargo test read");
    }

    #[test]
    fn a_command_that_lacks_the_value_of_an_option_is_not_told() {
        let steps = workflow("      - run: cargo test --features $FEATURES\n");
        let files = [
            (".github/workflows/ci.yml", steps.as_str()),
            ("Cargo.toml", "[package]\nname = \"reef\"\n"),
            ("src/read.rs", "#[cfg(test)]\nmod tests {}\n"),
        ];
        assert_eq!(told(&files, "src/read.rs", &[]), "– | ci.yml | cargo test read");
    }

    #[test]
    fn the_suite_comes_before_fuzzing_and_before_what_is_narrowed() {
        let steps =
            workflow("      - run: go test ./wire -fuzz=FuzzRead -fuzztime=5s\n      - run: make test\n");
        let files = [
            (".github/workflows/linux.yml", steps.as_str()),
            ("Makefile", "test:\n\tgo test ./wire ./store\n"),
            ("go.mod", "module acme.dev/x\n"),
            ("store/disk.go", "package store\n"),
        ];
        assert_eq!(told(&files, "store/disk.go", &[]), "make test | linux.yml | go test ./store");
    }

    #[test]
    fn a_feature_selects_the_line_that_has_it_and_stands_in_the_local_command() {
        let steps = workflow(
            "      - run: cargo test\n      - run: cargo test --features wide --tests\n      - run: cargo test --features wide,raw --tests\n",
        );
        let files = [
            (".github/workflows/ci.yml", steps.as_str()),
            ("Cargo.toml", "[package]\nname = \"reef\"\n[features]\nwide = []\nraw = []\n"),
            ("src/read.rs", "#[cfg(test)]\nmod tests {}\n"),
        ];
        assert_eq!(
            told(&files, "src/read.rs", &["wide"]),
            "cargo test --features wide --tests | ci.yml | cargo test --features wide read"
        );
        assert_eq!(told(&files, "src/read.rs", &[]), "cargo test | ci.yml | cargo test read");
    }

    #[test]
    fn a_gem_of_its_own_is_tested_in_its_folder() {
        let steps = workflow(
            "      - name: Run tests\n        run: bundle exec rake\n      - working-directory: guard\n        run: bundle exec rake spec\n",
        );
        let files = [
            (".github/workflows/test.yml", steps.as_str()),
            ("Gemfile", "gem \"rspec\"\ngem \"minitest\"\n"),
            ("guard/guard.gemspec", ""),
            ("guard/lib/guard/host.rb", ""),
            ("guard/spec/host_spec.rb", ""),
            ("lib/anchor.rb", ""),
            ("test/anchor_test.rb", ""),
        ];
        assert_eq!(
            told(&files, "guard/lib/guard/host.rb", &[]),
            "bundle exec rake spec | test.yml | cd guard && bundle exec rspec spec/host_spec.rb"
        );
        assert_eq!(
            told(&files, "lib/anchor.rb", &[]),
            "bundle exec rake | test.yml | bundle exec ruby -Ilib -Itest test/anchor_test.rb"
        );
    }

    #[test]
    fn maven_tests_whatever_phase_comes_behind_the_tests() {
        let steps =
            workflow("      - run: mvn -X compile -B\n      - run: mvn -X verify -B --file pom.xml\n");
        let files = [
            (".github/workflows/build.yml", steps.as_str()),
            ("pom.xml", ""),
            ("src/main/java/a/Hull.java", ""),
            ("src/test/java/a/HullTest.java", ""),
        ];
        assert_eq!(
            told(&files, "src/main/java/a/Hull.java", &[]),
            "mvn -X verify -B --file pom.xml | build.yml | mvn test -Dtest=HullTest"
        );
    }

    #[test]
    fn a_script_that_runs_no_test_file_is_no_suite() {
        let steps = workflow("      - run: npm run test:smoke\n      - run: npm run test-ci\n");
        let files = [
            (".github/workflows/ci.yml", steps.as_str()),
            (
                "package.json",
                r#"{"scripts": {"test": "npm run lint && npm run unit && jest test/jest", "test-ci": "npm run lint && npm run unit", "test:smoke": "node test/smoke.js", "unit": "borp --timeout 60000 --coverage --lines 95", "lint": "eslint ."}}"#,
            ),
            ("lib/carry.js", ""),
            ("test/carry.test.js", ""),
            ("test/jest/stow.spec.js", ""),
        ];
        assert_eq!(
            told(&files, "lib/carry.js", &[]),
            "npm run test-ci | ci.yml | npx borp --timeout 60000 test/carry.test.js"
        );
    }

    #[test]
    fn a_script_that_is_given_other_files_is_no_gate_of_the_test() {
        let steps = |scripts: &[&str]| {
            let lines = scripts.iter().map(|script| format!("      - run: bun run {script}\n"));
            workflow(&lines.collect::<String>())
        };
        let manifest = r#"{"scripts": {"test": "tsc && vitest --run", "test:pier": "bun test pier/*", "test:deep": "vitest --project deep"}}"#;
        let told = |scripts: &[&str]| {
            let steps = steps(scripts);
            let files = [
                (".github/workflows/ci.yml", steps.as_str()),
                ("package.json", manifest),
                ("bun.lock", ""),
                ("hull/keel.ts", ""),
                ("hull/keel.test.ts", "it('a', () => {})\n"),
                ("pier/berth.test.ts", "it('a', () => {})\n"),
            ];
            told(&files, "hull/keel.ts", &[])
        };
        let local = "bunx vitest --run hull/keel.test.ts";
        assert_eq!(told(&["test:pier", "test:deep", "test"]), format!("bun run test | ci.yml | {local}"));
        assert_eq!(told(&["test:pier"]), format!("– | ci.yml | {local}"));
    }

    #[test]
    fn a_target_that_only_looks_is_no_gate_beside_one_that_tests() {
        let steps = workflow("      - run: make check\n      - run: make test\n");
        let told = |check: &str| {
            let makefile = format!("check:\n\t@cd hull; {check}\ntest:\n\t@cd hull; cargo test\n");
            let files = [
                (".github/workflows/ci.yml", steps.as_str()),
                ("Makefile", makefile.as_str()),
                ("Cargo.toml", "[workspace]\n"),
                ("hull/Cargo.toml", "[package]\nname = \"hull\"\n"),
                ("hull/src/keel.rs", "#[cfg(test)]\nmod tests {}\n"),
            ];
            told(&files, "hull/src/keel.rs", &[])
        };
        assert_eq!(told("cargo check"), "make test | ci.yml | cargo test -p hull keel");
        assert_eq!(told("cargo test --locked"), "make check | ci.yml | cargo test -p hull keel");
    }

    #[test]
    fn what_is_typed_in_another_folder_tests_nothing_here() {
        let told = |folder: &str| {
            let steps = workflow(&format!("      - run: |\n          cd {folder}\n          pytest\n"));
            let files = [
                (".github/workflows/all.yml", steps.as_str()),
                ("setup.py", ""),
                ("pier/berth.py", ""),
                ("x/keel.py", ""),
                ("x/test_keel.py", "def test_a(): ...\n"),
            ];
            told(&files, "x/keel.py", &[])
        };
        assert_eq!(told("pier"), "– | all.yml | pytest x/test_keel.py");
        assert_eq!(told("x"), "pytest | all.yml | pytest x/test_keel.py");
        assert_eq!(told("$HOME"), "pytest | all.yml | pytest x/test_keel.py");
    }

    #[test]
    fn a_python_file_is_run_by_what_the_step_comes_down_to() {
        let steps = workflow("      - run: tox -e py39\n");
        let told = |tox: &str| {
            let files = [
                (".github/workflows/ci.yml", steps.as_str()),
                ("tox.ini", tox),
                ("x/keel.py", ""),
                ("tests/test_keel.py", "import testtools\n\nclass A(testtools.TestCase): ...\n"),
            ];
            told(&files, "x/keel.py", &[])
        };
        assert_eq!(
            told("[testenv]\ncommands =\n    stestr run {posargs}\n"),
            "tox -e py39 | ci.yml | stestr run tests.test_keel"
        );
        assert_eq!(
            told("[testenv]\ncommands = pytest\n"),
            "tox -e py39 | ci.yml | pytest tests/test_keel.py"
        );
        assert_eq!(
            told("[testenv]\ncommands = keelrun\n"),
            "tox -e py39 | ci.yml | python -m unittest tests/test_keel.py"
        );
    }

    #[test]
    fn a_script_of_the_repository_is_followed_with_what_it_is_given() {
        let steps = workflow("      - run: ci/test.bash cargo ${{ matrix.target }}\n");
        let script = "#!/usr/bin/env bash\nset -e\nTOOL=$1\nTARGET=$2\n$TOOL test --target \"$TARGET\"\n";
        let files = [
            (".github/workflows/build.yml", steps.as_str()),
            ("Cargo.toml", "[package]\nname = \"keel\"\n"),
            ("ci/test.bash", script),
            ("src/edit.rs", ""),
            ("tests/edit.rs", "#[test]\nfn a() {}\n"),
        ];
        assert_eq!(
            told(&files, "src/edit.rs", &[]),
            "ci/test.bash cargo | build.yml | cargo test --test edit"
        );
    }

    #[test]
    fn a_toolchain_says_nothing_of_the_command() {
        let steps = workflow("      - name: Test\n        run: cargo +nightly test --verbose\n");
        let files = [
            (".github/workflows/ci.yml", steps.as_str()),
            ("Cargo.toml", "[package]\nname = \"keel\"\n"),
            ("src/edit.rs", ""),
            ("tests/edit.rs", "#[test]\nfn a() {}\n"),
        ];
        let expected = "cargo +nightly test --verbose | ci.yml | cargo test --test edit";
        assert_eq!(told(&files, "src/edit.rs", &[]), expected);
    }

    #[test]
    fn a_script_that_installs_a_runner_does_not_run_it() {
        assert!(!runs("pip install pytest", "pytest"));
        assert!(runs("python -m pytest -q", "pytest"));
    }

    #[test]
    fn what_installs_lists_or_warms_up_runs_no_suite() {
        let steps = workflow(
            "      - run: python -m pip install tox\n      - run: pytest --collect-only\n      - run: docker run -v=\"$PWD:/x\" image pytest\n",
        );
        let files = [
            (".github/workflows/ci.yml", steps.as_str()),
            ("setup.py", ""),
            ("x/keel.py", ""),
            ("tests/test_keel.py", "def test_a(): ...\n"),
        ];
        // What is left of the call without what only the workflow knows is none.
        assert_eq!(told(&files, "x/keel.py", &[]), "– | ci.yml | pytest tests/test_keel.py");
    }

    #[test]
    fn where_no_step_names_a_runner_the_workflow_alone_is_named() {
        let steps = workflow("      - run: ./build.ps1\n");
        let files = [
            (".github/workflows/main.yml", steps.as_str()),
            ("src/Hull.Tests/Hull.Tests.csproj", ""),
            ("src/Hull/Keel.cs", ""),
            ("src/Hull.Tests/KeelTests.cs", ""),
        ];
        assert_eq!(
            told(&files, "src/Hull/Keel.cs", &[]),
            "– | main.yml | dotnet test src/Hull.Tests --filter KeelTests"
        );
    }

    #[test]
    fn what_another_service_runs_is_told_where_no_workflow_tests() {
        let tree = |more: &[(&str, &str)]| {
            let mut files =
                vec![("setup.py", ""), ("x/keel.py", ""), ("tests/test_keel.py", "def test_a(): ...\n")];
            files.extend(more);
            told(&files, "x/keel.py", &[])
        };
        let travis = (".travis.yml", "language: python\nscript:\n  - flake8 x\n  - pytest -q\n");
        assert_eq!(tree(&[travis]), "pytest -q | .travis.yml | pytest tests/test_keel.py");
        let circle = (".circleci/config.yml", "jobs:\n  a:\n    steps:\n      - run: pytest -v\n");
        assert_eq!(tree(&[circle]), "pytest -v | .circleci/config.yml | pytest tests/test_keel.py");
        // A workflow that tests is what counts; one that only publishes leaves it to the other service.
        let own = workflow("      - run: pytest\n");
        assert_eq!(
            tree(&[travis, (".github/workflows/all.yml", &own)]),
            "pytest | all.yml | pytest tests/test_keel.py"
        );
        let other = workflow("      - run: twine upload\n").replace("build:", "publish:");
        assert_eq!(
            tree(&[travis, (".github/workflows/out.yml", &other)]),
            "pytest -q | .travis.yml | pytest tests/test_keel.py"
        );
        // A job of another service is not told as if it tested where it names no runner.
        let silent = (".gitlab-ci.yml", "test:\n  script: ./all.sh\n");
        assert_eq!(tree(&[silent]), "– | – | pytest tests/test_keel.py");
    }

    #[test]
    fn what_only_the_workflow_fills_in_is_left_out_and_cuts_no_quote_in_two() {
        for (line, plain) in [
            (
                "go test -race -tags '${{ matrix.tags }}' -shuffle=on ./...",
                "go test -race -tags '…' -shuffle=on ./...",
            ),
            ("cargo test --target ${{ matrix.target }}", "cargo test"),
            ("npm test -- $FLAGS", "npm test --"),
            ("cargo test --target $TARGET --verbose", "cargo test"),
            ("tox run -e ${{ matrix.env }} --installpkg `find dist/*.tar.gz`", "tox run"),
            ("pytest --deselect $(cat skipped) -q", "pytest"),
            ("tox run -e py${{ matrix.python }}", "tox run"),
            ("pytest -n 2", "pytest -n 2"),
            ("${{ matrix.run }}", "${{ matrix.run }}"),
        ] {
            assert_eq!(plain_command(line), plain);
        }
    }
}
