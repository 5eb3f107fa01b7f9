//! Symbols in the files read: where one is defined, which are close, which one a line lies in.

use crate::domain::plan::model::Place;
use crate::domain::plan::places::definitions::{defined_name, defines, position};
use crate::domain::plan::places::likely::called_name;
use crate::domain::plan::places::{Places, declares_only, existing, folder, is_prose, is_source, name, stem};
use crate::domain::plan::trace::TraceFrame;
use crate::domain::plan::words;

/// Least letters of a name that is looked for without what stands before it.
const TELLING: usize = 6;

impl<'a> Places<'a> {
    /// Where a name is defined, else where a source first uses it, in the files read.
    pub fn symbol(&self, symbol: &str) -> Option<Symbol<'a>> {
        let wanted = last_segment(symbol);
        if wanted.len() < 3 || WORDS_OF_LANGUAGES.contains(&wanted) {
            return None;
        }
        let owner = owner_segment(symbol).and_then(|owner| self.type_file(owner));
        if let Some(path) = owner {
            let line = self.definition(path, wanted).or_else(|| self.begun(path, wanted));
            return Some(Symbol { path, line, defined: true, ambiguous: false });
        }
        // A short word behind a value, as in `replace.text`, is defined in many places, and none of them need be meant.
        let of_value = owner_segment(symbol).is_some_and(|owner| owner.starts_with(char::is_lowercase));
        let of_module =
            || owner_segment(symbol).is_some_and(|owner| self.files().any(|path| stem(name(path)) == owner));
        let stands = || self.read.iter().any(|(_, text)| words::holds(text, symbol));
        if of_value && wanted.len() < TELLING && !of_module() && !stands() {
            return None;
        }
        let files =
            self.snapshot.files.iter().filter(|(path, text)| is_source(path) && words::holds(text, wanted));
        let mut best: Option<((bool, bool, u8, usize), Symbol<'a>)> = None;
        let mut definitions = 0_usize;
        for (path, text) in files {
            let named = stem(name(path)) == wanted || called_name(path) == wanted.to_lowercase();
            let found = match self.definition(path, wanted) {
                Some(line) => Some((u8::from(!named), line, true)),
                None => text
                    .lines()
                    .position(|line| position(line, wanted).is_some())
                    .map(|at| (2, at + 1, false)),
            };
            let Some((rank, line, defined)) = found else { continue };
            definitions += usize::from(rank < 2 && !self.holds_tests(path) && !self.is_beside(path));
            let aside = self.is_beside(path) || declares_only(path);
            let rank = (self.holds_tests(path), aside, rank, path.len());
            if best.as_ref().is_none_or(|(seen, _)| rank < *seen) {
                best = Some((rank, Symbol { path, line: Some(line), defined, ambiguous: false }));
            }
        }
        match best {
            Some((rank, symbol)) if rank.2 < 2 => {
                let ambiguous = rank.2 == 1 && definitions > 2;
                Some(Symbol { ambiguous, ..symbol })
            }
            other => {
                let by_name = self.type_file(wanted).map(|path| Symbol {
                    path,
                    line: None,
                    defined: true,
                    ambiguous: false,
                });
                by_name.or(other.map(|(_, symbol)| symbol))
            }
        }
    }

    /// Where a file defines the one name that begins as a long one does: people leave off a plural.
    pub fn begun(&self, path: &str, wanted: &str) -> Option<usize> {
        let is_long = wanted.len() > TELLING;
        let own =
            self.defined(|other| other == path).filter(|(_, _, name)| is_long && name.starts_with(wanted));
        let mut own = own.map(|(_, line, _)| line);
        own.next().filter(|_| own.next().is_none())
    }

    /// The only source named like a type.
    pub fn type_file(&self, name: &str) -> Option<&'a str> {
        if !name.chars().next().is_some_and(char::is_uppercase) {
            return None;
        }
        let mut found: Vec<&str> = TYPED
            .iter()
            .flat_map(|ending| self.index.named(&format!("{name}.{ending}")))
            .copied()
            .filter(|path| !self.holds_tests(path))
            .collect();
        found.sort_by_key(|path| (self.is_beside(path), path.len()));
        match found.as_slice() {
            [only] => Some(only),
            [first, second, ..] if self.is_beside(second) && !self.is_beside(first) => Some(first),
            _ => None,
        }
    }

    /// Where the type lies that a qualified name belongs to: `Type` of `Type::name`.
    pub fn owner(&self, name: &str) -> Option<Place> {
        let owner =
            owner_segment(name).filter(|owner| owner.chars().next().is_some_and(char::is_uppercase))?;
        let place = |path: &'a str| Place { line: self.definition(path, owner), ..existing(path) };
        let called = || {
            let owner = owner.to_lowercase();
            let mut found = self.products().filter(|path| called_name(path) == owner);
            found.next().filter(|_| found.next().is_none()).map(place)
        };
        self.type_file(owner).map(place).or_else(|| self.defined_once(owner)).or_else(called)
    }

    /// Where a name stands in a file that is no source, such as a setting.
    pub fn standing(&self, name: &str) -> Option<Place> {
        let files = self.snapshot.files.iter().filter(|(path, _)| !is_prose(path) && !is_source(path));
        files.into_iter().find_map(|(path, text)| {
            let at = text.lines().position(|line| line.len() < 400 && position(line, name).is_some())?;
            Some(Place { line: Some(at + 1), ..existing(path) })
        })
    }

    /// Names defined in the files read that are close to one that is not there.
    pub fn similar_symbols(&self, symbol: &str) -> Vec<String> {
        let wanted = last_segment(symbol);
        let close = |word: &&str| word.len() > 3 && word.len().abs_diff(wanted.len()) < 4;
        let words = self.defined_words().filter(close).filter(|word| shares_letters(wanted, word));
        let scored = words.map(|word| (strsim::jaro_winkler(wanted, word), word));
        let near = scored.filter(|(score, _)| *score > 0.88);
        let mut scored: Vec<(u32, &str)> =
            near.map(|(score, word)| ((score * 1000.0) as u32, word)).collect();
        scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        scored.into_iter().take(3).map(|(_, word)| word.to_owned()).collect()
    }

    /// Functions and classes that the sources read define, of those wanted: path, line from 1, name; in this order.
    pub fn defined(
        &self,
        is_wanted: impl Fn(&str) -> bool,
    ) -> impl Iterator<Item = (&'a str, usize, &'a str)> {
        let sources = self.read.iter().filter(move |(path, _)| is_source(path) && is_wanted(path));
        sources.flat_map(|(path, text)| {
            let lines = text.lines().enumerate().filter(|(_, line)| line.len() < 400);
            lines.filter_map(|(index, line)| Some((*path, index + 1, defined_name(line)?)))
        })
    }

    /// The line of a frame where it lies in the frame's function as the file is here, else where that function
    /// begins; a line that the file does not have is none.
    pub fn framed(&self, path: &str, frame: &TraceFrame) -> Option<usize> {
        let line = frame.line;
        let Some(text) = self.text(path) else { return Some(line) };
        if let Some(source) = frame.source.as_deref() {
            let same: Vec<usize> = text
                .lines()
                .enumerate()
                .filter(|(_, line)| line.trim() == source)
                .map(|(at, _)| at + 1)
                .collect();
            match same.as_slice() {
                [only] => return Some(*only),
                many if many.contains(&line) => return Some(line),
                _ => {}
            }
        }
        let there = || {
            let checked = frame.source.is_none();
            text.lines().nth(line.saturating_sub(1)).filter(|_| checked).map(|_| line)
        };
        let Some(wanted) = frame.function.as_deref().and_then(called) else { return there() };
        let defining = |line: &str| {
            line.len() < 1_000 && position(line, wanted).is_some_and(|at| defines(line, at, wanted.len()))
        };
        let lines: Vec<&str> = text.lines().collect();
        let mut starts = lines.iter().enumerate().filter(|(_, line)| defining(line)).peekable();
        let Some(first) = starts.peek().map(|(at, _)| *at) else { return there() };
        let within =
            starts.any(|(at, _)| at < line && line <= at + extent(lines.get(at..).unwrap_or_default()));
        Some(if within { line } else { first + 1 })
    }

    /// The file of the tree that a frame means: of several that are called like it, the one with its function.
    pub fn framing(&self, frame: &TraceFrame) -> Option<&'a str> {
        if self.is_of_go(&frame.path) {
            return None;
        }
        let path = self.tail(&frame.path)?;
        let Some(wanted) = frame.function.as_deref().and_then(called) else { return Some(path) };
        let defines = |path: &&str| self.definition(path, wanted).is_some();
        if self.text(path).is_none() || defines(&path) {
            return Some(path);
        }
        let mut others = self.named(name(path)).filter(|other| !self.holds_tests(other)).filter(defines);
        match (others.next(), others.next()) {
            (Some(only), None) => Some(only),
            _ => Some(path),
        }
    }

    /// A package of Go's own library, such as `net/http/server.go`.
    fn is_of_go(&self, path: &str) -> bool {
        let first = folder(path).split('/').next().unwrap_or_default();
        path.ends_with(".go") && OF_GO.contains(&first) && !self.has_folder(first)
    }

    /// Does a function only hand out what a collection holds?
    pub fn is_accessor(&self, path: &str, function: &str) -> bool {
        let (Some(text), Some(wanted)) = (self.text(path), called(function)) else { return false };
        let Some(line) = self.definition(path, wanted) else { return false };
        let lines: Vec<&str> = text.lines().skip(line - 1).take(12).collect();
        let own = extent(&lines);
        let said = lines.get(1..own).unwrap_or_default().iter().map(|line| line.trim());
        let statements =
            said.filter(|line| line.chars().any(char::is_alphanumeric) && *line != "end").count();
        let hands_out = HANDS_OUT.contains(&wanted.trim_matches('_').to_lowercase().as_str());
        statements == 1 || statements < 5 && hands_out
    }

    /// The function or type whose definition stands last at or above a line.
    pub fn enclosing(&self, path: &str, line: usize) -> Option<(String, usize)> {
        let text = self.text(path)?;
        let above: Vec<&str> = text.lines().take(line).collect();
        for (index, line) in above.iter().enumerate().rev() {
            if let Some(name) = defined_name(line) {
                return Some((name.to_owned(), index + 1));
            }
        }
        None
    }
}

/// First folders of Go's own library.
const OF_GO: [&str; 26] = [
    "bufio", "bytes", "compress", "context", "crypto", "database", "encoding", "errors", "fmt", "go", "html",
    "io", "log", "math", "mime", "net", "os", "reflect", "regexp", "runtime", "sort", "strconv", "strings",
    "sync", "testing", "time",
];

/// Names of what hands out one of many.
const HANDS_OUT: [&str; 12] =
    ["get", "at", "index", "item", "nth", "peek", "first", "last", "fetch", "getitem", "charat", "elementat"];

/// The own name of a frame's function; none for one without a name.
fn called(function: &str) -> Option<&str> {
    let mut parts = function.rsplit(['.', ':', '#', '>', '$', '\\']);
    let own = |part: &&str| {
        let lambda = part.strip_prefix("func").is_some_and(|n| n.chars().all(|c| c.is_ascii_digit()));
        part.len() > 1 && !lambda
    };
    parts.find(own).map(|wanted| wanted.trim_matches(['(', ')', '*', '<', '>']))
}

/// How many lines a definition has: to its closing line, or to the next one that stands no deeper.
fn extent(lines: &[&str]) -> usize {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let Some(first) = lines.first() else { return 0 };
    let opens = |line: &str| matches!(line.trim_start().chars().next(), None | Some('{' | ')' | ']' | '#'));
    let ends = |line: &&str| indent(line) <= indent(first) && !opens(line);
    let Some(last) = lines.iter().skip(1).position(ends) else { return lines.len() };
    let closes = |line: &&str| ["}", "end"].iter().any(|mark| line.trim_start().starts_with(mark));
    last + 1 + usize::from(lines.get(last + 1).is_some_and(closes))
}

/// Where a name of the issue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Symbol<'a> {
    /// Its file.
    pub path: &'a str,
    /// Its line, from 1, where the file was read and holds it.
    pub line: Option<usize>,
    /// It is defined there, not only used.
    pub defined: bool,
    /// Other files define the same name as well.
    pub ambiguous: bool,
}

impl Symbol<'_> {
    /// As a place.
    pub fn place(&self) -> Place {
        Place { line: self.line, ..existing(self.path) }
    }
}

/// Endings of languages whose files are named after the type in them.
const TYPED: [&str; 9] = ["java", "kt", "cs", "php", "scala", "swift", "ts", "tsx", "vue"];

/// Words that are values or keywords in some language and name nothing of a repository.
const WORDS_OF_LANGUAGES: [&str; 48] = [
    "null",
    "None",
    "nil",
    "undefined",
    "true",
    "false",
    "True",
    "False",
    "self",
    "this",
    "void",
    "int",
    "string",
    "String",
    "bool",
    "float",
    "object",
    "Object",
    "private",
    "public",
    "protected",
    "internal",
    "static",
    "const",
    "class",
    "function",
    "interface",
    "abstract",
    "final",
    "async",
    "await",
    "return",
    "import",
    "export",
    "readonly",
    "override",
    "virtual",
    "struct",
    "enum",
    "typeof",
    "extends",
    "implements",
    "number",
    "boolean",
    "double",
    "char",
    "throws",
    "yield",
];

/// `Owner` of `Owner.member`.
fn owner_segment(symbol: &str) -> Option<&str> {
    let symbol = symbol.split(['(', '<']).next().unwrap_or(symbol);
    let mut parts = symbol.rsplit([':', '.', '#', '>']).filter(|part| !part.is_empty());
    parts.next()?;
    parts.next().map(|owner| owner.trim_end_matches('-'))
}

fn last_segment(symbol: &str) -> &str {
    let symbol = symbol.split(['(', '<']).next().unwrap_or(symbol);
    let symbol = symbol.trim_start_matches(['$', '@', '&']);
    symbol.rsplit([':', '.', '#', '>']).next().unwrap_or(symbol)
}

/// Could two names be as alike as is asked for, by the letters they have? Without the start that they share, their likeness is
/// 0.8 at least, a third of which is that all letters stand in the same order; so most of both have to be the same letters.
fn shares_letters(wanted: &str, word: &str) -> bool {
    let bit = |byte: u8| 1_u64 << (byte % 64);
    let letters = word.bytes().fold(0, |letters, byte| letters | bit(byte));
    let same = wanted.bytes().filter(|byte| letters & bit(*byte) != 0).count() as f64;
    same / wanted.len().max(1) as f64 + same / word.len().max(1) as f64 >= 1.4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    fn frame(path: &str, line: usize, function: &str) -> TraceFrame {
        TraceFrame { path: path.into(), line, function: Some(function.into()), said: None, source: None }
    }

    #[test]
    fn of_files_called_alike_a_frame_means_the_one_with_its_function() {
        let files = [
            ("shell/src/acme/Jar.kt", "class Jar {\n  fun load() = real.load()\n}\n"),
            (
                "core/src/acme/net/Jar.kt",
                "class Jar {\n  private fun decode(\n    text: String,\n  ) {}\n}\n",
            ),
        ];
        let snapshot = repository("acme/x", "5a1ad00", &files);
        let places = Places::new(&snapshot);
        assert_eq!(places.framing(&frame("acme/Jar.kt", 98, "decode")), Some("core/src/acme/net/Jar.kt"));
        assert_eq!(places.framing(&frame("acme/Jar.kt", 98, "load")), Some("shell/src/acme/Jar.kt"));
        assert_eq!(places.framing(&frame("acme/Jar.kt", 98, "gone")), Some("shell/src/acme/Jar.kt"));
    }

    #[test]
    fn the_line_of_a_frame_is_the_one_that_its_trace_quotes() {
        let text = "def a():\n    pass\n\ndef run():\n    first()\n    out = sinks[0].value()\n";
        let snapshot = repository("acme/x", "5a1ad00", &[("src/a.py", text)]);
        let places = Places::new(&snapshot);
        let quoting = |source: &str| {
            let source = Some(source.to_owned());
            places.framed("src/a.py", &TraceFrame { source, function: None, ..frame("src/a.py", 2, "") })
        };
        assert_eq!(quoting("out = sinks[0].value()"), Some(6));
        assert_eq!(quoting("out = sinks[1].value()"), None, "a line that is not there is not printed");
        assert_eq!(places.framed("src/a.py", &frame("src/a.py", 2, "run")), Some(4));
        assert_eq!(places.framed("src/a.py", &frame("src/a.py", 5, "run")), Some(5));
    }

    #[test]
    fn an_accessor_only_hands_out_what_it_is_asked_for() {
        let text = "func (c *Chars) Get(i int) rune {\n\tif runes := c.runes(); runes != nil {\n\t\treturn runes[i]\n\t}\n\treturn c.slice[i]\n}\n\nfunc build(c *Chars) int {\n\ta := 1\n\tb := 2\n\treturn a + b\n}\n";
        let snapshot = repository("acme/x", "5a1ad00", &[("src/chars.go", text)]);
        let places = Places::new(&snapshot);
        assert!(places.is_accessor("src/chars.go", "util.(*Chars).Get"));
        assert!(!places.is_accessor("src/chars.go", "util.build"));
    }
}
