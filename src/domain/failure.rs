//! One type for everything that can go wrong in a job: it decides who is told and whether we try again.

use std::time::Duration;

use crate::domain::command::args::Refusal;

/// Any error below a [`Failure`].
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What a handler returns.
pub type Outcome<T = ()> = Result<T, Failure>;

/// Why a handler stopped.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A person can mend this; the sentence is shown to them, and the job is done.
    #[error("{0}")]
    User(String),
    /// Passing trouble: try again, no sooner than `after`, else by the queue's backoff. Uses up an attempt.
    #[error("{cause}")]
    Retry {
        /// Shortest wait the other side asked for.
        after: Option<Duration>,
        /// What happened.
        cause: BoxError,
    },
    /// The installation has reached a limit: park all its work until then. Uses up no attempt.
    #[error("parked until {until_ms}: {cause}")]
    Park {
        /// Unix milliseconds.
        until_ms: i64,
        /// What happened.
        cause: BoxError,
    },
    /// Not yet, and nothing is wrong: run this job again no sooner than `until_ms`. Uses up no attempt.
    #[error("deferred until {until_ms}: {why}")]
    Defer {
        /// Unix milliseconds.
        until_ms: i64,
        /// What we wait for.
        why: String,
    },
    /// The operator has paused all writes: nothing is wrong, and the job goes on, before whatever was asked after it, when the
    /// pause is over. Uses up no attempt.
    #[error("all writes are paused by the operator")]
    Paused,
    /// The installation, the repository or the issue is gone: the job is cancelled, never retried.
    #[error("{0}")]
    Gone(String),
    /// A person has stopped the run, and written down that it is stopped: the job is cancelled, and nothing is left to write.
    #[error("stopped by a person")]
    Halted,
    /// Trying again cannot help (a refused request, a broken stored payload, a bug): the job is dead and visible.
    #[error("{0}")]
    Internal(BoxError),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::User(refusal.0)
    }
}

impl Failure {
    /// Passing trouble with the queue's own backoff.
    pub fn retry(cause: impl Into<BoxError>) -> Self {
        Self::Retry { after: None, cause: cause.into() }
    }

    /// A failure that trying again cannot mend.
    pub fn internal(cause: impl Into<BoxError>) -> Self {
        Self::Internal(cause.into())
    }
}
