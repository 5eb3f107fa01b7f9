//! The main job: `/enhance`, read the plan, `/approve 1`, and there are sub-issues with dependencies.

use millwright::sandbox::{IssueEdit, REPOSITORY};

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
async fn nothing_that_a_person_wrote_is_changed() {
    let talk = Talk::begin().await;
    let said = |talk: &Talk| {
        let issues = [1, 2].map(|number| talk.world.issue(REPOSITORY, number).unwrap());
        issues.map(|issue| (issue.title, issue.body))
    };
    let before = said(&talk);
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("tess", 2, "/revise 1: the client's IP").await;
    talk.asks("walt", 2, "/approve 2").await;
    // A person says it in words of their own; the next revision reads them and leaves them as they are.
    let own = "- [ ] `src/auth.rs` must be maintainable\n";
    talk.world
        .act_as("ada")
        .edit_issue(REPOSITORY, 3, IssueEdit { body: Some(Some(own.to_owned())), ..IssueEdit::default() })
        .unwrap();
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("tess", 3, "/enhance").await;
    assert!(talk.last(3).contains("“`src/auth.rs` must be maintainable”"), "{}", talk.last(3));
    talk.asks("walt", 2, "/undo").await;
    assert_eq!(said(&talk), before);
    assert_eq!(talk.world.issue(REPOSITORY, 3).unwrap().body.as_deref(), Some(own));
    // No request has tried: issues are only closed and opened, and comments only ours.
    let bot = Some(format!("{}[bot]", talk.world.app().slug));
    let comments: Vec<_> = (1..=4).flat_map(|number| talk.world.comments(REPOSITORY, number)).collect();
    let changes = talk.world.requests().into_iter().filter(|request| request.method == "PATCH");
    let mut seen = 0;
    for request in changes {
        seen += 1;
        let last = request.path.rsplit('/').next().unwrap_or_default().parse::<i64>().unwrap();
        let body = request.body.unwrap_or_default();
        match request.path.contains("/issues/comments/") {
            true => assert_eq!(comments.iter().find(|one| one.id == last).map(|one| &one.author), Some(&bot)),
            false => assert!(
                last > 2 && body.get("body").is_none() && body.get("title").is_none(),
                "{last}: {body}"
            ),
        }
    }
    assert!(seen > 0, "the undoing has closed what nobody touched");
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
