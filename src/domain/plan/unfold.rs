//! What a command comes down to: the recipe of a target, the script of a manifest, the lines of a shell script.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};

/// So deep is looked: a target that calls a script that calls a script.
const DEPTH: usize = 4;
/// Most lines that one command is taken to run.
const LINES: usize = 400;

/// The line itself and all that it runs, as far as the files read tell, in their order.
pub fn unfolded(places: &Places<'_>, folder: &str, line: &str) -> Vec<String> {
    let mut out = Vec::new();
    unfold(places, folder, (line, DEPTH), &mut out);
    out
}

/// The commands of one line: `a && b; c`.
pub fn parts(line: &str) -> impl Iterator<Item = &str> {
    line.split("&&").flat_map(|part| part.split([';', '|'])).map(of_branch).filter(|part| !part.is_empty())
}

/// `then phpunit`, of `if …; then phpunit; fi`.
fn of_branch(part: &str) -> &str {
    let part = part.trim();
    part.strip_prefix("then ").or(part.strip_prefix("else ")).unwrap_or(part).trim_start()
}

/// The scripts of a `package.json`, by name.
pub fn scripts(places: &Places<'_>, folder: &str) -> Vec<(String, String)> {
    let manifest = places.json(&places::within(folder, "package.json")).unwrap_or_default();
    let scripts = manifest.get("scripts").and_then(Value::as_object);
    let all = scripts.into_iter().flatten();
    all.filter_map(|(name, script)| Some((name.clone(), script.as_str()?.to_owned()))).collect()
}

/// The script that a command of npm and its like names: `npm t`, `yarn run lint`.
pub fn script_name(command: &str) -> Option<&str> {
    SCRIPT.either(command)
}

static SCRIPT: Pattern = Pattern::new(
    r"^(?:\w+=\S+ )*(?:(?:npm|pnpm|yarn|bun)(?: --?(?:silent|s|if-present))* (?:run|run-script)(?: --?(?:silent|s|if-present))* ([\w:.@/-]+)|(?:npm|pnpm|yarn) ([\w:.-]+))",
);
static MAKE: Pattern = Pattern::new(r"^(?:\w+=\S+ )*(?:make|gmake|\$\(MAKE\)|\$\{MAKE\})((?: +\S+)+)$");
static JUST: Pattern = Pattern::new(r"^just ([\w-]+)");
static SHELL: Pattern = Pattern::new(r"^(?:(?:ba)?sh (?:-\w+ )*|\./)?([\w.-]+(?:/[\w.-]+)*)(?: |$)");
static TOX: Pattern = Pattern::new(r"(?:^|\s)(tox|nox)(?: (?:run|run-parallel|p|r))?(?:\s|$)");
static ENVIRONMENT: Pattern = Pattern::new(
    r#"(?:^|[\s/])(?:tox|nox)(?:\s[^;&|]*?)??\s(?:-(?:e|s|m)[ =]?|--?(?:env|sessions?)[ =])["']?([^\s"']+)"#,
);
static COMPOSER: Pattern = Pattern::new(r"^composer (?:run |run-script )?([\w:-]+)");

/// Most environments of one command that are looked at.
const ENVIRONMENTS: usize = 20;

/// The environments that a command of `tox` or `nox` names, where it names some.
pub fn environment(command: &str) -> Option<&str> {
    ENVIRONMENT.first(command, 1)
}

fn unfold(places: &Places<'_>, folder: &str, (line, depth): (&str, usize), out: &mut Vec<String>) {
    if depth == 0 || out.len() >= LINES || out.iter().any(|seen| seen == line) {
        return;
    }
    out.push(line.to_owned());
    for part in parts(line) {
        for step in below(places, folder, part) {
            unfold(places, folder, (&step, depth - 1), out);
        }
    }
}

fn below(places: &Places<'_>, folder: &str, command: &str) -> Vec<String> {
    if let Some(targets) = MAKE.first(command, 1) {
        let text = ["Makefile", "makefile", "GNUmakefile"];
        let text = text.iter().find_map(|name| places.text(&places::within(folder, name)));
        let targets = targets.split_whitespace().filter(|word| !word.starts_with('-') && !word.contains('='));
        return targets.flat_map(|target| recipe(text.unwrap_or_default(), target)).collect();
    }
    if let Some(target) = JUST.first(command, 1) {
        let text = ["justfile", "Justfile", ".justfile"];
        let text = text.iter().find_map(|name| places.text(&places::within(folder, name)));
        return recipe(text.unwrap_or_default(), target);
    }
    if let Some(name) = script_name(command) {
        let name = if name == "t" { "test" } else { name };
        let own = scripts(places, folder).into_iter().find(|(script, _)| script == name);
        return own.map(|(_, script)| script).into_iter().collect();
    }
    if let Some(name) = environment(command) {
        return name.split(',').take(ENVIRONMENTS).flat_map(|name| commands(places, folder, name)).collect();
    }
    if TOX.is_in(command) {
        return environments(places, folder);
    }
    if let Some(name) = COMPOSER.first(command, 1) {
        return composer(places, folder, name);
    }
    let script = SHELL.first(command, 1).map(|path| places::within(folder, path));
    let is_script = |path: &String| matches!(places::ending(path), "sh" | "bash" | "" | "ps1");
    let text = script.filter(is_script).and_then(|path| places.text(&path));
    let given: Vec<&str> = SHELL
        .captures(command)
        .and_then(|all| command.get(all.get(0)?.end()..))
        .map_or_else(Vec::new, |rest| rest.split_whitespace().collect());
    text.map(|text| filled(text, &given)).unwrap_or_default()
}

static SET: Pattern =
    Pattern::new(r#"^(?:export |local )?([A-Za-z_]\w*)=["']?(?:\$\{?(\d)\}?|([\w./+-]+))["']?$"#);
static VARIABLE: Pattern = Pattern::new(r#"["']?\$\{?([A-Za-z_]\w*|\d)\}?["']?"#);

/// The lines of a shell script that run something, with what it is given in the place of its variables.
fn filled(text: &str, given: &[&str]) -> Vec<String> {
    let argument = |number: &str| {
        let value = number.parse::<usize>().ok()?.checked_sub(1).and_then(|at| given.get(at)).copied()?;
        // What only the workflow knows stands for nothing.
        (!value.contains(['$', '{', '}', '`'])).then(|| value.to_owned())
    };
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut out = Vec::new();
    for line in text.lines().filter_map(typed) {
        if let Some(set) = SET.captures(&line) {
            let value = match (set.get(2), set.get(3)) {
                (Some(number), _) => argument(number.as_str()),
                (None, value) => value.map(|value| value.as_str().to_owned()),
            };
            known.extend(set.get(1).map(|name| name.as_str().to_owned()).zip(value));
        }
        let value = |said: &str| {
            let name = said.trim_matches(['"', '\'', '$', '{', '}']);
            known.get(name).cloned().or_else(|| argument(name)).unwrap_or_else(|| said.to_owned())
        };
        out.push(VARIABLE.replace(&line, value));
    }
    out
}

/// A line of a shell script, where it runs something.
fn typed(line: &str) -> Option<String> {
    let line = line.trim();
    (!line.is_empty() && !line.starts_with('#')).then(|| line.to_owned())
}

/// The steps of a target, those of what it needs first.
fn recipe(text: &str, target: &str) -> Vec<String> {
    let head = |line: &str| -> Option<(String, String)> {
        let (name, rest) = line.split_once(':').filter(|_| !line.starts_with([' ', '\t', '#', '.']))?;
        let named = name.split_whitespace().any(|word| word == target);
        (named && !rest.starts_with('=')).then(|| (name.to_owned(), rest.to_owned()))
    };
    let needed = text.lines().find_map(head).map(|(_, rest)| rest).unwrap_or_default();
    let needed = needed.split('#').next().unwrap_or_default().split_whitespace();
    // What comes first is a target of its own.
    let is_name = |word: &&str| word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let mut out: Vec<String> = needed.filter(is_name).take(20).map(|name| format!("make {name}")).collect();
    let mut inside = false;
    for line in text.lines() {
        match line.starts_with([' ', '\t']) {
            true if inside => out.push(line.trim().trim_start_matches(['@', '-']).to_owned()),
            true => {}
            false if line.trim().is_empty() => {}
            false => inside = head(line).is_some(),
        }
    }
    out
}

/// What the environments of `tox` and `nox` type: words alone, as three formats quote them in three ways.
fn environments(places: &Places<'_>, folder: &str) -> Vec<String> {
    let bare = |line: &str| {
        let words = line.replace(['"', '\'', ',', '[', ']', '(', ')', '='], " ");
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let own = ["tox.ini", "tox.toml", "noxfile.py"];
    let own = own.iter().filter_map(|name| places.text(&places::within(folder, name)));
    let manifest = places.text(&places::within(folder, "pyproject.toml")).unwrap_or_default();
    let section =
        manifest.split("\n[").filter(|section| section.trim_start_matches('[').starts_with("tool.tox"));
    own.chain(section).flat_map(str::lines).map(bare).filter(|line| !line.is_empty()).take(LINES).collect()
}

/// What one environment of `tox` types: its own commands, else those of all.
fn commands(places: &Places<'_>, folder: &str, name: &str) -> Vec<String> {
    let text = places.text(&places::within(folder, "tox.ini")).unwrap_or_default();
    let typed = |head: &str| -> Vec<String> {
        let section = text.lines().skip_while(|line| line.trim_end() != head).skip(1);
        let own = section.take_while(|line| !line.starts_with('['));
        let from = own.skip_while(|line| line.split('=').next().is_none_or(|key| key.trim() != "commands"));
        let mut lines = from.take(LINES);
        let first = lines.next().and_then(|line| line.split_once('=')).map(|(_, rest)| rest);
        let rest = lines.take_while(|line| line.is_empty() || line.starts_with([' ', '\t']));
        let all = first.into_iter().chain(rest).map(|line| line.trim().trim_start_matches("- "));
        all.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
    };
    match typed(&format!("[testenv:{name}]")) {
        own if own.is_empty() => typed("[testenv]"),
        own => own,
    }
}

/// The scripts of a `composer.json` that are one command, by name.
pub fn composer_scripts(places: &Places<'_>) -> Vec<(String, String)> {
    let manifest = places.json("composer.json").unwrap_or_default();
    let all = manifest.get("scripts").and_then(Value::as_object).into_iter().flatten();
    all.filter_map(|(name, script)| Some((name.clone(), script.as_str()?.to_owned()))).collect()
}

fn composer(places: &Places<'_>, folder: &str, name: &str) -> Vec<String> {
    let manifest = places.json(&places::within(folder, "composer.json")).unwrap_or_default();
    let told = |value: &Value| {
        let text = value.as_str()?;
        Some(text.strip_prefix('@').map_or(text.to_owned(), |script| format!("composer {script}")))
    };
    match manifest.get("scripts").and_then(|scripts| scripts.get(name)) {
        Some(Value::Array(steps)) => steps.iter().filter_map(told).collect(),
        Some(one) => told(one).into_iter().collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    #[test]
    fn a_target_a_script_and_a_chain_of_scripts_come_down_to_what_they_run() {
        let snapshot = repository(
            "acme/x",
            "5a1ad00",
            &[
                (
                    "Makefile",
                    ".PHONY: test\nall: build\nbuild:\n\techo no\ntest: unit\n\t@$(MAKE) e2e && true\nunit:\n\tgo test ./...\ne2e:\n\tgo test ./e2e\n",
                ),
                (
                    "package.json",
                    r#"{"scripts": {"test": "npm run lint && npm run unit", "lint": "eslint lib", "unit": "mocha test/**"}}"#,
                ),
                ("scripts/test", "#!/bin/sh\n# all\nset -e\ncoverage run -m pytest \"$@\"\n"),
                (
                    "pyproject.toml",
                    "[tool.tox.env]\ncommands = [[\n  \"pytest\", \"-v\",\n]]\n[tool.other]\nx = \"no\"\n",
                ),
                ("composer.json", r#"{"scripts": {"test": ["@lint", "phpunit"], "lint": "phpcs"}}"#),
            ],
        );
        let places = Places::new(&snapshot);
        let has = |line: &str, step: &str| unfolded(&places, "", line).iter().any(|own| own == step);
        assert!(has("make -j2 test", "go test ./...") && has("make test", "go test ./e2e"));
        assert!(!has("make test", "echo no") && !has("make lint", "go test ./..."));
        assert!(
            has("npm t", "mocha test/**")
                && has("yarn test", "eslint lib")
                && !has("npm run unit", "eslint lib")
        );
        assert!(
            has("scripts/test", "coverage run -m pytest \"$@\"") && has("sh ./scripts/test", "set -e")
                || has("./scripts/test", "set -e")
        );
        assert!(has("uv run tox run", "pytest -v") && !has("uv run tox run -e typing", "pytest -v"));
        assert!(has("composer test", "phpunit") && has("composer test", "phpcs"));
    }

    #[test]
    fn an_environment_of_tox_types_its_own_commands_else_those_of_all() {
        let text = "[tox]\nenvlist = py\n[testenv]\ndeps = x\ncommands =\n    # all\n    pytest {posargs}\n\n    - keel report\n[testenv:look]\ncommands = flake8 keel\n";
        let snapshot = repository("acme/x", "5a1ad00", &[("tox.ini", text)]);
        let told = |line: &str| unfolded(&Places::new(&snapshot), "", line).get(1..).unwrap().join("; ");
        assert_eq!(told("tox -e look"), "flake8 keel");
        assert_eq!(told("python -m tox -q -e py -- -v"), "pytest {posargs}; keel report");
        assert_eq!(environment("python -m tox"), None);
        assert_eq!(environment("nox --session=\"tests-3.12\""), Some("tests-3.12"));
    }

    #[test]
    fn a_shell_script_is_read_with_what_it_is_given() {
        let text = "#!/bin/sh\nRUNNER=$1\nexport MODE=fast\n$RUNNER test --mode \"${MODE}\" $2 $OTHER\n";
        let lines = |given: &[&str]| filled(text, given).pop().unwrap_or_default();
        assert_eq!(lines(&["cargo", "${{", "matrix.os", "}}"]), "cargo test --mode fast $2 $OTHER");
        assert_eq!(lines(&[]), "$RUNNER test --mode fast $2 $OTHER");
    }

    #[test]
    fn what_a_condition_of_the_shell_runs_is_a_command() {
        let line = "if [ \"$MODE\" = all ]; then phpunit --all; else phpunit; fi";
        assert!(parts(line).any(|part| part == "phpunit --all") && parts(line).any(|part| part == "phpunit"));
    }

    #[test]
    fn what_calls_itself_comes_to_an_end() {
        let snapshot = repository(
            "acme/x",
            "5a1ad00",
            &[("package.json", r#"{"scripts": {"test": "npm test && npm run test"}}"#)],
        );
        assert!(unfolded(&Places::new(&snapshot), "", "npm test").len() < 6);
    }
}
