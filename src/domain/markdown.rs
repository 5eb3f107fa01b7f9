//! Reading Markdown: the lines of a comment, and on which of them the author speaks in his own voice.

mod speech; // which bytes are neither code, quotes nor HTML
#[cfg(test)]
mod tests;

use speech::{comments, speech};

/// One line of a text with `\n` line ends; see [`normalize`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Counted from 1.
    pub number: usize,
    /// Without its line end, HTML comments included.
    pub text: &'a str,
    /// Whether the line begins as text that the author says himself: not code, not quoted, not HTML, not hidden.
    pub spoken: bool,
}

/// Every line of a text.
///
/// A line right below a quote without `>` belongs to the quote for CommonMark and for GitHub, and so it does here.
pub fn lines(text: &str) -> Vec<Line<'_>> {
    let mut speech = speech(text);
    let mut start = 0;
    text.split('\n')
        .enumerate()
        .map(|(index, line)| {
            let indent = line.len() - line.trim_start().len();
            let spoken = indent < line.len() && speech.covers(start + indent);
            start += line.len() + 1;
            Line { number: index + 1, text: line, spoken }
        })
        .collect()
}

/// The text with `\n` as its only line end and without a byte order mark.
pub fn normalize(text: &str) -> String {
    text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n").replace('\r', "\n")
}

/// The text with every HTML comment blanked out: the same lines, and the same bytes at the same places otherwise.
pub fn blank_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for comment in comments(text) {
        out.push_str(&text[from..comment.start]);
        out.extend(text[comment.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        from = comment.end;
    }
    out.push_str(&text[from..]);
    out
}
