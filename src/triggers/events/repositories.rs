//! Which repositories let us in, and under which names.

use futures_util::FutureExt;

use crate::ctx::JobCtx;
use crate::domain::event::{Envelope, Event, EventKind};
use crate::domain::failure::Outcome;
use crate::domain::ids::InstallationId;
use crate::triggers::events::Subscription;

/// The row of this file in the table.
pub static SUBSCRIPTION: Subscription = Subscription {
    name: "repositories",
    summary: "Repositories join or leave an installation, are renamed, transferred or deleted.",
    on: &[
        EventKind::action("installation_repositories", "added"),
        EventKind::action("installation_repositories", "removed"),
        EventKind::action("repository", "renamed"),
        EventKind::action("repository", "transferred"),
        EventKind::action("repository", "deleted"),
    ],
    may_concern: |_| true,
    run: |ctx, envelope| run(ctx, envelope).boxed(),
};

async fn run(ctx: &JobCtx, envelope: &Envelope) -> Outcome {
    let repositories = ctx.app.store.repositories();
    match &envelope.event {
        Event::InstallationRepositories { added, removed } => {
            let Some(installation) = envelope.installation else { return Ok(()) };
            for repository in added {
                if let Some(name) = repository.repo_name() {
                    repositories.upsert(repository.id, installation, &name).await?;
                }
            }
            for repository in removed {
                repositories.removed(repository.id).await?;
            }
            count(ctx, installation, (added.len(), removed.len())).await
        }
        Event::Repository { .. } => match &envelope.repository {
            Some(repository) if envelope.action.as_deref() == Some("deleted") => {
                repositories.removed(repository.id).await?;
                Ok(())
            }
            // A new name or owner was written down before this handler was called.
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// The size of an installation decides how much we do on our own; only what began with a known number can be counted on.
async fn count(ctx: &JobCtx, id: InstallationId, (added, removed): (usize, usize)) -> Outcome {
    let installations = ctx.app.store.installations();
    let Some(before) = installations.get(id).await?.and_then(|known| known.repository_count) else {
        return Ok(());
    };
    let (added, removed) = (i64::try_from(added).unwrap_or(0), i64::try_from(removed).unwrap_or(0));
    installations.set_repository_count(id, (before + added - removed).max(0)).await?;
    Ok(())
}
