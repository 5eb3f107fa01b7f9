//! Whether the job at work is still ours: asked directly before every write to GitHub, so that a worker past its lease writes nothing.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use crate::ctx::crash::CrashPoints;
use crate::ctx::{JobCtx, RepoCtx};
use crate::domain::failure::{BoxError, Failure, Outcome};
use crate::github::guard::{Guard, Leave};
use crate::store::{Fence, Store};

/// The guard of one job's writes.
pub struct JobGuard {
    store: Store,
    fence: Fence,
    crash: CrashPoints,
}

impl JobGuard {
    /// The guard of the job that this context works for.
    pub fn of(job: &JobCtx) -> Self {
        let app = &job.app;
        Self { store: app.store.clone(), fence: job.info.fence.clone(), crash: app.crash.clone() }
    }
}

impl Guard for JobGuard {
    fn may_write(&self) -> BoxFuture<'_, Result<Leave, BoxError>> {
        async {
            self.crash.pass("before_write").await;
            let ours = self.store.jobs().still_mine(&self.fence).await?;
            // No look at the lease reaches as far as GitHub: what happens from here on is found afterwards.
            self.crash.pass("after_guard").await;
            Ok(if ours { Leave::Granted } else { Leave::Denied })
        }
        .boxed()
    }
}

impl RepoCtx {
    /// Whether the job is still ours. Where it is not, this run writes nothing any more and ends: the queue hands the job
    /// back, which changes nothing where another worker has it. It must not count as `Gone`: a lease that ran out while the
    /// process stood still may be nobody else's yet, and the job would be cancelled although nobody has done it.
    pub async fn fence(&self) -> Outcome {
        if self.app.store.jobs().still_mine(&self.info.fence).await? {
            return Ok(());
        }
        Err(Failure::Defer { until_ms: self.now_ms(), why: "the lease of this job has run out".to_owned() })
    }
}
