//! User text into Markdown: shown as it was written, and nothing in it takes effect.

pub mod visible; // what a reader cannot see is taken out
pub mod link; // permalinks and links

mod inline;
#[cfg(test)]
mod tests;

pub use inline::inline;

use visible::visible;

/// What is printed instead of nothing where Markdown needs at least one character.
const BLANK: &str = " ";

/// Text for a cell of a Markdown table: as [`inline`], with line breaks kept as `<br>`.
pub fn cell(text: &str) -> String {
    lines(text).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("<br>")
}

/// Text as a block quote, one line of the quote per line of the text, without a line break at the end.
pub fn quote(text: &str) -> String {
    lines(text.trim()).map(|line| format!("> {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// Text as a code span on one line; whole also inside a table cell.
///
/// A bar would end the cell even inside backticks, and escaping it there is read differently by different renderers:
/// such text becomes `<code>` with numeric entities.
pub fn code_span(text: &str) -> String {
    let text = one_line(&visible(text));
    if text.contains('|') {
        return format!("<code>{}</code>", numeric_entities(&text));
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    match text.as_str() {
        "" => format!("`{BLANK}`"),
        _ if text.starts_with('`') || text.ends_with('`') => format!("{fence} {text} {fence}"),
        _ => format!("{fence}{text}{fence}"),
    }
}

/// Text as a fenced block with a fence longer than any run of backticks inside; `lang` may be empty. No line break at the end.
pub fn fenced(text: &str, lang: &str) -> String {
    let text = visible(text);
    let fence = "`".repeat((longest_run(&text) + 1).max(3));
    let lang: String =
        lang.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-' | '.')).collect();
    format!("{fence}{lang}\n{}\n{fence}", text.trim_end_matches('\n'))
}

/// At most `max_chars` characters, the last of them "…" when something was cut; never cuts between a letter and its accents.
pub fn shorten(text: &str, max_chars: usize) -> String {
    if text.chars().count() <= max_chars {
        return text.to_owned();
    }
    let Some(keep) = max_chars.checked_sub(1) else { return String::new() };
    let chars: Vec<char> = text.chars().take(keep + 1).collect();
    let whole = (1..=keep).rev().find(|&end| !joins(chars[end - 1], chars[end])).unwrap_or(keep);
    let kept: String = chars[..whole].iter().collect();
    format!("{}…", kept.trim_end())
}

fn lines(text: &str) -> impl Iterator<Item = String> {
    visible(text).split('\n').map(inline).collect::<Vec<_>>().into_iter()
}

/// One line, runs of white space as one space, none at the ends.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

fn numeric_entities(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_punctuation() { format!("&#{};", u32::from(c)) } else { c.to_string() })
        .collect()
}

fn joins(before: char, after: char) -> bool {
    const JOINER: char = '\u{200D}';
    before == JOINER
        || after == JOINER
        || matches!(after, '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
            | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}' | '\u{1F3FB}'..='\u{1F3FF}')
}
