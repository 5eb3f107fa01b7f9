//! What a claim costs with a short, a long and a very long queue.

use std::ops::Range;
use std::time::Instant;

use millwright::clock::Clock;
use millwright::domain::ids::{InstallationId, RepoId};
use millwright::store::{Claimant, NewDelivery, NewJob, PackedBody, Store};

use crate::Effort;
use crate::goals::{CLAIM, Verdicts};
use crate::report::percentile;
use crate::running::{Database, kinds};

/// So many that twenty of them are slower than the p99.
const CLAIMS: usize = 2_000;
/// Each in an installation of its own.
const REPOSITORIES: usize = 1_000;
/// As in the program (`src/app.rs`): it is looked up with each claim.
const PER_INSTALLATION: usize = 6;
const NAME: &str = "dispatch.v1";

/// On every database there is.
pub async fn run(effort: Effort, verdicts: &mut Verdicts) {
    for (name, server) in kinds() {
        let mut multiples = Vec::new();
        for &jobs in effort.queues {
            multiples.push(on(name, Database::on(server.as_deref()).await, jobs).await);
        }
        let [shortest, longer @ ..] = multiples.as_slice() else { continue };
        let worst = longer.iter().copied().max_by(f64::total_cmp).unwrap_or(f64::NAN);
        verdicts.judge(CLAIM.on(name), worst / shortest);
    }
}

/// The slowest claims as a multiple of the slowest plain writes in the same turns: whatever slows the disk down, or the database
/// with its own housekeeping, slows down both.
async fn on(name: &str, database: Database, jobs: usize) -> f64 {
    let store = Store::connect(&database.url, Clock::system(0)).await.unwrap();
    store.migrate().await.unwrap();
    let body = PackedBody::pack(b"{}");
    fill(&store, 0..jobs, |_| body.clone()).await;
    let claimant = Claimant::new("figures", 60_000, &[NAME]).per_installation(PER_INSTALLATION);
    let (mut claims, mut both, mut writes) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..CLAIMS {
        let started = Instant::now();
        let claimed = store.jobs().claim(&claimant).await.unwrap().unwrap();
        claims.push(started.elapsed().as_secs_f64() * 1000.0);
        store.jobs().done(&claimed.fence, None).await.unwrap();
        both.push(started.elapsed().as_secs_f64() * 1000.0);
        // The queue keeps its length.
        let (delivery, job) = pair(jobs + turn, body.clone());
        store.inbox().accept(&delivery, &job).await.unwrap();
        // The least that any write on this database costs.
        let started = Instant::now();
        store.ping().await.unwrap();
        writes.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    let multiple = percentile(&mut claims, 0.99) / percentile(&mut writes, 0.99);
    println!(
        "claim on {name} with {jobs} queued: p50 {:.2} ms, p99 {:.2} ms; claimed and done p50 {:.2} ms; a plain write p50 {:.2} ms, p99 {:.2} ms; p99 {multiple:.2} × a plain write's",
        percentile(&mut claims, 0.5),
        percentile(&mut claims, 0.99),
        percentile(&mut both, 0.5),
        percentile(&mut writes, 0.5),
        percentile(&mut writes, 0.99),
    );
    drop(store);
    database.drop_it().await;
    multiple
}

/// Writes jobs with these numbers, spread over the repositories with ten lanes each; `body` is asked by the repository.
pub async fn fill(store: &Store, numbers: Range<usize>, body: impl Fn(usize) -> PackedBody) {
    let numbers = numbers.collect::<Vec<_>>();
    for numbers in numbers.chunks(256) {
        let batch =
            numbers.iter().map(|number| pair(*number, body(number % REPOSITORIES))).collect::<Vec<_>>();
        let batch = batch.iter().map(|(delivery, job)| (delivery, job)).collect::<Vec<_>>();
        store.inbox().accept_many(&batch).await.unwrap();
    }
}

fn pair(number: usize, body: PackedBody) -> (NewDelivery, NewJob) {
    let place = i64::try_from(number % REPOSITORIES).unwrap_or(0) + 1;
    let guid = format!("{number:016x}");
    let delivery = NewDelivery {
        has_work: true,
        repository: None,
        guid: guid.clone(),
        event: "issue_comment".to_owned(),
        action: Some("created".to_owned()),
        installation: Some(InstallationId(place)),
        repo: Some(RepoId(place)),
        body,
    };
    let job = NewJob {
        name: NAME,
        payload: format!(r#"{{"delivery":"{guid}"}}"#),
        lane: Some(format!("inbox/{place}/{}", number / REPOSITORIES % 10)),
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
