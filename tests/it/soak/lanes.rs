//! Who ran what when, read from the logs of all programs: a lane never has two at work at the same time.
//!
//! The store cannot even write down two running jobs of one lane. What it cannot see is a worker that goes on after its lease
//! has run out; that one is allowed to be late, but it has to notice, and the log then says so, unless its program is killed
//! before it can.

use std::collections::{BTreeMap, HashMap};

use chrono::DateTime;
use serde_json::Value;

use super::rig::{LEASE_MS, Past};

/// One job at work.
#[derive(Debug)]
struct Work {
    lane: String,
    /// The job and its attempt: a lost lease may send it to another worker of the same program.
    job: (i64, i64),
    begun_us: i64,
    ended_us: i64,
    /// It noticed that the job belonged to somebody else by then.
    was_late: bool,
    /// Its program was killed.
    was_cut: bool,
}

impl Work {
    /// Whether it was over when the next one of its lane began, or had lost its lease by then.
    fn gives_way(&self, next: &Self) -> bool {
        let lease_ran_out = next.begun_us - self.begun_us >= LEASE_MS * 1000;
        self.ended_us <= next.begun_us || self.was_late || (self.was_cut && lease_ran_out)
    }
}

/// What the logs told.
#[derive(Debug, Default)]
pub struct Lanes {
    /// Jobs at work, each time counted.
    pub runs: usize,
    /// Those that were cut off by the end of their program.
    pub cut_off: usize,
    /// Programs that ended in the middle of at least one.
    pub ended_at_work: usize,
    /// Those that came back too late.
    pub late: usize,
}

/// Reads the logs of programs that have ended; also gives back each case of two at work in one lane.
pub fn read(past: &[Past]) -> (Lanes, Vec<String>) {
    let mut lanes = Lanes::default();
    let mut by_lane = BTreeMap::<String, Vec<Work>>::new();
    for life in past {
        for work in works(life, &mut lanes) {
            by_lane.entry(work.lane.clone()).or_default().push(work);
        }
    }
    let mut broken = Vec::new();
    for works in by_lane.values_mut() {
        works.sort_by_key(|work| work.begun_us);
        let pairs = works.windows(2).filter(|pair| !pair[0].gives_way(&pair[1]));
        broken.extend(pairs.map(|pair| format!("two at work in one lane: {pair:?}")));
    }
    lanes.late = by_lane.values().flatten().filter(|work| work.was_late).count();
    if lanes.runs == 0 {
        broken.push("the logs tell of no job at all".to_owned());
    }
    (lanes, broken)
}

/// What is logged when a run ends, before its end is written down: a run seems shorter here than it was, never longer.
const ENDS: [&str; 9] = [
    "done",
    "done, with a word to the person",
    "failed, will be tried again",
    "the installation is parked",
    "GitHub cannot be reached for now",
    "deferred",
    "dead",
    "cancelled",
    "handed back",
];
const LATE: [&str; 2] = [
    "the lease was lost, the run was dropped",
    "the job belongs to somebody else by now; nothing was written",
];

fn works(life: &Past, lanes: &mut Lanes) -> Vec<Work> {
    let mut open = HashMap::<(i64, i64), (String, i64)>::new();
    let mut works: Vec<Work> = Vec::new();
    for line in &life.log {
        let Ok(line) = serde_json::from_str::<Value>(line) else { continue };
        let (Some(message), Some(job)) = (line["message"].as_str(), line["span"]["job"].as_i64()) else {
            continue;
        };
        let job = (job, line["span"]["attempt"].as_i64().unwrap_or_default());
        if line["target"] != "millwright::queue::worker" {
            continue;
        }
        if message == "claimed" {
            lanes.runs += 1;
            if let Some(lane) = line["lane"].as_str() {
                open.insert(job, (lane.to_owned(), microseconds(&line)));
            }
        } else if (ENDS.contains(&message) || LATE.contains(&message))
            && let Some((lane, begun_us)) = open.remove(&job)
        {
            let (ended_us, was_late) = (microseconds(&line), LATE.contains(&message));
            works.push(Work { lane, job, begun_us, ended_us, was_late, was_cut: false });
        } else if LATE.contains(&message)
            && let Some(work) = works.iter_mut().rev().find(|work| work.job == job)
        {
            work.was_late = true;
        }
    }
    lanes.cut_off += open.len();
    lanes.ended_at_work += usize::from(!open.is_empty());
    let cut = open.into_iter().map(|(job, (lane, begun_us))| {
        let ended_us = (life.ended_ms * 1000).max(begun_us);
        Work { lane, job, begun_us, ended_us, was_late: false, was_cut: true }
    });
    works.extend(cut);
    works
}

fn microseconds(line: &Value) -> i64 {
    DateTime::parse_from_rfc3339(line["timestamp"].as_str().unwrap()).unwrap().timestamp_micros()
}
