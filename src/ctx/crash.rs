//! Named points at which fault tests end or freeze the process, so that every gap between two steps can be tried.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// The points, in the order in which one command passes them. What stands behind `:` is another kind of effect than content.
pub const POINTS: &[&str] = &[
    "after_commit_before_ack",
    "mid_claim",
    "after_decision",
    "after_intent",
    "after_intent:closing",
    "after_intent:link",
    "after_intent:reaction",
    "before_write",
    "after_guard",
    "after_post_before_remote_id",
    "after_post_before_remote_id:closing",
    "after_post_before_remote_id:link",
    "after_post_before_remote_id:reaction",
    "after_remote_id_before_done",
    "after_remote_id_before_done:closing",
    "after_remote_id_before_done:link",
    "after_remote_id_before_done:reaction",
];

/// Kinds of effects that people read; the points on their way have no kind in their names.
const CONTENT: [&str; 2] = ["comment", "issue"];

/// Where to crash, if anywhere.
#[derive(Clone, Default)]
pub struct CrashPoints(Option<Arc<Armed>>);

struct Armed {
    at: String,
    /// Counted from 1; `None` is each time.
    time: Option<usize>,
    passed: AtomicUsize,
    how: How,
}

enum How {
    Abort,
    Exhaust,
    Hang,
    Block,
    Panic,
    Freeze(Arc<Notify>),
    Pause(Pause),
}

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
    /// there is none, or with `:hang` the task stands still there, or with `:block` its whole thread, or with `:panic` it panics.
    /// Nothing for what is no point.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, how) = match text.rsplit_once(':') {
            Some((at, "memory")) => (at, How::Exhaust),
            Some((at, "hang")) => (at, How::Hang),
            Some((at, "block")) => (at, How::Block),
            Some((at, "panic")) => (at, How::Panic),
            _ => (text, How::Abort),
        };
        POINTS.contains(&at).then(|| Self::armed(at.to_owned(), how))
    }

    /// The task stands still at `at` for ever; the returned handle tells when it got there, and dropping the task then is the crash.
    pub fn freeze_at(at: &str) -> (Self, Arc<Notify>) {
        let reached = Arc::new(Notify::new());
        (Self::armed(at.to_owned(), How::Freeze(Arc::clone(&reached))), reached)
    }

    /// The first task that comes to `at` stands still there until it is told to go on: a worker that was away for too long.
    pub fn pause_at(at: &str) -> (Self, Pause) {
        let pause = Pause::default();
        (Self::armed(at.to_owned(), How::Pause(pause.clone())), pause)
    }

    /// The same, but only when the point is passed for the `time`th time, counted from 1.
    #[must_use]
    pub fn time(mut self, time: usize) -> Self {
        if let Some(armed) = self.0.as_mut().and_then(Arc::get_mut) {
            armed.time = Some(time);
        }
        self
    }

    /// The same for everybody who comes to the point: a process whose tasks all stand still.
    #[must_use]
    pub fn each_time(mut self) -> Self {
        if let Some(armed) = self.0.as_mut().and_then(Arc::get_mut) {
            armed.time = None;
        }
        self
    }

    /// Passes the point called `name`.
    pub async fn pass(&self, name: &str) {
        debug_assert!(POINTS.contains(&name), "{name} is not in the list");
        let Some(armed) = self.0.as_ref().filter(|armed| armed.at == name) else { return };
        let passed = armed.passed.fetch_add(1, Ordering::Relaxed) + 1;
        if armed.time.is_some_and(|time| time != passed) {
            return;
        }
        match &armed.how {
            How::Abort => std::process::abort(),
            How::Exhaust => exhaust(),
            How::Hang => pending().await,
            How::Panic => std::panic::panic_any("asked for by MILLWRIGHT_CRASH_AT"),
            How::Block => loop {
                std::thread::park();
            },
            How::Freeze(reached) => {
                reached.notify_one();
                pending().await
            }
            How::Pause(pause) => {
                pause.reached.notify_one();
                pause.go_on.notified().await;
            }
        }
    }

    /// Passes the point called `name` on the way of an effect of this kind.
    pub async fn pass_with(&self, name: &str, kind: &str) {
        if CONTENT.contains(&kind) {
            return self.pass(name).await;
        }
        // Only where somebody listens: this is on the way of every write.
        if self.0.is_some() {
            self.pass(&format!("{name}:{kind}")).await;
        }
    }

    fn armed(at: String, how: How) -> Self {
        Self(Some(Arc::new(Armed { at, time: Some(1), passed: AtomicUsize::new(0), how })))
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
