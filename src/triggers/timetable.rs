//! The timetable: every schedule with its next slot, and whoever comes first to a slot that is due queues its job.

use chrono::Utc;

use crate::domain::failure::Outcome;
use crate::domain::schedule::line::LineError;
use crate::domain::schedule::{Timing, Verdict, decide, delay_ms};
use crate::store::{NewJob, Race, Slot, Store};
use crate::triggers::schedules::{AtStart, SCHEDULES, Schedule};

/// Looks again after at most so long, for a clock may have been set and another version may have moved a slot.
const LONGEST_WAIT_MS: i64 = 60_000;

/// When a schedule that runs at the start runs once more.
const ONCE_MORE_MS: i64 = 30_000;

/// The schedules of one instance.
pub struct Timetable {
    store: Store,
    rows: Vec<(&'static Schedule, Timing<Utc>)>,
}

impl Timetable {
    /// All schedules. `app` is the same for all instances of one App, and different for different Apps.
    ///
    /// # Errors
    /// One sentence about a line that cannot be read.
    pub fn new(store: Store, app: &str) -> Result<Self, LineError> {
        let timing = |row: &&'static Schedule| {
            let delay_ms = delay_ms(row.name, app, row.spread_ms);
            Ok((*row, Timing { line: row.line.parse()?, zone: Utc, delay_ms }))
        };
        Ok(Self { store, rows: SCHEDULES.iter().map(timing).collect::<Result<_, _>>()? })
    }

    /// The program starts: some schedules do not wait for their slot.
    pub async fn start(&self) -> Outcome {
        for (row, _) in self.rows.iter().filter(|(row, _)| row.at_start == AtStart::Runs) {
            let job = self.job(row)?;
            let key = format!("schedule/{}/once more", row.name);
            let run_at_ms = job.run_at_ms + ONCE_MORE_MS;
            let once_more = NewJob { run_at_ms, dedupe: Some(key), ..job.clone() };
            self.store.jobs().enqueue(&job).await?;
            // One that an earlier start has left would come too soon for this one.
            self.store.jobs().enqueue_no_earlier(&once_more).await?;
        }
        Ok(())
    }

    /// Queues what is due; the moment at which to look again, unix ms.
    pub async fn tick(&self) -> Outcome<i64> {
        let known = self.store.schedules().all().await?;
        let now_ms = self.store.clock().now_ms();
        let mut again_ms = now_ms + LONGEST_WAIT_MS;
        for (row, timing) in &self.rows {
            let next_ms = self.look(row, decide(timing, known.get(row.name).copied(), now_ms)).await?;
            again_ms = again_ms.min(next_ms.unwrap_or(again_ms));
        }
        Ok(again_ms)
    }

    /// Does what was decided; the schedule's next slot.
    async fn look(&self, row: &Schedule, verdict: Verdict) -> Outcome<Option<i64>> {
        let schedules = self.store.schedules();
        let name = row.name;
        match verdict {
            Verdict::Begin { next_ms } => {
                schedules.begin(name, next_ms).await?;
                Ok(Some(next_ms))
            }
            Verdict::Run { slot_ms, next_ms } => {
                let job = self.job(row)?;
                if schedules.take(Slot { name, slot_ms, next_ms }, &job).await? == Race::Won {
                    tracing::debug!(schedule = name, slot_ms, "due");
                }
                Ok(Some(next_ms))
            }
            Verdict::Move { from_ms, to_ms } => {
                let slot = Slot { name, slot_ms: from_ms, next_ms: to_ms };
                if schedules.shift(slot).await? == Race::Won {
                    tracing::info!(
                        schedule = name,
                        from_ms,
                        to_ms,
                        "its next run was too far ahead, and is moved"
                    );
                }
                Ok(Some(to_ms))
            }
            Verdict::Wait { until_ms } => Ok(Some(until_ms)),
            Verdict::Never => Ok(None),
        }
    }

    /// One job at a time, and while one waits another is folded into it: a schedule that is slow does not pile up.
    fn job(&self, row: &Schedule) -> Outcome<NewJob> {
        let key = format!("schedule/{}", row.name);
        let job = (row.job)(self.store.clock().now_ms())?;
        Ok(NewJob { lane: Some(key.clone()), dedupe: Some(key), priority: row.priority, ..job })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::Registry;
    use crate::store::testing::sqlite;
    use crate::triggers;

    #[tokio::test]
    async fn every_schedule_has_a_line_that_comes_and_a_job_that_is_known() {
        let bench = sqlite().await;
        let table = Timetable::new(bench.store, "app").unwrap();
        let names = triggers::jobs(Registry::new()).names();
        for (row, timing) in &table.rows {
            let first = timing.next_after(0).unwrap();
            let second = timing.next_after(first).unwrap();
            assert!(row.spread_ms <= second - first, "{}: spread into the next slot", row.name);
            let job = table.job(row).unwrap();
            assert!(names.contains(&job.name), "{}: nobody runs {}", row.name, job.name);
        }
    }

    #[tokio::test]
    async fn apps_do_not_ask_github_all_at_once() {
        let bench = sqlite().await;
        let delays = |app: &str| {
            let table = Timetable::new(bench.store.clone(), app).unwrap();
            table.rows.iter().map(|(row, timing)| (row.spread_ms, timing.delay_ms)).collect::<Vec<_>>()
        };
        let (one, other) = (delays("app"), delays("other"));
        assert_eq!(one, delays("app"), "the same for every instance of an App");
        for ((spread_ms, one), (_, other)) in one.into_iter().zip(other) {
            assert!(one < spread_ms.max(1) && other < spread_ms.max(1));
            assert!(spread_ms < 2 || one != other, "{one} of {spread_ms}");
        }
    }
}
