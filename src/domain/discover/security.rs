//! What the tree gives away: tokens in files, workflows that trust strangers or whatever an action becomes.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::discover::Source;
use crate::domain::discover::alerts;
use crate::domain::discover::candidate::{Candidate, Evidence, Terms, at};
use crate::domain::discover::facts::Facts;
use crate::domain::plan::flows::{self, Danger, Kind};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::{places, secrets, words, workflows};

/// The source.
pub static SOURCE: Source = Source { name: "security", find };

/// A rule over the files read; one candidate for all its places in one folder.
struct Rule {
    /// Whether something else tells of a line already, which is not to be said twice.
    is_told: fn(&Facts, &str, usize) -> bool,
    title: fn(&str) -> String,
    value: f64,
    urgency: f64,
    because: &'static str,
    looks: Looks,
}

/// Where a rule finds its lines.
enum Looks {
    /// In a file, by its path and its text.
    Text(fn(&str, &str) -> Vec<usize>),
    /// In what a workflow of n8n has of one kind.
    Flow(Kind),
}

static RULES: &[Rule] = &[
    Rule {
        is_told: alerts::tells_of_secret,
        title: |folder| format!("Revoke and remove what looks like a token in `{folder}`"),
        value: 8.0,
        urgency: 13.0,
        because: "whoever reads the repository can use it",
        looks: Looks::Text(tokens),
    },
    Rule {
        is_told: |_, _, _| false,
        title: |folder| format!("Do not run a stranger's code with secrets in `{folder}`"),
        value: 8.0,
        urgency: 8.0,
        because: "`pull_request_target` checks out the head of the pull request",
        looks: Looks::Text(strangers),
    },
    Rule {
        is_told: |_, _, _| false,
        title: |folder| format!("Pin the actions of others in `{folder}` to a commit"),
        value: 3.0,
        urgency: 2.0,
        because: "a tag may point to other code tomorrow",
        looks: Looks::Text(unpinned),
    },
    Rule {
        is_told: |_, _, _| false,
        title: |folder| format!("Say which permissions the workflows in `{folder}` need"),
        value: 2.0,
        urgency: 2.0,
        because: "without `permissions:` the token gets the default of the repository",
        looks: Looks::Text(unlimited),
    },
    Rule {
        is_told: |_, _, _| false,
        title: |folder| format!("Ask who calls the webhooks of the n8n workflows in `{folder}`"),
        value: 5.0,
        urgency: 5.0,
        because: "whoever finds the address of a webhook without authentication starts its workflow",
        looks: Looks::Flow(Kind::Open),
    },
    Rule {
        is_told: |_, _, _| false,
        title: |folder| format!("Run nothing with a caller's words in the n8n workflows of `{folder}`"),
        value: 8.0,
        urgency: 8.0,
        because: "what comes in by a webhook reaches code or a command",
        looks: Looks::Flow(Kind::Runs),
    },
    Rule {
        is_told: |facts, path, line| {
            let read = facts.snapshot.files.get(path).map_or("", String::as_str);
            alerts::tells_of_secret(facts, path, line) || secrets::lines(read).contains(&line)
        },
        title: |folder| format!("Move the secrets in the n8n workflows of `{folder}` into credentials"),
        value: 8.0,
        urgency: 13.0,
        because: "a parameter is exported with its workflow, a credential is not",
        looks: Looks::Flow(Kind::Secret),
    },
    Rule {
        is_told: |_, _, _| false,
        title: |folder| format!("Encrypt what the n8n workflows in `{folder}` send"),
        value: 3.0,
        urgency: 2.0,
        because: "what goes over `http://` can be read and changed on its way",
        looks: Looks::Flow(Kind::Plain),
    },
    Rule {
        is_told: |_, _, _| false,
        title: |folder| format!("Mend the connections of the n8n workflows in `{folder}`"),
        value: 5.0,
        urgency: 5.0,
        because: "a connection to a node that is not there leads nowhere",
        looks: Looks::Flow(Kind::Lost),
    },
];

fn find(facts: &Facts) -> Vec<Candidate> {
    let mut out = Vec::new();
    // Each workflow is read once, however many rules look at it.
    let files = facts.snapshot.files.iter().filter(|(path, _)| !places::is_test(path));
    let flows: BTreeMap<&str, Vec<Danger>> =
        files.filter_map(|(path, text)| Some((path.as_str(), flows::read(path, text)?.dangers))).collect();
    for rule in RULES {
        let mut by_folder: Vec<(String, Vec<(String, usize)>)> = Vec::new();
        for (path, text) in facts.snapshot.files.iter().filter(|(path, _)| !places::is_test(path)) {
            let lines: Vec<usize> = match rule.looks {
                Looks::Text(lines) => lines(path, text),
                Looks::Flow(kind) => {
                    let all =
                        flows.get(path.as_str()).into_iter().flatten().filter(|danger| danger.kind == kind);
                    all.map(|danger| danger.line).collect()
                }
            };
            for line in lines.into_iter().filter(|line| !(rule.is_told)(facts, path, *line)) {
                let folder = match places::folder(path) {
                    "" => path.clone(),
                    folder => folder.to_owned(),
                };
                match by_folder.iter_mut().find(|(seen, _)| *seen == folder) {
                    Some((_, found)) => found.push((path.clone(), line)),
                    None => by_folder.push((folder, vec![(path.clone(), line)])),
                }
            }
        }
        out.extend(by_folder.into_iter().map(|(folder, found)| candidate(facts, rule, (&folder, &found))));
    }
    out
}

fn candidate(facts: &Facts, rule: &Rule, (folder, found): (&str, &[(String, usize)])) -> Candidate {
    let mut evidence: Vec<Evidence> =
        found.iter().take(3).map(|(path, line)| at(&facts.snapshot, path, *line)).collect();
    if found.len() > 3 {
        evidence.push(Evidence { text: format!("{} more places", found.len() - 3), url: String::new() });
    }
    let size = if found.len() > 8 { 2.0 } else { 1.0 };
    Candidate {
        title: words::shorten(&(rule.title)(folder), 110),
        issue: None,
        place: None,
        evidence,
        terms: Terms { value: rule.value, urgency: rule.urgency, unblock: 1.0, confidence: 0.7, size },
        because: vec![
            format!("value {}: {}", rule.value, rule.because),
            format!("urgency {}: the same", rule.urgency),
            "unblock 1: nothing names it as a blocker".to_owned(),
            "confidence 0.7: a rule found it".to_owned(),
            format!("size {size}: places: {}", found.len()),
        ],
        since_ms: None,
    }
}

/// Lines of settings and sources that hold a token; examples are left out. The token is never quoted.
fn tokens(path: &str, text: &str) -> Vec<usize> {
    if places::is_prose(path) || places::is_aside(path) || path.contains("example") {
        return Vec::new();
    }
    secrets::lines(text)
}

fn is_workflow(path: &str) -> bool {
    places::folder(path) == ".github/workflows"
}

static HEAD: Pattern =
    Pattern::new(r"github\.event\.pull_request\.head\.(?:sha|ref)|github\.head_ref|refs/pull/");

fn strangers(path: &str, text: &str) -> Vec<usize> {
    if !is_workflow(path) || !text.contains("pull_request_target") {
        return Vec::new();
    }
    let refers = |line: &str| line.trim_start().starts_with("ref:") && HEAD.is_in(line);
    numbered(text, refers)
}

static USES: Pattern = Pattern::new(r"^\s*(?:-\s*)?uses:\s*['\x22]?([\w.-]+)/[^@\s]+@([^\s'\x22#]+)");

fn unpinned(path: &str, text: &str) -> Vec<usize> {
    if !is_workflow(path) {
        return Vec::new();
    }
    numbered(text, |line| {
        let owner = USES.first(line, 1).unwrap_or("actions");
        let reference = USES.first(line, 2).unwrap_or_default();
        let pinned = reference.len() == 40 && reference.chars().all(|c| c.is_ascii_hexdigit());
        !matches!(owner, "actions" | "github") && !pinned
    })
}

/// The first line of a workflow that says nothing of permissions, neither for all jobs nor for each.
fn unlimited(path: &str, text: &str) -> Vec<usize> {
    if !is_workflow(path) {
        return Vec::new();
    }
    let Some(workflow) = workflows::parse(text) else { return Vec::new() };
    let jobs = workflow.get("jobs").and_then(Value::as_object);
    let each = jobs.is_some_and(|jobs| jobs.values().all(|job| job.get("permissions").is_some()));
    if workflow.get("permissions").is_some() || each { Vec::new() } else { vec![1] }
}

fn numbered(text: &str, fits: impl Fn(&str) -> bool) -> Vec<usize> {
    text.lines().enumerate().filter(|(_, line)| fits(line)).map(|(index, _)| index + 1).collect()
}
