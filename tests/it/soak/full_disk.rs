//! The disk of the database is full: a limit on file sizes for SQLite, a server that answers as a full one for PostgreSQL.

use std::sync::atomic::Ordering;

use millwright::sandbox::World;

use super::books::Books;
use super::dice::{Dice, seed};
use super::full_server::FullServer;
use super::invariants;
use super::patience::until;
use super::rig::{Life, Place, Rig, on_postgresql, on_sqlite};
use super::script::{Script, furnish};
use super::told;
use crate::process::program::{Program, command};
use crate::process::stage::get;
use crate::skips::skip;

const HERE: (&str, i64) = ("acme/app", 1);

/// Blocks of 512 bytes; enough for the schema, not for many deliveries.
const MOST_BLOCKS: u32 = 4_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f16_a_full_disk_under_sqlite_is_a_503_and_heals_without_a_restart() {
    on_sqlite(async |place: &Place| {
        // SQLite gets "File too large" where the disk would say "No space left"; the limit can be taken away from outside.
        if command("prlimit").arg("--version").output().is_err() {
            skip("there is no `prlimit`, which takes the limit away from a running program");
            return;
        }
        let rig = Rig::open(&place.url, furnish).await;
        let mut dice = Dice::new(seed());
        let script = Script::new(&rig.world, dice.another());
        let limit = format!("ulimit -S -f {MOST_BLOCKS}");
        let mut life = rig.begin_by(&[], |variables| Program::behind(&limit, &[], variables)).await;
        rig.listen(&mut life).await;
        let fill = async || {
            chatter(&rig.world, &mut dice);
            refusals(&rig).then_some(())
        };
        until("a refusal", fill).await;
        is_red(&life).await;
        is_counted(&rig, &life).await;
        let id = life.program.id().to_string();
        let lifted = command("prlimit").args(["--pid", &id, "--fsize=unlimited:unlimited"]).status().unwrap();
        assert!(lifted.success());
        heals(&rig, &script, life).await;
        is_logged(&rig, "disk");
        let check = Books::of(&place.url).rows("PRAGMA integrity_check").await.unwrap();
        let told: String = sqlx::Row::try_get(&check[0], 0).unwrap();
        assert_eq!(told, "ok");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f16_a_full_disk_under_postgresql_is_a_503_and_heals_without_a_restart() {
    on_postgresql(async |place: &Place| {
        let server = FullServer::before(&place.url).await;
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let life = rig.start(&[("DATABASE_URL", &server.url)]).await;
        script.says("rita", HERE, "/status");
        until("an answer", async || (rig.world.comments(HERE.0, HERE.1).len() > 1).then_some(())).await;
        server.is_full.store(true, Ordering::SeqCst);
        script.says("rita", HERE, "/help");
        until("a refusal", async || refusals(&rig).then_some(())).await;
        is_red(&life).await;
        is_counted(&rig, &life).await;
        server.is_full.store(false, Ordering::SeqCst);
        heals(&rig, &script, life).await;
        is_logged(&rig, "No space left on device");
    })
    .await;
}

/// What GitHub was told is what operators see, while the disk is full.
async fn is_counted(rig: &Rig, life: &Life) {
    until("all refusals to be counted", async || {
        let is_at_rest = rig.world.open_webhooks() == 0;
        let counted = told::answered(life, "503").await;
        (is_at_rest && counted > 0 && counted == told::seen_by_github(rig, 503)).then_some(())
    })
    .await;
}

/// The log says why deliveries were refused.
fn is_logged(rig: &Rig, why: &str) {
    let refused = told::lines(rig, "ERROR", "a delivery could not be stored");
    let names_it = |line: &serde_json::Value| line["cause"].as_str().is_some_and(|cause| cause.contains(why));
    assert!(refused.iter().any(names_it), "{refused:#?}");
}

/// A long text without a command; nothing packs it.
fn chatter(world: &World, dice: &mut Dice) {
    let text: String = (0..1_800).map(|_| format!("{:016x} {:016x}\n", dice.roll(), dice.roll())).collect();
    world.act_as("rita").comment(HERE.0, HERE.1, &text).unwrap();
}

fn refusals(rig: &Rig) -> bool {
    let log = rig.world.webhook_log();
    log.iter()
        .filter_map(|sent| sent.outcome.as_ref())
        .any(|outcome| outcome.status_code == 503 && outcome.response_headers.contains_key("retry-after"))
}

async fn is_red(life: &Life) {
    let ready = format!("http://{}/readyz", life.door.unwrap());
    until("that it calls itself unready", async || (get(&ready).await == Some(503)).then_some(())).await;
}

/// There is room again: the same program turns green, takes what it had refused, and answers what is said now.
async fn heals(rig: &Rig, script: &Script, life: Life) {
    let ready = format!("http://{}/readyz", life.door.unwrap());
    until("readiness", async || {
        // One that is taken again is the proof that it can be.
        rig.redeliver();
        (get(&ready).await == Some(200)).then_some(())
    })
    .await;
    let comment = script.says("rita", HERE, "/items");
    until("the answer to what is said now", async || {
        rig.redeliver();
        rig.is_done(HERE, comment).then_some(())
    })
    .await;
    let lives = rig.settle(vec![life]).await;
    rig.stop_all(lives).await;
    invariants::check(rig, script).await;
}
