//! How long nobody has been reached: decides when it is worth another try.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::clock::Clock;

/// A name that could not be looked up once is worth another try soon.
const SHORTEST_MS: i64 = 1_000;
/// Whoever waits for an answer is not to wait for much longer than GitHub is away.
const LONGEST_MS: i64 = 60_000;
const NONE: i64 = 0;
/// A failure that nobody has followed up on for so long says nothing of now.
const FORGOTTEN_MS: i64 = 2 * LONGEST_MS;

/// The time in which no connection could be made, of all requests of a client together.
pub(super) struct Outage {
    clock: Clock,
    /// Unix milliseconds, or [`NONE`].
    began_ms: AtomicI64,
    /// The last failure, unix milliseconds.
    last_ms: AtomicI64,
}

impl Outage {
    pub(super) fn none(clock: Clock) -> Self {
        Self { clock, began_ms: AtomicI64::new(NONE), last_ms: AtomicI64::new(NONE) }
    }

    /// Somebody answered, whatever the answer.
    pub(super) fn ends(&self) {
        self.began_ms.store(NONE, Ordering::Relaxed);
    }

    /// Since when, unix milliseconds, where it goes on.
    pub(super) fn since_ms(&self) -> Option<i64> {
        Some(self.began_ms.load(Ordering::Relaxed)).filter(|began_ms| *began_ms != NONE)
    }

    /// No connection could be made. When to try again, unix milliseconds: after as long as it has lasted, so that each wait is
    /// about as long as all before it, up to a minute.
    pub(super) fn goes_on(&self) -> i64 {
        let now_ms = self.clock.now_ms();
        if now_ms.saturating_sub(self.last_ms.swap(now_ms, Ordering::Relaxed)) > FORGOTTEN_MS {
            self.ends();
        }
        let began = self.began_ms.compare_exchange(NONE, now_ms, Ordering::Relaxed, Ordering::Relaxed);
        let lasted_ms = began.map_or_else(|began_ms| now_ms.saturating_sub(began_ms), |_| 0);
        now_ms.saturating_add(lasted_ms.clamp(SHORTEST_MS, LONGEST_MS))
    }
}

#[cfg(test)]
mod tests {
    use super::Outage;
    use crate::clock::Clock;

    #[test]
    fn each_wait_is_about_as_long_as_all_before_it_up_to_a_minute() {
        let (clock, hand) = Clock::manual(1_000_000);
        let outage = Outage::none(clock.clone());
        let waits: Vec<i64> = (0..9)
            .map(|_| {
                let wait_ms = outage.goes_on() - clock.now_ms();
                hand.advance_ms(wait_ms);
                wait_ms / 1_000
            })
            .collect();
        assert_eq!(waits, [1, 1, 2, 4, 8, 16, 32, 60, 60]);
        assert!(outage.since_ms().is_some());
        outage.ends();
        assert_eq!(outage.since_ms(), None);
        assert_eq!(outage.goes_on() - clock.now_ms(), 1_000, "a new one");
        hand.advance_ms(3_600_000);
        assert_eq!(outage.goes_on() - clock.now_ms(), 1_000, "nobody has asked meanwhile");
    }

    #[test]
    fn a_clock_that_is_set_back_meanwhile_does_no_harm() {
        let (clock, hand) = Clock::manual(10_000_000);
        let outage = Outage::none(clock.clone());
        outage.goes_on();
        hand.advance_ms(-3_600_000);
        assert_eq!(outage.goes_on() - clock.now_ms(), 1_000);
    }
}
