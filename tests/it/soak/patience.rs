//! Waiting: for conditions, with a cap against hanging only; and faults that are a span of time themselves.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval, timeout};

/// Against hanging only; nothing is measured.
const CAP: Duration = Duration::from_secs(300);

/// A look costs a query: often enough to lose no time, seldom enough to leave the machine to the programs under test.
const LOOK_EVERY: Duration = Duration::from_millis(40);

/// Looks until there is something; `what` is named when it never comes.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let found = async {
        let mut ticks = interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Some(found) = look().await {
                return found;
            }
        }
    };
    timeout(CAP, found).await.unwrap_or_else(|_| panic!("it never came: {what}"))
}

/// The fault goes on for so long: a kill comes at a random moment, a lock is held for seconds. Nothing is waited for here,
/// the time itself is what is tried.
pub async fn the_fault_lasts(ms: u64) {
    #[expect(clippy::disallowed_methods, reason = "the fault itself is a span of time")]
    tokio::time::sleep(Duration::from_millis(ms)).await;
}
