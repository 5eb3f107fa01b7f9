//! Configuration that changed: a push to the default branch makes us read the repository's file again.

use futures_util::FutureExt;

use crate::ctx::{JobCtx, standing};
use crate::domain::event::{Envelope, Event, EventKind};
use crate::domain::failure::Outcome;
use crate::triggers::events::Subscription;

/// The row of this file in the table.
pub static SUBSCRIPTION: Subscription = Subscription {
    name: "pushes",
    summary: "A push to the default branch: the configuration is read again at the next command.",
    on: &[EventKind::any("push")],
    may_concern: |_| true,
    run: |ctx, envelope| run(ctx, envelope).boxed(),
};

async fn run(ctx: &JobCtx, envelope: &Envelope) -> Outcome {
    let (Event::Push(push), Some(repository)) = (&envelope.event, &envelope.repository) else {
        return Ok(());
    };
    if !push.on_default_branch {
        return Ok(());
    }
    let Some(known) = ctx.app.store.repositories().get(repository.id).await? else { return Ok(()) };
    standing::forget_repository(&ctx.app, &known).await
}
