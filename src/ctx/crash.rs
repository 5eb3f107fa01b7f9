//! Named points at which fault tests end or freeze the process, so that every gap between two steps can be tried.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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
    Exhaust,
    Freeze(Arc<Notify>),
    Pause(Pause, Once),
}

/// Whether somebody has paused here before.
#[derive(Default)]
struct Once(AtomicBool);

/// Both ends of a pause.
#[derive(Clone, Default)]
pub struct Pause {
    /// Told when the point is reached.
    pub reached: Arc<Notify>,
    /// Tells the task to go on.
    pub go_on: Arc<Notify>,
}

impl CrashPoints {
    /// Reads `MILLWRIGHT_CRASH_AT`: the process aborts at this point, or with `:memory` behind its name takes memory there until
    /// there is none. Nothing for what is no point.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, how) = match text.strip_suffix(":memory") {
            Some(at) => (at, How::Exhaust),
            None => (text, How::Abort),
        };
        POINTS.contains(&at).then(|| Self(Some(Arc::new(Armed { at: at.to_owned(), how }))))
    }

    /// The task stands still at `at` for ever; the returned handle tells when it got there, and dropping the task then is the crash.
    pub fn freeze_at(at: &str) -> (Self, Arc<Notify>) {
        let reached = Arc::new(Notify::new());
        let how = How::Freeze(Arc::clone(&reached));
        (Self(Some(Arc::new(Armed { at: at.to_owned(), how }))), reached)
    }

    /// The first task that comes to `at` stands still there until it is told to go on: a worker that was away for too long.
    pub fn pause_at(at: &str) -> (Self, Pause) {
        let pause = Pause::default();
        (
            Self(Some(Arc::new(Armed {
                at: at.to_owned(),
                how: How::Pause(pause.clone(), Once::default()),
            }))),
            pause,
        )
    }

    /// Passes the point called `name`.
    pub async fn pass(&self, name: &str) {
        debug_assert!(POINTS.contains(&name), "{name} is not in the list");
        match &self.0 {
            Some(armed) if armed.at == name => match &armed.how {
                How::Abort => std::process::abort(),
                How::Exhaust => exhaust(),
                How::Freeze(reached) => {
                    reached.notify_one();
                    pending().await
                }
                How::Pause(_, once) if once.0.swap(true, Ordering::Relaxed) => {}
                How::Pause(pause, _) => {
                    pause.reached.notify_one();
                    pause.go_on.notified().await;
                }
            },
            _ => {}
        }
    }
}

/// Takes memory as a runaway job would, until the allocator gives up and ends the process. Where nobody has limited the
/// process, it ends itself before the machine suffers.
fn exhaust() -> ! {
    let mut kept = Vec::new();
    for _ in 0..MOST_CHUNKS {
        kept.push(vec![1_u8; CHUNK_BYTES]);
        std::hint::black_box(&kept);
    }
    std::process::abort()
}

const CHUNK_BYTES: usize = 32 << 20;
const MOST_CHUNKS: usize = 128;
