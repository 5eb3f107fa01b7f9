//! A bug with a stack trace in a Python repository.

use super::rate_limit::web;
use super::world::{comment, issue, planned, repository};
use crate::domain::brief::Brief;
use crate::domain::snapshot::Snapshot;

pub fn ledger() -> Snapshot {
    let export = "import csv\n\n\nclass Exporter:\n    def __init__(self, out):\n        self.writer = csv.writer(out)\n\n    def write_row(self, row):\n        line = ','.join(row)\n        self.out.write(line.encode('ascii'))\n";
    repository(
        "nordbank/ledger",
        "c0ffee1",
        &[
            ("ledger/__init__.py", ""),
            ("ledger/export.py", export),
            (
                "ledger/cli.py",
                "from ledger.export import Exporter\n\n\ndef main():\n    Exporter(open('out.csv')).write_row([])\n",
            ),
            ("tests/test_cli.py", "def test_main():\n    pass\n"),
            ("pyproject.toml", "[project]\nname = 'ledger'\n"),
            (
                ".github/workflows/test.yml",
                "on:\n  pull_request:\njobs:\n  unit:\n    steps:\n      - run: |\n          pip install -e .\n          pytest -q\n",
            ),
        ],
    )
}

pub fn umlauts() -> Brief {
    let body = "Since 2.3 the export dies on umlauts.\n\n### Steps to reproduce\n1. create an account named Müller\n2. run `ledger export --csv out.csv`\n\n### Expected\nThe row is written as UTF-8.\n\n### Actual\n```\nTraceback (most recent call last):\n  File \"/usr/lib/python3.12/site-packages/ledger/cli.py\", line 5, in main\n    Exporter(open('out.csv')).write_row([])\n  File \"/usr/lib/python3.12/site-packages/ledger/export.py\", line 10, in write_row\n    self.out.write(line.encode('ascii'))\nUnicodeEncodeError: 'ascii' codec can't encode character '\\xfc' in position 1\n```\n";
    let mut brief = issue(311, "CSV export crashes on umlauts", body);
    brief.labels.push("bug".to_owned());
    brief
}

#[test]
fn the_innermost_frame_is_the_place() {
    insta::assert_snapshot!(comment(&umlauts(), &ledger()), @"
    **Fits one small pull request in `ledger/export.py`. Nothing is open.**

    | | The issue asks | Where, at [`c0ffee1`][base] | Proved by these cases in the new `tests/test_export.py` |
    |-|-|-|-|
    | R1 | “CSV export crashes on umlauts” | [`ledger/export.py`][f1] line 10 | create an account named Müller, run `ledger export --csv out.csv`: the row is written as UTF-8 · no UnicodeEncodeError |

    **Work item**
    1. **Fix UnicodeEncodeError in `write_row`.** R1 · size S

    **Read as:** line 10 lies in `write_row`, which begins at line 8: trace and tree agree.
    **Used by others:** [`ledger/export.py`][f2] by `ledger/cli.py`.
    **Done when** these 2 cases are in and `pytest -q` in [`test.yml`][f3] is green; on your machine: `pytest tests/test_export.py`.
    **Not checked:** whether `c0ffee1` shows it. Size is a prior (n=0).

    `/approve 1` opens it as a sub-issue · `/approve 1 --one` keeps it here · `/why R1`
    <sub>rev 1 · base c0ffee1 · no model · `/help`</sub>

    [base]: https://github.com/nordbank/ledger/tree/c0ffee1c0ffee1c0ffee1c0ffee1c0ffee1c0ffe
    [f1]: https://github.com/nordbank/ledger/blob/c0ffee1c0ffee1c0ffee1c0ffee1c0ffee1c0ffe/ledger/export.py#L10
    [f2]: https://github.com/nordbank/ledger/blob/c0ffee1c0ffee1c0ffee1c0ffee1c0ffee1c0ffe/ledger/export.py
    [f3]: https://github.com/nordbank/ledger/blob/c0ffee1c0ffee1c0ffee1c0ffee1c0ffee1c0ffe/.github/workflows/test.yml
    ");
}

#[test]
fn a_case_forbids_what_happened_and_never_what_is_expected() {
    let body = "Steps:\n1. empty `config/app.toml`\n2. start\n\nExpected: an error message\nActual: thread main panicked at src/main.rs:3";
    let said = comment(&issue(7, "`src/main.rs` panics on an empty config", body), &ledger());
    assert!(said.contains("no “thread main panicked"), "{said}");
    assert!(!said.contains("no “Expected"), "{said}");
}

#[test]
fn a_fault_under_a_condition_is_gone_under_that_condition() {
    let case = |title: &str, body: &str| {
        let plan = planned(&issue(8, title, body), &super::vague::shop());
        (plan.requirements[0].cases[0].clone(), plan.questions.len())
    };
    let told = ("I start it with an empty password: no crash".to_owned(), 0);
    assert_eq!(case("It crashes when I start it with an empty password", ""), told);
    assert_eq!(case("It crashes", "It crashes when I start it with an empty password. Please fix."), told);
    let (hang, _) = case("Search hangs for ever if the query ends in a quote", "");
    assert_eq!(hang, "the query ends in a quote: no hang");
}

#[test]
fn a_case_reads_as_a_sentence_and_what_stands_below_expected_is_the_case() {
    let cases =
        |title: &str, body: &str| planned(&issue(3, title, body), &ledger()).requirements[0].cases.clone();
    let expected = |said: &str| format!("**Expected behavior**\n\n{said}\n");
    assert_eq!(
        cases(
            "ledger does not drop the last comma",
            &expected("If a row has more than one cell, we should drop the last comma.")
        ),
        ["If a row has more than one cell, we drop the last comma"]
    );
    let steps = "```\n$ ledger export --to /srv/a.csv\n```\n\n";
    let both = expected("The export should complete, or at least a useful message should be printed.");
    assert_eq!(
        cases("`ledger export` fails with a path", &format!("{steps}{both}")),
        ["`ledger export --to /srv/a.csv`: the export completes, or at least a useful message is printed"]
    );
    assert_eq!(
        cases(
            "The export fails if its folder is called by a number",
            "`Exporter(\"rows/01\").write_row([])` causes `is_open()` to skip the row."
        ),
        [
            "`Exporter(\"rows/01\").write_row([])`, if its folder is called by a number: no longer “causes `is_open()` to skip the row”"
        ]
    );
    let shown = expected(
        "We should add a helpful message\n\n```\nThe column 'a' is misspelled. Did you mean 'b'?\n```",
    );
    assert_eq!(
        cases("Misspelled columns are ignored", &shown),
        ["`The column 'a' is misspelled. Did you mean 'b'?`"]
    );
}

/// What reports of nine projects said that nobody had prepared for.
#[test]
fn what_a_report_shows_is_its_case_and_nothing_else() {
    let cases =
        |title: &str, body: &str| planned(&issue(3, title, body), &ledger()).requirements[0].cases.clone();
    assert_eq!(
        cases("\"status\".singular() becomes \"statu\"", "It cuts the s at the end of the name."),
        ["`\"status\".singular()`: not `\"statu\"`"]
    );
    assert_eq!(
        cases("`size(\"\")` returns 1 instead of 0", "It counts the end."),
        ["`size(\"\")`: `0`, not `1`"]
    );
    let versions = "#### What version are you using?\n\n```\n-SIMD -AVX (compiled)\n+SIMD +AVX (runtime)\n```\n\n#### Platform\n\n`25.2.0 Darwin Kernel Version 25.2.0`\n\n#### Steps\n\n1. run `ledger export -A1`\n";
    let slow = cases("14x slowdown when using -A1", versions);
    assert!(!slow.iter().any(|case| case.contains("AVX") || case.contains("Darwin")), "{slow:?}");
    let wrapped = "**Steps**\n\n1. `export LESS=-J`\n2. `ledger list`\n\n**What happens?**\n\nSome lines wrap the decorations\n\n**What did you expect to happen instead?**\n\nNot that\n";
    let wrapped = cases("ledger breaks if $LESS contains -J", wrapped);
    assert!(!wrapped.iter().any(|case| case.contains("Not that")), "{wrapped:?}");
}

#[test]
fn curiosity_asks_for_nothing() {
    let body = "This prints `matched` although it was not.\n\nI'd be curious if this is behaving as it should, and if so, if there's an alternative, since requiring a match on `.+` doesn't work.\n";
    let plan = planned(&issue(3, "Odd match", body), &ledger());
    assert!(!plan.requirements.iter().any(|one| one.quote.contains("curious")), "{:?}", plan.requirements);
    let said = format!("{plan:?}");
    assert!(!said.contains("never: work"), "{said}");
}

/// What a comment behind a call says of its outcome: what is wrong, what it should be, and what has to stay.
#[test]
fn what_a_comment_says_of_an_outcome_is_its_case() {
    let body = "### Bug\n\n`write_row` takes an empty row.\n\n### Reproduce\n\n```python\nwrite_row([])      # -> 0  (accepted; should be 400)\nwrite_row([1])     # -> 1  (already correct)\n```\n\n### Fix\n\nThe guard should be `len(row) < 1`.\n";
    let plan = planned(&issue(9, "write_row accepts an empty row", body), &ledger());
    assert_eq!(plan.requirements[0].cases, ["`write_row([])`: `400`, not `0`", "`write_row([1])`: `1`"]);
    assert_eq!(plan.work_items[0].kind, "bug");
}

#[test]
fn an_outcome_that_brings_in_its_output_is_told_with_it() {
    let body = "### Reproduction\n\n```python\nwrite_row([])\n```\n\n### Expected behavior\n\n`write_row` makes three attempts and ends with the real error:\n\n```\nOSError: disk full\n```\n\nThis is what happens on 2.2.\n\n### Actual behavior\n\nOne attempt is made.\n";
    let plan = planned(&issue(9, "write_row gives up too early with ERR_SOCKET_GONE", body), &ledger());
    let told = plan.requirements[0].cases.join(" | ");
    assert!(told.contains("makes three attempts and ends with the real error"), "{told}");
    assert!(told.contains("OSError: disk full") && !told.contains("2.2"), "{told}");
    assert!(plan.questions.is_empty(), "a code of the system is in no tree: {:?}", plan.questions);
}

/// A trace in Python's words from another language stands as that language writes it, and Go's own library is none of ours.
#[test]
fn a_trace_told_by_a_service_is_read_from_the_place_of_its_fault() {
    let body = "### Current behavior\n\nCode panics\n\n### Expected behavior\n\nNot to panic but return an error\n\n### Steps to reproduce\n\nIt's a sporadic issue, so it is hard to tell how it could be reproduced.\n\n### Trace\n\n```\nruntime.errorString: nil pointer dereference\n  File \"regexp/regexp.go\", line 533, in (*Regexp).MatchString\n  File \"github.com/acme/mux@v1.8.0/regexp.go\", line 4, in (*rule).Match\n  File \"github.com/acme/mux@v1.8.0/mux.go\", line 4, in (*Router).Match\n  File \"net/http/server.go\", line 2109, in HandlerFunc.ServeHTTP\n```\n";
    let files = [
        ("go.mod", "module github.com/acme/mux\n"),
        (
            "regexp.go",
            "package mux\n\nfunc (r *rule) Match() bool {\n\tif r.regexp.MatchString(\"\") {\n\t\treturn true\n\t}\n\tr.misses = r.misses + 1\n\tr.last = \"\"\n\treturn false\n}\n",
        ),
        ("mux.go", "package mux\n\nfunc (r *Router) Match() bool {\n\treturn r.rule.Match()\n}\n"),
    ];
    let told = comment(
        &issue(9, "runtime error in (*rule).Match", body),
        &repository("acme/mux", "5a1ad00", &files),
    );
    assert!(told.contains("[`regexp.go`][f1] line 4") && !told.contains("[`mux.go`]"), "{told}");
    assert!(told.contains("`regexp/regexp.go` is not part of this tree"), "{told}");
    assert!(told.contains("the calls of the trace in line 16: Not to panic but return an error"), "{told}");
    assert!(
        told.contains("Line 11 cannot tell how to see it: which input or state brings it about?"),
        "{told}"
    );
}

#[test]
fn what_a_comment_calls_wrong_is_no_case() {
    for said in [
        "1 (not correct)",
        "1 (2 is the right answer)",
        "1 (never works)",
        "1 (correct would be 2)",
        "OSError (expected behavior)",
        "1 (should be fixed)",
    ] {
        let body = format!(
            "### Bug\n\nIt fails.\n\n### Reproduce\n\n```python\nwrite_row([])      # -> {said}\n```\n"
        );
        let plan = planned(&issue(9, "write_row accepts an empty row", &body), &ledger());
        let cases = &plan.requirements[0].cases;
        assert!(
            !cases.iter().any(|case| case.ends_with(": `1`")
                || case.contains("`behavior`")
                || case.contains("`fixed`")),
            "{said}: {cases:?}"
        );
    }
}

#[test]
fn where_it_shows_is_no_step_and_what_is_known_is_not_called_unknown() {
    let told = |steps: &str| {
        let body = format!(
            "### Current behavior\n\nThe export stops.\n\n### Expected behavior\n\nThe export goes on.\n\n### More\n\n{steps}\n"
        );
        comment(&issue(9, "Export stops", &body), &ledger())
    };
    for steps in
        ["It can be reproduced with the latest version.", "Can be reproduced with the following code:"]
    {
        assert!(told(steps).contains("Which steps or input show"), "{steps}");
    }
    let known = "I couldn't reproduce it on 1.2, only on 2.0.";
    assert!(!told(known).contains("cannot tell how to see it"), "{known}");
    assert!(told("I cannot reproduce it.").contains("cannot tell how to see it"));
}

#[test]
fn a_line_of_another_version_is_found_by_what_it_calls() {
    let body = "```\npanic: runtime error: invalid memory address\n\ngithub.com/acme/mux.(*rule).find(0x0)\n\tmux/regexp.go:21 +0x2d\ngithub.com/acme/mux.(*rule).Match(0x0)\n\tmux/regexp.go:6 +0x2d\n```\n";
    let files = [
        ("go.mod", "module github.com/acme/mux\n"),
        (
            "regexp.go",
            "package mux\n\nfunc (r *rule) Match() bool {\n\t// Not strict.\n\tr.misses = 0\n\tr.last = \"\"\n\n\tif r.late {\n\t\treturn false\n\t}\n\treturn r.other.find()\n}\n",
        ),
    ];
    let told = comment(&issue(9, "panic in Match", body), &repository("acme/mux", "5a1ad00", &files));
    assert!(!told.contains("trace and tree agree"), "{told}");
}

#[test]
fn the_test_that_is_called_as_the_function_takes_the_case() {
    let files = [
        ("package.json", "{\"scripts\": {\"test\": \"ava\"}, \"devDependencies\": {\"ava\": \"6\"}}"),
        ("web.js", "function inject() {\n  return undefined\n}\n\nfunction ready() {}\n"),
        ("test/hooks.test.js", "test('a', t => ready())\n"),
        ("test/inject.test.js", ""),
    ];
    let body = "## To Reproduce\n\n```js\nweb.inject()\n```\n\n## Expected behavior\n\ninject() returns a valid object even if called before ready().\nif it is not possible, throw an error that names `ready`\n";
    let told =
        comment(&issue(9, "inject() returns undefined", body), &repository("acme/web", "5a1ad00", &files));
    assert!(told.contains("[`test/inject.test.js`]"), "{told}");
    let asked = "The issue takes either of “inject() returns a valid object even if called before ready()” and “if it is not possible, throw an error that names `ready`”: which?";
    assert!(told.contains(asked), "nothing is cut off: {told}");
}

#[test]
fn an_error_that_is_shown_as_it_is_and_as_it_should_be_is_not_forbidden() {
    let shown = "Traceback (most recent call last):\n  File \"<stdin>\", line 1, in <module>\nZeroDivisionError: division by zero";
    let body = format!(
        "The traceback lacks the line of code.\n\nToday:\n```\n{shown}\n```\n\nThis is how Python prints it:\n```\n{shown}\n    1/0\n```\n"
    );
    let plan = planned(&issue(3, "Traceback does not show the code in `src/auth.rs`", &body), &web());
    let cases: Vec<&String> = plan.requirements.iter().flat_map(|one| &one.cases).collect();
    assert!(cases.iter().all(|case| !case.contains("no ZeroDivisionError")), "{cases:?}");
}

#[test]
fn words_that_are_no_case_are_quoted_as_what_was_expected() {
    let body = "## How to reproduce:\n\nWith OSX:\n```\n$ mkdir fail-web/\n$ echo '_tasks: [ \"exit 1\" ]' > ../fail-web/web.yaml\n$ mkdir accounts\n$ cd accounts/\n$ echo \"doomed\" > file.txt\n$ web ../fail-web .\n> Running task 1 of 1: exit 1\nSomething went wrong. Removing it all.\n```\n\n## Result expected\n\nNothing should be changed in my directory, and `file.txt` should be there still.\n";
    let plan = planned(
        &issue(4, "If sign-in fails and the folder existed before, it shouldn't be deleted", body),
        &web(),
    );
    let case = plan.requirements.iter().flat_map(|one| &one.cases).next().unwrap();
    assert!(!case.starts_with("With OSX"), "{case}");
    assert!(
        case.ends_with("“Nothing should be changed in my directory, and `file.txt` should be there still”"),
        "{case}"
    );
}

#[test]
fn the_versions_of_what_was_run_are_no_input() {
    let body = "It clears on any change.\n\n```\nweb 1.25.1 (2024-04-07) +pid1\nbuild-date: 2024-04-07\nfeatures: default,pid1\nMac OS\nrelease: 1.25.1\n```\n\nA simple repro:\n\n```\nweb sign-in -- '\n  while true\n  do\n  sleep 1\n  done\n  '\n```\n";
    let mut brief = issue(4, "`sign_in` clears the screen when nothing restarts", body);
    brief.labels = vec!["bug".to_owned()];
    let plan = planned(&brief, &web());
    let case = plan.requirements.iter().flat_map(|one| &one.cases).next().unwrap();
    assert!(case.starts_with("the code of lines 14–19"), "{case}");
}
