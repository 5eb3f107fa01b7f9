//! The names a sentence uses: paths, symbols, commands, options, endpoints, issues.

use crate::domain::plan::pattern::Pattern;

/// A name in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// As the issue spells it, without backticks and line number.
    pub text: String,
    /// What it looks like.
    pub kind: MentionKind,
    /// `:42` behind a path.
    pub line: Option<usize>,
    /// It stood between backticks.
    pub code: bool,
}

/// What a name looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MentionKind {
    /// Has a folder or a known ending.
    Path,
    /// A function, type or constant.
    Symbol,
    /// Something to type in a terminal.
    Command,
    /// `--name`.
    Flag,
    /// `GET /users`.
    Endpoint,
    /// Any other code.
    Code,
}

/// Most mentions that are taken from one sentence.
const LIMIT: usize = 24;

/// The names of a sentence, in order, each once.
pub fn mentions(text: &str) -> Vec<Mention> {
    let mut out: Vec<Mention> = Vec::new();
    let mut add = |mention: Mention| {
        if out.len() < LIMIT && !out.iter().any(|seen| seen.text == mention.text) {
            out.push(mention);
        }
    };
    for (part, code) in spans(text) {
        if code {
            add(in_code(part.trim()));
            for word in part.split_whitespace().skip(1).filter(|word| flag(word)) {
                add(bare(word, MentionKind::Flag));
            }
            continue;
        }
        for found in ENDPOINT.all(part, 0) {
            add(bare(found, MentionKind::Endpoint));
        }
        for word in part
            .split(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | '„' | ',' | ';' | '<' | '>'))
        {
            let word = word.trim_matches(|c: char| {
                matches!(c, '.' | ',' | ':' | ';' | '!' | '?' | '\'' | '"' | '*' | ']' | '[' | '(')
            });
            if let Some(mention) = in_prose(word) {
                add(mention);
            }
        }
    }
    out
}

/// A text as alternating prose and code spans.
pub fn spans(text: &str) -> Vec<(&str, bool)> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('`') {
        let (before, from) = rest.split_at(start);
        let ticks = from.len() - from.trim_start_matches('`').len();
        let inner = from.get(ticks..).unwrap_or_default();
        let Some(end) = closing(inner, ticks) else { break };
        if !before.is_empty() {
            out.push((before, false));
        }
        out.push((unpadded(inner.get(..end).unwrap_or_default()), true));
        rest = inner.get(end + ticks..).unwrap_or_default();
    }
    if !rest.is_empty() {
        out.push((rest, false));
    }
    out
}

/// Where exactly so many backticks stand: more or fewer of them belong to the code.
fn closing(inner: &str, ticks: usize) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + inner.get(from..)?.find('`')?;
        let run = inner.get(at..)?.bytes().take_while(|byte| *byte == b'`').count();
        if run == ticks {
            return Some(at);
        }
        from = at + run;
    }
}

/// Code without the spaces that keep its own backticks from the fence.
fn unpadded(code: &str) -> &str {
    let bare = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
    bare.filter(|bare| bare.starts_with('`') || bare.ends_with('`')).unwrap_or(code)
}

static ENDPOINT: Pattern = Pattern::new(r"\b(?:GET|POST|PUT|PATCH|DELETE|HEAD)\s+/[^\s`,;)]*");
static PATH: Pattern =
    Pattern::new(r"^(?:\.{0,2}[/\\])?[\w@.+-]+(?:[/\\][\w@.+\[\]-]+)*(?::\d+)?(?::\d+)?/?$");
static COMMAND: Pattern = Pattern::new(
    r"^(?:\$ )?(?:cargo|npm|pnpm|yarn|npx|go|python3?|pytest|make|docker|git|mvn|gradle|\./gradlew|dotnet|bundle|rake|composer|php|kubectl|terraform|pip|uv|tox|deno|bun)\s+\S",
);
static SYMBOL: Pattern = Pattern::new(
    r"(?-i:^(?:[A-Za-z_]\w*(?:::|\.|#|->))*(?:[A-Za-z_]\w*\(\)?|[A-Z][a-z0-9]+(?:[A-Z]\w*)+|[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[a-z]+[A-Z]\w*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\)?$|^(?:[A-Za-z_]\w*::)+[A-Za-z_]\w*$|^[A-Z]\w*(?:[.#][A-Za-z_]\w*)+$)",
);
/// `Type.member(Other other)`.
static SIGNED: Pattern = Pattern::new(r"(?-i:^[A-Z]\w*(?:\.|::|#)[A-Za-z_]\w*\([^()`]{1,60}\)$)");
static LINE: Pattern = Pattern::new(r":(\d{1,7})(?::\d+)?$");

fn in_code(text: &str) -> Mention {
    let kind = match text {
        _ if ENDPOINT.is_in(text) => MentionKind::Endpoint,
        _ if COMMAND.is_in(text) => MentionKind::Command,
        _ if flag(text.split(['=', ' ']).next().unwrap_or_default()) => MentionKind::Flag,
        _ if is_path(text) && (text.contains('/') || known_ending(text)) => return path(text, true),
        _ if SYMBOL.is_in(text.split('<').next().unwrap_or(text)) || SIGNED.is_in(text) => {
            MentionKind::Symbol
        }
        _ => MentionKind::Code,
    };
    let text = match kind {
        MentionKind::Flag => text.split(['=', ' ']).next().unwrap_or(text),
        _ => text,
    };
    Mention { text: text.to_owned(), kind, line: None, code: true }
}

fn in_prose(word: &str) -> Option<Mention> {
    if word.contains("://") || word.contains('@') || word.len() > 300 {
        return None;
    }
    let bare_word = word.trim_end_matches(')');
    match word {
        _ if flag(word) => Some(bare(word, MentionKind::Flag)),
        _ if is_path(bare_word) && known_ending(bare_word) && !HOST.is_in(bare_word) => {
            Some(path(bare_word, false))
        }
        _ if word.ends_with("()") && SYMBOL.is_in(word) => Some(bare(word, MentionKind::Symbol)),
        _ if word.contains("::") && SYMBOL.is_in(word) => Some(bare(word, MentionKind::Symbol)),
        _ if MEMBER.is_in(word) => Some(bare(word, MentionKind::Symbol)),
        _ if word.contains('_') && SYMBOL.is_in(word) => Some(bare(word, MentionKind::Symbol)),
        _ => None,
    }
}

/// `TextRunner.MakeSettings`, which no prose holds otherwise.
static MEMBER: Pattern = Pattern::new(r"(?-i:^(?:[A-Z][a-z0-9]+){2,}\.(?:[A-Z][a-z0-9]+){2,}$)");
static HOST: Pattern = Pattern::new(
    r"^(?:www\.|[\w-]+\.(?:com|org|net|io|dev)(?:$|/))|^(?:node|vue|next|nuxt|three|d3|express)\.js$",
);

fn bare(text: &str, kind: MentionKind) -> Mention {
    Mention { text: text.to_owned(), kind, line: None, code: false }
}

fn path(text: &str, code: bool) -> Mention {
    let line = LINE.first(text, 1).and_then(|digits| digits.parse().ok());
    let end =
        LINE.captures(text).and_then(|found| found.get(0).map(|whole| whole.start())).unwrap_or(text.len());
    let text = text.get(..end).unwrap_or(text).replace('\\', "/");
    let text = text.trim_start_matches("./").trim_start_matches('/');
    Mention { text: text.to_owned(), kind: MentionKind::Path, line, code }
}

fn is_path(text: &str) -> bool {
    text.len() < 300 && PATH.is_in(text) && text.chars().any(char::is_alphabetic)
}

/// Does the name end like a file of a repository?
pub fn known_ending(text: &str) -> bool {
    let text = text.split(':').next().unwrap_or(text);
    let name = text.rsplit('/').next().unwrap_or(text);
    match name.rsplit_once('.') {
        Some((stem, ending)) => {
            ENDINGS.contains(&ending.to_lowercase().as_str()) && (!stem.is_empty() || text.contains('/'))
        }
        None => {
            matches!(name, "Makefile" | "Dockerfile" | "CODEOWNERS" | "Gemfile" | "Rakefile" | "Procfile")
        }
    }
}

const ENDINGS: [&str; 58] = [
    "rs", "py", "pyi", "js", "jsx", "mjs", "cjs", "ts", "tsx", "go", "java", "kt", "kts", "scala", "cs",
    "fs", "vb", "rb", "php", "c", "h", "cc", "cpp", "hpp", "m", "swift", "dart", "ex", "exs", "erl", "hs",
    "lua", "pl", "r", "sh", "bash", "ps1", "sql", "toml", "yaml", "yml", "json", "jsonc", "ini", "cfg",
    "conf", "env", "xml", "html", "css", "scss", "vue", "svelte", "md", "rst", "txt", "proto", "tf",
];

fn flag(text: &str) -> bool {
    text.len() < 60
        && text.strip_prefix("--").is_some_and(|name| {
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
}

/// Names a call of a type, `Hold.lift(Crate)`, though nobody marked it as code?
pub fn names_call(text: &str) -> bool {
    CALLED.is_in(text)
}

static CALLED: Pattern = Pattern::new(r"(?-i:\b[A-Z]\w{2,}(?:\.|#|::)[a-z]\w*\()");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_that_holds_backticks_itself_is_read_as_it_was_written() {
        for text in ["`find dist`", "tox `find dist/*.tar.gz`", "`", "a``b", "``` x", "plain", " x "] {
            let told = format!("run {} in {}", crate::domain::plan::words::code(text), "`ci.yml`");
            let expected = [("run ", false), (text, true), (" in ", false), ("ci.yml", true)];
            assert_eq!(spans(&told), expected, "{told}");
        }
    }

    #[test]
    fn names_are_told_apart() {
        let text = "`src/auth.rs:42` calls `Session::close` and retry_all() with --dry-run, `cargo test`, GET /users/1 and read/write at https://x.io/a.js, e.g. docs/guide.md.";
        let seen: Vec<(String, MentionKind)> = mentions(text).into_iter().map(|m| (m.text, m.kind)).collect();
        let expected = [
            ("src/auth.rs", MentionKind::Path),
            ("Session::close", MentionKind::Symbol),
            ("retry_all()", MentionKind::Symbol),
            ("--dry-run", MentionKind::Flag),
            ("cargo test", MentionKind::Command),
            ("GET /users/1", MentionKind::Endpoint),
            ("docs/guide.md", MentionKind::Path),
        ];
        assert_eq!(seen, expected.map(|(text, kind)| (text.to_owned(), kind)));
        assert_eq!(mentions("`src/auth.rs:42`")[0].line, Some(42));
        let member = mentions("The problem is in TextRunner.MakeSettings, on ASP.NET and Node.JS.");
        assert_eq!(member.len(), 1);
        assert_eq!(member[0].text, "TextRunner.MakeSettings");
    }
}
