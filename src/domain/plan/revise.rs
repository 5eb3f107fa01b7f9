//! Reads what was said with `/revise`: numbered answers fill the slots of the questions, the rest is a statement.

use std::collections::BTreeMap;

use crate::domain::brief::Answer;
use crate::domain::plan::asks;
use crate::domain::plan::fit;
use crate::domain::plan::model::{Plan, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::{said, words};

/// How many questions a plan shows at a time.
pub const SHOWN: usize = 3;

/// The slot of an answer that takes a requirement out, before the quote of it.
pub const DROPPED: &str = "requirement.dropped.";

/// The slot of an answer that takes the place of a requirement, before the quote of that.
pub const CHANGED: &str = "requirement.changed.";

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

/// Says which requirements have another number than they had: whoever has read the plan before means another one by it.
pub fn renumbered(before: &Plan, plan: &Plan) -> Option<String> {
    let moved = plan.requirements.iter().filter_map(|one| {
        let old = before.requirements.iter().find(|old| old.quote == one.quote && old.by == one.by)?;
        (old.id != one.id).then(|| format!("{} is now {}", old.id, one.id))
    });
    let moved: Vec<String> = moved.collect();
    (!moved.is_empty()).then(|| format!("{}.", words::list(&moved)))
}

/// What could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The beginning of a sentence that says so.
    pub what: String,
    /// What would have been understood, behind the command.
    pub example: String,
}

/// Answers in the order of the text; what names a question or a requirement that is not there is refused, in one sentence
/// for whoever wrote it: nothing that somebody said is dropped in silence.
pub fn answers(text: &str, author: &str, previous: &Plan) -> Result<Vec<Answer>, Unread> {
    let mut said =
        Said { previous, numbers: asked(previous), author, out: Vec::new(), slot: None, text: String::new() };
    let mut fenced = false;
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        match fence || fenced {
            true => said.more(line),
            false => said.line(line)?,
        }
        said.text.push('\n');
    }
    said.close()?;
    Ok(said.out)
}

/// A number where a line begins: `1: …`, `1) …`, `Q1: …`, `question 1: …`; `1. …` is one where that question is open.
static FIRST: Pattern = Pattern::new(
    r"^\s*(?:[-*]\s+)?(?:\*\*)?(q(?:uestion)?\s*)?#?([1-9][0-9]{0,2})\s*([:)=.])(?:\*\*)?(?:\s|$|[^\d\s*])",
);
/// A number within a line, behind what the line began with.
static FURTHER: Pattern = Pattern::new(r"\s(q(?:uestion)?\s*)?([1-9][0-9]{0,2})\s*[:)=]\s+");
/// More is no number of a question: `404: not found` is a sentence.
const HIGHEST: usize = 99;

static DROP: Pattern = Pattern::new(
    r"^\W*(?:please |just )?(?:drop|remove|skip|omit|delete|cancel|forget(?: about)?|ignore|leave out|leave off|no need for|without)\s+((?:requirements?\s+)?R\d+(?:\s*(?:,|and|&|\+)\s*(?:and\s+)?R\d+)*)(?:\s+please)?\s*(?:[.!]*|(?:[,;–—-]|because|since)\s*.*)\s*$",
);
static NOT_NEEDED: Pattern = Pattern::new(
    r"^\W*(R\d+(?:\s*(?:,|and|&|\+)\s*(?:and\s+)?R\d+)*)\s*[:=)-]?\s*(?:(?:is|are|isn['’]t|aren['’]t)?\s*(?:not|no longer|no more)?\s*(?:needed|necessary|wanted|required|of interest)(?: any ?more| anymore)?|(?:is |are )?(?:obsolete|out of scope|superfluous)|(?:can|may|should|must) (?:go|be (?:dropped|removed|left out|skipped))|drop(?: it| this| that)?|remove(?: it)?|skip(?: it)?|leave (?:it )?out|stays? out|no)\s*(?:[.!]*|(?:because|since)\s.*)\s*$",
);
static NEGATED: Pattern = Pattern::new(
    r"n['’]t\b|\b(?:not|no longer|no more|obsolete|out of|superfluous|go|be (?:dropped|removed|left|skipped)|drop|remove|skip|leave|stays?|no)\b",
);
static CHANGE: Pattern = Pattern::new(r"^\W*R(\d+)\s*(?:[:=)]|->|→)\s*(\S.*)$");
/// Begins as one of these and goes on with something else.
static HALF: Pattern = Pattern::new(
    r"^\W*(?:please |just )?(?:drop|remove|skip|omit|delete|cancel|forget(?: about)?|ignore|leave out)\s+(?:requirements?\s+)?R\d+\b|^\W*R\d+\s+(?:is|are|isn['’]t|aren['’]t)\s+(?:not|no longer|wrong|incorrect|a mistake|nonsense)\b",
);
/// Points back and names nothing: taken for a demand it would stand for the whole issue.
static POINTS_BACK: Pattern = Pattern::new(
    r"^\W*(?:please |just |no,? )*(?:undo|revert|redo|drop|remove|cancel|forget(?: about)?|skip|change|fix|improve|stop|ignore|delete|do|take back|roll back)\s+(?:it|this|that|them|these|those|all|everything)(?:\s+(?:all|back|again|please|now|too))*\W*$|^\W*(?:undo|revert|never ?mind)\W*$",
);
/// `1 use IPv6 too`: the number of a question without its colon.
static BARE: Pattern = Pattern::new(r"^\s*(?:[-*]\s+)?#?([1-9]\d?)\s+(\p{L}.*)$");
/// An answer behind something else.
static NUMBERED: Pattern = Pattern::new(r"[,;.]\s+(?:and\s+)?Q?\d{1,2}\s*[:)]\s");
static IDS: Pattern = Pattern::new(r"R(\d+)");
/// Nothing but assent: the default holds.
static AGREES: Pattern =
    Pattern::new(r"^\W*(?:default|the default|as proposed|as you propose|take the default)\W*$");

/// No new wording: somebody is content with the one there is, or with nothing.
static ASSENTS: Pattern = Pattern::new(
    r"^\W*(?:yes|no|ok(?:ay)?|fine|good|right|correct|agreed|sure|needed|wanted|keep(?: it| this)?|stays?|as (?:it )?is|unchanged|lgtm|\+?1|default|the default|as proposed)?\W*$",
);

/// What has been read of one `/revise`.
struct Said<'a> {
    previous: &'a Plan,
    numbers: BTreeMap<String, usize>,
    author: &'a str,
    out: Vec<Answer>,
    /// What the text that is being read belongs to.
    slot: Option<String>,
    text: String,
}

impl Said<'_> {
    fn line(&mut self, line: &str) -> Result<(), Unread> {
        let told = DROP.first(line, 1).or_else(|| NOT_NEEDED.first(line, 1).filter(|_| NEGATED.is_in(line)));
        let told_all = |ids: &&str| {
            let rest = IDS.all(line, 0).len() > IDS.all(ids, 0).len() || NUMBERED.is_in(line);
            !rest
        };
        if let Some(ids) = told.filter(told_all) {
            for id in IDS.all(ids, 1) {
                let quote = self.requirement(id)?;
                self.close()?;
                self.out.push(self.made(Some(format!("{DROPPED}{quote}")), line));
            }
            return Ok(());
        }
        if HALF.is_in(line) {
            return Err(Unread {
                what: format!(
                    "{} names a requirement among other words: one line says one thing",
                    words::quoted(&words::shorten(line.trim(), 80))
                ),
                example: format!("drop R{}", IDS.first(line, 1).unwrap_or("2")),
            });
        }
        if let Some(found) = CHANGE.captures(line) {
            let [id, text] = [1, 2].map(|group| found.get(group).map_or("", |part| part.as_str()));
            let quote = self.requirement(id)?;
            if ASSENTS.is_in(text) || asks::is_question(text) {
                return Err(Unread {
                    what: format!(
                        "{} says nothing that R{id} could be instead",
                        words::quoted(&words::shorten(line.trim(), 80))
                    ),
                    example: format!("R{id}: a guest must get 403"),
                });
            }
            self.close()?;
            self.slot = Some(format!("{CHANGED}{quote}"));
            self.text.push_str(text);
            return Ok(());
        }
        self.colon(line)?;
        let rest = self.first(line)?;
        self.further(rest)
    }

    /// Refuses what begins with the number of an open question and asks for nothing as it stands.
    fn colon(&self, line: &str) -> Result<(), Unread> {
        let Some(found) = BARE.captures(line) else { return Ok(()) };
        let [digits, text] = [1, 2].map(|group| found.get(group).map_or("", |part| part.as_str()));
        let open = || shown(self.previous).iter().any(|(number, _)| number.to_string() == digits);
        let goes_on = self.slot.is_some() || !self.text.trim().is_empty();
        if goes_on || said::demands(line.trim()) || !open() {
            return Ok(());
        }
        Err(Unread {
            what: format!(
                "{} answers question {digits} only with a colon behind its number",
                words::quoted(&words::shorten(line.trim(), 80))
            ),
            example: format!("{digits}: {}", words::shorten(text.trim(), 80)),
        })
    }

    /// Takes the number with which a line begins; gives back what stands behind it.
    fn first<'l>(&mut self, line: &'l str) -> Result<&'l str, Unread> {
        let Some(found) = FIRST.captures(line) else { return Ok(line) };
        let (Some(digits), Some(sign)) = (found.get(2), found.get(3)) else { return Ok(line) };
        let behind = line.get(sign.end()..).unwrap_or_default();
        if sign.as_str() == "." && behind.starts_with(|c: char| !c.is_whitespace() && c != '*') {
            return Ok(line);
        }
        let number: usize = digits.as_str().parse().unwrap_or(0);
        let slot = self.slot_of(number);
        let is_open =
            slot.as_ref().is_some_and(|slot| self.previous.questions.iter().any(|one| one.slot == *slot));
        let named = found.get(1).is_some();
        match slot {
            Some(slot) if sign.as_str() != "." || named || is_open => {
                self.close()?;
                self.slot = Some(slot);
                Ok(behind.trim_start_matches('*'))
            }
            None if named || sign.as_str() != "." && number <= HIGHEST => Err(self.no_question(number)),
            _ => Ok(line),
        }
    }

    /// Takes the numbers within a line; those that nobody asked are part of the text.
    fn further(&mut self, line: &str) -> Result<(), Unread> {
        let mut rest = line;
        let mut from = 0;
        while let Some(found) = rest.get(from..).and_then(|text| FURTHER.captures(text)) {
            let (Some(whole), Some(digits)) = (found.get(0), found.get(2)) else { break };
            let number: usize = digits.as_str().parse().unwrap_or(0);
            let (start, end) = (from + whole.start(), from + whole.end());
            match self.slot_of(number) {
                Some(slot) => {
                    self.more(rest.get(..start).unwrap_or_default());
                    self.close()?;
                    self.slot = Some(slot);
                    rest = rest.get(end..).unwrap_or_default();
                    from = 0;
                }
                None if found.get(1).is_some() => return Err(self.no_question(number)),
                // The space behind it may stand before the next number.
                None => from = end - 1,
            }
        }
        self.more(rest);
        Ok(())
    }

    fn more(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Ends what is being read.
    fn close(&mut self) -> Result<(), Unread> {
        let text = std::mem::take(&mut self.text);
        let slot = self.slot.take();
        if text.trim().is_empty() {
            let empty = slot.as_deref().and_then(|slot| self.numbers.get(slot));
            return empty.map_or(Ok(()), |number| {
                Err(Unread {
                    what: format!("Nothing stands behind the number of question {number}"),
                    example: format!("{number}: your answer"),
                })
            });
        }
        if slot.is_none() && POINTS_BACK.is_in(&text) {
            let first = self.previous.requirements.first();
            return Err(Unread {
                what: format!("{} names nothing to do", words::quoted(&words::on_one_line(text.trim(), 80))),
                example: first.map_or_else(|| WISH.to_owned(), |first| format!("drop {}", first.id)),
            });
        }
        let asked =
            slot.as_ref().and_then(|slot| self.previous.questions.iter().find(|one| one.slot == *slot));
        let answer = match asked.filter(|asked| AGREES.is_in(&text) && !asked.default.is_empty()) {
            Some(asked) => self.made(slot, &asked.default),
            None => {
                self.fits(slot.as_deref(), &text)?;
                self.made(slot, &text)
            }
        };
        self.out.push(answer);
        Ok(())
    }

    /// Words that answer another question than the one they are numbered for would end up in its cases.
    fn fits(&self, slot: Option<&str>, text: &str) -> Result<(), Unread> {
        let Some((slot, fit)) = slot.and_then(|slot| Some((slot, fit::misses(slot, text)?))) else {
            return Ok(());
        };
        let number = self.numbers.get(slot).copied().unwrap_or_default();
        Err(Unread {
            what: format!(
                "{} {}, so it is no answer to question {number}",
                words::quoted(&words::on_one_line(text.trim(), 80)),
                fit.lacks
            ),
            example: format!("{number}: {}", fit.example),
        })
    }

    fn made(&self, slot: Option<String>, text: &str) -> Answer {
        Answer { slot, text: text.trim().to_owned(), author: self.author.to_owned() }
    }

    fn slot_of(&self, number: usize) -> Option<String> {
        self.numbers.iter().find(|(_, known)| **known == number).map(|(slot, _)| slot.clone())
    }

    /// The quote of a requirement by the digits of its name.
    fn requirement(&self, digits: &str) -> Result<String, Unread> {
        let name = format!("R{digits}");
        let found = self.previous.requirements.iter().find(|one| one.id == name);
        let ids: Vec<&str> = self.previous.requirements.iter().map(|one| one.id.as_str()).collect();
        let (what, example) = match ids.as_slice() {
            [] => (format!("There is no {name}: this plan has no requirement yet"), WISH.to_owned()),
            [only] => (format!("There is no {name}; the plan has {only} alone"), format!("drop {only}")),
            [first, .., last] => {
                (format!("There is no {name}; the plan has {first} to {last}"), format!("drop {last}"))
            }
        };
        found.map(|one| one.quote.clone()).ok_or(Unread { what, example })
    }

    fn no_question(&self, number: usize) -> Unread {
        let open: Vec<String> = shown(self.previous).iter().map(|(number, _)| number.to_string()).collect();
        let answer = |number: &str| format!("{number}: your answer");
        let (what, example) = match open.as_slice() {
            [] => (
                format!("There is no question {number}, and none is open; a wish needs no number"),
                WISH.to_owned(),
            ),
            [one] => (format!("There is no question {number}; {one} is open"), answer(one)),
            [first, ..] => {
                (format!("There is no question {number}; {} are open", words::list(&open)), answer(first))
            }
        };
        Unread { what, example }
    }
}

/// What is understood behind the command, as far as this plan has it: an answer, a requirement said anew, one that is dropped.
pub fn forms(plan: &Plan) -> Vec<String> {
    let question = shown(plan).first().map(|(number, _)| format!("{number}: …"));
    let requirement =
        plan.requirements.first().map(|first| [format!("{}: …", first.id), format!("drop {}", first.id)]);
    question.into_iter().chain(requirement.into_iter().flatten()).collect()
}

/// A sentence that asks for something.
const WISH: &str = "a guest must get 403";

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
