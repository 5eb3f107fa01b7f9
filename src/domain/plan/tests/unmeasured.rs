//! Limits, bounds and ages without a number: it is asked for, and the answer makes the demand what it would have been.

use super::rate_limit::web;
use super::reading::said;
use super::world::{cases, issue, planned};
use crate::domain::brief::Answer;

#[test]
fn a_limit_without_a_number_asks_for_it_and_quotes_what_people_said() {
    let mut brief = issue(7, "Limit sign-ins", "Sign-ins should be limited per address.");
    brief.comments = vec![
        said("bob", "read", "I would say 10 attempts per minute should be allowed."),
        said("cy", "read", "10 is too many, at most 3 attempts per minute must be allowed."),
    ];
    let plan = planned(&brief, &web());
    let first = &plan.questions[0];
    assert_eq!(first.text, "How many sign-ins per address are let through, and in which time?");
    assert_eq!(first.default, "3 in 1 min");
    assert_eq!(first.why, "Said so far: bob: 10 in 1 min, cy: 3 in 1 min.");
    assert!(cases(&plan).iter().any(|case| case.contains("one more within its time: refused")), "{plan:?}");
    brief.comments.clear();
    assert_eq!(planned(&brief, &web()).questions[0].default, "5 in 15 min");
}

#[test]
fn the_answer_makes_it_the_limit_it_would_have_been() {
    let mut brief = issue(7, "Limit sign-ins", "Sign-ins must be throttled per client IP.");
    brief.answers = vec![Answer {
        slot: Some("rate_limit.count".to_owned()),
        text: "4 per 30 s".to_owned(),
        author: "ada".to_owned(),
    }];
    let plan = planned(&brief, &web());
    let all = cases(&plan).join(" · ");
    assert!(all.contains("sign-ins 1–4: none is refused") && all.contains("29 s: refused"), "{all}");
    assert!(
        plan.questions.iter().all(|question| question.slot != "rate_limit.count"),
        "{:?}",
        plan.questions
    );
}

#[test]
fn a_bound_without_a_number_is_asked_for_and_answered() {
    let mut brief = issue(7, "Large uploads", "Uploads should have a maximum size.");
    let plan = planned(&brief, &web());
    assert_eq!(
        plan.questions[0].text, "Which size of “uploads” is the largest that is let through?",
        "{plan:?}"
    );
    assert_eq!(
        cases(&plan).join(" · "),
        "uploads just above the size asked below: refused · uploads of just the size asked below: not refused"
    );
    brief.answers = vec![Answer {
        slot: Some(plan.questions[0].slot.clone()),
        text: "10 MB".to_owned(),
        author: "ada".to_owned(),
    }];
    let plan = planned(&brief, &web());
    assert_eq!(
        cases(&plan).join(" · "),
        "uploads just above 10 MB: refused · uploads of just 10 MB: not refused"
    );
}

#[test]
fn retention_without_an_age_asks_for_it() {
    let mut brief =
        issue(6, "Clean up", "Expired uploads should be removed after a certain time by a nightly job.");
    let plan = planned(&brief, &web());
    let all = cases(&plan).join(" · ");
    assert!(all.starts_with("Expired uploads just below the age asked below: kept"), "{all}");
    let asked = &plan.questions[0];
    assert_eq!(
        (asked.text.as_str(), asked.default.as_str()),
        ("How old do “Expired uploads” get before they go?", "30 d")
    );
    brief.answers =
        vec![Answer { slot: Some(asked.slot.clone()), text: "90 days".to_owned(), author: "ada".to_owned() }];
    let all = cases(&planned(&brief, &web())).join(" · ");
    assert!(
        all.starts_with("Expired uploads 89 days old: kept · Expired uploads 91 days old: gone"),
        "{all}"
    );
}

#[test]
fn the_size_of_what_comes_in_is_no_limit_of_its_count() {
    for title in ["Limit upload size", "Limit uploads that are too large", "Limit the size of uploads"] {
        let plan = planned(&issue(7, title, "Somebody sent a video of 4 GB."), &web());
        assert!(
            plan.questions.iter().all(|one| one.slot != "rate_limit.count"),
            "{title}: {:?}",
            plan.questions
        );
    }
}
