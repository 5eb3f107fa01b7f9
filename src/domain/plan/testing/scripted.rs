//! The task of a build script that runs the suite, for a repository whose files name no step that does.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::Places;

/// Build scripts, the way a task of one is typed, and how a task that tests is declared there.
static SCRIPTS: [(&[&str], &str, Pattern); 4] = [
    (
        &["Makefile", "GNUmakefile", "makefile"],
        "make",
        Pattern::new(r"(?m)^(tests?|check|unit[-_]?tests?)\s*:(?:[^=]|$)"),
    ),
    (
        &["justfile", "Justfile", ".justfile"],
        "just",
        Pattern::new(r"(?m)^@?(tests?|check|unit[-_]?tests?)(?:\s[^:=\n]*)?:(?:[^=]|$)"),
    ),
    (
        &["Taskfile.yml", "Taskfile.yaml", "taskfile.yml"],
        "task",
        Pattern::new(r"(?m)^  (tests?|check|unit[-_]?tests?):\s*(?:#.*)?$"),
    ),
    (&["build.cake"], "dotnet cake --target", Pattern::new(r#"(?m)^\s*Task\(\s*"([\w-]*tests?)"\s*\)"#)),
];

/// What is typed, and the file that declares it.
pub(super) fn task(places: &Places<'_>) -> Option<(String, String)> {
    SCRIPTS.iter().find_map(|(names, typed, declared)| {
        let (name, text) = names.iter().find_map(|name| Some((*name, places.text(name)?)))?;
        let task = declared.first(text, 1)?;
        // What comes with the script starts it without a tool of one's own.
        let typed = match (*typed, ["build.ps1", "build.sh"].iter().find(|own| places.has(own))) {
            ("dotnet cake --target", Some(&"build.ps1")) => "./build.ps1 -Target",
            ("dotnet cake --target", Some(_)) => "./build.sh --target",
            (typed, _) => typed,
        };
        Some((format!("{typed} {task}"), name.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    #[test]
    fn a_task_that_tests_is_typed_as_its_script_takes_it() {
        let told = |files: &[(&str, &str)]| {
            let snapshot = repository("acme/x", "5a1ad00", files);
            task(&Places::new(&snapshot))
                .map_or("–".to_owned(), |(typed, file)| format!("{typed} | {file}"))
        };
        let cake = (
            "build.cake",
            "Task(\"Build\")\n    .Does(() => {});\nTask(\"Run-Unit-Tests\")\n    .Does(() => {});\n",
        );
        assert_eq!(told(&[cake]), "dotnet cake --target Run-Unit-Tests | build.cake");
        assert_eq!(told(&[cake, ("build.ps1", "")]), "./build.ps1 -Target Run-Unit-Tests | build.cake");
        assert_eq!(told(&[("Makefile", "all: test\ntest: all\n\tctest\n")]), "make test | Makefile");
        assert_eq!(told(&[("justfile", "test *args:\n    cargo test\n")]), "just test | justfile");
        assert_eq!(
            told(&[("Taskfile.yml", "tasks:\n  test:\n    cmds: [go test]\n")]),
            "task test | Taskfile.yml"
        );
        // A variable, a task for something else, and a word of a recipe.
        for other in ["test := x\n", "contest:\n\tx\n", "all:\n\ttest: x\n"] {
            assert_eq!(told(&[("Makefile", other)]), "–", "{other}");
        }
        assert_eq!(told(&[("build.cake", "Task(\"Pack\")\n")]), "–");
    }
}
