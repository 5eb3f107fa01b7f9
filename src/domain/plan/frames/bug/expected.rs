//! What the writer of a report expected.

use super::in_section;
use crate::domain::plan::asks;
use crate::domain::plan::clause;
use crate::domain::plan::frames::Scene;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::Statement;
use crate::domain::plan::words;

/// What was expected, in the report's own words: each sentence below such a heading, and each that says so elsewhere.
pub(super) fn expected(scene: &Scene<'_>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut put = |said: String| {
        if said.chars().count() > 2 && !out.contains(&said) {
            out.push(said);
        }
    };
    let all = || scene.reading.talk.iter().chain(&scene.reading.demands);
    for said in all().filter(|said| in_section(said, asks::is_expected) && !said.text.ends_with(':')) {
        let text = said.text.trim_end_matches('.');
        let wished = asks::mentions_wish(text).then(|| clause::case(text)).flatten();
        put(wished.unwrap_or_else(|| words::clipped(text, 120)));
    }
    let shown =
        scene.reading.blocks.iter().find(|block| block.section.as_deref().is_some_and(asks::is_expected));
    if let Some(line) = shown.and_then(|block| block.text.lines().find(|line| !line.trim().is_empty())) {
        put(words::code(&words::shorten(&line.trim().replace('`', "'"), 90)));
    }
    for said in scene.reading.talk.iter().filter(|said| hopes(said)) {
        let text = said.text.trim_end_matches('.');
        let text = BUT.first(text, 1).unwrap_or(text);
        // `This should not be valid` says nothing that the sentence before does not.
        if !POINTS_BACK.is_in(text) {
            put(hoped(text));
        }
    }
    if out.is_empty() {
        let back = scene.reading.talk.iter().filter(|said| hopes(said));
        out.extend(back.map(|said| hoped(said.text.trim_end_matches('.'))).take(1));
    }
    out
}

static POINTS_BACK: Pattern = Pattern::new(
    r"^\W*(?:however,? |but |so |therefore,? |obviously,? )*(?:this|it|that|these|those|they|which)\b",
);
/// `I expected - as long as A - that B`: its condition and its outcome.
static UNDER: Pattern = Pattern::new(
    r"^\W*(?:i|we)(?:'d| would)? (?:have )?expect(?:ed)? [-–—,] ?(.{3,120}?) ?[-–—,] that (.{3,})$",
);

/// What a sentence expects, without the expecting.
fn hoped(text: &str) -> String {
    if let Some((under, outcome)) =
        UNDER.captures(text).and_then(|found| Some((found.get(1)?.as_str(), found.get(2)?.as_str())))
    {
        return format!("{}: {}", words::clipped(under.trim(), 120), words::clipped(outcome, 120));
    }
    let bare = HOPED.first(text, 1);
    match bare.filter(|bare| EITHER.is_in(bare)) {
        Some(either) => words::clipped(either, 120),
        None => clause::case(text).unwrap_or_else(|| words::clipped(bare.unwrap_or(text), 120)),
    }
}

static EITHER: Pattern = Pattern::new(r"^either\b");

/// What is wanted, without what happens instead.
static BUT: Pattern = Pattern::new(
    r"^(.{12,}?),? (?:but (?:it|they|this|that|today|now|instead|currently)|whereas|instead of|and not)\b.*$",
);
static HOPED: Pattern = Pattern::new(
    r"^\W*(?:so |but |and |instead,? )?(?:(?:i|we)(?:'d| would)? (?:also |really |still )?(?:have )?expect(?:ed)?(?: that)?|(?:the|my) expectation (?:is|was|would be) that) (.{3,})$",
);

static UNSURE: Pattern = Pattern::new(r"\bi (?:do )?hope\b|\b(?:i['’]m|i am) not sure\b");

static FAULT: Pattern = Pattern::new(
    r"\b(crash|hang|freeze|panic|segfault|deadlock|abort)(?:s|es|ed|ing)?\b[^.;:?!]{0,40}? (?:when(?:ever)?|if|while|after|as soon as|once|every time) ([^.;:?!]{6,110})",
);

/// `It crashes when the name is empty`: what is done, and that the fault is gone.
pub(super) fn faulted(scene: &Scene<'_>) -> Option<String> {
    let title = scene.title();
    let told =
        scene.reading.talk.iter().filter(|said| said.by.is_none() && !in_section(said, asks::is_apart));
    std::iter::once(title.as_str()).chain(told.map(|said| said.text.as_str())).find_map(|text| {
        let found = FAULT.captures(text)?;
        let (fault, when) = (found.get(1)?.as_str().to_lowercase(), found.get(2)?.as_str().trim());
        let telling = !words::nouns(when).is_empty();
        telling.then(|| format!("{}: no {fault}", words::clipped(when, 100)))
    })
}

/// Says what should have been, outside the sections that head it.
pub(super) fn hopes(said: &Statement) -> bool {
    let apart = in_section(said, asks::is_apart) || in_section(said, asks::is_expected);
    let asks = asks::demands(&said.text) || asks::proposes_plainly(&said.text) || asks::expects(&said.text);
    let unsure = UNSURE.is_in(&said.text) || asks::tells_fault(&said.text) && !asks::expects(&said.text);
    !apart && asks && !unsure && !asks::is_question(&said.text) && !asks::is_maybe(&said.text)
}
