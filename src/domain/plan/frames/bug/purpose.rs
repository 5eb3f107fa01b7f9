//! Whether what is reported is a fault at all, where its writer is not sure.

use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;

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
