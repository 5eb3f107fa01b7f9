//! Since when GitHub refuses the App's key.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::github::error::{ApiError, ApiResult, ErrorKind};

/// What to do then.
pub const KEY_MEND: &str = "GITHUB_APP_ID and the private key do not belong together, or the App is gone: compare both with the App's page";

const NONE: i64 = 0;

/// What GitHub says to the App in its own name.
#[derive(Default)]
pub(super) struct KeyRefusal {
    /// Unix milliseconds, or [`NONE`] where the last answer was good.
    since_ms: AtomicI64,
}

impl KeyRefusal {
    /// Since when, unix milliseconds, where it goes on.
    pub(super) fn since_ms(&self) -> Option<i64> {
        Some(self.since_ms.load(Ordering::Relaxed)).filter(|since_ms| *since_ms != NONE)
    }

    /// Remembers an answer; a refusal tells its mend.
    pub(super) fn heard<T>(&self, answered: ApiResult<T>, now_ms: i64) -> ApiResult<T> {
        match answered {
            Ok(good) => {
                self.since_ms.store(NONE, Ordering::Relaxed);
                Ok(good)
            }
            Err(error) if refuses_key(&error) => {
                // The first refusal counts.
                let _ = self.since_ms.compare_exchange(NONE, now_ms, Ordering::Relaxed, Ordering::Relaxed);
                let mut error = error.with_kind(ErrorKind::Unauthorized);
                error.facts.message = format!("{}; {KEY_MEND}", error.facts.message);
                Err(error)
            }
            Err(error) => Err(error),
        }
    }
}

/// A token that the key has signed is not taken, or the App that it names is unknown.
fn refuses_key(error: &ApiError) -> bool {
    error.kind == ErrorKind::Unauthorized
        || error.is_missing() && error.facts.message.starts_with("Integration not found")
}
