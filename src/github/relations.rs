//! Sub-issues and dependencies between issues. GitHub wants the database id of the other issue, not its number.
//!
//! An old GitHub Enterprise Server answers `NotFound` or `Gone` to all of these.

use http::Method;
use serde::Serialize;

use crate::domain::event::Issue;
use crate::domain::ids::{IssueId, IssueNumber};
use crate::github::error::ApiResult;
use crate::github::paging::{Listed, MAX_PAGES};
use crate::github::repo::{RepoClient, if_there};
use crate::github::request::Effort;

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
        self.list(self.get(&["issues", &parent.to_string(), "sub_issues"])?, MAX_PAGES).await
    }

    /// Makes an issue a sub-issue. Source: `POST …/issues/{issue_number}/sub_issues`.
    ///
    /// # Errors
    /// `Validation` when it has a parent already, or there would be more than 100 of them, or 8 levels.
    pub async fn add_sub_issue(&self, parent: IssueNumber, sub_issue: IssueId) -> ApiResult {
        let request = self.write(Method::POST, &["issues", &parent.to_string(), "sub_issues"])?;
        self.done(&request.effort(Effort::Create).json(&SubIssue { sub_issue_id: sub_issue })?).await
    }

    /// Takes a sub-issue away from its parent. Source: `DELETE …/issues/{issue_number}/sub_issue`.
    ///
    /// # Errors
    /// `NotFound` when it is none.
    pub async fn remove_sub_issue(&self, parent: IssueNumber, sub_issue: IssueId) -> ApiResult {
        let request = self.write(Method::DELETE, &["issues", &parent.to_string(), "sub_issue"])?;
        self.done(&request.json(&SubIssue { sub_issue_id: sub_issue })?).await
    }

    /// The issue that this one is a sub-issue of. Source: `GET …/issues/{issue_number}/parent`.
    ///
    /// # Errors
    /// As any request.
    pub async fn parent(&self, of: IssueNumber) -> ApiResult<Option<Issue>> {
        if_there(self.call(&self.get(&["issues", &of.to_string(), "parent"])?).await)
    }

    /// The issues that this one waits for. Source: `GET …/issues/{issue_number}/dependencies/blocked_by`.
    ///
    /// # Errors
    /// As any request.
    pub async fn blocked_by(&self, blocked: IssueNumber) -> ApiResult<Listed<Issue>> {
        self.list(self.get(&["issues", &blocked.to_string(), "dependencies", "blocked_by"])?, MAX_PAGES).await
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

    /// Makes an issue no longer wait for another.
    /// Source: `DELETE …/issues/{issue_number}/dependencies/blocked_by/{issue_id}`.
    ///
    /// # Errors
    /// `NotFound` when it does not.
    pub async fn remove_blocked_by(&self, blocked: IssueNumber, blocking: IssueId) -> ApiResult {
        let segments = ["issues", &blocked.to_string(), "dependencies", "blocked_by", &blocking.to_string()];
        self.done(&self.write(Method::DELETE, &segments)?).await
    }
}
