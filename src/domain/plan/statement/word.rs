//! The word of a maintainer: turned down, taken up, asked back.

use super::sorted::{self, Voice};
use super::{Reading, Statement};
use crate::domain::plan::asks;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::roles::{Judged, Role};
use crate::domain::plan::source::Piece;

static ANSWER: Pattern = Pattern::new(r"^\W*(?:no|nope|not yet)\W*$");

/// Asks whether it was done, and not whether it may be.
static DONE: Pattern = Pattern::new(
    r"\b(?:was|were|is|are|has|have|did|any)\b[^.?]*\b(?:ever|implemented|done|fixed|merged|released|news|update|progress|resolved)\b[^?]*\?",
);

/// Does a comment ask whether the matter is done?
pub(super) fn asks_if_done(comment: &str) -> bool {
    DONE.is_in(comment)
}

/// Does a comment only answer, whatever was asked?
pub(super) fn is_answer(comment: &str) -> bool {
    ANSWER.is_in(comment)
}

/// A maintainer adds to what is asked.
static GOES_IN: Pattern = Pattern::new(
    r"^\W*(?:`[^`]+`|[\w ]{2,40}) (?:is|are) going in(?:,? (?:as well|too|also))?\b[^.]{0,3}(?:\W*$| [-–—] )|^\W*(?:probably |i think |i guess )?(?:it|this|that) (?:would|should) (?:probably |really |then |best |rather )*be (?:an? |the )?(?:[\w-]+ ){0,3}?(?:config(?:uration)?|settings?|options?|flags?|keys?|arguments?|parameters?|commands?|methods?|functions?)\b(?:[^?.;]{0,40}?(?:called|named|like|such as|under|:))? `[^`?]+`[^?]*$|^\W*(?:let['’]s|we(?:['’]ll| will| should)|i(?:['’]ll| will)) also (?:add|accept|support|allow|handle|cover|include)\b",
);

/// Proposes, behind a question of one's own.
static SUGGESTS: Pattern = Pattern::new(
    r"^\W*(?:so |but |and )?(?:my (?:guess|suggestion|preference|proposal|take|feeling|idea) (?:is|would be)|i(?:['’]d| would) (?:suggest|propose|go (?:with|for)|start with|prefer)|i(?:['’]m| am) (?:inclined|leaning))\b",
);

/// Does a maintainer add to what is asked?
pub(super) fn goes_in(text: &str) -> bool {
    GOES_IN.is_in(text) && !OBJECTS.is_in(text)
}

/// Says why it is better not.
static OBJECTS: Pattern = Pattern::new(r"\b(?:but|not|rather not|problem|instead|however)\b|n['’]t\b");

/// A maintainer who turns the wish down, until one takes it up.
pub(super) fn of(reading: &mut Reading, judged: &[(Piece, Judged)], voice: &Voice<'_>) {
    for (piece, own) in judged {
        if asks::inquires_of_author(&piece.text) {
            reading.unanswered = Some(sorted::said_by(piece, *own, voice));
        } else if SUGGESTS.is_in(&piece.text) {
            // Who asks and goes on with a proposal in the same breath has answered it.
            let asked = |text: &str| judged.iter().any(|(piece, _)| piece.text == text);
            let same = |said: &mut Statement| said.by.as_deref() == voice.by && asked(&said.text);
            if let Some(answered) = reading.unanswered.take_if(same) {
                reading.settled.push(answered.text);
            }
        }
        if !voice.refuses && asks::revokes(&piece.text) {
            reading.declined = None;
        }
        if turns_down(piece, *own) {
            reading.declined = Some(sorted::said_by(piece, *own, voice));
        } else if asks::accepts(&piece.text) || asks::demands(&piece.text) && !voice.refuses {
            reading.declined = None;
        }
    }
}

/// Turns the wish down; not in part, and not only named as what others decline.
pub(super) fn turns_down(piece: &Piece, judged: Judged) -> bool {
    let else_said = judged.percent(Role::Excluded) < 10 && judged.percent(judged.role()) >= 80;
    // What cannot be done easily in one way may be done in another.
    !piece.text.contains(" easily ")
        && asks::declines(&piece.text)
        && (asks::closes(&piece.text) || !else_said)
}
