//! Boxes of issue forms: what their authors promise or pick is no demand.

use super::{IMPERATIVE, MUST, PROPOSES, is_maybe, is_question};
use crate::domain::plan::pattern::Pattern;

/// Boxes that issue forms make their authors tick.
static PROMISE: Pattern = Pattern::new(
    r"^(?:this is not a |this issue (?:is|has) not|there (?:is|are) no |no,? (?:i|we|this)\b|my issue |follow our |read the (?:docs?|documentation|readme|faq|guide|contribut\w+|code of)|(?:check(?:ed)?|ensured?|verified|confirm(?:ed)?|looked|smoke tested|reviewed) (?:that |if |for |through )?(?:you|i|there|this|your|my|it|the (?:bug|issue|docs?|documentation|faq|existing|contribut\w+|guidelines)|existing|similar|duplicates?|open)\b|make sure (?:that )?(?:you|i|there|this|your|my)\b|the (?:bug|issue|problem|provided reproduction) is |you agree|are you willing|searched )",
);
/// `Did you search the open issues? Here is how.`: asked of whoever fills the form in.
static ASKED: Pattern = Pattern::new(r"^(?:are|did|do|have|has|is) (?:you|your|there|this)\b[^?]{4,160}\?");
/// `Is it the newest release that you are running?`: asked of whoever fills the form in, whatever it counts.
static ASKED_OF_YOU: Pattern = Pattern::new(
    r"^(?:are|did|do|does|have|has|is|was|were) [^?]{0,120}\b(?:you|your|you['’]re)\b[^?]{0,120}\?",
);
/// Said of themselves: a promise whatever it names.
static OWN: Pattern = Pattern::new(r"^(?:yes, |for [^,]{3,40}, )?(?:i |i'm |i've |i’m |i’ve )");
/// What can be counted or looked up is no promise.
static COUNTED: Pattern = Pattern::new(r"\d|`[^`]+`");
static CHECKS: Pattern = Pattern::new(
    r"^validations?$|^checks?$|prerequisit|before (?:you|submitting)|code of conduct|terms|acknowledg|is there an existing issue|confirm",
);

static MACHINE: Pattern = Pattern::new(
    r"^(?:(?:which )?(?:affected|impacted|related|relevant) (?:packages?|components?|modules?|areas?|plugins?|parts?|crates?|projects?|products?)|info|os|operating system|shell|platforms?|browsers?|environment|versions?|system)\b",
);

/// What forms let their authors choose from.
static LABEL: Pattern = Pattern::new(
    r"^(?:an? )?(?:bug ?fix|improvement|docs?|documentation(?: change| issue)?|refactor(?:ing)?|chore|performance|security)\W*$",
);

/// What stands above the answers of a form, where it is no question.
static KINDS: Pattern =
    Pattern::new(r"\b(?:types?|kinds?|categor(?:y|ies)|severity|priority|impact|labels?|areas?)\b");

/// One of the answers that a form offers: of few words under a question, or the name of a kind of issue where one is asked for. In
/// a list of tasks, `Documentation` is a task.
pub fn is_choice(lead: &str, text: &str) -> bool {
    let asked = is_question(lead.trim_end_matches(['*', '_', ':']));
    let few = text.split_whitespace().count() <= CHOICE && !COUNTED.is_in(text) && !MUST.is_in(text);
    (asked || KINDS.is_in(lead)) && LABEL.is_in(text)
        || NO_TASK.is_in(text)
        || few && asked && !IMPERATIVE.is_in(text)
}

/// Says nothing by itself, wherever it stands.
static NO_TASK: Pattern = Pattern::new(
    r"^(?:this is )?(?:an? )?(?:(?:new |existing |plugin |\w+ \(\w+\) )?(?:bug(?: report)?|request|feature(?: request)?|enhancement|regression|question|other|discussion)|yes|no|maybe|not sure|n/a|(?:minor|major|critical|blocker|low|medium|high)(?: priority)?)\W*$",
);

/// Most words of such an answer.
const CHOICE: usize = 3;

/// A box of a form in which its author promises or picks something: no demand, ticked or not.
pub fn is_promise(section: &str, text: &str) -> bool {
    let picked = MACHINE.is_in(section) && !MUST.is_in(text) && !IMPERATIVE.is_in(text);
    let promised =
        (PROMISE.is_in(text) || ASKED.is_in(text) || CHECKS.is_in(section)) && !COUNTED.is_in(text);
    let wished = PROPOSES.is_in(text) && !is_maybe(text) && !CHECKS.is_in(section);
    (OWN.is_in(text) && !wished) || picked || promised || ASKED_OF_YOU.is_in(text)
}

#[cfg(test)]
mod tests {
    use super::is_promise;

    #[test]
    fn what_its_author_did_before_writing_is_no_demand() {
        for promised in [
            "Checked that your issue hasn't already been filed by cross-referencing issues",
            "Ensured that there is no discrepancy between the locally and globally installed version",
            "Searched the open issues",
            "Is it the newest 4.x release that you run? They are listed here.",
            "Did you try `--clean` before you wrote this?",
        ] {
            assert!(is_promise("", promised), "{promised}");
        }
        assert!(is_promise("Affected packages", "core") && !is_promise("Packages", "core"));
        for demanded in
            ["Check that the row is there before it is written", "Ensure a total of `0` is printed"]
        {
            assert!(!is_promise("", demanded), "{demanded}");
        }
    }
}
