//! What counts as spoken, by examples and on arbitrary text.

use proptest::prelude::{any, prop_assert_eq, proptest};

use super::{blank_comments, lines, normalize};

fn spoken(text: &str) -> Vec<&str> {
    lines(text).into_iter().filter(|line| line.spoken).map(|line| line.text).collect()
}

#[test]
fn paragraphs_lists_and_headings_are_spoken() {
    assert_eq!(spoken("# head\n\nsay\n  more\n\n- item\n"), ["say", "  more"]);
}

#[test]
fn lines_are_counted_from_one() {
    let found: Vec<_> =
        lines("a\n\n```\nb\n```\nc").into_iter().map(|line| (line.number, line.spoken)).collect();
    assert_eq!(found, [(1, true), (2, false), (3, false), (4, false), (5, false), (6, true)]);
}

#[test]
fn code_is_not_spoken() {
    assert_eq!(spoken("```\na\n```\n\n~~~~\nb\n~~~\nc\n~~~~\n\n    d\n\ne `f\ng` h\n"), ["e `f"]);
    assert_eq!(spoken("```\nnever closed\n\nstill code"), Vec::<&str>::new());
}

#[test]
fn quotes_are_not_spoken_nor_are_lines_that_run_on_from_them() {
    assert_eq!(spoken("> a\nb\n\nc\n> > d\n\n- > e\n\nf"), ["c", "f"]);
}

#[test]
fn html_is_not_spoken() {
    assert_eq!(spoken("<!--\na\n\nb\n-->\nc <!-- d\ne --> f\n\ng"), ["c <!-- d", "g"]);
    assert_eq!(spoken("<details>\na\n\nb\n\n</details>\n\nc"), ["b", "c"]);
    assert_eq!(spoken("<blockquote>\n\na\n\n</blockquote>\n\nb"), ["b"]);
    assert_eq!(spoken("<pre>\na\n\nb\n</pre>\n\nc"), ["c"]);
    assert_eq!(
        spoken("a <code>\nb\n</code>\nc\n\nopen <code> only\n\nd"),
        ["a <code>", "c", "open <code> only", "d"]
    );
}

#[test]
fn pictures_and_definitions_are_not_spoken() {
    assert_eq!(spoken("![\na\n](http://x.y)\n\n[x]:\n/b\n\nc"), ["c"]);
}

#[test]
fn comments_are_blanked() {
    assert_eq!(blank_comments("a <!-- b\nc --> d `<!-- e -->` <!--"), "a       \n      d `<!-- e -->` <!--");
    assert_eq!(
        blank_comments("<!-- ü\n\nb --> c\n\n<div><!-- d\n\ne"),
        "       \n\n      c\n\n<div>      \n\ne"
    );
}

#[test]
fn line_ends_become_one_kind() {
    assert_eq!(normalize("\u{FEFF}a\r\nb\rc\n"), "a\nb\nc\n");
}

proptest! {
    #[test]
    fn no_line_is_lost(text in any::<String>()) {
        let read: Vec<&str> = lines(&text).into_iter().map(|line| line.text).collect();
        prop_assert_eq!(read.join("\n"), &text[..]);
        prop_assert_eq!(blank_comments(&text).len(), text.len());
    }
}
