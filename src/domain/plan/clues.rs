//! Names of an issue that the tree may hold, the title's before the text's and the text's before the code's.

use std::collections::BTreeSet;

use crate::domain::brief::Brief;
use crate::domain::plan::asks;
use crate::domain::plan::examples;
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::source::Block;
use crate::domain::plan::statement::Reading;
use crate::domain::plan::trace;
use crate::domain::plan::words;

/// Most names that are looked for.
const LIMIT: usize = 24;

/// A name worth looking for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clue {
    /// As the issue spells it, its last part alone.
    pub name: String,
    /// How code may spell it, the name first.
    pub spellings: Vec<String>,
    /// What it says of where the matter lies.
    pub weight: u64,
    /// The words of the title that the name was made of, where nobody wrote it.
    pub made_of: Option<String>,
    /// What stands before it: `Owner` of `Owner::name`.
    pub owner: Option<String>,
    /// A plain word, which only its definition makes a name.
    pub is_plain: bool,
    /// The title has it.
    pub is_titled: bool,
}

impl Clue {
    /// As the issue has it: code where somebody wrote the name, else the title's words.
    pub fn told(&self) -> String {
        match &self.made_of {
            Some(said) => words::quoted(said),
            None => words::code(&self.name),
        }
    }
}

/// The heaviest names of an issue.
pub fn of(brief: &Brief, reading: &Reading) -> Vec<Clue> {
    let mut clues = all(brief, reading);
    clues.truncate(LIMIT);
    clues
}

/// The names of an issue, heaviest first.
pub fn all(brief: &Brief, reading: &Reading) -> Vec<Clue> {
    let mut clues = Vec::new();
    in_text(&mut clues, &brief.title, (9, 7));
    clues.iter_mut().for_each(|clue| clue.is_titled = true);
    plain(&mut clues, brief, reading);
    for said in reading.demands.iter().chain(&reading.talk).take(200) {
        let apart = said.section.as_deref().is_some_and(asks::is_apart);
        let steps = said.section.as_deref().is_some_and(asks::is_steps);
        let weights = if said.by.is_some() { (6, 4) } else { (4, 3) };
        if !apart || steps {
            in_text(&mut clues, &said.text, weights);
        }
    }
    pairs(&mut clues, &brief.title);
    for block in reading.blocks.iter().take(20) {
        let logs = block
            .section
            .as_deref()
            .is_some_and(|section| asks::is_apart(section) && !asks::is_steps(section));
        if let Some(sub) = TYPED.first(block.text.trim(), 1) {
            add(&mut clues, sub, 4);
        }
        for name in IDENTIFIER.all(head(&block.text), 0).into_iter().take(200).filter(|_| !logs) {
            add(&mut clues, name, 1);
        }
        for called in CALLED.all(head(&block.text), 0).into_iter().take(200).filter(|_| !logs) {
            let mut parts = called.trim_end_matches('(').rsplit(['.', ':']).filter(|part| !part.is_empty());
            let (name, owner) = (parts.next().unwrap_or_default(), parts.next());
            add(&mut clues, name, 2);
            own(&mut clues, name, owner);
        }
    }
    clues.sort_by_key(|clue| std::cmp::Reverse(clue.weight));
    clues
}

/// Lines of an output that came which may be a message.
const SHOWN: usize = 3;

/// Messages that people saw: what was thrown, then what the issue quotes, each of at least two words.
pub fn messages(brief: &Brief, reading: &Reading) -> Vec<String> {
    let thrown = trace::find(&brief.body).map(|trace| trace.error);
    let logged = reading.blocks.iter().take(20).filter_map(|block| trace::error(&block.text));
    let mut out: Vec<String> = thrown.into_iter().collect();
    out.extend(logged.map(|line| trace::said_by_log(line.trim()).to_owned()));
    out.extend(
        reading.blocks.iter().take(20).flat_map(|block| trace::complaints(&block.text)).map(str::to_owned),
    );
    let came = |block: &&Block| {
        block.section.as_deref().is_some_and(asks::is_actual) && !examples::is_program(block)
    };
    let came = reading.blocks.iter().take(20).filter(came).flat_map(|block| block.text.lines().take(SHOWN));
    out.extend(came.map(|line| line.trim().to_owned()).filter(|line| line.split_whitespace().count() > 3));
    let texts = reading.demands.iter().chain(&reading.talk).take(200).map(|said| said.text.as_str());
    for text in std::iter::once(brief.title.as_str()).chain(texts) {
        let code = mentions::spans(text).into_iter().filter(|(_, code)| *code).map(|(part, _)| part);
        out.extend(code.map(str::to_owned));
        out.extend(QUOTED.all(text, 1).into_iter().map(str::to_owned));
    }
    out.retain(|message| message.split_whitespace().count() > 1);
    out.dedup();
    out.truncate(8);
    out
}

static QUOTED: Pattern = Pattern::new(r#"["“]([^"“”]{12,200})["”]"#);

/// Tags of the title, and tags and variables of the environment that the issue writes as code.
pub fn literals(brief: &Brief, reading: &Reading) -> Vec<String> {
    let all = reading.demands.iter().chain(&reading.talk).filter(|said| said.by.is_none()).take(200);
    let texts: Vec<&str> =
        std::iter::once(brief.title.as_str()).chain(all.map(|said| said.text.as_str())).collect();
    let mut out: Vec<String> = TAG.all(&brief.title, 1).into_iter().map(str::to_owned).collect();
    for (code, _) in texts.iter().flat_map(|text| mentions::spans(text)).filter(|(_, is_code)| *is_code) {
        out.extend(WHOLLY.first(code, 0).map(str::to_owned));
    }
    out.extend(VARIABLE.all(&brief.title, 1).into_iter().map(str::to_owned));
    out.dedup();
    out.truncate(8);
    out
}

/// Elements of HTML alone: `<file>` stands for a file.
macro_rules! tag {
    () => {
        r"</?(?:a|abbr|article|aside|audio|b|base|blockquote|body|br|button|canvas|caption|code|details|dialog|div|dl|em|fieldset|figure|footer|form|h[1-6]|head|header|hr|html|iframe|img|input|label|legend|li|link|main|meta|nav|noscript|ol|optgroup|p|picture|pre|script|section|select|slot|span|strong|style|sub|summary|sup|svg|table|tbody|td|textarea|tfoot|th|thead|tr|ul|video)>"
    };
}
static TAG: Pattern = Pattern::new(concat!(r"(?:^|[\s`\x22'(])(", tag!(), ")"));
static WHOLLY: Pattern = Pattern::new(concat!("^(?:", tag!(), r"|(?-i:\$[A-Z][A-Z0-9_]{2,}))$"));
static VARIABLE: Pattern = Pattern::new(r"(?:^|[\s`\x22'(])(?-i:(\$[A-Z][A-Z0-9_]{2,}))\b");

/// Words of a text that look like code although nobody marked them.
static IDENTIFIER: Pattern = Pattern::new(
    r"(?-i:\b(?:[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+|[a-z]+[a-z0-9]*(?:[A-Z][a-z0-9]*)+|[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b)",
);

fn in_text(clues: &mut Vec<Clue>, text: &str, weights: (u64, u64)) {
    let (marked, bare) = weights;
    for mention in mentions::mentions(text) {
        if matches!(mention.kind, MentionKind::Path | MentionKind::Command | MentionKind::Endpoint) {
            continue;
        }
        let head = mention.text.split(['(', '<', ' ', '=', '{', '[']).next().unwrap_or_default();
        let mut parts = head.rsplit(['.', ':', '#', '>', '/']).filter(|part| !part.is_empty());
        let weight = if mention.code { marked } else { bare };
        if let Some(last) = parts.next().map(|last| last.trim_start_matches('-')) {
            add(clues, last, weight);
            if mention.kind == MentionKind::Flag {
                spelled(clues, last);
            }
            let owner = parts.next().map(|owner| owner.trim_end_matches('-'));
            own(clues, last, owner);
            if let Some(owner) = owner {
                add(clues, owner, weight / 2);
            }
        }
    }
    for (part, _) in mentions::spans(text) {
        for name in IDENTIFIER.all(part, 0).into_iter().take(20) {
            add(clues, name, bare);
        }
    }
}

/// What a qualified name belongs to; the same name without an owner belongs to all.
fn own(clues: &mut [Clue], name: &str, owner: Option<&str>) {
    let Some(clue) = clues.iter_mut().find(|clue| clue.name == name) else { return };
    match owner.filter(|owner| owner.len() > 3) {
        Some(owner) if clue.spellings.len() == 1 => clue.owner = clue.owner.take().or(Some(owner.to_owned())),
        _ => clue.owner = None,
    }
}

/// An option as code names what it sets.
fn spelled(clues: &mut [Clue], name: &str) {
    let Some(clue) = clues.iter_mut().find(|clue| clue.name == name && name.contains('-')) else { return };
    let parts: Vec<String> = name.split('-').map(words::capitalized).collect();
    let camel = parts.concat();
    let lower: String =
        camel.chars().take(1).flat_map(char::to_lowercase).chain(camel.chars().skip(1)).collect();
    for spelling in [name.replace('-', "_"), lower, camel] {
        if !clue.spellings.contains(&spelling) {
            clue.spellings.push(spelling);
        }
    }
}

/// Words of the title that the rest of the issue uses as code, and long ones: one of them may be a public name.
fn plain(clues: &mut Vec<Clue>, brief: &Brief, reading: &Reading) {
    let said: Vec<&str> = std::iter::once(brief.body.as_str())
        .chain(brief.comments.iter().map(|comment| comment.body.as_str()))
        .chain(reading.blocks.iter().map(|block| block.text.as_str()))
        .collect();
    let used = |word: &str| {
        let forms = [format!("{word}("), format!("`{word}`"), format!(".{word}"), format!("{word} do")];
        said.iter().any(|text| forms.iter().any(|form| text.contains(form.as_str())))
    };
    for word in brief.title.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '`'))).take(24) {
        let small = word.chars().all(|c| c.is_ascii_lowercase());
        let telling = word.len() > 4 && !is_general(word) && !words::nouns(word).is_empty();
        if small && telling && (word.len() > 7 || used(word)) && !clues.iter().any(|clue| clue.name == word) {
            add(clues, word, 6);
            if let Some(clue) = clues.iter_mut().find(|clue| clue.name == word) {
                (clue.is_plain, clue.is_titled) = (true, true);
            }
        }
    }
}

/// Words that every project has, and that choose none of its files.
pub fn is_general(word: &str) -> bool {
    let word = word.to_lowercase();
    GENERAL.contains(&word.as_str()) || GENERAL.contains(&words::singular(&word))
}

const GENERAL: [&str; 49] = [
    "extension",
    "test",
    "source",
    "issue",
    "option",
    "error",
    "command",
    "file",
    "line",
    "type",
    "value",
    "name",
    "string",
    "default",
    "support",
    "feature",
    "request",
    "response",
    "index",
    "main",
    "util",
    "helper",
    "common",
    "base",
    "core",
    "config",
    "version",
    "list",
    "build",
    "setup",
    "print",
    "format",
    "data",
    "input",
    "output",
    "user",
    "change",
    "update",
    "release",
    "example",
    "documentation",
    "method",
    "function",
    "class",
    "module",
    "call",
    "result",
    "parameter",
    "argument",
];

static QUALIFIED: Pattern = Pattern::new(r"(?-i:\b[A-Za-z_]\w*(?:\.|::|#|->)[A-Z]\w*[a-z]\w*\b)");

/// As much of a block as is worth reading for names.
fn head(text: &str) -> &str {
    text.char_indices().nth(8_000).map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}

/// A call of something with an owner, or of a name with a capital.
static CALLED: Pattern = Pattern::new(r"(?-i:(?:\b[A-Za-z_]\w*(?:\.|::))+[A-Za-z_]\w{3,}\(|\b[A-Z]\w{3,}\()");

/// The second word of a block that is one command.
static TYPED: Pattern = Pattern::new(r"^(?:\$ )?[a-z][\w-]*\s+([a-z][a-z-]{3,20})(?:\s[^\n]{0,200})?$");

/// Two neighbors of the title as code would write them: `mutually exclusive` is `MutuallyExclusive`.
fn pairs(clues: &mut Vec<Clue>, title: &str) {
    let words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).collect();
    let carries = |word: &str| word.len() > 3 && word.is_ascii() && !words::nouns(word).is_empty();
    for pair in words.windows(2) {
        let [first, second] = pair else { continue };
        if carries(first) && carries(second) {
            let said = format!("{first} {second}");
            let (first, second) = (first.to_lowercase(), second.to_lowercase());
            let camel = format!("{}{}", words::capitalized(&first), words::capitalized(&second));
            let written = clues.iter().any(|clue| clue.name == camel && clue.made_of.is_none());
            add(clues, &camel, 5);
            if let Some(clue) = clues.iter_mut().find(|clue| clue.name == camel) {
                clue.is_titled = true;
                clue.made_of = (!written).then_some(said);
                clue.spellings.extend([format!("{first}_{second}"), format!("{first}-{second}")]);
            }
        }
    }
}

fn add(clues: &mut Vec<Clue>, name: &str, weight: u64) {
    let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let name_of_all = weight < 3 && is_general(name);
    if name.len() < 4
        || THROWN.is_in(name)
        || !plain
        || name_of_all
        || name.chars().all(|c| c.is_ascii_digit())
        || COMMON.contains(&name)
    {
        return;
    }
    if let Some(seen) = clues.iter_mut().find(|seen| seen.name == name) {
        seen.weight = seen.weight.max(weight);
        seen.made_of = None;
        seen.is_plain = false;
    } else if clues.len() < 4 * LIMIT {
        let (name, spellings) = (name.to_owned(), vec![name.to_owned()]);
        let (made_of, owner, is_plain, is_titled) = (None, None, false, false);
        clues.push(Clue { name, spellings, weight, made_of, owner, is_plain, is_titled });
    }
}

/// What is thrown tells nothing of the place.
static THROWN: Pattern = Pattern::new(r"(?:Exception|Error|Warning)$");

/// Names that every repository of a language holds.
const COMMON: [&str; 44] = [
    "null",
    "None",
    "undefined",
    "true",
    "false",
    "True",
    "False",
    "self",
    "this",
    "void",
    "string",
    "String",
    "bool",
    "boolean",
    "float",
    "object",
    "Object",
    "console",
    "require",
    "import",
    "return",
    "default",
    "Error",
    "Exception",
    "JavaScript",
    "TypeScript",
    "GitHub",
    "README",
    "NodeJS",
    "toString",
    "println",
    "const",
    "function",
    "number",
    "Array",
    "value",
    "name",
    "type",
    "master",
    "main",
    "version",
    "test",
    "tests",
    "args",
];

/// The words of a title that a path may hold.
pub fn title_words(brief: &Brief) -> BTreeSet<String> {
    // What somebody writes with its owner is one name, and no words.
    let title = QUALIFIED.replace(&brief.title, |_| String::new());
    let title = words::PUT_THERE.iter().fold(title, |title, name| title.replace(name, ""));
    let parts = words::nouns(&places::split_camel(&title));
    parts.into_iter().filter(|word| word.chars().count() > 2).collect()
}

#[cfg(test)]
mod tests {
    use super::title_words;
    use crate::domain::plan::tests::world::issue;

    #[test]
    fn a_folder_that_tools_fill_is_no_words() {
        let words = title_words(&issue(4, "Leave out `node_modules` in a dock", ""));
        assert!(words.contains("dock") && !words.contains("node"), "{words:?}");
    }
}
