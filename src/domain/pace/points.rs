//! Points of one installation. All processes share the books; each has a purse, filled in blocks, so that few requests need
//! a look at the books and a quiet installation needs none.

use serde::{Deserialize, Serialize};

use crate::domain::pace::Urgency;
use crate::domain::set_back::SetBack;

/// GitHub's 900 a minute, less a reserve for the quiet points of three processes; and what less urgent requests may use of it.
const PER_MINUTE: i64 = 800;
const FOR_SCHEDULES: i64 = 550;
const FOR_COURTESIES: i64 = 400;
/// Points that a process takes from the books at once.
const BLOCK: i64 = 60;
/// Points that a process may have spent without having written them into the books: enough for one command.
const QUIET: i64 = 30;
/// A block has to be spent within this time.
const BLOCK_LIVES_MS: i64 = 10_000;
/// What is left of a block is added to the next one while it lives this long; a rest that is about to end would shorten it.
const WORTH_KEEPING_MS: i64 = BLOCK_LIVES_MS / 2;
/// A point may be spent as late as its block ends, so that a block counts for longer than a minute.
const WINDOW_MS: i64 = 60_000 + BLOCK_LIVES_MS;

/// The books: what was taken from the minute of one installation, by all processes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points {
    /// When a block was taken and how large it was, oldest first.
    taken: Vec<(i64, i64)>,
}

/// What the books said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// So many points may be spent.
    Block {
        /// Points.
        size: i64,
        /// What has been taken of the minute, this block included.
        level: i64,
    },
    /// None; there may be some at this time, unix milliseconds.
    Nothing {
        /// Unix milliseconds.
        until_ms: i64,
    },
}

impl Points {
    /// Takes a block of at least `points`.
    pub fn take(&mut self, points: i64, urgency: Urgency, now_ms: i64) -> Grant {
        self.taken.retain(|(at_ms, _)| at_ms.saturating_add(WINDOW_MS) > now_ms);
        let level: i64 = self.taken.iter().map(|(_, points)| points).sum();
        let room = most(urgency) - level;
        if points > room {
            return Grant::Nothing { until_ms: self.free_at(points - room).unwrap_or(now_ms + WINDOW_MS) };
        }
        let size = BLOCK.max(points).min(room);
        self.taken.push((now_ms, size));
        Grant::Block { size, level: level + size }
    }

    /// The clock that all was counted by was ahead.
    pub fn set_back(&mut self, back: SetBack) {
        self.taken.iter_mut().for_each(|(at_ms, _)| *at_ms = back.done(*at_ms));
        self.taken.sort_by_key(|(at_ms, _)| *at_ms);
    }

    /// When so many points will have come back.
    fn free_at(&self, points: i64) -> Option<i64> {
        let mut free = 0;
        let enough = self.taken.iter().find(|(_, taken)| {
            free += taken;
            free >= points
        });
        enough.map(|(at_ms, _)| at_ms.saturating_add(WINDOW_MS))
    }
}

/// What one process holds of one installation's points.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purse {
    block: i64,
    block_ends_ms: i64,
    level: i64,
    quiet: i64,
    quiet_since_ms: i64,
    refused_until_ms: [i64; 3],
}

/// Whether a process may spend points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spend {
    /// Yes, and they are spent.
    Now,
    /// Not before this time, unix milliseconds.
    NotBefore(i64),
    /// The books have to be asked for at least so many.
    Ask(i64),
}

impl Purse {
    /// Spends points that the purse holds.
    pub fn spend(&mut self, points: i64, urgency: Urgency, now_ms: i64) -> Spend {
        if self.is_idle(now_ms) || self.is_ahead(now_ms) {
            *self = Self::default();
        }
        let is_within = self.level <= most(urgency);
        if is_within && self.block >= points && now_ms < self.block_ends_ms {
            self.block -= points;
            return Spend::Now;
        }
        let refused_until_ms = self.refused_until_ms.get(place(urgency)).copied().unwrap_or(0);
        if refused_until_ms > now_ms {
            return Spend::NotBefore(refused_until_ms);
        }
        if is_within && self.quiet + points <= QUIET {
            self.quiet_since_ms = if self.quiet == 0 { now_ms } else { self.quiet_since_ms };
            self.quiet += points;
            return Spend::Now;
        }
        Spend::Ask(points + self.quiet)
    }

    /// The books have answered [`Spend::Ask`]: fills the purse, or remembers the refusal.
    pub fn answered(&mut self, taken: Grant, urgency: Urgency, now_ms: i64) {
        match taken {
            Grant::Block { size, level } => {
                let ends_ms = now_ms + BLOCK_LIVES_MS;
                // Several workers may have asked at the same moment, each for a block.
                let is_kept = self.block > 0 && self.block_ends_ms - now_ms >= WORTH_KEEPING_MS;
                let (left, ends_ms) =
                    if is_kept { (self.block, self.block_ends_ms.min(ends_ms)) } else { (0, ends_ms) };
                (self.block, self.block_ends_ms) = (left + size - self.quiet, ends_ms);
                (self.level, self.quiet) = (level, 0);
            }
            Grant::Nothing { until_ms } => {
                if let Some(slot) = self.refused_until_ms.get_mut(place(urgency)) {
                    *slot = until_ms;
                }
            }
        }
    }

    /// Points that were spent on a request that then did not leave.
    pub fn give_back(&mut self, points: i64, now_ms: i64) {
        match now_ms < self.block_ends_ms {
            true => self.block += points,
            false => self.quiet = (self.quiet - points).max(0),
        }
    }

    /// Whether it was filled by a clock that has been set back since.
    fn is_ahead(&self, now_ms: i64) -> bool {
        self.block_ends_ms.max(self.quiet_since_ms) > now_ms.saturating_add(WINDOW_MS)
            || self.refused_until_ms.iter().any(|until| *until > now_ms.saturating_add(2 * WINDOW_MS))
    }

    /// Whether nothing in it matters any more.
    pub fn is_idle(&self, now_ms: i64) -> bool {
        let last_ms = self.quiet_since_ms.max(self.block_ends_ms);
        last_ms.saturating_add(WINDOW_MS) <= now_ms
            && self.refused_until_ms.iter().all(|until| *until <= now_ms)
    }
}

fn most(urgency: Urgency) -> i64 {
    match urgency {
        Urgency::Person => PER_MINUTE,
        Urgency::Schedule => FOR_SCHEDULES,
        Urgency::Courtesy => FOR_COURTESIES,
    }
}

fn place(urgency: Urgency) -> usize {
    match urgency {
        Urgency::Person => 0,
        Urgency::Schedule => 1,
        Urgency::Courtesy => 2,
    }
}
