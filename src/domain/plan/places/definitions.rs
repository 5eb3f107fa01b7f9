//! What a line defines, and an index of all that the files read define.

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::domain::plan::names;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{Places, is_prose, without_tests};

/// Longer lines are data.
const LINE: usize = 1_000;

/// Where each word is defined that the files read define, made when the first is asked for. Positions instead of
/// text, so that a tree of nothing but definitions stays small.
#[derive(Default)]
pub struct Definitions {
    all: OnceCell<Vec<Entry>>,
    /// The first of each word that a file other than prose defines.
    words: OnceCell<Vec<Entry>>,
}

#[derive(Clone, Copy)]
struct Entry {
    file: u32,
    line: u32,
    at: u32,
    length: u32,
}

impl<'a> Places<'a> {
    /// The line, from 1, at which a file that was read defines a name.
    pub fn definition(&self, path: &str, wanted: &str) -> Option<usize> {
        if !is_word(wanted) {
            return definition(self.text(path)?, wanted);
        }
        let file = self.read.binary_search_by(|(own, _)| (*own).cmp(path)).ok()?;
        let entries = self.definitions();
        let key = (wanted, file);
        let at = entries.partition_point(|entry| (self.word(entry), entry.file as usize) < key);
        let entry = entries.get(at).filter(|entry| (self.word(entry), entry.file as usize) == key)?;
        Some(entry.line as usize)
    }

    /// All words that files other than prose define, each once, sorted.
    pub fn defined_words(&self) -> impl Iterator<Item = &'a str> + '_ {
        let words = self.definitions.words.get_or_init(|| {
            let prose: Vec<bool> = self.read.iter().map(|(path, _)| is_prose(path)).collect();
            let is_code = |entry: &&Entry| prose.get(entry.file as usize) == Some(&false);
            let mut last = "";
            let mut words: Vec<Entry> = Vec::new();
            for entry in self.definitions().iter().filter(is_code) {
                if std::mem::replace(&mut last, self.word(entry)) != self.word(entry) {
                    words.push(*entry);
                }
            }
            words
        });
        words.iter().map(|entry| self.word(entry))
    }

    fn definitions(&self) -> &[Entry] {
        self.definitions.all.get_or_init(|| {
            let mut entries: Vec<Entry> = Vec::new();
            for (file, (path, text)) in self.read.iter().enumerate() {
                // A test that is called like the matter is not where it is done.
                collect(file, without_tests(path, text), &mut entries);
            }
            entries.sort_unstable_by_key(|entry| (self.word(entry), entry.file));
            entries
        })
    }

    fn file(&self, entry: &Entry) -> (&'a str, &'a str) {
        self.read.get(entry.file as usize).copied().unwrap_or_default()
    }

    fn word(&self, entry: &Entry) -> &'a str {
        let at = entry.at as usize;
        self.file(entry).1.get(at..at + entry.length as usize).unwrap_or_default()
    }
}

/// The first definition of each word of a file.
fn collect(file: usize, text: &str, out: &mut Vec<Entry>) {
    let mut start = 0;
    let mut known: HashSet<&str> = HashSet::new();
    let mut seen: Vec<&str> = Vec::new();
    for (index, raw) in text.split_inclusive('\n').enumerate() {
        let line = raw.trim_end_matches(['\n', '\r']);
        if line.len() < LINE && !is_comment(line) {
            seen.clear();
            for (at, word) in
                names::of(line).filter(|(_, word)| !word.starts_with(|c: char| c.is_ascii_digit()))
            {
                // Only where it stands first, as in [`definition`].
                if !seen.contains(&word) && defines(line, at, word.len()) && known.insert(word) {
                    let [file, line, at, length] = [file, index + 1, start + at, word.len()].map(narrow);
                    out.push(Entry { file, line, at, length });
                }
                seen.push(word);
            }
        }
        start += raw.len();
    }
}

/// A file is at most some hundred KB long.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn is_comment(line: &str) -> bool {
    let start = line.trim_start();
    match start.as_bytes() {
        [b'/', b'/', ..] | [b'*', ..] => true,
        [b'#', ..] => !start.starts_with("#define"),
        _ => false,
    }
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| is_part(c) && !c.is_ascii_digit()) && text.chars().all(is_part)
}

/// The line, from 1, that defines a name.
pub fn definition(text: &str, wanted: &str) -> Option<usize> {
    let defining = |line: &str| position(line, wanted).is_some_and(|at| defines(line, at, wanted.len()));
    text.lines().position(|line| line.len() < 1_000 && defining(line)).map(|at| at + 1)
}

/// Where a whole word stands in a line.
pub fn position(line: &str, word: &str) -> Option<usize> {
    line.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = line.get(..*at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

const DEFINING: [&str; 20] = [
    "fn",
    "fun",
    "macro_rules!",
    "def",
    "class",
    "struct",
    "enum",
    "trait",
    "func",
    "function",
    "interface",
    "type",
    "module",
    "const",
    "static",
    "object",
    "record",
    "var",
    "let",
    "val",
];

/// Does a line define the name that stands at a place in it? Asked of every word of a repository: cheap answers first.
pub fn defines(line: &str, at: usize, length: usize) -> bool {
    let before = line.get(..at).unwrap_or_default();
    if is_comment(before) {
        return false;
    }
    let start = before.trim_start();
    let after = line.get(at + length..).unwrap_or_default().trim_start();
    let named = line.get(at..at + length).unwrap_or_default();
    let last = before.split_whitespace().next_back().unwrap_or_default();
    // What is set within a function is its own.
    let outermost = !line.starts_with([' ', '\t']) || named.starts_with(char::is_uppercase);
    let member = || {
        ["public ", "private ", "protected ", "internal ", "pub ", "pub(crate) "]
            .iter()
            .any(|word| start.starts_with(word))
            // What is handed on is defined elsewhere.
            && !before.contains(['=', '('])
            && !before.contains(" use ")
            && (after.starts_with('(')
                || (after.starts_with(['{', '=', ';', ':', '<']) && before.split_whitespace().count() > 1))
    };
    // `let Some(x)`, `let Kind::Of`: a pattern takes apart what is defined elsewhere.
    let taken_apart = last == "let" && (after.starts_with(['(', '{']) || after.starts_with("::"));
    if DEFINING.contains(&last)
        && !taken_apart
        && (outermost || !matches!(last, "let" | "var" | "const") || member())
    {
        return true;
    }
    let of_go = start.starts_with("func (") && start.trim_end().ends_with(')');
    of_go
        || is_go_field(line, before, named, after)
        || last == "#define"
        || start == "def self."
        || is_called_at(line, before, named, after)
        || member()
        || {
            let argument = || line.trim_end().ends_with(',');
            outermost && start.is_empty() && after.starts_with('=') && !after.starts_with("==") && !argument()
        }
}

/// A field of a Go structure: name and type behind one tab, with nothing behind it but a tag and a comment.
fn is_go_field(line: &str, before: &str, named: &str, after: &str) -> bool {
    before == "\t"
        && named.starts_with(char::is_uppercase)
        && line.starts_with('\t')
        && FIELD_TYPE.is_in(after)
}

static FIELD_TYPE: Pattern = Pattern::new(
    r"^(?:[*\[\]]|map\[[\w.]+\]|chan |<-chan |\.\.\.)*(?:func\([^)]*\).*|[A-Za-z_][\w.]*(?:\[[\w., ]+\])?)(?:\s+`[^`]*`)?\s*(?://.*)?$",
);

/// Functions that no keyword announces.
fn is_called_at(line: &str, before: &str, named: &str, after: &str) -> bool {
    let assigned = before.ends_with('.')
        && (after.starts_with("= function") || after.starts_with("= (") && after.contains("=>"))
        || before.ends_with("prototype.") && after.starts_with('=');
    if assigned || !after.starts_with('(') || before.is_empty() {
        return assigned;
    }
    let plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '*' | '&'));
    // `Ship *Ferry::find(…) {`: the body of what a class declares elsewhere.
    let of_class = || {
        let owner = before.strip_suffix("::").filter(|owner| owner.contains(' '));
        owner.is_some_and(|owner| plain(owner) && !owner.starts_with("return "))
            && line.trim_end().ends_with('{')
    };
    let of_type = || plain(before) || of_class();
    if !before.starts_with(char::is_whitespace) && line.contains('{') && of_type() {
        return true;
    }
    let modifiers = || {
        before.split_whitespace().all(|word| {
            matches!(
                word,
                "async"
                    | "static"
                    | "get"
                    | "set"
                    | "public"
                    | "private"
                    | "protected"
                    | "override"
                    | "final"
            )
        })
    };
    let body = line.trim_end().ends_with('{') && !line.contains(';') && !line.contains("=>");
    let keyword =
        matches!(named, "if" | "for" | "while" | "switch" | "catch" | "match" | "return" | "function");
    body && !keyword && modifiers()
}

/// What a function or a class is called that a line defines.
pub fn defined_name(line: &str) -> Option<&str> {
    // Go writes whose method it is before the name.
    if let Some((_, rest)) = line.strip_prefix("func (").and_then(|rest| rest.split_once(") ")) {
        return rest
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .next()
            .filter(|name| !name.is_empty());
    }
    let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    let keyword = words
        .by_ref()
        .take(6)
        .find(|word| matches!(*word, "fn" | "fun" | "def" | "func" | "function" | "class"))?;
    let name = words.by_ref().find(|word| *word != "self")?;
    let starts = line.trim_start();
    let comment = starts.starts_with("//") || starts.starts_with('#') || starts.starts_with('*');
    (!comment && !keyword.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_of_more_languages_are_found() {
        for (text, name) in [
            ("private fun decodeHeader(\n", "decodeHeader"),
            ("  def self.call(env)\n", "call"),
            ("  parseArgs(args) {\n", "parseArgs"),
            ("  async load(path) {\n", "load"),
            ("macro_rules! json {\n", "json"),
            ("\tKeepSlash bool // and more\n", "KeepSlash"),
            ("\tHandlers   map[string][]Handler `json:\"x\"`\n", "Handlers"),
        ] {
            assert_eq!(definition(text, name), Some(1), "{text}");
        }
        for (text, name) in [
            ("  if (value) {\n", "if"),
            ("  parseArgs(args);\n", "parseArgs"),
            ("  items.each((item) => {\n", "items"),
            ("# def call(env)\n", "call"),
            ("\tKeepSlash = true\n", "KeepSlash = true"),
            ("\tRun(ctx)\n", "Run"),
            ("    if let Kind::Of(it) = self {\n", "Kind"),
            ("    let Some(it) = next else {\n", "Some"),
            ("pub use kinds::Kind;\n", "Kind"),
        ] {
            assert_eq!(definition(text, name), None, "{text}");
        }
    }
}
