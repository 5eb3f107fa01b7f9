//! What should not be set on a server that people use, and what nothing reads.

use crate::config::reader::{Reader, shown};
use crate::config::settings::FaultTests;
use crate::config::variables::{self, VARIABLES};

pub(super) fn read_faults(reader: &mut Reader<'_>) -> FaultTests {
    let faults = FaultTests {
        crash_at: reader.text("MILLWRIGHT_CRASH_AT"),
        // A day: what a worker that died had in hand would lie for longer.
        lease_ms: reader.parsed("MILLWRIGHT_LEASE_MS", within_a_day),
        time_limit_ms: reader.parsed("MILLWRIGHT_TIME_LIMIT_MS", within_a_day),
        clock_offset_s: reader
            .parsed("MILLWRIGHT_CLOCK_OFFSET_S", |text| match text.parse::<i64>() {
                // A century either way: beyond it, times in milliseconds would overflow somewhere.
                Ok(offset) if offset.unsigned_abs() <= 3_200_000_000 => Ok(offset),
                _ => Err(format!(
                    "is {}, which is no number of seconds within a century, such as `-90`",
                    shown(text)
                )),
            })
            .unwrap_or_default(),
    };
    for name in [
        "MILLWRIGHT_CRASH_AT",
        "MILLWRIGHT_LEASE_MS",
        "MILLWRIGHT_TIME_LIMIT_MS",
        "MILLWRIGHT_CLOCK_OFFSET_S",
    ] {
        if reader.is_set(name) {
            reader.warning(
                name,
                "is set; it is for fault tests and must not be set on a server that people use",
            );
        }
    }
    faults
}

fn within_a_day(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(ms) if (1..=86_400_000).contains(&ms) => Ok(ms),
        _ => Err(format!(
            "is {}, which is no number of milliseconds from 1 to 86400000, a day; write one, or unset it",
            shown(text)
        )),
    }
}

/// Warns about reserved names and about names that look like a typing error for one of ours.
pub(super) fn unused_names(reader: &mut Reader<'_>) {
    for reserved in VARIABLES.iter().filter(|variable| !variable.built) {
        let set = if reserved.secret { reader.is_given(reserved.name) } else { reader.is_set(reserved.name) };
        if set {
            reader.warning(reserved.name, "is set, but what it is for is not in this version");
        }
    }
    for name in reader.names() {
        if let Some(near) = variables::nearest(&name) {
            reader.warning(&name, &format!("is not read by anything; was {near} meant?"));
        }
    }
}
