//! What is a command, and what is left alone.

use millwright::domain::ids::IssueNumber;
use millwright::sandbox::{Effect, Fault, FaultAnswer, NewIssue, REPOSITORY, World};

use super::harness::{Setup, Talk};

#[tokio::test]
async fn the_receipt_is_eyes_and_then_one_rocket() {
    let talk = Talk::begin().await;
    let comment = talk.says("tess", 2, "/enhance").await;
    assert_eq!(talk.reactions(2, comment), ["rocket"]);
    let path = format!("/repos/acme/web/issues/comments/{comment}/reactions");
    assert_eq!(talk.requested("POST", &path), 2);
    let refused = talk.says("walt", 2, "/approve 9").await;
    assert_eq!(talk.reactions(2, refused), ["confused"]);
    talk.end().await;
}

#[tokio::test]
async fn several_commands_run_in_order_and_share_one_receipt() {
    let talk = Talk::begin().await;
    let comment = talk.says("walt", 2, "Here we go.\n\n/enhance\n/approve 1\n/items\n/why R1\n").await;
    let answers = talk.answers(2);
    let heads = answers.iter().map(|answer| answer.lines().next().unwrap_or_default());
    insta::assert_snapshot!(heads.collect::<Vec<_>>().join("\n"), @"
    **Plannable as 2 small pull requests, one after the other, once #1 (open) is done. Three points are open, with defaults.**
    **Rev 1 is approved: 2 work items are open as sub-issues.**
    **Both work items are open.**
    **R1: “after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429”**
    ");
    assert_eq!(talk.reactions(2, comment), ["rocket"]);
    talk.end().await;
}

#[tokio::test]
async fn what_comes_later_in_a_comment_waits_for_what_comes_before() {
    let talk = Talk::begin().await;
    let down = Effect::Answer(FaultAnswer::status(502));
    talk.world.faults().add(Fault::on("GET", "/repos/acme/web/git/**", down));
    let comment = talk.says_unanswered("walt", 2, "/enhance\n/approve 1\n").await;
    talk.world.faults().clear();
    talk.work_through().await;
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2), [3, 4]);
    assert_eq!(talk.reactions(2, comment), ["rocket"]);
    talk.end().await;
}

#[tokio::test]
async fn one_refused_among_others_leaves_one_reaction() {
    let talk = Talk::begin().await;
    let comment = talk.says("tess", 2, "/approve 1\n/help\n").await;
    assert_eq!(talk.answers(2).len(), 2);
    assert_eq!(talk.reactions(2, comment), ["confused"]);
    let comment = talk.says("tess", 2, "/items\n/undo\n").await;
    assert_eq!(talk.reactions(2, comment), ["confused"]);
    talk.end().await;
}

#[tokio::test]
async fn an_edit_within_ten_minutes_runs_only_what_is_new() {
    let talk = Talk::begin().await;
    let comment = talk.says("walt", 2, "/help").await;
    talk.minutes_pass(9).await;
    let walt = talk.world.act_as("walt");
    walt.edit_comment(REPOSITORY, comment, "/help\n/status").unwrap();
    talk.work().await;
    assert_eq!(talk.answers(2).len(), 2);
    assert!(talk.last(2).starts_with("**There is no plan"), "{}", talk.last(2));
    assert_eq!(talk.reactions(2, comment), ["rocket"]);
    talk.minutes_pass(2).await;
    walt.edit_comment(REPOSITORY, comment, "/help\n/status\n/items").unwrap();
    talk.work().await;
    assert_eq!(talk.answers(2).len(), 2);
    talk.end().await;
}

#[tokio::test]
async fn an_edit_in_time_is_heard_however_late_we_hear_of_it() {
    let talk = Talk::begin().await;
    let comment = talk.says("walt", 2, "/help").await;
    talk.minutes_pass(9).await;
    talk.world.act_as("walt").edit_comment(REPOSITORY, comment, "/help\n/status").unwrap();
    // The delivery waits behind others for an hour.
    talk.minutes_pass(60).await;
    assert_eq!(talk.answers(2).len(), 2);
    assert!(talk.last(2).starts_with("**There is no plan"), "{}", talk.last(2));
    talk.end().await;
}

#[tokio::test]
async fn a_command_that_an_edit_brings_is_as_old_as_the_edit() {
    let talk = Talk::begin().await;
    let comment = talk.says_unanswered("walt", 2, "Let us see.").await;
    talk.asks("tess", 2, "/enhance").await;
    talk.minutes_pass(2).await;
    talk.world.act_as("walt").edit_comment(REPOSITORY, comment, "Let us see.\n\n/approve").unwrap();
    talk.work().await;
    assert!(talk.last(2).starts_with("**Rev 1 is approved"), "{}", talk.last(2));
    talk.end().await;
}

#[tokio::test]
async fn an_edit_by_somebody_else_speaks_for_nobody() {
    let talk = Talk::begin().await;
    let comment = talk.says_unanswered("stan", 2, "Please plan this.").await;
    talk.world.act_as("ada").edit_comment(REPOSITORY, comment, "/enhance").unwrap();
    talk.work().await;
    assert!(talk.answers(2).is_empty());
    let comment = talk.says_unanswered("ada", 2, "Let us wait.").await;
    talk.world.act_as("walt").edit_comment(REPOSITORY, comment, "/enhance").unwrap();
    talk.work().await;
    assert!(talk.answers(2).is_empty());
    talk.end().await;
}

#[tokio::test]
async fn what_is_quoted_shown_or_hidden_is_not_said() {
    let talk = Talk::begin().await;
    for text in [
        "> /enhance",
        "```\n/enhance\n```",
        "    /enhance",
        "`/enhance`",
        "<!-- /enhance -->",
        "<!--\n/enhance\n-->",
        "Try /enhance.",
        "/usr/bin/enhance",
        "//enhance",
    ] {
        let comment = talk.says_unanswered("ada", 2, text).await;
        assert!(talk.reactions(2, comment).is_empty(), "{text}");
    }
    talk.end().await;
}

#[tokio::test]
async fn bots_are_not_answered() {
    let talk = Talk::begin().await;
    talk.says_unanswered("helper[bot]", 2, "/enhance").await;
    // What the bot itself writes comes back to it as a webhook, too.
    talk.asks("tess", 2, "/enhance").await;
    let commands = talk.store().commands().of_issue(IssueNumber(2)).await.unwrap();
    assert_eq!(commands.len(), 1);
    talk.end().await;
}

#[tokio::test]
async fn pull_requests_are_not_answered() {
    let furnish = |world: &World| {
        let new = NewIssue { title: "Count failures".to_owned(), pull_request: true, ..NewIssue::default() };
        world.add_issue(REPOSITORY, "walt", new).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let comment = talk.says_unanswered("ada", 3, "/enhance").await;
    assert!(talk.reactions(3, comment).is_empty());
    talk.end().await;
}

#[tokio::test]
async fn names_that_are_not_ours_are_left_alone() {
    let talk = Talk::begin().await;
    for text in ["/foo", "/lgtm", "/approved-by ada", "/deploy staging"] {
        let comment = talk.says_unanswered("ada", 2, text).await;
        assert!(talk.reactions(2, comment).is_empty(), "{text}");
    }
    talk.end().await;
}

#[tokio::test]
async fn a_slip_of_the_pen_is_pointed_out_to_those_who_mean_us() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhanc").await, @"There is no `/enhanc`. Did you mean `/enhance`? `/help` lists what there is.");
    talk.says_unanswered("rita", 2, "/enhanc").await;
    talk.says_unanswered("ada", 2, "/enhac").await;
    insta::assert_snapshot!(talk.asks("stan", 2, "@millwright enhac").await, @"There is no `@millwright enhac`. Did you mean `/enhance`? `/help` lists what there is.");
    insta::assert_snapshot!(talk.asks("stan", 2, "@millwright deploy").await, @"There is no `@millwright deploy`. `/help` lists what there is.");
    talk.end().await;
}

#[tokio::test]
async fn ten_commands_are_a_comment_and_the_rest_is_said_to_be_left() {
    let talk = Talk::begin().await;
    let each = (1..=12).map(|number| format!("/help {number}\n"));
    talk.says("walt", 2, &each.collect::<String>()).await;
    let answers = talk.answers(2);
    assert_eq!(answers.iter().filter(|answer| answer.starts_with("**What you")).count(), 10);
    insta::assert_snapshot!(answers.iter().find(|answer| !answer.starts_with("**What you")).unwrap(), @"This comment has 12 commands; the first 10 are run, and what follows from line 11 on is not.");
    talk.end().await;
}

#[tokio::test]
async fn a_mention_is_read_like_a_slash() {
    let talk = Talk::begin().await;
    let comment = talk.says("tess", 2, "@Millwright[bot] Enhance").await;
    assert!(talk.last(2).contains("rev 1 ·"), "{}", talk.last(2));
    assert_eq!(talk.reactions(2, comment), ["rocket"]);
    talk.end().await;
}
