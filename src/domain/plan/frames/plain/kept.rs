//! `Please keep X as is`: what has to stay is a bound of the change and no change of its own.

use crate::domain::plan::mentions;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

static KEPT: Pattern = Pattern::new(
    r"^(?:(?:but|and|also|ok,?|yes,?) )?(?:please,? )?(?:(?:keep|leave) (.{2,60}?) (?:as (?:it |they )?(?:is|are)|as-is|alone|untouched|unchanged|the way (?:it|they) (?:is|are))|(?:don['’]t|do not|never) (?:touch|change|modify) (.{2,60}?))(?: (?:please|for now|here|though))?[.!]?$",
);

/// What shows that the thing stayed; nothing for any other sentence.
pub fn of(text: &str) -> Option<String> {
    let thing = KEPT.either(text.trim())?;
    let named = mentions::spans(thing).into_iter().find(|(_, code)| *code).map(|(name, _)| words::code(name));
    let thing = named.unwrap_or_else(|| thing.trim_end_matches([',', ' ']).to_owned());
    Some(format!("{thing} does what it did; its tests pass unchanged"))
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn what_has_to_stay_is_told_and_nothing_else_is() {
        assert_eq!(
            of("please keep `rename` as is").as_deref(),
            Some("`rename` does what it did; its tests pass unchanged")
        );
        assert_eq!(
            of("Don't touch the exporter.").as_deref(),
            Some("the exporter does what it did; its tests pass unchanged")
        );
        for other in ["keep at most 100 entries", "please keep the file open", "leave a note as it is sent"] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
