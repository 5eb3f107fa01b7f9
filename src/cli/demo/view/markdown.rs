//! Comments as HTML, as GitHub shows them: nothing that a person writes can run, load or look like a part of the page.

#[cfg(test)]
mod tests;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeStream, html};

use crate::cli::demo::drawing::{draw, mermaid};
use crate::cli::demo::html::escape;

/// HTML tags that stay, without any attribute: those that comments of the bot are made of, and a few as harmless.
const TAGS: [&str; 11] = ["details", "summary", "sub", "sup", "br", "code", "kbd", "b", "i", "del", "ins"];

/// What `#3` and `@ada` may lead to, and where this page is.
pub struct Surroundings<'a> {
    /// Address of this page without a slash at the end; links to it stay inside.
    pub origin: &'a str,
    /// `owner/name`.
    pub repository: &'a str,
    /// Numbers of the issues that exist.
    pub issues: &'a [i64],
    /// Logins that exist.
    pub people: &'a [&'a str],
}

/// Renders a comment.
pub fn render(text: &str, around: &Surroundings<'_>) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_GFM;
    let mut weaver = Weaver { around, woven: Vec::new(), raw: None, code: None, links: Vec::new() };
    for event in TextMergeStream::new(Parser::new_ext(text, options)) {
        weaver.weave(event);
    }
    let mut page = String::new();
    html::push_html(&mut page, weaver.woven.into_iter());
    page
}

struct Weaver<'a, 'text> {
    around: &'a Surroundings<'a>,
    woven: Vec<Event<'text>>,
    /// The block of HTML under way.
    raw: Option<String>,
    /// The block of code under way: its language and its text.
    code: Option<(String, String)>,
    /// For each link under way, whether it is kept.
    links: Vec<bool>,
}

impl<'text> Weaver<'_, 'text> {
    fn weave(&mut self, event: Event<'text>) {
        match event {
            Event::Start(Tag::HtmlBlock) => self.raw = Some(String::new()),
            Event::End(TagEnd::HtmlBlock) => {
                let raw = self.raw.take().unwrap_or_default();
                self.woven.push(Event::Html(tame(&raw).into()));
            }
            Event::Html(html) | Event::InlineHtml(html) => match &mut self.raw {
                Some(raw) => raw.push_str(&html),
                None => self.html(tame(&html)),
            },
            Event::Start(Tag::CodeBlock(kind)) => self.code = Some((language(&kind), String::new())),
            Event::End(TagEnd::CodeBlock) => {
                if let Some((language, text)) = self.code.take() {
                    self.woven.push(Event::Html(code(&language, &text).into()));
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) => self.open_link(&dest_url),
            Event::End(TagEnd::Link) => {
                if self.links.pop() == Some(true) {
                    self.html("</a>".to_owned());
                }
            }
            // A picture would come from elsewhere; its words stay.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Text(text) => self.text(text),
            // A line break in a comment is one on GitHub, too.
            Event::SoftBreak => self.woven.push(Event::HardBreak),
            other => self.woven.push(other),
        }
    }

    fn text(&mut self, text: CowStr<'text>) {
        match (&mut self.code, &mut self.raw) {
            (Some((_, code)), _) => code.push_str(&text),
            (None, Some(raw)) => raw.push_str(&text),
            (None, None) if self.links.is_empty() => self.references(&text),
            (None, None) => self.woven.push(Event::Text(text)),
        }
    }

    fn open_link(&mut self, url: &str) {
        let (kept, tag) = match destination(url, self.around.origin) {
            Some(Destination::Inside(path)) => (true, format!("<a href=\"{}\">", escape(path))),
            Some(Destination::Outside) => (
                true,
                format!(
                    "<a class=\"outside\" target=\"_blank\" rel=\"noopener noreferrer\" href=\"{}\">",
                    escape(url)
                ),
            ),
            None => (false, String::new()),
        };
        self.links.push(kept);
        if kept {
            self.html(tag);
        }
    }

    /// Text in which `#3` leads to the issue and `@ada` stands out, where they exist.
    fn references(&mut self, text: &str) {
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['#', '@']) {
            let (before, from) = rest.split_at(at);
            let joined = before.chars().next_back().or_else(|| plain.chars().next_back());
            let (mark, after) = from.split_at(1);
            let word: String =
                after.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
            plain.push_str(before);
            rest = &after[word.len()..];
            let is_word = joined.is_some_and(|letter| letter.is_alphanumeric() || "_/&#@".contains(letter));
            match self.reference(mark, &word).filter(|_| !is_word) {
                Some(link) => {
                    self.plain(std::mem::take(&mut plain));
                    self.html(link);
                }
                None => {
                    plain.push_str(mark);
                    plain.push_str(&word);
                }
            }
        }
        plain.push_str(rest);
        self.plain(plain);
    }

    fn reference(&self, mark: &str, word: &str) -> Option<String> {
        let Surroundings { repository, issues, people, .. } = self.around;
        match mark {
            "#" => {
                let number = word.parse::<i64>().ok().filter(|number| issues.contains(number))?;
                let path = escape(&format!("/{repository}/issues/{number}"));
                Some(format!("<a class=\"reference\" href=\"{path}\">#{number}</a>"))
            }
            _ => {
                let login = people.iter().find(|login| login.eq_ignore_ascii_case(word))?;
                Some(format!("<b class=\"mention\">@{}</b>", escape(login)))
            }
        }
    }

    fn plain(&mut self, text: String) {
        if !text.is_empty() {
            self.woven.push(Event::Text(text.into()));
        }
    }

    fn html(&mut self, html: String) {
        self.woven.push(Event::InlineHtml(html.into()));
    }
}

enum Destination<'a> {
    /// A path or a place of this page.
    Inside(&'a str),
    /// Another site.
    Outside,
}

/// Where a link may lead: places that begin with what is known to be harmless, and no others.
fn destination<'a>(url: &'a str, origin: &str) -> Option<Destination<'a>> {
    if let Some(path) = url.strip_prefix(origin).filter(|path| path.starts_with('/')) {
        return destination(path, origin);
    }
    let is_path = url.starts_with('/') && !url.starts_with("//") && !url.starts_with("/\\");
    if is_path || url.starts_with('#') {
        return Some(Destination::Inside(url));
    }
    (url.starts_with("https://") || url.starts_with("http://")).then_some(Destination::Outside)
}

fn language(kind: &CodeBlockKind<'_>) -> String {
    match kind {
        CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or_default().to_owned(),
        CodeBlockKind::Indented => String::new(),
    }
}

fn code(language: &str, text: &str) -> String {
    match mermaid::diagram(text).filter(|_| language == "mermaid") {
        Some(diagram) => format!("<div class=\"drawing\">{}</div>\n", draw(&diagram)),
        None => format!("<pre tabindex=\"0\"><code>{}</code></pre>\n", escape(text)),
    }
}

/// Keeps the few tags that are allowed, drops comments, and shows everything else as the text it is.
fn tame(html: &str) -> String {
    let mut tamed = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        tamed.push_str(&rest[..at].replace('>', "&gt;"));
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
        } else if let Some((tag, after)) = allowed(rest) {
            tamed.push_str(&tag);
            rest = after;
        } else {
            tamed.push_str("&lt;");
            rest = &rest[1..];
        }
    }
    tamed.push_str(&rest.replace('>', "&gt;"));
    tamed
}

/// The tag at the beginning as we write it, and what follows; none if it is not one of ours or has attributes.
fn allowed(html: &str) -> Option<(String, &str)> {
    let (inner, after) = html.strip_prefix('<')?.split_once('>')?;
    let (slash, name) = match inner.strip_prefix('/') {
        Some(name) => ("/", name),
        None => ("", inner),
    };
    let name = name.strip_suffix('/').unwrap_or(name).trim_end();
    let known = TAGS.iter().find(|known| known.eq_ignore_ascii_case(name))?;
    Some((format!("<{slash}{known}>"), after))
}
