//! Formatters and linters of a repository: by the step that runs them, else by the file that sets them up.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::words;
use crate::domain::plan::workflows::{self, Job};

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
    /// What to type.
    command: &'static str,
}

const SCRIPTS: &[&str] = &["js", "jsx", "ts", "tsx", "mjs", "vue", "svelte"];

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
        command: "ruff check",
    },
    Tool {
        endings: &["py"],
        step: Pattern::new(r"(?:^|\s)black\s"),
        files: &[],
        section: "[tool.black]",
        command: "black --check .",
    },
    Tool {
        endings: &["py"],
        step: Pattern::new(r"(?:^|\s)mypy\b"),
        files: &["mypy.ini", ".mypy.ini"],
        section: "[tool.mypy]",
        command: "mypy .",
    },
    Tool {
        endings: &["py"],
        step: Pattern::new(r"(?:^|\s)flake8\b"),
        files: &[".flake8"],
        section: "",
        command: "flake8",
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
        command: "npx prettier --check .",
    },
    Tool {
        endings: SCRIPTS,
        step: Pattern::new(r"\beslint\b|\b(?:npm|pnpm|yarn)(?: run)? lint\b"),
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
        command: "npx eslint .",
    },
    Tool {
        endings: SCRIPTS,
        step: Pattern::new(r"\bbiome (?:ci|check|lint)\b"),
        files: &["biome.json", "biome.jsonc"],
        section: "",
        command: "npx biome check",
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
        command: "gofmt -l .",
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
        command: "bundle exec rubocop",
    },
    Tool {
        endings: &["php"],
        step: Pattern::new(r"\bphp-cs-fixer\b"),
        files: &[".php-cs-fixer.php", ".php-cs-fixer.dist.php"],
        section: "",
        command: "vendor/bin/php-cs-fixer fix --dry-run",
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
        command: "vendor/bin/pint --test",
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
}

/// The formatters and linters for these files.
pub fn find(places: &Places<'_>, jobs: &[Job], paths: &[String]) -> Vec<Judge> {
    let judged = |tool: &&Tool| paths.iter().any(|path| tool.endings.contains(&places::ending(path)));
    TOOLS
        .iter()
        .filter(judged)
        .filter_map(|tool| by_step(tool, (places, jobs)).or_else(|| by_file(tool, places)))
        .collect()
}

fn by_step(tool: &Tool, (places, jobs): (&Places<'_>, &[Job])) -> Option<Judge> {
    for job in jobs.iter().filter(|job| job.on_pull_request) {
        // A line that installs it does not run it.
        let runs =
            |line: &&String| tool.step.is_in(line) && !line.contains("install") && !line.contains("${{");
        let made = |line: &&String| workflows::recipe(places, line).iter().any(|step| tool.step.is_in(step));
        if let Some(line) = job.commands.iter().find(runs).or_else(|| job.commands.iter().find(made)) {
            return Some(Judge { command: words::shorten(line, 60), path: job.workflow.clone(), runs: true });
        }
    }
    None
}

fn by_file(tool: &Tool, places: &Places<'_>) -> Option<Judge> {
    let own = tool.files.iter().find(|file| places.has(file)).map(|file| (*file).to_owned());
    let said = || {
        let says = |(path, text): &(&String, &String)| {
            MANIFESTS.contains(&path.as_str()) && !tool.section.is_empty() && text.contains(tool.section)
        };
        places.snapshot.files.iter().find(says).map(|(path, _)| path.clone())
    };
    let path = own.or_else(said)?;
    Some(Judge { command: tool.command.to_owned(), path, runs: false })
}

const MANIFESTS: [&str; 6] =
    ["Cargo.toml", "pyproject.toml", "package.json", "pom.xml", "build.gradle", "build.gradle.kts"];

/// What has to stay green beside the tests, as the end of a sentence.
pub fn told(judges: &[Judge]) -> Option<String> {
    let run: Vec<String> =
        judges.iter().filter(|judge| judge.runs).map(|judge| words::code(&judge.command)).collect();
    let first = judges.iter().find(|judge| judge.runs);
    if let Some(first) = first {
        let verb = if run.len() == 1 { "stays" } else { "stay" };
        return Some(format!(
            "{} in `{}` {verb} green",
            words::some(&run, 3),
            workflows::file_name(&first.path)
        ));
    }
    let first = judges.first()?;
    Some(format!("`{}` says nothing (set up in `{}`)", first.command, first.path))
}
