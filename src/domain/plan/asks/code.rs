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
}

static COMES: Pattern = Pattern::new(
    r"(?:^|\b(?:it|this|that|which|code|example|command|and|but|then|output|result|actually)\s+(?:now |then |currently |instead )?)(?:will )?(?:results? in|becomes?|turns? into|gives?|produces?|outputs?|prints?|renders?(?: as)?|yields?|generates?|leads? to|is (?:rendered|converted|turned) (?:as|to|into))\b[^.`]{0,40}:?$|\b(?:i|we) (?:get|got|see)\b[^.]{0,40}:?$|\b(?:actual|current|wrong) (?:output|result|behaviou?r)s?\b[^.]{0,20}:?$|\binstead (?:of|it|i)\b[^.]{0,30}:$",
);
static SHOULD_COME: Pattern = Pattern::new(
    r"\b(?:expect(?:ed|ing)?|should (?:be|have been|become|look|give|print|output|return|produce|render|generate|get|result)|(?:desired|right|correct) (?:output|result|html|behaviou?r) (?:is|would|should)|correct value (?:is|would be|should be)\W*$)\b[^.]{0,60}:?$",
);
/// `but the other does not:` leaves out what it does not do.
static DENIES: Pattern = Pattern::new(
    r"^\W*(?:but|however|while|whereas|yet)\b.{0,70}\b(?:does|do|is|are|did|will|can)(?: not|n['’]t)\W*$",
);
static TAKES_PLACE: Pattern = Pattern::new(r"^\W*(?:and )?(?:to|into|with|by|to this|with this)\W*$");

/// Does the sentence deny of the code below it what holds of other code?
pub fn denies(lead: &str) -> bool {
    DENIES.is_in(lead.trim())
}

/// What a sentence says of the code below it; nothing where it only brings it in.
pub fn leads_to(lead: &str) -> Option<Leads> {
    match lead.trim() {
        lead if TAKES_PLACE.is_in(lead) => Some(Leads::Change),
        lead if SHOULD_COME.is_in(lead) => Some(Leads::Wanted),
        lead if DENIES.is_in(lead) => Some(Leads::Today),
        lead if COMES.is_in(lead) && !ACCEPTANCE.is_in(lead) => Some(Leads::Today),
        _ => None,
    }
}
