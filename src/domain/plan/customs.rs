//! What the repository asks of every change, and what it has that a change could use.

use std::collections::BTreeSet;

use crate::domain::plan::frames::Scene;
use crate::domain::plan::model::Plan;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::reading_list::RULE_FILES;
use crate::domain::plan::source;
use crate::domain::plan::words;

/// Most of each that a plan shows.
const SHOWN: usize = 2;

static DEMANDS: Pattern = Pattern::new(
    r"\b(?:must|should|always|never|please|required?|need(?:s)? to|have to|do not|don['’]t|make sure|ensure|every (?:change|pull request|commit|new))\b|^(?:run|add|use|update|write|keep|avoid|prefer|follow|sign|document|put|place)\b",
);
static CHANGELOG: Pattern = Pattern::new(
    r"\bchange ?log|\bnews (?:fragment|entry|file)|\brelease notes?\b|\bchangeset\b|\btowncrier\b",
);
static SIGNED: Pattern = Pattern::new(r"sign[- ]?off|signed-off-by|\bDCO\b");
static MESSAGES: Pattern = Pattern::new(r"conventional commits?|commit (?:messages?|subjects?)");

/// What frees from a rule is none.
static FREES: Pattern = Pattern::new(
    r"\bnot (?:every|all|each|necessar\w+|required?|needed|mandatory)\b|\b(?:do(?:es)?(?: not|n['’]t)|no) (?:need|have to|require)\b|\boptional\b",
);

/// Rules of the repository that apply to a plan, each with its file and line.
pub fn rules(scene: &Scene<'_>, plan: &Plan) -> Vec<String> {
    let about = subject(scene);
    let mut found: Vec<(u8, usize, usize, String)> = Vec::new();
    for (order, path) in RULE_FILES.iter().enumerate() {
        let Some(text) = scene.places.text(path) else { continue };
        for piece in source::read(text).pieces {
            let said = piece.text.trim();
            let length = said.chars().count();
            if !(15..=180).contains(&length) || !DEMANDS.is_in(said) || FREES.is_in(said) {
                continue;
            }
            let weight = weigh(plan, &about, said);
            if weight > 0 {
                let told =
                    format!("{} (`{path}` line {})", words::quoted(said.trim_end_matches('.')), piece.line);
                found.push((weight, order, piece.line, told));
            }
        }
    }
    found.sort_by_key(|(weight, order, line, _)| (u8::MAX - weight, *order, *line));
    found.into_iter().take(SHOWN).map(|(_, _, _, told)| told).collect()
}

/// Does the rule speak of what is changed here? The closer, the more.
fn weigh(plan: &Plan, about: &BTreeSet<String>, said: &str) -> u8 {
    let paths = plan.work_items.iter().flat_map(|item| &item.paths);
    let names = |path: &String| {
        let folder = places::folder(path);
        said.contains(path.as_str())
            || (folder.len() > 3
                && (said.contains(&format!("{folder}/")) || said.contains(&format!("`{folder}`"))))
    };
    let shared = words::nouns(said).intersection(about).count();
    let docs_only = plan.work_items.iter().all(|item| item.kind == "docs");
    match () {
        () if paths.into_iter().any(names) => 4,
        () if shared > 2 => 3,
        () if CHANGELOG.is_in(said) && !docs_only => 2,
        () if SIGNED.is_in(said) || MESSAGES.is_in(said) => 1,
        () => 0,
    }
}

/// Functions and types that are there and named like what is asked for, each with its place.
pub fn reuse(scene: &Scene<'_>, plan: &Plan) -> Vec<String> {
    let about = subject(scene);
    let whole = scene.whole();
    let changed: BTreeSet<&str> =
        plan.work_items.iter().flat_map(|item| &item.paths).map(String::as_str).collect();
    let mut found: Vec<(usize, &str, usize, &str)> = Vec::new();
    for (path, line, name) in scene.places.defined() {
        let aside = places::is_test(path) || places::is_aside(path) || changed.contains(path);
        if aside || name.len() < 6 || whole.contains(name) {
            continue;
        }
        let own = words::nouns(&places::split_camel(name));
        let shared = own.intersection(&about).count();
        if shared >= 2 && shared * 3 >= own.len() * 2 {
            found.push((shared, path, line, name));
        }
    }
    found.sort_by_key(|(shared, path, line, _)| (usize::MAX - shared, *path, *line));
    found.dedup_by_key(|(_, _, _, name)| *name);
    let told = found.into_iter().take(SHOWN);
    told.map(|(_, path, line, name)| format!("`{name}` in `{path}` line {line}")).collect()
}

/// The words of the issue that mean something.
fn subject(scene: &Scene<'_>) -> BTreeSet<String> {
    let mut about = words::nouns(&scene.brief.title);
    for demand in &scene.reading.demands {
        about.extend(words::nouns(&demand.text));
    }
    about.retain(|word| {
        word.len() > 3 && !word.chars().any(|c| c.is_ascii_digit()) && !COMMON.contains(&word.as_str())
    });
    about
}

/// Words that half of all names hold.
const COMMON: [&str; 26] = [
    "file", "line", "name", "value", "type", "error", "test", "data", "list", "code", "return", "show",
    "user", "item", "string", "number", "read", "write", "change", "call", "result", "state", "time", "path",
    "work", "with",
];

/// The files of rules that a tree has.
pub fn rule_files<'a>(places: &Places<'a>) -> Vec<&'a str> {
    RULE_FILES.iter().filter(|path| places.has(path)).filter_map(|path| places.resolve(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_frees_from_a_rule_is_no_rule() {
        for free in [
            "Not every change must have a changelog entry.",
            "You do not need to sign your commits.",
            "A changelog entry is optional, please decide.",
        ] {
            assert!(DEMANDS.is_in(free) && FREES.is_in(free), "{free}");
        }
        for rule in ["Every change needs to have a changelog entry.", "Please sign off; do not squash."] {
            assert!(DEMANDS.is_in(rule) && !FREES.is_in(rule), "{rule}");
        }
    }
}
