//! The task that lets what recurs begin at its time: it sleeps until the next slot, and at most a minute.

use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::triggers::timetable::Timetable;

/// After a failure the database may be away; asked again after so long.
const AGAIN: Duration = Duration::from_secs(5);

/// Runs until `shutdown`.
pub async fn run(timetable: Timetable, clock: Clock, shutdown: CancellationToken) {
    let mut started = false;
    while !shutdown.is_cancelled() {
        if !started {
            match timetable.start().await {
                Ok(()) => started = true,
                Err(error) => tracing::warn!(%error, "what runs at the start could not be queued yet"),
            }
        }
        let wait = match timetable.tick().await {
            Ok(_) if !started => AGAIN,
            Ok(again_ms) => Duration::from_millis((again_ms - clock.now_ms()).max(1).unsigned_abs()),
            Err(error) => {
                tracing::warn!(%error, "the schedules could not be looked at");
                AGAIN
            }
        };
        let _ = timeout(wait, shutdown.cancelled()).await;
    }
}
