//! Durable ingest: deliveries per second and time to the answer, beside the floor and the ceiling; and with a queue that is full.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use millwright::sandbox::{Effect, Fault};

use crate::Effort;
use crate::goals::{self, Verdicts};
use crate::load::{Outcome, Until, send};
use crate::payload::{Comment, Signed, payload, signed};
use crate::report::{line, median};
use crate::running::{Database, GitHub, Running, server};

const PLACES: i64 = 200;
/// In the order in which they are shown.
const FLOOR: &str = "1 floor";
const CEILING: &str = "2 ceiling";
const SQLITE: &str = "3 SQLite";
const POSTGRESQL: &str = "4 PostgreSQL";

const CONCURRENCIES: [usize; 3] = [1, 16, 64];

/// Everything.
pub async fn run(effort: Effort, verdicts: &mut Verdicts) {
    let github = GitHub::open().await;
    let deliveries = comments(&github, "Thanks, that helps. I will have a look at it tomorrow.");
    let server = server();
    println!("durable ingest, in turns, {} rounds; medians (× is the ratio to the ceiling)", effort.rounds);
    for concurrency in CONCURRENCIES {
        let mut outcomes: BTreeMap<&'static str, Vec<Outcome>> = BTreeMap::new();
        for _ in 0..effort.rounds {
            for receiver in [FLOOR, CEILING, SQLITE, POSTGRESQL] {
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
        let outcomes = Outcomes(outcomes);
        print(concurrency, &outcomes);
        match concurrency {
            16 => verdicts.judge(goals::ACK_16, outcomes.ratio(SQLITE, |outcome| outcome.p99_ms)),
            64 => {
                verdicts.judge(goals::ACK_64, outcomes.ratio(SQLITE, |outcome| outcome.p99_ms));
                verdicts.judge(goals::INGEST, outcomes.ratio(SQLITE, |outcome| outcome.per_second));
                if outcomes.0.contains_key(POSTGRESQL) {
                    let ratio = outcomes.ratio(POSTGRESQL, |outcome| outcome.per_second);
                    verdicts.judge(goals::INGEST_POSTGRES, ratio);
                }
            }
            _ => {}
        }
    }
    verdicts.judge(goals::ACK_FULL, busy(effort, &deliveries).await);
}

async fn start(receiver: &str, github: &GitHub, server: Option<&str>) -> Option<(Database, Running)> {
    let database = match (receiver, server) {
        (POSTGRESQL, None) => return None,
        (POSTGRESQL, Some(server)) => Database::postgres(server).await,
        _ => Database::sqlite(),
    };
    let running = match receiver {
        FLOOR => Running::floor(&github.secret()),
        CEILING => Running::ceiling(&github.secret(), &database.file()),
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

/// By receiver, one per round.
struct Outcomes(BTreeMap<&'static str, Vec<Outcome>>);

impl Outcomes {
    fn middle(&self, receiver: &str, of: fn(&Outcome) -> f64) -> f64 {
        median(&mut self.0[receiver].iter().map(of).collect::<Vec<_>>())
    }

    /// The median of the ratios to the ceiling, round by round.
    fn ratio(&self, receiver: &str, of: fn(&Outcome) -> f64) -> f64 {
        let pairs = self.0[receiver].iter().zip(&self.0[CEILING]);
        median(&mut pairs.map(|(one, ceiling)| of(one) / of(ceiling)).collect::<Vec<_>>())
    }
}

fn print(concurrency: usize, outcomes: &Outcomes) {
    line(&[
        format!("concurrency {concurrency}"),
        "per s".into(),
        "×".into(),
        "p50 ms".into(),
        "p99 ms".into(),
        "p99 ×".into(),
    ]);
    for (receiver, rounds) in &outcomes.0 {
        let refused: usize = rounds.iter().map(|outcome| outcome.refused).sum();
        line(&[
            receiver[2..].to_owned(),
            format!("{:.0}", outcomes.middle(receiver, |outcome| outcome.per_second)),
            format!("{:.2}", outcomes.ratio(receiver, |outcome| outcome.per_second)),
            format!("{:.2}", outcomes.middle(receiver, |outcome| outcome.p50_ms)),
            format!("{:.2}", outcomes.middle(receiver, |outcome| outcome.p99_ms)),
            format!("{:.2}", outcomes.ratio(receiver, |outcome| outcome.p99_ms)),
        ]);
        if refused > 0 {
            println!("{refused} deliveries were refused");
        }
    }
}

/// Time to the answer while every worker waits for a GitHub that takes two seconds and more work stands in line, beside the
/// same with a GitHub that answers at once and a queue that is worked off; the ratio of both.
async fn busy(effort: Effort, deliveries: &Arc<Vec<Signed>>) -> f64 {
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
    let ratio = median(&mut ratios);
    println!(
        "ack p99 at concurrency 16: {:.2} ms with an idle queue, {:.2} ms with a full one and GitHub answering in 2 s, {:.2} ×",
        median(&mut first),
        median(&mut second),
        ratio
    );
    ratio
}
