//! What GitHub could not deliver is fetched: its log of deliveries is read, and what we want and do not hold is taken from there.
//!
//! Fetching the payload is preferred to asking GitHub to deliver again: it needs no way in from outside, which is what was missing,
//! and it ends in this job instead of some time later. The payload carries no signature; it comes from GitHub's API by our own
//! request. Only our own table says what we hold: the log's status is what the caller saw, and a proxy may have answered for us.
//! There are two exceptions, see `Walk::believes`.

use std::collections::{BTreeMap, BTreeSet};

use crate::ctx::JobCtx;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::InstallationId;
use crate::domain::message::Sweep as Message;
use crate::domain::sweep::{Page, Progress};
use crate::github::app::{DeliveryPage, HookDelivery};
use crate::github::error::{ApiError, ErrorKind};
use crate::github::webhook::Shallow;
use crate::queue::{Job, new_job};
use crate::store::{Accepted, Missed, PRIORITY_PEOPLE};
use crate::triggers::schedules::{AtStart, Schedule};
use crate::triggers::{dispatch, events};

/// Requests of one run. What is left goes on in the next, which begins at once, so that no run is long.
const REQUESTS: usize = 500;

/// So many payloads in a row that GitHub cannot hand out are no matter of single ones any more, whatever its log answers: each
/// may take as long as an exchange may.
const AWAY: usize = 3;

/// The row of this file in the table.
pub static SCHEDULE: Schedule = Schedule {
    name: "sweep",
    summary: "Reads GitHub's log of deliveries, which reaches back three days, and fetches what we want and do not hold.",
    // A quiet round is one request, and nobody should wait longer for an answer that got lost.
    line: "*/5 * * * *",
    spread_ms: 300_000,
    at_start: AtStart::Runs,
    // What it finds are people's commands.
    priority: PRIORITY_PEOPLE,
    job: |now_ms| new_job(&Message {}, now_ms),
};

impl Job<JobCtx> for Message {
    const NAME: &'static str = Self::NAME;
    const MAX_ATTEMPTS: i64 = Self::MAX_ATTEMPTS;
    // A process that was killed in its sweep must not keep the next one from sweeping for long: what could not be delivered in
    // between is to be back within a minute.
    const LEASE_MS: i64 = 10_000;

    async fn run(self, ctx: &JobCtx) -> Outcome {
        let mut walk = Walk { ctx, left: REQUESTS, gone: BTreeMap::new(), answered: BTreeSet::new() };
        match walk.read_log().await {
            // What the log has shown is fetched all the same. Passing trouble comes back soon, and keeps the order.
            Err(Failure::Internal(cause)) => {
                walk.fetch_missed().await?;
                Err(Failure::Internal(cause))
            }
            Err(failure) => Err(failure),
            Ok(()) => walk.fetch_missed().await,
        }
    }
}

struct Walk<'a> {
    ctx: &'a JobCtx,
    /// Requests that this run may still make.
    left: usize,
    /// Installations, and whether they were deleted.
    gone: BTreeMap<InstallationId, bool>,
    /// Deliveries of which an answer is believed.
    answered: BTreeSet<String>,
}

impl Walk<'_> {
    /// Reads page by page back to what was read before. What is missing is noted together with how far the log was read.
    async fn read_log(&mut self) -> Outcome {
        let missed = self.ctx.app.store.missed();
        let mut progress = self.progress().await?;
        let mut is_anew = false;
        loop {
            self.spend()?;
            let page = match self.ctx.app.github.hook_deliveries(progress.cursor()).await {
                Ok(page) => page,
                Err(error) if is_refused(&error) && progress.round.is_some() && !is_anew => {
                    is_anew = true;
                    tracing::warn!(%error, "GitHub's log cannot be read on; beginning at its newest entry");
                    progress = progress.from_the_top();
                    missed.note(&[], &written(&progress)?).await?;
                    continue;
                }
                Err(error) if error.is_missing() && progress.round.is_none() => {
                    tracing::warn!(%error, "this server keeps no log of deliveries; what it cannot deliver is lost");
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            };
            let believed = page.deliveries.iter().filter(|entry| self.believes(entry, &progress));
            let believed = believed.map(|entry| entry.guid.clone()).collect::<Vec<_>>();
            self.answered.extend(believed);
            let found = self.missing(&page).await?;
            let times = page.deliveries.iter().filter_map(|entry| entry.delivered_at_ms);
            progress = progress.after(Page {
                newest_ms: times.clone().max(),
                oldest_ms: times.min(),
                next_cursor: page.next_cursor.as_deref(),
            });
            missed.note(&found, &written(&progress)?).await?;
            if progress.round.is_none() {
                return Ok(());
            }
        }
    }

    /// A database that is new does not repeat what the one before it was told: then the answer counts. And where the operator named
    /// whom we work for, a 200 is how we answer everybody else, whose names stand in no list but in the payload.
    fn believes(&self, entry: &HookDelivery, progress: &Progress) -> bool {
        match entry.status_code {
            200 => progress.is_first() || !self.ctx.app.allowed.is_everybody(),
            201..=299 => progress.is_first(),
            _ => false,
        }
    }

    /// What we want and do not hold; one attempt of each delivery is enough.
    async fn missing(&mut self, page: &DeliveryPage) -> Outcome<Vec<Missed>> {
        let mut found = BTreeMap::new();
        for entry in &page.deliveries {
            let HookDelivery { id, guid, event, action, .. } = entry;
            if !events::wanted(event, action.as_deref())
                || found.contains_key(guid)
                || self.answered.contains(guid)
                || self.ctx.app.store.inbox().seen(guid).await?
                || self.is_gone(entry).await?
            {
                continue;
            }
            let missed = Missed { log_id: *id, guid: guid.clone(), event: event.clone() };
            found.insert(guid.clone(), missed);
        }
        Ok(found.into_values().collect())
    }

    /// Whether it is about an installation that was deleted, and says no more than that.
    async fn is_gone(&mut self, entry: &HookDelivery) -> Outcome<bool> {
        let Some(id) = entry.installation_id.filter(|_| entry.event != "installation") else {
            return Ok(false);
        };
        if let Some(gone) = self.gone.get(&id) {
            return Ok(*gone);
        }
        let known = self.ctx.app.store.installations().get(id).await?;
        let gone = known.is_some_and(|known| known.deleted_at_ms.is_some());
        self.gone.insert(id, gone);
        Ok(gone)
    }

    /// Fetches what is noted, in the order in which it happened, so that a command does not overtake the one before it. What
    /// GitHub cannot hand out stays noted for the next round, and stops nobody behind it.
    async fn fetch_missed(&mut self) -> Outcome {
        let store = &self.ctx.app.store;
        let (mut before, mut in_a_row) = (self.progress().await?.asked_through, 0);
        while let Some(missed) = store.missed().behind(before).await? {
            before = missed.log_id;
            // GitHub, or a person, may have delivered it again meanwhile.
            if !store.inbox().seen(&missed.guid).await? {
                self.spend()?;
                match self.ctx.app.github.hook_delivery_payload(missed.log_id).await {
                    Ok(body) => {
                        in_a_row = 0;
                        self.keep(&missed, body).await?;
                    }
                    Err(error) if is_hopeless(&error) => {
                        tracing::error!(%error, guid = missed.guid, "a missed delivery cannot be fetched");
                    }
                    Err(error) if is_its_own(&error) => {
                        in_a_row += 1;
                        self.pass_over(&missed, &error).await?;
                        if in_a_row >= AWAY {
                            return Err(error.into());
                        }
                        continue;
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            store.missed().forget(missed.log_id).await?;
        }
        self.go_on_behind(0).await
    }

    /// Leaves one that GitHub does not hand out to the next round. Where GitHub itself is away, the run ends instead, and the next
    /// one begins with it: the short question for the log tells.
    async fn pass_over(&mut self, missed: &Missed, error: &ApiError) -> Outcome {
        self.spend()?;
        self.ctx.app.github.hook_deliveries(None).await?;
        tracing::warn!(%error, guid = missed.guid, "a missed delivery could not be fetched; the next round tries again");
        self.go_on_behind(missed.log_id).await
    }

    /// Where the next run goes on, should this one end before the last; 0: at the first.
    async fn go_on_behind(&self, log_id: i64) -> Outcome {
        let progress = self.progress().await?;
        if progress.asked_through != log_id {
            let progress = Progress { asked_through: log_id, ..progress };
            self.ctx.app.store.missed().note(&[], &written(&progress)?).await?;
        }
        Ok(())
    }

    /// The same filter and the same transaction as for a delivery that came by itself.
    async fn keep(&self, missed: &Missed, body: Vec<u8>) -> Outcome {
        let app = &self.ctx.app;
        let shallow = match Shallow::read(&body) {
            Ok(shallow) => shallow,
            Err(error) => {
                tracing::error!(%error, guid = missed.guid, "a missed delivery cannot be read");
                return Ok(());
            }
        };
        let allowed =
            app.allowed.lets_in(shallow.repo_full_name.as_deref(), shallow.account_login.as_deref());
        let wanted = events::wanted(&missed.event, shallow.action.as_deref());
        if !wanted || !allowed || shallow.installation_id.is_none() {
            tracing::debug!(guid = missed.guid, "left a missed delivery alone: it is not for us");
            return Ok(());
        }
        let now_ms = app.clock.now_ms();
        let (delivery, job) = dispatch::accepted(&missed.guid, &missed.event, (shallow, &body), now_ms)?;
        if app.store.inbox().accept(&delivery, &job).await? == Accepted::New {
            tracing::info!(
                guid = missed.guid,
                event = missed.event,
                "fetched a delivery that GitHub could not deliver"
            );
        }
        Ok(())
    }

    async fn progress(&self) -> Outcome<Progress> {
        let written = self.ctx.app.store.missed().progress().await?;
        // What another version wrote and this one cannot read is read again from the start of the log.
        Ok(written.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    fn spend(&mut self) -> Outcome {
        if self.left == 0 {
            let until_ms = self.ctx.app.clock.now_ms();
            return Err(Failure::Defer { until_ms, why: "the sweep goes on in its next run".to_owned() });
        }
        self.left -= 1;
        Ok(())
    }
}

fn written(progress: &Progress) -> Outcome<String> {
    serde_json::to_string(progress).map_err(Failure::internal)
}

fn is_refused(error: &ApiError) -> bool {
    error.is_missing() || matches!(error.kind, ErrorKind::Validation(_))
}

/// Asking again would be answered alike: the log has forgotten it, or it cannot be read.
fn is_hopeless(error: &ApiError) -> bool {
    is_refused(error) || matches!(error.kind, ErrorKind::Decode | ErrorKind::TooLarge { .. })
}

/// The trouble may be that of this one delivery.
fn is_its_own(error: &ApiError) -> bool {
    matches!(
        error.kind,
        ErrorKind::Server | ErrorKind::Transport | ErrorKind::Forbidden | ErrorKind::Conflict
    )
}
