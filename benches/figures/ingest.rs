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
use crate::running::{Database, GitHub, Running, kinds, server, syncs};

const PLACES: i64 = 200;
/// In the order in which they are shown.
const FLOOR: &str = "1 floor";
const CEILING: &str = "2 ceiling";
const SQLITE: &str = "3 SQLite";
const POSTGRESQL: &str = "4 PostgreSQL";
/// The same with comments that may hold a command, so that a worker reads each of them meanwhile.
const SQLITE_READ: &str = "5 SQLite, each read by a worker";
const POSTGRESQL_READ: &str = "6 PostgreSQL, each read by a worker";
const RECEIVERS: [&str; 6] = [FLOOR, CEILING, SQLITE, POSTGRESQL, SQLITE_READ, POSTGRESQL_READ];

/// Holds no sign with which a command begins: its job is written as done. Most comments are such.
const PLAIN: &str = "Thanks, that helps. I will have a look at it tomorrow.";
/// Holds one, and no command.
const LOOKS: &str = "Thanks, that helps. I will have a look at src/main.rs tomorrow.";

const CONCURRENCIES: [usize; 3] = [1, 16, 64];

/// Everything.
pub async fn run(effort: Effort, verdicts: &mut Verdicts) {
    let github = GitHub::open().await;
    let (plain, read) = (comments(&github, PLAIN), comments(&github, LOOKS));
    let server = server();
    let keeps_its_word = match &server {
        Some(server) => syncs(server).await,
        None => false,
    };
    if server.is_some() && !keeps_its_word {
        println!("PostgreSQL runs with fsync = off: its deliveries per second are shown and not judged");
    }
    let mut refused = BTreeMap::<&str, usize>::new();
    println!("durable ingest, in turns, {} rounds; medians (× is the ratio to the ceiling)", effort.rounds);
    for concurrency in CONCURRENCIES {
        let mut outcomes: BTreeMap<&'static str, Vec<Outcome>> = BTreeMap::new();
        for _ in 0..effort.rounds {
            for receiver in RECEIVERS {
                let Some((database, running)) = start(receiver, &github, server.as_deref()).await else {
                    continue;
                };
                let until = Until::Over(effort.window);
                let deliveries = if is_read(receiver) { &read } else { &plain };
                let outcome = send(&running.address, deliveries, concurrency, until).await;
                drop(running);
                database.drop_it().await;
                outcomes.entry(receiver).or_default().push(outcome);
            }
        }
        let outcomes = Outcomes(outcomes);
        print(concurrency, &outcomes);
        for (name, receiver) in [("SQLite", SQLITE), ("PostgreSQL", POSTGRESQL)] {
            *refused.entry(name).or_default() += outcomes.refused(receiver);
        }
        match concurrency {
            16 => verdicts.judge(goals::ACK_16, outcomes.ratio(SQLITE, |outcome| outcome.p99_ms)),
            64 => {
                verdicts.judge(goals::ACK_64, outcomes.ratio(SQLITE, |outcome| outcome.p99_ms));
                verdicts.judge(goals::INGEST, outcomes.ratio(SQLITE, |outcome| outcome.per_second));
                // A server that does not sync is measured against a file that does: that ratio says nothing.
                if outcomes.0.contains_key(POSTGRESQL) && keeps_its_word {
                    let ratio = outcomes.ratio(POSTGRESQL, |outcome| outcome.per_second);
                    verdicts.judge(goals::INGEST_POSTGRES, ratio);
                }
            }
            _ => {}
        }
    }
    for (name, server) in kinds() {
        let (ratio, more) = busy(effort, (name, server.as_deref())).await;
        verdicts.judge(goals::ACK_FULL.on(name), ratio);
        let refused = refused.get(name).copied().unwrap_or_default() + more;
        verdicts.judge(goals::REFUSED.on(name), refused as f64);
    }
}

fn is_read(receiver: &str) -> bool {
    matches!(receiver, SQLITE_READ | POSTGRESQL_READ)
}

async fn start(receiver: &str, github: &GitHub, server: Option<&str>) -> Option<(Database, Running)> {
    let database = match (receiver, server) {
        (POSTGRESQL | POSTGRESQL_READ, None) => return None,
        (POSTGRESQL | POSTGRESQL_READ, Some(server)) => Database::postgres(server).await,
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

    /// How many deliveries it did not take, warming up or not.
    fn refused(&self, receiver: &str) -> usize {
        self.0.get(receiver).map_or(0, |rounds| rounds.iter().map(|outcome| outcome.refused).sum())
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
    for receiver in outcomes.0.keys() {
        let refused = outcomes.refused(receiver);
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

/// Commands that keep every worker waiting while deliveries are timed, and a queue that is long.
const SHORT: usize = 64;
const LONG: usize = 10_000;

/// Time to the answer with a long queue, beside a short one; the ratio of both, and how many were refused.
///
/// On both sides every worker waits for a GitHub that takes two seconds for each answer, so that the length of the queue is all that
/// differs: what a worker does meanwhile would make the short one slower.
async fn busy(effort: Effort, (name, server): (&str, Option<&str>)) -> (f64, usize) {
    let github = GitHub::open().await;
    github.world.faults().add(Fault::on("*", "/**", Effect::Delay(Duration::from_secs(2))));
    let commands = comments(&github, "/help");
    // What is timed has to be put behind what stands in line.
    let (plain, read) = (comments(&github, PLAIN), comments(&github, LOOKS));
    let (mut ratios, mut first, mut second) = (Vec::new(), Vec::new(), Vec::new());
    let mut refused = 0;
    for _ in 0..effort.rounds {
        let mut p99 = Vec::new();
        for queued in [SHORT, LONG] {
            let database = Database::on(server).await;
            let receiver = Running::millwright(&github, &database.url);
            let filling = send(&receiver.address, &commands, 16, Until::Sent(queued)).await;
            // As many rows on both sides: a file that has grown is written faster.
            let others = send(&receiver.address, &plain, 16, Until::Sent(LONG - queued)).await;
            let timed = send(&receiver.address, &read, 16, Until::Over(effort.window)).await;
            drop(receiver);
            database.drop_it().await;
            refused += filling.refused + others.refused + timed.refused;
            p99.push(timed.p99_ms);
        }
        let [short, long] = p99[..] else { unreachable!("one for each") };
        ratios.push(long / short);
        first.push(short);
        second.push(long);
    }
    let ratio = median(&mut ratios);
    println!(
        "ack p99 at concurrency 16 on {name}, every worker waiting for GitHub: {:.2} ms with {SHORT} commands queued, {:.2} ms with {LONG}, {ratio:.2} ×",
        median(&mut first),
        median(&mut second),
    );
    (ratio, refused)
}
