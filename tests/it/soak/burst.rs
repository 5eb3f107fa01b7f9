//! A burst of deliveries, and the program is killed in the middle of it.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, stream};

use super::dice::{Dice, kills, seed};
use super::invariants;
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
        // One in ten is a command; the rest is what people say all day.
        let posts: Vec<Post> = (0..deliveries())
            .map(|number| {
                let repo = &repositories()[number % 10];
                let issue = 1 + i64::try_from(number / 10 % 3).unwrap();
                let text = if number % 10 == number / 10 % 10 { "/status" } else { "I see it too." };
                let payload = payload(&rig, (repo, issue), ("rita", text));
                let comment = payload["comment"]["id"].as_i64().unwrap();
                script.was_said((repo, issue), comment, usize::from(text.starts_with('/')));
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
