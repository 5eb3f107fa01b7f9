//! SQLite's log of changes, which the running program moves into the database's file.

use std::fs;

use super::books::Books;
use super::dice::{Dice, seed};
use super::invariants;
use super::patience::until;
use super::rig::{Place, Rig, on_sqlite};
use super::script::{Script, furnish};

/// Everything is in the file as soon as a copy of the file alone holds it. By itself SQLite moves nothing before the log has
/// 128 MB, and the end of the program is not waited for here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_running_program_keeps_the_log_of_sqlite_short() {
    on_sqlite(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let life = rig.start(&[]).await;
        script.says("rita", ("acme/app", 1), "/status");
        // Not through the books: whoever closes a connection while nobody else has one moves the log as well.
        until("the delivery to be answered", async || {
            let log = rig.world.webhook_log();
            log.iter().any(|sent| sent.outcome.as_ref().is_some_and(|it| it.status_code == 202)).then_some(())
        })
        .await;
        let file = place.file().unwrap();
        let mut number = 0;
        until("the file to hold what was accepted", async || {
            // One that is copied while pages are moved is torn; the next one has a name of its own.
            number += 1;
            let copy = file.with_extension(format!("copy-{number}"));
            fs::copy(&file, &copy).unwrap();
            let stored = Books::of(&format!("sqlite://{}", copy.display())).deliveries().await.ok()?;
            (!stored.is_empty()).then_some(())
        })
        .await;
        assert!(file.with_extension("db-wal").exists(), "the program is still there and has its log open");
        let lives = rig.settle(vec![life]).await;
        rig.stop_all(lives).await;
        invariants::check(&rig, &script).await;
    })
    .await;
}
