//! What no other frame understands: the demand's own numbers, statuses and negations become its cases.

mod above; // code that a sentence below it speaks of
mod awaited; // what is expected behind what came
pub mod chained; // `If not` behind another item
mod contrast; // what is right of one thing and lacks of another
mod kept; // what has to stay as it is

use crate::domain::plan::asks;
use crate::domain::plan::clause;
use crate::domain::plan::examples::Side;
use crate::domain::plan::frames::{Claim, Findings, Frame, Scene};
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::quantity::{self, Bound, Side as Allowed};
use crate::domain::plan::statement::{Origin, Statement};
use crate::domain::plan::{examples, gate, proposal, wish, words};

/// The frame.
pub static FRAME: Frame = Frame { name: "plain", read, risk: None };

/// Up to so many demands, those without a place are taken to mean the only place that is named.
const FEW: usize = 8;

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    let few = scene.reading.demands.len() <= FEW;
    for (index, statement) in scene.open(findings) {
        let own = all(statement);
        let cases = with_examples(scene, index, own);
        findings.claim(
            index,
            Claim {
                frame: FRAME.name,
                group: String::new(),
                kind: kind(scene, index, &statement.text),
                cases,
                places: if few { scene.place(index).into_iter().collect() } else { Vec::new() },
            },
        );
    }
    taken_literally(scene, findings);
}

/// The cases of all sentences of a demand.
fn all(statement: &Statement) -> Vec<String> {
    if let Some(stays) = kept::of(&statement.text) {
        return vec![stays];
    }
    let sentences = words::sentences(&statement.text);
    if statement.origin == Origin::Scenario || sentences.len() < 2 {
        return cases(&statement.text, statement.origin);
    }
    let parts = sentences.into_iter().filter_map(|range| statement.text.get(range));
    let parts = parts.filter(|part| !asks::is_question(part) && !asks::is_maybe(part));
    let mut out: Vec<String> = Vec::new();
    for case in parts.flat_map(|part| cases(part, statement.origin)) {
        if !out.contains(&case) {
            out.push(case);
        }
    }
    out.truncate(6);
    out
}

/// The first demand is shown by the issue's own examples, before its words are.
fn with_examples(scene: &Scene<'_>, index: usize, own: Vec<String>) -> Vec<String> {
    if let Some(case) = awaited::of(scene, index).or_else(|| chained::of(scene, index)) {
        return vec![case];
    }
    let own = pointed(scene, index).map_or(own, |case| vec![case]);
    let soft = scene.reading.demands.get(index).is_some_and(|demand| demand.origin == Origin::Wish);
    let quote = scene.reading.demands.get(index).map_or("", |demand| demand.text.as_str());
    let asked = gate::Asked { quote, title: &scene.brief.title };
    let list = listed(scene, index);
    let own = if !list.is_empty() && gate::printed(&own, &asked).is_empty() { list } else { own };
    if index > 0 {
        return own;
    }
    let shown = examples::of(scene.reading);
    let paired = |example: &examples::Example| !example.input.is_empty() || example.side == Side::Wanted;
    let wanted = shown.iter().filter(|example| {
        paired(example)
            && (example.side == Side::Wanted || (soft && own.is_empty() && example.side == Side::Shown))
    });
    let mut out: Vec<String> = wanted.take(3).map(|example| examples::full(example, &shown)).collect();
    out.extend(own);
    if gate::printed(&out, &asked).is_empty() {
        out.extend(sketched(scene, index).or_else(|| replaced(scene, &shown)));
        out.extend(contrast::of(scene));
    }
    out
}

/// `red for errors` in a list right below the wish: which thing gets what.
static EACH: Pattern =
    Pattern::new(r"^(?:an? |the )?([a-z][\w -]{1,40}?) for (?:an? |the |all )?(\S.{0,60})$");
/// Of these the item is a task or a thing of its own.
static PART: Pattern = Pattern::new(
    r"\b(?:support|tests?|docs?|documentation|flags?|options?|ways?|buttons?|examples?|types?|handling|checks?|code)\b",
);
static ITEM: Pattern = Pattern::new(r"^\s*(?:[-*+•]|\d{1,2}[.)])\s+(\S.*)$");

/// What a list right below a sentence says of each thing; nothing where one of its items says something else.
fn listed(scene: &Scene<'_>, index: usize) -> Vec<String> {
    let Some(demand) = scene.reading.demands.get(index).filter(|one| one.by.is_none() && one.line > 0) else {
        return Vec::new();
    };
    let itself = scene.brief.body.lines().nth(demand.line - 1).is_some_and(|line| ITEM.is_in(line));
    if itself {
        return Vec::new();
    }
    let below = scene.brief.body.lines().skip(demand.line).skip_while(|line| line.trim().is_empty());
    let items = below.map_while(|line| ITEM.first(line, 1)).take(MOST);
    let each = items.map(|item| {
        let found =
            EACH.captures(item.trim_end_matches(['.', ';', ','])).filter(|found| !PART.is_in(&found[1]))?;
        Some(format!("{}: {}", found.get(2)?.as_str(), found.get(1)?.as_str()))
    });
    each.collect::<Option<Vec<String>>>().unwrap_or_default()
}

/// Most items of a list that become cases.
const MOST: usize = 6;

static UNWANTED: Pattern = Pattern::new(
    r"\b(?:nonetheless|nevertheless|anyway|still|superfluous|unwanted|unnecessary|redundant|appears?)\b",
);

/// What an input that is shown gives today, where nobody shows what it should give.
fn replaced(scene: &Scene<'_>, shown: &[examples::Example]) -> Option<String> {
    // Beside what it prints today, a wish may want more.
    if !UNWANTED.is_in(&scene.brief.title) && !asks::tells_fault(&scene.brief.title) {
        return None;
    }
    let came = shown.iter().find(|one| one.side == Side::Today && one.line > 0 && one.is_told)?;
    (came.within.is_some() || !came.input.is_empty())
        .then(|| format!("{}: no longer {}", examples::typed(came), came.output))
}

/// Code that a wish brings in with `Something like:` is what has to work.
fn sketched(scene: &Scene<'_>, index: usize) -> Option<String> {
    let demand = scene.reading.demands.get(index)?;
    // What the code declares is shown by itself.
    if scene.reading.declared.iter().any(|declared| declared.line == demand.line) {
        return None;
    }
    let block = proposal::sketch(scene.reading, index)?;
    if block.text.lines().filter(|line| line.trim_start().starts_with('<')).count() > 1 {
        return Some(format!("what comes out holds what {} show", block.lines()));
    }
    Some(match block.last() > block.line {
        true => format!("the code of {}: does what it shows", block.lines()),
        false => format!("{}: does what it shows", words::code(&words::shorten(block.text.trim(), 100))),
    })
}

/// `It should exit with 2` behind a sentence that says what is run: that, and the outcome.
fn pointed(scene: &Scene<'_>, index: usize) -> Option<String> {
    let demand = scene.reading.demands.get(index)?;
    if let Some(case) = above::of(scene, demand).filter(|_| demand.by.is_none()) {
        return Some(case);
    }
    if demand.by.is_some() || !IT.is_in(&demand.text) {
        return None;
    }
    let outcome = match quantity::exit_code(&demand.text) {
        Some(code) => format!("exit code {code}"),
        None => clause::case(&demand.text).filter(|case| !case.contains(": "))?,
    };
    Some(format!("{}: {outcome}", words::code(&super::bug::typed(scene)?)))
}

static IT: Pattern = Pattern::new(r"^\W*(?:it|this|that) (?:should|must|has to|needs to|shall) ");

static TESTS: Pattern =
    Pattern::new(r"^(?:add |write |more |new |unit |integration )*(?:tests?|test cases?|coverage)\b");
static TEST: Pattern = Pattern::new(r"\b(?:tests?|coverage|testet|getestet)\b");

fn kind(scene: &Scene<'_>, index: usize, text: &str) -> &'static str {
    let path = scene.own_places(index).first().map_or("", |place| place.path.as_str());
    match path {
        _ if path.starts_with(".github/") || path.ends_with(".tf") || path.contains("Dockerfile") => {
            "infrastructure"
        }
        _ if path.ends_with(".md") || path.ends_with(".rst") => "docs",
        _ if TEST.is_in(text) => "test",
        _ => "feature",
    }
}

static NEGATIVE: Pattern = Pattern::new(
    r"\b((?:must|should|shall|may|can|does|do|will|is|are)(?: not|n't)|must never|never|cannot|no longer|darf nicht|dürfen nicht|soll(?:te)?n? nicht|nicht mehr|nie(?:mals)?)\s+(.+)$",
);
/// Tells what is not so, and forbids nothing.
static TODAY: Pattern = Pattern::new(
    r"\b(?:does|do|is|are|was|were|can)(?: not|n['’]t) (?:currently |yet |really |even )?(?:appear|seem|come|provide|offer|support|allow|have|include|exist)\b",
);
/// Forbids, where `is never closed` may be the condition of something else.
static FORBIDS: Pattern = Pattern::new(
    r"\b(?:must|should|shall|may|can|will)(?: not|n't| never)\b|\bcannot\b|\b(?:darf|dürfen|soll(?:te)?n?) nicht\b",
);
/// Behind a `not` that forbids nothing: `is not None`, `not only this`.
static COMPARES: Pattern = Pattern::new(
    r"^(?:be )?(?:none|null|nil|undefined|nothing|only|just|merely|necessarily|sure|clear|(?:dis|un)?similar|too|so|that|quite|really|my|for me)\b",
);
/// `exists/doesn't exist`: both are meant. `An address that cannot be found stays`: it is of that kind. Neither is forbidden.
static BOTH_WAYS: Pattern = Pattern::new(
    r"(?:\w/|\b(?:that|which|who) )(?:not|(?:does|do|is|are|has|have|can|was|were)(?: not|n['’]?t)|cannot)\b",
);
static NO_MORE: Pattern = Pattern::new(
    r"\b(?:must|should|shall|may|can)(?: not|n['’]t) (?:[^,;.]*\bmore than\b|(?:let |allow )?[^,;.]{0,30}\b(?:last|take|run|wait|be) longer than\b)",
);
static WHEN: Pattern = Pattern::new(r"\b(?:when|if|wenn|falls|sobald|on)\s+([^,.;:]{3,80})");
static THEN: Pattern = Pattern::new(r"\bthen\s+(.+)$");
static GIVEN: Pattern = Pattern::new(r"\b(?:given|when)\s+(.+?)\s+(?:then)\b");
/// `It should only be reported when it is missing`: otherwise it is not.
static ONLY_WHEN: Pattern = Pattern::new(
    r"^(.{2,90}?) (?:should|must|shall|may|has to) (only be|be) (\w+(?:ed|en|t|n))( only)? (?:when|if|where) (.{4,200})$",
);
static MODAL: Pattern = Pattern::new(
    r"\b(?:must|shall|should|has to|have to|needs? to|ought to|muss|müssen|soll|sollen|sollte|sollten)\s+(?:not\s+|nicht\s+|never\s+|be able to\s+)?(.+)$",
);

/// A number that stands in the condition: what comes on its one side, and does not on the other.
fn conditioned(text: &str) -> Option<Vec<String>> {
    let when = WHEN.first(text, 1)?;
    let [bound] = &quantity::bounds(text)[..] else { return None };
    if !when.contains(&bound.words) || quantity::status(text).is_some() || quantity::exit_code(text).is_some()
    {
        return None;
    }
    let case = clause::case(text)?;
    let (given, outcome) = case.split_once(": ").filter(|(given, _)| given.contains(&bound.words))?;
    let n = bound.quantity.value;
    let (meets, misses) = match bound.side {
        Allowed::Below => (n.checked_sub(1)?, n),
        Allowed::AtMost => (n, n.saturating_add(1)),
        Allowed::Above | Allowed::After => (n.saturating_add(1), n),
        Allowed::AtLeast => (n, n.checked_sub(1)?),
    };
    let unit = &bound.quantity.unit;
    let of = |n: u64| given.replace(&bound.words, counted(n, &format!(" {unit}")).trim_end());
    Some(vec![format!("{}: {outcome}", of(meets)), format!("{}: not", of(misses))])
}

/// The cases of a sentence; empty where nothing in it can be observed.
pub fn cases(text: &str, origin: Origin) -> Vec<String> {
    let mut out = Vec::new();
    let text = text.trim().trim_end_matches(['.', ';', '!']);
    if let Some(case) = clause::given(text) {
        return vec![case];
    }
    if origin == Origin::Scenario
        && let (Some(given), Some(then)) = (GIVEN.first(text, 1), THEN.first(text, 1))
    {
        return vec![format!(
            "{}: {}",
            words::shorten(&given.replace(" When ", ", ").replace(" And ", " and "), 120),
            words::shorten(&then.replace(" And ", ", and "), 120)
        )];
    }
    if let Some(cases) = clause::alias(text) {
        return cases;
    }
    if let Some(case) = clause::arrow(text).or_else(|| clause::having(text)).or_else(|| clause::message(text))
    {
        return vec![case];
    }
    if let Some(found) =
        ONLY_WHEN.captures(text).filter(|found| found[2].starts_with("only") || found.get(4).is_some())
    {
        let part = |group: usize| found.get(group).map_or("", |it| it.as_str());
        let given = format!("{}: {} {}", words::shorten(part(5), 110), part(1), part(3));
        return vec![given, format!("otherwise: not {}", part(3))];
    }
    let whole = |cases: &Vec<String>| !cases.iter().any(|case| case.contains("…”"));
    if let Some(cases) =
        quantity::status(text).and_then(|status| quantity::around(text, status)).filter(whole)
    {
        return cases;
    }
    if let Some(cases) = between(text) {
        return cases;
    }
    if let Some((first, second)) = text.split_once("; ")
        && clause::case(second).is_some()
        && let Some((last, before)) = cases(first, origin).split_last()
    {
        // By itself it would only be said again.
        let both = format!("{last}, and {}", words::shorten(second, 110));
        return before.iter().cloned().chain([both]).collect();
    }
    if let Some(found) = TWICE.captures(text)
        && let (Some(first), Some(second)) = (found.get(1), found.get(2))
    {
        let both = [first.as_str(), second.as_str()].map(|part| cases(part, origin));
        if both.iter().all(|part| !part.is_empty()) {
            return both.into_iter().flatten().take(6).collect();
        }
    }
    if let Some(cases) = conditioned(text) {
        return cases;
    }
    for mut bound in quantity::bounds(text) {
        // `must not be slower by more than 2`: two is still right.
        if bound.side == Allowed::Above && NO_MORE.is_in(text) {
            bound.side = Allowed::AtMost;
        }
        out.extend(beside(&bound));
    }
    let when = WHEN.first(text, 1).map(|when| words::shorten(when.trim(), 60));
    let before = |what: String| {
        let given = when.clone().or_else(|| subject(text));
        given.map(|given| format!("{given}: {what}"))
    };
    let answered =
        quantity::status(text).filter(|status| !when.as_deref().is_some_and(|when| when.contains(*status)));
    match (answered, quantity::exit_code(text)) {
        (Some(status), _) => out.extend(before(status.to_owned())),
        (None, Some(code)) => out.extend(before(format!("exit code {code}"))),
        (None, None) => {}
    }
    if !out.is_empty() {
        out.extend(AND.first(text, 1).map(|more| format!("it {}", words::shorten(more, 80))));
    }
    let clause = if out.is_empty() { clause::case(text) } else { None };
    if let Some(clause) = clause {
        out.push(clause);
    } else if let Some(rest) = NEGATIVE
        .first(text, 2)
        // `It does not come with one` tells of today, outside of a list of what is to be met.
        .filter(|_| !(TODAY.is_in(text) && matches!(origin, Origin::Must | Origin::Wish | Origin::Hope)))
        .filter(|rest| !clause::is_hollow_verb(rest) && !BOTH_WAYS.is_in(text))
        .filter(|rest| {
            // `must not exceed 5 MB`: both sides of the number say it.
            let bare = rest.strip_prefix("be ").unwrap_or(rest);
            if quantity::bounds(bare).first().is_some_and(|bound| bare.starts_with(&bound.words)) {
                return false;
            }
            if out.is_empty() { !COMPARES.is_in(rest) || FORBIDS.is_in(text) } else { FORBIDS.is_in(text) }
        })
    {
        out.push(format!("never: {}", words::shorten(rest.strip_prefix("be ").unwrap_or(rest), 90)));
    }
    if let (true, Some(said)) = (out.is_empty(), SAYS.first(text, 0)) {
        out.push(words::shorten(said, 110));
    }
    if out.is_empty() {
        out.extend(wish::case(text));
    }
    if out.is_empty() {
        out.extend(within(text));
    }
    if out.is_empty() && TESTS.is_in(text) {
        out.push(format!("{}: each has its test", words::quoted(&words::clipped(text, 60))));
    }
    if out.is_empty() && origin != Origin::Wish && mentions::mentions(text).iter().any(shows) {
        let what = MODAL.first(text, 1).filter(|what| what.len() > 3).unwrap_or(text);
        let subject = text
            .split(" must ")
            .next()
            .filter(|subject| *subject != text && subject.contains('`') && subject.chars().count() < 60);
        out.push(match subject {
            Some(subject) if !what.contains(subject) => format!("{subject}: {}", words::shorten(what, 110)),
            _ => words::shorten(what, 110),
        });
    }
    out.truncate(6);
    out
}

static ENTRY: Pattern = Pattern::new(
    r"^(?:an? |the |new )*(?:`([^`]+\.\w+)` ((?:new )?(?:entry|section|line|note|example|key|job)s?)|([\w -]*?(?:entry|section|line|note|example|key|job)\b[^;]{0,60}?) (?:in|to) `([^`]+\.\w+)`)$",
);

/// A file and what is to stand in it, without a verb.
fn within(text: &str) -> Option<String> {
    let found = ENTRY.captures(text)?;
    let part = |one: usize, other: usize| found.get(one).or(found.get(other)).map(|it| it.as_str().trim());
    let (path, what) = (part(1, 4)?, part(2, 3)?);
    Some(format!("{}: {what} there", words::code(path)))
}

/// Two demands in one sentence.
static TWICE: Pattern = Pattern::new(
    r"^(.{6,200}?\b(?:must|shall|should)\b.{4,200}?), and ([^,]{3,80}?\b(?:must|shall|should)\b.{4,200})$",
);
static BETWEEN: Pattern = Pattern::new(
    r"\bbetween (\d{1,9}) and (\d{1,9})(?: ([a-z]{2,14}))?(?:,? (?:otherwise|or else|else),? (?:an? )?(.{2,80})|,? (?:then )?(?:say|print|return|show|answer|give|read|become)s? (.{2,80}))?$",
);

static VALID: Pattern = Pattern::new(
    r"\bbetween (\d{1,9}) and (\d{1,9})(?: ([a-z]{2,14}))? (?:are|is) (?:valid|accepted|allowed|ok|fine|taken),? (?:and )?(?:all )?(?:the )?(?:others?|rest|everything else|anything else|all else) (?:are |is )?(?:to be )?(?:answers? (?:with )?|gets? (?:an? )?)?(.{2,60})$",
);

/// Both ends of a range are in it, their neighbors are not.
pub(super) fn between(text: &str) -> Option<Vec<String>> {
    let valid = VALID.captures(text);
    let is_valid = valid.is_some();
    let found = valid.or_else(|| BETWEEN.captures(text))?;
    let end = |group: usize| found.get(group)?.as_str().parse::<u64>().ok();
    let (low, high) = (end(1)?, end(2)?);
    let unit = found.get(3).map(|unit| format!(" {}", unit.as_str())).unwrap_or_default();
    let (below, above) = (low.saturating_sub(1), high.saturating_add(1));
    let outside = if low == 0 { format!("{above}{unit}") } else { format!("{below} and {above}{unit}") };
    let inside = format!("{low} and {high}{unit}");
    Some(match (found.get(4), found.get(5)) {
        (Some(wrong), _) if is_valid => {
            vec![
                format!("{inside}: accepted"),
                format!("{outside}: {}", wrong.as_str().trim_end_matches('.')),
            ]
        }
        (Some(wrong), _) => {
            let wrong = words::shorten(wrong.as_str(), 80);
            vec![format!("{inside}: not {wrong}"), format!("{outside}: {wrong}")]
        }
        (None, Some(right)) => {
            let right = words::shorten(right.as_str(), 80);
            vec![format!("{inside}: {right}"), format!("{outside}: not {right}")]
        }
        (None, None) => vec![format!("{inside}: accepted"), format!("{outside}: not")],
    })
}

static SAYS: Pattern = Pattern::new(
    r#"\b(?:says?|reads?|shows?|prints?|is called|named|heißt|heißen)\s+["'“„‘][^"'”“’]{2,80}["'”“’]"#,
);
static SUBJECT: Pattern = Pattern::new(
    r"^(.{3,60}?)\s+(?:(?:must|should|shall|has to|needs to|muss|soll)\s+)?(?:prints|exits?|answers?|returns?|responds?|gives?|yields?)\b",
);
static AND: Pattern = Pattern::new(
    r"\d{1,3}`?,? and ((?:names?|prints?|says?|shows?|logs?|writes?|keeps?|lists?|includes?|sets?|carries)\b[^,;]{3,})$",
);

/// What stands for a thing named elsewhere is no input.
static POINTS_BACK: Pattern = Pattern::new(
    r"^(?:it|this|that|they|we|you|which)\b(?: (?:should|must|shall|has to|needs to|then|also|now))*$",
);

/// What comes before the verb.
pub fn subject(text: &str) -> Option<String> {
    let subject = SUBJECT.first(text, 1).map(|subject| subject.trim().to_owned());
    subject.filter(|subject| !subject.ends_with(',') && !POINTS_BACK.is_in(subject))
}

/// Can the mention be looked at when the work is done?
fn shows(mention: &mentions::Mention) -> bool {
    mention.code || mention.kind != MentionKind::Symbol
}

fn beside(bound: &Bound) -> Vec<String> {
    let quantity = &bound.quantity;
    let unit = if quantity.unit.is_empty() { String::new() } else { format!(" {}", quantity.unit) };
    let time = matches!(unit.trim(), "ms" | "s" | "min" | "h" | "days" | "weeks");
    let (at, below, above) = match time {
        true => (quantity.text(), quantity.below(), quantity.above()),
        false => (
            counted(quantity.value, &unit),
            counted(quantity.value.saturating_sub(1), &unit),
            counted(quantity.value.saturating_add(1), &unit),
        ),
    };
    match bound.side {
        Allowed::AtMost => vec![format!("{at}: accepted"), format!("{above}: not")],
        Allowed::AtLeast => vec![format!("{at}: accepted"), format!("{below}: not")],
        Allowed::Below => vec![format!("{below}: accepted"), format!("{at}: not")],
        Allowed::After => vec![format!("after {below}: not yet"), format!("after {above}: done")],
        Allowed::Above => vec![format!("{above}: counts"), format!("{at}: does not")],
    }
}

fn counted(value: u64, unit: &str) -> String {
    format!("{value}{}", if value == 1 { words::one(unit) } else { unit.to_owned() })
}

/// Words that two readers fill differently are said with what was made of them.
fn taken_literally(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.reading.demands.iter().enumerate() {
        let plain = findings
            .claims
            .get(index)
            .and_then(Option::as_ref)
            .is_some_and(|claim| claim.frame == FRAME.name && !claim.cases.is_empty());
        if let (true, Some(word)) = (plain, vague_word(statement)) {
            let id = index + 1;
            findings.read_as.push(format!("{} in R{id}: only what its cases show", words::quoted(word)));
        }
    }
}

static VAGUE: Pattern = Pattern::new(
    r"\b(various|properly|appropriate(?:ly)?|robust(?:ly)?|etc\.?|as needed|and/or|user-friendly|gracefully|efficient(?:ly)?|seamless(?:ly)?|sauber|ordentlich|vernünftig|usw\.?)(?:\W|$)",
);

fn vague_word(statement: &Statement) -> Option<&str> {
    VAGUE.first(&statement.text, 1)
}
