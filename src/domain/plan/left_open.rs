//! What the issue itself leaves to be decided: its open questions, and what should come “either … or”.

use crate::domain::plan::asks;
use crate::domain::plan::beside;
use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::questions;
use crate::domain::plan::signature;
use crate::domain::plan::statement::{self, Statement};
use crate::domain::plan::words;

/// How the slots of these questions begin.
pub const OPEN: &str = "open.";
/// Most of them that are asked.
const LIMIT: usize = 4;

/// The slot of what asks for opinions, and that of another way that a maintainer prefers.
const ASKS_FOR_OPINIONS: &str = "open.opinions";
const ANOTHER_WAY: &str = "open.another way";

static OPINIONS: Pattern =
    Pattern::new(r"^\W*(?:rfc|request for comments?)\W*?(?:[\]:–—]|-\s|$)|[\[(]rfc[\])]\W*$");

/// What is not decided as a whole, for the first line of the plan.
pub fn first(questions: &[Question]) -> Option<String> {
    let has = |slot: &str| questions.iter().any(|question| question.slot == slot);
    match () {
        () if has(ANOTHER_WAY) => Some("Undecided: a maintainer would have it another way".to_owned()),
        () if has(ASKS_FOR_OPINIONS) => {
            Some("Undecided: the issue asks for opinions, and no maintainer has said yes".to_owned())
        }
        () => None,
    }
}

fn opinions(scene: &Scene<'_>, findings: &mut Findings) {
    let triages = |login: &str| login != scene.brief.author && scene.brief.triages(login);
    let says_yes = |said: &Statement| said.by.as_deref().is_some_and(triages) && asks::accepts(&said.text);
    let reading = scene.reading;
    if !OPINIONS.is_in(&scene.brief.title)
        || reading.declined.is_some()
        || reading.talk.iter().chain(&reading.demands).any(says_yes)
    {
        return;
    }
    let title = words::quoted(&words::shorten(&scene.brief.title, 100));
    let question = format!("{title} asks for opinions. Is it wanted, and as the issue describes it?");
    let default = "nothing is built before a maintainer says so".to_owned();
    findings.ask(scene, "opinions", Question::new(ASKS_FOR_OPINIONS.to_owned(), question, default, 90));
}

/// Says what one dislikes.
static COMPLAINS: Pattern = Pattern::new(
    r"^\W*(?:it|this|that)(?:['’]s| is) (?:\w+ )?(?:magic(?:al)?|confusing|weird|strange|odd|surprising|unexpected|unintuitive|annoying|ugly|inconsistent|awkward|misleading) (?:that|how|when|to)\b|^\W*.{3,60} (?:is|are) (?:\w+ )?(?:confusing|weird|strange|surprising|unintuitive|annoying|ugly|awkward|misleading)\W*$",
);
static UNSURE_LABEL: Pattern =
    Pattern::new(r"^(?:type: ?|kind[/:] ?)?(?:question|discussion|needs[- ]decision|rfc)s?$");

/// What is disliked is told, and nothing of what should come in its place.
fn complaint(scene: &Scene<'_>, findings: &mut Findings) {
    let title = &scene.brief.title;
    let labeled = scene.brief.labels.iter().any(|label| UNSURE_LABEL.is_in(label));
    let asked = |said: &Statement| said.line > 0 && (asks::has_ask(&said.text) || asks::expects(&said.text));
    let said = scene.reading.demands.iter().chain(&scene.reading.talk).any(asked);
    let complains = COMPLAINS.is_in(title)
        || labeled && !asks::is_question(title) && !asks::is_imperative(title) && !asks::demands(title);
    if !complains || said || scene.reading.tells_fault {
        return;
    }
    let title = words::quoted(&words::shorten(title, 80));
    let question = format!("{title} says what is there today. What should come in its place?");
    let default =
        "nothing that changes today's behavior for who relies on it: an option for the other way".to_owned();
    findings.ask(
        scene,
        "what should come",
        Question::new(questions::INSTEAD.to_owned(), question, default, 88),
    );
}

/// Who of those who may triage agrees with the whole of it in one short comment.
fn agreed<'a>(scene: &Scene<'a>) -> Option<&'a str> {
    let brief = scene.brief;
    let last =
        brief.comments.iter().rfind(|said| said.author != brief.author && brief.triages(&said.author))?;
    let short = last.body.len() < SHORT && AGREES.is_in(&last.body) && !LIMITS.is_in(&last.body);
    short.then_some(last.author.as_str())
}

/// As long as a comment that only agrees, in bytes.
const SHORT: usize = 160;
static AGREES: Pattern = Pattern::new(
    r"\b(?:seems|sounds|looks) (?:very |totally |perfectly )?(?:reasonable|good|great|fine|useful|right)\b|\bgood idea\b|\bmakes sense\b|\bi like (?:this|it|that)\b|\bagreed\b|^\W*(?:yes|sure|\+1)\b",
);
static LIMITS: Pattern =
    Pattern::new(r"\b(?:but|not|however|except|only|if|unless|instead|rather|first)\b|n['’]t\b|\?");

/// Asks what the author asks, with what the author proposes as the default.
pub fn ask(scene: &Scene<'_>, findings: &mut Findings) {
    opinions(scene, findings);
    complaint(scene, findings);
    let (others, open): (Vec<_>, Vec<_>) =
        scene.reading.left_open.iter().partition(|said| {
            said.by.is_some() && (asks::prefers(&said.text) || asks::names_way(&said.text))
        });
    another_way(scene, findings, &others);
    for open in open.into_iter().take(LIMIT) {
        if let Some([when, first, second]) = asks::leaves_choice(&open.text) {
            put(scene, findings, &format!("{when}: {first}, or {second}?"), first.to_owned());
            continue;
        }
        if let Some(more) = asks::possibly(&open.text).filter(|_| open.by.is_none()) {
            let told = words::quoted(more.trim());
            let default = match agreed(scene) {
                Some(by) => format!("yes, {by} agrees"),
                None => "no".to_owned(),
            };
            put(scene, findings, &format!("Also {told}? The issue only says “possibly”."), default);
            continue;
        }
        if let Some(by) = open.by.as_deref().filter(|_| asks::leans(&open.text)) {
            let told = words::quoted(&words::shorten(open.text.trim_end_matches('.'), 180));
            findings.ask(
                scene,
                by,
                Question::new(
                    format!("{OPEN}leans.{}", words::bare(&words::shorten(&open.text, 60))),
                    format!("{by} leans one way: {told}. Is it that?"),
                    format!("yes, as {by} says"),
                    88,
                ),
            );
            continue;
        }
        if let Some((by, [one, other])) = open.by.as_deref().zip(asks::offers_ways(&open.text)) {
            let [one, other] = [one, other].map(|way| words::quoted(&words::shorten(way.trim(), 100)));
            let question = format!("{by} sees two ways: {one} or {other}. Does one of them belong to this?");
            let slot = format!("{OPEN}ways.{}", words::bare(&words::shorten(&open.text, 60)));
            let default = "no, the issue is done as it asks".to_owned();
            findings.ask(scene, by, Question::new(slot, question, default, 72));
            continue;
        }
        if let Some(by) = open.by.as_deref().filter(|_| asks::asks_for_more(&open.text)) {
            let told = format!("{by} asks: {}", words::quoted(&words::shorten(&open.text, 140)));
            put(scene, findings, &told, against(scene, by));
            continue;
        }
        let (question, proposal) = parts(open);
        let suggested = suggestion(scene, open).map(|said| {
            let who = open.by.as_deref().unwrap_or(&scene.brief.author);
            let quote = words::quoted(&words::shorten(said.trim_end_matches(['.', '?', ' ']), 110));
            format!("as {who} suggests: {quote}")
        });
        if let Some(suggested) = suggested.filter(|_| proposal.is_none()) {
            put(scene, findings, &question, suggested);
            continue;
        }
        let default = proposal.map_or_else(
            || match &open.by {
                Some(_) => "open until a maintainer decides".to_owned(),
                None => "as the proposal shows it; whoever reviews decides".to_owned(),
            },
            |said| words::shorten(said.trim_end_matches('.'), 110),
        );
        put(scene, findings, &question, default);
    }
    either(scene, findings);
    beside::ask(scene, findings);
    signature::ask(scene, findings);
}

static AGAINST: Pattern = Pattern::new(
    r"\bno (?:clean|good|easy|simple|nice) way\b|\bnot (?:possible|needed|necessary|worth)\b|\b(?:don['’]t think|overkill|rarely|unlikely)\b",
);

/// Whether more is to be done: not now, in the words of another maintainer where one speaks against it.
fn against(scene: &Scene<'_>, by: &str) -> String {
    let other = |login: &str| login != by && scene.brief.triages(login);
    let said = scene.reading.talk.iter().skip_while(|said| said.by.is_none());
    let mut said = said.filter_map(|said| Some((said.by.as_deref()?, &said.text)));
    match said.find(|(login, text)| other(login) && AGAINST.is_in(text)) {
        Some((login, text)) => {
            format!("no; {login} says: {}", words::quoted(&words::shorten(text.trim_end_matches('.'), 110)))
        }
        None => "no; it can follow later".to_owned(),
    }
}

/// What maintainers would have in place of what the issue asks, each in the words of its writer.
fn another_way(scene: &Scene<'_>, findings: &mut Findings, ways: &[&Statement]) {
    let Some(last) = ways.last() else { return };
    let by = last.by.as_deref().unwrap_or_default();
    let told = |said: &Statement, most| words::quoted(&words::shorten(said.text.trim_end_matches('.'), most));
    let (question, default) = match ways {
        [.., other, _] => {
            let question = format!(
                "{} says {}, {by} {}: which way, or as the issue asks?",
                other.by.as_deref().unwrap_or_default(),
                told(other, 110),
                told(last, 110)
            );
            (question, format!("as {by} says"))
        }
        _ => {
            let told = told(last, 160);
            let question = format!("{by} says: {told}. Is that the way, in place of what the issue asks?");
            (question, format!("yes, as {by} says"))
        }
    };
    findings.ask(scene, by, Question::new(ANOTHER_WAY.to_owned(), question, default, 90));
}

/// What its writer would do, in the sentence behind it.
fn suggestion<'a>(scene: &Scene<'a>, open: &Statement) -> Option<&'a str> {
    let reading = scene.reading;
    let behind = |said: &&Statement| {
        let near = (open.line..=open.line + NEAR).contains(&said.line) && said.text != open.text;
        near && said.by == open.by && said.section == open.section && MAYBE.is_in(&said.text)
    };
    let all = reading.talk.iter().chain(&reading.demands).chain(&reading.left_open);
    all.filter(behind).min_by_key(|said| said.line).map(|said| said.text.as_str())
}

/// So many lines below, at most.
const NEAR: usize = 2;
static MAYBE: Pattern = Pattern::new(
    r"^\W*(?:maybe|perhaps|possibly|probably|i(?:['’]d| would) (?:suggest|say|go|prefer|lean|use|keep)|my (?:suggestion|preference|guess)|(?:we|one|you) could)\b",
);

fn put(scene: &Scene<'_>, findings: &mut Findings, question: &str, default: String) {
    let told = words::shorten(question, 140);
    let slot = format!("{OPEN}{}", words::bare(&words::shorten(question, 60)));
    findings.ask(
        scene,
        &words::quoted(&words::shorten(question, 60)),
        Question::new(slot, told, default, 72),
    );
}

/// The question of a point, and what its writer proposes beside it.
fn parts(open: &Statement) -> (String, Option<&str>) {
    let text = open.text.as_str();
    let who = open.by.as_deref().unwrap_or("The issue");
    let sentences: Vec<&str> =
        words::sentences(text).into_iter().filter_map(|range| text.get(range)).map(str::trim).collect();
    let question = sentences.iter().find(|part| asks::is_question(part));
    let proposal = sentences.iter().find(|part| !asks::is_question(part) && asks::mentions_wish(part));
    let told = || {
        let said = words::shorten(text.trim_end_matches(['.', ',']), 100);
        format!("{who} leaves open: {}. What is decided?", words::quoted(&said))
    };
    if open.by.is_some() {
        return (told(), None);
    }
    (question.map_or_else(told, |part| (*part).to_owned()), proposal.copied())
}

static EITHER: Pattern = Pattern::new(r"\beither (?:this |it )?(.{4,80}?),? or (.{4,90}?)[.!]?$");
/// `It should be reloaded, or at least a warning should be printed`: the lesser one would do.
static AT_LEAST: Pattern =
    Pattern::new(r"^[\s(]*(.{12,110}?)[,;]? \(?or,? at (?:the )?(?:very )?least,? (.{8,100}?)\)?[.!]?$");
/// Ends something that people can do today.
static TAKES_AWAY: Pattern = Pattern::new(
    r"^\W*(?:it |to |should )*(?:stop|refuse|reject|disallow|forbid|prohibit|deny|throw|raise|error|fail|drop|remove|disable|not (?:accept|allow|support))\b",
);
/// `Configurable (either by a flag or by the file)`.
static IN_PARENTHESES: Pattern = Pattern::new(r"\(either ([^()]{3,80}?),? or ([^()]{3,90})\)");
static COULD: Pattern =
    Pattern::new(r"\b(?:we|you|it|one|i) (?:could|can|should|would|might)\b|\blet['’]s\b");

/// `Either it works or it says why`: which, with a maintainer's proposal as the default.
fn either(scene: &Scene<'_>, findings: &mut Findings) {
    let reading = scene.reading;
    // What people have to do today leaves nothing open.
    let own = |said: &&Statement| {
        let wishes = asks::says_must(&said.text) || asks::expects(&said.text);
        said.by.is_none() && wishes && !statement::is_own(&said.text)
    };
    let said = reading.demands.iter().chain(&reading.talk).filter(own);
    let aside = reading.demands.iter().filter(|said| said.by.is_none());
    let mut aside = aside.filter_map(|said| IN_PARENTHESES.captures(&said.text));
    let mut said =
        said.filter_map(|said| EITHER.captures(&said.text).or_else(|| AT_LEAST.captures(&said.text)));
    let found = aside.next().or_else(|| said.next());
    let Some(found) = found else { return };
    let part = |group: usize| found.get(group).map_or("", |it| it.as_str());
    let (first, second) = (part(1), part(2));
    let triages = |login: &str| scene.brief.triages(login);
    let proposed = reading.talk.iter().chain(&reading.demands).rfind(|said| {
        said.by.as_deref().is_some_and(triages) && COULD.is_in(&said.text) && !asks::declines(&said.text)
    });
    let default = match proposed {
        Some(said) => format!(
            "as {} proposes: {}",
            said.by.as_deref().unwrap_or_default(),
            words::quoted(&words::shorten(said.text.trim_end_matches('.'), 110))
        ),
        None if TAKES_AWAY.is_in(first) && !TAKES_AWAY.is_in(second) => {
            "the second, which refuses nothing that works today".to_owned()
        }
        None => "the first".to_owned(),
    };
    let question = format!("Either {} or {}: which?", words::quoted(first), words::quoted(second));
    put(scene, findings, &question, default);
}
