//! Whether what is reported is a fault at all, where its writer is not sure.

use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

macro_rules! on_purpose {
    () => {
        r"(?:on purpose|intended|intentional|deliberate|by design|the (?:intended|expected) behaviou?r|expected behaviou?r)"
    };
}
static WONDERS: Pattern = Pattern::new(concat!(
    r"\b(?:whether|if|wonder\w*) (?:that|this|it|these|(?:the|such) \w+(?: \w+)?) (?:is|was|are|were) (?:really |actually |maybe |done )?",
    on_purpose!(),
    r"\b|^\W*(?:so |or |but |and )?(?:is|was|are|were) (?:that|this|it|(?:the|such|these|this) \w+(?: \w+)?|these) (?:really |actually |maybe |done )?",
    on_purpose!(),
    r"\b[^.]*\?\W*$"
));

/// Asks what the author asks, where no maintainer has spoken since.
pub(super) fn ask(scene: &Scene<'_>, findings: &mut Findings) {
    let brief = scene.brief;
    meant(scene, findings);
    if brief.comments.iter().any(|said| said.by_triage() && said.author != brief.author) {
        return;
    }
    let own = scene.reading.talk.iter().chain(&scene.reading.demands).chain(&scene.reading.left_open);
    let Some(said) = own.filter(|said| said.by.is_none()).find(|said| WONDERS.is_in(&said.text)) else {
        return;
    };
    let who = match said.line {
        0 => "The title asks".to_owned(),
        line => format!(
            "{} asks on line {line}",
            if brief.author.is_empty() { "The author" } else { &brief.author }
        ),
    };
    let text = format!("{who} whether it is so on purpose: is it?");
    let default = "no, it is a fault".to_owned();
    findings.ask(scene, "the purpose", Question::new("bug.intended".to_owned(), text, default, 79));
}

/// A maintainer says that it is meant to be so.
static MEANT: Pattern = Pattern::new(concat!(
    meant_so!(),
    r"|^\W*(?:this|that|it) (?:is|was) (?:actually |really )?",
    on_purpose!(),
    r"\b"
));

/// Asks whether it is to change all the same; nobody has turned it down.
fn meant(scene: &Scene<'_>, findings: &mut Findings) {
    let said = scene.reading.talk.iter().chain(&scene.reading.left_open);
    let of_triage = said.filter(|said| said.by.as_deref().is_some_and(|by| scene.brief.triages(by)));
    let mut meant = of_triage.filter(|said| said.by.as_deref() != Some(scene.brief.author.as_str()));
    let Some(said) = meant.find(|said| MEANT.is_in(&said.text) && !WONDERS.is_in(&said.text)) else { return };
    let by = said.by.as_deref().unwrap_or_default();
    let quote = words::quoted(words::shorten(&said.text, 110).trim_end_matches('.'));
    let text = format!("{by} says: {quote}. Is it to change all the same, and how?");
    let default = "yes, as the issue expects it".to_owned();
    findings.ask(scene, "whether it is to change", Question::new("bug.meant".to_owned(), text, default, 86));
}

#[cfg(test)]
mod tests {
    use super::WONDERS;

    #[test]
    fn whoever_is_not_sure_asks() {
        for asked in [
            "I'd like to know whether that was on purpose, as the value is valid.",
            "Is this intended?",
            "Not sure if this is by design.",
            "Are these lines intentional, or left over?",
        ] {
            assert!(WONDERS.is_in(asked), "{asked}");
        }
        for told in
            ["This is intended for tests.", "It is on purpose that it stops.", "Is it intended for others?x"]
        {
            assert!(!WONDERS.is_in(told), "{told}");
        }
    }
}
