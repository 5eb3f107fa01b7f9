//! Which words can answer which question: what cannot be an answer is refused at once, and never set into a case.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::quantity;

/// What one kind of question takes for an answer.
pub struct Fit {
    /// How the slots of its questions begin.
    slots: &'static [&'static str],
    /// Whether words can be an answer; in doubt they can.
    takes: fn(&str) -> bool,
    /// What they miss, as the verb of a sentence.
    pub lacks: &'static str,
    /// What would be one.
    pub example: &'static str,
}

static FITS: &[Fit] = &[
    Fit {
        slots: &["duplicate.", "already.", "declined"],
        takes: |text| DECIDES.is_in(text) || WORD.is_in(text),
        lacks: "says neither yes nor no",
        example: "no",
    },
    Fit {
        slots: &["vague.", "bug.steps", "performance.input.", "observable"],
        takes: |text| !ASSENTS.is_in(text),
        lacks: "is yes or no where something is to be told",
        example: "an empty file prints `nothing to read`",
    },
    Fit {
        slots: &["rate_limit.exit", "cache.exit"],
        takes: |text| quantity::first_time(text).is_some() || ENDS.is_in(text),
        lacks: "names no time and no event",
        example: "after 15 minutes",
    },
    Fit {
        slots: &["rate_limit.key"],
        takes: |text| !SPAN.is_in(text) && !ASSENTS.is_in(text) && !UNDECIDED.is_in(text),
        lacks: "does not name what counts together",
        example: "the client IP",
    },
    Fit {
        slots: &["timeout.after.", "retry.pause"],
        takes: |text| quantity::first_time(text).is_some() || OPEN_END.is_in(text),
        lacks: "names no length of time",
        example: "30 s",
    },
    Fit {
        slots: &["retry.count", "cache.bound", "pagination.size."],
        takes: |text| quantity::first_number(text).is_some() || OPEN_END.is_in(text) || NUMERAL.is_in(text),
        lacks: "names no number",
        example: "50",
    },
];

static ASSENTS: Pattern =
    Pattern::new(r"^\W*(?:yes|no|yep|yeah|nope|ok(?:ay)?|sure|fine|maybe|perhaps|ja|nein)\W*$");
static UNDECIDED: Pattern =
    Pattern::new(r"^\W*(?:both|neither|either|no idea|i don['’]?t know|unknown)?\W*$");
/// One word is assent or refusal in some language.
static WORD: Pattern = Pattern::new(r"^\W*\p{L}+\W*$");
/// Words by which something is decided.
pub static DECIDES: Pattern = Pattern::new(
    r"\b(?:yes|yep|yeah|no|nope|not|never|ja|nein|same|different|differs?|other|another|both|neither|duplicates?|dup(?:e|licated)?|clos(?:e|ed)|relat\w+|separate\w*|ignore|keep|still|meant|done|fixed|left|remains?|changes?|it|this|that|these|those|one|only|part(?:ly|ial\w*)?|overlaps?|similar|stale|outdated|true|false|correct|right|wrong|agreed?|default|go ahead|sure|ok(?:ay)?|absolutely|definitely|probably|maybe|indeed|fine|do|does|should|must|may|reopen\w*|reconsider\w*|approved?|accept\w*|welcome|please)\b|n['’]t\b|#\d|\+1",
);
static ENDS: Pattern = Pattern::new(
    r"\b(?:until|till|when(?:ever)?|after|once|never|always|on|at|with|if|as soon as|by|upon|end\w*|expir\w*|reset\w*|success\w*|restart\w*|manual\w*|admin\w*|unlock\w*|immediately|midnight|window|same|default|forever|indefinite\w*|permanent\w*|changes?|changed|invalidat\w*|ttl|hour|hourly|day|daily|week|minute|write|update\w*)\b",
);
/// Nothing but a length of time.
static SPAN: Pattern = Pattern::new(
    r"^\W*(?:(?:after|until|for|within|in|at most|up to|about|every)\s+)?(?:\d{1,9}\s?(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|days?|weeks?)|(?:an?|one|half an) (?:second|minute|hour|day|week))\W*$",
);
static OPEN_END: Pattern = Pattern::new(
    r"\b(?:never|none|no|nothing|unlimited|unbounded|endless\w*|forever|always|all|everything|same|default|configur\w+|setting|option|as (?:today|now|before|is)|depends|until|hour|minute|second|day|week|double\w*|exponential\w*|backoff)\b",
);
static NUMERAL: Pattern = Pattern::new(
    r"\b(?:zero|once|one|twice|two|three|thrice|four|five|six|seven|eight|nine|ten|twelve|twenty|fifty|hundred|thousand|single|few|dozen)\b",
);

/// What a question misses in words that cannot answer it; `None` where they can, and for questions that take any words.
pub fn misses(slot: &str, text: &str) -> Option<&'static Fit> {
    let fit = FITS.iter().find(|fit| fit.slots.iter().any(|start| slot.starts_with(start)))?;
    (!(fit.takes)(text)).then_some(fit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_cannot_be_an_answer_are_told_from_those_that_can() {
        for (slot, text, fits) in [
            ("duplicate.4", "the client IP", false),
            ("duplicate.4", "after 10 minutes", false),
            ("duplicate.4", "src/auth.rs", false),
            ("duplicate.4", "No.", true),
            ("duplicate.4", "#4 came first", true),
            ("duplicate.4", "it isn’t", true),
            ("duplicate.4", "Absolutely!", true),
            ("duplicate.4", "oui", true),
            ("already.CHANGELOG.md", "only for the page", true),
            ("declined", "yes, still", true),
            ("rate_limit.exit", "the client IP", false),
            ("rate_limit.exit", "15 min", true),
            ("rate_limit.exit", "with the window", true),
            ("rate_limit.key", "after 10 minutes", false),
            ("rate_limit.key", "10 min.", false),
            ("rate_limit.key", "an hour", false),
            ("rate_limit.key", "both", false),
            ("rate_limit.key", "?", false),
            ("rate_limit.key", "the client IP, for 10 minutes", true),
            ("rate_limit.key", "whatever is cheapest", true),
            ("timeout.after.0", "an error", false),
            ("timeout.after.0", "it is configurable", true),
            ("retry.count", "an error", false),
            ("retry.count", "three times", true),
            ("cache.bound", "1,000", true),
            ("bug.steps", "anything at all", true),
            ("vague.measure", "yes", false),
            ("vague.place", "no.", false),
            ("vague.limit", "no, since 2.1", true),
        ] {
            assert_eq!(misses(slot, text).is_none(), fits, "{slot}: {text}");
        }
    }
}
