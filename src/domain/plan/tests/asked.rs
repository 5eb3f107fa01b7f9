//! Demands as the issue states them, and cases that hold something of it.

use super::bug::ledger;
use super::world::{issue, planned};
use crate::domain::brief::{Brief, Comment};
use crate::domain::plan::{Plan, Verdict};

fn rows(title: &str, body: &str) -> Vec<(String, String)> {
    told(&planned(&issue(7, title, body), &ledger()))
}

fn told(plan: &Plan) -> Vec<(String, String)> {
    plan.requirements.iter().map(|one| (one.quote.clone(), one.cases.join(" · "))).collect()
}

fn pairs(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter().map(|(quote, cases)| ((*quote).to_owned(), (*cases).to_owned())).collect()
}

#[test]
fn input_and_both_outcomes_are_the_case_of_a_report() {
    let body = "### How to reproduce\n\n```py\nexporter = Exporter(out)\nprint(exporter.write_row(['ä']))\n```\n\nresults in\n\n```\n?;\n```\n\nBut I would have expected to get\n\n```\nä;\n```\n";
    assert_eq!(
        rows("[BUG]", &format!("**Describe the bug**\n\n`Exporter` loses letters beyond ASCII\n\n{body}")),
        pairs(&[(
            "`Exporter` loses letters beyond ASCII",
            "the code of lines 8–9: `print(exporter.write_row(['ä']))` is `ä;`, not `?;`"
        )])
    );
    assert_eq!(
        rows("Rows are counted wrong", "```\n$ ledger count -n4\nrows: -4    ***** EXPECTED: 4 *****\n```\n"),
        pairs(&[("Rows are counted wrong", "`ledger count -n4`: `4`, not `rows: -4`")])
    );
    let plan = planned(
        &issue(
            7,
            "Labels are not translated.",
            "Sample:\n\"Total : number of rows\" shoud be \"Total : nombre of rows\"\n",
        ),
        &ledger(),
    );
    assert_ne!(plan.verdict, Verdict::TooVague);
    assert_eq!(plan.requirements[0].cases, ["`Total : nombre of rows`, not `Total : number of rows`"]);
}

#[test]
fn what_was_hoped_or_measured_is_no_outcome() {
    let body = "```\nledger export -q\n```\nignores the option. I do hope I am not missing something and this is a bug and no noise.\n";
    assert_eq!(
        rows("'ledger export -q' is not respected", body),
        pairs(&[("'ledger export -q' is not respected", "`ledger export -q`: respected")])
    );
    let body = "## Bisection\n\n| csv | result |\n|---|---|\n| 4.0.0 | ✅ passes |\n| 4.1.0 | ❌ fails |\n\n```bash\nrun-tests tests/test_cli.py   # fails\n```\n";
    assert_eq!(
        rows("CI is broken by csv 4.1.0", body),
        pairs(&[("CI is broken by csv 4.1.0", "`run-tests tests/test_cli.py`: passes")])
    );
}

#[test]
fn each_field_and_call_of_a_proposal_has_its_case() {
    let body = "## Summary\n\nAdd a configurable export with settings per row, and handlers of errors.\n\n## Proposed solution\n\nAdd `export_with` that takes its settings:\n\n```go\ntype ExportConfig struct {\n    // Encoding defines how letters are written\n    Encoding string\n    // SkipRows names rows that are left out\n    SkipRows []string\n}\n```\n\n### 1. Checks\n\n```py\nrows().only_digits()\nrows().without(\"<>\")\n```\n\nThe existing `write_row` stays as it is.\n\n## Usage\n\n```go\nexport(ExportConfig{\n    SkipRows: []string{\n\"total\",\n\"mean\",\n},\n})\n```\n\n## Implementation considerations\n\n- Speed: must not be slower than `write_row` by more than 2x for 1000 rows\n- Signs: should `only_digits()` accept `-`? I propose an option `signs`, default `false`\n\n## Open questions\n\n- Does this belong here?\n";
    let plan = planned(&issue(7, "Settings of an export", body), &ledger());
    assert_eq!(
        told(&plan),
        pairs(&[
            (
                "Add `export_with` that takes its settings:",
                "`Encoding string`: defines how letters are written · `SkipRows: []string{ \"total\", … }`: names rows that are left out"
            ),
            ("Checks", "`rows().only_digits()`: accepted · `rows().without(\"<>\")`: accepted"),
            ("The existing `write_row` stays as it is.", "The existing `write_row`: as at `c0ffee1`"),
            (
                "Speed: must not be slower than `write_row` by more than 2x for 1000 rows",
                "2 x: accepted · 3 x: not · never: slower than `write_row` by more than 2x for 1000 rows"
            ),
        ])
    );
    let asked: Vec<(&str, &str)> =
        plan.questions.iter().map(|one| (one.text.as_str(), one.default.as_str())).collect();
    assert!(
        asked.contains(&(
            "Signs: should `only_digits()` accept `-`?",
            "I propose an option `signs`, default `false`"
        )),
        "{asked:?}"
    );
    assert!(asked.iter().any(|(text, _)| *text == "Does this belong here?"), "{asked:?}");
}

#[test]
fn a_wish_with_code_is_not_too_vague() {
    for body in [
        "The ledger should have a rule for this:\n\n```py\nrows().check(Digits.ONLY)\n```\n",
        "**Example**\n\n```py\n# default\nlevels = [1, 2]\n\n# skip the first\nlevels = [2]\n```\n",
        "1. %c\nthe date in short (e.g., 1992-03-02). There is none today.\n",
    ] {
        let plan = planned(&issue(7, "Define levels", body), &ledger());
        assert_ne!(plan.verdict, Verdict::TooVague, "{body}");
        assert!(!plan.work_items.is_empty(), "{body}: {:?}", told(&plan));
    }
    let rows = rows(
        "Mark the last row",
        "Would be nice to mark it.\n\n```\n$ ledger export --mark='>'\n```\n\nWould add a column with `>` on the last row.\n",
    );
    let shown = "`ledger export --mark='>'`: add a column with `>` on the last row";
    assert!(rows.iter().any(|(_, cases)| cases.starts_with(shown)), "{rows:?}");
}

#[test]
fn what_stays_out_steps_and_hearsay_demand_nothing() {
    assert_eq!(
        rows(
            "Add a delay to the export",
            "- `write_row` should wait 100 ms.\n- `main` is out of scope.\n- Support for `csv` is not needed.\n\nThe caller can then use `main` to return 200 or something else. I don't know if `csv` should be read.\n\n(As a future idea, it might be useful to allow `Exporter` to be configured.)\n"
        ),
        pairs(&[("`write_row` should wait 100 ms.", "`write_row`: waits 100 ms")])
    );
    let steps = "## Steps to reproduce\n1. Configure the export. Ledger.out it's a configured instance of Some::Writer\n```py\nmain()\n```\n2. Make GET request to https://example.com\n";
    assert_eq!(rows("The problem with the export", steps).len(), 1);
    let mut brief = issue(7, "Support `%c` in `write_row`", "`%c` prints nothing.");
    brief.comments.push(Comment {
        author: "bo".to_owned(),
        permission: "admin".to_owned(),
        body: "The docs say it should look like `1992`, but on my system, I get:\n```\n$ date\nSat\n```\n"
            .to_owned(),
        ..Comment::default()
    });
    let plan = planned(&Brief { ..brief }, &ledger());
    assert!(plan.requirements.iter().all(|one| one.by.is_none()), "{:?}", told(&plan));
}

#[test]
fn a_pronoun_and_an_age_are_no_names() {
    let titled =
        |title: &str, body: &str| planned(&issue(7, title, body), &ledger()).requirements[0].cases.clone();
    assert_eq!(
        titled("Make it configurable", "The row limit is 5 today. It should be configurable.")[0],
        "“row limit” set: the value is used"
    );
    assert_eq!(
        titled(
            "Delete old rows",
            "Rows older than 30 days must be deleted. Not in this issue: rows of books.\n"
        ),
        ["Rows 29 days old: kept", "Rows 31 days old: gone", "a second run: no more Rows gone"]
    );
    let open = planned(
        &issue(
            7,
            "Write `toml`",
            "`main` must write `toml`.\n\n## Open questions\n- The name of the option\n",
        ),
        &ledger(),
    );
    assert!(
        open.questions
            .iter()
            .any(|one| one.text == "The issue leaves open: “The name of the option”. What is decided?")
    );
}

#[test]
fn a_wish_by_its_label_or_by_two_deeds_is_no_fix() {
    let body = "## Proposed solution\n- `write_row` should wait until no row came for 100 ms.\n";
    for (label, title, named) in [
        ("kind/enhancement", "Errors of `write_row` are lost", "Errors of `write_row` are lost"),
        ("x", "Errors of `write_row` are lost", "Fix: Errors of `write_row` are lost"),
        ("x", "Throttle `write_row` and report read errors", "Throttle `write_row` and report read errors"),
        ("feature: rows", "Errors of `write_row` are lost", "Fix: Errors of `write_row` are lost"),
        (
            "bug",
            "Exports of `write_row` crash and return nothing",
            "Fix: Exports of `write_row` crash and return nothing",
        ),
    ] {
        let wish = Brief { labels: vec![label.to_owned()], ..issue(7, title, body) };
        let plan = planned(&wish, &ledger());
        assert_eq!(plan.work_items[0].title, named);
        assert_eq!(plan.requirements[0].cases, ["`write_row`: waits until no row came for 100 ms"]);
    }
}

#[test]
fn what_was_typed_above_a_trace_is_its_input() {
    let body = "To reproduce:\n\n```text\n>>> write_row(\"%:\")\n\nthread 'main' panicked at src/ledger.rs:12:9:\nindex out of bounds: the len is 0\n```\n\nThe row is invalid, but that is no reason to panic. Other rows that are invalid do not lead to a panic, so this seems to be about this very row.\n";
    let case = &rows("`write_row` panics on `%:`", body)[0].1;
    assert!(case.starts_with("`write_row(\"%:\")`: no "), "{case}");
}

#[test]
fn a_sentence_behind_a_demand_goes_on_with_it() {
    assert_eq!(
        rows(
            "Load several files",
            "`main` should accept a list of files. Later files override earlier ones. A missing `a.csv` is skipped without a warning. It reads one today.\n"
        ),
        pairs(&[
            ("Load several files", "its test, red before the change"),
            ("`main` should accept a list of files.", "`main`: accepts a list of files"),
            ("Later files override earlier ones.", "its test, red before the change"),
            (
                "A missing `a.csv` is skipped without a warning.",
                "A missing `a.csv`: is skipped without a warning"
            ),
        ])
    );
    assert_eq!(
        rows(
            "Tell of errors",
            "## Proposal\n- Add `on_error(func)`, which is called when reading fails. The old rows must be kept.\n"
        ),
        pairs(&[(
            "Add `on_error(func)`, which is called when reading fails. The old rows must be kept.",
            "reading fails: `on_error(func)` is called · The old rows: kept"
        )])
    );
}

#[test]
fn a_comparison_forbids_nothing() {
    let body = "I had to change\n\n```py\nif total is None and speed:\n```\n\nto\n\n```py\nif total is None or speed:\n```\n";
    assert_eq!(
        rows("Show the speed while total is not None in `write_row`", body)[0].1,
        "`if total is None or speed:`: in place of `if total is None and speed:` · total is not None in `write_row`: speed shown"
    );
}

#[test]
fn either_or_is_asked_with_what_a_maintainer_proposes() {
    let mut brief = issue(
        7,
        "Writing to itself results in an infinite loop",
        "```py\nmain()\n```\n\nThe expectation is that either this should still work, or an error should be thrown.\n",
    );
    brief.comments.push(Comment {
        author: "bo".to_owned(),
        permission: "maintain".to_owned(),
        body: "we could compare the two in `main`".to_owned(),
        ..Comment::default()
    });
    let plan = planned(&brief, &ledger());
    let question = plan.questions.iter().find(|one| one.slot.starts_with("open.")).expect("asked");
    assert_eq!(question.text, "Either “should still work” or “an error should be thrown”: which?");
    assert_eq!(question.default, "as bo proposes: “we could compare the two in `main`”");
}

#[test]
fn what_stands_beside_a_demand_is_not_one_and_a_block_is_of_one_demand() {
    let texts = |body: &str| rows("Limits", body).into_iter().map(|(quote, _)| quote).collect::<Vec<_>>();
    let body =
        "`write_row` must wait 100 ms. The build uses Cargo. The server runs Linux in three regions.\n";
    assert_eq!(texts(body), ["`write_row` must wait 100 ms."]);
    let body = "The option `go` must be there. The size must be at most 5 MB. It should print:\n\n```\n$ tool --x 1\n```\n";
    let with: Vec<String> = rows("Limits", body)
        .into_iter()
        .filter(|(_, case)| case.contains("--x 1"))
        .map(|(quote, _)| quote)
        .collect();
    assert_eq!(with.len(), 1, "{with:?}");
    let body = "The size must be at most 5 MB, as in:\n\n```\n$ tool --x 1\n```\n";
    assert!(rows("Limits", body)[0].1.contains("5 MB: accepted"), "{:?}", rows("Limits", body));
}

#[test]
fn what_was_tried_is_no_demand() {
    let body = "`write_row` must accept 1.0.\n\nAny of these make the panic go away:\n\n- Replacing `1.0` with `1`\n- Removing the feature `total`\n";
    let quotes: Vec<String> = rows("Rows", body).into_iter().map(|(quote, _)| quote).collect();
    assert_eq!(quotes, ["`write_row` must accept 1.0."]);
}

#[test]
fn what_belongs_into_another_issue_stays_out() {
    let body = "`write_row` must accept 1.0. You should open a separate issue about the totals.\n";
    let plan = planned(&issue(7, "Rows", body), &ledger());
    let quotes: Vec<&str> = plan.requirements.iter().map(|one| one.quote.as_str()).collect();
    assert_eq!(quotes, ["`write_row` must accept 1.0."]);
    assert!(
        plan.read_as.iter().any(|said| said.contains("separate issue") && said.contains("stays out")),
        "{:?}",
        plan.read_as
    );
}

/// What shows the fault gone: the case of the first row.
fn case(title: &str, body: &str) -> String {
    rows(title, body).remove(0).1
}

#[test]
fn what_prepares_a_command_belongs_to_it_and_what_is_expected_of_it_stands_with_the_steps() {
    let body = "### Problem / steps to reproduce\n\n```\n$ mkdir -p a/b\n$ touch a/b/row\n$ ledger export --skip a/b\n```\n\ni expect that this does not export a/b/row. instead it does.\n";
    assert_eq!(
        case("skip should accept nested folders, not just a single name", body),
        "`mkdir -p a/b; touch a/b/row; ledger export --skip a/b`: does not export a/b/row"
    );
}

#[test]
fn of_two_commands_the_denied_one_is_the_fault() {
    let body = "`--only` has no effect together with `--filter`.\n\nthe `--query` option respects `--only`\n\n```\n% ledger export --only 1 --query one\nthree\n```\n\nbut `--filter` does not\n\n```\n% ledger export --only 1 --filter one\none two three\n```\n";
    assert_eq!(
        case("--only ignored with --filter", body),
        "`ledger export --only 1 --filter one`: not `one two three`"
    );
}

#[test]
fn the_only_complaint_of_a_session_is_what_must_not_come_whatever_heading_it_stands_below() {
    let body = "**What version of `ledger` are you using?**\n`ledger 8.3.1`\n\n```sh\n$ cd /mnt/drive\n# Unmount the drive\nledger export\n[ledger error]: Could not find the folder (is it deleted?).\n```\n";
    assert_eq!(
        case("the export does not want to work in a folder that is gone", body),
        "the code of lines 5–8: no “Could not find the folder (is it deleted?).”"
    );
    let two = body.replace(
        "ledger export\n",
        "ledger check\n[ledger error]: The folder is not readable.\nledger export\n",
    );
    assert!(
        !case("the export does not want to work in a folder that is gone", &two).contains("no “"),
        "{two}"
    );
}

#[test]
fn what_a_form_holds_and_what_a_tool_made_of_it_are_no_outcomes() {
    let body = "### Expected behavior\n\n[What you expect to happen]\n\nRemoves all rows when closed\n";
    assert_eq!(case("The exporter leaks rows", body), "Removes all rows when closed");
    let body = "```python\ndef main():\n    export(rows)  # keep\n```\n\nledger suggests to move the line:\n\n```\nledger --check --diff a.py\n@@ -1,2 +1,2 @@\n def main():\n-    export(rows)  # keep\n+  export(rows)  # keep\n```\n\nWe expected ledger to ignore the line.\n";
    assert_eq!(
        case("The indent is lost when a line is kept", body),
        "the code of lines 2–3, when a line is kept: ledger ignores the line"
    );
}

#[test]
fn several_lines_are_what_all_of_the_code_prints() {
    let body = "### How to reproduce\n\n```py\nexporter = Exporter(out)\nprint('ready')\nexporter.write_row([])\nprint('done')\n```\n\nExpected output:\n\n```\nready\ndone\n```\n\nActual output:\n\n```\nready\n```\n";
    assert_eq!(
        case("`write_row` hangs for an empty row", body),
        "the code of lines 4–7: `ready`, then `done`"
    );
}

#[test]
fn a_demand_without_an_outcome_is_tested_with_what_it_names() {
    let wish = "It would be nice to allow everybody to complete names like `write_row` and `close_row`.";
    assert_eq!(
        case("Completion of names in `ledger/cli.py`", wish),
        "a test each with `write_row` and `close_row`, red before the change"
    );
    let asked = planned(
        &issue(
            7,
            "Is there any way to see write_row in the hook of the `Exporter`?",
            "We have come to a point where we would like to add a hook.",
        ),
        &ledger(),
    );
    assert_eq!(asked.requirements.len(), 1, "{:?}", asked.requirements);
    assert_eq!(asked.work_items[0].title, "See write_row in the hook of the `Exporter`");
}

#[test]
fn a_choice_that_is_left_open_is_asked_and_no_demand() {
    let body = "I propose a new `--base PATH` option for `ledger export`. If somebody passes `--all` we can error out or just prefer one of them.";
    let plan = planned(&issue(7, "Support a `--base` option", body), &ledger());
    assert!(!plan.requirements.iter().any(|one| one.quote.contains("--all")), "{:?}", plan.requirements);
    let asked: Vec<(&str, &str)> =
        plan.questions.iter().map(|one| (one.text.as_str(), one.default.as_str())).collect();
    assert!(
        asked.contains(&("If somebody passes `--all`: error out, or prefer one of them?", "error out")),
        "{asked:?}"
    );
}

#[test]
fn a_setting_is_read_by_the_source_that_owns_its_key_and_an_option_is_none() {
    let body = "I think it would be great to have an `export.default_folder` entry in the configuration file for a default folder of the rows.";
    let plan = planned(&issue(7, "A configurable folder for the export", body), &ledger());
    assert_eq!(plan.requirements[0].places[0].path, "ledger/export.py");
    assert_eq!(
        plan.requirements[0].cases[..2],
        ["`export.default_folder` set: the value is used", "`export.default_folder` absent: as at `c0ffee1`"]
    );
}

#[test]
fn what_somebody_took_back_is_not_read_and_an_underlined_line_is_a_heading() {
    let body = "Output of `ledger version`\n--------------------------\n```\nledger 0.9.3 compiled on linux\n```\n\nExpected behavior\n-----------------\nThe row is written.\n\nActual behavior\n---------------\nThe export says \"no such row\".\n\n~One way would be that `write_row` must return 7.~\n";
    assert_eq!(case("The export gives a cryptic message", body), "The row is written");
    let kept = "The file `~/rows` and `~/lines` must be read.\nThe export must end with code 2.\n---\nThanks";
    let plan = planned(&issue(7, "Rows of the home", kept), &ledger());
    assert_eq!(plan.requirements.len(), 2, "a sentence above a rule is none: {:?}", plan.requirements);
}

#[test]
fn a_kind_that_a_form_offers_and_what_its_writer_does_are_no_demands() {
    let body = "### Checklist\n\n- [ ] This is a bug report.\n- [x] This is a feature request.\n- [ ] This is a plugin (improvement) request.\n\n### Description\n\nThe export must end with code 2.\n";
    assert_eq!(
        rows("End the export with a code", body),
        pairs(&[("The export must end with code 2.", "The export: ends with code 2")])
    );
    let body = "I create an exporter. Then i create a hook, which should retry the export if the first try fails.\n\nIn my opinion the base should not be included in the row.\n\nBy now i need to replace the base by hand.\n";
    let quotes: Vec<String> =
        rows("The base is included in the row", body).into_iter().map(|(quote, _)| quote).collect();
    assert_eq!(quotes, ["In my opinion the base should not be included in the row."]);
}

#[test]
fn an_option_without_a_name_does_what_is_said_of_it_and_its_name_is_asked() {
    let files = [
        (
            "x/cli.py",
            "@click.option(\"--force\")\n@click.option(\"--quiet\")\ndef main(force, quiet):\n    pass\n",
        ),
        ("tests/test_cli.py", "def test_main():\n    pass\n"),
    ];
    let plan = planned(
        &issue(7, "add CLI option not to delete files on failure", "It is hard to see what went wrong."),
        &super::world::repository("acme/x", "c0ffee1", &files),
    );
    assert_eq!(
        plan.requirements[0].cases,
        ["with the option: does not delete files on failure", "without it: output and exit code as before"]
    );
    assert!(
        plan.questions.iter().any(|one| one.text == "What is the option called?"),
        "{:?}",
        plan.questions
    );
}

#[test]
fn a_maintainers_question_that_proposes_is_the_default() {
    let brief = issue(
        7,
        "Rows should allow relative paths only",
        "It would be helpful to allow only relative paths in `write_row`.",
    );
    let maybe = super::reading::said(
        "lena",
        "write",
        "Maybe an additional flag `absolute` that would default to `True`?",
    );
    let plan = planned(&Brief { comments: vec![maybe], ..brief }, &ledger());
    let asked: Vec<(&str, &str)> =
        plan.questions.iter().map(|one| (one.text.as_str(), one.default.as_str())).collect();
    assert!(asked.iter().any(|(_, default)| *default == "yes, as lena suggests"), "{asked:?}");
}
