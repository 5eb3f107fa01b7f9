//! Which repositories let us in, and under which names.

use futures_util::FutureExt;

use crate::ctx::JobCtx;
use crate::domain::event::{Envelope, Event, EventKind};
use crate::domain::failure::Outcome;
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
            // Its size decides how much we do on our own.
            ctx.app.store.installations().count_repositories(installation).await?;
            Ok(())
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
