//! The evidence and the arithmetic behind each line of a plan, for `/why`.

use crate::domain::ids::IssueNumber;
use crate::domain::plan::dependencies;
use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::model::{Plan, WaitOn, WorkItem};
use crate::domain::plan::rules::Finding;
use crate::domain::plan::size;
use crate::domain::plan::words;

/// Explains one item.
pub fn item(plan: &mut Plan, item: &WorkItem, sized: Vec<String>, weighed: Vec<String>) {
    let mut lines = vec![format!("meets {}", words::list(&item.requirements))];
    lines.extend(item.already.map(|already| match already.done {
        true => format!("done in #{}", already.issue),
        false => open_as(already.issue),
    }));
    let sized = size::explained(plan, item, sized);
    lines.extend(sized.iter().map(|line| format!("size {}: {line}", size::told(plan, item))));
    lines.extend(weighed.iter().cloned());
    let waits = item.depends_on.iter().map(|wait| format!("waits for {}: {}", waited(wait.on), wait.reason));
    let outside = plan.outside(item);
    let outside = outside.map(|one| format!("waits for {} ({}): {}", one.told(), one.state, one.reason));
    let mut waits: Vec<String> = waits.chain(outside).collect();
    let more = dependencies::cut(&mut waits, plan.unseen_by(item));
    waits.extend(more.map(|more| format!("waits for {more}")));
    lines.extend(waits.iter().cloned());
    let id = item.ordinal.to_string();
    let own = |line: String| format!("{id}: {line}");
    plan.why.entry("size".into()).or_default().extend(sized.into_iter().map(own));
    plan.why
        .entry("priority".into())
        .or_default()
        .extend(weighed.last().cloned().map(|line| format!("{id}: {line}")));
    let order = match waits.as_slice() {
        [] => vec![format!("{id} waits for nothing")],
        waits => waits.iter().map(|wait| format!("{id} {wait}")).collect(),
    };
    plan.why.entry("order".into()).or_default().extend(order);
    plan.why.insert(id, lines);
}

/// That a work item is open already.
pub fn open_as(issue: IssueNumber) -> String {
    format!("open already as #{issue}")
}

/// That a sub-issue carries a requirement.
pub fn within(issue: IssueNumber) -> String {
    format!("stands in sub-issue #{issue} already")
}

/// Hints about other issues that touch the same files.
pub fn conflicts(plan: &mut Plan, item: &WorkItem, hints: Vec<String>) {
    if let Some(lines) = plan.why.get_mut(&item.ordinal.to_string()) {
        lines.extend(hints);
    }
}

fn waited(on: WaitOn) -> String {
    match on {
        WaitOn::Item(ordinal) => ordinal.to_string(),
        WaitOn::Issue(issue) => format!("#{issue}"),
    }
}

fn told(finding: &Finding) -> String {
    match finding.about.as_str() {
        "issue" => finding.told(),
        about => format!("{about}: {}", finding.told()),
    }
}

/// A question's slot and number, and the demand that the slot names.
type Slot<'p> = (&'p String, usize, Option<usize>);

/// Questions about a requirement: those of its kind of change, about what shows it done, and about names that it uses.
fn asked(
    scene: &Scene<'_>,
    findings: &Findings,
    (plan, index): (&Plan, usize),
    slots: &[Slot<'_>],
) -> Vec<String> {
    let Some(requirement) = plan.requirements.get(index) else { return Vec::new() };
    let claim = findings.claims.get(index).and_then(Option::as_ref);
    let concerns = |slot: &str, own: Option<usize>| match own {
        Some(own) => own == index,
        None => {
            claim.is_some_and(|claim| is_of(slot, claim.frame))
                || slot == "observable" && requirement.cases.is_empty()
                || slot.strip_prefix("missing.").is_some_and(|name| requirement.quote.contains(name))
        }
    };
    let mut numbered: Vec<(usize, &String)> = slots
        .iter()
        .filter(|(slot, _, own)| concerns(slot, *own))
        .map(|(slot, number, _)| (*number, *slot))
        .collect();
    numbered.sort_unstable();
    let told = |(number, slot): (usize, &String)| match scene.answer(slot) {
        Some(answer) => {
            let said = words::on_one_line(&answer.text, 200);
            Some(format!("question {number}, answered by {}: {}", answer.author, words::quoted(&said)))
        }
        None => {
            let open = plan.questions.iter().find(|question| question.slot == *slot)?;
            Some(format!("question {number} is open; default: {}", open.default))
        }
    };
    numbered.into_iter().filter_map(told).collect()
}

/// Whether a slot such as `rate_limit.key`, which names no demand, is one of a frame.
fn is_of(slot: &str, frame: &str) -> bool {
    let first = slot.split('.').next().unwrap_or_default();
    match frame {
        "configuration" => first == "setting",
        "internationalization" => first == "i18n",
        frame => frame.replace(' ', "_") == first || frame.split([' ', '-']).any(|word| word == first),
    }
}

/// Explains requirements, type and tests.
pub fn whole(scene: &Scene<'_>, findings: &Findings, plan: &mut Plan) {
    // Which demand a slot names is found by a hash of each, so it is asked once.
    let slots: Vec<Slot<'_>> =
        plan.asked.iter().map(|(slot, number)| (slot, *number, scene.demand_of(slot))).collect();
    for (index, requirement) in plan.requirements.iter().enumerate() {
        let mut lines = vec![match (&requirement.by, requirement.line) {
            (Some(by), line) => format!("said by {by}, line {line} of the comment"),
            (None, 0) => "the title of the issue".to_owned(),
            (None, line) => format!("line {line} of the issue"),
        }];
        if let Some(claim) = findings.claims.get(index).and_then(Option::as_ref) {
            lines.push(format!("read as {}", claim.frame));
        }
        for place in &requirement.places {
            lines.push(match place.new {
                true => format!("`{}` is not in the tree and is to be made", place.path),
                false => format!("`{}` is in the tree", place.path),
            });
        }
        lines.extend(requirement.within.map(within));
        lines.extend(asked(scene, findings, (plan, index), &slots));
        lines.extend(requirement.cases.iter().map(|case| format!("case: {case}")));
        lines.extend(requirement.risk.iter().map(|risk| format!("risk: {risk}")));
        plan.why.insert(requirement.id.clone(), lines);
    }
    for finding in &plan.rules {
        if let Some(lines) = plan.why.get_mut(&finding.about) {
            lines.push(finding.told());
        }
    }
    if !plan.rules.is_empty() {
        plan.why.insert("rules".into(), plan.rules.iter().map(told).collect());
    }
    let kind = &plan.classification;
    let mut lines = vec![format!("{}, confidence {}", kind.kind, kind.confidence)];
    lines.extend(kind.evidence.iter().cloned());
    plan.why.insert("type".into(), lines);
    if let Some(framework) = &plan.tests.framework {
        let mut lines = vec![format!("framework: {framework}")];
        if let (Some(command), Some(workflow), Some(job)) =
            (&plan.tests.command, &plan.tests.workflow, &plan.tests.job)
        {
            lines.push(format!("job `{job}` of `{workflow}` runs `{command}`"));
        }
        lines.extend(plan.tests.file.iter().map(|file| match file.new {
            true => format!("`{}` would be new, named like its neighbors", file.path),
            false => format!("`{}` is there", file.path),
        }));
        plan.why.insert("tests".into(), lines);
    }
}
