use proptest::prelude::*;

use crate::cli::demo::view::markdown::{Surroundings, render};

fn rendered(text: &str) -> String {
    let around = Surroundings {
        origin: "http://127.0.0.1:3000",
        repository: "acme/web",
        issues: &[1, 2, 3],
        people: &["ada", "rita"],
    };
    render(text, &around)
}

#[test]
fn what_our_comments_are_made_of_is_kept() {
    let text = "**Rev 1** for #3 and @ada\nnext line\n\n| a | b |\n|-|-|\n| `x` | ~~y~~ |\n\n- [x] done\n\n\
                <details><summary>More</summary>\n\n1. one\n\n</details>\n\n<sub>rev 1 · [base][b]</sub>\n\n\
                [b]: http://127.0.0.1:3000/acme/web/tree/abc\n\n<!-- millwright:v1 kind=plan\n sig=x -->";
    insta::assert_snapshot!(rendered(text), @r#"
    <p><strong>Rev 1</strong> for <a class="reference" href="/acme/web/issues/3">#3</a> and <b class="mention">@ada</b><br />
    next line</p>
    <table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>
    <tr><td><code>x</code></td><td><del>y</del></td></tr>
    </tbody></table>
    <ul>
    <li><input disabled="" type="checkbox" checked=""/>
    done</li>
    </ul>
    <details><summary>More</summary>
    <ol>
    <li>one</li>
    </ol>
    </details>
    <p><sub>rev 1 · <a href="/acme/web/tree/abc">base</a></sub></p>
    "#);
}

#[test]
fn a_span_of_code_with_a_bar_is_one() {
    let row = format!("| a |\n|-|\n| {} |\n", crate::domain::escape::code_span("x|<y>"));
    let page = rendered(&row);
    assert!(page.contains("<td><code>x|&lt;y&gt;</code></td>"), "{page}");
}

#[test]
fn hostile_html_is_shown_and_never_runs() {
    for hostile in [
        "<script>alert(1)</script>",
        "text <script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<details open ontoggle=alert(1)>",
        "<svg/onload=alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<style>body{display:none}</style>",
        "<iframe src=\"https://example.com\"></iframe>",
        "<form action=\"/api/issues\"><button>x</button></form>",
        "<div><script>\nalert(1)\n</script></div>",
        "<!-- a --><script>alert(1)</script><!--",
        "<b\nonclick=alert(1)>x</b>",
        "<<script>script>alert(1)",
        "&lt;script&gt;",
        "<base href=\"https://example.com\">",
    ] {
        let html = rendered(hostile).to_lowercase();
        for tag in [
            "<script",
            "<img",
            "<svg",
            "<a ",
            "<style",
            "<iframe",
            "<form",
            "<button",
            "<base",
            "<div",
            "<details o",
            "<b\n",
            "<b o",
        ] {
            assert!(!html.contains(tag), "{hostile} became {html}");
        }
    }
    assert_eq!(rendered("<script>x</script>"), "&lt;script&gt;x&lt;/script&gt;");
}

#[test]
fn links_lead_to_pages_or_nowhere() {
    for dropped in [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x](data:text/html,x)",
        "[x](vbscript:x)",
        "[x](//evil.example/x)",
        "[x](/\\evil.example)",
        "[x](http://127.0.0.1:3000//evil.example)",
        "[x](src/auth.rs)",
        "<javascript:alert(1)>",
        "[x][y]\n\n[y]: <javascript:alert(1)>",
    ] {
        let html = rendered(dropped);
        assert!(!html.contains("<a") && !html.contains("href"), "{dropped} became {html}");
    }
    assert_eq!(
        rendered("[x](http://127.0.0.1:3000/acme/web/issues/3#a)"),
        "<p><a href=\"/acme/web/issues/3#a\">x</a></p>\n"
    );
    assert_eq!(
        rendered("[x](https://example.com/\"y)"),
        "<p><a class=\"outside\" target=\"_blank\" rel=\"noopener noreferrer\" href=\"https://example.com/&quot;y\">x</a></p>\n"
    );
    assert_eq!(rendered("![words](https://example.com/a.png)"), "<p>words</p>\n");
}

#[test]
fn references_lead_only_to_what_exists_and_only_in_text() {
    let link = "<a class=\"reference\" href=\"/acme/web/issues/3\">#3</a>";
    assert_eq!(
        rendered("see #3, not a#3, #4, `#3` or &#35;"),
        format!("<p>see {link}, not a#3, #4, <code>#3</code> or #</p>\n")
    );
    assert_eq!(rendered("[a #3](/x)"), "<p><a href=\"/x\">a #3</a></p>\n");
    assert_eq!(
        rendered("(@Ada) x@ada.example @nobody"),
        "<p>(<b class=\"mention\">@ada</b>) x@ada.example @nobody</p>\n"
    );
}

#[test]
fn our_mermaid_is_drawn_and_other_code_is_shown() {
    let drawn = rendered("```mermaid\ngraph LR\n  i1[\"1 A\"]\n  i2[\"2 B\"]\n  i1 --> i2\n```");
    assert!(drawn.contains("<svg class=\"diagram\""), "{drawn}");
    let code = rendered("```mermaid\nsequenceDiagram\n<b>\n```");
    assert_eq!(code, "<pre tabindex=\"0\"><code>sequenceDiagram\n&lt;b&gt;\n</code></pre>\n");
}

proptest! {
    #[test]
    fn no_comment_makes_a_tag_that_is_not_ours(text in "[ -~\\n<>&#@`*_|~é]{0,200}") {
        let html = rendered(&text);
        let mut rest = html.as_str();
        while let Some(at) = rest.find('<') {
            rest = &rest[at + 1..];
            let name: String = rest.trim_start_matches('/').chars().take_while(|letter| letter.is_ascii_alphanumeric()).collect();
            prop_assert!(OURS.contains(&name.as_str()), "<{} in {}", name, html);
        }
        prop_assert!(!html.to_lowercase().contains("href=\"javascript"));
    }
}

const OURS: [&str; 35] = [
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "del",
    "details",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "input",
    "ins",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];
