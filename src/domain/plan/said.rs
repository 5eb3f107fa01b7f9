//! What was said to a plan with `/revise`, or behind `/enhance`: further demands, what a vague wish means, and which demand
//! goes or is another.

use crate::domain::brief::{Answer, Brief, Target};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::revise::{CHANGED, DROPPED};
use crate::domain::plan::roles::Role;
use crate::domain::plan::source;
use crate::domain::plan::statement::{self, Origin, Reading, Statement};
use crate::domain::plan::{asks, clause, cover};

/// Slots of the questions to a wish that is too vague.
pub const VAGUE: &str = "vague.";

/// Adds what was said since.
pub fn since(reading: &mut Reading, brief: &Brief) {
    if let Target::Text(text) = &brief.target {
        reading.demands.push(said(text, brief.aimed_by.as_deref().unwrap_or(&brief.author)));
    }
    for (index, answer) in brief.answers.iter().enumerate() {
        let later = || brief.answers.iter().skip(index + 1).any(|later| later.slot == answer.slot);
        match answer.slot.as_deref() {
            None => further(reading, answer),
            Some(slot) if slot.starts_with(VAGUE) && !later() => meant(reading, answer, slot),
            Some(_) => {}
        }
    }
}

/// `10 attempts instead of 5`: a number or a name for another.
static INSTEAD: Pattern = Pattern::new(
    r"(?:^|[\s(])(`[^`]+`|\d[\d.]*)(?:\s+[\p{L}-]+){0,3},?\s+instead of\s+(`[^`]+`|\d[\d.]*\d|\d)(?:\W|$)",
);

/// The text with the one for the other, where it holds that.
fn instead(text: &str, said: &str) -> Option<String> {
    let found = INSTEAD.captures(said)?;
    let (new, old) = (found.get(1)?.as_str(), found.get(2)?.as_str());
    let whole = |at: usize| {
        let beside = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '.');
        let after = text.get(at + old.len()..).unwrap_or_default();
        beside(text.get(..at)?.chars().next_back()).then_some(())?;
        let ends = after.starts_with(". ") || after == "." || beside(after.chars().next());
        ends.then(|| format!("{}{new}{after}", text.get(..at).unwrap_or_default()))
    };
    text.match_indices(old).find_map(|(at, _)| whole(at))
}

fn further(reading: &mut Reading, answer: &Answer) {
    for piece in source::read(&answer.text).pieces {
        let mut holders = reading.demands.iter_mut().filter(|one| instead(&one.text, &piece.text).is_some());
        if let (Some(only), None) = (holders.next(), holders.next()) {
            only.text = instead(&only.text, &piece.text).unwrap_or_default();
            only.by = Some(answer.author.clone());
            continue;
        }
        let statement = said(&piece.text, &answer.author);
        if demands(&piece.text) { reading.demands.push(statement) } else { reading.talk.push(statement) }
    }
}

/// Whether a sentence that was said freely asks for something.
pub fn demands(text: &str) -> bool {
    asks::says_must(text) || asks::is_imperative(text) || statement::observable(text)
}

/// Knows no answer.
static NONE: Pattern = Pattern::new(
    r"^\W*(?:no|none|nothing|nowhere|unknown|n/?a|not sure|no idea|i don['’]?t know|don['’]?t know|later|yes|ok|\?+)\W*$",
);

/// Answers to what a vague wish means: what one sees is a demand, where it is and on which version it was seen is told beside it.
fn meant(reading: &mut Reading, answer: &Answer, slot: &str) {
    if NONE.is_in(&answer.text) {
        return;
    }
    let told = matches!(slot, "vague.place" | "vague.part" | "vague.limit");
    let wants = |text: &str| asks::says_must(text) || asks::is_imperative(text) || statement::measured(text);
    let shows = |text: &str| {
        wants(text)
            || !asks::tells_fault(text) && (statement::observable(text) || clause::case(text).is_some())
    };
    let pieces: Vec<Statement> =
        source::read(&answer.text).pieces.iter().map(|piece| said(&piece.text, &answer.author)).collect();
    let any = pieces.iter().any(|piece| shows(&piece.text) && !is_name(&piece.text));
    for piece in pieces {
        let demand = match told {
            true => wants(&piece.text),
            // A name alone says where, whatever was asked.
            false if is_name(&piece.text) => false,
            false => shows(&piece.text) || !any && !asks::tells_fault(&piece.text),
        };
        if demand { reading.demands.push(piece) } else { reading.talk.push(piece) }
    }
}

fn is_name(text: &str) -> bool {
    text.split_whitespace().count() == 1
}

/// Takes out what somebody does not want any more, and changes what somebody wants otherwise, in the order it was said.
pub fn correct(reading: &mut Reading, brief: &Brief) {
    for answer in &brief.answers {
        let slot = answer.slot.as_deref().unwrap_or_default();
        let at = |quote: &str| reading.demands.iter().position(|demand| cover::quoted(&demand.text) == quote);
        if let Some(index) = slot.strip_prefix(DROPPED).and_then(at) {
            let gone = reading.demands.remove(index);
            // Said twice, it goes twice.
            let said = statement::letters(&gone.text);
            reading.demands.retain(|demand| statement::letters(&demand.text) != said);
            reading.excluded.push(Statement {
                by: Some(answer.author.clone()),
                origin: Origin::Said,
                ..gone
            });
        } else if let Some(index) = slot.strip_prefix(CHANGED).and_then(at) {
            let text = answer.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let Some(demand) = reading.demands.get_mut(index) else { continue };
            let text = instead(&demand.text, &text).unwrap_or(text);
            let old = statement::letters(&demand.text);
            *demand = Statement { section: demand.section.clone(), ..said(&text, &answer.author) };
            reading.demands.retain(|demand| statement::letters(&demand.text) != old);
        }
    }
}

fn said(text: &str, author: &str) -> Statement {
    Statement {
        text: text.to_owned(),
        said: None,
        line: 1,
        section: None,
        by: Some(author.to_owned()),
        origin: Origin::Said,
        role: Role::Wish,
        wish: 50,
        links: Vec::new(),
    }
}
