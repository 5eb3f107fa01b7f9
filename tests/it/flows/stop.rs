//! `/stop` and `/continue`.

use millwright::sandbox::{Effect, Fault, FaultAnswer};

use super::harness::Talk;

/// A talk in which `/enhance` waits for a GitHub that does not answer.
async fn waiting() -> (Talk, i64) {
    let talk = Talk::begin().await;
    let down = Effect::Answer(FaultAnswer::status(502));
    talk.world.faults().add(Fault::on("GET", "/repos/acme/web/git/**", down));
    let comment = talk.says_unanswered("tess", 2, "/enhance").await;
    assert_eq!(talk.reactions(2, comment), ["eyes"]);
    (talk, comment)
}

#[tokio::test]
async fn with_nothing_at_work_there_is_nothing_to_stop_or_to_go_on_with() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/stop").await, @"Nothing is running or waiting on this issue.");
    insta::assert_snapshot!(talk.asks("walt", 2, "/continue").await, @"Nothing that was stopped on this issue waits to go on.");
    insta::assert_snapshot!(talk.asks("walt", 2, "/stop now").await, @"`now` is more than this command takes; for example: `/stop`.");
    talk.end().await;
}

#[tokio::test]
async fn what_waits_is_halted_and_goes_on_later() {
    let (talk, comment) = waiting().await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/stop --dry-run").await, @"
    **Dry run of `/stop`: this would be done.**

    1. halt `/enhance`

    <sub>no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/stop").await, @"Stopped `/enhance`; `/continue` goes on with it.");
    assert!(talk.reactions(2, comment).is_empty());
    insta::assert_snapshot!(talk.asks("walt", 2, "/status").await, @"
    **There is no plan on this issue.**

    - Stopped: `/enhance`, asked by tess
    - Mode: full (default)

    <sub>no model · `/help`</sub>
    ");
    talk.world.faults().clear();
    talk.work_through().await;
    assert!(!talk.last(2).contains("rev 1 ·"));
    insta::assert_snapshot!(talk.asks("walt", 2, "/continue --dry-run").await, @"
    **Dry run of `/continue`: this would be done.**

    1. go on with `/enhance`

    <sub>no model · `/help`</sub>
    ");
    talk.says("walt", 2, "/continue").await;
    let answers = talk.answers(2);
    insta::assert_snapshot!(answers[answers.len() - 2], @"Going on with `/enhance`.");
    assert!(talk.last(2).contains("rev 1 ·"), "{}", talk.last(2));
    assert_eq!(talk.reactions(2, comment), ["rocket"]);
    insta::assert_snapshot!(talk.asks("walt", 2, "/continue").await, @"Nothing that was stopped on this issue waits to go on.");
    talk.end().await;
}

#[tokio::test]
async fn what_is_queued_behind_is_halted_too() {
    let talk = Talk::begin().await;
    let down = Effect::Answer(FaultAnswer::status(502));
    talk.world.faults().add(Fault::on("GET", "/repos/acme/web/git/**", down));
    let approve = talk.says_unanswered("walt", 2, "/enhance\n/approve 1").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/stop").await, @"Stopped `/enhance` and `/approve`; `/continue` goes on with them.");
    assert!(talk.reactions(2, approve).is_empty());
    talk.world.faults().clear();
    talk.says("walt", 2, "/continue").await;
    talk.work_through().await;
    assert!(talk.last(2).starts_with("**Rev 1 is approved"), "{}", talk.last(2));
    talk.end().await;
}

#[tokio::test]
async fn what_was_asked_anew_is_not_taken_up_again() {
    let (talk, _) = waiting().await;
    talk.asks("walt", 2, "/stop").await;
    talk.world.faults().clear();
    let plan = talk.asks("tess", 2, "/enhance").await;
    assert!(plan.contains("rev 1 ·"), "{plan}");
    insta::assert_snapshot!(talk.asks("walt", 2, "/continue").await, @"Nothing that was stopped on this issue waits to go on.");
    insta::assert_snapshot!(talk.asks("walt", 2, "/status").await, @"
    **Rev 1 waits for approval.**

    - Plan: [rev 1](https://github.example/acme/web/issues/2#issuecomment-3000000005), not yet approved, at `df4d183`
    - Mode: full (default)

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn a_plan_that_nobody_could_read_is_not_approved() {
    let talk = Talk::begin().await;
    let down = Effect::Answer(FaultAnswer::status(502));
    talk.world.faults().add(Fault::on("POST", "/repos/acme/web/issues/2/comments", down));
    talk.says_unanswered("tess", 2, "/enhance").await;
    talk.says_unanswered("walt", 2, "/stop").await;
    talk.world.faults().clear();
    talk.work_through().await;
    assert!(!talk.answers(2).iter().any(|answer| answer.contains("rev 1 ·")), "{:?}", talk.answers(2));
    let unread = "Rev 1 is not posted yet, so nobody could read it; `/enhance` posts it.";
    assert_eq!(talk.asks("walt", 2, "/approve 1").await, unread);
    assert_eq!(talk.asks("walt", 2, "/approve 1 --one").await, unread);
    let status = talk.asks("walt", 2, "/status").await;
    assert!(status.starts_with("**Rev 1 is not posted yet.**\n\n- Plan: rev 1, "), "{status}");
    talk.says("walt", 2, "/continue").await;
    assert!(talk.last(2).contains("rev 1 ·"), "{}", talk.last(2));
    let approved = talk.asks("walt", 2, "/approve 1").await;
    assert!(approved.starts_with("**Rev 1 is approved: 2 work items are open"), "{approved}");
    // What GitHub answered so unclearly is looked for once more.
    talk.work_through().await;
    talk.end().await;
}
