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
            Ok(if ours { Leave::Granted } else { Leave::Denied })
        }
        .boxed()
    }
}

impl RepoCtx {
    /// Whether the job is still ours; `Gone` when another worker has it.
    pub async fn fence(&self) -> Outcome {
        if self.app.store.jobs().still_mine(&self.info.fence).await? {
            return Ok(());
        }
        Err(Failure::Gone("another worker has taken this job over".to_owned()))
    }
}
