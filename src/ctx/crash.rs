//! Named points at which fault tests end or freeze the process, so that every gap between two steps can be tried.

use std::future::pending;
use std::sync::Arc;

use tokio::sync::Notify;

/// The points, in the order in which one effect passes them.
pub const POINTS: &[&str] = &[
    "after_commit_before_ack",
    "mid_claim",
    "after_intent",
    "after_post_before_remote_id",
    "after_remote_id_before_done",
];

/// Where to crash, if anywhere.
#[derive(Clone, Default)]
pub struct CrashPoints(Option<Arc<Armed>>);

struct Armed {
    at: String,
    how: How,
}

enum How {
    Abort,
    Freeze(Arc<Notify>),
}

impl CrashPoints {
    /// The process aborts at `at`: `MILLWRIGHT_CRASH_AT`.
    pub fn abort_at(at: String) -> Self {
        Self(Some(Arc::new(Armed { at, how: How::Abort })))
    }

    /// The task stands still at `at` for ever; the returned handle tells when it got there, and dropping the task then is the crash.
    pub fn freeze_at(at: &str) -> (Self, Arc<Notify>) {
        let reached = Arc::new(Notify::new());
        let how = How::Freeze(Arc::clone(&reached));
        (Self(Some(Arc::new(Armed { at: at.to_owned(), how }))), reached)
    }

    /// Passes the point called `name`.
    pub async fn pass(&self, name: &str) {
        debug_assert!(POINTS.contains(&name), "{name} is not in the list");
        match &self.0 {
            Some(armed) if armed.at == name => match &armed.how {
                How::Abort => std::process::abort(),
                How::Freeze(reached) => {
                    reached.notify_one();
                    pending().await
                }
            },
            _ => {}
        }
    }
}
