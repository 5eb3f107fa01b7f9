//! What the end of a run means for its job.

use std::time::Duration;

use crate::domain::backoff;
use crate::domain::failure::{Failure, Outcome};

/// How a run ended.
pub(in crate::queue) enum Ended {
    /// The handler came back.
    Came(Outcome),
    /// It panicked.
    Panicked(String),
    /// It took longer than a job may.
    TookTooLong(Duration),
    /// The same, and it does not give its thread back.
    KeptItsThread(Duration),
    /// Somebody else has the job now.
    LeaseLost,
    /// The process stops.
    Interrupted,
}

/// What to do with the job.
#[derive(Debug, PartialEq)]
pub(in crate::queue) enum Settle {
    Done { note: Option<String> },
    Retry { run_at_ms: i64, error: String },
    Park { until_ms: i64, error: String },
    Defer { until_ms: i64 },
    Pause,
    Dead { error: String },
    Cancel { why: String },
    Release,
    Nothing,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy)]
pub(in crate::queue) struct Attempt {
    pub(in crate::queue) number: i64,
    pub(in crate::queue) max: i64,
    pub(in crate::queue) now_ms: i64,
    /// Spreads retries.
    pub(in crate::queue) dice: u64,
}

/// Decides; does nothing.
pub(in crate::queue) fn settle(ended: Ended, attempt: Attempt) -> Settle {
    match ended {
        Ended::Came(Ok(())) => Settle::Done { note: None },
        Ended::Came(Err(failure)) => after_failure(failure, attempt),
        Ended::Panicked(text) => again(None, format!("the job panicked: {text}"), attempt),
        Ended::TookTooLong(limit) => {
            again(None, format!("the job took longer than {} s", limit.as_secs()), attempt)
        }
        // Another try would cost another thread.
        Ended::KeptItsThread(limit) => Settle::Dead {
            error: format!(
                "the job took longer than {} s and does not give its thread back, which only a restart of the program ends",
                limit.as_secs()
            ),
        },
        Ended::LeaseLost => Settle::Nothing,
        Ended::Interrupted => Settle::Release,
    }
}

fn after_failure(failure: Failure, attempt: Attempt) -> Settle {
    match failure {
        // The handler has told the person already.
        Failure::User(note) => Settle::Done { note: Some(note) },
        Failure::Retry { after, cause } => again(after, with_sources(&*cause), attempt),
        Failure::Park { until_ms, cause } => Settle::Park { until_ms, error: with_sources(&*cause) },
        // What is due at once is due now: a time that lies far back would count as waiting since then.
        Failure::Defer { until_ms, .. } => Settle::Defer { until_ms: until_ms.max(attempt.now_ms) },
        Failure::Paused => Settle::Pause,
        Failure::Gone(why) => Settle::Cancel { why },
        Failure::Halted => Settle::Cancel { why: failure.to_string() },
        Failure::Internal(cause) => Settle::Dead { error: with_sources(&*cause) },
    }
}

fn again(after: Option<Duration>, error: String, attempt: Attempt) -> Settle {
    if attempt.number >= attempt.max {
        return Settle::Dead { error };
    }
    let delay_ms = backoff::delay_ms(attempt.number, after, attempt.dice);
    Settle::Retry { run_at_ms: attempt.now_ms.saturating_add(delay_ms), error }
}

/// The error and what caused it, in one line.
fn with_sources(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        // Many errors print their source themselves.
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Attempt, Ended, Settle, settle};
    use crate::domain::failure::Failure;

    const FIRST: Attempt = Attempt { number: 1, max: 2, now_ms: 1_000_000, dice: 200 };
    const LAST: Attempt = Attempt { number: 2, ..FIRST };

    #[test]
    fn failures_decide_what_becomes_of_a_job() {
        let failed = |failure| settle(Ended::Came(Err(failure)), FIRST);
        let text = || "told".to_owned();
        assert_eq!(settle(Ended::Came(Ok(())), FIRST), Settle::Done { note: None });
        assert_eq!(failed(Failure::User(text())), Settle::Done { note: Some(text()) });
        assert_eq!(
            failed(Failure::retry("502")),
            Settle::Retry { run_at_ms: 1_001_000, error: "502".to_owned() }
        );
        let asked = Failure::Retry { after: Some(Duration::from_secs(10)), cause: "502".into() };
        assert_eq!(failed(asked), Settle::Retry { run_at_ms: 1_012_000, error: "502".to_owned() });
        let park = Failure::Park { until_ms: 7, cause: "limit".into() };
        assert_eq!(failed(park), Settle::Park { until_ms: 7, error: "limit".to_owned() });
        let defer = |until_ms| failed(Failure::Defer { until_ms, why: text() });
        assert_eq!(defer(FIRST.now_ms + 8), Settle::Defer { until_ms: FIRST.now_ms + 8 });
        assert_eq!(defer(0), Settle::Defer { until_ms: FIRST.now_ms });
        assert_eq!(failed(Failure::Paused), Settle::Pause);
        assert_eq!(failed(Failure::Gone(text())), Settle::Cancel { why: text() });
        assert_eq!(failed(Failure::internal("bug")), Settle::Dead { error: "bug".to_owned() });
    }

    #[test]
    fn the_last_attempt_ends_dead_whatever_the_trouble() {
        for ended in [
            Ended::Came(Err(Failure::retry("502"))),
            Ended::Panicked("index".to_owned()),
            Ended::TookTooLong(Duration::from_secs(900)),
        ] {
            assert!(matches!(settle(ended, LAST), Settle::Dead { .. }));
        }
    }

    #[test]
    fn a_job_that_keeps_its_thread_is_dead_at_once() {
        let Settle::Dead { error } = settle(Ended::KeptItsThread(Duration::from_secs(900)), FIRST) else {
            panic!("not dead")
        };
        assert_eq!(
            error,
            "the job took longer than 900 s and does not give its thread back, which only a restart of the program ends"
        );
    }

    #[test]
    fn losing_the_lease_writes_nothing_and_stopping_hands_back() {
        assert_eq!(settle(Ended::LeaseLost, LAST), Settle::Nothing);
        assert_eq!(settle(Ended::Interrupted, LAST), Settle::Release);
    }

    #[test]
    fn the_causes_of_an_error_are_kept() {
        let cause = std::io::Error::other("connection reset");
        #[derive(Debug, thiserror::Error)]
        #[error("GitHub did not answer")]
        struct Outer(#[source] std::io::Error);
        let Settle::Dead { error } = settle(Ended::Came(Err(Failure::internal(Outer(cause)))), FIRST) else {
            panic!("not dead")
        };
        assert_eq!(error, "GitHub did not answer: connection reset");
    }
}
