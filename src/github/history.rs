//! Commits and workflow runs.

use serde::Deserialize;

use crate::domain::lenient;
use crate::github::error::ApiResult;
use crate::github::repo::{RepoClient, if_there, timestamp};
use crate::github::request::Request;

/// A commit in a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitSummary {
    /// Its SHA.
    pub sha: String,
    /// The whole message.
    pub message: String,
    /// The author's account, where GitHub knows it.
    pub author_login: Option<String>,
    /// The author's name as in git.
    pub author_name: String,
    /// When it was committed, unix milliseconds.
    pub committed_at_ms: Option<i64>,
}

/// Which commits to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommitQuery<'a> {
    /// Only those that touch this path.
    pub path: Option<&'a str>,
    /// Branch, tag or SHA to start from; the default branch when `None`.
    pub from: Option<&'a str>,
    /// Only those at or after this time, unix milliseconds.
    pub since_ms: Option<i64>,
    /// At most this many, and at most 100.
    pub limit: u8,
}

/// A run of a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WorkflowRun {
    /// Database id.
    pub id: i64,
    /// Name of the workflow.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// `queued`, `in_progress`, `completed` …
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub status: String,
    /// `success`, `failure`, `cancelled` …; `None` until completed.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub conclusion: Option<String>,
    /// The event that started it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub event: String,
    /// The commit it ran on.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub head_sha: String,
    /// Its page.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub html_url: String,
    /// Unix milliseconds.
    #[serde(default, rename = "created_at", deserialize_with = "lenient::instant")]
    pub created_at_ms: Option<i64>,
    /// The number that people see, per workflow.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub run_number: i64,
    /// 1, or more where somebody started it again.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub run_attempt: i64,
    /// When this attempt began, unix milliseconds.
    #[serde(default, rename = "run_started_at", deserialize_with = "lenient::instant")]
    pub started_at_ms: Option<i64>,
    /// For a completed run about when it ended, unix milliseconds.
    #[serde(default, rename = "updated_at", deserialize_with = "lenient::instant")]
    pub updated_at_ms: Option<i64>,
}

/// A commit and what it changes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CommitChanges {
    /// Its SHA.
    pub sha: String,
    /// At most the first 300 files.
    #[serde(default, deserialize_with = "lenient::objects")]
    pub files: Vec<ChangedFile>,
}

/// One file of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ChangedFile {
    /// From the root of the repository, as the commit leaves it.
    #[serde(rename = "filename")]
    pub path: String,
    /// Lines added and removed.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub changes: u64,
}

impl RepoClient {
    /// Commits, newest first. Source: `GET /repos/{owner}/{repo}/commits`.
    ///
    /// # Errors
    /// `Conflict` in an empty repository.
    pub async fn commits(&self, query: &CommitQuery<'_>) -> ApiResult<Vec<CommitSummary>> {
        let since = query.since_ms.map(timestamp);
        let limit = query.limit.clamp(1, 100).to_string();
        let parameters = [
            ("path", query.path),
            ("sha", query.from),
            ("since", since.as_deref()),
            ("per_page", Some(&limit)),
        ];
        let request = parameters.into_iter().fold(self.get(&["commits"])?, with);
        let commits: Vec<WireCommit> = self.call(&request).await?;
        Ok(commits.into_iter().map(CommitSummary::from).collect())
    }

    /// The latest run of a workflow (by its file's name, such as `ci.yml`) on a branch; `None` when it never ran there,
    /// or there is no such workflow. Source: `GET …/actions/workflows/{workflow_id}/runs`.
    ///
    /// # Errors
    /// `Forbidden` without the permission to read actions: see [`RepoClient::may_read_actions`].
    pub async fn latest_workflow_run(&self, file: &str, branch: &str) -> ApiResult<Option<WorkflowRun>> {
        Ok(self.workflow_runs(file, branch, 1).await?.into_iter().next())
    }

    /// The newest runs of a workflow on a branch, at most 100; none where there is no such workflow.
    /// Source: `GET …/actions/workflows/{workflow_id}/runs`.
    ///
    /// # Errors
    /// `Forbidden` without the permission to read actions: see [`RepoClient::may_read_actions`].
    pub async fn workflow_runs(&self, file: &str, branch: &str, limit: u8) -> ApiResult<Vec<WorkflowRun>> {
        #[derive(Deserialize)]
        struct Runs {
            workflow_runs: Vec<WorkflowRun>,
        }
        let request = self.get(&["actions", "workflows", file, "runs"])?;
        let request = request.query("branch", branch).query("per_page", &limit.clamp(1, 100).to_string());
        let runs: Option<Runs> = if_there(self.call(&request).await)?;
        Ok(runs.map(|runs| runs.workflow_runs).unwrap_or_default())
    }

    /// What a commit changes against its first parent. Source: `GET /repos/{owner}/{repo}/commits/{ref}`.
    ///
    /// # Errors
    /// `Validation` when there is no such commit.
    pub async fn commit(&self, sha: &str) -> ApiResult<CommitChanges> {
        self.call(&self.get(&["commits", sha])?).await
    }
}

fn with(request: Request, (name, value): (&str, Option<&str>)) -> Request {
    match value {
        Some(value) => request.query(name, value),
        None => request,
    }
}

#[derive(Deserialize)]
struct WireCommit {
    sha: String,
    commit: GitCommit,
    #[serde(default, deserialize_with = "crate::domain::event::person")]
    author: Option<crate::domain::event::Person>,
}

#[derive(Deserialize)]
struct GitCommit {
    #[serde(default, deserialize_with = "lenient::or_default")]
    message: String,
    #[serde(default, deserialize_with = "lenient::object")]
    author: Option<GitPerson>,
    #[serde(default, deserialize_with = "lenient::object")]
    committer: Option<GitPerson>,
}

#[derive(Deserialize)]
struct GitPerson {
    #[serde(default, deserialize_with = "lenient::or_default")]
    name: String,
    #[serde(default, rename = "date", deserialize_with = "lenient::instant")]
    date_ms: Option<i64>,
}

impl From<WireCommit> for CommitSummary {
    fn from(wire: WireCommit) -> Self {
        let GitCommit { message, author, committer } = wire.commit;
        let committed_at_ms = committer.or_else(|| author_date(&author)).and_then(|who| who.date_ms);
        let author_name = author.map(|author| author.name).unwrap_or_default();
        let author_login = wire.author.map(|author| author.login);
        Self { sha: wire.sha, message, author_login, author_name, committed_at_ms }
    }
}

fn author_date(author: &Option<GitPerson>) -> Option<GitPerson> {
    author.as_ref().map(|author| GitPerson { name: String::new(), date_ms: author.date_ms })
}
