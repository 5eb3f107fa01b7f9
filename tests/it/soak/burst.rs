//! A burst of deliveries, and the program is killed in the middle of it.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, stream};
use millwright::triggers::events;
use serde_json::Value;
use sqlx::Row as _;

use super::dice::{Dice, kills, seed};
use super::invariants;
use super::patience::until;
use super::post::{Post, Sender, payload};
use super::rig::{Place, Rig, on_each};
use super::script::{Script, furnish, repositories};

/// At the same time, as GitHub sends.
const AT_ONCE: usize = 64;

/// 2,000 deliveries with the 1,000 kills of `scripts/soak`, 400 with the 200 of CI, fewer where `cargo test` is to be quick.
fn deliveries() -> usize {
    usize::try_from(kills()).unwrap() * 2
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f1_a_kill_in_a_burst_loses_nothing_and_every_delivery_twice_doubles_nothing() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let life = rig.start(&[]).await;
        let sender = Sender::to(&rig, &life);
        let payloads = burst(&rig, &script).into_iter().enumerate();
        let posts: Vec<Post> = payloads
            .map(|(number, payload)| {
                sender.signed("issue_comment", format!("burst-{number}"), payload.to_string())
            })
            .collect();

        let half = posts.len() / 2;
        let mut acknowledged = BTreeSet::new();
        let mut answers = send(&sender, &posts);
        while acknowledged.len() < half {
            let (guid, status) = answers.next().await.unwrap();
            if status == Some(202) {
                acknowledged.insert(guid);
            }
        }
        drop(answers);
        rig.kill(life).await;

        let life = rig.start(&[]).await;
        let stored = rig.books.deliveries().await.unwrap();
        let lost: Vec<_> = acknowledged.difference(&stored).collect();
        assert!(lost.is_empty(), "{}: answered 202 and lost: {lost:?}", place.name);

        // GitHub's log shows which ones had no answer; they come again, and then every one once more.
        let sender = Sender::to(&rig, &life);
        let again: Vec<Post> =
            posts.iter().filter(|post| !acknowledged.contains(&post.guid)).cloned().collect();
        for (guid, status) in send(&sender, &again).collect::<Vec<_>>().await {
            assert!(matches!(status, Some(200 | 202)), "{guid}: {status:?}");
        }
        for (guid, status) in send(&sender, &posts).collect::<Vec<_>>().await {
            assert_eq!(status, Some(200), "{guid} was here before");
        }
        let lives = rig.settle(vec![life]).await;
        rig.stop_all(lives).await;
        let stored = rig.books.deliveries().await.unwrap();
        assert!(posts.iter().all(|post| stored.contains(&post.guid)));
        let findings = invariants::check(&rig, &script).await;
        println!("{}: {} of {} before the kill\n{findings}", place.name, acknowledged.len(), posts.len());
    })
    .await;
}

/// P7: nobody delivers again what the kill has cost. The program that starts next finds it in GitHub's log, by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p7_what_a_kill_in_a_burst_has_cost_is_fetched_by_the_programs_own_sweep_and_done_once() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let life = rig.start(&[]).await;
        let payloads = burst(&rig, &script);
        let (before, behind) = payloads.split_at(payloads.len() / 2);
        let tell = |payloads: &[Value]| {
            for payload in payloads {
                rig.world.add_webhook("issue_comment", payload.clone());
            }
        };
        tell(before);
        until("the first of the burst to be accepted", async || {
            (accepted(&rig).len() >= before.len() / 2).then_some(())
        })
        .await;
        // The burst goes on while the program ends.
        tell(behind);
        rig.kill(life).await;
        until("GitHub to have tried each one", async || (rig.world.open_webhooks() == 0).then_some(())).await;

        let stored = rig.books.deliveries().await.unwrap();
        let lost: Vec<_> = accepted(&rig).difference(&stored).cloned().collect();
        assert!(lost.is_empty(), "{}: accepted and lost: {lost:?}", place.name);
        let log = rig.world.webhook_log();
        let wanted: BTreeSet<&str> = log
            .iter()
            .filter(|sent| events::wanted(&sent.event, sent.action.as_deref()))
            .map(|sent| sent.guid.as_str())
            .collect();
        let missed: BTreeMap<String, &str> = log
            .iter()
            .filter(|sent| wanted.contains(sent.guid.as_str()) && !stored.contains(&sent.guid))
            .map(|sent| (sent.id.to_string(), sent.guid.as_str()))
            .collect();
        assert!(!missed.is_empty(), "{}: the kill came too late to cost anything", place.name);

        let began_ms = rig.world.now();
        let life = rig.start(&[]).await;
        let is_made_up_for = async || {
            let stored = rig.books.deliveries().await.ok()?;
            let left = rig.books.left().await.ok()?;
            let has_all = wanted.iter().all(|guid| stored.contains(*guid));
            (has_all && left.nothing() && rig.world.open_webhooks() == 0).then_some(())
        };
        until("everything to be fetched and worked off", is_made_up_for).await;
        println!(
            "{}: {} of {} deliveries missed, all worked off {} ms after the restart",
            place.name,
            missed.len(),
            wanted.len(),
            rig.world.now() - began_ms
        );
        // What was missed was fetched once, and what was held, with or without an answer, was not fetched at all.
        let requests = rig.world.requests();
        let mut fetched: Vec<&str> =
            requests.iter().filter_map(|one| one.path.strip_prefix("/app/hook/deliveries/")).collect();
        fetched.sort_unstable();
        assert_eq!(fetched, missed.keys().collect::<Vec<_>>(), "{}", place.name);
        handled_once(&rig, &wanted).await;
        // In the end somebody presses the button for each one that had failed: here before, and nothing is done again.
        let lives = rig.settle(vec![life]).await;
        rig.stop_all(lives).await;
        handled_once(&rig, &wanted).await;
        let findings = invariants::check(&rig, &script).await;
        println!("{}:\n{findings}", place.name);
    })
    .await;
}

/// What people say: one in ten is a command, the rest is what they say all day. GitHub knows it and has told nobody yet.
fn burst(rig: &Rig, script: &Script) -> Vec<Value> {
    let say = |number: usize| {
        let repo = &repositories()[number % 10];
        let issue = 1 + i64::try_from(number / 10 % 3).unwrap();
        let text = if number % 10 == number / 10 % 10 { "/status" } else { "I see it too." };
        let payload = payload(rig, (repo, issue), ("rita", text));
        let comment = payload["comment"]["id"].as_i64().unwrap();
        script.was_said((repo, issue), comment, usize::from(text.starts_with('/')));
        payload
    };
    (0..deliveries()).map(say).collect()
}

/// GUIDs of what the program has answered with success.
fn accepted(rig: &Rig) -> BTreeSet<String> {
    let is_accepted = |code: u16| (200..300).contains(&code);
    let log = rig.world.webhook_log().into_iter();
    log.filter(|sent| sent.outcome.as_ref().is_some_and(|it| is_accepted(it.status_code)))
        .map(|sent| sent.guid)
        .collect()
}

/// Each of these was read by one job, which came to its end.
async fn handled_once(rig: &Rig, guids: &BTreeSet<&str>) {
    let text = "SELECT delivery_guid, state, COUNT(*) AS number FROM jobs
        WHERE name = 'dispatch.v1' GROUP BY delivery_guid, state";
    let mut jobs = BTreeMap::new();
    for row in rig.books.rows(text).await.unwrap() {
        let (guid, state): (String, String) = (row.get("delivery_guid"), row.get("state"));
        let number: i64 = row.get("number");
        jobs.entry(guid).or_insert_with(Vec::new).push((state, number));
    }
    for guid in guids {
        assert_eq!(jobs.get(*guid), Some(&vec![("done".to_owned(), 1)]), "{guid}");
    }
}

/// GUID and status of each, as the answers come.
fn send<'a>(
    sender: &'a Sender,
    posts: &'a [Post],
) -> impl futures_util::Stream<Item = (String, Option<u16>)> + Unpin + 'a {
    let sent = posts.iter().map(move |post| {
        Box::pin(
            async move { (post.guid.clone(), sender.send(post.clone()).await.map(|answer| answer.status)) },
        )
    });
    stream::iter(sent).buffer_unordered(AT_ONCE)
}
