//! One delivery at many doors, one event under many names, and what bots write, with the built program.

use futures_util::future::join_all;
use millwright::sandbox::{HookDelivery, TokenKind};
use sqlx::Row as _;

use super::dice::{Dice, seed};
use super::invariants;
use super::patience::until;
use super::post::{Sender, payload};
use super::rig::{Place, Rig, on_each};
use super::script::{Script, furnish};

const HERE: (&str, i64) = ("acme/app", 1);
const AT_ONCE: usize = 50;
/// As often as bots answered each other before somebody stopped them.
const ROUNDS: usize = 100;

/// Three programs on one database, each with a writer of its own, get the same delivery at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f10_fifty_deliveries_of_one_guid_at_three_programs_make_one_job() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let lives = rig.start_many(3, &[]).await;
        let body = payload(&rig, HERE, ("rita", "/status"));
        script.was_said(HERE, body["comment"]["id"].as_i64().unwrap(), 1);
        let senders: Vec<Sender> = lives.iter().map(|life| Sender::to(&rig, life)).collect();
        let posts = senders.iter().cycle().take(AT_ONCE).map(async |sender: &Sender| {
            let post = sender.signed("issue_comment", "one-guid", body.to_string());
            sender.send(post).await.map(|answer| answer.status)
        });
        let mut statuses = join_all(posts).await;
        statuses.sort_unstable();
        let (last, others) = statuses.split_last().unwrap();
        assert_eq!(*last, Some(202), "{}: one of them is the first", place.name);
        assert!(others.iter().all(|status| *status == Some(200)), "{}: {statuses:?}", place.name);
        let text =
            "SELECT COUNT(*) AS number FROM jobs WHERE name = 'dispatch.v1' AND delivery_guid = 'one-guid'";
        let jobs: i64 = rig.books.rows(text).await.unwrap()[0].get("number");
        assert_eq!(jobs, 1, "{}", place.name);
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        assert_eq!(rig.world.comments(HERE.0, HERE.1).len(), 2, "what was said and its one answer");
        invariants::check(&rig, &script).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f11_one_event_under_many_guids_has_one_effect_also_while_the_first_is_at_work() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let lives = rig.start_many(2, &[]).await;
        let said = script.says("tess", HERE, "/enhance\n/status");
        let event = event_of(&rig, said).await;
        for _ in 0..5 {
            rig.world.add_webhook("issue_comment", (*event.payload).clone());
        }
        let lives = rig.settle(lives).await;
        assert_eq!(rig.world.comments(HERE.0, HERE.1).len(), 3, "{}: two answers", place.name);
        for _ in 0..5 {
            rig.world.add_webhook("issue_comment", (*event.payload).clone());
        }
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        assert_eq!(rig.world.comments(HERE.0, HERE.1).len(), 3, "{}: and none later", place.name);
        invariants::check(&rig, &script).await;
    })
    .await;
}

/// Another bot quotes our commands under each comment, and what we wrote comes back to us with a command in it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f26_a_hundred_rounds_of_what_bots_write_start_nothing() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let lives = rig.start_many(1, &[]).await;
        script.says("tess", HERE, "/enhance");
        let lives = rig.settle(lives).await;
        let ours = rig.world.comments(HERE.0, HERE.1).pop().unwrap();
        let event = event_of(&rig, ours.id).await;
        rig.world.add_bot("helper[bot]");
        let before = rig.world.requests().len();
        for round in 0..ROUNDS {
            let quotes = format!("/approve 1\n\n@millwright enhance {round}");
            rig.world.act_as("helper[bot]").comment(HERE.0, HERE.1, &quotes).unwrap();
            let mut echo = (*event.payload).clone();
            echo["comment"]["body"] = format!("/approve 1 {round}").into();
            rig.world.add_webhook("issue_comment", echo);
        }
        let lives = rig.settle(lives).await;
        let written = rig.world.requests().split_off(before);
        let written: Vec<_> = written
            .iter()
            .filter(|it| {
                matches!(it.token, TokenKind::Installation(_)) && it.method != "GET" && it.path != "/graphql"
            })
            .map(|it| (&it.method, &it.path))
            .collect();
        assert!(written.is_empty(), "{}: not even a reaction: {written:?}", place.name);
        // Whoever speaks as a person is heard all the same.
        script.says("rita", HERE, "/status");
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        assert_eq!(rig.world.comments(HERE.0, HERE.1).len(), 4 + ROUNDS);
        invariants::check(&rig, &script).await;
    })
    .await;
}

/// What GitHub has sent of this comment.
async fn event_of(rig: &Rig, comment: i64) -> HookDelivery {
    until("the event of a comment", async || {
        let mut log = rig.world.webhook_log().into_iter();
        log.find(|sent| sent.event == "issue_comment" && sent.payload["comment"]["id"] == comment)
    })
    .await
}
