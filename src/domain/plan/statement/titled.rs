//! What a title asks beside what the text says, and beside what is said to the plan.

use crate::domain::brief::{Brief, Target};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::said::{self, VAGUE};
use crate::domain::plan::statement::{
    Origin, Reading, Statement, bare, observable, own_title, tells_fault, titled,
};
use crate::domain::plan::{asks, clause, mentions, unheard, wish};

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

/// A title that renames is a demand of its own beside all that the text says of the two names.
pub(super) fn renames(reading: &mut Reading, brief: &Brief) {
    let Some(found) = RENAMES.captures(own_title(&brief.title)) else { return };
    let names = [found.get(1), found.get(2)].map(|name| name.map_or("", |it| it.as_str()));
    let told = reading.demands.iter().any(|one| {
        one.line == 0 || RENAME.is_in(&one.text) && names.iter().all(|name| one.text.contains(name))
    });
    if !told && !reading.demands.is_empty() {
        reading.demands.insert(0, titled(brief, Origin::Wish));
    }
}

/// `Please add the same to `Pier`.` below a title that says what: the title is what is asked for.
pub(super) fn says_what(reading: &mut Reading, brief: &Brief) {
    let title = own_title(&brief.title);
    let bids = asks::bids(title) || asks::has_ask(title);
    if !bids || reading.demands.iter().any(|one| one.line == 0) {
        return;
    }
    let back = |one: &Statement| one.by.is_none() && THE_SAME.is_in(&one.text) && one.line > 0;
    let names = |text: &str| {
        mentions::spans(text)
            .into_iter()
            .filter(|(_, code)| *code)
            .all(|(name, _)| title.contains(name.trim()))
    };
    let told = reading.demands.iter_mut().find(|one| back(one) && names(&one.text));
    if let Some(told) = told {
        *told = titled(brief, Origin::Wish);
    }
}

static THE_SAME: Pattern = Pattern::new(
    r"^\W*(?:(?:so|and|but),? )*(?:please |could (?:you|we) |can (?:you|we) |we should |i would like to |i['’]d like to )?(?:add|do|have|support|provide|allow|offer|implement|get|introduce) (?:exactly )?the same (?:to|for|in|on|with)\b[^.]{2,60}[.?!]*$",
);

/// `The host likewise.` below `Edit`: what the title asks is asked of this, too.
pub(super) fn added(reading: &mut Reading) {
    if reading.demands.is_empty() {
        return;
    }
    let likewise = |said: &mut Statement| {
        said.by.is_none() && bare::is_likewise(said.section.as_deref().unwrap_or_default(), &said.text)
    };
    let more: Vec<Statement> = reading.talk.extract_if(.., likewise).collect();
    reading.demands.extend(more.into_iter().map(|said| Statement { origin: Origin::Criterion, ..said }));
}

static RENAMES: Pattern = Pattern::new(r"^\W*(?:please )?rename `([^`]+)` (?:to|as|into) `([^`]+)`\W*$");
static RENAME: Pattern = Pattern::new(r"\brenam(?:e|ed|ing)\b");

/// A title that asks for this and also for that is two demands.
pub(super) fn parted(reading: &mut Reading) {
    let titled =
        |one: &Statement| one.line == 0 && one.origin == Origin::Wish && asks::is_imperative(&one.text);
    let Some(at) = reading.demands.iter().position(titled) else { return };
    let Some(both) = reading.demands.get_mut(at) else { return };
    let Some(found) = ALSO.captures(&both.text) else { return };
    let part = |group: usize| found.get(group).map_or(String::new(), |it| it.as_str().to_owned());
    let (first, second) = (part(1), part(2));
    let second = Statement { text: second, ..both.clone() };
    both.text = first;
    reading.demands.insert(at + 1, second);
}

static ALSO: Pattern = Pattern::new(r"^(.{12,}?),? and also (\S+ .{8,})$");
