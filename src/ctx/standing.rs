//! A repository's standing with us: the configuration in force, and the bots it already has.

use crate::config::repo::effective::{Effective, Operator, effective};
use crate::config::repo::file::{RepoFile, parse};
use crate::config::repo::mode::Mode;
use crate::config::repo::problem::Problem;
use crate::config::repo::yaml::{self, LARGEST};
use crate::ctx::AppCtx;
use crate::domain::failure::Outcome;
use crate::domain::neighbor::{self, Neighbor};
use crate::github::blobs::FileText;
use crate::github::contents::FileContent;
use crate::github::error::{ApiResult, ErrorKind};
use crate::github::repo::RepoClient;
use crate::store::Repository;
use crate::store::{CachedConfig, ConfigScope};

/// Where the file stands, in a repository and in the owner's `.github` repository.
pub const PATH: &str = ".github/millwright.yml";

/// A cached file is read again after this long; a push to the default branch makes us read it sooner.
const FRESH_MS: i64 = 300_000;

/// The configuration in force and what stands beside it.
pub struct Standing {
    /// Every value with its source.
    pub effective: Effective,
    /// Other bots that are set up here.
    pub neighbors: Vec<&'static Neighbor>,
    /// What is wrong with the repository's or the organization's file, in one sentence; the last good version is in force.
    pub problem: Option<String>,
}

impl Standing {
    /// Reads what is in force: from the cache while it is fresh, else from the default branches, never from another branch.
    pub async fn load(app: &AppCtx, github: &RepoClient, repo: &Repository) -> Outcome<Self> {
        let scope = ConfigScope::Organization(repo.installation);
        let organization = match fresh(app, scope).await? {
            Some(kept) => kept,
            None => {
                let client = app.github.for_config(repo.installation, &repo.name.owner);
                let content = Content::of_bytes(client.content_file(PATH, LARGEST).await);
                keep(app, scope, repo, Read { content: content?, paths: Vec::new() }).await?
            }
        };
        let scope = ConfigScope::Repository(repo.id);
        let own = match fresh(app, scope).await? {
            Some(kept) => kept,
            None => keep(app, scope, repo, read(github).await?).await?,
        };
        let installation = app.store.installations().get(repo.installation).await?;
        let count = installation.and_then(|known| known.repository_count);
        let organization_place = format!("{}/.github: {PATH}", repo.name.owner);
        let (organization_file, organization_problem) = in_force(&organization, &organization_place);
        let (own_file, own_problem) = in_force(&own, PATH);
        let operator =
            Operator { mode: app.mode, repositories: count.and_then(|count| usize::try_from(count).ok()) };
        let effective = effective(operator, organization_file.as_ref(), own_file.as_ref());
        Ok(Self {
            effective,
            neighbors: neighbor::present(&own.paths),
            problem: own_problem.or(organization_problem),
        })
    }

    /// How much we may do here.
    pub fn mode(&self) -> Mode {
        self.effective.mode.value
    }
}

/// The next command reads the repository's file again: its default branch was pushed to.
pub async fn forget_repository(app: &AppCtx, repo: &Repository) -> Outcome {
    expire(app, ConfigScope::Repository(repo.id)).await?;
    if repo.name.name == ".github" {
        expire(app, ConfigScope::Organization(repo.installation)).await?;
    }
    Ok(())
}

async fn expire(app: &AppCtx, scope: ConfigScope) -> Outcome {
    app.store.config_cache().expire(scope).await?;
    Ok(())
}

/// What the default branch holds now.
struct Read {
    content: Content,
    paths: Vec<String>,
}

/// A file as far as it can be read at all.
enum Content {
    /// There is none.
    Missing,
    /// Its whole text.
    Text(String),
    /// It is there, and why it is not read.
    Unreadable(Problem),
}

impl Content {
    fn of_bytes(file: ApiResult<Option<FileContent>>) -> Outcome<Self> {
        match file {
            Ok(None) => Ok(Self::Missing),
            Ok(Some(file)) => Ok(match str::from_utf8(&file.bytes) {
                Ok(text) => Self::Text(text.to_owned()),
                Err(_) => Self::Unreadable(yaml::binary()),
            }),
            Err(error) if matches!(error.kind, ErrorKind::TooLarge { .. }) => {
                Ok(Self::Unreadable(yaml::too_large()))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn of_file(file: Option<&FileText>) -> Self {
        match file {
            None => Self::Missing,
            Some(file) if file.is_truncated || file.byte_size > LARGEST as u64 => {
                Self::Unreadable(yaml::too_large())
            }
            Some(FileText { text: Some(text), .. }) => Self::Text(text.clone()),
            Some(_) => Self::Unreadable(yaml::binary()),
        }
    }
}

/// The file, and which files of the bots we know are there.
async fn read(github: &RepoClient) -> Outcome<Read> {
    let files = neighbor::NEIGHBORS.iter().flat_map(|neighbor| neighbor.files);
    let files = files.flat_map(|file| [(*file).to_owned(), format!(".github/{file}")]).collect::<Vec<_>>();
    let glance = github.glance(PATH, &files).await?;
    Ok(Read { content: Content::of_file(glance.file.as_ref()), paths: glance.present })
}

async fn fresh(app: &AppCtx, scope: ConfigScope) -> Outcome<Option<CachedConfig>> {
    let kept = app.store.config_cache().get(scope).await?;
    Ok(kept.filter(|kept| app.clock.was_within(kept.fetched_at_ms, FRESH_MS)))
}

async fn keep(app: &AppCtx, scope: ConfigScope, repo: &Repository, read: Read) -> Outcome<CachedConfig> {
    let before = app.store.config_cache().get(scope).await?;
    let (text, problem) = match read.content {
        Content::Missing => (None, None),
        Content::Text(text) => {
            let problem = parse(&text).err().and_then(|problems| problems.into_iter().next());
            (Some(text), problem)
        }
        Content::Unreadable(problem) => (None, Some(problem)),
    };
    let problem = problem.as_ref().map(ToString::to_string);
    if let Some(problem) = &problem {
        tracing::warn!(repository = %repo.name, %problem, "the configuration has a problem; the last good version stays in force");
    }
    let good_text = if problem.is_none() { text.clone() } else { before.and_then(|before| before.good_text) };
    let kept = CachedConfig {
        installation: repo.installation,
        text,
        good_text,
        problem,
        paths: read.paths,
        fetched_at_ms: app.clock.now_ms(),
    };
    app.store.config_cache().put(scope, &kept).await?;
    Ok(kept)
}

/// The file that is in force, and the sentence about the one that should be.
fn in_force(kept: &CachedConfig, place: &str) -> (Option<RepoFile>, Option<String>) {
    let file = kept.good_text.as_deref().and_then(|text| parse(text).ok());
    let force =
        if file.is_some() { "the version before it stays in force" } else { "the defaults stay in force" };
    let problem = kept.problem.as_ref().map(|problem| format!("{place}:{problem}; {force}."));
    (file, problem)
}
