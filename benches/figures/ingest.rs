//! Durable ingest: deliveries per second and time to the answer, beside the floor and the ceiling; and with a queue that is full.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::goals::{self, Verdicts};
use crate::load::{Outcome, Until, send};
use crate::payload::{Comment, Signed, payload, signed};
use crate::report::{line, median};
use crate::running::{Database, GitHub, Running, kinds, server, syncs};
use crate::{Effort, full};

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
pub const PLAIN: &str = "Thanks, that helps. I will have a look at it tomorrow.";
/// Holds one, and no command.
pub const LOOKS: &str = "Thanks, that helps. I will have a look at src/main.rs tomorrow.";

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
        for receiver in RECEIVERS {
            *refused.entry(kind(receiver)).or_default() += outcomes.refused(receiver);
        }
        let p99 = |receiver| outcomes.ratio(receiver, |outcome| outcome.p99_ms);
        match concurrency {
            16 => {
                verdicts.judge(goals::ACK_16, p99(SQLITE));
                verdicts.judge(goals::ACK_16_READ, p99(SQLITE_READ));
            }
            64 => {
                verdicts.judge(goals::ACK_64, p99(SQLITE));
                verdicts.judge(goals::ACK_64_READ, p99(SQLITE_READ));
                let per_second = |receiver| outcomes.ratio(receiver, |outcome| outcome.per_second);
                verdicts.judge(goals::INGEST, per_second(SQLITE));
                verdicts.judge(goals::INGEST_READ, per_second(SQLITE_READ));
                // A server that does not sync is measured against a file that does: that ratio says nothing.
                if outcomes.0.contains_key(POSTGRESQL) && keeps_its_word {
                    verdicts.judge(goals::INGEST_POSTGRES, per_second(POSTGRESQL));
                    verdicts.judge(goals::INGEST_POSTGRES_READ, per_second(POSTGRESQL_READ));
                }
            }
            _ => {}
        }
    }
    for (name, server) in kinds() {
        let more = full::run(effort, (name, server.as_deref()), verdicts).await;
        let refused = refused.get(name).copied().unwrap_or_default() + more;
        verdicts.judge(goals::REFUSED.on(name), refused as f64);
    }
}

/// The database of a receiver, by the name under which it is judged.
fn kind(receiver: &str) -> &'static str {
    match receiver {
        SQLITE | SQLITE_READ => "SQLite",
        POSTGRESQL | POSTGRESQL_READ => "PostgreSQL",
        _ => "beside it",
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
