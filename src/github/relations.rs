//! Sub-issues and dependencies between issues. GitHub wants the database id of the other issue, not its number.
//!
//! An old GitHub Enterprise Server answers `NotFound` or `Gone` to all of these.

use http::Method;
use serde::Serialize;

use crate::domain::event::Issue;
use crate::domain::ids::{IssueId, IssueNumber};
use crate::github::error::ApiResult;
use crate::github::paging::Listed;
use crate::github::repo::RepoClient;
use crate::github::request::Effort;

/// GitHub allows 100 sub-issues and 50 blocking issues; a page holds them all.
const ONE_PAGE: usize = 1;

#[derive(Serialize)]
struct SubIssue {
    sub_issue_id: IssueId,
}

#[derive(Serialize)]
struct Blocking {
    issue_id: IssueId,
}

impl RepoClient {
    /// The sub-issues of an issue, in its order. Source: `GET …/issues/{issue_number}/sub_issues`.
    ///
    /// # Errors
    /// As any request.
    pub async fn sub_issues(&self, parent: IssueNumber) -> ApiResult<Listed<Issue>> {
        self.list(self.get(&["issues", &parent.to_string(), "sub_issues"])?, ONE_PAGE).await
    }

    /// Makes an issue a sub-issue. Source: `POST …/issues/{issue_number}/sub_issues`.
    ///
    /// # Errors
    /// `Validation` when it has a parent already, or there would be more than 100 of them, or 8 levels.
    pub async fn add_sub_issue(&self, parent: IssueNumber, sub_issue: IssueId) -> ApiResult {
        let request = self.write(Method::POST, &["issues", &parent.to_string(), "sub_issues"])?;
        self.done(&request.effort(Effort::Create).json(&SubIssue { sub_issue_id: sub_issue })?).await
    }

    /// The issues that this one waits for. Source: `GET …/issues/{issue_number}/dependencies/blocked_by`.
    ///
    /// # Errors
    /// As any request.
    pub async fn blocked_by(&self, blocked: IssueNumber) -> ApiResult<Listed<Issue>> {
        self.list(self.get(&["issues", &blocked.to_string(), "dependencies", "blocked_by"])?, ONE_PAGE).await
    }

    /// Makes an issue wait for another. Source: `POST …/issues/{issue_number}/dependencies/blocked_by`.
    ///
    /// # Errors
    /// `Validation` when it does already, or when they would wait for each other.
    pub async fn add_blocked_by(&self, blocked: IssueNumber, blocking: IssueId) -> ApiResult {
        let segments = ["issues", &blocked.to_string(), "dependencies", "blocked_by"];
        let request = self.write(Method::POST, &segments)?.effort(Effort::Create);
        self.done(&request.json(&Blocking { issue_id: blocking })?).await
    }
}
