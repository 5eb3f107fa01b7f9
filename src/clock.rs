//! the only source of time

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time in unix milliseconds. Cheap to clone; all clones tell the same time.
#[derive(Clone)]
pub struct Clock {
    now_ms: Arc<dyn Fn() -> i64 + Send + Sync>,
    runs: bool,
}

impl Clock {
    /// The machine's clock, shifted by `offset_s` seconds (0 outside fault tests).
    pub fn system(offset_s: i64) -> Self {
        Self { now_ms: Arc::new(move || machine_ms() + offset_s * 1000), runs: true }
    }

    /// A clock that stands still until the returned hand moves it.
    pub fn manual(start_ms: i64) -> (Self, ClockHand) {
        let hand = ClockHand(Arc::new(AtomicI64::new(start_ms)));
        let shared = hand.clone();
        (Self { now_ms: Arc::new(move || shared.0.load(Ordering::SeqCst)), runs: false }, hand)
    }

    /// A clock read from elsewhere, such as a sandbox's.
    pub fn from_fn(now_ms: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self { now_ms: Arc::new(now_ms), runs: true }
    }

    /// Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        (self.now_ms)()
    }

    /// Whether waiting makes its time pass; one that is moved by hand stands still for whoever waits.
    pub fn runs_by_itself(&self) -> bool {
        self.runs
    }
}

/// Moves a manual [`Clock`].
#[derive(Clone)]
pub struct ClockHand(Arc<AtomicI64>);

impl ClockHand {
    /// Moves the clock forward.
    pub fn advance_ms(&self, by: i64) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }
}

fn machine_ms() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "this module is the one that may read the machine's clock")]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
