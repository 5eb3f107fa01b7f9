//! A server that lacks sub-issues or dependencies, as older GitHub Enterprise Servers do.

use millwright::sandbox::{Abilities, REPOSITORY, World};

use super::harness::{Setup, Talk};

fn older(world: &World) {
    let missing =
        Abilities { sub_issues_missing: Some(404), dependencies_missing: Some(404), ..Abilities::default() };
    world.set_abilities(missing);
}

#[tokio::test]
async fn work_items_become_a_task_list_and_the_endpoints_are_asked_once() {
    let talk = Talk::with(Setup { furnish: older, ..Setup::default() }).await;
    talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"
    **Rev 1 is approved: 2 work items are open as issues.**

    - [ ] #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1
    - [ ] #4 Read the limit from `config/limits.toml` · size S · waits for #3

    Start with #3 once #1 is done. `/undo` closes them again while nobody has touched them.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.asks("tess", 1, "/enhance").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/items").await, @"
    **Both work items are open.**

    | | work item | state | waits for |
    |-|-|-|-|
    | 1 | #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets | open | #1 |
    | 2 | #4 Read the limit from config/limits.toml | open | #3 |

    Nothing can be started now: #3 waits for #1; #4 waits for #3.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.asks("walt", 1, "/approve 1").await;
    assert_eq!(talk.requested("GET", "/repos/acme/web/issues/*/sub_issues"), 1);
    assert_eq!(talk.requested("GET", "/repos/acme/web/issues/*/dependencies/blocked_by"), 1);
    assert_eq!(talk.requested("POST", "/repos/acme/web/issues/*/sub_issues"), 0);
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **#3 and #4 are closed again; nobody had touched them.**

    `/approve 1` opens them anew.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"
    **Rev 1 is approved: 2 work items are open as issues.**

    - [ ] #6 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1
    - [ ] #7 Read the limit from `config/limits.toml` · size S · waits for #6

    Start with #6 once #1 is done. `/undo` closes them again while nobody has touched them.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn gone_is_missing_as_well_and_is_asked_once() {
    let talk = Talk::begin().await;
    let gone = Some(410);
    talk.world.set_abilities(Abilities {
        sub_issues_missing: gone,
        dependencies_missing: gone,
        ..Abilities::default()
    });
    for issue in [2, 1] {
        talk.asks("tess", issue, "/enhance").await;
        let answer = talk.asks("walt", issue, "/approve 1").await;
        assert!(answer.contains("open as issues") || answer.contains("open as an issue"), "{answer}");
    }
    assert_eq!(talk.requested("GET", "/repos/acme/web/issues/*/sub_issues"), 1);
    assert_eq!(talk.requested("GET", "/repos/acme/web/issues/*/dependencies/blocked_by"), 1);
    assert_eq!(talk.requested("POST", "/repos/acme/web/issues/*/sub_issues"), 0);
    assert_eq!(talk.requested("POST", "/repos/acme/web/issues/*/dependencies/blocked_by"), 0);
    talk.end().await;
}

#[tokio::test]
async fn a_lost_database_adopts_the_issues_there_too() {
    let mut talk = Talk::with(Setup { furnish: older, ..Setup::default() }).await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    talk.lose_database().await;
    talk.minutes_pass(5).await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 2").await;
    assert_eq!(talk.world.issues(REPOSITORY).len(), 4);
    talk.end().await;
}

#[tokio::test]
async fn a_server_that_lacked_something_is_asked_again_the_next_day() {
    let talk = Talk::with(Setup { furnish: older, ..Setup::default() }).await;
    talk.asks("tess", 2, "/enhance").await;
    talk.world.set_abilities(Abilities::default());
    talk.asks("walt", 2, "/status").await;
    assert_eq!(talk.requested("GET", "/repos/acme/web/issues/*/sub_issues"), 1, "not within a day");
    talk.minutes_pass(24 * 60).await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await.lines().next().unwrap(), @"**Rev 1 is approved: 2 work items are open as sub-issues.**");
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2), [3, 4]);
    talk.end().await;
}
