//! What has to be in order before deliveries can be worked on; GitHub is never asked.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use crate::app::inbox::Refused;
use crate::clock::{self, Clock};
use crate::github::client::{GitHub, KEY_MEND};
use crate::store::{Pause, Store};
use crate::web::health::Check;

/// A due job that nobody has taken for so long means that no worker works.
const LONGEST_WAIT_MS: i64 = 300_000;

/// The checks of `/readyz`.
pub fn all(store: &Store, github: &GitHub) -> Vec<Arc<dyn Check>> {
    vec![
        Arc::new(Database(store.clone())),
        Arc::new(Key(github.clone())),
        Arc::new(Queue(store.clone())),
        Arc::new(Writes(store.clone())),
    ]
}

struct Key(GitHub);

impl Check for Key {
    fn name(&self) -> &'static str {
        "key"
    }

    fn run(&self) -> BoxFuture<'_, Result<(), String>> {
        std::future::ready(self.0.check_key()).boxed()
    }

    /// Nobody is asked: this is what the last request has met.
    fn note(&self) -> BoxFuture<'_, Option<String>> {
        let refused = self.0.key_refused_since_ms().map(|since_ms| {
            format!("GitHub has refused the App's key since {}: {KEY_MEND}", clock::utc(since_ms))
        });
        let unreached = self.0.unreached_since_ms().map(|since_ms| {
            let since = clock::utc(since_ms);
            format!("GitHub has not been reached since {since}; what is asked waits, and the log says why")
        });
        std::future::ready(unreached.or(refused)).boxed()
    }
}

/// Fails once `shutdown` has begun, so that nobody is sent here any more.
pub fn stopping(shutdown: CancellationToken) -> Arc<dyn Check> {
    Arc::new(Stopping(shutdown))
}

/// Deliveries that found no room say so for so long, or until one is taken again.
const REFUSED_MS: i64 = 60_000;

/// Fails when the database has refused deliveries a moment ago and has taken none since.
pub fn deliveries(refused: Refused, clock: Clock) -> Arc<dyn Check> {
    Arc::new(Deliveries { refused, clock })
}

struct Deliveries {
    refused: Refused,
    clock: Clock,
}

impl Check for Deliveries {
    fn name(&self) -> &'static str {
        "deliveries"
    }

    fn run(&self) -> BoxFuture<'_, Result<(), String>> {
        let refused = self.refused.at_ms().is_some_and(|at_ms| self.clock.was_within(at_ms, REFUSED_MS));
        let told = if refused { Err("the database refused the last deliveries".to_owned()) } else { Ok(()) };
        std::future::ready(told).boxed()
    }
}

struct Stopping(CancellationToken);

impl Check for Stopping {
    fn name(&self) -> &'static str {
        "stopping"
    }

    fn run(&self) -> BoxFuture<'_, Result<(), String>> {
        let stopping = self.0.is_cancelled();
        async move { if stopping { Err("this process is stopping".to_owned()) } else { Ok(()) } }.boxed()
    }
}

struct Database(Store);

impl Check for Database {
    fn name(&self) -> &'static str {
        "database"
    }

    fn run(&self) -> BoxFuture<'_, Result<(), String>> {
        async { self.0.ping().await.map_err(|error| error.to_string()) }.boxed()
    }
}

struct Writes(Store);

impl Check for Writes {
    fn name(&self) -> &'static str {
        "writes"
    }

    /// A pause is what the operator wants: deliveries are taken all the same.
    fn run(&self) -> BoxFuture<'_, Result<(), String>> {
        std::future::ready(Ok(())).boxed()
    }

    fn note(&self) -> BoxFuture<'_, Option<String>> {
        async {
            match self.0.switches().pause().await {
                Ok(Pause::On { since_ms }) => Some(paused_since(since_ms)),
                Ok(Pause::Off) | Err(_) => None,
            }
        }
        .boxed()
    }
}

/// The same words wherever an operator asks.
pub fn paused_since(since_ms: i64) -> String {
    let since = clock::utc(since_ms);
    format!("Writes to GitHub are paused since {since}; `millwright pause off` lets them go on.")
}

struct Queue(Store);

impl Queue {
    async fn look(&self) -> Result<(), String> {
        let oldest = self.0.jobs().oldest_due_ms().await.map_err(|error| error.to_string())?;
        let waited_ms = oldest.map(|due_ms| self.0.clock().now_ms() - due_ms);
        // A backlog is no fault while somebody works on it: deliveries must still find an open door.
        let stands = self.0.jobs().running().await.map_err(|error| error.to_string())? == 0;
        match waited_ms {
            Some(waited_ms) if stands && waited_ms > LONGEST_WAIT_MS => {
                Err(format!("a job has waited for a worker for {} s", waited_ms / 1000))
            }
            _ => Ok(()),
        }
    }
}

impl Check for Queue {
    fn name(&self) -> &'static str {
        "queue"
    }

    fn run(&self) -> BoxFuture<'_, Result<(), String>> {
        self.look().boxed()
    }

    /// Dead jobs are no reason to send deliveries elsewhere: another instance has the same ones.
    fn note(&self) -> BoxFuture<'_, Option<String>> {
        async {
            match self.0.jobs().dead_count().await.unwrap_or(0) {
                0 => None,
                1 => Some("1 job is dead; the log and `millwright replay ID` say why".to_owned()),
                dead => Some(format!("{dead} jobs are dead; the log and `millwright replay ID` say why")),
            }
        }
        .boxed()
    }
}
