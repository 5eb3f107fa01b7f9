//! Names that are not in the tree: what is asked about them, and which of them nobody needs to ask about.

use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::lookup::Missing;
use crate::domain::plan::model::{LookupKind, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::words;

/// A path of a machine: no tree has it.
static OUTSIDE: Pattern = Pattern::new(
    r"(?:^|[\s`(\x22'“])((?:/(?:etc|usr|var|home|proc|sys|opt|root|boot)/[\w./-]*\w|~/[\w./-]*\w|[a-z]:\\[\w.\\-]*\w))",
);

/// A name that may well stand in the many files nobody read: no reason to ask.
pub(super) fn is_unread(scene: &Scene<'_>, missing: &Missing) -> bool {
    let snapshot = scene.places.snapshot;
    let partly = snapshot.files.len() * 10 < snapshot.file_count() * 9;
    partly && missing.kind == LookupKind::Symbol && missing.similar.is_empty()
}

/// Names that are not in the tree.
pub fn missing(scene: &Scene<'_>, findings: &mut Findings) {
    let unseen: Vec<String> = scene
        .lookups
        .missing
        .iter()
        .filter(|missing| is_unread(scene, missing))
        .map(|missing| words::code(&missing.name))
        .collect();
    if !unseen.is_empty() {
        let verb = if unseen.len() == 1 { "stands" } else { "stand" };
        findings
            .not_checked
            .push(format!("where {} {verb}: outside the files read", words::some(&unseen, 3)));
    }
    let whole = scene.whole();
    let lie_outside = OUTSIDE.all(&whole, 1);
    let mut outside: Vec<String> = lie_outside.iter().map(|path| words::code(path)).collect();
    outside.dedup();
    // What lies on the machine of whoever reports a fault nobody looks for in a tree.
    if !outside.is_empty() && !scene.reading.tells_fault {
        let verb = if outside.len() == 1 { "lies" } else { "lie" };
        let told = words::some(&outside, 3);
        findings.not_checked.push(format!("{told}: {verb} outside the repository"));
    }
    let is_outside = |name: &str| lie_outside.iter().any(|path| path.trim_start_matches(['/', '~']) == name);
    let of_system = |one: &Missing| one.demand.is_none() && SYSTEMS_OWN.is_in(&one.name);
    // A bare file that a report tells of is the reporter's own.
    let reports = scene.reading.tells_fault;
    let of_reporter = |one: &Missing| {
        let given = scene.reading.blocks.iter().any(|block| words::stands_in(&block.text, &one.name));
        // Those of its tests that are called so are theirs.
        let of_tests =
            one.similar.iter().all(|path| scene.places.holds_tests(path) || scene.places.is_beside(path));
        let bare = !one.name.contains('/') && (given || of_tests);
        // A folder that the tree has not got is of another project.
        let apart = one.name.contains('/') && !scene.places.has_folder(places::folder(&one.name));
        let path = one.kind == LookupKind::Path && one.demand.is_none();
        path && reports && (bare || apart)
    };
    let asked = scene.lookups.missing.iter();
    let asked = asked.filter(|one| !is_unread(scene, one) && !is_outside(&one.name) && !of_system(one));
    // A setting that the issue shows set is explained there, and belongs to who reads it.
    let blocks = scene.reading.blocks.iter();
    let set: String =
        blocks.flat_map(|block| block.text.lines()).fold(String::new(), |all, line| all + "\n" + line.trim());
    let is_set = |one: &Missing| {
        let name = &one.name;
        one.demand.is_none() && [" =", "=", ": "].iter().any(|mark| set.contains(&format!("\n{name}{mark}")))
    };
    let asked = asked.filter(|one| !of_reporter(one) && !is_set(one));
    for missing in asked {
        let name = words::code(&missing.name);
        let question = Question {
            slot: format!("missing.{}", missing.name),
            text: missing_text(scene, missing),
            default: missing_default(scene, missing),
            why: String::new(),
            weight: if missing.demand.is_some() { 85 } else { 60 },
        };
        findings.ask(scene, &name, question);
    }
}

static BOXES: Pattern = Pattern::new(r"(?m)^\s*[-*+] \[[ xX]\] ");

/// Codes of errors that the system or its runtime gives; no tree has them.
static SYSTEMS_OWN: Pattern = Pattern::new(
    r"^(?-i:ERR_[A-Z0-9_]{3,}|ECONN[A-Z]+|EADDR[A-Z]+|EHOST[A-Z]+|ENOENT|EACCES|EPIPE|ETIMEDOUT|EEXIST|EPERM|ENOTFOUND|EINVAL|ENOTDIR|EISDIR|EMFILE)$",
);

fn missing_text(scene: &Scene<'_>, missing: &Missing) -> String {
    let name = words::code(&missing.name);
    let similar = words::codes(&missing.similar);
    let read = scene.places.snapshot.files.len();
    let tree =
        if scene.places.snapshot.truncated { "the part of the tree that GitHub listed" } else { "the tree" };
    match (missing.kind, similar.as_slice()) {
        (LookupKind::Path, []) if !missing.compared => format!("{name} is not in {tree}. Which is meant?"),
        (LookupKind::Path, []) => {
            format!("{name} is not in {tree} and no file has a similar name. Which is meant?")
        }
        (LookupKind::Path, [one]) => format!("{name} is not in {tree}. Is {one} meant?"),
        (LookupKind::Path, many) => {
            format!("{name} is not in {tree}. Which of {} is meant?", words::list(many))
        }
        (_, []) => format!("{name} stands in none of the {read} files read. Which is meant?"),
        (_, [one]) => format!("{name} stands in none of the {read} files read. Is {one} meant?"),
        (_, many) => format!(
            "{name} stands in none of the {read} files read. Which of {} is meant?",
            words::list(many)
        ),
    }
}

fn missing_default(scene: &Scene<'_>, missing: &Missing) -> String {
    match (missing.demand, missing.similar.as_slice()) {
        (_, [one, ..]) => words::code(one),
        (None, []) => {
            let boxes = BOXES.is_in(&scene.brief.body);
            format!("ignored; no {} needs it", if boxes { "check box" } else { "demand" })
        }
        (Some(index), []) => format!("R{} creates it", index + 1),
    }
}
