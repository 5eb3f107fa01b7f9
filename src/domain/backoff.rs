//! When to try again: fourth power of the attempt in seconds, at most an hour, a fifth more or less.

use std::time::Duration;

use crate::domain::pace::mix;

const LONGEST_MS: i64 = 3_600_000;

/// The dice of one attempt of one job: the same each time, so that a run can be repeated, and unlike that of any other.
pub fn dice(job: i64, attempt: i64) -> u64 {
    mix(job.wrapping_mul(64).wrapping_add(attempt))
}

/// Milliseconds until the next attempt after the `attempt`-th failed. `after` is the shortest wait that the other side asked
/// for; it is kept to, and spread upward only. `dice` is any number: jobs that failed together must not come back together.
pub fn delay_ms(attempt: i64, after: Option<Duration>, dice: u64) -> i64 {
    let Some(after) = after else { return jitter(own_ms(attempt), dice, -20, 20) };
    let asked = i64::try_from(after.as_millis()).unwrap_or(i64::MAX);
    jitter(asked, dice, 0, 20)
}

/// Milliseconds until a job is tried again whose worker was not heard of any more, the `attempt`-th time. It may be this job that
/// ends its process, and with it those that are at work beside it: they come back half of the time earlier or later, so that
/// they meet no second time.
pub fn after_loss_ms(attempt: i64, dice: u64) -> i64 {
    jitter(own_ms(attempt), dice, -50, 50)
}

fn own_ms(attempt: i64) -> i64 {
    attempt.clamp(1, 100).pow(4).saturating_mul(1000).min(LONGEST_MS)
}

/// Between `lowest_percent` and `highest_percent` more.
fn jitter(ms: i64, dice: u64, lowest_percent: i64, highest_percent: i64) -> i64 {
    let per_mille_range = (highest_percent - lowest_percent) * 10 + 1;
    let rolled = i64::try_from(dice % per_mille_range.unsigned_abs()).unwrap_or(0);
    let per_mille = lowest_percent * 10 + rolled;
    ms.saturating_add((ms / 1000).saturating_mul(per_mille)).saturating_add((ms % 1000) * per_mille / 1000)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::{any, proptest};

    use super::{after_loss_ms, delay_ms, dice};

    /// The dice that leave a delay without an `after` as it is.
    const EVEN: u64 = 200;

    #[test]
    fn the_wait_grows_with_the_fourth_power_up_to_an_hour() {
        let seconds: Vec<i64> = (1..=9).map(|attempt| delay_ms(attempt, None, EVEN) / 1000).collect();
        assert_eq!(seconds, [1, 16, 81, 256, 625, 1296, 2401, 3600, 3600]);
    }

    #[test]
    fn a_fifth_more_or_less() {
        assert_eq!((delay_ms(2, None, 0), delay_ms(2, None, 400)), (12_800, 19_200));
    }

    #[test]
    fn what_the_other_side_asked_for_is_never_cut_short() {
        let asked = Some(Duration::from_secs(72));
        assert_eq!((delay_ms(1, asked, 0), delay_ms(1, asked, 200)), (72_000, 86_400));
    }

    /// A job that ends its process at once, and one beside it that takes ten seconds: from its third try on they meet no more
    /// often than chance has it, so that the second one gets through.
    #[test]
    fn who_was_at_work_beside_a_job_that_ends_its_process_gets_through() {
        for job in 0..2_000_i64 {
            let returns = |job: i64| {
                let mut at_ms = 0;
                (1..8_i64)
                    .map(|attempt| {
                        at_ms += after_loss_ms(attempt, dice(job, attempt));
                        at_ms
                    })
                    .collect::<Vec<_>>()
            };
            let (poison, beside) = (returns(2 * job), returns(2 * job + 1));
            let meets =
                |at_ms: &&i64| poison.iter().any(|ends_ms| (**at_ms..**at_ms + 10_000).contains(ends_ms));
            assert!(beside.iter().filter(meets).count() < 7, "{job}: {poison:?} {beside:?}");
        }
    }

    proptest! {
        #[test]
        fn any_input_gives_a_sensible_wait(attempt in any::<i64>(), seconds in any::<Option<u64>>(), dice in any::<u64>()) {
            let after = seconds.map(Duration::from_secs);
            let ms = delay_ms(attempt, after, dice);
            assert!(ms >= 0);
            if let Some(after) = after {
                assert!(ms >= i64::try_from(after.as_millis()).unwrap_or(i64::MAX));
            } else {
                assert!((800..=4_320_000).contains(&ms));
            }
        }
    }
}
