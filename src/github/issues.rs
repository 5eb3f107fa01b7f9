//! Issues.

use http::Method;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::domain::event::Issue;
use crate::domain::ids::IssueNumber;
use crate::github::error::ApiResult;
use crate::github::paging::{Listed, MAX_PAGES};
use crate::github::repo::{RepoClient, timestamp};
use crate::github::request::Effort;

/// Which issues to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueQuery {
    /// Issues that have all of these labels.
    pub labels: Vec<String>,
    /// Open, closed or both.
    pub state: StateFilter,
    /// Only those changed at or after this time, unix milliseconds.
    pub since_ms: Option<i64>,
    /// How many pages of 100 to read at most.
    pub max_pages: usize,
}

impl Default for IssueQuery {
    /// All open issues.
    fn default() -> Self {
        Self { labels: Vec::new(), state: StateFilter::Open, since_ms: None, max_pages: MAX_PAGES }
    }
}

/// Issues in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateFilter {
    /// Open ones.
    Open,
    /// Closed ones.
    Closed,
    /// Both.
    All,
}

/// An issue to be opened.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct NewIssue {
    /// Title.
    pub title: String,
    /// Markdown text.
    pub body: String,
    /// Names of labels; GitHub creates those that do not exist.
    pub labels: Vec<String>,
}

/// What to change of an issue; what is `None` stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IssueChange {
    /// Title.
    pub title: Option<String>,
    /// Markdown text.
    pub body: Option<String>,
    /// Open or closed.
    pub state: Option<StateChange>,
}

/// Opening or closing an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateChange {
    /// Open it again.
    Reopen,
    /// Done.
    Completed,
    /// Will not be done.
    NotPlanned,
    /// Another issue asks for the same.
    Duplicate,
}

/// Pages of changed issues; whoever follows changes comes back for the rest.
const CHANGED_PAGES: usize = 10;

impl RepoClient {
    /// One issue or pull request. Source: `GET /repos/{owner}/{repo}/issues/{issue_number}`.
    ///
    /// # Errors
    /// `NotFound` or `Gone` when it was deleted or transferred away.
    pub async fn issue(&self, number: IssueNumber) -> ApiResult<Issue> {
        self.call(&self.get(&["issues", &number.to_string()])?).await
    }

    /// Issues and pull requests, newest first. Source: `GET /repos/{owner}/{repo}/issues`.
    ///
    /// # Errors
    /// As any request.
    pub async fn issues(&self, query: &IssueQuery) -> ApiResult<Listed<Issue>> {
        let state = match query.state {
            StateFilter::Open => "open",
            StateFilter::Closed => "closed",
            StateFilter::All => "all",
        };
        let mut request = self.get(&["issues"])?.query("state", state);
        if !query.labels.is_empty() {
            request = request.query("labels", &query.labels.join(","));
        }
        if let Some(since_ms) = query.since_ms {
            request = request.query("since", &timestamp(since_ms));
        }
        self.list(request, query.max_pages).await
    }

    /// The first 1,000 issues and pull requests, open or closed, that were changed at or after this time (unix ms), the longest
    /// unchanged first. Source: `GET /repos/{owner}/{repo}/issues`.
    ///
    /// # Errors
    /// As any request.
    pub async fn issues_since(&self, since_ms: i64) -> ApiResult<Listed<Issue>> {
        let request = self.get(&["issues"])?.query("state", "all").query("sort", "updated");
        let request = request.query("direction", "asc").query("since", &timestamp(since_ms));
        self.list(request, CHANGED_PAGES).await
    }

    /// Opens an issue. Source: `POST /repos/{owner}/{repo}/issues`.
    ///
    /// # Errors
    /// `Gone` when the repository has no issues, `Validation` for a text that GitHub refuses.
    pub async fn create_issue(&self, issue: &NewIssue) -> ApiResult<Issue> {
        self.call(&self.write(Method::POST, &["issues"])?.effort(Effort::Create).json(issue)?).await
    }

    /// Changes an issue. Source: `PATCH /repos/{owner}/{repo}/issues/{issue_number}`.
    ///
    /// # Errors
    /// `NotFound` or `Gone` when it is not there any more.
    pub async fn update_issue(&self, number: IssueNumber, change: &IssueChange) -> ApiResult<Issue> {
        self.call(&self.write(Method::PATCH, &["issues", &number.to_string()])?.json(change)?).await
    }
}

impl Serialize for IssueChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(title) = &self.title {
            map.serialize_entry("title", title)?;
        }
        if let Some(body) = &self.body {
            map.serialize_entry("body", body)?;
        }
        if let Some(state) = self.state {
            let (state, reason) = match state {
                StateChange::Reopen => ("open", "reopened"),
                StateChange::Completed => ("closed", "completed"),
                StateChange::NotPlanned => ("closed", "not_planned"),
                StateChange::Duplicate => ("closed", "duplicate"),
            };
            map.serialize_entry("state", state)?;
            map.serialize_entry("state_reason", reason)?;
        }
        map.end()
    }
}
