//! Paragraphs: where one of their lines ends what it says, and those that are code.

/// A paragraph of nothing but code is a block of it.
pub(super) fn alone(paragraph: &str) -> Option<&str> {
    let code = paragraph.trim().strip_prefix('`')?.strip_suffix('`')?;
    (!code.contains('`') && code.trim().contains(' ')).then_some(code.trim())
}

/// GitHub shows a line end in an issue as one: a short line before a capital is a sentence of its own.
pub(super) fn is_break(before: &str, next: &str) -> bool {
    let begins = next.chars().next().is_some_and(char::is_uppercase);
    begins && (before.chars().count() < 48 || before.ends_with(['>', ':']))
}
