//! Where a run takes place. What computes without end, or blocks, never gives its thread back; on a thread of its own it
//! takes nobody else's, and the worker that waits for it can still keep its lease, see its time run out, and go on.

use std::future::Future;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};
use tracing::Instrument as _;
use tracing::instrument::WithSubscriber as _;

use crate::queue::outcome::Ended;

/// Where a worker's runs take place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the worker's task: dropped with it at once.
    Here,
    /// Each on a thread of its own.
    Apart,
}

/// Whether a run that was told to end gave its thread back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::queue) enum Thread {
    Free,
    Held,
}

/// A run under way. Dropped, it ends where it next waits.
pub(in crate::queue) enum Run {
    Here(BoxFuture<'static, Ended>),
    Apart { thread: JoinHandle<Option<Ended>>, told: DropGuard },
}

impl Place {
    pub(in crate::queue) fn begin(self, run: impl Future<Output = Ended> + Send + 'static) -> Run {
        match self {
            Self::Here => Run::Here(run.boxed()),
            Self::Apart => {
                let (stop, runtime) = (CancellationToken::new(), Handle::current());
                let told = stop.clone().drop_guard();
                let run = run.in_current_span().with_current_subscriber();
                let thread = spawn_blocking(move || runtime.block_on(stop.run_until_cancelled_owned(run)));
                Run::Apart { thread, told }
            }
        }
    }
}

impl Run {
    /// Waits for its end.
    pub(in crate::queue) async fn ended(&mut self) -> Ended {
        match self {
            Self::Here(run) => run.await,
            Self::Apart { thread, .. } => match thread.await {
                Ok(Some(ended)) => ended,
                // Nobody tells it to end while somebody waits here, so this is a runtime that shuts down.
                Ok(None) | Err(_) => Ended::Interrupted,
            },
        }
    }

    /// Tells it to end, and waits so long for its thread. A thread that is held stays so until the process ends.
    pub(in crate::queue) async fn let_go(self, patience: Duration) -> Thread {
        match self {
            Self::Here(_) => Thread::Free,
            Self::Apart { thread, told } => {
                drop(told);
                match timeout(patience, thread).await {
                    Ok(_) => Thread::Free,
                    Err(_) => Thread::Held,
                }
            }
        }
    }
}
