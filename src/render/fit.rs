//! What GitHub takes in one comment: a longer text is cut between two blocks, and says so.

use super::fences::Fences;
use crate::domain::escape::{code_span, shorten};

/// GitHub's limit for the body of an issue or a comment, in characters.
pub const LIMIT: usize = 65_536;

/// Room for the sentence about what was left out, and for what has to be closed before it.
const RESERVE: usize = 600;

/// `body`, a blank line and `tail` (footer and marker, may be empty) within [`LIMIT`].
///
/// Only `body` is cut: behind its last block that fits, or behind a line where the blocks are huge; then a sentence says what is left out.
pub fn fit(body: &str, tail: &str) -> String {
    let parts: Vec<&str> = [body, tail].into_iter().filter(|part| !part.is_empty()).collect();
    let whole = parts.join("\n\n");
    if whole.chars().count() <= LIMIT {
        return whole;
    }
    let room = LIMIT.saturating_sub(tail.chars().count() + RESERVE);
    let cut = find_cut(body, room);
    let kept = body[..cut.at].trim_end();
    let note = note(&body[cut.at..]);
    let closing = cut.closing.iter().map(String::as_str);
    let parts =
        [kept].into_iter().chain(closing).chain([note.as_str(), tail]).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("\n\n")
}

/// Where to cut, in bytes, and the lines that close what is open there.
#[derive(Default)]
struct Cut {
    at: usize,
    closing: Vec<String>,
}

fn find_cut(body: &str, room: usize) -> Cut {
    let mut place = Place::default();
    let (mut bytes, mut chars) = (0, 0);
    let (mut block, mut line_end) = (Cut::default(), Cut::default());
    for line in body.split_inclusive('\n') {
        chars += line.chars().count();
        bytes += line.len();
        if chars > room {
            break;
        }
        place.read(line);
        if line.trim().is_empty() && place.is_plain() {
            block = Cut { at: bytes, closing: Vec::new() };
        }
        if place.may_be_cut() && chars + place.closing_chars() <= room {
            line_end = Cut { at: bytes, closing: place.closing() };
        }
    }
    // A block boundary far up would throw away most of the text.
    if block.at * 2 >= line_end.at { block } else { line_end }
}

/// What is open at the end of a line.
#[derive(Default)]
struct Place {
    fences: Fences,
    details: usize,
    in_comment: bool,
}

impl Place {
    fn read(&mut self, line: &str) {
        let inside = self.fences.is_open();
        if !self.in_comment {
            self.fences.read(line);
        }
        if inside || self.fences.is_open() {
            return;
        }
        if let Some(at) = line.rfind("<!--") {
            self.in_comment = !line[at..].contains("-->");
        } else if line.contains("-->") {
            self.in_comment = false;
        }
        // Text of users never begins a line with `<`: there it is `&lt;`.
        if line.trim_start().starts_with('<') {
            let (opened, closed) = (line.matches("<details").count(), line.matches("</details>").count());
            self.details = (self.details + opened).saturating_sub(closed);
        }
    }

    fn is_plain(&self) -> bool {
        !self.fences.is_open() && self.details == 0 && !self.in_comment
    }

    /// Half a diagram would not be drawn, and half a comment would swallow the rest.
    fn may_be_cut(&self) -> bool {
        !self.in_comment && self.fences.lang() != Some("mermaid")
    }

    /// How many characters [`Self::closing`] takes with the blank lines between.
    fn closing_chars(&self) -> usize {
        self.closing_lines().map(|line| line.len() + 2).sum()
    }

    fn closing(&self) -> Vec<String> {
        self.closing_lines().map(str::to_owned).collect()
    }

    fn closing_lines(&self) -> impl Iterator<Item = &str> {
        self.fences.closing().into_iter().chain(std::iter::repeat_n("</details>", self.details))
    }
}

fn note(left_out: &str) -> String {
    const LONGEST: usize = 60;
    let lines = left_out.trim().lines().count();
    let first = left_out.trim().lines().next().unwrap_or_default();
    let what = if lines == 1 { "1 line is".to_owned() } else { format!("{lines} lines are") };
    format!(
        "{what} left out here, from {} on: GitHub takes at most 65,536 characters in one comment.",
        code_span(&shorten(first, LONGEST))
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, Strategy, prop, prop_assert, prop_assert_eq, proptest};

    use super::{LIMIT, fit};

    const TAIL: &str = "<sub>rev 1</sub>\n<!-- marker -->";

    #[test]
    fn what_fits_is_not_touched() {
        assert_eq!(fit("body", "tail"), "body\n\ntail");
        assert_eq!(fit("body", ""), "body");
        let exact = "ü".repeat(LIMIT);
        assert_eq!(fit(&exact, ""), exact);
    }

    #[test]
    fn a_long_text_is_cut_between_blocks_and_says_so() {
        let block = format!("{}\n\n", "word ".repeat(100).trim_end());
        let body = format!("{}**Tests**\n\nlast", block.repeat(200));
        let fitted = fit(&body, TAIL);
        assert!(fitted.chars().count() <= LIMIT);
        assert!(fitted.ends_with(&format!(
            "word\n\n145 lines are left out here, from {} on: GitHub takes at most 65,536 characters in one comment.\n\n{TAIL}",
            "`word word word word word word word word word word word word…`"
        )), "{}", &fitted[fitted.len() - 400..]);
    }

    #[test]
    fn open_blocks_are_closed() {
        let body = format!(
            "<details><summary>Log</summary>\n\n```text\n{}```\n\n</details>\n\nend",
            "line of a log\n".repeat(9000)
        );
        let fitted = fit(&body, TAIL);
        assert!(fitted.chars().count() <= LIMIT);
        let end = &fitted[fitted.len() - 300..];
        assert!(end.contains("line of a log\n\n```\n\n</details>\n\n"), "{end}");
        assert!(end.ends_with(TAIL));
    }

    #[test]
    fn one_huge_line_is_left_out_whole() {
        let fitted = fit(&"x".repeat(LIMIT + 1), TAIL);
        assert!(fitted.starts_with("1 line is left out here, from `xxx"), "{}", &fitted[..80]);
        assert!(fitted.ends_with(TAIL));
    }

    #[test]
    fn a_diagram_is_never_halved() {
        let body = format!("a\n\n```mermaid\n{}```\n", "a --> b\n".repeat(9000));
        let fitted = fit(&body, "");
        assert!(fitted.starts_with("a\n\n9002 lines are left out here, from "), "{}", &fitted[..60]);
    }

    fn pieces() -> impl Strategy<Value = (Vec<&'static str>, usize)> {
        let piece = prop::sample::select(vec![
            "text\n",
            "\n",
            "```\n",
            "~~~~\n",
            "<details>\n",
            "</details>\n",
            "<!-- a\n",
            "-->\n",
            "- item ü\n",
            "| a | b |\n",
        ]);
        (prop::collection::vec(piece, 1..20), 1_usize..3000)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn whatever_is_written_fits((pieces, times) in pieces()) {
            let body = pieces.concat().repeat(times);
            let fitted = fit(&body, TAIL);
            prop_assert!(fitted.chars().count() <= LIMIT);
            prop_assert!(fitted.ends_with(TAIL));
            prop_assert_eq!(fitted.contains("left out here"), body.chars().count() + 2 + TAIL.chars().count() > LIMIT);
        }
    }
}
