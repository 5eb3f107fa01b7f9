//! Which existing test the cases go in: the one that the issue names, that is called like what changes, or that speaks
//! of it most; for a defect the folder of one test an issue, where there is one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ecosystem, called, carried, file, mirrored, numbered, program, spoken, today};
use crate::domain::brief::Brief;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::clues;
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places, Relevant, definitions};
use crate::domain::plan::source::{self, Form};
use crate::domain::plan::{terms, trace, words};

/// What a plan changes, as far as its tests care.
#[derive(Debug, Default)]
pub struct About<'a> {
    /// Names it is about, such as the function that changes.
    pub names: Vec<String>,
    /// Tests that the issue names.
    pub tests: Vec<String>,
    /// The number of the issue, where it is a defect.
    pub defect: Option<IssueNumber>,
    /// The issue itself.
    pub issue: Option<&'a Brief>,
    /// A case is a command line of the program.
    pub is_typed: bool,
}

/// Most sources that a test is held against.
const SOURCES: usize = 8;
/// Least letters of a name that a test is called after.
const TELLING: usize = 8;

/// Least letters of an identifier, and most of them that are looked for.
const NAMED: usize = 10;
const MOST: usize = 40;

/// In so many tests at most stands what is of one of them.
const RARE: usize = 3;

/// Least words of an issue that a test of it has, and least of its title.
const SAID: usize = 4;
const TITLED: usize = 3;
/// So many words of the title in the name of a test are no accident.
const SEVERAL: usize = 2;
/// So many times the score of the test that is called like the source has another one that is taken before it.
const FAR_MORE: f64 = 1.7;
/// Least letters of one that a test is called after, neither more nor less.
const SHORT: usize = 5;

/// The test that the cases of a source go in.
pub(super) fn chosen(
    places: &Places<'_>,
    ecosystem: &Ecosystem,
    (source, about): (&str, &About<'_>),
) -> Place {
    let found = found(places, ecosystem, (source, about));
    program::proving(places, ecosystem, (found, source, about))
}

/// Does somebody say that a case goes there: the issue, the custom of one file an issue, or what is called like a source that is
/// known to change? Else it is a guess.
pub(super) fn is_said(
    places: &Places<'_>,
    ecosystem: &Ecosystem,
    (file, known, about): (&Place, &[String], &About<'_>),
) -> bool {
    if about.tests.contains(&file.path) {
        return true;
    }
    let tests = file::tests(places, ecosystem);
    let numbered = |number: IssueNumber| {
        let mut sources = known.iter().take(SOURCES).map(String::as_str).chain([""]);
        sources.any(|source| {
            let own = numbered::of_issue(&tests, (number, about.issue, source));
            own.is_some_and(|own| own.path == file.path)
        })
    };
    let of_source = |source: &String| file::test_file(places, ecosystem, source).path == file.path;
    about.defect.is_some_and(numbered)
        || about.issue.and_then(|issue| of_command(places, &tests, issue)) == Some(file.path.as_str())
        || known.iter().take(SOURCES).any(of_source)
}

fn found(places: &Places<'_>, ecosystem: &Ecosystem, (source, about): (&str, &About<'_>)) -> Place {
    let named = about.tests.iter().find(|path| places.has(path) && ecosystem.is_of(path));
    if let Some(named) = named {
        return places::existing(named);
    }
    let tests = file::tests(places, ecosystem);
    if let Some(own) =
        about.defect.and_then(|number| numbered::of_issue(&tests, (number, about.issue, source)))
    {
        return own;
    }
    if let Some(own) = about.issue.and_then(|issue| of_command(places, &tests, issue)) {
        return places::existing(own);
    }
    if let Some(own) = called_alike(places, &tests, about) {
        return places::existing(own);
    }
    let own = file::test_file(places, ecosystem, source);
    if let Some((other, _)) = today::of(places, ecosystem, (source, about)) {
        return places::existing(other);
    }
    if let Some(other) = called::of(places, ecosystem, (source, &own, about)) {
        return places::existing(other);
    }
    // The test that is called like the source is surer than one that has a word of it.
    let issue = about.issue.filter(|_| own.new);
    if let Some(other) = issue.and_then(|issue| holding(places, &tests, (&own, issue))) {
        return places::existing(other);
    }
    if let Some(other) = issue.and_then(|issue| quoting(places, &tests, issue)) {
        return places::existing(other);
    }
    if let Some(other) = about.issue.and_then(|issue| titled(&tests, (&own, issue))) {
        return places::existing(other);
    }
    let by_names = || {
        let found = spoken::of(places, ecosystem, (&own, about))
            .or_else(|| own.new.then(|| speaking(places, &tests, (source, about)))?)?;
        // A name that stands somewhere else says less than the folder.
        let of_folder = own.new.then(|| mirrored::of(places, &tests, (source, &own, about))).flatten();
        Some(of_folder.unwrap_or(found))
    };
    let other = relevant(places, &tests, (&own, about)).or_else(by_names);
    let other = other.or_else(|| carried::of(places, ecosystem, (source, &own)));
    other.map_or(own, places::existing)
}

/// The test that has most of what the issue says; one that has next to nothing of it is none, and beside one that is
/// called like the source only one that has far more.
fn relevant<'a>(
    places: &Places<'a>,
    tests: &[&'a str],
    (own, about): (&Place, &About<'_>),
) -> Option<&'a str> {
    // What was not read, or tests the source inside it, is not compared.
    if !own.new && (!places::is_test(&own.path) || places.text(&own.path).is_none()) {
        return None;
    }
    let terms = terms::of(about.issue?);
    let found = places.relevant_tests(&terms);
    let fits = |one: &&Relevant<'a>| tests.contains(&one.path) && file::is_test_itself(places, one.path);
    let most = found.iter().find(fits)?;
    let title = terms.iter().filter(|term| term.is_titled && !term.is_whole()).count();
    // A large test has a word of everything.
    let is_of_it = most.titled >= TITLED && most.titled * 2 >= title && most.said >= SAID;
    let own = found.iter().find(|one| one.path == own.path).map_or(0.0, |own| own.score);
    (is_of_it && most.score >= FAR_MORE * own).then_some(most.path)
}

/// The only test that has an identifier of the issue, where that of the source has none of them.
fn holding<'a>(places: &Places<'a>, tests: &[&'a str], (own, issue): (&Place, &Brief)) -> Option<&'a str> {
    let text = if own.new { "" } else { places.text(&own.path)? };
    let names = identifiers(issue);
    if names.iter().any(|name| words::holds(text, name)) {
        return None;
    }
    let held = names.iter().filter_map(|name| {
        let mut found = tests.iter().filter(|path| {
            places.text(path).is_some_and(|text| words::holds(text, name))
                && file::is_test_itself(places, path)
        });
        found.next().filter(|_| found.next().is_none())
    });
    let held: BTreeSet<&str> = held.copied().collect();
    held.first().copied().filter(|_| held.len() == 1)
}

/// The test that holds most of the rare texts that the issue shows, where no test is called like the source.
fn quoting<'a>(places: &Places<'a>, tests: &[&'a str], issue: &Brief) -> Option<&'a str> {
    let read: Vec<(&str, &str)> = tests
        .iter()
        .filter(|path| file::is_test_itself(places, path))
        .filter_map(|path| Some((*path, places.text(path)?)))
        .collect();
    // So many of the texts, in so many lines.
    let mut held: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for shown in shown(places, issue) {
        let lines = |text: &str| text.lines().filter(|line| line.contains(&shown)).count();
        let found = read.iter().map(|(path, text)| (*path, lines(text))).filter(|(_, lines)| *lines > 0);
        let found: Vec<(&str, usize)> = found.collect();
        // What many hold is of none of them.
        if found.len() <= RARE {
            for (path, lines) in found {
                let held = held.entry(path).or_default();
                *held = (held.0 + 1, held.1 + lines);
            }
        }
    }
    let most = held.values().copied().max()?;
    let mut first = held.into_iter().filter(|(_, own)| *own == most);
    first.next().filter(|_| first.next().is_none()).map(|(path, _)| path)
}

/// What title and sentences show as it is typed or read: code with more in it than a name, and paths of no file of the tree.
fn shown(places: &Places<'_>, issue: &Brief) -> BTreeSet<String> {
    let pieces = source::read(&issue.body).pieces;
    let texts = || std::iter::once(&issue.title).chain(pieces.iter().map(|piece| &piece.text));
    let codes = texts().flat_map(|text| mentions::spans(text)).filter(|(_, code)| *code);
    let codes = codes.map(|(code, _)| code.to_owned());
    let paths = texts().flat_map(|text| mentions::mentions(text));
    let paths = paths.filter(|one| one.kind == MentionKind::Path).map(|one| one.text);
    let telling = |text: &String| {
        text.len() >= TELLING
            && text.contains(|c: char| !c.is_alphanumeric() && c != '_')
            && text.contains(char::is_alphabetic)
            && places.resolve(text).is_none()
    };
    codes.chain(paths).filter(telling).take(MOST).collect()
}

/// The only test whose name has several words, each of which the title says, where it does not say the source's so.
fn titled<'a>(tests: &[&'a str], (own, issue): (&Place, &Brief)) -> Option<&'a str> {
    let said = |path: &str| {
        terms::said_of(file::bare_stem(places::stem(places::name(path))), &issue.title).unwrap_or(0)
    };
    let all: Vec<(usize, &str)> = tests.iter().map(|path| (said(path), *path)).collect();
    let most = all.iter().map(|(count, _)| *count).max().filter(|most| *most >= SEVERAL)?;
    let mut named = all.iter().filter(|(count, _)| *count == most).map(|(_, path)| *path);
    let only = named.next().filter(|_| named.next().is_none())?;
    let stem = file::bare_stem(places::stem(places::name(only)));
    let surer = own.new || terms::says_in_row(&issue.title, stem);
    (said(&own.path) == 0 && surer).then_some(only)
}

static IDENTIFIER: Pattern =
    Pattern::new(r"(?-i:\b([a-z]\w*(?:_[a-z0-9]+){1,}|[a-z][a-z0-9]+(?:[A-Z]+[a-z0-9]*)+)\b)");
static OPTION: Pattern = Pattern::new(r"(?-i:(?:^|[\s`'\x22(])--([a-z]+(?:-[a-z]+)+))");

/// Names of several words that the issue's sentences and its trace use, options as programs spell them, too. What else stands in
/// code may be anybody's.
fn identifiers(issue: &Brief) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut pieces = source::read(&issue.body).pieces;
    // A table tells of the system as often as of the matter.
    pieces.retain(|piece| !matches!(piece.form, Form::Row { .. }));
    let frames = trace::find(&issue.body).map(|trace| trace.frames).unwrap_or_default();
    let called = frames.iter().filter_map(|frame| frame.function.as_ref());
    for text in std::iter::once(&issue.title).chain(pieces.iter().map(|piece| &piece.text)).chain(called) {
        let own = IDENTIFIER.all(text, 1).into_iter().map(str::to_owned);
        let options = OPTION.all(text, 1).into_iter().flat_map(|option| {
            let snake = option.replace('-', "_");
            let tail = snake.split_once('_').map(|(_, tail)| tail.to_owned());
            [Some(snake), tail.filter(|tail| tail.contains('_'))].into_iter().flatten()
        });
        for name in own.chain(options).filter(|name| name.len() >= NAMED && !clues::is_general(name)) {
            if !out.contains(&name) {
                out.push(name);
            }
        }
    }
    out.truncate(MOST);
    out
}

static WORDS: Pattern = Pattern::new(r"(?-i:^[\s`'\x22]*([a-z][a-z-]{2,})\b)");

/// The only test of a command that the title has typed: `sync` of `tool sync`, where `tool` is what the repository is called.
fn of_command<'a>(places: &Places<'a>, tests: &[&'a str], issue: &Brief) -> Option<&'a str> {
    let project = places.snapshot.repository.name.to_lowercase();
    let (_, behind) = issue.title.split_once(&format!("{project} ")).filter(|_| !project.is_empty())?;
    let command = flat(WORDS.first(behind, 1)?);
    let of_it = |path: &&str| {
        let stem = flat(file::bare_stem(places::stem(places::name(path))));
        stem == command || stem == format!("{command}command")
    };
    let mut found = tests.iter().copied().filter(of_it);
    found.next().filter(|_| found.next().is_none())
}

/// The only test that is called like a name, or like most of it.
fn called_alike<'a>(places: &Places<'_>, tests: &[&'a str], about: &About<'_>) -> Option<&'a str> {
    // What many define is called like nothing.
    let telling = |name: &&String| !places.symbol(name).is_some_and(|symbol| symbol.ambiguous);
    let own: Vec<&String> = about.names.iter().filter(telling).collect();
    let names: Vec<String> = own.iter().map(|name| flat(name)).collect();
    // What a type is for, the test of its file says.
    let functions = own.iter().filter(|name| !name.starts_with(char::is_uppercase));
    let functions: Vec<String> = functions.map(|name| flat(name)).collect();
    let alike = |path: &&&str| {
        let own = flat(file::bare_stem(places::stem(places::name(path))));
        let marked = file::is_marked(places::stem(places::name(path)));
        let same = own.len() >= SHORT && !clues::is_general(&own) && functions.contains(&own);
        let part =
            || names.iter().any(|name| name == &own || name.contains(&own) && own.len() * 2 > name.len());
        same || marked && own.len() >= TELLING && part()
    };
    let mut found = tests.iter().filter(alike);
    match (found.next(), found.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// The test that holds the names most often, else the name of the source: twice at least, and more than any other.
fn speaking<'a>(
    places: &Places<'_>,
    tests: &[&'a str],
    (source, about): (&str, &About<'_>),
) -> Option<&'a str> {
    let stem = places::stem(places::name(source));
    let names: Vec<&str> = about.names.iter().map(String::as_str).filter(|name| name.len() > 3).collect();
    let most = |names: &[&str]| {
        let often = |path: &str| {
            let text = places.text(path).unwrap_or_default();
            let part = |name: &str| name.contains(['_', '-']) && name.len() >= TELLING;
            let holds = |line: &str, name: &str| {
                definitions::position(line, name).is_some() || part(name) && line.contains(name)
            };
            let held = |name: &&str| text.lines().filter(|line| holds(line, name)).count();
            names.iter().map(held).sum::<usize>()
        };
        // What only helps the tests proves nothing.
        let itself = |path: &&&str| places.text(path).is_none() || file::is_test_itself(places, path);
        let mut found: Vec<(usize, &str)> =
            tests.iter().filter(itself).map(|path| (often(path), *path)).collect();
        found.sort_by_key(|(count, path)| (std::cmp::Reverse(*count), path.len(), *path));
        match found.as_slice() {
            [(count, first), (second, _), ..] if *count > 1 && count > second => Some(*first),
            [(1.., only)] => Some(*only),
            _ => None,
        }
    };
    let module = (stem.len() > 3 && !clues::is_general(stem)).then_some(stem);
    most(&names).or_else(|| module.and_then(|module| most(&[module])))
}

/// Its letters and digits, small.
pub(super) fn flat(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::plan::tests::world::{issue, repository};

    pub(in crate::domain::plan::testing) fn test_of(
        files: &[(&str, &str)],
        source: &str,
        about: &About<'_>,
    ) -> (String, bool) {
        let snapshot = repository("acme/x", "5a1ad00", files);
        let places = Places::new(&snapshot);
        let ecosystem =
            crate::domain::plan::testing::of_ending(places::ending(source)).expect("a known language");
        let place = chosen(&places, ecosystem, (source, about));
        (place.path, place.new)
    }

    fn about(names: &[&str]) -> About<'static> {
        About { names: names.iter().map(|name| (*name).to_owned()).collect(), ..About::default() }
    }

    #[test]
    fn the_test_that_speaks_of_what_changes_is_taken_before_a_new_one() {
        let files = [
            ("src/out.rs", "pub fn write_pretty() {}\n"),
            ("tests/all.rs", "#[test]\nfn a() { write_pretty(); }\nfn b() { write_pretty(); }\n"),
            ("tests/map.rs", "#[test]\nfn a() { write_pretty(); }\n"),
            (
                "tests/help.rs",
                "fn a() { write_pretty(); write_pretty(); }\nfn b() { write_pretty(); }\nfn c() { write_pretty(); }\n",
            ),
        ];
        assert_eq!(test_of(&files, "src/out.rs", &about(&["write_pretty"])), ("tests/all.rs".into(), false));
        assert_eq!(test_of(&files, "src/out.rs", &about(&["other"])), ("tests/out.rs".into(), true));
        let named = About { tests: vec!["tests/map.rs".into()], ..about(&["write_pretty"]) };
        assert_eq!(test_of(&files, "src/out.rs", &named), ("tests/map.rs".into(), false));
    }

    #[test]
    fn the_only_test_that_has_a_name_of_the_issue_is_taken_where_that_of_the_source_has_none() {
        let files = [
            ("ssh/ssh.go", "func buildCommand() {}\n"),
            ("ssh/ssh_test.go", "func TestLayout() { layout() }\n"),
            ("ssh/command_test.go", "func TestCommand() { buildCommand(config) }\n"),
        ];
        let told = issue(7, "Extra arguments", "They would be used directly in `buildCommand`.");
        let about = About { issue: Some(&told), ..About::default() };
        assert_eq!(test_of(&files, "ssh/ssh.go", &about), ("ssh/command_test.go".into(), false));
        // What stands in somebody's code may be of anything.
        let shown = issue(7, "Extra arguments", "It breaks:\n\n```\nbuildCommand()\n```\n");
        let about = About { issue: Some(&shown), ..About::default() };
        assert_eq!(test_of(&files, "ssh/ssh.go", &about), ("ssh/ssh_test.go".into(), false));
    }

    #[test]
    fn a_source_of_go_is_never_its_own_test_and_a_test_that_holds_what_is_shown_is_taken() {
        let tests = ["copy", "drop", "move", "undo"].map(|name| format!("it/tests/file/{name}.go"));
        let text = "package file\n\nvar It = NewShipTest(Args{\n\tRun: open(\"x\"),\n})\n";
        let mut files = vec![
            ("ship/files.go", "package ship\n"),
            ("ship/berth.go", "package ship\n"),
            ("ship/berth_test.go", "package ship\n\nfunc TestBerth() {}\n"),
        ];
        files.extend(tests.iter().map(|path| (path.as_str(), text)));
        let told = issue(7, "Cannot hide", "Choose \"Add to `.hold/info/hidden`\".");
        let about = About { issue: Some(&told), ..About::default() };
        assert_eq!(test_of(&files, "ship/files.go", &about), ("ship/files_test.go".into(), true));
        let held =
            "package file\n\nvar It = NewShipTest(Args{\n\tRun: pick(\"Add to .hold/info/hidden\"),\n})\n";
        files.push(("it/tests/file/hide.go", held));
        assert_eq!(test_of(&files, "ship/files.go", &about), ("it/tests/file/hide.go".into(), false));
        // Two that hold it alike are none, and a test of the source itself comes first.
        assert_eq!(test_of(&files, "ship/berth.go", &about), ("ship/berth_test.go".into(), false));
        files.push(("it/tests/file/veil.go", held));
        assert_eq!(test_of(&files, "ship/files.go", &about), ("ship/files_test.go".into(), true));
    }

    #[test]
    fn a_test_called_like_the_method_is_taken_before_that_of_its_file() {
        let files = [
            ("lib/base.rb", ""),
            ("test/base_test.rb", "setup_host_guard\nsetup_host_guard\n"),
            ("test/host_guard_test.rb", ""),
        ];
        let found = test_of(&files, "lib/base.rb", &about(&["setup_host_guard"]));
        assert_eq!(found, ("test/host_guard_test.rb".into(), false));
        assert_eq!(test_of(&files, "lib/base.rb", &about(&["params"])), ("test/base_test.rb".into(), false));
    }

    #[test]
    fn a_defect_gets_a_file_of_its_own_where_each_has_one() {
        let files = [
            ("src/de.rs", ""),
            ("tests/regression/issue520.rs", ""),
            ("tests/regression/issue795.rs", ""),
            ("tests/regression/issue979.rs", ""),
        ];
        let defect = About { defect: Some(IssueNumber(1046)), ..About::default() };
        assert_eq!(test_of(&files, "src/de.rs", &defect), ("tests/regression/issue1046.rs".into(), true));
        assert_eq!(test_of(&files[..3], "src/de.rs", &defect), ("tests/de.rs".into(), true));
        let marked =
            ["issue-1", "issue-2", "issue-3", "issue_9"].map(|name| format!("tests/source/{name}.rs"));
        let mut files = vec![("src/de.rs", "")];
        files.extend(marked.iter().map(|path| (path.as_str(), "")));
        assert_eq!(test_of(&files, "src/de.rs", &defect), ("tests/source/issue-1046.rs".into(), true));
    }

    #[test]
    fn where_no_test_is_named_after_the_source_the_one_that_has_most_of_the_issue_is_taken_before_a_new_one()
    {
        let files = [
            ("ferry/gates.py", "def close(): ...\n"),
            (
                "tests/conftest.py",
                "def ticket(): ...  # printed tickets with footers, separators and totals\n",
            ),
            ("tests/test_tickets.py", "def test_footer():\n    print_ticket(footer, separator, total)\n"),
            ("tests/test_decks.py", "def test_deck():\n    load(deck)\n"),
        ];
        let told = issue(7, "Print the separator above the footer of a ticket", "The total stands below it.");
        let about = About { issue: Some(&told), ..About::default() };
        assert_eq!(test_of(&files, "ferry/gates.py", &about), ("tests/test_tickets.py".into(), false));
        let other = issue(7, "Berths are named twice", "The second name wins.");
        let about = About { issue: Some(&other), ..About::default() };
        assert_eq!(test_of(&files, "ferry/gates.py", &about), ("tests/test_gates.py".into(), true));
    }

    #[test]
    fn beside_the_test_that_is_called_like_the_source_only_one_that_has_far_more_of_the_issue_is_taken() {
        let far = "def test_footer():\n    print_ticket(footer, separator, total)\n";
        let files = |own: &'static str| {
            [
                ("ferry/gates.py", "def close(): ...\n"),
                ("tests/test_gates.py", own),
                ("tests/test_tickets.py", far),
                ("tests/test_decks.py", "def test_deck():\n    load(deck)\n"),
            ]
        };
        let told = issue(7, "Print the separator above the footer of a ticket", "The total stands below it.");
        let about = About { issue: Some(&told), ..About::default() };
        let taken = |own| test_of(&files(own), "ferry/gates.py", &about).0;
        assert_eq!(taken("def test_close():\n    close()\n"), "tests/test_tickets.py");
        assert_eq!(taken("def test_close():\n    print_footer(separator, ticket)\n"), "tests/test_gates.py");
    }

    #[test]
    fn a_command_that_the_title_types_is_tested_where_its_test_is_called_so() {
        let files = [
            ("src/cache.rs", "fn wheels() {}\n"),
            ("tests/it/build.rs", "#[test]\nfn a() {}\n"),
            ("tests/it/init.rs", "#[test]\nfn a() { wheels(); wheels() }\n"),
        ];
        let told = issue(7, "`x build` makes empty wheels", "");
        let about = About { issue: Some(&told), ..about(&["wheels"]) };
        assert_eq!(test_of(&files, "src/cache.rs", &about), ("tests/it/build.rs".into(), false));
    }

    #[test]
    fn a_test_of_several_words_that_are_all_in_the_title_is_taken() {
        let files = [
            ("src/Command.java", ""),
            ("src/test/CommandTest.java", ""),
            ("src/test/HelpExitTest.java", ""),
            ("src/test/ExitTest.java", ""),
        ];
        let told = issue(7, "The help exits with 0", "");
        let about = About { issue: Some(&told), ..About::default() };
        assert_eq!(test_of(&files, "src/Command.java", &about), ("src/test/HelpExitTest.java".into(), false));
        let told = issue(7, "The help of a command exits with 0", "");
        let about = About { issue: Some(&told), ..About::default() };
        assert_eq!(test_of(&files, "src/Command.java", &about), ("src/test/CommandTest.java".into(), false));
    }

    #[test]
    fn the_test_of_a_source_may_stand_in_another_package() {
        let files = [
            ("crates/lang/src/do_.rs", "#[cfg(test)]\nmod tests {}\n"),
            ("crates/lang/Cargo.toml", ""),
            ("crates/command/tests/commands/do_.rs", "#[test]\nfn a() {}\n"),
        ];
        let found = test_of(&files, "crates/lang/src/do_.rs", &About::default());
        assert_eq!(found, ("crates/command/tests/commands/do_.rs".into(), false));
    }

    #[test]
    fn the_test_of_the_main_module_is_that_of_the_package_and_of_no_other() {
        let files =
            [("x/main.py", ""), ("x/decks/main.py", ""), ("tests/test_main.py", "def test_it(): ...\n")];
        assert_eq!(test_of(&files, "x/main.py", &About::default()), ("tests/test_main.py".into(), false));
        assert_eq!(
            test_of(&files, "x/decks/main.py", &About::default()),
            ("tests/test_decks.py".into(), true)
        );
    }
}
