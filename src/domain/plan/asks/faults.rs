//! Titles that tell of a fault.

use super::{is_imperative, says_must, secures};
use crate::domain::plan::pattern::Pattern;

static REPORT: Pattern = Pattern::new(
    r"\b\w+(?:ed|en|nt|lost) even (?:with|if|though|when|after|for)\b|\bfailed(?:$| (?:to|with|at|in|on|when|for|because)\b)|\b(?:fail(?:s|ing|ure)?|crash(?:es|ed|ing)?|panic(?:s|ked)?|broken|breaks?|not work(?:ing)?|do(?:es)?n['’]?t|do(?:es)? not|can(?:no|['’])t|bug|hangs?|freezes?|regression|(?:is|are|got|gets|getting|became|becomes) (?:\w+ )?(?:slow(?:er)?|worse|wrong)|stops? (?:after|when|at|too)|too (?:early|late|often)|than expected|although|unexpected(?:ly)?|leaks?|corrupt\w*|inconsisten\w+|non-?deterministic(?:ally)?|not deterministic|discrepanc\w+|ignored|(?:loops? forever|infinite loop|deadlock(?:s|ed)?|never (?:expires?|ends?|stops?|returns?|closes?|finishes|fires?|terminates?)|no longer (?:possible|able|works?|working)|false (?:positive|negative)s?|(?:is|are|was|were) (?:not able|unable) to|results? in (?:an? )?(?:invalid|error|infinite|crash|nested|wrong)\w*)|invalid html|problems? with|not (?:being )?respected|is case sensitive|(?:come|comes|came|coming) out \w+|(?:is|are|was|were|gets?|becomes?) (?:malformed|garbled|mangled|truncated|scrambled|messed up)|fehler|absturz|kaputt)\b|\b(?:not|isn't|aren't) \w+ing\b|\bnot \w{3,}ed\b[.!]?$|\b(?:lost|loses|drops|truncates|swallows|duplicate[sd] (?:on|at|in|when|if)|duplicates|mangle[sd]|misplace[sd]|nested links)\b|\b(?:are|is) (?:loaded|routed|sent|read|written) (?:from|through|to|into)\b|\w\([^()]*\)`? (?:becomes|returns|gives|yields|evaluates to|results in) `?[\x22\x27`\d\[{]|\bslow ?downs?\b|\b(?:is|are) \w+ed\b.* since v?\d",
);

/// What fails in a report, and what a wish may want to be so.
static FAILING: Pattern = Pattern::new(
    r"^\W*(?:not able|unable) (?:to )?\w+|(?:\b(?:is|are|was)|\bit['’]s) not (?:being )?(?:\w+ly )?\w{3,}ed (?:when|if|in|for|with|by|on|after)\b|\bresolves? to (?:an? |the )?wrong\b|\b(?:has|have|had) no effect\b",
);

/// Words that stand in reports and in wishes alike.
static WEAK: Pattern = Pattern::new(
    r"\b(?:wrong(?:ly)?|incorrect(?:ly)?|errors?|\w*(?:error|exception)|missing|logs? \S+ as an error)\b",
);
static WISHES: Pattern = Pattern::new(
    r"\b(?:could|should|would|more helpful|better|allow|support|option|helpful|custom|add|improve)\b",
);

/// Does a title tell of a fault?
pub fn tells_fault(title: &str) -> bool {
    let wishes = || is_imperative(title) || says_must(title) || secures(title);
    REPORT.is_in(title)
        || (FAILING.is_in(title) && !wishes())
        || (STRANGE.is_in(title) && !wishes() && !WISHES.is_in(title))
        || (WEAK.is_in(title) && !WISHES.is_in(title))
}

/// `… an error is reported by the tool:`, with the message below.
static BRINGS_ERROR: Pattern = Pattern::new(
    r"\b(?:errors?|exceptions?|warnings?|panics?|(?:error|warning) messages?|fails? with|complains?|crash\w*)\b(?:[^.!?]|\.\S)*:\W*$",
);

/// Does a sentence bring in what a program complained of?
pub fn brings_error(text: &str) -> bool {
    BRINGS_ERROR.is_in(text.trim_end())
}

/// `docs --check` is a command that is called so, and no page.
static COMMAND: Pattern =
    Pattern::new(r"`[^`]*`|\b(?:[\w-]+ )?(?:docs?|documentation|readme|changelog|guide|help) --?[a-z][\w-]*");

/// A text without the commands that it names, where the words of pages are looked for.
pub fn without_commands(text: &str) -> String {
    COMMAND.replace(text, |_| "`…`".to_owned())
}

/// What came is there, and is not right.
static STRANGE: Pattern = Pattern::new(
    r"\b(?:strange|odd|weird|bogus|misleading|confusing|cryptic|spurious|unexpected|incorrect|wrong|garbled|bad) (?:\w+ ){0,2}?(?:errors?|messages?|warnings?|outputs?|results?|behaviou?rs?|values?|characters?)\b",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_is_strange_and_a_wish_for_better_is_none() {
        assert!(tells_fault("Notes without a date come out malformed"));
        assert!(tells_fault("Long names get mangled"));
        assert!(!tells_fault("Refuse malformed dates"));
        assert!(tells_fault("migrate - strange error message"));
        assert!(tells_fault("Misleading output of list"));
        assert!(!tells_fault("Better error message for wrong values"));
        assert!(!tells_fault("More helpful output for incorrect results"));
    }
}
