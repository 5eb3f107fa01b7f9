//! Reads the pipelines of other services than GitHub's own as jobs: Travis, CircleCI, GitLab and Azure.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Job, Step, tasks};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::reading_list::PIPELINES;

/// So deep are commands that call commands and steps within steps followed.
const DEPTH: usize = 6;
/// So deep do stages, jobs, templates' parameters and conditions stand in each other.
const NESTED: usize = 24;

/// All jobs of the pipelines that were read; what is no YAML has none.
pub fn jobs(places: &Places<'_>) -> Vec<Job> {
    let mut out = Vec::new();
    for path in PIPELINES {
        let read = |text: &str| super::lenient(text).or_else(|| parts(text));
        let Some(pipeline) = places.text(path).and_then(read) else { continue };
        let mut jobs = match path {
            ".travis.yml" => travis(places, &pipeline),
            ".circleci/config.yml" => circle(&pipeline),
            ".gitlab-ci.yml" => gitlab(&pipeline),
            _ => azure(places, path, &pipeline),
        };
        jobs.retain(|job| !job.steps.is_empty());
        out.extend(jobs.into_iter().map(|job| Job { workflow: path.to_owned(), ..job }));
    }
    out
}

/// What can be read of a file that is no YAML as a whole: its parts, each by the key at the start of its first line.
fn parts(text: &str) -> Option<Value> {
    if text.len() > super::LARGEST {
        return None;
    }
    let heads = KEY.every(text).filter_map(|found| found.get(0)).map(|head| head.start());
    let heads: Vec<usize> = heads.chain([text.len()]).collect();
    let part = |(from, to): (&usize, &usize)| text.get(*from..*to).and_then(super::lenient);
    let read = heads.iter().zip(heads.iter().skip(1)).filter_map(part);
    let mut whole = Map::new();
    for part in read.take(MOST_PARTS) {
        if let Value::Object(part) = part {
            whole.extend(part);
        }
    }
    (!whole.is_empty()).then_some(Value::Object(whole))
}

static KEY: Pattern = Pattern::new(r"(?m)^[a-z][\w-]*:");
/// Most parts of one file that are looked at.
const MOST_PARTS: usize = 200;

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
            steps.extend(usual.map(|(line, language)| Step {
                line: line.to_owned(),
                by: format!("the default of Travis for {language}"),
                ..like
            }));
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

/// What Travis runs for a language whose file names no script, and what the language is called.
fn usual(places: &Places<'_>, language: &str) -> Option<(&'static str, &'static str)> {
    let has = |name: &str| places.has(name);
    match language {
        "rust" => Some(("cargo test --verbose", "Rust")),
        "node_js" if has("yarn.lock") => Some(("yarn test", "Node.js")),
        "node_js" => Some(("npm test", "Node.js")),
        "ruby" if has("Gemfile") => Some(("bundle exec rake", "Ruby")),
        "ruby" => Some(("rake", "Ruby")),
        "go" if !has("Makefile") => Some(("go test -v ./...", "Go")),
        "java" if has("gradlew") => Some(("./gradlew check", "Java")),
        "java" if has("build.gradle") => Some(("gradle check", "Java")),
        "java" if has("mvnw") => Some(("./mvnw test -B", "Java")),
        "java" if has("pom.xml") => Some(("mvn test -B", "Java")),
        "php" => Some(("phpunit", "PHP")),
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

fn azure(places: &Places<'_>, path: &str, pipeline: &Value) -> Vec<Job> {
    let on_pull_request = text(pipeline, "pr") != "none";
    let mut walk =
        Walk { places, set: set(pipeline), left: MOST_TEMPLATES, open: Vec::new(), found: BTreeMap::new() };
    walk.through(pipeline, ("steps", places::folder(path)), NESTED);
    walk.found.into_iter().map(|(id, steps)| job(&id, steps, on_pull_request)).collect()
}

/// Longest value of a variable that is put in its place, and longest line in which that is done.
const SHORT: usize = 60;
const LONGEST: usize = 2_000;

/// The variables of a pipeline of Azure that stand in it: a map, or a list of names and values.
fn set(pipeline: &Value) -> Vec<(String, String)> {
    let plain = |value: &Value| match value {
        Value::String(text) => Some(text.clone()).filter(|text| text.len() <= SHORT),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    match pipeline.get("variables") {
        Some(Value::Object(map)) => {
            map.iter().filter_map(|(name, value)| Some((name.clone(), plain(value)?))).collect()
        }
        Some(Value::Array(list)) => {
            let one = |own: &Value| Some((text(own, "name").to_owned(), plain(own.get("value")?)?));
            list.iter().filter_map(one).collect()
        }
        _ => Vec::new(),
    }
}

/// Most templates that are opened for one pipeline, whatever calls whatever.
const MOST_TEMPLATES: usize = 50;

/// What Azure fills in.
static MACRO: Pattern = Pattern::new(r"\$\([\w.]+\)");

/// The steps below stages and jobs, by the name of their job. Templates of the tree are followed; of those of other
/// repositories only what they are called after is known, but jobs may be handed to them.
struct Walk<'a> {
    places: &'a Places<'a>,
    set: Vec<(String, String)>,
    left: usize,
    /// The templates that are being read: one that names itself is not read again.
    open: Vec<String>,
    found: BTreeMap<String, Vec<Step>>,
}

impl Walk<'_> {
    fn through(&mut self, value: &Value, (id, home): (&str, &str), depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match value {
            Value::Array(list) => list.iter().for_each(|one| self.through(one, (id, home), depth)),
            Value::Object(map) => {
                let id = match text(value, "job") {
                    "" => id,
                    name => name,
                };
                self.step(value, id);
                if let Some(template) = map.get("template").and_then(Value::as_str) {
                    self.template(template, (id, home), depth);
                }
                let below = |key: &str| {
                    matches!(key, "stages" | "jobs" | "steps" | "parameters") || key.starts_with("${{")
                };
                let below = map.iter().filter(|(key, _)| below(key));
                below.for_each(|(_, one)| self.through(one, (id, home), depth));
            }
            _ => {}
        }
    }

    fn step(&mut self, value: &Value, id: &str) {
        let shell = ["script", "bash", "pwsh", "powershell"].iter().find_map(|key| value.get(*key));
        let task = Value::String(tasks::typed(text(value, "task"), value.get("inputs")));
        let shell = shell.unwrap_or(&task);
        let folder = text(value, "workingDirectory").replace("$(Build.SourcesDirectory)", "");
        let like = Step {
            name: text(value, "displayName").to_owned(),
            folder: super::inside(&folder),
            condition: text(value, "condition").to_owned(),
            ..Step::default()
        };
        let steps: Vec<Step> = typed(shell, &like)
            .into_iter()
            .map(|step| Step { line: self.filled(&step.line), ..step })
            .collect();
        if !steps.is_empty() {
            self.found.entry(id.to_owned()).or_default().extend(steps);
        }
    }

    /// A line with the variables that stand in the pipeline; the others are left to the service.
    fn filled(&self, line: &str) -> String {
        if line.len() > LONGEST {
            return line.to_owned();
        }
        let root = ["$(Build.SourcesDirectory)/", "$(System.DefaultWorkingDirectory)/"];
        let line = root.iter().fold(line.to_owned(), |line, root| line.replace(root, ""));
        MACRO.replace(&line, |said| {
            let name = said.trim_start_matches("$(").trim_end_matches(')');
            let own = self.set.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
            own.map_or_else(|| "${{ … }}".to_owned(), |(_, value)| value.clone())
        })
    }

    fn template(&mut self, template: &str, (id, home): (&str, &str), depth: usize) {
        let path = match template.strip_prefix('/') {
            Some(path) => path.to_owned(),
            None => places::within(home, template.trim_start_matches("./")),
        };
        if self.open.contains(&path) {
            return;
        }
        // Reading costs as much as what is read.
        let Some(left) = self.left.checked_sub(1) else { return };
        self.left = left;
        let Some(read) = self.places.text(&path).filter(|_| !template.contains('@')).and_then(super::lenient)
        else {
            if let Some(step) = super::templated(self.places, template) {
                self.found.entry(id.to_owned()).or_default().push(step);
            }
            return;
        };
        self.open.push(path.clone());
        self.through(&read, (id, places::folder(&path)), depth);
        self.open.pop();
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
    fn azure_runs_tasks_and_templates_of_the_tree_with_the_variables_of_the_pipeline() {
        let text = "variables:\n  Kind: Release\nsteps:\n- task: DotNetCoreCLI@2\n  inputs:\n    command: test\n    projects: Hull.sln\n    arguments: -c $(Kind) -s $(Place)\n- template: more.yml\n- template: other.yml@away\n";
        let more = "parameters: {}\nsteps:\n- template: more.yml\n- script: make $(Kind)\n";
        let files = [("azure-pipelines.yml", text), ("more.yml", more)];
        let snapshot = repository("acme/x", "5a1ad00", &files);
        let jobs = jobs(&Places::new(&snapshot));
        let steps: Vec<&str> = jobs[0].steps.iter().map(|step| step.line.as_str()).collect();
        assert_eq!(steps, ["dotnet test Hull.sln -c Release -s ${{ … }}", "make Release"]);
    }

    #[test]
    fn a_file_that_is_no_yaml_as_a_whole_is_read_by_its_parts() {
        let text =
            "language: php\nenv:\n  global:\n- A=1\nscript:\n  - if [ $A ]; then phpcs; fi\n  - phpunit -v\n";
        assert_eq!(read(".travis.yml", text), ["script = phpcs; phpunit -v"]);
        let twice = "language: cpp\naddons: &a\n  x: 1\naddons: &b\n  x: 2\nmatrix:\n  include:\n    - addons: *a\nscript:\n  - |\n    cmake .. \\\n      -DA=1 \\\n\n  - ctest -j2\n";
        assert_eq!(read(".travis.yml", twice), ["script = cmake .. -DA=1; ctest -j2"]);
    }

    #[test]
    fn azure_runs_the_steps_of_stages_and_jobs_without_templates_that_are_not_there() {
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
