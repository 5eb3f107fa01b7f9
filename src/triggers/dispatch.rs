//! The job that works one delivery off: stored bytes become an event, and whoever subscribed to it is called.

use serde::{Deserialize, Serialize};

use crate::ctx::JobCtx;
use crate::domain::failure::{Failure, Outcome};
use crate::github::webhook;
use crate::queue::Job;
use crate::triggers::events::SUBSCRIPTIONS;

/// One delivery, by its GUID.
#[derive(Debug, Serialize, Deserialize)]
pub struct Dispatch {
    /// `X-GitHub-Delivery`.
    pub delivery: String,
}

impl Job<JobCtx> for Dispatch {
    const NAME: &'static str = "dispatch.v1";

    async fn run(self, ctx: &JobCtx) -> Outcome {
        let delivery = ctx
            .app
            .store
            .inbox()
            .delivery(&self.delivery)
            .await?
            .ok_or_else(|| Failure::Gone(format!("the body of delivery {} is no longer kept", self.delivery)))?;
        let received = webhook::parse(&delivery.event, &delivery.body).map_err(Failure::internal)?;
        if let (Some(installation), Some(repository)) = (received.installation, &received.repository) {
            ctx.app.store.repositories().upsert(repository.id, installation, &repository.name).await?;
        }
        for subscription in SUBSCRIPTIONS {
            if subscription.wants(&delivery.event, received.action.as_deref()) {
                (subscription.run)(ctx, &received).await?;
            }
        }
        Ok(())
    }
}
