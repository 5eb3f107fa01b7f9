//! Reads GitHub Actions workflows, and the pipelines of other services, as far as a plan needs them: which job runs which
//! command.

mod shell; // commands without what decides on them
mod tasks; // steps that name a task instead of a command
mod services; // pipelines of other services

use serde_json::Value;
use serde_saphyr::options::DuplicateKeyPolicy;

use crate::domain::plan::places::{self, Places};

pub use services::jobs as elsewhere;

/// One job of one workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Path of the workflow.
    pub workflow: String,
    /// Id of the job.
    pub id: String,
    /// Lines of its `run:` steps.
    pub steps: Vec<Step>,
    /// The environment it deploys to.
    pub environment: Option<String>,
    /// The workflow runs on pull requests.
    pub on_pull_request: bool,
    /// It runs on what somebody changes, and not by the clock or by hand alone.
    pub on_change: bool,
}

impl Job {
    /// Is it GitHub's own, which shows on a pull request by itself?
    pub fn is_own(&self) -> bool {
        is_own(&self.workflow)
    }
}

/// Is it a workflow of GitHub's own?
pub fn is_own(path: &str) -> bool {
    places::folder(path) == HOME
}

/// Where GitHub looks for workflows.
const HOME: &str = ".github/workflows";

/// One line of a `run:` step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// What is typed; a line that goes on is one.
    pub line: String,
    /// What the step is called; may be empty.
    pub name: String,
    /// Where it is typed, from the root; empty is the root.
    pub folder: String,
    /// When it runs; may be empty.
    pub condition: String,
    /// What is set for it, by its workflow, its job and itself.
    pub env: Vec<(String, String)>,
    /// Why it runs, where no line of the file types it, as a noun phrase; may be empty.
    pub by: String,
}

/// All jobs of the workflows that were read, and the workflows nobody could read.
pub fn jobs(places: &Places<'_>) -> (Vec<Job>, Vec<String>) {
    let mut jobs = Vec::new();
    let mut broken = Vec::new();
    for (path, text) in &places.snapshot.files {
        if places::folder(path) != HOME || !matches!(places::ending(path), "yml" | "yaml") {
            continue;
        }
        match parse(text) {
            Some(workflow) => jobs.extend(read(places, path, &workflow)),
            None => broken.push(path.clone()),
        }
    }
    (jobs, broken)
}

/// The name people use for a workflow: its file name, unless every service could call its file so.
pub fn file_name(path: &str) -> &str {
    match places::folder(path) {
        "" | HOME => places::name(path),
        _ => path,
    }
}

/// Longest file that is read as a workflow, in bytes.
const LARGEST: usize = 256 * 1024;

/// A workflow as data; `None` for what is no YAML or too large to be one.
pub fn parse(text: &str) -> Option<Value> {
    parsed(text, DuplicateKeyPolicy::Error)
}

/// The same for services that take a file which says something twice, where the last word counts: it may be the only one on the
/// tests.
fn lenient(text: &str) -> Option<Value> {
    parsed(text, DuplicateKeyPolicy::LastWins)
}

fn parsed(text: &str, twice: DuplicateKeyPolicy) -> Option<Value> {
    if text.len() > LARGEST {
        return None;
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_nodes: 20_000, max_depth: 60 },
        duplicate_keys: twice,
    };
    serde_saphyr::from_str_with_options(text, options).ok()
}

fn read(places: &Places<'_>, path: &str, workflow: &Value) -> Vec<Job> {
    let on = workflow.get("on").or_else(|| workflow.get("true")).map(Value::to_string).unwrap_or_default();
    let jobs = workflow.get("jobs").and_then(Value::as_object);
    let mut out = Vec::new();
    for (id, job) in jobs.into_iter().flatten() {
        let home = (job.pointer("/defaults/run/working-directory"))
            .or_else(|| workflow.pointer("/defaults/run/working-directory"));
        let all = job.get("steps").and_then(Value::as_array);
        let set = [workflow, job].map(variables).concat();
        let own = all.into_iter().flatten().flat_map(|step| lines(step, (home, &set)));
        let called = job.get("uses").and_then(Value::as_str).filter(|called| !called.starts_with("./"));
        let steps = own.chain(called.and_then(|called| templated(places, called))).collect();
        let environment =
            job.get("environment").and_then(|it| it.as_str().or_else(|| it.get("name")?.as_str()));
        out.push(Job {
            workflow: path.to_owned(),
            id: id.clone(),
            steps,
            environment: environment.map(str::to_owned),
            on_pull_request: on.contains("pull_request"),
            on_change: on.is_empty() || ON_CHANGE.iter().any(|event| on.contains(event)),
        });
    }
    out
}

/// What happens when somebody changes something; another workflow may call one for it.
const ON_CHANGE: [&str; 4] = ["pull_request", "push", "merge_group", "workflow_call"];

/// The lines of one step.
fn lines(step: &Value, (home, set): (Option<&Value>, &[(String, String)])) -> Vec<Step> {
    let text = |key: &str| step.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let folder = step.get("working-directory").or(home).and_then(Value::as_str).unwrap_or_default();
    let env = [set, &variables(step)].concat();
    let like =
        Step { name: text("name"), folder: inside(folder), condition: text("if"), env, ..Step::default() };
    let task = tasks::typed(&text("uses"), step.get("with"));
    let mut folder = like.folder.clone();
    let mut out = Vec::new();
    for line in typed(&text("run")).chain(typed(&task)) {
        match line.strip_prefix("cd ").filter(|to| !to.contains([';', '&', '|'])) {
            // What follows is typed there.
            Some(to) => folder = moved(&folder, to),
            None => out.push(Step { line, folder: folder.clone(), ..like.clone() }),
        }
    }
    out
}

/// The folder that `cd` leads to from another one.
fn moved(from: &str, to: &str) -> String {
    let to = to.trim().trim_matches(['"', '\'']);
    let mut parts: Vec<&str> = if to.starts_with('/') { Vec::new() } else { from.split('/').collect() };
    for part in to.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("/")
}

/// The one step that is known of a template of another repository.
fn templated(places: &Places<'_>, template: &str) -> Option<Step> {
    let line = tasks::by_template(places, template)?.to_owned();
    let file = places::name(template.split('@').next().unwrap_or_default());
    Some(Step { line, by: format!("by the template `{file}`"), ..Step::default() })
}

/// The variables that a workflow, a job or a step sets.
fn variables(owner: &Value) -> Vec<(String, String)> {
    let set = owner.get("env").and_then(Value::as_object).into_iter().flatten();
    let plain = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    set.filter_map(|(name, value)| Some((name.clone(), plain(value)?))).collect()
}

/// A folder as the tree spells it.
fn inside(folder: &str) -> String {
    folder.trim_start_matches("./").trim_matches('/').trim_matches('.').to_owned()
}

/// What a shell is given, command by command; a line that goes on is one.
fn typed(text: &str) -> impl Iterator<Item = String> {
    let whole = text.replace("\\\n", " ");
    let lines: Vec<String> =
        whole.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    lines.into_iter().filter(|line| !line.is_empty()).flat_map(|line| shell::commands(&line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    /// The jobs of one workflow.
    fn read(text: &str) -> Vec<Job> {
        let snapshot = repository("acme/x", "5a1ad00", &[("noxfile.py", "")]);
        super::read(&Places::new(&snapshot), "ci.yml", &parse(text).expect("it is YAML"))
    }

    #[test]
    fn a_task_a_template_and_a_condition_are_read_as_what_they_run() {
        let text = "on: pull_request\njobs:\n  a:\n    steps:\n      - uses: actions-rs/cargo@v1\n        with:\n          command: test\n          args: --all\n      - run: |\n          if [ -n \"$X\" ]; then\n            make a\n          fi\n  b:\n    uses: acme/shared/.github/workflows/nox.yml@v1\n";
        let jobs = read(text);
        let told = |job: &Job| {
            let steps = job.steps.iter().map(|step| format!("{} {}", step.line, step.by).trim().to_owned());
            steps.collect::<Vec<_>>().join("; ")
        };
        assert_eq!(told(&jobs[0]), "cargo test --all; make a");
        assert_eq!(told(&jobs[1]), "nox by the template `nox.yml`");
        assert!(jobs[0].on_pull_request);
        assert!(parse("on: push\non: pull_request\n").is_none(), "GitHub takes no key twice");
    }

    #[test]
    fn what_runs_by_the_clock_or_by_hand_alone_runs_on_no_change() {
        let on_change = |on: &str| {
            let text = format!("on: {on}\njobs:\n  a:\n    steps:\n      - run: tox\n");
            read(&text).iter().all(|job| job.on_change)
        };
        assert!(on_change("[push]") && on_change("{pull_request: {}, schedule: [{cron: '0 0 * * *'}]}"));
        assert!(!on_change("{schedule: [{cron: '0 0 * * *'}]}") && !on_change("workflow_dispatch"));
    }

    #[test]
    fn a_step_has_its_name_its_folder_and_its_condition() {
        let text = "on: [pull_request]\njobs:\n  a:\n    steps:\n      - name: Unit tests\n        if: runner.os == 'Windows'\n        working-directory: ./gem\n        run: |\n          cargo test \\\n            --all\n          echo done\n";
        let jobs = read(text);
        let step = |line: &str| Step {
            line: line.to_owned(),
            name: "Unit tests".to_owned(),
            folder: "gem".to_owned(),
            condition: "runner.os == 'Windows'".to_owned(),
            ..Step::default()
        };
        assert_eq!(jobs[0].steps, [step("cargo test --all"), step("echo done")]);
    }

    #[test]
    fn what_follows_a_change_of_folder_is_typed_there() {
        let text = "on: push\njobs:\n  a:\n    steps:\n      - working-directory: pier\n        run: |\n          make\n          cd ./berth\n          make\n          cd ../..\n          make\n          cd x && make\n      - run: make\n";
        let folders: Vec<String> = read(text)[0].steps.iter().map(|step| step.folder.clone()).collect();
        assert_eq!(folders, ["pier", "pier/berth", "", "", ""]);
    }
}
