//! Lines that head what stands below them, however they are written.

use super::Reader;
use crate::domain::plan::asks;
use crate::domain::plan::pattern::Pattern;

/// `Expected: …` and `I get the following output:` head what follows, as a heading would.
pub(super) static HEADS: Pattern = Pattern::new(
    r"^\W*((?:steps )?to reproduce|steps|reproduction steps|how to reproduce|(?:and |but |what )?(?:i |we )?expected(?: (?:this|it|behaviou?r|results?|outputs?|outcome)(?: to happen)?)?|(?:actual|observed)(?: (?:behaviou?r|results?|outputs?))?|(?:then |and |but )?i (?:get|got|see)(?: (?:the following|this|following))?(?: \w+)?|when i run(?: (?:this|the following|these))?(?: commands?)?|(?:[^.,:]{0,40}, )?(?:but |and )?the (?:correct|right|desired|expected) (?:values?|results?|outputs?|behaviou?r)(?: (?:is|are|should be|would be))?|out of scope|non-goals|(?:my |the |a )?(?:suggested|proposed|possible) (?:fix|solution|change|approach|behaviou?r))\s*\**:\**\s*(.*)$",
);
/// A line of capitals alone, as people write headings in a hurry.
static CAPITALS: Pattern = Pattern::new(r"(?-i:^[A-Z][A-Z]{3,}(?: [A-Z]{2,}){0,4}:?$)");
pub(super) static LABEL: Pattern =
    Pattern::new(r"^\*\*([^*]{2,60})(?::\*\*|\*\*\s*:|\*\*\s*\([^)]{1,60}\)\s*:)\s+(\S.*)$");

/// What a line heads, by its marks or its capitals.
pub(super) fn heading(text: &str) -> Option<&str> {
    let level = text.chars().take_while(|c| *c == '#').count();
    let bold = text.strip_prefix("**").and_then(|rest| rest.strip_suffix("**").or(rest.strip_suffix("**:")));
    match level {
        1..=6 => text
            .get(level..)
            .filter(|rest| rest.starts_with(' '))
            .map(|rest| rest.trim().trim_end_matches('#').trim()),
        _ if CAPITALS.is_in(text) && text.len() < 40 => Some(text.trim_end_matches(':')),
        _ => bold.filter(|inner| !inner.contains("**")).map(|inner| inner.trim_end_matches(':')),
    }
}

impl Reader {
    /// Below a heading of a report: its steps, what was expected or what came.
    pub(super) fn in_report(&self) -> bool {
        let section = self.section.as_deref().unwrap_or_default();
        asks::is_expected(section) || asks::is_actual(section) || asks::is_steps(section)
    }

    /// A line across ends what a report says below one of its headings.
    pub(super) fn ends_part(&mut self) {
        self.flush();
        let told = self.source.pieces.len() > self.led;
        if told && self.in_report() {
            self.section = None;
            self.led = self.source.pieces.len();
        }
    }
}
