//! How a report is told apart from a wish, and what of it becomes the case.

use super::rate_limit::web;
use super::reading::said;
use super::world::{cases, issue, planned, repository};
use crate::domain::plan::Plan;

fn questions(plan: &Plan) -> Vec<&str> {
    plan.questions.iter().map(|question| question.text.as_str()).collect()
}

#[test]
fn what_is_to_be_had_is_no_fault_whatever_fails_in_it() {
    for title in [
        "CLI option for not deleting accounts on failure",
        "Proposal: checks for whether an account exists/doesn't exist",
        "Option to keep the session when sign-in fails",
    ] {
        let body = "I'd like to have a way to look at the accounts in `src/auth.rs` later.";
        let plan = planned(&issue(4, title, body), &web());
        let fixes = plan.work_items.iter().any(|item| item.title.starts_with("Fix"));
        assert!(!fixes && !plan.work_items.is_empty(), "{title}: {:?}", plan.work_items);
        assert!(!questions(&plan).iter().any(|text| text.starts_with("Which steps")), "{title}");
    }
    let broken =
        planned(&issue(4, "Option to keep the session is ignored", "Seen in `src/auth.rs`."), &web());
    let fixes = broken.work_items.iter().filter(|item| item.title.starts_with("Fix")).count();
    assert_eq!(fixes, 1, "{:?}", broken.work_items);
}

#[test]
fn a_bug_that_a_maintainer_confirms_is_not_what_is_wanted() {
    let brief = issue(4, "An account called 'admin' opens the settings", "See `src/auth.rs`.");
    let does = |plan: &Plan| cases(plan).iter().any(|case| case.ends_with("does not open the settings"));
    let mut denied = brief.clone();
    denied.comments = vec![said("hugo", "triage", "I don't think this is a bug.")];
    assert!(!does(&planned(&brief, &web())) && !does(&planned(&denied, &web())));
    let mut confirmed = brief;
    confirmed.comments = vec![said("hugo", "triage", "Tried it just now: the bug is still there.")];
    let plan = planned(&confirmed, &web());
    assert!(does(&plan), "{:?}", cases(&plan));
}

#[test]
fn of_two_outcomes_in_one_sentence_one_is_asked_for() {
    let body = "### Steps\n1. sign in as `nobody`\n\n### Expected result\nAn error is raised or the unknown account is skipped.\n\n### Actual result\nThe account is created in `src/auth.rs`.\n";
    let plan = planned(&issue(4, "Sign-in creates unknown accounts", body), &web());
    let asked = plan.questions.iter().find(|question| question.slot == "bug.either").unwrap();
    assert!(
        asked.text.contains("“An error is raised” or “the unknown account is skipped”"),
        "{}",
        asked.text
    );
    assert_eq!(asked.default, "the second, which stops nobody's work");
}

#[test]
fn what_was_tried_goes_in() {
    let body = "How can `src/auth.rs` be kept from it?\n\nI tried to set `Auth.ignore_env = true`, but it was of no help.\n";
    let plan = planned(&issue(4, "Environment still not ignored by sign-in", body), &web());
    assert!(
        cases(&plan).iter().any(|case| case.starts_with("`Auth.ignore_env = true`: ")),
        "{:?}",
        cases(&plan)
    );
    assert!(!cases(&plan).iter().any(|case| case.contains("still")), "{:?}", cases(&plan));
    assert!(!questions(&plan).iter().any(|text| text.starts_with("Which steps")), "{:?}", questions(&plan));
}

#[test]
fn a_quote_below_a_sentence_that_brings_in_an_error_is_the_message() {
    let body = "My file:\n\n```yml\nhosts: ${{ all }}\nport: 1\nname: a\n```\n\nFor it an error is reported by `src/auth.rs`:\n\n> lists cannot stand in a template\n\nWhat the file should do is name two hosts.\n";
    let plan = planned(&issue(4, "False positive for hosts given as list", body), &web());
    assert_eq!(cases(&plan), ["the code of lines 4–6: no “lists cannot stand in a template”"]);
}

#[test]
fn a_line_across_ends_what_was_expected_and_a_command_above_an_output_gave_it() {
    let body = "### How to reproduce\nWrite three accounts and do `auth -l`:\n\n```\nAccounts:\n* ada\n```\n\n### Expected behavior\n`auth -l` lists all accounts of `src/auth.rs`.\n\n---\n\nThe file is mine.\n";
    let plan = planned(&issue(4, "auth -l lists one account only", body), &web());
    assert!(!cases(&plan).iter().any(|case| case.contains("mine")), "{:?}", cases(&plan));
    assert!(cases(&plan).iter().any(|case| case.starts_with("`auth -l`")), "{:?}", cases(&plan));
}

#[test]
fn what_the_author_saw_since_of_the_same_fault_is_a_case() {
    let mut brief = issue(
        4,
        "Hidden accounts not ignored by sign-in",
        "`src/auth.rs` shows hidden accounts.\n\n### Expected\nHidden accounts are not shown.\n\n### Steps\n1. hide an account\n",
    );
    brief.comments = vec![said(&brief.author, "read", "NOTE: groups that are hidden get shown too")];
    let plan = planned(&brief, &web());
    assert!(
        cases(&plan).contains(&"and: no longer “groups that are hidden get shown too”"),
        "{:?}",
        cases(&plan)
    );
}

#[test]
fn a_number_in_what_a_test_puts_in_says_nothing_of_it() {
    let tree = |line: &str| {
        repository(
            "harbor/ferry",
            "5e5e5e5",
            &[("ferry/book.py", "def book(cars):\n    return cars\n"), ("tests/test_book.py", line)],
        )
    };
    let brief =
        issue(2507, "Add a way to book twice in `ferry/book.py`", "`ferry/book.py` should book twice.");
    let asks =
        |line: &str| questions(&planned(&brief, &tree(line))).iter().any(|text| text.contains("#2507"));
    assert!(asks("# see https://github.com/harbor/ferry/issues/2507\ndef test_twice():\n    pass\n"));
    assert!(!asks("def test_a():\n    assert log('https://github.com/harbor/ferry/issues/2507')\n"));
}

#[test]
fn what_code_was_expected_to_give_is_asked_for_in_a_question() {
    let body = "### Question\n\nWith the code below I expect the greeting of `src/auth.rs` to hold the name in `<b>` tags. Can that be done somehow?\n\n```\nlet page = greet(name);\n```\n";
    let plan = planned(&issue(4, "Name in the greeting", body), &web());
    assert!(!plan.work_items.is_empty(), "{:?}", questions(&plan));
    assert!(cases(&plan).iter().any(|case| case.contains("`<b>` tags")), "{:?}", cases(&plan));
}

#[test]
fn a_command_that_ought_to_list_all_lists_all_and_the_way_of_a_maintainer_is_quoted() {
    let body = "### How to reproduce\nWrite three accounts and do `auth -l`:\n\n```\nAccounts:\n* ada\n```\n\n### Expected behavior\nBetter would be `auth -l` actually listing all accounts of `src/auth.rs`.\n";
    let mut brief = issue(4, "auth -l lists one account only", body);
    brief.comments = vec![said(
        "hugo",
        "triage",
        "To me the nicest solution is emitting a warning if somebody has put an `admin.toml` beside their `auth.toml`.",
    )];
    let plan = planned(&brief, &web());
    assert!(cases(&plan).contains(&"`auth -l`: lists all accounts of `src/auth.rs`"), "{:?}", cases(&plan));
    assert!(
        plan.read_as.iter().any(|line| line.contains("as hugo says: “To me the nicest")),
        "{:?}",
        plan.read_as
    );
    assert!(!questions(&plan).iter().any(|text| text.contains("auth.toml")), "{:?}", questions(&plan));
}

#[test]
fn within_an_interpreter_what_was_typed_there_goes_in() {
    let body = "```\n$ python\nPython 3.5.2 on a machine\n>>> from auth import sign_in\nTraceback (most recent call last):\n  File \"auth.py\", line 10, in <module>\n    start = now()\nAttributeError: 'clock' object has no attribute 'offset'\n```\n";
    let plan = planned(&issue(4, "Importing auth fails", body), &web());
    assert_eq!(cases(&plan), ["`from auth import sign_in`: no AttributeError"]);
}
