//! Where a matter most likely lies when nobody names a path: by what files define, hold and are called.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::plan::clues::{self, Clue};
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{
    Places, definitions, existing, folder, is_aside, is_source, is_test, literals, name, relevance,
    split_camel, stem,
};
use crate::domain::plan::{terms, words};

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
/// What several words of the title in one name weigh, and one that is the whole name of one file.
const SEVERAL: u64 = 60;
const ALONE: u64 = 160;
/// In so many files a word of the title may stand that chooses the one called like it.
const OFTEN: usize = 8;

#[derive(Default)]
struct Found {
    score: u64,
    line: Option<usize>,
    called: Vec<String>,
    defines: Vec<String>,
    holds: Vec<String>,
    words: Vec<String>,
    /// A name of the title is its own, or defined in it; or several words of the title are in its name.
    is_titled: bool,
    /// A sentence of the issue has one of its names.
    is_told: bool,
}

impl Found {
    /// One word of a title in a file's name tells nothing; nor do names that it merely holds, or a single one that
    /// only code of the issue has.
    fn is_telling(&self) -> bool {
        let names = self.called.len() + self.defines.len() + self.holds.len();
        let defines = self.defines.len() > 1 || self.is_told && !self.defines.is_empty();
        let called = self.is_told && !self.called.is_empty() && names > 1;
        let words = self.words.len() > 1 || !self.words.is_empty() && !self.holds.is_empty();
        self.is_titled || defines || called || words
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
        for path in self.products() {
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
        // Beside a name that is written as code, its title's plain words name nothing.
        let mut named = false;
        let written = |clue: &&Clue| clue.is_titled && !clue.is_plain && clue.made_of.is_none();
        for clue in clues.iter().filter(written).chain(clues.iter().filter(|clue| !written(clue))) {
            let called = index.get(&flat(&clue.name)).map_or(&[][..], Vec::as_slice);
            if !(named && clue.is_titled && !written(&clue)) {
                self.weigh(clue, called, &mut all);
            }
            named |= written(&clue) && all.values().any(|found| found.is_titled);
        }
        self.weigh_words(title, &mut all);
        for found in all.values_mut() {
            let distinct = (found.called.len() + found.defines.len() + found.holds.len()) as u64;
            found.score = found.score * (2 + distinct.min(6)) / 3;
        }
        let builds =
            title.iter().flat_map(|word| terms::keys(word)).any(|key| relevance::is_of_building(&key));
        all.retain(|path, _| builds || !relevance::is_build(path));
        let enough = |found: &Found| found.score >= ENOUGH && found.is_telling();
        let mut ranked: Vec<(&str, Found)> = all.into_iter().filter(|(_, found)| enough(found)).collect();
        // What the title names is the matter; what only the issue's code names may be there to show it.
        if ranked.iter().any(|(_, found)| found.is_titled) {
            ranked.retain(|(_, found)| found.is_titled);
        }
        ranked.sort_by_key(|(path, found)| (std::cmp::Reverse(found.score), path.len(), *path));
        // What only hands on what the best does is no second place.
        if let Some((first, _)) = ranked.first().filter(|_| ranked.len() > 1) {
            let handing = self.importers(first);
            let alike = called_name(first);
            ranked.retain(|(path, _)| called_name(path) != alike || !handing.contains(path));
        }
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
        let product = || self.sources.iter().copied();
        // The project's own name is everywhere, and what belongs to another project is nowhere.
        let foreign =
            |owner: &String| !product().any(|(_, text)| words::holds(text, owner.trim_matches(['_', '-'])));
        if flat(&clue.name) == flat(stem(&self.snapshot.repository.name))
            || clue.owner.as_ref().is_some_and(foreign)
        {
            return;
        }
        for (path, text) in product() {
            let Some(name) = clue.spellings.iter().find(|name| words::holds(text, name)) else {
                continue;
            };
            if let Some(line) = self.definition(path, name) {
                signs.insert(path, (Sign::Defines, Some(line)));
            } else if let Some(line) = held(text, name) {
                signs.insert(path, (Sign::Holds, Some(line)));
                often.insert(path, text.matches(name.as_str()).take(6).count() as u64);
            }
        }
        for path in called.iter().copied().take(8) {
            let line = signs.get(path).filter(|(sign, _)| *sign == Sign::Defines).and_then(|(_, line)| *line);
            signs.insert(path, (Sign::Called, line));
        }
        let defining = signs.values().filter(|(sign, _)| *sign == Sign::Defines).count();
        let holding = signs.values().filter(|(sign, _)| *sign == Sign::Holds).count();
        let everywhere = holding > 8 && holding * 4 > product().count();
        signs.retain(|_, (sign, _)| match sign {
            Sign::Holds => !clue.is_plain && !everywhere,
            // A word that the whole project uses is no name of one place.
            Sign::Defines => !clue.is_plain || defining == 1 && holding <= OFTEN,
            Sign::Called => true,
        });
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
            found.is_titled |= clue.is_titled && sign > Sign::Holds;
            found.is_told |= clue.weight > 2;
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
        let mut alone: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
        let telling = title.iter().filter(|word| flat(word) != project);
        let title: Vec<(&str, bool)> = telling.map(|word| (word.as_str(), clues::is_general(word))).collect();
        // Files of one folder stand together.
        let mut above: (&str, BTreeSet<String>) = ("", BTreeSet::new());
        for path in self.products() {
            let own = words::nouns(&split_camel(stem(name(path))));
            if above.0 != folder(path) {
                above = (folder(path), words::nouns(&split_camel(folder(path))));
            }
            let called = called_name(path);
            let mut names = 0_u64;
            for (word, is_general) in &title {
                let named = own.iter().any(|other| alike(word, other));
                names += u64::from(named);
                if named || above.1.contains(*word) {
                    by_word.entry(word).or_default().push((path, named));
                }
                if !is_general && called == *word {
                    alone.entry(word).or_default().push(path);
                }
            }
            let several = names.saturating_sub(1);
            if several > 0 {
                let found = all.entry(path).or_default();
                found.score += SEVERAL * several;
                found.is_titled = true;
            }
        }
        for (word, paths) in alone {
            let held = self.sources.iter().filter(|(_, text)| words::holds(text, word));
            let [only] = paths.as_slice() else { continue };
            // What every other file speaks of is the matter of them all.
            if held.take(OFTEN + 1).count() <= OFTEN {
                let found = all.entry(only).or_default();
                found.score += ALONE;
                found.is_titled = true;
                found.called.push(words::quoted(word));
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

fn made(path: &str, mut found: Found) -> Likely {
    let mut seen = BTreeSet::new();
    for names in [&mut found.called, &mut found.defines, &mut found.holds, &mut found.words] {
        names.retain(|name| seen.insert(flat(name)));
    }
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
pub fn is_product(path: &str) -> bool {
    !is_test(path) && !is_aside(path) && is_written(path)
}

/// A source that somebody wrote, for every platform.
pub(super) fn is_written(path: &str) -> bool {
    let name = name(path);
    let built = || {
        path.split('/').any(|part| {
            matches!(part, "dist" | "target" | "coverage" | "__mocks__" | "mocks" | "third_party")
                || part.ends_with("_assets") && name.ends_with(".js")
        }) || name.ends_with(".map")
            || name.contains(".min.")
            || name.ends_with(".d.ts")
            || name.ends_with(".snap")
    };
    is_source(path) && !path.starts_with('.') && !is_variant(path) && !built()
}

/// One platform's own edition of a source.
fn is_variant(path: &str) -> bool {
    let platforms = [
        "windows", "win32", "unix", "posix", "linux", "darwin", "macos", "wasm", "amd64", "arm64", "freebsd",
    ];
    let last = stem(name(path)).rsplit_once(['_', '-', '.']).map_or("", |(_, last)| last);
    platforms.iter().any(|platform| last.eq_ignore_ascii_case(platform))
}

/// Forms of one word: `validation` and `validator`, `parses` and `parser`.
fn alike(word: &str, other: &str) -> bool {
    if word == other {
        return true;
    }
    let shared = word.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let rest = |word: &str| word.chars().skip(shared).collect::<String>();
    shared > 4 && FORMS.contains(&rest(word).as_str()) && FORMS.contains(&rest(other).as_str())
}

const FORMS: [&str; 18] = [
    "", "s", "es", "d", "ed", "e", "er", "r", "or", "ers", "ing", "ion", "ions", "ation", "ator", "ter",
    "tor", "ment",
];

/// Letters and digits alone, small.
pub(super) fn flat(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| c.is_alphanumeric()) {
        match c.is_ascii() {
            true => out.push(c.to_ascii_lowercase()),
            false => out.extend(c.to_lowercase()),
        }
    }
    out
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
    let holds = |line: &str| {
        (definitions::position(line, word).is_some() || (camel && line.contains(word)))
            && !literals::is_comment(line)
    };
    let short = |line: &str| line.len() < 1_000;
    let all = || text.lines().enumerate().filter(|(_, line)| short(line) && holds(line));
    let first = all().next()?.0;
    // What is defined by a longer name tells more than a mention of it, and an import tells least.
    let small = word.to_lowercase();
    let part = |line: &str| {
        definitions::defined_name(line).is_some_and(|name| {
            let name = name.to_lowercase();
            name.strip_suffix(&small).is_some_and(|rest| rest.ends_with('_') || camel)
        })
    };
    let defined = || text.lines().position(|line| short(line) && line.contains(word) && part(line));
    let used = || all().find(|(_, line)| !IMPORTS.is_in(line)).map(|(at, _)| at);
    Some(defined().or_else(used).unwrap_or(first) + 1)
}

static IMPORTS: Pattern = Pattern::new(r"^\s*(?:import|use|from|using|require|#include|package)\b");

#[cfg(test)]
mod tests {
    use crate::domain::plan::places::Places;
    use crate::domain::plan::tests::world::{issue, repository};
    use crate::domain::plan::{clues, statement};

    /// Path and line of what an issue points to.
    fn likely(files: &[(&str, &str)], title: &str, body: &str) -> Vec<(String, Option<usize>)> {
        let snapshot = repository("acme/web", "5a1ad00", files);
        let brief = issue(1, title, body);
        let reading = statement::read(&brief);
        let found = Places::new(&snapshot).likely(&clues::of(&brief, &reading), &clues::title_words(&brief));
        found.into_iter().map(|one| (one.place.path, one.place.line)).collect()
    }

    #[test]
    fn a_word_of_the_title_that_is_a_files_whole_name_comes_before_a_symbol() {
        let files = [
            ("browser.js", "module.exports = log\n"),
            ("lib/proto.js", "function enrich () {\n}\n"),
            ("lib/tools.js", ""),
        ];
        let found = likely(&files, "`enrich` is ignored in the browser", "It works in Node.");
        assert_eq!(found.first(), Some(&("browser.js".to_owned(), None)));
    }

    #[test]
    fn a_name_written_as_code_stands_above_the_plain_words_beside_it() {
        let files = [
            ("src/interval/index.ts", "export function interval() {}\n"),
            ("src/fp/interval/index.ts", "export const interval = 1\n"),
            ("src/toInterval/index.ts", "export function toInterval() {}\n"),
            (
                "src/fp/toInterval/index.ts",
                "import { toInterval } from \"../../toInterval/index.js\"\nexport { toInterval }\n",
            ),
        ];
        let found = likely(&files, "toInterval may be negative although its interval is not", "It is -3.");
        assert_eq!(found, [("src/toInterval/index.ts".to_owned(), Some(1))]);
    }

    #[test]
    fn a_qualified_name_of_the_title_is_a_field_and_none_of_its_words_is_a_file() {
        let files = [
            ("render/redirect.go", "package render\n"),
            ("web.go", "package web\n\ntype Engine struct {\n\tRedirectSlash bool\n}\n"),
        ];
        let found = likely(&files, "Slash is stripped even with r.RedirectSlash = false", "It is.");
        assert_eq!(found, [("web.go".to_owned(), Some(4))]);
    }

    #[test]
    fn words_of_every_project_and_its_own_name_choose_no_file() {
        let files = [
            ("web/main.py", "import web\n"),
            ("web/option.py", "def parse():\n    pass\n"),
            ("src/test.py", ""),
        ];
        assert_eq!(likely(&files, "Issue with the option in web", "The test fails in `web`."), []);
    }

    #[test]
    fn comments_and_editions_for_one_platform_do_not_win_over_plain_source() {
        let files = [
            ("src/screen_windows.go", "package src\nfunc drawPane() {}\n"),
            ("src/other.go", "package src\n// drawPane and ownPane are elsewhere\n"),
            ("src/screen.go", "package src\n\nfunc drawPane() {}\nfunc ownPane() {}\n"),
        ];
        assert_eq!(
            likely(&files, "drawPane leaves characters", "So does ownPane."),
            [("src/screen.go".into(), Some(3))]
        );
    }

    #[test]
    fn what_belongs_to_another_project_is_no_name_of_this_one() {
        let files =
            [("lib/acme/logger.rb", "class Logger\nend\n"), ("lib/acme/file.rb", "class Files\nend\n")];
        assert_eq!(likely(&files, "Writing to disk fails", "I use `Lumber::Logger` there."), []);
    }

    #[test]
    fn a_plain_word_of_the_title_counts_where_it_is_one_definition() {
        let files = [
            ("src/term.py", "import os\n\ndef progressbar(items):\n    pass\n"),
            ("src/other.py", "def duration():\n    pass\n"),
            ("src/more.py", "def duration():\n    pass\n"),
        ];
        let found = likely(&files, "Total duration in the progressbar", "It should show it.");
        assert_eq!(found, [("src/term.py".into(), Some(3))]);
    }

    #[test]
    fn several_words_of_the_title_in_one_name_are_found_in_any_form() {
        let files = [
            ("src/Converter.php", "<?php\nclass Converter {}\n"),
            ("src/Link/UrlLinkParser.php", "<?php\nclass UrlLinkParser {}\n"),
            ("src/Link/LinkExtension.php", "<?php\nclass LinkExtension {}\n"),
        ];
        let body = "```php\n$converter = new Converter();\n```";
        let found = likely(&files, "Links: parses an URL twice", body);
        assert_eq!(found.first().map(|(path, _)| path.as_str()), Some("src/Link/UrlLinkParser.php"));
    }
}
