//! Reads what was said with `/revise`: numbered answers fill the slots of the questions shown, the rest is a statement.

use crate::domain::brief::Answer;
use crate::domain::plan::model::Plan;
use crate::domain::plan::pattern::Pattern;

/// How many questions a plan shows, and so how many numbers mean something.
pub const SHOWN: usize = 3;

static NUMBERED: Pattern = Pattern::new(r"(?:^|\s)([1-3])\s*[:)=]\s+");

/// Answers in the order of the text. A number that was not asked stays part of the statement.
pub fn answers(text: &str, author: &str, previous: &Plan) -> Vec<Answer> {
    let made = |slot: Option<String>, text: &str| Answer {
        slot,
        text: text.trim().to_owned(),
        author: author.to_owned(),
    };
    let mut out: Vec<Answer> = Vec::new();
    let mut rest = text;
    let mut slot: Option<String> = None;
    loop {
        let next = next_number(rest, previous);
        let (before, after) = match &next {
            Some((start, end, _)) => {
                (rest.get(..*start).unwrap_or_default(), rest.get(*end..).unwrap_or_default())
            }
            None => (rest, ""),
        };
        if !before.trim().is_empty() {
            out.push(made(slot.take(), before));
        }
        match next {
            Some((_, _, found)) => slot = Some(found),
            None => return out,
        }
        rest = after;
    }
}

/// Start and end of the next number that was asked, and its slot.
fn next_number(text: &str, previous: &Plan) -> Option<(usize, usize, String)> {
    let mut offset = 0;
    loop {
        let rest = text.get(offset..)?;
        let found = NUMBERED.captures(rest)?;
        let (whole, digit) = (found.get(0)?, found.get(1)?);
        let number: usize = digit.as_str().parse().ok()?;
        match previous.questions.get(number.wrapping_sub(1)).filter(|_| number <= SHOWN) {
            Some(question) => {
                return Some((offset + whole.start(), offset + whole.end(), question.slot.clone()));
            }
            None => offset += whole.end(),
        }
    }
}
