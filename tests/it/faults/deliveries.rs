//! Deliveries that come twice, under two names, or from ourselves.

use millwright::sandbox::{HookDelivery, HookFault, REPOSITORY};

use super::{at_rest, count, reactions};
use crate::flows::harness::{Setup, Talk, on_both};

/// The last comment event that GitHub sent.
fn last_comment(talk: &Talk) -> HookDelivery {
    talk.world.webhook_log().into_iter().find(|sent| sent.event == "issue_comment").unwrap()
}

#[tokio::test]
async fn f10_fifty_deliveries_of_one_guid_at_once_make_one_job() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.says("ada", 2, "No command.").await;
        let sent = last_comment(&talk);
        let mut payload = (*sent.payload).clone();
        payload["comment"]["body"] = "/enhance".into();
        let posts = (0..50).map(|_| talk.deliver("issue_comment", "one-guid", &payload));
        let statuses = futures_util::future::join_all(posts).await;
        assert!(statuses.iter().all(|status| [200, 202].contains(status)), "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 202).count(), 1);
        let jobs = talk.app.ctx.store.jobs().of_delivery("one-guid").await.unwrap();
        assert_eq!(jobs.len(), 1);
        talk.work_through().await;
        assert_eq!(talk.answers(2).len(), 1);
        at_rest(&talk, 0).await;
    })
    .await;
}

#[tokio::test]
async fn f10_what_github_sends_twice_is_worked_off_once() {
    let talk = Talk::begin().await;
    talk.world.faults().add_for_webhooks("issue_comment", 1, HookFault::Duplicate);
    talk.says("ada", 2, "/enhance").await;
    talk.work_through().await;
    assert_eq!(talk.answers(2).len(), 1);
    assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), 1);
}

#[tokio::test]
async fn f11_the_same_event_under_another_guid_has_one_effect() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        let comment = talk.says("ada", 2, "/enhance\n/status").await;
        let sent = last_command(&talk, comment);
        for guid in ["second", "third"] {
            assert_eq!(talk.deliver("issue_comment", guid, &sent.payload).await, 202);
        }
        talk.work_through().await;
        assert_eq!(talk.answers(2).len(), 2, "{:#?}", talk.answers(2));
        assert_eq!(reactions(&talk, 2, comment), ["rocket"]);
        at_rest(&talk, 0).await;
    })
    .await;
}

fn last_command(talk: &Talk, comment: i64) -> HookDelivery {
    let log = talk.world.webhook_log();
    log.into_iter().find(|sent| sent.payload["comment"]["id"] == comment).unwrap()
}

#[tokio::test]
async fn f26_what_we_and_other_bots_write_starts_nothing() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.says("ada", 2, "/enhance").await;
        let ours = talk.world.comments(REPOSITORY, 2).pop().unwrap();
        let said = last_command(&talk, ours.id);
        let asked = talk.world.requests().len();
        for round in 0..100 {
            // Each of our comments is answered by a bot that quotes the commands in it, and sent to us again with a command.
            talk.says("helper[bot]", 2, &format!("/approve 1\n\n@millwright enhance {round}")).await;
            let mut echo = (*said.payload).clone();
            echo["comment"]["body"] = format!("/approve 1 {round}").into();
            assert_eq!(talk.deliver("issue_comment", &format!("echo-{round}"), &echo).await, 202);
        }
        talk.work_through().await;
        assert_eq!(talk.answers(2).len(), 1);
        let writes = talk.world.requests()[asked..].iter().filter(|request| request.method != "GET").count();
        assert_eq!(writes, 0, "not even a reaction");
        at_rest(&talk, 0).await;
    })
    .await;
}

#[tokio::test]
async fn f26_an_edit_that_keeps_the_command_keeps_its_effect() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        let comment = talk.says("ada", 2, "/enhance").await;
        for text in ["Please:\n\n/enhance", "/enhance\n\nThank you", "/ENHANCE"] {
            talk.world.act_as("ada").edit_comment(REPOSITORY, comment, text).unwrap();
            talk.work_through().await;
        }
        assert_eq!(talk.answers(2).len(), 1);
        talk.world.act_as("ada").edit_comment(REPOSITORY, comment, "/enhance\n/status").unwrap();
        talk.work_through().await;
        assert_eq!(talk.answers(2).len(), 2, "a command that is new in the edit runs");
        at_rest(&talk, 0).await;
    })
    .await;
}
