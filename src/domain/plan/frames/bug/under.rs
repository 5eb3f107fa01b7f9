//! Under which condition something fails, where a sentence says both.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// `When no file exists, `tool run` crashes`: what fails, and when.
static UNDER: Pattern = Pattern::new(
    r"^\W*(when|if|while|whenever|as soon as) ([^,]{4,90}), ([^,]{2,60}?) (?:\w+ly |just |then |always )?(?:crash(?:es|ed)?|fail(?:s|ed)?|panic(?:s|ked)?|hangs?|aborts?|segfaults?|dies|freezes?|throws|raises)\b(.*)$",
);
/// `When I load a file that starts with a mark I get `1:1: Expected struct``: what one does, and what comes of it.
static GETS: Pattern = Pattern::new(
    r"^\W*(when|if|while|whenever|as soon as) ([^;]{8,110}?),? (?:then )?(?:i|we|you|one) (?:\w+ly |just |only |then |always |still )?(?:gets?|got|sees?|saw|receives?|received)\b.*$",
);
/// What fails is not named.
static NAMELESS: Pattern = Pattern::new(r"^(?:it|this|that|everything|(?:the|my|our) \w+)$");

/// A sentence that says under which condition something fails, without the failing.
pub(super) fn under(text: &str) -> Option<String> {
    if let Some(found) = GETS.captures(text) {
        return Some(format!("{} {}", found.get(1)?.as_str().to_lowercase(), found.get(2)?.as_str()));
    }
    let found = UNDER.captures(text)?;
    let part = |group: usize| found.get(group).map_or("", |it| it.as_str().trim());
    // What is said behind the error says more than when.
    if part(4).contains(',') || part(2).contains(" but ") {
        return None;
    }
    let when = part(1).to_lowercase();
    Some(match NAMELESS.is_in(part(3)) {
        true => format!("{when} {}", part(2)),
        false => format!("{} {when} {}", part(3), part(2)),
    })
}

/// `BadCrateError for a crate with a dash`: for what, the title says.
pub(super) fn titled(title: &str) -> Option<String> {
    let what = FOR_WHAT.first(title, 1)?.trim_end_matches('.');
    Some(if what.contains('`') { what.to_owned() } else { words::code(what) })
}

static FOR_WHAT: Pattern = Pattern::new(
    r"(?-i:^(?:[\w$]+(?:\.|::|\\))*[A-Z]\w*(?:Exception|Error) (?:for|with|on|in case of) (.{4,80})$)",
);

#[cfg(test)]
mod tests {
    use super::{titled, under};

    #[test]
    fn what_fails_and_when() {
        for (text, told) in [
            (
                "When no file exists, `ferry load` crashes with a trace.",
                Some("`ferry load` when no file exists"),
            ),
            ("If the pier is closed, it hangs.", Some("if the pier is closed")),
            ("While a crate is lifted, everything freezes", Some("while a crate is lifted")),
            ("When I lift, all is well, but it fails later.", None),
            ("When no file exists, it prints a message.", None),
            (
                "When I load a file that starts with a mark I get `1:1: Expected struct` – took me hours.",
                Some("when I load a file that starts with a mark"),
            ),
        ] {
            assert_eq!(under(text).as_deref(), told, "{text}");
        }
    }

    #[test]
    fn a_title_says_for_what_an_error_comes() {
        let title = "BadCrateException for Crate-Kind: Heavy/Wood";
        assert_eq!(titled(title).as_deref(), Some("`Crate-Kind: Heavy/Wood`"));
        assert_eq!(titled("An error for a crate"), None);
    }
}
