//! The plan as the `plan` command prints it: a fixed shape that scripts rely on.

use serde::Serialize;

use crate::domain::escape::link::permalink;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::model::{
    Classification, Gate, Lookup, Plan, Requirement, Tests, Verdict, Wait, WorkItem,
};
use crate::domain::plan::size;

#[derive(Serialize)]
struct Output<'a> {
    verdict: Verdict,
    classification: &'a Classification,
    requirements: Vec<Demand<'a>>,
    feasibility: Vec<Found<'a>>,
    questions: Vec<Asked<'a>>,
    read_as: &'a [String],
    work_items: Vec<Item<'a>>,
    tests: &'a Tests,
    gates: &'a [Gate],
    rollback: &'a [String],
    not_checked: &'a [String],
    markdown: String,
}

#[derive(Serialize)]
struct Demand<'a> {
    id: &'a str,
    quote: &'a str,
    line: usize,
    #[serde(rename = "where")]
    places: Vec<&'a str>,
    cases: &'a [String],
    /// The sub-issue that carries it already.
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_issue: Option<IssueNumber>,
}

#[derive(Serialize)]
struct Found<'a> {
    name: &'a str,
    found: bool,
    permalink: Option<String>,
}

#[derive(Serialize)]
struct Asked<'a> {
    text: &'a str,
    default: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    title: &'a str,
    kind: &'a str,
    requirements: &'a [String],
    acceptance: &'a [String],
    size: Size<'a>,
    priority: &'a crate::domain::plan::model::Priority,
    depends_on: &'a [Wait],
    /// The sub-issue that it is already.
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_issue: Option<IssueNumber>,
}

#[derive(Serialize)]
struct Size<'a> {
    bucket: &'a str,
    p50: u64,
    p90: u64,
    n: usize,
}

/// The plan and its comment as JSON, ended by a line break.
pub fn json(plan: &Plan, markdown: String) -> serde_json::Result<String> {
    let output = Output {
        verdict: plan.verdict,
        classification: &plan.classification,
        requirements: plan.requirements.iter().map(demand).collect(),
        feasibility: plan.feasibility.iter().map(|lookup| found(plan, lookup)).collect(),
        questions: plan
            .questions
            .iter()
            .map(|one| Asked { text: &one.text, default: &one.default })
            .collect(),
        read_as: &plan.read_as,
        work_items: plan.work_items.iter().map(|one| item(plan, one)).collect(),
        tests: &plan.tests,
        gates: &plan.gates,
        rollback: &plan.rollback,
        not_checked: &plan.not_checked,
        markdown,
    };
    Ok(serde_json::to_string_pretty(&output)? + "\n")
}

fn demand(requirement: &Requirement) -> Demand<'_> {
    Demand {
        id: &requirement.id,
        quote: &requirement.quote,
        line: requirement.line,
        places: requirement.places.iter().map(|place| place.path.as_str()).collect(),
        cases: &requirement.cases,
        sub_issue: requirement.within,
    }
}

fn found<'a>(plan: &Plan, lookup: &'a Lookup) -> Found<'a> {
    let linkable = !plan.repo_url.is_empty() && !plan.base_sha.is_empty();
    let place = lookup.place.as_ref().filter(|place| !place.new && linkable);
    let permalink = place.map(|place| {
        let lines = place.line.and_then(|line| u32::try_from(line).ok()).map(|line| (line, line));
        permalink(&plan.repo_url, &plan.base_sha, &place.path, lines)
    });
    Found { name: &lookup.name, found: lookup.found, permalink }
}

fn item<'a>(plan: &Plan, item: &'a WorkItem) -> Item<'a> {
    let size = &item.size;
    Item {
        title: &item.title,
        kind: &item.kind,
        requirements: &item.requirements,
        acceptance: &item.acceptance,
        size: Size { bucket: size::told(plan, item), p50: size.p50, p90: size.p90, n: size.n },
        priority: &item.priority,
        depends_on: &item.depends_on,
        sub_issue: item.already.map(|already| already.issue),
    }
}
