//! A defect: the innermost frame of its trace that lies in the tree is the place, its steps are the case.

mod expected;

use self::expected::{expected, faulted, hopes};
use crate::domain::plan::asks;
use crate::domain::plan::examples::{self, Example, Side};
use crate::domain::plan::frames::{Claim, Findings, Frame, Scene};
use crate::domain::plan::mentions;
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::source::Block;
use crate::domain::plan::statement::{self, Origin, Statement};
use crate::domain::plan::trace::{self, Trace, TraceFrame};
use crate::domain::plan::{unheard, words};

/// The frame.
pub static FRAME: Frame = Frame { name: "bug", read };

const GROUP: &str = "bug";

static KIND: Pattern =
    Pattern::new(r"(?-i:((?:[\w$]+(?:\.|::|\\))*[\w$]+(?:Error|Exception|Panic|Fault))\b)");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    let Some(trace) = trace::find(&scene.brief.body) else { return reported(scene, findings) };
    let home = home(scene, &trace);
    let place = home.as_ref().map(|home| home.place.clone());
    let error = home.as_ref().and_then(|home| home.frame.said.as_deref()).unwrap_or(&trace.error);
    let error = words::shorten(trace::said_by_log(error.trim_start_matches("*errors.errorString ")), 90);
    let kind = match KIND.first(&trace.error, 1) {
        Some(kind) if !error.starts_with("panic ") => kind.to_owned(),
        _ if error.starts_with("panic ") => error,
        _ => words::quoted(&error),
    };
    let cases = cases(scene, Some(&kind));
    let title = match home.as_ref().and_then(|home| home.frame.function.as_deref()) {
        // A message is long and no name: the issue's own title says it better.
        Some(_) if kind.starts_with('“') => fix(&scene.title()),
        Some(function)
            if home.as_ref().is_some_and(|home| home.depth == 0)
                || scene.lookups.places.iter().all(Vec::is_empty) =>
        {
            format!("Fix {kind} in `{}`", last(function))
        }
        _ => fix(&scene.title()),
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
    still_there(scene, findings);
    where_it_is(scene, findings, &trace, home);
}

/// A report without a trace: its steps and what was expected are the case.
fn reported(scene: &Scene<'_>, findings: &mut Findings) {
    let labeled = scene.brief.labels.iter().any(|label| label.to_lowercase().contains("bug"));
    let told = scene.reading.demands.iter().any(|demand| demand.origin == Origin::Report);
    let reports = told || labeled && statement::is_report(scene.reading);
    if !reports {
        return;
    }
    let Some((index, _)) = scene.open(findings).into_iter().next() else { return };
    let steps = scene
        .reading
        .talk
        .iter()
        .any(|said| in_section(said, asks::is_steps) || unheard::is_numbered(scene.brief, said));
    let shown = expected(scene).iter().any(|said| said.contains('`')) || faulted(scene).is_some();
    if !steps && !shown && scene.reading.blocks.is_empty() && examples::of(scene.reading).is_empty() {
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
    findings.title(GROUP, fix(&scene.title()));
    let places = scene.place(index).into_iter().collect();
    let cases = cases(scene, None);
    findings.claim(index, Claim { frame: FRAME.name, group: GROUP.into(), kind: "bug", cases, places });
    still_there(scene, findings);
}

fn in_section(said: &Statement, kind: fn(&str) -> bool) -> bool {
    said.section.as_deref().is_some_and(kind)
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
        let line = scene.places.framed(path, (frame.line, frame.function.as_deref()));
        let place = Place { line, ..places::existing(path) };
        Some(Home { place, frame, depth })
    })
}

/// What shows the fault gone: worked examples where there are any, else the steps and what was expected.
fn cases(scene: &Scene<'_>, kind: Option<&str>) -> Vec<String> {
    let examples = examples::of(scene.reading);
    let wanted: Vec<&Example> = examples.iter().filter(|example| example.side == Side::Wanted).collect();
    if !wanted.is_empty() {
        let mut out: Vec<String> =
            wanted.iter().take(3).map(|example| examples::full(example, &examples)).collect();
        let asserted = wanted.iter().any(|example| example.within.is_some());
        out.extend(
            expected(scene)
                .into_iter()
                .filter(|said| asserted && !said.starts_with('`'))
                .take(5)
                .map(|said| format!("and: {said}")),
        );
        return out;
    }
    let came = came(scene, &examples);
    let put = || came.map_or_else(|| input(scene), examples::typed);
    let input = scene.answered("bug.steps").unwrap_or_else(put);
    let came = came.map(|came| format!("not {}", words::code(&came.output)));
    let error = kind.map(|kind| format!("no {kind}")).or(came).or_else(|| thrown(scene));
    let mut wanted = expected(scene).into_iter();
    // The title is no input: what was expected says when by itself.
    let named = format!("{}: ", input.trim_matches(['“', '”']));
    let titled = input.starts_with('“') && format!("{}: ", scene.brief.title).starts_with(named.as_str());
    let mut out = match (wanted.next(), error) {
        (Some(expected), Some(error)) if !repeats(&expected, &error) => {
            vec![format!("{input}: {}", joined(&expected)), error]
        }
        (Some(expected), _) if titled && expected.contains(':') => vec![expected],
        (Some(expected), _) => vec![format!("{input}: {}", joined(&expected))],
        (None, Some(error)) => vec![format!("{input}: {error}")],
        (None, None) => vec![gone(scene, &input)],
    };
    out.extend(wanted.take(5).map(|expected| match expected.contains(": ") && titled {
        true => expected,
        false => format!("and: {}", joined(&expected)),
    }));
    out
}

/// What shows the fault gone where nobody says what was expected or which error came.
fn gone(scene: &Scene<'_>, input: &str) -> String {
    if let Some(actual) = actual(scene) {
        return format!("{input}: no longer {}", words::quoted(&actual));
    }
    if let Some(case) = faulted(scene) {
        return case;
    }
    if let Some(lacking) = lacking(scene) {
        return format!("{lacking}: there");
    }
    let title = words::clipped(&super::short(&scene.title()), 70);
    match input.trim_matches(['“', '”']) {
        told if told == title || scene.brief.title.contains(told) => {
            format!("a test of {}, red before the change", words::quoted(&title))
        }
        told if told.contains(title.as_str()) => format!("a test of {input}, red before the change"),
        _ => format!("{input}: no longer {}", words::quoted(&title)),
    }
}

/// What the issue shows to come today, with what goes in.
fn came<'e>(scene: &Scene<'_>, examples: &'e [Example]) -> Option<&'e Example> {
    let led = |line: usize| {
        let lead = scene.reading.blocks.iter().find(|block| block.line == line)?.lead.as_deref()?;
        asks::leads_to(lead)
    };
    let shown = |example: &&Example| example.side == Side::Today && !example.input.is_empty();
    examples.iter().filter(shown).find(|example| led(example.line) == Some(asks::Leads::Today))
}

/// `fd: runs it` behind an input of its own: `fd runs it`.
fn joined(expected: &str) -> String {
    match expected.split_once(": ") {
        Some((subject, outcome)) if subject.split(' ').count() < 5 => format!("{subject} {outcome}"),
        _ => expected.to_owned(),
    }
}

/// Says the one what the other says?
fn repeats(expected: &str, error: &str) -> bool {
    let lower = expected.to_lowercase();
    let kind = KIND.first(error, 1).unwrap_or_default();
    lower.starts_with("no ") || lower.starts_with("not ") || (!kind.is_empty() && expected.contains(kind))
}

static RAISES: Pattern = Pattern::new(
    r"\b(?:rais(?:e|es|ed|ing)|throw(?:s|n|ing)?|gives?|gets?|got|fails? with|exception is|error is|results? in)\b",
);
static THROWN: Pattern = Pattern::new(
    r"(?:results? in|gives?|throws?|raises?|causes?|fails with|with an?)\s+`?((?:[\w$]+(?:\.|::))*[\w$]*(?:Error|Exception)\b[^`]{0,90})`?$",
);

/// The error that a title complains of.
fn thrown(scene: &Scene<'_>) -> Option<String> {
    let title = scene.brief.title.trim();
    match THROWN.first(title, 1) {
        Some(error) => Some(format!("not {}", words::code(&error.replace('`', "")))),
        None => {
            // An error that was expected is not to be forbidden.
            let wished = |section: &Option<String>| section.as_deref().is_some_and(asks::is_expected);
            let blocks = || scene.reading.blocks.iter().filter(|block| !wished(&block.section));
            let logged = || blocks().find_map(|block| trace::error(&block.text));
            let told = || {
                scene
                    .reading
                    .talk
                    .iter()
                    .filter(|said| RAISES.is_in(&said.text) && !in_section(said, asks::is_expected))
                    .find_map(|said| KIND.first(&said.text, 1))
            };
            let kind = KIND.first(title, 1).or_else(|| KIND.first(logged()?, 1)).or_else(told)?;
            let last = kind.rsplit([':', '.', '\\']).next().unwrap_or(kind);
            Some(format!("no {last}"))
        }
    }
}

/// What goes in: the command, the steps, the snippet, or the sentence that tells.
fn input(scene: &Scene<'_>) -> String {
    let told =
        |kind: &dyn Fn(&Statement) -> bool| scene.reading.talk.iter().filter(|said| kind(said)).collect();
    let mut steps: Vec<&Statement> = told(&|said| in_section(said, asks::is_steps));
    if steps.is_empty() {
        steps = told(&|said| unheard::is_numbered(scene.brief, said));
    }
    let spans = steps.iter().flat_map(|said| mentions::spans(&said.text));
    let typed: Vec<&str> =
        spans.filter(|(part, code)| *code && part.trim().contains(' ')).map(|(part, _)| part).collect();
    if let ([typed], 1) = (typed.as_slice(), steps.len()) {
        return words::code(&words::shorten(typed.trim(), 80));
    }
    let block = block(scene);
    let command = block.as_ref().and_then(|block| command(block));
    let told = told_steps(&steps);
    let listed = steps.first().zip(steps.last()).is_some_and(|(first, last)| last.line > first.line);
    if let (false, None, Some(typed)) = (listed, &block, prompted(scene)) {
        return typed;
    }
    match (command, steps.as_slice(), block) {
        (Some(command), _, _) => words::code(&words::shorten(&command, 80)),
        (None, [_, _, ..], None) if told.is_some() => told.unwrap_or_default(),
        (None, [first, .., last], None) if listed => format!(
            "the steps of lines {}–{}, up to {}",
            first.line,
            last.line,
            words::quoted(&words::shorten(&last.text, 60))
        ),
        (None, _, Some(block)) => snippet(scene, block),
        (None, [one, ..], None) => words::quoted(&words::shorten(&one.text, 90)),
        (None, [], None) => {
            let said = scene.reading.talk.iter().find(|said| tells(said));
            let told = said
                .or(scene.reading.demands.first())
                .map_or(scene.brief.title.as_str(), |demand| &demand.text);
            words::quoted(&words::clipped(told, 90))
        }
    }
}

/// What was typed at a prompt, above the trace that came of it.
fn prompted(scene: &Scene<'_>) -> Option<String> {
    let traced = scene.reading.blocks.iter().find(|block| trace::has_trace(&block.text))?;
    let typed = examples::typed_at_prompt(traced.text.lines().find(|line| !line.trim().is_empty())?)?;
    Some(words::code(&words::shorten(&typed.trim().replace('`', "'"), 80)))
}

/// A few short steps, one after the other.
fn told_steps(steps: &[&Statement]) -> Option<String> {
    let bare = |said: &&Statement| said.text.trim().trim_end_matches(['.', ';', ',']).to_owned();
    let told = steps.iter().map(bare).collect::<Vec<_>>().join(", ");
    (steps.len() < 6 && told.chars().count() <= 160).then_some(told)
}

/// The snippet that shows the fault: below the steps first, never a log or an environment.
fn block<'a>(scene: &Scene<'a>) -> Option<&'a Block> {
    let names = examples::names(&scene.brief.title);
    let shows = |block: &&Block| {
        let section = block.section.as_deref().unwrap_or_default();
        let circumstance = asks::is_apart(section) && !asks::is_steps(section);
        let outcome = asks::is_expected(section) || asks::is_actual(section);
        !circumstance && !outcome && !block.text.trim().is_empty() && !trace::has_trace(&block.text)
    };
    scene.reading.blocks.iter().filter(shows).max_by_key(|block| {
        let steps = block.section.as_deref().is_some_and(asks::is_steps);
        let telling = examples::telling_line(block, &names).is_some();
        let titled = scene.brief.title.contains(block.text.trim());
        let called = names.iter().filter(|name| block.text.contains(name.as_str())).count();
        (steps, titled, telling, called, std::cmp::Reverse(block.line))
    })
}

/// What is typed, where a block is one command.
fn command(block: &Block) -> Option<String> {
    let lines: Vec<&str> = block.text.lines().filter(|line| !line.trim().is_empty()).collect();
    match lines.as_slice() {
        [only] if !only.contains("://") => {
            Some(only.trim().trim_start_matches("$ ").trim_matches('`').to_owned())
        }
        [first, ..] if first.trim_start().starts_with("$ ") => {
            Some(first.trim().trim_start_matches("$ ").to_owned())
        }
        _ => None,
    }
}

fn snippet(scene: &Scene<'_>, block: &Block) -> String {
    let last = block.line + block.text.trim_end().lines().count().saturating_sub(1);
    let lines = match last > block.line {
        true => format!("the code of lines {}–{last}", block.line),
        false => format!("the code of line {last}"),
    };
    match examples::telling_line(block, &examples::names(&scene.brief.title)) {
        Some(line) => format!("{lines}, with {}", words::code(&line)),
        None => lines,
    }
}

static LACKS: Pattern = Pattern::new(
    r"\b(?:(?:the )?lack of|missing|no longer (?:see|have|find|shows?|get)|there (?:is|are) no(?: longer)?(?: any)?)\s+(?:the |an? |any )?([^.;:]{4,110})",
);

/// Said of the one who writes: `I hope that I am not missing something`.
static UNSURE: Pattern = Pattern::new(
    r"\b(?:hope|not sure|unsure|don['’]?t know|do not know|am i|i am|i['’]m) (?:\w+ ){0,5}missing\b|\bhope\b",
);

/// What the report misses.
fn lacking<'a>(scene: &Scene<'a>) -> Option<&'a str> {
    let told = |said: &&Statement| !in_section(said, asks::is_apart) && !UNSURE.is_in(&said.text);
    let said = scene.reading.talk.iter().filter(told);
    said.filter_map(|said| LACKS.first(&said.text, 1)).map(str::trim).next()
}

/// What happens today.
fn actual(scene: &Scene<'_>) -> Option<String> {
    let said = scene.reading.talk.iter().find(|said| in_section(said, asks::is_actual))?;
    Some(words::clipped(said.text.trim_end_matches('.'), 90))
}

static TELLS: Pattern =
    Pattern::new(r"\b(?:when|while|after|if|during|sometimes|whenever|as soon as|even|wenn|nachdem|beim)\b");

/// A sentence of the report that says when it happens.
fn tells(said: &Statement) -> bool {
    let apart = in_section(said, asks::is_apart);
    let plain = !asks::proposes(&said.text) && !asks::is_question(&said.text);
    !apart
        && plain
        && !hopes(said)
        && !in_section(said, asks::is_expected)
        && said.text.chars().count() > 24
        && TELLS.is_in(&said.text)
}

static UPGRADE: Pattern = Pattern::new(
    r"(?:upgrad\w*|updat\w*|mov\w*|switch\w*) (?:it )?(?:from|form) (?:[\w.-]+ )?`?v?(\d[\w.]*\w)`? to (?:[\w.-]+ )?`?v?(\d[\w.]*\w)`?",
);
static SEEN: Pattern = Pattern::new(r"((?:[A-Za-z][\w./-]*[\s:@,=v(`*]{1,4}){0,3})(\d+\.\d[\w.-]*)");
/// Words before a version that name nothing.
static GENERIC: Pattern = Pattern::new(
    r"^(?:(?:the|a|on|in|with|using|running|i|i['’]?m|am|version|versions|package|library|release|latest|current|v|at|since|from|is|affected)\W*)*$",
);

/// The version of the package itself, never that of what it runs on.
fn own_version(text: &str, repository: &str) -> Option<String> {
    let plain =
        |name: &str| -> String { name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect() };
    let own = plain(repository);
    for line in text.lines() {
        for label in SEEN.all(line, 1) {
            let Some(version) = line.split_once(label).and_then(|(_, rest)| SEEN.first(rest, 2)) else {
                continue;
            };
            let named =
                label.split(|c: char| c.is_whitespace() || matches!(c, ':' | '@' | '=' | ',' | '(' | '`'));
            let is_own = |word: &str| {
                let word = plain(word);
                word.len() > 2
                    && own.len() > 2
                    && (word == own || own.starts_with(&word) && own.len() - word.len() < 3)
            };
            if let Some(name) = named.into_iter().find(|word| is_own(word)) {
                return Some(format!("{name} {version}"));
            }
            if GENERIC.is_in(label) {
                return Some(version.to_owned());
            }
        }
    }
    None
}

/// A report tells of some version; nobody ran it at this commit.
fn still_there(scene: &Scene<'_>, findings: &mut Findings) {
    if let Some(found) = UPGRADE.captures(&scene.brief.body)
        && let (Some(old), Some(new)) = (found.get(1), found.get(2))
    {
        findings.read_as.push(format!("it came between {} and {}", old.as_str(), new.as_str()));
    }
    let versions = scene.reading.talk.iter().filter(|said| {
        said.section.as_deref().is_some_and(|section| {
            section.to_lowercase().contains("version") || section.to_lowercase().contains("environment")
        })
    });
    let blocks = scene.reading.blocks.iter().filter(|block| {
        block.section.as_deref().is_some_and(|section| section.to_lowercase().contains("version"))
    });
    let said = versions.map(|said| said.text.as_str()).chain(blocks.map(|block| block.text.as_str()));
    let repository = &scene.places.snapshot.repository.name;
    let seen = said.take(6).find_map(|text| own_version(text, repository));
    let base = scene.base();
    findings.not_checked.push(match seen {
        Some(seen) => {
            format!("whether {base} still shows it; it was seen with {}", words::shorten(&seen, 60))
        }
        None => format!("whether {base} shows it"),
    });
}

fn where_it_is(scene: &Scene<'_>, findings: &mut Findings, trace: &Trace, home: Option<Home<'_>>) {
    let innermost = trace.frames.first().map_or("", |frame| frame.path.as_str());
    let Some(home) = home else {
        if scene.places.known() {
            findings.read_as.push(format!(
                "no file of the trace is in the tree, its innermost is `{}`",
                words::shorten(innermost, 80)
            ));
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
            findings.read_as.push(format!(
                "line {} lies in `{function}`, which begins at line {line}: trace and tree agree",
                home.frame.line
            ));
        }
        // Another version's line; the function is there, so that asking for the version would change nothing.
        Some((name, _)) if by_keyword(&home.place.path) => findings.read_as.push(format!(
            "line {} of the trace lies in `{name}` here: taken as `{function}` of another version",
            home.frame.line
        )),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_the_one_of_the_package_itself() {
        let of = |text: &str| own_version(text, "ledger").unwrap_or_default();
        assert_eq!(of("Python version: 3.8\nLedger version: 7.1.2"), "Ledger 7.1.2");
        assert_eq!(of("Running ledger 0.23.2 with CPython 3.10 on Linux"), "ledger 0.23.2");
        assert_eq!(of("Version: 2.5"), "2.5");
        assert_eq!(of("macOS 14.2, Node 20.1"), "");
    }
}
