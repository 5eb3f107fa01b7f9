//! Modes: nothing is written in `observe`, and the most cautious of those that are set wins.

use millwright::sandbox::{REPOSITORY, World};

use super::harness::{Setup, Talk};

fn observing(world: &World) {
    world.add_files(REPOSITORY, &[(".github/millwright.yml", "mode: observe\n")]).unwrap();
}

#[tokio::test]
async fn observe_writes_nothing_and_keeps_what_it_would_have_written() {
    let talk = Talk::with(Setup { furnish: observing, ..Setup::default() }).await;
    for (login, text) in [
        ("tess", "/enhance"),
        ("walt", "/approve 1"),
        ("rita", "/enhance"),
        ("walt", "/items"),
        ("walt", "/undo"),
    ] {
        let comment = talk.says_unanswered(login, 2, text).await;
        assert!(talk.reactions(2, comment).is_empty());
    }
    assert_eq!(talk.world.issues(REPOSITORY).len(), 2);
    let writes = talk.world.requests().into_iter().filter(|request| {
        request.method != "GET" && request.path != "/graphql" && !request.path.ends_with("/access_tokens")
    });
    assert_eq!(writes.count(), 0);
    let seen =
        talk.observed(2).await.into_iter().map(|act| act.lines().next().unwrap_or_default().to_owned());
    insta::assert_snapshot!(seen.collect::<Vec<_>>().join("\n"), @"
    comment: **Plannable as 2 small pull requests, one after the other, once #1 (open) is done. Three points are open, with defaults.**
    create_issue: > after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429
    add_sub_issue
    create_issue: > limit configurable in `config/limits.toml`
    add_sub_issue
    comment: Somebody with triage access has to run `/enhance` here; nothing is wrong with your issue.
    comment: **There are no work items on this issue; `/approve 1` opens those of rev 1.**
    comment: There is no approved plan on this issue, so there is nothing to undo.
    ");
    talk.end().await;
}

#[tokio::test]
async fn the_plan_that_was_only_observed_is_posted_as_the_first_revision_later() {
    let talk = Talk::with(Setup { furnish: observing, ..Setup::default() }).await;
    talk.says_unanswered("tess", 2, "/enhance").await;
    talk.world
        .act_as("ada")
        .push(REPOSITORY, "Go", &[(".github/millwright.yml", Some("mode: full\n"))])
        .unwrap();
    let plan = talk.asks("tess", 2, "/enhance").await;
    assert!(plan.contains("rev 1 ·"), "{plan}");
    talk.end().await;
}

#[tokio::test]
async fn the_most_cautious_mode_wins() {
    let full = |world: &World| {
        world.add_files(REPOSITORY, &[(".github/millwright.yml", "mode: full\n")]).unwrap();
    };
    let variables = vec![("MILLWRIGHT_MODE", "observe")];
    let talk = Talk::with(Setup { furnish: full, variables, ..Setup::default() }).await;
    talk.says_unanswered("tess", 2, "/enhance").await;
    talk.end().await;

    let variables = vec![("MILLWRIGHT_MODE", "full")];
    let talk = Talk::with(Setup { furnish: observing, variables, ..Setup::default() }).await;
    talk.says_unanswered("tess", 2, "/enhance").await;
    talk.end().await;

    let variables = vec![("MILLWRIGHT_MODE", "commands")];
    let talk = Talk::with(Setup { furnish: full, variables, ..Setup::default() }).await;
    insta::assert_snapshot!(talk.asks("tess", 2, "/status").await, @r"
    **There is no plan on this issue.**

    - Mode: commands (operator, MILLWRIGHT\_MODE)

    <sub>no model · `/help`</sub>
    ");
    talk.end().await;
}
