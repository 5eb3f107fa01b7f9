//! Something that happens is told to others.

use crate::domain::plan::frames::{Findings, Frame, Risk, Scene, Taken};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame =
    Frame { name: "event", read, risk: Some(Risk::of("who listens today sees something new")) };

static SENT: Pattern = Pattern::new(
    r"\b(?:emit|send|fire|publish|trigger|deliver|raise|dispatch|post)(?:s|ed|t)?\s+(?:an?\s+|the\s+|one\s+)?((?:[\w`./-]+\s+){0,3}?`?(?:events?|webhooks?|notifications?|callbacks?|messages?)`?)",
);
static WHEN: Pattern = Pattern::new(
    r"\b(?:when(?:ever)?|once|after|if|on every|on each|wenn|sobald)\s+((?:[^,;:.]|\.\w){3,70})",
);
static FAILS: Pattern = Pattern::new(
    r"\b(?:retr\w+|fails?|failure|unreachable|dead.?letter|at least once|at most once|best effort)\b",
);
static MESSAGE: Pattern = Pattern::new(r"\bmessages?\b");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let Some(event) = SENT.first(&statement.text, 1) else { continue };
        let event = event.trim();
        let Some(when) = WHEN.first(&statement.text, 1) else { continue };
        let when = words::shorten(when.trim(), 60);
        let cases = vec![
            format!("{when}: one {event}"),
            format!("{when}, twice: two, in that order"),
            format!("otherwise: no {event}"),
        ];
        if !FAILS.is_in(&scene.whole()) {
            findings.ask(
                scene,
                &format!("the receiver of R{}", index + 1),
                Question::new(
                    scene.slot("event.fails", index),
                    format!("What happens when nobody takes the {}?", words::quoted(event)),
                    format!("{} stands; the loss is logged", words::quoted(&when)),
                    66,
                ),
            );
        }
        // What a person writes to another is no event.
        if MESSAGE.is_in(event) {
            findings.take(scene, index, Taken { frame: FRAME.name, kind: "feature", cases });
            continue;
        }
        findings.reads(format!(
            "{} = told once {} has taken hold; what is rolled back tells nobody",
            words::quoted(event),
            words::quoted(&when)
        ));
        findings.leaves(
            index,
            format!(
                "each {} that went out stays out; whoever handles it may see one twice if R{} comes back",
                words::quoted(event),
                index + 1
            ),
        );
        findings.take(scene, index, Taken { frame: FRAME.name, kind: "feature", cases });
    }
}
