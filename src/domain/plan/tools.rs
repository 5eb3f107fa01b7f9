//! Formatters and linters of a repository: by the step that runs them, else by the file that sets them up.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::unfold;
use crate::domain::plan::words;
use crate::domain::plan::workflows::{self, Job, Step};

/// A program that judges the looks of code.
struct Tool {
    /// Endings of the files it judges.
    endings: &'static [&'static str],
    /// How a step calls it.
    step: Pattern,
    /// Files that set it up.
    files: &'static [&'static str],
    /// What a manifest says when it sets it up.
    section: &'static str,
    /// What to type for one file, `{}`; empty where no command is sure.
    command: &'static str,
}

const SCRIPTS: &[&str] = &["js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte"];

static TOOLS: [Tool; 20] = [
    Tool {
        endings: &["rs"],
        step: Pattern::new(r"^(?:just |make )?cargo (?:\+\S+ )?fmt\b"),
        files: &["rustfmt.toml", ".rustfmt.toml"],
        section: "",
        command: "cargo fmt --check",
    },
    Tool {
        endings: &["rs"],
        step: Pattern::new(r"^cargo (?:\+\S+ )?clippy\b"),
        files: &["clippy.toml", ".clippy.toml"],
        section: "[lints.clippy]",
        command: "cargo clippy",
    },
    Tool {
        endings: &["py"],
        step: Pattern::new(r"\bruff (?:check|format)\b"),
        files: &["ruff.toml", ".ruff.toml"],
        section: "[tool.ruff",
        command: "ruff check {}",
    },
    Tool {
        endings: &["py"],
        step: Pattern::new(r"(?:^|\s)black\s"),
        files: &[],
        section: "[tool.black]",
        command: "black --check {}",
    },
    Tool {
        endings: &["py"],
        step: Pattern::new(r"(?:^|\s)mypy\b"),
        files: &["mypy.ini", ".mypy.ini"],
        section: "[tool.mypy]",
        command: "",
    },
    Tool {
        endings: &["py"],
        step: Pattern::new(r"(?:^|\s)flake8\b"),
        files: &[".flake8"],
        section: "",
        command: "flake8 {}",
    },
    Tool {
        endings: SCRIPTS,
        step: Pattern::new(r"\bprettier\b"),
        files: &[
            ".prettierrc",
            ".prettierrc.json",
            ".prettierrc.yml",
            "prettier.config.js",
            "prettier.config.mjs",
        ],
        section: "\"prettier\":",
        command: "npx prettier --check {}",
    },
    Tool {
        endings: SCRIPTS,
        step: Pattern::new(r"\beslint\b|\bgts (?:lint|check)\b|\b(?:npm|pnpm|yarn)(?: run)? lint\b"),
        files: &[
            ".eslintrc",
            ".eslintrc.json",
            ".eslintrc.js",
            ".eslintrc.cjs",
            "eslint.config.js",
            "eslint.config.mjs",
            "eslint.config.ts",
        ],
        section: "",
        command: "npx eslint {}",
    },
    Tool {
        endings: SCRIPTS,
        step: Pattern::new(r"\bbiome (?:ci|check|lint)\b"),
        files: &["biome.json", "biome.jsonc"],
        section: "",
        command: "npx biome check {}",
    },
    Tool {
        endings: &["ts", "tsx"],
        step: Pattern::new(r"\btsc\b.*--noEmit|\b(?:npm|pnpm|yarn)(?: run)? (?:typecheck|type-check)\b"),
        files: &[],
        section: "",
        command: "npx tsc --noEmit",
    },
    Tool {
        endings: &["go"],
        step: Pattern::new(r"\bgofmt\b|\bgo fmt\b"),
        files: &[],
        section: "",
        command: "gofmt -l {}",
    },
    Tool {
        endings: &["go"],
        step: Pattern::new(r"\bgo vet\b"),
        files: &[],
        section: "",
        command: "go vet ./...",
    },
    Tool {
        endings: &["go"],
        step: Pattern::new(r"\bgolangci-lint run\b"),
        files: &[".golangci.yml", ".golangci.yaml", ".golangci.toml"],
        section: "",
        command: "golangci-lint run",
    },
    Tool {
        endings: &["java", "kt"],
        step: Pattern::new(r"\bspotless(?:Check|:check)\b"),
        files: &[],
        section: "spotless",
        command: "spotlessCheck",
    },
    Tool {
        endings: &["java"],
        step: Pattern::new(r"\bcheckstyle"),
        files: &["checkstyle.xml"],
        section: "checkstyle",
        command: "checkstyle",
    },
    Tool {
        endings: &["cs"],
        step: Pattern::new(r"\bdotnet format\b"),
        files: &[],
        section: "",
        command: "dotnet format --verify-no-changes",
    },
    Tool {
        endings: &["rb"],
        step: Pattern::new(r"\brubocop\b"),
        files: &[".rubocop.yml"],
        section: "",
        command: "bundle exec rubocop {}",
    },
    Tool {
        endings: &["php"],
        step: Pattern::new(r"\bphp-cs-fixer\b"),
        files: &[".php-cs-fixer.php", ".php-cs-fixer.dist.php"],
        section: "",
        command: "vendor/bin/php-cs-fixer fix --dry-run {}",
    },
    Tool {
        endings: &["php"],
        step: Pattern::new(r"\bphpstan\b"),
        files: &["phpstan.neon", "phpstan.neon.dist"],
        section: "",
        command: "vendor/bin/phpstan",
    },
    Tool {
        endings: &["php"],
        step: Pattern::new(r"\bpint\b"),
        files: &["pint.json"],
        section: "",
        command: "vendor/bin/pint --test {}",
    },
];

/// What judges a file's looks here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judge {
    /// What to type; the step's own words where there is one.
    pub command: String,
    /// Workflow that runs it, else the file that sets it up.
    pub path: String,
    /// A workflow runs it.
    pub runs: bool,
    /// What the step is called that runs it; may be empty.
    pub step: String,
}

/// The formatters and linters for these files.
pub fn find(places: &Places<'_>, jobs: &[Job], paths: &[String]) -> Vec<Judge> {
    let judged = |tool: &&Tool| paths.iter().any(|path| tool.endings.contains(&places::ending(path)));
    let mut out: Vec<Judge> = Vec::new();
    for tool in TOOLS.iter().filter(judged) {
        let found = by_step(tool, (places, jobs), paths)
            .or_else(|| by_script(tool, places, paths))
            .or_else(|| by_file(tool, places, paths));
        out.extend(found.filter(|judge| !out.iter().any(|seen| seen.command == judge.command)));
    }
    out
}

/// Runs the line the tool, and does it look only?
fn judges(tool: &Tool, line: &str) -> bool {
    // A line that installs it does not run it.
    tool.step.is_in(line) && !INSTALLS.is_in(line) && !line.contains("${{") && !MENDS.is_in(line)
}

static INSTALLS: Pattern = Pattern::new(
    r"install|\bcomposer (?:global )?(?:require|update)\b|\b(?:yarn|pnpm|npm|bun|uv|poetry|pdm|bundle|dotnet) (?:i|add)\b",
);

static MENDS: Pattern = Pattern::new(r"--(?:fix|write|apply)\b|rubocop.*\s-[aA]\b|autocorrect");

/// Endings and wildcards by which a linter is told what to judge.
static ENDINGS: Pattern = Pattern::new(r#"--ext[= ]["']?([\w.,]+)|\*\.(\w+|\{[\w,.]+\})"#);

/// Judges the line the files, as far as it says which?
fn covers(tool: &Tool, line: &str, paths: &[String]) -> bool {
    let told = (1..=2).flat_map(|group| ENDINGS.all(line, group));
    let told: Vec<&str> =
        told.flat_map(|said| said.split([',', '{', '}', '.'])).filter(|one| !one.is_empty()).collect();
    let judged = |path: &&String| tool.endings.contains(&places::ending(path));
    told.is_empty() || paths.iter().filter(judged).any(|path| told.contains(&places::ending(path)))
}

/// Judges what a line comes down to the files?
fn reaches(tool: &Tool, places: &Places<'_>, (line, paths): (&str, &[String])) -> bool {
    let steps = unfold::unfolded(places, "", line);
    let below = steps.iter().skip(1).flat_map(|step| unfold::parts(step));
    let below: Vec<&str> = below.filter(|part| judges(tool, part)).collect();
    let own = unfold::script_name(line).is_none() || below.is_empty();
    own && covers(tool, line, paths) || below.iter().any(|part| covers(tool, part, paths))
}

/// What one types of a line: the script that is it, else the command itself, without what a shell decides on it.
fn bare_command(tool: &Tool, places: &Places<'_>, line: &str) -> String {
    let mut parts = unfold::parts(line).map(|part| WORD.replace(part, |_| String::new()));
    let inner = match SHELL.is_in(line) {
        true => parts.find(|part| judges(tool, part)),
        false => None,
    };
    let inner = inner.unwrap_or_else(|| line.to_owned()).trim().to_owned();
    let plain = |text: &str| text.trim_start_matches("./").trim_start_matches("vendor/bin/").to_owned();
    let own = unfold::composer_scripts(places)
        .into_iter()
        .find(|(name, script)| words::is_typable(name) && plain(script) == plain(&inner));
    own.map_or(inner, |(name, _)| format!("composer {name}"))
}

static SHELL: Pattern = Pattern::new(r"^(?:if|for|while|case)\s|^(?:\[|test\s)|\bthen\s");
static WORD: Pattern = Pattern::new(r"^(?:then|do|else)\s+");

fn by_step(tool: &Tool, (places, jobs): (&Places<'_>, &[Job]), paths: &[String]) -> Option<Judge> {
    for job in jobs.iter().filter(|job| job.on_pull_request) {
        let root = || job.steps.iter().filter(|step| step.folder.is_empty());
        let reaches = |step: &&Step| reaches(tool, places, (&step.line, paths));
        let runs = |step: &&Step| judges(tool, &step.line) && reaches(step);
        let made = |step: &&Step| {
            let steps = unfold::unfolded(places, "", &step.line);
            // What runs the tests, too, is named as what does that.
            let alone = !TESTS.is_in(&step.line) && !step.line.contains("${{");
            alone && steps.iter().skip(1).any(|line| judges(tool, line)) && reaches(step)
        };
        if let Some(step) = root().find(runs).or_else(|| root().find(made)) {
            let command = bare_command(tool, places, &step.line);
            return Some(Judge { command, path: job.workflow.clone(), runs: true, step: step.name.clone() });
        }
    }
    None
}

/// What runs the tests, or all there is.
static TESTS: Pattern = Pattern::new(r"\btest|\b(?:tox|nox)\b");

static RUNNERS: Pattern =
    Pattern::new(r"\b(?:mocha|jest|vitest|ava|borp|tap|tape|uvu|jasmine|karma|c8|nyc)\b|\bnode .*--test\b");

/// The script of the manifest that runs it on such files with the project's own arguments.
fn by_script(tool: &Tool, places: &Places<'_>, paths: &[String]) -> Option<Judge> {
    if !tool.endings.iter().any(|ending| SCRIPTS.contains(ending)) {
        return None;
    }
    let manager = match () {
        () if places.has("pnpm-lock.yaml") => "pnpm",
        () if places.has("yarn.lock") => "yarn",
        () => "npm",
    };
    let runs = |(_, script): &(String, String)| {
        unfold::parts(script).any(|part| judges(tool, part) && covers(tool, part, paths))
    };
    // What runs the tests, too, is no linter.
    let looks = |(name, script): &(String, String)| {
        name != "test" && words::is_typable(name) && !unfold::parts(script).any(|part| RUNNERS.is_in(part))
    };
    let scripts = unfold::scripts(places, "").into_iter();
    let mut own: Vec<(String, String)> = scripts.filter(|script| looks(script) && runs(script)).collect();
    // The one that runs it alone.
    own.sort_by_key(|(name, script)| (unfold::parts(script).count(), name.len()));
    let (name, _) = own.into_iter().next()?;
    let command = format!("{manager} run {name}");
    Some(Judge { command, path: "package.json".to_owned(), runs: false, step: String::new() })
}

fn by_file(tool: &Tool, places: &Places<'_>, paths: &[String]) -> Option<Judge> {
    let own = tool.files.iter().find(|file| places.has(file)).map(|file| (*file).to_owned());
    let said = || {
        let says = |(path, text): &(&String, &String)| {
            MANIFESTS.contains(&path.as_str()) && !tool.section.is_empty() && text.contains(tool.section)
        };
        places.snapshot.files.iter().find(says).map(|(path, _)| path.clone())
    };
    let path = own.or_else(said)?;
    let mut judged = paths.iter().filter(|path| tool.endings.contains(&places::ending(path)));
    let command = match tool.command {
        "spotlessCheck" | "checkstyle" => task(tool.command, places)?,
        "" => return None,
        command if command.contains("{}") => {
            command.replace("{}", judged.find(|path| words::is_typable(path))?)
        }
        command => command.to_owned(),
    };
    Some(Judge { command, path, runs: false, step: String::new() })
}

/// What is typed for a task of Gradle or Maven.
fn task(name: &str, places: &Places<'_>) -> Option<String> {
    let maven = if places.has("mvnw") { "./mvnw" } else { "mvn" };
    match (name, places.has("gradlew"), places.has("pom.xml")) {
        ("spotlessCheck", true, _) => Some("./gradlew spotlessCheck".to_owned()),
        ("spotlessCheck", false, true) => Some(format!("{maven} spotless:check")),
        ("checkstyle", true, _) => Some("./gradlew checkstyleMain".to_owned()),
        ("checkstyle", false, true) => Some(format!("{maven} checkstyle:check")),
        _ => None,
    }
}

const MANIFESTS: [&str; 6] =
    ["Cargo.toml", "pyproject.toml", "package.json", "pom.xml", "build.gradle", "build.gradle.kts"];

/// Do two lines type the same: `npm test` is short for `npm run test`.
pub fn is_same(one: &str, other: &str) -> bool {
    let plain = |line: &str| SHORT.replace(line.trim(), |said| said.replace(" run ", " "));
    plain(one) == plain(other)
}

static SHORT: Pattern = Pattern::new(r"^(?:npm|pnpm|yarn|bun) run test\b");

/// Longest command that is shown whole.
const SHOWN: usize = 70;

/// A command that can be shown whole; none for one that is too long, for nobody can type its beginning.
pub fn told_command(command: &str) -> Option<&str> {
    // What is done with its outcome is the workflow's own matter.
    let command = command.split(" || ").next().unwrap_or(command).trim_end();
    (command.chars().count() <= SHOWN && !command.contains('…')).then_some(command)
}

/// What has to stay green beside the tests, as the end of a sentence.
pub fn told(judges: &[Judge]) -> Option<String> {
    let said = |judge: &Judge| match (told_command(&judge.command), judge.step.is_empty()) {
        (Some(command), _) => words::code(command),
        (None, false) => format!("the step {}", words::quoted(&judge.step)),
        (None, true) => "what judges its looks".to_owned(),
    };
    let run: Vec<&Judge> = judges.iter().filter(|judge| judge.runs).collect();
    // Each is looked up in the file that runs it.
    let mut files: Vec<(&str, Vec<String>)> = Vec::new();
    for judge in &run {
        match files.iter_mut().find(|(path, _)| *path == judge.path) {
            Some((_, commands)) => commands.push(said(judge)),
            None => files.push((&judge.path, vec![said(judge)])),
        }
    }
    let each = files
        .iter()
        .map(|(path, commands)| format!("{} in `{}`", words::some(commands, 3), workflows::file_name(path)));
    let each: Vec<String> = each.collect();
    if !each.is_empty() {
        let verb = if run.len() == 1 { "stays" } else { "stay" };
        return Some(format!("{} {verb} green", words::some(&each, 3)));
    }
    let first = judges.first()?;
    Some(format!("{} passes (set up in {})", words::code(&first.command), words::code(&first.path)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    fn judged(files: &[(&str, &str)], path: &str) -> String {
        let snapshot = repository("acme/x", "5a1ad00", files);
        let places = Places::new(&snapshot);
        let (jobs, _) = workflows::jobs(&places);
        told(&find(&places, &jobs, &[path.to_owned()])).unwrap_or_default()
    }

    #[test]
    fn a_linter_is_called_with_the_arguments_of_the_project_or_for_the_file_alone() {
        let scripts =
            r#"{"scripts": {"fix": "eslint --fix lib", "test:eslint": "node fix.js eslint lib/**/*.js"}}"#;
        assert_eq!(
            judged(&[("package.json", scripts), (".eslintrc.cjs", ""), ("lib/a.js", "")], "lib/a.js"),
            "`npm run test:eslint` passes (set up in `package.json`)"
        );
        assert_eq!(
            judged(&[(".rubocop.yml", ""), ("lib/a.rb", "")], "lib/a.rb"),
            "`bundle exec rubocop lib/a.rb` passes (set up in `.rubocop.yml`)"
        );
        let spotless = [("gradlew", ""), ("build.gradle.kts", "spotless { }"), ("core/A.kt", "")];
        assert_eq!(
            judged(&spotless, "core/A.kt"),
            "`./gradlew spotlessCheck` passes (set up in `build.gradle.kts`)"
        );
        // What is set up and by which command nobody knows is not told.
        assert_eq!(judged(&[("pyproject.toml", "[tool.mypy]\n"), ("a.py", "")], "a.py"), "");
    }

    #[test]
    fn a_name_that_a_shell_would_act_on_stands_in_no_command() {
        for name in ["lib/$(id).rb", "lib/a;id.rb", "lib/`id`.rb", "-a.rb"] {
            assert_eq!(judged(&[(".rubocop.yml", ""), (name, "")], name), "", "{name}");
        }
        let scripts = r#"{"scripts": {"lint;id": "eslint lib"}}"#;
        assert_eq!(judged(&[("package.json", scripts), ("lib/a.js", "")], "lib/a.js"), "");
    }

    #[test]
    fn a_linter_is_told_that_judges_what_changes() {
        let scripts = r#"{"scripts": {"check": "gts lint && npm run check:js", "check:js": "eslint . --ext cjs --ext js"}}"#;
        let files = [("package.json", scripts), ("lib/a.ts", ""), ("lib/b.js", "")];
        assert_eq!(judged(&files, "lib/a.ts"), "`npm run check` passes (set up in `package.json`)");
        assert_eq!(
            judged(&files, "lib/b.js"),
            "`npm run check` passes (set up in `package.json`)".replace("check", "check:js")
        );
        let steps = "on: pull_request\njobs:\n  a:\n    steps:\n      - run: npm run lint\n";
        let narrow = r#"{"scripts": {"lint": "eslint 'lib/**/*.js'"}}"#;
        let files = [
            (".github/workflows/ci.yml", steps),
            ("package.json", narrow),
            ("lib/a.ts", ""),
            ("lib/b.js", ""),
        ];
        assert_eq!(judged(&files, "lib/a.ts"), "");
        assert_eq!(judged(&files, "lib/b.js"), "`npm run lint` in `ci.yml` stays green");
    }

    #[test]
    fn each_command_is_told_with_the_file_that_runs_it() {
        let steps = |run: &str| format!("on: pull_request\njobs:\n  a:\n    steps:\n      - run: {run}\n");
        let (looks, lints) = (steps("cargo fmt --check"), steps("cargo clippy"));
        let apart = [
            (".github/workflows/lints.yml", lints.as_str()),
            (".github/workflows/looks.yml", looks.as_str()),
            ("src/a.rs", ""),
        ];
        assert_eq!(
            judged(&apart, "src/a.rs"),
            "`cargo fmt --check` in `looks.yml` and `cargo clippy` in `lints.yml` stay green"
        );
        let both = format!("{looks}      - run: cargo clippy\n");
        let together = [(".github/workflows/looks.yml", both.as_str()), ("src/a.rs", "")];
        assert_eq!(
            judged(&together, "src/a.rs"),
            "`cargo fmt --check` and `cargo clippy` in `looks.yml` stay green"
        );
    }

    #[test]
    fn a_command_behind_a_change_of_folder_judges_that_folder_alone() {
        let told = |first: &str| {
            let steps = format!(
                "on: pull_request\njobs:\n  a:\n    steps:\n      - run: |\n          {first}\n          npx prettier --check .\n"
            );
            judged(&[(".github/workflows/ci.yml", steps.as_str()), ("lib/a.ts", "")], "lib/a.ts")
        };
        assert_eq!(told("cd ./pier/berth"), "");
        assert_eq!(told("npm ci"), "`npx prettier --check .` in `ci.yml` stays green");
    }

    #[test]
    fn a_script_that_runs_the_tests_is_no_linter() {
        let scripts = r#"{"scripts": {"test": "eslint . && node run.js", "test:all": "eslint . && c8 ava"}}"#;
        let files = [("package.json", scripts), ("lib/a.js", "")];
        assert_eq!(judged(&files, "lib/a.js"), "");
        assert!(is_same("npm run test", "npm test") && !is_same("npm run test:all", "npm test"));
    }

    #[test]
    fn a_condition_of_the_shell_is_no_command() {
        let steps = "on: pull_request\njobs:\n  a:\n    steps:\n      - run: if [[ $KEEL ]]; then vendor/bin/phpstan analyse; fi\n";
        let phpstan = TOOLS.iter().find(|tool| tool.command == "vendor/bin/phpstan").unwrap();
        assert!(!judges(phpstan, "composer require --dev phpstan/phpstan:^1"), "it is only fetched");
        let told = |scripts: &str| {
            judged(
                &[(".github/workflows/ci.yml", steps), ("composer.json", scripts), ("src/A.php", "")],
                "src/A.php",
            )
        };
        assert_eq!(told("{}"), "`vendor/bin/phpstan analyse` in `ci.yml` stays green");
        let named = r#"{"scripts": {"keel": "phpstan analyse", "test": ["@keel"]}}"#;
        assert_eq!(told(named), "`composer keel` in `ci.yml` stays green");
    }

    #[test]
    fn a_command_is_told_whole_or_by_the_step_that_runs_it() {
        let long = format!("gofmt -d {}", "./hull/*.go ".repeat(8));
        assert_eq!(told_command(&long), None);
        assert_eq!(told_command("make test"), Some("make test"));
        assert_eq!(told_command("bin/lint run --timeout=3m || STATUS=$?"), Some("bin/lint run --timeout=3m"));
        let steps =
            |name: &str| format!("on: pull_request\njobs:\n  a:\n    steps:\n      - run: {long}\n{name}");
        let told = |name: &str| {
            judged(&[(".github/workflows/ci.yml", &steps(name)), ("hull/a.go", "")], "hull/a.go")
        };
        assert_eq!(
            told("        name: Look of the code\n"),
            "the step “Look of the code” in `ci.yml` stays green"
        );
        assert_eq!(told(""), "what judges its looks in `ci.yml` stays green");
    }
}
