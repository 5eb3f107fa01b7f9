//! A case that is a command line needs a test that starts the program; one that only calls the library does not show it.

use super::witness::About;
use super::{Ecosystem, file, spoken};
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};

/// How a test starts a program, or the part of it that reads a command line.
static STARTS: Pattern = Pattern::new(
    r"(?-i:\bCommand::new\b|\bCARGO_BIN_EXE_|\bcargo_bin\b|\bassert_cmd\b|\btrycmd\b|\bsnapbox\b|\binsta_cmd\b|\btry_parse_from\b|\bsubprocess\b|\bCliRunner\b|\bpexpect\b|\brunner\.invoke\b|\bmain\(\[|\bsys\.argv\b|\bexec\.Command\b|\btestscript\b|\bos\.Args\b|\bchild_process\b|\bspawn(?:Sync)?\(|\bexec(?:File|Sync|FileSync)?\(|\bexeca\b|\bOpen3\b|\bProcessBuilder\b|\bProcess\.Start\b|^#!)",
);
static TYPED: Pattern = Pattern::new(r"^\W*`(?:\$ )?(?:\./|\S*/)?([\w.-]+?)(?:\.exe)? +[^`]+`");

/// Is a case a command line of the repository's own program?
pub fn is_typed(places: &Places<'_>, case: &str) -> bool {
    let project = &places.snapshot.repository.name;
    TYPED.first(case, 1).is_some_and(|name| name.eq_ignore_ascii_case(project) && !project.is_empty())
}

/// The place of such a case: what was chosen where that starts the program, else a test that does; where none does, a new
/// one beside those of the package.
pub(super) fn proving(
    places: &Places<'_>,
    ecosystem: &Ecosystem,
    (chosen, source, about): (Place, &str, &About<'_>),
) -> Place {
    let starts = |path: &str| places.text(path).is_some_and(|text| STARTS.is_in(text));
    // What was not read may do anything, and what stands in the source may reach what reads the command line.
    let library = !chosen.new && places::is_test(&chosen.path) && places.text(&chosen.path).is_some();
    if !about.is_typed || !library && !chosen.new || starts(&chosen.path) {
        return chosen;
    }
    let tests = file::tests(places, ecosystem).into_iter().filter(|path| file::is_test_itself(places, path));
    let starting: Vec<&str> = tests.chain(file::scripts(places)).filter(|path| starts(path)).collect();
    let longest = |path: &&&str| places.text(path).map_or(0, str::len);
    let spoken = spoken::among(places, &starting, (&chosen, about));
    if let Some(own) = spoken.or_else(|| starting.iter().max_by_key(longest).copied()) {
        return places::existing(own);
    }
    // Elsewhere a suite reaches the command line by functions of its own.
    let folder = places::folder(&chosen.path);
    let path = places::within(folder, "cli.rs");
    let program = source.ends_with(".rs") && !chosen.path.starts_with("src/") && !places.has(&path);
    match program {
        true => Place { path, new: true, beside: (!chosen.new).then_some(chosen.path), line: None },
        false => chosen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::testing::witness::tests::test_of;
    use crate::domain::plan::tests::world::{issue, repository};

    #[test]
    fn a_command_line_of_the_program_is_one() {
        let snapshot = repository("acme/Ferry", "5a1ad00", &[]);
        let places = Places::new(&snapshot);
        for case in
            ["`ferry --sort lines`: no panic", "`$ ./ferry load x` exits with 0", "`bin/ferry.exe -n`: `a`"]
        {
            assert!(is_typed(&places, case), "{case}");
        }
        for case in ["`ferry`: is there", "`git ferry`: no", "`ferry.load(x)`: 1", "`--sort` is listed"] {
            assert!(!is_typed(&places, case), "{case}");
        }
    }

    #[test]
    fn a_command_line_is_proved_where_the_program_is_started() {
        let mut files = vec![
            ("Cargo.toml", "[package]\nname = \"x\"\n"),
            ("src/main.rs", "mod sort;\n"),
            ("src/sort.rs", "pub fn sort() {}\n"),
            ("tests/count.rs", "#[test]\nfn a() { x::count(); }\n"),
        ];
        let told = issue(7, "`--sort` panics", "");
        let taken = |files: &[(&str, &str)], is_typed| {
            test_of(files, "src/sort.rs", &About { issue: Some(&told), is_typed, ..About::default() })
        };
        assert_eq!(taken(&files, false), ("tests/count.rs".into(), false));
        assert_eq!(taken(&files, true), ("tests/cli.rs".into(), true));
        files.push(("tests/flags.rs", "#[test]\nfn a() { Command::new(env!(\"CARGO_BIN_EXE_x\")); }\n"));
        assert_eq!(taken(&files, true), ("tests/flags.rs".into(), false));
    }
}
