//! What holds for every text that the bot writes: it is sound, its links lead somewhere, and it fits one screen.

use std::sync::LazyLock;

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use millwright::sandbox::{NoPage, REPOSITORY, Request, World};
use regex::Regex;

/// Lines that one screen has room for, as in the standard for plans; what is folded takes one.
const SCREEN: usize = 45;

/// Where pages of the sandbox are: what we write ourselves, and what it names.
const HOMES: &[&str] = &["https://github.com/", "https://github.example/"];

static MENTION: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(^|[^A-Za-z0-9_`])@[A-Za-z0-9]").unwrap());

static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(close[sd]?|fix(es|ed)?|resolve[sd]?):?\s+([\w.-]+/[\w.-]+)?(#\d|https?://)").unwrap()
});

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?:^|[\s(\[,;:])#(\d+)\b").unwrap());

/// What a template or a format leaves where nothing was filled in, and a link without its target.
static UNFILLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\{\{|\}\}|\{%|%\}|\{[a-z_]*\}|\bSome\(|\bundefined\b|#0\b|\brev 0\b|\]\[[a-z0-9]+\]")
        .unwrap()
});

/// A text of the bot, and the repository in which it stands.
pub struct Written {
    pub repo: String,
    pub body: String,
}

/// Every comment and every issue that the bot has written so far, in the order of writing, with those that it wrote anew or that
/// are gone by now.
pub fn all(requests: &[Request]) -> Vec<Written> {
    let arrived = requests.iter().filter(|request| request.applied && request.method != "GET");
    let bodies = arrived.filter_map(|request| {
        let body = request.body.as_ref()?.get("body")?.as_str()?;
        let (owner, name) = request.path.strip_prefix("/repos/")?.split_once('/')?;
        let name = name.split('/').next()?;
        Some(Written { repo: format!("{owner}/{name}"), body: body.to_owned() })
    });
    bodies.collect()
}

impl Written {
    /// What is wrong with it, one sentence each.
    pub fn problems(&self, world: &World) -> Vec<String> {
        let seen = Seen::of(&self.body);
        let mut wrong = seen.problems();
        for url in &seen.links {
            let page = HOMES.iter().find_map(|home| url.strip_prefix(home));
            let nowhere = page.map_or(Some("leads away".to_owned()), |page| nowhere(world, page));
            wrong.extend(nowhere.map(|why| format!("the link {url}: {why}")));
        }
        for number in &seen.references {
            let nowhere = nowhere(world, &format!("{}/issues/{number}", self.repo));
            wrong.extend(nowhere.map(|why| format!("the reference #{number}: {why}")));
        }
        if self.body.matches("<!-- millwright:v1 ").count() != 1 {
            wrong.push("not exactly one marker".to_owned());
        }
        let lines = lines_in_sight(&self.body);
        if lines > SCREEN {
            wrong.push(format!("{lines} lines are more than one screen"));
        }
        wrong
    }
}

/// Why a link leads nowhere, and led nowhere when it was written.
fn nowhere(world: &World, page: &str) -> Option<String> {
    match world.follow(page) {
        Ok(()) | Err(NoPage::Gone(_)) => None,
        Err(NoPage::Never(why)) => Some(why),
    }
}

/// Lines that stand open: the targets of links are not seen, and the rows of what is asked are as many as the issue has.
fn lines_in_sight(markdown: &str) -> usize {
    let mut folds = 0_usize;
    let mut count = 0;
    for line in markdown.lines() {
        let line = line.trim_start();
        let unseen = ["[", "| R", "<!-- "].iter().any(|start| line.starts_with(start));
        if folds == 0 && !unseen {
            count += 1;
        }
        folds += line.matches("<details>").count();
        folds = folds.saturating_sub(line.matches("</details>").count());
    }
    count
}

/// A text as GitHub reads it.
#[derive(Default)]
struct Seen {
    /// Looked through for mentions and references.
    text: String,
    /// Passed on as it is.
    html: Vec<String>,
    links: Vec<String>,
    images: Vec<String>,
    references: Vec<i64>,
    /// Blocks of code that end only where the text does.
    open_fences: usize,
}

impl Seen {
    fn of(markdown: &str) -> Self {
        let mut options = Options::default();
        options.extension.table = true;
        options.extension.tasklist = true;
        options.extension.strikethrough = true;
        options.extension.autolink = true;
        let arena = Arena::new();
        let mut seen = Self::default();
        seen.walk(parse_document(&arena, markdown, &options));
        let references = REFERENCE.captures_iter(&seen.text).filter_map(|found| found[1].parse().ok());
        seen.references = references.collect();
        seen
    }

    fn walk<'a>(&mut self, node: &'a AstNode<'a>) {
        match &node.data.borrow().value {
            NodeValue::Text(words) => self.text.push_str(words),
            NodeValue::Code(_) => self.text.push('\u{fffc}'),
            NodeValue::CodeBlock(block) if !block.closed => self.open_fences += 1,
            NodeValue::HtmlInline(tag) => self.html.push(tag.clone()),
            NodeValue::HtmlBlock(block) => self.html.push(block.literal.clone()),
            NodeValue::SoftBreak | NodeValue::LineBreak => self.text.push('\n'),
            NodeValue::Link(link) => self.links.push(link.url.clone()),
            NodeValue::Image(image) => self.images.push(image.url.clone()),
            _ => {}
        }
        node.children().for_each(|child| self.walk(child));
        if node.data.borrow().value.block() {
            self.text.push('\n');
        }
    }

    fn problems(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (what, pattern) in
            [("mention", &MENTION), ("closing keyword", &CLOSING), ("not filled in", &UNFILLED)]
        {
            wrong.extend(pattern.find(&self.text).map(|found| format!("{what} `{}`", found.as_str())));
        }
        let ours = [
            "<sub>",
            "</sub>",
            "<details>",
            "</details>",
            "<summary>",
            "</summary>",
            "<br>",
            "<!-- millwright:v1 ",
        ];
        for piece in &self.html {
            let known = piece.split_inclusive('>').all(|tag| {
                let tag = tag.trim();
                tag.is_empty()
                    || !tag.contains('<')
                    || ours.iter().any(|known| tag.trim_start_matches(|c| c != '<').starts_with(known))
            });
            if !known {
                wrong.push(format!("passed on: {piece}"));
            }
        }
        wrong.extend(self.images.iter().map(|url| format!("an image: {url}")));
        let count = |tag: &str| self.html.iter().map(|piece| piece.matches(tag).count()).sum::<usize>();
        for (open, close) in [
            ("<details>", "</details>"),
            ("<summary>", "</summary>"),
            ("<sub>", "</sub>"),
            ("<details>", "<summary>"),
        ] {
            if count(open) != count(close) {
                wrong.push(format!("{} {open} and {} {close}", count(open), count(close)));
            }
        }
        if self.open_fences > 0 {
            wrong.push("a block of code is not closed".to_owned());
        }
        wrong
    }
}

/// Holds that nothing is wrong with anything that the bot has written.
pub fn is_sound(world: &World) {
    let wrong = problems(world);
    assert!(wrong.is_empty(), "{}", wrong.join("\n=====\n"));
}

/// What is wrong with what the bot has written, with the text behind it.
fn problems(world: &World) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for written in all(&world.requests()) {
        let wrong = written.problems(world);
        if !wrong.is_empty() {
            told.push(format!("{wrong:#?} in\n{}", written.body));
        }
    }
    told
}

#[test]
fn a_text_that_is_not_sound_is_found() {
    let world = World::with_defaults(std::sync::Arc::new(|| 0));
    let commit = world.head(REPOSITORY).unwrap();
    let blob = format!("https://github.com/{REPOSITORY}/blob/{commit}");
    let marker = "<!-- millwright:v1 kind=x key=y sig=z -->";
    let wrong = |text: &str| {
        let written = Written { repo: REPOSITORY.to_owned(), body: format!("{text}\n\n{marker}") };
        written.problems(&world).join("\n")
    };
    let good = format!(
        "See [a]({blob}/src/auth.rs#L1-L2), [b](https://github.com/acme/web/issues/2), #1 and [c][f1].\n\n\
         <details><summary>More</summary>\n\n```rust\n#99 {{}}\n```\n\n{}</details>\n\n[f1]: {blob}/src",
        "line\n".repeat(60),
    );
    assert_eq!(wrong(&good), "");
    insta::assert_snapshot!(wrong("[a](https://github.com/acme/web/issues/99)"), @"the link https://github.com/acme/web/issues/99: there is no #99");
    insta::assert_snapshot!(wrong("[a](https://github.com/acme/web/issues/2#issuecomment-1)"), @"the link https://github.com/acme/web/issues/2#issuecomment-1: #2 has no comment 1");
    insta::assert_snapshot!(wrong("[a](https://github.com/acme/web/settings)"), @"the link https://github.com/acme/web/settings: no page of this kind: settings");
    insta::assert_snapshot!(wrong("[a](https://github.com/acme/other)"), @"the link https://github.com/acme/other: there is no repository acme/other");
    insta::assert_snapshot!(wrong("[a](https://example.com/)"), @"the link https://example.com/: leads away");
    insta::assert_snapshot!(wrong(&format!("[a]({blob}/src/nope.rs)")).replace(&commit, "COMMIT"), @"the link https://github.com/acme/web/blob/COMMIT/src/nope.rs: there is no `src/nope.rs` at COMMIT");
    insta::assert_snapshot!(wrong(&format!("[a]({blob}/src/auth.rs#L1-L9999)")).replace(&commit, "COMMIT"), @"the link https://github.com/acme/web/blob/COMMIT/src/auth.rs#L1-L9999: `src/auth.rs` has 37 lines, and no `L1-L9999`");
    insta::assert_snapshot!(wrong("[a](https://github.com/acme/web/blob/0000000/src/auth.rs)"), @"the link https://github.com/acme/web/blob/0000000/src/auth.rs: there is no commit 0000000");
    insta::assert_snapshot!(wrong("waits for #99"), @"the reference #99: there is no #99");
    insta::assert_snapshot!(wrong("see [a][f9]"), @"not filled in `][f9]`");
    insta::assert_snapshot!(wrong("{{ title }}"), @"not filled in `{{`");
    insta::assert_snapshot!(wrong("**{count} items**"), @"not filled in `{count}`");
    insta::assert_snapshot!(wrong("```\nopen"), @"a block of code is not closed");
    insta::assert_snapshot!(wrong("<details><summary>a</summary>"), @"1 <details> and 0 </details>");
    insta::assert_snapshot!(wrong("@ada fixes #1"), @"
    mention `@a`
    closing keyword `fixes #1`
    ");
    insta::assert_snapshot!(wrong(&"- line\n".repeat(46)), @"48 lines are more than one screen");
    insta::assert_snapshot!(wrong(marker), @"not exactly one marker");
}
