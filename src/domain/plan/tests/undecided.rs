//! What an issue leaves to be decided is asked, with what its writer suggests; it is no demand.

use super::rate_limit::web;
use super::reading::said;
use super::world::{issue, planned};
use crate::domain::brief::Brief;
use crate::domain::plan::Plan;
use crate::domain::plan::model::Question;

fn open(plan: &Plan) -> Vec<&Question> {
    plan.questions.iter().filter(|question| question.slot.starts_with("open.")).collect()
}

#[test]
fn the_next_sentence_of_the_author_is_the_default() {
    let body = "### Proposal\n\n`src/auth.rs` must answer 423 for a blocked account.\n\nThe only open question is how a guest is blocked.\nPerhaps use the address as the key?\n";
    let plan = planned(&issue(3, "Blocked accounts", body), &web());
    let asked = open(&plan);
    assert_eq!(asked.len(), 1, "{:?}", plan.questions);
    assert_eq!(asked[0].default, "as ada suggests: “Perhaps use the address as the key”");
    let apart = body.replace("Perhaps use the address as the key?", "Guests sign in rarely.");
    let plan = planned(&issue(3, "Blocked accounts", &apart), &web());
    assert_eq!(open(&plan)[0].default, "as the proposal shows it; whoever reviews decides");
}

#[test]
fn what_has_to_be_talked_about_first_is_asked_and_no_demand() {
    let body = "`src/auth.rs` must answer 423 for a blocked account.";
    for word in
        ["We need to discuss the status first.", "This needs a design first.", "We should first agree."]
    {
        let brief = issue(3, "Blocked accounts", body);
        let plan = planned(&Brief { comments: vec![said("hugo", "triage", word)], ..brief }, &web());
        assert_eq!(plan.requirements.len(), 1, "{word}: {:?}", plan.requirements);
        assert_eq!(open(&plan).len(), 1, "{word}: {:?}", plan.questions);
    }
    for demand in
        ["`src/auth.rs` needs to design no page.", "People need to discuss less: `src/auth.rs` must say 423."]
    {
        assert!(open(&planned(&issue(3, "Blocked accounts", demand), &web())).is_empty(), "{demand}");
    }
}

#[test]
fn either_or_in_parentheses_is_a_question() {
    let body = "`src/auth.rs` must know a limit (either by an option or by `config/app.toml`).";
    let plan = planned(&issue(3, "Limit", body), &web());
    let asked = open(&plan);
    assert_eq!(asked[0].text, "Either “by an option” or “by `config/app.toml`”: which?");
    let none = "`src/auth.rs` must know a limit (neither an option nor a file).";
    assert!(open(&planned(&issue(3, "Limit", none), &web())).is_empty());
}

#[test]
fn a_list_is_left_out_where_its_lead_says_so_and_not_where_it_forbids() {
    let quotes = |lead: &str| {
        let body =
            format!("`src/auth.rs` must answer 423.\n\n{lead}\n\n- `limit()` for guests must answer 429\n");
        let plan = planned(&issue(3, "Blocked accounts", &body), &web());
        plan.requirements.iter().map(|one| one.quote.clone()).collect::<Vec<_>>()
    };
    assert_eq!(quotes("Also considered but not yet added:").len(), 1);
    assert_eq!(quotes("The answer should not include the following:").len(), 2);
}

#[test]
fn or_at_least_names_the_lesser_of_two() {
    let body = "`src/auth.rs` should reload the limit, or at least a warning should be printed.";
    let plan = planned(&issue(3, "Reload the limit", body), &web());
    let asked = open(&plan);
    assert_eq!(
        asked[0].text,
        "Either “`src/auth.rs` should reload the limit” or “a warning should be printed”: which?"
    );
    assert_eq!(asked[0].default, "the first");
}

#[test]
fn what_is_wished_with_possibly_is_asked() {
    let body = "`src/auth.rs` must know a limit of 5.\n\nPossibly the new default?";
    let plan = planned(&issue(3, "Add a limit", body), &web());
    let asked = open(&plan);
    assert_eq!(asked[0].text, "Also “the new default”? The issue only says “possibly”.");
    assert_eq!(asked[0].default, "no");
}

#[test]
fn ways_that_maintainers_name_are_one_question_and_no_demands() {
    let first = said("hugo", "write", "Maybe just deprecate it for now?");
    let second =
        said("mia", "write", "If anything, I would prefer this to be a symbol. `const BACK = Symbol()`");
    let brief = issue(3, "Drop the special case of `sign_in`", "");
    let plan = planned(&Brief { comments: vec![first.clone(), second], ..brief.clone() }, &web());
    assert_eq!(plan.requirements.len(), 1, "{:?}", plan.requirements);
    let asked = open(&plan);
    assert_eq!(asked.len(), 1, "{:?}", plan.questions);
    assert_eq!(
        asked[0].text,
        "hugo says “Maybe just deprecate it for now?”, mia “If anything, I would prefer this to be a symbol”: which way, or as the issue asks?"
    );
    assert_eq!(asked[0].default, "as mia says");
    let plan = planned(&Brief { comments: vec![first], ..brief }, &web());
    assert!(open(&plan)[0].text.starts_with("hugo says: “Maybe just"), "{:?}", plan.questions);
}

#[test]
fn a_new_call_that_nobody_writes_down_is_asked_for_with_its_nearest() {
    let sketch = "It would be great if `sign_in` allowed for accounts that throw.\n\nSomething like:\n\n```rust\nsign_in(|| {\n    panic!()\n});\n```\n";
    let plan = planned(&issue(3, "Allow sign_in to throw", sketch), &web());
    let asked =
        plan.questions.iter().find(|question| question.slot.starts_with("signature.")).expect("asked");
    assert_eq!(asked.text, "Which signature does it get? Lines 6–8 sketch a call, and no signature.");
    assert_eq!(
        asked.default,
        "a call of its own beside `sign_in(name: &str, password: &str)` (`src/auth.rs` from line 1 on)"
    );
    for (title, body) in [
        ("Blocked accounts", "`sign_in` must answer 423 for a blocked account."),
        ("A call for guests", "Add a method `sign_in_guest(name: &str) -> u16` beside `sign_in`."),
        ("Sign-in fails", "`sign_in` needs a new method of hashing, it fails today."),
    ] {
        let plan = planned(&issue(3, title, body), &web());
        let asked = plan.questions.iter().any(|question| question.slot.starts_with("signature."));
        assert!(!asked, "{title}: {:?}", plan.questions);
    }
}

#[test]
fn a_complaint_of_the_documentation_is_not_asked_for_steps() {
    let brief = Brief { labels: vec!["docs".to_owned()], ..issue(3, "The guide is broken", "") };
    let plan = planned(&brief, &web());
    assert!(
        plan.questions.iter().any(|question| question.text.starts_with("What does the documentation say")),
        "{:?}",
        plan.questions
    );
    assert!(!plan.questions.iter().any(|question| question.text.contains("Which steps")));
}
