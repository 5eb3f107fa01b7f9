//! A number to be reached: it becomes a benchmark with its threshold.

use crate::domain::plan::frames::{Claim, Findings, Frame, Risk, Scene};
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "performance target",
    read,
    risk: Some(Risk::of("noise; the base commit is measured in the same run")),
};

static TARGET: Pattern = Pattern::new(
    r"(\b(?:under|below|less than|within|in at most|at most|(?:no|not|never) (?:be |take |use |need |get |grow |go |go up |rise )?(?:more than|longer than|higher than|larger than|above|over|exceed|beyond)|in under|up to|unter|weniger als|höchstens|nicht mehr als)\s+|<=?\s*|≤\s*)(\d{1,9}(?:[.,]\d+)*\s?(?:ns|ms|µs|us|s|seconds?|min|minutes?|[mgk]i?b|bytes|%|sekunden))(?:\b|$)",
);
/// Bounds that the number itself no longer meets.
static STRICT: Pattern = Pattern::new(r"^(?:under|below|less than|in under|unter|weniger als|<\s*$)");
static PERCENTILE: Pattern =
    Pattern::new(r"\b(p\d{2}(?:\.\d)?)\b|\b(\d{2}(?:\.\d)?)(?:th|st|nd|rd)[ -]percentile\b");
static BYTES: Pattern = Pattern::new(r"(?:[mgk]i?b|bytes)$");
static MEMORY: Pattern = Pattern::new(r"\b(?:memory|rss|heap|ram|allocat\w*|uses?|using)\b");

/// One bound of a sentence.
struct Target<'t> {
    /// `400 ms`.
    text: &'t str,
    /// `under` or `at most`.
    bound: &'static str,
    /// What is compared: `p95`, `median`, `memory`, `size`.
    measure: String,
}

/// Every bound of a sentence, with what is measured as far as it says so.
fn targets(text: &str) -> Vec<Target<'_>> {
    let percentile = PERCENTILE.captures(text).and_then(|found| {
        let whole = found.get(1).map(|short| short.as_str().to_lowercase());
        whole.or_else(|| Some(format!("p{}", found.get(2)?.as_str())))
    });
    let whole = TARGET.all(text, 0);
    let read = |whole| {
        let found = TARGET.captures(whole)?;
        let target = found.get(2)?.as_str();
        let measure = match (BYTES.is_in(target), &percentile) {
            (true, _) if MEMORY.is_in(text) => "memory".to_owned(),
            (true, _) => "size".to_owned(),
            (false, Some(percentile)) => percentile.clone(),
            (false, None) => "median".to_owned(),
        };
        let bound = if STRICT.is_in(found.get(1)?.as_str()) { "under" } else { "at most" };
        Some(Target { text: target, bound, measure })
    };
    whole.into_iter().filter_map(read).collect()
}

static ABOUT: Pattern = Pattern::new(
    r"\b(?:fast(?:er)?|slow|latency|parse[sd]?|parsing|loads?|takes?|respond\w*|start(?:s|up)?|throughput|memory|rss|cpu|render\w*|build[s]?|search\w*|quer(?:y|ies)|p\d\d|performance|runs?|finish\w*|complete\w*|schnell\w*|dauert|import\w*|export\w*)\b",
);
static INPUT: Pattern = Pattern::new(
    r"\b(\d{1,9}(?:[.,]\d+)?\s?(?:k|m)?\s?(?:mb|gb|kb|mib|lines|rows|files|records|entries|requests|users|items|documents|zeilen|dateien)(?: (?:of|with|à) \d{1,9}(?:[.,]\d+)?\s?(?:[kmg]i?b|bytes|lines|rows|characters|columns)(?: each)?)?)\b",
);

static RELATIVE: Pattern = Pattern::new(r"^\s*(?:more|slower|longer|extra|overhead|above|mehr|langsamer)\b");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let targets = targets(&statement.text);
        let fine = |target: &Target<'_>| ["ms", "µs", "ns"].iter().any(|unit| target.text.ends_with(unit));
        if targets.is_empty() || !(ABOUT.is_in(&statement.text) || targets.iter().any(fine)) {
            continue;
        }
        one(scene, findings, index, (&statement.text, &targets));
    }
}

fn one(scene: &Scene<'_>, findings: &mut Findings, index: usize, said: (&str, &[Target<'_>])) {
    let (text, targets) = said;
    let Some(first) = targets.first().map(|target| target.text) else { return };
    let id = index + 1;
    let relative = text.split_once(first).is_some_and(|(_, behind)| RELATIVE.is_in(behind));
    let others = scene.reading.demands.iter().map(|demand| demand.text.as_str()).filter(|_| relative);
    let bounds: Vec<&str> = targets.iter().map(|target| target.text).collect();
    let input = std::iter::once(text).chain(others).find_map(|text| input(text, &bounds));
    let with = match (input, scene.answer(&scene.slot("performance.input", index))) {
        (Some(input), _) => input.to_owned(),
        (None, Some(answer)) => words::shorten(&answer.text, 40),
        (None, None) => format!("R{id}'s input"),
    };
    let existing = function(scene, text);
    let what = match &existing {
        Some((name, _)) if name.to_lowercase().contains("bench") => words::code(name),
        Some((name, _)) => format!("benchmark {}", words::code(name)),
        None => "benchmark".to_owned(),
    };
    let case = |target: &Target<'_>| {
        let Target { text, bound, measure } = target;
        match relative {
            true => format!("{what} with {with}: {measure} at most {text} above that of {}", scene.base()),
            false => format!("{what} with {with}: {measure} {bound} {text}"),
        }
    };
    let mut cases: Vec<String> = targets.iter().map(case).collect();
    cases.push(format!("the same at {}: noted beside {}", scene.base(), words::list(&bounds)));
    if input.is_none() {
        findings.ask(
            scene,
            &format!("the input of R{id}"),
            Question {
                slot: scene.slot("performance.input", index),
                text: format!("With which input does {} hold?", words::quoted(&words::shorten(text, 70))),
                default: "the largest that the tests have".into(),
                why: format!("Without it {first} cannot be measured twice."),
                weight: 80,
            },
        );
    }
    if let Some(how) = measured(first, targets.first().map_or("", |target| target.measure.as_str())) {
        findings.reads(how);
    }
    let mut places: Vec<Place> = scene.place(index).into_iter().collect();
    let bench = existing.map(|(_, path)| places::existing(path)).or_else(|| bench(scene));
    if let Some(bench) = &bench {
        let beyond = if relative {
            format!("{first} more than {}", scene.base())
        } else {
            format!("more than {first}")
        };
        findings.leaves(index, format!("revert, too, when `{}` shows {beyond} where it is used", bench.path));
    }
    places.extend(bench);
    findings
        .claim(index, Claim { frame: FRAME.name, group: String::new(), kind: "performance", cases, places });
}

/// What a bound is held against: a single run shows none of them.
fn measured(target: &str, measure: &str) -> Option<String> {
    let target = words::quoted(target);
    match measure {
        "median" => Some(format!("{target} = the median on one machine")),
        "memory" => Some(format!("{target} = the most that the process holds at any moment, all of it")),
        "size" => None,
        percentile => {
            let within = percentile.trim_start_matches('p');
            let (of, within) = match within.replace('.', "") {
                tenths if within.contains('.') => ("1,000", tenths),
                whole => ("100", whole),
            };
            Some(format!("{target} at {percentile} = met by {within} of {of} runs, after one that warms up"))
        }
    }
}

/// How many of what, other than a time.
fn input<'t>(text: &'t str, targets: &[&str]) -> Option<&'t str> {
    let free = |input: &&str| !targets.iter().any(|target| input.contains(target) || target.contains(input));
    let known = INPUT.all(text, 1).into_iter().find(free);
    let time = |input: &&str| !TIMES.is_in(input) && free(input);
    known.or_else(|| COUNTED.all(text, 1).into_iter().find(time))
}

/// How the benchmarks of a language are named, by the endings of their files.
struct Benchmarks {
    endings: &'static [&'static str],
    name: Pattern,
}

static BENCHMARKS: [Benchmarks; 4] = [
    Benchmarks { endings: &["go"], name: Pattern::new(r"(?-i:\bfunc (Benchmark\w+)\()") },
    Benchmarks {
        endings: &["rs"],
        name: Pattern::new(
            r#"(?:bench_function\(\s*\x22([^\x22]{2,60})\x22|#\[bench\]\s*(?:pub )?fn (\w+)|\bfn (bench_\w+)\()"#,
        ),
    },
    Benchmarks { endings: &["py"], name: Pattern::new(r"\bdef ((?:test_)?bench\w*|test_\w+_bench\w*)\(") },
    Benchmarks {
        endings: &["js", "ts", "mjs", "mts"],
        name: Pattern::new(r"\bbench\(\s*['\x22`]([^'\x22`]{2,60})['\x22`]"),
    },
];

/// The benchmark that exists for what the demand names, and its file.
fn function<'a>(scene: &Scene<'a>, text: &str) -> Option<(String, &'a str)> {
    let sought = words::stems(&format!("{} {text}", scene.brief.title));
    let bare = |name: &str| words::stems(&places::split_camel(name.trim_start_matches("Benchmark")));
    let fits = |name: &String| bare(name).intersection(&sought).next().is_some();
    scene.places.snapshot.files.iter().find_map(|(path, code)| {
        let kind = BENCHMARKS.iter().find(|kind| kind.endings.contains(&places::ending(path)))?;
        let whole = kind.name.all(code, 0).into_iter().take(200);
        let mut names = whole.filter_map(|whole| kind.name.either(whole).map(str::to_owned));
        Some((names.find(fits)?, path.as_str()))
    })
}

static COUNTED: Pattern = Pattern::new(r"\b(\d{1,3}(?:,\d{3})+\s+[a-z]{3,20}|\d{3,9}\s+[a-z]{3,20}s)\b");
static TIMES: Pattern = Pattern::new(r"ms$|seconds?$|minutes?$|hours?$|days?$|times$|percent$");

/// A benchmark that exists already.
fn bench(scene: &Scene<'_>) -> Option<Place> {
    let named = |path: &&str| path.split('/').any(|part| part.starts_with("bench"));
    scene.places.files().find(named).map(places::existing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bound_of_a_sentence_is_a_target_and_none_is_its_input() {
        for (text, expected, with) in [
            (
                "parsing must not exceed 200 ns and take at most 64 KiB",
                vec!["median at most 200 ns", "size at most 64 KiB"],
                None,
            ),
            ("memory not above 1.5 GB for 10,000 rows", vec!["memory at most 1.5 GB"], Some("10,000 rows")),
            ("a search takes no more than 300 ms with 5 GB", vec!["median at most 300 ms"], Some("5 GB")),
            (
                "100,000 files of 2 KB each in less than 400 ms at p95",
                vec!["p95 under 400 ms"],
                Some("100,000 files of 2 KB each"),
            ),
            ("its 99th percentile stays below 2 s", vec!["p99 under 2 s"], None),
        ] {
            let found = targets(text);
            let told: Vec<String> =
                found.iter().map(|one| format!("{} {} {}", one.measure, one.bound, one.text)).collect();
            assert_eq!(told, expected, "{text}");
            let bounds: Vec<&str> = found.iter().map(|one| one.text).collect();
            assert_eq!(input(text, &bounds), with, "{text}");
        }
    }
}
