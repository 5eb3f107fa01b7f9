//! The test that speaks of the matter: it has the names that the issue shows as code, calls or quotes, or the function that
//! changes, the rarest of them most often.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::witness::About;
use super::{Ecosystem, file};
use crate::domain::brief::Brief;
use crate::domain::plan::clues;
use crate::domain::plan::mentions;
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::source::{self, Form};
use crate::domain::plan::terms;

/// Least letters of a name that is looked for, and most names.
const LEAST: usize = 4;
const MOST: usize = 40;
/// In so many tests at most stands what is of one of them.
const RARE: usize = 3;
/// What more of them have than one of so many says nothing.
const COMMON: usize = 4;
/// So many times as much as the test that is called like the source has one that is taken before it.
const FAR_MORE: f64 = 2.0;
/// What a test in the folder of the source, or in that where its test would stand, is worth more.
const NEAR: f64 = 2.0;

/// The names by which a test is known to speak of it.
#[derive(Default)]
struct Keys {
    /// Whole names.
    names: BTreeSet<String>,
    /// Texts as they are typed or read.
    phrases: BTreeSet<String>,
    /// Words that the issue says one behind the other.
    pairs: BTreeSet<(String, String)>,
}

/// The test that has most of the rare names; `None` where another one is as good or the own test has them, too.
pub(super) fn of<'a>(
    places: &Places<'a>,
    ecosystem: &Ecosystem,
    (own, about): (&Place, &About<'_>),
) -> Option<&'a str> {
    let its_own = file::tests(places, ecosystem).into_iter();
    let itself = its_own.filter(|path| file::is_test_itself(places, path));
    let all: Vec<&str> = itself.chain(file::scripts(places)).collect();
    let ranked = ranked(places, &all, (own, about))?;
    let first = first(&ranked)?;
    match ranked.iter().find(|one| one.path == own.path) {
        _ if own.new => Some(first.path),
        // What was not read may have all of it.
        None => None,
        Some(own) => {
            // What lies apart tests something else, such as the whole.
            let near = places::folder(first.path) == places::folder(own.path);
            let far = near && first.is_rare && !own.is_rare && first.score >= FAR_MORE * own.score;
            // One name alone may stand there by accident: the test that is called like the source is surer.
            let far = far && first.is_sure;
            far.then_some(first.path)
        }
    }
}

/// The one of these that has most of the rare names.
pub(super) fn among<'a>(
    places: &Places<'a>,
    tests: &[&'a str],
    (own, about): (&Place, &About<'_>),
) -> Option<&'a str> {
    first(&ranked(places, tests, (own, about))?).map(|first| first.path)
}

/// A test, and what it has of the names.
struct Held<'a> {
    path: &'a str,
    score: f64,
    /// What it has of the names that many have: nothing by itself.
    common: f64,
    /// Has it a name that next to no other has?
    is_rare: bool,
    /// Has it several of the names that few have, or one that is no word of a language?
    is_sure: bool,
}

/// The first one, where it has anything and more than the second.
fn first<'r, 'a>(ranked: &'r [Held<'a>]) -> Option<&'r Held<'a>> {
    let first = ranked.first().filter(|first| first.score > 0.0)?;
    ranked.get(1).is_none_or(|second| second.score < first.score).then_some(first)
}

fn ranked<'a>(
    places: &Places<'a>,
    tests: &[&'a str],
    (own, about): (&Place, &About<'_>),
) -> Option<Vec<Held<'a>>> {
    let keys = keys(places, about)?;
    let read: Vec<(&str, &str)> = tests.iter().filter_map(|path| Some((*path, places.text(path)?))).collect();
    let mut seconds: HashMap<&str, Vec<&str>> = HashMap::new();
    keys.pairs.iter().for_each(|(first, second)| seconds.entry(first).or_default().push(second));
    let held: Vec<BTreeMap<String, usize>> =
        read.iter().map(|(_, text)| hits(text, (&keys, &seconds))).collect();
    let mut spread: BTreeMap<&str, usize> = BTreeMap::new();
    held.iter().flat_map(BTreeMap::keys).for_each(|key| *spread.entry(key).or_default() += 1);
    let often = |key: &String| spread.get(key.as_str()).copied().unwrap_or_default();
    let most = RARE.max(read.len() / COMMON);
    let weigh = |held: &BTreeMap<String, usize>, path: &str, is_common: bool| {
        let meant = held.iter().filter(|(key, _)| (often(key) > most) == is_common);
        let each = meant.map(|(key, hits)| {
            let rarity = (1.0 + read.len() as f64 / often(key).max(1) as f64).ln();
            rarity * (1.0 + (*hits as f64).ln())
        });
        let near = if places::folder(path) == places::folder(&own.path) { NEAR } else { 1.0 };
        each.sum::<f64>() * near
    };
    let mut ranked: Vec<Held<'a>> = (read.iter().zip(&held))
        .map(|((path, _), held)| Held {
            path,
            score: weigh(held, path, false),
            common: weigh(held, path, true),
            is_rare: held.keys().any(|key| often(key) <= RARE),
            is_sure: {
                let few: Vec<&String> = held.keys().filter(|key| often(key) <= most).collect();
                few.len() > 1 || few.iter().any(|key| !key.chars().all(char::is_lowercase))
            },
        })
        .collect();
    // Of those that have a rare name, one that uses the others most as well; a new test stands back behind both.
    if own.new {
        ranked.iter_mut().filter(|one| one.score > 0.0).for_each(|one| one.score += one.common);
    }
    ranked.sort_by(|one, other| other.score.total_cmp(&one.score).then(one.path.cmp(other.path)));
    Some(ranked)
}

/// How often a text has each of them; the pairs by their first words.
fn hits(text: &str, (keys, seconds): (&Keys, &HashMap<&str, Vec<&str>>)) -> BTreeMap<String, usize> {
    let mut out: BTreeMap<String, usize> = BTreeMap::new();
    for word in text.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
        if keys.names.contains(word) {
            *out.entry(word.to_owned()).or_default() += 1;
        }
        for (first, second) in named_so(word, seconds) {
            *out.entry(format!("{first} {second}")).or_default() += 1;
        }
    }
    for phrase in &keys.phrases {
        let count = text.matches(phrase.as_str()).count();
        if count > 0 {
            out.insert(phrase.clone(), count);
        }
    }
    out
}

/// Two words of the issue that a test is called by: `test_short_host` for “Short hostname”.
fn named_so(word: &str, seconds: &HashMap<&str, Vec<&str>>) -> Vec<(String, String)> {
    let Some(name) = word.strip_prefix("test").or(word.strip_prefix("Test")) else { return Vec::new() };
    if seconds.is_empty() || name.len() < 2 * LEAST {
        return Vec::new();
    }
    let apart = places::split_camel(name).to_lowercase();
    let words: Vec<&str> = apart.split_whitespace().collect();
    let follows = |pair: &&[&str]| match pair {
        [first, second] => seconds.get(first).is_some_and(|all| {
            second.len() >= LEAST
                && all.iter().any(|said| said.starts_with(second) || second.starts_with(said))
        }),
        _ => false,
    };
    let told = words.windows(2).filter(follows);
    told.filter_map(|pair| Some(((*pair.first()?).to_owned(), (*pair.get(1)?).to_owned()))).collect()
}

static NAME: Pattern = Pattern::new(
    r"(?-i:\b([a-z]\w*(?:_[a-z0-9]+)+|[a-z][a-z0-9]+(?:[A-Z]+[a-z0-9]*)+|[A-Z]+[a-z0-9]+(?:[A-Z]+[a-z0-9]+)+)\b)",
);
/// What is written in capitals amid words that are not.
static LOUD: Pattern = Pattern::new(r"(?-i:\b([A-Z][A-Z0-9_]{3,})\b)");
static QUOTED: Pattern = Pattern::new(r#"(?:^|[\s(])["“]([^"“”\n]{5,60})["”]"#);
static OPTION: Pattern = Pattern::new(r"(?-i:(?:^|[\s`'\x22(])--([a-z]+(?:-[a-z]+)*))");
static PROPER: Pattern = Pattern::new(r"(?-i:[a-z,] ([A-Z][a-z]{3,})\b)");
static WORD: Pattern = Pattern::new(r"(?-i:([A-Za-z]{4,}) ([a-z]{4,}))");
/// Words that tests of anything are called by.
static GENERAL: Pattern = Pattern::new(
    r"^(?:already|when|does|with|that|this|have|from|will|would|should|could|which|where|there|their|into|only|also|more|some|exists?|existing|works?|fails?|used|uses|using|same|than|then|them|they|been|were|like|must|each|every|after|before|without|returns?|default|missing)$",
);

fn keys(places: &Places<'_>, about: &About<'_>) -> Option<Keys> {
    let issue: &Brief = about.issue?;
    let source = source::read(&issue.body);
    let texts: Vec<&str> = std::iter::once(issue.title.as_str())
        .chain(
            source.pieces.iter().filter(|it| !matches!(it.form, Form::Row { .. })).map(|it| it.text.as_str()),
        )
        .collect();
    let mut keys = Keys::default();
    let mut names: Vec<String> = about.names.clone();
    for text in &texts {
        for (said, code) in mentions::spans(text) {
            match code {
                true => typed(said, &mut names, &mut keys.phrases),
                false => spoken(said, &mut names, &mut keys),
            }
        }
        let options = OPTION.all(text, 1).into_iter();
        options.for_each(|option| names.extend([option.replace('-', "_"), option.to_owned()]));
    }
    // What comes today, or should, a test may hold word for word.
    let printed = source.blocks.iter().filter(|block| block.text.trim().lines().count() <= PRINTED);
    let printed = printed.flat_map(|block| block.text.lines()).map(str::trim);
    keys.phrases.extend(printed.filter(|line| is_printed(line)).take(MOST / 4).map(str::to_owned));
    let literal = QUOTED.all(&issue.title, 1).into_iter().filter(|said| said.contains(' '));
    keys.phrases.extend(literal.map(|said| format!("\"{said}\"")));
    // What the title calls by its name, where the code shown or the tree knows it.
    let known = |name: &str| {
        places.symbol(name).is_some()
            || source
                .blocks
                .iter()
                .any(|block| terms::names(&block.text).any(|other| other.starts_with(name)))
    };
    let proper = PROPER.all(&issue.title, 1).into_iter().filter(|name| known(name));
    names.extend(proper.map(str::to_owned));
    let telling = |name: &String| name.len() >= LEAST && !clues::is_general(name);
    keys.names = names.into_iter().filter(telling).take(MOST).collect();
    // An option of several words is no word of any code.
    let apart = keys.names.iter().filter(|name| name.contains('-')).cloned().collect::<Vec<_>>();
    keys.phrases.extend(apart);
    Some(keys)
}

/// Blocks of no more lines may be what a program prints.
const PRINTED: usize = 2;

/// Reads like a line of an output: some words, and neither typed nor a path.
fn is_printed(line: &str) -> bool {
    let words = line.split(' ').filter(|word| word.chars().any(char::is_alphabetic)).count();
    (12..=80).contains(&line.len()) && words > 2 && !line.starts_with(['$', '>', '#', '/', '<', '{'])
}

/// What stands between backticks: names, or a text as it is typed.
fn typed(code: &str, names: &mut Vec<String>, phrases: &mut BTreeSet<String>) {
    let plain = code.trim().trim_end_matches("()").trim_start_matches(['.', '@', '$', '#', ':']);
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    if plain.chars().all(is_name) {
        names.push(plain.to_owned());
        return;
    }
    names.extend(NAME.all(code, 1).into_iter().map(str::to_owned));
    let letters = code.chars().filter(|c| c.is_alphabetic()).count();
    if (LEAST + 1..=80).contains(&code.len()) && letters > 2 && phrases.len() < MOST / 2 {
        phrases.insert(code.trim().to_owned());
    }
}

/// What stands in sentences.
fn spoken(said: &str, names: &mut Vec<String>, keys: &mut Keys) {
    names.extend(NAME.all(said, 1).into_iter().map(str::to_owned));
    if said.chars().any(char::is_lowercase) {
        names.extend(LOUD.all(said, 1).into_iter().map(str::to_owned));
    }
    let quoted = QUOTED.all(said, 1).into_iter().filter(|text| {
        text.contains(|c: char| !c.is_alphanumeric() && !c.is_whitespace()) && keys.phrases.len() < MOST / 2
    });
    let quoted: Vec<String> = quoted.map(|text| text.trim().to_owned()).collect();
    keys.phrases.extend(quoted);
    let lower = said.to_lowercase();
    let apart: Vec<&str> = lower.split_whitespace().collect();
    for pair in apart.windows(2) {
        let [first, second] = pair else { continue };
        let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        // A stop or a comma parts them.
        let joined = first.ends_with(char::is_alphanumeric) && second.starts_with(char::is_alphanumeric);
        let (first, second) = (bare(first), bare(second));
        // `already exists` is said of anything.
        let joined = joined && !GENERAL.is_in(&first) && !GENERAL.is_in(&second);
        if joined && keys.pairs.len() < 10 * MOST && WORD.is_in(&format!("{first} {second}")) {
            keys.pairs.insert((first, second));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::testing::witness::tests::test_of;
    use crate::domain::plan::tests::world::issue;

    fn taken(files: &[(&str, &str)], source: &str, (title, body): (&str, &str)) -> (String, bool) {
        let told = issue(7, title, body);
        test_of(files, source, &About { issue: Some(&told), ..About::default() })
    }

    #[test]
    fn a_test_that_has_the_key_of_the_issue_is_taken_before_a_new_one() {
        let files = [
            ("src/Rope/Knot.php", "<?php class Knot {}\n"),
            (
                "tests/Rope/RopeExtensionTest.php",
                "<?php function testAnchorTop() { $c = ['anchor' => 'top']; }\n",
            ),
            ("tests/Sail/SailTest.php", "<?php function testSail() {}\n"),
        ];
        let told = ("Place knots by hand", "`anchor` gets a new value");
        assert_eq!(
            taken(&files, "src/Rope/Knot.php", told),
            ("tests/Rope/RopeExtensionTest.php".into(), false)
        );
        let other = ("Place knots by hand", "`colour` gets a new value");
        assert!(taken(&files, "src/Rope/Knot.php", other).1);
    }

    #[test]
    fn a_test_is_known_by_two_words_of_the_issue_that_it_is_called_by() {
        let files = [
            ("ferry/gates.py", "def run(): ...\n"),
            ("tests/test_gates.py", "def test_run():\n    run()\n"),
            ("tests/test_berth.py", "def test_short_pier():\n    assert pier() == 'a'\n"),
        ];
        let told = (
            "Prompt is cut",
            "It shows the “short piername” up to the first dot: Short piername of the berth",
        );
        assert_eq!(taken(&files, "ferry/gates.py", told), ("tests/test_berth.py".into(), false));
        let apart = ("Prompt is cut", "It is short. Piername comes later");
        assert_eq!(taken(&files, "ferry/gates.py", apart), ("tests/test_gates.py".into(), false));
    }

    #[test]
    fn what_the_issue_writes_in_capitals_and_asserts_in_one_test_alone_is_proved_there() {
        let files = |own: &'static str| {
            [
                ("ferry/gates.py", "def run(): ...\n"),
                ("tests/test_gates.py", own),
                ("tests/test_deck.py", "def test_out():\n    assert out == 'ALARM: keel'\n"),
                ("tests/test_sail.py", "def test_sail(): ...\n"),
            ]
        };
        let told = ("Coloured output", "Lines such as ALARM are printed in red");
        let plain = files("def test_run():\n    run()\n");
        assert_eq!(taken(&plain, "ferry/gates.py", told).0, "tests/test_deck.py");
        let both = files("def test_run():\n    assert run() == 'ALARM'\n");
        assert_eq!(taken(&both, "ferry/gates.py", told).0, "tests/test_gates.py");
    }

    #[test]
    fn a_name_of_the_title_is_one_where_the_code_shown_or_the_tree_has_it() {
        let files = [
            ("src/Hull/Root.cs", "class Root {}\n"),
            ("src/Hull.Tests/RootTests.cs", "[Fact] void A() {}\n"),
            ("src/Hull.Tests/EachTests.cs", "[Fact] void A() { each.Only(x); }\n"),
            ("src/Hull.Tests/KeelTests.cs", "[Fact] void A() {}\n"),
        ];
        let shown = ("Async version of Only for parts", "Like this:\n\n```c#\nx.OnlyAsync(y)\n```\n");
        assert_eq!(taken(&files, "src/Hull/Root.cs", shown).0, "src/Hull.Tests/EachTests.cs");
        let plain = ("Async version of what only parts have", "");
        assert_eq!(taken(&files, "src/Hull/Root.cs", plain).0, "src/Hull.Tests/RootTests.cs");
    }

    #[test]
    fn of_tests_that_have_the_rare_name_alike_the_one_that_uses_the_common_ones_most_is_taken() {
        let each = "[Fact] void A() { PartsOf(x).Only(y); PartsOf(z); PartsOf(u); PartsOf(v); }\n";
        let one = "[Fact] void A() { list.Only(x); PartsOf(y); }\n";
        let many: Vec<String> = (0..9).map(|at| format!("src/Hull.Tests/Other{at}Tests.cs")).collect();
        let mut files = vec![
            ("src/Hull/Options.cs", "class Options {}\n"),
            ("src/Hull.Tests/AllTests.cs", one),
            ("src/Hull.Tests/EachTests.cs", each),
            ("src/Hull.Tests/LastTests.cs", one),
        ];
        files.extend(many.iter().map(|path| (path.as_str(), "[Fact] void A() { PartsOf(x); }\n")));
        let told = ("`Only` with a delay for `PartsOf`", "");
        assert_eq!(taken(&files, "src/Hull/Options.cs", told).0, "src/Hull.Tests/EachTests.cs");
        // Alone, what all of them use says nothing.
        let plain = ("A delay for `PartsOf`", "");
        assert!(taken(&files, "src/Hull/Options.cs", plain).1);
    }

    #[test]
    fn the_test_that_has_the_wrong_output_is_taken() {
        let files = [
            ("src/hoist.go", "package sail\n"),
            ("src/hoist_test.go", "package sail\n\nfunc TestHoist() {}\n"),
            ("src/sail_test.go", "package sail\n\nfunc TestIssue() { want(`Wind: FRESH ($FRESH)`) }\n"),
        ];
        let told = ("It is appended", "I get:\n\n```\nWind: FRESH ($FRESH)\n```\n");
        assert_eq!(taken(&files, "src/hoist.go", told).0, "src/sail_test.go");
        assert_eq!(taken(&files, "src/hoist.go", ("It is appended", "")).0, "src/hoist_test.go");
    }

    #[test]
    fn a_script_of_the_suite_counts_like_a_test() {
        let files = [
            ("src/sail.c", "int f() {}\n"),
            ("Makefile.am", "TESTS = tests/hoisttest\n"),
            (
                "tests/hoisttest",
                "#!/bin/sh\nif [ \"$($SAIL hoist_all)\" != \"sail: up\" ]; then exit 1; fi\n",
            ),
        ];
        let told = ("\"sail: up\" printed by hoist_all", "");
        assert_eq!(taken(&files, "src/sail.c", told), ("tests/hoisttest".into(), false));
    }
}
