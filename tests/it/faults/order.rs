//! Events out of order: what we remember ends as GitHub shows it.

use std::pin::pin;

use millwright::ctx::crash::CrashPoints;
use millwright::domain::ids::{IssueNumber, RepoId};
use millwright::queue::Step;
use millwright::sandbox::{Deliverer, Effect, Fault, Gate, REPOSITORY};
use millwright::store::WorkItemState;

use super::at_rest;
use crate::flows::harness::{Restart, Setup, Talk, on_both};

/// All orders of `0..count`.
fn permutations(count: usize) -> Vec<Vec<usize>> {
    let insert = |orders: Vec<Vec<usize>>, next| {
        let longer = |order: &Vec<usize>, at| {
            let mut longer = order.clone();
            longer.insert(at, next);
            longer
        };
        orders.iter().flat_map(|order| (0..=order.len()).map(move |at| longer(order, at))).collect()
    };
    (0..count).fold(vec![vec![]], insert)
}

#[tokio::test]
async fn f12_events_of_a_work_item_in_any_order_end_as_github_shows_it() {
    let talk = Talk::begin().await;
    talk.says("ada", 2, "/enhance").await;
    talk.says("ada", 2, "/approve 1").await;
    let ada = talk.world.act_as("ada");
    let seen = talk.world.webhook_log().len();
    for act in 0..4 {
        if act % 2 == 0 { ada.close(REPOSITORY, 3).unwrap() } else { ada.reopen(REPOSITORY, 3).unwrap() }
    }
    ada.close(REPOSITORY, 3).unwrap();
    talk.work_through().await;
    let log = talk.world.webhook_log();
    let events =
        log[..log.len() - seen].iter().filter(|sent| sent.event == "issues").cloned().collect::<Vec<_>>();
    assert_eq!(events.len(), 5);
    let store = talk.app.ctx.store.repo(RepoId(talk.world.repository_id(REPOSITORY).unwrap()));
    for (round, order) in permutations(events.len()).iter().enumerate() {
        for at in order {
            let guid = format!("{round}-{at}");
            assert_eq!(talk.deliver("issues", &guid, &events[*at].payload).await, 202);
        }
        talk.work().await;
        let item = store.work_items().by_issue(IssueNumber(3)).await.unwrap().unwrap();
        assert_eq!(item.state, WorkItemState::Closed, "{order:?}");
    }
    at_rest(&talk, 0).await;
}

#[tokio::test]
async fn f12_events_of_a_repository_newest_first_do_not_make_us_deaf() {
    let talk = Talk::begin().await;
    let id = talk.world.installation_id(REPOSITORY).unwrap();
    let ada = talk.world.act_as("ada");
    talk.world.suspend_installation(id).unwrap();
    talk.world.unsuspend_installation(id).unwrap();
    talk.world.remove_from_installation(id, &[REPOSITORY]).unwrap();
    talk.world.add_to_installation(id, &[REPOSITORY]).unwrap();
    ada.rename_repository(REPOSITORY, "site").unwrap();
    ada.comment("acme/site", 2, "/enhance").unwrap();
    talk.world.faults().reverse_webhooks(1);
    talk.work_through().await;
    // The last thing we heard was old news: the next command works all the same.
    ada.comment("acme/site", 2, "/status").unwrap();
    talk.work_through().await;
    let bot = format!("{}[bot]", talk.world.app().slug);
    let comments = talk.world.comments("acme/site", 2);
    assert!(
        comments.iter().filter(|comment| comment.author.as_deref() == Some(&bot)).count() >= 1,
        "{comments:#?}"
    );
}

/// When the event of the closing that `/undo` itself has made is worked off.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Told {
    Before,
    /// It has looked before `/undo` writes down what it took back, and writes after that.
    Across,
}

#[tokio::test]
async fn f12_an_undoing_and_the_event_of_its_own_closing_end_the_same_in_any_order() {
    on_both(async |setup: Setup| {
        let mut talk = Talk::with(setup).await;
        for (told, number) in [(Told::Before, 3), (Told::Across, 5)] {
            let approve = if told == Told::Before { "/enhance\n/approve 1" } else { "/approve 1" };
            talk.says("ada", 2, approve).await;
            let (crash, pause) = CrashPoints::pause_at("after_remote_id_before_done:closing");
            talk.restart(Restart { variables: &[], crash: crash.time(1) }).await;
            let other = talk.second_instance().await;
            talk.says_and_leaves("ada", 2, "/undo");
            let mut undoing = pin!(talk.work());
            tokio::select! {
                biased;
                () = pause.reached.notified() => {}
                () = &mut undoing => panic!("nothing was closed"),
            }
            let gate = Gate::default();
            let path = format!("/repos/acme/web/issues/{number}");
            let looks = || talk.world.requests().iter().filter(|request| request.path == path).count();
            let before = looks();
            talk.world.faults().add(Fault::on("GET", &path, Effect::Hold(gate.clone())));
            Deliverer::default().deliver_pending(&talk.world).await;
            let hears = async { while let Step::Worked = other.step().await.unwrap() {} };
            let mut hears = pin!(hears);
            if told == Told::Before {
                gate.open();
                hears.as_mut().await;
            } else {
                let waits = async {
                    while looks() == before {
                        tokio::task::yield_now().await;
                    }
                };
                tokio::select! {
                    () = &mut hears => panic!("it did not look"),
                    () = waits => {}
                }
            }
            pause.go_on.notify_one();
            undoing.await;
            if told == Told::Across {
                gate.open();
                hears.await;
            }
            talk.world.faults().clear();
            let item = talk.store().work_items().by_issue(IssueNumber(number)).await.unwrap().unwrap();
            assert_eq!(item.state, WorkItemState::Undone, "{told:?}");
            talk.work_through().await;
            at_rest(&talk, 0).await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_asked_during_a_pause_is_done_in_the_order_of_asking() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        let switches = || talk.app.ctx.store.switches();
        switches().pause_writes().await.unwrap();
        talk.says_unanswered("tess", 2, "/enhance").await;
        talk.says_unanswered("walt", 2, "/approve 1").await;
        talk.minutes_pass(120).await;
        assert_eq!(talk.answers(2), [""; 0]);
        switches().resume_writes().await.unwrap();
        talk.work().await;
        let answers = talk.answers(2);
        assert!(answers.len() == 2 && answers[1].starts_with("**Rev 1 is approved"), "{answers:#?}");
        at_rest(&talk, 0).await;
    })
    .await;
}

#[tokio::test]
async fn a_command_that_was_paused_in_the_middle_is_done_before_the_one_that_comes_after_the_pause() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.says_and_leaves("tess", 2, "/enhance");
        Deliverer::default().deliver_pending(&talk.world).await;
        assert_eq!(talk.worker.step().await.unwrap(), Step::Worked, "it is taken on");
        talk.app.ctx.store.switches().pause_writes().await.unwrap();
        talk.work().await;
        assert_eq!(talk.answers(2), [""; 0]);
        talk.hand.advance_ms(10_000);
        talk.app.ctx.store.switches().resume_writes().await.unwrap();
        talk.says("walt", 2, "/approve 1").await;
        let answers = talk.answers(2);
        assert!(answers.len() == 2 && answers[1].starts_with("**Rev 1 is approved"), "{answers:#?}");
        at_rest(&talk, 0).await;
    })
    .await;
}
