//! What a plan is made from: sizes out of commits, the state of issues that come first, calls within the budget.

use millwright::sandbox::{NewIssue, REPOSITORY, World};

use super::harness::{Setup, Talk};

/// Nine closed issues, each with a commit that names it.
fn with_history(world: &World) {
    for at in 0..9 {
        let title = format!("Sign in, part {at}");
        let number =
            world.add_issue(REPOSITORY, "walt", NewIssue { title, ..NewIssue::default() }).unwrap();
        let walt = world.act_as("walt");
        let text = format!("pub fn part_{at}() {{}}\n").repeat(30 + at);
        let message = format!("Sign in, part {at}\n\nFixes #{number}");
        walt.push(REPOSITORY, &message, &[(&format!("src/part{at}.rs"), Some(&text))]).unwrap();
        walt.close(REPOSITORY, number).unwrap();
    }
}

fn reads(talk: &Talk) -> usize {
    let requests = talk.world.requests();
    requests.iter().filter(|request| request.method == "GET" || request.path == "/graphql").count()
}

#[tokio::test]
async fn closed_issues_and_their_commits_give_the_size() {
    let talk = Talk::with(Setup { furnish: with_history, ..Setup::default() }).await;
    talk.work().await;
    let before = reads(&talk);
    let plan = talk.asks("tess", 2, "/enhance").await;
    assert!(reads(&talk) - before <= 40, "{} reads", reads(&talk) - before);
    assert!(!plan.contains("prior"), "{plan}");
    let why = talk.asks("stan", 2, "/why size").await;
    let first = why.lines().filter(|line| line.starts_with("- 1: ")).collect::<Vec<_>>();
    insta::assert_snapshot!(first.join("\n"), @"");
    talk.end().await;
}

#[tokio::test]
async fn an_issue_that_comes_first_and_is_not_there_is_asked_for() {
    let furnish = |world: &World| {
        let body = "Depends on #99\n\n- [ ] `src/auth.rs` must answer 429 after 5 tries\n";
        let new = NewIssue {
            title: "Limit the tries".to_owned(),
            body: Some(body.to_owned()),
            ..NewIssue::default()
        };
        world.add_issue(REPOSITORY, "walt", new).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    insta::assert_snapshot!(talk.asks("tess", 3, "/enhance").await, @"");
    insta::assert_snapshot!(talk.asks("tess", 3, "/why rules").await, @"");
    let revised = talk.asks("tess", 3, "/revise 1: #1").await;
    insta::assert_snapshot!(revised.lines().next().unwrap(), @"");
    talk.end().await;
}

#[tokio::test]
async fn an_issue_that_comes_first_and_is_closed_does_not_hold_up() {
    let furnish = |world: &World| world.act_as("walt").close(REPOSITORY, 1).unwrap();
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    talk.work().await;
    let plan = talk.asks("tess", 2, "/enhance").await;
    assert!(!plan.contains("waits for #1") && !plan.contains("state not known"), "{plan}");
    talk.end().await;
}
