//! Some may, others may not.

use crate::domain::plan::frames::{Findings, Frame, Risk, Scene, Taken};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::quantity;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "permission",
    read,
    risk: Some(Risk::of("too narrow locks people out, too wide leaks; both sides need a test")),
};

static ONLY: Pattern = Pattern::new(
    r"\bonly\s+(?:an?\s+|the\s+)?([\w `-]{3,40}?)\s+(?:may|can|should be (?:able|allowed) to|must be (?:able|allowed) to|are allowed to|is allowed to|should|darf|dürfen)\s+(?:be able to\s+)?([^,;:]{3,80})",
);
static FORBIDDEN: Pattern = Pattern::new(
    r"\b((?:non-)?(?:admins?|members?|guests?|users?|viewers?|editors?|anonymous \w+|readers?|outsiders?|contributors?)(?: without [\w `-]{3,30}?)?)\s+(?:must not|may not|should not|cannot|can't|are not allowed to|is not allowed to)\s+(?:be able to\s+)?([^,;:]{3,80})",
);

/// `…: 403`
static BEHIND: Pattern = Pattern::new(r"[:→>]\s*`?([45]\d\d)\b");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let (found, only) = match (ONLY.captures(&statement.text), FORBIDDEN.captures(&statement.text)) {
            (Some(found), _) => (found, true),
            (None, Some(found)) => (found, false),
            (None, None) => continue,
        };
        let (Some(who), Some(what)) = (found.get(1), found.get(2)) else { continue };
        let (who, what) =
            (who.as_str().trim(), words::shorten(what.as_str().trim().trim_end_matches('.'), 60));
        let shows = quantity::status(&statement.text).or(BEHIND.first(&statement.text, 1)).map(str::to_owned);
        if shows.is_none() {
            findings.ask(
                scene,
                &format!("the refusal of R{}", index + 1),
                Question::new(
                    scene.slot("permission.shows", index),
                    format!(
                        "What does somebody see who may not {}: a refusal, or as if it were not there?",
                        words::quoted(&what)
                    ),
                    "a refusal that names the missing right".to_owned(),
                    70,
                ),
            );
        }
        let answered = || scene.answered(&scene.slot("permission.shows", index));
        let refused = shows.or_else(answered).unwrap_or_else(|| "refused".to_owned());
        let cases = match only {
            true => {
                vec![format!("{who} {what}: done"), format!("anybody but {who}: {refused}, nothing changed")]
            }
            false => vec![
                format!("{who} {what}: {refused}, nothing changed"),
                format!("others {what}: as at {}", scene.base()),
            ],
        };
        findings.take(scene, index, Taken { frame: FRAME.name, kind: "security", cases });
    }
}
