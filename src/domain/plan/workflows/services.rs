//! Reads the pipelines of other services than GitHub's own as jobs: Travis, CircleCI, GitLab and Azure.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Job, Step, parse};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::Places;
use crate::domain::plan::reading_list::PIPELINES;

/// So deep are commands that call commands and steps within steps followed.
const DEPTH: usize = 6;
/// So deep do stages, jobs, templates' parameters and conditions stand in each other.
const NESTED: usize = 24;

/// All jobs of the pipelines that were read; what is no YAML has none.
pub fn jobs(places: &Places<'_>) -> Vec<Job> {
    let mut out = Vec::new();
    for path in PIPELINES {
        let Some(pipeline) = places.text(path).and_then(parse) else { continue };
        let mut jobs = match path {
            ".travis.yml" => travis(places, &pipeline),
            ".circleci/config.yml" => circle(&pipeline),
            ".gitlab-ci.yml" => gitlab(&pipeline),
            _ => azure(&pipeline),
        };
        jobs.retain(|job| !job.steps.is_empty());
        out.extend(jobs.into_iter().map(|job| Job { workflow: path.to_owned(), ..job }));
    }
    out
}

/// A job of which only the file is not told yet.
fn job(id: &str, steps: Vec<Step>, on_pull_request: bool) -> Job {
    Job {
        workflow: String::new(),
        id: id.to_owned(),
        steps,
        environment: None,
        on_pull_request,
        on_change: true,
    }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The lines of a text, or of a list of texts, whatever deep.
fn typed(value: &Value, like: &Step) -> Vec<Step> {
    match value {
        Value::String(text) => super::typed(text).map(|line| Step { line, ..like.clone() }).collect(),
        Value::Array(list) => list.iter().flat_map(|one| typed(one, like)).collect(),
        _ => Vec::new(),
    }
}

/// A trigger that has nothing to do with changes.
static OTHER_TRIGGER: Pattern = Pattern::new(
    r"\btags?\b|\bcron\b|\bschedules?\b|\btype\s*(?:!=\s*pull_request|=\s*(?:api|push))|\bmanual\b",
);

/// `script` of the root, and of each of `jobs.include`, which take what they do not say from the root.
fn travis(places: &Places<'_>, pipeline: &Value) -> Vec<Job> {
    let phases = ["before_script", "script"];
    let run = |own: &Value| {
        let system = match text(own, "os") {
            "windows" => "os == 'windows'",
            "osx" => "os == 'macos'",
            _ => "",
        };
        let like =
            Step { name: text(own, "name").to_owned(), condition: system.to_owned(), ..Step::default() };
        let found = |phase: &&str| own.get(*phase).or_else(|| pipeline.get(*phase));
        let mut steps: Vec<Step> =
            phases.iter().filter_map(found).flat_map(|value| typed(value, &like)).collect();
        if found(&"script").is_none() {
            let language = [own, pipeline].into_iter().map(|one| text(one, "language"));
            let usual = language.filter(|name| !name.is_empty()).find_map(|name| usual(places, name));
            steps.extend(usual.map(|line| Step { line: line.to_owned(), ..like }));
        }
        steps
    };
    let when = |own: &Value| !OTHER_TRIGGER.is_in(text(own, "if"));
    let all = when(pipeline);
    let mut out = vec![job("script", run(pipeline), all)];
    let included = ["jobs", "matrix"].iter().filter_map(|key| pipeline.get(*key)?.get("include")?.as_array());
    for (index, own) in included.flatten().enumerate() {
        let id = match text(own, "name") {
            "" => format!("jobs.include {}", index + 1),
            name => name.to_owned(),
        };
        // What says neither runs what the root runs.
        if phases.iter().any(|phase| own.get(*phase).is_some()) {
            out.push(job(&id, run(own), all && when(own)));
        }
    }
    out
}

/// What Travis runs for a language whose file names no script.
fn usual(places: &Places<'_>, language: &str) -> Option<&'static str> {
    let has = |name: &str| places.has(name);
    match language {
        "rust" => Some("cargo test --verbose"),
        "node_js" if has("yarn.lock") => Some("yarn test"),
        "node_js" => Some("npm test"),
        "ruby" if has("Gemfile") => Some("bundle exec rake"),
        "ruby" => Some("rake"),
        "go" if !has("Makefile") => Some("go test -v ./..."),
        "java" if has("gradlew") => Some("./gradlew check"),
        "java" if has("build.gradle") => Some("gradle check"),
        "java" if has("mvnw") => Some("./mvnw test -B"),
        "java" if has("pom.xml") => Some("mvn test -B"),
        "php" => Some("phpunit"),
        _ => None,
    }
}

/// What CircleCI fills in.
static PARAMETER: Pattern = Pattern::new(r"<<[^<>]*>>");

fn circle(pipeline: &Value) -> Vec<Job> {
    let named = |key: &str| pipeline.get(key).and_then(Value::as_object);
    let empty = Map::new();
    let commands = named("commands").unwrap_or(&empty);
    let each = named("jobs").into_iter().flatten();
    each.map(|(id, own)| {
        let mut steps = Vec::new();
        let home = own.get("working_directory").and_then(Value::as_str).unwrap_or_default();
        let mut left = MOST_STEPS;
        let bounds = (DEPTH, &mut left);
        if let Some(list) = own.get("steps") {
            circled(list, (commands, home), bounds, &mut steps);
        }
        job(id, steps, true)
    })
    .collect()
}

/// The steps of a list; commands of the file's own are followed, those of others are not.
/// Whatever calls whatever, no more than so many are looked at.
fn circled(
    list: &Value,
    (commands, home): (&Map<String, Value>, &str),
    (depth, left): (usize, &mut usize),
    out: &mut Vec<Step>,
) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for step in list.as_array().into_iter().flatten() {
        let Some(rest) = left.checked_sub(1) else { return };
        *left = rest;
        let called = match step {
            Value::String(name) => vec![name],
            Value::Object(map) => map.keys().collect(),
            _ => Vec::new(),
        };
        for steps in called.into_iter().filter_map(|name| commands.get(name)?.get("steps")) {
            circled(steps, (commands, home), (depth, &mut *left), out);
        }
        for nested in ["when", "unless"].iter().filter_map(|key| step.get(*key)?.get("steps")) {
            circled(nested, (commands, home), (depth, &mut *left), out);
        }
        let Some(run) = step.get("run") else { continue };
        let command = run.as_str().unwrap_or_else(|| text(run, "command"));
        let folder = text(run, "working_directory");
        // What belongs to the machine, or is the root by another name, is the root.
        let folder = if folder == home || folder.starts_with(['~', '/']) { "" } else { folder };
        let like =
            Step { name: text(run, "name").to_owned(), folder: super::inside(folder), ..Step::default() };
        let command = PARAMETER.replace(command, |_| "${{ … }}".to_owned());
        out.extend(super::typed(&command).map(|line| Step { line, ..like.clone() }));
    }
}

/// Most steps of one job that are looked at, those of the commands it calls with them.
const MOST_STEPS: usize = 2_000;

/// Keys of a pipeline of GitLab that are no jobs.
const NO_JOBS: [&str; 11] = [
    "default",
    "variables",
    "stages",
    "include",
    "workflow",
    "cache",
    "image",
    "services",
    "spec",
    "before_script",
    "after_script",
];

fn gitlab(pipeline: &Value) -> Vec<Job> {
    let all = pipeline.as_object();
    let first = |own: &Value| {
        let root = || pipeline.pointer("/default/before_script").or_else(|| pipeline.get("before_script"));
        inherited(pipeline, own, "before_script").or_else(root).cloned()
    };
    // A hidden one only lends what it has to others.
    let is_job = |(name, own): &(&String, &Value)| {
        own.is_object() && !name.starts_with('.') && !NO_JOBS.contains(&name.as_str())
    };
    let each = all.into_iter().flatten().filter(is_job);
    each.filter_map(|(id, own)| {
        let script = inherited(pipeline, own, "script")?;
        let before = first(own).unwrap_or_default();
        let mut steps = typed(&before, &Step::default());
        steps.extend(typed(script, &Step::default()));
        let told = |key: &str| inherited(pipeline, own, key).map(Value::to_string).unwrap_or_default();
        let only = told("only");
        let changes = |said: &str| said.contains("merge_request") || said.contains("branches");
        let aside = OTHER_TRIGGER.is_in(&only) && !changes(&only) || told("when").contains("manual");
        Some(job(id, steps, !aside))
    })
    .collect()
}

/// What a job says, or what it extends.
fn inherited<'v>(pipeline: &'v Value, own: &'v Value, key: &str) -> Option<&'v Value> {
    lent(pipeline, own, key, &mut (DEPTH * DEPTH))
}

fn lent<'v>(pipeline: &'v Value, own: &'v Value, key: &str, left: &mut usize) -> Option<&'v Value> {
    if let Some(value) = own.get(key) {
        return Some(value);
    }
    *left = left.checked_sub(1)?;
    let bases: Vec<&str> = match own.get("extends")? {
        Value::String(one) => vec![one],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    bases.iter().rev().find_map(|base| lent(pipeline, pipeline.get(base)?, key, left))
}

fn azure(pipeline: &Value) -> Vec<Job> {
    let on_pull_request = text(pipeline, "pr") != "none";
    let mut found: BTreeMap<String, Vec<Step>> = BTreeMap::new();
    walked(pipeline, "steps", NESTED, &mut found);
    found.into_iter().map(|(id, steps)| job(&id, steps, on_pull_request)).collect()
}

/// The steps below stages and jobs, by the name of their job. Templates are files of their own and are not followed, but
/// jobs may be handed to them.
fn walked(value: &Value, id: &str, depth: usize, found: &mut BTreeMap<String, Vec<Step>>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Array(list) => list.iter().for_each(|one| walked(one, id, depth, found)),
        Value::Object(map) => {
            let id = match text(value, "job") {
                "" => id,
                name => name,
            };
            let shell = ["script", "bash", "pwsh", "powershell"].iter().find_map(|key| map.get(*key));
            if let Some(line) = shell {
                let folder = text(value, "workingDirectory");
                let folder = folder.replace("$(Build.SourcesDirectory)", "");
                let like = Step {
                    name: text(value, "displayName").to_owned(),
                    folder: super::inside(&folder),
                    condition: text(value, "condition").to_owned(),
                    ..Step::default()
                };
                found.entry(id.to_owned()).or_default().extend(typed(line, &like));
            }
            let below = |key: &str| {
                matches!(key, "stages" | "jobs" | "steps" | "parameters") || key.starts_with("${{")
            };
            map.iter().filter(|(key, _)| below(key)).for_each(|(_, one)| walked(one, id, depth, found));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    /// Each job with what it runs.
    fn read(path: &str, text: &str) -> Vec<String> {
        let snapshot = repository("acme/x", "5a1ad00", &[(path, text), ("Gemfile", ""), ("guard/a.rb", "")]);
        let told = |job: Job| {
            assert_eq!(job.workflow, path);
            let shown = |step: &Step| match step.folder.as_str() {
                "" => step.line.clone(),
                folder => format!("{folder}: {}", step.line),
            };
            let steps: Vec<String> = job.steps.iter().map(shown).collect();
            let aside = if job.on_pull_request { "" } else { " (aside)" };
            format!("{}{aside} = {}", job.id, steps.join("; "))
        };
        jobs(&Places::new(&snapshot)).into_iter().map(told).collect()
    }

    #[test]
    fn travis_runs_a_script_as_text_or_list_at_the_root_and_in_what_is_included() {
        let text = "language: python\nscript:\n  - tox\n  - |\n    flake8 \\\n      src\njobs:\n  include:\n    - name: docs\n      script: make docs\n    - python: 3.6\n    - stage: nightly\n      if: type = cron\n      script: pytest --slow\n";
        assert_eq!(
            read(".travis.yml", text),
            ["script = tox; flake8 src", "docs = make docs", "jobs.include 3 (aside) = pytest --slow"]
        );
    }

    #[test]
    fn travis_runs_what_is_usual_for_a_language_where_no_script_is_named() {
        assert_eq!(read(".travis.yml", "language: rust\n"), ["script = cargo test --verbose"]);
        assert_eq!(
            read(".travis.yml", "language: ruby\nbefore_script: ./up\n"),
            ["script = ./up; bundle exec rake"]
        );
        assert!(read(".travis.yml", "language: python\n").is_empty());
        assert!(read(".travis.yml", "\tscript: [").is_empty(), "what is no YAML has no jobs");
    }

    #[test]
    fn circleci_runs_text_commands_anchors_and_commands_of_the_file() {
        let text = "version: 2.1\nreferences:\n  unit: &unit\n    run:\n      name: Run unit tests\n      command: bundle exec rake\ncommands:\n  lint:\n    steps:\n      - run: bundle exec rubocop\n  loop:\n    steps:\n      - loop\njobs:\n  test:\n    working_directory: ~/x\n    steps:\n      - checkout\n      - lint\n      - loop\n      - <<: *unit\n      - run: {command: rake, working_directory: ./guard}\n      - run: rspec << parameters.files >>\n      - when:\n          condition: true\n          steps:\n            - run: echo done\n";
        assert_eq!(
            read(".circleci/config.yml", text),
            ["test = bundle exec rubocop; bundle exec rake; guard: rake; rspec ${{ … }}; echo done"]
        );
    }

    #[test]
    fn gitlab_runs_the_scripts_of_its_jobs_and_of_what_they_extend() {
        let text = "stages: [test]\nvariables:\n  script: no\nbefore_script:\n  - bundle install\n.base:\n  script:\n    - bundle exec rspec\nunit:\n  extends: .base\nrelease:\n  only: [tags]\n  before_script: []\n  script: gem push\nrounds:\n  extends: rounds\n";
        let mut found = read(".gitlab-ci.yml", text);
        found.sort();
        assert_eq!(found, ["release (aside) = gem push", "unit = bundle install; bundle exec rspec"]);
    }

    #[test]
    fn azure_runs_the_steps_of_stages_and_jobs_and_follows_no_template() {
        let text = "pr: none\nstages:\n- stage: build\n  jobs:\n  - template: jobs.yml\n    parameters:\n      jobs:\n      - job: Linux\n        steps:\n        - template: up.yml\n        - script: dotnet test\n          displayName: Tests\n        - ${{ if eq(variables.x, 'y') }}:\n          - bash: ./more.sh\n";
        assert_eq!(read(".vsts-ci.yml", text), ["Linux (aside) = dotnet test; ./more.sh"]);
        assert_eq!(read("azure-pipelines.yml", "steps:\n- script: npm test\n"), ["steps = npm test"]);
        assert!(read("azure-pipelines.yml", "steps:\n- template: all.yml\n").is_empty());
    }

    /// What calls itself many times over is looked at so often and no more; the work would never end otherwise.
    #[test]
    fn commands_and_bases_that_are_many_and_lead_round_end() {
        let many = vec!["a"; 50].join(", ");
        let circle =
            format!("commands:\n  a:\n    steps: [{many}]\njobs:\n  test:\n    steps: [a, run: make test]\n");
        assert!(read(".circleci/config.yml", &circle).len() < 3);
        let bases = vec!["x"; 50].join(", ");
        let lent = format!("x:\n  script: make test\n  extends: [{bases}]\n");
        assert_eq!(read(".gitlab-ci.yml", &lent).len(), 1);
    }
}
