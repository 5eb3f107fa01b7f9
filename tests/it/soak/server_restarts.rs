//! PostgreSQL crashes and comes back, again and again, while programs work.

use super::dice::{Dice, seed};
use super::invariants;
use super::own_server::OwnServer;
use super::patience::{the_fault_lasts, until};
use super::rig::Rig;
use super::script::{Script, furnish};
use super::told;
use crate::process::stage::get;

const RESTARTS: usize = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f17_ten_crashes_of_postgresql_lose_and_double_nothing_and_no_program_is_restarted() {
    let Some(server) = OwnServer::start() else { return };
    let mut dice = Dice::new(seed());
    let rig = Rig::open(&server.url, furnish).await;
    let script = Script::new(&rig.world, dice.another());
    let lives = rig.start_many(2, &[]).await;
    for _ in 0..RESTARTS {
        for _ in 0..dice.between(2, 5) {
            script.go_on();
        }
        the_fault_lasts(dice.between(20, 300)).await;
        tokio::task::block_in_place(|| server.control("restart"));
        rig.redeliver();
    }
    // Away for longer: what comes now is refused, so that GitHub knows.
    tokio::task::block_in_place(|| server.control("stop"));
    script.go_on();
    script.says("rita", ("acme/app", 1), "/status");
    let refused = async || {
        let log = rig.world.webhook_log();
        let refusal = |code: u16| code == 503;
        log.iter().any(|sent| sent.outcome.as_ref().is_some_and(|it| refusal(it.status_code))).then_some(())
    };
    until("a refusal", refused).await;
    for life in &lives {
        assert_eq!(get(&format!("http://{}/readyz", life.door.unwrap())).await, Some(503));
    }
    let mut refusals = 0;
    for life in &lives {
        refusals += told::answered(life, "503").await;
    }
    assert!(refusals > 0, "the figures are there without the database, and count what was refused");
    // Longer than anybody waits who writes down how a job ended.
    the_fault_lasts(60_000).await;
    tokio::task::block_in_place(|| server.control("start"));

    // The same programs are ready again and answer what is said now.
    for life in &lives {
        let ready = format!("http://{}/readyz", life.door.unwrap());
        until("readiness", async || (get(&ready).await == Some(200)).then_some(())).await;
    }
    let comment = script.says("rita", ("ember/library", 3), "/help");
    until("the answer to what is said now", async || {
        rig.redeliver();
        rig.is_done(("ember/library", 3), comment).then_some(())
    })
    .await;
    // Only now are clocks moved, past the waits of what had failed.
    let lives = rig.settle(lives).await;
    rig.stop_all(lives).await;
    for (level, message) in [
        ("ERROR", "a delivery could not be stored"),
        ("WARN", "could not look for work"),
        ("WARN", "not ready"),
    ] {
        assert!(!told::lines(&rig, level, message).is_empty(), "nobody was told: {message}");
    }
    println!("{}", invariants::check(&rig, &script).await);
}
