//! Something that nobody gives gets another value.

use crate::domain::plan::frames::{Findings, Frame, Scene, Taken};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame { name: "changed default", read };

static CHANGE: Pattern = Pattern::new(
    r"\bdefaults?(?: values?)?\s+(?:(?:of|for)\s+)?(?:the\s+)?`?([\w.:<>()-]+(?: [\w-]+)?)`?\s+(?:from\s+`?[\w.%-]+`?\s+)?(?:to|should be|must be|becomes?)\s+`?([\w.%-]+(?: (?:ms|s|min|h|days|MB|KB)\b)?)",
);

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let Some(found) = CHANGE.captures(&statement.text) else { continue };
        let (Some(name), Some(value)) = (found.get(1), found.get(2)) else { continue };
        let (name, value) = (words::code(name.as_str()), value.as_str().trim_end_matches('.').to_owned());
        let cases =
            vec![format!("{name} not given: {value}"), format!("{name} given: as at {}", scene.base())];
        findings.ask(
            scene,
            &format!("the release of {name}"),
            Question::new(
                format!("default.release.{index}"),
                format!("Whoever relies on today's default of {name} sees a change. In which release does {value} come?"),
                "the next major one, named in its notes".to_owned(),
                62,
            ),
        );
        findings.take(scene, index, Taken { frame: FRAME.name, kind: "feature", cases });
    }
}
