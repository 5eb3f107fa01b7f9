//! A title that alone says what is asked stays asked beside what is said to the plan.

use crate::domain::brief::{Brief, Target};
use crate::domain::plan::said::{self, VAGUE};
use crate::domain::plan::statement::{
    Origin, Reading, Statement, observable, own_title, tells_fault, titled,
};
use crate::domain::plan::{asks, clause, unheard, wish};

/// Adds what was said since. What answers a question of a vague title says what that means, and takes its place.
pub(super) fn with_said(reading: &mut Reading, brief: &Brief) {
    let title = alone(reading, brief);
    reading.demands.extend(title.clone());
    said::since(reading, brief);
    let Some(title) = title else { return };
    let is_title = |one: &Statement| one.line == title.line && one.text == title.text;
    let mut others = reading.demands.iter().filter(|one| !is_title(one)).peekable();
    // Where nothing was added, the title is read as ever.
    let none = others.peek().is_none();
    if none || others.any(|one| unheard::repeats(&title.text, &one.text)) {
        reading.demands.retain(|one| !is_title(one));
    }
}

/// The title, where nothing else is asked and words were said freely: those are no other words for it.
fn alone(reading: &Reading, brief: &Brief) -> Option<Statement> {
    let slots = || brief.answers.iter().map(|answer| answer.slot.as_deref());
    let freely = matches!(brief.target, Target::Text(_)) || slots().any(|slot| slot.is_none());
    let means = slots().flatten().any(|slot| slot.starts_with(VAGUE));
    if !reading.demands.is_empty() || !reading.children.is_empty() || !freely || means {
        return None;
    }
    let title = own_title(&brief.title);
    let shows = observable(title) || clause::case(title).or_else(|| wish::case(title)).is_some();
    let origin = if tells_fault(reading, brief) { Origin::Report } else { Origin::Wish };
    (shows && !asks::is_question(title)).then(|| titled(brief, origin))
}
