//! How one knows it is done, how it is taken back, and what nobody looked at.

use crate::domain::plan::clause;
use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::items::Draft;
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::model::{Elsewhere, LookupKind, Place, Plan, Requirement, Tests};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::Places;
use crate::domain::plan::statement::Origin;
use crate::domain::plan::testing::{self, About};
use crate::domain::plan::words;
use crate::domain::plan::workflows::{self, Job};
use crate::domain::plan::{places, profile, tools, unheard};
use crate::domain::snapshot::{EntryKind, Snapshot};

/// When it is done.
pub fn done_when(plan: &Plan, places: &Places<'_>) -> Vec<String> {
    let all = || plan.requirements.iter().flat_map(|requirement| &requirement.cases);
    if all().next().is_none() || plan.work_items.is_empty() {
        return Vec::new();
    }
    let cases = all().filter(|case| !clause::is_bare_test(case)).count();
    // A demand that only says that there is to be a test has no case that one could count.
    let bare = |requirement: &&Requirement| requirement.cases.iter().any(|case| clause::is_bare_test(case));
    let bare: Vec<String> = plan.requirements.iter().filter(bare).map(|one| one.id.clone()).collect();
    let documents = plan.work_items.iter().all(|item| item.kind == "docs");
    let beside = match bare.as_slice() {
        [] => String::new(),
        bare => format!(" and a test of {}", words::list(bare)),
    };
    let verb = match (documents, cases == 1 && bare.is_empty()) {
        (true, true) => "holds",
        (true, false) => "hold",
        (false, true) => "is in",
        (false, false) => "are in",
    };
    let which = match cases {
        0 => "a test that is red before the change is in".to_owned(),
        1 => format!("this case{beside} {verb}"),
        cases => format!("these {cases} cases{beside} {verb}"),
    };
    let tests = &plan.tests;
    let command = tests.command.as_deref().and_then(tools::told_command);
    let green = match (command, &tests.workflow) {
        (Some(command), Some(_)) if let Some(by) = &tests.by => {
            format!("{which} and {}, {by}, is green", words::code(command))
        }
        (Some(command), Some(workflow)) => {
            format!(
                "{which} and {} in {} is green",
                words::code(command),
                words::code(workflows::file_name(workflow))
            )
        }
        (None, Some(workflow)) => {
            format!("{which} and {} is green", words::code(workflows::file_name(workflow)))
        }
        _ => match (&tests.file, &tests.framework) {
            (file, Some(_)) if let Some(script) = &tests.script => {
                let place = file
                    .as_ref()
                    .map_or_else(|| which.clone(), |file| format!("{which} {}", words::code(&file.path)));
                let path = tests.elsewhere.as_deref().unwrap_or_default();
                format!("{place} and {} of {} is green", words::code(script), words::code(path))
            }
            (None, Some(framework)) => {
                format!("{which} and {} is green; {}", words::code(framework), unread(tests, "it"))
            }
            (Some(file), Some(framework)) => {
                format!("{which} {}; {}", words::code(&file.path), unread(tests, &words::code(framework)))
            }
            (Some(file), None) => format!("{which} {}", words::code(&file.path)),
            (None, None) => match which.strip_suffix(" in") {
                // Where no tree was read, that is what was not checked.
                Some(which) if !places.known() => format!("{which} shown by hand"),
                Some(which) => {
                    let around = plan.work_items.iter().flat_map(|item| &item.paths).next();
                    let around =
                        around.map_or_else(String::new, |path| format!(" around {}", words::code(path)));
                    format!("{which} shown by hand: the tree{around} names no test framework")
                }
                None => which,
            },
        },
    };
    let green = match (&tests.file, tests.today) {
        (Some(file), Some(line)) => {
            format!("{green}; line {line} of {} holds what comes out today", words::code(&file.path))
        }
        _ => green,
    };
    // The green of a build without what changes proves nothing.
    let green = match tests.untested.as_slice() {
        [] => green,
        some => {
            let features: Vec<String> = some.iter().map(|feature| words::code(feature)).collect();
            format!("{green}; no CI step that was read tests with {}", words::list(&features))
        }
    };
    let done = match &tests.local {
        Some(local) => format!("{green}; on your machine: {}", words::code(local)),
        None => green,
    };
    std::iter::once(done).chain(plan.judged_by.clone()).collect()
}

/// Why no step of a workflow is told: another service runs the suite, or nobody does.
fn unread(tests: &Tests, framework: &str) -> String {
    match &tests.elsewhere {
        Some(other) => format!("what `{other}` runs was not read"),
        None => format!("no workflow step names {framework}"),
    }
}

static DESTRUCTIVE: Pattern = Pattern::new(
    r"\b(drop(?:s|ped)?|delete[sd]?|remove[sd]?|purge[sd]?)\b.*\b(table|column|rows?|data|records?)s?\b|\b(?:tables?|columns?|rows?|data|records?)\b[^,.;]*\b(?:be|are|is|gets?) (?:\w+ly )?(?:dropped|deleted|purged)\b",
);

/// A file that is one of a row: by its number, its date or its revision.
static NUMBERED: Pattern =
    Pattern::new(r"^(?:V?\d+(?:[._]\d+)*_|\d{3,}|[0-9a-f]{10,}_|Version\d{6,}|m\d{4,})");
static DDL: Pattern = Pattern::new(r"\b(?:alter|drop)\s+(?:table|column|type|schema)\b");

/// Does the file, once it ran, leave data that a revert does not bring back? Not what only has the word in its name.
fn is_migration(scene: &Scene<'_>, place: &Place) -> bool {
    let path = place.path.to_lowercase();
    let row = |path: &str| NUMBERED.is_in(places::name(path));
    let folder = places::folder(&place.path);
    let home = path.contains("migrat") || places::name(folder).eq_ignore_ascii_case("versions");
    let in_row = || {
        let beside = |other: &str| places::folder(other) == folder && row(other);
        row(&place.path) || scene.places.files().any(beside)
    };
    let text = scene.places.text(&place.path).unwrap_or_default();
    path.ends_with(".sql") && !places::is_test(&place.path) && (home || DDL.is_in(text))
        || place.new && home && in_row()
}

/// How it is taken back.
pub fn rollback(scene: &Scene<'_>, findings: &Findings, drafts: &[Draft]) -> Vec<String> {
    let mut out = Vec::new();
    match drafts.len() {
        0 => return out,
        1 => out.push(single(scene, drafts)),
        2 => out.push("revert 2, then 1".to_owned()),
        count => {
            out.push(format!("revert from {count} ({}) down to 1", words::quoted(&title(drafts.last()))))
        }
    }
    let mut places = drafts.iter().flat_map(|draft| &draft.places);
    let migration = places.find(|place| is_migration(scene, place));
    let met = |demand: usize| drafts.iter().any(|draft| draft.demands.contains(&demand));
    let stored =
        |is_loss: bool| findings.data.iter().find(|data| data.is_loss == is_loss && met(data.demand));
    let lost = stored(true);
    // What a fault loses is not what its repair deletes, and what is gone by a demand its own kind of change says better.
    let said = |index: usize| findings.data.iter().any(|data| data.is_loss && data.demand == index);
    let mut demands =
        scene.reading.demands.iter().enumerate().filter(|(index, _)| met(*index) && !said(*index));
    let destroys = demands
        .find(|(_, demand)| demand.origin != Origin::Report && DESTRUCTIVE.is_in(&demand.text))
        .map(|(index, _)| index);
    let left = findings.back.iter().filter(|back| met(back.demand)).map(|back| back.text.clone()).take(LEFT);
    let left: Vec<String> = left.collect();
    let gone = lost.map(|data| data.text.clone());
    let mut data = match (migration, destroys) {
        // That it is irreversible is said beside what is gone by it: the one is no reason to leave out the other.
        (Some(place), _) => {
            let path = words::code(&place.path);
            let step = format!("{path} is irreversible without a migration back: copy the data first");
            std::iter::once(step).chain(gone).collect()
        }
        (None, Some(index)) => {
            let destroyed = format!("R{} destroys data: irreversible without a copy", index + 1);
            gone.into_iter().chain([destroyed]).collect()
        }
        (None, None) => match gone.or_else(|| stored(false).map(|data| data.text.clone())) {
            Some(data) => vec![data],
            // Everybody reverts one pull request.
            None if drafts.len() == 1 => return left,
            None => vec!["No data to migrate".to_owned()],
        },
    };
    if drafts.len() > 1 {
        for extra in &findings.rollback {
            if let (Some(extra), Some(data)) = (numbered(extra, drafts), data.last_mut()) {
                *data = format!("{data}; {extra}");
            }
        }
    }
    out.extend(data);
    out.extend(left);
    out
}

/// Most that is said of what a revert leaves behind.
const LEFT: usize = 2;

/// One pull request: what is as before once it is reverted.
fn single(scene: &Scene<'_>, drafts: &[Draft]) -> String {
    let changed = drafts.iter().flat_map(|draft| &draft.places).find(|place| !place.new);
    match (changed, scene.places.snapshot.short_sha()) {
        (Some(place), sha) if !sha.is_empty() => {
            format!("revert; {} is again as at `{sha}`", words::code(&place.path))
        }
        _ => format!("revert {}", words::quoted(&title(drafts.first()))),
    }
}

fn title(draft: Option<&Draft>) -> String {
    draft.map(|draft| words::shorten(&draft.title, 40)).unwrap_or_default()
}

/// `{group}` becomes the number of the item that the group went into.
fn numbered(text: &str, drafts: &[Draft]) -> Option<String> {
    let (before, rest) = text.split_once('{')?;
    let (group, after) = rest.split_once('}')?;
    let at = drafts.iter().position(|draft| draft.groups.iter().any(|own| own == group))?;
    Some(format!("{before}{}{after}", at + 1))
}

/// Environments a deploying workflow names, in its order: the stages of an infrastructure change.
pub fn stages(jobs: &[Job], kind: &str) -> Option<String> {
    let stages: Vec<String> =
        jobs.iter().filter_map(|job| job.environment.clone()).map(|name| words::code(&name)).collect();
    (kind == "infrastructure" && stages.len() > 1).then(|| format!("in stages: {}", stages.join(", then ")))
}

/// What nobody looked at, each a part of one sentence.
pub fn not_checked(scene: &Scene<'_>, findings: &Findings, plan: &Plan, broken: &[String]) -> Vec<String> {
    let mut out = findings.not_checked.clone();
    out.extend(scene.brief.unread.iter().cloned());
    let unseen = plan.elsewhere.iter().filter(|one| one.state == "unknown");
    let unseen: Vec<String> = unseen.map(Elsewhere::told).collect();
    if !unseen.is_empty() {
        let (verb, whose) = match unseen.len() {
            1 => ("is", "an issue of another repository"),
            _ => ("are", "issues of other repositories"),
        };
        out.push(format!("whether {} {verb} closed: {whose}", words::some(&unseen, 3)));
    }
    // Of what is only likely, the first.
    let told = |one: &Requirement| if one.likely.is_some() { 1 } else { one.places.len() };
    let today: Vec<String> = plan
        .requirements
        .iter()
        .flat_map(|requirement| requirement.places.iter().take(told(requirement)))
        .filter(|place| !place.new && place.line.is_none() && scene.places.has(&place.path))
        .map(|place| words::code(&place.path))
        .collect();
    let mut once: Vec<String> = Vec::new();
    today.into_iter().for_each(|path| {
        if !once.contains(&path) {
            once.push(path)
        }
    });
    if !once.is_empty() {
        let verb = if once.len() == 1 { "does" } else { "do" };
        out.push(format!("what {} {verb} today", words::some(&once, 3)));
    }
    if plan.owners.iter().any(|line| line.contains("review by")) {
        let branch = match scene.places.snapshot.repository.default_branch.as_str() {
            "" => "the default branch".to_owned(),
            name => words::quoted(name),
        };
        out.push(format!("whether {branch} enforces owner review"));
    }
    if let Some(language) = scene.reading.language {
        out.push(format!("{language} prose beyond code and numbers"));
    }
    out.extend(unheard::told(scene.brief, scene.reading, plan));
    out.extend(coverage(scene));
    if !broken.is_empty() {
        let names: Vec<String> = broken.iter().map(|path| words::code(places::name(path))).collect();
        out.push(format!("{}, which is no readable YAML", words::list(&names)));
    }
    let manifests = profile::broken(scene.places).into_iter();
    out.extend(manifests.map(|(path, form)| format!("what `{path}` says: it is no readable {form}")));
    out
}

/// Few are named, of many it is told how many there are.
fn unread_files(snapshot: &Snapshot, count: usize) -> String {
    let all = words::thousands(snapshot.file_count());
    let files = snapshot.tree.iter().filter(|entry| entry.kind == EntryKind::File);
    let unread: Vec<String> = files
        .filter(|entry| !snapshot.files.contains_key(&entry.path))
        .map(|entry| words::code(&entry.path))
        .collect();
    let read = words::thousands(snapshot.files.len());
    let which = match unread.len() == count && count <= NAMED {
        true => words::list(&unread),
        false => format!("{} files of the tree", words::thousands(count)),
    };
    format!("{which}: {read} of {all} files were read")
}

/// So many files that were not read are told by name.
const NAMED: usize = 3;

fn coverage(scene: &Scene<'_>) -> Vec<String> {
    let snapshot = scene.places.snapshot;
    let mut out = Vec::new();
    let (read, all) = (snapshot.files.len(), snapshot.file_count());
    if !scene.places.known() {
        out.push("any name above: no tree was read".to_owned());
    } else if read < all {
        out.push(unread_files(snapshot, all - read));
    }
    if !snapshot.unreadable.is_empty() {
        let hidden = |path: &String| words::code(&words::shorten(path, 120));
        let hidden: Vec<String> = snapshot.unreadable.iter().map(hidden).collect();
        out.push(format!("what lies at {}: it cannot be read", words::some(&hidden, 3)));
    }
    if snapshot.truncated {
        out.push(format!(
            "what lies beyond the first {} entries: the tree came truncated",
            words::thousands(snapshot.tree.len())
        ));
    }
    for permission in &snapshot.missing_permissions {
        out.push(format!("what needs `{permission}`, which the App lacks here"));
    }
    if !scene.reading.cut.is_empty() {
        let lines: Vec<String> = scene.reading.cut.iter().map(usize::to_string).collect();
        out.push(format!("the ends of overlong lines ({})", words::some(&lines, 5)));
    }
    if scene.reading.omitted > 0 {
        out.push(format!(
            "{} further demands beyond the first {}",
            words::thousands(scene.reading.omitted),
            scene.reading.demands.len()
        ));
    }
    if scene.lookups.omitted > 0 {
        out.push(format!("{} further names", words::thousands(scene.lookups.omitted)));
    }
    out
}

/// What the tests of the plan are about: the functions its places lie in, and the issue's names that lie there.
fn about<'a>(scene: &Scene<'a>, (drafts, asked): (&[Draft], &[Requirement])) -> About<'a> {
    let changed: Vec<&Place> = drafts.iter().flat_map(|draft| &draft.places).collect();
    let within = |place: &&Place| scene.places.enclosing(&place.path, place.line?);
    let mut names: Vec<String> = changed.iter().filter_map(within).map(|(name, _)| name).collect();
    let there = |path: &str| changed.iter().any(|place| place.path == path);
    for lookup in
        scene.lookups.names.iter().filter(|lookup| lookup.found && lookup.kind == LookupKind::Symbol)
    {
        let last = lookup.name.split(['(', '<']).next().unwrap_or_default();
        let last = last.rsplit([':', '.', '#', '>']).next().unwrap_or_default().to_owned();
        if lookup.place.as_ref().is_some_and(|place| there(&place.path)) && !names.contains(&last) {
            names.push(last);
        }
    }
    for flag in mentions::mentions(&scene.brief.title) {
        if flag.kind == MentionKind::Flag {
            names.push(flag.text.trim_start_matches('-').to_owned());
            names.push(flag.text.trim_start_matches('-').replace('-', "_"));
        }
    }
    let tests = scene.lookups.existing().into_iter().filter(|path| places::is_test(path)).collect();
    let defects = !drafts.is_empty() && drafts.iter().all(|draft| draft.kind == "bug");
    let mut cases = asked.iter().flat_map(|requirement| &requirement.cases);
    About {
        names,
        tests,
        defect: defects.then_some(scene.brief.number),
        issue: Some(scene.brief),
        is_typed: cases.any(|case| testing::is_typed(scene.places, case)),
    }
}

/// The test file of the plan, by the paths its items change.
pub fn tests_of(scene: &Scene<'_>, jobs: &[Job], (drafts, asked): (&[Draft], &[Requirement])) -> Tests {
    let existing = drafts.iter().flat_map(|draft| &draft.places).filter(|place| !place.new);
    let new = drafts.iter().flat_map(|draft| &draft.places).filter(|place| place.new);
    let paths: Vec<String> = existing.chain(new).map(|place| place.path.clone()).collect();
    let said = format!("{}\n{}", scene.brief.title, scene.brief.body);
    let mut features = testing::features(scene.places, &paths, &said);
    let gates = testing::gated(scene.places, &paths);
    features.extend(gates.into_iter().filter(|gate| !features.contains(gate)).collect::<Vec<_>>());
    let known = asked.iter().filter(|one| one.likely.is_none()).flat_map(|one| &one.places);
    let known: Vec<String> = known.map(|place| place.path.clone()).collect();
    let about = about(scene, (drafts, asked));
    let sought = testing::Sought { paths: &paths, known: &known, features: &features, about: &about };
    let tests = testing::detect(scene.places, jobs, &sought);
    match drafts.iter().all(|draft| draft.kind == "docs") {
        true => Tests { file: None, guessed: false, pair: None, local: None, ..tests },
        false => tests,
    }
}
