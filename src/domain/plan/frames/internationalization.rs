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
        letters(&tongue).map_or_else(
            || format!("{tongue}: its own letters are shown as they are written, the longest text whole"),
            |letters| format!("{letters} of {tongue}: shown as written, and the longest text whole"),
        ),
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
                format!("What picks {}: a setting, the request, or the system?", words::quoted(&tongue)),
                "a setting, else the system".to_owned(),
                66,
            ),
        );
    }
    let places = scene.place(index).or_else(|| catalog(scene)).into_iter().collect();
    findings.claim(index, Claim { frame: FRAME.name, group: String::new(), kind: "feature", cases, places });
}

/// Names of languages, in English and in their own or in German, with their codes and letters that English lacks.
const LANGUAGES: [(&str, &str, &str); 20] = [
    ("german", "de", "ä and ß"),
    ("deutsch", "de", "ä and ß"),
    ("french", "fr", "é and œ"),
    ("französisch", "fr", "é and œ"),
    ("englisch", "en", ""),
    ("spanish", "es", "ñ and ¿"),
    ("italian", "it", "à and ù"),
    ("portuguese", "pt", "ã and ç"),
    ("dutch", "nl", "ë and ij"),
    ("polish", "pl", "ą and ł"),
    ("russian", "ru", "ж and ы"),
    ("chinese", "zh", "汉 and 漢"),
    ("japanese", "ja", "が and 漢"),
    ("korean", "ko", "한 and 글"),
    ("arabic", "ar", "ش and ة, from right to left"),
    ("hebrew", "he", "ש and ם, from right to left"),
    ("turkish", "tr", "ğ and ı"),
    ("swedish", "sv", "å and ö"),
    ("ukrainian", "uk", "ї and ґ"),
    ("hindi", "hi", "क्ष and ज्ञ"),
];

/// The code of a language that is called by its name; where a code is written, nothing has to be said.
fn code(language: &str) -> Option<&'static str> {
    let language = language.to_lowercase();
    LANGUAGES.iter().find(|(name, ..)| *name == language).map(|(_, code, _)| *code)
}

/// Letters by which a wrong encoding or a font without them shows, of a language or its code.
fn letters(language: &str) -> Option<&'static str> {
    let language = language.to_lowercase();
    let mut known = LANGUAGES.iter().filter(|(_, _, letters)| !letters.is_empty());
    known.find(|(name, code, _)| *name == language || *code == language).map(|(_, _, letters)| *letters)
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
