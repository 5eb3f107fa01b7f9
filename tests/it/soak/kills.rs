//! Programs that are killed at random moments while people go on talking.

use futures_util::future::join_all;

use super::dice::{Dice, kills, seed};
use super::invariants;
use super::patience::the_fault_lasts;
use super::rig::{Life, Place, Rig, on_postgresql, on_sqlite};
use super::script::{Script, furnish};

/// Programs that share the database and the work.
const PROGRAMS: u64 = 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f1_random_kills_lose_and_double_nothing_on_sqlite() {
    on_sqlite(random_kills).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f1_random_kills_lose_and_double_nothing_on_postgresql() {
    on_postgresql(random_kills).await;
}

async fn random_kills(place: &Place) {
    let mut dice = Dice::new(seed());
    let rig = Rig::open(&place.url, furnish).await;
    let script = Script::new(&rig.world, dice.another());
    for _ in 0..5 {
        script.go_on();
    }
    let each = kills().div_ceil(PROGRAMS);
    let torments = (0..PROGRAMS).map(|_| torment(&rig, &script, (each, dice.another())));
    let lives = join_all(torments.collect::<Vec<_>>()).await;
    // What comes now finds programs that have been through all of it.
    script.go_on();
    let lives = rig.settle(lives).await;
    rig.stop_all(lives).await;
    let findings = invariants::check(&rig, &script).await;
    println!("{}: {} kills, {} things done\n{findings}", place.name, each * PROGRAMS, script.rounds());
}

/// Kills one program so many times, and starts it again.
async fn torment(rig: &Rig, script: &Script, (kills, mut dice): (u64, Dice)) -> Life {
    let mut life = rig.begin(&[]).await;
    for _ in 0..kills {
        // Most kills meet a program at work, some one that is just starting.
        if !dice.percent(15) {
            rig.listen(&mut life).await;
        }
        script.go_on();
        the_fault_lasts(dice.between(20, 300)).await;
        rig.kill(life).await;
        rig.redeliver();
        life = rig.begin(&[]).await;
    }
    rig.listen(&mut life).await;
    life
}
