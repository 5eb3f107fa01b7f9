//! A quote below the heading of a form: people set off an output by it, or simply their own words.

use super::{Block, Reader};
use crate::domain::plan::asks;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// So much of the end of a sentence says what it leads in, in bytes.
const LEAD: usize = 300;

/// Set in columns or deeper than its neighbours, or a line of a tool.
static SET: Pattern = Pattern::new(
    r"^ {3,}\S|^\s*\S.*\S {3,}\S|^\s*(?:[a-z]*(?:error|warning|usage|panic)\w*\b.*:|[$>] \S|\S+:\d+:)",
);

/// Does it show what a tool printed, rather than say something?
fn is_output(lines: &[(usize, String)]) -> bool {
    lines.len() > 1 && lines.iter().any(|(_, line)| SET.is_in(line))
}

/// Its lines without the marks.
fn joined(lines: &[(usize, String)]) -> String {
    let bare = lines.iter().map(|(_, line)| line.strip_prefix(' ').unwrap_or(line).trim_end());
    bare.collect::<Vec<_>>().join("\n")
}

impl Reader {
    /// Is nothing said yet below a heading of a report? A quote there is no one's but the writer's.
    pub(super) fn is_answered_here(&self) -> bool {
        let told = self.source.pieces.len() > self.led || !self.paragraph.is_empty() || self.item.is_some();
        !told && self.in_report() || self.shows_error()
    }

    /// Does the sentence before bring in what a program said?
    fn shows_error(&self) -> bool {
        let open = self.paragraph.last().map(|(_, text)| text.as_str());
        let said = || self.source.pieces.get(self.led..)?.last().map(|piece| piece.text.as_str());
        let before = open.or_else(said).map(str::trim_end).filter(|_| self.item.is_none());
        // Asked for each line of a quote: most sentences do not lead in anything.
        before.is_some_and(|text| text.ends_with(':') && asks::brings_error(words::tail(text, LEAD)))
    }

    /// What a quote said, or showed, goes to where it belongs.
    pub(super) fn ends_quote(&mut self) {
        let lines = std::mem::take(&mut self.quote);
        let Some((line, _)) = lines.first().cloned() else { return };
        if self.shows_error() {
            self.flush();
            let (section, lead) = (self.section.clone(), self.just_said());
            self.source.blocks.push(Block { line, text: joined(&lines), section, lead });
            self.led = self.source.pieces.len();
            return;
        }
        if is_output(&lines) {
            let section = self.section.clone();
            self.source.blocks.push(Block { line, text: joined(&lines), section, lead: None });
            return;
        }
        let marks = |said: &str| said.trim_start().starts_with("```") || said.trim_start().starts_with("[!");
        for (number, said) in lines.into_iter().filter(|(_, said)| !marks(said)) {
            self.words(number, &said);
        }
    }
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
