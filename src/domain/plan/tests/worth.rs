//! What an answer is worth: names that are gone, numbers that move, words that tell nothing, and what a sub-issue carries.

use super::rate_limit::{sign_ins, web};
use super::revised::answers;
use super::world::{issue, planned};
use crate::domain::brief::{Brief, IssueState, State};
use crate::domain::ids::IssueNumber;
use crate::domain::plan::{Presentation, markdown, revise};

/// Its first box says nothing that one would see.
const SORT: &str =
    "- [ ] the list stays readable\n- [ ] `src/auth.rs` must answer 403 for a blocked account\n";

#[test]
fn a_title_does_not_name_what_somebody_has_taken_out() {
    let body = "- [ ] `--listen ADDRESS` in `src/auth.rs` takes the address to listen on\n- [ ] without an address `src/auth.rs` must answer 400\n";
    let brief = issue(9, "Add --listen", body);
    let before = planned(&brief, &web());
    let title = |said: &str| {
        let plan = planned(&Brief { answers: answers(said, "ada", &before), ..brief.clone() }, &web());
        plan.work_items.iter().map(|item| item.title.clone()).collect::<Vec<_>>()
    };
    assert_eq!(title("R2: without an address `src/auth.rs` must answer 422"), ["Add --listen"]);
    assert_eq!(title("R1: `--bind ADDRESS` in `src/auth.rs` takes the address to listen on"), ["Add --bind"]);
    assert_eq!(title("drop R1"), ["Without an address `src/auth.rs` must answer 400"]);
}

#[test]
fn a_requirement_with_another_number_is_said() {
    let before = planned(&sign_ins(), &web());
    let mut brief = sign_ins();
    brief.answers = answers("drop R1", "ada", &before);
    let after = planned(&brief, &web());
    let told = revise::renumbered(&before, &after);
    assert_eq!(told.as_deref(), Some("R2 is now R1 and R3 is now R2."));
    let presentation = Presentation { renumbered: told, ..Presentation::default() };
    assert!(markdown(&after, &presentation).contains("\n\nR2 is now R1 and R3 is now R2.\n\n|"));
    assert_eq!(revise::renumbered(&after, &after), None);
}

#[test]
fn a_word_without_content_is_no_proof() {
    let brief = issue(9, "Sort", SORT);
    let before = planned(&brief, &web());
    let at = before.questions.iter().find(|one| one.slot.starts_with("observable")).expect("asked");
    let number = before.asked[&at.slot];
    let with = |text: &str| {
        let said = answers(&format!("{number}: {text}"), "ada", &before);
        planned(&Brief { answers: said, ..brief.clone() }, &web())
    };
    let plan = with("foo");
    assert_eq!(plan.requirements[0].cases, before.requirements[0].cases);
    assert!(plan.read_as.iter().any(|line| line.ends_with("ada: “foo”")), "{:?}", plan.read_as);
    for told in ["404", "`foo`", "config", "foo is printed"] {
        let shown = with(told).requirements[0].cases.clone();
        assert!(shown.iter().any(|case| case.contains(told)), "{told}: {shown:?}");
    }
}

#[test]
fn what_a_sub_issue_carries_keeps_the_answers_that_were_given() {
    let mut brief = issue(9, "Sort", SORT);
    let before = planned(&brief, &web());
    let at = before.questions.iter().find(|one| one.slot.starts_with("observable")).expect("asked");
    brief.answers =
        answers(&format!("{}: an empty name prints `nobody`", before.asked[&at.slot]), "ada", &before);
    brief.asked = before.asked.clone();
    let answered = planned(&brief, &web());
    let carries = answered.requirements.iter().map(|one| one.quote.clone()).collect();
    brief.sub_issues = vec![IssueState {
        number: IssueNumber(12),
        title: "Nicer".to_owned(),
        state: Some(State::Open),
        state_reason: None,
        carries,
    }];
    let opened = planned(&brief, &web());
    assert_eq!(opened.requirements[0].within, Some(IssueNumber(12)));
    assert_eq!(opened.requirements[0].cases, answered.requirements[0].cases);
    assert!(opened.requirements[0].cases[0].contains("nobody"), "{:?}", opened.requirements);
}
