//! `/undo`: closes what nobody has touched.

use millwright::sandbox::REPOSITORY;

use super::harness::Talk;

async fn approved() -> Talk {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    talk
}

#[tokio::test]
async fn without_an_approval_there_is_nothing_to_undo() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"There is no approved plan on this issue, so there is nothing to undo.");
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo 1").await, @"`1` is more than this command takes; for example: `/undo`.");
    talk.end().await;
}

#[tokio::test]
async fn untouched_items_are_closed_and_can_be_opened_anew() {
    let talk = approved().await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **#3 and #4 are closed again; nobody had touched them.**

    `/approve 1` opens them anew.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    assert!(!talk.world.issue(REPOSITORY, 3).unwrap().open);
    assert!(!talk.world.issue(REPOSITORY, 4).unwrap().open);
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"There is no approved plan on this issue, so there is nothing to undo.");
    insta::assert_snapshot!(talk.asks("walt", 2, "/items").await, @"**There are no work items on this issue; `/approve 1` opens those of rev 1.**");
    insta::assert_snapshot!(talk.asks("walt", 2, "/status").await, @"
    **Rev 1 is taken back.**

    - Plan: [rev 1](https://github.example/acme/web/issues/2#issuecomment-3000000002), taken back, at `df4d183`
    - Mode: full (default)

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"
    **Rev 1 is approved: 2 work items are open as sub-issues.**

    1. #5 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1
    2. #6 Read the limit from `config/limits.toml` · size S · waits for #5

    Start with #5 once #1 is done. `/undo` closes them again while nobody has touched them.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2), [3, 4, 5, 6]);
    insta::assert_snapshot!(talk.asks("walt", 2, "/items").await, @"
    **Both work items are open.**

    | | work item | state | waits for |
    |-|-|-|-|
    | 1 | #5 Answer 429 after 5 failed sign-ins in 60 s; a success resets | open | #1 |
    | 2 | #6 Read the limit from config/limits.toml | open | #5 |

    Nothing can be started now: what is open waits for something or has somebody on it.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn touched_items_stay_open() {
    let talk = approved().await;
    talk.world.act_as("tess").label(REPOSITORY, 3, "bug").unwrap();
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **#4 is closed again; nobody had touched it.**

    - #3 stays as it is: the label bug was added

    `/approve 1` opens it anew.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"
    **Rev 1 is approved: 1 of its 2 work items is new, 1 was open already.**

    1. #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1 · was open already
    2. #5 Read the limit from `config/limits.toml` · size S · waits for #3

    Start with #3 once #1 is done. `/undo` closes the new one again while nobody has touched it.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn where_everything_was_touched_the_approval_stands() {
    let talk = approved().await;
    talk.world.act_as("stan").comment(REPOSITORY, 3, "I am on it.").unwrap();
    talk.world.act_as("walt").close(REPOSITORY, 4).unwrap();
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **Nothing was closed, and rev 1 stays approved.**

    - #3 stays as it is: it has been commented on
    - #4 stays as it is: it is closed already

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/status").await, @"
    **1 of 2 work items is open.**

    - Plan: [rev 1](https://github.example/acme/web/issues/2#issuecomment-3000000002), approved, at `df4d183`
    - Work items: 1 open, 1 closed
    - Mode: full (default)

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}
