//! Receipts: one reaction tells how a comment stands, also when that changes later.

use millwright::sandbox::{Effect, Fault, FaultAnswer, REPOSITORY, Role, When};
use millwright::triggers::run_command;

use super::harness::Talk;

/// `text` whose `nth` answer GitHub refuses: its command fails, and is queued again as `replay --apply` does it.
async fn fails_and_is_queued_again(talk: &Talk, text: &str, nth: u32) -> i64 {
    let path = "/repos/acme/web/issues/2/comments";
    let refused = Fault::on("POST", path, Effect::Answer(FaultAnswer::status(422))).when(When::Nth(nth));
    talk.world.faults().add(refused);
    let comment = talk.says("walt", 2, text).await;
    assert_eq!(talk.reactions(2, comment), ["confused"]);
    talk.world.faults().clear();
    let store = &talk.app.ctx.store;
    let dead = store.jobs().dead_list(10).await.unwrap();
    assert_eq!(dead.len(), 1);
    assert!(run_command::retry(store, &dead[0]).await.unwrap());
    talk.work_through().await;
    comment
}

#[tokio::test]
async fn a_command_that_goes_well_in_the_end_is_no_longer_confusing() {
    let talk = Talk::begin().await;
    let comment = fails_and_is_queued_again(&talk, "/enhance", 1).await;
    assert!(talk.last(2).contains("rev 1 ·"), "{}", talk.last(2));
    assert_eq!(talk.reactions(2, comment), ["rocket"]);
    talk.end().await;
}

#[tokio::test]
async fn what_was_refused_beside_it_stays_refused() {
    let talk = Talk::begin().await;
    let comment = fails_and_is_queued_again(&talk, "/aprove 1\n/enhance", 2).await;
    assert_eq!(talk.reactions(2, comment), ["confused"]);
    talk.end().await;
}

#[tokio::test]
async fn who_got_the_role_meanwhile_is_heard_when_github_tells_it_again() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    let comment = talk.says("tess", 2, "/approve 1").await;
    assert_eq!(talk.reactions(2, comment), ["confused"]);
    talk.world.act_as("ada").set_role(REPOSITORY, "tess", Role::Write).unwrap();
    talk.minutes_pass(2).await;
    let log = talk.world.webhook_log();
    let sent = log
        .iter()
        .rfind(|sent| sent.event == "issue_comment" && sent.payload["comment"]["id"] == comment)
        .unwrap();
    assert_eq!(talk.deliver("issue_comment", "again", &sent.payload).await, 202);
    talk.work_through().await;
    assert!(talk.last(2).starts_with("**Rev 1 is approved"), "{}", talk.last(2));
    assert_eq!(talk.reactions(2, comment), ["rocket"]);
    talk.end().await;
}
