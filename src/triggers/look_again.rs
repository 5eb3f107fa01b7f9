//! The job that takes back what was made twice.

use crate::ctx::{JobCtx, Purpose};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::message::LookAgain;
use crate::github::error::ApiError;
use crate::queue::Job;

impl Job<JobCtx> for LookAgain {
    const NAME: &'static str = Self::NAME;
    const MAX_ATTEMPTS: i64 = Self::MAX_ATTEMPTS;

    async fn run(self, job: &JobCtx) -> Outcome {
        let purpose = Purpose { trigger: "look again".to_owned(), ..Purpose::default() };
        let ctx = job.repo().await?.acting(purpose);
        match job.judged(ctx.look_again(&self).await).await {
            // The issue is gone, and whatever stood there with it.
            Err(Failure::Internal(cause)) if cause.downcast_ref().is_some_and(ApiError::is_missing) => Ok(()),
            outcome => outcome,
        }
    }
}
