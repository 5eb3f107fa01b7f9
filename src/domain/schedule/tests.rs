//! Slots in real time zones, and instances whose clocks differ and jump.

use chrono::{
    DateTime, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, Offset as _, TimeDelta, TimeZone, Utc,
};
use proptest::prelude::{Just, ProptestConfig, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::Strategy;

use super::line::Line;
use super::{Known, Timing, Verdict, decide, delay_ms, share_ms};

/// A zone as the IANA database describes it, cut to one year: offset at first, then (moment of change in UTC, offset from then on).
#[derive(Debug, Clone, Copy)]
struct Zone {
    first_s: i32,
    changes: &'static [(&'static str, i32)],
}

const HOUR_S: i32 = 3600;
const BERLIN: Zone = Zone {
    first_s: HOUR_S,
    changes: &[("2026-03-29T01:00:00Z", 2 * HOUR_S), ("2026-10-25T01:00:00Z", HOUR_S)],
};
const NEW_YORK: Zone = Zone {
    first_s: -5 * HOUR_S,
    changes: &[("2026-03-08T07:00:00Z", -4 * HOUR_S), ("2026-11-01T06:00:00Z", -5 * HOUR_S)],
};
/// Half an hour of summer time.
const LORD_HOWE: Zone = Zone {
    first_s: 11 * HOUR_S,
    changes: &[("2026-04-04T15:00:00Z", 37_800), ("2026-10-03T15:30:00Z", 11 * HOUR_S)],
};
/// Put back at one minute past midnight, into the day before.
const ST_JOHNS: Zone = Zone {
    first_s: -12_600,
    changes: &[("2010-03-14T03:31:00Z", -9_000), ("2010-11-07T02:31:00Z", -12_600)],
};
/// Left out the 30th of December 2011.
const APIA: Zone = Zone { first_s: -10 * HOUR_S, changes: &[("2011-12-30T10:00:00Z", 14 * HOUR_S)] };

impl Zone {
    fn offset_at(self, utc: &NaiveDateTime) -> i32 {
        let passed = |change: &&(&str, i32)| moment(change.0) <= utc.and_utc().timestamp_millis();
        self.changes.iter().rev().find(passed).map_or(self.first_s, |(_, offset)| *offset)
    }
}

impl TimeZone for Zone {
    type Offset = Offset;

    fn from_offset(offset: &Offset) -> Self {
        offset.zone
    }

    fn offset_from_local_date(&self, _: &NaiveDate) -> LocalResult<Offset> {
        LocalResult::None
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> LocalResult<Offset> {
        let mut offsets = vec![self.first_s];
        offsets.extend(self.changes.iter().map(|(_, offset)| *offset));
        let mut fitting = offsets
            .into_iter()
            .map(|offset| (*local - TimeDelta::seconds(offset.into()), offset))
            .filter(|(utc, offset)| self.offset_at(utc) == *offset)
            .collect::<Vec<_>>();
        fitting.sort_unstable();
        fitting.dedup();
        let offset = |at: usize| Offset { zone: *self, seconds: fitting[at].1 };
        match fitting.len() {
            0 => LocalResult::None,
            1 => LocalResult::Single(offset(0)),
            _ => LocalResult::Ambiguous(offset(0), offset(1)),
        }
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> Offset {
        self.offset_from_utc_datetime(&utc.and_hms_opt(0, 0, 0).unwrap())
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> Offset {
        Offset { zone: *self, seconds: self.offset_at(utc) }
    }
}

#[derive(Debug, Clone, Copy)]
struct Offset {
    zone: Zone,
    seconds: i32,
}

impl chrono::Offset for Offset {
    fn fix(&self) -> FixedOffset {
        FixedOffset::east_opt(self.seconds).unwrap()
    }
}

fn moment(text: &str) -> i64 {
    text.parse::<DateTime<Utc>>().unwrap().timestamp_millis()
}

fn line(text: &str) -> Line {
    text.parse().unwrap()
}

/// The next moments of a line, each as the clock on the wall shows it, with its offset.
fn slots(text: &str, zone: Zone, from: &str, count: usize) -> Vec<String> {
    let (line, mut at) = (line(text), moment(from));
    let mut slots = Vec::new();
    for _ in 0..count {
        at = line.next_after(&zone, at).unwrap();
        let local = DateTime::from_timestamp_millis(at).unwrap().with_timezone(&zone);
        slots.push(format!("{} {}", local.naive_local().format("%d %H:%M"), local.offset().fix()));
    }
    slots
}

#[test]
fn f27_a_time_that_a_day_does_not_have_is_the_moment_of_the_jump() {
    let berlin = slots("30 2 * * *", BERLIN, "2026-03-27T12:00:00Z", 3);
    assert_eq!(berlin, ["28 02:30 +01:00", "29 03:00 +02:00", "30 02:30 +02:00"]);
    let new_york = slots("0,30 2,3 * * *", NEW_YORK, "2026-03-08T05:00:00Z", 3);
    assert_eq!(new_york, ["08 03:00 -04:00", "08 03:30 -04:00", "09 02:00 -04:00"]);
    let lord_howe = slots("15 2 * * *", LORD_HOWE, "2026-10-02T00:00:00Z", 3);
    assert_eq!(lord_howe, ["03 02:15 +10:30", "04 02:30 +11:00", "05 02:15 +11:00"]);
    let apia = slots("0 8 * * *", APIA, "2011-12-29T00:00:00Z", 3);
    assert_eq!(apia, ["29 08:00 -10:00", "31 00:00 +14:00", "31 08:00 +14:00"]);
}

#[test]
fn f27_a_time_that_a_day_has_twice_is_the_first_of_both() {
    let berlin = slots("30 2 * * *", BERLIN, "2026-10-24T12:00:00Z", 2);
    assert_eq!(berlin, ["25 02:30 +02:00", "26 02:30 +01:00"]);
    let new_york = slots("30 1 * * 0", NEW_YORK, "2026-10-31T12:00:00Z", 2);
    assert_eq!(new_york, ["01 01:30 -04:00", "08 01:30 -05:00"]);
    let lord_howe = slots("45 1 * * *", LORD_HOWE, "2026-04-04T00:00:00Z", 2);
    assert_eq!(lord_howe, ["05 01:45 +11:00", "06 01:45 +10:30"]);
}

#[test]
fn f27_every_hour_is_every_real_hour() {
    let forward = slots("0 * * * *", BERLIN, "2026-03-29T00:30:00Z", 3);
    assert_eq!(forward, ["29 03:00 +02:00", "29 04:00 +02:00", "29 05:00 +02:00"]);
    let back = slots("0 * * * *", BERLIN, "2026-10-24T23:30:00Z", 3);
    assert_eq!(back, ["25 02:00 +02:00", "25 02:00 +01:00", "25 03:00 +01:00"]);
    let into_yesterday = slots("*/30 * * * *", ST_JOHNS, "2010-11-07T02:00:00Z", 5);
    let expected =
        ["07 00:00 -02:30", "06 23:30 -03:30", "07 00:00 -03:30", "07 00:30 -03:30", "07 01:00 -03:30"];
    assert_eq!(into_yesterday, expected);
}

#[test]
fn lines_name_what_cron_names() {
    let utc = |text: &str, from: &str| {
        let at = line(text).next_after(&Utc, moment(from)).unwrap();
        DateTime::from_timestamp_millis(at).unwrap().format("%Y-%m-%d %H:%M").to_string()
    };
    let monday = "2026-03-02T09:00:00Z";
    assert_eq!(utc("*/5 * * * *", monday), "2026-03-02 09:05");
    assert_eq!(utc("7/20 * * * *", monday), "2026-03-02 09:07");
    assert_eq!(utc("0 9 * * 1-5", monday), "2026-03-03 09:00");
    assert_eq!(utc("0 0 * * 7", monday), "2026-03-08 00:00");
    assert_eq!(utc("0 0 13 * 5", monday), "2026-03-06 00:00", "either the 13th or a Friday");
    assert_eq!(utc("0 0 13 6 *", monday), "2026-06-13 00:00");
    assert_eq!(utc("0 0 29 2 *", "2096-03-01T00:00:00Z"), "2104-02-29 00:00");
    assert_eq!(line("0 0 30 2 *").next_after(&Utc, 0), None, "the 30th of February never comes");
}

#[test]
fn a_line_that_cannot_be_read_says_what_and_where() {
    let said = |text: &str| text.parse::<Line>().unwrap_err().to_string();
    insta::assert_snapshot!(said("* * * *"), @"`* * * *` has 4 fields instead of 5: minute, hour, day of month, month, day of week");
    insta::assert_snapshot!(said("0 24 * * *"), @"`24` is no hour: numbers from 0 to 23, `*`, `A-B`, each with `/STEP` where wanted");
    for wrong in [
        "0 0 0 * *",
        "0 0 * 13 *",
        "*/0 * * * *",
        "5-3 * * * *",
        "+5 * * * *",
        "a * * * *",
        "1, * * * *",
        "0 0 * * 8",
    ] {
        said(wrong);
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,40}", fields in proptest::collection::vec("[0-9*/,-]{0,6}", 5)) {
        let _ = text.parse::<Line>();
        if let Ok(line) = fields.join(" ").parse::<Line>() {
            let next = line.next_after(&BERLIN, moment("2026-03-28T00:00:00Z"));
            prop_assert!(next.is_none_or(|next| next > moment("2026-03-28T00:00:00Z")));
        }
    }

    /// Whatever the zone, every minute of the day comes as often as the day has it, in order.
    #[test]
    fn slots_come_in_order(minute in 0_u32..60, hour in 0_u32..24, zone in 0_usize..5, day in 0_i64..600) {
        let zone = [BERLIN, NEW_YORK, LORD_HOWE, ST_JOHNS, APIA][zone];
        let start = moment(if zone.changes[0].0 < "2012" { "2010-01-01T00:00:00Z" } else { "2026-01-01T00:00:00Z" });
        let after = start + day * 86_400_000;
        let daily = line(&format!("{minute} {hour} * * *"));
        let first = daily.next_after(&zone, after).unwrap();
        let second = daily.next_after(&zone, first).unwrap();
        prop_assert!(first > after && second > first);
        prop_assert!(second - first >= 60 * 60_000 && second - first <= 50 * 3_600_000, "{} h", (second - first) / 3_600_000);
        prop_assert_eq!(daily.next_after(&zone, second - 1), Some(second));
    }
}

#[test]
fn all_instances_of_one_app_agree_and_different_apps_spread() {
    let delays = (0..200).map(|app| delay_ms("sweep", &format!("app-{app}"), 300_000)).collect::<Vec<_>>();
    assert_eq!(delays[7], delay_ms("sweep", "app-7", 300_000));
    assert!(delays.iter().all(|delay| (0..300_000).contains(delay)));
    let early = delays.iter().filter(|delay| **delay < 150_000).count();
    assert!((60..140).contains(&early), "{early} of 200 in the first half");
    assert_eq!((share_ms("a", 0), share_ms("a", -5)), (0, 0));
}

#[test]
fn a_delay_moves_every_slot() {
    let timing = Timing { line: line("0 * * * *"), zone: Utc, delay_ms: 90_000 };
    let nine = moment("2026-03-02T09:00:00Z");
    assert_eq!(timing.next_after(nine), Some(nine + 90_000));
    assert_eq!(timing.next_after(nine + 90_000), Some(nine + 3_690_000));
}

const HOUR: i64 = 3_600_000;
const START: i64 = 1_772_442_000_000;

/// The row that all instances share, and what was run.
struct Shared {
    timing: Timing<Utc>,
    row: Option<Known>,
    ran: Vec<i64>,
}

impl Default for Shared {
    fn default() -> Self {
        Self { timing: Timing { line: line("0 * * * *"), zone: Utc, delay_ms: 0 }, row: None, ran: vec![] }
    }
}

impl Shared {
    /// One instance looks, with its own clock.
    fn look(&mut self, now_ms: i64) -> Verdict {
        let verdict = decide(&self.timing, self.row, now_ms);
        match (verdict, &mut self.row) {
            (Verdict::Begin { next_ms }, row) => *row = Some(Known { next_run_ms: next_ms, last_slot_ms: 0 }),
            (Verdict::Run { slot_ms, next_ms }, row) => {
                *row = Some(Known { next_run_ms: next_ms, last_slot_ms: slot_ms });
                self.ran.push(slot_ms);
            }
            (Verdict::Move { to_ms, .. }, Some(row)) => row.next_run_ms = to_ms,
            _ => {}
        }
        verdict
    }
}

#[test]
fn f27_missed_slots_run_once() {
    let mut shared = Shared::default();
    assert_eq!(shared.look(START), Verdict::Begin { next_ms: START + HOUR });
    assert_eq!(shared.look(START + 1), Verdict::Wait { until_ms: START + HOUR });
    let away = START + 7 * HOUR + 5;
    assert_eq!(shared.look(away), Verdict::Run { slot_ms: START + HOUR, next_ms: START + 8 * HOUR });
    assert_eq!(shared.look(away), Verdict::Wait { until_ms: START + 8 * HOUR });
    assert_eq!(shared.ran.len(), 1);
}

#[test]
fn f27_a_clock_that_was_far_ahead_does_not_silence_a_schedule() {
    let mut shared = Shared::default();
    let year = 365 * 24 * HOUR;
    for minute in 0..180 {
        shared.look(START + year + minute * 60_000);
    }
    assert_eq!(shared.ran.len(), 2);
    shared.look(START);
    assert_eq!(shared.look(START + 1), Verdict::Wait { until_ms: START + HOUR });
    assert_eq!(shared.look(START + HOUR), Verdict::Run { slot_ms: START + HOUR, next_ms: START + 2 * HOUR });
}

#[test]
fn a_line_that_never_comes_runs_nothing() {
    let timing = Timing { line: line("0 0 31 2 *"), zone: Utc, delay_ms: 0 };
    assert_eq!(decide(&timing, None, START), Verdict::Never);
}

/// How far an instance's clock is off at the moment: a little, or (rarely, and only forward) by hours.
fn skew() -> impl Strategy<Value = i64> {
    prop_oneof![9 => -59 * 60_000_i64..=0, 1 => Just(5 * HOUR)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Three instances whose clocks differ by less than an hour, looked at in any order: no slot runs twice, none is passed over.
    #[test]
    fn f27_clocks_that_differ_run_each_slot_once(
        skews in (-29 * 60_000_i64..=29 * 60_000, -29 * 60_000_i64..=29 * 60_000, -29 * 60_000_i64..=29 * 60_000),
        looks in proptest::collection::vec(0_usize..3, 20..100),
    ) {
        let skews = [skews.0, skews.1, skews.2];
        let mut shared = Shared::default();
        let mut now = START;
        for instance in looks {
            now += 10 * 60_000;
            shared.look(now + skews[instance]);
        }
        let mut once = shared.ran.clone();
        once.dedup();
        prop_assert_eq!(&once, &shared.ran, "a slot ran twice");
        prop_assert!(shared.ran.windows(2).all(|pair| pair[0] < pair[1]));
        // Afterwards all clocks are right, and every hour has its run.
        let before = shared.ran.len();
        for third in 0..36 {
            shared.look(now + third * 20 * 60_000);
        }
        let runs = shared.ran.len() - before;
        prop_assert!((10..=13).contains(&runs), "{runs} runs in the 12 hours after");
    }

    /// Clocks that jump do no harm: a schedule never runs more often than its line, and goes on once they are right.
    #[test]
    fn f27_clocks_that_jump_do_no_harm(jumps in proptest::collection::vec((skew(), any::<bool>()), 10..40)) {
        let mut shared = Shared::default();
        let mut now = START;
        for (skew, again) in jumps {
            now += 30 * 60_000;
            shared.look(now + skew);
            if again {
                shared.look(now + skew);
            }
        }
        let before = shared.ran.len();
        for third in 0..36 {
            shared.look(now + third * 20 * 60_000);
        }
        let runs = shared.ran.len() - before;
        prop_assert!((10..=13).contains(&runs), "{runs} runs in the 12 hours after");
    }
}
