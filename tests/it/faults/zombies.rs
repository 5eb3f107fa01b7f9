//! F25: a worker past its lease writes nothing, whatever it was about to write.

use std::pin::pin;

use millwright::ctx::crash::{CrashPoints, Pause};
use millwright::queue::Step;
use millwright::sandbox::{Deliverer, IssueEdit, REPOSITORY};

use super::{at_rest, reactions};
use crate::flows::harness::{Restart, Talk};

const LEASE: [(&str, &str); 1] = [("MILLWRIGHT_LEASE_MS", "1000")];

/// Lets a worker of this process work until it pauses, lets another process finish its work, and lets it go on then. Whether it
/// paused at all.
async fn away(talk: &mut Talk, pause: Pause, what: &str) -> bool {
    let zombie = talk.app.worker("zombie");
    let _alive = talk.app.ctx.clone();
    Deliverer::default().deliver_pending(&talk.world).await;
    let work = async { while let Step::Worked = zombie.step().await.unwrap() {} };
    let mut work = pin!(work);
    tokio::select! {
        biased;
        () = pause.reached.notified() => {}
        () = &mut work => return false,
    }
    talk.restart(Restart { variables: &LEASE, ..Restart::default() }).await;
    talk.hand.advance_ms(1_001);
    talk.work_through().await;
    let before = talk.world.requests().len();
    pause.go_on.notify_one();
    work.await;
    let after = talk.world.requests().split_off(before);
    assert!(after.is_empty(), "{what}: {after:#?}");
    true
}

/// Tries every write of `command` in turn, behind what was said before it; there are at least so many.
async fn every_write(before: &[&str], command: &str, least: usize) {
    for time in 1.. {
        let mut talk = Talk::begin().await;
        for said in before {
            talk.says("ada", 2, said).await;
        }
        if command == "/enhance" {
            // Another text, so that there is an earlier revision to fold away.
            let body = Some(Some("- [ ] `src/auth.rs` must answer 429\n".to_owned()));
            let edit = IssueEdit { body, ..IssueEdit::default() };
            talk.world.act_as("ada").edit_issue(REPOSITORY, 2, edit).unwrap();
        }
        let (crash, pause) = CrashPoints::pause_at("before_write");
        talk.restart(Restart { variables: &LEASE, crash: crash.time(time) }).await;
        let comment = talk.world.act_as("ada").comment(REPOSITORY, 2, command).unwrap();
        let paused = away(&mut talk, pause, &format!("{command}, write {time}")).await;
        assert_eq!(reactions(&talk, 2, comment), ["rocket"], "{command}, write {time}");
        at_rest(&talk, 0).await;
        if !paused {
            assert!(time > least, "{command} makes {least} writes or more, not {}", time - 1);
            return;
        }
    }
}

#[tokio::test]
async fn f25_no_write_of_a_plan_leaves_after_the_lease() {
    every_write(&["/enhance"], "/enhance", 5).await;
}

#[tokio::test]
async fn f25_no_write_of_an_approval_leaves_after_the_lease() {
    every_write(&["/enhance"], "/approve 1", 11).await;
}

#[tokio::test]
async fn f25_no_write_of_an_undoing_leaves_after_the_lease() {
    every_write(&["/enhance", "/approve 1"], "/undo", 6).await;
}

#[tokio::test]
async fn f25_no_edit_leaves_after_the_lease() {
    let mut talk = Talk::begin().await;
    talk.says("ada", 2, "/enhance").await;
    talk.says("ada", 2, "/approve 1").await;
    let (crash, reached) = CrashPoints::freeze_at("after_post_before_remote_id");
    talk.restart(Restart { variables: &LEASE, crash }).await;
    let comment = talk.world.act_as("ada").comment(REPOSITORY, 2, "/items").unwrap();
    talk.work_until(&reached).await;
    // The answer that is there is out of date by the time it is found.
    talk.world.act_as("ada").close(REPOSITORY, 3).unwrap();
    let (crash, pause) = CrashPoints::pause_at("before_write");
    talk.restart(Restart { variables: &LEASE, crash }).await;
    talk.hand.advance_ms(20_000);
    assert!(away(&mut talk, pause, "editing").await);
    assert!(talk.last(2).contains("1 of 2 work items is open"), "{}", talk.last(2));
    assert_eq!(talk.requested("PATCH", "/repos/acme/web/issues/comments/*"), 1);
    assert_eq!(reactions(&talk, 2, comment), ["rocket"]);
    at_rest(&talk, 0).await;
}
