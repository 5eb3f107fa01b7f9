//! `One has to call this before that works`: without the call it is to be as it is with it.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

static HAS_TO: Pattern = Pattern::new(
    r"\b(?:you|one|we|i|users?|people) (?:currently |now |always |still )?(?:have|has|need|needs) to (?:first |manually |always |explicitly )?(?:call|use|write|add|pass|run|apply|go through|convert (?:it |them )?with) [^`]{0,30}(`[^`]{1,60}`)[^`]*\b(?:before|first|in order to|to (?:get|make|be able to|have))\b",
);

/// The case: the same without what one has to do today.
pub fn workaround(text: &str) -> Option<String> {
    let way = HAS_TO.first(text, 1)?;
    Some(format!("without {}: the same as with it today", words::shorten(way, super::PART)))
}

#[cfg(test)]
mod tests {
    use super::workaround;

    #[test]
    fn what_one_has_to_do_first_is_not_to_be_needed() {
        assert_eq!(
            workaround("With the ferry you have to call `|moor` before that becomes possible").as_deref(),
            Some("without `|moor`: the same as with it today")
        );
        for text in ["You have to call `moor` on each ship.", "The ferry has to use `moor` before it leaves."]
        {
            assert_eq!(workaround(text), None, "{text}");
        }
    }
}
