//! A number to be reached: it becomes a benchmark with its threshold.

use crate::domain::plan::frames::{Claim, Findings, Frame, Scene};
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame { name: "performance target", read };

static TARGET: Pattern = Pattern::new(
    r"(?:\b(?:under|below|less than|within|in at most|at most|no more than|in under|unter|weniger als|höchstens)\s+|<=?\s*|≤\s*)(\d{1,9}(?:\.\d+)?\s?(?:ms|µs|us|s|seconds?|min|minutes?|mb|gb|kb|mib|gib|kib|%|sekunden))\b",
);
static ABOUT: Pattern = Pattern::new(
    r"\b(?:fast(?:er)?|slow|latency|parse[sd]?|parsing|loads?|takes?|respond\w*|start(?:s|up)?|throughput|memory|rss|cpu|render\w*|build[s]?|search\w*|quer(?:y|ies)|p\d\d|performance|runs?|finish\w*|complete\w*|schnell\w*|dauert|import\w*|export\w*)\b",
);
static INPUT: Pattern = Pattern::new(
    r"\b(\d{1,9}(?:[.,]\d+)?\s?(?:k|m)?\s?(?:mb|gb|kb|mib|lines|rows|files|records|entries|requests|users|items|documents|zeilen|dateien))\b",
);

static RELATIVE: Pattern = Pattern::new(r"^\s*(?:more|slower|longer|extra|overhead|above|mehr|langsamer)\b");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let Some(target) = TARGET.first(&statement.text, 1) else { continue };
        if !ABOUT.is_in(&statement.text) && !target.ends_with("ms") && !target.ends_with("µs") {
            continue;
        }
        one(scene, findings, index, (&statement.text, target));
    }
}

fn one(scene: &Scene<'_>, findings: &mut Findings, index: usize, said: (&str, &str)) {
    let (text, target) = said;
    let id = index + 1;
    let relative = text.split_once(target).is_some_and(|(_, behind)| RELATIVE.is_in(behind));
    let others = scene.reading.demands.iter().map(|demand| demand.text.as_str()).filter(|_| relative);
    let input = std::iter::once(text).chain(others).find_map(|text| input(text, target));
    let with = match (input, scene.answer(&format!("performance.input.{index}"))) {
        (Some(input), _) => input.to_owned(),
        (None, Some(answer)) => words::shorten(&answer.text, 40),
        (None, None) => format!("R{id}'s input"),
    };
    let cases = vec![
        match relative {
            true => format!("benchmark with {with}: median at most {target} above that of {}", scene.base()),
            false => format!("benchmark with {with}: median under {target}"),
        },
        format!("the same at {}: noted beside {target}", scene.base()),
    ];
    if input.is_none() {
        findings.ask(
            scene,
            &format!("the input of R{id}"),
            Question {
                slot: format!("performance.input.{index}"),
                text: format!("With which input does {} hold?", words::quoted(&words::shorten(text, 70))),
                default: "the largest that the tests have".into(),
                why: format!("Without it {target} cannot be measured twice."),
                weight: 80,
            },
        );
    }
    findings.read_as.push(format!("{} = the median of ten runs on one machine", words::quoted(target)));
    let mut places: Vec<Place> = scene.place(index).into_iter().collect();
    places.extend(bench(scene));
    findings
        .claim(index, Claim { frame: FRAME.name, group: String::new(), kind: "performance", cases, places });
}

/// How many of what, other than a time.
fn input<'t>(text: &'t str, target: &str) -> Option<&'t str> {
    let known = INPUT.all(text, 1).into_iter().find(|input| *input != target);
    let time = |input: &&str| !TIMES.is_in(input) && *input != target;
    known.or_else(|| COUNTED.all(text, 1).into_iter().find(time))
}

static COUNTED: Pattern = Pattern::new(r"\b(\d{1,3}(?:,\d{3})+\s+[a-z]{3,20}|\d{3,9}\s+[a-z]{3,20}s)\b");
static TIMES: Pattern = Pattern::new(r"ms$|seconds?$|minutes?$|hours?$|days?$|times$|percent$");

/// A benchmark that exists already.
fn bench(scene: &Scene<'_>) -> Option<Place> {
    let named = |path: &&str| path.split('/').any(|part| part.starts_with("bench"));
    scene.places.files().find(named).map(crate::domain::plan::places::existing)
}
