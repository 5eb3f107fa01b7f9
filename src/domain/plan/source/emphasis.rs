//! Words without the marks that make them slanted or bold, as one reads them on the page.

use crate::domain::plan::pattern::Pattern;

/// Code is passed over; what stands before and behind the marks is no part of a word.
macro_rules! between {
    ($mark:literal, $but:literal) => {
        Pattern::new(concat!(
            r"`[^`]*`|(?:^|[\s(\x22“])",
            $mark,
            "(?:`[^`]*`|[^`\\s",
            $but,
            "])(?:(?:`[^`]*`|[^`",
            $but,
            "])*(?:`[^`]*`|[^`\\s",
            $but,
            "]))?",
            $mark,
            r"(?:$|[\s.,;:!?)\x22”])"
        ))
    };
}

static MARKS: [(&str, Pattern); 4] = [
    ("**", between!(r"\*\*", "*")),
    // `__init__` is a name.
    ("__", between!("__", "_")),
    ("*", between!(r"\*", "*")),
    ("_", between!("_", "_")),
];

/// The text without them.
pub(super) fn without(text: String) -> String {
    if !text.contains(['*', '_']) {
        return text;
    }
    MARKS.iter().fold(text, |text, (mark, pattern)| {
        // What stands between two of them belongs to the first.
        let once = pattern.replace(&text, |found| bare(found, mark));
        pattern.replace(&once, |found| bare(found, mark))
    })
}

fn bare(found: &str, mark: &str) -> String {
    let ends = found.find(mark).zip(found.rfind(mark)).filter(|_| !found.starts_with('`'));
    let Some((open, close)) = ends else { return found.to_owned() };
    let part = |range: std::ops::Range<usize>| found.get(range).unwrap_or_default();
    let inner = part(open + mark.len()..close);
    if mark == "__" && !inner.contains(' ') {
        return found.to_owned();
    }
    [part(0..open), inner, part(close + mark.len()..found.len())].concat()
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn marks_go_and_names_lists_and_code_stay() {
        for (text, left) in [
            ("after the *Summary* section", "after the Summary section"),
            (
                "allows them _in addition_ to **all the others**.",
                "allows them in addition to all the others.",
            ),
            (
                "suppress _\"Dry-run, so nothing updated.\"_ message",
                "suppress \"Dry-run, so nothing updated.\" message",
            ),
            ("*one* *two* and *three*", "one two and three"),
            ("**use `a * b` here**", "use `a * b` here"),
            ("`*a*` and `_b_`", "`*a*` and `_b_`"),
            ("read *.rs and *.py", "read *.rs and *.py"),
            ("2 * 3 * 4 and __init__ of snake_case", "2 * 3 * 4 and __init__ of snake_case"),
            ("__only this__ one", "only this one"),
            ("JQ_COLORS and FIELD_COLOR", "JQ_COLORS and FIELD_COLOR"),
        ] {
            assert_eq!(without(text.to_owned()), left, "{text}");
        }
    }
}
