//! Faults: each test carries the number of a row in `docs/requirements.md`. Nothing is lost, nothing is done twice.

mod crashes;
mod deliveries;
mod failover;
mod forgiven;
mod gone;
mod halts;
mod limits;
mod lost_answers;
mod order;
mod reconcile;
mod refusals;
mod retention;
mod schedules;
mod shares;
mod sweep;
mod zombies;

use millwright::sandbox::{Comment, REPOSITORY, World};

use crate::flows::harness::Talk;

/// Requests with this method whose path ends so.
pub fn count(world: &World, method: &str, end: &str) -> usize {
    let fits = |path: &str| path.ends_with(end);
    world.requests().iter().filter(|request| request.method == method && fits(&request.path)).count()
}

/// Names of the reactions that the bot has left on a comment.
pub fn reactions(talk: &Talk, number: i64, comment: i64) -> Vec<String> {
    let comments = talk.world.comments(REPOSITORY, number);
    let found = comments.into_iter().find(|found| found.id == comment);
    found
        .map(|found: Comment| found.reactions.into_iter().map(|one| one.content).collect())
        .unwrap_or_default()
}

/// Nothing waits, nothing runs, so many jobs are dead, and content was written one at a time.
pub async fn at_rest(talk: &Talk, dead: i64) {
    let counts = talk.app.ctx.store.jobs().counts().await.unwrap();
    let open = counts.outstanding();
    assert_eq!((open, counts.dead), (0, dead), "{:?}", talk.app.ctx.store.jobs().dead_list(9).await.unwrap());
    let installation = talk.world.installation_id(REPOSITORY);
    assert!(installation.is_none_or(|id| talk.world.most_content_writes_at_once(id) <= 1));
}
