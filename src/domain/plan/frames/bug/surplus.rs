//! What comes and is too much, and what only breaks at the reporter's.

use crate::domain::plan::pattern::Pattern;

/// `Drop adds an empty line to the list when …`.
static SURPLUS: Pattern = Pattern::new(
    r"\b(?:adds|prints|writes|emits|inserts|leaves|creates|shows|sends|produces|outputs|generates|gets) (?:an? |the |some )?((?:extra|empty|duplicated?|unnecessary|trailing|redundant|superfluous|second|stray|spurious|unwanted|bogus|leading|double) [^.;:]{3,60}?)(?: (?:when|if|while|whenever|in case|after)\b.*)?$",
);
/// `Export no longer writes the trailing newline`: that lacks.
static LACKS: Pattern = Pattern::new(r"\b(?:no longer|not|never|hardly|only|rarely) (?:\w+ )?\w+s\b");
/// What breaks at the reporter's is no output of the tool.
static OF_REPORTER: Pattern =
    Pattern::new(r"^\W*(?:our|my) [\w -]{3,50} (?:is|are|was|were|fails?|failed|breaks?|broke|stopped)\b");

/// Without what a title says is too much.
pub(super) fn surplus(title: &str) -> Option<String> {
    if LACKS.is_in(title) {
        return None;
    }
    SURPLUS.first(title.trim_end_matches('.'), 1).map(|much| format!("no {much}"))
}

/// Is it of the one who reports alone?
pub(super) fn is_of_reporter(actual: &str) -> bool {
    OF_REPORTER.is_in(actual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_does_not_come() {
        let told = |title| surplus(title);
        assert_eq!(
            told("v2.1 adds empty line to the list when drop is called without a name").as_deref(),
            Some("no empty line to the list")
        );
        assert_eq!(told("lift prints a duplicate name.").as_deref(), Some("no duplicate name"));
        assert_eq!(told("lift prints the name"), None);
        assert_eq!(told("export no longer writes the trailing newline"), None);
    }

    #[test]
    fn what_breaks_at_the_reporters_is_no_output() {
        assert!(is_of_reporter("Our test assertions are now broken due to the empty line"));
        assert!(!is_of_reporter("The list is empty"));
    }
}
