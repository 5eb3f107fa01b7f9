//! Which bytes of a comment are the author's own visible words.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// HTML elements whose content is code, a quote, or not shown as text.
const MUTE_ELEMENTS: [&str; 12] =
    ["blockquote", "pre", "code", "samp", "kbd", "tt", "template", "script", "style", "textarea", "xmp", "q"];

const OPTIONS: Options =
    Options::ENABLE_TABLES.union(Options::ENABLE_TASKLISTS).union(Options::ENABLE_STRIKETHROUGH);

/// Ranges of spoken bytes in order, asked front to back.
pub(super) struct Speech {
    ranges: Vec<Range<usize>>,
    next: usize,
}

impl Speech {
    /// Whether the byte at `at` is spoken; `at` must not go back from call to call, so that a whole text costs one pass.
    pub(super) fn covers(&mut self, at: usize) -> bool {
        while self.ranges.get(self.next).is_some_and(|range| range.end <= at) {
            self.next += 1;
        }
        self.ranges.get(self.next).is_some_and(|range| range.contains(&at))
    }
}

/// Ranges of HTML comments, in order; a comment that is never closed ends with its block.
pub(super) fn comments(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (event, range) in Parser::new_ext(text, OPTIONS).into_offset_iter() {
        if matches!(event, Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_)) {
            find_comments(&text[range.clone()], range.start, &mut found);
        }
    }
    found
}

fn find_comments(html: &str, offset: usize, found: &mut Vec<Range<usize>>) {
    const OPEN: &str = "<!--";
    const CLOSE: &str = "-->";
    let mut at = 0;
    while let Some(open) = html[at..].find(OPEN) {
        let start = at + open;
        // `<!-->` is a whole comment: its closing dashes may be the opening ones.
        let body = start + 2;
        at = html[body..].find(CLOSE).map_or(html.len(), |close| body + close + CLOSE.len());
        found.push(offset + start..offset + at);
    }
}

/// Reads the text as GitHub does and keeps what is text outside of code, quotes, pictures and HTML.
pub(super) fn speech(text: &str) -> Speech {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut muted = Muted::default();
    for (event, range) in Parser::new_ext(text, OPTIONS).into_offset_iter() {
        match event {
            Event::Start(tag) if is_mute(&tag) => muted.containers += 1,
            Event::End(tag) if is_mute_end(tag) => muted.containers = muted.containers.saturating_sub(1),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell) => {
                muted.end_of_block();
            }
            Event::Html(html) => muted.read_html(&html, Place::Block),
            Event::InlineHtml(html) => muted.read_html(&html, Place::Line),
            Event::Text(_) if muted.is_silent() => ranges.push(range),
            _ => {}
        }
    }
    Speech { ranges, next: 0 }
}

fn is_mute(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::BlockQuote(_) | Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::Image { .. })
}

fn is_mute_end(tag: TagEnd) -> bool {
    matches!(tag, TagEnd::BlockQuote(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::Image)
}

#[derive(Clone, Copy)]
enum Place {
    /// A block of HTML: what it opens stays open over blank lines.
    Block,
    /// HTML within a line of text: what it opens ends with the paragraph.
    Line,
}

/// What is open around the current place.
#[derive(Default)]
struct Muted {
    containers: usize,
    block_elements: Vec<&'static str>,
    line_elements: Vec<&'static str>,
}

impl Muted {
    /// Whether nothing mutes the current place.
    fn is_silent(&self) -> bool {
        self.containers == 0 && self.block_elements.is_empty() && self.line_elements.is_empty()
    }

    fn end_of_block(&mut self) {
        self.line_elements.clear();
    }

    fn read_html(&mut self, html: &str, place: Place) {
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            rest = &rest[at + 1..];
            let (closing, name_on) = match rest.strip_prefix('/') {
                Some(behind) => (true, behind),
                None => (false, rest),
            };
            let end = name_on.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name_on.len());
            let Some(&name) = MUTE_ELEMENTS.iter().find(|name| name.eq_ignore_ascii_case(&name_on[..end]))
            else {
                continue;
            };
            match (closing, place) {
                (true, _) => self.close(name),
                (false, Place::Block) => self.block_elements.push(name),
                (false, Place::Line) => self.line_elements.push(name),
            }
        }
    }

    fn close(&mut self, name: &str) {
        for open in [&mut self.line_elements, &mut self.block_elements] {
            if let Some(at) = open.iter().rposition(|element| *element == name) {
                open.truncate(at);
                return;
            }
        }
    }
}
