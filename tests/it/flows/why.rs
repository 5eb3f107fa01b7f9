//! `/why`: evidence and arithmetic.

use millwright::sandbox::{IssueEdit, NewIssue, REPOSITORY, World};

use super::harness::{Setup, Talk};

#[tokio::test]
async fn without_a_plan_there_is_nothing_to_explain() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("stan", 2, "/why R1").await, @"There is no plan on this issue yet; `/enhance` makes one.");
    talk.end().await;
}

#[tokio::test]
async fn requirements_items_and_figures_are_explained() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(talk.asks("stan", 2, "/why R1").await, @"
    **R1: “after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429”**

    - line 5 of the issue
    - read as rate limit
    - `src/auth.rs` is in the tree
    - question 1 is open; default: client IP
    - question 2 is open; default: refused without checking the password until the oldest of the 5 failures is 60 s old; refused attempts do not count
    - case: failures 1–5: none is 429
    - case: then an attempt at 59 s: 429
    - case: at 61 s: not 429
    - case: from a second address: not 429
    - risk: a counter in memory is empty after a restart, and two instances count apart

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("stan", 2, "/why 1").await, @"
    **1. Answer 429 after 5 failed sign-ins in 60 s; a success resets**

    - meets R1 and R3
    - size S: prior, n=0 (fewer than 8 closed issues of known size): 12 + 9 × 6 cases + 15 × 0 new files = 66 lines: S
    - value 2: people who wrote here, bots and bare commands aside: 1 (rita)
    - urgency 1: type unclassified
    - open issues that wait for this one: 0
    - confidence 0.7: a report
    - unblock 2: items of this plan that wait for it: 1
    - (2 + 1 + 2) × 0.7 ÷ 2 (S) = 1.75: a fill-in
    - waits for #<zwsp>1: line 3

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("stan", 2, "/why size").await, @"
    **size**

    - 1: prior, n=0 (fewer than 8 closed issues of known size): 12 + 9 × 6 cases + 15 × 0 new files = 66 lines: S
    - 2: prior, n=0 (fewer than 8 closed issues of known size): 12 + 9 × 3 cases + 15 × 1 new files = 54 lines: S

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("stan", 2, "/why Priority").await, @"
    **priority**

    - 1: (2 + 1 + 2) × 0.7 ÷ 2 (S) = 1.75: a fill-in
    - 2: (2 + 1 + 1) × 0.7 ÷ 2 (S) = 1.4: a fill-in

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("stan", 2, "/why order").await, @"
    **order**

    - 1 waits for #<zwsp>1: line 3
    - 2 waits for 1: it configures the numbers that 1 brings in, and both change `src/auth.rs`

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("stan", 2, "/why #3").await, @"This plan can explain `1`, `2`, `R1`, `R2`, `R3`, `order`, `priority`, `repository`, `size`, `tests` and `type`; for example `/why R1`.");
    insta::assert_snapshot!(talk.asks("stan", 2, "/why nonsense").await, @"This plan can explain `1`, `2`, `R1`, `R2`, `R3`, `order`, `priority`, `repository`, `size`, `tests` and `type`; for example `/why R1`.");
    insta::assert_snapshot!(talk.asks("stan", 2, "/why").await, @"This plan can explain `1`, `2`, `R1`, `R2`, `R3`, `order`, `priority`, `repository`, `size`, `tests` and `type`; for example `/why R1`.");
    insta::assert_snapshot!(talk.asks("stan", 2, "/why R1 --deep").await, @"`--deep` is not an option here; for example: `/why R1`.");
    talk.asks("walt", 2, "/approve 1").await;
    assert_eq!(talk.asks("stan", 2, "/why #3").await, talk.asks("stan", 2, "/why 1").await);
    talk.end().await;
}

#[tokio::test]
async fn a_work_item_of_an_earlier_revision_is_explained_by_that_revision() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    let second = talk.asks("stan", 2, "/why #4").await;
    let body = "Depends on #1\n\n- [ ] after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429\n\
                - [ ] success resets the counter\n- [ ] `README.md` describes the limit\n";
    let edit = IssueEdit { body: Some(Some(body.to_owned())), ..IssueEdit::default() };
    talk.world.act_as("rita").edit_issue(REPOSITORY, 2, edit).unwrap();
    talk.asks("tess", 2, "/enhance").await;
    assert!(talk.asks("stan", 2, "/why 2").await.starts_with("**2. `README.md` describes the limit**"));
    let told = talk.asks("stan", 2, "/why #4").await;
    insta::assert_snapshot!(told, @"
    **2. Read the limit from `config/limits.toml`**

    - planned in rev 1; rev 2, the newest, has no such work item
    - meets R2
    - size S: prior, n=0 (fewer than 8 closed issues of known size): 12 + 9 × 3 cases + 15 × 1 new files = 54 lines: S
    - value 2: people who wrote here, bots and bare commands aside: 1 (rita)
    - urgency 1: type unclassified
    - open issues that wait for this one: 0
    - confidence 0.7: a report
    - unblock 1: items of this plan that wait for it: 0
    - (2 + 1 + 1) × 0.7 ÷ 2 (S) = 1.4: a fill-in
    - waits for 1: it configures the numbers that 1 brings in, and both change `src/auth.rs`

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    let first = "- planned in rev 1; rev 2, the newest, has no such work item\n";
    assert_eq!(told.replace(first, ""), second);
    // What the newest revision has is explained by it.
    assert!(talk.asks("stan", 2, "/why #3").await.contains("rev 2 ·"));
    talk.end().await;
}

#[tokio::test]
async fn a_size_is_one_thing_wherever_it_is_told() {
    let furnish = |world: &World| {
        let body = "`src/auth.rs`, `src/main.rs` and `tests/auth.rs` must answer 413 for a third attempt.";
        let new = NewIssue {
            title: "Third attempts".to_owned(),
            body: Some(body.to_owned()),
            ..NewIssue::default()
        };
        world.add_issue(REPOSITORY, "rita", new).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let plan = talk.asks("tess", 3, "/enhance").await;
    assert!(plan.contains("R1 · size open"), "{plan}");
    for id in ["1", "size", "priority"] {
        let why = talk.asks("tess", 3, &format!("/why {id}")).await;
        assert!(why.contains("open") && !why.contains(" S") && !why.contains("(S"), "{why}");
    }
    let approved = talk.asks("walt", 3, "/approve 1").await;
    assert!(approved.contains(" · size open"), "{approved}");
    let body = talk.world.issue(REPOSITORY, 4).unwrap().body.unwrap();
    assert!(body.contains("<sub>size open ·"), "{body}");
    talk.end().await;
}

#[tokio::test]
async fn what_was_taken_back_is_not_where_a_requirement_stands() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    talk.asks("tess", 2, "/revise 1: the client IP").await;
    let told = async |id: &str| talk.asks("stan", 2, &format!("/why {id}")).await.replace("<zwsp>", "");
    let second = told("R1").await;
    assert!(second.contains("rev 2 ·") && second.contains("stands in sub-issue #3 already"), "{second}");
    talk.asks("walt", 2, "/undo").await;
    let gone = told("R1").await;
    assert!(
        gone.contains("stood in sub-issue #3, which was taken back") && !gone.contains("already"),
        "{gone}"
    );
    assert!(told("1").await.contains("was open as #3, which was taken back"));
    talk.asks("walt", 2, "/approve 2").await;
    let anew = told("R1").await;
    assert!(anew.contains("stands in sub-issue #5 already") && !anew.contains("#3"), "{anew}");
    assert!(told("1").await.contains("open already as #5"));
    talk.end().await;
}

#[tokio::test]
async fn a_milestone_that_is_due_presses() {
    let furnish = |world: &World| {
        world.set_milestone(REPOSITORY, 2, ("2.0", Some("2000-01-01T07:00:00Z"))).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    talk.asks("tess", 2, "/enhance").await;
    let why = talk.asks("stan", 2, "/why 1").await;
    assert!(why.contains("urgency 13: milestone “2.0” was due by 2000-01-01"), "{why}");
    talk.end().await;
}
