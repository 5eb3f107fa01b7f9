//! Code that a text quotes and that can be compared with a source: it has an operator or a bracket, and blanks mean nothing.

use crate::domain::plan::mentions;
use crate::domain::plan::pattern::Pattern;

/// Least letters of it, without its blanks.
const LEAST: usize = 8;
/// Longest, and most of one text.
const LONGEST: usize = 120;
const MOST: usize = 8;

/// The code that a text quotes, without its blanks; what is to stand there is left out.
pub(super) fn spans(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in text.lines().take(2_000) {
        let spans = mentions::spans(line).into_iter().filter(|(_, code)| *code).map(|(span, _)| span);
        for span in spans.filter(|span| is_code(span) && !is_wanted(line, span)) {
            let code = close(span);
            if out.len() < MOST && !out.contains(&code) {
                out.push(code);
            }
        }
    }
    out
}

/// A line without its blanks.
pub(super) fn close(line: &str) -> String {
    line.chars().filter(|c| !c.is_whitespace()).collect()
}

fn is_code(span: &str) -> bool {
    let close = close(span);
    (LEAST..=LONGEST).contains(&close.len())
        && OPERATES.is_in(&close)
        && NAMED.is_in(span)
        && !ELSE.is_in(span)
        && !span.contains("...")
        && !span.contains('…')
}

/// An index, a comparison, arithmetic between names, or a call with something behind it.
static OPERATES: Pattern = Pattern::new(
    r"\w\[[^\]]+\]|[\w)\]](?:[=!]==?|<=|>=|&&|\|\||\?\?|\+=|-=|[+*/%]|=)[\w(\x22'\[!-]|\)(?:\.|->|::)\w|^!\w|\w\([^)]*\(",
);
static NAMED: Pattern = Pattern::new(r"[A-Za-z_]{3}");
/// A path, an address, an option, a command, a version or a type: what is looked for as what it is.
static ELSE: Pattern = Pattern::new(
    r"://|^[\w.@~/-]+$|(?:^|\s)--?\w|^\$ |^<[^>]*>$|^[\w-]+ ?[<>=]=? ?v?\d[\d.]*$|^(?:[\w-]+ )+[\w./-]+$",
);

/// `Turn it into `row.strip()``: what comes to stand there stands nowhere yet.
fn is_wanted(line: &str, span: &str) -> bool {
    line.find(span).and_then(|at| line.get(..at)).is_some_and(|before| WANTED.is_in(before))
}

static WANTED: Pattern = Pattern::new(
    r"\b(?:into|to|with|by|as|like|use|using|try|instead|become|becomes|be|expect|expected|want|propose|suggest)(?: (?:an?|the|be|something|of|just|simply))* `?$",
);

#[cfg(test)]
mod tests {
    use super::spans;

    #[test]
    fn code_with_an_operator_is_told_without_its_blanks() {
        assert_eq!(spans("It is `row[len(lead): ]` that cuts"), ["row[len(lead):]"]);
        assert_eq!(spans("since `rows.length - 1 >= berths` holds"), ["rows.length-1>=berths"]);
        assert_eq!(spans("`ship.berth(a).rows` is empty"), ["ship.berth(a).rows"]);
    }

    #[test]
    fn names_commands_paths_and_what_is_to_stand_there_are_no_code_to_look_for() {
        for text in [
            "`berth_of_ship` is empty",
            "`ferry moor --all` fails",
            "`src/ports/berth.rs` is empty",
            "`https://ferry.example/a=b` fails",
            "turn the section into `row[len(lead):].strip()`",
            "ships need `node >= 18.2.1`",
            "`Berth<Ship>` is a type",
        ] {
            assert!(spans(text).is_empty(), "{text}: {:?}", spans(text));
        }
    }
}
