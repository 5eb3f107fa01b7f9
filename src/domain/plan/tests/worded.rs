//! Messages that people ask for word by word, and conditions that they write without a comma.

use super::rate_limit::web;
use super::world::{cases, issue, planned, quotes};

#[test]
fn a_message_is_one_text_whatever_its_periods() {
    let body = "When no settings file exists, `web serve` crashes with a stack trace. It should print \"No settings found. Create \
        one and try again.\" and exit with 1.";
    let plan = planned(&issue(3, "Crash without settings", body), &web());
    assert_eq!(
        cases(&plan),
        [
            "`web serve` when no settings file exists: prints “No settings found. Create one and try again.”, exit code 1"
        ]
    );
    assert!(plan.questions.iter().all(|question| question.slot != "bug.steps"), "{:?}", plan.questions);
    assert!(plan.not_checked.iter().all(|line| !line.starts_with("left aside")), "{:?}", plan.not_checked);
}

#[test]
fn what_is_to_be_printed_instead_is_the_outcome_of_a_report() {
    let body = "Running `web drop` twice gives \"error 17\". Please print something like \"The crate is gone. Use `web list` first.\" instead.";
    let plan = planned(&issue(3, "Unclear error", body), &web());
    assert_eq!(cases(&plan), ["`web drop` twice: prints “The crate is gone. Use `web list` first.”"]);
}

#[test]
fn a_polite_question_about_a_message_is_the_demand() {
    let body = "I saved the file with another editor and got `cannot read it`. Could the message say that the file is too old?";
    let plan = planned(&issue(3, "Old files give a confusing message", body), &web());
    let all = cases(&plan).join(" · ");
    assert!(all.contains("the message") && all.contains("says that the file is too old"), "{all}");
    assert!(plan.not_checked.iter().all(|line| !line.starts_with("left aside")), "{:?}", plan.not_checked);
}

#[test]
fn a_condition_needs_no_comma() {
    let plan = planned(&issue(3, "Export", "If the file exists already it should be overwritten."), &web());
    assert!(cases(&plan).contains(&"the file exists already: overwritten"), "{:?}", cases(&plan));
}

#[test]
fn a_command_that_is_called_docs_is_no_page() {
    let body =
        "When I run `web docs --check` I only see exit code 1. I expected it to list the files that are old.";
    for title in ["docs --check does not say which file is old", "Old files are not listed by docs --check"] {
        let plan = planned(&issue(3, title, body), &web());
        assert_eq!(
            (quotes(&plan), cases(&plan)),
            (vec![title], vec!["`web docs --check`: it lists the files that are old"])
        );
    }
}
