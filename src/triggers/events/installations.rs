//! Who let us in, and who no longer does.

use futures_util::FutureExt;

use crate::ctx::JobCtx;
use crate::domain::event::{Envelope, Event, EventKind, PersonKind};
use crate::domain::failure::Outcome;
use crate::store::{Installation, Suspension};
use crate::triggers::events::Subscription;

/// The row of this file in the table.
pub static SUBSCRIPTION: Subscription = Subscription {
    name: "installations",
    summary: "The App is installed, granted more, suspended or removed; removal erases what we hold of the installation.",
    on: &[
        EventKind::action("installation", "created"),
        EventKind::action("installation", "deleted"),
        EventKind::action("installation", "suspend"),
        EventKind::action("installation", "unsuspend"),
        EventKind::action("installation", "new_permissions_accepted"),
    ],
    may_concern: |_| true,
    run: |ctx, envelope| run(ctx, envelope).boxed(),
};

async fn run(ctx: &JobCtx, envelope: &Envelope) -> Outcome {
    let (Event::Installation { account, repositories }, Some(id)) = (&envelope.event, envelope.installation)
    else {
        return Ok(());
    };
    let installations = ctx.app.store.installations();
    match envelope.action.as_deref() {
        Some("deleted") => {
            let erased = installations.delete(id).await?;
            tracing::info!(installation = %id, ?erased, "the App was removed; what we held is erased");
            return Ok(());
        }
        Some("suspend") => _ = installations.set_suspension(id, Suspension::Suspended).await?,
        Some("unsuspend") => _ = installations.set_suspension(id, Suspension::Active).await?,
        Some("new_permissions_accepted") => ctx.app.github.permissions_granted(id),
        _ => {}
    }
    if envelope.action.as_deref() != Some("created") {
        return Ok(());
    }
    let organization = account.as_ref().is_some_and(|account| account.kind == PersonKind::Organization);
    let installation = Installation {
        id,
        account_login: account.as_ref().map(|account| account.login.clone()).unwrap_or_default(),
        account_type: if organization { "Organization" } else { "User" }.to_owned(),
        repository_selection: String::new(),
        repository_count: i64::try_from(repositories.len()).ok(),
        permissions: "{}".to_owned(),
        paused_until_ms: 0,
        suspension: Suspension::Active,
        deleted_at_ms: None,
    };
    installations.upsert(&installation).await?;
    for repository in repositories {
        if let Some(name) = repository.repo_name() {
            ctx.app.store.repositories().upsert(repository.id, id, &name).await?;
        }
    }
    Ok(())
}
