//! Work items that people close, reopen, move or delete: what we remember follows what GitHub shows.

use futures_util::FutureExt;

use crate::ctx::JobCtx;
use crate::domain::event::{Envelope, Event, EventKind};
use crate::domain::failure::Outcome;
use crate::store::WorkItemState;
use crate::triggers::events::Subscription;

/// The row of this file in the table.
pub static SUBSCRIPTION: Subscription = Subscription {
    name: "issues",
    summary: "A work item is closed, reopened, transferred or deleted by a person: its state here follows.",
    on: &[
        EventKind::action("issues", "closed"),
        EventKind::action("issues", "reopened"),
        EventKind::action("issues", "deleted"),
        EventKind::action("issues", "transferred"),
    ],
    run: |ctx, envelope| run(ctx, envelope).boxed(),
};

async fn run(ctx: &JobCtx, envelope: &Envelope) -> Outcome {
    let (Event::Issues { issue, .. }, Some(repository)) = (&envelope.event, &envelope.repository) else {
        return Ok(());
    };
    let state = match envelope.action.as_deref() {
        Some("reopened") => WorkItemState::Open,
        _ => WorkItemState::Closed,
    };
    let store = ctx.app.store.repo(repository.id);
    // What `/undo` took back stays taken back: its own closing comes here, too.
    match store.work_items().by_issue(issue.number).await? {
        Some(item) if item.state != WorkItemState::Undone => {
            store.work_items().set_state(item.id, state).await?;
            Ok(())
        }
        _ => Ok(()),
    }
}
