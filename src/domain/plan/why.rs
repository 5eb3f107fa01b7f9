//! The evidence and the arithmetic behind each line of a plan, for `/why`.

use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::model::{Plan, WaitOn, WorkItem};
use crate::domain::plan::rules::Finding;
use crate::domain::plan::words;

/// Explains one item.
pub fn item(plan: &mut Plan, item: &WorkItem, sized: Vec<String>, weighed: Vec<String>) {
    let mut lines = vec![format!("meets {}", words::list(&item.requirements))];
    lines.extend(sized.iter().map(|line| format!("size {}: {line}", item.size.bucket)));
    lines.extend(weighed.iter().cloned());
    for wait in &item.depends_on {
        lines.push(format!("waits for {}: {}", waited(wait.on), wait.reason));
    }
    let id = item.ordinal.to_string();
    let own = |line: String| format!("{id}: {line}");
    plan.why.entry("size".into()).or_default().extend(sized.into_iter().map(own));
    plan.why
        .entry("priority".into())
        .or_default()
        .extend(weighed.last().cloned().map(|line| format!("{id}: {line}")));
    let order = match item.depends_on.as_slice() {
        [] => vec![format!("{id} waits for nothing")],
        waits => {
            waits.iter().map(|wait| format!("{id} waits for {}: {}", waited(wait.on), wait.reason)).collect()
        }
    };
    plan.why.entry("order".into()).or_default().extend(order);
    plan.why.insert(id, lines);
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

/// Explains requirements, type and tests.
pub fn whole(scene: &Scene<'_>, findings: &Findings, plan: &mut Plan) {
    for (index, requirement) in plan.requirements.iter().enumerate() {
        let mut lines = vec![match (&requirement.by, requirement.line) {
            (Some(by), line) => format!("{by}, line {line}: {}", words::quoted(&requirement.quote)),
            (None, 0) => format!("title: {}", words::quoted(&requirement.quote)),
            (None, line) => format!("line {line}: {}", words::quoted(&requirement.quote)),
        }];
        if let Some(claim) = findings.claims.get(index).and_then(Option::as_ref) {
            lines.push(format!("read as {}", claim.frame));
        }
        for place in &requirement.places {
            lines.push(match (place.new, scene.places.blob(&place.path)) {
                (true, _) => format!("`{}` is not in the tree and is to be made", place.path),
                (false, Some(blob)) if !blob.is_empty() => {
                    format!("`{}` is blob {}", place.path, blob.get(..12).unwrap_or(blob))
                }
                (false, _) => format!("`{}` is in the tree", place.path),
            });
        }
        lines.extend(requirement.cases.iter().map(|case| format!("case: {case}")));
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
