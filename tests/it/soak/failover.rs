//! One of two programs, or the database's server, is gone for good in the middle of the work; what is left takes over without
//! being restarted.

use millwright::sandbox::{Effect, Fault, Request, When};

use super::dice::{Dice, seed};
use super::front::Front;
use super::invariants::{self, Deaths};
use super::own_server::OwnServer;
use super::patience::{the_fault_lasts, until};
use super::rig::{Place, Rig, on_postgresql};
use super::script::{Script, furnish};
use crate::process::stage::get;

/// One command in each of the five installations.
const HELD: usize = 5;

fn comments(rig: &Rig) -> Vec<Request> {
    let mut requests = rig.world.requests();
    requests.retain(|request| request.content);
    requests
}

/// Only a database that programs share can be handed over; on SQLite the next start does it, as `f1_*` shows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f17_what_a_killed_program_held_is_done_by_the_one_beside_it() {
    on_postgresql(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let hang = Fault::on("POST", "/repos/*/*/issues/*/comments", Effect::Hang);
        rig.world.faults().add(hang.when(When::First(HELD as u32)));
        let one = rig.start(&[]).await;
        let said: Vec<(String, i64)> = ["acme", "borealis", "cobalt", "dune", "ember"]
            .map(|account| format!("{account}/app"))
            .map(|repo| (repo.clone(), script.says("rita", (&repo, 1), "/help")))
            .into();
        until("all its comments to hang", async || (comments(&rig).len() == HELD).then_some(())).await;
        let two = rig.start(&[]).await;
        rig.kill(one).await;
        // The same program, and the clocks run on: it waits for the leases, and for GitHub's lists to show what was sent.
        until("the other one to have answered all", async || {
            let is_answered = |(repo, comment): &(String, i64)| rig.is_done((repo, 1), *comment);
            said.iter().all(is_answered).then_some(())
        })
        .await;
        let written: Vec<Request> =
            comments(&rig).into_iter().filter(|request| request.status == Some(201)).collect();
        assert_eq!(written.len(), HELD, "each once: {written:#?}");
        let lives = rig.settle(vec![two]).await;
        rig.stop_all(lives).await;
        let dead_host = rig.past(|past| past[0].host.clone());
        let by_the_dead = written.iter().filter(|it| it.headers.get("host") == Some(&dead_host)).count();
        assert_eq!(by_the_dead, 0, "what the dead one had begun was never done");
        let attempts = "SELECT COUNT(*) AS number FROM jobs WHERE name = 'run_command.v1' AND attempts > 1";
        let number: i64 = sqlx::Row::get(&rig.books.rows(attempts).await.unwrap()[0], "number");
        assert_eq!(number, HELD as i64, "each was taken over");
        println!("{}", invariants::check(&rig, &script).await);
    })
    .await;
}

/// The address stays, and behind it another server takes the place of the one that is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f17_a_failover_of_postgresql_loses_and_doubles_nothing_and_no_program_is_restarted() {
    let Some(server) = OwnServer::start() else { return };
    let standby = server.standby().await;
    let address = Front::open().await;
    address.add(server.address());
    let url = address.url.replace("http://", "postgres://millwright@") + "/postgres";
    let mut dice = Dice::new(seed());
    let rig = Rig::open(&url, furnish).await;
    let script = Script::new(&rig.world, dice.another());
    let lives = rig.start_many(2, &[]).await;
    for _ in 0..12 {
        script.go_on();
    }
    the_fault_lasts(dice.between(20, 300)).await;
    let told = rig.books.deliveries().await.unwrap().len();
    tokio::task::block_in_place(|| server.control("stop"));
    address.close(Some(server.address()));
    script.go_on();
    tokio::task::block_in_place(|| standby.control("promote"));
    address.add(standby.address());

    for life in &lives {
        let ready = format!("http://{}/readyz", life.door.unwrap());
        until("readiness", async || {
            rig.redeliver();
            (get(&ready).await == Some(200)).then_some(())
        })
        .await;
    }
    assert!(rig.books.deliveries().await.unwrap().len() >= told, "what was committed is there");
    let comment = script.says("rita", ("ember/library", 3), "/help");
    until("the answer to what is said now", async || {
        rig.redeliver();
        rig.is_done(("ember/library", 3), comment).then_some(())
    })
    .await;
    let lives = rig.settle(lives).await;
    rig.stop_all(lives).await;
    println!("{}", invariants::check_with(&rig, &script, Deaths::OfKills).await);
}
