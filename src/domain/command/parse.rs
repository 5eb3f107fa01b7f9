//! The grammar of one command line.

use super::Form;

/// The longest name that is looked at; the names we know are far shorter.
const LONGEST_NAME: usize = 40;

const DRY_RUN: &str = "--dry-run";

/// What somebody wants who says our name and nothing else.
const HELP: &str = "help";

/// A line that begins with a command.
pub(super) struct Head<'a> {
    pub(super) form: Form,
    /// Lower case.
    pub(super) name: String,
    /// Everything behind the name on the same line.
    pub(super) rest: &'a str,
}

/// Reads a line as a command, or `None`: at most three spaces before it, a name of letters, digits and dashes, then a space or the end.
pub(super) fn head<'a>(line: &'a str, slug: &str) -> Option<Head<'a>> {
    const DEEPEST: usize = 3;
    let text = line.trim_start_matches([' ', '\u{A0}']);
    if line[..line.len() - text.len()].chars().count() > DEEPEST {
        return None;
    }
    if let Some(named) = text.strip_prefix('/') {
        let (name, rest) = name(named)?;
        return match name.eq_ignore_ascii_case(slug) {
            true => addressed(rest),
            false => Some(Head { form: Form::Bare, name, rest }),
        };
    }
    addressed(after_mention(text, slug)?)
}

/// What is said to us by name; the name alone asks what we are for.
fn addressed(text: &str) -> Option<Head<'_>> {
    let named = text.trim_start();
    if named.is_empty() {
        return Some(Head { form: Form::Mention, name: HELP.to_owned(), rest: "" });
    }
    let (name, rest) = name(named.strip_prefix('/').unwrap_or(named))?;
    Some(Head { form: Form::Mention, name, rest })
}

/// The arguments of a command and whether it is a dry run. `following` are the lines up to the next command.
pub(super) fn read_args(head: &Head<'_>, following: &[&str]) -> (String, bool) {
    let Some((before, text)) = text_start(head) else {
        return one_line(head.rest);
    };
    let (text, first) = match first_word(text) {
        (word, rest) if plain(word) == DRY_RUN => (rest, true),
        _ => (text, false),
    };
    let (text, behind) = without_last(text.trim());
    let mut all = vec![text];
    all.extend(following.iter().map(|line| line.trim_end()));
    let all = all.join("\n");
    let (text, last) = without_last(all.trim());
    (format!("{before} {text}").trim().to_owned(), first || behind || last)
}

/// A text without `--dry-run` as its last word, and whether that stood there; in backticks it is a word like any other.
fn without_last(text: &str) -> (&str, bool) {
    let start = text
        .rfind(char::is_whitespace)
        .map_or(0, |at| at + text[at..].chars().next().map_or(0, char::len_utf8));
    match plain(&text[start..]) == DRY_RUN {
        true => (text[..start].trim_end(), true),
        false => (text, false),
    }
}

/// Whether the lines below a command may belong to it.
pub(super) fn takes_text(name: &str) -> bool {
    matches!(name, "revise" | "session")
}

/// For commands that take TEXT: the words before the text, and the text on the first line.
fn text_start<'a>(head: &Head<'a>) -> Option<(&'static str, &'a str)> {
    match head.name.as_str() {
        "revise" => Some(("", head.rest)),
        "session" => match first_word(head.rest) {
            (word, rest) if word.eq_ignore_ascii_case("note") => Some(("note", rest)),
            _ => None,
        },
        _ => None,
    }
}

fn one_line(rest: &str) -> (String, bool) {
    let mut dry_run = false;
    let words: Vec<String> = rest
        .split_whitespace()
        .map(plain)
        .filter(|word| {
            let asked = word == DRY_RUN;
            dry_run |= asked;
            !asked
        })
        .collect();
    (words.join(" "), dry_run)
}

fn after_mention<'a>(text: &'a str, slug: &str) -> Option<&'a str> {
    let rest = text.strip_prefix('@')?;
    if slug.is_empty() || !rest.get(..slug.len())?.eq_ignore_ascii_case(slug) {
        return None;
    }
    let rest = &rest[slug.len()..];
    let rest = match rest.get(..5) {
        Some(suffix) if suffix.eq_ignore_ascii_case("[bot]") => &rest[5..],
        _ => rest,
    };
    let rest = rest.strip_prefix([':', ',']).unwrap_or(rest);
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some(rest)
}

fn name(text: &str) -> Option<(String, &str)> {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let name = &text[..end];
    let well_formed = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.len() <= LONGEST_NAME
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    well_formed.then(|| (name.to_ascii_lowercase(), &text[end..]))
}

fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

/// A word without what phones make of it: `—dry-run` and `–one` are options again, curly quotes are straight.
fn plain(word: &str) -> String {
    const DASHES: [char; 7] = ['\u{2010}', '\u{2011}', '\u{2012}', '–', '—', '―', '−'];
    let straight = |c: char| match c {
        '“' | '”' | '„' | '‟' => '"',
        '‘' | '’' | '‚' | '‛' => '\'',
        other => other,
    };
    let bare = word.trim_start_matches(|c| c == '-' || DASHES.contains(&c));
    let dashes = &word[..word.len() - bare.len()];
    let is_option =
        dashes.contains(|c| DASHES.contains(&c)) && bare.starts_with(|c: char| c.is_ascii_alphabetic());
    match is_option {
        // Inside the word too: `—dry–run` was typed with dashes only.
        true => format!(
            "--{}",
            bare.chars().map(|c| if DASHES.contains(&c) { '-' } else { straight(c) }).collect::<String>()
        ),
        false => word.chars().map(straight).collect(),
    }
}
