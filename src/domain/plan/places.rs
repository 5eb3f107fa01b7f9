//! The tree, indexed: is it there, what is close, who defines it, who uses it.

mod commands; // which source carries out a command
pub(super) mod definitions; // what a line defines
mod filled; // texts with blanks for values
mod generated; // what a tool wrote
mod imports; // who imports a file, provably
mod index; // the tree by path, name and kind
mod installed; // what a trace from an installed package means
mod keys; // where a key is read
mod launcher; // what only starts another file
mod likely; // where a matter lies when nobody says
mod literals; // where a message stands
mod pointed; // what an issue's code and options point to
mod pytest; // what its settings take for tests
mod relevance; // which sources have most of an issue
mod signatures; // how a function is called
mod symbols; // where a name is defined
mod thrown; // where an exception is thrown
mod units; // a source cut into what it defines
mod verbatim; // where a text stands letter for letter

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;

use crate::domain::escape;
use crate::domain::plan::clues;
use crate::domain::plan::model::Place;
use crate::domain::plan::words;
use crate::domain::snapshot::Snapshot;

use definitions::Definitions;
pub use imports::is_script;
use index::{File, Index};
use installed::Installed;
pub use likely::{Likely, is_product};
pub use literals::is_comment;
use pytest::Declared;
pub use relevance::Relevant;
pub use signatures::fullest;
pub use symbols::Symbol;
pub use verbatim::Verbatim;

/// Longer lines are data, or code that was packed.
pub const LINE: usize = 400;

/// The tree of one commit.
pub struct Places<'a> {
    /// What it was made from.
    pub snapshot: &'a Snapshot,
    index: Index<'a>,
    /// The files read, by path.
    read: Vec<(&'a str, &'a str)>,
    /// Those of the product.
    sources: Vec<(&'a str, &'a str)>,
    /// Those of which their heads say that a tool wrote them.
    generated: HashSet<&'a str>,
    definitions: Definitions,
}

impl<'a> Places<'a> {
    /// Indexes a snapshot.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        let read: Vec<(&str, &str)> =
            snapshot.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let declared = Declared::of(snapshot);
        let written = read.iter().filter(|(path, text)| is_source(path) && generated::is_generated(text));
        let generated: HashSet<&str> = written.map(|(path, _)| *path).collect();
        let own = |path: &str| is_product(path) && !declared.takes(path) && !generated.contains(path);
        Self {
            snapshot,
            index: Index::of(&snapshot.tree, (&declared, &generated)),
            sources: read.iter().copied().filter(|(path, _)| own(path)).collect(),
            read,
            generated,
            definitions: Definitions::default(),
        }
    }

    /// Was a tree read at all?
    pub fn known(&self) -> bool {
        !self.snapshot.tree.is_empty()
    }

    /// All files, sorted.
    pub fn files(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.index.files().iter().map(File::path)
    }

    /// Those of the product, sorted.
    pub fn products(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.index.files().iter().filter(|file| file.is_product).map(File::path)
    }

    /// Those that were read and are no tests, with their texts, sorted.
    pub fn read_sources(&self) -> impl Iterator<Item = (&'a str, &'a str)> + '_ {
        self.read.iter().copied().filter(|(path, _)| is_source(path) && !is_test(path))
    }

    /// Those of tests, sorted.
    pub fn tests(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.index.files().iter().filter(|file| file.is_test).map(File::path)
    }

    /// Those that are neither tests nor beside the product, whatever they hold, sorted.
    pub fn proper(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.index.files().iter().filter(|file| !file.is_test && !file.is_aside).map(File::path)
    }

    /// Is it a file of tests, by its path or by what the repository takes for tests?
    pub fn holds_tests(&self, path: &str) -> bool {
        is_test(path) || self.index.file(path).is_some_and(|file| file.is_test)
    }

    /// Does it stand beside what somebody wrote of the product?
    pub fn is_beside(&self, path: &str) -> bool {
        is_aside(path) || self.generated.contains(path)
    }

    /// Does it do nothing but start another file?
    pub fn is_launcher(&self, path: &str) -> bool {
        self.text(path).is_some_and(launcher::is_launcher)
    }

    /// Is it a file?
    pub fn has(&self, path: &str) -> bool {
        self.index.file(path).is_some()
    }

    /// Is it a folder?
    pub fn has_folder(&self, path: &str) -> bool {
        self.index.folder(path.trim_end_matches('/')).is_some()
    }

    /// Does it lie where the tree could not be read? Then nobody knows whether it is there.
    pub fn is_hidden(&self, path: &str) -> bool {
        let path = path.trim_start_matches("./").trim_end_matches('/');
        let over = |hidden: &String| {
            path.strip_prefix(hidden.trim_end_matches('/'))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        !self.has(path) && self.snapshot.unreadable.iter().any(over)
    }

    /// Its blob id.
    pub fn blob(&self, path: &str) -> Option<&'a str> {
        self.index.file(path).map(|file| file.entry.sha.as_str())
    }

    /// Its text, where it was read.
    pub fn text(&self, path: &str) -> Option<&'a str> {
        self.snapshot.files.get(path).map(String::as_str)
    }

    /// It as JSON, where it was read and is some; a byte order mark before it is none of it.
    pub fn json(&self, path: &str) -> Option<Value> {
        serde_json::from_str(self.text(path)?.trim_start_matches('\u{feff}')).ok()
    }

    /// The one file or folder a spelling means: the path itself, or the only file that ends with it.
    pub fn resolve(&self, spelling: &str) -> Option<&'a str> {
        let spelling = spelling.trim_end_matches('/');
        let whole = self.index.file(spelling).map(File::path).or_else(|| self.index.folder(spelling));
        if whole.is_some() {
            return whole;
        }
        let candidates = self.index.named(name(spelling));
        let ends = |path: &&&str| path.strip_suffix(spelling).is_some_and(|before| before.ends_with('/'));
        let mut fitting = candidates.iter().filter(ends);
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }

    /// All files of a name.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &'a str> + '_ {
        self.index.named(name).iter().copied()
    }

    /// The file of the tree that a longer, foreign path ends with, as in stack traces.
    pub fn tail(&self, foreign: &str) -> Option<&'a str> {
        if let Installed::Package(own) = self.installed(foreign) {
            return own;
        }
        let candidates = self.index.named(name(foreign));
        let fits = |path: &&&str| {
            foreign == **path || foreign.strip_suffix(**path).is_some_and(|before| before.ends_with('/'))
        };
        // A bare name that only an example or a test bears is the reader's own script.
        let own = !foreign.contains('/');
        let within = |path: &&&str| {
            let inside = path.strip_suffix(foreign).is_some_and(|before| before.ends_with('/'));
            inside && !(own && (is_aside(path) || is_test(path)))
        };
        candidates
            .iter()
            .filter(fits)
            .max_by_key(|path| path.len())
            .or_else(|| candidates.iter().find(within))
            .copied()
            .or_else(|| nearest(candidates, foreign))
    }

    /// Up to three files whose names are close.
    pub fn similar(&self, missing: &str) -> Vec<&'a str> {
        let wanted = name(missing);
        let stem = stem(wanted).to_lowercase();
        let score = |file: &File<'a>| {
            let (path, here) = (file.path(), file.name);
            let own = self::stem(here);
            if own.len().abs_diff(stem.len()) > 3 {
                return None;
            }
            let close = strsim::jaro_winkler(&stem, &own.to_lowercase());
            let is_near =
                here == wanted || own.eq_ignore_ascii_case(&stem) || (close >= 0.88 && stem.len() > 3);
            let bonus = if folder(path) == folder(missing) { 0.2 } else { 0.0 };
            is_near.then_some((((close + bonus) * 1000.0) as u32, path))
        };
        let mut scored: Vec<(u32, &str)> = self.index.files().iter().filter_map(score).collect();
        scored.sort_by_key(|(score, path)| (std::cmp::Reverse(*score), *path));
        scored.into_iter().take(3).map(|(_, path)| path).collect()
    }

    /// An existing file of the same kind: same folder first, same ending always.
    pub fn beside(&self, missing: &str) -> Option<&'a str> {
        let ending = ending(missing);
        let mut fitting: Vec<&str> = self.files().filter(|path| self::ending(path) == ending).collect();
        fitting.sort_by_key(|path| (folder(path) != folder(missing), path.len()));
        fitting.into_iter().find(|path| folder(path) == folder(missing))
    }

    /// Sources that share words with a title and a text, best first: rare words count more, the title's most.
    pub fn about(&self, title: &str, text: &str) -> Vec<&'a str> {
        let (mut title, rest) = (words::nouns(title), words::nouns(text));
        let project = stem(&self.snapshot.repository.name).to_lowercase();
        title.retain(|word| *word != project && (word == "test" || !clues::is_general(word)));
        let asides = ["docs", "documentation", "readme", "benchmark", "example", "sample", "test"];
        let wants_asides = asides.iter().any(|aside| title.contains(*aside));
        let files: Vec<(&str, BTreeSet<String>)> = self
            .files()
            .filter(|path| {
                !path.starts_with(".github/")
                    && (wants_asides || !(self.is_beside(path) || self.holds_tests(path)))
            })
            .filter(|path| wants_asides || is_source(path) || ending(path) == "md")
            .map(|path| (path, words::nouns(&split_camel(path))))
            .collect();
        let mut spread: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, own) in &files {
            for word in own.iter().filter(|word| title.contains(*word) || rest.contains(*word)) {
                *spread.entry(word).or_default() += 1;
            }
        }
        let mut scored: Vec<(u64, &str)> = Vec::new();
        for (path, own) in &files {
            let in_name = words::nouns(&split_camel(stem(name(path))));
            let weight = |word: &String| {
                let rarity = 1_000 / (4 + spread.get(word.as_str()).copied().unwrap_or(1) as u64);
                let said = if title.contains(word) { 4 } else { 1 };
                rarity * said * if in_name.contains(word) { 3 } else { 1 }
            };
            let score: u64 = own.iter().filter(|word| spread.contains_key(word.as_str())).map(weight).sum();
            let said_in_title = own.iter().any(|word| title.contains(word));
            if said_in_title && (wants_asides || ending(path) != "md") {
                scored.push((score, path));
            }
        }
        scored.sort_by_key(|(score, path)| (std::cmp::Reverse(*score), path.len(), *path));
        let best = scored.first().map_or(0, |(score, _)| *score);
        scored.into_iter().filter(|(score, _)| *score * 3 >= best).map(|(_, path)| path).collect()
    }

    /// Address at the commit, where repository and commit are known and the path exists.
    pub fn link(&self, place: &Place) -> Option<String> {
        let snapshot = self.snapshot;
        let linkable = !place.new && !snapshot.repository.url.is_empty() && !snapshot.base_sha.is_empty();
        let lines = place.line.and_then(|line| u32::try_from(line).ok()).map(|line| (line, line));
        linkable.then(|| {
            escape::link::permalink(&snapshot.repository.url, &snapshot.base_sha, &place.path, lines)
        })
    }
}

/// The one file that shares folder and name, and most of what lies above, with a foreign path: `src/` is not installed.
fn nearest<'a>(candidates: &[&'a str], foreign: &str) -> Option<&'a str> {
    let shared = |path: &str| {
        let mut pairs = path.rsplit('/').zip(foreign.rsplit('/'));
        let same = pairs.by_ref().take_while(|(own, other)| own == other).count();
        let above = (path.rsplit('/').nth(same), foreign.rsplit('/').nth(same));
        let package = matches!(above, (Some(own), Some(other)) if is_package(own, other));
        2 * same + usize::from(package)
    };
    let mut scored: Vec<(usize, &str)> = candidates.iter().map(|path| (shared(path), *path)).collect();
    scored.sort_by_key(|(score, path)| (std::cmp::Reverse(*score), *path));
    match scored.as_slice() {
        [(score, only)] if *score > 3 => Some(only),
        [(score, first), (second, _), ..] if *score > 3 && score > second => Some(first),
        _ => None,
    }
}

/// `grep-matcher-0.1.5` of a cache is the folder `matcher` of a workspace.
fn is_package(own: &str, installed: &str) -> bool {
    let bare = installed
        .rsplit_once('-')
        .filter(|(_, version)| version.starts_with(|c: char| c.is_ascii_digit()))
        .map_or(installed, |(name, _)| name);
    bare == own || bare.ends_with(&format!("-{own}")) || bare.ends_with(&format!("_{own}"))
}

/// Declares types of what another file does.
pub fn declares_only(path: &str) -> bool {
    [".d.ts", ".d.mts", ".d.cts", ".pyi"].iter().any(|end| path.ends_with(end))
}

/// A file of a program, as opposed to prose, settings and locks.
pub fn is_source(path: &str) -> bool {
    !is_prose(path)
        && !matches!(
            ending(path),
            "json"
                | "xml"
                | "lock"
                | "yml"
                | "yaml"
                | "svg"
                | "csv"
                | "html"
                | "png"
                | "toml"
                | "cfg"
                | "ini"
                | "sum"
                | "mod"
                | "csproj"
                | "sln"
                | "props"
                | "gradle"
        )
        && name(path).contains('.')
}

/// A file beside the product: examples, benchmarks, samples, documentation, generated or vendored code.
pub fn is_aside(path: &str) -> bool {
    is_tooling(path)
        || folder(path).split('/').any(|part| {
            ASIDES.iter().any(|aside| part.eq_ignore_ascii_case(aside))
                || part.starts_with("docs-")
                || part.ends_with(".Artifacts")
                || part.ends_with(".Benchmarks")
        })
}

/// Folders of what is no part of the product.
const ASIDES: [&str; 26] = [
    "example",
    "examples",
    "sample",
    "samples",
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    "doc",
    "docs",
    "demo",
    "demos",
    "fixtures",
    "testdata",
    "vendor",
    "node_modules",
    "third_party",
    "generated",
    "contrib",
    "snippets",
    "playground",
    "playgrounds",
    "e2e",
    "sandbox",
    "treeshake",
    "documentation",
];

/// `scripts` and `tools` of the repository, or of one of its packages; deeper inside, the product calls its own commands so.
fn is_tooling(path: &str) -> bool {
    let mut folders = folder(path).split('/');
    let top = match folders.next() {
        Some("packages" | "crates" | "apps" | "libs" | "modules") => folders.nth(1),
        top => top,
    };
    top.is_some_and(|top| ["scripts", "tools"].iter().any(|name| top.eq_ignore_ascii_case(name)))
}

/// Words of a path or name, those of a CamelCase name apart.
pub fn split_camel(path: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for c in path.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            out.push(' ');
        }
        out.push(if matches!(c, '_' | '-' | '.' | '/') { ' ' } else { c });
        before = c;
    }
    out
}

/// A file that exists.
pub fn existing(path: &str) -> Place {
    Place { path: path.to_owned(), new: false, beside: None, line: None }
}

/// Last part of a path. Asked of every file again and again, and short: a walk over its bytes is the fastest.
pub fn name(path: &str) -> &str {
    let slash = path.bytes().rposition(|byte| byte == b'/');
    slash.and_then(|at| path.get(at + 1..)).unwrap_or(path)
}

/// A name in a folder; the root is the empty one.
pub fn within(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// All but the last part.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Name without its last ending.
pub fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some(("", _)) | None => name,
        Some((stem, _)) => stem,
    }
}

/// What stands behind the last period of the name.
pub fn ending(path: &str) -> &str {
    name(path).rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// Is it text for people rather than code?
pub fn is_prose(path: &str) -> bool {
    matches!(ending(path).to_ascii_lowercase().as_str(), "md" | "rst" | "txt" | "adoc")
        || name(path) == "LICENSE"
}

/// A source without the tests at its end, as Rust has them.
pub fn without_tests<'t>(path: &str, text: &'t str) -> &'t str {
    match path.ends_with(".rs").then(|| text.find("\n#[cfg(test)]\nmod ")).flatten() {
        Some(at) => text.get(..at).unwrap_or(text),
        None => text,
    }
}

/// Is it a file of tests?
pub fn is_test(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = stem(name);
    let folder_says = path.split('/').any(|part| {
        matches!(part, "tests" | "test" | "__tests__" | "spec" | "specs") || part.starts_with("test-")
    }) || folder.contains('.')
        && folder.split('/').any(|part| {
            [".Tests", ".Test", ".UnitTests", ".IntegrationTests", ".Specs"]
                .iter()
                .any(|end| part.ends_with(end))
        });
    // pytest and those who follow it keep theirs there.
    let testing = path.starts_with("testing/") && ending(name) == "py";
    // One folder for each function, with its source and its test: `index.ts` and `test.ts`.
    let alone = matches!(stem, "test" | "tests" | "spec") && (is_script(name) || ending(name) == "rs")
        || name == "tests.py";
    let name_says = alone
        || testing
        || stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem.ends_with(".test")
        || stem.ends_with(".spec")
        || stem.ends_with("_spec")
        || (["Test", "Tests", "Tester"].iter().any(|end| stem.ends_with(end))
            && matches!(ending(name), "java" | "kt" | "cs" | "php"));
    name_says
        || (folder_says && !matches!(ending(name), "md" | "json" | "yml" | "yaml" | "toml" | "txt" | "csv"))
}

#[cfg(test)]
mod tests {
    use super::is_aside;

    #[test]
    fn scripts_stand_beside_the_product_and_not_inside_it() {
        for path in ["scripts/build.py", "Tools/gen.go", "packages/web/scripts/pack.js"] {
            assert!(is_aside(path), "{path}");
        }
        for path in ["ferry/scripts/compile.py", "src/tools/mod.rs", "packages/web/src/tools/index.ts"] {
            assert!(!is_aside(path), "{path}");
        }
    }
}
