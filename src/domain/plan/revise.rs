//! Reads what was said with `/revise`: numbered answers fill the slots of the questions, the rest is a statement.

use std::collections::BTreeMap;

use crate::domain::brief::Answer;
use crate::domain::plan::model::{Plan, Question};
use crate::domain::plan::pattern::Pattern;

/// How many questions a plan shows at a time.
pub const SHOWN: usize = 3;

static NUMBERED: Pattern = Pattern::new(r"(?:^|\s)([1-9][0-9]{0,2})\s*[:)=]\s+");

/// What the questions are called: one keeps the number that it had in an earlier revision, and one that is shown for the first
/// time gets the next that was never given. So “2: yes” means the same whichever revision somebody has read.
pub fn numbers(questions: &[Question], asked: &BTreeMap<String, usize>) -> BTreeMap<String, usize> {
    let mut numbers = asked.clone();
    for question in questions.iter().take(SHOWN) {
        let next = numbers.values().max().map_or(1, |highest| highest + 1);
        numbers.entry(question.slot.clone()).or_insert(next);
    }
    numbers
}

/// The numbers that a plan gave or took over. Before they were kept they were places in the list.
pub fn asked(plan: &Plan) -> BTreeMap<String, usize> {
    match plan.asked.is_empty() {
        true => numbers(&plan.questions, &BTreeMap::new()),
        false => plan.asked.clone(),
    }
}

/// The questions that are shown, with their numbers, in the order of these.
pub fn shown(plan: &Plan) -> Vec<(usize, &Question)> {
    let numbers = asked(plan);
    let number = |question: &Question| numbers.get(&question.slot).copied().unwrap_or_default();
    let mut shown: Vec<(usize, &Question)> =
        plan.questions.iter().take(SHOWN).map(|question| (number(question), question)).collect();
    shown.sort_by_key(|(number, _)| *number);
    shown
}

/// Answers in the order of the text. A number that was never asked stays part of the statement.
pub fn answers(text: &str, author: &str, previous: &Plan) -> Vec<Answer> {
    let numbers = asked(previous);
    let made = |slot: Option<String>, text: &str| Answer {
        slot,
        text: text.trim().to_owned(),
        author: author.to_owned(),
    };
    let mut out: Vec<Answer> = Vec::new();
    let mut rest = text;
    let mut slot: Option<String> = None;
    loop {
        let next = next_number(rest, &numbers);
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
fn next_number(text: &str, numbers: &BTreeMap<String, usize>) -> Option<(usize, usize, String)> {
    let mut offset = 0;
    loop {
        let rest = text.get(offset..)?;
        let found = NUMBERED.captures(rest)?;
        let (whole, digits) = (found.get(0)?, found.get(1)?);
        let number: usize = digits.as_str().parse().ok()?;
        match numbers.iter().find(|(_, known)| **known == number) {
            Some((slot, _)) => {
                return Some((offset + whole.start(), offset + whole.end(), slot.clone()));
            }
            None => offset += whole.end(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(slots: &[&str]) -> Vec<Question> {
        let one = |slot: &&str| Question::new((*slot).to_owned(), String::new(), String::new(), 1);
        slots.iter().map(one).collect()
    }

    #[test]
    fn a_question_keeps_its_number_and_no_number_is_given_twice() {
        let first = numbers(&asks(&["a", "b", "c", "d"]), &BTreeMap::new());
        assert_eq!(first.get("c"), Some(&3));
        assert_eq!(first.get("d"), None, "what is not shown has no number yet");
        let second = numbers(&asks(&["e", "b", "d"]), &first);
        assert_eq!(["a", "b", "c", "e", "d"].map(|slot| second[slot]), [1, 2, 3, 4, 5]);
        assert_eq!(numbers(&asks(&["c", "a"]), &second), second);
    }
}
