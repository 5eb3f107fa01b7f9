//! Commands in comments: `@app-slug name args` (or `/app-slug name args`) and `/name args` at the start of a line that the author
//! speaks himself.

pub mod args; // a cursor over what stands behind the name
pub mod closest; // "did you mean"

mod parse;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::markdown::{blank_comments, lines, normalize};
use parse::{Head, head};

/// What the commands are called, in the order of the help.
pub const NAMES: [&str; 10] =
    ["enhance", "approve", "revise", "items", "why", "status", "stop", "continue", "undo", "help"];

/// How a command was addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `@app-slug name`, or `/app-slug name`.
    Mention,
    /// `/name`.
    Bare,
}

/// How commands are spelled in one repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// The App's slug; people may write it in any case and with `[bot]` behind it.
    pub slug: String,
    /// Names that another bot owns here: only the mention form reaches us.
    pub taken: BTreeSet<String>,
}

/// One command in a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How it was addressed.
    pub form: Form,
    /// Lower case, without slash or mention. Not checked against any table.
    pub name: String,
    /// What stands behind the name, with what phones make of quotes and dashes undone; for commands that take TEXT
    /// everything up to the next command, as it was written.
    pub args: String,
    /// Line of the comment, counted from 1.
    pub line: usize,
    /// The same for the same command in another version of the comment: name and arguments, and which of its equals it is.
    pub key: String,
    /// Whether `--dry-run` was given.
    pub dry_run: bool,
}

/// Whether a text can hold a command at all: none begins without one of these signs.
pub fn may_hold(body: &str) -> bool {
    body.contains(['/', '@'])
}

/// All commands of a comment, in order.
pub fn find(body: &str, dialect: &Dialect) -> Vec<Found> {
    let body = normalize(body);
    let shown = blank_comments(&body);
    let heads: Vec<(usize, Head<'_>)> = lines(&body)
        .iter()
        .zip(shown.split('\n'))
        .filter(|(line, _)| line.spoken)
        .filter_map(|(line, shown)| Some((line.number, head(shown, &dialect.slug)?)))
        .collect();
    let shown: Vec<&str> = shown.split('\n').collect();
    let mut found: Vec<Found> = Vec::new();
    for (index, (line, head)) in heads.iter().enumerate() {
        if head.form == Form::Bare && dialect.taken.contains(&head.name) {
            continue;
        }
        let next = heads.get(index + 1).map_or(shown.len() + 1, |(next, _)| *next);
        let following = &shown[*line..next - 1];
        let (args, dry_run) = parse::read_args(head, following);
        found.push(Found {
            form: head.form,
            name: head.name.clone(),
            args,
            line: *line,
            key: String::new(),
            dry_run,
        });
    }
    number(&mut found);
    found
}

/// Whether a comment consists of commands and nothing else. What a command takes as text belongs to it.
pub fn is_all(body: &str, dialect: &Dialect) -> bool {
    let found = find(body, dialect);
    let Some(first) = found.first() else { return false };
    let body = normalize(body);
    body.split('\n').enumerate().filter(|(_, line)| !line.trim().is_empty()).all(|(index, _)| {
        let before = found.iter().rfind(|command| command.line <= index + 1);
        index + 1 >= first.line
            && before.is_some_and(|command| command.line == index + 1 || parse::takes_text(&command.name))
    })
}

/// The commands of an edited comment that its old text did not have; a command given once more is new once.
pub fn new_commands(old_body: &str, new_body: &str, dialect: &Dialect) -> Vec<Found> {
    let old: BTreeSet<String> = find(old_body, dialect).into_iter().map(|found| found.key).collect();
    find(new_body, dialect).into_iter().filter(|found| !old.contains(&found.key)).collect()
}

/// Each command once, where it stands first: the same words again in one comment ask for nothing more.
pub fn once(found: Vec<Found>) -> Vec<Found> {
    let mut seen = BTreeSet::new();
    found.into_iter().filter(|found| seen.insert(found.said().to_owned())).collect()
}

impl Found {
    /// Whether it says to us, in words that are no command, that somebody does not know what there is.
    pub fn is_question(&self) -> bool {
        const WORDS: [&str; 16] = [
            "what", "how", "who", "which", "where", "when", "can", "could", "would", "do", "does", "are",
            "is", "hi", "hello", "hey",
        ];
        self.form == Form::Mention && (WORDS.contains(&self.name.as_str()) || self.args.ends_with('?'))
    }

    /// Its key without the count.
    fn said(&self) -> &str {
        self.key.rsplit_once('-').map_or(self.key.as_str(), |(said, _)| said)
    }
}

impl Dialect {
    /// A command as people have to write it here, such as `/approve 1`, or `@millwright approve 1` where another bot owns `/approve`.
    pub fn spell(&self, command: &str) -> String {
        let name = command.split_whitespace().next().unwrap_or_default();
        match self.taken.contains(name) {
            true => format!("@{} {command}", self.slug),
            false => format!("/{command}"),
        }
    }
}

/// Gives every command its key: equal commands differ only by their count.
fn number(found: &mut [Found]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for command in found {
        let digest = digest(command);
        let count = seen.entry(digest.clone()).or_insert(0);
        *count += 1;
        command.key = format!("{}-{digest}-{count}", command.name);
    }
}

/// 64 bits over name, arguments with single spaces, and whether it is a dry run; the form does not count.
fn digest(command: &Found) -> String {
    let words: Vec<&str> = command.args.split_whitespace().collect();
    let normal = format!("{} {} {}", command.name, command.dry_run, words.join(" "));
    Sha256::digest(normal.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
