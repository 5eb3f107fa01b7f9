//! The round in which one process goes from installation to installation, and how many jobs of each it holds at once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::store::wake::Wake;

/// One claim in so many begins with the least urgent job, so that what nobody waits for gets through however many people do.
const FLOOR: u64 = 16;

/// Where this process is in the round.
pub(in crate::store) struct Round {
    wake: Arc<Wake>,
    /// The installation whose job was claimed last: the next claim goes on behind it.
    served: AtomicI64,
    given: AtomicU64,
    held: Mutex<HashMap<i64, usize>>,
    /// A claim has passed over an installation that has as many as it may: whoever makes room tells the idle workers.
    passed_over: AtomicBool,
}

impl Round {
    pub(in crate::store) fn new(wake: Arc<Wake>) -> Self {
        Self {
            wake,
            served: AtomicI64::default(),
            given: AtomicU64::default(),
            held: Mutex::default(),
            passed_over: AtomicBool::default(),
        }
    }

    /// The installation that was served last.
    pub(in crate::store) fn served(&self) -> i64 {
        self.served.load(Ordering::Relaxed)
    }

    /// The round has come past it.
    pub(in crate::store) fn serve(&self, installation: i64) {
        self.served.store(installation, Ordering::Relaxed);
    }

    /// A job was given out.
    pub(in crate::store) fn gave(&self) {
        self.given.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether the next job is to be the least urgent one.
    pub(in crate::store) fn is_at_the_floor(&self) -> bool {
        self.given.load(Ordering::Relaxed) % FLOOR == FLOOR - 1
    }

    /// A seat for one more job of an installation, kept until it is dropped; none where it has as many as it may. What belongs to no
    /// installation (0) needs none.
    pub(in crate::store) fn seat(self: &Arc<Self>, installation: i64, most: usize) -> Option<Seat> {
        let mut held = self.held();
        let count = held.entry(installation).or_default();
        if installation != 0 && *count >= most {
            self.passed_over.store(true, Ordering::Relaxed);
            return None;
        }
        *count += 1;
        Some(Seat { round: Arc::clone(self), installation })
    }

    fn held(&self) -> MutexGuard<'_, HashMap<i64, usize>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One job of an installation is at work in this process.
#[derive(Debug)]
pub(in crate::store) struct Seat {
    round: Arc<Round>,
    installation: i64,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut held = self.round.held();
        if let Some(count) = held.get_mut(&self.installation) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                held.remove(&self.installation);
            }
        }
        drop(held);
        if self.round.passed_over.swap(false, Ordering::Relaxed) {
            self.round.wake.announce(1);
        }
    }
}

impl std::fmt::Debug for Round {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Round").field("held", &self.held).finish_non_exhaustive()
    }
}
