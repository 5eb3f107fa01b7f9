//! What a report says to be right: beside the fault, it has to stay so.

use crate::domain::plan::frames::Scene;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source::{self, Form};
use crate::domain::plan::words;

/// Most of them that are told.
const MOST: usize = 3;
/// Longest of them, in characters.
const LONG: usize = 60;

/// `There is no warning if:`, `It works fine when:`
static RIGHT: Pattern = Pattern::new(
    r"\b(?:no (?:warning|error|offen[cs]e|problem|issue|crash|failure|message)s?\b|works?(?: fine| well| correctly| as expected)?|is (?:fine|correct|ok(?:ay)?)|(?:does|do)(?: not|n['’]t) (?:happen|occur|appear|fail|crash|show|reproduce)|goes away|disappears)\b[^:]{0,60}\b(?:if|when|where|with|for|in)\W*:?\W*$",
);

/// `It does not work when:`, `It only works with:`: what is wrong.
static DENIED: Pattern = Pattern::new(
    r"(?:\b(?:not|never|no longer|nothing|only|hardly|cannot|stop(?:s|ped)?)|n['’]t)\b[^:]{0,20}\b(?:work|fine|correct|ok)",
);
/// That nothing is said may be the fault itself.
static SILENT: Pattern = Pattern::new(r"\bno (?:error|message|failure)s?\b");

fn is_right(lead: &str) -> bool {
    RIGHT.is_in(lead) && !DENIED.is_in(lead) && !SILENT.is_in(lead)
}

/// The circumstances under which there is no fault, as a case.
pub(super) fn controls(scene: &Scene<'_>) -> Option<String> {
    let body = &scene.brief.body;
    // The text is read again only where such a list is.
    if !body.lines().any(|line| line.len() < 400 && is_right(line)) {
        return None;
    }
    let items: Vec<String> = source::read(body)
        .pieces
        .into_iter()
        .filter(|piece| piece.form == Form::Item)
        .filter(|piece| piece.lead.as_deref().is_some_and(is_right))
        .map(|piece| words::quoted(words::shorten(&piece.text, LONG).trim_end_matches('.')))
        .collect();
    let told = items.get(..MOST.min(items.len()))?;
    (!told.is_empty()).then(|| format!("as before, which is right: {}", told.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::is_right;

    #[test]
    fn a_list_of_what_is_right_is_known_by_its_lead() {
        for lead in [
            "I checked that there is no warning from it if:",
            "It works fine when:",
            "The error does not occur for:",
        ] {
            assert!(is_right(lead), "{lead}");
        }
        for lead in [
            "It fails if:",
            "What works:",
            "There is no way to tell:",
            "It does not work when:",
            "It no longer works if:",
            "It only works with:",
            "There is no error when:",
        ] {
            assert!(!is_right(lead), "{lead}");
        }
    }
}
