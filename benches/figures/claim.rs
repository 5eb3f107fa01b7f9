//! What a claim costs with a short, a long and a very long queue.

use std::time::Instant;

use millwright::clock::Clock;
use millwright::domain::ids::{InstallationId, RepoId};
use millwright::store::{Claimant, NewDelivery, NewJob, PackedBody, Store};

use crate::Effort;
use crate::goals::{CLAIM, CLAIM_POSTGRES, Verdicts};
use crate::report::percentile;
use crate::running::{Database, server};

const CLAIMS: usize = 300;
const NAME: &str = "dispatch.v1";

/// On every database there is.
pub async fn run(effort: Effort, verdicts: &mut Verdicts) {
    let (mut p99s, mut medians) = (Vec::new(), Vec::new());
    for &jobs in effort.queues {
        p99s.push(on("SQLite", Database::sqlite(), jobs).await.p99);
        if let Some(server) = server() {
            medians.push(on("PostgreSQL", Database::postgres(&server).await, jobs).await.p50);
        }
    }
    for (goal, figures) in [(CLAIM, p99s), (CLAIM_POSTGRES, medians)] {
        if let [shortest, .., longest] = figures.as_slice() {
            verdicts.judge(goal, longest / shortest);
        }
    }
}

/// What a claim took, milliseconds.
struct Took {
    p50: f64,
    p99: f64,
}

async fn on(name: &str, database: Database, jobs: usize) -> Took {
    let store = Store::connect(&database.url, Clock::system(0)).await.unwrap();
    store.migrate().await.unwrap();
    fill(&store, jobs).await;
    let claimant = Claimant::new("figures", 60_000, &[NAME]);
    let mut claims = Vec::new();
    let mut both = Vec::new();
    // The least that any write on this database costs.
    let mut writes = Vec::new();
    for _ in 0..CLAIMS {
        let started = Instant::now();
        let claimed = store.jobs().claim(&claimant).await.unwrap().unwrap();
        claims.push(started.elapsed().as_secs_f64() * 1000.0);
        store.jobs().done(&claimed.fence, None).await.unwrap();
        both.push(started.elapsed().as_secs_f64() * 1000.0);
        let started = Instant::now();
        store.ping().await.unwrap();
        writes.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    println!(
        "claim on {name} with {jobs} queued: p50 {:.2} ms, p99 {:.2} ms; claimed and done p50 {:.2} ms; a plain write p50 {:.2} ms",
        percentile(&mut claims, 0.5),
        percentile(&mut claims, 0.99),
        percentile(&mut both, 0.5),
        percentile(&mut writes, 0.5)
    );
    drop(store);
    database.drop_it().await;
    Took { p50: percentile(&mut claims, 0.5), p99: percentile(&mut claims, 0.99) }
}

/// Writes so many jobs, spread over a thousand repositories with ten lanes each.
pub async fn fill(store: &Store, jobs: usize) {
    let numbers = (0..jobs).collect::<Vec<_>>();
    for numbers in numbers.chunks(256) {
        let batch = numbers.iter().map(|number| pair(*number)).collect::<Vec<_>>();
        let batch = batch.iter().map(|(delivery, job)| (delivery, job)).collect::<Vec<_>>();
        store.inbox().accept_many(&batch).await.unwrap();
    }
}

fn pair(number: usize) -> (NewDelivery, NewJob) {
    let place = i64::try_from(number % 1_000).unwrap_or(0) + 1;
    let guid = format!("{number:016x}");
    let delivery = NewDelivery {
        guid: guid.clone(),
        event: "issue_comment".to_owned(),
        action: Some("created".to_owned()),
        installation: Some(InstallationId(place)),
        repo: Some(RepoId(place)),
        body: PackedBody::pack(b"{}"),
    };
    let job = NewJob {
        name: NAME,
        payload: format!(r#"{{"delivery":"{guid}"}}"#),
        lane: Some(format!("inbox/{place}/{}", number / 1_000 % 10)),
        installation: Some(InstallationId(place)),
        repo: Some(RepoId(place)),
        priority: 0,
        run_at_ms: 0,
        dedupe: None,
        max_attempts: 3,
        delivery: Some(guid),
    };
    (delivery, job)
}
