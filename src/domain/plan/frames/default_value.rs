//! Something that nobody gives gets another value.

use crate::domain::plan::frames::{Findings, Frame, Risk, Scene, Taken};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "changed default",
    read,
    risk: Some(Risk::of("who never set {name} gets the new value without having asked for it")),
};

static CHANGE: Pattern = Pattern::new(
    r"\bdefaults?(?: values?)?\s+(?:(?:of|for)\s+)?(?:the\s+)?`?([\w.:<>()-]+(?: [\w-]+)?)`?\s+(?:from\s+`?[\w.%-]+`?\s+)?(?:to|should be|must be|becomes?)\s+`?([\w.%-]+(?: (?:ms|s|min|h|days|MB|KB)\b)?)",
);

/// Words that two readers fill differently.
static NO_VALUE: Pattern = Pattern::new(
    r"^(?:reasonable|sensible|something|other|better|new|same|an?|the|be|more|less|different|some)$",
);

/// A default without a number: what it is has to be said before anybody can see it.
fn ask_value(scene: &Scene<'_>, findings: &mut Findings, index: usize, name: &str) {
    let slot = scene.slot("default.value", index);
    let value = scene.answer(&slot).map(|answer| words::shorten(&answer.text, 40));
    let known = value.unwrap_or_else(|| format!("the value asked for R{}", index + 1));
    findings.ask(
        scene,
        &format!("the default of {name}"),
        Question::new(
            slot,
            format!("Which value does {name} get where nobody sets it?"),
            "today's stays".to_owned(),
            80,
        ),
    );
    let cases = vec![format!("{name} not given: {known}"), format!("{name} given: as at {}", scene.base())];
    findings.take(scene, index, Taken { frame: FRAME.name, kind: "feature", cases });
}

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let Some(found) = CHANGE.captures(&statement.text) else { continue };
        let (Some(name), Some(value)) = (found.get(1), found.get(2)) else { continue };
        let (name, value) = (words::code(name.as_str()), value.as_str().trim_end_matches('.').to_owned());
        if NO_VALUE.is_in(&value) {
            ask_value(scene, findings, index, &name);
            continue;
        }
        let cases =
            vec![format!("{name} not given: {value}"), format!("{name} given: as at {}", scene.base())];
        findings.ask(
            scene,
            &format!("the release of {name}"),
            Question::new(
                scene.slot("default.release", index),
                format!("Whoever relies on today's default of {name} sees a change. In which release does {value} come?"),
                "the next major one, named in its notes".to_owned(),
                62,
            ),
        );
        findings.take(scene, index, Taken { frame: FRAME.name, kind: "feature", cases });
    }
}
