//! Old things go after a while.

use crate::domain::plan::frames::{Findings, Frame, Scene, Taken};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::quantity;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame { name: "retention", read };

static KEPT: Pattern = Pattern::new(
    r"\b(?:retention|retain(?:s|ed)?|purg(?:e|es|ed|ing)|prun(?:e|es|ed|ing)|aufbewahr\w+|older than|gelöscht|(?:delete|remove|clean|drop|expire)[sd]?\b.*\b(?:after|older))\b",
);
static AGE: Pattern = Pattern::new(
    r"(?:for|after|older than|nach|für|retention(?: of)?|älter als)\s+(\d{1,6})\s?(ms|s|secs?|seconds?|min|minutes?|h|hours?|d|days?|weeks?|stunden?|tagen?|tage)\b",
);
static SUBJECT: Pattern = Pattern::new(
    r"(?:retain|purge|prune|delete|remove|clean up|drop|expire|keep)(?:s|d|ed)?\s+(?:all |the |our |old |any )*([\w `/-]{3,40}?)(?:\s+(?:for|after|older|that|when|which|must|should)\b|[,.;(]|$)|^(?:all |the |old )*([\w `/-]{3,40}?)(?: older than [^,.;]{2,30}?)?\s+(?:must|should|are|is|have to|shall)\b",
);
static RUNS: Pattern = Pattern::new(
    r"\b(?:daily|nightly|hourly|cron|schedule\w*|on start|at startup|every|each|background|job|jede[nrs]? (?:nacht|stunde|woche)|täglich|nächtlich)\b",
);

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let age = AGE.captures(&statement.text).and_then(|found| {
            quantity::duration(found.get(1).map(|digits| digits.as_str()), found.get(2)?.as_str())
        });
        let (true, Some(age)) = (KEPT.is_in(&statement.text), age) else { continue };
        let found = SUBJECT.captures(&statement.text);
        let subject =
            found.and_then(|found| found.get(1).or(found.get(2))).map_or("entries", |it| it.as_str().trim());
        let since = scene.answered(&scene.slot("retention.clock", index));
        let old = since.map_or_else(|| "old".to_owned(), |since| format!("old ({since})"));
        let cases = vec![
            format!("{subject} {} {old}: kept", age.below()),
            format!("{subject} {} {old}: gone", age.above()),
            format!("a second run: no more {subject} gone"),
        ];
        if !RUNS.is_in(&scene.whole()) {
            findings.ask(
                scene,
                &format!("the run of R{}", index + 1),
                Question::new(
                    scene.slot("retention.run", index),
                    format!("What removes {}: a schedule, or the next access?", words::quoted(subject)),
                    "a daily run".to_owned(),
                    68,
                ),
            );
        }
        findings.ask(
            scene,
            &format!("the age of R{}", index + 1),
            Question::new(
                scene.slot("retention.clock", index),
                format!("From when do the {} of {} count?", age.text(), words::quoted(subject)),
                "from creation".to_owned(),
                56,
            ),
        );
        findings.take(scene, index, Taken { frame: FRAME.name, kind: "feature", cases });
    }
}
