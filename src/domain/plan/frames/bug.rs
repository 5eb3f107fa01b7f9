//! A defect: the innermost frame of its trace that lies in the tree is the place, its steps are the case.

/// Says of what happens today that it is meant, whichever part of a report reads it.
macro_rules! meant_so {
    () => {
        r"\b(?:this|that|it) is (?:exactly )?(?:what|how) .{2,50}\b(?:is|are|was|were) (?:expected|supposed|meant|designed) to\b"
    };
}

mod called; // what its sentences call and set
mod controls; // what is right and has to stay so
mod effect; // of a call that is named
mod expected;
mod home; // where a trace leads
mod input;
mod meanwhile; // what helps until it is mended
mod purpose; // whether it is a fault at all
mod releases; // which show it
mod seen; // how to see it
mod surplus; // what comes and is too much
mod suspected; // what a maintainer takes for the cause
mod thrown; // the error that a report complains of
mod turned;
mod under; // when something fails

use self::called::{called, tried};
use self::controls::controls;
use self::effect::{effect, failing};
use self::expected::{alternatives, either, expected, faulted, joined, small};
use self::home::{home, last, where_it_is};
use self::input::{POINTS, input, ran, steps};
use self::thrown::thrown;
use self::turned::turned;
use crate::domain::plan::examples::{self, Example, Side};
use crate::domain::plan::frames::{Claim, Findings, Frame, Scene, documentation};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source::Block;
use crate::domain::plan::statement::{self, Origin, Statement};
use crate::domain::plan::trace;
use crate::domain::plan::{asks, clause, gate, words};

/// The frame.
pub static FRAME: Frame = Frame { name: "bug", read, risk: None };

const GROUP: &str = "bug";

static KIND: Pattern =
    Pattern::new(r"(?-i:((?:[\w$]+(?:\.|::|\\))*[\w$]+(?:Error|Exception|Panic|Fault))\b)");

static PANICKED: Pattern = Pattern::new(r"^panic “(.*)”$");
/// What an error inside of a panic says.
static INNER: Pattern = Pattern::new(r"\w*(?:Err|Error)\(\x22([^\x22]{3,200})\x22");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    let Some(trace) = trace::find(&scene.brief.body) else { return reported(scene, findings) };
    let home = home(scene, &trace);
    let place = home.as_ref().map(|home| home.place.clone());
    let error = home.as_ref().and_then(|home| home.frame.said.as_deref()).unwrap_or(&trace.error);
    let error = trace::said_by_log(error.trim_start_matches("*errors.errorString "));
    let panicked = PANICKED.first(error, 1).map(|said| INNER.first(said, 1).unwrap_or(said));
    let kind = match (KIND.first(&trace.error, 1), panicked) {
        (_, Some(said)) => format!("panic {}", words::quoted(&words::shorten(steady(said), 120))),
        (Some(kind), None) => kind.to_owned(),
        (None, None) => words::quoted(&words::shorten(error, 120)),
    };
    // A trace that was cut names its error nowhere.
    let named = Some(kind.as_str()).filter(|kind| !kind.contains("File \""));
    let cases = cases(scene, named);
    let title = match home.as_ref().and_then(|home| home.frame.function.as_deref()) {
        // A message is long and no name: the issue's own title says it better.
        Some(_) if kind.starts_with('“') => fix(&scene.title()),
        Some(function)
            if home.as_ref().is_some_and(|home| home.depth == 0 || home.accessor.is_some())
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
    around(scene, findings);
    leave(scene, findings);
    where_it_is(scene, findings, &trace, home);
}

/// A number so long is an address or an id that changes with each build or run: what stands before it comes again.
static PASSING: Pattern =
    Pattern::new(r"^(.{12,}?)[\s:,;({\[]*(?:\w+[:=(]\s*)*[({\[]?\b(?:\d{7,}|0x[0-9a-f]{6,})\b.*$");

/// What of a message comes again in the next run.
fn steady(said: &str) -> &str {
    PASSING.first(said, 1).unwrap_or(said)
}

/// A report without a trace: its steps and what was expected are the case.
fn reported(scene: &Scene<'_>, findings: &mut Findings) {
    if documentation::is_matter(&scene.brief.title) {
        return;
    }
    let labeled = scene.brief.labels.iter().any(|label| label.to_lowercase().contains("bug"));
    let told = scene.reading.demands.iter().any(|demand| demand.origin == Origin::Report);
    let reports = told
        || labeled && statement::is_report(scene.reading)
        || statement::is_headed(scene.reading)
        || seen::is_tried(scene);
    if !reports {
        return;
    }
    let Some((index, _)) = scene.open(findings).into_iter().next() else { return };
    let steps = !steps(scene).is_empty() || called(scene).is_some() || tried(scene).is_some();
    let shown = expected(scene).iter().any(|said| said.contains(['`', '“', '"']))
        || seen::is_conditioned(scene)
        || seen::is_called(scene)
        || faulted(scene).is_some()
        || failing(scene).is_some();
    // Whoever calls it a bug among the maintainers has seen it.
    let seen = statement::is_confirmed(scene.reading, scene.brief);
    if !steps && !shown && !seen && scene.reading.blocks.is_empty() && examples::of(scene.reading).is_empty()
    {
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
    let places = scene.place(index).map(|place| suspected::at(scene, place)).into_iter().collect();
    let cases = cases(scene, None);
    findings.claim(index, Claim { frame: FRAME.name, group: GROUP.into(), kind: "bug", cases, places });
    around(scene, findings);
    leave(scene, findings);
}

/// A revert brings the fault back, and with it the need for what went around it.
fn leave(scene: &Scene<'_>, findings: &mut Findings) {
    let own = |claim: &Option<Claim>| claim.as_ref().is_some_and(|claim| claim.frame == FRAME.name);
    if let (Some(demand), Some(line)) = (findings.claims.iter().position(own), meanwhile::told(scene)) {
        findings.leaves(demand, line);
    }
}

/// What is open about any report, and what nobody ran.
fn around(scene: &Scene<'_>, findings: &mut Findings) {
    ask_which(scene, findings);
    purpose::ask(scene, findings);
    suspected::tell(scene, findings);
    releases::still_there(scene, findings);
}

/// The command that a sentence says to be run.
pub(super) fn typed(scene: &Scene<'_>) -> Option<String> {
    ran(scene)
}

fn in_section(said: &Statement, kind: fn(&str) -> bool) -> bool {
    said.section.as_deref().is_some_and(kind)
}

/// A repair, or another deed by itself.
static DEED: Pattern = Pattern::new(
    r"^(?:(?:fix(?:es)?|repair|correct|stop|prevent|avoid|resolve|behebe)\b|(?:add|allow|permit|support|introduce|implement|provide|make|let|enable|expose) \S)",
);

/// The title of a report as something to do.
fn fix(title: &str) -> String {
    let title = super::short(title);
    if DEED.is_in(&title) || asks::says_must(&title) { title } else { format!("Fix: {title}") }
}

/// The demand that carries the reproduction.
fn first_open(scene: &Scene<'_>, findings: &Findings) -> Option<usize> {
    scene.open(findings).first().map(|(index, _)| *index)
}

/// What shows the fault gone, as far as it may be printed; where that is nothing, a test that shows the fault comes first.
fn cases(scene: &Scene<'_>, kind: Option<&str>) -> Vec<String> {
    let asked = gate::Asked { quote: &scene.brief.title, title: &scene.brief.title };
    let found: Vec<String> = told(scene, kind).into_iter().map(|case| ran_as(scene, case)).collect();
    let mut shown = gate::printed(&found, &asked);
    if !shown.is_empty() {
        shown.extend(beside(scene));
        return shown;
    }
    let input = input(scene);
    // What was expected cannot be seen; what is wrong may be.
    let turned: Vec<String> = gone(scene, &input).into_iter().collect();
    let mut shown = gate::printed(&turned, &asked);
    if !shown.is_empty() {
        shown.extend(beside(scene));
        return shown;
    }
    // Nor that: the author's own words are what it is held against.
    let said = expected::said(scene).or_else(|| expected::ruled(scene));
    let first = said.unwrap_or_else(|| clause::FAILS.to_owned());
    match input.starts_with('“') {
        true => vec![first],
        false => vec![format!("{input}: {first}")],
    }
}

/// What stands beside the case: what else shows the fault, and what is right.
fn beside(scene: &Scene<'_>) -> Vec<String> {
    [seen::still(scene), added(scene), controls(scene)].into_iter().flatten().collect()
}

/// `NOTE: hidden commands get listed, too`: what the author saw of the same fault since.
fn added(scene: &Scene<'_>) -> Option<String> {
    let talk = scene.reading.talk.iter();
    let since = talk.filter(|said| said.by.as_deref() == Some(scene.brief.author.as_str()));
    let told =
        since.filter(|said| !asks::is_question(&said.text)).find_map(|said| SINCE.first(&said.text, 1))?;
    (!OWN.is_in(told)).then(|| format!("and: no longer {}", words::quoted(&words::clipped(told, 110))))
}

/// What the author did, and what is right.
static OWN: Pattern = Pattern::new(r"\b(?:i|we|my|works?|worked|fine|fixed|tried|sent|correct\w*|thanks?)\b");
static SINCE: Pattern = Pattern::new(
    r"^\W*(?:note|nb|also|additionally|edit|p\.?s\.?|update)\W+(?:that )?(.{8,140}? (?:too|as well|also)\b.{0,40}?)[.!]?$",
);

/// The code with the command that runs it.
fn ran_as(scene: &Scene<'_>, case: String) -> String {
    let (Some(run), Some((code, outcome))) = (ran(scene), case.split_once(": ")) else { return case };
    let is_code = code.starts_with("the code of line") && !code.contains(", run as ") && !case.contains(&run);
    if is_code { format!("{code}, run as {}: {outcome}", words::code(&run)) } else { case }
}

/// Worked examples where there are any, else the steps and what was expected.
fn told(scene: &Scene<'_>, kind: Option<&str>) -> Vec<String> {
    if let Some([subject, verb, today]) = statement::denied(scene.reading) {
        return vec![format!("{subject}: {verb} not {today}")];
    }
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
                .filter(|said| !wanted.iter().any(|example| example.output == *said))
                .take(5)
                .map(|said| format!("and: {said}")),
        );
        return out;
    }
    let came = came(scene, &examples);
    // A block of output is no value of one call; of all the code it may be.
    let whole = |came: &Example| {
        let of_code = came.input.is_empty() && came.within.is_some();
        came.output.ends_with('…') || came.output.starts_with(examples::WHOLE) && !of_code
    };
    let came = came.filter(|came| !whole(came));
    let put = || came.map_or_else(|| input(scene), examples::typed);
    let input = scene.answered("bug.steps").unwrap_or_else(put);
    let came = came.map(|came| match came.is_told {
        true if came.output.contains('`') || came.output.starts_with(examples::WHOLE) => {
            format!("not {}", came.output)
        }
        true => format!("no longer {}", words::quoted(&came.output)),
        false => format!("not {}", words::code(&came.output)),
    });
    let error = kind.map(|kind| format!("no {kind}")).or(came).or_else(|| thrown(scene));
    let anyway = |kind: &str| comes_anyway(scene, kind) || is_expected(scene, kind);
    let error = error.filter(|error| error.strip_prefix("no ").is_none_or(|kind| !anyway(kind)));
    let mut wanted = expected(scene).into_iter();
    // The title is no input: what was expected says when by itself.
    let titled = input.starts_with('“') && is_title(scene, &input);
    // What was typed is the subject: once is enough.
    let of = |expected: &str| match expected.strip_prefix(input.as_str()).map(str::trim_start) {
        Some(outcome) if !outcome.is_empty() => format!("{input}: {outcome}"),
        _ => format!("{input}: {}", joined(expected)),
    };
    let mut out = match (wanted.next(), error) {
        (Some(expected), Some(error)) if titled && !repeats(&expected, &error) => vec![expected, error],
        (Some(expected), Some(error)) if !repeats(&expected, &error) => {
            vec![of(&expected), error]
        }
        (Some(expected), _) if titled => vec![expected],
        (Some(expected), _) => vec![of(&expected)],
        (None, Some(error)) => vec![format!("{input}: {error}")],
        (None, None) => gone(scene, &input).into_iter().collect(),
    };
    out.extend(wanted.take(5).map(|expected| match expected.contains(": ") && titled {
        true => expected,
        false => format!("and: {}", joined(&expected)),
    }));
    out
}

/// Are the quoted words the title, whole or cut?
fn is_title(scene: &Scene<'_>, quoted: &str) -> bool {
    let said = quoted.trim_matches(['“', '”']);
    match said.strip_suffix('…') {
        Some(head) => scene.brief.title.starts_with(head),
        None => format!("{}: ", scene.brief.title).starts_with(&format!("{said}: ")),
    }
}

/// Does the error stand in more than one of the outputs that are shown? As it is and as it should be are compared then, and it is
/// no fault that it comes.
fn comes_anyway(scene: &Scene<'_>, kind: &str) -> bool {
    let blocks = scene.reading.blocks.iter();
    blocks.filter(|block| block.text.contains(kind) && trace::error(&block.text).is_some()).count() > 1
}

/// `It should raise UploadError`: the error is what is asked for.
static DEMANDED: Pattern = Pattern::new(
    r"\b(?:should|must|shall|needs? to|ha(?:s|ve) to|ought to|(?:is|are|was|were) expected to|expect(?:ed)? (?:it |this )?to) (?:instead |rather |always |really |just |simply )?(?:rais|throw|return|report|signal|give|emit|yield|fail|end|be\b|catch|produc)[^.;\n]{0,60}?((?:[\w$]+(?:\.|::|\\))*[\w$]+(?:Error|Exception|Panic|Fault)\b)",
);

/// Stands the error in what was expected, or is it asked for? Then it has to come, with other words.
fn is_expected(scene: &Scene<'_>, kind: &str) -> bool {
    let asked = DEMANDED.all(&scene.brief.body, 1);
    if asked.into_iter().any(|error| error == kind) {
        return true;
    }
    let below = |section: &Option<String>| section.as_deref().is_some_and(asks::is_expected);
    scene.reading.blocks.iter().any(|block| {
        let led = block.lead.as_deref().and_then(asks::leads_to) == Some(asks::Leads::Wanted);
        (below(&block.section) || led) && block.text.contains(kind)
    })
}

/// What shows the fault gone where nobody says what was expected or which error came; nothing where nobody could tell.
fn gone(scene: &Scene<'_>, input: &str) -> Option<String> {
    if let Some((when, fault)) = faulted(scene) {
        let known = words::nouns(&when).is_subset(&words::nouns(input));
        let bare = WORD.replace(&when, |_| String::new());
        return Some(match input.starts_with('“') {
            true => format!("{bare}: no {fault}"),
            false if known => format!("{input}: no {fault}"),
            false => format!(
                "{}, {when}: no {fault}",
                input.split_once(", when ").map_or(input, |(input, _)| input)
            ),
        });
    }
    if let Some(effect) = effect(scene, input) {
        return Some(format!("{input}: no longer {}", words::quoted(&effect)));
    }
    if let Some(failing) = failing(scene).filter(|_| input.starts_with('“')) {
        return Some(failing);
    }
    if let Some(outcome) = turned(scene) {
        let bare = |text: &str| words::bare(text.split_once(", when ").map_or(text, |(text, _)| text));
        // The subject is what was typed: once is enough.
        let outcome = match outcome.split_once(" is ") {
            Some((subject, rest)) if bare(subject) == bare(input) => rest.to_owned(),
            _ => small(&outcome),
        };
        let has_own = gate::parts(&outcome).0.is_some();
        return Some(match () {
            // `cat` and `mkdir` only prepare: the outcome's own condition is enough.
            () if input.starts_with('“') || has_own && PREPARES.is_in(input) => outcome,
            () if has_own => format!("{}, {outcome}", without(input, &outcome)),
            () => format!("{}: {outcome}", without(input, &outcome)),
        });
    }
    if let Some(much) = surplus::surplus(&scene.brief.title) {
        return Some(format!("{input}: {much}"));
    }
    if let Some(actual) = actual(scene).filter(|actual| !surplus::is_of_reporter(actual)) {
        return Some(format!("{input}: no longer {}", words::quoted(&actual)));
    }
    lacking(scene).map(|lacking| format!("{lacking}: there"))
}

static PREPARES: Pattern =
    Pattern::new(r"^`(?:cat|ls|cd|echo|mkdir|touch|head|less|type|vi|vim|nano) [^;&|`]*`(?:$|, )");

/// What goes in, without a circumstance that the outcome tells, too.
fn without<'t>(input: &'t str, outcome: &str) -> &'t str {
    let told = CIRCUMSTANCE.captures(input).and_then(|found| Some((found.get(1)?.as_str(), found.get(2)?)));
    match told {
        Some((bare, when))
            if when.as_str().starts_with("when ") || words::stands_in(outcome, when.as_str()) =>
        {
            bare
        }
        _ => input,
    }
}

static CIRCUMSTANCE: Pattern = Pattern::new(r"^(.*?), ((?:when(?:ever)?|if) .*)$");
static WORD: Pattern = Pattern::new(r"^(?:when(?:ever)?|if|once|as soon as|every time) ");

/// One of several outcomes will do: which, is for the maintainers to say.
fn ask_which(scene: &Scene<'_>, findings: &mut Findings) {
    if let Some((first, second, stops)) = either(scene) {
        let text = format!("Either {} or {}: which?", words::quoted(&first), words::quoted(&second));
        let default = if stops { "the second, which stops nobody's work" } else { "the first" };
        findings.ask(
            scene,
            "what comes",
            Question::new("bug.either".to_owned(), text, default.to_owned(), 76),
        );
        return;
    }
    let Some((all, _)) = alternatives(scene) else { return };
    let told: Vec<String> = all.iter().take(3).map(|one| words::quoted(one)).collect();
    findings.ask(
        scene,
        "what comes instead",
        Question::new(
            "bug.either".to_owned(),
            format!("The issue takes either of {}: which?", words::list(&told)),
            "the first".to_owned(),
            76,
        ),
    );
}

/// What the issue shows to come today, with what goes in.
fn came<'e>(scene: &Scene<'_>, examples: &'e [Example]) -> Option<&'e Example> {
    let sides = examples::by_version(scene.reading);
    let led = |line: usize| {
        let blocks = || scene.reading.blocks.iter();
        let held = |block: &&Block| (block.line..block.line + block.text.lines().count()).contains(&line);
        let old = blocks().find(held).is_some_and(|block| sides.contains(&(block.line, Side::Today)));
        let lead = blocks().find(|block| block.line == line).and_then(|block| block.lead.as_deref());
        old || lead.and_then(asks::leads_to) == Some(asks::Leads::Today)
    };
    let goes_in = |example: &&Example| !example.input.is_empty() || example.within.is_some();
    let shown = |example: &&Example| example.side == Side::Today && goes_in(example);
    // What the title shows needs nobody to lead it in.
    examples.iter().filter(shown).find(|example| example.line == 0 || example.is_told || led(example.line))
}

/// Says the one what the other says?
fn repeats(expected: &str, error: &str) -> bool {
    let lower = expected.to_lowercase();
    let kind = KIND.first(error, 1).unwrap_or_default();
    lower.starts_with("no ") || lower.starts_with("not ") || (!kind.is_empty() && expected.contains(kind))
}

static LACKS: Pattern = Pattern::new(
    r"\b(?:(?:the )?lack of|missing|no longer (?:see|have|find|shows?|get)|there (?:is|are) no(?: longer)?(?: any)?)\s+(?:the |an? |any )?([^.;:]{4,110})",
);

/// Said of the one who writes: `I hope that I am not missing something`.
static UNSURE: Pattern = Pattern::new(
    r"^\W*(?:if|when|unless|without)\b|\b(?:hope|not sure|unsure|don['’]?t know|do not know|am i|i am|i['’]m) (?:\w+ ){0,5}missing\b|\bhope\b",
);

/// What the report misses.
fn lacking<'a>(scene: &Scene<'a>) -> Option<&'a str> {
    let told = |said: &&Statement| !in_section(said, asks::is_apart) && !UNSURE.is_in(&said.text);
    let said = scene.reading.talk.iter().filter(told);
    said.filter_map(|said| LACKS.first(&said.text, 1)).map(str::trim).next()
}

/// What happens today.
fn actual(scene: &Scene<'_>) -> Option<String> {
    let tells = |said: &&Statement| in_section(said, asks::is_actual) && !POINTS.is_in(&said.text);
    let said = scene.reading.talk.iter().find(tells)?;
    Some(words::clipped(said.text.trim_end_matches('.'), 90))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_with_each_build_is_no_part_of_a_message() {
        let said = "type mismatch between `size` and `Order`, got Kind { id: (81932001293847561, 12) }";
        assert_eq!(steady(said), "type mismatch between `size` and `Order`, got Kind");
        assert_eq!(steady("row 4711 has no key"), "row 4711 has no key");
    }
}
