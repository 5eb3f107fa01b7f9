//! `/status`: where things stand.

use millwright::sandbox::{Effect, Fault, FaultAnswer, REPOSITORY};

use super::harness::Talk;

#[tokio::test]
async fn from_nothing_to_done() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("stan", 2, "/status").await, @"
    **There is no plan on this issue.**

    - Mode: full (default)

    <sub>no model · `/help`</sub>
    ");
    talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(talk.asks("stan", 2, "/status").await, @"
    **Rev 1 waits for approval.**

    - Plan: [rev 1](https://github.example/acme/web/issues/2#issuecomment-3000000004), not yet approved, at `df4d183`
    - Mode: full (default)

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.asks("walt", 2, "/approve 1").await;
    insta::assert_snapshot!(talk.asks("stan", 2, "/status").await, @"
    **Both work items are open.**

    - Plan: [rev 1](https://github.example/acme/web/issues/2#issuecomment-3000000004), approved, at `df4d183`
    - Work items: 2 open, 0 closed
    - Mode: full (default)

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.world.act_as("walt").close(REPOSITORY, 3).unwrap();
    talk.world.act_as("walt").close(REPOSITORY, 4).unwrap();
    insta::assert_snapshot!(talk.asks("stan", 2, "/status").await, @"
    **Both work items are closed.**

    - Plan: [rev 1](https://github.example/acme/web/issues/2#issuecomment-3000000004), approved, at `df4d183`
    - Work items: 0 open, 2 closed
    - Mode: full (default)

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("stan", 2, "/status now").await, @"`now` is more than this command takes; for example: `/status`.");
    talk.end().await;
}

#[tokio::test]
async fn what_waits_is_shown() {
    let talk = Talk::begin().await;
    talk.world.faults().add(Fault::on(
        "GET",
        "/repos/acme/web/git/**",
        Effect::Answer(FaultAnswer::status(502)),
    ));
    talk.says_unanswered("walt", 2, "/enhance\n/approve 1").await;
    insta::assert_snapshot!(talk.asks("stan", 2, "/status").await, @"
    **There is no plan on this issue.**

    - Running: `/enhance`, asked by walt
    - Waiting: `/approve 1`, asked by walt
    - Mode: full (default)

    <sub>no model · `/help`</sub>
    ");
    talk.world.faults().clear();
    talk.work_through().await;
    talk.end().await;
}

#[tokio::test]
async fn a_closed_issue_and_a_work_item_are_said_to_be_one() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    let belongs = "#3 is a work item of the plan for #2";
    let status = talk.asks("stan", 3, "/status").await;
    assert!(status.starts_with(&format!("**{belongs}.**\n")), "{status}");
    for command in ["/approve 1", "/undo", "/items", "/why R1", "/revise it must be quiet"] {
        let answer = talk.asks("walt", 3, command).await;
        assert_eq!(answer.trim_matches('*'), format!("{belongs}; that plan stands there."), "{command}");
    }
    talk.world.act_as("walt").close(REPOSITORY, 2).unwrap();
    let status = talk.asks("stan", 2, "/status").await;
    assert!(status.starts_with("**Both work items are open. This issue is closed.**\n"), "{status}");
    let plan = talk.asks("tess", 2, "/enhance").await;
    assert!(plan.contains("**Read as:** this issue is closed: planned as if it were open."), "{plan}");
    let wrong = talk.asks("walt", 2, "/approve two").await;
    assert_eq!(wrong, "`two` is not a number; for example: `/approve 2`.");
    let status = talk.asks("stan", 3, "/status").await;
    assert!(status.contains("the plan for #2, which is closed.**"), "{status}");
    // What was taken back belongs to no plan any more.
    talk.asks("walt", 2, "/undo").await;
    let status = talk.asks("stan", 4, "/status").await;
    assert!(status.starts_with("**There is no plan on this issue. This issue is closed.**"), "{status}");
    talk.end().await;
}

#[tokio::test]
async fn a_revision_whose_items_are_all_open_waits_for_nothing() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    let plan = talk.asks("tess", 2, "/revise 1: the client IP").await;
    assert!(plan.contains("opens nothing new"), "{plan}");
    let status = talk.asks("stan", 2, "/status").await;
    assert!(status.starts_with("**Rev 2 stands, and approving it opens nothing new.**"), "{status}");
    talk.end().await;
}
