//! Puts a plan together: reads, looks up, lets the frames claim, cuts, orders, weighs, and says what stays open.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::brief::{Brief, State};
use crate::domain::ids::IssueNumber;
use crate::domain::plan::frames::{self, Findings, Scene};
use crate::domain::plan::items::{self, Draft};
use crate::domain::plan::lookup;
use crate::domain::plan::mentions;
use crate::domain::plan::model::{
    Already, Classification, Dependency, Gate, Importers, Plan, Priority, Requirement, Size, Tests, Verdict,
    Wait, WaitOn, WorkItem,
};
use crate::domain::plan::order::{self, Edge};
use crate::domain::plan::owners::{self, Owners};
use crate::domain::plan::places::Places;
use crate::domain::plan::statement::{self, Agreed, Reading, Statement};
use crate::domain::plan::workflows::{self, Job};
use crate::domain::plan::{
    advice, already, answered, aside, asked_back, awaited, calls, classify, closing, cover, customs,
    declined, dependencies, flows, headline, left_open, priority, profile, questions, remedy, required,
    revise, rules, secrets, size, titles, tools, unheard, unsaid, why, words,
};
use crate::domain::snapshot::Snapshot;

/// What the repository's configuration says about plans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Most work items; more are merged, and the plan says so.
    pub max_items: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_items: 5 }
    }
}

/// Plans an issue. Pure and deterministic; any text is taken, and time is bounded by the limits in [`statement`] and [`lookup`].
pub fn plan(brief: &Brief, snapshot: &Snapshot, options: &Options) -> Plan {
    let (brief, masked) = secrets::masked(brief);
    let brief = titles::named(brief.as_ref());
    let brief = brief.as_ref();
    let places = Places::new(snapshot);
    let mut reading = statement::read(brief);
    reading.covered = cover::find(&reading, brief);
    let lookups = lookup::all(brief, &reading, &places);
    let scene = Scene { brief, reading: &reading, places: &places, lookups: &lookups };
    let mut findings = Findings::new(reading.demands.len());
    findings.read_as.extend(secrets::told(&masked));
    for frame in frames::FRAMES {
        findings.frame = frame.name;
        (frame.read)(&scene, &mut findings);
    }
    findings.frame = "";
    questions::missing(&scene, &mut findings);
    questions::duplicates(&scene, &mut findings);
    asked_back::ask(&scene, &mut findings);
    left_open::ask(&scene, &mut findings);
    already::ask(&scene, &mut findings);
    unsaid::ask(&scene, &mut findings);
    let mut requirements = required::all(&scene, &findings);
    remedy::show(&scene, &mut requirements);
    required::decided(&reading, &mut findings, &mut requirements);
    findings.read_as.extend(unheard::closer(&reading));
    findings.read_as.extend(reading.agreed.iter().map(Agreed::told));
    answered::reach(&scene, &findings, &mut requirements);
    questions::unplaced(&scene, &mut findings, &requirements);
    aside::show(&scene, &findings, &mut requirements);
    questions::unobservable(&scene, &mut findings, &mut requirements);
    let mut plan = bare(&scene, requirements);
    (plan.existing, plan.existing_open) = cover::beside(brief, &reading, &BTreeSet::new());
    plan.classification = classify::classify(brief, &lookups);
    plan.dependencies = dependencies::find(brief, &reading, &snapshot.repository);
    plan.unseen = dependencies::bound(&mut plan.dependencies, &brief.gone);
    plan.elsewhere = dependencies::elsewhere(brief, &reading, &snapshot.repository);
    awaited::ask(&scene, &mut findings, &plan.dependencies);
    let (jobs, broken) = workflows::jobs(&places);
    plan.gates = gates(snapshot, &jobs);
    questions::settle(&scene, &mut findings);
    let blocked = rules::ask(&scene, &mut findings, &plan);
    judge(&scene, &mut findings, &mut plan);
    if plan.verdict == Verdict::Feasible {
        aside::ask(&scene, &mut findings, &plan);
        if !findings.questions.is_empty() {
            plan.verdict = Verdict::FeasibleWithUnknowns;
        }
    }
    if !blocked && matches!(plan.verdict, Verdict::Feasible | Verdict::FeasibleWithUnknowns) {
        let cut = items::cut(&scene, &findings, &plan.requirements, options.max_items);
        findings.needs.extend(dependencies::among(&reading.demands, &cut.drafts, &places));
        let (drafts, edges) = order::order(cut.drafts, &findings.needs);
        // Gates are GitHub's own alone: nobody knows whether another service still looks at pull requests.
        let all: Vec<Job> = jobs.iter().cloned().chain(workflows::elsewhere(&places)).collect();
        build(&scene, &findings, &mut plan, Built { drafts, edges, jobs: &all });
        findings.read_as.extend(cut.merged);
        let items = plan.work_items.iter().filter_map(|item| item.already).map(|already| already.issue);
        (plan.existing, plan.existing_open) = cover::beside(brief, &reading, &items.collect());
    }
    finish(&scene, findings, &mut plan, &broken);
    plan.why.insert("repository".into(), profile::lines(&places, &jobs));
    plan.why.retain(|_, lines| !lines.is_empty());
    secrets::finished(plan)
}

fn bare(scene: &Scene<'_>, requirements: Vec<Requirement>) -> Plan {
    let title = match scene.brief.title.trim() {
        "" => format!("Issue #{}", scene.brief.number),
        title => words::shorten(title, 256),
    };
    Plan {
        number: scene.brief.number,
        title,
        repo_url: scene.places.snapshot.repository.url.clone(),
        base_sha: scene.places.snapshot.base_sha.clone(),
        verdict: Verdict::Feasible,
        headline: Vec::new(),
        turned_down_by: None,
        classification: Classification { kind: String::new(), confidence: 0.0, evidence: Vec::new() },
        requirements,
        feasibility: scene.lookups.names.clone(),
        dependencies: Vec::new(),
        unseen: 0,
        elsewhere: Vec::new(),
        importers: Vec::new(),
        questions: Vec::new(),
        asked: BTreeMap::new(),
        read_as: Vec::new(),
        work_items: Vec::new(),
        existing: Vec::new(),
        existing_open: Vec::new(),
        tests: Tests::default(),
        judged_by: None,
        customs: Vec::new(),
        reuse: Vec::new(),
        gates: Vec::new(),
        owners: Vec::new(),
        done_when: Vec::new(),
        rollback: Vec::new(),
        decision: decision(scene.reading),
        not_checked: Vec::new(),
        cited: BTreeMap::new(),
        rules: Vec::new(),
        why: BTreeMap::new(),
    }
}

fn importers(places: &Places<'_>, plan: &Plan) -> Vec<Importers> {
    let mut out = Vec::new();
    // Who uses a file of which nobody knows whether it is changed is noise.
    let likely = plan.requirements.iter().filter(|one| one.likely.is_some());
    let likely: BTreeSet<&String> = likely.flat_map(|one| &one.places).map(|place| &place.path).collect();
    let paths = plan.work_items.iter().flat_map(|item| &item.paths);
    let paths: BTreeSet<&String> = paths.filter(|path| places.has(path) && !likely.contains(path)).collect();
    for path in paths {
        // A part of them would read as all of them.
        if !places.reads_all_importers(path) {
            continue;
        }
        let by: Vec<String> = places.importers(path).into_iter().map(str::to_owned).collect();
        if !by.is_empty() {
            out.push(Importers { path: path.clone(), by });
        }
    }
    out
}

/// Options the issue lists: a decision to write down, when there are two or more.
fn decision(reading: &Reading) -> Vec<String> {
    let shown = |option: &Statement| {
        let label = option.text.trim_end_matches([':', '*', ' ']).trim_start_matches('*');
        let block =
            reading.blocks.iter().find(|block| block.line > option.line && block.line < option.line + 6);
        let code =
            block.and_then(|block| block.text.lines().find(|line| line.contains('(') && line.len() < 200));
        match code.filter(|_| label.split(' ').count() < 4) {
            Some(code) => {
                let code = words::code(&words::shorten(&code.trim().replace('`', "'"), 100));
                format!("{label}: {code}")
            }
            None => words::quoted(&words::shorten(&option.text, 160)),
        }
    };
    let options: Vec<String> = reading.options.iter().map(shown).collect();
    if options.len() < 2 { Vec::new() } else { options }
}

fn gates(snapshot: &Snapshot, jobs: &[Job]) -> Vec<Gate> {
    let known = |name: &str| snapshot.checks.iter().find(|check| check.name == name);
    let mut gates: Vec<Gate> = jobs
        .iter()
        .filter(|job| job.on_pull_request)
        .map(|job| Gate {
            name: job.id.clone(),
            workflow: Some(job.workflow.clone()),
            base: known(&job.id).and_then(|check| check.conclusion.clone()),
        })
        .collect();
    for check in &snapshot.checks {
        if !gates.iter().any(|gate| gate.name == check.name) {
            gates.push(Gate {
                name: check.name.clone(),
                workflow: check.workflow.clone(),
                base: check.conclusion.clone(),
            });
        }
    }
    gates
}

fn judge(scene: &Scene<'_>, findings: &mut Findings, plan: &mut Plan) {
    let own = &scene.places.snapshot.repository;
    if let Some(circle) = dependencies::cycle(scene.brief, &plan.dependencies, own) {
        let circle: Vec<String> = circle.iter().map(|issue| format!("#{issue}")).collect();
        plan.verdict = Verdict::NotFeasible;
        plan.headline = vec![format!("Not plannable: {} wait for each other", circle.join(" → "))];
        return;
    }
    if plan.requirements.is_empty() && !plan.existing.is_empty() {
        return;
    }
    if let Some(declined) = declined::ask(scene, findings) {
        plan.verdict = Verdict::NotFeasible;
        plan.headline = declined.headline;
        plan.turned_down_by = Some(declined.by);
        return;
    }
    let named_missing = scene
        .lookups
        .missing
        .iter()
        .filter(|missing| missing.demand.is_some() && missing.similar.is_empty())
        .count();
    let placed = plan.requirements.iter().any(|requirement| !requirement.places.is_empty());
    if named_missing > 1 && !placed {
        let names: Vec<String> =
            scene.lookups.missing.iter().map(|missing| words::code(&missing.name)).collect();
        plan.verdict = Verdict::NotFeasible;
        plan.headline = vec![
            format!("Not plannable here: the tree has none of {}", words::some(&names, 4)),
            "Is it the right repository?".to_owned(),
        ];
        return;
    }
    if questions::is_vague(scene, &plan.requirements) {
        plan.verdict = Verdict::TooVague;
        findings.read_as.retain(|line| !line.contains(questions::OUT));
        if !calls::ask(scene, findings) {
            questions::vague(scene, findings);
        }
    }
}

struct Built<'a> {
    drafts: Vec<Draft>,
    edges: Vec<Edge>,
    jobs: &'a [Job],
}

fn build(scene: &Scene<'_>, findings: &Findings, plan: &mut Plan, built: Built<'_>) {
    let Built { drafts, edges, jobs } = built;
    let checks = &scene.places.snapshot.checks;
    let ordered = dependencies::waiting(scene.brief, &scene.places.snapshot.repository);
    let stakes = priority::stakes(scene.brief, &plan.classification, checks, ordered.len());
    for (index, draft) in drafts.iter().enumerate() {
        let unblocks = edges.iter().filter(|edge| edge.on == index).count();
        let mut item = item(scene, plan, (draft, index));
        item.depends_on = waits(plan, &edges, index);
        let new_files = draft.places.iter().filter(|place| place.new).count();
        let (size, sized) = size::estimate(&item, new_files, &scene.brief.history);
        item.size = size;
        let (priority, weighed) = priority::of((&item, size::told(plan, &item)), unblocks, &stakes);
        item.priority = priority;
        why::item(plan, &item, sized, weighed);
        why::conflicts(plan, &item, dependencies::conflicts(scene.brief, &item, &ordered));
        for demand in &draft.demands {
            if let Some(requirement) = plan.requirements.get_mut(*demand) {
                requirement.within = requirement.within.or(draft.issue);
            }
        }
        plan.work_items.push(item);
    }
    plan.importers = importers(scene.places, plan);
    plan.tests = closing::tests_of(scene, jobs, (&drafts, &plan.requirements));
    let paths: Vec<String> = plan.work_items.iter().flat_map(|item| item.paths.clone()).collect();
    // A file of another service beside workflows that test may be left over.
    let own = plan.tests.workflow.as_deref().is_some_and(workflows::is_own);
    let jobs: Vec<Job> = jobs.iter().filter(|job| !own || job.is_own()).cloned().collect();
    let mut judges = tools::find(scene.places, &jobs, &paths);
    // What is to be green already is not told a second time.
    judges.retain(|judge| {
        !plan.tests.command.as_deref().is_some_and(|own| tools::is_same(own, &judge.command))
    });
    plan.judged_by = tools::told(&judges);
    plan.customs = customs::rules(scene, plan);
    plan.reuse = findings.reuse.clone();
    plan.reuse.extend(customs::reuse(scene, plan));
    let (what, unsafe_there) = flows::told(scene.places, plan);
    plan.read_as.extend(what);
    plan.reuse.extend(unsafe_there);
    plan.rollback = closing::rollback(scene, findings, &drafts);
    plan.rollback.extend(closing::stages(&jobs, &plan.classification.kind));
    if let Some(owners) = Owners::read(scene.places) {
        let mut paths: Vec<Vec<String>> = plan.work_items.iter().map(|item| item.paths.clone()).collect();
        let test =
            plan.tests.file.as_ref().filter(|file| !paths.iter().flatten().any(|path| *path == file.path));
        if let (Some(last), Some(test)) = (paths.last_mut(), test) {
            last.push(test.path.clone());
        }
        plan.owners = owners::sentences(&owners, &paths);
        plan.cited.insert(owners.path, String::new());
    }
}

fn item(scene: &Scene<'_>, plan: &Plan, (draft, index): (&Draft, usize)) -> WorkItem {
    let done = |number: IssueNumber| {
        scene.brief.sub_issue(number).is_some_and(|child| child.state == Some(State::Closed))
    };
    let mine = || draft.demands.iter().filter_map(|demand| plan.requirements.get(*demand));
    WorkItem {
        ordinal: index + 1,
        title: draft.title.clone(),
        kind: draft.kind.to_owned(),
        requirements: mine().map(|requirement| requirement.id.clone()).collect(),
        acceptance: mine().flat_map(|requirement| requirement.cases.clone()).collect(),
        size: Size { bucket: String::new(), p50: 0, p90: 0, n: 0, prior: true },
        priority: Priority { score: 0.0, terms: BTreeMap::new() },
        depends_on: Vec::new(),
        paths: draft.places.iter().map(|place| place.path.clone()).collect(),
        already: draft.issue.map(|issue| Already { issue, done: done(issue) }),
    }
}

/// Items wait for items; those that wait for none wait for the open issues.
fn waits(plan: &Plan, edges: &[Edge], index: usize) -> Vec<Wait> {
    let mine: Vec<Wait> = edges
        .iter()
        .filter(|edge| edge.item == index)
        .map(|edge| {
            let number = (edge.on + 1).to_string();
            Wait { on: WaitOn::Item(edge.on + 1), reason: edge.reason.replace("{on}", &number) }
        })
        .collect();
    if !mine.is_empty() {
        return mine;
    }
    let open = |dependency: &&Dependency| dependency.state != "closed";
    let issues = dependencies::open_first(plan.dependencies.iter().filter(open));
    let wait = |one: &Dependency| Wait { on: WaitOn::Issue(one.issue), reason: one.reason.clone() };
    issues.into_iter().map(wait).collect()
}

fn finish(scene: &Scene<'_>, findings: Findings, plan: &mut Plan, broken: &[String]) {
    plan.questions.clone_from(&findings.questions);
    plan.questions.sort_by_key(|question| std::cmp::Reverse(question.weight));
    plan.asked = revise::numbers(&plan.questions, &scene.brief.asked);
    if scene.brief.state == Some(State::Closed) {
        plan.read_as.push("this issue is closed: planned as if it were open".to_owned());
    }
    plan.read_as.extend(findings.read_as.iter().cloned());
    plan.read_as.extend(rules::earlier(scene, plan));
    advice::quote(scene.brief, scene.reading, plan);
    for demand in scene.reading.ticked.iter().take(3) {
        plan.read_as
            .push(format!("{} is ticked: taken as done", words::quoted(&words::shorten(&demand.text, 80))));
    }
    plan.read_as.extend(rest(scene.reading.ticked.iter().skip(3), "ticked, too"));
    for demand in scene.reading.excluded.iter().take(3) {
        let gone = words::quoted(&words::shorten(&demand.text, 80));
        plan.read_as.push(match &demand.by {
            Some(by) => format!("{gone} stays out, says {by}"),
            None => format!("{gone} stays out, as said in line {}", demand.line),
        });
    }
    plan.read_as.extend(rest(scene.reading.excluded.iter().skip(3), "said to stay out, too"));
    plan.read_as.extend(dependencies::drift(scene.brief, scene.reading, &scene.places.snapshot.repository));
    plan.read_as.extend(answered::untold(scene, plan));
    for question in plan.questions.iter().skip(revise::SHOWN) {
        plan.read_as.push(format!("Asked later: {} Until then: {}", question.text, question.default));
    }
    plan.rules = rules::check(scene, plan);
    plan.done_when = closing::done_when(plan, scene.places);
    plan.not_checked = closing::not_checked(scene, &findings, plan, broken);
    plan.headline = headline::headline(plan);
    cite(scene, plan);
    why::whole(scene, &findings, plan);
}

/// What is not shown one by one, by its lines.
fn rest<'a>(more: impl Iterator<Item = &'a Statement>, what: &str) -> Option<String> {
    let mut lines: Vec<usize> = more.map(|demand| demand.line).collect();
    lines.sort_unstable();
    lines.dedup();
    let numbers: Vec<String> = lines.iter().map(usize::to_string).collect();
    match numbers.as_slice() {
        [] => None,
        [one] => Some(format!("line {one}: {what}")),
        many => Some(format!("lines {}: {what}", words::some(many, 12))),
    }
}

/// Everything the comment links, with its blob id.
fn cite(scene: &Scene<'_>, plan: &mut Plan) {
    let mut paths: Vec<String> = plan.cited.keys().cloned().collect();
    let places = plan.requirements.iter().flat_map(|requirement| &requirement.places);
    paths.extend(places.flat_map(|place| std::iter::once(place.path.clone()).chain(place.beside.clone())));
    paths.extend(
        plan.feasibility.iter().filter_map(|lookup| lookup.place.as_ref()).map(|place| place.path.clone()),
    );
    paths.extend(plan.tests.file.iter().map(|file| file.path.clone()));
    paths.extend(plan.tests.workflow.iter().cloned());
    paths.extend(plan.questions.iter().flat_map(|question| codes_in(&question.text)));
    let told = plan.customs.iter().chain(&plan.reuse).chain(&plan.judged_by);
    paths.extend(told.flat_map(|line| codes_in(line)));
    plan.cited.clear();
    for path in paths {
        if let Some(blob) = scene.places.blob(&path) {
            plan.cited.insert(path, blob.to_owned());
        }
    }
}

fn codes_in(text: &str) -> Vec<String> {
    let spans = mentions::spans(text).into_iter().filter(|(_, code)| *code);
    spans.map(|(text, _)| text.to_owned()).collect()
}
