//! Durable ingest: deliveries per second and time to the answer, beside the floor and the ceiling; and with a queue that is full.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use millwright::sandbox::{Effect, Fault};

use crate::Effort;
use crate::load::{Outcome, Until, send};
use crate::payload::{Comment, Signed, payload, signed};
use crate::report::{line, median};
use crate::running::{Database, GitHub, Running, server};

const PLACES: i64 = 200;
const CONCURRENCIES: [usize; 3] = [1, 16, 64];

/// Everything.
pub async fn run(effort: Effort) {
    let github = GitHub::open().await;
    let deliveries = comments(&github, "Thanks, that helps. I will have a look at it tomorrow.");
    let server = server();
    println!("durable ingest, in turns, {} rounds; medians (× is the ratio to the ceiling)", effort.rounds);
    for concurrency in CONCURRENCIES {
        let mut outcomes: BTreeMap<&str, Vec<Outcome>> = BTreeMap::new();
        for _ in 0..effort.rounds {
            for receiver in ["1 floor", "2 ceiling", "3 SQLite", "4 PostgreSQL"] {
                let Some((database, running)) = start(receiver, &github, server.as_deref()).await else {
                    continue;
                };
                let until = Until::Over(effort.window);
                let outcome = send(&running.address, &deliveries, concurrency, until).await;
                drop(running);
                database.drop_it().await;
                outcomes.entry(receiver).or_default().push(outcome);
            }
        }
        print(concurrency, &outcomes);
    }
    busy(effort, &deliveries).await;
}

async fn start(receiver: &str, github: &GitHub, server: Option<&str>) -> Option<(Database, Running)> {
    let database = match (receiver, server) {
        ("4 PostgreSQL", None) => return None,
        ("4 PostgreSQL", Some(server)) => Database::postgres(server).await,
        _ => Database::sqlite(),
    };
    let running = match receiver {
        "1 floor" => Running::floor(&github.secret()),
        "2 ceiling" => Running::ceiling(&github.secret(), &database.file()),
        _ => Running::millwright(github, &database.url),
    };
    Some((database, running))
}

/// One signed comment from each of many installations.
pub fn comments(github: &GitHub, text: &str) -> Arc<Vec<Signed>> {
    let secret = github.secret();
    let one = |place| signed(&payload(Comment { place, id: place, text }), &secret);
    Arc::new((1..=PLACES).map(one).collect())
}

fn print(concurrency: usize, outcomes: &BTreeMap<&str, Vec<Outcome>>) {
    let middle = |receiver: &str, of: fn(&Outcome) -> f64| {
        median(&mut outcomes.get(receiver).into_iter().flatten().map(of).collect::<Vec<_>>())
    };
    let ratio = |receiver: &str, of: fn(&Outcome) -> f64| {
        let pairs = outcomes[receiver].iter().zip(&outcomes["2 ceiling"]);
        median(&mut pairs.map(|(one, ceiling)| of(one) / of(ceiling)).collect::<Vec<_>>())
    };
    line(&[
        format!("concurrency {concurrency}"),
        "per s".into(),
        "×".into(),
        "p50 ms".into(),
        "p99 ms".into(),
        "p99 ×".into(),
    ]);
    for receiver in outcomes.keys() {
        let refused: usize = outcomes[receiver].iter().map(|outcome| outcome.refused).sum();
        line(&[
            receiver[2..].to_owned(),
            format!("{:.0}", middle(receiver, |outcome| outcome.per_second)),
            format!("{:.2}", ratio(receiver, |outcome| outcome.per_second)),
            format!("{:.2}", middle(receiver, |outcome| outcome.p50_ms)),
            format!("{:.2}", middle(receiver, |outcome| outcome.p99_ms)),
            format!("{:.2}", ratio(receiver, |outcome| outcome.p99_ms)),
        ]);
        if refused > 0 {
            println!("{refused} deliveries were refused");
        }
    }
}

/// Time to the answer while every worker waits for a GitHub that takes two seconds and more work stands in line, beside the
/// same with a GitHub that answers at once and a queue that is worked off.
async fn busy(effort: Effort, deliveries: &Arc<Vec<Signed>>) {
    let (idle, slow) = (GitHub::open().await, GitHub::open().await);
    let delay = Effect::Delay(Duration::from_secs(2));
    slow.world.faults().add(Fault::on("*", "/**", delay));
    // Each GitHub has a secret of its own.
    let plain = |github: &GitHub| {
        let secret = github.secret();
        let bodies = deliveries.iter().map(|one| one.body.clone());
        let sign =
            |body: bytes::Bytes| Signed { signature: millwright::sandbox::signature(&secret, &body), body };
        Arc::new(bodies.map(sign).collect::<Vec<_>>())
    };
    let commands = comments(&slow, "/help");
    let (plain_idle, plain_slow) = (plain(&idle), plain(&slow));
    let mut ratios = Vec::new();
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for _ in 0..effort.rounds {
        let database = Database::sqlite();
        let receiver = Running::millwright(&idle, &database.url);
        let calm = send(&receiver.address, &plain_idle, 16, Until::Over(effort.window)).await;
        drop((receiver, database));
        let database = Database::sqlite();
        let receiver = Running::millwright(&slow, &database.url);
        send(&receiver.address, &commands, 16, Until::Sent(2_000)).await;
        let full = send(&receiver.address, &plain_slow, 16, Until::Over(effort.window)).await;
        ratios.push(full.p99_ms / calm.p99_ms);
        first.push(calm.p99_ms);
        second.push(full.p99_ms);
    }
    println!(
        "ack p99 at concurrency 16: {:.2} ms with an idle queue, {:.2} ms with a full one and GitHub answering in 2 s, {:.2} ×",
        median(&mut first),
        median(&mut second),
        median(&mut ratios)
    );
}
