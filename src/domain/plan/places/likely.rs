//! Where a matter most likely lies when nobody names a path: by what files define, hold and are called.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::plan::clues::Clue;
use crate::domain::plan::model::Place;
use crate::domain::plan::places::{
    Places, existing, folder, is_aside, is_source, is_test, name, split_camel, stem, symbols,
};
use crate::domain::plan::words;

/// A file and what speaks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likely {
    /// The file, with the line of its best evidence where one is known.
    pub place: Place,
    /// Such as "defines `a` and holds `b`".
    pub because: String,
}

/// What frameworks put behind a name.
const ROLES: [&str; 6] = ["command", "controller", "handler", "service", "middleware", "component"];
/// Least weight of what speaks for a file.
const ENOUGH: u64 = 24;
/// From this share of the best on, in percent, a second file is as likely.
const CLOSE: u64 = 80;

#[derive(Default)]
struct Found {
    score: u64,
    line: Option<usize>,
    called: Vec<String>,
    defines: Vec<String>,
    holds: Vec<String>,
    words: Vec<String>,
}

impl Found {
    /// One word of a title in a file's name tells nothing; nor does a single name that it merely holds.
    fn is_telling(&self) -> bool {
        let named = !self.called.is_empty() || !self.defines.is_empty();
        named || self.holds.len() > 1 || self.words.len() > 1 || (self.holds.len() + self.words.len() > 1)
    }
}

/// How strongly one name speaks for a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    Holds,
    Defines,
    Called,
}

impl<'a> Places<'a> {
    /// Files whose name, or whose folder's, is one of the names.
    pub fn called(&self, clues: &[Clue]) -> Vec<&'a str> {
        let index = self.by_flat_name(clues);
        index.into_values().flat_map(|paths| paths.into_iter().take(8)).collect()
    }

    fn by_flat_name(&self, clues: &[Clue]) -> BTreeMap<String, Vec<&'a str>> {
        let mut index: BTreeMap<String, Vec<&str>> =
            clues.iter().map(|clue| (flat(&clue.name), Vec::new())).collect();
        for path in self.files().filter(|path| is_product(path)) {
            let called = called_name(path);
            let bare = ROLES.iter().find_map(|role| called.strip_suffix(role)).filter(|bare| bare.len() > 3);
            for name in std::iter::once(called.as_str()).chain(bare) {
                if let Some(paths) = index.get_mut(name) {
                    paths.push(path);
                }
            }
        }
        index.values_mut().for_each(|paths| {
            let depth = |path: &&str| path.matches('/').count();
            let top = paths.iter().map(depth).min().unwrap_or(0);
            if paths.len() > 3 {
                paths.retain(|path| depth(path) == top);
            }
        });
        index
    }

    /// The one or two files that the clues and the title's words point to; none where nothing stands out.
    pub fn likely(&self, clues: &[Clue], title: &BTreeSet<String>) -> Vec<Likely> {
        let mut all: BTreeMap<&'a str, Found> = BTreeMap::new();
        let index = self.by_flat_name(clues);
        for clue in clues {
            let called = index.get(&flat(&clue.name)).map_or(&[][..], Vec::as_slice);
            self.weigh(clue, called, &mut all);
        }
        self.weigh_words(title, &mut all);
        for found in all.values_mut() {
            let distinct = (found.called.len() + found.defines.len() + found.holds.len()) as u64;
            found.score = found.score * (2 + distinct.min(6)) / 3;
        }
        let enough = |found: &Found| found.score >= ENOUGH && found.is_telling();
        let mut ranked: Vec<(&str, Found)> = all.into_iter().filter(|(_, found)| enough(found)).collect();
        ranked.sort_by_key(|(path, found)| (std::cmp::Reverse(found.score), path.len(), *path));
        let best = ranked.first().map_or(0, |(_, found)| found.score);
        let near = ranked.iter().filter(|(_, found)| found.score * 100 >= best * CLOSE).count();
        if near > 3 {
            return Vec::new();
        }
        ranked.into_iter().take(near.min(2)).map(|(path, found)| made(path, found)).collect()
    }

    fn weigh(&self, clue: &Clue, called: &[&'a str], all: &mut BTreeMap<&'a str, Found>) {
        let mut signs: BTreeMap<&'a str, (Sign, Option<usize>)> = BTreeMap::new();
        let mut often: BTreeMap<&'a str, u64> = BTreeMap::new();
        // The project's own name is everywhere: it tells where its program begins, and nothing else.
        let general = flat(&clue.name) == flat(stem(&self.snapshot.repository.name));
        for (path, text) in &self.snapshot.files {
            if general || !is_product(path) {
                continue;
            }
            let Some(name) = clue.spellings.iter().find(|name| text.contains(name.as_str())) else {
                continue;
            };
            if let Some(line) = symbols::definition(text, name) {
                signs.insert(path, (Sign::Defines, Some(line)));
            } else if let Some(line) = held(text, name) {
                signs.insert(path, (Sign::Holds, Some(line)));
                often.insert(path, text.matches(name.as_str()).take(6).count() as u64);
            }
        }
        let begins = |path: &&str| !general || stem(name(path)) == "main";
        for path in called.iter().copied().filter(begins).take(8) {
            let line = signs.get(path).and_then(|(_, line)| *line);
            signs.insert(path, (Sign::Called, line));
        }
        let spread = |wanted: Sign| signs.values().filter(|(sign, _)| *sign == wanted).count() as u64;
        let spreads = [Sign::Holds, Sign::Defines, Sign::Called].map(|sign| (sign, spread(sign)));
        for (path, (sign, line)) in signs {
            let times = match sign {
                Sign::Called => 6,
                Sign::Defines => 4,
                Sign::Holds => 1 + often.get(path).copied().unwrap_or(1) / 2,
            };
            let spread = spreads.iter().find(|(of, _)| *of == sign).map_or(1, |(_, spread)| *spread);
            let found = all.entry(path).or_default();
            let score = clue.weight * times * 12 / (2 + spread.min(40));
            found.score += score;
            let named = clue.told();
            match sign {
                Sign::Called => found.called.push(named),
                Sign::Defines => found.defines.push(named),
                Sign::Holds => found.holds.push(named),
            }
            if found.line.is_none() || (sign > Sign::Holds && found.defines.len() + found.called.len() == 1) {
                found.line = line;
            }
        }
    }

    fn weigh_words(&self, title: &BTreeSet<String>, all: &mut BTreeMap<&'a str, Found>) {
        let project = flat(stem(&self.snapshot.repository.name));
        let mut by_word: BTreeMap<&str, Vec<(&'a str, bool)>> = BTreeMap::new();
        for path in self.files().filter(|path| is_product(path)) {
            let own = words::nouns(&split_camel(stem(name(path))));
            let above = words::nouns(&split_camel(folder(path)));
            for word in title.iter().filter(|word| flat(word) != project) {
                if own.contains(word) || above.contains(word) {
                    by_word.entry(word).or_default().push((path, own.contains(word)));
                }
            }
        }
        for (word, paths) in by_word {
            let spread = paths.len() as u64;
            for (path, in_name) in paths {
                let found = all.entry(path).or_default();
                found.score += 12 * if in_name { 12 } else { 4 } / (2 + spread.min(60));
                if in_name {
                    found.words.push(words::quoted(word));
                }
            }
        }
    }
}

fn made(path: &str, found: Found) -> Likely {
    let part = |verb: &str, names: &[String]| {
        (!names.is_empty()).then(|| format!("{verb} {}", words::some(names, 2)))
    };
    let parts = [
        part("is called", &found.called),
        part("defines", &found.defines),
        part("holds", &found.holds),
        part("has", &found.words).map(|said| format!("{said} in its name")),
    ];
    let said: Vec<String> = parts.into_iter().flatten().take(2).collect();
    Likely { place: Place { line: found.line, ..existing(path) }, because: words::list(&said) }
}

/// Part of the product: neither test nor example, neither built nor packed.
pub(super) fn is_product(path: &str) -> bool {
    let name = name(path);
    let built = path.split('/').any(|part| matches!(part, "dist" | "target" | "coverage" | "__mocks__"))
        || name.ends_with(".map")
        || name.contains(".min.")
        || name.ends_with(".d.ts")
        || name.ends_with(".snap");
    is_source(path) && !is_test(path) && !is_aside(path) && !built && !path.starts_with('.')
}

/// Letters and digits alone, small.
fn flat(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a file is called: its name, or its folder's where its own says nothing.
pub fn called_name(path: &str) -> String {
    match stem(name(path)) {
        "index" | "mod" | "lib" | "main" | "__init__" => flat(name(folder(path))),
        stem => flat(stem),
    }
}

/// The first line that holds a whole word.
fn held(text: &str, word: &str) -> Option<usize> {
    let camel =
        word.chars().next().is_some_and(char::is_uppercase) && word.chars().skip(1).any(char::is_uppercase);
    let holds = |line: &str| symbols::position(line, word).is_some() || (camel && line.contains(word));
    text.lines().position(|line| line.len() < 1_000 && holds(line)).map(|at| at + 1)
}
