//! Reads an issue's Markdown into lines that say something: boxes, list items, sentences, steps and code.

mod block; // code, and how a plan refers to it
mod embedded; // addresses that GitHub shows as code
mod emphasis; // marks that make words slanted or bold
mod fence; // code between marks
mod heading; // lines that head others
mod images; // pictures and tags at the ends of a line
mod links;
mod paragraph; // where a line ends what it says
mod quote; // answers that stand in a quote
mod struck; // what its writer took back

pub use self::block::Block;
use self::fence::Fence;
use self::heading::{HEADS, LABEL, heading};
use self::links::unlinked;
pub use self::links::{Link, linked};
use self::paragraph::{alone, is_break};
use crate::domain::plan::asks;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::references;
use crate::domain::plan::trace;
use crate::domain::plan::words;

/// Longest line that is looked at, in characters; the plan says when a line was longer.
pub const LINE_LIMIT: usize = 4_000;

/// Below the six levels of headings stand bold lines.
const LEVELS: usize = 7;

/// What an issue's text says.
#[derive(Debug, Default)]
pub struct Source {
    /// In order.
    pub pieces: Vec<Piece>,
    /// Fenced and indented code.
    pub blocks: Vec<Block>,
    /// Lines such as `Depends on #3`, with their numbers; they are no pieces.
    pub relations: Vec<(usize, String)>,
    /// Numbers of lines that were longer than [`LINE_LIMIT`].
    pub cut: Vec<usize>,
}

/// One statement of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Verbatim; line ends are blanks.
    pub text: String,
    /// Line it starts on, from 1.
    pub line: usize,
    /// What it stands in.
    pub form: Form,
    /// The heading above.
    pub section: Option<String>,
    /// For list items: the sentence with a colon that leads in the list.
    pub lead: Option<String>,
    /// Files that it links.
    pub links: Vec<Link>,
}

/// What a statement stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `- [ ]`
    Box,
    /// `- [x]`
    TickedBox,
    /// A list item without a box.
    Item,
    /// Given, When, Then, And, But at the start of a line.
    Step,
    /// A sentence of a paragraph.
    Sentence,
    /// A sentence with a colon that leads in a list.
    Lead,
    /// A row of a table, its cells apart by ` | `.
    Row {
        /// The last column is headed as what comes out.
        outcome: bool,
    },
}

/// Reads GitHub Markdown. HTML comments say nothing, nor does a quote that answers no heading of a report; any text is taken.
pub fn read(body: &str) -> Source {
    let mut reader = Reader::default();
    for (index, line) in body.lines().enumerate() {
        reader.line(index + 1, line);
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    source: Source,
    section: Option<String>,
    comment: bool,
    fence: Option<Fence>,
    paragraph: Vec<(usize, String)>,
    item: Option<Piece>,
    lead: Option<String>,
    /// The headings around, outermost first, each with its level.
    around: Vec<(usize, String)>,
    /// The section above a head that ends with its own line.
    above: Option<Option<String>>,
    table: Table,
    /// How many pieces stood before the last heading or code: none of them leads in what comes now.
    led: usize,
    /// The number of the last item, and what led in its list: code may stand between it and the next.
    numbered: Option<(u32, Option<String>)>,
    /// Lines of a quote that is the answer to a heading.
    quote: Vec<(usize, String)>,
}

/// Where in a table the reader is.
#[derive(Default)]
enum Table {
    #[default]
    Outside,
    /// The head was read, the line below it comes.
    Head(String),
    /// Among the rows.
    Rows { outcome: bool },
}

static ITEM: Pattern = Pattern::new(r"^\s*(?:[-*+]|\d{1,9}[.)])\s+(.*)$");
static BOX: Pattern = Pattern::new(r"^\[([ x])\]\s+(.*)$");
static STEP: Pattern = Pattern::new(r"^\**(?:given|when|then|and|but)\b");
/// What `then`, `and` and `but` go on with; by itself each begins a sentence like any other.
static OPENS: Pattern = Pattern::new(r"^\**(?:given|when)\b");
static DASH: Pattern = Pattern::new(r"\w\)? (?:-|–|—)$");
/// `The order should be` above a list.
static SHOULD_BE: Pattern = Pattern::new(r"\b(?:should|must|would|will|shall) be$");
static RULE: Pattern = Pattern::new(r"^\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|=+)\s*$");

static UNDERLINE: Pattern = Pattern::new(r"^(?:=+|-{3,})$");
/// Longest line that is taken for an underlined heading, in characters.
const HEADING: usize = 120;

impl Reader {
    fn line(&mut self, number: usize, raw: &str) {
        let raw = self.limited(number, raw);
        if self.in_fence(number, raw) {
            return;
        }
        let visible = struck::without(self.without_comments(raw));
        let text = visible.trim();
        match text.strip_prefix('>').filter(|_| !self.quote.is_empty() || self.is_answered_here()) {
            Some(said) => return self.quote.push((number, said.to_owned())),
            None => self.ends_quote(),
        }
        if text.starts_with('|') && text.len() > 2 {
            return self.row(number, text);
        }
        self.table = Table::Outside;
        if UNDERLINE.is_in(text) && self.is_headed() {
            let heading = self.paragraph.pop().map(|(_, heading)| heading).unwrap_or_default();
            self.begin(&heading);
            return self.stands_in(if text.starts_with('=') { 1 } else { 2 });
        }
        match text {
            "" | "_No response_" | "N/A" | "n/a" | "None" | "none" | "No alternatives." => self.flush(),
            _ if RULE.is_in(text) => self.ends_part(),
            _ if text.starts_with('>') || trace::is_frame(&visible) => self.flush(),
            _ if heading(text).is_some() => {
                self.begin(heading(text).unwrap_or_default());
                self.stands_in(text.chars().take_while(|c| *c == '#').count());
            }
            _ if references::is_relation(text) => {
                self.flush();
                self.source.relations.push((number, text.to_owned()));
            }
            _ if LABEL.is_in(text) => {
                self.begin(LABEL.first(text, 1).unwrap_or_default());
                self.words(number, LABEL.first(text, 2).unwrap_or_default());
            }
            _ if HEADS.is_in(text) => {
                let above = self.above.take().unwrap_or_else(|| self.section.clone());
                self.begin(HEADS.first(text, 1).unwrap_or_default());
                let rest = HEADS.first(text, 2).unwrap_or_default();
                self.words(number, rest);
                self.above = (!rest.trim().is_empty()).then_some(above);
            }
            _ => {
                self.ends_line(text);
                self.words(number, &visible);
            }
        }
    }

    /// Is the line above a heading, which is underlined? A sentence is none, whatever stands below it.
    fn is_headed(&self) -> bool {
        let [(_, above)] = self.paragraph.as_slice() else { return false };
        self.item.is_none() && above.chars().count() < HEADING && !above.ends_with(['.', '!', ';', ','])
    }

    fn row(&mut self, number: usize, text: &str) {
        let cells = text.trim_matches('|').trim();
        self.table = match std::mem::take(&mut self.table) {
            Table::Outside => {
                self.flush();
                self.leads(Form::Row { outcome: false });
                Table::Head(cells.to_owned())
            }
            Table::Head(head) => {
                let last = head.rsplit('|').next().unwrap_or_default();
                Table::Rows { outcome: OUTCOME.is_in(last) }
            }
            Table::Rows { outcome } => {
                let lead = self.lead.clone();
                let piece = self.piece(number, cells.to_owned(), Form::Row { outcome });
                self.source.pieces.push(Piece { lead, ..piece });
                Table::Rows { outcome }
            }
        };
    }

    fn limited<'t>(&mut self, number: usize, raw: &'t str) -> &'t str {
        match raw.char_indices().nth(LINE_LIMIT) {
            Some((at, _)) => {
                self.source.cut.push(number);
                raw.get(..at).unwrap_or_default()
            }
            None => raw,
        }
    }

    /// `To reproduce: press x` heads its own line alone; a list and a sentence that goes on stay below it.
    fn ends_line(&mut self, next: &str) {
        let goes_on = ITEM.is_in(next) || next.chars().next().is_some_and(char::is_lowercase);
        if let Some(above) = self.above.take_if(|_| !goes_on) {
            self.flush();
            self.section = above;
        }
    }

    fn begin(&mut self, section: &str) {
        self.flush();
        self.above = None;
        self.lead = None;
        self.numbered = None;
        self.led = self.source.pieces.len();
        self.section = Some(section.trim_end_matches(':').to_owned());
    }

    /// A heading of Markdown stands in the one of a higher level; one without a level of its own in whichever is above.
    fn stands_in(&mut self, level: usize) {
        let level = if level == 0 { LEVELS } else { level };
        self.around.retain(|(above, _)| *above < level);
        let Some(section) = self.section.clone() else { return };
        if let Some((_, outer)) =
            self.around.iter().rev().find(|(_, outer)| asks::heads_parts(outer, &section))
        {
            self.section = Some(format!("{outer}{}{section}", asks::UNDER));
        }
        self.around.push((level, section));
    }

    /// The last sentence since the last heading or code.
    fn just_said(&self) -> Option<String> {
        let said = self.source.pieces.get(self.led..)?;
        said.last().map(|piece| piece.text.clone())
    }

    fn words(&mut self, number: usize, visible: &str) {
        let visible = images::without(visible);
        if visible.trim().is_empty() {
            return;
        }
        let text = visible.trim();
        let item = ITEM.first(visible, 1);
        let said = item.unwrap_or(text);
        let step = STEP.is_in(said) && (OPENS.is_in(said) || self.in_steps());
        match item {
            _ if step => {
                self.flush();
                if item.is_some() {
                    self.leads(Form::Item);
                }
                let text = said.trim_matches('*').to_owned();
                self.item = Some(self.piece(number, text, Form::Step));
            }
            Some(text) => {
                self.flush();
                let (form, text) = boxed(text);
                self.leads(form);
                let lead = self.goes_on(visible.trim_start());
                self.item = Some(Piece { lead, ..self.piece(number, text.trim().to_owned(), form) });
            }
            None if self.item.is_some() => {
                if let Some(piece) = self.item.as_mut().filter(|piece| piece.text.len() < LINE_LIMIT) {
                    piece.text.push(' ');
                    piece.text.push_str(text);
                }
            }
            None if self.paragraph.is_empty() && visible.starts_with("    ") => {
                let pieces = self.source.pieces.len();
                let above = self.source.blocks.last_mut().filter(|_| self.led == pieces);
                if let Some(above) = above.filter(|above| above.line + above.text.lines().count() == number) {
                    above.text.push('\n');
                    above.text.push_str(visible.strip_prefix("    ").unwrap_or(text).trim_end());
                    return;
                }
                let section = self.section.clone();
                let lead = self.just_said();
                self.source.blocks.push(Block { line: number, text: text.to_owned(), section, lead });
                self.led = self.source.pieces.len();
            }
            None => {
                self.lead = None;
                self.paragraph.push((number, text.to_owned()));
            }
        }
    }

    /// What leads in the list of an item, whatever code and remarks stand between it and the one before.
    fn goes_on(&mut self, item: &str) -> Option<String> {
        let digits = item.split(['.', ')']).next().and_then(|digits| digits.parse::<u32>().ok());
        let above = self.numbered.take();
        if self.lead.is_none()
            && let (Some(number), Some((last, lead))) = (digits, above)
            && last + 1 == number
        {
            self.lead = lead;
        }
        self.numbered = digits.map(|number| (number, self.lead.clone()));
        self.lead.clone()
    }

    fn in_steps(&self) -> bool {
        let open = self.item.as_ref().map(|item| item.form);
        open.or_else(|| Some(self.source.pieces.last()?.form)) == Some(Form::Step)
    }

    /// The sentence just before a list leads it in when it ends in a colon or a dash; a question does before boxes.
    fn leads(&mut self, form: Form) {
        let opens = |text: &str| {
            let asks = matches!(form, Form::Box | Form::TickedBox) && text.ends_with('?');
            text.ends_with(':') || DASH.is_in(text) || asks || SHOULD_BE.is_in(text)
        };
        if let Some(last) = self.source.pieces.last_mut()
            && last.form == Form::Sentence
            && opens(last.text.trim_end_matches('*'))
            && last.section == self.section
        {
            last.form = Form::Lead;
            self.lead = Some(last.text.clone());
        }
    }

    fn piece(&self, line: usize, text: String, form: Form) -> Piece {
        let links = linked(&text);
        let text = emphasis::without(unlinked(&text));
        Piece { text, line, form, section: self.section.clone(), lead: None, links }
    }

    fn in_fence(&mut self, number: usize, raw: &str) -> bool {
        let trimmed = raw.trim();
        let mark = trimmed.chars().next().filter(|c| matches!(c, '`' | '~'));
        let length = mark.map_or(0, |mark| trimmed.chars().take_while(|c| *c == mark).count());
        match &mut self.fence {
            Some(fence)
                if mark == Some(fence.mark) && length >= fence.length && fence.ends(trimmed, length) =>
            {
                let block = Block {
                    line: fence.line,
                    text: std::mem::take(&mut fence.text),
                    section: self.section.clone(),
                    lead: fence.lead.take(),
                };
                // Scenarios are sentences, whatever fence stands around them.
                let steps = block.steps();
                let steps: Vec<Piece> =
                    steps.into_iter().map(|(line, step)| self.piece(line, step, Form::Step)).collect();
                self.source.blocks.extend(steps.is_empty().then_some(block));
                self.source.pieces.extend(steps);
                self.fence = None;
                self.led = self.source.pieces.len();
                true
            }
            Some(fence) => {
                fence.text.push_str(raw);
                fence.text.push('\n');
                true
            }
            None if length >= 3 && !self.comment && !trimmed.chars().skip(length).any(|c| c == '`') => {
                self.ends_quote();
                self.flush();
                let mark = mark.unwrap_or('`');
                let lead = self.just_said();
                let is_bare = trimmed.len() == length;
                let line = number + 1;
                self.fence = Some(Fence { mark, length, line, text: String::new(), lead, is_bare });
                true
            }
            None => false,
        }
    }

    fn without_comments(&mut self, raw: &str) -> String {
        let mut out = String::new();
        let mut rest = raw;
        loop {
            let mark = if self.comment { "-->" } else { "<!--" };
            let Some((before, after)) = rest.split_once(mark) else { break };
            if !self.comment {
                out.push_str(before);
            }
            self.comment = !self.comment;
            rest = after;
        }
        if !self.comment {
            out.push_str(rest);
        }
        out
    }

    fn flush(&mut self) {
        if let Some(mut item) = self.item.take() {
            item.links.extend(linked(&item.text));
            item.text = emphasis::without(unlinked(&item.text));
            self.source.pieces.push(item);
        }
        if self.paragraph.is_empty() {
            return;
        }
        let mut lines: Vec<(usize, String)> = Vec::new();
        for (number, text) in std::mem::take(&mut self.paragraph) {
            let breaks = lines.last().is_some_and(|(_, before)| is_break(before, &text));
            if breaks {
                self.sentences(std::mem::take(&mut lines));
            }
            lines.push((number, text));
        }
        self.sentences(lines);
    }

    fn sentences(&mut self, lines: Vec<(usize, String)>) {
        let mut joined = String::new();
        let mut starts = Vec::new();
        for (number, text) in lines {
            if !joined.is_empty() {
                joined.push(' ');
            }
            starts.push((joined.len(), number));
            joined.push_str(&text);
        }
        if let (Some(text), Some((_, line))) = (alone(&joined), starts.first()) {
            let (lead, section) = (self.just_said(), self.section.clone());
            self.source.blocks.push(Block { line: *line, text: text.to_owned(), section, lead });
            self.led = self.source.pieces.len() + 1;
        }
        for range in words::sentences(&joined) {
            let text = joined.get(range.clone()).unwrap_or_default();
            let start = range.start + (text.len() - text.trim_start().len());
            let after = starts.partition_point(|(at, _)| *at <= start);
            let line = starts.get(after.saturating_sub(1)).map_or(1, |(_, number)| *number);
            if !text.trim().is_empty() {
                let piece = self.piece(line, text.trim().to_owned(), Form::Sentence);
                self.source.pieces.push(piece);
            }
        }
    }

    fn finish(mut self) -> Source {
        self.ends_quote();
        self.flush();
        if let Some(fence) = self.fence.take().filter(|fence| !fence.text.trim().is_empty()) {
            self.source.blocks.push(Block {
                line: fence.line,
                text: fence.text,
                section: self.section.clone(),
                lead: fence.lead,
            });
        }
        self.source.pieces = embedded::joined(std::mem::take(&mut self.source.pieces));
        self.source
    }
}

/// Heads of columns that say what comes out.
static OUTCOME: Pattern = Pattern::new(
    r"expect|result|output|outcome|should|status|response|answer|returns?|code|behaviou?r|then|erwartet|ergebnis|attendu",
);
fn boxed(text: &str) -> (Form, &str) {
    match BOX.captures(text) {
        Some(found) => {
            let form = if found.get(1).is_some_and(|tick| tick.as_str() == " ") {
                Form::Box
            } else {
                Form::TickedBox
            };
            (form, found.get(2).map_or("", |rest| rest.as_str()))
        }
        None => (Form::Item, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_sentences_and_steps_keep_their_lines() {
        let body = "Intro one. It must work,\nreally. e.g. this\n\n## Acceptance\n- [ ] first\n  goes on\n- [x] done\n> quoted must\n<!-- must\n hidden -->\nGiven a\nThen b\n```\nmust not count\n```\n";
        let seen: Vec<(usize, Form, String)> =
            read(body).pieces.into_iter().map(|piece| (piece.line, piece.form, piece.text)).collect();
        assert_eq!(
            seen,
            [
                (1, Form::Sentence, "Intro one.".to_owned()),
                (1, Form::Sentence, "It must work, really. e.g. this".to_owned()),
                (5, Form::Box, "first goes on".to_owned()),
                (7, Form::TickedBox, "done".to_owned()),
                (11, Form::Step, "Given a".to_owned()),
                (12, Form::Step, "Then b".to_owned()),
            ]
        );
        assert_eq!(read(body).blocks[0].line, 14);
    }

    #[test]
    fn indented_lines_that_follow_each_other_are_one_block() {
        let body = "I use:\n\n    open(a)\n      .map(b)\n    close(a)\n\nand then\n\n    end()\n";
        let blocks = read(body).blocks;
        let seen: Vec<(usize, &str)> = blocks.iter().map(|block| (block.line, block.text.as_str())).collect();
        assert_eq!(seen, [(3, "open(a)\n  .map(b)\nclose(a)"), (9, "end()")]);
    }

    #[test]
    fn rows_of_tables_and_short_lines_stand_alone() {
        let body = "The importer must answer:\n\n| file | answer |\n|------|--------|\n| empty | 422 |\n| `a|b`.csv | 200 |\n\nThere is one: <https://x.example>\nI'd like another.\n";
        let seen: Vec<(usize, Form, String)> =
            read(body).pieces.into_iter().map(|piece| (piece.line, piece.form, piece.text)).collect();
        assert_eq!(
            seen,
            [
                (1, Form::Lead, "The importer must answer:".to_owned()),
                (5, Form::Row { outcome: true }, "empty | 422".to_owned()),
                (6, Form::Row { outcome: true }, "`a|b`.csv | 200".to_owned()),
                (8, Form::Sentence, "There is one: <https://x.example>".to_owned()),
                (9, Form::Sentence, "I'd like another.".to_owned()),
            ]
        );
    }
}
