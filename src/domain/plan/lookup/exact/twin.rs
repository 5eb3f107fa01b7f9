//! The existing name beside which a new one is to stand.

use super::by_words;
use crate::domain::brief::Brief;
use crate::domain::plan::clues;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{Likely, Places};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::{terms, words};

/// What is called like a new name without what makes that one special: `Parse` for `TryParse`, and what a version of
/// it is wanted of.
pub(super) fn twin(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    if reading.tells_fault {
        return Vec::new();
    }
    let texts = reading.demands.iter().map(|said| said.text.as_str());
    let versions =
        std::iter::once(brief.title.as_str()).chain(texts).filter_map(|text| VERSION.first(text, 1));
    let versions = versions.filter(|name| is_named(name)).map(|name| (name.to_owned(), None));
    let clues = clues::all(brief, reading);
    let special = clues
        .iter()
        .take(60)
        .flat_map(|clue| bases(&clue.name).into_iter().map(|base| (base, Some(clue.name.clone()))));
    for (base, new) in versions.chain(special) {
        let is_new = |name: &String| !places.is_written(name);
        if !new.as_ref().is_none_or(is_new) {
            continue;
        }
        let beside =
            new.map(|new| format!(", beside which {} is new", words::code(&new))).unwrap_or_default();
        let told = |place| Likely { because: format!("defines {}{beside}", words::code(&base)), place };
        let mut found: Vec<Likely> = places.defining(&base).into_iter().map(told).collect();
        if !found.is_empty() {
            by_words(&mut found, brief, places);
            return found;
        }
    }
    Vec::new()
}

static VERSION: Pattern = Pattern::new(
    r"\b(?:version|variant|overload|counterpart|equivalent) (?:of|for|to) (?:the )?`?([a-z_]\w{2,40})(?:\(\))?`?",
);

/// Something that code calls so, and no plain word.
fn is_named(name: &str) -> bool {
    name.contains('_') || name.chars().any(char::is_uppercase)
}

/// What is put before a name, or behind it, for another way to do the same.
const BEFORE: [&str; 3] = ["Try", "Async", "Maybe"];
const BEHIND: [&str; 22] = [
    "Async",
    "Sync",
    "All",
    "Many",
    "If",
    "OrDefault",
    "OrNull",
    "OrNone",
    "OrElse",
    "OrFail",
    "OrThrow",
    "OrNil",
    "Mut",
    "Ref",
    "Once",
    "Lazy",
    "Safe",
    "Strict",
    "Exact",
    "By",
    "With",
    "Until",
];

/// The name without what makes it special, as `camelCase` and `snake_case` write it; none where it is nothing special.
fn bases(name: &str) -> Vec<String> {
    let mut out = Vec::new();
    for affix in BEFORE {
        let lower = affix.to_lowercase();
        if let Some(rest) = name.strip_prefix(affix).filter(|rest| rest.starts_with(char::is_uppercase)) {
            out.push(rest.to_owned());
        }
        if let Some(rest) = name.strip_prefix(&lower).filter(|rest| rest.starts_with(char::is_uppercase)) {
            out.push(words::lowered(rest));
        }
        out.extend(name.strip_prefix(&format!("{lower}_")).map(str::to_owned));
    }
    for affix in BEHIND {
        let before = |c: char| c.is_lowercase() || c.is_ascii_digit();
        out.extend(name.strip_suffix(affix).filter(|rest| rest.ends_with(before)).map(str::to_owned));
        let snake = terms::snake(affix);
        out.extend(name.strip_suffix(&format!("_{snake}")).map(str::to_owned));
    }
    out.retain(|base| base.len() > 3);
    out
}
