//! GitHub is out of order, says no for good, or reads another clock than ours, with the built program.

use std::collections::HashSet;

use millwright::sandbox::{Effect, Fault, FaultAnswer, TokenKind, When};

use super::dice::{Dice, seed};
use super::invariants::{self, Deaths};
use super::patience::until;
use super::rig::{End, Place, Rig, on_each, on_sqlite};
use super::script::{Script, furnish};
use crate::process::stage::text;

const MINUTE_MS: i64 = 60_000;
const PLACES: [&str; 4] = ["acme/app", "borealis/app", "cobalt/app", "dune/app"];

/// What programs ask by themselves while one answer lasts: two of them, which start once, and may be at it from the start before.
const REQUESTS_OF_STARTS: usize = 12;

/// Ten minutes, in which each of the four answers is GitHub's only one for a while.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f4_ten_minutes_of_failures_lose_and_double_nothing() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let mut lives = rig.start_many(2, &[]).await;
        script.says("tess", (PLACES[0], 1), "/enhance");
        lives = rig.settle(lives).await;
        for (number, (status, repo)) in [500, 502, 503, 504].into_iter().zip(PLACES).enumerate() {
            rig.world.faults().clear();
            rig.world.faults().add(Fault::on("*", "/**", Effect::Answer(FaultAnswer::status(status))));
            let failed = rig.world.requests().len();
            script.says("tess", (repo, 2), "/enhance");
            script.says("rita", (repo, 3), "/status");
            rig.is_quiet().await;
            assert!(rig.world.requests().len() > failed, "{status}: nobody asked");
            lives = rig.jump_to(rig.world.now() + 5 * MINUTE_MS / 2, lives).await;
            rig.is_quiet().await;
            assert_eq!(rig.world.comments(repo, 2).len(), 1, "{status}: nothing could be said");
            // Each start asks for the App and the missed deliveries; each command that waits is tried at most at once, a second
            // later, and after the jump; and a try ends with the first failure.
            let asked = rig.world.requests().len() - failed;
            let most = REQUESTS_OF_STARTS + 3 * 2 * (number + 1);
            assert!(asked <= most, "{}: {asked} requests in {status}, {most} at most", place.name);
        }
        rig.world.faults().clear();
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        let findings = invariants::check(&rig, &script).await;
        assert_eq!((findings.comments, findings.dead), (1 + 2 * PLACES.len(), 0), "{}", place.name);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f9_what_a_killed_program_wrote_whose_clock_was_an_hour_ahead_holds_nothing_up() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let comment = is_killed_ahead(&rig, &script, ("MILLWRIGHT_CLOCK_OFFSET_S", "3600")).await;
        let lives = vec![rig.start(&[]).await];
        // Jumping over what is left would hide a lease that lasts for an hour.
        let half_an_hour_ms = rig.world.now() + 30 * MINUTE_MS;
        let lives = rig.settle(lives).await;
        assert!(rig.world.now() < half_an_hour_ms, "{}", place.name);
        assert!(rig.is_done((PLACES[0], 1), comment), "{}", place.name);
        rig.stop_all(lives).await;
        invariants::check(&rig, &script).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f9_a_program_whose_clock_is_ten_minutes_ahead_finds_what_it_has_left() {
    on_sqlite(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let ahead = ("MILLWRIGHT_CLOCK_OFFSET_S", "600");
        let comment = is_killed_ahead(&rig, &script, ahead).await;
        let life = rig.start(&[ahead]).await;
        until("an answer", async || {
            // What nobody took while the program was away is delivered again.
            let is_told = rig.redeliver() + rig.world.open_webhooks() == 0;
            let is_over = rig.books.left().await.ok()?.nothing();
            (is_told && is_over && rig.is_done((PLACES[0], 1), comment)).then_some(())
        })
        .await;
        rig.stop(life).await;
        invariants::check(&rig, &script).await;
    })
    .await;
}

/// A program with this clock is killed when GitHub has its comment and its own books do not know it yet; the comment that asked.
async fn is_killed_ahead(rig: &Rig, script: &Script, ahead: (&str, &str)) -> i64 {
    let life = rig.start(&[ahead, ("MILLWRIGHT_CRASH_AT", "after_post_before_remote_id")]).await;
    let comment = script.says("tess", (PLACES[0], 1), "/enhance");
    assert_eq!(rig.bury(life, End::Aborted).await, None, "it was to crash");
    comment
}

/// More often than a command may fail, and for longer than all its waits together.
const LOOKS: i64 = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f4_while_nobody_is_reached_a_command_waits_and_does_not_die() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let nobody = [("GITHUB_API_URL", "http://127.0.0.1:1")];
        let mut lives = rig.start_many(1, &nobody).await;
        let comment = script.says("tess", (PLACES[0], 1), "/status");
        let ready = format!("http://{}/readyz", lives[0].door.unwrap());
        until("a note for operators", async || {
            text(&ready).await.contains("GitHub has not been reached since 20").then_some(())
        })
        .await;
        for look in 0..LOOKS {
            until("a try that reaches nobody", async || {
                (rig.books.most_claims().await.ok()? > look).then_some(())
            })
            .await;
            lives = rig.jump_with(rig.world.now() + 10 * MINUTE_MS, lives, &nobody).await;
        }
        assert!(rig.world.comments(PLACES[0], 1).len() < 2, "somebody was reached");
        lives = rig.jump_to(rig.world.now() + MINUTE_MS, lives).await;
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        assert!(rig.is_done((PLACES[0], 1), comment), "{}", place.name);
        assert_eq!(invariants::check(&rig, &script).await.dead, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f7_a_refused_write_is_tried_once_and_told_once() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let comments = |repo: &str| format!("/repos/{repo}/issues/1/comments");
        let statuses = [403, 404, 410, 422];
        for (status, repo) in statuses.into_iter().zip(PLACES) {
            let refusal = Effect::Answer(FaultAnswer::status(status));
            rig.world.faults().add(Fault::on("POST", &comments(repo), refusal).when(When::First(1)));
        }
        let lives = rig.start_many(2, &[]).await;
        for repo in PLACES {
            script.says("tess", (repo, 1), "/enhance");
        }
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        for (status, repo) in statuses.into_iter().zip(PLACES) {
            let requests = rig.world.requests();
            let posts = requests.iter().filter(|it| it.method == "POST" && it.path == comments(repo)).count();
            assert_eq!(posts, 2, "{}: {status}: one try and one note", place.name);
            let said = rig.world.comments(repo, 1).pop().unwrap().body;
            assert!(said.contains(&format!("with {status}")), "{}: {said}", place.name);
        }
        let findings = invariants::check_with(&rig, &script, Deaths::OfRefusals).await;
        assert_eq!((findings.comments, findings.dead), (PLACES.len(), PLACES.len()), "{}", place.name);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f9_a_clock_that_is_off_by_up_to_ten_minutes_stops_nothing() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        for (skew_ms, repo) in [-90_000, 90_000, -600_000, 600_000].into_iter().zip(PLACES) {
            rig.world.faults().set_clock_skew_ms(skew_ms);
            let before = rig.world.requests().len();
            // It learns GitHub's time anew in each life.
            let lives = rig.start_many(1, &[]).await;
            script.says("tess", (repo, 1), "/enhance");
            let lives = rig.settle(lives).await;
            rig.stop_all(lives).await;
            assert_eq!(rig.world.comments(repo, 1).len(), 2, "{}: {skew_ms}", place.name);
            // Each life learns from the first refusal; once it has been let in, it is refused no more.
            let mut let_in = HashSet::<String>::new();
            let mut refused = 0;
            for asked in &rig.world.requests()[before..] {
                let host = asked.headers.get("host").unwrap();
                match (asked.token, asked.status) {
                    (TokenKind::Jwt, Some(401)) => {
                        refused += 1;
                        assert!(!let_in.contains(host), "{}: off by {skew_ms} ms: {asked:?}", place.name);
                    }
                    (TokenKind::Installation(_), Some(200..300)) => drop(let_in.insert(host.clone())),
                    _ => {}
                }
            }
            // Where ours is a little behind GitHub's, its tokens are good all the same.
            assert_eq!(refused > 0, skew_ms != 90_000, "{}: off by {skew_ms} ms", place.name);
        }
        invariants::check(&rig, &script).await;
    })
    .await;
}
