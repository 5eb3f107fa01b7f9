//! Content of one installation: what was created lately, and which moments are promised to whom.

use serde::{Deserialize, Serialize};

use crate::domain::pace::{Asker, Promise, Urgency, Verdict, mix};
use crate::domain::set_back::SetBack;

/// Windows and the most that is created in each: GitHub's 80 a minute and 500 an hour, with a small reserve.
const WINDOWS: [(i64, usize); 2] = [(60_000, 76), (HOUR_MS, 480)];
const HOUR_MS: i64 = 3_600_000;
/// So many may go unspaced, then one in this time.
const BURST: i64 = 20;
const SPACING_MS: i64 = 1_000;
/// Of the burst and of each window, what is left to people.
const KEPT_FOR_PEOPLE: [usize; 2] = [20, 100];
const BURST_KEPT_FOR_PEOPLE: i64 = 10;
/// Whoever does not come within this time of its moment is not waited for.
const PATIENCE_MS: i64 = 60_000;

/// The books of one installation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// Ascending; the first as unix milliseconds, each further one as the distance to the one before it.
    #[serde(with = "distances")]
    created_ms: Vec<i64>,
    /// Ascending.
    promised: Vec<Promise>,
    /// What was counted last. Clocks differ, so it need not be the latest of all.
    counted_ms: Option<i64>,
}

impl Content {
    /// Whether `asker` may create something now. A person's job that may not is promised the first free moment behind those
    /// promised before, so that many jobs come back one after the other and none is overtaken. Nothing is promised to what
    /// nobody waits for: it goes when nobody else waits and enough is left for people.
    pub fn ask(&mut self, asker: Asker, now_ms: i64) -> Verdict {
        self.forget(now_ms);
        let own = self.promised.iter().position(|promise| asker.job != 0 && promise.job == asker.job);
        let own = own.map(|index| self.promised.remove(index));
        if let Some(early) = own.filter(|own| own.at_ms > now_ms) {
            self.promise(early);
            return Verdict::NotBefore(early.at_ms);
        }
        let at_ms = self.first_moment(asker.urgency, own, now_ms);
        if at_ms <= now_ms {
            let index = self.created_ms.partition_point(|created| *created <= now_ms);
            self.created_ms.insert(index, now_ms);
            self.counted_ms = Some(now_ms);
            return Verdict::Now;
        }
        match asker.urgency {
            Urgency::Person if asker.job != 0 => self.promise(Promise { at_ms, job: asker.job }),
            Urgency::Person => {}
            // Many of these may wait for the same moment.
            Urgency::Schedule | Urgency::Courtesy => {
                return Verdict::NotBefore(at_ms.saturating_add(scatter(asker.job)));
            }
        }
        Verdict::NotBefore(at_ms)
    }

    /// What was counted last was not sent.
    pub fn take_back(&mut self) {
        let counted = self.counted_ms.take();
        if let Some(index) = counted.and_then(|counted_ms| self.created_ms.binary_search(&counted_ms).ok()) {
            self.created_ms.remove(index);
        }
    }

    /// The clock that all was counted by was ahead.
    pub fn set_back(&mut self, back: SetBack) {
        self.created_ms.iter_mut().for_each(|at_ms| *at_ms = back.done(*at_ms));
        self.created_ms.sort_unstable();
        self.promised.iter_mut().for_each(|promise| promise.at_ms = back.waited_for(promise.at_ms));
        self.promised.sort_by_key(|promise| promise.at_ms);
        self.counted_ms = self.counted_ms.map(|at_ms| back.done(at_ms));
    }

    fn promise(&mut self, promise: Promise) {
        let index = self.promised.partition_point(|other| other.at_ms <= promise.at_ms);
        self.promised.insert(index, promise);
    }

    fn forget(&mut self, now_ms: i64) {
        self.created_ms.retain(|created| created.saturating_add(HOUR_MS) > now_ms);
        self.promised.retain(|promise| promise.at_ms.saturating_add(PATIENCE_MS) > now_ms);
    }

    /// The first moment at which one more fits, behind everything that was created and everything promised before. Whoever
    /// comes at its promised moment stands behind earlier promises only.
    fn first_moment(&self, urgency: Urgency, own: Option<Promise>, now_ms: i64) -> i64 {
        let before = own.map_or(i64::MAX, |own| own.at_ms);
        let promised = self.promised.iter().map(|promise| promise.at_ms).filter(|at_ms| *at_ms <= before);
        let mut taken = self.created_ms.clone();
        taken.extend(promised.map(|at_ms| at_ms.max(now_ms)));
        taken.sort_unstable();
        let behind = taken.last().copied().filter(|_| !self.promised.is_empty());
        let mut at_ms = now_ms.max(behind.unwrap_or(now_ms));
        let kept = if urgency == Urgency::Person { [0, 0] } else { KEPT_FOR_PEOPLE };
        for ((window_ms, most), kept) in WINDOWS.into_iter().zip(kept) {
            let full = taken.len().checked_sub(most - kept).and_then(|index| taken.get(index));
            at_ms = at_ms.max(full.map_or(now_ms, |first| first.saturating_add(window_ms)));
        }
        at_ms.max(free_of_burst(&taken, urgency))
    }
}

/// When the burst has room for one more: each creation takes one place, and a place comes back every [`SPACING_MS`].
fn free_of_burst(taken: &[i64], urgency: Urgency) -> i64 {
    let burst = if urgency == Urgency::Person { BURST } else { BURST - BURST_KEPT_FOR_PEOPLE };
    let full = taken.iter().fold(i64::MIN, |full, at_ms| full.max(*at_ms).saturating_add(SPACING_MS));
    full.saturating_sub((burst - 1) * SPACING_MS)
}

/// Up to ten seconds, by the job.
fn scatter(job: i64) -> i64 {
    i64::try_from(mix(job) % 10_000).unwrap_or(0)
}

/// Times as distances: a full hour is 3 KB instead of 7.
mod distances {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(times: &[i64], to: S) -> Result<S::Ok, S::Error> {
        let before = std::iter::once(0).chain(times.iter().copied());
        to.collect_seq(times.iter().zip(before).map(|(at, before)| at.saturating_sub(before)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<i64>, D::Error> {
        let steps = Vec::<i64>::deserialize(from)?;
        let add = |at: &mut i64, step: i64| {
            *at = at.saturating_add(step);
            Some(*at)
        };
        Ok(steps.into_iter().scan(0, add).collect())
    }
}
