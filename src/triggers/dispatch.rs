//! The job that works one delivery off: stored bytes become an event, and whoever subscribed to it is called.

use crate::ctx::JobCtx;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::message::Dispatch;
use crate::github::webhook;
use crate::queue::Job;
use crate::triggers::events::SUBSCRIPTIONS;

impl Job<JobCtx> for Dispatch {
    const NAME: &'static str = Self::NAME;
    const MAX_ATTEMPTS: i64 = Self::MAX_ATTEMPTS;

    async fn run(self, ctx: &JobCtx) -> Outcome {
        ctx.app.crash.pass("mid_claim").await;
        let delivery = ctx.app.store.inbox().get(&self.delivery).await?;
        let gone = || Failure::Gone(format!("the body of delivery {} is no longer kept", self.delivery));
        let delivery = delivery.ok_or_else(gone)?;
        let body = delivery.body.as_deref().ok_or_else(gone)?;
        let envelope = webhook::parse(&delivery.event, body).map_err(Failure::internal)?;
        if let (Some(installation), Some(repository)) = (envelope.installation, &envelope.repository)
            && let Some(name) = repository.repo_name()
        {
            ctx.app.store.repositories().upsert(repository.id, installation, &name).await?;
        }
        for subscription in SUBSCRIPTIONS {
            if subscription.wants(&delivery.event, envelope.action.as_deref()) {
                (subscription.run)(ctx, &envelope).await?;
            }
        }
        Ok(())
    }
}
