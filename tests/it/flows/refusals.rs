//! Who may not is told so once, kindly.

use millwright::domain::ids::IssueNumber;
use millwright::sandbox::{Effect, Fault, FaultAnswer, FaultHeader, REPOSITORY, Role};

use super::harness::Talk;

#[tokio::test]
async fn one_kind_sentence_per_person_and_issue() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("rita", 2, "/enhance").await, @"Somebody with triage access has to run `/enhance` here; nothing is wrong with your issue.");
    for text in ["/enhance", "/approve 1", "/stop"] {
        let comment = talk.says_unanswered("rita", 2, text).await;
        assert_eq!(talk.reactions(2, comment), ["confused"], "{text}");
    }
    insta::assert_snapshot!(talk.asks("stan", 2, "/approve 1").await, @"Somebody with write access has to run `/approve` here; nothing is wrong with this issue.");
    let elsewhere = talk.asks("rita", 1, "/undo").await;
    assert!(elsewhere.starts_with("Somebody with write access has to run `/undo`"), "{elsewhere}");
    talk.end().await;
}

#[tokio::test]
async fn every_command_that_writes_needs_its_role() {
    let talk = Talk::begin().await;
    for (issue, command) in [(1, "/approve 1"), (2, "/undo")] {
        let answer = talk.asks("tess", issue, command).await;
        assert!(answer.starts_with("Somebody with write access has to run"), "{command}: {answer}");
    }
    for command in ["/stop", "/continue", "/undo --dry-run"] {
        let comment = talk.says_unanswered("tess", 2, command).await;
        assert_eq!(talk.reactions(2, comment), ["confused"], "{command}");
    }
    talk.end().await;
}

#[tokio::test]
async fn a_role_that_was_taken_away_counts_within_a_minute() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.world.act_as("ada").set_role(REPOSITORY, "tess", Role::Read).unwrap();
    talk.minutes_pass(1).await;
    let answer = talk.asks("tess", 2, "/enhance").await;
    assert!(answer.starts_with("Somebody with triage access has to run"), "{answer}");
    talk.end().await;
}

#[tokio::test]
async fn what_github_refuses_is_told_with_what_would_mend_it() {
    let talk = Talk::begin().await;
    let refusal = FaultAnswer::status(403);
    talk.world.faults().add(Fault::on("GET", "/repos/acme/web/git/**", Effect::Answer(refusal)));
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance").await, @"`/enhance` did not go through: GitHub answered `GET /repos/acme/web/git/trees/9fd9cd0568182dd2a17c72cafe76336540fa3136` with 403, “An answer made up by a fault”. An administrator can check the App's permissions in this repository's settings; then the command works again.");
    talk.rests(1).await;
    talk.holds();
}

#[tokio::test]
async fn a_permission_that_the_app_lacks_is_named() {
    let talk = Talk::begin().await;
    let needed = FaultHeader::Text("contents=read".to_owned());
    let refusal = FaultAnswer::status(403).header("x-accepted-github-permissions", needed);
    talk.world.faults().add(Fault::on("GET", "/repos/acme/web/git/**", Effect::Answer(refusal)));
    let answer = talk.asks("tess", 2, "/enhance").await;
    let (_, mend) = answer.split_once("”. ").unwrap();
    insta::assert_snapshot!(mend, @"The App's owner has to ask for `contents=read`, and an administrator here to accept it; then the command works again.");
    let dead = talk.store().commands().of_issue(IssueNumber(2)).await.unwrap().remove(0);
    let note = dead.note.unwrap();
    assert!(
        note.contains("403: An answer made up by a fault; it takes the permission contents=read"),
        "{note}"
    );
    talk.rests(1).await;
    talk.holds();
}
