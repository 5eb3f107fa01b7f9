//! Input is refused unless it fits.

mod unmeasured; // the bound is still to be said

use crate::domain::plan::frames::{Claim, Findings, Frame, Risk, Scene};
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::quantity::{self, Side};
use crate::domain::plan::statement::Origin;
use crate::domain::plan::{asks, words};

/// The frame.
pub static FRAME: Frame = Frame {
    name: "validation",
    read,
    risk: Some(Risk::of("data that is stored already and no longer passes")),
};

static VALID: Pattern = Pattern::new(
    r"\b(?:valid(?:ate|ates|ated|ation)?|invalid|reject(?:s|ed)?|refuse[sd]?|accept(?:s|ed)? only|(?:must|may|should) not be (?:empty|null|negative|blank)|disallow\w*|prüf\w+|ungültig\w*|abgelehnt|ablehnen)\b",
);
static SUBJECT: Pattern = Pattern::new(
    r"(?:reject|refuse|validate)(?:s|ed)?\s+(?:an?\s+|the\s+|all\s+)?([^,.;]{3,60}?)(?:\s+(?:with|by|when|if|before|in|and)\b|[,.;]|$)|((?:empty|invalid|malformed|negative|missing|duplicate|unknown|ungültige\w?|leere\w?)\s+[\p{L}-]+(?:\s[\p{L}-]+)?)",
);
/// What comes out invalid is a fault of whoever makes it; nobody sends it in.
static PRODUCES: Pattern = Pattern::new(
    r"\b(?:sends?|sent|returns?|produces?|generates?|renders?|emits?|prints?|writes?|outputs?|gives?|creates?|builds?|results? in|leads? to|yields?|is|are|was|were) (?:an? |some )?(?:empty|invalid|malformed|negative|missing|duplicate)\b",
);
static STORES: Pattern = Pattern::new(
    r"\b(?:stor\w+|sav(?:e|es|ed|ing)|databases?|forms?|sign-?ups?|submit\w*|import\w*|upload\w*|creat\w+|speicher\w*)\b",
);
static EMPTY: Pattern =
    Pattern::new(r"([\p{L} -]{3,40}?)\s+(?:must|may|should) not be (empty|null|negative|blank)");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let bounded = !quantity::bounds(&statement.text).is_empty();
        let endpoint =
            mentions::mentions(&statement.text).iter().any(|mention| mention.kind == MentionKind::Endpoint);
        let told = asks::tells_fault(&statement.text) && !asks::demands(&statement.text);
        let comes_out = PRODUCES.is_in(&statement.text) || told || statement.origin == Origin::Report;
        if !endpoint
            && !comes_out
            && VALID.is_in(&statement.text)
            && (bounded || subject(&statement.text).is_some())
        {
            one(scene, findings, index, &statement.text);
        }
    }
    unmeasured::read(scene, findings);
}

fn subject(text: &str) -> Option<String> {
    if let Some(found) = EMPTY.captures(text) {
        return Some(format!("{} {}", found.get(2)?.as_str(), found.get(1)?.as_str().trim()));
    }
    let found = SUBJECT.captures(text)?;
    let subject = found.get(1).or(found.get(2))?.as_str().trim();
    let tails = [
        " are", " is", " must", " should", " with", " sind", " wird", " werden", " in", " on", " at", " of",
        " for", " from", " to",
    ];
    let bare = tails.iter().find_map(|tail| subject.strip_suffix(tail)).unwrap_or(subject);
    Some(bare.to_owned())
}

/// What stands before its number: `a list` of `a list of more than 40 lines`.
fn before_bound(text: &str) -> Option<String> {
    let bound = quantity::bounds(text).into_iter().next()?;
    let before = text.split(bound.words.as_str()).next()?.trim();
    let bare =
        [" of", " with", " that has", " that is", " is"].iter().find_map(|tail| before.strip_suffix(tail));
    let what = bare.unwrap_or(before);
    // `A `port` of more than …` speaks of the one that is called so.
    let what = ARTICLE.first(what, 1).unwrap_or(what);
    (2..60).contains(&what.chars().count()).then(|| what.to_owned())
}

static ARTICLE: Pattern = Pattern::new(r"^(?:an?|the) (`.+)$");

fn one(scene: &Scene<'_>, findings: &mut Findings, index: usize, text: &str) {
    let shows = quantity::status(text)
        .map(str::to_owned)
        .or_else(|| quantity::exit_code(text).map(|code| format!("exit code {code}")));
    let named = subject(text).map(|what| before_bound(&what).unwrap_or(what));
    let what = named.or_else(|| before_bound(text)).unwrap_or_else(|| words::shorten(text, 50));
    let answered = || scene.answered(&scene.slot("validation.shows", index));
    let refused = shows.clone().or_else(answered).unwrap_or_else(|| "refused".to_owned());
    let mut cases = beside(&what, text, &refused);
    if cases.is_empty() {
        let kept = if STORES.is_in(&scene.whole()) { ", nothing is stored" } else { "" };
        cases.push(format!("{what}: {refused}{kept}"));
    }
    if let Some(case) = crate::domain::plan::clause::arrow(text) {
        cases = vec![case];
    } else if shows.is_none() {
        let id = index + 1;
        findings.ask(
            scene,
            &format!("the refusal of R{id}"),
            Question {
                slot: scene.slot("validation.shows", index),
                text: format!("What does the sender of {} see?", named_as(&what)),
                default: format!("one sentence that names {}", named_as(&what)),
                why: String::new(),
                weight: 58,
            },
        );
    }
    meant(scene, findings, (index, text), &what);
    let places = scene.place(index).into_iter().collect();
    findings.claim(index, Claim { frame: FRAME.name, group: String::new(), kind: "feature", cases, places });
}

/// Between quotation marks, unless it is code.
fn named_as(what: &str) -> String {
    if what.starts_with('`') && what.ends_with('`') { what.to_owned() } else { words::quoted(what) }
}

static STORED: Pattern =
    Pattern::new(r"\b(?:stored?|stores|saved?|saves|persist\w*|databases?|sign-?ups?|gespeichert)\b");

/// Does the schema of the tree have a column that is called so?
fn in_schema(scene: &Scene<'_>, what: &str) -> bool {
    let text = scene.schema().and_then(|path| scene.places.text(path)).unwrap_or_default().to_lowercase();
    let last = what.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    let word = words::singular(&last);
    word.len() > 3 && columns(&text).any(|column| column == word || column == last)
}

/// Names that stand where a schema has those of columns: first of a part, behind `column`, or behind a kind as `t.string`.
fn columns(schema: &str) -> impl Iterator<Item = &str> {
    let parts = schema.split([',', '(', ')', ';', '\n']);
    parts.flat_map(|part| {
        let mut words = part.split_whitespace();
        let first = words.next();
        let behind = part.split_once("column ").and_then(|(_, rest)| rest.split_whitespace().next());
        let typed = first.filter(|first| first.starts_with("t.")).and_then(|_| words.next());
        let names = [first, behind, typed].into_iter().flatten();
        names.map(|name| name.trim_matches(|c: char| !c.is_alphanumeric() && c != '_'))
    })
}

static LETTERS: Pattern = Pattern::new(r"^(?:characters?|chars?|letters?|zeichen|buchstaben)$");

/// What is stored already, and what a bound counts.
fn meant(scene: &Scene<'_>, findings: &mut Findings, (index, text): (usize, &str), what: &str) {
    let bound = quantity::bounds(text).into_iter().next();
    let stored = STORED.is_in(text) || in_schema(scene, what);
    let told = bound.as_ref().map(|bound| words::quoted(&bound.words));
    match (&bound, &told) {
        (_, Some(bound)) if stored => findings.reads(format!(
            "{bound} holds for {what} from now on; what is stored stays until somebody saves it again"
        )),
        (None, None) if stored => findings.reads(format!(
            "{} is refused from now on; what is stored stays until somebody saves it again",
            words::quoted(what)
        )),
        (Some(bound), Some(_)) if LETTERS.is_in(&bound.quantity.unit) => findings.reads(format!(
            "{} = as people count them in {what}, not bytes: “ü” is one",
            words::quoted(bound.quantity.text().trim())
        )),
        _ => {}
    }
    if stored {
        let which = told.map_or_else(|| words::quoted(what), |bound| format!("{what} beyond {bound}"));
        findings.leaves(
            index,
            format!("a revert lets {which} in again; what came in stays when the check comes back"),
        );
    }
}

/// A bound has two sides: the last that is taken and the first that is not.
fn beside(what: &str, text: &str, refused: &str) -> Vec<String> {
    let mut out = Vec::new();
    for bound in quantity::bounds(text) {
        let n = bound.quantity.value;
        let (taken, not) = match bound.side {
            Side::AtMost | Side::Above | Side::After => (n, n.saturating_add(1)),
            Side::AtLeast => (n, n.saturating_sub(1)),
            Side::Below => (n.saturating_sub(1), n),
        };
        let unit = &bound.quantity.unit;
        let counted = |n: u64| format!("{n} {unit}").trim_end().to_owned();
        out.push(format!("{what} of {}: taken", counted(taken)));
        out.push(format!("of {}: {refused}", counted(not)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_a_whole_name() {
        let schema =
            "create table berths (id integer, surname text);\nalter table berths add column pilot text;";
        let has = |name: &str| columns(schema).any(|column| column == name);
        assert!(has("surname") && has("pilot") && !has("name") && !has("text"));
        assert!(columns("t.string \"pilot\", null: false").any(|column| column == "pilot"));
    }

    #[test]
    fn what_comes_out_invalid_is_not_refused() {
        assert!(PRODUCES.is_in("link(undefined) sends invalid Target: undefined header"));
        assert!(PRODUCES.is_in("The exporter writes an empty file"));
        assert!(!PRODUCES.is_in("an invalid name must be refused"));
    }
}
