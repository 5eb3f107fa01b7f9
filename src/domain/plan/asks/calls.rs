//! Calls to contributors: everybody takes a part, and nobody says when all of it is done.

use crate::domain::plan::pattern::Pattern;

/// Offers parts of something, as an order at the beginning of a sentence.
static OFFERS: Pattern = Pattern::new(
    r"(?m)(?:^|[.!?:]\s)[\s*_-]*(?:please |just |then |simply |feel free to )*(?:pick|choose|select|grab|take|claim) (?:up )?(?:an?|any|one|some|your)\b",
);
/// Wants to hear which of them somebody takes.
static TO_CLAIM: Pattern = Pattern::new(
    r"\b(?:comment|post|reply|say|write|mention|announce|let (?:us|me|others|everyone|people) know)\b[^.?!\n]{0,60}\b(?:which|what) (\w+ )?(?:of (?:them|these) )?you(?:['’](?:re|d|ll)| are| would| will| want to| plan to)?(?: like to| going to)? (?:tak(?:e|ing)|work(?:ing)? on|pick(?:ing)?|claim(?:ing)?|fix(?:ing)?|improv(?:e|ing))\b",
);
/// What one takes and is no part of the work.
static NO_PART: Pattern =
    Pattern::new(r"^(?:approach|option|version|branch|way|route|path|direction|side)\b");

/// Offers parts to whoever wants one, and asks each to say which.
pub fn calls_for_parts(text: &str) -> bool {
    let is_part = |noun: Option<&str>| !noun.is_some_and(|noun| NO_PART.is_in(noun));
    OFFERS.is_in(text)
        && TO_CLAIM.captures(text).is_some_and(|found| is_part(found.get(1).map(|it| it.as_str())))
}

/// The part that somebody says to take, in words.
static TAKES: Pattern = Pattern::new(
    r"\b(?:tak(?:e|ing)|claim(?:ing)?|work(?:ing)? on|improv(?:e|ing)|fix(?:ing)?|updat(?:e|ing)|rewrit(?:e|ing)|start(?:ing)? (?:on|with)|pick(?:ing)?(?: up)?)\s+(?:on )?(?:the |an? )?([^.,;:!?`\n]{2,40}? (?:section|page|part|chapter|file|module|guide))\b",
);

/// The part that a comment says to take, where its words name one.
pub fn taken_part(text: &str) -> Option<&str> {
    TAKES.first(text, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_offers_parts_and_wants_to_hear_which_is_taken() {
        for call in [
            "Choose a page of the guide and rework it.\n\nSay in a comment which page you take.",
            "- Grab any module without types. Let us know which one you're working on",
        ] {
            assert!(calls_for_parts(call), "{call}");
        }
        for other in [
            "Good for beginners: add `--json`. Comment below if you would like to take this.",
            "Pick a color and press Enter. Please write which version you are using.",
            "Choose one of the two ways. Please say which approach you would take.",
            "The menu lets people pick a row. Say which rows you want to fix.",
        ] {
            assert!(!calls_for_parts(other), "{other}");
        }
    }

    #[test]
    fn who_takes_a_part_names_it() {
        assert_eq!(taken_part("Hi! I am working on the first steps page."), Some("first steps page"));
        assert_eq!(taken_part("I would take it."), None);
        assert_eq!(taken_part("Is the page still wrong?"), None);
    }
}
