//! An answer is kept for a while.

use crate::domain::plan::frames::{Claim, Findings, Frame, Risk, Scene};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::quantity;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "cache",
    read,
    risk: Some(Risk::of("a stale answer looks like a right one, and memory grows with each key")),
};

static CACHE: Pattern =
    Pattern::new(r"\b(?:cach(?:e|es|ed|ing)|memoi[sz]e[sd]?|zwischenspeicher\w*|gecacht)\b");
static LIFE: Pattern = Pattern::new(
    r"(?:for|ttl(?: of)?|after|expires? (?:after|in)|every|für|nach)\s+(\d{1,9})\s?(ms|s|secs?|seconds?|min|minutes?|h|hours?|d|days?|minuten?|stunden?)\b",
);
static SUBJECT: Pattern = Pattern::new(
    r"\bcach(?:e|ing)\s+(?:the\s+|all\s+)?([^,.;`]{3,50}?)(?:\s+(?:for|in|until|per|with|so|and|must|should)\b|[,.;]|$)",
);
/// `A lookup that fails must not be cached`.
static DENIED: Pattern =
    Pattern::new(r"^(.{3,80}?) (?:must|should|may|shall)(?: not| never|n['’]t) be cached(?:,? see \S+)?\W*$");
static LIMITED: Pattern = Pattern::new(r"\b(?:not|never|n['’]t) be cached\b");
static INVALID: Pattern = Pattern::new(r"invalidat|evict|expire|ttl|stale|refresh|until|changes?\b|for \d");
static BOUND: Pattern = Pattern::new(r"at most \d|max\w* \d|\d+ (?:entries|items|mb|mib|gb)|lru");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    let mut asked = false;
    for (index, statement) in scene.open(findings) {
        if !CACHE.is_in(&statement.prose()) {
            continue;
        }
        let places = scene.place(index).into_iter().collect();
        let claim =
            |cases| Claim { frame: FRAME.name, group: String::new(), kind: "performance", cases, places };
        if let Some(refused) = DENIED.first(&statement.text, 1) {
            let case = format!("{}, asked twice: computed twice", words::lowered(refused.trim()));
            findings.claim(index, claim(vec![case]));
            continue;
        }
        // Not for so long, or not there: what is to be seen of it stands in its own words.
        if LIMITED.is_in(&statement.text) {
            continue;
        }
        let subject = SUBJECT
            .first(&statement.text, 1)
            .map(str::trim)
            .or_else(|| SUBJECT.first(&scene.brief.title, 1).map(str::trim));
        let subject = subject.unwrap_or("the result").to_owned();
        let mut cases = vec![
            format!("{subject}, asked twice: computed once"),
            format!("{subject}, changed in between: the new one"),
        ];
        if let Some(life) = LIFE.captures(&statement.text).and_then(|found| {
            quantity::duration(found.get(1).map(|digits| digits.as_str()), found.get(2)?.as_str())
        }) {
            cases = vec![
                format!("{subject}, again after {}: not computed", life.below()),
                format!("after {}: computed anew", life.above()),
            ];
        }
        cases.extend(
            scene
                .answered("cache.exit")
                .filter(|_| !asked)
                .map(|exit| format!("{subject}, {exit}: computed anew")),
        );
        let bound = scene.answered("cache.bound").and_then(|answer| quantity::first_number(&answer));
        cases.extend(
            bound
                .filter(|_| !asked)
                .map(|bound| format!("{} of {subject}: {bound} are kept", bound.saturating_add(1))),
        );
        meant(scene, findings, (index, &statement.text), &subject);
        findings.claim(index, claim(cases));
        if !asked {
            questions(scene, findings, &subject);
            asked = true;
        }
    }
}

/// It may outlive the program all the same.
static KEPT: Pattern = Pattern::new(
    r"\b(?:files?|director(?:y|ies)|folders?|paths?|ci|actions?|docker|layers?|builds?|downloads?|packages?|persist\w*)\b",
);
/// Where what is kept outlives the program.
static STORE: Pattern = Pattern::new(
    r"\b(redis|valkey|memcached|s3|local ?storage|session ?storage|the disk|on disk|browsers?|cdn|etag|cache-control|service worker)\b",
);

/// How old an answer may be, and where it stays when the code is taken back.
fn meant(scene: &Scene<'_>, findings: &mut Findings, (index, text): (usize, &str), subject: &str) {
    let life = LIFE.captures(text).and_then(|found| {
        quantity::duration(found.get(1).map(|digits| digits.as_str()), found.get(2)?.as_str())
    });
    if let Some(life) = &life {
        findings.reads(format!(
            "{} of {subject} = from when the answer is computed; a change may go unseen for so long",
            words::quoted(&life.text())
        ));
    }
    // Another sentence may name a store for something else; that nothing is kept is only said where none does.
    let kept = STORE.first(text, 1);
    let outlives = || {
        let whole = scene.whole();
        STORE.is_in(&whole) || KEPT.is_in(&whole)
    };
    let line = match (kept, life) {
        (Some(store), Some(life)) => {
            format!(
                "what {store} holds of {} lives on for up to {} after a revert",
                words::quoted(subject),
                life.text()
            )
        }
        (Some(store), None) => {
            format!("what {store} holds of {} has to be deleted there, too", words::quoted(subject))
        }
        (None, _) if scene.places.known() && SUBJECT.is_in(text) && !outlives() => {
            format!("nothing of {} outlives the process that kept it", words::quoted(subject))
        }
        (None, _) => return,
    };
    findings.leaves(index, line);
}

fn questions(scene: &Scene<'_>, findings: &mut Findings, subject: &str) {
    let whole = scene.whole();
    if !INVALID.is_in(&whole) {
        findings.ask(
            scene,
            "the end of a kept answer",
            Question {
                slot: "cache.exit".into(),
                text: format!("When does a kept {} become wrong?", words::quoted(subject)),
                default: format!("when what {subject} is made from changes"),
                why: String::new(),
                weight: 85,
            },
        );
    }
    if !BOUND.is_in(&whole) {
        findings.ask(
            scene,
            "the cache's bound",
            Question {
                slot: "cache.bound".into(),
                text: format!("How many of {} are kept at most?", words::quoted(subject)),
                default: "1,000, the longest unused goes first".into(),
                why: String::new(),
                weight: 60,
            },
        );
    }
}
