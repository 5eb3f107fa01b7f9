//! How much of what an issue says each source has: BM25 over files and over the definitions in them.
//!
//! Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009). A name of the path and a
//! name that is defined count as said several times. Weights were chosen on issues with known fixes, see
//! `docs/plans.md`.

use std::collections::HashMap;

use crate::domain::plan::places::likely::is_product;
use crate::domain::plan::places::units;
use crate::domain::plan::places::{Places, ending, folder, is_comment, name, stem, without_tests};
use crate::domain::plan::terms::{self, Term};

/// How soon a word that stands there often enough says no more.
const SATURATION: f64 = 1.2;
/// How far the length of a file counts against it, and of a definition.
const FILE_LENGTH: f64 = 0.4;
const UNIT_LENGTH: f64 = 0.5;
/// As how often said counts what a file is called, what lies above it, and what is defined.
const CALLED: f32 = 12.0;
const ABOVE: f32 = 4.0;
const DEFINED: f32 = 4.0;
/// The parts of the file, and of its second best definition, beside its best one.
const WHOLE: f64 = 0.5;
const SECOND: f64 = 0.3;

/// A source and how much of an issue it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Relevant<'a> {
    /// Its path.
    pub path: &'a str,
    /// Comparable within one issue only.
    pub score: f64,
    /// The name of the definition that has most of it; none for what stands before all definitions.
    pub name: &'a str,
    /// The line of that definition.
    pub line: usize,
    /// What that definition has, as the issue says it, the most telling first.
    pub has: Vec<String>,
    /// Has it several words of the title, or one in its own name?
    pub is_of_title: bool,
    /// How many words of the title the file and its path have.
    pub titled: usize,
    /// How many words of all that is said they have; a name of several words counts by those.
    pub said: usize,
}

/// How often each term is said, by its index and in that order, and how many words there are.
struct Counts {
    terms: Box<[(u32, f32)]>,
    length: f64,
}

/// Each term once, with how often it is said in all.
fn merged(said: &mut [(u32, f32)]) -> Box<[(u32, f32)]> {
    said.sort_unstable_by_key(|(id, _)| *id);
    let each = said.chunk_by(|(one, _), (other, _)| one == other);
    each.filter_map(|same| Some((same.first()?.0, same.iter().map(|(_, times)| times).sum()))).collect()
}

/// The terms that each name of the code has, found once for each.
struct Vocabulary<'t, 'a> {
    ids: HashMap<&'t str, u32>,
    known: HashMap<&'a str, (Vec<u32>, usize)>,
}

impl<'a> Vocabulary<'_, 'a> {
    fn of(&mut self, name: &'a str) -> &(Vec<u32>, usize) {
        let ids = &self.ids;
        self.known.entry(name).or_insert_with(|| {
            let keys = terms::keys(name);
            (keys.iter().filter_map(|key| ids.get(key.as_str()).copied()).collect(), keys.len())
        })
    }

    /// Adds the terms of a text, each so many times; tells how many words there are.
    fn count(&mut self, text: &'a str, times: f32, said: &mut Vec<(u32, f32)>) -> f64 {
        let mut length = 0;
        for name in terms::names(text) {
            let (ids, words) = self.of(name);
            said.extend(ids.iter().map(|id| (*id, times)));
            length += words;
        }
        length as f64
    }
}

/// A part of a file that defines something.
struct Part<'a> {
    name: &'a str,
    line: usize,
    text: &'a str,
    own: Counts,
}

struct Document<'a> {
    path: &'a str,
    own: Counts,
    parts: Vec<Part<'a>>,
}

impl<'a> Places<'a> {
    /// The sources that were read, those first that have most of what is said; what has nothing is left out.
    pub fn relevant(&self, terms: &[Term]) -> Vec<Relevant<'a>> {
        self.ranked(terms, |path| is_product(path) && !self.holds_tests(path) && !self.is_beside(path))
    }

    /// The same of the tests.
    pub fn relevant_tests(&self, terms: &[Term]) -> Vec<Relevant<'a>> {
        self.ranked(terms, |path| self.holds_tests(path))
    }

    fn ranked(&self, terms: &[Term], is_wanted: impl Fn(&str) -> bool) -> Vec<Relevant<'a>> {
        // The project's own name is everywhere, and its owner's.
        let repository = &self.snapshot.repository;
        let project: Vec<String> =
            [stem(&repository.name), &repository.owner].into_iter().flat_map(terms::keys).collect();
        let is_own = |term: &Term| {
            project.contains(&term.key) || term.is_whole() && term.said.eq_ignore_ascii_case(&repository.name)
        };
        let telling = (0..).zip(terms).filter(|(_, term)| !is_own(term));
        let ids = telling.map(|(id, term)| (term.key.as_str(), id)).collect();
        let mut vocabulary = Vocabulary { ids, known: HashMap::new() };
        let mut sources: Vec<(&'a str, &'a str)> =
            self.read.iter().copied().filter(|(path, _)| is_wanted(path)).collect();
        if !sources.iter().all(|(path, _)| is_shell(path)) {
            sources.retain(|(path, _)| !is_shell(path));
        }
        // What builds the product, and what only explains it, does nothing of what it does.
        let builds = terms.iter().any(|term| term.is_titled && is_of_building(&term.key));
        sources.retain(|(path, text)| (builds || !is_build(path)) && !is_manual(text));
        let documents: Vec<Document<'a>> = sources
            .into_iter()
            .map(|(path, text)| document(path, without_tests(path, text), &mut vocabulary))
            .collect();
        let of_files = Rarity::of(documents.iter().map(|document| &document.own), (terms, FILE_LENGTH));
        let parts = documents.iter().flat_map(|document| &document.parts).map(|part| &part.own);
        let of_parts = Rarity::of(parts, (terms, UNIT_LENGTH));
        let judged = documents.iter().filter_map(|one| judged(one, terms, (&of_files, &of_parts)));
        let mut ranked: Vec<Relevant<'a>> = judged.collect();
        ranked.sort_by(|one, other| other.score.total_cmp(&one.score).then(one.path.cmp(other.path)));
        ranked
    }
}

/// What a source has of the issue; `None` where that is nothing.
fn judged<'a>(
    document: &Document<'a>,
    terms: &[Term],
    (of_files, of_parts): (&Rarity, &Rarity),
) -> Option<Relevant<'a>> {
    let total = |scores: &mut dyn Iterator<Item = (f64, &Term)>| scores.map(|(score, _)| score).sum::<f64>();
    let mut parts: Vec<(f64, &Part<'a>)> =
        document.parts.iter().map(|part| (total(&mut of_parts.weigh(&part.own, terms)), part)).collect();
    parts.sort_by(|(a, one), (b, other)| b.total_cmp(a).then(one.line.cmp(&other.line)));
    let second = parts.get(1).map_or(0.0, |(score, _)| *score);
    let (best, part) = parts.first()?;
    let score = WHOLE * total(&mut of_files.weigh(&document.own, terms)) + best + SECOND * second;
    if score <= 0.0 {
        return None;
    }
    // Stable: terms that tell as much stay in their order.
    let mut told: Vec<(f64, &Term)> = of_parts.weigh(&part.own, terms).collect();
    told.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    told.retain(|(_, term)| stands(part.text, &term.said));
    let titled = || told.iter().map(|(_, term)| term).filter(|term| term.is_titled && !term.is_whole());
    let name = terms::keys(part.name);
    let is_of_title = titled().count() > 1 || titled().any(|term| name.contains(&term.key));
    let of_file = || of_files.weigh(&document.own, terms).map(|(_, term)| term);
    Some(Relevant {
        path: document.path,
        score,
        name: part.name,
        line: part.line,
        has: told.into_iter().map(|(_, term)| term.said.clone()).collect(),
        is_of_title,
        titled: of_file().filter(|term| term.is_titled).count(),
        said: of_file().filter(|term| !term.is_whole()).count(),
    })
}

/// Does a text have a word as it was said, alone or in a name? What only has the same stem is not told as its word.
fn stands(text: &str, said: &str) -> bool {
    terms::names(text).any(|name| name.eq_ignore_ascii_case(said) || terms::has_word(name, said))
}

/// What the title of an issue about building says, as [`terms::keys`] makes it.
const BUILDING: [&str; 14] = [
    "build", "built", "gradl", "instal", "packag", "compil", "bundl", "webpack", "rollup", "vite", "setup",
    "wheel", "publish", "depend",
];

/// Is it a word of an issue about building?
pub(super) fn is_of_building(key: &str) -> bool {
    BUILDING.contains(&key)
}

/// A script that builds the product.
pub(super) fn is_build(path: &str) -> bool {
    let name = name(path);
    let of_bundler = || {
        let is_script = matches!(ending(path), "js" | "cjs" | "mjs" | "ts" | "mts");
        is_script && (stem(name).ends_with(".config") || matches!(stem(name), "gulpfile" | "Gruntfile"))
    };
    matches!(ending(path), "gradle" | "kts" | "sbt")
        || matches!(
            name,
            "setup.py" | "build.rs" | "noxfile.py" | "conanfile.py" | "build.zig" | "Package.swift"
        )
        || of_bundler()
}

/// Is it nearly all comment?
fn is_manual(text: &str) -> bool {
    let written = || text.lines().filter(|line| !line.trim().is_empty());
    let (all, said) = (written().count(), written().filter(|line| is_comment(line)).count());
    all >= MANUAL && 10 * said >= 9 * all
}

/// Fewer lines are no manual.
const MANUAL: usize = 40;

/// Names of files that say nothing of what is in them.
const NAMELESS: [&str; 14] = [
    "app",
    "base",
    "common",
    "core",
    "extension",
    "helper",
    "helpers",
    "index",
    "lib",
    "main",
    "mod",
    "types",
    "util",
    "utils",
];

/// Scripts around a program speak of all of it.
fn is_shell(path: &str) -> bool {
    matches!(ending(path), "sh" | "bash" | "zsh" | "fish" | "ps1" | "bat")
}

fn document<'a>(path: &'a str, text: &'a str, vocabulary: &mut Vocabulary<'_, 'a>) -> Document<'a> {
    let mut whole: Vec<(u32, f32)> = Vec::new();
    let mut length = 0.0;
    let mut parts: Vec<Part<'a>> = Vec::new();
    let mut said = Vec::new();
    for unit in units::of(text) {
        said.clear();
        let own = vocabulary.count(unit.text, 1.0, &mut said);
        whole.extend(&said);
        length += own;
        vocabulary.count(unit.name, DEFINED, &mut said);
        let own = Counts { terms: merged(&mut said), length: own };
        parts.push(Part { name: unit.name, line: unit.line, text: unit.text, own });
    }
    let (mut called, mut above) = (Vec::new(), Vec::new());
    let own = stem(name(path));
    if !NAMELESS.iter().any(|nameless| own.eq_ignore_ascii_case(nameless)) {
        vocabulary.count(own, CALLED, &mut called);
    }
    vocabulary.count(folder(path), ABOVE, &mut above);
    above.retain(|(id, _)| !called.iter().any(|(own, _)| own == id));
    whole.extend(called);
    whole.extend(above);
    Document { path, own: Counts { terms: merged(&mut whole), length }, parts }
}

/// How rare each term is among documents, and how long they are.
struct Rarity {
    /// By the index of the term.
    rare: Vec<f64>,
    average: f64,
    length: f64,
}

impl Rarity {
    fn of<'c>(all: impl Iterator<Item = &'c Counts>, (terms, length): (&[Term], f64)) -> Self {
        let mut holding = vec![0.0; terms.len()];
        let (mut documents, mut words) = (0.0, 0.0);
        for counts in all {
            documents += 1.0;
            words += counts.length;
            for (id, _) in &counts.terms {
                holding.get_mut(*id as usize).into_iter().for_each(|holding| *holding += 1.0);
            }
        }
        let rare = |holding: f64| (1.0 + (documents - holding + 0.5) / (holding + 0.5)).ln();
        let average = (words / f64::max(documents, 1.0)).max(1.0);
        Self { rare: holding.into_iter().map(rare).collect(), average, length }
    }

    /// What each term that is said counts.
    fn weigh<'t>(&self, counts: &Counts, terms: &'t [Term]) -> impl Iterator<Item = (f64, &'t Term)> {
        let long = 1.0 - self.length + self.length * counts.length / self.average;
        counts.terms.iter().filter_map(move |(id, times)| {
            let (at, times) = (*id as usize, f64::from(*times));
            let (term, rare) = (terms.get(at)?, self.rare.get(at)?);
            let score = rare * times * (SATURATION + 1.0) / (times + SATURATION * long);
            Some((term.weight * score, term))
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::places::Places;
    use crate::domain::plan::terms;
    use crate::domain::plan::tests::world::{issue, repository};

    /// Path, best definition and its line, of the sources that have most of an issue.
    fn ranked(files: &[(&str, &str)], title: &str, body: &str) -> Vec<(String, String, usize)> {
        let snapshot = repository("acme/ferry", "5a1ad00", files);
        let found = Places::new(&snapshot).relevant(&terms::of(&issue(1, title, body)));
        found.into_iter().map(|one| (one.path.to_owned(), one.name.to_owned(), one.line)).collect()
    }

    const LISTING: &str =
        "from ferry import berths, crossings, decks, tickets\n\nALL = [berths, crossings, decks, tickets]\n";
    const TICKETS: &str = "import csv\n\n\ndef read(path):\n    return open(path)\n\n\ndef write_footer(out, tickets):\n    \
        # Totals stand below a separator line.\n    out.write(SEPARATOR)\n    out.write(total(tickets))\n";

    #[test]
    fn the_body_that_does_it_stands_before_the_list_that_names_it() {
        let files = [
            ("ferry/all.py", LISTING),
            ("ferry/report.py", TICKETS),
            ("ferry/berths.py", "def find(): pass\n"),
        ];
        let body = "Below the tickets the separator is printed twice before the total.";
        let found = ranked(&files, "Separator line is doubled in the footer of tickets", body);
        assert_eq!(found.first(), Some(&("ferry/report.py".into(), "write_footer".into(), 8)));
        assert!(!found.iter().any(|(path, ..)| path == "ferry/berths.py"), "it has nothing of the issue");
    }

    #[test]
    fn words_are_found_in_any_form_and_in_names_of_several() {
        let files = [
            ("src/a.rs", "fn parse_headers(lines: Lines) {\n    skip_comments(lines)\n}\n"),
            ("src/b.rs", "fn parse_body(lines: Lines) {}\n"),
        ];
        let found = ranked(&files, "Comment in a header is not skipped", "Parsing should skip it.");
        assert_eq!(found.first(), Some(&("src/a.rs".into(), "parse_headers".into(), 1)));
    }

    #[test]
    fn neither_what_builds_nor_what_explains_nor_a_name_that_all_have_chooses_a_file() {
        let manual = "//! crossing delay of the ferry\n".repeat(60);
        let files = [
            ("setup.py", "crossing = delay = 'crossing delay'\n"),
            ("build.gradle.kts", "crossing { delay = 1 }\n"),
            ("src/manual.rs", manual.as_str()),
            ("src/plan.py", "def crossing_delay(): pass\n"),
        ];
        let found = ranked(&files, "Crossing delay is wrong", "It is, see https://acme.example/berth.");
        assert_eq!(found, [("src/plan.py".into(), "crossing_delay".into(), 1)]);
        let found = ranked(&files, "Build fails at the crossing", "It does.");
        assert!(found.iter().any(|(path, ..)| path == "setup.py"), "{found:?}");
        let files = [("src/extension.ts", "fn x() {}\n"), ("src/deck.ts", "fn y() {}\n")];
        assert!(ranked(&files, "Extension fails", "It does.").is_empty());
        let files = [("src/berth.ts", "fn x() {}\n")];
        assert!(ranked(&files, "It fails", "See https://acme.example/berth for acme.").is_empty());
    }

    #[test]
    fn neither_tests_nor_scripts_nor_the_projects_own_name_choose_a_file() {
        let files = [
            ("tests/crossing.py", "def test_crossing_delay(): crossing_delay()\n"),
            ("install.sh", "# crossing delay crossing delay\n"),
            ("src/ferry.py", "class Ferry:\n    ferry = 1\n"),
            ("src/plan.py", "def crossing_delay(): pass\n"),
        ];
        let found = ranked(&files, "Ferry: crossing delay is wrong", "The ferry has a crossing delay.");
        assert_eq!(found, [("src/plan.py".into(), "crossing_delay".into(), 1)]);
    }
}
