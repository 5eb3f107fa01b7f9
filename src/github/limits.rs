//! When we may speak to GitHub: pauses after a rate limit, and the pace at which content is created.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::future::{BoxFuture, FutureExt, ready};

use crate::clock::Clock;
use crate::domain::failure::BoxError;
use crate::domain::ids::InstallationId;

/// What an implementation answers; an error means that its store failed, and nothing is sent.
pub type LimitResult<T> = Result<T, BoxError>;

/// Remembers limits per installation, across instances when it is implemented over the store.
pub trait Limits: Send + Sync {
    /// Unix milliseconds before which nothing may be sent for this installation; `None` or the past: go ahead.
    fn paused_until(&self, installation: InstallationId) -> BoxFuture<'_, LimitResult<Option<i64>>>;

    /// GitHub has told us to wait until then; a later pause that is already known stays.
    fn pause(&self, installation: InstallationId, until_ms: i64) -> BoxFuture<'_, LimitResult<()>>;

    /// Asked before each request that creates content. [`Pace::Now`] counts it as created.
    fn create_content(&self, installation: InstallationId) -> BoxFuture<'_, LimitResult<Pace>>;
}

/// Whether content may be created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Yes, and it has been counted.
    Now,
    /// Not before this time, unix milliseconds; nothing was counted.
    NotBefore(i64),
}

/// Limits of one process: pauses, and GitHub's two windows for content with a small reserve.
///
/// GitHub allows 80 content creations a minute and 500 an hour; ours stop at 76 and 480, because people who act
/// through the same App's installation on the site count too. Source: GitHub, "Rate limits for the REST API".
pub struct InMemoryLimits {
    clock: Clock,
    installations: Mutex<HashMap<InstallationId, Known>>,
}

const WINDOWS: [(i64, usize); 2] = [(60_000, 76), (3_600_000, 480)];
const HOUR_MS: i64 = 3_600_000;

#[derive(Default)]
struct Known {
    paused_until_ms: Option<i64>,
    created_ms: VecDeque<i64>,
}

impl InMemoryLimits {
    /// Knows of no pause and no content yet.
    pub fn new(clock: Clock) -> Self {
        Self { clock, installations: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<InstallationId, Known>> {
        self.installations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Limits for InMemoryLimits {
    fn paused_until(&self, installation: InstallationId) -> BoxFuture<'_, LimitResult<Option<i64>>> {
        let until_ms = self.known().get(&installation).and_then(|known| known.paused_until_ms);
        ready(Ok(until_ms)).boxed()
    }

    fn pause(&self, installation: InstallationId, until_ms: i64) -> BoxFuture<'_, LimitResult<()>> {
        let mut known = self.known();
        let paused = &mut known.entry(installation).or_default().paused_until_ms;
        *paused = (*paused).max(Some(until_ms));
        ready(Ok(())).boxed()
    }

    fn create_content(&self, installation: InstallationId) -> BoxFuture<'_, LimitResult<Pace>> {
        let now_ms = self.clock.now_ms();
        let mut known = self.known();
        let pace = pace(&mut known.entry(installation).or_default().created_ms, now_ms);
        ready(Ok(pace)).boxed()
    }
}

fn pace(created_ms: &mut VecDeque<i64>, now_ms: i64) -> Pace {
    while created_ms.front().is_some_and(|at| at + HOUR_MS <= now_ms) {
        created_ms.pop_front();
    }
    let not_before = WINDOWS.into_iter().filter_map(|(window_ms, most)| {
        let first_of_full_window =
            created_ms.len().checked_sub(most).and_then(|index| created_ms.get(index))?;
        Some(first_of_full_window + window_ms)
    });
    match not_before.max().filter(|at| *at > now_ms) {
        Some(at) => Pace::NotBefore(at),
        None => {
            created_ms.push_back(now_ms);
            Pace::Now
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{InMemoryLimits, Limits, Pace};
    use crate::clock::Clock;
    use crate::domain::ids::InstallationId;

    const ONE: InstallationId = InstallationId(1);
    const TWO: InstallationId = InstallationId(2);

    #[tokio::test]
    async fn a_pause_only_grows_and_is_one_installations_own() {
        let limits = InMemoryLimits::new(Clock::manual(0).0);
        limits.pause(ONE, 500).await.unwrap();
        limits.pause(ONE, 400).await.unwrap();
        assert_eq!(limits.paused_until(ONE).await.unwrap(), Some(500));
        assert_eq!(limits.paused_until(TWO).await.unwrap(), None);
    }

    #[tokio::test]
    async fn content_never_exceeds_either_window() {
        let (clock, hand) = Clock::manual(0);
        let limits = InMemoryLimits::new(clock.clone());
        let mut created = Vec::new();
        while created.len() < 700 {
            match limits.create_content(ONE).await.unwrap() {
                Pace::Now => created.push(clock.now_ms()),
                Pace::NotBefore(at) => hand.advance_ms(at - clock.now_ms()),
            }
        }
        for (window_ms, most) in [(60_000, 80), (3_600_000, 500)] {
            for start in &created {
                let within = created.iter().filter(|at| (*start..start + window_ms).contains(at)).count();
                assert!(within <= most, "{within} within {window_ms} ms");
            }
        }
        assert_eq!(created.iter().filter(|at| **at == 0).count(), 76);
        assert_eq!(limits.create_content(TWO).await.unwrap(), Pace::Now);
    }
}
