//! Rendered through a GFM implementation with raw HTML allowed: nothing that users write takes effect.

use std::sync::LazyLock;

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, markdown_to_html, parse_document};
use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use regex::Regex;

use super::link::{link, permalink};
use super::visible::{is_hidden, visible};
use super::{cell, code_span, fenced, inline, quote, shorten};

fn github() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    options.render.r#unsafe = true;
    options
}

fn html(markdown: &str) -> String {
    markdown_to_html(markdown, &github())
}

/// The text that GitHub's filters look at: entities decoded, code left out.
fn filtered_text(html: &str) -> String {
    static CODE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?s)<(code|pre)[^>]*>.*?</(code|pre)>").unwrap());
    static TAG: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"<[^>]*>").unwrap());
    let no_code = CODE.replace_all(html, " ");
    let no_tags = TAG.replace_all(&no_code, "").into_owned();
    decode(&no_tags)
}

fn decode(text: &str) -> String {
    static NUMERIC: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"&#(\d+);").unwrap());
    let text = NUMERIC.replace_all(text, |found: &regex::Captures<'_>| {
        found[1].parse().ok().and_then(char::from_u32).map(String::from).unwrap_or_default()
    });
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn mentions(html: &str) -> usize {
    static MENTION: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)(^|[^a-z0-9_])@[a-z0-9]").unwrap());
    MENTION.find_iter(&filtered_text(html)).count()
}

fn references(text: &str) -> usize {
    static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)(close[sd]?|fix(e[sd])?|resolve[sd]?)?:?\s*([\w.-]+/[\w.-]+)?(#|gh-)\d+|https?://\S+/(issues|pull)/\d+").unwrap()
    });
    REFERENCE.find_iter(text).count()
}

fn readable(text: &str) -> String {
    text.chars()
        .filter(|&c| !is_hidden(c))
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn kinds(markdown: &str) -> Vec<String> {
    fn walk<'a>(node: &'a AstNode<'a>, out: &mut Vec<String>) {
        let name = format!("{:?}", node.data.borrow().value);
        out.push(name.split([' ', '(']).next().unwrap_or_default().to_owned());
        node.children().for_each(|child| walk(child, out));
    }
    let arena = Arena::new();
    let mut out = Vec::new();
    walk(parse_document(&arena, markdown, &github()), &mut out);
    out
}

fn only_text(markdown: &str, allowed: &[&str]) -> Result<(), String> {
    match kinds(markdown).iter().find(|kind| !allowed.contains(&kind.as_str())) {
        Some(kind) => Err(format!("{kind} in {markdown:?}")),
        None => Ok(()),
    }
}

/// Text as hostile as it gets: pieces of Markdown and GitHub's own syntax between arbitrary characters.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "@ada",
            "&#64;ada",
            "&#x40;ada",
            "&commat;ada",
            "&#0064;",
            "\\@ada",
            "fixes #1",
            "Closes acme/web#12",
            "GH-7",
            "resolves: https://github.com/acme/web/issues/3",
            "www.example.com",
            "a@example.com",
            "|",
            "\\|",
            "\\",
            "`",
            "```",
            "~~~",
            "</details>",
            "<details>",
            "<!--",
            "-->",
            "<img src=x onerror=1>",
            "[a](http://x.y)",
            "![i](u)",
            "\n",
            "\r\n",
            "\n\n",
            "> ",
            "- ",
            "* ",
            "1. ",
            "1) ",
            "# ",
            "===",
            "---",
            ":-:",
            "[ ] ",
            "$x$",
            "**",
            "_",
            "~~",
            "[^1]",
            "[^1]: ",
            "<https://x.y>",
            "&amp;",
            "&",
            ";",
            "#",
            "\u{200B}",
            "\u{202E}",
            "\0",
            "\t",
            "    ",
            "é",
            "@",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
        "[a-z0-9]{1,4}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn inline_text_is_only_text(text in hostile()) {
        let escaped = inline(&text);
        prop_assert!(!escaped.contains('\n'));
        for frame in ["{}", "# {}", "- {}", "1. {}", "word {} word", "line\n{}\n", "> {}"] {
            let markdown = frame.replace("{}", &escaped);
            let drawn = html(&markdown);
            prop_assert_eq!(mentions(&drawn), 0, "{} -> {}", markdown, drawn);
            prop_assert_eq!(references(&filtered_text(&drawn)), 0, "{} -> {}", markdown, drawn);
            prop_assert_eq!(references(&markdown), 0, "{}", markdown);
            let allowed = ["Document", "Paragraph", "Text", "Heading", "List", "Item", "BlockQuote", "SoftBreak"];
            let outcome = only_text(&markdown, &allowed);
            prop_assert!(outcome.is_ok(), "{outcome:?}");
            prop_assert_eq!(kinds(&markdown).len() <= kinds(&frame.replace("{}", "word")).len(), true, "{}", markdown);
        }
    }

    #[test]
    fn inline_text_stays_readable(text in "[ -~]{0,40}") {
        let plain = decode_triggers_as_readers_do(&text);
        prop_assert_eq!(readable(&filtered_text(&html(&inline(&text)))), readable(&plain));
    }

    #[test]
    fn a_table_keeps_its_columns(texts in prop::collection::vec(hostile(), 6)) {
        let markdown = format!(
            "| a | b | c |\n|-|-|-|\n| {} | {} | {} |\n| {} | {} | {} |\n",
            cell(&texts[0]), code_span(&texts[1]), inline(&texts[2]), code_span(&texts[3]), cell(&texts[4]), cell(&texts[5]),
        );
        let drawn = html(&markdown);
        prop_assert_eq!(drawn.matches("<td").count(), 6, "{} -> {}", markdown, drawn);
        prop_assert_eq!(drawn.matches("<tr>").count(), 3);
        prop_assert_eq!(drawn.matches("<table>").count(), 1);
        prop_assert_eq!(mentions(&drawn), 0);
        prop_assert_eq!(references(&filtered_text(&drawn)), 0);
    }

    #[test]
    fn a_list_keeps_its_items_and_details_stay_closed(texts in prop::collection::vec(hostile(), 3)) {
        let markdown = format!(
            "<details><summary>Parts</summary>\n\n- a {}\n- {}\n- {} z\n\n{}\n\n{}\n\n</details>\n\nend\n",
            inline(&texts[0]), code_span(&texts[1]), inline(&texts[2]), fenced(&texts[0], &texts[1]), quote(&texts[2]),
        );
        let drawn = html(&markdown);
        prop_assert_eq!(drawn.matches("<li>").count(), 3, "{} -> {}", markdown, drawn);
        prop_assert_eq!(drawn.matches("<details>").count(), 1);
        prop_assert_eq!(drawn.matches("</details>").count(), 1);
        prop_assert_eq!(drawn.matches("<pre").count(), 1);
        prop_assert!(drawn.trim_end().ends_with("<p>end</p>"), "{}", drawn);
        prop_assert_eq!(mentions(&drawn), 0);
        prop_assert_eq!(references(&filtered_text(&drawn)), 0);
    }

    #[test]
    fn code_holds_exactly_the_visible_text(text in hostile()) {
        let markdown = fenced(&text, "rust");
        let arena = Arena::new();
        let root = parse_document(&arena, &markdown, &github());
        let nodes: Vec<_> = root.children().collect();
        prop_assert_eq!(nodes.len(), 1, "{}", markdown);
        let NodeValue::CodeBlock(block) = nodes[0].data.borrow().value.clone() else {
            return Err(proptest::test_runner::TestCaseError::fail(markdown));
        };
        let seen = visible(&text);
        prop_assert_eq!(block.literal.trim_end_matches('\n'), seen.trim_end_matches('\n'));
    }

    #[test]
    fn a_quote_is_one_quote(text in hostile()) {
        let quoted = format!("before\n\n{}\n\nafter", quote(&text));
        let drawn = html(&quoted);
        prop_assert_eq!(drawn.matches("<blockquote>").count(), 1, "{} -> {}", quoted, drawn);
        prop_assert!(drawn.trim_end().ends_with("</blockquote>\n<p>after</p>"), "{}", drawn);
        let outcome = only_text(&quoted, &["Document", "Paragraph", "Text", "BlockQuote", "SoftBreak"]);
        prop_assert!(outcome.is_ok(), "{outcome:?}");
    }

    #[test]
    fn short_text_is_short(text in any::<String>(), max in 0_usize..40) {
        let short = shorten(&text, max);
        prop_assert!(short.chars().count() <= max);
        prop_assert_eq!(short == text, text.chars().count() <= max);
    }

    #[test]
    fn a_permalink_is_one_address(path in any::<String>()) {
        let url = permalink("https://github.com/acme/web", "4f1c2ab", &path, Some((3, 9)));
        prop_assert!(url.bytes().all(|b| b.is_ascii_graphic() && !b"()<>[]\"\\`|".contains(&b)));
        let parsed = url::Url::parse(&url).unwrap();
        prop_assert_eq!(parsed.fragment(), Some("L3-L9"));
        prop_assert_eq!(parsed.host_str(), Some("github.com"));
    }
}

/// A reader of the source sees `&#64;` where a reader of the page sees `@`; we print the latter.
fn decode_triggers_as_readers_do(text: &str) -> String {
    static ENTITIES: LazyLock<[(Regex, &str); 3]> = LazyLock::new(|| {
        [
            (Regex::new(r"&(#0*64|#[xX]0*40|commat);").unwrap(), "@"),
            (Regex::new(r"&(#0*35|#[xX]0*23|num);").unwrap(), "#"),
            (Regex::new(r"&(#0*58|#[xX]0*3[aA]|colon);").unwrap(), ":"),
        ]
    });
    ENTITIES.iter().fold(text.to_owned(), |text, (entity, c)| entity.replace_all(&text, *c).into_owned())
}

#[test]
fn mentions_and_references_are_broken() {
    assert_eq!(inline("ask @ada"), "ask @\u{200B}ada");
    assert_eq!(inline("&#64;ada &#x40;bob &commat;eve"), "@\u{200B}ada @\u{200B}bob @\u{200B}eve");
    assert_eq!(inline("@\u{200B}ada"), "@\u{200B}ada");
    assert_eq!(inline("fixes #12"), "fixes #\u{200B}12");
    assert_eq!(inline("closes acme/web#3, GH-4"), "closes acme/web#\u{200B}3, GH-\u{200B}4");
    assert_eq!(inline("see https://x.y/issues/1"), "see https:\u{200B}//x.y/issues/1");
    assert_eq!(inline("C# and F# stay, # too"), "C# and F# stay, # too");
}

#[test]
fn starts_of_lines_are_plain() {
    assert_eq!(inline("- no item"), "\\- no item");
    assert_eq!(inline("12. no item"), "12\\. no item");
    assert_eq!(inline("# no heading"), "\\# no heading");
    assert_eq!(inline("2 of 3"), "2 of 3");
}

#[test]
fn cells_keep_line_breaks() {
    assert_eq!(cell("a|b\r\n\r\nc"), "a\\|b<br>c");
}

#[test]
fn code_spans_hold_backticks_and_bars() {
    assert_eq!(code_span("src/main.rs"), "`src/main.rs`");
    assert_eq!(code_span("a ` b"), "``a ` b``");
    assert_eq!(code_span("`a`"), "`` `a` ``");
    assert_eq!(code_span("a|b"), "<code>a&#124;b</code>");
    assert_eq!(code_span("\n"), "` `");
}

#[test]
fn fences_are_longer_than_what_they_hold() {
    assert_eq!(fenced("let a = 1;\n", "rust\n# x"), "```rustx\nlet a = 1;\n```");
    assert_eq!(fenced("````\nx", ""), "`````\n````\nx\n`````");
}

#[test]
fn quotes_keep_their_lines() {
    assert_eq!(quote("one\n\n# two\n"), "> one\n>\n> \\# two");
}

#[test]
fn short_text_keeps_accents_with_their_letters() {
    assert_eq!(shorten("Search takes 4 s", 10), "Search ta…");
    assert_eq!(shorten("abcde\u{301}f", 6), "abcd…");
    assert_eq!(shorten("abc", 3), "abc");
    assert_eq!(shorten("abc", 0), "");
}

#[test]
fn permalinks_encode_paths() {
    let url = |path, lines| permalink("https://github.com/acme/web/", "4f1c2ab", path, lines);
    assert_eq!(url("src/auth.rs", None), "https://github.com/acme/web/blob/4f1c2ab/src/auth.rs");
    assert_eq!(
        url("a b#c?d%e.rs", Some((4, 4))),
        "https://github.com/acme/web/blob/4f1c2ab/a%20b%23c%3Fd%25e.rs#L4"
    );
    assert_eq!(
        url("docs/ü.md", Some((1, 2))),
        "https://github.com/acme/web/blob/4f1c2ab/docs/%C3%BC.md?plain=1#L1-L2"
    );
}

#[test]
fn links_hold_their_text_and_address() {
    assert_eq!(link("a]b", "https://x.y/(z)"), "[a\\]b](https://x.y/%28z%29)");
    assert_eq!(link("a", "javascript:alert(1)"), "a");
}
