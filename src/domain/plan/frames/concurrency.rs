//! Several do it at once.

use crate::domain::plan::frames::{Findings, Frame, Risk, Scene, Taken};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "concurrency",
    read,
    risk: Some(Risk::of("a test that passes by luck; it has to force the order")),
};

static ABOUT: Pattern = Pattern::new(
    r"\b(?:concurren\w+|in parallel|parallel(?:ize|ise|ism)\w*|thread-?safe\w*|race conditions?|dead-?locks?|at the same time|simultaneous\w*|gleichzeitig)\b",
);
static COUNT: Pattern = Pattern::new(
    r"(?:at most|up to|max(?:imum)?(?: of)?|limit(?:ed)? to|no more than|höchstens)\s+(\d{1,5})\s+((?:[\w-]+\s+){0,2}?[\w-]+?)\s+(?:at the same time|in parallel|at once|concurrently|simultaneously|gleichzeitig)|(?:at most|up to|max(?:imum)?(?: of)?|limit(?:ed)? to)\s+(\d{1,5})\s+(?:concurrent|parallel|simultaneous)\s+([\w-]+)",
);
static SUBJECT: Pattern =
    Pattern::new(r"(?:concurrent|simultaneous|parallel)\s+([\w-]+(?: [\w-]+)?)|(`[^`]+`)");
static REST: Pattern =
    Pattern::new(r"\b(?:wait\w*|queue[sd]?|refuse[sd]?|reject\w*|block(?:s|ed)?|warten|abgelehnt)\b");
static WAITS: Pattern = Pattern::new(r"\b(?:wait\w*|queue[sd]?|block(?:s|ed)?|warten)\b");
static REFUSED: Pattern = Pattern::new(r"\b(?:refuse[sd]?|reject\w*|429|503|abgelehnt)\b");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        if ABOUT.is_in(&statement.prose()) {
            one(scene, findings, index, &statement.text);
        }
    }
}

fn one(scene: &Scene<'_>, findings: &mut Findings, index: usize, text: &str) {
    let id = index + 1;
    let bound = COUNT.captures(text).and_then(|found| {
        let count: u64 = found.get(1).or(found.get(3))?.as_str().parse().ok()?;
        Some((count, found.get(2).or(found.get(4))?.as_str().trim().to_owned()))
    });
    let found = SUBJECT.captures(text);
    let is_named = found.is_some();
    let subject = found
        .and_then(|found| found.get(1).or(found.get(2)))
        .map_or_else(|| format!("what R{id} names"), |it| it.as_str().to_owned());
    match &bound {
        Some((count, what)) => {
            findings.reads(format!(
                "“{count} {what}” = in one process; two instances run {} of them",
                count.saturating_mul(2)
            ));
            let answered = scene.answered(&scene.slot("concurrency.rest", index));
            let waits = answered.is_none_or(|said| WAITS.is_in(&said) && !REFUSED.is_in(&said));
            if waits && !REFUSED.is_in(&scene.whole()) {
                let next = words::ordinal(count.saturating_add(1));
                findings.leaves(
                    index,
                    format!(
                        "the restart of a revert loses the {} that wait as the {next} and later",
                        words::quoted(what)
                    ),
                );
            }
        }
        None if !is_named => {}
        None => findings.reads(format!(
            "{subject} at the same time = threads or tasks of one process; two processes are not meant"
        )),
    }
    let cases = match bound {
        Some((count, what)) => {
            if !REST.is_in(&scene.whole()) {
                findings.ask(
                    scene,
                    &format!("the rest of R{id}"),
                    Question::new(
                        scene.slot("concurrency.rest", index),
                        format!(
                            "What happens to the {} of {}: it waits, or is refused?",
                            words::ordinal(count.saturating_add(1)),
                            words::quoted(&what)
                        ),
                        "it waits".to_owned(),
                        72,
                    ),
                );
            }
            let next = words::ordinal(count.saturating_add(1));
            vec![
                format!("{count} {what} at once: all run"),
                match scene.answered(&scene.slot("concurrency.rest", index)) {
                    Some(answer) => format!("the {next} while {count} run: {answer}"),
                    None => format!("the {next}: not while {count} run"),
                },
            ]
        }
        None => vec![
            format!("{subject}, 2 at once: both as if alone"),
            format!("{subject}, 100 at once: none lost, none twice"),
        ],
    };
    findings.take(scene, index, Taken { frame: FRAME.name, kind: "feature", cases });
}
