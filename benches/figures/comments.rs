//! From a webhook to the comment that answers it: through the durable queue, spread over 200 installations.

use std::sync::Arc;
use std::time::{Duration, Instant};

use millwright::domain::ids::IssueNumber;
use millwright::sandbox::{Deliverer, REPOSITORY, World};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::Effort;
use crate::goals::{COMMENTS, ENHANCE, Verdicts};
use crate::load::send_one;
use crate::payload::{Comment, Signed, payload, repository, signed};
use crate::report::percentile;
use crate::running::{Database, GitHub, Running, kinds};

const PLACES: i64 = 200;
const CONCURRENCY: usize = 16;
const ISSUE: IssueNumber = IssueNumber(1);

/// On every database there is.
pub async fn run(effort: Effort, verdicts: &mut Verdicts) {
    for (name, server) in kinds() {
        let p99 = on(name, Database::on(server.as_deref()).await, effort).await;
        verdicts.judge(COMMENTS.on(name), p99);
        let p95 = plans(name, Database::on(server.as_deref()).await, effort).await;
        verdicts.judge(ENHANCE.on(name), p95);
    }
}

/// The 99th percentile, milliseconds.
async fn on(name: &str, database: Database, effort: Effort) -> f64 {
    let github = GitHub::open().await;
    let secret = github.secret();
    let rounds = i64::try_from(effort.rounds.div_ceil(2)).unwrap_or(1);
    let mut deliveries = Vec::new();
    for round in 0..rounds {
        for place in 1..=PLACES {
            let comment = payload(Comment { place, id: round * PLACES + place, text: "/help" });
            github.world.seed_from_payload(&comment);
            deliveries.push((place, signed(&comment, &secret)));
        }
    }
    let receiver = Running::millwright(&github, &database.url);
    let deliveries = Arc::new(deliveries);
    let started = Instant::now();
    let mut people = JoinSet::new();
    for person in 0..CONCURRENCY {
        let (world, deliveries, address) =
            (github.world.clone(), Arc::clone(&deliveries), receiver.address.clone());
        people.spawn(async move {
            let mut times = Vec::new();
            for (place, delivery) in deliveries.iter().skip(person).step_by(CONCURRENCY) {
                times.push(ask(&world, &address, (*place, delivery)).await);
            }
            times
        });
    }
    let mut times: Vec<f64> = people.join_all().await.into_iter().flatten().collect();
    println!(
        "webhook to comment on {name}, {} comments over {PLACES} installations, concurrency {CONCURRENCY}: p50 {:.0} ms, p99 {:.0} ms, {:.0} per s",
        times.len(),
        percentile(&mut times, 0.5),
        percentile(&mut times, 0.99),
        times.len() as f64 / started.elapsed().as_secs_f64()
    );
    drop(receiver);
    database.drop_it().await;
    percentile(&mut times, 0.99)
}

/// Milliseconds from `/enhance` to the finished plan in the repository that the demo shows, the 95th percentile: one after the
/// other, as people ask.
async fn plans(name: &str, database: Database, effort: Effort) -> f64 {
    let github = GitHub::demo().await;
    let receiver = Running::millwright(&github, &database.url);
    github.world.set_webhook_url(format!("http://{}/webhook", receiver.address));
    let text = github.world.issue(REPOSITORY, 2).unwrap().body;
    let person = github.world.act_as("tess");
    let world = github.world.clone();
    let mut deliverer = JoinSet::new();
    deliverer.spawn(async move { Deliverer::default().run(&world).await });
    let mut times = Vec::new();
    for round in 0..effort.rounds.max(5) * 2 {
        let title = format!("Rate limit failed sign-ins, asked for the {round}th time");
        let number = person.open_issue(REPOSITORY, &title, text.as_deref().unwrap_or_default()).unwrap();
        let mut changes = github.world.changes();
        let planned = |body: &str| body.contains("<sub>rev 1");
        let started = Instant::now();
        person.comment(REPOSITORY, number, "/enhance").unwrap();
        until(&mut changes, || answers(&github.world, REPOSITORY, number).iter().any(|body| planned(body)))
            .await;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    println!(
        "/enhance to the plan on {name}, {} issues of {REPOSITORY} one after the other: p50 {:.0} ms, p95 {:.0} ms",
        times.len(),
        percentile(&mut times, 0.5),
        percentile(&mut times, 0.95),
    );
    drop(receiver);
    database.drop_it().await;
    percentile(&mut times, 0.95)
}

/// Milliseconds until the bot has answered.
async fn ask(world: &World, address: &str, (place, delivery): (i64, &Signed)) -> f64 {
    let name = repository(place);
    let mut changes = world.changes();
    let before = answers(world, &name, ISSUE.0).len();
    let started = Instant::now();
    let status = send_one(address, delivery).await;
    assert_eq!(status, 202);
    until(&mut changes, || answers(world, &name, ISSUE.0).len() != before).await;
    started.elapsed().as_secs_f64() * 1000.0
}

/// What the bot has written on an issue.
fn answers(world: &World, repository: &str, number: i64) -> Vec<String> {
    let bot = Some(format!("{}[bot]", world.app().slug));
    let all = world.comments(repository, number).into_iter();
    all.filter(|comment| comment.author == bot).map(|comment| comment.body).collect()
}

/// Looks again whenever the world has changed, for a minute at most.
async fn until<T: Clone>(changes: &mut Receiver<T>, holds: impl Fn() -> bool) {
    let held = async {
        while !holds() {
            if let Err(RecvError::Closed) = changes.recv().await {
                return;
            }
        }
    };
    timeout(Duration::from_secs(60), held).await.unwrap();
}
