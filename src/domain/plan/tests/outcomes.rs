//! What comes out under which condition, in the ways in which people write it.

use super::bug::ledger;
use super::rate_limit::web;
use super::world::{comment, issue, planned, quotes, repository};
use crate::domain::plan::Verdict;

fn cases(title: &str, body: &str) -> Vec<String> {
    planned(&issue(7, title, body), &web()).requirements.into_iter().flat_map(|one| one.cases).collect()
}

#[test]
fn each_status_of_a_sentence_stands_with_its_own_condition() {
    assert_eq!(
        cases(
            "Health",
            "The service must answer `GET /health` with status 200, and 503 when the database is away."
        ),
        ["`GET /health`: 200", "`GET /health`, when the database is away: 503"]
    );
    assert_eq!(
        cases("Names", "Names between 3 and 20 characters are valid, others answer 422."),
        ["3 and 20 characters: accepted", "2 and 21 characters: 422"]
    );
}

#[test]
fn what_is_refused_unless_an_option_is_given_is_refused_without_it() {
    assert_eq!(
        cases("Refuse it", "It must refuse with exit code 1 unless `--force` is given."),
        ["without `--force`: exit code 1, nothing is done", "with `--force`: done"]
    );
}

#[test]
fn what_comes_beside_an_exit_code_is_not_lost() {
    let told = cases("Half a file", "`sign_in` must exit with code 3; the half-written file is deleted.");
    assert_eq!(told, ["`sign_in`: exit code 3, and the half-written file is deleted"]);
    let rotated =
        planned(&issue(7, "Rotation", "The log must be rotated at 100 MB and 5 files are kept."), &web());
    assert_ne!(rotated.verdict, Verdict::TooVague);
    assert_eq!(rotated.requirements[0].cases, ["The log: rotated at 100 MB and 5 files are kept"]);
}

#[test]
fn it_is_what_the_sentence_before_runs() {
    let body =
        "When I run `web --listen nothing` it prints a usage text and ends with 0. It should exit with 2.";
    assert_eq!(cases("Exit code", body), ["`web --listen nothing`: exit code 2"]);
}

#[test]
fn a_scenario_in_one_sentence_in_a_list_and_in_a_fence_is_one_case() {
    let shown = "a blocked account, when it signs in: the answer is `Err(Blocked)`";
    let given = "Given a blocked account, when it signs in, then the answer is `Err(Blocked)`";
    let listed = format!(
        "Blocked people.\n\nAcceptance criteria:\n\n- {given}\n- the log names the account\n- no mail is sent\n"
    );
    let plan = planned(&issue(7, "Sign-in for blocked accounts", &listed), &web());
    assert_eq!(quotes(&plan), [given, "the log names the account", "no mail is sent"]);
    assert_eq!(plan.requirements[0].cases, [shown]);
    for heading in ["## Acceptance criteria", "## Acceptance"] {
        assert_eq!(cases("Sign-in", &format!("Blocked people.\n\n{heading}\n\n- {given}\n")), [shown]);
    }
    let fence = "```gherkin\nFeature: blocked\n  Scenario: one\n    Given a blocked account\n    When it signs in\n    Then the answer is `Err(Blocked)`\n```\n";
    assert_eq!(cases("Sign-in", fence), [shown]);
    // Code that only begins so is code.
    let code = "`src/auth.rs` must answer 403.\n\n```\nGiven(user)\nthen();\n```\n";
    assert_eq!(quotes(&planned(&issue(7, "Sign-in", code), &web())), ["`src/auth.rs` must answer 403."]);
}

#[test]
fn items_of_one_list_are_demands_together_and_a_word_is_none() {
    let body = "- `Accounts::add` hashes the password\n- `sign_in` verifies in constant time\n- the migration must keep old rows\n";
    assert_eq!(quotes(&planned(&issue(7, "Hash", body), &web())).len(), 3);
    let told = planned(&issue(7, "Hello", "test"), &web());
    assert_eq!(told.verdict, Verdict::TooVague);
}

#[test]
fn an_output_that_goes_on_is_told_by_what_it_adds() {
    let body = "## Expected Behavior\nWe should add a helpful message\n\n```\n  - Row 'totl' does not exist. Did you mean 'total'?\n```\n\n## Current Behavior\nCurrently we get below error\n\n```\n  - Row 'totl' does not exist.\n```\n";
    let title = "While saying that a row does not exist, we should suggest which row the user might have meant instead of it";
    let plan = planned(&issue(7, title, body), &ledger());
    assert_eq!(
        plan.requirements[0].cases,
        ["`Row 'totl' does not exist.` is followed by `Did you mean 'total'?`"]
    );
}

#[test]
fn what_was_expected_of_a_thing_is_no_value_and_a_version_no_outcome() {
    let body = "### How to reproduce\n\nRun this:\n\n```nu\ndef f [] {\n  do -p { ^sleep 1 }\n  print Foo\n}\n```\n\nWhen calling `f`, it immediately prints `Foo`, then waits.\n\n### Expected behavior\n\nI expected `f` to only print Foo after sleeping.\n\nVersion 0.3.1\n";
    let told = cases("`do` does not wait for the last command", body).join(" · ");
    assert!(told.contains("`f` only prints Foo after sleeping"), "{told}");
    assert!(!told.contains("not `Foo`") && !told.contains("0.3.1"), "{told}");
}

#[test]
fn the_command_that_the_title_names_is_the_input_among_many() {
    let body = "```console\n$ docker run --rm -it ubuntu\n# apt install ledger\n# ledger sync\nold\n```\n\nHowever, a simple `ledger sync` ought to automatically update `out.csv`.\n";
    let told = cases("`ledger sync` fails to update `out.csv`", body);
    assert_eq!(told, ["`ledger sync`: a simple `ledger sync` automatically updates `out.csv`"]);
}

#[test]
fn a_key_beside_one_that_the_issue_sets_is_a_setting_with_what_becomes_of_it() {
    let body = "I start it like this:\n\n```\nledger --option mail.command=\"send -i key\"\n```\n\nCan you please add something like `mail.extra_args` that would be used directly in `write_row` and just added to the command line?\n";
    let plan = planned(&issue(7, "Please add mail.extra_args", body), &ledger());
    assert_eq!(
        plan.requirements[0].cases[..2],
        [
            "`mail.extra_args` set: used directly in `write_row` and just added to the command line",
            "`mail.extra_args` absent: as at `c0ffee1`"
        ]
    );
}

#[test]
fn a_title_that_asks_for_one_thing_and_also_another_is_two_demands() {
    let title = "Exclude the total from the export and also write a header if only one row exists";
    let plan = planned(&issue(7, title, ""), &ledger());
    assert_eq!(quotes(&plan), ["Exclude the total from the export", "write a header if only one row exists"]);
    assert_eq!(plan.requirements[1].cases, ["only one row exists: header written"]);
}

#[test]
fn an_option_without_a_word_on_what_it_does_does_what_it_is_called() {
    let plan = planned(&issue(7, "Add `--hide-totals`", "It would help us."), &ledger());
    assert_eq!(
        plan.requirements[0].cases,
        ["with `--hide-totals`: totals left out", "without `--hide-totals`: output and exit code as before"]
    );
    let takes = "`src/main.rs` should take `--listen ADDRESS`, which overrides the address it is given.";
    assert_eq!(cases("Add --listen", takes)[0], "`--listen ADDRESS`: overrides the address it is given");
}

#[test]
fn an_option_goes_where_those_are_declared_that_begin_like_it() {
    let snapshot = repository(
        "acme/bench",
        "c0ffee1",
        &[
            (
                "src/cli.rs",
                "fn build() {\n    Arg::new(\"export-json\");\n    Arg::new(\"export-csv\");\n    clap::Command::new(\"x\");\n}\n",
            ),
            (
                "src/command.rs",
                "// clap:: clap:: clap:: clap:: export html of commands\npub fn export() {}\n",
            ),
            ("Cargo.toml", "[package]\nname = \"bench\"\n"),
        ],
    );
    let plan = planned(&issue(7, "Add `--export-html` for commands", "It writes a page."), &snapshot);
    assert_eq!(plan.requirements[0].places[0].path, "src/cli.rs");
}

#[test]
fn the_path_of_a_file_may_hold_a_backtick() {
    let snapshot = repository(
        "acme/map",
        "c0ffee1",
        &[
            (
                "src/Map`1.cs",
                "class Map<T>\n{\n    public void UseDefaultOnFailure(int value)\n    {\n    }\n}\n",
            ),
            ("src/Reader.cs", "class Reader { /* default of failure, default */ }\n"),
            ("src/Other.cs", "class Other {}\n"),
        ],
    );
    let body = "Calling `UseDefaultOnFailure(1)` crashes.";
    let text = comment(&issue(7, "`UseDefaultOnFailure` crashes on a failure", body), &snapshot);
    assert!(text.contains("in ``src/Map`1.cs``"), "{text}");
    assert!(!text.contains("\\`"), "{text}");
}

#[test]
fn a_file_of_the_reporters_own_project_is_not_asked_for() {
    let body = "Running it fails.\n\nSource contents is only one file at `demo/src/start.py`:\n\n```python\nrun()\n```\n\n## Expected\n\nIt ends with 0.\n";
    let plan = planned(&issue(7, "`write_row` crashes when run", body), &ledger());
    assert!(plan.questions.iter().all(|one| !one.text.contains("demo/src")), "{:?}", plan.questions);
    let own = body.replace("demo/src/start.py", "ledger/start.py");
    let plan = planned(&issue(7, "`write_row` crashes when run", &own), &ledger());
    assert!(plan.questions.iter().any(|one| one.text.contains("ledger/start.py")), "{:?}", plan.questions);
}

#[test]
fn what_a_sentence_brings_in_goes_in_and_the_sentence_says_what_comes() {
    let body = "## Expected behaviour\n\nRunning `scan` with the following `scan.toml` should have the same effect as `scan --hidden`:\n\n```toml\nhidden = true\n```\n\n## Steps to reproduce\n\n1. Create `scan.toml`\n2. Create `.a.toml`\n";
    assert_eq!(
        cases("The value of `hidden` is not respected", body),
        [
            "Create `scan.toml`, create `.a.toml`: running `scan` with the `scan.toml` of line 6 should have the same effect as `scan --hidden`"
        ]
    );
}

#[test]
fn how_seldom_it_happens_is_no_condition() {
    let body = "It looks like the rule is not working correctly in this case:\n\n```php\nclass Foo {\n  fn ($a) => $this;\n}\n```\n\nEven if the case is unlikely to happen, it should not add the `static` keyword.";
    assert_eq!(
        cases("Bug in `static_lambda` rule", body),
        ["the code of lines 4–6: does not add the `static` keyword"]
    );
}

#[test]
fn what_a_comment_points_at_is_no_longer_so() {
    let body = "```\ntask test\n# task runs\n\necho change > source\n\ntask test\n#  >>>  task does not run  <<<\n```\n";
    assert_eq!(
        cases("Task reported as up-to-date but not executed", body),
        ["the code of lines 2–8, with `task test`: no longer “task does not run”"]
    );
}

#[test]
fn an_aside_is_no_demand() {
    let plan = planned(
        &issue(
            7,
            "Short help",
            "### Describe the solution you'd like\n\nA short help must be printed.\n\n(`HelpShort` / `HelpLong`)",
        ),
        &web(),
    );
    assert_eq!(quotes(&plan), ["A short help must be printed."]);
}

#[test]
fn an_expression_is_no_name_of_a_setting() {
    let told = cases(
        "`R3` gives false positives",
        "`\"a\" + \"b\"` is flagged.\n\nIf flagging `\"a\" + \"b\"` is intended, could this be made configurable?",
    );
    assert!(!told.iter().any(|case| case.contains("set: the value is used")), "{told:?}");
    let named = cases("Rows", "The `row_limit` should be configurable.");
    assert!(named.iter().any(|case| case == "`row_limit` set: the value is used"), "{named:?}");
}

#[test]
fn what_somebody_says_came_of_an_input_is_its_case() {
    let told = |body: &str| cases("Labels are broken", body);
    assert_eq!(
        told(
            "We get exception `Unable to cast Bar to Base` in the sample below.\n\n### Steps to Reproduce\n\n```\nrun(a)\nrun(b)\n```\n"
        ),
        ["the code of lines 6–7: no “Unable to cast Bar to Base”"]
    );
    assert_eq!(
        told(
            "## Steps\n\n1. `pack lock`\n2. `pack install` fails with `No repository was found at /Users/ada/cache/x`.\n"
        ),
        ["`pack lock`, `pack install`: no “No repository was found at …”"]
    );
    assert_eq!(
        cases(
            "`walk` fails if the path has a digit",
            "`walk(\"tests/01\")` causes the walk to skip the folder."
        ),
        ["`walk(\"tests/01\")`, if the path has a digit: no longer “causes the walk to skip the folder”"]
    );
}

#[test]
fn what_would_be_better_is_what_is_expected() {
    let body = "It fails.\n\n```\n$ run --group\nb\na\n```\n\nIt would be preferable if the process would use one buffer and print lines in order, making it readable.";
    assert_eq!(
        cases("Lines are printed in the wrong order", body),
        ["`run --group`: the process uses one buffer and prints lines in order"]
    );
}

#[test]
fn a_wish_that_shows_what_comes_today_wants_something_else() {
    let body = "For example:\n\n```md\n[^ref]\n[^ref]:\n```\n\nThis produces the following HTML output:\n\n```html\n<p>1</p>\n<ol>\n<li>2</li>\n<li>3</li>\n</ol>\n```\n\nIt would be nice to have the backlink fully suppressible.";
    assert_eq!(
        cases("With an empty backlink, numerals appear", body),
        ["the code of lines 4–5: no longer the output of lines 11–15"]
    );
}

#[test]
fn what_only_comes_under_a_condition_does_not_come_otherwise() {
    assert_eq!(
        cases("Reports", "`R1` should only be reported when `safe` is missing."),
        ["`safe` is missing: `R1` reported", "otherwise: not reported"]
    );
}

#[test]
fn what_goes_on_behind_some_code_is_no_wish_and_an_address_no_document() {
    let body = "We should support versions of libc, see https://example.org/x?tab=readme-ov-file.\n\n```\nrun\n```\nwhere it gets configured with:\n```yaml\na: 1\n```\n";
    let tree = repository("acme/x", "5a1ad00", &[("README.md", "# x\n"), ("src/libc.rs", "fn libc() {}\n")]);
    let plan = planned(&issue(7, "Support versions of libc", body), &tree);
    assert_eq!(
        quotes(&plan),
        ["We should support versions of libc, see https://example.org/x?tab=readme-ov-file."]
    );
    assert!(!plan.requirements[0].places.iter().any(|place| place.path.ends_with(".md")));
}

#[test]
fn what_is_raised_is_the_error_whatever_it_is_called() {
    let body = "When a page is rendered with `strict: true`, a Liquid::Undefined is raised.\n\n```\nrender(a)\nrender(b)\n```\n";
    assert_eq!(cases("Include fails if strict", body), ["the code of lines 4–5, if strict: no Undefined"]);
}

#[test]
fn what_a_rule_does_today_and_after_the_change_is_its_case() {
    let body = "**Example**\n\n```vue\n<b>\n<a>\n```\n\n**What does the rule currently do for this code?**\nNothing.\n\n**What will the rule do after it's changed?**\n\n```vue\n<a>\nx\n<b>\ny\n```\n";
    let told = cases("The rule should enforce an order", body);
    assert!(told.iter().any(|case| case.contains("the output of lines 14–17")), "{told:?}");
}

#[test]
fn what_looks_at_the_machine_of_the_writer_is_no_input() {
    let body = "I get this:\n\n```\n$ web migrate\nFile migration failed:\n    no such file\n```\n\nBut:\n\n```\n$ ls -l app.toml\n-rw-r--r-- 1 ada 20 app.toml\n```\n";
    let plan = planned(&issue(3, "migrate - strange error message", body), &web());
    let cases: Vec<&String> = plan.requirements.iter().flat_map(|one| &one.cases).collect();
    assert_eq!(cases, [&"`web migrate`: no “File migration failed”".to_owned()], "{plan:#?}");
}

#[test]
fn what_one_would_get_from_the_code_above_is_its_case() {
    let body = "Turn all defaults on with a setting:\n\n```toml\nall = true\n[five]\noff = true\n```\n\nFrom this you'd get all seven without five.";
    assert!(
        cases("Add a setting `all`", body)
            .contains(&"the code of lines 4–6: all seven without five".to_owned()),
        "{:?}",
        cases("Add a setting `all`", body)
    );
}

#[test]
fn no_case_says_the_opposite_of_its_sentence() {
    let of = |sentence: &str| cases("Accounts", &format!("- [ ] {sentence}, see `src/auth.rs`")).join(" · ");
    assert_eq!(
        of("A lookup that fails must not be cached"),
        "a lookup that fails, asked twice: computed twice"
    );
    let limited = of("Search results must not be cached for more than 10 minutes");
    assert!(!limited.contains("computed"), "{limited}");
    let stays = of("An address that cannot be found stays in the list");
    assert!(!stays.contains("never"), "{stays}");
    let shift = of("The service must not let a shift last longer than 10 hours");
    assert!(shift.contains("10 h: accepted · 11 h: not"), "{shift}");
    assert!(!of("a shift that ends before it begins is rejected with 422").contains("with 422: 422"));
    let plate = of("refuse a license plate of more than 12 characters");
    assert!(plate.contains("license plate of 12 characters: taken") && !plate.contains("than"), "{plate}");
}
