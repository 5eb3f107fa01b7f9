//! Texts in several languages.

use crate::domain::plan::frames::{Claim, Findings, Frame, Risk, Scene};
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame =
    Frame { name: "internationalization", read, risk: Some(Risk::of("code that compares what is shown")) };

static ABOUT: Pattern = Pattern::new(
    r"\b(?:i18n|l10n|internationali[sz]\w*|locali[sz]\w*|translat(?:e|es|ed|ion|ions|able|ing)|locales?|right-to-left|übersetz\w*)\b",
);
static LANGUAGE: Pattern = Pattern::new(
    r"\b(german|french|spanish|italian|portuguese|dutch|polish|russian|chinese|japanese|korean|arabic|hebrew|turkish|swedish|ukrainian|hindi|deutsch|französisch|englisch)\b|`([a-z]{2}(?:[-_][a-z]{2})?)`",
);
/// `for de and fr`: codes of languages, listed behind what asks for them.
static CODES: Pattern = Pattern::new(
    r"(?-i:\b(?:for|to|into|in) ((?:ar|cs|da|de|el|en|es|fi|fr|he|hi|hu|id|it|ja|ko|nb|nl|no|pl|pt|ro|ru|sk|sv|th|tr|uk|vi|zh)(?:(?:, | and |, and )(?:ar|cs|da|de|el|en|es|fi|fr|he|hi|hu|id|it|ja|ko|nb|nl|no|pl|pt|ro|ru|sk|sv|th|tr|uk|vi|zh))*)\b)",
);
static SOURCE: Pattern =
    Pattern::new(r"accept-language|navigator\.language|\blang\b|setting|environment|browser|profile|user's");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    let in_title = names_language(&scene.brief.title);
    for (index, statement) in scene.open(findings) {
        let prose = statement.prose();
        if ABOUT.is_in(&prose) && (ASKS.is_in(&prose) || in_title || names_language(&statement.text)) {
            one(scene, findings, index, &statement.text);
        }
    }
}

/// Where languages are the matter and no property of something else, such as an error that can be localized.
static ASKS: Pattern = Pattern::new(
    r"\b(?:i18n|l10n|internationali[sz]\w*|locali[sz]ation|translat\w+|right-to-left|übersetz\w*)\b",
);

fn names_language(text: &str) -> bool {
    LANGUAGE.is_in(text) || CODES.is_in(text)
}

fn one(scene: &Scene<'_>, findings: &mut Findings, index: usize, text: &str) {
    let id = index + 1;
    let whole = scene.whole();
    let coded = |text: &str| CODES.first(text, 1).map(str::to_owned);
    let said = LANGUAGE.first(text, 0).or(LANGUAGE.first(&whole, 0)).map(str::to_owned);
    let language = said.or_else(|| coded(text)).or_else(|| scene.answered(&scene.slot("i18n.which", index)));
    let tongue = language.clone().unwrap_or_else(|| format!("R{id}'s language"));
    if let Some(code) = language.as_deref().and_then(code) {
        let tongue = words::quoted(&tongue);
        findings
            .reads(format!("{tongue} = `{code}` without a country: `{code}-…` of any country gets it, too"));
    }
    if language.is_some() {
        findings.leaves(
            index,
            format!("whoever has chosen {tongue} falls back to the texts of {} after a revert", scene.base()),
        );
    }
    let cases = vec![
        format!("set to {tongue}: every text of R{id} in it"),
        format!("a text without {tongue}: the one shown at {}", scene.base()),
        format!("{tongue} with ü, 漢 and a name of 200 letters: shown whole"),
    ];
    if language.is_none() {
        findings.ask(
            scene,
            &format!("the languages of R{id}"),
            Question::new(
                scene.slot("i18n.which", index),
                format!("Which languages does {} need first?", words::quoted(&words::shorten(text, 60))),
                "one beside today's, to prove it".to_owned(),
                76,
            ),
        );
    }
    if !SOURCE.is_in(&whole) {
        findings.ask(
            scene,
            &format!("what picks {tongue}"),
            Question::new(
                scene.slot("i18n.source", index),
                format!("What picks {tongue}: a setting, the request, or the system?"),
                "a setting, else the system".to_owned(),
                66,
            ),
        );
    }
    let places = scene.place(index).or_else(|| catalog(scene)).into_iter().collect();
    findings.claim(index, Claim { frame: FRAME.name, group: String::new(), kind: "feature", cases, places });
}

/// Names of languages, in English and in their own or in German, with their codes.
const CODES_OF: [(&str, &str); 20] = [
    ("german", "de"),
    ("deutsch", "de"),
    ("french", "fr"),
    ("französisch", "fr"),
    ("englisch", "en"),
    ("spanish", "es"),
    ("italian", "it"),
    ("portuguese", "pt"),
    ("dutch", "nl"),
    ("polish", "pl"),
    ("russian", "ru"),
    ("chinese", "zh"),
    ("japanese", "ja"),
    ("korean", "ko"),
    ("arabic", "ar"),
    ("hebrew", "he"),
    ("turkish", "tr"),
    ("swedish", "sv"),
    ("ukrainian", "uk"),
    ("hindi", "hi"),
];

/// The code of a language that is called by its name; where a code is written, nothing has to be said.
fn code(language: &str) -> Option<&'static str> {
    let language = language.to_lowercase();
    CODES_OF.iter().find(|(name, _)| *name == language).map(|(_, code)| *code)
}

/// A file of translations that is there.
fn catalog(scene: &Scene<'_>) -> Option<Place> {
    let inside = |path: &&str| {
        path.split('/')
            .rev()
            .skip(1)
            .any(|part| matches!(part, "locales" | "locale" | "i18n" | "translations" | "lang"))
    };
    scene.places.files().find(inside).map(places::existing)
}
