//! Work items that people close, reopen, move or delete: what we remember follows what GitHub shows.

use futures_util::FutureExt;

use crate::ctx::JobCtx;
use crate::domain::event::{Envelope, Event, EventKind, IssueState};
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
    may_concern: |_| true,
    run: |ctx, envelope| run(ctx, envelope).boxed(),
};

async fn run(ctx: &JobCtx, envelope: &Envelope) -> Outcome {
    let (Event::Issues { issue, .. }, Some(repository)) = (&envelope.event, &envelope.repository) else {
        return Ok(());
    };
    let store = ctx.app.store.repo(repository.id);
    let Some(item) = store.work_items().by_issue(issue.number).await? else { return Ok(()) };
    if item.state == WorkItemState::Undone {
        return Ok(());
    }
    // Events overtake each other, so GitHub is asked how the issue stands now.
    let now = ctx.repo().await?.issue_or_gone(issue.number).await?;
    let state = match now.map(|issue| issue.state) {
        Some(IssueState::Open) => WorkItemState::Open,
        Some(IssueState::Closed) | None => WorkItemState::Closed,
    };
    // What `/undo` takes back meanwhile stays taken back: its own closing comes here, too.
    store.work_items().follow(item.id, state).await?;
    Ok(())
}
