//! A suite that is fed by data: files in pairs, what goes in and what comes out, and one test that reads all of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ecosystem, file};
use crate::domain::brief::Brief;
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::source;
use crate::domain::plan::words;

/// So many pairs are a suite.
const LEAST: usize = 10;
/// Most words of the title that a pair is called by.
const NAMED: usize = 4;

/// A case that is a pair of files.
pub(super) struct Pair {
    /// What goes in.
    pub(super) input: Place,
    /// What has to come out.
    pub(super) output: String,
    /// The test that reads it.
    pub(super) runner: String,
}

/// A language that data are written in: its endings, what a block of it is marked with, and a word for it.
struct Language {
    endings: &'static [&'static str],
    marks: &'static [&'static str],
    word: Pattern,
}

impl Language {
    fn is_markup(&self) -> bool {
        self.endings.iter().any(|ending| matches!(*ending, "html" | "svg"))
    }
}

static LANGUAGES: [Language; 16] = [
    Language {
        endings: &["md"],
        marks: &["md", "markdown"],
        word: Pattern::new(r"\b(?:markdown|commonmark)\b"),
    },
    Language {
        endings: &["html", "htm"],
        marks: &["html"],
        word: Pattern::new(r"\bhtml\b|</[a-z][a-z0-9]*>"),
    },
    Language { endings: &["rs"], marks: &["rust", "rs"], word: Pattern::new(r"\brust\b") },
    Language {
        endings: &["c", "h"],
        marks: &["c", "h"],
        word: Pattern::new(r"(?-i:\bC (?:code|output|header))"),
    },
    Language { endings: &["cpp", "cc", "hpp"], marks: &["cpp", "c++"], word: Pattern::new(r"(?-i:\bC\+\+)") },
    Language {
        endings: &["py"],
        marks: &["python", "py"],
        word: Pattern::new(r"\bpython (?:code|source)\b"),
    },
    Language { endings: &["js", "mjs"], marks: &["js", "javascript"], word: Pattern::new(r"\bjavascript\b") },
    Language { endings: &["ts"], marks: &["ts", "typescript"], word: Pattern::new(r"\btypescript\b") },
    Language { endings: &["css"], marks: &["css"], word: Pattern::new(r"(?-i:\bCSS\b)") },
    Language { endings: &["scss", "sass"], marks: &["scss", "sass"], word: Pattern::new(r"\bs[ac]ss\b") },
    Language { endings: &["less"], marks: &["less"], word: Pattern::new(r"(?-i:\bLess\b)") },
    Language { endings: &["json"], marks: &["json"], word: Pattern::new(r"\bjson\b") },
    Language { endings: &["yaml", "yml"], marks: &["yaml", "yml"], word: Pattern::new(r"\bya?ml\b") },
    Language { endings: &["toml"], marks: &["toml"], word: Pattern::new(r"\btoml\b") },
    Language { endings: &["svg", "xml"], marks: &["svg", "xml"], word: Pattern::new(r"\b(?:svg|xml)\b") },
    Language { endings: &["sql"], marks: &["sql"], word: Pattern::new(r"(?-i:\bSQL\b)") },
];

/// Endings that say nothing but which file goes in and which comes out.
const SIDES: [(&str, &str); 4] =
    [("input", "output"), ("in", "out"), ("input", "expected"), ("in", "expected")];

/// Blocks that hold no code: what is typed, what is printed and how something is set.
const NO_CODE: [&str; 13] =
    ["sh", "bash", "shell", "console", "text", "txt", "log", "diff", "yaml", "yml", "toml", "ini", "xml"];

/// What an issue shows of each of [`LANGUAGES`], and whether it shows code at all.
struct Shown(Vec<Told>, bool);

/// What it shows of one.
struct Told {
    /// Its first block of such a file: one that is marked so, or one that is not marked where the words are of it.
    first: Option<usize>,
    /// Whether its words are of such a file.
    said: bool,
}

impl Shown {
    /// Nothing where the issue shows no code.
    fn of(issue: &Brief) -> Option<Self> {
        let lines: Vec<&str> = issue.body.lines().collect();
        let blocks = source::read(&issue.body).blocks;
        let mark = |line: usize| {
            let fence = line.checked_sub(2).and_then(|above| lines.get(above)).copied().unwrap_or_default();
            let word = fence.trim().trim_start_matches(['`', '~', '>', ' ']).split([' ', ',', '{']).next();
            word.unwrap_or_default().to_lowercase()
        };
        // How each block is marked, empty for one that is not, and what begins it.
        let marks: Vec<(String, Option<char>)> =
            blocks.iter().map(|block| (mark(block.line), block.text.trim_start().chars().next())).collect();
        let words = format!("{}\n{}", issue.title, issue.body);
        let told = |language: &Language| {
            let said = language.word.is_in(&words);
            let plain = |(mark, first): &(String, Option<char>)| {
                said && mark.is_empty() && language.is_markup() == (*first == Some('<'))
            };
            let marked = marks.iter().position(|(mark, _)| language.marks.contains(&mark.as_str()));
            Told { first: marked.or_else(|| marks.iter().position(plain)), said }
        };
        let is_code =
            |(mark, _): &(String, Option<char>)| !mark.is_empty() && !NO_CODE.contains(&mark.as_str());
        let shows = marks.iter().any(is_code);
        (!marks.is_empty()).then(|| Self(LANGUAGES.iter().map(told).collect(), shows))
    }

    fn of_ending(&self, ending: &str) -> Option<&Told> {
        self.0.get(LANGUAGES.iter().position(|one| one.endings.contains(&ending))?)
    }

    fn first(&self, ending: &str) -> Option<usize> {
        self.of_ending(ending)?.first
    }

    /// Does it tell of such a file, if only in its sentences?
    fn tells(&self, ending: &str) -> bool {
        self.of_ending(ending).is_some_and(|told| told.said || told.first.is_some())
    }
}

/// The stems of the files of one ending in one folder.
type Stems<'a> = BTreeMap<(&'a str, &'a str), BTreeSet<&'a str>>;

/// How many stems two kinds of files share, those kinds by folder and ending, and the test that reads them.
type Fed<'a> = (usize, (&'a str, &'a str), (&'a str, &'a str), &'a str);

/// A new pair for an issue that shows what goes in and tells what comes out; `None` where no suite takes pairs of these.
pub(super) fn of(places: &Places<'_>, ecosystem: &Ecosystem, issue: &Brief) -> Option<Pair> {
    let shown = Shown::of(issue)?;
    let mut stems: Stems<'_> = BTreeMap::new();
    for path in places.files().filter(|path| is_of_tests(path)) {
        let name = places::name(path);
        let stem = name.split('.').next().unwrap_or(name);
        let own = stems.entry((places::folder(path), places::ending(path))).or_default();
        own.insert(stem);
    }
    stems.retain(|_, own| own.len() >= LEAST);
    let mut found: Vec<Fed<'_>> = Vec::new();
    let goes_in = |ending: &str| {
        shown.first(ending).is_some() || shown.1 && SIDES.iter().any(|(input, _)| *input == ending)
    };
    for (input, own) in stems.iter().filter(|((_, ending), _)| goes_in(ending)) {
        let above = places::folder(input.0);
        let near = |other: &(&str, &str)| {
            other != input && (other.0 == input.0 || !above.is_empty() && places::folder(other.0) == above)
        };
        // One language on both sides says nothing of which is which; what goes in is shown first.
        let later =
            |other: &(&str, &str)| shown.first(other.1).is_none_or(|at| shown.first(input.1) < Some(at));
        let fits = |other: &(&str, &str)| match SIDES.iter().any(|(own, _)| *own == input.1) {
            true => SIDES.contains(&(input.1, other.1)),
            false => other.1 != input.1 && shown.tells(other.1) && later(other),
        };
        for (output, others) in stems.iter().filter(|(other, _)| near(other) && fits(other)) {
            let both = own.intersection(others).count();
            // Most of what goes in has what comes out.
            if both < LEAST || both * 2 <= own.len() {
                continue;
            }
            if let Some(runner) = runner(places, ecosystem, (input.0, output.0)) {
                found.push((both, *input, *output, runner));
            }
        }
    }
    found.sort_by_key(|(both, input, output, _)| (std::cmp::Reverse(*both), *input, *output));
    let (_, input, output, runner) = found.into_iter().next()?;
    let own = stems.get(&input)?;
    let (name, neighbor) = named(issue, own)?;
    let path =
        |(folder, ending): (&str, &str), stem: &str| places::within(folder, &format!("{stem}.{ending}"));
    let place = Place {
        path: path(input, &name),
        new: true,
        beside: Some(path(input, neighbor)).filter(|path| places.has(path)),
        line: None,
    };
    let output = path(output, &name);
    (!places.has(&place.path)).then(|| Pair { input: place, output, runner: runner.to_owned() })
}

/// Data of tests stand below a folder that says so.
fn is_of_tests(path: &str) -> bool {
    let says = |part: &str| matches!(part, "test" | "tests" | "spec" | "specs" | "testdata" | "__tests__");
    places::folder(path).split('/').any(says) && !path.contains("node_modules/")
}

/// The one test above the folders that names them.
fn runner<'a>(places: &Places<'a>, ecosystem: &Ecosystem, (input, output): (&str, &str)) -> Option<&'a str> {
    let names = |text: &str, folder: &str| {
        let last = places::name(folder);
        ["\"", "'", "/"]
            .iter()
            .any(|end| ["\"", "'", "/"].iter().any(|start| text.contains(&format!("{start}{last}{end}"))))
    };
    let above = |path: &str, folder: &str| {
        let own = places::folder(path);
        // What a test of the JVM reads lies in a folder beside that of its code.
        let own = ["/src/test/", "src/test/"]
            .iter()
            .find_map(|part| {
                let at = own.find(part)?;
                folder.contains("src/test/resources").then(|| own.get(..at + part.len() - 1)).flatten()
            })
            .unwrap_or(own);
        !own.is_empty() && (folder == own || folder.starts_with(&format!("{own}/")))
    };
    let tests = file::tests(places, ecosystem).into_iter();
    let fits = |path: &&str| {
        above(path, input)
            && above(path, output)
            && places.text(path).is_some_and(|text| names(text, input) || names(text, output))
    };
    // The nearest one.
    tests.filter(fits).max_by_key(|path| (places::folder(path).len(), std::cmp::Reverse(path.len())))
}

static WORD: Pattern = Pattern::new(r"(?-i:\b([a-z]{3,})\b)");

/// The first words of a title that a new test is called by.
pub(super) fn said(title: &str) -> Vec<String> {
    let title = title.to_lowercase();
    let nouns = words::nouns(&title);
    let mut said: Vec<String> = Vec::new();
    for word in WORD.all(&title, 1) {
        if said.len() < NAMED && said.iter().all(|seen| seen != word) && nouns.contains(words::singular(word))
        {
            said.push(word.to_owned());
        }
    }
    said
}

/// What a pair is called: words of the title, joined as its neighbors' are; with the neighbor that has most of them.
pub(super) fn named<'a>(issue: &Brief, stems: &BTreeSet<&'a str>) -> Option<(String, &'a str)> {
    let said = said(&issue.title);
    let count = |mark: char| stems.iter().filter(|stem| stem.contains(mark)).count();
    let joint = if count('-') > count('_') { "-" } else { "_" };
    let camel =
        stems.iter().filter(|stem| stem.starts_with(char::is_uppercase) && !stem.contains(['-', '_']));
    let is_camel = camel.count() * 2 > stems.len();
    let capital = |word: &String| match word.split_at_checked(1) {
        Some((first, rest)) => format!("{}{rest}", first.to_uppercase()),
        None => word.clone(),
    };
    let shared =
        |stem: &&&str| said.iter().filter(|word| stem.to_lowercase().contains(word.as_str())).count();
    let neighbor = stems.iter().rev().max_by_key(shared)?;
    let name = match is_camel {
        true => said.iter().map(capital).collect::<String>(),
        false => said.join(joint),
    };
    (!said.is_empty()).then_some((name, *neighbor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::testing::of_ending;
    use crate::domain::plan::tests::world::{issue, repository};

    fn told(folders: (&str, &str), runner: (&str, &str), body: &str) -> String {
        let stems: Vec<String> = (0..12).map(|n| format!("sail_{n}")).collect();
        let mut paths: Vec<String> = stems.iter().map(|stem| format!("{}/{stem}.md", folders.0)).collect();
        paths.extend(stems.iter().map(|stem| format!("{}/{stem}.html", folders.1)));
        let mut files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "")).collect();
        files.extend([runner, ("src/sail.js", "")]);
        let snapshot = repository("acme/x", "5a1ad00", &files);
        let places = Places::new(&snapshot);
        let issue = issue(7, "Nested sails lose their ropes", body);
        let found = of(&places, of_ending("js").expect("a known language"), &issue);
        found.map_or("–".to_owned(), |pair| {
            format!("{} | {} | {}", pair.input.path, pair.output, pair.runner)
        })
    }

    #[test]
    fn endings_that_only_name_the_sides_take_code_of_any_language() {
        let told = |folder: &str, runner: (&str, &str), body: &str| {
            let of = |ending: &str| (0..12).map(|n| format!("{folder}/Rope{n}.{ending}")).collect::<Vec<_>>();
            let paths = [of("input"), of("output")].concat();
            let mut files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "")).collect();
            files.extend([runner, ("hull/src/main/java/x/Knot.java", "")]);
            let snapshot = repository("acme/x", "5a1ad00", &files);
            let issue = issue(7, "Nested sails lose their ropes", body);
            let found = of_tree(&Places::new(&snapshot), &issue);
            found.map_or("–".to_owned(), |pair| format!("{} | {}", pair.input.path, pair.runner))
        };
        let data = "hull/src/test/resources/x/testdata";
        let runner = ("hull/src/test/java/x/KnotTest.java", "read(\"x/testdata\")\n");
        let shown = "```java\nclass Sail {}\n```\n";
        let new = "hull/src/test/resources/x/testdata/NestedSailsLoseRopes.input";
        assert_eq!(told(data, runner, shown), format!("{new} | {}", runner.0));
        // What is typed or printed is no code, and a test of another module reads its own.
        assert_eq!(told(data, runner, "```console\n$ knot Sail.java\n```\n"), "–");
        let other = ("deck/src/test/java/x/KnotTest.java", "read(\"x/testdata\")\n");
        assert_eq!(told(data, other, shown), "–");
    }

    fn of_tree(places: &Places<'_>, issue: &Brief) -> Option<Pair> {
        of(places, of_ending("java").expect("a known language"), issue)
    }

    #[test]
    fn what_goes_in_and_comes_out_is_a_new_pair_beside_many() {
        let runner = ("test/specs/run-spec.js", "runSpecs('New', './new');\n");
        let both = "```markdown\n* a\n```\ngives\n```html\n<p>a</p>\n```\n";
        let expected = "test/specs/new/nested_sails_lose_ropes.md | test/specs/new/nested_sails_lose_ropes.html | test/specs/run-spec.js";
        let same = ("test/specs/new", "test/specs/new");
        assert_eq!(told(same, runner, both), expected);
        // A block without a mark is of the language that the words are of.
        assert_eq!(told(same, runner, "This markdown:\n```\n* a\n```\nNo `<p></p>` in it.\n"), expected);
        let apart = ("test/in", "test/out");
        let reads = ("test/all.js", "read(join('in'), join('out'))\n");
        assert_eq!(
            told(apart, reads, both),
            "test/in/nested_sails_lose_ropes.md | test/out/nested_sails_lose_ropes.html | test/all.js"
        );
        // Code of another kind, nothing shown, and data that nobody reads.
        assert_eq!(told(same, runner, "```js\nsail('a')\n```\n"), "–");
        assert_eq!(told(same, runner, "This markdown breaks html."), "–");
        assert_eq!(told(same, ("test/other.js", "run()\n"), both), "–");
    }
}
