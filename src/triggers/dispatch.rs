//! The job that works one delivery off: stored bytes become an event, and whoever subscribed to it is called.

use tokio::sync::Semaphore;

use crate::ctx::JobCtx;
use crate::domain::event::Envelope;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::RepoName;
use crate::domain::message::{Dispatch, Lane};
use crate::github::webhook::{self, Shallow};
use crate::queue::{Job, new_job};
use crate::store::{NewDelivery, NewJob, PRIORITY_PEOPLE, PackedBody, Store};
use crate::triggers::events::{SUBSCRIPTIONS, concerns_anybody};

/// One large body at a time in this process, however many workers there are.
static LARGE: Semaphore = Semaphore::const_new(1);

impl Job<JobCtx> for Dispatch {
    const NAME: &'static str = Self::NAME;
    const MAX_ATTEMPTS: i64 = Self::MAX_ATTEMPTS;

    async fn run(self, ctx: &JobCtx) -> Outcome {
        ctx.app.crash.pass("mid_claim").await;
        ctx.judged(self.work_off(ctx).await).await
    }
}

impl Dispatch {
    async fn work_off(self, ctx: &JobCtx) -> Outcome {
        let (event, envelope) = self.read(&ctx.app.store).await?;
        if let (Some(installation), Some(repository)) = (envelope.installation, &envelope.repository)
            && let Some(name) = repository.repo_name()
        {
            ctx.app.store.repositories().upsert(repository.id, installation, &name).await?;
        }
        for subscription in SUBSCRIPTIONS {
            if subscription.wants(&event, envelope.action.as_deref()) {
                (subscription.run)(ctx, &envelope).await?;
            }
        }
        Ok(())
    }

    /// The event's name and what it tells. The body is gone again when this returns: what follows may wait for GitHub.
    async fn read(&self, store: &Store) -> Outcome<(String, Envelope)> {
        let _turn = match self.is_large {
            true => LARGE.acquire().await.ok(),
            false => None,
        };
        let gone = || Failure::Gone(format!("the body of delivery {} is no longer kept", self.delivery));
        let delivery = store.inbox().get(&self.delivery).await?.ok_or_else(gone)?;
        let body = delivery.body.as_deref().ok_or_else(gone)?;
        let envelope = webhook::parse(&delivery.event, body).map_err(Failure::internal)?;
        Ok((delivery.event, envelope))
    }
}

/// What is written down of a delivery that we want: itself, and the job that works it off, due at `now_ms`, or done where there is
/// nothing to do.
pub fn accepted(
    guid: &str,
    event: &str,
    said: (Shallow, &[u8]),
    now_ms: i64,
) -> Outcome<(NewDelivery, NewJob)> {
    let (shallow, body) = said;
    let job = job(guid, &shallow, now_ms)?;
    let has_work = concerns_anybody(event, &shallow);
    let delivery = NewDelivery {
        guid: guid.to_owned(),
        event: event.to_owned(),
        action: shallow.action,
        installation: shallow.installation_id,
        repo: shallow.repo_id,
        repository: shallow.repo_full_name.as_deref().and_then(RepoName::parse),
        body: PackedBody::pack(body),
        has_work,
    };
    Ok((delivery, job))
}

/// The job that works a delivery off, due at `now_ms`.
pub fn job(guid: &str, shallow: &Shallow, now_ms: i64) -> Outcome<NewJob> {
    let message = Dispatch { delivery: guid.to_owned(), is_large: shallow.bytes > Dispatch::SMALL_BYTES };
    Ok(NewJob {
        lane: lane(shallow),
        installation: shallow.installation_id,
        repo: shallow.repo_id,
        priority: PRIORITY_PEOPLE,
        delivery: Some(message.delivery.clone()),
        ..new_job::<JobCtx, _>(&message, now_ms)?
    })
}

/// What concerns one issue is worked off in the order in which it came; so is what concerns a repository or an installation.
fn lane(shallow: &Shallow) -> Option<String> {
    match (shallow.repo_id, shallow.issue_number, shallow.installation_id) {
        (Some(repo), Some(issue), _) => Some(Lane::Inbox.of(repo, issue)),
        (Some(repo), None, _) => Some(format!("repository/{repo}")),
        (None, _, Some(installation)) => Some(format!("installation/{installation}")),
        (None, _, None) => None,
    }
}
