//! How much of what an issue says each source has: BM25 over files and over the definitions in them.
//!
//! Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009). A name of the path and a
//! name that is defined count as said several times. Weights were chosen on issues with known fixes, see
//! `docs/plans.md`.

use std::collections::{BTreeMap, HashMap};

use crate::domain::plan::places::likely::is_product;
use crate::domain::plan::places::units::{self, Unit};
use crate::domain::plan::places::{Places, ending, folder, is_test, name, stem, without_tests};
use crate::domain::plan::terms::{self, Term};

/// How soon a word that stands there often enough says no more.
const SATURATION: f64 = 1.2;
/// How far the length of a file counts against it, and of a definition.
const FILE_LENGTH: f64 = 0.4;
const UNIT_LENGTH: f64 = 0.5;
/// As how often said counts what a file is called, what lies above it, and what is defined.
const CALLED: f64 = 12.0;
const ABOVE: f64 = 4.0;
const DEFINED: f64 = 4.0;
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
    /// How many words of the title the file and its path have.
    pub titled: usize,
    /// How many words of all that is said they have; a name of several words counts by those.
    pub said: usize,
}

/// How often each term is said, and how many words there are.
#[derive(Default)]
struct Counts {
    terms: BTreeMap<usize, f64>,
    length: f64,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        for (term, times) in &other.terms {
            *self.terms.entry(*term).or_default() += times;
        }
        self.length += other.length;
    }

    fn name(&mut self, ids: &[usize], times: f64) {
        ids.iter().for_each(|id| *self.terms.entry(*id).or_default() += times);
    }
}

/// The terms that each name of the code has, found once for each.
struct Vocabulary<'t, 'a> {
    ids: HashMap<&'t str, usize>,
    known: HashMap<&'a str, (Vec<usize>, usize)>,
}

impl<'a> Vocabulary<'_, 'a> {
    fn of(&mut self, name: &'a str) -> &(Vec<usize>, usize) {
        let ids = &self.ids;
        self.known.entry(name).or_insert_with(|| {
            let keys = terms::keys(name);
            (keys.iter().filter_map(|key| ids.get(key.as_str()).copied()).collect(), keys.len())
        })
    }

    fn all(&mut self, text: &'a str) -> Vec<usize> {
        terms::names(text).flat_map(|name| self.of(name).0.clone()).collect()
    }

    fn count(&mut self, text: &'a str) -> Counts {
        let mut counts = Counts::default();
        for name in terms::names(text) {
            let (ids, length) = self.of(name);
            ids.iter().for_each(|id| *counts.terms.entry(*id).or_default() += 1.0);
            counts.length += *length as f64;
        }
        counts
    }
}

struct Document<'a> {
    path: &'a str,
    own: Counts,
    units: Vec<(Unit<'a>, Counts)>,
}

impl<'a> Places<'a> {
    /// The sources that were read, those first that have most of what is said; what has nothing is left out.
    pub fn relevant(&self, terms: &[Term]) -> Vec<Relevant<'a>> {
        self.ranked(terms, is_product)
    }

    /// The same of the tests.
    pub fn relevant_tests(&self, terms: &[Term]) -> Vec<Relevant<'a>> {
        self.ranked(terms, is_test)
    }

    fn ranked(&self, terms: &[Term], is_wanted: fn(&str) -> bool) -> Vec<Relevant<'a>> {
        // The project's own name is everywhere.
        let project = terms::keys(stem(&self.snapshot.repository.name));
        let telling = terms.iter().enumerate().filter(|(_, term)| !project.contains(&term.key));
        let ids = telling.map(|(id, term)| (term.key.as_str(), id)).collect();
        let mut vocabulary = Vocabulary { ids, known: HashMap::new() };
        let mut sources: Vec<(&'a str, &'a str)> =
            self.read.iter().copied().filter(|(path, _)| is_wanted(path)).collect();
        if !sources.iter().all(|(path, _)| is_shell(path)) {
            sources.retain(|(path, _)| !is_shell(path));
        }
        let documents: Vec<Document<'a>> = sources
            .into_iter()
            .map(|(path, text)| document(path, without_tests(path, text), &mut vocabulary))
            .collect();
        let of_files = Rarity::of(documents.iter().map(|document| &document.own), FILE_LENGTH);
        let of_units = Rarity::of(
            documents.iter().flat_map(|document| document.units.iter().map(|(_, own)| own)),
            UNIT_LENGTH,
        );
        let weigh = |rarity: &Rarity, counts: &Counts| -> Vec<(f64, usize)> {
            let weighed = counts.terms.iter().filter_map(|(id, times)| {
                let term = terms.get(*id)?;
                Some((term.weight * rarity.score(*id, *times, counts.length), *id))
            });
            weighed.collect()
        };
        let total = |parts: &[(f64, usize)]| parts.iter().map(|(score, _)| score).sum::<f64>();
        let mut ranked: Vec<Relevant<'a>> = Vec::new();
        for document in &documents {
            let mut units: Vec<(f64, &(Unit<'a>, Counts))> =
                document.units.iter().map(|both| (total(&weigh(&of_units, &both.1)), both)).collect();
            units.sort_by(|(a, one), (b, other)| b.total_cmp(a).then(one.0.line.cmp(&other.0.line)));
            let second = units.get(1).map_or(0.0, |(score, _)| *score);
            let Some((best, (unit, own))) = units.first() else { continue };
            let parts = weigh(&of_files, &document.own);
            let score = WHOLE * total(&parts) + best + SECOND * second;
            if score <= 0.0 {
                continue;
            }
            let term = |id: &usize| terms.get(*id);
            let mut told = weigh(&of_units, own);
            told.sort_by(|(a, one), (b, other)| b.total_cmp(a).then(one.cmp(other)));
            let titled = parts.iter().filter(|(_, id)| term(id).is_some_and(|term| term.is_titled)).count();
            ranked.push(Relevant {
                path: document.path,
                score,
                name: unit.name,
                line: unit.line,
                has: told.iter().filter_map(|(_, id)| term(id)).map(|term| term.said.clone()).collect(),
                titled,
                said: parts.iter().filter(|(_, id)| term(id).is_some_and(|term| !term.is_whole())).count(),
            });
        }
        ranked.sort_by(|one, other| other.score.total_cmp(&one.score).then(one.path.cmp(other.path)));
        ranked
    }
}

/// Scripts around a program speak of all of it.
fn is_shell(path: &str) -> bool {
    matches!(ending(path), "sh" | "bash" | "zsh" | "fish" | "ps1" | "bat")
}

fn document<'a>(path: &'a str, text: &'a str, vocabulary: &mut Vocabulary<'_, 'a>) -> Document<'a> {
    let mut own = Counts::default();
    let mut units: Vec<(Unit<'a>, Counts)> = Vec::new();
    for unit in units::of(text) {
        let mut counts = vocabulary.count(unit.text);
        own.add(&counts);
        counts.name(&vocabulary.all(unit.name), DEFINED);
        units.push((unit, counts));
    }
    let called = vocabulary.all(stem(name(path)));
    let above: Vec<usize> =
        vocabulary.all(folder(path)).into_iter().filter(|id| !called.contains(id)).collect();
    own.name(&called, CALLED);
    own.name(&above, ABOVE);
    Document { path, own, units }
}

/// How rare each term is among documents, and how long they are.
struct Rarity {
    documents: f64,
    holding: BTreeMap<usize, f64>,
    average: f64,
    length: f64,
}

impl Rarity {
    fn of<'c>(all: impl Iterator<Item = &'c Counts>, length: f64) -> Self {
        let mut rarity = Self { documents: 0.0, holding: BTreeMap::new(), average: 0.0, length };
        for counts in all {
            rarity.documents += 1.0;
            rarity.average += counts.length;
            counts.terms.keys().for_each(|id| *rarity.holding.entry(*id).or_default() += 1.0);
        }
        rarity.average = (rarity.average / rarity.documents.max(1.0)).max(1.0);
        rarity
    }

    fn score(&self, id: usize, times: f64, length: f64) -> f64 {
        let holding = self.holding.get(&id).copied().unwrap_or_default();
        let rare = (1.0 + (self.documents - holding + 0.5) / (holding + 0.5)).ln();
        let long = 1.0 - self.length + self.length * length / self.average;
        rare * times * (SATURATION + 1.0) / (times + SATURATION * long)
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
