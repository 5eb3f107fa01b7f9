//! What sentences say of the code below them.

use super::ACCEPTANCE;
use crate::domain::plan::pattern::Pattern;

/// What a sentence says of the code below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leads {
    /// It comes today.
    Today,
    /// It should come.
    Wanted,
    /// It takes the place of the code above.
    Change,
    /// It goes in.
    Given,
    /// It is of something else, which works.
    Beside,
    /// It is a way that somebody thinks of.
    Idea,
}

static COMES: Pattern = Pattern::new(
    r"(?:^|\b(?:it|this|that|which|code|example|command|and|but|then|output|result|actually)\s+(?:now |then |currently |instead )?)(?:will )?(?:results? in|becomes?|turns? into|gives?|produces?|outputs?|prints?|renders?(?: as)?|yields?|generates?|leads? to|is (?:rendered|converted|turned) (?:as|to|into))\b(?:[^.`]|`[^`]*`){0,60}:?$|\b(?:i|we) (?:get|got|see)\b[^.]{0,40}:?$|\b(?:i|we)(?: am| are|['’]m|['’]re) (?:getting|seeing)\b[^.]{0,40}:?$|^\W*(?:and |but )?(?:is|are|was) (?:going to be|then|currently|now)\W*$|^\W*(?:the )?(?:behaviou?r|output|result)s? (?:now|today|currently|at (?:the moment|present)|as (?:it )?is)\W*$|\b(?:actual|current|wrong) (?:output|result|behaviou?r)s?\b[^.]{0,20}:?$|\binstead (?:of|it|i)\b[^.]{0,30}:$|\b(?:incorrectly|wrongly|mistakenly|erroneously) \w+\b[^.]{0,60}:$",
);
static SHOULD_COME: Pattern = Pattern::new(
    r"^\W*(?:(?:it|this|that|which|and) )?would (?:make|create|generate|produce|give|yield|return|print|output|render|become|result in|expand to|translate to|turn into)\b[^.]{0,60}\b(?:such as|like|like this|this|as|something like|following)\W*$|\b(?:expect(?:ed|ing)?|should (?:be|have been|become|look|give|print|output|return|produce|render|generate|get|result)|(?:desired|right|correct) (?:output|result|html|behaviou?r) (?:is|would|should)|correct value (?:is|would be|should be)\W*$)\b[^.]{0,60}:?$|\bwhat (?:i|we)(?:['’]d| would)? (?:have )?expect(?:ed)?\b|^\W*(?:the )?(?:behaviou?r|output|result)s? (?:that )?(?:(?:i|we)(?: am| are|['’]m|['’]re) (?:requesting|asking for|wanting|after|looking for)|(?:i|we)(?:['’]d| would)? (?:want|request|propose|like|prefer))\b[^.]{0,30}$",
);
/// `With the following file, the tool should …:` brings in what goes in, whatever it says besides.
static GIVEN: Pattern = Pattern::new(
    r"\b(?:with|using|given|for|use) (?:a|an|the|this|these)? ?(?:following|code below)\b|\b(?:with|using|given) (?:this|these|a|an|the)? ?(?:[\w.`-]+ ){0,3}(?:as follows|like this|below)\b",
);
/// `Input:` and nothing else.
static LABELS_INPUT: Pattern =
    Pattern::new(r"^\W*(?:(?:the |my |sample |example )?(?:input|code|source)(?: (?:file|code))?)\W*$");
/// `Output:` and nothing else: what came, where what should come is not set against it.
static LABELS_OUTPUT: Pattern = Pattern::new(r"^\W*(?:the |resulting |formatted )?(?:output|result)s?\W*$");
/// `while the other works as expected:`
static BESIDE: Pattern = Pattern::new(
    r"\b(?:works?|worked|working|behaves?|fine|correct(?:ly)?)\b[^.:]{0,12} as (?:expected|it should|desired)\b[^.:]{0,20}:?$",
);
static NOT_SO: Pattern = Pattern::new(r"\b(?:not|never|no longer|hardly|stop\w*)\b|n['’]t\b");
static IDEA: Pattern = Pattern::new(
    r"\b(?:perhaps|maybe|possibly)(?: (?:as|like|with|this|so|something|along the lines of))*\W*$",
);
/// `but the other does not:` leaves out what it does not do.
static DENIES: Pattern = Pattern::new(
    r"^\W*(?:but|however|while|whereas|yet)\b.{0,70}\b(?:does|do|is|are|did|will|can)(?: not|n['’]t)\W*$",
);
/// `I expected it to print the following:`: nothing of it goes in.
static EXPECTED_SO: Pattern = Pattern::new(
    r"\b(?:expect\w*|should|would|got|get|gets|see|prints?|gives?|fails?|errors?|returns?|responds?|ends?|crash\w*|panics?|replaced?|outputs?|throws?|thrown|raises?|exceptions?|exits?|logs?|dies|aborts?|generates?|produces?|creates?|writes?|written|renders?|rendered|shows?) (?:\w+ ){0,6}(?:with|for|given|using) (?:the |this )?(?:following|message|error|output|content)\b",
);
static TAKES_PLACE: Pattern = Pattern::new(r"^\W*(?:and )?(?:to|into|with|by|to this|with this)\W*$");

/// Only says of the code below it that it is an output.
pub fn labels_output(lead: &str) -> bool {
    LABELS_OUTPUT.is_in(lead.trim())
}

/// Does the sentence deny of the code below it what holds of other code?
pub fn denies(lead: &str) -> bool {
    DENIES.is_in(lead.trim())
}

/// What a sentence says of the code below it; nothing where it only brings it in.
pub fn leads_to(lead: &str) -> Option<Leads> {
    match lead.trim() {
        lead if TAKES_PLACE.is_in(lead) => Some(Leads::Change),
        // `It does not work as expected:` says nothing of what should come.
        lead if BESIDE.is_in(lead) && NOT_SO.is_in(lead) && !DENIES.is_in(lead) => None,
        lead if LABELS_INPUT.is_in(lead) => Some(Leads::Given),
        lead if LABELS_OUTPUT.is_in(lead) => Some(Leads::Today),
        lead if IDEA.is_in(lead) => Some(Leads::Idea),
        lead if BESIDE.is_in(lead) && !DENIES.is_in(lead) => Some(Leads::Beside),
        lead if GIVEN.is_in(lead) && !EXPECTED_SO.is_in(lead) => Some(Leads::Given),
        lead if SHOULD_COME.is_in(lead) => Some(Leads::Wanted),
        lead if DENIES.is_in(lead) => Some(Leads::Today),
        lead if COMES.is_in(lead) && !ACCEPTANCE.is_in(lead) => Some(Leads::Today),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_what_the_code_below_it_is() {
        for (lead, what) in [
            ("produces the following xml via `tool -b docbook`:", Some(Leads::Today)),
            ("With the following file, the tool should print nothing:", Some(Leads::Given)),
            ("When using a config as follows, the format is ignored.", Some(Leads::Given)),
            ("It should print the following:", Some(Leads::Wanted)),
            ("While what I would expect is:", Some(Leads::Wanted)),
            (
                "whereas what I'd expect is like this, where the width is kept even when nothing is there.",
                Some(Leads::Wanted),
            ),
            ("Behavior I'm requesting:", Some(Leads::Wanted)),
            ("Behavior now:", Some(Leads::Today)),
            ("This is the message I am getting:", Some(Leads::Today)),
            ("is going to be", Some(Leads::Today)),
            ("It fails with the following error:", None),
            ("while `tool -b html` works about as expected:", Some(Leads::Beside)),
            ("maybe something like this?", Some(Leads::Idea)),
            ("The following does not work as expected:", None),
            ("This code no longer works as expected:", None),
            ("It throws an exception with the following message:", None),
            ("It generates a file with the following content:", Some(Leads::Today)),
            ("to", Some(Leads::Change)),
            ("I use this:", None),
        ] {
            assert_eq!(leads_to(lead), what, "{lead}");
        }
    }
}
