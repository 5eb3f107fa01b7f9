//! A source cut into what it defines: a function, a method or a type with what is said above it.

use crate::domain::plan::places::LINE;

/// Most units of a file; what follows belongs to the last.
const UNITS: usize = 600;

/// A part of a file: from what is said above a definition to the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit<'a> {
    /// What it defines; empty for what stands before all definitions.
    pub(super) name: &'a str,
    /// The line that defines it, from 1.
    pub(super) line: usize,
    /// All of its text.
    pub(super) text: &'a str,
}

/// The units of a text, in order; together they are the whole text.
pub(super) fn of(text: &str) -> Vec<Unit<'_>> {
    let mut units: Vec<Unit<'_>> = Vec::new();
    let mut open = Unit { name: "", line: 1, text: "" };
    let (mut from, mut at) = (0, 0);
    // Where the comments and attributes begin that stand right above the next line.
    let mut above: Option<usize> = None;
    // Where indentation ends a body, what begins at the margin is no part of it.
    let mut indented = false;
    for (index, raw) in text.split_inclusive('\n').enumerate() {
        let line = raw.trim_end();
        let name = if units.len() < UNITS { defined(line) } else { None };
        if name.is_some() {
            indented = line.ends_with(':');
        }
        let name = name.or_else(|| constant(line).filter(|_| indented && units.len() < UNITS));
        if let Some(name) = name {
            let begin = above.unwrap_or(at);
            let before = text.get(from..begin).unwrap_or_default();
            if !before.is_empty() {
                units.push(Unit { text: before, ..open });
            }
            open = Unit { name, line: index + 1, text: "" };
            from = begin;
        }
        let said = raw.trim_start();
        let leads = ["//", "#", "*", "/*", "@", "["].iter().any(|mark| said.starts_with(mark));
        above = if leads { above.or(Some(at)) } else { None };
        at += raw.len();
    }
    units.push(Unit { text: text.get(from..).unwrap_or_default(), ..open });
    units
}

/// A constant of several lines: `KINDS = {`.
fn constant(line: &str) -> Option<&str> {
    let (name, value) = line.split_once('=')?;
    let name = name.split(':').next().unwrap_or_default().trim_end();
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (plain && value.trim_end().ends_with(['{', '[', '('])).then_some(name)
}

/// Does a line begin to define something?
pub(super) fn begins(line: &str) -> bool {
    defined(line.trim_end()).is_some()
}

/// What comes before the word that says what is defined.
const BEFORE: [&str; 18] = [
    "pub",
    "export",
    "default",
    "async",
    "static",
    "public",
    "private",
    "protected",
    "internal",
    "final",
    "abstract",
    "override",
    "virtual",
    "unsafe",
    "const",
    "crate",
    "suspend",
    "sealed",
];
const KINDS: [&str; 12] = [
    "fn",
    "fun",
    "def",
    "func",
    "function",
    "class",
    "struct",
    "enum",
    "trait",
    "impl",
    "interface",
    "module",
];
/// What looks like a function with a body and is none.
const STATEMENTS: [&str; 14] = [
    "if",
    "for",
    "foreach",
    "while",
    "switch",
    "catch",
    "match",
    "return",
    "function",
    "else",
    "using",
    "lock",
    "elseif",
    "synchronized",
];

/// The name of the function or type that a line begins to define.
fn defined(line: &str) -> Option<&str> {
    let start = line.trim_start();
    if line.len() > LINE || start.starts_with(['#', '*', '/']) || start.is_empty() {
        return None;
    }
    // Go writes whose method it is before the name.
    if let Some((_, rest)) = start.strip_prefix("func (").and_then(|rest| rest.split_once(") ")) {
        return words(rest).next();
    }
    let mut parts = words(start);
    let first = parts.find(|word| !BEFORE.contains(word))?;
    let of_type = || start.split_once("type ").is_some_and(|(_, rest)| rest.starts_with(char::is_alphabetic));
    if KINDS.contains(&first) || first == "type" && !line.starts_with([' ', '\t']) && of_type() {
        let name = if first == "impl" { of_impl(start) } else { parts.find(|word| *word != "self")? };
        return (first == "def" || is_followed(start, name)).then_some(name);
    }
    method(start).or_else(|| assigned(start))
}

/// The type that gets the methods: `Reader` of `impl<T> fmt::Display for Reader<T> {`.
fn of_impl(start: &str) -> &str {
    let behind = start.split_once(" for ").map_or(start, |(_, behind)| behind);
    let bare = behind.trim_start_matches("unsafe ").strip_prefix("impl").unwrap_or(behind);
    let bare = bare.strip_prefix('<').and_then(|rest| rest.split_once("> ")).map_or(bare, |(_, rest)| rest);
    let path = bare.trim_start().split(['<', ' ', '{', '(']).next().unwrap_or_default();
    path.rsplit("::").next().unwrap_or(path)
}

/// Is the name followed by what follows names in code, and not by more prose?
fn is_followed(start: &str, name: &str) -> bool {
    let Some((_, behind)) = start.split_once(name) else { return false };
    let behind = behind.trim_start();
    let word = behind.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let goes_on = ["extends", "implements", "for", "where", "struct", "interface", "func", "map"];
    behind.is_empty()
        || behind.starts_with(['(', '<', ':', '{', '[', ';', '=', '*', '.'])
        || goes_on.contains(&word)
}

/// `name(…) {`, with whatever a language writes before the name.
fn method(start: &str) -> Option<&str> {
    let (head, rest) = start.split_once('(').filter(|_| start.ends_with('{') && !start.contains(';'))?;
    let name = words(head).last().filter(|name| head.trim_end().ends_with(name))?;
    let plain = |c: char| c.is_alphanumeric() || " _<>[],.?*&:~".contains(c);
    let closed = rest.rsplit_once(')').is_some_and(|(_, after)| !after.contains('='));
    let statement = words(head).any(|word| STATEMENTS.contains(&word));
    let called = is_call(head) || words(rest).any(|word| word == "function");
    (closed && head.chars().all(plain) && !statement && !called).then_some(name)
}

/// `app.get(`: a call that begins a line.
fn is_call(head: &str) -> bool {
    head.contains('.') && !head.contains(' ')
}

/// `name = function (`, `name = (…) =>`.
fn assigned(start: &str) -> Option<&str> {
    let (left, right) = start.split_once('=')?;
    let right = right.trim_start();
    let right = right.strip_prefix("async").map_or(right, str::trim_start);
    // `(a, b) =>` or `a =>`; what stands deeper in the line is an argument.
    let arrow = || {
        right.split_once("=>").is_some_and(|(before, _)| {
            let before = before.trim();
            let one = !before.is_empty() && before.chars().all(|c| c.is_alphanumeric() || c == '_');
            one || before.starts_with('(') && (before.ends_with(')') || before.contains("):"))
        })
    };
    let name = words(left).last().filter(|name| left.trim_end().ends_with(name))?;
    (right.starts_with("function") || arrow()).then_some(name)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$'))).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_a_definition_in_each_language() {
        for (line, name) in [
            ("pub(crate) fn read(path: &Path) -> Text {", "read"),
            ("impl<T> Reader<T> {", "Reader"),
            ("impl fmt::Display for Reader {", "Reader"),
            ("  load (path) {", "load"),
            ("    async def load(self, path):", "load"),
            ("  def self.call(env)", "call"),
            ("func (s *Server) Serve(l net.Listener) error {", "Serve"),
            ("type Server struct {", "Server"),
            ("export default class Page extends Base {", "Page"),
            ("  async load(path) {", "load"),
            ("const parse = (text) => {", "parse"),
            ("exports.render = function (page) {", "render"),
            ("    public static List<String> names(final Document doc) {", "names"),
            ("    private fun decode(text: String): Int {", "decode"),
        ] {
            assert_eq!(defined(line), Some(name), "{line}");
        }
        for line in [
            "  if (value) {",
            "} else if (other) {",
            "  items.each((item) => {",
            "return call(a) {",
            "let a = b;",
            "// fn old() {",
            "  const x = 1",
            "app.get('/x', (req) => {",
            "type = 'text'",
            "for (const a of b) {",
            "const width = columns.map(column => column.width);",
            "opts = defaults.merge(:a => 1)",
            "let kind = match text { _ => A };",
            "class which holds retries",
            "function that is called first",
            "setTimeout(function () {",
        ] {
            assert_eq!(defined(line), None, "{line}");
        }
    }

    #[test]
    fn a_unit_has_what_is_said_above_it_and_all_units_are_the_text() {
        let text = "use a;\n\n/// Reads.\n#[inline]\nfn read() {\n}\n\nfn write() {\n    x\n}\n";
        let units = of(text);
        assert_eq!(
            units.iter().map(|unit| (unit.name, unit.line)).collect::<Vec<_>>(),
            [("", 1), ("read", 5), ("write", 8)]
        );
        assert!(units[1].text.starts_with("/// Reads."));
        assert_eq!(units.iter().map(|unit| unit.text).collect::<String>(), text);
        assert_eq!(of("").len(), 1);
        let margin = "class Default:\n    pass\n\nKINDS = {\n    1: 2,\n}\n";
        let names: Vec<(&str, usize)> = of(margin).iter().map(|unit| (unit.name, unit.line)).collect();
        assert_eq!(names, [("Default", 1), ("KINDS", 4)]);
    }
}
