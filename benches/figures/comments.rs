//! From a webhook to the comment that answers it: through the durable queue, spread over 200 installations.

use std::sync::Arc;
use std::time::{Duration, Instant};

use millwright::domain::ids::IssueNumber;
use millwright::sandbox::World;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::Effort;
use crate::goals::{COMMENTS, Verdicts};
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

/// Milliseconds until the bot has answered.
async fn ask(world: &World, address: &str, (place, delivery): (i64, &Signed)) -> f64 {
    let name = repository(place);
    let mut changes = world.changes();
    let answers = || {
        let bot = Some(format!("{}[bot]", world.app().slug));
        world.comments(&name, ISSUE.0).iter().filter(|comment| comment.author == bot).count()
    };
    let before = answers();
    let started = Instant::now();
    let status = send_one(address, delivery).await;
    assert_eq!(status, 202);
    let answered = async {
        while answers() == before {
            if let Err(RecvError::Closed) = changes.recv().await {
                return;
            }
        }
    };
    timeout(Duration::from_secs(60), answered).await.unwrap();
    started.elapsed().as_secs_f64() * 1000.0
}
