//! Which files to read for an issue: at most 240 and 6 MB, what the issue names first.

mod named; // what the issue points to

use std::cell::OnceCell;
use std::collections::BTreeSet;

use self::named::Named;
use crate::domain::brief::Brief;
use crate::domain::plan::mentions;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::statement::{self, Reading};
use crate::domain::plan::{titles, words};
use crate::domain::snapshot::{EntryKind, Snapshot, TreeEntry};

/// Most files that are read for one plan.
pub const MAX_FILES: usize = 240;
/// Most bytes that are read for one plan.
pub const MAX_BYTES: u64 = 6 * 1024 * 1024;
/// Largest single file.
const MAX_FILE: u64 = 256 * 1024;
/// Largest one that the issue names; GraphQL gives no more of a text.
const MAX_NAMED: u64 = 512 * 1024;

/// Files in which a repository says how it wants to be changed, the strictest first.
pub const RULE_FILES: [&str; 11] = [
    "AGENTS.md",
    "CLAUDE.md",
    ".github/copilot-instructions.md",
    "CONTRIBUTING.md",
    ".github/CONTRIBUTING.md",
    "docs/CONTRIBUTING.md",
    "CONTRIBUTING.rst",
    ".github/PULL_REQUEST_TEMPLATE.md",
    ".github/pull_request_template.md",
    "PULL_REQUEST_TEMPLATE.md",
    "docs/pull_request_template.md",
];

/// Where other services than GitHub's own are told what to run.
pub const PIPELINES: [&str; 7] = [
    ".travis.yml",
    ".circleci/config.yml",
    ".gitlab-ci.yml",
    "azure-pipelines.yml",
    ".azure-pipelines.yml",
    ".azure-pipelines/azure-pipelines.yml",
    ".vsts-ci.yml",
];

/// Paths to read, best first. The same for every gatherer, so that all of them plan alike.
pub fn wanted(brief: &Brief, tree: &[TreeEntry]) -> Vec<String> {
    let brief = titles::named(brief);
    let brief = brief.as_ref();
    let bare = Snapshot { tree: tree.to_vec(), ..Snapshot::default() };
    let places = Places::new(&bare);
    let reading = statement::read(brief);
    let named = named::of(brief, &reading, &places);
    let nouns = words::nouns(&brief.title);
    let deep =
        tree.iter().filter(|entry| is_manifest(&entry.path) && entry.path.matches('/').count() == 2).count();
    let manifests = Manifests { named: &named, depth: if deep > CROWD { 1 } else { 2 } };
    let told = told(&reading);
    let options = OPTION.is_in(&brief.title) || OPTION.is_in(&brief.body);
    let mut rank = Rank { manifests, title: &nouns, told: &told, options, above: ("", false) };
    let mut scored: Vec<(u32, u64, u64, &str)> = tree
        .iter()
        .filter(|entry| is_readable(entry) || named.surely.contains(entry.path.as_str()) && is_given(entry))
        .map(|entry| (rank.of(&entry.path), order(entry.size), entry.size, entry.path.as_str()))
        .collect();
    scored.sort();
    let mut bytes = 0;
    let mut out = Vec::new();
    for (_, _, size, path) in scored {
        if out.len() < MAX_FILES && bytes + size <= MAX_BYTES {
            bytes += size;
            out.push(path.to_owned());
        }
    }
    out
}

/// A file of text that is not too large, not generated and not another project's.
pub fn is_readable(entry: &TreeEntry) -> bool {
    entry.kind == EntryKind::File && entry.size <= MAX_FILE && is_text(&entry.path)
}

/// What is read because it is named, whatever its ending.
fn is_given(entry: &TreeEntry) -> bool {
    let packed =
        ["png", "jpg", "jpeg", "gif", "ico", "pdf", "zip", "gz", "jar", "exe", "woff", "woff2", "mp4"];
    entry.kind == EntryKind::File && entry.size <= MAX_NAMED && !packed.contains(&places::ending(&entry.path))
}

static CHANGELOG: Pattern =
    Pattern::new(r"^(?:changelog|changes|history|news|releases?|release[-_]notes)(?:\.\w+)?$");

static OF_PACKAGE: Pattern = Pattern::new(r"^(?:changelog|changes|history)(?:\.(?:md|rst|txt|adoc))?$");

/// A list of what changed, at the root or of a package.
pub fn is_changelog(path: &str) -> bool {
    CHANGELOG.is_in(path) || path.matches('/').count() <= 2 && OF_PACKAGE.is_in(places::name(path))
}

/// Among equals the larger file holds more of the matter, unless it alone would eat the budget.
fn order(size: u64) -> u64 {
    if size <= 100 * 1024 { u64::MAX - size } else { size }
}

/// Words of what the issue says, beside its title.
fn told(reading: &Reading) -> BTreeSet<String> {
    let said = reading.demands.iter().chain(&reading.talk).take(80);
    said.flat_map(|said| words::nouns(&said.text)).filter(|word| word.chars().count() > 3).collect()
}

static OPTION: Pattern = Pattern::new(r"(?:^|[\s`\x22'(])--[a-z][a-z0-9-]+");
/// What files are called that declare the options of a command, or take them.
static DECLARING: Pattern = Pattern::new(
    r"^(?:main|app|program|options?|opts?|flags?|args?|arguments?|commands?|cmd|cli)$|(?:^|[_-])(?:cli|clap|args?|arguments|options|flags|argparse)(?:[_-]|$)",
);

/// How early a file is read.
struct Rank<'a> {
    manifests: Manifests<'a>,
    title: &'a BTreeSet<String>,
    told: &'a BTreeSet<String>,
    /// Does the issue name an option of a command?
    options: bool,
    /// The folder asked for last, and whether its words meet the title's: files of one folder stand together.
    above: (&'a str, bool),
}

impl<'a> Rank<'a> {
    /// Lower is read earlier: what can hold the change before what only stands beside it.
    fn of(&mut self, path: &'a str) -> u32 {
        let named = self.manifests.named;
        let name = places::name(path);
        let stem = places::stem(name);
        let depth = path.matches('/').count() as u32;
        let (is_test, is_manifest) = (places::is_test(path), is_manifest(path));
        let aside = is_test || places::is_aside(path) || !places::is_source(path);
        // Most files of a large tree are ranked before their words are asked for.
        let known = OnceCell::new();
        let own = || known.get_or_init(|| words::nouns(&places::split_camel(stem)));
        let beside = if aside { 4 } else { 0 };
        match () {
            () if named.surely.contains(path) => 0,
            () if name == "CODEOWNERS" => 1,
            () if path.starts_with(".github/workflows/") || PIPELINES.contains(&path) => 2,
            () if is_manifest && self.manifests.matters(path) => 3 + depth.min(4),
            () if is_manifest => 30 + depth,
            () if is_task(path) => 8,
            () if RULE_FILES.contains(&path) || is_changelog(path) => 8,
            () if named.called.contains(path) => 9,
            () if self.options && !aside && DECLARING.is_in(stem) => 9,
            () if named.stems.iter().any(|other| stem.contains(other)) => 10 + u32::from(aside),
            () if !own().is_disjoint(self.title) => 12 + beside,
            () if named.folders.contains(places::folder(path)) => 13 + beside,
            () if !aside && self.folder(path) => 14,
            () if !aside && !own().is_disjoint(self.told) => 18,
            () if is_test => 24 + depth,
            () if places::is_prose(path) => 60 + depth,
            () if aside => 32 + depth,
            () => 20 + depth,
        }
    }

    fn folder(&mut self, path: &'a str) -> bool {
        let folder = places::folder(path);
        if self.above.0 != folder {
            self.above = (folder, !words::nouns(&places::split_camel(folder)).is_disjoint(self.title));
        }
        self.above.1
    }
}

/// Manifests below the root from which only those near the named files are read.
const CROWD: usize = 15;

/// Which manifests matter: those near the root, and those above a named file.
struct Manifests<'a> {
    named: &'a Named<'a>,
    depth: usize,
}

impl Manifests<'_> {
    fn matters(&self, path: &str) -> bool {
        let folder = places::folder(path);
        path.matches('/').count() <= self.depth
            || self.named.folders.iter().any(|named| {
                named.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
    }
}

static TASK: Pattern = Pattern::new(
    r"^(?:(?:\.github/)?scripts?|bin|ci|\.ci)/(?:run[-_])?(?:tests?|unit[-_]?tests?|check|lint|format|style|typecheck|script|ci|verify|build)(?:[-_](?:all|default|unit))?(?:\.(?:sh|bash))?$",
);

/// A script of the tests that is called like no source.
static SUITE: Pattern = Pattern::new(r"^(?:tests?|t|spec)/[\w-]+(?:\.bats|\.t)?$");

static RAKE: Pattern =
    Pattern::new(r"^(?:lib/)?(?:tasks|rakelib)/(?:[\w-]+/)*[\w-]*(?:test|spec)[\w-]*\.rake$");

/// A script, or a task of rake, that workflows run in place of the commands in it.
fn is_task(path: &str) -> bool {
    TASK.is_in(path) || RAKE.is_in(path)
}

/// Says how a package is built and what it needs.
pub fn is_manifest(path: &str) -> bool {
    MANIFESTS.contains(&places::name(path))
        || matches!(places::ending(path), "gemspec" | "csproj" | "fsproj" | "props")
}

const MANIFESTS: [&str; 21] = [
    "Makefile.am",
    "setup.py",
    "pnpm-workspace.yaml",
    "go.work",
    "settings.gradle",
    "settings.gradle.kts",
    "Rakefile",
    "Cargo.toml",
    "package.json",
    "pyproject.toml",
    "setup.cfg",
    "requirements.txt",
    "tox.ini",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "Gemfile",
    "composer.json",
    "Makefile",
    "justfile",
];

fn is_text(path: &str) -> bool {
    let lock = matches!(
        places::name(path),
        "package-lock.json" | "yarn.lock" | "Cargo.lock" | "pnpm-lock.yaml" | "go.sum"
    );
    let vendored = path
        .split('/')
        .any(|part| matches!(part, "node_modules" | "vendor" | "dist" | "target" | "third_party"));
    !lock
        && !vendored
        && (mentions::known_ending(path)
            || is_task(path)
            || SUITE.is_in(path)
            || matches!(
                places::ending(path),
                "mod"
                    | "am"
                    | "gradle"
                    | "properties"
                    | "work"
                    | "gemspec"
                    | "kts"
                    | "csproj"
                    | "fsproj"
                    | "props"
            ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::IssueNumber;

    fn file(path: &str, size: u64) -> TreeEntry {
        TreeEntry { path: path.to_owned(), kind: EntryKind::File, size, sha: String::new() }
    }

    #[test]
    fn what_declares_options_is_read_where_the_issue_names_one() {
        let tree: Vec<TreeEntry> =
            ["src/bin/bat/clap_app.rs", "src/range.rs", "src/theme.rs", "tests/cli.rs"]
                .map(|path| file(path, 10))
                .to_vec();
        let first = |title: &str| {
            let brief = Brief { title: title.to_owned(), ..Brief::new(IssueNumber(1)) };
            wanted(&brief, &tree).into_iter().next()
        };
        assert_eq!(
            first("`--last` counts from the end of a range").as_deref(),
            Some("src/bin/bat/clap_app.rs")
        );
        assert_eq!(first("Count from the end of a range").as_deref(), Some("src/range.rs"));
    }

    #[test]
    fn what_says_how_the_suite_is_run_is_read_before_all_that_nobody_names() {
        let told = PIPELINES.into_iter().chain(["tasks/check/specs.rake", "rakelib/test.rake"]);
        let mut tree: Vec<TreeEntry> = told.clone().map(|path| file(path, 10)).collect();
        tree.push(file("lib/tasks/seed.rake", 10));
        tree.extend((0..400).map(|n| file(&format!("lib/part{n:03}.rb"), 10)));
        let list = wanted(&Brief::new(IssueNumber(1)), &tree);
        let first: BTreeSet<&str> = list.iter().take(9).map(String::as_str).collect();
        assert_eq!(first, told.collect::<BTreeSet<&str>>());
        assert!(!list.iter().any(|path| path == "lib/tasks/seed.rake"));
    }

    #[test]
    fn what_is_called_like_a_hidden_file_of_the_issue_is_read() {
        let mut tree: Vec<TreeEntry> = (0..400).map(|n| file(&format!("ship/part{n:03}.go"), 10)).collect();
        tree.push(file("it/tests/file/shipignore.go", 10));
        let read = |body: &str| {
            let brief = Brief { body: body.to_owned(), ..Brief::new(IssueNumber(1)) };
            wanted(&brief, &tree).iter().any(|path| path.starts_with("it/"))
        };
        assert!(read("The flow of `.shipignore` works"));
        assert!(!read("The flow of others works"));
    }

    #[test]
    fn what_is_called_like_a_command_of_the_issue_is_read() {
        let mut tree: Vec<TreeEntry> = (0..400).map(|n| file(&format!("ship/ship_{n:03}.php"), 20)).collect();
        tree.push(file("zz/ops/UnmoorCommand.php", 10));
        let read = |body: &str| {
            let brief = Brief { body: body.to_owned(), ..Brief::new(IssueNumber(1)) };
            wanted(&brief, &tree).iter().any(|path| path.starts_with("zz/"))
        };
        assert!(read("The ship stays after `ferry unmoor --all`"));
        assert!(!read("The ship stays, unmoor or not"));
    }

    #[test]
    fn what_can_hold_the_change_comes_before_what_stands_beside_it() {
        let paths = [
            "CHANGELOG.md",
            "docs/autolinks.md",
            "src/Extension/Autolink/UrlParser.php",
            "src/Other/Thing.php",
            "src/Parser/EmailAutolinkParser.php",
            "tests/AutolinkTest.php",
        ];
        let tree: Vec<TreeEntry> = paths.iter().map(|path| file(path, 10)).collect();
        let brief = Brief { title: "Autolinks swallow a bracket".to_owned(), ..Brief::new(IssueNumber(1)) };
        let expected = [
            "CHANGELOG.md",
            "src/Parser/EmailAutolinkParser.php",
            "src/Extension/Autolink/UrlParser.php",
            "docs/autolinks.md",
            "tests/AutolinkTest.php",
            "src/Other/Thing.php",
        ];
        assert_eq!(wanted(&brief, &tree), expected);
    }

    #[test]
    fn named_files_come_first_and_the_bounds_hold() {
        let mut tree: Vec<TreeEntry> =
            (0..400).map(|n| file(&format!("lib/part{n:03}.py"), 40_000)).collect();
        tree.push(file("zz/last.py", 10));
        tree.push(file(".github/workflows/ci.yml", 10));
        tree.push(file("zz/huge.py", MAX_NAMED + 1));
        tree.push(file("logo.png", 10));
        let brief = Brief {
            title: "Fix `zz/last.py`".to_owned(),
            body: "`zz/huge.py` and `logo.png` must be kept".to_owned(),
            ..Brief::new(IssueNumber(1))
        };
        let list = wanted(&brief, &tree);
        assert_eq!(list[..2], ["zz/last.py", ".github/workflows/ci.yml"]);
        assert!(!list.iter().any(|path| path == "zz/huge.py" || path == "logo.png"), "{list:?}");
        let bytes: u64 = tree.iter().filter(|entry| list.contains(&entry.path)).map(|entry| entry.size).sum();
        assert!(
            list.len() <= MAX_FILES && bytes <= MAX_BYTES && list.len() > 150,
            "{} files, {bytes} bytes",
            list.len()
        );
    }

    #[test]
    fn so_many_files_and_six_megabytes_are_read_at_most() {
        let read = |size: u64| {
            let tree: Vec<TreeEntry> = (0..400).map(|n| file(&format!("lib/part{n:03}.py"), size)).collect();
            wanted(&Brief::new(IssueNumber(1)), &tree).len()
        };
        assert_eq!((read(100), read(40_000), read(100_000)), (240, 157, 62));
        assert_eq!((read(262_144), read(262_145)), (24, 0), "a larger one is none to read");
    }

    #[test]
    fn whatever_the_issue_names_is_read_however_it_spells_it() {
        let mut tree: Vec<TreeEntry> =
            (0..400).map(|n| file(&format!("app/part{n:03}.kt"), 40_000)).collect();
        let named = [
            "deep/er/CookieShell.kt",
            "jar/CookieShell.kt",
            "acme.gemspec",
            "bin/tool",
            "lib/helpers/composeSignals.js",
            "src/scroll_off.rs",
            "src/long.rs",
            "web/url_format.go",
        ];
        tree.extend(named.map(|path| file(path, if path == "src/long.rs" { 400_000 } else { 10 })));
        tree.sort_by(|a, b| a.path.cmp(&b.path));
        let body = "at acme.CookieShell.load(CookieShell.kt:12)\n\n```js\nimport x from './helpers/composeSignals.js'\n```\n\
            See https://github.com/acme/x/blame/main/web/url_format.go#L67, `bin/tool`, acme.gemspec and long.rs";
        let brief = Brief {
            title: "scrolloff is off".to_owned(),
            body: body.to_owned(),
            ..Brief::new(IssueNumber(1))
        };
        let list = wanted(&brief, &tree);
        for path in named {
            assert!(list.iter().take(9).any(|read| read == path), "{path}: {:?}", list.get(..10));
        }
    }
}
