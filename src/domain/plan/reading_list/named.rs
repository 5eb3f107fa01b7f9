//! Which files of a tree an issue points to: by path, by name, by frame, or by what it calls things.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::brief::{Brief, Target};
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::{clues, trace};

/// Most files taken for one name without a folder.
const ALIKE: usize = 6;
/// Most words of the whole conversation that are looked at.
const WORDS: usize = 40_000;

/// What an issue points to.
#[derive(Debug, Default)]
pub(super) struct Named<'a> {
    /// Files whose path or whole name stands there.
    pub(super) surely: BTreeSet<&'a str>,
    /// Files that are called like something of the issue, in whatever spelling.
    pub(super) called: BTreeSet<&'a str>,
    /// Folders of both, and those that stand there themselves.
    pub(super) folders: BTreeSet<&'a str>,
    /// Names of both, without their endings.
    pub(super) stems: BTreeSet<&'a str>,
}

static ADDRESS: Pattern = Pattern::new(r"/(?:blob|blame|tree|raw|edit)/[^/]+/([^#?]+)");

/// Reads title, body, comments and target.
pub(super) fn of<'a>(brief: &Brief, reading: &Reading, places: &Places<'a>) -> Named<'a> {
    let mut named = Named::default();
    let said = brief.comments.iter().map(|comment| comment.body.as_str());
    let texts = || [brief.title.as_str(), brief.body.as_str()].into_iter().chain(said.clone());
    let words = texts().flat_map(|text| text.split(|c: char| c.is_whitespace() || MARKS.contains(&c)));
    for word in words.filter(|word| word.len() > 2 && word.len() < 300).take(WORDS) {
        named.word(word, places);
    }
    for text in texts().flat_map(str::lines).take(2_000) {
        let code = mentions::mentions(text).into_iter();
        let code = code
            .filter(|mention| mention.code && matches!(mention.kind, MentionKind::Path | MentionKind::Code));
        code.for_each(|mention| named.take(places.resolve(&mention.text), places));
    }
    if let Target::Path(path) = &brief.target {
        named.take(places.resolve(path), places);
    }
    for frame in trace::find(&brief.body).map(|trace| trace.frames).unwrap_or_default() {
        named.take(places.tail(&frame.path), places);
        named.surely.extend(places.named(places::name(&frame.path)).take(ALIKE));
    }
    named.called.extend(places.called(&clues::all(brief, reading)));
    named.called.extend(hidden(texts(), places));
    named.called.extend(commands(texts(), places));
    let types = texts().flat_map(|text| text.split(|c: char| !(c.is_alphanumeric() || c == '_')));
    let types = types.filter(|word| word.len() > 3).take(WORDS);
    named.called.extend(types.filter_map(|word| places.type_file(word)));
    let files = || named.surely.iter().chain(&named.called).copied();
    let folders: Vec<&str> = files().map(places::folder).collect();
    let general = |stem: &&str| {
        stem.len() < 3 || matches!(*stem, "mod" | "lib" | "main" | "index" | "__init__" | "test")
    };
    let stems: Vec<&str> =
        files().map(|path| places::stem(places::name(path))).filter(|stem| !general(stem)).collect();
    named.folders.extend(folders);
    named.stems.extend(stems);
    named
}

/// A command that is typed: a program and what it is told to do.
static TYPED: Pattern =
    Pattern::new(r"`(?:\$ )?[a-z][\w-]{1,30} ((?-i:[a-z][a-z\d:-]{2,30}))(?: [^`\n]{0,200})?`");
/// Most commands that are looked for.
const COMMANDS: usize = 8;

/// Files that are called like a command which the texts type.
fn commands<'a, 't>(texts: impl Iterator<Item = &'t str>, places: &Places<'a>) -> Vec<&'a str> {
    let mut typed: Vec<&str> = Vec::new();
    for command in texts.flat_map(|text| TYPED.all(text, 1)) {
        if typed.len() < COMMANDS && !typed.contains(&command) {
            typed.push(command);
        }
    }
    let found = typed.into_iter().map(|command| places.called_command(command));
    found.filter(|paths| paths.len() <= ALIKE).flatten().collect()
}

/// Files that are called like a hidden one that the texts name: `gitignore.go` and `.gitignore`.
fn hidden<'a, 't>(texts: impl Iterator<Item = &'t str>, places: &Places<'a>) -> Vec<&'a str> {
    let words = texts.flat_map(|text| text.split(|c: char| c.is_whitespace() || MARKS.contains(&c)));
    let bare = words.filter_map(|word| word.trim_end_matches(['.', ':', '?', '!']).strip_prefix('.'));
    let is_name = |word: &&str| {
        word.len() > 3 && word.starts_with(char::is_alphabetic) && word.chars().all(char::is_alphanumeric)
    };
    let names: BTreeSet<&str> = bare.filter(is_name).take(WORDS).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let mut found: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
    for path in places.files() {
        if let Some(name) = names.get(places::stem(places::name(path))) {
            found.entry(name).or_default().push(path);
        }
    }
    found.into_values().filter(|paths| paths.len() <= ALIKE).flatten().collect()
}

const MARKS: [char; 15] = ['"', '\'', '`', '(', ')', '<', '>', ',', ';', '“', '”', '|', '=', '{', '}'];

impl<'a> Named<'a> {
    fn word(&mut self, word: &str, places: &Places<'a>) {
        let written = if word.contains("://") { ADDRESS.first(word, 1).unwrap_or_default() } else { word };
        let bare = written.trim_matches(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_')));
        let bare = bare.split(['#', ':']).find(|part| part.contains(['.', '/'])).unwrap_or_default();
        let bare = bare.trim_end_matches('.').trim_start_matches("./").replace('\\', "/");
        let (name, inner) = (places::name(&bare), bare.contains('/'));
        if !inner && !name.trim_start_matches('.').contains('.') {
            return;
        }
        match places.resolve(&bare) {
            Some(path) => self.take(Some(path), places),
            None if inner => self.take(places.tail(&bare), places),
            None => {
                let alike: Vec<&str> = places.named(name).take(ALIKE + 1).collect();
                if alike.len() <= ALIKE {
                    self.surely.extend(alike);
                }
            }
        }
        // A branch may have a folder in its name: then the address holds more before the path.
        if word.contains("://") {
            self.take(places.tail(&bare), places);
        }
    }

    fn take(&mut self, path: Option<&'a str>, places: &Places<'a>) {
        match path {
            Some(path) if places.has(path) => _ = self.surely.insert(path),
            Some(folder) if folder.contains('/') => _ = self.folders.insert(folder),
            Some(_) | None => {}
        }
    }
}
