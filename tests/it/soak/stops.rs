//! Programs that are told to stop, and programs that stand still for longer than their lease.

use std::time::Duration;

use millwright::sandbox::{Effect, Fault, Gate, When};
use sqlx::{AnyConnection, Connection as _};

use super::dice::{Dice, seed};
use super::invariants;
use super::patience::until;
use super::rig::{End, Life, Place, Rig, on_postgresql, on_sqlite};
use super::script::{Script, furnish, repositories};
use crate::process::stage::get;

const HERE: (&str, i64) = ("acme/app", 1);

/// Jobs at work when the programs are told to stop; eight workers each, so it takes three of them.
const AT_WORK: usize = 20;
/// Service managers kill what has not ended 30 s after they asked; 5 s of those are kept.
const MOST_TO_STOP: Duration = Duration::from_secs(25);

/// Both databases at once: most of this is waiting.
async fn on_each_at_once(test: impl AsyncFn(&Place)) {
    tokio::join!(on_sqlite(&test), on_postgresql(&test));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f22_told_to_stop_with_twenty_jobs_at_work_all_end_in_order_and_another_finishes() {
    on_each_at_once(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        // GitHub answers some questions only after the signal, and others never.
        let gate = Gate::default();
        let asks = |login: &str| format!("/repos/*/*/collaborators/{login}/permission");
        rig.world.faults().add(Fault::on("GET", &asks("rita"), Effect::Hold(gate.clone())));
        rig.world.faults().add(Fault::on("GET", &asks("tess"), Effect::Hang));
        let lives = rig.start_many(3, &[]).await;
        let places = (1..=2).flat_map(|issue| repositories().into_iter().map(move |repo| (repo, issue)));
        for (at, (repo, issue)) in places.take(AT_WORK).enumerate() {
            let login = if at % 2 == 0 { "rita" } else { "tess" };
            script.says(login, (&repo, issue), "/status");
        }
        let running = async || rig.books.left().await.ok().map(|left| usize::try_from(left.running).unwrap());
        let all = async || running().await.filter(|running| *running >= AT_WORK);
        until("that all are at work", all).await;
        for life in &lives {
            life.program.signal("TERM");
        }
        for life in &lives {
            is_red(life).await;
        }
        // What comes now is kept for the next program, and nobody takes it up.
        script.says("ada", ("ember/library", 3), "/help");
        let kept = async || (rig.world.open_webhooks() == 0).then_some(());
        until("the last delivery", kept).await;
        gate.open();
        for life in lives {
            let ended = tokio::time::timeout(MOST_TO_STOP, rig.bury(life, End::Stopped));
            assert_eq!(ended.await.unwrap(), Some(0), "it has to end in order and in time");
        }
        let left = rig.books.left().await.unwrap();
        assert_eq!(left.running, 0, "every job was finished or handed back: {left:?}");
        assert!(left.due > 0, "what GitHub never answered waits: {left:?}");
        assert!(rig.world.comments("ember/library", 3).len() == 1, "a program that stops begins nothing");

        rig.world.faults().clear();
        let life = rig.start(&[]).await;
        let lives = rig.settle(vec![life]).await;
        rig.stop_all(lives).await;
        invariants::check(&rig, &script).await;
    })
    .await;
}

async fn is_red(life: &Life) {
    let ready = format!("http://{}/readyz", life.door.unwrap());
    until("that it calls itself unready", async || (get(&ready).await == Some(503)).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f25_a_program_that_stood_still_in_the_middle_of_a_write_comes_back_and_writes_nothing() {
    on_each_at_once(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        // GitHub stores the comment and takes its time with the answer.
        let gate = Gate::default();
        let path = format!("/repos/{}/issues/{}/comments", HERE.0, HERE.1);
        let held = Fault::on("POST", &path, Effect::Hold(gate.clone())).after().when(When::First(1));
        rig.world.faults().add(held);
        let zombie = rig.start(&[]).await;
        let comment = script.says("tess", HERE, "/enhance");
        let is_stored = async || {
            let requests = rig.world.requests();
            requests.iter().any(|it| it.method == "POST" && it.path == path && it.applied).then_some(())
        };
        until("the comment at GitHub", is_stored).await;
        freeze(&rig, &zombie).await;
        rig.front.close(zombie.door);
        let other = rig.start(&[]).await;
        let done = async || rig.is_done(HERE, comment).then_some(());
        // Past the lease, and past the time that GitHub's lists may lag.
        until("that another one takes over", done).await;
        gate.open();
        zombie.program.signal("CONT");
        rig.front.add(zombie.door.unwrap());
        // Both go on, also the one that was away.
        script.says("rita", ("acme/library", 1), "/status");
        script.says("rita", ("acme/library", 2), "/status");
        let lives = rig.settle(vec![zombie, other]).await;
        rig.stop_all(lives).await;
        let findings = invariants::check(&rig, &script).await;
        assert!(findings.lanes.late >= 1, "it noticed that it was late");
        let posts = rig.world.requests().into_iter().filter(|it| it.method == "POST" && it.path == path);
        assert_eq!(posts.count(), 1);
    })
    .await;
}

/// Stops it between two transactions. In the middle of one it would hold the file of SQLite, and nobody could go on before
/// it does; PostgreSQL ends such a transaction by itself.
async fn freeze(rig: &Rig, life: &Life) {
    until("a moment between two transactions", async || {
        life.program.signal("STOP");
        let is_free = !rig.books.url.starts_with("sqlite:") || can_write(&rig.books.url).await;
        if !is_free {
            life.program.signal("CONT");
        }
        is_free.then_some(())
    })
    .await;
}

async fn can_write(url: &str) -> bool {
    let mut connection = AnyConnection::connect(url).await.unwrap();
    let text = "PRAGMA busy_timeout = 100; BEGIN IMMEDIATE; ROLLBACK";
    let can = sqlx::raw_sql(text).execute(&mut connection).await.is_ok();
    connection.close().await.unwrap();
    can
}
