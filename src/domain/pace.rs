//! How fast one installation may be written to: content in two windows and a burst, everything else in points per minute.
//!
//! GitHub allows 80 creations of content a minute and 500 an hour, and 900 points a minute (a read is 1, a write 5). Ours stop
//! a little below, because people who act through the same App's installation count too. Source: GitHub, "Rate limits for the
//! REST API". Every function takes the time as a value; who keeps the books between two calls is not decided here.

use serde::{Deserialize, Serialize};

mod content; // creating content
mod points; // every request

pub use content::Content;
pub use points::{Grant, Points, Purse, Spend};

#[cfg(test)]
mod tests;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asker {
    /// Tells jobs apart: the moment that was promised to one is kept for it. 0: nobody comes back for a promise.
    pub job: i64,
    /// What it is for.
    pub urgency: Urgency,
}

/// What a request is for. When room is short, the earlier in this list goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// A person waits for it.
    Person,
    /// Nobody waits for it.
    Schedule,
    /// Nice to have, such as a receipt.
    Courtesy,
}

/// What became of a request that had its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It left, whatever GitHub said.
    Yes,
    /// It never left: it counts for nothing.
    No,
}

/// Whether a request may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Yes, and it has been counted.
    Now,
    /// Not before this time, unix milliseconds; nothing was counted.
    NotBefore(i64),
}

/// A moment that is kept for one job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Promise {
    at_ms: i64,
    job: i64,
}

/// Longest that a recovery is spread over.
const LONGEST_SPREAD_MS: i64 = 60_000;

/// How long one of many waits beyond the moment at which all may go on, so that they do not come back as a herd: up to half
/// the wait itself, at most a minute. The same key and wait always give the same.
pub fn spread_ms(key: i64, wait_ms: i64) -> i64 {
    let range = (wait_ms / 2).clamp(0, LONGEST_SPREAD_MS);
    if range == 0 {
        return 0;
    }
    i64::try_from(mix(key) % range.unsigned_abs()).unwrap_or(0)
}

/// A number that looks like chance and is the same for the same key: SplitMix64.
pub fn mix(key: i64) -> u64 {
    let mut mixed = u64::from_ne_bytes(key.to_ne_bytes()).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
