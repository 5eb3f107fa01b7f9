//! Programs that are killed in the middle of their sweep of GitHub's log of deliveries.

use std::collections::BTreeSet;

use millwright::sandbox::{Effect, Fault, When};
use serde_json::json;

use super::dice::{Dice, seed};
use super::invariants;
use super::patience::until;
use super::rig::{Place, Rig, on_each};
use super::script::{Script, furnish, repositories};

const LOG: &str = "/app/hook/deliveries";
const ONE: &str = "/app/hook/deliveries/*";

/// Three pages of the log.
const MISSED: usize = 250;
/// Of those, commands.
const COMMANDS: usize = 30;
/// Longer than a killed sweep holds its lane.
const LATER_MS: i64 = 61_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f23_killed_in_the_middle_of_their_sweep_programs_fetch_everything_and_do_it_once() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let lives = rig.start_many(1, &[]).await;
        script.says("rita", ("acme/app", 1), "/help");
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        let missed = downtime(&rig, &script).await;

        // Its first page is noted, and the second asked for; the next program is at its tenth payload.
        killed_at(&rig, LOG, 2).await;
        let pages = asked(&rig, LOG).len();
        killed_at(&rig, ONE, 10).await;
        let again = &asked(&rig, LOG)[pages..];
        assert!(again[0].contains("cursor="), "{}: goes on where it was: {again:?}", place.name);

        let life = rig.start(&[]).await;
        until("everything to be fetched", async || {
            missed.is_subset(&rig.books.deliveries().await.ok()?).then_some(())
        })
        .await;
        // Now somebody presses the button for each one that had failed: here before, and nothing is done again.
        let lives = rig.settle(vec![life]).await;
        rig.stop_all(lives).await;
        let fetched = asked(&rig, ONE);
        let once: BTreeSet<&String> = fetched.iter().collect();
        assert_eq!(fetched.len(), once.len() + 1, "{}: only what was under way came again", place.name);
        let findings = invariants::check(&rig, &script).await;
        assert_eq!(findings.comments, COMMANDS + 1, "{}", place.name);
    })
    .await;
}

/// Nobody is there while people ask, and while much happens that nobody here wants to know of; the GUIDs of what people asked.
async fn downtime(rig: &Rig, script: &Script) -> BTreeSet<String> {
    let repositories = repositories();
    let installation = rig.world.installation_id(&repositories[0]).unwrap();
    for number in 0..MISSED {
        if number * COMMANDS / MISSED < (number + 1) * COMMANDS / MISSED {
            let issue = 1 + i64::try_from(number % 3).unwrap();
            script.says("rita", (&repositories[number % repositories.len()], issue), "/status");
        } else {
            rig.world
                .add_webhook("star", json!({ "action": "created", "installation": { "id": installation } }));
        }
    }
    until("GitHub to have tried each one", async || (rig.world.open_webhooks() == 0).then_some(())).await;
    let mut log = rig.world.webhook_log();
    log.retain(|sent| sent.outcome.as_ref().is_some_and(|it| it.status_code >= 500));
    assert_eq!(log.len(), MISSED);
    log.into_iter().filter(|sent| sent.event == "issue_comment").map(|sent| sent.guid).collect()
}

/// Starts a program, kills it while it waits for the `nth` answer to this question, and lets the time pass in which nobody
/// else may sweep.
async fn killed_at(rig: &Rig, path: &str, nth: u32) {
    rig.world.faults().add(Fault::on("GET", path, Effect::Hang).when(When::Nth(nth)));
    let asked_then = asked(rig, path).len() + nth as usize;
    let life = rig.start(&[]).await;
    until("the question", async || (asked(rig, path).len() == asked_then).then_some(())).await;
    rig.kill(life).await;
    rig.world.faults().clear();
    rig.jump_to(rig.world.now() + LATER_MS, vec![]).await;
}

/// Path and query of each request of this kind so far.
fn asked(rig: &Rig, path: &str) -> Vec<String> {
    let of_one = path.strip_suffix('*');
    let requests = rig.world.requests().into_iter().filter(|request| match of_one {
        Some(start) => request.path.starts_with(start),
        None => request.path == path,
    });
    requests.map(|request| format!("{}?{}", request.path, request.query)).collect()
}
