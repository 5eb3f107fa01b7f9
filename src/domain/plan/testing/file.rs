//! Which file the cases of a source go in: its test that is there, else one named by its neighbors' custom.

use super::{Ecosystem, above, mapped};
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};

/// The existing test of a source, else the name its neighbors' custom gives.
pub(super) fn test_file(places: &Places<'_>, ecosystem: &Ecosystem, source: &str) -> Place {
    let stem = match places::stem(places::name(source)) {
        "mod" | "index" | "__init__" | "main" | "lib" => places::name(places::folder(source)),
        stem if source.ends_with(".cs") => stem.split('.').next().unwrap_or(stem),
        stem => stem,
    };
    let stem = if stem.is_empty() || stem == "src" { places::stem(places::name(source)) } else { stem };
    if places::is_test(source) {
        return Place { new: !places.has(source), ..places::existing(source) };
    }
    if let Some(own) = inline_tests(places, source) {
        return own;
    }
    let mut tests = tests(places, ecosystem);
    let beside = |path: &&&str| {
        places::folder(path) == places::folder(source)
            && matches!(places::stem(places::name(path)), "test" | "tests" | "spec")
            // A module may be called so and hold something else.
            && places.text(path).is_none_or(|text| !path.ends_with(".py") || HOLDS_TESTS.is_in(text))
            && !is_module_about_tests(places, path)
    };
    if let Some(own) = tests.iter().find(beside) {
        return places::existing(own);
    }
    let all = tests.clone();
    let marked: Vec<&str> =
        tests.iter().copied().filter(|path| is_marked(places::stem(places::name(path)))).collect();
    // Go takes no other file for a test, whatever folder it lies in.
    if marked.len() * 2 >= tests.len() || source.ends_with(".go") {
        tests = marked;
    }
    let home = tokens(source);
    let far = |path: &str| {
        let own = tokens(path);
        (usize::MAX - own.intersection(&home).count(), own.difference(&home).count(), path.len())
    };
    let plain =
        |path: &str| bare_stem(places::stem(places::name(path))).trim_start_matches('_').to_lowercase();
    let stem = if stem.trim_start_matches('_').is_empty() { stem } else { stem.trim_start_matches('_') };
    let raw = places::stem(places::name(source)).trim_start_matches('_').to_lowercase();
    let parent = places::name(places::folder(source)).to_lowercase();
    let project = places.snapshot.repository.name.to_lowercase();
    let folder = places::folder(source).to_lowercase();
    let top = folder.strip_prefix("src/").or(folder.strip_prefix("lib/")).unwrap_or(&folder);
    // `test_main.py` is of the `main.py` of the package itself, and of no other.
    let is_top = matches!(top, "src" | "lib") || top == project && !project.is_empty();
    let small = stem.to_lowercase();
    let wanted = [raw.clone(), small.clone(), format!("{parent}_{raw}"), parent];
    let general = |name: &str| matches!(name, "" | "src" | "lib" | "mod" | "index" | "__init__" | "main");
    for name in wanted.iter().filter(|name| !name.is_empty()) {
        let fits = |path: &&str| {
            let below = places::folder(path).strip_prefix(places::folder(source));
            let here =
                below.is_some_and(|rest| matches!(rest, "" | "/__tests__" | "/test" | "/tests" | "/spec"));
            let alone = is_top
                && *name == raw
                && general(name)
                && !path.ends_with(".go")
                && is_marked(places::stem(places::name(path)));
            let tells = (!general(name) || here) && (*name != raw || raw == small || here);
            plain(path) == *name && (tells || alone)
        };
        let nearest = |path: &&str| (places::folder(path) != places::folder(source), far(path));
        // A file that only lies among tests is one for a source that shares a telling folder with it.
        let related = |path: &&str| tokens(path).intersection(&home).next().is_some();
        let marked = tests.iter().copied().filter(fits).min_by_key(nearest);
        if let Some(own) =
            marked.or_else(|| all.iter().copied().filter(fits).filter(related).min_by_key(nearest))
        {
            return places::existing(own);
        }
    }
    // A new file is named as most of its kind are.
    let mut customs: std::collections::BTreeMap<(&str, &str), usize> = std::collections::BTreeMap::new();
    for path in &tests {
        *customs.entry(custom(path)).or_default() += 1;
    }
    if let Some(most) = customs.into_iter().max_by_key(|(_, count)| *count).map(|(custom, _)| custom) {
        tests.retain(|path| custom(path) == most);
    }
    let near =
        tests.iter().copied().min_by_key(|path| (places::folder(path) != places::folder(source), far(path)));
    let path = match near {
        Some(near) => match mapped::folder(places, ecosystem, (&all, source)) {
            // One that lies in a folder of the same name shows it by itself.
            Some(folder) if !mirrors(near, source) => places::within(&folder, &renamed(near, stem)),
            _ => like(near, stem, source),
        },
        None => (ecosystem.custom)(stem),
    };
    let path = match (near, ecosystem.endings.contains(&"go"), places::folder(source)) {
        (None, true, folder) if !folder.is_empty() => format!("{folder}/{path}"),
        _ => path,
    };
    let together = |other: &&&str| places::folder(other) == places::folder(&path);
    let beside = tests.iter().find(together).copied().or(near).map(str::to_owned);
    Place { new: !places.has(&path), path, beside, line: None }
}

/// Can the cases stand in it? A test can, a new one beside others can, and a source of Rust that tests itself.
pub(super) fn proves(places: &Places<'_>, file: &Place) -> bool {
    let is_known = |path: &str| places.tests().any(|other| other == path);
    let of_kind = |path: &str| places::is_test(path) || is_known(path);
    let beside = || {
        let near = file.beside.as_deref().filter(|near| places::folder(near) == places::folder(&file.path));
        file.new && near.is_some_and(of_kind) && !file.path.ends_with(".go")
    };
    of_kind(&file.path) || beside() || tests_itself(places, &file.path)
}

fn tests_itself(places: &Places<'_>, path: &str) -> bool {
    path.ends_with(".rs") && places.text(path).is_some_and(|text| text.contains("#[cfg(test)]"))
}

/// The tests in the language, without what they read or run.
pub(super) fn tests<'a>(places: &Places<'a>, ecosystem: &Ecosystem) -> Vec<&'a str> {
    places.tests().filter(|path| ecosystem.is_of(path) && !is_material(path)).collect()
}

/// Scripts among the tests: what an interpreter runs, whatever it is called.
pub(super) fn scripts<'a>(places: &Places<'a>) -> Vec<&'a str> {
    let is_script = |path: &&str| is_shell(path) && !is_material(path);
    let runs = |path: &&str| places.text(path).is_some_and(|text| text.starts_with("#!"));
    places.tests().filter(is_script).filter(runs).collect()
}

/// A file that no compiler takes.
pub(super) fn is_shell(path: &str) -> bool {
    matches!(places::ending(path), "" | "sh" | "bash" | "bats" | "t")
}

/// What tests read or run, and no test itself.
fn is_material(path: &str) -> bool {
    places::folder(path).split('/').any(|part| {
        matches!(
            part,
            "testdata"
                | "test_data"
                | "fixtures"
                | "__fixtures__"
                | "__snapshots__"
                | "snapshots"
                | "samples"
        )
    })
}

/// Holds tests rather than what they need.
pub(super) fn is_test_itself(places: &Places<'_>, path: &str) -> bool {
    // Helpers are called as tests, too: only there the compiler takes them.
    if path.ends_with(".go") && places.text(path).is_some_and(|text| !OF_GO.is_in(text)) {
        return false;
    }
    if is_module_about_tests(places, path) {
        return false;
    }
    is_marked(places::stem(places::name(path))) || places.text(path).is_some_and(|text| TESTS.is_in(text))
}

/// So many lines of a module of tests at most come on one test.
const LINES_OF_ONE: usize = 80;
static TEST_OF_RUST: Pattern = Pattern::new(r"(?m)^\s*#\[(?:\w+::)?test\b|\w*test!\s*[({]");

/// A module of Rust that is called `tests` and is a part of the product, as it has next to none.
fn is_module_about_tests(places: &Places<'_>, path: &str) -> bool {
    let text = places.text(path).filter(|_| places::name(path) == "tests.rs");
    text.is_some_and(|text| {
        let tests = TEST_OF_RUST.every(text).count();
        text.lines().count() > LINES_OF_ONE * (tests + 1)
    })
}

static OF_GO: Pattern = Pattern::new(
    r"(?m)(?-i:^func (?:\([^)]*\) )?(?:Test|Benchmark|Fuzz|Example)|New\w*Test\(|\bDescribe\w*\()",
);
pub(super) static TESTS: Pattern = Pattern::new(
    r"(?m)^\s*(?:#\[(?:\w+::)?test\b|@(?:Test|ParameterizedTest)\b|\[(?:Fact|Theory|Test)\b|def test_|func Test|(?:var \w+ = )?New\w*Test\(|(?:public )?function test|\w*test!\s*[({]|(?-i:(?:it|test|describe|context)(?:\.\w+)? ?[( ][\x22'`]))|\bRSpec\b",
);
static HOLDS_TESTS: Pattern = Pattern::new(r"\bassert\b|\bTestCase\b|\bimport pytest\b|\bfrom unittest\b");

/// What marks a file as a test, before and behind its own name.
fn custom(path: &str) -> (&str, &str) {
    let name = places::name(path);
    let own = bare_stem(places::stem(name));
    match name.find(own).filter(|_| !own.is_empty()) {
        Some(at) => (name.get(..at).unwrap_or_default(), name.get(at + own.len()..).unwrap_or_default()),
        None => ("", name),
    }
}

/// The telling words of a file's folders.
fn tokens(path: &str) -> std::collections::BTreeSet<String> {
    let plain = |part: &str| {
        !matches!(
            part,
            "" | "src" | "test" | "tests" | "spec" | "specs" | "lib" | "main" | "java" | "kotlin" | "pkg"
        )
    };
    places::folder(path)
        .split(['/', '.', '_', '-'])
        .map(str::to_lowercase)
        .filter(|part| plain(part))
        .collect()
}

/// Rust's own custom: a file of tests below the module, or tests inside the source.
fn inline_tests(places: &Places<'_>, source: &str) -> Option<Place> {
    let module = source.strip_suffix(".rs")?;
    let below = format!("{}/tests.rs", module.strip_suffix("/mod").unwrap_or(module));
    let home = above(source).find(|folder| places.has(&format!("{folder}/Cargo.toml")));
    let folder = home.map_or("tests".to_owned(), |home| format!("{home}/tests"));
    let apart = format!("{folder}/{}.rs", places::name(module));
    match () {
        () if places.has(&below) => Some(places::existing(&below)),
        () if places.has(&apart) => Some(places::existing(&apart)),
        () if let Some(own) = named_alike(places, source) => Some(places::existing(own)),
        () if tests_itself(places, source) => Some(places::existing(source)),
        () => {
            if let Some(own) = runs_the_program(places, (source, &folder)) {
                return Some(places::existing(own));
            }
            let mut all =
                places.files().filter(|path| places::folder(path) == folder && path.ends_with(".rs"));
            match (all.next(), all.next()) {
                (Some(only), None) => Some(places::existing(only)),
                _ => Some(Place { path: apart, new: true, beside: None, line: None }),
            }
        }
    }
}

/// The one test of the workspace that is called like the source, whichever package it stands in.
fn named_alike<'a>(places: &Places<'a>, source: &str) -> Option<&'a str> {
    let own = places::name(source);
    if matches!(own, "mod.rs" | "lib.rs" | "main.rs") {
        return None;
    }
    let mut alike = places.tests().filter(|path| places::name(path) == own && !is_material(path));
    let only = alike.next().filter(|_| alike.next().is_none())?;
    (places.text(only).is_none() || is_test_itself(places, only)).then_some(only)
}

/// A test that runs the built program, for a package that is a program alone: nothing else reaches its modules.
fn runs_the_program<'a>(places: &Places<'a>, (source, folder): (&str, &str)) -> Option<&'a str> {
    let home = places::folder(folder);
    let at = |name: &str| places::within(home, name);
    let program = places.has(&at("src/main.rs")) && !places.has(&at("src/lib.rs"));
    if !program || !source.starts_with(&at("src/")) {
        return None;
    }
    let tests = || places.files().filter(|path| places::folder(path) == folder && path.ends_with(".rs"));
    let calls = |text: &str| text.contains("cargo_bin") || text.contains("CARGO_BIN_EXE");
    // What only helps the tests is a module of theirs.
    let helpers: Vec<String> = tests()
        .filter(|path| places.text(path).is_some_and(|text| calls(text) && !TESTS.is_in(text)))
        .map(|path| format!("mod {};", places::stem(places::name(path))))
        .collect();
    let runs = |path: &&str| {
        places.text(path).is_some_and(|text| {
            TESTS.is_in(text) && (calls(text) || helpers.iter().any(|helper| text.contains(helper.as_str())))
        })
    };
    let named =
        |path: &&str| matches!(places::stem(places::name(path)), "cli" | "integration" | "integration_tests");
    let longest = |path: &&str| places.text(path).map_or(0, str::len);
    tests().filter(runs).max_by_key(longest).or_else(|| tests().find(named))
}

/// Does the name of a file say that it is a test?
pub(super) fn is_marked(stem: &str) -> bool {
    bare_stem(stem) != stem
}

/// A test's file name without what marks it as one.
pub(super) fn bare_stem(stem: &str) -> &str {
    let stem = stem.strip_prefix("test_").or(stem.strip_prefix("spec_")).unwrap_or(stem);
    ["_test", ".test", ".spec", "_spec", "-test", "Tests", "Tester", "Test", "Specs", "Spec"]
        .iter()
        .find_map(|mark| stem.strip_suffix(mark))
        .unwrap_or(stem)
}

/// A name for the test of `stem` that follows the custom of an existing test.
fn like(existing: &str, stem: &str, source: &str) -> String {
    let named = renamed(existing, stem);
    let together =
        matches!(places::ending(source), "go") || places::folder(existing) == places::folder(source);
    let folder = if together { places::folder(source) } else { places::folder(existing) };
    if folder.is_empty() { named } else { format!("{folder}/{named}") }
}

/// Do both lie in folders that are called alike, one apart from the other?
fn mirrors(test: &str, source: &str) -> bool {
    let last = |path| places::name(places::folder(path));
    !last(source).is_empty() && last(test) == last(source) && places::folder(test) != places::folder(source)
}

/// The name of an existing test with another stem.
fn renamed(existing: &str, stem: &str) -> String {
    let name = places::name(existing);
    let own = bare_stem(places::stem(name));
    if own.is_empty() { name.to_owned() } else { name.replacen(own, stem, 1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    #[test]
    fn only_a_test_or_a_source_of_rust_that_tests_itself_can_prove() {
        let snapshot = repository(
            "acme/x",
            "5a1ad00",
            &[
                ("pytest.ini", "[pytest]\npython_files = check_*.py\n"),
                ("hull/check_keel.py", ""),
                ("hull/keel.py", ""),
                ("ship/files.go", "package ship\n"),
                ("src/keel.rs", "#[cfg(test)]\nmod tests {}\n"),
                ("src/mast.rs", "pub fn up() {}\n"),
            ],
        );
        let places = Places::new(&snapshot);
        let can = |path: &str, beside: Option<&str>| {
            let beside = beside.map(str::to_owned);
            proves(&places, &Place { path: path.to_owned(), new: !places.has(path), beside, line: None })
        };
        for path in ["hull/check_keel.py", "src/keel.rs", "ship/files_test.go", "tests/any.rb"] {
            assert!(can(path, None), "{path}");
        }
        assert!(can("hull/check_mast.py", Some("hull/check_keel.py")));
        for path in ["hull/keel.py", "ship/files.go", "src/mast.rs", "hull/check_mast.py"] {
            assert!(!can(path, None), "{path}");
        }
        assert!(!can("hull/check_mast.py", Some("hull/keel.py")));
    }

    #[test]
    fn a_module_that_is_called_tests_and_has_next_to_none_is_no_test() {
        let told = |tests: usize, lines: usize| {
            let text =
                format!("{}{}", "#[test]\nfn a() {}\n".repeat(tests), "//! Tests of ropes.\n".repeat(lines));
            let snapshot = repository("acme/x", "5a1ad00", &[("src/tests.rs", &text), ("src/rope.rs", "")]);
            let places = Places::new(&snapshot);
            let rust = crate::domain::plan::testing::of_ending("rs").unwrap();
            // Another source of its folder would take it.
            (is_test_itself(&places, "src/tests.rs"), test_file(&places, rust, "src/rope.rs").path)
        };
        assert!(!told(1, 300).0 && told(5, 300).0 && told(1, 20).0);
        assert_ne!(told(1, 300).1, "src/tests.rs");
    }
}
