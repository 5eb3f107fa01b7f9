//! F25: a worker past its lease writes nothing, whatever it was about to write. What had left when its lease was looked at comes
//! too late, and is taken back.

use std::pin::pin;

use millwright::ctx::crash::{CrashPoints, Pause};
use millwright::queue::Step;
use millwright::sandbox::{Deliverer, Effect, Fault, Gate, IssueEdit, REPOSITORY, Request};

use super::{at_rest, count, reactions};
use crate::flows::harness::{Restart, Setup, Talk, on_both};

const LEASE: [(&str, &str); 1] = [("MILLWRIGHT_LEASE_MS", "1000")];

/// Lets a worker of this process work until it pauses, lets another process finish its work, and lets it go on then. Whether it
/// paused at all, and what it has sent after that.
async fn away(talk: &mut Talk, pause: Pause) -> Option<Vec<Request>> {
    let zombie = talk.app.worker("zombie");
    let _alive = talk.app.ctx.clone();
    Deliverer::default().deliver_pending(&talk.world).await;
    let work = async { while let Step::Worked = zombie.step().await.unwrap() {} };
    let mut work = pin!(work);
    tokio::select! {
        biased;
        () = pause.reached.notified() => {}
        () = &mut work => return None,
    }
    talk.restart(Restart { variables: &LEASE, ..Restart::default() }).await;
    talk.hand.advance_ms(1_001);
    talk.work_through().await;
    let before = talk.world.requests().len();
    pause.go_on.notify_one();
    work.await;
    Some(talk.world.requests().split_off(before))
}

/// Says all of it; before a second plan the issue gets another text, so that there is a revision to fold away.
async fn talk_of(before: &[&str], command: &str) -> Talk {
    let talk = Talk::begin().await;
    for said in before {
        talk.says("ada", 2, said).await;
    }
    if command == "/enhance" {
        let body = Some(Some("- [ ] `src/auth.rs` must answer 429\n".to_owned()));
        let edit = IssueEdit { body, ..IssueEdit::default() };
        talk.world.act_as("ada").edit_issue(REPOSITORY, 2, edit).unwrap();
    }
    talk
}

/// Tries every write of `command` in turn, behind what was said before it; there are at least so many. A worker that stands still
/// in front of the look at its lease sends nothing. One that has looked already sends that one write, and in the end all is as
/// if it had not.
async fn every_write(point: &str, before: &[&str], command: &str, least: usize) {
    let mut expected = talk_of(before, command).await;
    expected.restart(Restart { variables: &LEASE, ..Restart::default() }).await;
    expected.world.act_as("ada").comment(REPOSITORY, 2, command).unwrap();
    expected.work_through().await;
    for time in 1.. {
        let mut talk = talk_of(before, command).await;
        let (crash, pause) = CrashPoints::pause_at(point);
        talk.restart(Restart { variables: &LEASE, crash: crash.time(time) }).await;
        let comment = talk.world.act_as("ada").comment(REPOSITORY, 2, command).unwrap();
        let late = away(&mut talk, pause).await;
        let what = format!("{command}, {point} {time}: {late:#?}");
        match (&late, point) {
            (None, _) => {}
            (Some(late), "before_write") => assert!(late.is_empty(), "{what}"),
            (Some(late), _) => {
                assert_ne!(late[0].method, "GET", "{what}");
                // It may take on the job that takes its write back, and makes nothing else.
                assert!(late[1..].iter().all(|request| request.method != "POST"), "{what}");
            }
        }
        talk.work_through().await;
        assert_eq!(talk.answers(2), expected.answers(2), "{what}");
        assert_eq!(open_issues(&talk), open_issues(&expected), "{what}");
        assert_eq!(talk.world.sub_issues(REPOSITORY, 2), expected.world.sub_issues(REPOSITORY, 2), "{what}");
        assert_eq!(reactions(&talk, 2, comment), ["rocket"], "{what}");
        at_rest(&talk, 0).await;
        if late.is_none() {
            assert!(time > least, "{command} makes {least} writes or more, not {}", time - 1);
            return;
        }
    }
}

fn open_issues(talk: &Talk) -> Vec<(i64, String)> {
    let issues = talk.world.issues(REPOSITORY).into_iter().filter(|issue| issue.open);
    issues.map(|issue| (issue.number, issue.title)).collect()
}

#[tokio::test]
async fn f25_no_write_of_a_plan_leaves_after_the_lease() {
    every_write("before_write", &["/enhance"], "/enhance", 5).await;
}

#[tokio::test]
async fn f25_no_write_of_an_approval_leaves_after_the_lease() {
    every_write("before_write", &["/enhance"], "/approve 1", 11).await;
}

#[tokio::test]
async fn f25_no_write_of_an_undoing_leaves_after_the_lease() {
    every_write("before_write", &["/enhance", "/approve 1"], "/undo", 6).await;
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
    assert_eq!(away(&mut talk, pause).await.unwrap().len(), 0);
    assert!(talk.last(2).contains("1 of 2 work items is open"), "{}", talk.last(2));
    assert_eq!(talk.requested("PATCH", "/repos/acme/web/issues/comments/*"), 1);
    assert_eq!(reactions(&talk, 2, comment), ["rocket"]);
    at_rest(&talk, 0).await;
}

#[tokio::test]
async fn f25_what_a_plan_writes_too_late_is_taken_back() {
    every_write("after_guard", &["/enhance"], "/enhance", 5).await;
}

#[tokio::test]
async fn f25_what_an_approval_writes_too_late_is_taken_back() {
    every_write("after_guard", &["/enhance"], "/approve 1", 11).await;
}

#[tokio::test]
async fn f25_what_an_undoing_writes_too_late_changes_nothing() {
    every_write("after_guard", &["/enhance", "/approve 1"], "/undo", 6).await;
}

/// A worker that comes back with nothing to show must not take the intent from under the one that works in its place: that one
/// is crashed behind its request, and the next one has to know that there is something to look for.
#[tokio::test]
async fn f25_a_late_worker_that_must_wait_takes_nobodys_intent() {
    on_both(async |setup: Setup| {
        let (crash, pause) = CrashPoints::pause_at("after_intent");
        let mut talk = Talk::with(Setup { crash, variables: LEASE.to_vec(), ..setup }).await;
        let comment = talk.world.act_as("ada").comment(REPOSITORY, 2, "/enhance").unwrap();
        let zombie = talk.app.worker("zombie");
        let _alive = talk.app.ctx.clone();
        Deliverer::default().deliver_pending(&talk.world).await;
        let late = async { while let Step::Worked = zombie.step().await.unwrap() {} };
        let mut late = pin!(late);
        tokio::select! {
            biased;
            () = pause.reached.notified() => {}
            () = &mut late => panic!("it was to stand still"),
        }
        let (crash, reached) = CrashPoints::freeze_at("after_post_before_remote_id");
        talk.restart(Restart { variables: &LEASE, crash }).await;
        // The lists are as good as settled by then.
        talk.hand.advance_ms(12_000);
        let gate = Gate::default();
        let hold = Effect::Hold(gate.clone());
        talk.world.faults().add(Fault::on("POST", "/repos/*/*/issues/*/comments", hold));
        {
            let mut work = pin!(talk.work_until(&reached));
            let held = async {
                while count(&talk.world, "POST", "/issues/2/comments") == 0 {
                    tokio::task::yield_now().await;
                }
            };
            tokio::select! {
                () = held => {}
                () = &mut work => panic!("its request was to be held"),
            }
            pause.go_on.notify_one();
            late.await;
            gate.open();
            work.await;
        }
        talk.restart(Restart { variables: &LEASE, ..Restart::default() }).await;
        talk.hand.advance_ms(1_001);
        talk.work_through().await;
        assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), 1);
        assert_eq!(talk.answers(2).len(), 1);
        assert_eq!(reactions(&talk, 2, comment), ["rocket"]);
        at_rest(&talk, 0).await;
    })
    .await;
}
