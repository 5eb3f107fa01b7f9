//! The job that looks one repository through: commands that nobody told us of come in by the door of their event, and work items
//! follow what GitHub shows.

use std::collections::BTreeSet;

use crate::ctx::JobCtx;
use crate::domain::command::{self, Dialect};
use crate::domain::event::{Envelope, Event, Issue, IssueState};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::message::LookThrough;
use crate::domain::unheard;
use crate::github::comments::Spoken;
use crate::github::error::{ApiError, ErrorKind};
use crate::github::repo::RepoClient;
use crate::queue::Job;
use crate::store::{RepoStore, Repository, Through, WorkItemState};
use crate::triggers::events::comments;
use crate::triggers::{commands, unanswered};

/// The installation is not there for GitHub, as far as this App's key can tell.
const GONE: &str = "gone";

/// So long it must stay away before anything is erased: a key of another App, by mistake, sees no installation at all.
const GONE_FOR_MS: i64 = 3_600_000;

/// So many requests of an installation's hour are left to people.
const FOR_PEOPLE: i64 = 1_000;

impl Job<JobCtx> for LookThrough {
    const NAME: &'static str = Self::NAME;
    const MAX_ATTEMPTS: i64 = Self::MAX_ATTEMPTS;

    async fn run(self, ctx: &JobCtx) -> Outcome {
        ctx.judged(look_through(ctx).await).await
    }
}

async fn look_through(ctx: &JobCtx) -> Outcome {
    let repo = ctx.info.repo.ok_or_else(|| Failure::internal("the job names no repository"))?;
    let known = ctx.app.store.repositories().get(repo).await?.filter(|known| !known.removed);
    let Some(known) = known else {
        return Err(Failure::Gone(format!("repository {repo} is no longer open to us")));
    };
    if ctx.app.github.remaining(known.installation).is_some_and(|left| left < FOR_PEOPLE) {
        tracing::info!(repository = %known.name, "not looked through: what is left of the hour is for people");
        return Ok(());
    }
    let look = Look::at(ctx, known).await?;
    let comments_ms = look.comments().await?;
    let issues_ms = look.issues().await?;
    unanswered::see_to(ctx, &look.known, &look.github).await?;
    ctx.app.store.reconciled().put(repo, Through { comments_ms, issues_ms }).await?;
    ctx.app.store.installations().clear_notice(look.known.installation, GONE).await?;
    Ok(())
}

struct Look<'a> {
    job: &'a JobCtx,
    known: Repository,
    github: RepoClient,
    store: RepoStore,
    since: Through,
    now_ms: i64,
}

impl<'a> Look<'a> {
    async fn at(job: &'a JobCtx, known: Repository) -> Outcome<Self> {
        let now_ms = job.app.clock.now_ms();
        let since = match job.app.store.reconciled().get(known.id).await? {
            Some(Through { comments_ms, issues_ms }) => Through {
                comments_ms: unheard::since_ms(comments_ms, now_ms),
                issues_ms: unheard::since_ms(issues_ms, now_ms),
            },
            None => {
                let installation = match job.app.github.installation(known.installation).await {
                    Ok(installation) => installation,
                    Err(error) => return Err(meaning(job, &known, error).await?),
                };
                let first_ms = unheard::first_since_ms(installation.created_at_ms, now_ms);
                Through { comments_ms: first_ms, issues_ms: unheard::since_ms(0, now_ms) }
            }
        };
        Ok(Self {
            job,
            github: job.github(&known),
            store: job.app.store.repo(known.id),
            known,
            since,
            now_ms,
        })
    }

    /// Comments since the last look; how far they have been looked through.
    async fn comments(&self) -> Outcome<i64> {
        let listed = match self.github.comments_since(self.since.comments_ms).await {
            Ok(listed) => listed.items,
            Err(error) => return Err(meaning(self.job, &self.known, error).await?),
        };
        let slug = self.job.app.github.app_identity().await?.slug;
        let dialect = Dialect { slug, taken: BTreeSet::new() };
        for spoken in &listed {
            if unheard::is_new(&spoken.comment, self.since.comments_ms, self.now_ms)
                && self.is_unheard(spoken, &dialect).await?
            {
                self.hear(spoken).await?;
            }
        }
        let changed = listed.iter().map(|spoken| spoken.comment.updated_at_ms);
        Ok(unheard::through_ms(changed, self.since.comments_ms, self.now_ms))
    }

    /// Holds a command of ours that nobody has taken on: it stands in no row, and we have not reacted to it either.
    async fn is_unheard(&self, spoken: &Spoken, dialect: &Dialect) -> Outcome<bool> {
        let found = command::once(command::find(&spoken.comment.body, dialect));
        let found = found.iter().filter(|found| commands::find(&found.name).is_some()).collect::<Vec<_>>();
        if found.is_empty() {
            return Ok(false);
        }
        let rows = self.store.commands().of_comment(spoken.comment.id).await?;
        let taken_on = found.iter().all(|found| rows.iter().any(|row| row.key == found.key));
        if taken_on {
            return Ok(false);
        }
        let bot = format!("{}[bot]", dialect.slug);
        match self.github.reacted(spoken.comment.id, &bot).await {
            Ok(reacted) => Ok(!reacted),
            // Deleted meanwhile.
            Err(error) if error.is_missing() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// In by the door of the event that did not come: the same checks, the same keys, so that it may still come.
    async fn hear(&self, spoken: &Spoken) -> Outcome {
        let Some(number) = spoken.issue() else { return Ok(()) };
        let issue = match self.github.issue(number).await {
            Ok(issue) => issue,
            Err(error) if error.is_missing() => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        tracing::info!(repository = %self.known.name, issue = %number, comment = %spoken.comment.id, "found a command that no delivery told us of");
        let envelope = Envelope {
            name: "issue_comment".to_owned(),
            action: Some("created".to_owned()),
            installation: Some(self.known.installation),
            repository: None,
            sender: spoken.comment.user.clone(),
            event: Event::IssueComment {
                issue: Box::new(issue),
                comment: Box::new(spoken.comment.clone()),
                old_body: None,
            },
        };
        (comments::SUBSCRIPTION.run)(self.job, &envelope).await
    }

    /// Issues that changed since the last look, where any of them may be a work item.
    async fn issues(&self) -> Outcome<i64> {
        if !self.job.app.store.reconciled().has_work_items(self.known.id).await? {
            return Ok(self.since.issues_ms);
        }
        let listed = match self.github.issues_since(self.since.issues_ms).await {
            Ok(listed) => listed.items,
            Err(error) => return Err(meaning(self.job, &self.known, error).await?),
        };
        for issue in &listed {
            self.follow(issue).await?;
        }
        let changed = listed.iter().map(|issue| issue.updated_at_ms);
        Ok(unheard::through_ms(changed, self.since.issues_ms, self.now_ms))
    }

    async fn follow(&self, issue: &Issue) -> Outcome {
        let Some(item) = self.store.work_items().by_issue(issue.number).await? else { return Ok(()) };
        let state = match issue.state {
            IssueState::Open => WorkItemState::Open,
            IssueState::Closed => WorkItemState::Closed,
        };
        if item.state != state {
            self.store.work_items().follow(item.id, state).await?;
        }
        Ok(())
    }
}

/// What GitHub no longer shows us is let go, as the event would have done it that nobody sent: the repository, or with the whole
/// installation everything that we hold of it.
async fn meaning(job: &JobCtx, known: &Repository, error: ApiError) -> Outcome<Failure> {
    let (github, store) = (&job.app.github, &job.app.store);
    let shut_out = error.is_missing() || error.kind == ErrorKind::InstallationGone;
    if !shut_out || github.is_open(known.installation, &known.name).await? {
        return Ok(error.into());
    }
    let installations = store.installations();
    let answer = github.installation(known.installation).await;
    if answer.is_ok() {
        installations.clear_notice(known.installation, GONE).await?;
    }
    match answer {
        // It comes back with everything in it when the suspension is lifted.
        Ok(found) if found.suspended_at_ms.is_some() => {}
        Ok(_) => _ = store.repositories().removed(known.id).await?,
        Err(gone) if gone.is_missing() => match installations.noticed_at(known.installation, GONE).await? {
            Some(since_ms) if since_ms + GONE_FOR_MS <= job.app.clock.now_ms() => {
                let erased = installations.delete(known.installation).await?;
                tracing::info!(installation = %known.installation, ?erased, "the App was removed, and nobody told us; what we held is erased");
            }
            Some(_) => {}
            None => {
                installations.notice(known.installation, GONE).await?;
                tracing::warn!(installation = %known.installation, "GitHub does not know the installation; if that stays so for an hour, what we hold of it is erased");
            }
        },
        Err(other) => return Ok(other.into()),
    }
    Ok(Failure::Gone(format!("{} is no longer open to us", known.name)))
}
