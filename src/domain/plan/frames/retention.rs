//! Old things go after a while.

use crate::domain::plan::frames::{Findings, Frame, Risk, Scene, Taken};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::quantity;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "retention",
    read,
    risk: Some(Risk::of("what is deleted is gone; count what the first run would take before it runs")),
};

static KEPT: Pattern = Pattern::new(
    r"\b(?:retention|retain(?:s|ed)?|purg(?:e|es|ed|ing)|prun(?:e|es|ed|ing)|aufbewahr\w+|older than|gelöscht|kept for \d[^.;]*\b(?:deleted|removed|dropped|gone)|(?:delete|remove|clean|drop|expire)[sd]?\b.*\b(?:after|older))\b",
);
static AGE: Pattern = Pattern::new(
    r"(?:for|after|older than|nach|für|retention(?: of)?|älter als)\s+(\d{1,6})\s?(ms|s|secs?|seconds?|min|minutes?|h|hours?|d|days?|weeks?|stunden?|tagen?|tage)\b",
);
/// `Sessions must be purged`: what it is said of stands before the verb.
static PASSIVE: Pattern = Pattern::new(
    r"(?:^|[,;:]\s+)(?:all |the |old |our |any |every |each )*([\w `/-]{3,40}?)(?: (?:in|of|from|on|under) `[^`]{1,80}`)?(?: (?:older than|after|for) [^,.;]{2,30}?)?\s+(?:must|should|shall|have to|has to|need to|needs to|will|can|are|is|gets?|sollen|sollten|müssen|werden)\s+(?:nach [^,.;]{2,20} )?(?:be |get )?(?:\w+ly |then )?(?:retained|kept|purged|pruned|deleted|removed|cleaned|dropped|expired|gelöscht)\b",
);
static ACTIVE: Pattern = Pattern::new(
    r"(?:retain|purge|prune|delete|remove|clean up|drop|expire|keep)(?:s|d|ed)?\s+(?:all |the |our |old |any )*([\w `/-]{3,40}?)(?:\s+(?:for|after|older|that|when|which|must|should)\b|[,.;(]|$)",
);
static BEFORE: Pattern = Pattern::new(
    r"^(?:all |the |old )*([\w `/-]{3,40}?)(?: older than [^,.;]{2,30}?)?\s+(?:must|should|are|is|have to|shall)\b",
);
/// A time is kept by nobody.
static NO_SUBJECT: Pattern = Pattern::new(r"^(?:after|for|older|when|it|them|they|\d)\b");
static RUNS: Pattern = Pattern::new(
    r"\b(?:daily|nightly|hourly|cron|schedule\w*|on start|at startup|every|each|background|job|jede[nrs]? (?:nacht|stunde|woche)|täglich|nächtlich)\b",
);
/// How often it runs, as one word before `run`.
static RUN: Pattern = Pattern::new(r"\b(daily|nightly|hourly|weekly|monthly|scheduled)\b");

/// For a time that nobody names.
static UNTIMED: Pattern = Pattern::new(
    r"\b(?:(?:after|for|older than) (?:some|an?|the) (?:(?:certain|given|configurable|fixed|limited|set|reasonable) )?(?:time|while|period|age|number of days|threshold|amount of time)|after a while)\b",
);

fn ask_age(scene: &Scene<'_>, findings: &mut Findings, (index, subject): (usize, &str)) {
    let question = Question::new(
        scene.slot("retention.age", index),
        format!("How old do {} get before they go?", words::quoted(subject)),
        "30 d".to_owned(),
        85,
    );
    findings.ask(scene, &format!("the age in R{}", index + 1), question);
}

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let age = AGE.captures(&statement.text).and_then(|found| {
            quantity::duration(found.get(1).map(|digits| digits.as_str()), found.get(2)?.as_str())
        });
        if !KEPT.is_in(&statement.text) {
            continue;
        }
        let untimed = age.is_none() && UNTIMED.is_in(&statement.text);
        let answered = scene.answered(&scene.slot("retention.age", index)).filter(|_| untimed);
        let named = [&PASSIVE, &ACTIVE, &BEFORE].into_iter().find_map(|pattern| {
            let found = pattern.first(&statement.text, 1)?.trim();
            (!NO_SUBJECT.is_in(found)).then_some(found)
        });
        let subject = named.unwrap_or("entries");
        if untimed {
            ask_age(scene, findings, (index, subject));
        }
        let Some(age) = age.or_else(|| quantity::first_time(answered.as_deref()?)) else {
            if untimed {
                let age = answered.map_or("the age asked below".to_owned(), |said| words::quoted(&said));
                let cases = vec![
                    format!("{subject} just below {age}: kept"),
                    format!("{subject} just above it: gone"),
                    format!("a second run: no more {subject} gone"),
                ];
                findings.take(scene, index, Taken { frame: FRAME.name, kind: "feature", cases });
            }
            continue;
        };
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
        let by = RUN.first(&scene.whole(), 1).map(str::to_lowercase);
        if let Some(by) = by {
            findings.reads(format!(
                "{} = gone with the first {by} run behind that age; the very first takes all older {subject} at once",
                words::quoted(&age.text())
            ));
        }
        findings.loses(
            index,
            format!(
                "{subject} that R{} has deleted are gone, irreversible without a copy: let a first run only count those older than {}",
                index + 1,
                age.text()
            ),
        );
        findings.take(scene, index, Taken { frame: FRAME.name, kind: "feature", cases });
    }
}
