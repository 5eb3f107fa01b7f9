//! Features of a package that an issue names, or that a file stands behind: without them its code is not even built.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::unfold;
use crate::domain::plan::workflows::Job;

static SECTION: Pattern = Pattern::new(r"(?ms)^\[features\]\s*$(.*?)(?:^\[|\z)");
static KEY: Pattern = Pattern::new(r#"(?m)^["']?([\w-]+)["']?\s*="#);
/// How a feature is called one: `features = ["x"]`, `--features x,y`, feature `x`, `x` feature.
static NAMED: Pattern = Pattern::new(
    r#"--features[ =]["']?([\w,/ -]+?)["']?(?:\s--|\s*[`"'\n]|$)|\bfeatures\s*=\s*\[([^\]]*)\]|\bfeatures?\s+[`"']([\w-]+)[`"']|[`"']([\w-]+)[`"']\s+(?:cargo )?features?\b|\bfeature\s*=\s*"([\w-]+)""#,
);

/// The features of the packages around the paths that the text calls by their names; none for what is always on.
pub fn named(places: &Places<'_>, paths: &[String], text: &str) -> Vec<String> {
    let declared = declared(places, paths);
    let called = (1..=5).flat_map(|group| NAMED.all(text, group));
    let words =
        called.flat_map(|said| said.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))));
    let mut out: Vec<String> = words
        .filter(|word| *word != "default" && *word != "std" && declared.iter().any(|own| own == word))
        .map(str::to_owned)
        .collect();
    out.sort();
    out.dedup();
    // Who lists many names none that matters.
    if out.len() > 2 { Vec::new() } else { out }
}

static WHOLE: Pattern = Pattern::new(r"(?m)^#!\[cfg\(([^\]]*)\)\]");
static MODULE: Pattern =
    Pattern::new(r"(?m)^((?:[ \t]*#\[[^\n]*\]\s*)+)(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)\s*;");
static SINGLE: Pattern = Pattern::new(r#"cfg\(\s*(?:all\(\s*)?feature\s*=\s*"([\w-]+)""#);
static ALL: Pattern = Pattern::new(r#"feature\s*=\s*"([\w-]+)""#);
/// So many modules stand in each other at most.
const NESTED: usize = 8;

/// The features that the first of the files stands behind as a whole, by its own words or by the line that names its module,
/// and that nobody has without asking for them.
pub fn gated(places: &Places<'_>, paths: &[String]) -> Vec<String> {
    let Some(path) = paths.iter().find(|path| path.ends_with(".rs")) else { return Vec::new() };
    let mut out: Vec<String> = Vec::new();
    let mut take = |condition: &str| {
        // One of several, or none of them, is nothing that one could switch on.
        if !condition.contains("any(") && !condition.contains("not(") {
            out.extend(ALL.all(condition, 1).into_iter().map(str::to_owned));
        }
    };
    let own = places.text(path).unwrap_or_default();
    WHOLE.all(own, 1).into_iter().for_each(&mut take);
    let mut inner = path.clone();
    for _ in 0..NESTED {
        let Some((parent, module)) = parent(places, &inner) else { break };
        let text = places.text(&parent).unwrap_or_default();
        let found = MODULE.every(text).find(|found| found.get(2).is_some_and(|name| name.as_str() == module));
        let lines = found.and_then(|found| found.get(1)).map_or("", |lines| lines.as_str());
        lines.lines().filter(|line| SINGLE.is_in(line) && !line.contains("cfg_attr")).for_each(&mut take);
        inner = parent;
    }
    let usual = usual(places, path);
    out.retain(|feature| !usual.contains(feature));
    out.sort();
    out.dedup();
    out
}

/// The file that names the module of a file, and what it calls it.
fn parent(places: &Places<'_>, path: &str) -> Option<(String, String)> {
    let name = places::stem(places::name(path));
    let folder = places::folder(path);
    let (folder, module) = match name {
        "lib" | "main" => return None,
        "mod" => (places::folder(folder), places::name(folder)),
        name => (folder, name),
    };
    let own = ["mod.rs", "lib.rs", "main.rs"].map(|name| places::within(folder, name));
    let beside = (!folder.is_empty()).then(|| format!("{folder}.rs"));
    let read = |file: &String| file != path && places.text(file).is_some();
    own.into_iter().chain(beside).find(read).map(|file| (file, module.to_owned()))
}

/// The features of a package that are on by themselves, with all that they switch on.
fn usual(places: &Places<'_>, path: &str) -> Vec<String> {
    let manifest = home(places, path).unwrap_or_else(|| "Cargo.toml".to_owned());
    let section = places.text(&manifest).and_then(|text| SECTION.first(text, 1)).unwrap_or_default();
    let entries: Vec<(&str, Vec<&str>)> = ENTRY
        .every(section)
        .filter_map(|found| Some((found.get(1)?.as_str(), QUOTED.all(found.get(2)?.as_str(), 1))))
        .collect();
    let mut out = vec!["default".to_owned()];
    let mut at = 0;
    while let Some(name) = out.get(at).cloned() {
        let switched = entries.iter().filter(|(own, _)| *own == name).flat_map(|(_, switched)| switched);
        let fresh: Vec<String> = switched
            .filter(|one| !out.iter().any(|seen| seen == *one))
            .map(|one| (*one).to_owned())
            .collect();
        out.extend(fresh);
        at += 1;
    }
    out
}

static ENTRY: Pattern = Pattern::new(r#"(?m)^["']?([\w-]+)["']?\s*=\s*\[([^\]]*)\]"#);
static QUOTED: Pattern = Pattern::new(r#"["']([\w/:?-]+)["']"#);
static CARGO: Pattern =
    Pattern::new(r"\bcargo (?:\+\S+ )?(?:\S+ )*?(?:test|nextest|t|tarpaulin|llvm-cov|hack)\b");

/// Those of the features that no step tests with; none where a step's features are not known.
pub(super) fn untested(places: &Places<'_>, jobs: &[Job], features: &[String]) -> Vec<String> {
    let steps = jobs.iter().filter(|job| job.on_change && !features.is_empty()).flat_map(|job| &job.steps);
    let lines: Vec<String> =
        steps.flat_map(|step| unfold::unfolded(places, &step.folder, &step.line)).collect();
    let tests: Vec<&String> = lines.iter().filter(|line| CARGO.is_in(line)).collect();
    let opaque = |line: &&&String| line.contains(['$', '`']) || line.contains("{{") || line.contains("hack");
    if tests.iter().any(|line| opaque(&line) || line.contains("--all-features")) {
        return Vec::new();
    }
    let names = |line: &&&String, feature: &str| {
        // Another set of features may switch it on.
        line.contains("-F")
            || line.contains("--features")
            || line.split(|c: char| !(c.is_alphanumeric() || "_-".contains(c))).any(|word| word == feature)
    };
    features.iter().filter(|feature| !tests.iter().any(|line| names(&line, feature))).cloned().collect()
}

/// The manifest of a file's package.
fn home(places: &Places<'_>, path: &str) -> Option<String> {
    let folders = super::above(path).map(|folder| places::within(folder, "Cargo.toml"));
    folders.chain(["Cargo.toml".to_owned()]).find(|manifest| places.has(manifest))
}

fn declared(places: &Places<'_>, paths: &[String]) -> Vec<String> {
    let home = |path: &String| home(places, path);
    let mut manifests: Vec<String> =
        paths.iter().filter(|path| path.ends_with(".rs")).filter_map(home).collect();
    if manifests.is_empty() {
        manifests.push("Cargo.toml".to_owned());
    }
    manifests.dedup();
    let sections = manifests.iter().filter_map(|path| SECTION.first(places.text(path)?, 1));
    sections.flat_map(|section| KEY.all(section, 1)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;
    use crate::domain::plan::workflows;

    #[test]
    fn a_feature_is_one_that_is_declared_and_called_one() {
        let manifest = "[package]\nname = \"reef\"\n\n[features]\ndefault = [\"std\"]\nstd = []\nwide_numbers = []\nraw = []\nlog = []\n\n[dependencies]\nserde = \"1\"\n";
        let snapshot = repository("acme/reef", "5a1ad00", &[("Cargo.toml", manifest), ("src/lib.rs", "")]);
        let places = Places::new(&snapshot);
        let paths = ["src/lib.rs".to_owned()];
        let said = |text: &str| named(&places, &paths, text).join(" ");
        assert_eq!(said("Removing the `wide_numbers` feature helps"), "wide_numbers");
        assert_eq!(said("reef = { version = \"1\", features = [\"raw\", \"std\"] }"), "raw");
        assert_eq!(said("with `cargo run --features raw,wide_numbers`"), "raw wide_numbers");
        assert_eq!(said("The raw text goes to the log; `serde` feature; default features"), "");
    }

    #[test]
    fn a_file_stands_behind_a_feature_by_its_own_words_or_by_the_line_of_its_module() {
        let manifest =
            "[features]\ndefault = [\"cli\"]\ncli = [\"wide\"]\nwide = []\nraw = []\n\n[dependencies]\n";
        let files = [
            ("Cargo.toml", manifest),
            (
                "src/lib.rs",
                "#[cfg(feature = \"raw\")]\n#[doc(hidden)]\npub mod hull;\n#[cfg(feature = \"wide\")]\nmod wide;\n#[cfg(not(feature = \"raw\"))]\nmod plain;\n#[cfg(test)]\nmod tests;\n",
            ),
            ("src/hull/mod.rs", "mod keel;\n"),
            ("src/hull/keel.rs", ""),
            ("src/wide.rs", ""),
            ("src/plain.rs", "fn a() {}\n#[cfg(feature = \"raw\")]\nfn b() {}\n"),
            ("src/tests.rs", "#![cfg(feature = \"raw\")]\n"),
        ];
        let snapshot = repository("acme/x", "5a1ad00", &files);
        let places = Places::new(&snapshot);
        let told = |path: &str| gated(&places, &[path.to_owned()]).join(" ");
        for path in ["src/hull/mod.rs", "src/hull/keel.rs", "src/tests.rs"] {
            assert_eq!(told(path), "raw", "{path}");
        }
        for path in ["src/wide.rs", "src/plain.rs", "src/lib.rs"] {
            assert_eq!(told(path), "", "{path}");
        }
    }

    #[test]
    fn a_feature_is_untested_where_every_step_says_what_it_switches_on() {
        let told = |steps: &str| {
            let text = format!("on: pull_request\njobs:\n  a:\n    steps:\n{steps}");
            let snapshot = repository("acme/x", "5a1ad00", &[(".github/workflows/ci.yml", &text)]);
            let places = Places::new(&snapshot);
            let (jobs, _) = workflows::jobs(&places);
            untested(&places, &jobs, &["raw".to_owned()]).join(" ")
        };
        assert_eq!(told("      - run: cargo test\n      - run: cargo build --all-features\n"), "raw");
        assert_eq!(told("      - run: cargo test\n      - run: cargo test --features wide,raw\n"), "");
        assert_eq!(told("      - run: cargo nextest run --all-features\n"), "");
        assert_eq!(told("      - run: cargo test --features ${{ matrix.features }}\n"), "");
    }
}
