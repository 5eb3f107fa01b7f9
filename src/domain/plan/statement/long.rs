//! A text as long as a proposal asks in few of its sentences: where enough of them ask plainly, the others tell.

use crate::domain::brief::Brief;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::{Origin, Reading, Statement, observable};
use crate::domain::plan::{clause, wish};

/// From so many sentences on a text is long.
const LONG: usize = 60;
/// So many plain demands say what is asked.
const PLAIN: usize = 4;

static ITEM: Pattern = Pattern::new(r"^\s*(?:[-*+•]|\d{1,2}[.)])\s+\S");
/// `The line should mention …`: what it is said of stands before the verb, a condition at most before that.
static BOUND: Pattern = Pattern::new(
    r"^(?:(?:when|if|once|as soon as|after|before|while|unless|for each|for every|in|with|without)\b[^,]{3,120}, )?([^,;:]{2,90}?) (?:must|should|shall|has to|have to|needs? to)\b",
);
/// It tells, wonders or argues, and what is bound stands within.
static WITHIN: Pattern =
    Pattern::new(r"^(?:i|we|you|somebody|people|they)\b|\b(?:whether|why|think|thought|ask|asked)\b");

/// Leaves to talk what only sounds like a wish beside plain ones; says whether the text is long.
pub(super) fn told(reading: &mut Reading, brief: &Brief) {
    let own = |said: &&Statement| said.by.is_none() && said.line > 0;
    let count = reading.demands.iter().chain(&reading.talk).filter(own).count();
    if count < LONG {
        return;
    }
    reading.is_long = true;
    let lines: Vec<&str> = brief.body.lines().collect();
    let listed = |said: &Statement| {
        said.line.checked_sub(1).and_then(|at| lines.get(at)).is_some_and(|line| ITEM.is_in(line))
    };
    let plain = |said: &Statement| {
        said.by.is_some()
            || said.line == 0
            || matches!(said.origin, Origin::Box | Origin::Said | Origin::Report | Origin::Scenario)
            || listed(said)
            || is_bound(&said.text)
    };
    if reading.demands.iter().filter(|said| plain(said)).count() < PLAIN {
        return;
    }
    reading.talk.extend(reading.demands.extract_if(.., |said| !plain(said)));
    reading.talk.sort_by_key(|said| (said.by.is_some(), said.line));
    // Below a list of options, or of what stays out, the rest of the section weighs them.
    for listing in [&mut reading.options, &mut reading.excluded] {
        if listing.iter().filter(|said| listed(said)).count() > 1 {
            reading.talk.extend(listing.extract_if(.., |said| !listed(said)));
        }
    }
}

fn is_bound(text: &str) -> bool {
    let subject = BOUND.first(text, 1);
    subject.is_some_and(|subject| !WITHIN.is_in(subject))
        && (observable(text) || clause::case(text).or_else(|| wish::case(text)).is_some())
}

#[cfg(test)]
mod tests {
    use super::is_bound;

    #[test]
    fn what_is_bound_within_a_thought_is_no_demand() {
        for text in [
            "The line should mention how many ships are waiting.",
            "When two ships ask for one berth, the first must win.",
            "`moor` must answer within 2 s.",
        ] {
            assert!(is_bound(text), "{text}");
        }
        for text in [
            "I have thought about whether the list should be a file of its own.",
            "The conclusion was that the harbor has to be the only one who hands out numbers.",
            "This happens today as well, whenever it rains, and the second part should follow soon.",
            "Ships are moored where the water is deep.",
            "It would be possible to ask the captain.",
        ] {
            assert!(!is_bound(text), "{text}");
        }
    }
}
