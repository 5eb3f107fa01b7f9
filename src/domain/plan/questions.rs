//! What to ask beyond the frames: missing names, demands nobody could see done, duplicates, and wishes too vague to cut.

mod missing; // names that are not in the tree

use std::collections::BTreeSet;

use crate::domain::brief::State;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::examples::{self, Side};
use crate::domain::plan::frames::{self, Claim, Findings, Scene};
use crate::domain::plan::model::{Question, Requirement};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::said::VAGUE;
use crate::domain::plan::statement::{self, Origin, Statement};
use crate::domain::plan::{
    answered, asks, classify, clause, clues, cover, dependencies, items, mentions, shown, titles, words,
};

pub use self::missing::missing;

/// The slot of what should come in the place of what is disliked.
pub const INSTEAD: &str = "open.instead";

/// Most issues with such a title that are asked about, one by one.
const DUPLICATES: usize = 3;

/// Likeness of titles from which two issues may be one.
const DUPLICATE: f64 = 0.6;

fn observable(scene: &Scene<'_>, id: &str) -> String {
    let number: usize = id.trim_start_matches('R').parse().unwrap_or(0);
    scene.slot("observable", number.saturating_sub(1))
}

/// Demands without anything one could see: they make no work item until somebody says what shows them done.
pub fn unobservable(scene: &Scene<'_>, findings: &mut Findings, requirements: &mut [Requirement]) {
    let mut silent: Vec<(String, String)> = Vec::new();
    let any_shown = requirements.iter().any(|requirement| !requirement.cases.is_empty());
    let mut found: Vec<bool> =
        requirements.iter().enumerate().map(|(index, one)| items::is_found(scene, index, one)).collect();
    // Where something is shown to try, what is asked first is work, whoever still has to say what one sees.
    let undecided = findings.questions.iter().any(|question| question.slot == INSTEAD);
    let none = !found.contains(&true);
    if let Some(first) = found.first_mut()
        && none
        && !any_shown
        && !undecided
        && (shows(scene) || requirements.first().is_some_and(is_sited))
        && !is_inquiry(scene)
        && !requirements.iter().any(|one| one.within.is_some())
    {
        *first = true;
    }
    let open = |requirement: &Requirement| requirement.cases.is_empty();
    for (index, requirement) in requirements.iter_mut().enumerate().filter(|(_, one)| open(one)) {
        let slot = observable(scene, &requirement.id);
        let answer = scene.answer(&slot).or_else(|| scene.answer("observable"));
        match answer.filter(|answer| answered::tells(scene, &answer.text)) {
            Some(answer) => requirement.cases.push(words::on_one_line(&answer.text, 110)),
            // What a sub-issue carries is asked there.
            None if requirement.within.is_some() => {}
            None => {
                let named = found.get(index) == Some(&true) || mentions::names_call(&requirement.quote);
                let test = if named { shown::by(scene, index) } else { None };
                if let Some(test) = test {
                    requirement.cases.push(test);
                    continue;
                }
                silent.push((requirement.id.clone(), words::shorten(&requirement.quote, 60)));
                // Work without any case would be done when nothing is.
                if !any_shown && found.get(index) == Some(&true) {
                    requirement.cases.push(clause::test_of(&requirement.quote).to_owned());
                }
            }
        }
    }
    let goes: Vec<bool> =
        (0..requirements.len()).map(|index| items::goes_along(scene, requirements, index)).collect();
    let stays = |id: &str| {
        let index = id.trim_start_matches('R').parse::<usize>().unwrap_or(0);
        index.checked_sub(1).and_then(|index| goes.get(index)).copied().unwrap_or(false)
    };
    match silent.as_slice() {
        [] => {}
        // Whoever has something else to decide first is not asked this as well.
        _ if !findings.questions.is_empty() => {
            let left: Vec<&(String, String)> = silent.iter().filter(|(id, _)| !stays(id)).collect();
            // Of many their numbers say enough.
            let quoted = |quote: &str| left.len() < 3 && quote.contains(char::is_alphabetic);
            let named = |(id, quote): &&(String, String)| match quoted(quote) {
                true => format!("{id} ({})", words::quoted(words::shorten(quote, 40).trim_end_matches('.'))),
                false => id.clone(),
            };
            let out: Vec<String> = left.iter().map(named).collect();
            if !out.is_empty() {
                let first = left.first().map_or("", |(_, quote)| quote);
                findings.read_as.push(format!(
                    "{}{OUT} ({}): the issue does not say what one sees when {} done, such as {}",
                    stay(&out),
                    shown::RULE,
                    if out.len() == 1 { "it is" } else { "they are" },
                    words::quoted(shown::form(first))
                ));
            }
        }
        [(id, quote)] => findings.ask(
            scene,
            id,
            Question {
                slot: observable(scene, id),
                text: match quote.contains(char::is_alphabetic) {
                    true => {
                        format!("Which input and which output show {} done?", words::quoted(quote))
                    }
                    false => format!("Which input and which output show {id} done?"),
                },
                default: match stays(id) {
                    true => format!("{id} stays in, and whoever takes it writes that test first"),
                    false => format!("{id} stays out of the work items ({})", shown::RULE),
                },
                why: if stays(id) { String::new() } else { lets_in(id, quote) },
                weight: 70,
            },
        ),
        many => {
            let ids: Vec<&str> = many.iter().map(|(id, _)| id.as_str()).collect();
            let first = many.first().map_or("", |(_, quote)| quote);
            let out: Vec<&(String, String)> = many.iter().filter(|(id, _)| !stays(id)).collect();
            findings.ask(
                scene,
                "observable",
                Question {
                    slot: "observable".into(),
                    text: format!(
                        "Which input and which output show {} done, such as {}?",
                        words::some(&ids, 6),
                        words::quoted(first)
                    ),
                    default: match (out.is_empty(), out.len() < many.len()) {
                        (true, _) => format!(
                            "these {} stay in, and whoever takes them writes those tests first",
                            ids.len()
                        ),
                        (false, true) => {
                            let out: Vec<&str> = out.iter().map(|(id, _)| id.as_str()).collect();
                            format!(
                                "{} out of the work items ({}), the others stay in",
                                stay(&out),
                                shown::RULE
                            )
                        }
                        (false, false) => {
                            format!("these {} stay out of the work items ({})", ids.len(), shown::RULE)
                        }
                    },
                    why: out.first().map(|(id, quote)| lets_in(id, quote)).unwrap_or_default(),
                    weight: 70,
                },
            );
        }
    }
}

/// What would let a demand in.
fn lets_in(id: &str, quote: &str) -> String {
    format!("A criterion such as {} lets {id} in.", words::quoted(shown::form(quote)))
}

/// `R1 stays`, `R1 and R2 stay`.
fn stay<T: AsRef<str>>(ids: &[T]) -> String {
    format!("{} {}", words::some(ids, 6), if ids.len() == 1 { "stays" } else { "stay" })
}

/// Nobody has to answer what is asked about nothing but work that is done.
pub fn settle(scene: &Scene<'_>, findings: &mut Findings) {
    if scene.reading.covered.is_empty() {
        return;
    }
    let Findings { questions, askers, claims, .. } = findings;
    questions.retain(|question| {
        let asker = askers.iter().find(|(slot, _)| *slot == question.slot).map_or("", |(_, frame)| *frame);
        let about = |claim: &Option<Claim>| claim.as_ref().is_some_and(|claim| claim.frame == asker);
        match scene.demand_of(&question.slot) {
            Some(own) => !scene.is_done(own),
            None => {
                let mut open = claims.iter().enumerate().filter(|(_, claim)| about(claim)).peekable();
                open.peek().is_none() || open.any(|(index, _)| !scene.is_done(index))
            }
        }
    });
}

/// No demand names a place, and no name singles one out.
pub fn unplaced(scene: &Scene<'_>, findings: &mut Findings, requirements: &[Requirement]) {
    let observable = requirements.iter().any(|requirement| !requirement.cases.is_empty());
    let placed = requirements.iter().any(|requirement| !requirement.places.is_empty());
    let asked = scene.lookups.missing.iter().any(|one| !missing::is_unread(scene, one));
    if placed || !observable || !scene.places.known() || asked {
        return;
    }
    let clues = clues::of(scene.brief, scene.reading);
    let named: Vec<String> = clues.iter().take(2).map(clues::Clue::told).collect();
    findings.not_checked.push(match named.as_slice() {
        [] => match scene.places.snapshot.file_count() {
            1 => "where it is done: nothing in the issue names code of the one file here".to_owned(),
            count => format!(
                "where it is done: nothing in the issue names code of the {} files here",
                words::thousands(count)
            ),
        },
        [one] => format!("where it is done: {one} singles out no file"),
        named => format!("where it is done: {} single out no file", words::list(named)),
    });
}

/// Issues that ask for nearly the same. What comes first is none of them, by the word of whoever says so.
pub fn duplicates(scene: &Scene<'_>, findings: &mut Findings) {
    let own = words::nouns(&scene.brief.title);
    let found = dependencies::find(scene.brief, scene.reading, &scene.places.snapshot.repository);
    let first: BTreeSet<IssueNumber> = found.into_iter().map(|one| one.issue).collect();
    let mut told = 0;
    for other in &scene.brief.open_issues {
        let child = cover::is_child(scene.brief, scene.reading, other.number);
        let like = words::jaccard(&own, &words::nouns(&other.title));
        let title = words::bare(&scene.brief.title);
        let same = !title.is_empty() && title == words::bare(&other.title);
        let alike = same || like >= DUPLICATE && own.len() > 1;
        let apart = other.number == scene.brief.number || first.contains(&other.number);
        if apart || other.pull_request || child || !alike {
            continue;
        }
        told += 1;
        if told > DUPLICATES {
            continue;
        }
        let state = other.state.unwrap_or(State::Open).word();
        let title = words::quoted(&words::shorten(&other.title, 60));
        findings.ask(
            scene,
            &format!("#{}", other.number),
            Question {
                slot: format!("duplicate.{}", other.number),
                text: format!(
                    "#{} ({state}) {title} shares most words of this title. Is it the same?",
                    other.number
                ),
                default: format!("#{} is another matter", other.number),
                why: String::new(),
                weight: 95,
            },
        );
    }
    if let more @ 1.. = told.saturating_sub(DUPLICATES) {
        let (noun, verb, are) = match more {
            1 => ("issue", "shares", "it is another matter"),
            _ => ("issues", "share", "they are other matters"),
        };
        let more = words::thousands(more);
        findings.read_as.push(format!("{more} more {noun} {verb} most words of this title: {are}"));
    }
}

/// How long something takes today.
static SPENT: Pattern = Pattern::new(
    r"\b(?:takes?|took|taking|needs?|lasts?|waits?|waited|for)\s+((?:(?:about|around|over|more than|nearly|almost|up to)\s+)?(?:\d{1,9}|an?|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty|sixty|several|many)\s?(?:ms|s|secs?|milliseconds?|seconds?|m|mins?|minutes?|h|hours?))\b",
);
static SINCE: Pattern =
    Pattern::new(r"\b(?:since|as of|after (?:the )?(?:update|upgrade)|worked (?:in|with|before|until))\b");
static FASTER: Pattern =
    Pattern::new(r"\b(faster|slow|speed|performance|quick(?:er|ly)?|latency|schneller|langsam)\b");
static NICER: Pattern = Pattern::new(
    r"\b(nicer|better|improve\w*|clean(?:er|up)?|modern\w*|pretty|beautiful|intuitive|ux|ui|easier|simpler|besser|schöner|einfacher)\b",
);
/// A label of what is written for readers.
static DOCS: Pattern = Pattern::new(r"(?:^|[\s:/])(?:docs?|documentation)$");
static OBJECT: Pattern = Pattern::new(
    r"^(?:please |can (?:we|you) |it would be (?:nice|great) (?:if|to) )*(?:make|improve|speed up|optimi[sz]e|refactor|clean up|fix|support|add|enhance|rework|simplify|we need|i want)?\s*(?:the |a |an |our |some )*(.+?)(?:\s+(?:is |are )?(?:much |a bit |more )*(?:faster|better|nicer|slow|quicker|easier|simpler|modern|intuitive|robust|scalable|work|properly))*[.!?]*$",
);

/// A wish that names nothing: at most three questions, each about its own words.
pub fn vague(scene: &Scene<'_>, findings: &mut Findings) {
    let title = scene.brief.title.trim();
    let wish =
        words::shorten(&frames::short(if title.is_empty() { scene.brief.body.trim() } else { title }), 80);
    let report = scene.reading.demands.iter().any(|demand| demand.origin == Origin::Report);
    let named = OBJECT.first(&wish, 1).filter(|object| object.chars().count() > 1);
    // Of “Login is slow” the name alone says nothing of what is wrong.
    let object = named.filter(|_| !report || FASTER.is_in(&wish)).unwrap_or(&wish).to_owned();
    let whole = scene.whole();
    let found = scene.lookups.names.iter().filter(|lookup| lookup.found);
    let found = found.filter_map(|lookup| Some((lookup.name.as_str(), lookup.place.as_ref()?.path.as_str())));
    let is_named = |(name, path): &(&str, &str)| {
        places::is_source(path) && (whole.contains(path) || scene.brief.title.contains(name))
    };
    let mut named: Vec<String> = found.filter(is_named).map(|(_, path)| words::code(path)).collect();
    named.dedup();
    named.truncate(3);
    // A snapshot of a test is called like what it is of.
    let (own, beside): (Vec<&str>, Vec<&str>) =
        scene.places.about(title, &whole).into_iter().partition(|path| places::is_product(path));
    let offered = if own.is_empty() { beside } else { own };
    let offered: Vec<String> = offered.into_iter().take(3).map(words::code).collect();
    let candidates = if named.is_empty() { offered } else { named.clone() };
    let object = words::quoted(&object);
    let first = ["duplicate.", "already."];
    findings.questions.retain(|question| first.iter().any(|slot| question.slot.starts_with(slot)));
    if is_inquiry(scene) {
        return inquired(scene, findings, &candidates);
    }
    let (place, default) = match candidates.as_slice() {
        [] => (
            format!("Where does {object} show: which command, page or file?"),
            "none; the tree names no such thing".to_owned(),
        ),
        [one] if !named.is_empty() => {
            (format!("Is {one} where {object} is to change? The issue names it."), one.clone())
        }
        [one] => (format!("Where does {object} show? By its name {one} could be it."), one.clone()),
        many if !named.is_empty() => (
            format!("Which of {} is {object} about? The issue names them.", words::list(many)),
            many.first().cloned().unwrap_or_default(),
        ),
        many => (
            format!("Where does {object} show? By their names {} could be it.", words::list(many)),
            many.first().cloned().unwrap_or_default(),
        ),
    };
    let docs = scene.brief.labels.iter().any(|label| DOCS.is_in(label)) || frames::is_documentation(title);
    let about = if docs { "documentation" } else { &wish };
    let criterion = format!("Such as {}.", words::quoted(shown::form(about)));
    let mut ask = |slot: &str, text: String, default: String, weight: u32| {
        let why = if slot == "vague.measure" { criterion.clone() } else { String::new() };
        let question = Question { slot: slot.to_owned(), text, default, why, weight };
        let about = match slot {
            "vague.place" => "The place",
            "vague.measure" => "What one sees",
            _ => "Since when and where",
        };
        findings.ask(scene, about, question);
    };
    ask("vague.place", place, default, 90);
    let measure = match () {
        () if FASTER.is_in(&wish) => match SPENT.first(&whole, 1) {
            Some(time) => {
                format!("{object} takes {time}, the issue says: with which input, and how long may it take?")
            }
            None => format!("How long does {object} take now, with which input, and how long may it take?"),
        },
        () if docs => format!("What does the documentation say of {object} today, and what should it say?"),
        () if report => format!("Which steps or input lead to {object}, and what was to happen instead?"),
        () if NICER.is_in(&wish) => {
            format!("What is wrong with {object} today: which step, and what happened instead?")
        }
        () => format!("Which example shows {object}: what goes in, what comes out?"),
    };
    ask("vague.measure", measure, "none; without it nobody can say when it is done".to_owned(), 80);
    if report && !docs {
        let since = if SINCE.is_in(&whole) { "" } else { ", and since when" };
        let limit = format!("On which version and system does {object} show{since}?");
        ask("vague.limit", limit, "every version that is supported".to_owned(), 60);
    }
    if !findings.questions.iter().any(|question| question.slot.starts_with(VAGUE)) {
        again(scene, findings);
    }
}

/// Somebody asks how something is done, and for no change.
fn is_inquiry(scene: &Scene<'_>) -> bool {
    let asks = asks::inquires(&scene.brief.title) && !scene.reading.tells_fault;
    asks && scene.reading.demands.iter().all(|demand| demand.line == 0)
}

/// How the question begins what a title that only asks is to change.
pub const INQUIRED: &str = "The title asks how something is";

fn inquired(scene: &Scene<'_>, findings: &mut Findings, candidates: &[String]) {
    let named = match candidates {
        [] => String::new(),
        [one] => format!(" {one} has its words."),
        many => format!(" {} have its words.", words::list(many)),
    };
    let question = Question::new(
        "vague.measure".to_owned(),
        format!("{INQUIRED}, and for no change.{named} What is to change, if anything?"),
        "nothing; whoever knows answers it".to_owned(),
        90,
    );
    findings.ask(scene, "the change", question);
}

/// All is answered, and still nobody could see it done: what is missing, and how one would say it.
fn again(scene: &Scene<'_>, findings: &mut Findings) {
    let said = scene.brief.answers.iter().filter_map(|answer| answer.slot.as_deref());
    let count = said.filter(|slot| slot.starts_with(VAGUE)).count();
    findings.ask(
        scene,
        "what is seen",
        Question::new(
            format!("{VAGUE}again.{count}"),
            "What is still missing is what one does and what one then sees. Which is it, in one sentence such as \
             “an empty file must print `nothing to read`”?"
                .to_owned(),
            "none; without it nobody can say when it is done".to_owned(),
            90,
        ),
    );
}

/// A report that says that something is wrong and not what, or anger: nobody could tell what to do.
fn is_bare(scene: &Scene<'_>) -> bool {
    let reading = scene.reading;
    let said = || reading.demands.iter().chain(&reading.talk).map(|said| said.text.as_str());
    let whole = || std::iter::once(scene.brief.title.as_str()).chain(said());
    let report = reading.demands.iter().all(|demand| demand.origin == Origin::Report);
    let asks =
        |demand: &Statement| matches!(demand.origin, Origin::Box | Origin::Criterion | Origin::Scenario);
    let angry = reading
        .demands
        .iter()
        .all(|demand| !asks(demand) && (demand.line == 0 || titles::rants(&demand.text)))
        && whole().any(titles::rants);
    let wordless = || whole().all(titles::is_wordless);
    reading.blocks.is_empty() && !whole().any(statement::observable) && (angry || report && wordless())
}

/// How what stays out is told; of a plan without work items nothing does.
pub const OUT: &str = " out of the work items";

/// `Blame: don't color the code`: what it is about, and what is wished.
static TOPIC: Pattern = Pattern::new(r"^[^:]{3,40}: (\S.*)$");
static FORBIDS: Pattern = Pattern::new(r"^(?:please )?(?:do not|don['’]t|never) [a-z]+ \S");

/// Did somebody name its place?
fn is_sited(requirement: &Requirement) -> bool {
    !requirement.places.is_empty() && requirement.likely.is_none()
}

/// Is there something to try: code, a message, an option or a path in the issue's own words, or a maintainer who calls it a fault?
fn shows(scene: &Scene<'_>) -> bool {
    let apart = |section: &Option<String>| section.as_deref().is_some_and(asks::is_circumstance);
    let own = scene.reading.blocks.iter().take(scene.reading.own_blocks);
    let mut code = own.filter(|block| !apart(&block.section) && !block.text.trim().is_empty());
    let tells = |said: &Statement| statement::observable(&said.text) || asks::could_be(&said.text);
    code.next().is_some()
        || scene.reading.own().any(|said| !apart(&said.section) && tells(said))
        || statement::is_confirmed(scene.reading, scene.brief)
}

/// Requirements of nothing but words: they name no place that exists and show no case.
pub fn is_vague(scene: &Scene<'_>, requirements: &[Requirement]) -> bool {
    if is_inquiry(scene) && !requirements.is_empty() {
        return true;
    }
    let shown = || examples::of(scene.reading).iter().any(|example| example.side != Side::Today);
    let bare = (is_bare(scene) || classify::tells_nothing(scene)) && !shown();
    // What is plainly wished, of something that is found, lacks but the answer of what one will see.
    let heading = statement::own_title(&scene.brief.title);
    let topical =
        TOPIC.first(heading, 1).is_some_and(|rest| asks::is_imperative(rest) || FORBIDS.is_in(rest));
    let titled = (asks::is_imperative(heading) || topical) && !asks::compares(heading);
    let wished = |index: usize| {
        let clear = |demand: &Statement| match demand.line {
            0 => titled,
            _ => demand.wish >= statement::CLEAR,
        };
        scene.reading.demands.get(index).is_some_and(clear)
    };
    let felt = asks::compares(heading) || FASTER.is_in(heading) || NICER.is_in(heading);
    if !bare && !felt && !requirements.is_empty() && shows(scene) {
        return false;
    }
    requirements.iter().enumerate().all(|(index, requirement)| {
        requirement.within.is_none()
            && (requirement.places.is_empty() || bare || !wished(index))
            && (bare || requirement.cases.is_empty())
            && (requirement.places.is_empty() || requirement.likely.is_some())
    })
}
