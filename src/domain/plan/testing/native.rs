//! What runs the suite of a program of C: its build says so, by a file of its own or by a target.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};

static DECLARED: Pattern =
    Pattern::new(r"(?m)^(?:dist_|nodist_)?(?:TESTS|check_(?:PROGRAMS|SCRIPTS))\s*\+?=");
static LISTED: Pattern =
    Pattern::new(r"(?m)^(?:dist_|nodist_)?(?:TESTS|check_SCRIPTS)\s*\+?=((?:[^\n\\]|\\\n)*)");
static CHECK: Pattern = Pattern::new(r"(?m)^check\s*:");
static TEST: Pattern = Pattern::new(r"(?m)^test\s*:");
static BATS: Pattern = Pattern::new(r"^#!.*\bbats\b");

/// The command for all of it; `None` where the tree has nothing that says so.
pub(super) fn suite(places: &Places<'_>) -> Option<&'static str> {
    let has = |name: &str| places.named(name).next().is_some();
    let said = |pattern: &Pattern| {
        let texts = ["Makefile", "GNUmakefile"].iter().filter_map(|name| places.text(name));
        texts.into_iter().any(|text| pattern.is_in(text))
    };
    match () {
        () if has("CMakeLists.txt") => Some("ctest"),
        () if has("meson.build") => Some("meson test"),
        () if automake(places).iter().any(|(_, text)| DECLARED.is_in(text)) || said(&CHECK) => {
            Some("make check")
        }
        () if said(&TEST) => Some("make test"),
        // Whoever did not read the file that names the tests knows at least who makes them.
        () if has("Makefile.am") && places.text("Makefile.am").is_none() => Some("make check"),
        () => None,
    }
}

/// The command for one script of the suite: by the list that has it, or by its own interpreter where that takes a file.
pub(super) fn script(places: &Places<'_>, path: &str) -> Option<String> {
    let listed = automake(places).into_iter().find_map(|(home, text)| {
        let own = if home.is_empty() { path } else { path.strip_prefix(home)?.strip_prefix('/')? };
        let lists = LISTED.all(text, 1);
        let names = |list: &&str| list.split_whitespace().any(|word| word == own);
        lists.iter().any(names).then(|| match home {
            "" => format!("make check TESTS={own}"),
            home => format!("make -C {home} check TESTS={own}"),
        })
    });
    listed.or_else(|| {
        let bats = path.ends_with(".bats") || places.text(path).is_some_and(|text| BATS.is_in(text));
        bats.then(|| format!("bats {path}"))
    })
}

/// What builds and runs the tests of CMake, where an option that is off leaves them out.
pub(super) fn built(places: &Places<'_>, path: &str) -> Option<String> {
    let mut folders: Vec<&str> = super::above(path).collect();
    folders.push("");
    let read = |folder: &&str| places.text(&places::within(folder, "CMakeLists.txt"));
    // The outermost one is what is configured.
    let home = folders.iter().rev().find(|folder| read(folder).is_some())?;
    let text = read(home)?;
    let option = gate(text, path.strip_prefix(home)?.trim_start_matches('/'))?;
    if !is_off(text, &option) {
        return None;
    }
    let source = if home.is_empty() { String::new() } else { format!("-S {home} ") };
    Some(format!("cmake {source}-B build -D{option}=ON && cmake --build build && ctest --test-dir build"))
}

static CALL: Pattern = Pattern::new(r"^\s*(\w+)\s*\(\s*([^)]*)");
static OPTION: Pattern = Pattern::new(
    r#"\b(?:cmake_dependent_)?option\s*\(\s*(\w+)\s+(?:"[^"]*"|\[\[[^\]]*\]\]|[^\s"()]+)\s*([^\s()]*)"#,
);
static SET: Pattern = Pattern::new(r"(?m)^\s*set\s*\(\s*(\w+)");

/// The option around what adds the folder of the test, or switches tests on at all.
fn gate(text: &str, path: &str) -> Option<String> {
    let mut open: Vec<Option<String>> = Vec::new();
    for line in text.lines() {
        let Some(call) = CALL.captures(line) else { continue };
        let part = |group: usize| call.get(group).map_or("", |part| part.as_str());
        let (name, given) = (part(1).to_lowercase(), part(2));
        let adds = || {
            let folder = given.split_whitespace().next().unwrap_or_default().trim_matches('"');
            path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        };
        match name.as_str() {
            "if" => open.push(switched(given)),
            "elseif" | "else" => {
                if let Some(last) = open.last_mut() {
                    *last = None;
                }
            }
            "endif" => {
                open.pop();
            }
            "add_subdirectory" if adds() => return open.into_iter().flatten().last(),
            "enable_testing" => {
                if let Some(option) = open.iter().flatten().last() {
                    return Some(option.clone());
                }
            }
            _ => {}
        }
    }
    None
}

/// The first name of a condition that speaks of tests and is to be on.
fn switched(condition: &str) -> Option<String> {
    let words: Vec<&str> =
        condition.split([' ', '\t', '(', ')', '$', '{', '}']).filter(|word| !word.is_empty()).collect();
    let wanted = |(index, word): &(usize, &&str)| {
        let denied = index.checked_sub(1).and_then(|last| words.get(last)).is_some_and(|last| *last == "NOT");
        !denied
            && word.to_uppercase().contains("TEST")
            && word.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    words.iter().enumerate().find(wanted).map(|(_, word)| (*word).to_owned())
}

/// Is an option off unless somebody says otherwise? One that nothing declares is.
fn is_off(text: &str, option: &str) -> bool {
    let declared = OPTION.every(text).find(|found| found.get(1).is_some_and(|name| name.as_str() == option));
    match declared {
        Some(found) => {
            let value = found.get(2).map_or("", |value| value.as_str()).to_uppercase();
            matches!(value.as_str(), "" | "OFF" | "NO" | "FALSE" | "0")
        }
        // CMake declares this one itself, and what is set here has its value from here.
        None => option != "BUILD_TESTING" && !SET.all(text, 1).contains(&option),
    }
}

/// The files of automake that were read, each with its folder.
fn automake<'a>(places: &Places<'a>) -> Vec<(&'a str, &'a str)> {
    let named = places.named("Makefile.am");
    named.filter_map(|path| Some((places::folder(path), places.text(path)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    #[test]
    fn a_runner_is_told_where_the_tree_has_what_it_reads() {
        let told = |files: &[(&str, &str)]| {
            let snapshot = repository("acme/x", "5a1ad00", files);
            suite(&Places::new(&snapshot)).unwrap_or("–")
        };
        assert_eq!(told(&[("src/CMakeLists.txt", "")]), "ctest");
        assert_eq!(told(&[("meson.build", "")]), "meson test");
        assert_eq!(told(&[("configure.ac", ""), ("Makefile.am", "TESTS = tests/a\n")]), "make check");
        assert_eq!(told(&[("Makefile", "all:\n\tcc\ntest: all\n\t./t\n")]), "make test");
        assert_eq!(told(&[("Makefile.am", "bin_PROGRAMS = a\n"), ("src/a.c", "")]), "–");
    }

    #[test]
    fn tests_that_an_option_leaves_out_are_switched_on() {
        let told = |text: &str| {
            let snapshot = repository("acme/x", "5a1ad00", &[("CMakeLists.txt", text), ("tests/a.cpp", "")]);
            let told = built(&Places::new(&snapshot), "tests/a.cpp").unwrap_or_default();
            told.split(' ').find_map(|word| word.strip_prefix("-D")).unwrap_or("–").to_owned()
        };
        let gated = |option: &str, condition: &str| {
            format!("{option}\nif({condition})\n  enable_testing()\n  add_subdirectory(tests)\nendif()\n")
        };
        assert_eq!(told(&gated("option(K_TESTS \"Tests\" OFF)", "K_TESTS OR K_ALL")), "K_TESTS=ON");
        assert_eq!(told(&gated("option(K_TESTS \"Tests\")", "TOP AND K_TESTS")), "K_TESTS=ON");
        assert_eq!(told(&gated("", "K_BUILD_TESTS")), "K_BUILD_TESTS=ON");
        for other in [
            gated("option(K_TESTS \"Tests\" ON)", "K_TESTS"),
            gated("option(K_TESTS \"Tests\" ${TOP})", "K_TESTS"),
            gated("include(CTest)", "BUILD_TESTING"),
            gated("option(K_NO_TESTS \"No tests\" OFF)", "NOT K_NO_TESTS"),
            "option(K_TESTS \"Tests\" OFF)\nadd_subdirectory(tests)\n".to_owned(),
        ] {
            assert_eq!(told(&other), "–", "{other}");
        }
    }

    #[test]
    fn one_script_is_run_by_the_list_that_has_it() {
        let files = [
            ("Makefile.am", "TESTS = tests/hoist \\\n  tests/lower\n"),
            ("tests/lower", "#!/bin/sh\n"),
            ("tests/up.bats", "#!/usr/bin/env bats\n"),
            ("tests/other", "#!/bin/sh\n"),
        ];
        let snapshot = repository("acme/x", "5a1ad00", &files);
        let places = Places::new(&snapshot);
        let told = |path: &str| script(&places, path).unwrap_or_else(|| "–".to_owned());
        assert_eq!(told("tests/lower"), "make check TESTS=tests/lower");
        assert_eq!(told("tests/up.bats"), "bats tests/up.bats");
        assert_eq!(told("tests/other"), "–");
    }
}
