//! The command on files: what it prints where, and how it ends.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::Parser;

use super::{CheckConfigArgs, Streams, run};

#[derive(Parser)]
struct Program {
    #[command(flatten)]
    args: CheckConfigArgs,
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    /// Exit code, standard output, standard error; `DIR/` stands for the folder.
    fn run(&self, args: &[&str]) -> (u8, String, String) {
        self.run_with(args, &BTreeMap::new())
    }

    fn run_with(&self, args: &[&str], env: &BTreeMap<String, OsString>) -> (u8, String, String) {
        let prefix = format!("{}/", self.0.path().display());
        let args = args.iter().map(|arg| arg.replace("DIR/", &prefix));
        let program = Program::try_parse_from(["check-config".to_owned()].into_iter().chain(args)).unwrap();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = run(&program.args, env, &mut Streams { out: &mut out, err: &mut err });
        let shown = |bytes| String::from_utf8(bytes).unwrap().replace(&prefix, "DIR/");
        (code, shown(out), shown(err))
    }
}

#[test]
fn a_good_file_is_fine() {
    let folder = Folder::with(&[("millwright.yml", "mode: full\n")]);
    let (code, out, err) = folder.run(&["DIR/millwright.yml"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "DIR/millwright.yml: no problems\n", ""));
}

#[test]
fn the_sample_has_no_problem() {
    let sample = include_str!("../../../docs/examples/millwright.yml");
    let folder = Folder::with(&[("millwright.yml", sample)]);
    let (code, out, err) = folder.run(&["DIR/millwright.yml"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "DIR/millwright.yml: no problems\n", ""));
}

#[test]
fn a_file_with_a_warning_is_not_called_free_of_problems() {
    let folder = Folder::with(&[
        ("millwright.yml", "mode: full\nai: {}\n"),
        ("two.yml", "ai: {}\ncommands:\n  ignore: [retest]\n"),
    ]);
    let (code, out, err) = folder.run(&["DIR/millwright.yml"]);
    assert_eq!((code, out.as_str()), (0, "DIR/millwright.yml: can be used, with a warning\n"));
    let (_, two, _) = folder.run(&["DIR/two.yml"]);
    assert_eq!(two, "DIR/two.yml: can be used, with 2 warnings\n");
    assert_eq!(err, "DIR/millwright.yml:2:1: warning: `ai` is not in this version; it has no effect\n");
}

#[test]
fn problems_name_file_line_column_and_the_nearest_key() {
    let folder =
        Folder::with(&[("a.yml", "mode: full\nenhance:\n  max_item: 3\n"), ("b.yml", "mode: observe\n")]);
    let (code, out, err) = folder.run(&["DIR/a.yml", "DIR/b.yml", "DIR/none.yml"]);
    assert_eq!((code, out.as_str()), (2, "DIR/b.yml: no problems\n"));
    let lines: Vec<&str> = err.lines().collect();
    assert_eq!(lines[0], "DIR/a.yml:3:3: unknown key `max_item` in `enhance` (nearest: enhance.max_items)");
    assert!(lines[1].starts_with("DIR/none.yml: No such file"), "{err}");
    assert!(lines[1].ends_with("; give a file that can be read, or `-`"), "{err}");
}

#[test]
fn kinds_that_are_not_built_are_refused() {
    let folder = Folder::with(&[("CODEOWNERS", "* @ada\n"), ("labeler.yml", "{}")]);
    let (code, out, err) = folder.run(&["DIR/CODEOWNERS", "DIR/labeler.yml"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(
        err,
        "DIR/CODEOWNERS:1:1: checking a CODEOWNERS is not in this version\nDIR/labeler.yml:1:1: checking a labeler.yml is not in this version\n"
    );
}

#[test]
fn effective_values_name_their_sources() {
    let organization = ("org.yml", "locked: [enhance]\nenhance: {max_items: 3}\n");
    let repository = ("repo.yml", "commands:\n  ignore: [approve]\nenhance: {max_items: 9}\n");
    let folder = Folder::with(&[organization, repository]);
    let expected = "DIR/repo.yml
  enabled            true       default
  mode               observe    operator, MILLWRIGHT_MODE
  commands.ignore    [approve]  repository, line 2
  commands.bots      []         default
  enhance.approval   required   default
  enhance.max_items  3          organization, line 2
  locked             [enhance]  organization, line 1
";
    for files in [&["DIR/org.yml", "DIR/repo.yml"][..], &["--organization", "DIR/org.yml", "DIR/repo.yml"]] {
        let (code, out, err) = folder.run(&[&["--effective", "--operator-mode", "observe"], files].concat());
        assert_eq!((code, out.as_str()), (0, expected));
        assert_eq!(
            err,
            "DIR/repo.yml:3:22: warning: `enhance.max_items` has no effect here: the organization's file locks `enhance`\n"
        );
    }
    let (code, out, _) = folder.run(&["--effective", "--organization", "DIR/org.yml"]);
    assert_eq!(code, 0);
    assert!(
        out.starts_with("DIR/org.yml\n")
            && out.contains("enhance.max_items  3          organization, line 2"),
        "{out}"
    );
}

#[test]
fn two_organizations_are_refused() {
    let folder = Folder::with(&[("a.yml", "locked: [mode]"), ("b.yml", "mode: full\nlocked: [mode]")]);
    let (code, out, err) = folder.run(&["--effective", "DIR/a.yml", "DIR/b.yml"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(
        err,
        "DIR/b.yml:2:9: a second file has `locked`; name the organization's file with `--organization`\n"
    );
}

#[test]
fn json_holds_the_same() {
    let folder = Folder::with(&[("a.yml", "mode: commands"), ("b.yml", "mod: full")]);
    let (code, out, _) = folder.run(&["--effective", "--format", "json", "DIR/a.yml"]);
    let read: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &read["files"][0]["problems"]), (0, &serde_json::json!([])));
    assert_eq!(
        read["effective"][0]["values"][1],
        serde_json::json!({"key": "mode", "value": "commands", "source": "repository", "line": 1})
    );
    let (code, out, _) = folder.run(&["--format", "json", "DIR/b.yml"]);
    let read: serde_json::Value = serde_json::from_str(&out).unwrap();
    let problem =
        serde_json::json!({"line": 1, "column": 1, "message": "unknown key `mod`", "nearest": "mode"});
    assert_eq!((code, &read["files"][0]["problems"][0]), (2, &problem));
}

#[test]
fn arguments_are_checked() {
    for args in [
        &["check-config"][..],
        &["check-config", "--operator-mode", "off", "x"],
        &["check-config", "--format", "xml", "x"],
    ] {
        assert!(Program::try_parse_from(args).is_err(), "{args:?}");
    }
}

#[test]
fn the_operators_variable_counts_for_effective_alone_and_is_named() {
    let folder = Folder::with(&[("a.yml", "mode: full\n")]);
    let env = |mode: &str| BTreeMap::from([("MILLWRIGHT_MODE".to_owned(), OsString::from(mode))]);
    let (code, _, err) = folder.run_with(&["DIR/a.yml"], &env("loud"));
    assert_eq!((code, err.as_str()), (0, ""), "nothing asks for it");
    let (code, out, err) = folder.run_with(&["--effective", "DIR/a.yml"], &env("loud"));
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(err, "MILLWRIGHT_MODE is `loud`; allowed are `observe`, `commands` and `full`\n");
    let (code, out, _) = folder.run_with(&["--effective", "DIR/a.yml"], &env("Observe"));
    assert!(code == 0 && out.contains("observe   operator"), "{out}");
    let (_, out, _) =
        folder.run_with(&["--effective", "--operator-mode", "commands", "DIR/a.yml"], &env("loud"));
    assert!(out.contains("commands  operator"), "{out}");
}
