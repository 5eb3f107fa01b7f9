//! What an option does by its own name: `--hide-totals` hides the totals.

use crate::domain::plan::pattern::Pattern;

static SILENCES: Pattern =
    Pattern::new(r"^--(?:quiet|no|suppress|mute|silence|disable|without)-([a-z][a-z-]+)$");
static DOES: Pattern =
    Pattern::new(r"^--(skip|exclude|omit|hide|show|print|list|include|keep)-([a-z][a-z-]+)$");
/// What follows is no thing alone.
static JOINED: Pattern =
    Pattern::new(r"(?:^|-)(?:as|at|by|for|from|if|in|more|of|on|only|or|than|to|when|with)(?:-|$)");

/// Most parts of a name that reads as a thing.
const PARTS: usize = 3;

/// The outcome that the name of an option says; `None` where it names no deed and no thing.
pub(super) fn outcome(flag: &str) -> Option<String> {
    let thing = |name: &str| {
        let reads = !JOINED.is_in(name) && name.split('-').count() <= PARTS;
        reads.then(|| name.replace('-', " "))
    };
    if let Some(name) = SILENCES.first(flag, 1) {
        return thing(name).map(|name| format!("no {name}"));
    }
    let found = DOES.captures(flag)?;
    let deed = match found.get(1)?.as_str() {
        "skip" => "skipped",
        "show" => "shown",
        "print" => "printed",
        "list" => "listed",
        "include" => "included",
        "keep" => "kept",
        _ => "left out",
    };
    thing(found.get(2)?.as_str()).map(|name| format!("{name} {deed}"))
}

#[cfg(test)]
mod tests {
    use super::outcome;

    #[test]
    fn a_name_of_a_deed_and_a_thing_says_the_outcome_and_no_other_does() {
        for (flag, said) in [
            ("--quiet-deprecation-warnings", Some("no deprecation warnings")),
            ("--no-color", Some("no color")),
            ("--hide-totals", Some("totals left out")),
            ("--show-hidden-files", Some("hidden files shown")),
            ("--keep-project-on-failure", None),
            ("--ignore-case", None),
            ("--no-more-than-one", None),
            ("--quiet", None),
        ] {
            assert_eq!(outcome(flag).as_deref(), said, "{flag}");
        }
    }
}
