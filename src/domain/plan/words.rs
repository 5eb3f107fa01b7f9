//! Small work on words: lists, numbers, nouns, sentences.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use crate::domain::plan::pattern::Pattern;

/// Folders that tools fill: each is one name, whatever its parts mean elsewhere.
pub const PUT_THERE: [&str; 4] = ["node_modules", "bower_components", "site-packages", "__pycache__"];

/// Is a part anywhere in a text? Of whole files, many names are asked: much faster than the search of the standard library.
pub fn holds(text: &str, part: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), part.as_bytes()).is_some()
}

/// `a`, `a and b`, `a, b and c`.
pub fn list<T: AsRef<str>>(parts: &[T]) -> String {
    joined(parts, "and")
}

/// `a, b or c`.
pub fn one_of<T: AsRef<str>>(parts: &[T]) -> String {
    joined(parts, "or")
}

fn joined<T: AsRef<str>>(parts: &[T], word: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} {word} {}", first.join(", "), last.as_ref())
        }
    }
}

/// At most `shown` of them, then how many more there are.
pub fn some<T: AsRef<str>>(parts: &[T], shown: usize) -> String {
    if parts.len() <= shown + 1 {
        return list(parts);
    }
    let first: Vec<&str> = parts.iter().take(shown).map(AsRef::as_ref).collect();
    format!("{} and {} more", first.join(", "), thousands(parts.len() - shown))
}

/// Between backticks: more of them than stand anywhere inside, as a command or the name of a file may hold some.
pub fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// All between backticks.
pub fn codes<T: AsRef<str>>(texts: &[T]) -> Vec<String> {
    texts.iter().map(|text| code(text.as_ref())).collect()
}

/// A name that a shell takes as one plain word and no program as an option: nothing else of a tree goes into a command that
/// people copy.
pub fn is_typable(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/@+=:,-".contains(c);
    !name.is_empty() && name.chars().all(plain) && !name.split('/').any(|part| part.starts_with('-'))
}

/// A command in which a shell finds nothing to do but to run it: plain words, whole quotes, and `&&` between commands.
pub fn is_inert(command: &str) -> bool {
    let bare = QUOTES.replace(command, |_| String::new());
    let plain = |c: char| c.is_alphanumeric() || "._/@+=:,- ".contains(c);
    bare.split(" && ").all(|part| part.chars().all(plain))
}

static QUOTES: Pattern = Pattern::new(r#"'[^']*'|"[^"$`\\!]*""#);

/// Between quotation marks.
pub fn quoted(text: &str) -> String {
    format!("“{text}”")
}

/// `one` to `ten` in words, then digits.
pub fn number(n: usize) -> String {
    let words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    words.get(n).map_or_else(|| thousands(n), |word| (*word).to_owned())
}

/// `4,210`.
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// First letter large.
pub fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// `6th`
pub fn ordinal(number: u64) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// With a small first letter, where a word begins the text: `POST`, `readLines` and `I` stay as they are.
pub fn lowered(text: &str) -> String {
    let first = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    if first == "I" || first.chars().skip(1).any(char::is_uppercase) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// A text of many lines as one, shortened.
pub fn on_one_line(text: &str, most: usize) -> String {
    shorten(&text.replace(['\n', '\r'], " "), most)
}

/// At most `max` characters, cut at a word and ended with `…`; a cut code span is closed.
pub fn shorten(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let cut: String = text.chars().take(max.saturating_sub(1)).collect();
    let cut = match cut.rfind(' ') {
        Some(at) if at > max / 2 => cut.get(..at).unwrap_or(&cut),
        _ => &cut,
    };
    let open = cut.matches('`').count() % 2 == 1;
    let cut = match (open, cut.rfind('`')) {
        (true, Some(at)) => cut.get(..at).unwrap_or(cut),
        _ => cut,
    };
    format!("{}…", cut.trim_end())
}

/// At most `max` characters of a title, cut where it takes breath if it can be, else at a word.
pub fn clipped(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let head = text.char_indices().nth(max).map_or(text, |(at, _)| text.get(..at).unwrap_or(text));
    let breaths = [", e.g", " – ", " - ", "; ", ", ", " when ", " because ", " since ", " so that ", ": "];
    let cut = breaths.iter().filter_map(|breath| head.rfind(breath)).filter(|at| *at >= max / 3);
    // `With an empty name, the list …`: what comes first is only the condition.
    let condition = LEADS.contains(&text.split(' ').next().unwrap_or_default().to_lowercase().as_str());
    let first = head.find(", ").filter(|_| condition);
    let cut = cut.filter(|at| Some(*at) != first);
    let open = head.rfind('(').filter(|at| !head.get(*at..).is_some_and(|rest| rest.contains(')')));
    let cut = open.filter(|at| *at >= max / 4).or(cut.max());
    match cut.and_then(|at| head.get(..at)).map(str::trim_end).filter(|cut| cut.matches('`').count() % 2 == 0)
    {
        Some(cut) => cut.to_owned(),
        None => shorten(text, max),
    }
}

/// Words that begin a condition.
const LEADS: [&str; 14] = [
    "with", "without", "when", "if", "after", "before", "while", "since", "as", "although", "for", "in",
    "on", "because",
];

/// A name in place of another, where it stands whole.
pub fn renamed(text: &str, old: &str, new: &str) -> String {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(old).filter(|_| !old.is_empty()) {
        let (before, from) = rest.split_at(at);
        let after = from.get(old.len()..).unwrap_or_default();
        out.push_str(before);
        let whole = !out.ends_with(part) && !after.starts_with(part);
        out.push_str(if whole { new } else { old });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The words of a text that carry meaning, lower case, singular; code is left whole.
pub fn nouns(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() > 2 && !STOPS.contains(word.as_str()))
        .map(|mut word| match word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
            Some(stem) => format!("{stem}y"),
            None => {
                word.truncate(singular(&word).len());
                word
            }
        })
        .collect()
}

/// [`nouns`] without the endings of verbs: `destructured` and `destructure` are one.
pub fn stems(text: &str) -> BTreeSet<String> {
    let bare = |word: String| {
        let cut = ["ing", "ed", "es", "e"].iter().find_map(|end| word.strip_suffix(end));
        cut.filter(|stem| stem.len() > 3).map_or_else(|| word.clone(), str::to_owned)
    };
    nouns(text).into_iter().map(bare).collect()
}

/// Without the pictures in front of it.
pub fn unpictured(text: &str) -> &str {
    let is_picture =
        |c: char| matches!(u32::from(c), 0x2600..=0x27BF | 0x1F000..=0x1FAFF | 0xFE0F | 0x200D) || c == ' ';
    let bare = text.trim_start_matches(is_picture);
    if bare.len() < text.len() && !bare.trim().is_empty() { bare.trim_start() } else { text }
}

/// One of them: `entry` of `entries`.
pub fn one(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.trim().len() > 1) {
        let whole = ["cook", "mov"].iter().any(|own| stem.ends_with(own));
        return format!("{stem}{}", if whole { "ie" } else { "y" });
    }
    let sibilant = word.strip_suffix("es").filter(|stem| {
        stem.ends_with(['x']) || stem.ends_with("ss") || stem.ends_with("sh") || stem.ends_with("ch")
    });
    sibilant.unwrap_or_else(|| singular(word)).to_owned()
}

/// Without a plural ending.
pub fn singular(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem,
        _ => word,
    }
}

/// Shared part of two sets, 0 to 1.
pub fn jaccard(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    let both = a.intersection(b).count();
    let any = a.len() + b.len() - both;
    if any == 0 { 0.0 } else { both as f64 / any as f64 }
}

/// Starts of the sentences of a paragraph, as byte ranges. Code spans and common abbreviations do not end one.
pub fn sentences(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    let mut in_code = false;
    let mut literals = literals(text).into_iter().peekable();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        // The periods of a text that is quoted inside a sentence are none of the sentence.
        while literals.next_if(|literal| literal.end <= at).is_some() {}
        if let Some(literal) = literals.peek().filter(|literal| literal.contains(&at)) {
            let rest = text.get(literal.end..).unwrap_or_default();
            let last = at + c.len_utf8() == literal.end;
            let whole = text.get(..at).is_some_and(|before| before.ends_with(['.', '!', '?']));
            if last && whole && rest.trim_start().starts_with(char::is_uppercase) && !in_code {
                ranges.push(start..literal.end);
                start = literal.end;
            }
            continue;
        }
        match c {
            '`' => in_code = !in_code,
            '.' | '!' | '?' | '。'
                if !in_code
                    && ends_sentence(
                        text.get(start..).unwrap_or_default(),
                        at - start,
                        chars.peek().map(|(_, next)| *next),
                    ) =>
            {
                let end = at + c.len_utf8();
                ranges.push(start..end);
                start = end;
            }
            _ => {}
        }
    }
    if start < text.len() {
        ranges.push(start..text.len());
    }
    ranges
}

/// Texts between quotation marks inside a sentence, marks included: a message, most often. One that begins a sentence is
/// somebody's words, which are sentences of their own.
fn literals(text: &str) -> Vec<std::ops::Range<usize>> {
    let found = LITERAL.every(text).filter_map(|found| found.get(1));
    found
        .filter(|literal| literal.len() <= LONGEST_LITERAL && literal.as_str().matches('`').count() % 2 == 0)
        .map(|literal| literal.range())
        .collect()
}

/// Bytes of a message; the pattern does not count them, which would make it large.
const LONGEST_LITERAL: usize = 200;
static LITERAL: Pattern = Pattern::new(r#"[\p{L}\p{N},:(=][ (]?("[^"\n]+"|“[^”\n]+”)(?:[\s,.;:)]|$)"#);

fn ends_sentence(text: &str, at: usize, next: Option<char>) -> bool {
    match next {
        None => return true,
        Some(c) if !c.is_whitespace() => return false,
        Some(_) => {}
    }
    let before = text.get(..at).unwrap_or_default();
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    let word = word.to_lowercase();
    let word = word.as_str();
    let numbering = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit()) && before.trim() == word;
    let after = text.get(at + 1..).unwrap_or_default().trim_start();
    // A list may end its sentence: `… files etc. It would …`.
    let ends = word == "etc" && after.starts_with(char::is_uppercase);
    if ABBREVIATIONS.contains(&word) && !ends || numbering {
        return false;
    }
    let small = after.chars().next().is_some_and(char::is_lowercase);
    // People who write without capitals end their sentences all the same: `see npm. then …`.
    let whole = word.chars().count() > 2 && word.chars().all(char::is_alphanumeric)
        || before.ends_with(['`', ')']) && !word.contains('.') && before.trim().chars().count() > 3;
    let next = after.split_whitespace().next().unwrap_or_default().trim_end_matches(['.', ',']);
    !small || (whole && !ABBREVIATIONS.contains(&next))
}

const ABBREVIATIONS: [&str; 26] = [
    "e.g", "eg", "i.e", "ie", "etc", "vs", "approx", "z.b", "bzw", "ca", "d.h", "u.a", "no", "fig", "resp",
    "incl", "max", "min", "esp", "excl", "usw", "ggf", "evtl", "vgl", "cf", "est",
];

static STOPS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    HashSet::from([
        "the", "and", "for", "with", "from", "that", "this", "into", "when", "then", "than", "must",
        "should", "shall", "has", "have", "was", "were", "are", "not", "all", "any", "each", "every", "one",
        "two", "its", "our", "your", "can", "could", "would", "will", "may", "but", "also", "after",
        "before", "within", "without", "only", "more", "less", "make", "made", "add", "use", "used", "get",
        "set", "new", "now", "which", "what", "where", "there", "they", "them", "their", "out", "over",
        "under", "via", "per", "der", "die", "das", "und", "wenn", "muss", "soll", "eine", "wird", "given",
        "instead",
    ])
});

/// Whether the words of a text stand in a line, one after the other; signs and capitals do not count.
pub fn stands_in(line: &str, text: &str) -> bool {
    format!(" {} ", bare(line)).contains(&format!(" {} ", bare(text)))
}

/// Its words alone, small, with one space between.
pub fn bare(text: &str) -> String {
    let letters: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    letters.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The last bytes of a text, from where a letter begins.
pub fn tail(text: &str, bytes: usize) -> &str {
    let from = (text.len().saturating_sub(bytes)..=text.len()).find(|at| text.is_char_boundary(*at));
    from.and_then(|from| text.get(from..)).unwrap_or(text)
}

#[cfg(test)]
mod plural {
    use super::one;

    #[test]
    fn one_of_many_is_spelled_as_one() {
        for (many, single) in [
            ("entries", "entry"),
            ("boxes", "box"),
            ("tries", "try"),
            ("cookies", "cookie"),
            ("rows", "row"),
            ("pixels", "pixel"),
        ] {
            assert_eq!(one(many), single);
        }
    }
}
