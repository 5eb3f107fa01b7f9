//! A maintainer turned the wish down: by whom, in which words, what that leaves, and how it goes on if it no longer holds.

use crate::domain::plan::asks::closed_as_duplicate;
use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::statement::Statement;
use crate::domain::plan::{clues, words};

/// Slot of the question whether it still holds.
const SLOT: &str = "declined";

/// What a plan says of a wish that was turned down.
pub struct Declined {
    /// Who turned it down.
    pub by: String,
    /// The verdict.
    pub headline: Vec<String>,
}

/// Asks whether it still holds, which comes before everything else; nothing where nobody turned it down or somebody
/// has said that it no longer holds.
pub fn ask(scene: &Scene<'_>, findings: &mut Findings) -> Option<Declined> {
    let said = scene.reading.declined.as_ref()?;
    let by = said.by.as_deref().unwrap_or("a maintainer").to_owned();
    if let Some(answer) = scene.answer(SLOT).filter(|answer| YES.is_in(&answer.text)) {
        let headline =
            vec![format!("Not planned: {by} turned it down, and {} says that it holds", answer.author)];
        findings.questions.clear();
        return Some(Declined { by, headline });
    }
    let other = DUPLICATE.first(&said.text, 1).map(str::to_owned);
    let other = other.or_else(|| closed_for(scene, &said.text));
    let (verdict, text) = match other {
        Some(other) => {
            let verdict = format!("{by} calls it a duplicate of {other}");
            (verdict.clone(), format!("{verdict}. Does that hold?"))
        }
        None => {
            let quote = words::quoted(words::shorten(&said.text, 160).trim_end_matches('.'));
            (format!("Turned down by {by}"), format!("{by} turned it down: {quote}. Does that still hold?"))
        }
    };
    let left = leaves(scene, said).or_else(|| page(scene));
    let why = left.into_iter().chain(["The answer that it does not makes it a plan.".to_owned()]);
    let question = Question {
        slot: SLOT.to_owned(),
        text,
        default: "yes; then nothing of this is done".to_owned(),
        why: why.collect::<Vec<String>>().join(" "),
        weight: 99,
    };
    findings.ask(scene, &format!("what {by} said"), question);
    let kept = |slot: &str| slot == SLOT || slot.starts_with("duplicate.") || slot.starts_with("already.");
    if !findings.questions.iter().any(|question| question.slot == SLOT) {
        return None;
    }
    findings.questions.retain(|question| kept(&question.slot));
    let headline = vec![format!("{verdict}: nothing is to be done unless that no longer holds")];
    Some(Declined { by, headline })
}

static YES: Pattern = Pattern::new(
    r"^\W*(?:yes|yep|yeah|ja|true|correct|right|agreed|sure|ok(?:ay)?|indeed|definitely|absolutely|keep it closed|(?:it |that |this )?(?:does|still holds?|holds|remains?|stays?))\b",
);
static DUPLICATE: Pattern = Pattern::new(
    r"^\W*(?:(?:this|it) (?:is|looks like|seems)(?: to be)? )?(?:an? )?(?:\w+ )?(?:duplicate[sd]?|dupe?)(?: of)? (#\d{1,9})\W*$",
);
/// Within a sentence: `I'll close it as a duplicate of …`
static CLOSED_FOR: Pattern = Pattern::new(concat!(
    closed_as_duplicate!(),
    r" (?:#(\d{1,9})|https?://[\w.-]+/([\w.-]+/[\w.-]+)/(?:issues|pull)/(\d{1,9}))"
));
fn closed_for(scene: &Scene<'_>, text: &str) -> Option<String> {
    let found = CLOSED_FOR.captures(text)?;
    let part = |group: usize| found.get(group).map(|it| it.as_str());
    if let Some(number) = part(1) {
        return Some(format!("#{number}"));
    }
    let repository = &scene.places.snapshot.repository;
    let own = format!("{}/{}", repository.owner, repository.name);
    let (of, number) = (part(2)?, part(3)?);
    let here = repository.name.is_empty() || own.eq_ignore_ascii_case(of);
    Some(if here { format!("#{number}") } else { format!("{of}#{number}") })
}

/// A door that is left open beside it.
static OPENS: Pattern = Pattern::new(
    r"\bwe \W?(?:can|could|may|might)\W? (?:think about|consider|discuss|look at|revisit)\b|\bi(?:['’]d| would) (?:first )?(?:accept|consider|be (?:open|fine|ok|okay|happy))\b|\bopen to\b|\bhappy to (?:review|accept|merge|take)\b",
);

/// What whoever turned it down would consider all the same.
fn leaves(scene: &Scene<'_>, declined: &Statement) -> Option<String> {
    let own = |said: &&Statement| said.by == declined.by && said.text != declined.text;
    let all = scene.reading.talk.iter().chain(&scene.reading.left_open).chain(&scene.reading.demands);
    let open = all.filter(own).find(|said| OPENS.is_in(&said.text))?;
    let by = open.by.as_deref().unwrap_or_default();
    let quote = words::quoted(words::shorten(&open.text, 160).trim_end_matches('.'));
    Some(format!("What {by} leaves open: {quote}."))
}

/// The page that has the name of code in the title: readers could find it said there.
fn page(scene: &Scene<'_>) -> Option<String> {
    let clues = clues::all(scene.brief, scene.reading);
    let names = clues.iter().filter(|clue| clue.is_titled && !clue.is_plain && clue.made_of.is_none());
    let pages = || {
        let files = scene.places.snapshot.files.iter();
        files.filter(|(path, _)| places::is_prose(path) && DOCS.is_in(path) && !HISTORY.is_in(path))
    };
    names.into_iter().find_map(|clue| {
        let line = |text: &str| text.lines().position(|line| words::stands_in(line, &clue.name));
        let held =
            pages().filter_map(|(path, text)| Some((text.matches(&clue.name).count(), path, line(text)?)));
        let (_, path, line) = held.max_by_key(|(count, path, _)| (*count, std::cmp::Reverse(path.len())))?;
        Some(format!(
            "Readers could find it said in `{path}`, where line {} has {}.",
            line + 1,
            words::code(&clue.name)
        ))
    })
}

static DOCS: Pattern = Pattern::new(r"^(?:docs?|documentation)/|^readme");
static HISTORY: Pattern = Pattern::new(r"change|history|news|release|upgrad|migrat");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_comment_that_says_nothing_else_calls_it_a_duplicate() {
        assert_eq!(DUPLICATE.first("Dupe #12.", 1), Some("#12"));
        assert_eq!(DUPLICATE.first("This looks like a duplicate of #7", 1), Some("#7"));
        let closed = "I'll close it as a duplicate of https://github.com/acme/web/issues/7.";
        let found = CLOSED_FOR.captures(closed).unwrap();
        assert_eq!((&found[2], &found[3]), ("acme/web", "7"));
        assert!(!CLOSED_FOR.is_in("Close to a duplicate of #7."));
        assert_eq!(DUPLICATE.first("A duplicate of #7, but we won't fix either", 1), None);
    }
}
