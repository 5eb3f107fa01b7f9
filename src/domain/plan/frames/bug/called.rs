//! Calls and settings that the sentences of a report put in, as code.

use super::in_section;
use crate::domain::plan::asks;
use crate::domain::plan::frames::Scene;
use crate::domain::plan::frames::bug::expected::hopes;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::Statement;
use crate::domain::plan::words;

/// The call that a sentence says to do it: its arguments are the input.
pub(super) fn called(scene: &Scene<'_>) -> Option<String> {
    let all = scene.reading.talk.iter().chain(&scene.reading.demands);
    let told = all.filter(|said| said.by.is_none() && said.line > 0 && !in_section(said, asks::is_apart));
    let told = told.filter(|said| !asks::is_question(&said.text) && !hopes(said));
    let all: Vec<&Statement> = told.collect();
    let alone = || all.iter().find_map(|said| CALLS.first(&said.text, 1)).map(words::code);
    let under = all.iter().find_map(|said| {
        let found = CALLS_WHEN.captures(&said.text)?;
        Some(format!("{}, {}", words::code(found.get(1)?.as_str()), found.get(2)?.as_str().trim()))
    });
    under.or_else(alone)
}

/// A call with arguments, at the beginning of a sentence.
macro_rules! call {
    () => {
        r#"^\W*(?:(?:calling|running|using|for example,?|e\.g\.,?) )?`([^`]{0,80}\w\([^`]{0,80}[\x22'\d][^`]{0,60}\)[^`]{0,40})` "#
    };
}
/// What comes of it.
macro_rules! comes {
    () => {
        r"(?:causes?|crashes|fails|gives|hangs|ignores|leaves|panics|prints|produces|raises|results in|returns|skips|throws|yields)\b"
    };
}

/// `` `take(5)` when there are three leaves -2 ``, the condition behind the call.
static CALLS_WHEN: Pattern =
    Pattern::new(concat!(call!(), r"((?:when|if|while|with|on|in|after) [^.;:,]{4,60}?),? ", comes!()));
static CALLS: Pattern = Pattern::new(concat!(call!(), r"(?:\w+ )?", comes!()));

/// ``I tried to set `a = true`, but it was of no help``: what was put in.
pub(super) fn tried(scene: &Scene<'_>) -> Option<String> {
    let own = scene.reading.talk.iter().chain(&scene.reading.demands);
    let told = own.filter(|said| said.by.is_none() && !in_section(said, asks::is_expected));
    told.into_iter().find_map(|said| TRIED.first(&said.text, 1)).map(words::code)
}

static TRIED: Pattern = Pattern::new(
    r"\b(?:i|we)(?:['’]ve| have| had)? (?:also |already |even )*tried (?:to (?:set|use|pass|call|add)|setting|using|passing|calling|adding|with) `([^`]{3,100})`.*?\b(?:but|without|to no|no (?:avail|help|effect|luck|success|difference)|in vain)\b",
);
