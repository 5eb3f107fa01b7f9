//! What a claim costs with 1,000, 100,000 and 1,000,000 queued jobs: `cargo bench --bench claims`. Prints a table.
//!
//! SQLite always, PostgreSQL when `MILLWRIGHT_TEST_POSTGRES` names a server. All sizes of one database are measured in turns, so
//! that they share the machine's mood. Next to the claim stands the fastest write that the same database can do.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints, and ends when something is wrong"
)]
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock and the environment")]

use std::time::{Duration, Instant};

use millwright::clock::Clock;
use millwright::domain::ids::{InstallationId, RepoId};
use millwright::store::{Claimant, NewJob, Store};
use sqlx::{AnyPool, AssertSqlSafe};

const SIZES: [i64; 3] = [1_000, 100_000, 1_000_000];
const ROUNDS: usize = 10;
/// Claims per round and size.
const CLAIMS: usize = 50;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        println!(
            "{:<12}{:>12}{:>12}{:>12}{:>12}{:>14}{:>14}",
            "database", "queued", "claim p50", "claim p99", "enqueue p50", "done p50", "a write p50"
        );
        let folder = tempfile::tempdir().unwrap();
        let file = |size: i64| format!("sqlite://{}/{size}.db?mode=rwc", folder.path().display());
        measure("SQLite", &SIZES.map(file)).await;
        let Ok(server) = std::env::var("MILLWRIGHT_TEST_POSTGRES") else {
            println!("PostgreSQL: skipped, MILLWRIGHT_TEST_POSTGRES is not set");
            return;
        };
        let names = SIZES.map(|size| format!("millwright_claims_{size}_{}", std::process::id()));
        let mut urls = Vec::new();
        for name in &names {
            administer(&server, format!("CREATE DATABASE {name}")).await;
            let mut url = url::Url::parse(&server).unwrap();
            url.set_path(name);
            urls.push(url.to_string());
        }
        measure("PostgreSQL", &urls).await;
        for name in &names {
            administer(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    });
}

/// A database with so many jobs, and what was measured on it.
struct Subject {
    size: i64,
    store: Store,
    claims: Vec<Duration>,
    enqueues: Vec<Duration>,
    settles: Vec<Duration>,
    writes: Vec<Duration>,
}

async fn measure(name: &str, urls: &[String]) {
    let mut subjects = Vec::new();
    for (size, url) in SIZES.into_iter().zip(urls) {
        let store = Store::connect(url, Clock::system(0)).await.unwrap();
        store.migrate().await.unwrap();
        fill(url, size).await;
        subjects.push(Subject {
            size,
            store,
            claims: vec![],
            enqueues: vec![],
            settles: vec![],
            writes: vec![],
        });
    }
    for _ in 0..ROUNDS {
        for subject in &mut subjects {
            round(subject).await;
        }
    }
    for subject in &mut subjects {
        let figures = [
            at(&mut subject.claims, 50),
            at(&mut subject.claims, 99),
            at(&mut subject.enqueues, 50),
            at(&mut subject.settles, 50),
            at(&mut subject.writes, 50),
        ];
        let [claim, slowest, enqueue, settle, write] =
            figures.map(|took| format!("{:.2} ms", took.as_secs_f64() * 1e3));
        println!(
            "{name:<12}{:>12}{claim:>12}{slowest:>12}{enqueue:>12}{settle:>14}{write:>14}",
            subject.size
        );
    }
}

async fn round(subject: &mut Subject) {
    let jobs = subject.store.jobs();
    let claimant = Claimant::new("bench", 60_000, &["bench.v1"]);
    for n in 0..CLAIMS {
        let n = i64::try_from(n).unwrap();
        let new = NewJob {
            name: "bench.v1",
            payload: "{}".to_owned(),
            lane: Some(format!("new lane {n}")),
            installation: Some(InstallationId(n % 200 + 1)),
            repo: Some(RepoId(n % 1_000 + 1)),
            priority: 0,
            run_at_ms: 0,
            dedupe: None,
            max_attempts: 3,
            delivery: None,
        };
        subject.enqueues.push(timed(async { jobs.enqueue(&new).await.map(drop).unwrap() }).await.0);
        let (took, claimed) = timed(async { jobs.claim(&claimant).await.unwrap().unwrap() }).await;
        subject.claims.push(took);
        subject
            .settles
            .push(timed(async { assert!(jobs.done(&claimed.fence, None).await.unwrap()) }).await.0);
        subject.writes.push(timed(async { subject.store.ping().await.unwrap() }).await.0);
    }
}

async fn timed<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let started = Instant::now();
    let done = work.await;
    (started.elapsed(), done)
}

fn at(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times.get(times.len() * percent / 100).copied().unwrap_or_default()
}

/// 200 installations with five repositories each, a lane per ten jobs; a third of the jobs stands behind, a third waits for
/// its time.
async fn fill(url: &str, size: i64) {
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(url).await.unwrap();
    let numbers = match url.starts_with("sqlite") {
        true => format!(
            "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {size}) SELECT n FROM c)"
        ),
        false => format!("(SELECT n FROM generate_series(1, {size}) AS n)"),
    };
    let text = format!(
        "INSERT INTO jobs (name, payload, lane, installation_id, repo_id, state, gate, priority, turn, run_at, max_attempts,
            created_at)
        SELECT 'bench.v1', '{{}}', 'lane ' || (n / 10), n % 200 + 1, n % 1000 + 1, 'ready',
            CASE WHEN n % 10 = 0 THEN 0 WHEN n % 2 = 0 THEN 1 ELSE 2 END, 0, n / 1000,
            CASE WHEN n % 2 = 0 THEN 0 ELSE 9000000000000 END, 3, 0 FROM {numbers} AS numbers"
    );
    sqlx::raw_sql(AssertSqlSafe(text)).execute(&pool).await.unwrap();
    pool.close().await;
}

async fn administer(server: &str, text: String) {
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(server).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(text)).execute(&pool).await.unwrap();
    pool.close().await;
}
