//! `/stop` and `/continue` that are cut off anywhere: what they change is changed once and whole, and the answer is the same.

use std::sync::Arc;

use millwright::ctx::crash::CrashPoints;
use millwright::domain::ids::IssueNumber;
use millwright::sandbox::{Effect, Fault, FaultAnswer, REPOSITORY, When};
use millwright::store::RunState;
use tokio::sync::Notify;

use super::{at_rest, count, reactions};
use crate::flows::harness::{Restart, Setup, Talk, on_both};

const LEASE: [(&str, &str); 1] = [("MILLWRIGHT_LEASE_MS", "1000")];

const STOPPED: &str = "Stopped `/enhance`; `/continue` goes on with it.";
const GOING_ON: &str = "Going on with `/enhance`.";

/// Every gap between two steps, from taking the command on to its last receipt.
fn gaps() -> Vec<(String, CrashPoints, Arc<Notify>)> {
    let points = [
        ("mid_claim", 1..=2),
        ("after_decision", 1..=1),
        ("after_intent", 1..=1),
        ("before_write", 1..=5),
        ("after_post_before_remote_id", 1..=1),
        ("after_remote_id_before_done", 1..=1),
        ("after_post_before_remote_id:reaction", 1..=2),
    ];
    let every = points.into_iter().flat_map(|(point, times)| times.map(move |time| (point, time)));
    every
        .map(|(point, time)| {
            let (crash, reached) = CrashPoints::freeze_at(point);
            (format!("{point} {time}"), crash.time(time), reached)
        })
        .collect()
}

/// `/enhance` waits for a GitHub that does not answer.
async fn waiting(setup: Setup) -> (Talk, i64) {
    let talk = Talk::with(setup).await;
    let down = Effect::Answer(FaultAnswer::status(502));
    talk.world.faults().add(Fault::on("GET", "/repos/acme/web/git/**", down));
    let comment = talk.says("tess", 2, "/enhance").await;
    assert_eq!(reactions(&talk, 2, comment), ["eyes"]);
    (talk, comment)
}

async fn runs(talk: &Talk) -> Vec<RunState> {
    let runs = talk.store().runs().of_issue(IssueNumber(2)).await.unwrap();
    runs.iter().map(|run| run.state).collect()
}

/// The process ends in the gap, and another one goes on a second later.
async fn cut_off(talk: &mut Talk, (crash, reached): (CrashPoints, &Notify), command: &str) -> i64 {
    talk.restart(Restart { variables: &LEASE, crash }).await;
    let comment = talk.world.act_as("walt").comment(REPOSITORY, 2, command).unwrap();
    talk.work_until(reached).await;
    talk.restart(Restart { variables: &LEASE, ..Restart::default() }).await;
    talk.hand.advance_ms(1_001);
    talk.work_through().await;
    comment
}

#[tokio::test]
async fn f1_a_stop_that_is_cut_off_anywhere_says_what_it_stopped() {
    for (gap, crash, reached) in gaps() {
        let (mut talk, asked) = waiting(Setup::default()).await;
        let comment = cut_off(&mut talk, (crash, &reached), "/stop").await;
        assert_eq!(talk.answers(2), [STOPPED], "{gap}");
        assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), 1, "{gap}");
        assert_eq!(runs(&talk).await, [RunState::Stopped], "{gap}");
        assert_eq!(reactions(&talk, 2, asked), [""; 0], "{gap}");
        assert_eq!(reactions(&talk, 2, comment), ["rocket"], "{gap}");
        at_rest(&talk, 0).await;
    }
}

#[tokio::test]
async fn f1_a_continue_that_is_cut_off_anywhere_says_what_goes_on() {
    for (gap, crash, reached) in gaps() {
        let (mut talk, asked) = waiting(Setup::default()).await;
        talk.says("walt", 2, "/stop").await;
        talk.world.faults().clear();
        let comment = cut_off(&mut talk, (crash, &reached), "/continue").await;
        let answers = talk.answers(2);
        assert_eq!(answers.iter().filter(|answer| *answer == GOING_ON).count(), 1, "{gap}: {answers:#?}");
        assert_eq!(answers.iter().filter(|answer| answer.contains("rev 1 ·")).count(), 1, "{gap}");
        assert_eq!(answers.len(), 3, "{gap}: {answers:#?}");
        assert_eq!(runs(&talk).await, [RunState::Done], "{gap}");
        assert_eq!(reactions(&talk, 2, asked), ["rocket"], "{gap}");
        assert_eq!(reactions(&talk, 2, comment), ["rocket"], "{gap}");
        at_rest(&talk, 0).await;
    }
}

#[tokio::test]
async fn f3_a_stop_and_a_continue_whose_answer_github_refuses_once_say_the_same() {
    on_both(async |setup: Setup| {
        let path = "/repos/*/*/issues/*/comments";
        let (talk, _) = waiting(setup).await;
        let fails = || Fault::on("POST", path, Effect::Answer(FaultAnswer::status(503))).when(When::First(1));
        talk.world.faults().add(fails());
        talk.says("walt", 2, "/stop").await;
        assert_eq!(talk.answers(2), [""; 0], "it could not be said");
        assert_eq!(runs(&talk).await, [RunState::Stopped], "and is done all the same");
        talk.work_through().await;
        assert_eq!(talk.answers(2), [STOPPED]);
        talk.world.faults().clear();
        talk.world.faults().add(fails());
        talk.says("walt", 2, "/continue").await;
        talk.work_through().await;
        let answers = talk.answers(2);
        assert_eq!(answers.iter().filter(|answer| *answer == GOING_ON).count(), 1, "{answers:#?}");
        assert_eq!((answers.len(), runs(&talk).await), (3, vec![RunState::Done]));
        at_rest(&talk, 0).await;
    })
    .await;
}
