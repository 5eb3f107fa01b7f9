//! Steps that name a ready-made task instead of a command: which command it types with what it is given.

use serde_json::Value;

use crate::domain::plan::places::{self, Places};

/// A ready-made task that types a command.
struct Task {
    /// How it is called, without its version.
    names: &'static [&'static str],
    /// The program; empty where it is given, too.
    program: &'static str,
    /// What is put behind it, in this order.
    given: &'static [&'static str],
}

/// Actions of GitHub and tasks of Azure.
static TASKS: [Task; 10] = [
    Task {
        names: &["actions-rs/cargo", "actions-rs-plus/cargo", "clechasseur/rs-cargo"],
        program: "cargo",
        given: &["toolchain", "command", "args"],
    },
    Task { names: &["gradle/gradle-build-action"], program: "./gradlew", given: &["arguments"] },
    Task { names: &["borales/actions-yarn"], program: "yarn", given: &["cmd"] },
    Task { names: &["nick-fields/retry", "nick-invision/retry"], program: "", given: &["command"] },
    Task { names: &["coactions/setup-xvfb", "gabrielbb/xvfb-action"], program: "", given: &["run"] },
    Task {
        names: &["dotnetcorecli"],
        program: "dotnet",
        given: &["command", "custom", "projects", "arguments"],
    },
    Task { names: &["gradle"], program: "./gradlew", given: &["tasks", "options"] },
    Task { names: &["maven"], program: "mvn", given: &["goals", "options"] },
    Task { names: &["npm"], program: "npm", given: &["command", "customcommand"] },
    Task { names: &["cmdline", "bash", "powershell"], program: "", given: &["script"] },
];

/// Longest command with arguments of a project's tests that anybody types.
const TYPED: usize = 70;

/// What is typed by the task of this name; empty where it types nothing, or nobody knows what.
pub(super) fn typed(name: &str, with: Option<&Value>) -> String {
    let called = name.split('@').next().unwrap_or_default().to_lowercase();
    let Some(task) = TASKS.iter().find(|task| task.names.contains(&called.as_str())) else {
        return String::new();
    };
    let all = with.and_then(Value::as_object);
    let value = |key: &'static str| {
        let own = all?.iter().find(|(name, _)| name.eq_ignore_ascii_case(key))?;
        own.1.as_str().map(|text| (key, text.trim()))
    };
    let given = task.given.iter().copied().filter_map(value).filter(|(key, text)| {
        // Says that another key has it.
        !(text.is_empty() || *key == "command" && *text == "custom")
    });
    let mut words: Vec<(&str, String)> = given
        .map(|(key, text)| match key {
            "toolchain" => (key, format!("+{text}")),
            "projects" => (key, text.replace('\\', "/").trim_start_matches("./").replace('\n', " ")),
            _ => (key, text.to_owned()),
        })
        .collect();
    // A task with nothing to do is set up elsewhere.
    if !words.iter().any(|(key, _)| *key != "toolchain") {
        return String::new();
    }
    let line = |words: &[(&str, String)]| {
        let program = std::iter::once(task.program).filter(|program| !program.is_empty());
        program.chain(words.iter().map(|(_, word)| word.as_str())).collect::<Vec<_>>().join(" ")
    };
    // How the results are gathered is the service's own matter.
    if words.iter().any(|(key, _)| *key == "projects") && line(&words).chars().count() > TYPED {
        words.retain(|(key, _)| *key != "arguments");
    }
    line(&words)
}

/// What a template of another repository surely runs: the runner that it is called after, where the tree sets that one up.
pub(super) fn by_template(places: &Places<'_>, template: &str) -> Option<&'static str> {
    let path = template.split('@').next().unwrap_or_default();
    let stem = places::stem(places::name(path)).to_lowercase();
    let has = |names: &[&str]| names.iter().any(|name| places.has(name));
    let runners: [(&str, &[&str]); 2] = [("tox", &["tox.ini", "tox.toml"]), ("nox", &["noxfile.py"])];
    let called = |runner: &str| stem.split(|c: char| !c.is_alphanumeric()).any(|word| word == runner);
    runners.into_iter().find(|(runner, files)| called(runner) && has(files)).map(|(runner, _)| runner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;
    use serde_json::json;

    #[test]
    fn a_task_types_its_program_with_what_it_is_given() {
        let told = |name: &str, with: Value| typed(name, Some(&with));
        let cargo = json!({"command": "test", "args": "--all -- --nocapture", "toolchain": "beta"});
        assert_eq!(told("actions-rs/cargo@v1", cargo), "cargo +beta test --all -- --nocapture");
        assert_eq!(told("actions-rs-plus/cargo@v2", json!({"command": "test"})), "cargo test");
        let project = json!({"command": "test", "projects": ".\\src\\Hull.Tests\\Hull.Tests.csproj", "arguments": "-c Release"});
        assert_eq!(
            told("DotNetCoreCLI@2", project),
            "dotnet test src/Hull.Tests/Hull.Tests.csproj -c Release"
        );
        let long = json!({"command": "test", "projects": "Hull.sln", "arguments": "--collect ".repeat(9)});
        assert_eq!(told("DotNetCoreCLI@2", long), "dotnet test Hull.sln");
        let custom = json!({"command": "custom", "customCommand": "run test"});
        assert_eq!(told("Npm@1", custom), "npm run test");
        assert_eq!(told("actions/checkout@v4", json!({"command": "test"})), "");
        assert_eq!(told("Gradle@3", json!({})), "");
    }

    #[test]
    fn a_template_called_after_a_runner_runs_it_where_the_tree_sets_it_up() {
        let told = |files: &[(&str, &str)], name: &str| {
            by_template(&Places::new(&repository("acme/x", "5a1ad00", files)), name)
        };
        assert_eq!(told(&[("tox.ini", "")], "job--python-tox.yml@acme"), Some("tox"));
        assert_eq!(told(&[("tox.ini", "")], "detox.yml@acme"), None);
        assert_eq!(told(&[("setup.py", "")], "job--python-tox.yml@acme"), None);
    }
}
