//! More than anybody sends: a thousand deliveries, the largest bodies side by side, strangers, and connections that never end.

use std::collections::BTreeSet;
use std::fs;

use bytes::Bytes;
use futures_util::future::join_all;
use futures_util::{StreamExt as _, stream};
use millwright::clock::Clock;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::dice::{Dice, seed};
use super::invariants;
use super::patience::until;
use super::post::{Answer, Post, Sender, payload};
use super::rig::{Life, Place, Rig, on_each};
use super::script::{Script, furnish};
use super::told;

const HERE: (&str, i64) = ("acme/app", 1);
const DELIVERIES: usize = 1_000;
const AT_ONCE: usize = 64;

/// GitHub delivers at most 25 MB.
const LARGE: usize = 20 * 1024 * 1024;
/// Together more than all bodies in flight may take.
const LARGE_AT_ONCE: usize = 6;

/// What is small gets through beside all that is large, slow and strange.
const LEAST_PERCENT: usize = 80;

/// In bytes, at any moment.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f18_a_flood_loses_nothing_that_was_accepted_and_stays_small() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        // Nobody is killed here: what a lease is for operators, so that a slow machine may take its time over the large ones.
        let life = rig.start(&[("MILLWRIGHT_LEASE_MS", "60000")]).await;
        let sender = Sender::to(&rig, &life);
        let slow = slow_ones(&life).await;
        let small = payload(&rig, HERE, ("rita", "I see it too.")).to_string();
        let posts: Vec<Post> = (0..DELIVERIES)
            .map(|number| sender.signed("issue_comment", format!("small-{number}"), small.clone()))
            .collect();

        let thousand =
            stream::iter(&posts).map(|post| timed(&sender, post.clone())).buffer_unordered(AT_ONCE);
        let large = large(&rig, &sender);
        let (timed, answers_to_large, strangers) =
            tokio::join!(thousand.collect::<Vec<_>>(), large_ones(&sender, &large), strangers(&sender));
        let mut took: Vec<i64> =
            timed.iter().filter(|(_, answer, _)| answer.is_some()).map(|(_, _, ms)| *ms).collect();
        let answers: Vec<(String, Option<Answer>)> =
            timed.into_iter().map(|(guid, answer, _)| (guid, answer)).collect();
        let stored = rig.books.deliveries().await.unwrap();
        let mut taken = BTreeSet::new();
        for (guid, answer) in answers.iter().chain(&answers_to_large) {
            let Some(answer) = answer else { continue };
            match answer.status {
                202 => assert!(stored.contains(guid), "{guid} was accepted and is not there"),
                // Whoever is refused is told when to come again.
                503 => assert!(answer.headers.contains_key("retry-after"), "{guid}"),
                // Too slow for a machine that has so much else to do.
                408 => {}
                status => panic!("{guid}: {status}"),
            }
            if answer.status == 202 {
                taken.insert(guid.clone());
            }
        }
        println!("{}: {} of {} accepted at once", place.name, taken.len(), DELIVERIES + LARGE_AT_ONCE);
        // Printed and not judged: how fast it is depends on the machine.
        took.sort_unstable();
        println!(
            "{}: {} small ones answered under the flood, p50 {} ms, p99 {} ms, the slowest {} ms",
            place.name,
            took.len(),
            percentile(&took, 50),
            percentile(&took, 99),
            percentile(&took, 100)
        );
        let small = answers.iter().filter(|(guid, _)| taken.contains(guid)).count();
        assert!(small * 100 >= DELIVERIES * LEAST_PERCENT, "{small} of {DELIVERIES} small ones");
        // Refused unread, after the signature, or for want of memory; never for what the body says.
        assert!(!strangers.is_empty(), "no stranger had an answer");
        assert!(strangers.iter().all(|status| matches!(status, 401 | 408 | 503)), "{strangers:?}");
        let no_json = Post { body: "no JSON".into(), ..stranger(Some(wrong_signature())) };
        assert_eq!(sender.send(no_json).await.unwrap().status, 401);

        // What was refused comes again, while the slow ones are still there.
        let again = posts.iter().filter(|post| !taken.contains(&post.guid)).map(|post| async {
            let taken = async || {
                let status = sender.send(post.clone()).await?.status;
                matches!(status, 200 | 202).then_some(())
            };
            until("room for what was refused", taken).await;
        });
        stream::iter(again.collect::<Vec<_>>()).buffer_unordered(8).collect::<Vec<_>>().await;
        drop(slow);
        for post in large.iter().filter(|post| !taken.contains(&post.guid)) {
            until("room for a large one", async || {
                let status = sender.send(post.clone()).await?.status;
                matches!(status, 200 | 202).then_some(())
            })
            .await;
        }
        let stored = rig.books.deliveries().await.unwrap();
        assert!(large.iter().all(|post| stored.contains(&post.guid)), "{}: large ones are lost", place.name);
        until("an end of the work", async || rig.books.left().await.ok().filter(|left| left.nothing())).await;
        if let Some(bytes) = memory(&life) {
            println!("{}: {} MiB at most", place.name, bytes >> 20);
            assert!(bytes < MOST_MEMORY, "{bytes} bytes");
        }
        let seen = rig.by_hand.lock().unwrap().iter().filter(|(_, status)| *status == 503).count() as u64;
        let busy = told::answered(&life, "503").await;
        println!("{}: {seen} were refused for want of room", place.name);
        assert!(busy >= seen, "{seen} were refused for want of room, {busy} by the figures");
        let (accepted, strange) = (told::answered(&life, "202").await, told::answered(&life, "401").await);
        assert!(accepted >= DELIVERIES as u64, "{accepted} accepted by the figures");
        assert!(strange >= 1, "{strange} strangers by the figures");
        let timed = told::figure(&life, "millwright_ack_seconds_count").await;
        assert!(timed >= accepted + strange, "each answer is timed: {timed}");
        script.says("rita", HERE, "/status");
        let lives = rig.settle(vec![life]).await;
        rig.stop_all(lives).await;
        let refused = told::lines(
            &rig,
            "WARN",
            "refused a delivery; more within a second are counted in the next line of this reason, and in the metrics at once",
        );
        let is_about_secret = |line: &serde_json::Value| line["why"] == "its signature does not fit our secret";
        assert!(refused.iter().any(is_about_secret), "{refused:#?}");
        invariants::check(&rig, &script).await;
    })
    .await;
}

/// Several of the largest bodies, rightly signed.
fn large(rig: &Rig, sender: &Sender) -> Vec<Post> {
    let mut payload = payload(rig, HERE, ("rita", "A log."));
    payload["comment"]["body"] = "x".repeat(LARGE).into();
    let post = sender.signed("issue_comment", "", payload.to_string());
    (0..LARGE_AT_ONCE).map(|number| Post { guid: format!("large-{number}"), ..post.clone() }).collect()
}

/// All of them at once.
async fn large_ones(sender: &Sender, posts: &[Post]) -> Vec<(String, Option<Answer>)> {
    join_all(posts.iter().map(|post| send(sender, post.clone()))).await
}

/// The same with the time that the answer took, in milliseconds.
async fn timed(sender: &Sender, post: Post) -> (String, Option<Answer>, i64) {
    let clock = Clock::system(0);
    let began_ms = clock.now_ms();
    let (guid, answer) = send(sender, post).await;
    (guid, answer, clock.now_ms() - began_ms)
}

/// Of values in their order; 100 is the largest.
fn percentile(sorted: &[i64], percent: usize) -> i64 {
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default()
}

/// GUID and answer; a connection that was closed in the middle of a large body has none, and counts as a failed delivery.
async fn send(sender: &Sender, post: Post) -> (String, Option<Answer>) {
    let guid = post.guid.clone();
    (guid, sender.send(post).await)
}

/// The largest bodies from people without the secret. What they send is no JSON either, and nobody gets to see that.
async fn strangers(sender: &Sender) -> Vec<u16> {
    let body = Bytes::from(vec![b'{'; LARGE]);
    let signatures = [None, Some(wrong_signature()), Some("sha1=abc".to_owned())];
    let posts = signatures.map(|signature| Post { body: body.clone(), ..stranger(signature) });
    let posts = posts.into_iter();
    join_all(posts.map(|post| sender.send(post))).await.into_iter().flatten().map(|it| it.status).collect()
}

fn wrong_signature() -> String {
    format!("sha256={}", "0".repeat(64))
}

fn stranger(signature: Option<String>) -> Post {
    Post { event: "issue_comment", guid: "stranger".to_owned(), body: Bytes::new(), signature }
}

/// Connections that begin a request and never end it, some in the headers and some in the body.
async fn slow_ones(life: &Life) -> Vec<TcpStream> {
    let open = (0..100).map(async |number| {
        let mut stream = TcpStream::connect(life.door.unwrap()).await.unwrap();
        let mut begun =
            "POST /webhook HTTP/1.1\r\nHost: here\r\nX-GitHub-Event: issue_comment\r\n".to_owned();
        if number % 2 == 0 {
            let signature = wrong_signature();
            begun += &format!("X-Hub-Signature-256: {signature}\r\nContent-Length: {LARGE}\r\n\r\n{{\"a");
        }
        stream.write_all(begun.as_bytes()).await.unwrap();
        stream
    });
    join_all(open).await
}

/// The most resident memory that there ever was, in bytes; only Linux tells.
fn memory(life: &Life) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", life.program.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? * 1024)
}
