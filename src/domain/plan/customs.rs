//! What the repository asks of every change, and what it has that a change could use.

mod changelog; // its part for what is not released yet

use std::collections::{BTreeSet, HashMap};

use crate::domain::plan::asks;
use crate::domain::plan::frames::Scene;
use crate::domain::plan::model::Plan;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::reading_list::RULE_FILES;
use crate::domain::plan::source::{self, Form, Piece};
use crate::domain::plan::statement::Origin;
use crate::domain::plan::words;

/// Most of each that a plan shows.
const SHOWN: usize = 2;

static DEMANDS: Pattern = Pattern::new(
    r"\b(?:must|should|always|never|please|required?|need(?:s)? to|have to|do not|don['’]t|make sure|ensure|every (?:change|pull request|commit|new))\b|^(?:run|add|use|update|write|keep|avoid|prefer|follow|sign|document|put|place)\b",
);
static CHANGELOG: Pattern = Pattern::new(
    r"\bchange ?log|(?-i:\bCHANGES\b)|\bnews (?:fragment|entry|file)|\brelease notes?\b|\bchangeset\b|\btowncrier\b",
);
/// What a rule for a change can be about, beside changelog and commits.
static OBJECT: Pattern = Pattern::new(
    r"\b(?:unit |regression |new )?(?:tests?|specs?|test cases?|coverage)\b|\b(?:docs?|documentation|readme|docstrings?|man(?:ual)? page|typings|type definitions)\b|\b(?:code|coding) style\b|\bformat(?:ted|ting|ter)?\b|\blint\w*|\bindent\w*|\bnaming\b|\bbackwards? compatib\w*",
);
/// The branch that a change is for.
static BRANCH: Pattern = Pattern::new(
    r"\b(?:against|to|on|from|into|base[ds]?|target\w*)\b.{0,24}\bbranch\b|\bbranch\b.{0,30}\b(?:pull requests?|PRs?)\b",
);
static DEFAULT: Pattern = Pattern::new(r"\b(?:main|master|default)\b|\b(?:new|feature|topic|own) branch\b");
/// What is no rule for a change, whatever else it says.
static FOREIGN: Pattern = Pattern::new(
    r"\bweb ?sites?\b|\bsecurity\b|\bvulnerabilit|\bdiscord\b|\bslack\b|\bgitter\b|\birc\b|\bmailing lists?\b|\bforums?\b|\bstack ?overflow\b|\bsponsor|\bdonat|\bconduct\b|\btranslat|\b(?:bug|issue) reports?\b|\breport(?:ing)? (?:an? |the )?(?:bug|issue|problem)|\bopen(?:ing)? (?:an? |the )?(?:\w+ )?(?:issue|ticket|discussion)|\bquestions?\b|\bchat\b|\btwitter\b|\be-?mail|\blicen[sc]e|\bclone\b|\binstall|\bfork\b|\bmaintainers? (?:will|only)\b|\bpatches\b|\b\d+\.x\b|\b(?:delet\w+|remov\w+|clos\w+) (?:the |your |an? )?(?:\w+ )?(?:branch(?:es)?|pull requests?|PRs?)\b",
);
/// Headings of what is no change, unless the issue is about just that.
static ELSEWHERE: Pattern = Pattern::new(
    r"\breleas(?:e|es|ing)\b|\bpublish|\btranslat|\blocali[sz]|^\W*(?:plugins?|extensions?|add-?ons?)\W*$|\b(?:previous|older|old) versions?\b|\bbackport|\blong[- ]term\b|\b(?:on|off)boarding\b|\bcollaborators?\b|\bfor (?:the )?maintainers?\b|^\W*(?:the )?maintainers?\W*$|\bgovernance\b|^\W*(?:the )?organi[sz]ation\W*$|\bweb ?site\b|\bsecurity\b|\b(?:bug|issue) reports?\b|\breport(?:ing)? .{0,20}\b(?:bugs?|issues?|problems?)\b|\btriag",
);
/// A link whose address stands elsewhere.
static REFERENCE: Pattern = Pattern::new(r"\[([^\]\[]+)\]\[[^\]\[]*\]");
static SIGNED: Pattern = Pattern::new(r"sign[- ]?off|signed-off-by|\bDCO\b");
static MESSAGES: Pattern = Pattern::new(r"conventional commits?|commit (?:messages?|subjects?)");
/// What of a message anybody can see to be so, or not.
static CHECKABLE: Pattern = Pattern::new(
    r"\bconventional\b|\d|`|\b(?:prefix|suffix)|\b(?:imperative|present tense|past tense|active voice)\b|\b(?:start|begin|end)s? with\b|\bin the form\b|\bformat|\brefer(?:ence|s|ring)?\b|\bissues?\b|\bnumbers?\b|\bcapital|\b(?:upper|lower)[- ]?case|\benglish\b|\b(?:body|summary|subject|trailer|scope)\b|\b(?:blank|empty|first) line\b|\bfixes\b",
);

/// What only points on, and what is said to programs that write code: no rule for whoever makes the change.
static POINTS_ON: Pattern = Pattern::new(
    r"^(?:for (?:examples?|more|further|details?|information)\b|see\b|please (?:refer|read|see)\b)|\bplease refer to\b|\bcheck (?:out )?(?:the|its|their) [\w.-]+ (?:changes|changelog|release notes)\b|\bco-authored-by\b",
);

/// What frees from a rule is none.
static FREES: Pattern = Pattern::new(
    r"\bnot (?:every|all|each|necessar\w+|required?|needed|mandatory)\b|\b(?:do(?:es)?(?: not|n['’]t)|no) (?:need|have to|require)\b|\boptional\b",
);

/// An entry that others write is none of the contributor's.
static BY_OTHERS: Pattern = Pattern::new(
    r"\bmaintainers?\b[^.]{0,30}\b(?:adds?|writes?|updates?|edits?|keeps?)\b|\b(?:added|written|updated) (?:by (?:the |a )?maintainers?|(?:on|at|during|before) (?:the |each |every )?release)",
);

/// Rules of the repository that apply to a plan, each with its file and line.
pub fn rules(scene: &Scene<'_>, plan: &Plan) -> Vec<String> {
    let about = subject(scene);
    let mut found: Vec<(u8, usize, usize, String)> = Vec::new();
    // What rules say of a changelog, if only that it is none of the contributor's, comes before any habit.
    let mut is_ruled = false;
    for (order, path) in RULE_FILES.iter().enumerate() {
        let Some(text) = scene.places.text(path) else { continue };
        // A template says in comments what it asks for.
        let is_template = path.to_lowercase().contains("pull_request_template");
        let shown = if is_template { text.replace("<!--", "").replace("-->", "") } else { text.to_owned() };
        let pieces = source::read(&shown).pieces;
        for piece in &pieces {
            let said = whole(piece, &pieces);
            let said = REFERENCE.replace(&said, |link| {
                link.trim_start_matches('[').split("][").next().unwrap_or_default().to_owned()
            });
            let length = said.chars().count();
            let boxed = is_template && piece.form == Form::Box && CHANGELOG.is_in(&said);
            if piece.section.as_deref().is_some_and(|section| is_elsewhere(section, &about)) {
                continue;
            }
            let speaks = boxed || [&DEMANDS, &FREES, &changelog::WRITTEN].iter().any(|it| it.is_in(&said));
            is_ruled |= CHANGELOG.is_in(&said) && speaks && !POINTS_ON.is_in(&said);
            if !(15..=180).contains(&length)
                || !(boxed || DEMANDS.is_in(&said))
                || FREES.is_in(&said)
                || CHANGELOG.is_in(&said) && BY_OTHERS.is_in(&said)
                || POINTS_ON.is_in(&said)
            {
                continue;
            }
            let weight = weigh(plan, &about, &said);
            if weight > 0 {
                let closed = CHANGELOG.is_in(&said).then(|| changelog::closed_part(scene.places)).flatten();
                let closed =
                    closed.map(|top| format!(", in a part of its own: {} is released", words::quoted(&top)));
                let told = format!(
                    "{} (`{path}` line {}){}",
                    words::quoted(said.trim_end_matches('.')),
                    piece.line,
                    closed.unwrap_or_default()
                );
                found.push((weight, order, piece.line, told));
            }
        }
    }
    if !is_ruled && changes_product(plan) {
        let habit = changelog::by_habit(scene.places);
        found.extend(habit.map(|told| (OF_CHANGELOG, RULE_FILES.len(), 0, told)));
    }
    found.sort_by_key(|(weight, order, line, _)| (u8::MAX - weight, *order, *line));
    // Two files that say the same are one rule.
    let mut seen = BTreeSet::new();
    found.retain(|(_, _, _, told)| {
        seen.insert(words::bare(told.rsplit_once(" (").map_or(told, |(said, _)| said)))
    });
    // What nobody does anyway is left out where there is something to do.
    let bans = |weight: u8, told: &str| weight < OF_PLACE && PROHIBITS.is_in(told);
    if found.iter().any(|(weight, _, _, told)| !bans(*weight, told)) {
        found.retain(|(weight, _, _, told)| !bans(*weight, told));
    }
    found.into_iter().take(SHOWN).map(|(_, _, _, told)| told).collect()
}

static PROHIBITS: Pattern =
    Pattern::new(r"^\W*(?:please,? |also,? |and |but )*(?:do not|don['’]t|never|avoid|no)\b");

/// What a rule weighs that names a place of the plan.
const OF_PLACE: u8 = 4;

/// What a rule on the changelog weighs.
const OF_CHANGELOG: u8 = 3;

/// Does the plan change more than documents and tests?
fn changes_product(plan: &Plan) -> bool {
    plan.work_items.iter().any(|item| {
        let aside = |path: &String| places::is_test(path) || places::is_prose(path);
        item.kind != "docs" && (item.paths.is_empty() || !item.paths.iter().all(aside))
    })
}

/// Is a section about releases, translations and the like, and the issue about something else?
fn is_elsewhere(section: &str, about: &BTreeSet<String>) -> bool {
    let own = section.rsplit(asks::UNDER).next().unwrap_or(section);
    ELSEWHERE.is_in(own) && !CHANGELOG.is_in(own) && words::nouns(own).is_disjoint(about)
}

/// A sentence that leads in a list says nothing without it.
fn whole(piece: &Piece, pieces: &[Piece]) -> String {
    let said = piece.text.trim();
    if !said.ends_with(':') {
        return said.to_owned();
    }
    let items = pieces.iter().filter(|other| other.lead.as_deref() == Some(piece.text.as_str()));
    let items: Vec<&str> = items.map(|item| item.text.trim().trim_end_matches(['.', ',', ';'])).collect();
    if items.is_empty() { String::new() } else { format!("{said} {}", items.join(", ")) }
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
    // Everybody's first guess is no rule.
    let of_branch = BRANCH.is_in(said) && !DEFAULT.is_in(said);
    let of_messages = MESSAGES.is_in(said) && CHECKABLE.is_in(said);
    let of_commits = SIGNED.is_in(said) || of_messages || of_branch;
    let of_change = of_commits || CHANGELOG.is_in(said) || OBJECT.is_in(said);
    match () {
        () if !of_change || FOREIGN.is_in(said) => 0,
        () if paths.into_iter().any(names) => OF_PLACE,
        () if CHANGELOG.is_in(said) && !docs_only => OF_CHANGELOG,
        () if shared > 2 => 2,
        () if of_commits => 1,
        () => 0,
    }
}

/// Functions and types that are there and named like what is asked for, each with its place.
pub fn reuse(scene: &Scene<'_>, plan: &Plan) -> Vec<String> {
    // Whoever mends makes nothing new that could be there already.
    if scene.reading.demands.iter().any(|demand| demand.origin == Origin::Report) {
        return Vec::new();
    }
    let whole = scene.whole();
    let wished = wished(scene);
    // What is said from each two words on.
    let mut said: HashMap<[&str; 2], Vec<&[String]>> = HashMap::new();
    for (row, at) in wished.iter().flat_map(|row| (0..row.len()).map(move |at| (row, at))) {
        if let Some(from @ [first, second, ..]) = row.get(at..) {
            said.entry([first, second]).or_default().push(from);
        }
    }
    let is_said = |own: &[String]| match own {
        [first, second, ..] => {
            let rows = said.get(&[first.as_str(), second.as_str()]);
            rows.is_some_and(|rows| rows.iter().any(|row| row.starts_with(own)))
        }
        _ => false,
    };
    let changed: BTreeSet<&str> =
        plan.work_items.iter().flat_map(|item| &item.paths).map(String::as_str).collect();
    let is_home = |path: &str| !places::is_test(path) && !places::is_aside(path) && !changed.contains(path);
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut found: Vec<(usize, &str, usize, &str)> = Vec::new();
    for (path, line, name) in scene.places.defined(is_home) {
        // Of places where one name is defined the first is told.
        if name.len() < 6 || !seen.insert(name) {
            continue;
        }
        let apart = places::split_camel(name);
        let own = in_words(&apart);
        // Cheapest first: a large tree defines tens of thousands.
        if !is_said(&own) {
            continue;
        }
        // `sign_in` says too little.
        if words::nouns(&apart).len() > 1 && !words::holds(&whole, name) {
            found.push((own.len(), path, line, name));
        }
    }
    found.sort_by_key(|(shared, path, line, _)| (usize::MAX - shared, *path, *line));
    let told = found.into_iter().take(SHOWN);
    told.map(|(_, path, line, name)| format!("`{name}` in `{path}` line {line}")).collect()
}

/// Title and demands as rows of words: a name of the tree speaks of them only where it stands in one whole.
fn wished(scene: &Scene<'_>) -> Vec<Vec<String>> {
    let asked = scene.reading.demands.iter().filter(|demand| demand.origin != Origin::Report);
    let said = asked.map(|demand| demand.text.as_str()).chain([scene.brief.title.as_str()]);
    said.map(in_words).collect()
}

fn in_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| words::singular(&word.to_lowercase()).to_owned()).collect()
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

    #[test]
    fn what_only_points_on_or_binds_programs_is_no_rule() {
        for other in [
            "For examples, please refer to the excellent guide on commit messages",
            "Use `Co-authored-by:` trailer in commit messages",
            "Be sure to check the highlight.js CHANGES for any breaking changes",
        ] {
            assert!(POINTS_ON.is_in(other), "{other}");
        }
        for theirs in [
            "Describe it in one line (that the maintainers can add to the changelog on release).",
            "Changelog entries are written by maintainers.",
        ] {
            assert!(BY_OTHERS.is_in(theirs), "{theirs}");
        }
        assert!(!POINTS_ON.is_in("Please add a line to CHANGES.md for what users will see"));
    }

    #[test]
    fn a_rule_of_a_section_on_something_else_is_none_unless_the_issue_is_about_that() {
        let about = |said: &str| words::nouns(said);
        for section in [
            "Releases",
            "How to release",
            "Plugins",
            "Older versions",
            "Reporting bugs",
            "For maintainers: ship it",
        ] {
            assert!(is_elsewhere(section, &about("Limit the size of a body")), "{section}");
        }
        for section in ["Changelog and release notes", "Pull requests", "Plugins and their tests", "Style"] {
            assert!(!is_elsewhere(section, &about("Limit the size of a body")), "{section}");
        }
        assert!(!is_elsewhere("Translations", &about("Add the translation of the menu")));
    }

    #[test]
    fn a_rule_is_about_a_change_or_it_is_none() {
        let about = |said: &str| {
            let own = SIGNED.is_in(said) || MESSAGES.is_in(said) || BRANCH.is_in(said);
            (own || CHANGELOG.is_in(said) || OBJECT.is_in(said)) && !FOREIGN.is_in(said)
        };
        for rule in [
            "Add an entry in CHANGES.rst summarizing the change.",
            "Please submit pull requests against the `develop` branch.",
            "Use conventional commits.",
            "Every change must have tests.",
        ] {
            assert!(about(rule), "{rule}");
        }
        for other in [
            "The website sources must be changed in another repository.",
            "Never report security issues here; write documentation of them by e-mail.",
            "Always ask in `#acme` on IRC first.",
            "Please be kind.",
            "Please do not delete the branch or close the pull request while tests run.",
        ] {
            assert!(!about(other), "{other}");
        }
    }

    #[test]
    fn a_message_is_asked_for_only_what_one_can_see_in_it() {
        let checkable = |said: &str| MESSAGES.is_in(said) && CHECKABLE.is_in(said);
        for empty in [
            "Write a good commit message",
            "You must clean up the commit message, making sure it contains useful details",
        ] {
            assert!(MESSAGES.is_in(empty) && !checkable(empty), "{empty}");
        }
        for told in [
            "Use conventional commits.",
            "Commit messages must start with the issue they are about.",
            "Keep the first line of commit messages below 72 characters.",
        ] {
            assert!(checkable(told), "{told}");
        }
    }

    #[test]
    fn a_lead_is_quoted_with_its_list() {
        let pieces =
            source::read("Update the changelog for changes of:\n\n- the output.\n- an option\n\nSee:\n")
                .pieces;
        assert_eq!(whole(&pieces[0], &pieces), "Update the changelog for changes of: the output, an option");
        assert_eq!(pieces.last().map(|last| whole(last, &pieces)).as_deref(), Some(""));
    }
}
