//! What those say who may triage: they turn down and take back, lean one way, explain, and ask each other.

use super::rate_limit::web;
use super::reading::said;
use super::world::{issue, planned};
use crate::domain::brief::Brief;
use crate::domain::plan::Plan;

fn heard(words: &[&str]) -> Plan {
    let brief = issue(3, "Blocked accounts", "`src/auth.rs` must answer 403 for a blocked account.");
    let comments = words.iter().map(|word| said("hugo", "triage", word)).collect();
    planned(&Brief { comments, ..brief }, &web())
}

#[test]
fn what_was_turned_down_and_taken_back_is_planned() {
    let duplicate = "duplicate of #12";
    assert_eq!(heard(&[duplicate]).turned_down_by.as_deref(), Some("hugo"));
    for back in ["Not sure any of these actually are the same, though.", "Ah, it's the trailing slash."] {
        assert_eq!(heard(&[duplicate, back]).turned_down_by, None, "{back}");
    }
    let closing = "It makes sense to assume the address. Closing, as everything is working as intended; feel free to go on.";
    assert_eq!(heard(&[closing]).turned_down_by.as_deref(), Some("hugo"));
}

#[test]
fn which_way_a_maintainer_leans_is_the_default_of_a_question() {
    let plan = heard(&[
        "I'm thinking that instead of checking the table, we might just consider using `sign_in`. Does anyone have any opinions on this?",
    ]);
    let asked: Vec<_> = plan.questions.iter().map(|one| (one.text.as_str(), one.default.as_str())).collect();
    assert!(
        asked.iter().any(|(text, default)| text.starts_with("hugo leans one way: “I'm thinking")
            && *default == "yes, as hugo says"),
        "{asked:?}"
    );
    assert!(!asked.iter().any(|(text, _)| text.contains("opinions")), "{asked:?}");
}

#[test]
fn what_is_asked_of_those_who_wrote_the_code_and_what_explains_it_is_no_demand() {
    let plan = heard(&[
        "Was it a conscious choice to hardcode 200 here?",
        "That is how `sign_in` should behave if nobody is blocked.",
        "So, this works.\n\nThen create `src/other.rs`, like this:\n\nThen run `cargo run`, and the settings will be preserved.",
    ]);
    assert_eq!(plan.requirements.len(), 1, "{:?}", plan.requirements);
    assert!(plan.questions.iter().all(|one| !one.text.contains("conscious")), "{:?}", plan.questions);
}

#[test]
fn what_a_maintainer_thinks_should_be_is_a_proposal_whatever_mark_ends_it() {
    let plan =
        heard(&["I think `sign_in` should refuse them entirely in this case, I'm surprised it does not?"]);
    let defaults: Vec<&str> = plan.questions.iter().map(|one| one.default.as_str()).collect();
    assert!(defaults.contains(&"yes, as hugo suggests"), "{:?}", plan.questions);
}

#[test]
fn no_to_a_question_turns_nothing_down() {
    let brief = issue(3, "Blocked accounts", "`src/auth.rs` must answer 403 for a blocked account.");
    let comments =
        vec![said("eve", "none", "Was this ever done in any manner?"), said("hugo", "triage", "No.")];
    assert_eq!(planned(&Brief { comments, ..brief }, &web()).turned_down_by, None);
    assert_eq!(heard(&["No."]).turned_down_by.as_deref(), Some("hugo"));
}

#[test]
fn what_a_maintainer_says_of_the_cause_is_quoted() {
    let plan = heard(&[
        "Ah, it's the trailing slash that causes `sign_in` to get the wrong answer. Thanks for the report!",
        "I don't like it because I often use `b`.",
    ]);
    let told: Vec<&String> = plan.read_as.iter().filter(|line| line.contains(" says: ")).collect();
    assert_eq!(
        told,
        [
            "the cause, as hugo says: “Ah, it's the trailing slash that causes `sign_in` to get the wrong answer”"
        ]
    );
    assert!(!plan.not_checked.iter().any(|line| line.contains("left aside")), "{:?}", plan.not_checked);
}
