//! When something recurring is due: a cron line, shifted so that not everybody asks at the full hour, and what to do about it now.

pub mod line; // cron lines and the moments they name

use chrono::TimeZone;

use crate::domain::hash;
use crate::domain::schedule::line::Line;

/// Clocks that differ by less than this never make a slot run twice; a clock that was set back further is believed.
const CLOCKS_DIFFER_MS: i64 = 3_600_000;

/// When a schedule has its slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing<Z> {
    /// The moments.
    pub line: Line,
    /// Where the clock on the wall hangs that the line is read by.
    pub zone: Z,
    /// How much later than the line says; see [`delay_ms`].
    pub delay_ms: i64,
}

impl<Z: TimeZone> Timing<Z> {
    /// The first slot behind this moment, unix ms; none when the line names no moment within eight years.
    pub fn next_after(&self, ms: i64) -> Option<i64> {
        let moment = self.line.next_after(&self.zone, ms.saturating_sub(self.delay_ms))?;
        moment.checked_add(self.delay_ms)
    }
}

/// How much later than its line a schedule runs, below `spread_ms`: derived and not thrown, so that all instances of one App
/// agree on every slot, while different Apps do not ask GitHub all at once.
pub fn delay_ms(name: &str, app: &str, spread_ms: i64) -> i64 {
    share_ms(&format!("{name}/{app}"), spread_ms)
}

/// A fixed place of its own for each key, from 0 to below `spread_ms`.
pub fn share_ms(key: &str, spread_ms: i64) -> i64 {
    let digits = hash::short(key);
    let number = digits.get(..15).and_then(|digits| i64::from_str_radix(digits, 16).ok()).unwrap_or(0);
    number.rem_euclid(spread_ms.max(1))
}

/// What all instances know of a schedule together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The slot that comes next, unix ms.
    pub next_run_ms: i64,
    /// The last slot that somebody ran, unix ms; 0: none yet.
    pub last_slot_ms: i64,
}

/// What to do about a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody has written it down yet: do so.
    Begin {
        /// Its first slot.
        next_ms: i64,
    },
    /// A slot is due. Whoever changes `next_run` from `slot_ms` to `next_ms` runs it; slots between the two were missed, and this
    /// one run stands for them all.
    Run {
        /// The slot.
        slot_ms: i64,
        /// The slot after it.
        next_ms: i64,
    },
    /// What was written down lies too far ahead: a clock was wrong, or the line has changed.
    Move {
        /// What was written down.
        from_ms: i64,
        /// What is right.
        to_ms: i64,
    },
    /// Not yet.
    Wait {
        /// The next slot.
        until_ms: i64,
    },
    /// The line names no moment.
    Never,
}

/// Decides by what is known and by this instance's clock.
pub fn decide<Z: TimeZone>(timing: &Timing<Z>, known: Option<Known>, now_ms: i64) -> Verdict {
    let Some(after_now) = timing.next_after(now_ms) else { return Verdict::Never };
    let Some(known) = known else { return Verdict::Begin { next_ms: after_now } };
    if known.next_run_ms <= now_ms {
        return Verdict::Run { slot_ms: known.next_run_ms, next_ms: after_now };
    }
    // An instance whose clock is a little behind must not bring back the slot that another has just run.
    let is_ahead = known.last_slot_ms > now_ms && known.last_slot_ms - now_ms < CLOCKS_DIFFER_MS;
    let right = if is_ahead { timing.next_after(known.last_slot_ms).unwrap_or(after_now) } else { after_now };
    if right < known.next_run_ms {
        return Verdict::Move { from_ms: known.next_run_ms, to_ms: right };
    }
    Verdict::Wait { until_ms: known.next_run_ms }
}

#[cfg(test)]
mod tests;
