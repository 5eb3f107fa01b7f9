//! The test that calls what the issue names: what its own test code is built of, else the function of the source that it
//! types as a call. How a file is called comes behind that.

use std::collections::{BTreeMap, BTreeSet};

use super::witness::{About, flat};
use super::{Ecosystem, file};
use crate::domain::brief::Brief;
use crate::domain::plan::clues;
use crate::domain::plan::mentions;
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::source::{self, Form};

/// So often at least a test calls it that is taken before the one that is called like the source.
const OFTEN: usize = 3;
/// Least letters of a function that is looked for, and least of what test code is built of.
const TELLING: usize = 6;
const LEAST: usize = 4;
/// So many times as much as the next has the test that is taken.
const MORE: f64 = 1.5;
/// Most names that are looked for.
const MOST: usize = 30;

/// The test that calls it far more than any other, where the source's own test does not call it at all, or is not there.
pub(super) fn of<'a>(
    places: &Places<'a>,
    ecosystem: &Ecosystem,
    (source, own, about): (&str, &Place, &About<'_>),
) -> Option<&'a str> {
    let issue = about.issue?;
    let read = file::tests(places, ecosystem).into_iter().filter(|path| file::is_test_itself(places, path));
    let read: Vec<(&str, &str)> = read.filter_map(|path| Some((path, places.text(path)?))).collect();
    let is_read = own.new || read.iter().any(|(path, _)| *path == own.path);
    if !is_read {
        return None;
    }
    by_test_code(&read, own, issue).or_else(|| by_function(places, &read, (source, own, issue)))
}

/// The test that has most of what the issue's test code is built of, where the own one has not half as much of it.
fn by_test_code<'a>(read: &[(&'a str, &str)], own: &Place, issue: &Brief) -> Option<&'a str> {
    let parts = parts(issue);
    let held: Vec<(&str, BTreeMap<&str, usize>)> =
        read.iter().map(|(path, text)| (*path, counted(text, &parts))).collect();
    let spread = |part: &str| held.iter().filter(|(_, all)| all.contains_key(part)).count().max(1);
    let score = |all: &BTreeMap<&str, usize>| -> f64 {
        let each = all.iter().map(|(part, times)| {
            (1.0 + read.len() as f64 / spread(part) as f64).ln() * (1.0 + *times as f64).ln()
        });
        each.sum()
    };
    let mut ranked: Vec<(f64, usize, &str)> =
        held.iter().map(|(path, all)| (score(all), all.len(), *path)).collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.2.cmp(other.2)));
    let (first, many, path) = *ranked.first()?;
    let next = ranked.get(1).map_or(0.0, |next| next.0);
    let own = ranked.iter().find(|one| one.2 == own.path).map_or(0.0, |one| one.0);
    (many > 1 && many * 2 >= parts.len() && first > next && own * 2.0 <= first).then_some(path)
}

/// The test that calls the function of the source which the issue types as a call, where the own one never does.
fn by_function<'a>(
    places: &Places<'_>,
    read: &[(&'a str, &str)],
    (source, own, issue): (&str, &Place, &Brief),
) -> Option<&'a str> {
    let functions = functions(places, source, issue);
    let first = functions.first()?;
    let calls = |text: &str| counted(text, &BTreeSet::from([first.clone()])).values().sum::<usize>();
    if read.iter().any(|(path, text)| *path == own.path && calls(text) > 0) {
        return None;
    }
    // What else defines one of that name has tests of its own.
    let others = places.read_sources().map(|(path, _)| path);
    let others = others.filter(|path| *path != source && places.definition(path, first).is_some());
    let others: Vec<String> = others.map(singular).collect();
    let of_other = |path: &str| others.contains(&singular(path));
    let mut ranked: Vec<(usize, &str)> =
        read.iter().filter(|(path, _)| !of_other(path)).map(|(path, text)| (calls(text), *path)).collect();
    ranked.sort_by_key(|(times, path)| (std::cmp::Reverse(*times), *path));
    let (times, path) = *ranked.first()?;
    let next = ranked.get(1).map_or(0, |next| next.0);
    (times >= OFTEN && times as f64 >= MORE * next as f64).then_some(path)
}

/// What a file is called without its mark and without a plural.
fn singular(path: &str) -> String {
    flat(file::bare_stem(places::stem(places::name(path)))).trim_end_matches('s').to_owned()
}

static CALL: Pattern = Pattern::new(r"(?-i:\b([A-Za-z_]\w+[!?]?)\()");

/// The functions that the issue types as calls, in its title or between backticks, and that the source defines.
pub(super) fn functions(places: &Places<'_>, source: &str, issue: &Brief) -> Vec<String> {
    let body = source::read(&issue.body);
    let sentences = body.pieces.iter().filter(|piece| !matches!(piece.form, Form::Row { .. }));
    let typed: Vec<String> = sentences
        .flat_map(|piece| mentions::spans(&piece.text))
        .filter(|(_, code)| *code)
        .map(|(code, _)| code.to_owned())
        .collect();
    let mut out: Vec<String> = Vec::new();
    for name in std::iter::once(&issue.title).chain(&typed).flat_map(|text| CALL.all(text, 1)) {
        let is_telling = name.len() >= TELLING && !clues::is_general(name);
        if is_telling && !out.iter().any(|seen| seen == name) && places.definition(source, name).is_some() {
            out.push(name.to_owned());
        }
    }
    out
}

static TYPE: Pattern = Pattern::new(r"(?-i:\b([A-Z]\w*(?:(?:::|\.)[A-Z]\w*)+))");
static STEP: Pattern = Pattern::new(r"(?m)(?-i:\b([a-z_]\w+[!?]?)(?:\(|[ \t]+:\w|[ \t]+do\b))");
/// What test code of anything is built of.
static FRAMES: Pattern = Pattern::new(
    r"^(?:describe|context|it|its|let|subject|before|after|around|expect|is_expected|include|have_key|eq|be_\w+|a_kind_of|test|assert\w*|should\w*|to|not_to|to(?:Be|Equal|Have|Throw)\w*|beforeEach|afterEach|function|print\w*|require|import|return|self|super|setUp|mock\w*|when|then|given|format|parse|new|puts|main|range|list|dict|len|str|params?)$",
);

/// What the test code that the issue shows is built of: types by their whole names, and what it calls.
fn parts(issue: &Brief) -> BTreeSet<String> {
    let body = source::read(&issue.body);
    let tests = body.blocks.iter().filter(|block| file::TESTS.is_in(&block.text));
    let mut out = BTreeSet::new();
    for block in tests {
        let text = block.text.as_str();
        out.extend(TYPE.all(text, 1).into_iter().map(str::to_owned));
        let steps = STEP.all(text, 1).into_iter();
        let steps = steps.filter(|step| step.len() >= LEAST && !FRAMES.is_in(step));
        // What the code itself names is in no other test.
        let declares = |step: &&str| {
            ["def ", "fn ", "func ", "function ", "void "]
                .iter()
                .any(|word| text.contains(&format!("{word}{step}")))
        };
        out.extend(steps.filter(|step| !declares(step)).map(str::to_owned));
    }
    out.into_iter().take(MOST).collect()
}

/// How often a text has each of the names, as whole words.
fn counted<'k>(text: &str, names: &'k BTreeSet<String>) -> BTreeMap<&'k str, usize> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let times = |name: &str| {
        let whole = |at: &usize| {
            let before = text.get(..*at).and_then(|text| text.chars().next_back());
            let after = text.get(at + name.len()..).and_then(|text| text.chars().next());
            !before.is_some_and(is_word) && !after.is_some_and(is_word)
        };
        text.match_indices(name).map(|(at, _)| at).filter(whole).count()
    };
    let all = names.iter().map(|name| (name.as_str(), times(name)));
    all.filter(|(_, times)| *times > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::testing::witness::tests::test_of;
    use crate::domain::plan::tests::world::issue;

    fn taken(files: &[(&str, &str)], source: &str, (title, body): (&str, &str)) -> String {
        let told = issue(7, title, body);
        test_of(files, source, &About { issue: Some(&told), ..About::default() }).0
    }

    #[test]
    fn the_test_that_calls_the_function_is_taken_before_one_that_is_called_like_its_source() {
        let calls = "[Fact] void A() { x.MoorBeside(y); x.MoorBeside(z); x.MoorBeside(u); }\n";
        let files = |own: &'static str| {
            [
                (
                    "src/Pier/ReferenceMoorings.cs",
                    "class ReferenceMoorings {\n    public void MoorBeside(Pier x) {}\n}\n",
                ),
                (
                    "src/Pier/KindMoorings.cs",
                    "class KindMoorings {\n    public void MoorBeside(Kind x) {}\n}\n",
                ),
                ("tests/Pier.Specs/ReferenceMooringsSpecs.cs", own),
                ("tests/Pier.Specs/ShipMooringSpecs.cs", calls),
                (
                    "tests/Pier.Specs/KindMooringSpecs.cs",
                    "[Fact] void A() { x.MoorBeside(y); x.MoorBeside(z); x.MoorBeside(u); x.MoorBeside(v); }\n",
                ),
                ("tests/Pier.Specs/FleetSpecs.cs", "[Fact] void A() { x.MoorBeside(y); }\n"),
            ]
        };
        let told = ("What Should().MoorBeside(...) says is confusing", "");
        let source = "src/Pier/ReferenceMoorings.cs";
        assert_eq!(
            taken(&files("[Fact] void A() { x.Anchor(y); }\n"), source, told),
            "tests/Pier.Specs/ShipMooringSpecs.cs"
        );
        // Its own test calls it, and a word that is no call names no function.
        let own = "tests/Pier.Specs/ReferenceMooringsSpecs.cs";
        assert_eq!(taken(&files("[Fact] void A() { x.MoorBeside(y); }\n"), source, told), own);
        let plain = ("What it says is confusing", "");
        assert_eq!(taken(&files("[Fact] void A() { x.Anchor(y); }\n"), source, plain), own);
    }

    #[test]
    fn the_test_that_is_built_as_the_tests_of_the_issue_are_is_taken() {
        let many = "describe Harbor do\n  Class.new(Ferry::Harbor) { moor_from :all do\n signal!(1); signal!(2) } }\n  moor_from :x\nend\n";
        let files = [
            ("lib/ferry/deck/signal.rb", "def signal_all; end\n"),
            ("spec/ferry/deck/signal_spec.rb", "describe Signal do\n  it { run }\nend\n"),
            ("spec/ferry/harbor_spec.rb", many),
            ("spec/ferry/berth_spec.rb", "describe Berth do\n  Class.new(Ferry::Harbor)\nend\n"),
        ];
        let shown = "```ruby\ndescribe 'moorings' do\n  let(:app) do\n    Class.new(Ferry::Harbor) do\n      moor_from :all do |e|\n        signal!(e)\n      end\n    end\n  end\nend\n```\n";
        let source = "lib/ferry/deck/signal.rb";
        assert_eq!(taken(&files, source, ("Signals are lost", shown)), "spec/ferry/harbor_spec.rb");
        // Code that is no test says nothing of tests.
        let plain = shown.replace("describe 'moorings' do", "begin");
        assert_eq!(taken(&files, source, ("Signals are lost", &plain)), "spec/ferry/deck/signal_spec.rb");
    }
}
