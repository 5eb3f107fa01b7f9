//! Input is refused unless it fits.

use crate::domain::plan::frames::{Claim, Findings, Frame, Scene};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::quantity;
use crate::domain::plan::statement::Origin;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame { name: "validation", read };

static VALID: Pattern = Pattern::new(
    r"\b(?:valid(?:ate|ates|ated|ation)?|invalid|reject(?:s|ed)?|refuse[sd]?|accept(?:s|ed)? only|must not be empty|may not be empty|disallow\w*|prüf\w+|ungültig\w*|abgelehnt|ablehnen)\b",
);
static SUBJECT: Pattern = Pattern::new(
    r"(?:reject|refuse|validate)(?:s|ed)?\s+(?:an?\s+|the\s+|all\s+)?([^,.;]{3,60}?)(?:\s+(?:with|by|when|if|before|in|and)\b|[,.;]|$)|((?:empty|invalid|malformed|negative|missing|duplicate|unknown|ungültige\w?|leere\w?)\s+[\p{L}-]+(?:\s[\p{L}-]+)?)",
);
static EMPTY: Pattern =
    Pattern::new(r"([\p{L} -]{3,40}?)\s+(?:must|may|should) not be (empty|null|negative|blank)");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let bounded = !quantity::bounds(&statement.text).is_empty();
        if VALID.is_in(&statement.text) && (bounded || subject(&statement.text).is_some()) {
            one(scene, findings, index, &statement.text);
        }
    }
}

fn subject(text: &str) -> Option<String> {
    if let Some(found) = EMPTY.captures(text) {
        return Some(format!("{} {}", found.get(2)?.as_str(), found.get(1)?.as_str().trim()));
    }
    let found = SUBJECT.captures(text)?;
    found.get(1).or(found.get(2)).map(|subject| subject.as_str().trim().to_owned())
}

fn one(scene: &Scene<'_>, findings: &mut Findings, index: usize, text: &str) {
    let bounds = super::plain::cases(text, Origin::Must);
    let shows = quantity::status(text)
        .map(str::to_owned)
        .or_else(|| quantity::exit_code(text).map(|code| format!("exit code {code}")));
    let what = subject(text).unwrap_or_else(|| words::shorten(text, 50));
    let refused = shows.clone().unwrap_or_else(|| "refused".to_owned());
    let mut cases = vec![format!("{what}: {refused}, nothing is stored")];
    cases.extend(bounds.into_iter().filter(|case| case.ends_with("accepted") || case.ends_with("not")));
    if shows.is_none() {
        let id = index + 1;
        findings.ask(
            scene,
            &format!("the refusal of R{id}"),
            Question {
                slot: format!("validation.shows.{index}"),
                text: format!("What does the sender of {} see?", words::quoted(&what)),
                default: format!("one sentence that names {}", words::quoted(&what)),
                why: String::new(),
                weight: 58,
            },
        );
    }
    let places = scene.place(index).into_iter().collect();
    findings.claim(index, Claim { frame: FRAME.name, group: String::new(), kind: "feature", cases, places });
}
