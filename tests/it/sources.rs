//! Reads Rust sources as text: code, comments and test parts told apart, and every path that the code names.

use std::fs;
use std::path::Path;

/// One source file. `code` and `comments` have the lines and columns of `raw`, with all the rest blanked.
pub struct Source {
    /// From the repository's root, with `/`: `src/domain/ids.rs`.
    pub path: String,
    pub raw: String,
    /// Without comments and without what strings hold; their quotes stay.
    pub code: String,
    pub comments: String,
    /// `code` without what `#[cfg(test)]` guards.
    pub shipped: String,
    /// The whole file is a test module.
    pub is_test: bool,
    /// Lines without those that `#[cfg(test)]` guards.
    pub length: usize,
}

impl Source {
    pub fn new(path: &str, raw: &str) -> Self {
        let (code, comments) = split(raw);
        let is_test = code.contains("#![cfg(test)]") || !path.starts_with("src/");
        let (shipped, test_lines) = if is_test { (blank(&code), 0) } else { without_tests(&code) };
        let length = raw.lines().count().saturating_sub(test_lines);
        Self { path: path.into(), raw: raw.into(), code, comments, shipped, is_test, length }
    }

    /// The module's path below the crate root: `src/domain/ids.rs` is `["domain", "ids"]`, `src/app.rs` is `["app"]`.
    pub fn module(&self) -> Vec<&str> {
        let inner = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        inner.split('/').filter(|part| !matches!(*part, "mod" | "lib" | "main")).collect()
    }
}

/// A token of blanked code and the line it stands on, from 1.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Token<'a> {
    pub text: &'a str,
    pub line: usize,
    start: usize,
}

/// A path that code names, with groups taken apart: `use a::{b, c::*}` is `a::b` and `a::c::*`.
#[derive(Debug)]
pub struct Named {
    pub segments: Vec<String>,
    pub line: usize,
}

/// Every `.rs` file below `folder` of this repository, sorted by path.
pub fn read(folder: &str) -> Vec<Source> {
    let mut sources: Vec<Source> = files(folder)
        .iter()
        .filter(|path| path.ends_with(".rs"))
        .map(|path| Source::new(path, &text(path)))
        .collect();
    mark_tests(&mut sources);
    sources
}

/// The text of a file of this repository; what is not UTF-8 is replaced.
pub fn text(path: &str) -> String {
    let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Every file below `folder` of this repository (or `folder` itself, when it is a file), sorted; none when it is missing.
pub fn files(folder: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if root.join(folder).is_file() {
        return vec![folder.to_string()];
    }
    let Ok(entries) = fs::read_dir(root.join(folder)) else { return Vec::new() };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut found: Vec<String> = names.flat_map(|name| files(&format!("{folder}/{name}"))).collect();
    found.sort();
    found
}

/// `#[cfg(test)] mod tests;` makes the file it names, and all below it, a test.
pub fn mark_tests(sources: &mut [Source]) {
    let mut test_modules = Vec::new();
    for source in sources.iter() {
        let tokens = tokens(&source.code);
        for (from, to) in test_ranges(&tokens) {
            let item = tokens.get(from..to).unwrap_or_default();
            if let [.., keyword, name, end] = item
                && keyword.text == "mod"
                && end.text == ";"
            {
                test_modules.push([source.module(), vec![name.text]].concat().join("/"));
            }
        }
    }
    for source in sources {
        let module = source.module().join("/");
        if test_modules.iter().any(|test| module == *test || module.starts_with(&format!("{test}/"))) {
            source.is_test = true;
            source.shipped = blank(&source.code);
        }
    }
}

/// Words, `::`, and single other characters. Numbers count as words.
pub fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = code.char_indices().peekable();
    while let Some((start, letter)) = rest.next() {
        let mut end = start + letter.len_utf8();
        match letter {
            '\n' => line += 1,
            ':' if rest.next_if(|next| next.1 == ':').is_some() => end += 1,
            letter if is_word(letter) => {
                while let Some(next) = rest.next_if(|next| is_word(next.1)) {
                    end = next.0 + next.1.len_utf8();
                }
            }
            _ => {}
        }
        if !letter.is_whitespace() {
            found.push(Token { text: &code[start..end], line, start });
        }
    }
    found
}

/// All paths of two and more segments, and those of one segment after `use`.
pub fn paths(code: &str) -> Vec<Named> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let word = |back: usize| at.checked_sub(back).map_or("", |before| tokens[before].text);
        let continues = word(1) == "::" && (is_name(word(2)) || matches!(word(2), ">" | "}"));
        let is_member = word(1) == "." && word(2) != ".";
        if !is_name(tokens[at].text) || continues || is_member {
            at += 1;
        } else {
            let named = found.len();
            let end = expand(&tokens, at, &[], &mut found);
            let in_use = matches!(word(1), "use") || (word(1) == "::" && word(2) == "use");
            if !in_use && found[named..].iter().all(|path| path.segments.len() < 2) {
                found.truncate(named);
            }
            at = end.max(at + 1);
        }
    }
    found
}

/// Reads one path, or the tree of a `use`, from `at`; returns where it ends.
fn expand(tokens: &[Token<'_>], at: usize, prefix: &[String], found: &mut Vec<Named>) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text);
    let mut segments = prefix.to_vec();
    let mut at = at;
    loop {
        match text(at) {
            "{" => {
                at += 1;
                while !matches!(text(at), "}" | "") {
                    at = expand(tokens, at, &segments, found).max(at + 1);
                    if text(at) == "as" {
                        at += 2;
                    }
                    if text(at) == "," {
                        at += 1;
                    }
                }
                return at + 1;
            }
            word if is_name(word) || word == "*" => segments.push(word.to_string()),
            _ => break,
        }
        at += 1;
        if text(at) != "::" || !(is_name(text(at + 1)) || matches!(text(at + 1), "{" | "*")) {
            break;
        }
        at += 1;
    }
    let line = tokens[at.clamp(1, tokens.len()) - 1].line;
    segments.retain(|segment| segment != "self");
    if !segments.is_empty() {
        found.push(Named { segments, line });
    }
    at
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && !matches!(
            word,
            "use" | "pub" | "fn" | "mod" | "impl" | "for" | "in" | "as" | "dyn" | "mut" | "return" | "match"
        )
}

fn blank(text: &str) -> String {
    text.chars().map(|letter| if letter == '\n' { '\n' } else { ' ' }).collect()
}

/// Code and comments of a source, each with the other blanked; both without what strings hold.
fn split(raw: &str) -> (String, String) {
    let letters: Vec<char> = raw.chars().collect();
    let (mut code, mut comments) = (String::new(), String::new());
    let mut at = 0;
    while at < letters.len() {
        let end = match (letters[at], letters.get(at + 1)) {
            ('/', Some('/')) => at + letters[at..].iter().take_while(|letter| **letter != '\n').count(),
            ('/', Some('*')) => block_comment_end(&letters, at),
            _ => {
                let end = literal_end(&letters, at).max(at + 1);
                let literal: String = letters[at..end].iter().collect();
                comments.push_str(&blank(&literal));
                if literal.chars().nth(1).is_none() || literal.chars().all(is_word) {
                    code.push_str(&literal);
                } else {
                    let hidden = blank(&literal);
                    code.push_str(&format!("\"{}\"", &hidden[1..hidden.len() - 1]));
                }
                at = end;
                continue;
            }
        };
        let comment: String = letters[at..end].iter().collect();
        code.push_str(&blank(&comment));
        comments.push_str(&comment);
        at = end;
    }
    (code, comments)
}

fn block_comment_end(letters: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0, start);
    while at < letters.len() {
        match (letters[at], letters.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) if depth == 1 => return at + 2,
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    letters.len()
}

/// Where the string, character, raw string or word that starts here ends; `start` when none does.
fn literal_end(letters: &[char], start: usize) -> usize {
    match letters[start] {
        '"' => quoted_end(letters, start, '"'),
        '\'' if letters.get(start + 1) == Some(&'\\') => quoted_end(letters, start, '\''),
        '\'' if letters.get(start + 2) == Some(&'\'') => start + 3,
        letter if is_word(letter) => {
            let end = start + letters[start..].iter().take_while(|letter| is_word(**letter)).count();
            let word: String = letters[start..end].iter().collect();
            let hashes = letters[end..].iter().take_while(|letter| **letter == '#').count();
            let is_raw =
                matches!(word.as_str(), "r" | "br" | "cr") && letters.get(end + hashes) == Some(&'"');
            if is_raw { raw_end(letters, end + hashes + 1, hashes) } else { end }
        }
        _ => start,
    }
}

fn quoted_end(letters: &[char], start: usize, quote: char) -> usize {
    let mut at = start + 1;
    while at < letters.len() {
        match letters[at] {
            '\\' => at += 2,
            letter if letter == quote => return at + 1,
            _ => at += 1,
        }
    }
    letters.len()
}

fn raw_end(letters: &[char], start: usize, hashes: usize) -> usize {
    let closes = |at: &usize| {
        letters[*at] == '"' && letters[at + 1..].iter().take(hashes).all(|letter| *letter == '#')
    };
    let fits = |at: &usize| at + hashes < letters.len();
    (start..letters.len()).filter(fits).find(closes).map_or(letters.len(), |at| at + 1 + hashes)
}

/// The code with its test parts blanked, and how many lines those take.
fn without_tests(code: &str) -> (String, usize) {
    let tokens = tokens(code);
    let (mut shipped, mut lines) = (code.to_string(), 0);
    for (from, to) in test_ranges(&tokens) {
        let [first, .., last] = &tokens[from..to] else { continue };
        let range = first.start..last.start + last.text.len();
        shipped.replace_range(range.clone(), &blank_bytes(&code[range]));
        lines += last.line - first.line + 1;
    }
    (shipped, lines)
}

/// As many bytes as before, so that later ranges still fit.
fn blank_bytes(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

/// Token ranges of `#[cfg(test)]` with the item, field or arm that follows it.
fn test_ranges(tokens: &[Token<'_>]) -> Vec<(usize, usize)> {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text);
    let mut ranges = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let is_test = text(at) == "#"
            && text(at + 1) == "["
            && text(at + 2) == "cfg"
            && (text(at + 4) == "test" || (text(at + 4) == "all" && text(at + 6) == "test"));
        if !is_test {
            at += 1;
            continue;
        }
        let start = at;
        while text(at) == "#" {
            at = group_end(tokens, at + 1);
        }
        at = guarded_end(tokens, at);
        ranges.push((start, at));
    }
    ranges
}

/// Just behind the bracket that closes the one at `open`.
fn group_end(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// An item ends with `;` or its block; anything else (a field, an arm, an argument) with `,` or the bracket around it.
fn guarded_end(tokens: &[Token<'_>], start: usize) -> usize {
    const ITEMS: [&str; 16] = [
        "fn",
        "mod",
        "use",
        "impl",
        "struct",
        "enum",
        "trait",
        "type",
        "const",
        "static",
        "async",
        "unsafe",
        "extern",
        "let",
        "macro_rules",
        "union",
    ];
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text);
    let mut at = start;
    if text(at) == "pub" {
        at += 1;
        if text(at) == "(" {
            at = group_end(tokens, at);
        }
    }
    let is_item = ITEMS.contains(&text(at));
    let is_use = text(at) == "use";
    while at < tokens.len() {
        match text(at) {
            "{" if is_item && !is_use => return group_end(tokens, at),
            "(" | "[" | "{" => at = group_end(tokens, at),
            ";" if is_item => return at + 1,
            "," if !is_item => return at + 1,
            ")" | "]" | "}" => return at,
            _ => at += 1,
        }
    }
    at
}

#[test]
fn comments_strings_and_characters_are_told_from_code() {
    let raw = r####"let a = "x // \" y"; // note "q"
/* one /* two */ still */ let b = r#"raw " /* "#; let c = '"'; let d: &'a str = b'\''; use e;"####;
    let source = Source::new("src/a.rs", raw);
    let words: Vec<&str> = tokens(&source.code).iter().map(|token| token.text).collect();
    let expected = "let a = \" \" ; let b = \" \" ; let c = \" \" ; let d : & ' a str = b \" \" ; use e ;";
    assert_eq!(words.join(" "), expected);
    assert_eq!(source.code.lines().count(), 2);
    assert!(source.comments.contains("note \"q\"") && source.comments.contains("two */ still"));
    assert!(!source.comments.contains("raw"));
}

#[test]
fn groups_are_taken_apart() {
    let code = "use a::{b, c::{self, d as e}, f::*};\nfn g() -> h::I { 0..j::k(l.m::<n::O>()) }\nuse p;\nx::<q>::r; <S as t::U>::v";
    let named: Vec<String> =
        paths(code).iter().map(|path| format!("{}:{}", path.line, path.segments.join("::"))).collect();
    assert_eq!(
        named,
        ["1:a::b", "1:a::c", "1:a::c::d", "1:a::f::*", "2:h::I", "2:j::k", "2:n::O", "3:p", "4:t::U"]
    );
}

#[test]
fn what_tests_guard_is_not_shipped() {
    let raw = "struct A { #[cfg(test)] pub hook: B<C>, kept: D }\n#[cfg(test)]\n#[derive(E)]\nstruct F { g: H }\n\
               #[cfg(test)]\nuse i::{j, k};\n#[cfg(all(test, unix))] mod tests { fn l() { m::n(); } }\n\
               #[cfg(not(test))] fn o() {}\n#[cfg(test)] const P: [u8; 2] = [1; 2];\nfn q() {}";
    let source = Source::new("src/a.rs", raw);
    let words: Vec<&str> = tokens(&source.shipped).iter().map(|token| token.text).collect();
    assert_eq!(words.join(" "), "struct A { kept : D } # [ cfg ( not ( test ) ) ] fn o ( ) { } fn q ( ) { }");
    assert_eq!(source.shipped.lines().count(), raw.lines().count());
}

#[test]
fn a_test_file_is_known_by_the_line_that_declares_it() {
    let parent = Source::new("src/a/mod.rs", "pub mod b;\n#[cfg(test)]\nmod tests;");
    let mut sources =
        [parent, Source::new("src/a/tests.rs", "fn f() {}"), Source::new("src/a/b.rs", "fn f() {}")];
    mark_tests(&mut sources);
    assert_eq!(sources.map(|source| source.is_test), [false, true, false]);
}
