//! What is read of a repository, language by language: manifest, tests, CI, formatter, rules, reuse.

use super::world::{comment, issue, planned, repository};
use crate::domain::plan::Plan;
use crate::domain::snapshot::Snapshot;

/// Plans `path` must answer 429, and gives what was found: test file, whole command, local command, judges.
fn found(files: &[(&str, &str)], path: &str) -> (Plan, String) {
    let snapshot: Snapshot = repository("acme/any", "abcdef1", files);
    let body = format!("- [ ] `{path}` must answer 429 after 5 tries within 60 s\n");
    let plan = planned(&issue(3, "Limit the tries", &body), &snapshot);
    let tests = &plan.tests;
    let or = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    let file = tests.file.as_ref().map_or("–".to_owned(), |file| file.path.clone());
    let told = format!("{file} | {} | {} | {}", or(&tests.framework), or(&tests.local), or(&plan.judged_by));
    (plan, told)
}

fn ci(lines: &[&str]) -> String {
    let steps: String = lines.iter().map(|line| format!("      - run: {line}\n")).collect();
    format!("on: [push, pull_request]\njobs:\n  check:\n    steps:\n{steps}")
}

const CI: &str = ".github/workflows/ci.yml";

#[test]
fn rust_in_a_workspace() {
    let ci = ci(&["cargo fmt --check", "cargo clippy --all-targets", "cargo test --workspace"]);
    let (plan, told) = found(
        &[
            ("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n"),
            ("crates/gate/Cargo.toml", "[package]\nname = \"acme-gate\"\n"),
            (
                "crates/gate/src/tries.rs",
                "pub fn count() -> u16 {\n    std::env::var(\"GATE_TRIES\");\n    1\n}\n",
            ),
            ("crates/gate/tests/door.rs", "#[test]\nfn opens() {}\n"),
            (CI, &ci),
        ],
        "crates/gate/src/tries.rs",
    );
    insta::assert_snapshot!(told, @"crates/gate/tests/door.rs | cargo test | cargo test -p acme-gate --test door | `cargo fmt --check` and `cargo clippy --all-targets` in `ci.yml` stay green");
    insta::assert_snapshot!(plan.why["repository"].join("\n"), @"
    languages by files: Rust (2)
    manifests: `Cargo.toml` and `crates/gate/Cargo.toml`
    workspace members: `crates/gate`
    tests in 1 file, such as `crates/gate/tests/door.rs`; usual command `cargo test`
    job `check` of `ci.yml`, on pull requests: `cargo fmt --check`, `cargo clippy --all-targets` and `cargo test --workspace`
    environment variables read: `GATE_TRIES`
    ");
}

#[test]
fn python_by_its_manifest() {
    let (_, told) = found(
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"gate\"\n[tool.pytest.ini_options]\n[tool.ruff]\nline-length = 99\n",
            ),
            ("gate/tries.py", "def count():\n    return 1\n"),
            ("tests/test_door.py", "def test_opens():\n    pass\n"),
        ],
        "gate/tries.py",
    );
    insta::assert_snapshot!(told, @"tests/test_tries.py | pytest | pytest tests/test_tries.py | `ruff check gate/tries.py` passes (set up in `pyproject.toml`)");
    let (_, plain) = found(
        &[
            ("setup.py", "setup(name='gate')\n"),
            ("gate/tries.py", "def count():\n    return 1\n"),
            ("test/test_door.py", "import unittest\n"),
        ],
        "gate/tries.py",
    );
    insta::assert_snapshot!(plain, @"test/test_tries.py | python -m unittest | python -m unittest test/test_tries.py | –");
}

#[test]
fn typescript_with_pnpm_in_a_workspace() {
    let ci = ci(&["pnpm install --frozen-lockfile", "pnpm run lint", "pnpm test"]);
    let (plan, told) = found(
        &[
            ("package.json", "{\"workspaces\": [\"packages/*\"], \"scripts\": {\"test\": \"vitest\"}}\n"),
            ("pnpm-lock.yaml", "lockfileVersion: 9\n"),
            ("packages/gate/package.json", "{\"name\": \"@acme/gate\"}\n"),
            ("packages/gate/src/tries.ts", "export const count = () => process.env.GATE_TRIES;\n"),
            ("packages/gate/src/door.test.ts", "test('opens', () => {});\n"),
            (CI, &ci),
        ],
        "packages/gate/src/tries.ts",
    );
    insta::assert_snapshot!(told, @"packages/gate/src/tries.test.ts | pnpm test | pnpm test packages/gate/src/tries.test.ts | `pnpm run lint` in `ci.yml` stays green");
    insta::assert_snapshot!(plan.why["repository"].join("\n"), @"
    languages by files: TypeScript (2)
    manifests: `package.json` and `packages/gate/package.json`
    workspace members: `packages/gate`
    tests in 1 file, such as `packages/gate/src/door.test.ts`; usual command `pnpm test`
    job `check` of `ci.yml`, on pull requests: `pnpm install --frozen-lockfile`, `pnpm run lint` and `pnpm test`
    environment variables read: `GATE_TRIES`
    ");
}

#[test]
fn javascript_by_the_scripts_of_its_manifest() {
    let (_, told) = found(
        &[
            ("package.json", "{\"devDependencies\": {\"jest\": \"29\"}, \"prettier\": {}}\n"),
            ("lib/tries.js", "exports.count = () => 1;\n"),
            ("lib/__tests__/door.test.js", "test('opens', () => {});\n"),
        ],
        "lib/tries.js",
    );
    insta::assert_snapshot!(told, @"lib/__tests__/tries.test.js | npx jest | npx jest lib/__tests__/tries.test.js | `npx prettier --check lib/tries.js` passes (set up in `package.json`)");
}

#[test]
fn go_in_a_module_of_its_own() {
    let ci = ci(&["go vet ./...", "golangci-lint run", "go test ./..."]);
    let (_, told) = found(
        &[
            ("go.work", "go 1.24\n\nuse (\n\t./gate\n\t./door\n)\n"),
            ("gate/go.mod", "module acme.example/gate\n"),
            ("gate/pkg/tries.go", "package pkg\n\nfunc Count() int { return 1 }\n"),
            ("gate/pkg/door_test.go", "package pkg\n"),
            ("door/go.mod", "module acme.example/door\n"),
            (CI, &ci),
        ],
        "gate/pkg/tries.go",
    );
    insta::assert_snapshot!(told, @"gate/pkg/tries_test.go | go test | cd gate && go test ./pkg | `go vet ./...` and `golangci-lint run` in `ci.yml` stay green");
}

#[test]
fn java_by_gradle_and_by_maven() {
    let (_, gradle) = found(
        &[
            ("settings.gradle", "include ':gate'\n"),
            ("gradlew", "#!/bin/sh\n"),
            ("build.gradle", "plugins { id 'com.diffplug.spotless' }\n"),
            ("gate/build.gradle", "\n"),
            ("gate/src/main/java/acme/Tries.java", "class Tries {}\n"),
            ("gate/src/test/java/acme/DoorTest.java", "class DoorTest {}\n"),
        ],
        "gate/src/main/java/acme/Tries.java",
    );
    insta::assert_snapshot!(gradle, @"gate/src/test/java/acme/TriesTest.java | ./gradlew test | ./gradlew :gate:test --tests TriesTest | `./gradlew spotlessCheck` passes (set up in `build.gradle`)");
    let (_, maven) = found(
        &[
            ("pom.xml", "<modules><module>gate</module></modules>\n"),
            ("gate/pom.xml", "<project/>\n"),
            ("gate/src/main/java/acme/Tries.java", "class Tries {}\n"),
            ("gate/src/test/java/acme/DoorTest.java", "class DoorTest {}\n"),
        ],
        "gate/src/main/java/acme/Tries.java",
    );
    insta::assert_snapshot!(maven, @"gate/src/test/java/acme/TriesTest.java | mvn test | mvn -pl gate test -Dtest=TriesTest | –");
}

#[test]
fn csharp_by_the_project_of_its_tests() {
    let ci = ci(&["dotnet format --verify-no-changes", "dotnet test"]);
    let (_, told) = found(
        &[
            ("Gate.sln", "\n"),
            ("src/Gate/Gate.csproj", "<Project/>\n"),
            ("src/Gate/Tries.cs", "class Tries {}\n"),
            ("tests/Gate.Tests/Gate.Tests.csproj", "<Project/>\n"),
            ("tests/Gate.Tests/DoorTests.cs", "class DoorTests {}\n"),
            (CI, &ci),
        ],
        "src/Gate/Tries.cs",
    );
    insta::assert_snapshot!(told, @"tests/Gate.Tests/TriesTests.cs | dotnet test | dotnet test tests/Gate.Tests --filter TriesTests | `dotnet format --verify-no-changes` in `ci.yml` stays green");
}

#[test]
fn ruby_by_its_gemfile() {
    let (_, told) = found(
        &[
            ("Gemfile", "gem 'rspec'\ngem 'rubocop'\n"),
            (".rubocop.yml", "AllCops: {}\n"),
            ("lib/gate/tries.rb", "class Tries\nend\n"),
            ("spec/gate/door_spec.rb", "describe Door do\nend\n"),
        ],
        "lib/gate/tries.rb",
    );
    insta::assert_snapshot!(told, @"spec/gate/tries_spec.rb | bundle exec rspec | bundle exec rspec spec/gate/tries_spec.rb | `bundle exec rubocop lib/gate/tries.rb` passes (set up in `.rubocop.yml`)");
}

#[test]
fn php_by_composer() {
    let ci = ci(&["composer install", "vendor/bin/phpstan analyse", "vendor/bin/phpunit"]);
    let (_, told) = found(
        &[
            ("composer.json", "{\"require-dev\": {\"phpunit/phpunit\": \"^11\"}}\n"),
            ("src/Tries.php", "<?php class Tries {}\n"),
            ("tests/DoorTest.php", "<?php class DoorTest {}\n"),
            (CI, &ci),
        ],
        "src/Tries.php",
    );
    insta::assert_snapshot!(told, @"tests/TriesTest.php | vendor/bin/phpunit | vendor/bin/phpunit tests/TriesTest.php | `vendor/bin/phpstan analyse` in `ci.yml` stays green");
    let (_, pest) = found(
        &[
            ("composer.json", "{\"require-dev\": {\"pestphp/pest\": \"^3\"}}\n"),
            ("src/Tries.php", "<?php class Tries {}\n"),
        ],
        "src/Tries.php",
    );
    insta::assert_snapshot!(pest, @"tests/TriesTest.php | vendor/bin/pest | vendor/bin/pest tests/TriesTest.php | –");
    let (_, bridge) = found(
        &[
            ("composer.json", "{\"require-dev\": {\"symfony/phpunit-bridge\": \"^7\"}}\n"),
            ("src/Tries.php", "<?php class Tries {}\n"),
        ],
        "src/Tries.php",
    );
    insta::assert_snapshot!(bridge, @"tests/TriesTest.php | vendor/bin/simple-phpunit | vendor/bin/simple-phpunit tests/TriesTest.php | –");
}

#[test]
fn rules_and_what_is_there_already_are_told_where_they_apply() {
    let files = [
        (
            "AGENTS.md",
            "# For everybody\n\n- Run `make check` before you push.\n- Everything in `src/net/` must be covered by a test with a fake clock.\n- Be kind.\n",
        ),
        ("CONTRIBUTING.md", "Every change needs a line in the changelog.\n\nCommits should be signed off.\n"),
        ("src/net/client.rs", "pub fn get() {}\n"),
        ("src/wait.rs", "//! Waiting.\n\npub fn retry_with_backoff() {}\n\npub fn retry_forever() {}\n"),
    ];
    let snapshot = repository("acme/net", "abcdef2", &files);
    let body = "- [ ] `src/net/client.rs` must retry with backoff after a 503, 3 times\n";
    let brief = issue(4, "Retry failed requests", body);
    let text = comment(&brief, &snapshot);
    let told: Vec<&str> =
        text.lines().filter(|line| line.starts_with("**There") || line.starts_with("**House")).collect();
    insta::assert_snapshot!(told.join("\n"), @"
    **There already:** `retry_with_backoff` in [`src/wait.rs`][f2] line 3.
    **House rules:** “Everything in `src/net/` must be covered by a test with a fake clock” ([`AGENTS.md`][f3] line 4); “Every change needs a line in the changelog” ([`CONTRIBUTING.md`][f4] line 1).
    ");
    let quiet = issue(5, "Rename the page", "- [ ] `docs/page.md` must say “Welcome”\n");
    let other = repository("acme/net", "abcdef2", &[("docs/page.md", "Hello\n"), files[0], files[3]]);
    let text = comment(&quiet, &other);
    assert!(!text.contains("**There already") && !text.contains("**House rules"), "{text}");
}

#[test]
fn a_program_of_go_is_imported_by_nobody_and_a_package_by_its_path() {
    use super::world::{issue, planned, repository};
    let snapshot = repository(
        "acme/go",
        "5a1ad00",
        &[
            ("go.mod", "module acme.example/go\n"),
            ("main.go", "package main\n\nimport \"acme.example/go/main\"\n"),
            ("cmd/root.go", "package main\n"),
            ("store/root.go", "package store\n"),
            (
                "api/api.go",
                "package api\n\nimport \"acme.example/go/store\"\nimport \"other.example/root\"\n",
            ),
        ],
    );
    let used = |path: &str| {
        let plan =
            planned(&issue(7, "Exit codes", &format!("- [ ] `{path}` must exit with code 2\n")), &snapshot);
        plan.importers.into_iter().flat_map(|one| one.by).collect::<Vec<_>>()
    };
    assert!(used("main.go").is_empty() && used("cmd/root.go").is_empty());
    assert_eq!(used("store/root.go"), ["api/api.go"]);
}

#[test]
fn the_test_beside_the_source_is_its_own() {
    use super::world::{issue, planned, repository};
    let file = |source: &str, files: &[(&str, &str)]| {
        let snapshot = repository("acme/js", "5a1ad00", files);
        let plan =
            planned(&issue(7, "Exit", &format!("- [ ] `{source}` must exit with code 2\n")), &snapshot);
        plan.tests.file.map(|file| file.path)
    };
    let folders = [
        ("package.json", "{}"),
        ("src/weeks/index.ts", "export {}\n"),
        ("src/weeks/test.ts", "it()\n"),
        ("test/dst/weeks/weeks.ts", "it()\n"),
    ];
    assert_eq!(file("src/weeks/index.ts", &folders).as_deref(), Some("src/weeks/test.ts"));
    let apart = [
        ("package.json", "{}"),
        ("lib/adapters/http.js", "x\n"),
        ("test/unit/adapters/http.js", "it()\n"),
        ("test/specs/api.spec.js", "it()\n"),
        ("test/specs/form.spec.js", "it()\n"),
    ];
    assert_eq!(file("lib/adapters/http.js", &apart).as_deref(), Some("test/unit/adapters/http.js"));
    let private = [
        ("pyproject.toml", "[project]\n"),
        ("net/_client.py", "x = 1\n"),
        ("tests/client/test_client.py", "def test_x(): pass\n"),
        ("tests/test_api.py", "def test_x(): pass\n"),
    ];
    assert_eq!(file("net/_client.py", &private).as_deref(), Some("tests/client/test_client.py"));
}

#[test]
fn commands_and_tests_are_those_that_the_repository_really_runs() {
    use super::world::{issue, planned, repository};
    let tests = |source: &str, files: &[(&str, &str)]| {
        let snapshot = repository("acme/run", "5a1ad00", files);
        let body = format!("- [ ] `{source}` must exit with code 2\n");
        planned(&issue(7, "Exit", &body), &snapshot).tests
    };
    let go = [
        (
            ".github/workflows/ci.yml",
            "on: pull_request\njobs:\n  test:\n    steps:\n      - run: make test\n",
        ),
        ("Makefile", "test: test-web\n\ntest-web:\n\t@go test -race ./web\n\nlint:\n\tgolint\n"),
        ("go.mod", "module acme.example/run\n"),
        ("web/a.go", "package web\n"),
    ];
    let found = tests("web/a.go", &go);
    assert_eq!((found.framework.as_deref(), found.command.as_deref()), (Some("go test"), Some("make test")));
    let node = [
        (".github/workflows/ci.yml", "on: pull_request\njobs:\n  test:\n    steps:\n      - run: npm test\n"),
        ("package.json", "{\"scripts\": {\"test\": \"node --test && npm run types\"}}"),
        ("lib/command.js", "x\n"),
        ("tests/a.test.js", "it()\n"),
        ("tests/b.test.js", "it()\n"),
        ("tests/lib.test.mjs", "it()\n"),
    ];
    assert_eq!(tests("lib/command.js", &node).local.as_deref(), Some("node --test tests/command.test.js"));
    let rust = [
        ("Cargo.toml", "[package]\nname = \"run\"\n"),
        ("src/main.rs", "mod app;\nfn main() {}\n"),
        ("src/app.rs", "fn app() {}\n"),
        ("tests/assets.rs", "#[test]\nfn a() {}\n"),
        ("tests/whole.rs", "#[test]\nfn a() { Command::cargo_bin(\"run\"); }\n"),
    ];
    assert_eq!(tests("src/app.rs", &rust).file.map(|file| file.path).as_deref(), Some("tests/whole.rs"));
    let helped = [
        ("Cargo.toml", "[package]\nname = \"run\"\n"),
        ("src/main.rs", "mod app;\nfn main() {}\n"),
        ("src/app.rs", "fn app() {}\n"),
        ("tests/common.rs", "pub fn run() -> Command { Command::cargo_bin(\"run\") }\n"),
        ("tests/orders.rs", "mod common;\n\n#[test]\nfn a() { common::run(); }\n"),
    ];
    assert_eq!(tests("src/app.rs", &helped).file.map(|file| file.path).as_deref(), Some("tests/orders.rs"));
}

#[test]
fn entry_points_are_known_by_their_names_the_nearest_to_the_root_first() {
    for (files, entries) in [
        (
            &["src/bin/tool.rs", "src/main.rs", "src/lib.rs", "src/domain/main_menu.rs"][..],
            "`src/main.rs` and `src/bin/tool.rs`",
        ),
        (&["cmd/gate/main.go", "cmd/gate/main_test.go", "gate/gate.go"], "`cmd/gate/main.go`"),
        (
            &["manage.py", "gate/__main__.py", "gate/wsgi.py", "gate/views.py"],
            "`manage.py`, `gate/__main__.py` and `gate/wsgi.py`",
        ),
        (&["server.js", "src/app.ts", "src/application.ts"], "`server.js` and `src/app.ts`"),
        (&["src/Gate/Program.cs", "src/Gate/Programs.cs"], "`src/Gate/Program.cs`"),
        (&["public/index.php", "artisan", "src/Gate.php"], "`artisan` and `public/index.php`"),
    ] {
        let files: Vec<(&str, &str)> = files.iter().map(|path| (*path, "x\n")).collect();
        let plan = planned(&issue(3, "Gate", ""), &repository("acme/any", "abcdef1", &files));
        let told: Vec<&String> =
            plan.why["repository"].iter().filter(|line| line.starts_with("entry points")).collect();
        assert_eq!(told, [&format!("entry points: {entries}")]);
    }
    // A library has none, and says nothing of it.
    let library = repository("acme/any", "abcdef1", &[("src/lib.rs", "x\n"), ("Cargo.toml", "")]);
    let why = planned(&issue(3, "Gate", ""), &library).why["repository"].join("\n");
    assert!(!why.contains("entry points") && why.contains("public interface: `src/lib.rs`"), "{why}");
}

#[test]
fn the_changelog_that_is_kept_by_habit_is_a_house_rule() {
    let log = ("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n* A\n\n## 1.0.0\n");
    let customs = |more: &[(&str, &str)], path: &str| {
        let mut files = vec![
            ("gate/tries.py", "def count():\n    return 1\n"),
            ("tests/test_tries.py", "def test_count():\n    pass\n"),
            ("docs/tries.md", "# Tries\n"),
        ];
        files.extend(more);
        found(&files, path).0.customs
    };
    let habit = "an entry under “Unreleased” in `CHANGELOG.md` (line 3)";
    assert_eq!(customs(&[log], "gate/tries.py"), [habit]);
    // It is worth more than a message of which nobody can see whether it is good.
    let rules = ("CONTRIBUTING.md", "Please write a good commit message.\n\nPlease sign off your commits.\n");
    assert_eq!(
        customs(&[log, rules], "gate/tries.py"),
        [habit, "“Please sign off your commits” (`CONTRIBUTING.md` line 3)"]
    );
    // What the rules say of it counts, whatever it is.
    let ruled = ("CONTRIBUTING.md", "You do not need to touch the changelog: it is written at release.\n");
    assert!(customs(&[log, ruled], "gate/tries.py").is_empty());
    assert!(customs(&[log], "tests/test_tries.py").is_empty(), "tests alone are not told");
    assert!(customs(&[], "gate/tries.py").is_empty());
}

#[test]
fn a_told_command_is_sound_markdown_whatever_it_holds() {
    let ci = ci(&[
        "tox run -e ${{ matrix.env }} --installpkg `find dist/*.tar.gz`",
        "ruff check `git ls-files '*.py'`",
    ]);
    let files = [
        ("pyproject.toml", "[project]\nname = \"gate\"\n[tool.ruff]\n"),
        ("gate/tries.py", "def count():\n    return 1\n"),
        ("tests/test_tries.py", "def test_count():\n    pass\n"),
        (CI, &ci),
    ];
    let snapshot = repository("acme/any", "abcdef1", &files);
    let body = "- [ ] `gate/tries.py` must answer 429 after 5 tries within 60 s\n";
    let text = comment(&issue(3, "Limit the tries", body), &snapshot);
    let done = text.lines().find(|line| line.starts_with("**Done when**")).unwrap_or_default();
    for told in
        ["`tox run` in [`ci.yml`]", "; `` ruff check `git ls-files '*.py'` `` in `ci.yml` stays green"]
    {
        assert!(done.contains(told), "{told} in {done}");
    }
}

#[test]
fn what_another_service_runs_is_the_command_and_the_linter_of_a_plan() {
    let files = |more: &[(&str, &str)]| {
        let mut files = vec![
            ("setup.py", "setup(name='gate')\n"),
            ("gate/tries.py", "def count():\n    return 1\n"),
            ("tests/test_tries.py", "def test_count():\n    pass\n"),
        ];
        files.extend(more);
        found(&files, "gate/tries.py").0.done_when.join("; ")
    };
    let travis = (".travis.yml", "script:\n  - flake8 gate\n  - pytest -q\n");
    assert_eq!(
        files(&[travis]),
        "these 4 cases are in and `pytest -q` in `.travis.yml` is green; on your machine: `pytest tests/test_tries.py`; `flake8 gate` in `.travis.yml` stays green"
    );
    // Where GitHub's own workflow tests, the other file may be left over, with all that it runs.
    let own = ci(&["pytest"]);
    assert_eq!(
        files(&[travis, (CI, &own)]),
        "these 4 cases are in and `pytest` in `ci.yml` is green; on your machine: `pytest tests/test_tries.py`"
    );
    // What it calls nobody read.
    assert_eq!(
        files(&[(".travis.yml", "script: ./all.sh\n")]),
        "these 4 cases are in `tests/test_tries.py`; what `.travis.yml` runs was not read; on your machine: `pytest tests/test_tries.py`"
    );
}

#[test]
fn what_no_line_of_a_pipeline_types_is_told_with_whose_word_it_is() {
    let files = [
        ("pom.xml", "<project/>\n"),
        ("src/main/java/a/Tries.java", "class Tries {}\n"),
        ("src/test/java/a/TriesTest.java", "class TriesTest {}\n"),
        (".travis.yml", "language: java\n"),
    ];
    let done = found(&files, "src/main/java/a/Tries.java").0.done_when.join("; ");
    assert!(done.contains("and `mvn test -B`, the default of Travis for Java, is green; on your"), "{done}");
}

#[test]
fn a_command_is_told_once_and_a_green_that_proves_nothing_is_told() {
    let scripts = r#"{"scripts": {"test": "tsc --noEmit && node run.js"}}"#;
    let ours = ci(&["npm run test"]);
    let files = [
        ("package.json", scripts),
        ("src/tries.ts", "export {}\n"),
        ("test/tries.ts", ""),
        (CI, ours.as_str()),
    ];
    let done = found(&files, "src/tries.ts").0.done_when.join("; ");
    assert_eq!(done.matches("npm run test").count(), 1, "{done}");
    let ours = ci(&["cargo test"]);
    let files = [
        ("Cargo.toml", "[package]\nname = \"gate\"\n[features]\nslow = []\n"),
        ("src/lib.rs", "#[cfg(feature = \"slow\")]\npub mod tries;\n"),
        ("src/tries.rs", "pub fn count() {}\n#[cfg(test)]\nmod tests {}\n"),
        (CI, ours.as_str()),
    ];
    let done = found(&files, "src/tries.rs").0.done_when.join("; ");
    let told = "is green; no CI step that was read tests with `slow`; on your machine: `cargo test --features slow tries`";
    assert!(done.contains(told), "{done}");
}
