//! Links of Markdown: the files they lead to, and their words alone.

use crate::domain::plan::pattern::Pattern;

static LINK: Pattern = Pattern::new(r"\[([^\[\]]{1,200})\]\((?:[^()\s]|\([^()\s]*\)){1,600}\)");
static BLOB: Pattern = Pattern::new(
    r"https?://[\w.-]+/[\w.-]+/[\w.-]+/(?:blob|blame|raw|edit)/[\w.-]+/([\w@+./-]+?\.\w+)(?:#L(\d{1,7}))?(?:[\s)>,;?#-]|$)",
);

/// Files that a text links, as GitHub addresses them.
pub(super) fn linked(text: &str) -> Vec<(String, Option<usize>)> {
    let lines = BLOB.all(text, 0);
    let found = lines.iter().filter_map(|link| BLOB.captures(link));
    let pair = |found: regex::Captures<'_>| {
        let line = found.get(2).and_then(|digits| digits.as_str().parse().ok());
        Some((found.get(1)?.as_str().to_owned(), line))
    };
    found.filter_map(pair).take(8).collect()
}

/// A text with its links' words alone.
pub(super) fn unlinked(text: &str) -> String {
    match text.contains("](") {
        true => LINK.replace(text, |link| LINK.first(link, 1).unwrap_or(link).to_owned()),
        false => text.to_owned(),
    }
}
