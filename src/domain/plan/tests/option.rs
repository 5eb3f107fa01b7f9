//! A command-line option for a Go program.

use super::reading::said;
use super::world::{comment, issue, planned, repository};
use crate::domain::brief::Brief;
use crate::domain::snapshot::Snapshot;

pub fn tracer() -> Snapshot {
    repository(
        "hopwise/tracer",
        "f00d5ea",
        &[
            (
                "cmd/tracer/main.go",
                "package main\n\nimport (\n\t\"flag\"\n)\n\nfunc main() {\n\tverbose := flag.Bool(\"verbose\", false, \"\")\n\t_ = verbose\n\tflag.Parse()\n}\n",
            ),
            ("cmd/tracer/main_test.go", "package main\n"),
            ("report/report.go", "package report\n\nfunc Print() {}\n"),
            ("README.md", "# tracer\n"),
            ("go.mod", "module hopwise.dev/tracer\n\ngo 1.24\n"),
            (
                ".github/workflows/go.yaml",
                "on: [pull_request]\njobs:\n  test:\n    steps:\n      - run: go test ./...\n",
            ),
        ],
    )
}

pub fn format() -> Brief {
    let body = "Scripts cannot read what `tracer run` prints.\n\n- [ ] `tracer run --format` takes `text` or `json`\n- [ ] `--format=json` prints one object per hop and exits with code 0\n- [ ] an unknown format exits with code 2 and names the allowed ones\n- [ ] document `--format` in `README.md`\n";
    issue(44, "Machine-readable output", body)
}

#[test]
fn an_option_of_a_go_program() {
    insta::assert_snapshot!(comment(&format(), &tracer()), @"
    **Fits one small pull request in `cmd/tracer/main.go`. Nothing is open.**

    | | The issue asks | Where, at [`f00d5ea`][base] | Proved by these cases in [`cmd/tracer/main_test.go`][f1] |
    |-|-|-|-|
    | R1 | “`tracer run --format` takes `text` or `json`” | [`cmd/tracer/main.go`][f2] | `--format text`: accepted · `--format json`: accepted · `--format xtext`: refused, naming `text` and `json` · without `--format`: output and exit code as before |
    | R2 | “`--format=json` prints one object per hop and exits with code 0” | `cmd/tracer/main.go` | `--format=json`: prints one object per hop and exits with code 0 |
    | R3 | “an unknown format exits with code 2 and names the allowed ones” | `cmd/tracer/main.go` | an unknown format: exit code 2 · it names the allowed ones |
    | R4 | “document `--format` in `README.md`” | `README.md` | [`README.md`][f3] names `--format` with an example that runs |

    **Work item**
    1. **Machine-readable output.** R1–R4 · size S

    **Done when** these 8 cases are in and `go test ./...` in [`go.yaml`][f4] is green; on your machine: `go test ./cmd/tracer`.
    **Back out:** scripts that pass `--format` stop after a revert: it is unknown again.
    **Not checked:** what `cmd/tracer/main.go` and `README.md` do today. Size is a prior (n=0).

    `/approve 1` opens it as a sub-issue · `/approve 1 --one` keeps it here · `/why R1`
    <sub>rev 1 · base f00d5ea · no model · `/help`</sub>

    [base]: https://github.com/hopwise/tracer/tree/f00d5eaf00d5eaf00d5eaf00d5eaf00d5eaf00d5
    [f1]: https://github.com/hopwise/tracer/blob/f00d5eaf00d5eaf00d5eaf00d5eaf00d5eaf00d5/cmd/tracer/main_test.go
    [f2]: https://github.com/hopwise/tracer/blob/f00d5eaf00d5eaf00d5eaf00d5eaf00d5eaf00d5/cmd/tracer/main.go
    [f3]: https://github.com/hopwise/tracer/blob/f00d5eaf00d5eaf00d5eaf00d5eaf00d5eaf00d5/README.md
    [f4]: https://github.com/hopwise/tracer/blob/f00d5eaf00d5eaf00d5eaf00d5eaf00d5eaf00d5/.github/workflows/go.yaml
    ");
}

#[test]
fn an_option_that_is_there_is_changed_where_it_is_carried_out() {
    let tree = |path: &str, text: &str| {
        repository(
            "hopwise/tracer",
            "f00d5ea",
            &[
                (
                    "src/cli.rs",
                    "use clap::Parser;\n\n#[derive(Parser)]\nstruct Cli {\n    /// Lists.\n    #[arg(long = \"all-hops\")]\n    all_hops: bool,\n}\n",
                ),
                ("src/main.rs", "mod cli;\n\nfn main() {}\n"),
                (path, text),
            ],
        )
    };
    let brief = issue(45, "Wrong order", "- [ ] `--all-hops` must sort by address\n");
    let place = |path: &str, text: &str| {
        let place = planned(&brief, &tree(path, text)).requirements[0].places[0].clone();
        (place.path, place.line)
    };
    assert_eq!(place("src/all_hops.rs", "pub fn print() {}\n"), ("src/all_hops.rs".to_owned(), None));
    assert_eq!(place("src/report.rs", "\npub fn all_hops() {}\n"), ("src/report.rs".to_owned(), Some(2)));
    assert_eq!(place("src/report.rs", "pub fn other() {}\n"), ("src/cli.rs".to_owned(), None));
}

#[test]
fn a_command_that_must_pass_is_no_option() {
    let body = "- [ ] `cargo test --test net` must pass\n- [ ] `src/main.rs` must print the hops\n";
    let tree = repository(
        "hopwise/tracer",
        "f00d5ea",
        &[("src/main.rs", "fn main() {}\n"), ("Cargo.toml", "[package]\nname = \"tracer\"\n")],
    );
    let plan = planned(&issue(46, "Network", body), &tree);
    let said: Vec<&String> =
        plan.work_items.iter().map(|item| &item.title).chain(&plan.requirements[0].cases).collect();
    assert!(
        !said.iter().any(|said| said.contains("Add `--test`") || said.contains("without `--test`")),
        "{said:?}"
    );
}

#[test]
fn a_call_with_an_option_that_is_there_asks_nothing_of_it() {
    let source = "use clap::Parser;\n#[arg(long)]\nprepare: String,\nfn run() { args.get(\"--prepare\") }\n";
    let files = [("src/cli.rs", source), ("Cargo.toml", "[package]\nname = \"bench\"\n")];
    let snapshot = repository("acme/bench", "5a1ad00", &files);
    let changes = |body: &str| {
        let plan = planned(&issue(3, "Odd figures", body), &snapshot);
        plan.work_items.iter().any(|item| item.title.starts_with("Change `--prepare`"))
    };
    assert!(!changes("The figures of `bench` must be the same with `--prepare` set to `sleep 1`.\n"));
    assert!(changes("`--prepare` must be run before each warm-up.\n"));
    assert!(changes("Please extend `--prepare` so that it runs before each warm-up.\n"));
}

#[test]
fn a_line_of_help_is_told_whole() {
    let body = "It would be good to have a `--sort` option as well. From another:\n\n```\n      --sort=WORD            sort by WORD instead of name: none (-U), size (-S),\n                             time (-t)\n```\n";
    let plan = planned(&issue(3, "Add --sort flag", body), &tracer());
    let cases: Vec<&String> = plan.requirements.iter().flat_map(|one| &one.cases).collect();
    assert_eq!(
        cases.first().map(|case| case.as_str()),
        Some("`--sort=WORD`: sort by WORD instead of name: none (-U), size (-S), time (-t)"),
        "{cases:?}"
    );
}

#[test]
fn an_option_that_stands_for_a_command_does_what_that_does() {
    let body = "It would be great to have `--from-last` in `src/main.rs`; this would be the equivalent of `keep --from $(git describe)`";
    let cli = repository(
        "acme/keep",
        "abc0002",
        &[(
            "src/main.rs",
            "use clap::Parser;\n#[derive(Parser)]\nstruct Args {\n    #[arg(long)]\n    from: Option<String>,\n}\nfn main() {\n    Args::parse();\n}\n",
        )],
    );
    let plan = planned(&issue(4, "Add a --from-last flag", body), &cli);
    let cases: Vec<&str> = plan.requirements.iter().flat_map(|one| &one.cases).map(String::as_str).collect();
    assert!(
        cases.iter().any(|case| case.contains("does what `keep --from $(git describe)` does")),
        "{cases:?}"
    );
    assert!(plan.work_items.iter().all(|item| !item.title.contains("git describe")), "{:?}", plan.work_items);
}

#[test]
fn an_option_of_one_letter_is_one_and_praise_asks_for_nothing() {
    let cli = repository(
        "acme/keep",
        "abc0003",
        &[(
            "src/main.rs",
            "use clap::Parser;\n#[derive(Parser)]\nstruct Args {\n    #[arg(long)]\n    from: Option<String>,\n}\nfn main() {\n    Args::parse();\n}\n",
        )],
    );
    let body =
        "Please consider an `-x` option. With it, any folder that lives on another disk would be left out.";
    let mut brief = issue(4, "Option for skipping folders on other disks", body);
    brief.comments = vec![said(
        "hugo",
        "triage",
        "Nice suggestion, it goes on the list, and I should probably do #46 together with it.",
    )];
    let plan = planned(&brief, &cli);
    let cases: Vec<&str> = plan.requirements.iter().flat_map(|one| &one.cases).map(String::as_str).collect();
    assert!(cases.iter().any(|case| case.contains("`-x`")), "{cases:?}");
    assert!(plan.requirements.iter().all(|one| one.by.is_none()), "{:?}", plan.requirements);
}

#[test]
fn an_option_that_its_writer_uses_today_is_no_new_one() {
    let body = "If you run with `--verbose`, the file is missing from what is printed.\n";
    let told = |title: &str| {
        let plan = planned(&issue(45, title, body), &tracer());
        plan.requirements.iter().flat_map(|one| one.cases.clone()).any(|case| case.contains("--help"))
    };
    assert!(!told("Make it possible to pass a file path with --verbose"));
    assert!(told("Make it possible to pass a file path with --path"));
}
