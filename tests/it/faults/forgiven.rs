//! Jobs that died of their crashes and are queued again by hand: the answer reaches the issue, and it is there once.

use millwright::ctx::crash::CrashPoints;
use millwright::sandbox::REPOSITORY;
use millwright::triggers::run_command;

use super::{at_rest, count, reactions};
use crate::flows::harness::{Restart, Setup, Talk, on_both};
use crate::store::bench::raw;

/// The lease of a job, and a little more.
const LEASE_IS_OVER_MS: i64 = 60_001;

/// The command's attempts are used up but for the last two.
const TWO_ARE_LEFT: &str =
    "UPDATE jobs SET attempts = max_attempts - 2 WHERE name = 'run_command.v1' AND state = 'running'";

/// This attempt is its last.
const NONE_IS_LEFT: &str =
    "UPDATE jobs SET attempts = max_attempts WHERE name = 'run_command.v1' AND state = 'running'";

/// The last attempt of a command is there to tell that it failed.
#[derive(Debug, Clone, Copy, PartialEq)]
enum LastWord {
    Said,
    /// The process ends before it can be said.
    CutOff,
}

/// Every attempt ends in a crash, the last but one at `point`; the job is dead.
async fn dies_at(talk: &mut Talk, (point, command): (&str, &str), last: LastWord) -> i64 {
    // The first one to pass there is the job that reads the delivery.
    let (crash, reached) = CrashPoints::freeze_at("mid_claim");
    talk.restart(Restart { variables: &[], crash: crash.time(2) }).await;
    let comment = talk.world.act_as("ada").comment(REPOSITORY, 2, command).unwrap();
    talk.work_until(&reached).await;
    raw(&talk.database, TWO_ARE_LEFT).await;
    talk.hand.advance_ms(LEASE_IS_OVER_MS);
    let (crash, reached) = CrashPoints::freeze_at(point);
    talk.restart(Restart { variables: &[], crash }).await;
    talk.work_until(&reached).await;
    if last == LastWord::CutOff {
        raw(&talk.database, NONE_IS_LEFT).await;
    }
    talk.hand.advance_ms(LEASE_IS_OVER_MS);
    talk.restart(Restart::default()).await;
    talk.work_through().await;
    comment
}

/// As `millwright replay JOB --apply` does it.
async fn forgive(talk: &Talk) {
    let store = &talk.app.ctx.store;
    let dead = store.jobs().dead_list(10).await.unwrap();
    let [job] = dead.as_slice() else { panic!("one job was to be dead: {dead:#?}") };
    assert!(run_command::retry(store, job).await.unwrap());
    talk.work_through().await;
}

async fn answered_once(talk: &mut Talk, tried: (&str, &str), last: LastWord) {
    let (point, command) = tried;
    let is_approval = command.starts_with("/approve");
    if is_approval {
        talk.says("ada", 2, "/enhance").await;
    }
    let before = talk.answers(2).len();
    let comment = dies_at(talk, tried, last).await;
    at_rest(talk, 1).await;
    match last {
        LastWord::Said => {
            assert!(talk.last(2).contains("did not go through"), "{tried:?}: {}", talk.last(2));
            assert_eq!(reactions(talk, 2, comment), ["confused"], "{tried:?}");
        }
        LastWord::CutOff => assert_ne!(reactions(talk, 2, comment), ["rocket"], "{tried:?}"),
    }
    forgive(talk).await;
    assert_eq!(talk.answers(2).len(), before + 1, "{tried:?} {last:?}: {:#?}", talk.answers(2));
    // A plan is a comment of its own, and the one that told of the failure is taken back; any other answer takes its place.
    let told = usize::from(last == LastWord::Said && !is_approval);
    assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), before + 1 + told, "{tried:?} {last:?}");
    let answer = if is_approval { "Rev 1 is approved: 2 work items" } else { "rev 1 ·" };
    assert!(talk.last(2).contains(answer), "{tried:?} {last:?}: {}", talk.last(2));
    assert_eq!(reactions(talk, 2, comment), ["rocket"], "{tried:?} {last:?}");
    let items = if is_approval { 2 } else { 0 };
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2).len(), items, "{tried:?} {last:?}");
    assert_eq!(count(&talk.world, "POST", "/acme/web/issues"), items, "{point} {last:?}");
    at_rest(talk, 0).await;
}

#[tokio::test]
async fn f1_the_answer_of_a_dead_job_that_is_forgiven_reaches_the_issue_once() {
    for last in [LastWord::Said, LastWord::CutOff] {
        for tried in [
            ("mid_claim", "/enhance"),
            ("after_intent", "/enhance"),
            ("before_write", "/enhance"),
            ("after_post_before_remote_id", "/enhance"),
            ("after_remote_id_before_done", "/enhance"),
            ("after_decision", "/approve 1"),
            ("after_intent", "/approve 1"),
            ("after_post_before_remote_id", "/approve 1"),
            ("after_remote_id_before_done", "/approve 1"),
            ("after_post_before_remote_id:link", "/approve 1"),
        ] {
            answered_once(&mut Talk::begin().await, tried, last).await;
        }
    }
}

/// On both databases, at the point that is hardest to come back from.
#[tokio::test]
async fn f1_a_forgiven_job_finds_the_comment_that_its_earlier_life_has_sent() {
    on_both(async |setup: Setup| {
        let mut talk = Talk::with(setup).await;
        answered_once(&mut talk, ("after_post_before_remote_id", "/enhance"), LastWord::CutOff).await;
    })
    .await;
}
