//! What the author asks in a sentence that became no demand: why it is asked, or a question whether it belongs to it. Nothing
//! that an author would have is left aside without a word to them.

use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::model::{Plan, Question, Requirement};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::Statement;
use crate::domain::plan::{asks, clause, gate, unheard, words};

/// Most sentences that are asked about.
const ASKED: usize = 2;
/// Longest quotation, in characters.
const LONG: usize = 140;
/// With fewer words that mean something a sentence says only `please fix`.
const TELLING: usize = 3;

/// Tells what its writer is after with all of it.
static WHY: Pattern = Pattern::new(
    r"^\W*(?:for \w+,? (?:i|we) (?:need|want)|(?:i['’]d|we['’]d|i would|we would) (?:really )?(?:like|love|want) (?:to (?:have |get |find )?(?:a|some|any) way|to be able)|(?:i|we) (?:need|want) (?:this|that|it|these|those)|what (?:i|we) (?:really )?(?:need|want) is|(?:my|our) (?:use[- ]case|goal|aim)|(?:i|we)['’ ]?(?:['’]?m|['’]?re| am| are) (?:trying|looking|in the (?:middle|process))|(?:it|this|that) (?:would|will) (?:\w+ )?(?:help|make|allow|save|spare))\b",
);
/// Another way, or one for later.
static INSTEAD: Pattern = Pattern::new(
    r"^\W*(?:ideally|alternatively|eventually|later|maybe|perhaps|bonus|even better|as a bonus)\b|\binstead\W*$|\b(?:in the future|nice to have|at some point|as a bonus|in a (?:separate|later|second))\b",
);

/// Bound to something that is to be, instead of a thought on what there is.
static MORE: Pattern = Pattern::new(
    r"\b(?:should|must|needs? to|ought to|would (?:also |really )?(?:like|love|prefer)|['’]d (?:also |really )?(?:like|love|prefer))\b",
);

/// Says what has to be.
static MUST: Pattern = Pattern::new(r"\b(?:should|must|needs? to|has to|ought to)\b");
/// What one sees of it.
static SEEN: Pattern = Pattern::new(
    r"\b(?:throws?|raises?|prints?|returns?|shows?|fails?|exits?|warns?|logs?|refuses?|rejects?|writes?|lists?|answers?|outputs?|stops?|thrown|raised|printed|returned|shown|refused|rejected|written|listed)\b",
);

/// A demand that nothing shows done yet is shown by the sentence in which its author says what must be.
pub fn show(scene: &Scene<'_>, findings: &Findings, requirements: &mut [Requirement]) {
    // Of a long text any sentence may say it, and most say something else.
    if scene.reading.is_long {
        return;
    }
    let own = requirements.iter().enumerate().filter(|(_, one)| one.by.is_none());
    let mut bare = own.filter(|(_, one)| is_bare(one)).map(|(at, _)| at);
    let (Some(at), None) = (bare.next(), bare.next()) else { return };
    let told = requirements.iter().flat_map(|one| one.cases.iter().chain([&one.quote]));
    let mut known: Vec<String> = told.cloned().collect();
    known.extend(findings.questions.iter().map(|question| question.text.clone()));
    let must = |said: &&Statement| {
        MUST.is_in(&said.text)
            && !unheard::is_way(&said.text)
            && !INSTEAD.is_in(&said.text)
            && words::nouns(&said.text).len() >= TELLING
    };
    let all = unheard::own(scene.brief, scene.reading, &known);
    let Some(said) = all.into_iter().find(must) else { return };
    if let Some(requirement) = requirements.get_mut(at) {
        let asked = gate::Asked { quote: &requirement.quote, title: &scene.brief.title };
        let case: Vec<String> = clause::case(&said.text).into_iter().collect();
        let shown = gate::printed(&case, &asked);
        match shown.is_empty() {
            false => requirement.cases = shown,
            // Too long or too winding for a case, it still says what one sees.
            true if SEEN.is_in(&said.text) => requirement.cases = vec![quote(said, LONG + 60)],
            true => {}
        }
    }
}

fn quote(said: &Statement, most: usize) -> String {
    words::quoted(words::shorten(&said.text, most).trim_end_matches('.'))
}

/// Is there nothing to see of it but a test?
fn is_bare(requirement: &Requirement) -> bool {
    requirement.cases.iter().all(|case| clause::is_bare_test(case))
}

/// Says or asks of each what it is taken for.
pub fn ask(scene: &Scene<'_>, findings: &mut Findings, plan: &Plan) {
    let mut known = unheard::known(plan);
    known.extend(findings.questions.iter().map(|question| question.text.clone()));
    known.extend(findings.read_as.iter().cloned());
    let all = unheard::own(scene.brief, scene.reading, &known);
    let telling = |said: &&Statement| {
        let asks = WHY.is_in(&said.text) || MORE.is_in(&said.text) && asks::has_ask(&said.text);
        // What was expected is the case.
        let expected = said.section.as_deref().is_some_and(asks::is_expected);
        asks && !expected && words::nouns(&said.text).len() >= TELLING
    };
    let (why, asked): (Vec<&Statement>, Vec<&Statement>) =
        all.into_iter().filter(telling).partition(|said| WHY.is_in(&said.text) && !INSTEAD.is_in(&said.text));
    if let Some(said) = why.first() {
        findings.read_as.push(format!("line {} says why: {}", said.line, quote(said, LONG)));
    }
    // Whoever writes at length argues in many sentences; the lines that were left aside are named.
    let most = if scene.reading.is_long { 0 } else { ASKED };
    for said in asked.into_iter().take(most) {
        // Of a fault it says what is right, in other words.
        if scene.reading.tells_fault && !INSTEAD.is_in(&said.text) {
            findings.read_as.push(format!("line {} says the same: {}", said.line, quote(said, LONG)));
            continue;
        }
        let default = match INSTEAD.is_in(&said.text) {
            true => "no; it can follow",
            false => "yes, whoever takes this does that, too",
        };
        let slot = format!("aside.{}", words::bare(&words::shorten(&said.text, 60)));
        let text = format!("Does line {} belong to it: {}?", said.line, quote(said, LONG));
        findings.ask(
            scene,
            &format!("line {}", said.line),
            Question::new(slot, text, default.to_owned(), 60),
        );
    }
}
