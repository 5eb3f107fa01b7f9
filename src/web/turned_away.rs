//! What deliveries were told lately that have to come again, for whoever looks after this server.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long it is told.
const LATELY: Duration = Duration::from_secs(60);

/// Clones share what was told.
#[derive(Debug, Clone, Default)]
pub struct TurnedAway(Arc<Mutex<Option<(Instant, &'static str)>>>);

impl TurnedAway {
    pub(super) fn told(&self, why: &'static str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), why));
    }

    /// What the last one was told, where that is less than a minute ago.
    pub(super) fn lately(&self) -> Option<String> {
        self.at(Instant::now())
    }

    fn at(&self, now: Instant) -> Option<String> {
        let told = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, why) = told.filter(|(at, _)| now.duration_since(*at) < LATELY)?;
        Some(format!("deliveries were turned away within the last minute and have to come again: {why}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Instant, LATELY, TurnedAway};

    #[test]
    fn the_last_one_is_told_for_a_minute() {
        let turned_away = TurnedAway::default();
        assert_eq!(turned_away.lately(), None);
        let clone = turned_away.clone();
        clone.told("No room.");
        clone.told("No time.");
        let told = "deliveries were turned away within the last minute and have to come again: No time.";
        assert_eq!(turned_away.lately().as_deref(), Some(told));
        assert_eq!(turned_away.at(Instant::now() + LATELY), None);
    }
}
