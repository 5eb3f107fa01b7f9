//! The main job: `/enhance`, read the plan, `/approve 1`, and there are sub-issues with dependencies.

use millwright::sandbox::REPOSITORY;

use super::harness::Talk;

#[tokio::test]
async fn enhance_then_approve_opens_sub_issues_with_dependencies() {
    let talk = Talk::begin().await;
    talk.says("ada", 2, "/enhance").await;
    assert!(talk.last(2).starts_with("**Plannable as 2 small pull requests"), "{}", talk.last(2));
    talk.says("ada", 2, "/approve 1").await;
    insta::assert_snapshot!(talk.last(2), @"
    **Rev 1 is approved: 2 work items are open as sub-issues.**

    1. #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1
    2. #4 Read the limit from `config/limits.toml` · size S · waits for #3

    Start with #3 once #1 is done. `/undo` closes them again while nobody has touched them.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2), [3, 4]);
    assert_eq!(talk.world.blocked_by(REPOSITORY, 4), [3]);
    assert_eq!(talk.world.blocked_by(REPOSITORY, 3), [1]);
    talk.end().await;
}

#[tokio::test]
async fn p13_a_plan_takes_at_most_forty_calls() {
    let talk = Talk::begin().await;
    talk.says("ada", 2, "/enhance").await;
    let calls = talk.world.requests().len();
    assert!(calls <= 40, "{calls} calls");
    // The token and the App's own name are asked for once.
    let asked =
        |path: &str| talk.world.requests().iter().filter(|request| request.path.ends_with(path)).count();
    assert_eq!(
        (asked("/app"), asked("/access_tokens")),
        (1, 2),
        "one token for the repository, one for the owner's file"
    );
    talk.end().await;
}

#[tokio::test]
async fn p13_a_simple_command_is_one_comment_and_its_receipts() {
    let talk = Talk::begin().await;
    talk.says("ada", 2, "/help").await;
    let requests = talk.world.requests();
    let posts = requests.iter().filter(|request| request.method == "POST");
    let mut made: Vec<&str> = posts.filter_map(|request| request.path.rsplit('/').next()).collect();
    made.retain(|last| !["access_tokens", "graphql"].contains(last));
    assert_eq!(made, ["reactions", "comments", "reactions"]);
    talk.end().await;
}
