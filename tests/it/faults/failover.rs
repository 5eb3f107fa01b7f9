//! Two instances on one database: one of them is gone for good, or GitHub is away from both for a minute.

use millwright::ctx::JobCtx;
use millwright::ctx::crash::CrashPoints;
use millwright::queue::{Step, Worker};
use millwright::sandbox::{Deliverer, Effect, Fault, REPOSITORY};
use tokio_util::sync::CancellationToken;

use super::{at_rest, count, reactions};
use crate::flows::harness::{Setup, Talk, on_both};

/// For how long a job belongs to whoever has taken it.
const LEASE_MS: i64 = 60_000;

/// What these workers do at this moment, until nothing is due; how many jobs that were.
async fn work(talk: &Talk, workers: &[&Worker<JobCtx>]) -> (usize, Option<i64>) {
    let deliverer = Deliverer::default();
    let mut worked = 0;
    loop {
        let mut is_idle = deliverer.deliver_pending(&talk.world).await == 0;
        let mut next_ms = None;
        for worker in workers {
            match worker.step().await.unwrap() {
                Step::Worked => (worked, is_idle) = (worked + 1, false),
                Step::Idle { next_run_at_ms } => next_ms = next_run_at_ms,
            }
        }
        if is_idle {
            return (worked, next_ms);
        }
    }
}

/// The same on through all waits.
async fn work_through(talk: &Talk, workers: &[&Worker<JobCtx>]) {
    for _ in 0..500 {
        let (_, next_ms) = work(talk, workers).await;
        let Some(next_ms) = next_ms else { return };
        talk.hand.advance_ms((next_ms - talk.world.now()).max(1));
    }
    panic!("the queue does not come to rest");
}

/// So many issues to talk on, the two that are there among them.
fn issues(talk: &Talk, more: usize) -> Vec<i64> {
    let ada = talk.world.act_as("ada");
    let open = |number| {
        ada.open_issue(REPOSITORY, &format!("Part {number}"), "- [ ] `src/main.rs` must log\n").unwrap()
    };
    [1, 2].into_iter().chain((0..more).map(open)).collect()
}

#[tokio::test]
async fn f17_what_a_dead_instance_held_waits_for_the_end_of_its_lease_and_is_done_once_by_the_other() {
    on_both(async |setup: Setup| {
        // Its comments are at GitHub, and nobody has written down that they are.
        let (crash, _reached) = CrashPoints::freeze_at("after_post_before_remote_id");
        let talk = Talk::with(Setup { crash: crash.each_time(), ..setup }).await;
        let other = talk.second_instance().await;
        let numbers = issues(&talk, 1);
        let ada = talk.world.act_as("ada");
        let said = |number: &i64| (*number, ada.comment(REPOSITORY, *number, "/enhance").unwrap());
        let comments: Vec<(i64, i64)> = numbers.iter().map(said).collect();
        {
            let never = CancellationToken::new();
            let workers = ["a", "b", "c"].map(|name| talk.app.worker(name));
            let [a, b, c] = workers.each_ref().map(|worker| worker.run(never.clone()));
            let deliverer = Deliverer::default();
            let lives = async { tokio::join!(deliverer.deliver_pending(&talk.world), a, b, c) };
            let dies = async {
                while count(&talk.world, "POST", "/comments") < numbers.len() {
                    tokio::task::yield_now().await;
                }
            };
            tokio::select! {
                biased;
                () = dies => {}
                _ = lives => panic!("it was to stand still"),
            }
        }
        let held = async || talk.app.ctx.store.jobs().counts().await.unwrap().running;
        assert_eq!(held().await, 3);
        talk.hand.advance_ms(LEASE_MS - 1);
        work(&talk, &[&other]).await;
        assert_eq!(held().await, 3, "until its lease has run out, it may still be alive");
        talk.hand.advance_ms(2);
        work(&talk, &[&other]).await;
        assert_eq!(held().await, 0);
        assert_eq!(count(&talk.world, "POST", "/comments"), numbers.len(), "they come back one by one");
        work_through(&talk, &[&other]).await;
        for (number, comment) in comments {
            assert_eq!(talk.answers(number).len(), 1, "issue {number}");
            assert_eq!(reactions(&talk, number, comment), ["rocket"], "issue {number}");
        }
        assert_eq!(count(&talk.world, "POST", "/comments"), numbers.len(), "none was written again");
        at_rest(&talk, 0).await;
    })
    .await;
}

/// Tries of one job within a minute: at once, a second later and sixteen seconds after that; the next would be 81 s later.
const TRIES: usize = 3;

#[tokio::test]
async fn f17_a_minute_without_github_costs_few_requests_and_no_answer() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        let other = talk.second_instance().await;
        let workers = [&talk.worker, &other];
        let numbers = issues(&talk, 4);
        work(&talk, &workers).await;
        let before = talk.world.requests().len();
        talk.world.faults().add(Fault::on("*", "/**", Effect::Cut));
        let mut comments = Vec::new();
        // What people say reaches us all the same, at any moment of that minute.
        for second in 0..60 {
            if let Some(number) = numbers.get(second / 10).filter(|_| second % 10 == 0) {
                let comment = talk.world.act_as("ada").comment(REPOSITORY, *number, "/help").unwrap();
                comments.push((*number, comment));
            }
            work(&talk, &workers).await;
            talk.hand.advance_ms(1_000);
        }
        let asked = talk.world.requests().len() - before;
        println!(
            "{asked} requests of two instances for {} commands in a minute without GitHub",
            comments.len()
        );
        assert!(asked <= comments.len() * TRIES, "{asked} requests");
        assert_eq!(comments.len(), numbers.len());
        talk.world.faults().clear();
        work_through(&talk, &workers).await;
        for (number, comment) in comments {
            assert_eq!(talk.answers(number).len(), 1, "issue {number}");
            assert_eq!(reactions(&talk, number, comment), ["rocket"], "issue {number}");
        }
        assert_eq!(count(&talk.world, "POST", "/comments"), numbers.len());
        at_rest(&talk, 0).await;
    })
    .await;
}
