//! A quote below the heading of a form: people set off an output by it, or simply their own words.

use crate::domain::plan::pattern::Pattern;

/// Set in columns or deeper than its neighbours, or a line of a tool.
static SET: Pattern = Pattern::new(
    r"^ {3,}\S|^\s*\S.*\S {3,}\S|^\s*(?:[a-z]*(?:error|warning|usage|panic)\w*\b.*:|[$>] \S|\S+:\d+:)",
);

/// Does it show what a tool printed, rather than say something?
pub(super) fn is_output(lines: &[(usize, String)]) -> bool {
    lines.len() > 1 && lines.iter().any(|(_, line)| SET.is_in(line))
}

/// Its lines without the marks.
pub(super) fn joined(lines: &[(usize, String)]) -> String {
    let bare = lines.iter().map(|(_, line)| line.strip_prefix(' ').unwrap_or(line).trim_end());
    bare.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::source;

    #[test]
    fn a_quote_that_answers_a_form_shows_or_says_and_every_other_is_of_others() {
        let body = "### Steps\n\n`tool --help`\n\n### Actual\n\n>None\n\n### Expected\n\n> Usage: tool [OPTIONS]\n> \n> Options:\n>   -h   Print help\n\n### More\n\n> quoted\n";
        let read = source::read(body);
        let said: Vec<&str> = read.pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert!(said.contains(&"None"), "{said:?}");
        assert!(!said.contains(&"quoted"), "{said:?}");
        let shown = read.blocks.iter().find(|block| block.line == 11).unwrap();
        assert_eq!(shown.text, "Usage: tool [OPTIONS]\n\nOptions:\n  -h   Print help");
    }
}
