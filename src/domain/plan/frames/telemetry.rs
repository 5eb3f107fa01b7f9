//! Something is logged or counted.

use crate::domain::plan::frames::{Findings, Frame, Risk, Scene, Taken, has};
use crate::domain::plan::mentions;
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "log or metric",
    read,
    risk: Some(Risk {
        fits: |cases| has(cases, "line"),
        ..Risk::of("a secret that was logged once cannot be taken back")
    }),
};

static LOG: Pattern = Pattern::new(
    r"\b(?:logs? (?:an?|the|each|every|when|if|at|all)\b|logged\b|\b(?:writes?|adds?|emits?|prints?|sends?) [^.;]{0,40}\blog (?:lines?|entr(?:y|ies)|messages?)\b|protokollier\w+)",
);
static METRIC: Pattern =
    Pattern::new(r"\b(?:metrics?|counters?|histograms?|gauges?|prometheus|opentelemetry|statsd)\b");
static LEVEL: Pattern = Pattern::new(r"\b(trace|debug|info|warn(?:ing)?|error)\b(?:[- ]level)?");
static WHEN: Pattern = Pattern::new(
    r"\b(?:when(?:ever)?|once|if|for every|for each|on every|on each|wenn)\s+((?:[^,;:.]|\.\w){3,70})",
);
static LOGGED: Pattern =
    Pattern::new(r"^(?:every |each |all |an? )?(.{3,60}?) (?:is|are|must be|should be|has to be) logged\b");
/// “log the client address of each failed attempt”
static OF_EACH: Pattern = Pattern::new(
    r"\blogs?\s+((?:the |an? )?[^,;:.`]{3,40}?)\s+(?:of|for|on|at)\s+((?:each|every|any)\s+(?:[^,;:.]|\.\w){3,60})",
);
static SECRET: Pattern = Pattern::new(r"\b(?:password|token|secret|credential|api key|cookie|e-?mail)s?\b");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let prose = statement.prose();
        match (METRIC.is_in(&prose), LOG.is_in(&prose)) {
            (true, _) => metric(scene, findings, index, &statement.text),
            (false, true) => log(scene, findings, index, &statement.text),
            (false, false) => {}
        }
    }
}

fn happens(text: &str) -> Option<String> {
    let when = WHEN
        .first(text, 1)
        .or_else(|| OF_EACH.first(text, 2))
        .or_else(|| LOGGED.first(text, 1))
        .or_else(|| LOGS.first(text, 1))?;
    Some(words::shorten(when.trim(), 60))
}

/// “log each refusal”
static LOGS: Pattern = Pattern::new(r"\blogs?\s+((?:each|every|any) (?:[^,;:.`]|\.\w){3,50})");

/// Names that are said, but for those of the files where it is done.
fn named(scene: &Scene<'_>, index: usize, text: &str) -> Vec<String> {
    let places = scene.own_places(index);
    let is_place = |part: &str| places.iter().any(|place| place.path == part);
    let spans = mentions::spans(text).into_iter().filter(|(part, code)| *code && !is_place(part));
    spans.map(|(part, _)| words::code(part)).collect()
}

/// Not each of them becomes a line.
static RATE: Pattern = Pattern::new(
    r"\bat most\b|\bno more than\b|\b(?:once|only|one|\d+)(?: \w+)? (?:per|an?|every|each) (?:\d+ )?(?:s|ms|seconds?|min|minutes?|hours?|days?)\b|\bper (?:second|minute|hour|day)\b|\bonly once\b|\brates?\b|\bsampl\w+|\bthrottl\w+|\bsumm(?:ed|ar)\w*|\bde-?dup\w*|\bhöchstens\b",
);

static WITH: Pattern = Pattern::new(r"\bwith\b([^,;]*)");
/// “the number of open jobs”
static COUNTS: Pattern = Pattern::new(r"\b(?:number|count) of ((?:\w+ ){0,3}\w+)");

/// What must not be logged.
static UNLOGGED: Pattern = Pattern::new(
    r"^\W*(?:never|do not|don['’]t|must not) logs?\s+(?:the |an? |any )?(.{3,60}?)[.!]?$|^\W*(?:the |an? |no )?(.{3,60}?) (?:is|are|must|should)(?: be)? (?:never|not)(?: be)? logged\b",
);

fn log(scene: &Scene<'_>, findings: &mut Findings, index: usize, text: &str) {
    if let Some(found) = UNLOGGED.captures(text)
        && let Some(what) = found.get(1).or(found.get(2))
    {
        let cases = vec![format!("no line of the log holds the {}", what.as_str().trim())];
        return findings.take(scene, index, Taken { frame: FRAME.name, kind: "security", cases });
    }
    let Some(when) = happens(text) else { return };
    let names = named(scene, index, WITH.first(text, 1).unwrap_or(text));
    let with = match (OF_EACH.first(text, 1), names.is_empty()) {
        (Some(what), true) => format!(" with {what}"),
        (None, true) => String::new(),
        (_, false) => format!(" with {}", words::some(&names, 3)),
    };
    if !RATE.is_in(&scene.whole()) {
        findings.reads(format!(
            "{} 1,000 times = 1,000 lines: none is summed up or left out",
            words::quoted(&when)
        ));
    }
    if let Some(first) = names.first() {
        findings
            .leaves(index, format!("lines that were written keep {first} for as long as the log is kept"));
    }
    let level = LEVEL.first(text, 1).map(str::to_lowercase);
    let at = level.as_deref().map_or(String::new(), |level| format!(" at {level}"));
    let mut cases = vec![format!("{when}: one line{at}{with}"), "otherwise: no such line".to_owned()];
    if let Some(secret) = SECRET.first(text, 0) {
        cases.push(format!("no line holds the {secret} itself"));
    }
    if level.is_none() {
        findings.ask(
            scene,
            &format!("the level of R{}", index + 1),
            Question::new(
                scene.slot("log.level", index),
                format!("At which level is {} logged?", words::quoted(&when)),
                "info".to_owned(),
                46,
            ),
        );
    }
    findings.take(scene, index, Taken { frame: FRAME.name, kind: "feature", cases });
}

/// What only grows, by its kind or by the ending of its name.
fn counts_up(text: &str, name: &str) -> bool {
    COUNTER.is_in(text) || name.trim_matches('`').ends_with("_total")
}

static COUNTER: Pattern = Pattern::new(r"\bcounters?\b");

fn metric(scene: &Scene<'_>, findings: &mut Findings, index: usize, text: &str) {
    let Some(when) = happens(text).or_else(|| COUNTS.first(text, 1).map(str::to_owned)) else { return };
    let names = named(scene, index, text);
    let name = names.first().cloned().unwrap_or_else(|| format!("the metric of R{}", index + 1));
    let cases = vec![format!("{when}: {name} shows it"), format!("before: {name} is 0, not absent")];
    if let Some(first) = names.first() {
        if counts_up(text, first) {
            findings.reads(format!("{first} counts from the start of the process; a restart begins anew"));
        }
        findings.leaves(index, format!("alerts and boards that read {first} find nothing after a revert"));
    }
    if names.is_empty() {
        findings.ask(
            scene,
            &format!("the name of R{}", index + 1),
            Question::new(
                scene.slot("metric.name", index),
                format!("What is the metric for {} called, and by what is it split?", words::quoted(&when)),
                "named like its neighbors, split by nothing".to_owned(),
                60,
            ),
        );
    }
    findings.take(scene, index, Taken { frame: FRAME.name, kind: "feature", cases });
}
