//! Who let us in, and who no longer does.

use futures_util::FutureExt;

use crate::ctx::JobCtx;
use crate::domain::event::{Event, InstallationAction, Received};
use crate::domain::failure::Outcome;
use crate::triggers::events::Subscription;

/// The row of this file in the table.
pub static SUBSCRIPTION: Subscription = Subscription {
    name: "installations",
    summary: "The App is installed, changed, suspended or removed; removal erases what we hold of the installation.",
    on: &[
        EventKind::action("installation", "created"),
        EventKind::action("installation", "deleted"),
        EventKind::action("installation", "suspend"),
        EventKind::action("installation", "unsuspend"),
        EventKind::action("installation", "new_permissions_accepted"),
    ],
    run: |ctx, envelope| run(ctx, envelope).boxed(),
};

async fn run(ctx: &JobCtx, received: &Received) -> Outcome {
    let (Event::Installation(event), Some(id)) = (&received.event, received.installation) else { return Ok(()) };
    let installations = ctx.app.store.installations();
    match event.action {
        InstallationAction::Deleted => Ok(installations.delete(id).await?),
        InstallationAction::Suspended => Ok(installations.set_suspended(id, true).await?),
        InstallationAction::Unsuspended => Ok(installations.set_suspended(id, false).await?),
        InstallationAction::Created | InstallationAction::Changed => {
            installations.upsert(&event.installation).await?;
            for repository in &event.repositories {
                ctx.app.store.repositories().upsert(repository.id, id, &repository.name).await?;
            }
            Ok(())
        }
    }
}
