//! Under which condition something fails, where a sentence says both.

use crate::domain::plan::pattern::Pattern;

/// `When no file exists, `tool run` crashes`: what fails, and when.
static UNDER: Pattern = Pattern::new(
    r"^\W*(when|if|while|whenever|as soon as) ([^,]{4,90}), ([^,]{2,60}?) (?:\w+ly |just |then |always )?(?:crash(?:es|ed)?|fail(?:s|ed)?|panic(?:s|ked)?|hangs?|aborts?|segfaults?|dies|freezes?|throws|raises)\b(.*)$",
);
/// What fails is not named.
static NAMELESS: Pattern = Pattern::new(r"^(?:it|this|that|everything|(?:the|my|our) \w+)$");

/// A sentence that says under which condition something fails, without the failing.
pub(super) fn under(text: &str) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::under;

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
        ] {
            assert_eq!(under(text).as_deref(), told, "{text}");
        }
    }
}
