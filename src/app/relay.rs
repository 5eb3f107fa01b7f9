//! Keeps the instances on one PostgreSQL awake for each other's jobs.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::store::Store;

/// How soon a relay that failed is begun again; workers look by themselves meanwhile.
const AGAIN: Duration = Duration::from_secs(5);

/// Relays until `shutdown`.
pub async fn run(store: Store, shutdown: CancellationToken) {
    let mut ticks = interval(AGAIN);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = ticks.tick() => {}
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            ended = store.relay() => if let Err(error) = ended {
                tracing::warn!(%error, "other instances cannot be heard; workers look for their jobs by themselves");
            },
        }
    }
}
