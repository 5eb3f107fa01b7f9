//! Reads GitHub Actions workflows as far as a plan needs them: which job runs which command.

use serde_json::Value;

use crate::domain::plan::places::{self, Places};

/// One job of one workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Path of the workflow.
    pub workflow: String,
    /// Id of the job.
    pub id: String,
    /// Lines of its `run:` steps.
    pub commands: Vec<String>,
    /// The environment it deploys to.
    pub environment: Option<String>,
    /// The workflow runs on pull requests.
    pub on_pull_request: bool,
}

/// All jobs of the workflows that were read, and the workflows nobody could read.
pub fn jobs(places: &Places<'_>) -> (Vec<Job>, Vec<String>) {
    let mut jobs = Vec::new();
    let mut broken = Vec::new();
    for (path, text) in &places.snapshot.files {
        if places::folder(path) != ".github/workflows" || !matches!(places::ending(path), "yml" | "yaml") {
            continue;
        }
        match parse(text) {
            Some(workflow) => jobs.extend(read(path, &workflow)),
            None => broken.push(path.clone()),
        }
    }
    (jobs, broken)
}

/// What `make TARGET` runs, one step deep: the recipe of the target and of what it needs.
pub fn recipe<'a>(places: &Places<'a>, line: &str) -> Vec<&'a str> {
    let target = line.trim().strip_prefix("make ").and_then(|rest| rest.split_whitespace().next());
    let (Some(target), Some(text)) = (target, places.text("Makefile")) else { return Vec::new() };
    let needed = text.lines().find_map(|line| line.strip_prefix(target)?.trim_start().strip_prefix(':'));
    let mut targets: Vec<&str> = needed.unwrap_or_default().split_whitespace().take(20).collect();
    targets.push(target);
    let mut out = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line.strip_prefix('\t') {
            Some(step) if inside => out.push(step.trim().trim_start_matches(['@', '-'])),
            Some(_) => {}
            None if line.trim().is_empty() => {}
            None => {
                let named = line.split_once(':').map_or("", |(name, _)| name.trim());
                inside = targets.contains(&named);
            }
        }
    }
    out
}

/// The name people use for a workflow: its file name.
pub fn file_name(path: &str) -> &str {
    places::name(path)
}

/// A workflow as data; `None` for what is no YAML or too large to be one.
pub fn parse(text: &str) -> Option<Value> {
    if text.len() > 256 * 1024 {
        return None;
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_nodes: 20_000, max_depth: 60 },
    };
    serde_saphyr::from_str_with_options(text, options).ok()
}

fn read(path: &str, workflow: &Value) -> Vec<Job> {
    let on = workflow.get("on").or_else(|| workflow.get("true")).map(Value::to_string).unwrap_or_default();
    let jobs = workflow.get("jobs").and_then(Value::as_object);
    let mut out = Vec::new();
    for (id, job) in jobs.into_iter().flatten() {
        let steps = job.get("steps").and_then(Value::as_array);
        let runs = steps.into_iter().flatten().filter_map(|step| step.get("run")?.as_str());
        let commands = runs
            .flat_map(str::lines)
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect();
        let environment =
            job.get("environment").and_then(|it| it.as_str().or_else(|| it.get("name")?.as_str()));
        out.push(Job {
            workflow: path.to_owned(),
            id: id.clone(),
            commands,
            environment: environment.map(str::to_owned),
            on_pull_request: on.contains("pull_request"),
        });
    }
    out
}
