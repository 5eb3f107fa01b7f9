//! A repository's standing with us: the configuration in force, and the bots it already has.

use serde::{Deserialize, Serialize};

use crate::config::repo::{self, Effective, Layers, Mode, RepoFile};
use crate::ctx::AppCtx;
use crate::domain::failure::Outcome;
use crate::domain::neighbor::{self, Neighbor};
use crate::github::client::RepoClient;
use crate::github::{ApiError, ApiErrorKind};
use crate::store::config_cache::Cached;
use crate::store::repositories::Repository;

/// Where the file stands, in a repository and in the owner's `.github` repository.
pub const PATH: &str = ".github/millwright.yml";

/// A cached file is read again after this long; a push to the default branch makes us read it sooner.
const FRESH_MS: i64 = 300_000;

/// An installation of more repositories than this answers only when spoken to, unless somebody says otherwise.
const MANY_REPOSITORIES: i64 = 20;

/// The configuration in force and what stands beside it.
pub struct Standing {
    /// Every value with its source.
    pub effective: Effective,
    /// Other bots that are set up here.
    pub neighbors: Vec<&'static Neighbor>,
    /// What is wrong with the repository's or the organization's file, in one sentence; the last good version is in force.
    pub problem: Option<String>,
}

/// What the cache holds of one repository or owner.
#[derive(Default, Serialize, Deserialize)]
struct Kept {
    /// The file's text now, none when there is no file.
    text: Option<String>,
    /// The last text without a problem.
    good: Option<String>,
    /// Names at the root and in `.github`.
    paths: Vec<String>,
}

impl Standing {
    /// Reads what is in force: from the cache while it is fresh, else from the default branches, never from another branch.
    pub async fn load(app: &AppCtx, github: &RepoClient, repo: &Repository) -> Outcome<Self> {
        let owner = &repo.name.owner;
        let organization = match cached(app, &owner_scope(repo)).await? {
            Some(kept) => kept,
            None => {
                let client = app.github.for_config(repo.installation, owner);
                let text = match client.file(PATH, None).await {
                    Ok(file) => file.map(|file| file.text),
                    Err(error) if is_absent(&error) => None,
                    Err(error) => return Err(error.into()),
                };
                keep(app, &owner_scope(repo), text, Vec::new()).await?
            }
        };
        let own = match cached(app, &repo_scope(repo)).await? {
            Some(kept) => kept,
            None => {
                let mut paths = names(github, "").await?;
                let inside = if paths.iter().any(|path| path == ".github") { names(github, ".github").await? } else { Vec::new() };
                paths.extend(inside);
                let has_file = paths.iter().any(|path| path == PATH);
                let text = if has_file { github.file(PATH, None).await?.map(|file| file.text) } else { None };
                keep(app, &repo_scope(repo), text, paths).await?
            }
        };
        let many = app.store.installations().repository_count(repo.installation).await?.unwrap_or(0);
        let default_mode = if many > MANY_REPOSITORIES { Mode::Commands } else { Mode::Full };
        let (organization_file, organization_problem) = in_force(&organization, &format!("{owner}/.github: {PATH}"));
        let (own_file, own_problem) = in_force(&own, PATH);
        let effective = repo::effective(&Layers {
            default_mode,
            operator_mode: app.mode,
            organization: organization_file,
            repository: own_file,
        });
        Ok(Self { effective, neighbors: neighbor::present(&own.paths), problem: own_problem.or(organization_problem) })
    }

    /// How much we may do here.
    pub fn mode(&self) -> Mode {
        self.effective.mode.value
    }
}

/// The next command reads the repository's file again: its default branch was pushed to.
pub async fn forget_repository(app: &AppCtx, repo: &Repository) -> Outcome {
    expire(app, &repo_scope(repo)).await?;
    if repo.name.name == ".github" {
        expire(app, &owner_scope(repo)).await?;
    }
    Ok(())
}

fn repo_scope(repo: &Repository) -> String {
    format!("repository:{}", repo.id)
}

fn owner_scope(repo: &Repository) -> String {
    format!("owner:{}:{}", repo.installation, repo.name.owner.to_lowercase())
}

async fn cached(app: &AppCtx, scope: &str) -> Outcome<Option<Kept>> {
    let Some(row) = app.store.config_cache().get(scope).await? else { return Ok(None) };
    let fresh = app.clock.now_ms() - row.fetched_at_ms < FRESH_MS;
    Ok(fresh.then(|| serde_json::from_str(&row.text).ok()).flatten())
}

async fn keep(app: &AppCtx, scope: &str, text: Option<String>, paths: Vec<String>) -> Outcome<Kept> {
    let before: Kept = match app.store.config_cache().get(scope).await? {
        Some(row) => serde_json::from_str(&row.text).unwrap_or_default(),
        None => Kept::default(),
    };
    let good = match &text {
        Some(now) => match repo::parse(now) {
            Ok(_) => text.clone(),
            Err(problems) => {
                for problem in &problems {
                    tracing::warn!(scope, %problem, "the configuration has a problem; the last good version stays in force");
                }
                before.good
            }
        },
        None => None,
    };
    let kept = Kept { text, good, paths };
    let row = Cached { text: serde_json::to_string(&kept).unwrap_or_default(), fetched_at_ms: app.clock.now_ms() };
    app.store.config_cache().put(scope, &row).await?;
    Ok(kept)
}

async fn expire(app: &AppCtx, scope: &str) -> Outcome {
    if let Some(row) = app.store.config_cache().get(scope).await? {
        app.store.config_cache().put(scope, &Cached { fetched_at_ms: 0, ..row }).await?;
    }
    Ok(())
}

/// The file that is in force, and the sentence about the one that should be.
fn in_force(kept: &Kept, place: &str) -> (Option<RepoFile>, Option<String>) {
    let Some(text) = &kept.text else { return (None, None) };
    match repo::parse(text) {
        Ok(file) => (Some(file), None),
        Err(problems) => {
            let good = kept.good.as_deref().and_then(|text| repo::parse(text).ok());
            let force = if good.is_some() { "the version before it stays in force" } else { "the defaults stay in force" };
            let problem = problems.first().map(|first| format!("{place}:{first}; {force}."));
            (good, problem)
        }
    }
}

async fn names(github: &RepoClient, directory: &str) -> Outcome<Vec<String>> {
    match github.directory(directory).await {
        Ok(entries) => Ok(entries.into_iter().map(|entry| entry.path).collect()),
        Err(error) if error.kind == ApiErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// The owner has no `.github` repository, or has not let us into it: then there is no organization file.
fn is_absent(error: &ApiError) -> bool {
    matches!(error.kind, ApiErrorKind::NotFound | ApiErrorKind::Validation)
}
