//! What kind of repository it is, each line with its evidence: for `/why repository`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::domain::plan::customs;
use crate::domain::plan::exported;
use crate::domain::plan::flows;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::testing;
use crate::domain::plan::words;
use crate::domain::plan::workflows::{self, Job};

/// Names of languages by the endings of their files.
const LANGUAGES: [(&str, &[&str]); 14] = [
    ("Rust", &["rs"]),
    ("Python", &["py"]),
    ("TypeScript", &["ts", "tsx"]),
    ("JavaScript", &["js", "jsx", "mjs", "cjs"]),
    ("Go", &["go"]),
    ("Java", &["java"]),
    ("Kotlin", &["kt"]),
    ("C#", &["cs"]),
    ("Ruby", &["rb"]),
    ("PHP", &["php"]),
    ("C", &["c", "h"]),
    ("C++", &["cpp", "cc", "hpp"]),
    ("Swift", &["swift"]),
    ("Scala", &["scala"]),
];

static ENVIRONMENT: [Pattern; 5] = [
    Pattern::new(
        r#"\benv::var(?:_os)?\(\s*"(\w+)"|\bgetenv\(\s*['"](\w+)['"]|\bos\.environ(?:\.get\(|\[)\s*['"](\w+)['"]"#,
    ),
    Pattern::new(
        r#"\bprocess\.env\.(\w+)|\bos\.(?:Getenv|LookupEnv)\("(\w+)"|\bENV(?:\.fetch\(|\[)\s*['"](\w+)['"]"#,
    ),
    Pattern::new(r#"\bSystem\.getenv\("(\w+)"|\bGetEnvironmentVariable\("(\w+)"|\benv\(\s*['"](\w+)['"]"#),
    Pattern::new(
        r#"\bprocess\.env\[\s*['"](\w+)['"]|\bDeno\.env\.get\(\s*['"](\w+)['"]|(?-i:\$_ENV\[\s*['"]([A-Z]\w+)['"])"#,
    ),
    Pattern::new(
        r#"(?:\boption_env|\benv)!\(\s*"(\w+)"|\b(?:System\.(?:get|fetch)_env!?|sys\.env(?:\.get)?)\(\s*"(\w+)"|\bprocessInfo\.environment\[\s*"(\w+)""#,
    ),
];
static ENTRY: Pattern = Pattern::new(
    r"(?:^|/)(?:main\.(?:rs|go|py|c|cpp|kt)|__main__\.py|manage\.py|Program\.cs|artisan|wsgi\.py|asgi\.py|server\.(?:js|ts)|app\.(?:js|ts|rb|py)|config\.ru|index\.php)$|^src/bin/|^cmd/[^/]+/main\.go$",
);
static INTERFACE: Pattern = Pattern::new(
    r"(?:^|/)(?:lib\.rs|openapi\.(?:ya?ml|json)|swagger\.(?:ya?ml|json)|schema\.graphql|index\.d\.ts)$|\.proto$|^src/index\.(?:ts|js)$|^[^/]+/__init__\.py$|^src/[^/]+/__init__\.py$",
);
static SETTINGS: Pattern = Pattern::new(
    r"^(?:config|configs|settings|conf)/[^/]+\.(?:toml|ya?ml|json|ini|rb|php|exs)$|^(?:\.env\.example|appsettings\.json|application\.(?:ya?ml|properties)|settings\.py)$|/(?:application\.(?:ya?ml|properties)|appsettings\.json|settings\.py)$",
);

/// What was found, a line each.
pub fn lines(places: &Places<'_>, jobs: &[Job]) -> Vec<String> {
    if !places.known() {
        return Vec::new();
    }
    let mut out = vec![languages(places)];
    out.extend(some("manifests", &testing::manifests(places)));
    out.extend(some("workspace members", &members(places)));
    out.extend(testing::layout(places));
    out.extend(jobs.iter().take(8).map(job));
    out.extend(flows::lines(places));
    out.extend(some("entry points", &matching(places, &ENTRY)));
    out.extend(some("public interface", &matching(places, &INTERFACE)));
    out.extend(some("names for others", &exported::all(places)));
    out.extend(some("settings", &matching(places, &SETTINGS)));
    out.extend(environment(places));
    out.extend(some("rules for changes", &customs::rule_files(places)));
    out.retain(|line| !line.is_empty());
    out
}

fn languages(places: &Places<'_>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for path in places.files() {
        let ending = places::ending(path);
        if let Some((name, _)) = LANGUAGES.iter().find(|(_, endings)| endings.contains(&ending)) {
            *counts.entry(name).or_default() += 1;
        }
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    let shown: Vec<String> =
        counts.iter().take(4).map(|(name, count)| format!("{name} ({})", words::thousands(*count))).collect();
    if shown.is_empty() { String::new() } else { format!("languages by files: {}", words::list(&shown)) }
}

fn some(what: &str, paths: &[&str]) -> Option<String> {
    (!paths.is_empty()).then(|| format!("{what}: {}", words::some(&words::codes(paths), 4)))
}

fn matching<'a>(places: &Places<'a>, pattern: &Pattern) -> Vec<&'a str> {
    let mut found: Vec<&str> = places.proper().filter(|path| pattern.is_in(path)).collect();
    found.sort_by_cached_key(|path| (path.matches('/').count(), *path));
    found
}

fn job(job: &Job) -> String {
    let commands: Vec<String> = job
        .steps
        .iter()
        .take(3)
        .map(|step| words::code(&words::shorten(&step.line.replace('`', "'"), 60)))
        .collect();
    let when = if job.on_pull_request { "on pull requests" } else { "not on pull requests" };
    let runs = if commands.is_empty() { "no command of its own".to_owned() } else { words::list(&commands) };
    format!("job `{}` of `{}`, {when}: {runs}", job.id, workflows::file_name(&job.workflow))
}

fn environment(places: &Places<'_>) -> Option<String> {
    let sources = places.read_sources();
    let found =
        sources.flat_map(|(_, text)| ENVIRONMENT.iter().flat_map(move |pattern| pattern.either_of_all(text)));
    let names: BTreeSet<&str> = found.collect();
    // What Cargo sets for a build nobody sets for the program.
    let names = names.into_iter().filter(|name| !name.starts_with("CARGO_") && *name != "OUT_DIR");
    let names: Vec<&str> = names.collect();
    some("environment variables read", &names)
}

/// Folders that the root's manifest names as its parts, where they are there.
pub fn members<'a>(places: &Places<'a>) -> Vec<&'a str> {
    let mut patterns: Vec<String> = Vec::new();
    if let Some(text) = places.text("Cargo.toml") {
        let list = text.split("members").nth(1).and_then(|rest| rest.split_once('[')?.1.split(']').next());
        patterns.extend(strings(list.unwrap_or_default()));
    }
    if let Some(manifest) = places.json("package.json") {
        let named = manifest.get("workspaces");
        let list = named.and_then(|it| it.as_array().or_else(|| it.get("packages")?.as_array()));
        patterns.extend(list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
    }
    if let Some(text) = places.text("pnpm-workspace.yaml") {
        let items = text.lines().filter_map(|line| line.trim().strip_prefix("- "));
        patterns.extend(items.map(|item| item.trim_matches(['"', '\'', ' ']).to_owned()));
    }
    if let Some(text) = places.text("go.work") {
        let items =
            text.lines().map(str::trim).filter(|line| line.starts_with("./") || line.starts_with("use ./"));
        patterns
            .extend(items.map(|item| item.trim_start_matches("use ").trim_start_matches("./").to_owned()));
    }
    for file in ["settings.gradle", "settings.gradle.kts"] {
        let included = places.text(file).unwrap_or_default().lines().filter(|line| line.contains("include"));
        patterns
            .extend(included.flat_map(strings).map(|name| name.trim_start_matches(':').replace(':', "/")));
    }
    let modules = places.text("pom.xml").unwrap_or_default();
    patterns.extend(
        modules.split("<module>").skip(1).filter_map(|rest| rest.split('<').next()).map(str::to_owned),
    );
    let fits = |folder: &str| patterns.iter().any(|pattern| covers(pattern, folder));
    let manifests =
        testing::manifests(places).into_iter().map(places::folder).filter(|folder| !folder.is_empty());
    let folders: BTreeSet<&str> = manifests.filter(|folder| fits(folder)).collect();
    folders.into_iter().collect()
}

/// What stands between quotation marks.
fn strings(text: &str) -> Vec<String> {
    text.split(['"', '\'']).skip(1).step_by(2).map(str::to_owned).collect()
}

/// `packages/*` covers `packages/a`.
fn covers(pattern: &str, folder: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
    match pattern.split_once('*') {
        None => pattern == folder,
        Some((before, _)) if pattern.ends_with("**") => folder.starts_with(before),
        Some((before, after)) => folder
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
            .is_some_and(|rest| !rest.contains('/')),
    }
}

/// Manifests of the root in which a mistake hides all that they say, each with what it is not.
pub fn broken(places: &Places<'_>) -> Vec<(&'static str, &'static str)> {
    let json = ["package.json", "composer.json"].into_iter();
    let json = json.filter(|path| places.text(path).is_some() && places.json(path).is_none());
    let toml = ["Cargo.toml", "pyproject.toml"].into_iter();
    let toml = toml.filter(|path| places.text(path).is_some_and(|text| text.parse::<toml::Table>().is_err()));
    json.map(|path| (path, "JSON")).chain(toml.map(|path| (path, "TOML"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    /// The one line that begins with a word.
    fn line(head: &str, files: &[(&str, &str)]) -> Option<String> {
        let snapshot = repository("acme/quay", "5a1ad00", files);
        let all = lines(&Places::new(&snapshot), &[]);
        all.into_iter().find(|line| line.starts_with(head))
    }

    #[test]
    fn settings_are_the_files_that_a_program_is_set_by() {
        for (path, is_settings) in [
            ("config/quay.toml", true),
            ("settings/base.yaml", true),
            (".env.example", true),
            ("appsettings.json", true),
            ("src/main/resources/application.properties", true),
            ("quay/settings.py", true),
            ("quay/config/deep/quay.toml", false),
            ("docs/config.md", false),
            ("tests/settings.py", false),
            ("package.json", false),
        ] {
            let told = line("settings: ", &[(path, "port = 1\n"), ("src/quay.rs", "fn lift() {}\n")]);
            assert_eq!(told, is_settings.then(|| format!("settings: `{path}`")), "{path}");
        }
    }

    #[test]
    fn variables_of_the_environment_are_found_in_each_language() {
        for (path, code) in [
            ("quay.rs", "let port = std::env::var(\"QUAY_PORT\");"),
            ("quay.rs", "const PORT: &str = env!(\"QUAY_PORT\");"),
            ("quay.py", "port = os.environ[\"QUAY_PORT\"]"),
            ("quay.py", "port = os.environ.get('QUAY_PORT', 1)"),
            ("quay.py", "port = os.getenv(\"QUAY_PORT\")"),
            ("quay.ts", "const port = process.env.QUAY_PORT;"),
            ("quay.js", "const port = process.env['QUAY_PORT'];"),
            ("quay.ts", "const port = Deno.env.get(\"QUAY_PORT\");"),
            ("quay.go", "port := os.Getenv(\"QUAY_PORT\")"),
            ("quay.go", "port, ok := os.LookupEnv(\"QUAY_PORT\")"),
            ("quay.rb", "port = ENV.fetch('QUAY_PORT', 1)"),
            ("quay.rb", "port = ENV['QUAY_PORT']"),
            ("Quay.java", "String port = System.getenv(\"QUAY_PORT\");"),
            ("Quay.kt", "val port = System.getenv(\"QUAY_PORT\")"),
            ("Quay.cs", "var port = Environment.GetEnvironmentVariable(\"QUAY_PORT\");"),
            ("quay.php", "$port = getenv('QUAY_PORT');"),
            ("quay.php", "$port = $_ENV['QUAY_PORT'];"),
            ("quay.php", "'port' => env('QUAY_PORT', 1),"),
            ("quay.c", "char *port = getenv(\"QUAY_PORT\");"),
            ("quay.exs", "port = System.get_env(\"QUAY_PORT\")"),
            ("Quay.scala", "val port = sys.env(\"QUAY_PORT\")"),
            ("Quay.swift", "let port = ProcessInfo.processInfo.environment[\"QUAY_PORT\"]"),
        ] {
            let told = line("environment variables read", &[(path, code)]);
            assert_eq!(told.as_deref(), Some("environment variables read: `QUAY_PORT`"), "{path}: {code}");
        }
        for (path, code) in [
            ("quay.php", "$method = $_SERVER['REQUEST_METHOD'];"),
            ("quay.rs", "const NAME: &str = env!(\"CARGO_PKG_NAME\");"),
            ("build.rs", "let out = std::env::var(\"OUT_DIR\");"),
        ] {
            assert_eq!(line("environment variables read", &[(path, code)]), None, "{path}: {code}");
        }
        let test = line("environment variables read", &[("tests/test_quay.py", "os.getenv(\"QUAY_PORT\")")]);
        assert_eq!(test, None);
    }

    #[test]
    fn names_for_others_stand_beside_the_files_that_hand_them_out() {
        let files = [
            ("quay/__init__.py", "from .crane import lift, lower\n"),
            ("quay/crane.py", "def lift():\n    pass\n\n\ndef lower():\n    pass\n"),
        ];
        assert_eq!(line("public interface", &files).as_deref(), Some("public interface: `quay/__init__.py`"));
        assert_eq!(line("names for others", &files).as_deref(), Some("names for others: `lift` and `lower`"));
    }
}
