//! what a handler may touch

pub mod crash; // named points at which fault tests end the process
pub mod people; // what a person may do, asked at the moment
pub mod standing; // a repository's configuration in force
pub mod trail; // the audit trail
pub mod fence; // whether the job is still ours
pub mod effects; // things on GitHub that exist once
pub mod perform; // doing what was decided, once

use std::sync::Arc;

use crate::clock::Clock;
use crate::config::allowed::Allowed;
use crate::config::repo::mode::Mode;
use crate::ctx::crash::CrashPoints;
use crate::ctx::fence::JobGuard;
use crate::ctx::people::People;
use crate::ctx::standing::Standing;
use crate::ctx::trail::Trail;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::{InstallationId, RepoId, RepoName};
use crate::domain::marker::Signer;
use crate::domain::pace::Asker;
use crate::github::client::GitHub;
use crate::github::repo::RepoClient;
use crate::queue::JobInfo;
use crate::render::renderer::Renderer;
use crate::store::RunId;
use crate::store::{RepoStore, Repository, Store};
use crate::telemetry::audit::{Audit, AuditLine};

/// What the whole process shares.
pub struct AppCtx {
    /// The database.
    pub store: Store,
    /// GitHub as the App.
    pub github: GitHub,
    /// Templates.
    pub renderer: Renderer,
    /// Signs and checks hidden markers.
    pub signer: Signer,
    /// The time.
    pub clock: Clock,
    /// The operator's `MILLWRIGHT_MODE`, if set.
    pub mode: Option<Mode>,
    /// The operator's list of whom this instance works for.
    pub allowed: Allowed,
    /// Where people find GitHub, without a slash at the end.
    pub github_url: String,
    /// Permissions asked for lately.
    pub people: People,
    /// Where writes to GitHub are written down.
    pub audit: Audit,
    /// Fault tests only.
    pub crash: CrashPoints,
}

/// What a job gets: the process and its own row.
#[derive(Clone)]
pub struct JobCtx {
    /// What the process shares.
    pub app: Arc<AppCtx>,
    /// The job's own row.
    pub info: JobInfo,
}

/// What a handler gets: everything is bound to one repository.
#[derive(Clone)]
pub struct RepoCtx {
    /// What the process shares.
    pub app: Arc<AppCtx>,
    /// The job at work.
    pub info: JobInfo,
    /// The installation that lets us in.
    pub installation: InstallationId,
    /// The repository's id.
    pub repo: RepoId,
    /// The repository's name today.
    pub name: RepoName,
    /// GitHub, limited to the repository.
    pub github: RepoClient,
    /// The database, limited to the repository.
    pub store: RepoStore,
    /// Configuration in force.
    pub standing: Arc<Standing>,
    /// What the acts are for.
    pub purpose: Purpose,
}

/// Who and what acts are done for: it decides how they are done, and stands in the audit trail.
#[derive(Clone, Default)]
pub struct Purpose {
    /// Login of the person, empty for our own work.
    pub actor: String,
    /// The command or trigger, such as `enhance`.
    pub trigger: String,
    /// The run that `/stop` can halt.
    pub run: Option<RunId>,
    /// When the comment that asks for it was written, unix ms.
    pub asked_at_ms: Option<i64>,
}

impl AppCtx {
    /// Whether our own books say that nobody lets us in there any more: it was removed, or the installation was deleted and
    /// with it everything that a job at work had written down.
    pub async fn is_shut_out(&self, repo: RepoId) -> Outcome<bool> {
        Ok(self.store.repositories().get(repo).await?.is_some_and(|known| known.removed))
    }
}

impl JobCtx {
    /// The end of a run as it counts: what failed because we were shut out in the middle is no fault of the job.
    pub async fn judged(&self, outcome: Outcome) -> Outcome {
        match (outcome, self.info.repo) {
            (Err(Failure::Internal(cause)), Some(repo)) if self.app.is_shut_out(repo).await? => {
                Err(Failure::Gone(format!("repository {repo} is no longer open to us: {cause}")))
            }
            (outcome, _) => outcome,
        }
    }

    /// GitHub, limited to one repository, asked in the name of this job and only as long as the job is ours.
    pub fn github(&self, known: &Repository) -> RepoClient {
        let guard = Arc::new(JobGuard::of(self));
        let asker = Asker { job: self.info.fence.job().0, urgency: self.info.urgency };
        let github = self.app.github.repo(known.installation, known.id, known.name.clone());
        github.with_guard(guard).for_job(asker)
    }

    /// The job's repository, its configuration read. `Gone` when the installation no longer lets us in.
    pub async fn repo(&self) -> Outcome<RepoCtx> {
        let repo = self.info.repo.ok_or_else(|| Failure::internal("the job names no repository"))?;
        let known = self
            .app
            .store
            .repositories()
            .get(repo)
            .await?
            .filter(|known| !known.removed)
            .ok_or_else(|| Failure::Gone(format!("repository {repo} is no longer open to us")))?;
        let github = self.github(&known);
        let store = self.app.store.repo(repo);
        let standing = Standing::load(&self.app, &github, &known).await?;
        Ok(RepoCtx {
            app: Arc::clone(&self.app),
            info: self.info.clone(),
            installation: known.installation,
            repo,
            name: known.name,
            github,
            store,
            standing: Arc::new(standing),
            purpose: Purpose::default(),
        })
    }
}

impl RepoCtx {
    /// The same context, acting for somebody.
    pub fn acting(&self, purpose: Purpose) -> Self {
        let trail = Trail {
            file: self.app.audit.clone(),
            clock: self.app.clock.clone(),
            about: AuditLine {
                actor: (!purpose.actor.is_empty()).then(|| purpose.actor.clone()),
                trigger: purpose.trigger.clone(),
                delivery: self.info.delivery.clone(),
                repository: Some(self.name.to_string()),
                ..AuditLine::default()
            },
        };
        let github = self.github.clone().with_audit(Arc::new(trail));
        Self { purpose, github, ..self.clone() }
    }

    /// The same context for acts that belong to no run, such as the receipt of one that was stopped.
    pub fn unstoppable(&self) -> Self {
        self.acting(Purpose { run: None, ..self.purpose.clone() })
    }

    /// Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.app.clock.now_ms()
    }

    /// The repository's page, without a slash at the end.
    pub fn url(&self) -> String {
        format!("{}/{}", self.app.github_url, self.name)
    }
}
