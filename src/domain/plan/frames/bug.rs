//! A defect: the innermost frame of its trace that lies in the tree is the place, its steps are the case.

use crate::domain::plan::frames::{Claim, Findings, Frame, Scene};
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::statement::{Origin, Statement};
use crate::domain::plan::trace::{self, Trace, TraceFrame};
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame { name: "bug", read };

const GROUP: &str = "bug";

static STEPS: Pattern = Pattern::new(r"steps|reproduc|schritte|how to");
static EXPECTED: Pattern = Pattern::new(r"expected|erwartet|should");
static KIND: Pattern = Pattern::new(r"((?:[\w$]+(?:\.|::))*[\w$]*(?:Error|Exception|Panic|Fault))\b");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    let Some(trace) = trace::find(&scene.brief.body) else { return reported(scene, findings) };
    let home = home(scene, &trace);
    let place = home.as_ref().map(|home| home.place.clone());
    let error = home.as_ref().and_then(|home| home.frame.said.as_deref()).unwrap_or(&trace.error);
    let error = words::shorten(error.trim_start_matches("*errors.errorString "), 90);
    let kind = match KIND.first(&trace.error, 1) {
        Some(kind) if !error.starts_with("panic ") => kind.to_owned(),
        _ if error.starts_with("panic ") => error,
        _ => words::quoted(&error),
    };
    let cases = cases(scene, &kind);
    let title = match home.as_ref().and_then(|home| home.frame.function.as_deref()) {
        Some(function) => format!("Fix {kind} in `{}`", last(function)),
        None => fix(&scene.title()),
    };
    findings.title(GROUP, title);
    for (index, statement) in scene.open(findings) {
        let own = if statement.origin == Origin::Report || first_open(scene, findings) == Some(index) {
            cases.clone()
        } else {
            super::plain::cases(&statement.text, statement.origin)
        };
        let places = place.clone().into_iter().collect();
        findings
            .claim(index, Claim { frame: FRAME.name, group: GROUP.into(), kind: "bug", cases: own, places });
    }
    where_it_is(scene, findings, &trace, home);
}

/// A report without a trace: its steps and what was expected are the case.
fn reported(scene: &Scene<'_>, findings: &mut Findings) {
    let sections =
        || scene.reading.talk.iter().chain(&scene.reading.demands).filter_map(|said| said.section.as_deref());
    let has = |pattern: &Pattern| sections().any(|section| pattern.is_in(section));
    let labeled = scene.brief.labels.iter().any(|label| label.to_lowercase().contains("bug"));
    let report = scene.reading.demands.iter().any(|demand| demand.origin == Origin::Report);
    if !report && !(has(&STEPS) && (has(&EXPECTED) || labeled)) {
        return;
    }
    let Some((index, _)) = scene.open(findings).into_iter().next() else { return };
    if !has(&STEPS) && scene.reading.blocks.is_empty() {
        let told = words::quoted(&words::shorten(&super::short(&scene.title()), 60));
        findings.ask(
            scene,
            "the steps",
            Question {
                slot: "bug.steps".into(),
                text: format!("Which steps or input show {told}, on which version?"),
                default: "a failing test first; it settles what is wrong".into(),
                why: String::new(),
                weight: 78,
            },
        );
    }
    let shown = match cases(scene, "failure").as_slice() {
        [input, expected, ..] => {
            let input = input.trim_end_matches(": no failure");
            vec![format!("{input}: {}", expected.trim_start_matches("and: "))]
        }
        other => other.to_vec(),
    };
    findings.title(GROUP, fix(&scene.title()));
    let places = scene.place(index).into_iter().collect();
    findings
        .claim(index, Claim { frame: FRAME.name, group: GROUP.into(), kind: "bug", cases: shown, places });
}

static TELLS: Pattern =
    Pattern::new(r"\b(?:when|while|after|if|during|sometimes|whenever|as soon as|wenn|nachdem|beim)\b");

/// A sentence of the report that says when it happens.
fn tells(said: &Statement) -> bool {
    let apart = said.section.as_deref().is_some_and(crate::domain::plan::statement::is_apart);
    !apart && said.text.chars().count() > 24 && TELLS.is_in(&said.text)
}

static FIXES: Pattern = Pattern::new(r"^(?:fix(?:es)?|repair|correct|stop|prevent|avoid|resolve|behebe)\b");

/// The title of a report as something to do.
fn fix(title: &str) -> String {
    let title = super::short(title);
    if FIXES.is_in(&title) { title } else { format!("Fix: {title}") }
}

/// The demand that carries the reproduction.
fn first_open(scene: &Scene<'_>, findings: &Findings) -> Option<usize> {
    scene.open(findings).first().map(|(index, _)| *index)
}

struct Home<'t> {
    place: Place,
    frame: &'t TraceFrame,
    depth: usize,
}

/// The innermost frame whose file the tree has, tests and vendored files last.
fn home<'t>(scene: &Scene<'_>, trace: &'t Trace) -> Option<Home<'t>> {
    trace.frames.iter().enumerate().find_map(|(depth, frame)| {
        let path = scene.places.tail(&frame.path)?;
        let place = Place { line: Some(frame.line), ..places::existing(path) };
        Some(Home { place, frame, depth })
    })
}

fn cases(scene: &Scene<'_>, kind: &str) -> Vec<String> {
    let section = |pattern: &Pattern, text: Option<&str>| text.is_some_and(|text| pattern.is_in(text));
    let steps: Vec<&Statement> =
        scene.reading.talk.iter().filter(|said| section(&STEPS, said.section.as_deref())).collect();
    let shown = scene
        .reading
        .blocks
        .iter()
        .filter(|block| !trace::has_trace(&block.text) && !block.text.trim().is_empty())
        .max_by_key(|block| (section(&STEPS, block.section.as_deref()), std::cmp::Reverse(block.line)));
    let lines = shown.map_or(0, |block| block.text.lines().filter(|line| !line.trim().is_empty()).count());
    let command = shown
        .and_then(|block| block.text.lines().find(|line| !line.trim().is_empty()))
        .filter(|line| lines == 1 || line.trim_start().starts_with("$ "));
    let input = match (command, steps.as_slice()) {
        (Some(command), _) => {
            format!("`{}`", words::shorten(command.trim().trim_start_matches("$ ").trim_matches('`'), 80))
        }
        (None, _) if lines > 1 => {
            format!("the code from line {} on", shown.map_or(0, |block| block.line))
        }
        (None, [one]) => words::quoted(&words::shorten(&one.text, 90)),
        (None, [first, .., last]) => {
            format!(
                "the steps of lines {}–{}, up to {}",
                first.line,
                last.line,
                words::quoted(&words::shorten(&last.text, 60))
            )
        }
        (None, []) => {
            let said = scene.reading.talk.iter().find(|said| tells(said));
            let told = said
                .or(scene.reading.demands.first())
                .map_or(scene.brief.title.as_str(), |demand| &demand.text);
            words::quoted(&words::shorten(told, 90))
        }
    };
    let told = shown.is_none() && steps.is_empty();
    let mut out = match told && kind == "failure" {
        true => vec![format!("{input}: no longer")],
        false => vec![format!("{input}: no {kind}")],
    };
    let demands = scene.reading.demands.iter().filter(|demand| demand.origin != Origin::Report);
    let mut said = demands.chain(&scene.reading.talk);
    let expected = said.find(|said| section(&EXPECTED, said.section.as_deref()));
    if let Some(expected) = expected {
        out.push(format!("and: {}", words::shorten(expected.text.trim_end_matches('.'), 110)));
    }
    out
}

fn where_it_is(scene: &Scene<'_>, findings: &mut Findings, trace: &Trace, home: Option<Home<'_>>) {
    let innermost = trace.frames.first().map_or("", |frame| frame.path.as_str());
    let Some(home) = home else {
        if scene.places.known() {
            findings.ask(
                scene,
                "the place of the trace",
                Question {
                    slot: "bug.place".into(),
                    text: format!(
                        "No file of the trace is in the tree, its innermost is `{}`. Which version was it?",
                        words::shorten(innermost, 80)
                    ),
                    default: "this one".into(),
                    why: String::new(),
                    weight: 90,
                },
            );
        }
        return;
    };
    if home.depth > 0 {
        findings.read_as.push(format!(
            "`{}` is not part of this tree; the place is its caller, line {} of `{}`",
            words::shorten(places::name(innermost), 60),
            home.frame.line,
            home.place.path
        ));
    }
    let Some(function) = home.frame.function.as_deref().map(last) else { return };
    match scene.places.enclosing(&home.place.path, home.frame.line) {
        Some((name, line)) if name == function => {
            findings.read_as.push(format!("line {} lies in `{function}`, which begins at line {line}: trace and tree agree", home.frame.line));
        }
        Some((name, _)) if by_keyword(&home.place.path) => findings.ask(scene, "the version of the trace", Question {
            slot: "bug.version".into(),
            text: format!(
                "The trace has line {} in `{function}`, but here that line lies in `{name}`. Which version was it?",
                home.frame.line
            ),
            default: format!("the fault is in `{function}` all the same"),
            why: String::new(),
            weight: 75,
        }),
        Some(_) | None => {}
    }
}

/// In these languages every function begins with a keyword, so that the line's function is known for sure.
fn by_keyword(path: &str) -> bool {
    matches!(places::ending(path), "rs" | "py" | "go" | "rb" | "php")
}

fn last(function: &str) -> &str {
    function.rsplit(['.', ':', '#', '>']).next().unwrap_or(function)
}
