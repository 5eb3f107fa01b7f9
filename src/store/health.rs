//! Whether what is stored can be read, as far as anybody has looked lately.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::clock::Clock;
use crate::store::error::StoreError;

/// Damage that was met is believed for so long. An idle worker looks every second; one good look in between says little, for it
/// may have been at another table.
const BELIEVED_MS: i64 = 60_000;

/// Clones share what was met.
#[derive(Clone)]
pub(in crate::store) struct Health {
    clock: Clock,
    /// Unix milliseconds; 0: never.
    damaged_at_ms: Arc<AtomicI64>,
}

impl Health {
    pub(in crate::store) fn new(clock: Clock) -> Self {
        Self { clock, damaged_at_ms: Arc::default() }
    }

    pub(in crate::store) fn note(&self, error: &StoreError) {
        if let StoreError::Damaged(_) = error {
            self.damaged_at_ms.store(self.clock.now_ms(), Ordering::Relaxed);
        }
    }

    pub(in crate::store) fn is_damaged(&self) -> bool {
        match self.damaged_at_ms.load(Ordering::Relaxed) {
            0 => false,
            at_ms => self.clock.was_within(at_ms, BELIEVED_MS),
        }
    }
}
