//! Crashes between any two steps, shutdown, and a worker that comes back too late.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use millwright::ctx::JobCtx;
use millwright::ctx::crash::CrashPoints;
use millwright::domain::ids::{IssueNumber, RepoId};
use millwright::queue::{Options, Registry, Worker};
use millwright::sandbox::{Deliverer, Effect, Fault, FaultAnswer, IssueEdit, REPOSITORY, When};
use millwright::store::RunState;
use millwright::triggers;
use tokio_util::sync::CancellationToken;

use super::{at_rest, count, reactions};
use crate::flows::harness::{Restart, Setup, Talk, on_both};

/// Short, so that the next worker comes while GitHub's lists still lag.
const LEASE: [(&str, &str); 1] = [("MILLWRIGHT_LEASE_MS", "1000")];

/// The process ends at `point` while it works `command` off, and another one goes on a second later.
async fn crash_at(talk: &mut Talk, point: &str, command: &str) -> i64 {
    let (crash, reached) = CrashPoints::freeze_at(point);
    talk.restart(Restart { variables: &LEASE, crash }).await;
    talk.world.faults().set_comment_lag_ms(5_000);
    let comment = talk.world.act_as("ada").comment(REPOSITORY, 2, command).unwrap();
    talk.work_until(&reached).await;
    talk.restart(Restart { variables: &LEASE, ..Restart::default() }).await;
    talk.hand.advance_ms(1_001);
    talk.work_through().await;
    comment
}

#[tokio::test]
async fn f2_a_crash_around_the_comment_leaves_one_comment() {
    on_both(async |setup: Setup| {
        let mut talk = Talk::with(setup).await;
        for (round, point) in
            ["mid_claim", "after_intent", "after_post_before_remote_id", "after_remote_id_before_done"]
                .iter()
                .enumerate()
        {
            // Each round changes the issue, so that each has a plan of its own.
            let text = format!("- [ ] `src/auth.rs` must answer 42{round}\n");
            let edit = IssueEdit { body: Some(Some(text)), ..Default::default() };
            talk.world.act_as("ada").edit_issue(REPOSITORY, 2, edit).unwrap();
            let comment = crash_at(&mut talk, point, "/enhance").await;
            assert_eq!(talk.answers(2).len(), round + 1, "{point}: {:#?}", talk.answers(2));
            assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), round + 1, "{point}");
            assert_eq!(reactions(&talk, 2, comment), ["rocket"], "{point}");
            at_rest(&talk, 0).await;
        }
    })
    .await;
}

#[tokio::test]
async fn f2_a_crash_around_an_issue_leaves_one_issue_per_work_item() {
    on_both(async |setup: Setup| {
        let database = setup.database.clone();
        for point in ["after_intent", "after_post_before_remote_id", "after_remote_id_before_done"] {
            if database.is_some() && point != "after_post_before_remote_id" {
                continue; // one database serves one talk
            }
            let mut talk = Talk::with(Setup { database: database.clone(), ..Setup::default() }).await;
            talk.says("ada", 2, "/enhance").await;
            let comment = crash_at(&mut talk, point, "/approve 1").await;
            assert_eq!(talk.world.sub_issues(REPOSITORY, 2), [3, 4], "{point}");
            assert_eq!(talk.world.issues(REPOSITORY).len(), 4, "{point}");
            assert_eq!(talk.world.blocked_by(REPOSITORY, 4), [3], "{point}");
            assert_eq!(count(&talk.world, "POST", "/acme/web/issues"), 2, "{point}");
            assert_eq!(talk.answers(2).len(), 2, "{point}");
            assert_eq!(reactions(&talk, 2, comment), ["rocket"], "{point}");
            at_rest(&talk, 0).await;
        }
    })
    .await;
}

/// The lane of an issue is free while a command waits for its next try, so another one may be done between two tries.
#[tokio::test]
async fn f2_a_plan_stays_the_one_answer_of_its_command_when_another_revision_came_between() {
    on_both(async |setup: Setup| {
        let mut talk = Talk::with(setup).await;
        let (crash, reached) = CrashPoints::freeze_at("after_remote_id_before_done");
        talk.restart(Restart { variables: &LEASE, crash }).await;
        let first = talk.world.act_as("ada").comment(REPOSITORY, 2, "/enhance").unwrap();
        talk.work_until(&reached).await;
        talk.restart(Restart { variables: &LEASE, ..Restart::default() }).await;
        let sick = Fault::on("GET", "/**", Effect::Answer(FaultAnswer::status(503)));
        talk.world.faults().add(sick.when(When::Always));
        talk.hand.advance_ms(1_001);
        talk.work().await;
        talk.world.faults().clear();
        let second = talk.world.act_as("ada").comment(REPOSITORY, 2, "/revise also log the address").unwrap();
        talk.work().await;
        assert_eq!(talk.answers(2).len(), 2, "the second command was done while the first one waits");
        assert_ne!(reactions(&talk, 2, first), ["rocket"]);
        talk.work_through().await;
        let answers = talk.answers(2);
        assert_eq!(answers.len(), 2, "{answers:#?}");
        assert!(answers[0].contains("rev 1") && answers[1].contains("rev 2"), "{answers:#?}");
        for comment in [first, second] {
            assert_eq!(reactions(&talk, 2, comment), ["rocket"]);
        }
        at_rest(&talk, 0).await;
    })
    .await;
}

#[tokio::test]
async fn f2_what_no_longer_holds_at_the_next_try_is_withdrawn() {
    on_both(async |setup: Setup| {
        let mut talk = Talk::with(setup).await;
        for (round, point) in
            ["after_intent", "after_post_before_remote_id", "after_remote_id_before_done"].iter().enumerate()
        {
            talk.says("ada", 2, "/enhance").await;
            let before = talk.answers(2).len();
            let (crash, reached) = CrashPoints::freeze_at(point);
            talk.restart(Restart { variables: &LEASE, crash }).await;
            let comment = talk.world.act_as("ada").comment(REPOSITORY, 2, "/enhance").unwrap();
            talk.work_until(&reached).await;
            let text = format!("- [ ] `src/auth.rs` must answer 42{round}\n");
            let edit = IssueEdit { body: Some(Some(text)), ..Default::default() };
            talk.world.act_as("ada").edit_issue(REPOSITORY, 2, edit).unwrap();
            talk.restart(Restart { variables: &LEASE, ..Restart::default() }).await;
            talk.hand.advance_ms(1_001);
            talk.work_through().await;
            assert_eq!(talk.answers(2).len(), before + 1, "{point}: {:#?}", talk.answers(2));
            assert!(talk.last(2).contains(&format!("42{round}")), "{point}: {}", talk.last(2));
            assert_eq!(reactions(&talk, 2, comment), ["rocket"], "{point}");
            at_rest(&talk, 0).await;
        }
    })
    .await;
}

#[tokio::test]
async fn f2_a_text_that_changed_meanwhile_is_brought_up_to_date() {
    let mut talk = Talk::begin().await;
    talk.says("ada", 2, "/enhance").await;
    talk.says("ada", 2, "/approve 1").await;
    let (crash, reached) = CrashPoints::freeze_at("after_post_before_remote_id");
    talk.restart(Restart { variables: &LEASE, crash }).await;
    talk.world.act_as("ada").comment(REPOSITORY, 2, "/items").unwrap();
    talk.work_until(&reached).await;
    let before = talk.last(2);
    talk.world.act_as("ada").close(REPOSITORY, 3).unwrap();
    talk.restart(Restart { variables: &LEASE, ..Restart::default() }).await;
    talk.hand.advance_ms(1_001);
    talk.work_through().await;
    let after = talk.last(2);
    assert_ne!(after, before);
    assert_eq!(talk.answers(2).len(), 3);
    talk.says("ada", 2, "/items").await;
    assert_eq!(after, talk.last(2));
}

#[tokio::test]
async fn f1_a_crash_before_the_receiver_answers_loses_and_doubles_nothing() {
    on_both(async |setup: Setup| {
        let mut talk = Talk::with(setup).await;
        talk.says("ada", 2, "No command.").await;
        let sent = talk.world.webhook_log().into_iter().find(|sent| sent.event == "issue_comment").unwrap();
        let mut payload = (*sent.payload).clone();
        payload["comment"]["body"] = "/enhance".into();
        let (crash, reached) = CrashPoints::freeze_at("after_commit_before_ack");
        talk.restart(Restart { crash, ..Restart::default() }).await;
        tokio::select! {
            () = reached.notified() => {}
            status = talk.deliver("issue_comment", "again", &payload) => panic!("answered {status}"),
        }
        talk.restart(Restart::default()).await;
        // GitHub has no answer, and sends it again.
        assert_eq!(talk.deliver("issue_comment", "again", &payload).await, 200);
        talk.work_through().await;
        assert_eq!(talk.answers(2).len(), 1);
        at_rest(&talk, 0).await;
    })
    .await;
}

#[tokio::test]
async fn f22_shutdown_hands_leases_back_and_another_worker_finishes() {
    on_both(async |setup: Setup| {
        // All of them stand still behind their comments: one that ran on might be done before the last one has written.
        let (crash, _reached) = CrashPoints::freeze_at("after_post_before_remote_id");
        let mut talk = Talk::with(Setup { crash: crash.each_time(), ..setup }).await;
        let ada = talk.world.act_as("ada");
        let numbers = [1, 2, ada.open_issue(REPOSITORY, "Third", "- [ ] `src/main.rs` must log\n").unwrap()];
        for number in numbers {
            ada.comment(REPOSITORY, number, "/enhance").unwrap();
        }
        let shutdown = CancellationToken::new();
        let workers = ["a", "b", "c"].map(|name| impatient(&talk, name));
        let world = talk.world.clone();
        let stop = async {
            while count(&world, "POST", "/comments") < numbers.len() {
                tokio::task::yield_now().await;
            }
            shutdown.cancel();
        };
        let [a, b, c] = workers.each_ref().map(|worker| worker.run(shutdown.clone()));
        let deliverer = Deliverer::default();
        tokio::join!(deliverer.deliver_pending(&talk.world), a, b, c, stop);
        let counts = talk.app.ctx.store.jobs().counts().await.unwrap();
        assert_eq!((counts.running, counts.open), (0, 3), "{counts:?}");
        talk.restart(Restart::default()).await;
        talk.work_through().await;
        for number in numbers {
            assert_eq!(talk.answers(number).len(), 1, "issue {number}");
        }
        at_rest(&talk, 0).await;
    })
    .await;
}

/// A worker that drops what it does as soon as it is asked to stop.
fn impatient(talk: &Talk, name: &str) -> Worker<JobCtx> {
    let app = Arc::clone(&talk.app.ctx);
    let make = move |info| JobCtx { app: Arc::clone(&app), info };
    let options = Options { grace: Duration::ZERO, ..Options::named(name) };
    let registry = Arc::new(triggers::jobs(Registry::new()));
    Worker::new(talk.app.ctx.store.clone(), registry, Arc::new(make), options)
}

#[tokio::test]
async fn f25_a_worker_that_comes_back_past_its_lease_writes_nothing() {
    on_both(async |setup: Setup| {
        let (crash, pause) = CrashPoints::pause_at("after_intent");
        let mut talk = Talk::with(Setup { crash, variables: LEASE.to_vec(), ..setup }).await;
        let comment = talk.world.act_as("ada").comment(REPOSITORY, 2, "/enhance").unwrap();
        // The zombie owns a process of its own, which stays alive.
        let zombie = talk.app.worker("zombie");
        Deliverer::default().deliver_pending(&talk.world).await;
        zombie.step().await.unwrap();
        let mut step = pin!(zombie.step());
        tokio::select! {
            biased;
            () = pause.reached.notified() => {}
            _ = &mut step => panic!("it did not pause"),
        }
        let old = talk.app.ctx.clone();
        talk.restart(Restart { variables: &LEASE, ..Restart::default() }).await;
        talk.hand.advance_ms(1_001);
        talk.worker.step().await.unwrap();
        pause.go_on.notify_one();
        step.await.unwrap();
        assert_eq!(
            count(&talk.world, "POST", "/issues/2/comments"),
            0,
            "the next worker waits for GitHub's lists"
        );
        let runs = old.store.repo(repo(&talk)).runs().of_issue(IssueNumber(2)).await;
        assert!(runs.unwrap().iter().all(|run| run.state == RunState::Running), "a zombie stops nobody");
        talk.work_through().await;
        assert_eq!(talk.answers(2).len(), 1);
        assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), 1);
        assert_eq!(reactions(&talk, 2, comment), ["rocket"]);
        at_rest(&talk, 0).await;
    })
    .await;
}

/// The machine was asleep, or the whole process was stopped: nobody else was there to take the job over.
#[tokio::test]
async fn f25_a_lease_that_ran_out_with_nobody_else_there_loses_nothing() {
    on_both(async |setup: Setup| {
        let (crash, pause) = CrashPoints::pause_at("after_intent");
        let talk = Talk::with(Setup { crash, variables: LEASE.to_vec(), ..setup }).await;
        let comment = talk.world.act_as("ada").comment(REPOSITORY, 2, "/enhance").unwrap();
        let asleep = async {
            pause.reached.notified().await;
            talk.hand.advance_ms(1_001);
            pause.go_on.notify_one();
        };
        tokio::join!(talk.work(), asleep);
        talk.work_through().await;
        assert_eq!(talk.answers(2).len(), 1);
        assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), 1);
        assert_eq!(reactions(&talk, 2, comment), ["rocket"]);
        at_rest(&talk, 0).await;
    })
    .await;
}

fn repo(talk: &Talk) -> RepoId {
    RepoId(talk.world.repository_id(REPOSITORY).unwrap())
}

#[tokio::test]
async fn f20_a_command_that_ends_its_process_each_time_is_told_and_dead() {
    let mut talk = Talk::begin().await;
    let comment = talk.world.act_as("ada").comment(REPOSITORY, 2, "/enhance").unwrap();
    for attempt in 1..8_i64 {
        let (crash, reached) = CrashPoints::freeze_at("after_intent");
        talk.restart(Restart { variables: &LEASE, crash }).await;
        talk.work_until(&reached).await;
        // The lease, and the longest wait behind it.
        talk.hand.advance_ms(61_000 + attempt.pow(4) * 1_500);
    }
    talk.restart(Restart { variables: &LEASE, ..Restart::default() }).await;
    talk.work_through().await;
    insta::assert_snapshot!(talk.last(2), @"`/enhance` did not go through: something on our side failed, and trying again would not help; the operator's log says what.");
    assert_eq!(reactions(&talk, 2, comment), ["confused"]);
    at_rest(&talk, 1).await;
    talk.says("ada", 2, "/enhance").await;
    assert_eq!(talk.answers(2).len(), 2, "the next one starts anew");
}

/// A work item that was taken back and is opened anew has the key of the first one, which GitHub still lists.
#[tokio::test]
async fn f2_what_is_opened_anew_after_an_undoing_is_found_and_stays_open() {
    on_both(async |setup: Setup| {
        let mut talk = Talk::with(setup).await;
        for said in ["/enhance", "/approve 1", "/undo"] {
            talk.says("ada", 2, said).await;
        }
        let open = |talk: &Talk| {
            talk.world.issues(REPOSITORY).iter().filter(|one| one.number > 2 && one.open).count()
        };
        let before = talk.world.issues(REPOSITORY).len();
        assert_eq!(open(&talk), 0);
        let (crash, reached) = CrashPoints::freeze_at("after_post_before_remote_id");
        talk.restart(Restart { variables: &LEASE, crash }).await;
        talk.world.act_as("ada").comment(REPOSITORY, 2, "/approve 1").unwrap();
        talk.work_until(&reached).await;
        talk.restart(Restart { variables: &LEASE, ..Restart::default() }).await;
        talk.hand.advance_ms(1_001);
        talk.work_through().await;
        let opened = talk.world.issues(REPOSITORY).len() - before;
        assert!(opened > 0, "it can be approved again");
        assert_eq!(open(&talk), opened, "{:#?}", talk.world.issues(REPOSITORY));
        at_rest(&talk, 0).await;
    })
    .await;
}
