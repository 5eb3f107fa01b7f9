//! the only source of time

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time in unix milliseconds. Cheap to clone; all clones tell the same time.
#[derive(Clone)]
pub struct Clock {
    now_ms: Arc<dyn Fn() -> i64 + Send + Sync>,
    machine: Option<Arc<Machine>>,
    runs: bool,
}

/// A machine's own clock, which may be wrong, and what corrects it.
pub struct Machine {
    uncorrected_ms: Box<dyn Fn() -> i64 + Send + Sync>,
    corrected_ms: AtomicI64,
}

impl Machine {
    /// What the machine says, unix milliseconds.
    pub fn uncorrected_ms(&self) -> i64 {
        (self.uncorrected_ms)()
    }

    /// What is added to it.
    pub fn corrected_ms(&self) -> i64 {
        self.corrected_ms.load(Ordering::Relaxed)
    }

    /// Adds this to it from now on, for all clones of its clock.
    pub fn correct_by(&self, ms: i64) {
        self.corrected_ms.store(ms, Ordering::Relaxed);
    }

    fn now_ms(&self) -> i64 {
        self.uncorrected_ms().saturating_add(self.corrected_ms())
    }
}

impl Clock {
    /// The machine's clock, shifted by `offset_s` seconds (0 outside fault tests).
    pub fn system(offset_s: i64) -> Self {
        Self::of_machine(machine_ms, offset_s)
    }

    /// The clock of a machine that reads `uncorrected_ms`, shifted like [`Clock::system`].
    pub fn of_machine(uncorrected_ms: impl Fn() -> i64 + Send + Sync + 'static, offset_s: i64) -> Self {
        let machine =
            Arc::new(Machine { uncorrected_ms: Box::new(uncorrected_ms), corrected_ms: AtomicI64::new(0) });
        let read = Arc::clone(&machine);
        Self { now_ms: Arc::new(move || read.now_ms() + offset_s * 1000), machine: Some(machine), runs: true }
    }

    /// A clock that stands still until the returned hand moves it.
    pub fn manual(start_ms: i64) -> (Self, ClockHand) {
        let hand = ClockHand(Arc::new(AtomicI64::new(start_ms)));
        let shared = hand.clone();
        let now_ms = Arc::new(move || shared.0.load(Ordering::SeqCst));
        (Self { now_ms, machine: None, runs: false }, hand)
    }

    /// A clock read from elsewhere, such as a sandbox's.
    pub fn from_fn(now_ms: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self { now_ms: Arc::new(now_ms), machine: None, runs: true }
    }

    /// The machine's clock behind it, for whoever knows the time better; none where the time comes from elsewhere.
    pub fn machine(&self) -> Option<&Machine> {
        self.machine.as_deref()
    }

    /// Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        (self.now_ms)()
    }

    /// Whether it was at `at_ms` less than `ms` ago. What lies ahead was written by a clock that has been set back since, and says
    /// nothing.
    pub fn was_within(&self, at_ms: i64, ms: i64) -> bool {
        (0..ms).contains(&self.now_ms().saturating_sub(at_ms))
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
    /// Moves the clock forward, or back where it is below zero.
    pub fn advance_ms(&self, by: i64) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }
}

/// Unix milliseconds as an operator reads them: `2026-11-28 17:02:11 UTC`.
pub fn utc(ms: i64) -> String {
    let time = chrono::DateTime::from_timestamp_millis(ms).unwrap_or_default();
    time.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A moment as RFC 3339 writes it, to the second: `2026-03-02T09:00:00Z`.
pub fn rfc3339(ms: i64) -> String {
    let time = chrono::DateTime::from_timestamp_millis(ms).unwrap_or_default();
    time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

fn machine_ms() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "this module is the one that may read the machine's clock")]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
