//! Cron lines: five fields, read strictly, and the moments they name by the clock on the wall of a time zone.

use std::str::FromStr;

use chrono::{DateTime, Datelike, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone};

/// A line such as `*/5 * * * *`: minute, hour, day of month, month, day of week (0 and 7 are Sunday).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    minutes: Field,
    hours: Field,
    days: Field,
    months: Field,
    weekdays: Field,
}

/// Why a line cannot be read; one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct LineError(String);

/// The numbers that a field lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Field {
    set: u64,
    /// Begins with `*`: nobody asked for a particular one.
    is_star: bool,
}

const FIELDS: [(&str, u32, u32); 5] =
    [("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("day of week", 0, 7)];

/// Days that are searched: the 29th of February is at most eight years away.
const HORIZON_DAYS: usize = 8 * 366 + 2;

/// A clock never jumped further: Samoa left out a whole day in 2011.
const LONGEST_GAP_MINUTES: i64 = 26 * 60;

impl FromStr for Line {
    type Err = LineError;

    fn from_str(text: &str) -> Result<Self, LineError> {
        let words = text.split_whitespace().collect::<Vec<_>>();
        let &[minutes, hours, days, months, weekdays] = words.as_slice() else {
            return Err(LineError(format!(
                "`{text}` has {} fields instead of 5: minute, hour, day of month, month, day of week",
                words.len()
            )));
        };
        let [minute, hour, day, month, weekday] = FIELDS;
        let mut weekdays = field(weekdays, weekday)?;
        if weekdays.has(7) {
            weekdays.set |= 1;
        }
        Ok(Self {
            minutes: field(minutes, minute)?,
            hours: field(hours, hour)?,
            days: field(days, day)?,
            months: field(months, month)?,
            weekdays,
        })
    }
}

/// A list of `*`, `N`, `A-B`, each with or without `/STEP`.
fn field(text: &str, limits: (&str, u32, u32)) -> Result<Field, LineError> {
    let (name, low, high) = limits;
    let wrong = |part: &str| {
        LineError(format!(
            "`{part}` is no {name}: numbers from {low} to {high}, `*`, `A-B`, each with `/STEP` where wanted"
        ))
    };
    let mut set = 0;
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(number(step).ok_or_else(|| wrong(part))?)),
            None => (part, None),
        };
        let (first, last) = match (range, range.split_once('-'), step) {
            ("*", _, _) => (low, high),
            (_, Some((first, last)), _) => {
                (number(first).ok_or_else(|| wrong(part))?, number(last).ok_or_else(|| wrong(part))?)
            }
            (one, None, None) => number(one).map(|one| (one, one)).ok_or_else(|| wrong(part))?,
            (one, None, Some(_)) => (number(one).ok_or_else(|| wrong(part))?, high),
        };
        let step = step.unwrap_or(1);
        if first < low || last > high || first > last || step == 0 {
            return Err(wrong(part));
        }
        for value in (first..=last).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
            set |= 1 << value;
        }
    }
    Ok(Field { set, is_star: text.starts_with('*') })
}

/// Digits alone; `parse` would also take `+5`.
fn number(text: &str) -> Option<u32> {
    text.chars().all(|digit| digit.is_ascii_digit()).then(|| text.parse().ok())?
}

impl Field {
    fn has(self, value: u32) -> bool {
        self.set >> value & 1 == 1
    }
}

impl Line {
    /// The first moment behind `after_ms` (unix ms) that the line names in `zone`.
    ///
    /// Where the clock is put forward, a time that the day does not have is the moment at which the clock jumps, so that what is
    /// daily stays daily. Where it is put back, a time that the day has twice is the first of both. A line with `*` for the hour
    /// means every real hour, and neither gains nor loses one.
    pub fn next_after<Z: TimeZone>(&self, zone: &Z, after_ms: i64) -> Option<i64> {
        let day = DateTime::from_timestamp_millis(after_ms)?.with_timezone(zone).date_naive();
        // Around midnight a day's last moment can come after the next day's first one: so one day more on each side.
        let mut found = None;
        for date in day.pred_opt()?.iter_days().take(HORIZON_DAYS) {
            let first = self.moments(zone, date).into_iter().filter(|moment| *moment > after_ms).min();
            match (found, first) {
                (Some(found), Some(first)) => return Some(first.min(found)),
                (Some(found), None) => return Some(found),
                (None, first) => found = first,
            }
        }
        found
    }

    /// Every moment of one date on the calendar of `zone`; in no order.
    fn moments<Z: TimeZone>(&self, zone: &Z, date: NaiveDate) -> Vec<i64> {
        if !self.names(date) {
            return Vec::new();
        }
        let hours = (0..24).filter(|hour| self.hours.has(*hour));
        let times = hours.flat_map(|hour| {
            (0..60).filter(|minute| self.minutes.has(*minute)).map(move |minute| (hour, minute))
        });
        let local = times.filter_map(|(hour, minute)| date.and_hms_opt(hour, minute, 0));
        local.flat_map(|local| self.instants(zone, local)).collect()
    }

    /// With both a day of month and a day of week, either is enough, as cron has it.
    fn names(&self, date: NaiveDate) -> bool {
        let day = self.days.has(date.day());
        let weekday = self.weekdays.has(date.weekday().num_days_from_sunday());
        let fits = match (self.days.is_star, self.weekdays.is_star) {
            (false, false) => day || weekday,
            _ => day && weekday,
        };
        fits && self.months.has(date.month())
    }

    fn instants<Z: TimeZone>(&self, zone: &Z, local: NaiveDateTime) -> Vec<i64> {
        match zone.from_local_datetime(&local) {
            LocalResult::Single(moment) => vec![moment.timestamp_millis()],
            LocalResult::Ambiguous(first, second) if self.hours.is_star => {
                vec![first.timestamp_millis(), second.timestamp_millis()]
            }
            LocalResult::Ambiguous(first, _) => vec![first.timestamp_millis()],
            LocalResult::None if self.hours.is_star => Vec::new(),
            LocalResult::None => end_of_gap(zone, local).into_iter().collect(),
        }
    }
}

/// The moment at which the clock jumps over `local`.
fn end_of_gap<Z: TimeZone>(zone: &Z, local: NaiveDateTime) -> Option<i64> {
    (1..=LONGEST_GAP_MINUTES).find_map(|minutes| {
        let later = local.checked_add_signed(TimeDelta::minutes(minutes))?;
        zone.from_local_datetime(&later).earliest().map(|moment| moment.timestamp_millis())
    })
}
