//! What of a sentence counts: its words one by one and two by two, how it begins and ends, what stands above and before it,
//! and what the rules of [`asks`] say of it.

use crate::domain::plan::asks;
use crate::domain::plan::roles::{By, ROLES, Role, Said};
use crate::domain::plan::source::Form;

/// Words that are looked at.
const LONGEST: usize = 80;
/// Words of a heading or of the sentence above a list.
const HEADING: usize = 12;

/// Names of everything that counts, each once.
pub fn of(said: &Said<'_>) -> Vec<String> {
    let words = words(said.text, LONGEST);
    let of = if said.form.is_none() { "t:" } else { "" };
    let mut out = vec!["every".to_owned()];
    for (index, word) in words.iter().enumerate() {
        out.push(format!("{of}{word}"));
        if let Some(next) = words.get(index + 1) {
            out.push(format!("{of}{word} {next}"));
        }
    }
    let start = |count: usize| {
        words.iter().filter(|word| *word != ",").take(count).map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    out.extend((1..=3).map(|count| format!("{of}^{}", start(count))));
    out.extend(words.last().map(|last| format!("{of}{last}$")));
    out.push(format!("words {}", length(words.len())));
    out.push(format!("form {}", form(said.form)));
    stands(said, &mut out);
    rules(said, &mut out);
    if let Some(before) = said.before.map(letter) {
        out.push(format!("after {before}"));
        out.push(format!("after {before} {}", start(1)));
        if !said.lead.is_empty() {
            out.push(format!("led after {before}"));
        }
    }
    out.extend(said.title.map(|title| format!("under {}", letter(title))));
    out.sort();
    out.dedup();
    out
}

fn letter(role: Role) -> char {
    ROLES.iter().find(|(_, known)| *known == role).map_or(' ', |(letter, _)| *letter)
}

fn length(words: usize) -> &'static str {
    match words {
        0..=3 => "3",
        4..=7 => "7",
        8..=14 => "14",
        15..=24 => "24",
        _ => "more",
    }
}

fn form(form: Option<Form>) -> &'static str {
    match form {
        None => "title",
        Some(Form::Sentence | Form::Step) => "sentence",
        Some(Form::Lead) => "lead",
        Some(Form::Item | Form::Row { .. }) => "item",
        Some(Form::Box | Form::TickedBox) => "box",
    }
}

fn by(by: By) -> &'static str {
    match by {
        By::Issue => "issue",
        By::Author => "author",
        By::Triage => "triage",
        By::Other => "other",
    }
}

/// A kind of heading.
type Heading = (&'static str, fn(&str) -> bool);

const HEADINGS: [Heading; 10] = [
    ("expected", asks::is_expected),
    ("actual", asks::is_actual),
    ("steps", asks::is_steps),
    ("solution", asks::is_solution),
    ("acceptance", asks::is_acceptance),
    ("apart", asks::is_apart),
    ("circumstance", asks::is_circumstance),
    ("open", asks::is_open),
    ("aside", asks::is_aside),
    ("excluded", asks::is_excluded),
];

fn stands(said: &Said<'_>, out: &mut Vec<String>) {
    out.push(format!("by {}", by(said.by)));
    let section = said.section.rsplit(asks::UNDER).next().unwrap_or_default();
    match section.is_empty() {
        true => out.push("below nothing".to_owned()),
        false => {
            out.extend(words(section, HEADING).into_iter().map(|word| format!("below {word}")));
            let kinds = HEADINGS.iter().filter(|(_, holds)| holds(section));
            out.extend(kinds.map(|(name, _)| format!("in {name}")));
        }
    }
    if !said.lead.is_empty() {
        out.push("led".to_owned());
        out.extend(words(said.lead, HEADING).into_iter().map(|word| format!("led by {word}")));
    }
}

/// A rule of [`asks`].
type Rule = (&'static str, fn(&str) -> bool);

const RULES: [Rule; 18] = [
    ("demands", asks::demands),
    ("must", asks::says_must),
    ("imperative", asks::is_imperative),
    ("proposes", asks::proposes),
    ("requests", asks::requests),
    ("maybe", asks::is_maybe),
    ("story", asks::is_story),
    ("describes", asks::describes),
    ("points", asks::points),
    ("fault", asks::tells_fault),
    ("declines", asks::declines),
    ("accepts", asks::accepts),
    ("expects", asks::expects),
    ("polite", asks::asks_politely),
    ("outside", asks::is_outside),
    ("asks", asks::has_ask),
    ("bids", asks::bids),
    ("question", asks::is_question),
];

fn rules(said: &Said<'_>, out: &mut Vec<String>) {
    for (name, holds) in RULES {
        if holds(said.text) {
            out.push(format!("rule {name}"));
            if said.by != By::Issue {
                out.push(format!("rule {name} {}", by(said.by)));
            }
        }
    }
    if said.form.is_none() && asks::inquires(said.text) {
        out.push("rule inquires".to_owned());
    }
}

/// Words in small letters and marks; what names something stands for its kind.
fn words(text: &str, most: usize) -> Vec<String> {
    let mut out = Vec::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            out.push(code(part.trim()).to_owned());
            continue;
        }
        for word in part.split_whitespace() {
            out.extend(plain(word));
            let mark = word.chars().last().filter(|c| matches!(c, ',' | ';' | '?' | '!' | ':'));
            out.extend(mark.map(|c| if c == ';' { ",".to_owned() } else { c.to_string() }));
        }
        if out.len() > most {
            break;
        }
    }
    out
}

fn code(text: &str) -> &'static str {
    match () {
        () if text.starts_with('-') => "<option>",
        () if text.contains(' ') => "<command>",
        () => "<code>",
    }
}

fn plain(word: &str) -> Option<String> {
    let kept = |c: char| c.is_alphanumeric() || matches!(c, '#' | '+' | '-' | '\'' | '’');
    let bare = word.trim_matches(|c: char| !kept(c));
    let small = bare.to_lowercase().replace('’', "'");
    let small = small.trim_matches('\'');
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let counts = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | 'v' | 'x' | '%');
    let names = bare.contains('_') || bare.contains("::") || bare.contains("()") || is_camel(bare);
    Some(match () {
        () if small.is_empty() => return None,
        () if small.starts_with("http") => "<url>".to_owned(),
        () if small.strip_prefix('#').is_some_and(digits) => "<issue>".to_owned(),
        () if small.len() > 2 && small.starts_with("--") => "<option>".to_owned(),
        () if small.contains(|c: char| c.is_ascii_digit()) && small.chars().all(counts) => {
            "<number>".to_owned()
        }
        () if names || bare.contains('/') && bare.contains('.') => "<code>".to_owned(),
        () => small.to_owned(),
    })
}

/// `loadAll`, `LoadAll`.
fn is_camel(word: &str) -> bool {
    word.chars().zip(word.chars().skip(1)).any(|(one, next)| one.is_lowercase() && next.is_uppercase())
}
