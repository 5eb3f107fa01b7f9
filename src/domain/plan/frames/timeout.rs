//! Something takes too long, is given up, or is tried again.

use crate::domain::plan::frames::{Claim, Findings, Frame, Risk, Scene, has};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::quantity::{self, Quantity};
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "timeout or retry",
    read,
    risk: Some(Risk {
        fits: |cases| has(cases, "times, then success"),
        ..Risk::of("a second try does twice what is not idempotent")
    }),
};

static TIMEOUT: Pattern =
    Pattern::new(r"\b(?:time(?:s|d)? ?out|timeouts?|give[sn]? up|hangs?|abort\w*|zeitlimit)\b");
/// Something is to be tried again; a middleware, an option or an event of retries is another matter.
static RETRY: Pattern = Pattern::new(
    r"\b(?:retr(?:y|ies|ied|ying) (?:the|an?|each|every|all|failed|on|if|when|while|until|up to|at most|it|them|once|twice|after|with|\d+)\b|(?:should|must|shall|to|can|will|be|is|are|gets?|add|adds|with|without|allow|support|automatic(?:ally)?|implement|auto|\d+|three|no) retr(?:y|ies|ied)\b(?: (?:on|if|when|for|to|until|after|with|in|at|by|and|up|\d)|[\s,.;:]*$|[,.;:])|tries again|try again|wiederhol\w+\b)",
);
static RETRIED: Pattern = Pattern::new(r"\b(?:retr(?:y|ies|ied)|tries again|try again|wiederhol\w+)\b");
static TIME: Pattern =
    Pattern::new(r"(\d{1,9})\s?(ms|s|secs?|seconds?|min|minutes?|h|hours?|sekunden?|minuten?)\b");
static TIMES: Pattern = Pattern::new(
    r"\b(\d{1,4}|three)(?: (?:times|more times|retries|attempts|tries|mal)|x)\b|\b(twice|once)\b",
);
/// How long it pauses in between; what it gives up after is another time.
static BACKOFF: Pattern = Pattern::new(
    r"back-?off|exponential|jitter|every \d|wait|(?:again|retr(?:y|ies|ied|ying)|pause|delay|interval)\s+(?:\w+ )?(?:after|of|for)\s+\d|\d\s?\w+ (?:between|apart)\b",
);
/// What it is tried again on; a time is no such thing.
static TRIGGER: Pattern = Pattern::new(
    r"\b(?:(?:on|when|if|bei|wenn)\s+((?:`[^`]{1,60}`|[^,.;`]){3,60})|after\s+((?:an?|the|each|every)\s+(?:`[^`]{1,60}`|[^,.;`]){3,60}))",
);
/// Something gives up after a time, whatever else the sentence says.
static LIMITED: Pattern = Pattern::new(
    r"\b(?:time(?:s|d)? ?out|timeouts?|give[sn]? up|abort\w*|zeitlimit)\b[^,.;]{0,24}?\b(?:after|at|of|in|within|nach|von)\s+\d",
);
/// What is waited for is an answer of somebody else.
static CALLS: Pattern = Pattern::new(
    r"\b(?:requests?|calls?|fetch\w*|sends?|sending|uploads?|posts?|quer(?:y|ies)|connect\w*|upstream|servers?|api|https?|webhooks?)\b|\w\(\)",
);

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    // Where the code of the proposal says what the time is, nobody has to.
    let declared = scene.reading.declared.iter().filter(|one| one.is_owner).flat_map(|one| &one.cases);
    if declared.into_iter().any(|case| TIMEOUT.is_in(case)) {
        return;
    }
    for (index, statement) in scene.open(findings) {
        let (said, text) = (statement.prose(), statement.text.as_str());
        let repeats = RETRY.is_in(&said);
        let mut cases = Vec::new();
        if if repeats { LIMITED.is_in(&said) } else { TIMEOUT.is_in(&said) } {
            cases.extend(timeout(scene, findings, index, text));
        }
        if repeats {
            cases.extend(retry(scene, findings, index, text));
        }
        if !cases.is_empty() {
            let places = scene.place(index).into_iter().collect();
            findings.claim(
                index,
                Claim { frame: FRAME.name, group: String::new(), kind: "feature", cases, places },
            );
        }
    }
}

fn time(text: &str) -> Option<Quantity> {
    let found = TIME.captures(text)?;
    quantity::duration(found.get(1).map(|digits| digits.as_str()), found.get(2)?.as_str())
}

fn timeout(scene: &Scene<'_>, findings: &mut Findings, index: usize, text: &str) -> Vec<String> {
    let shows = quantity::status(text)
        .map(str::to_owned)
        .or_else(|| quantity::exit_code(text).map(|code| format!("exit code {code}")));
    let id = index + 1;
    let seen = shows.clone().or_else(|| scene.answered(&scene.slot("timeout.shows", index)));
    let answered = || quantity::first_time(&scene.answered(&scene.slot("timeout.after", index))?);
    let limit = time(text).or_else(answered);
    if let Some(limit) = limit.as_ref().filter(|_| CALLS.is_in(text)) {
        // Where it is tried again, too, the issue alone knows whether the time is that of each try.
        if !RETRY.is_in(&scene.whole()) {
            let limit = words::quoted(&limit.text());
            findings.reads(format!(
                "{limit} = from the call to the last byte of its answer, connecting included"
            ));
        }
        findings.leaves(
            index,
            format!(
                "what R{id} gives up at {} may be carried out at the other end all the same; a revert undoes none of it",
                limit.text()
            ),
        );
    }
    let cases = match limit {
        Some(limit) => vec![
            format!("an answer after {}: taken", limit.below()),
            format!(
                "none after {}: {}",
                limit.above(),
                seen.unwrap_or_else(|| format!("given up at {}", limit.text()))
            ),
        ],
        None => {
            findings.ask(
                scene,
                &format!("the time of R{id}"),
                Question {
                    slot: scene.slot("timeout.after", index),
                    text: format!(
                        "After how long does {} give up?",
                        words::quoted(&words::shorten(text, 60))
                    ),
                    default: "30 s".into(),
                    why: String::new(),
                    weight: 80,
                },
            );
            let seen = seen.unwrap_or_else(|| "given up".to_owned());
            vec![format!("no answer: {seen} after the time asked below")]
        }
    };
    if shows.is_none() {
        findings.ask(
            scene,
            &format!("what R{id} shows"),
            Question {
                slot: scene.slot("timeout.shows", index),
                text: format!(
                    "What does the caller see when R{id} gives up: an error that names the time, or nothing?"
                ),
                default: format!("an error that names R{id}'s time"),
                why: String::new(),
                weight: 45,
            },
        );
    }
    cases
}

fn retry(scene: &Scene<'_>, findings: &mut Findings, index: usize, text: &str) -> Vec<String> {
    let id = index + 1;
    let trigger = trigger(text);
    let others = scene.reading.demands.iter().filter(|demand| RETRY.is_in(&demand.text));
    let said = tries(text).or_else(|| others.map(|demand| demand.text.as_str()).find_map(tries));
    let code = || scene.reading.blocks.iter().map(|block| block.text.as_str());
    let said = said.or_else(|| code().find_map(|text| COUNT.first(text, 1)?.parse().ok()));
    let delay =
        code().find_map(|text| DELAY.first(text, 1)).map(|delay| delay.trim().trim_end_matches(',').trim());
    let answered = scene.answered("retry.count");
    let answered = answered.and_then(|answer| tries(&answer).or_else(|| quantity::first_number(&answer)));
    let count: u64 = said.or(answered).unwrap_or(3);
    if said.is_none() {
        findings.ask(
            scene,
            &format!("the tries of R{id}"),
            Question {
                slot: "retry.count".into(),
                text: format!("How often is {} tried again?", words::quoted(&words::shorten(text, 60))),
                default: format!("{count} times"),
                why: String::new(),
                weight: 70,
            },
        );
    }
    if delay.is_none() && !BACKOFF.is_in(text) {
        findings.ask(
            scene,
            &format!("the pause of R{id}"),
            Question {
                slot: "retry.pause".into(),
                text: format!("How long is the pause between the {count} tries of R{id}?"),
                default: "1 s, doubled each time".into(),
                why: String::new(),
                weight: 55,
            },
        );
    }
    let shown = delay.map(|delay| words::code(&words::shorten(&delay.replace('`', "'"), 60)));
    let pause = scene.answered("retry.pause").or(shown).map(|pause| format!("between two tries: {pause}"));
    let mut cases = vec![
        format!("{trigger} {count} times, then success: success"),
        format!("{trigger} {} times: the last failure is reported, no further try", count + 1),
        "success at once: one try".to_owned(),
    ];
    cases.extend(pause);
    if CALLS.is_in(&scene.whole()) {
        let trigger = trigger.split(" in `").next().unwrap_or(&trigger).trim_end_matches(',');
        findings.leaves(
            index,
            format!(
                "what was sent up to {} times on {trigger} stays sent after a revert",
                count.saturating_add(1)
            ),
        );
    }
    findings.read_as.push(format!(
        "{} = {count} tries after the first, {} in all",
        words::quoted(RETRIED.first(text, 0).unwrap_or("retry")),
        count + 1
    ));
    cases
}

/// What it is tried again on, up to the next thing that is told; `503,` where a number would run into the one behind it.
fn trigger(text: &str) -> String {
    let Some(said) = TRIGGER.either(text) else { return "a failure".to_owned() };
    // `503 and 504` are one trigger, `503 and logs it` is one and a deed.
    let ends = said
        .match_indices(" and ")
        .find(|(at, and)| said.get(at + and.len()..).is_some_and(|rest| DEED.is_in(rest)));
    let said = ends.map_or(said, |(at, _)| said.get(..at).unwrap_or(said)).trim();
    let said = TIMES_BEHIND.first(said, 1).unwrap_or(said);
    let comma = if said.ends_with(|last: char| last.is_ascii_digit()) { "," } else { "" };
    format!("{}{comma}", words::shorten(said, 50))
}

static DEED: Pattern = Pattern::new(
    r"^(?:then |it |also )*(?:logs?|gives?|fails?|returns?|reports?|raises?|throws?|prints?|shows?|exits?|stops?|waits?|tells?|counts?|times? out)\b",
);
/// How often, behind what it is tried again on.
static TIMES_BEHIND: Pattern = Pattern::new(
    r"^(\S.*?),?\s+(?:up to |at most )?(?:(?:\d{1,4}|two|three) (?:times|more times|retries|attempts|tries|mal)|twice|once)$",
);

/// What the code of a proposal sets.
static COUNT: Pattern =
    Pattern::new(r"\b(?:max_?)?(?:retries|retry_?count|attempts|tries)[\x22']?\s*[:=]\s*(\d{1,4})\b");
static DELAY: Pattern = Pattern::new(
    r"\b(?:retry_?)?(?:delay|back_?off|pause)[\x22']?\s*[:=]\s*([^\n]{1,80}?)\s*,?\s*(?:(?://|#).*)?(?:\n|$)",
);

/// How often a sentence says that it is tried again.
fn tries(text: &str) -> Option<u64> {
    let found = TIMES.captures(text)?;
    match found.get(1).or(found.get(2))?.as_str().to_lowercase().as_str() {
        "once" => Some(1),
        "twice" => Some(2),
        "three" => Some(3),
        digits => digits.parse().ok(),
    }
}
