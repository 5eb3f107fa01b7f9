//! Time to the answer with a queue that is full, beside a queue with no more in it than the workers have at work.
//!
//! On both sides every worker waits for a GitHub that takes two seconds for each answer, so that the sides differ by the length of
//! the queue alone.

use std::time::Duration;

use millwright::clock::Clock;
use millwright::sandbox::{Effect, Fault};
use millwright::store::{PackedBody, Store};
use serde_json::Value;

use crate::Effort;
use crate::claim::{REPOSITORIES, fill};
use crate::ingest::comments;
use crate::load::{Outcome, Until, send};
use crate::payload::{Comment, payload};
use crate::report::median;
use crate::running::{Database, GitHub, Running};

/// Of one program (`src/app.rs`).
const WORKERS: usize = 8;
const FULL: usize = 50_000;

/// The full queue's p99 as a multiple of the other's, and how many deliveries were refused.
pub async fn ratio(effort: Effort, (name, server): (&str, Option<&str>)) -> (f64, usize) {
    let github = GitHub::open().await;
    github.world.faults().add(Fault::on("*", "/**", Effect::Delay(Duration::from_secs(2))));
    let commands: Vec<PackedBody> = (0..REPOSITORIES).map(|place| command(&github, place)).collect();
    let side = Side { effort, server, github, commands };
    let (mut ratios, mut first, mut second) = (Vec::new(), Vec::new(), Vec::new());
    let mut refused = 0;
    for _ in 0..effort.rounds {
        let idle = side.acks(WORKERS).await;
        let full = side.acks(FULL).await;
        refused += idle.refused + full.refused;
        ratios.push(full.p99_ms / idle.p99_ms);
        first.push(idle.p99_ms);
        second.push(full.p99_ms);
    }
    let ratio = median(&mut ratios);
    println!(
        "ack p99 at concurrency 16 on {name}, every worker waiting for GitHub: {:.2} ms with nothing more queued, {:.2} ms with {FULL} jobs, {ratio:.2} ×",
        median(&mut first),
        median(&mut second),
    );
    (ratio, refused)
}

/// What both sides have in common.
struct Side<'a> {
    effort: Effort,
    server: Option<&'a str>,
    github: GitHub,
    /// By repository.
    commands: Vec<PackedBody>,
}

impl Side<'_> {
    /// Deliveries to a program that is started with so many commands in its queue.
    async fn acks(&self, queued: usize) -> Outcome {
        let deliveries = comments(&self.github, "Thanks, that helps. I will have a look at it tomorrow.");
        let database = Database::on(self.server).await;
        let store = Store::connect(&database.url, Clock::system(0)).await.unwrap();
        store.migrate().await.unwrap();
        fill(&store, 0..queued, |place| self.commands[place].clone()).await;
        drop(store);
        let before = self.began();
        let receiver = Running::millwright(&self.github, &database.url);
        while self.began() < before + WORKERS {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let outcome = send(&receiver.address, &deliveries, 16, Until::Over(self.effort.window)).await;
        drop(receiver);
        database.drop_it().await;
        outcome
    }

    /// What workers have begun with: a token for each command, the log for the sweep of the start.
    fn began(&self) -> usize {
        let requests = self.github.world.requests();
        let is_first = |path: &str| path.ends_with("/access_tokens") || path.ends_with("/hook/deliveries");
        requests.iter().filter(|request| is_first(&request.path)).count()
    }
}

/// A command in one of the repositories, without most of what makes a payload large.
fn command(github: &GitHub, place: usize) -> PackedBody {
    let place = i64::try_from(place).unwrap() + 1;
    let mut payload = payload(Comment { place, id: place, text: "/help" });
    github.world.seed_from_payload(&payload);
    shorten(&mut payload);
    PackedBody::pack(payload.to_string().as_bytes())
}

fn shorten(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.retain(|name, _| !name.ends_with("_url") && name != "performed_via");
        fields.values_mut().for_each(shorten);
    }
}
