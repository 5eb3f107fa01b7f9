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
