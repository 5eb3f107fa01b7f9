//! Comments on issues and pull requests.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::domain::event::Comment;
use crate::domain::ids::{CommentId, IssueNumber};
use crate::domain::lenient;
use crate::github::error::ApiResult;
use crate::github::paging::{Listed, PAGE};
use crate::github::repo::{RepoClient, timestamp};
use crate::github::request::Effort;

/// Why a comment is folded away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Minimize {
    /// A newer one took its place.
    Outdated,
}

/// A comment in the list of a whole repository, which says where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Spoken {
    /// The comment.
    #[serde(flatten)]
    pub comment: Comment,
    /// Address of its issue or pull request in the API, `…/issues/NUMBER`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub issue_url: String,
}

impl Spoken {
    /// The issue or pull request it stands under.
    pub fn issue(&self) -> Option<IssueNumber> {
        self.issue_url.rsplit('/').next()?.parse().ok().map(IssueNumber)
    }
}

#[derive(Serialize)]
struct Body<'a> {
    body: &'a str,
}

/// Pages of comments that are read: an issue with more is a forum, and a plan for it would not be truer for the rest.
const COMMENT_PAGES: usize = 10;

impl RepoClient {
    /// The first 1,000 comments of an issue, oldest first; with `since_ms` only those changed at or after that time (unix
    /// milliseconds). Source: `GET /repos/{owner}/{repo}/issues/{issue_number}/comments`.
    ///
    /// # Errors
    /// `NotFound` or `Gone` when the issue is not there any more.
    pub async fn comments(&self, number: IssueNumber, since_ms: Option<i64>) -> ApiResult<Listed<Comment>> {
        let request = self.get(&["issues", &number.to_string(), "comments"])?;
        let request = match since_ms {
            Some(since_ms) => request.query("since", &timestamp(since_ms)),
            None => request,
        };
        self.list(request, COMMENT_PAGES).await
    }

    /// The first 1,000 comments of the repository that were changed at or after this time (unix ms), the longest unchanged first.
    /// Source: `GET /repos/{owner}/{repo}/issues/comments`.
    ///
    /// # Errors
    /// `NotFound` when the token does not reach the repository.
    pub async fn comments_since(&self, since_ms: i64) -> ApiResult<Listed<Spoken>> {
        let request = self.get(&["issues", "comments"])?.query("sort", "updated").query("direction", "asc");
        self.list(request.query("since", &timestamp(since_ms)), COMMENT_PAGES).await
    }

    /// The newest comments of an issue that has `count` of them, oldest first, at most `max_pages` pages of 100.
    /// Source: `GET /repos/{owner}/{repo}/issues/{issue_number}/comments`.
    ///
    /// # Errors
    /// `NotFound` or `Gone` when the issue is not there any more.
    pub async fn newest_comments(
        &self,
        number: IssueNumber,
        count: usize,
        max_pages: usize,
    ) -> ApiResult<Listed<Comment>> {
        let skipped = count.div_ceil(PAGE).saturating_sub(max_pages);
        let request = self.get(&["issues", &number.to_string(), "comments"])?;
        let request = match skipped {
            0 => request,
            skipped => request.query("page", &(skipped + 1).to_string()),
        };
        let listed = self.list(request, max_pages).await?;
        Ok(Listed { complete: listed.complete && skipped == 0, ..listed })
    }

    /// One comment. Source: `GET /repos/{owner}/{repo}/issues/comments/{comment_id}`.
    ///
    /// # Errors
    /// `NotFound` when somebody deleted it.
    pub async fn comment(&self, id: CommentId) -> ApiResult<Comment> {
        self.call(&self.get(&["issues", "comments", &id.to_string()])?).await
    }

    /// Writes a comment. Source: `POST /repos/{owner}/{repo}/issues/{issue_number}/comments`.
    ///
    /// # Errors
    /// `Forbidden` on a locked issue, `Gone` on a deleted one, `Validation` above 65,536 characters.
    pub async fn create_comment(&self, number: IssueNumber, body: &str) -> ApiResult<Comment> {
        let request = self.write(Method::POST, &["issues", &number.to_string(), "comments"])?;
        self.call(&request.effort(Effort::Create).json(&Body { body })?).await
    }

    /// Replaces the text of a comment. Source: `PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}`.
    ///
    /// # Errors
    /// `NotFound` when somebody deleted it.
    pub async fn update_comment(&self, id: CommentId, body: &str) -> ApiResult<Comment> {
        let request = self.write(Method::PATCH, &["issues", "comments", &id.to_string()])?;
        self.call(&request.json(&Body { body })?).await
    }

    /// Deletes a comment. Source: `DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}`.
    ///
    /// # Errors
    /// `NotFound` when somebody else was faster.
    pub async fn delete_comment(&self, id: CommentId) -> ApiResult {
        self.done(&self.write(Method::DELETE, &["issues", "comments", &id.to_string()])?).await
    }

    /// Folds a comment away, named by its GraphQL id. Source: GraphQL `minimizeComment`.
    ///
    /// # Errors
    /// `NotFound` or `Forbidden` as GraphQL says.
    pub async fn minimize_comment(&self, node_id: &str, why: Minimize) -> ApiResult {
        #[derive(Serialize)]
        struct Variables<'a> {
            subject: &'a str,
            classifier: Minimize,
        }
        #[derive(Deserialize)]
        struct Data {}
        let variables = Variables { subject: node_id, classifier: why };
        self.graphql((MINIMIZE_COMMENT, Effort::Edit), &variables).await.map(|Data {}| ())
    }
}

const MINIMIZE_COMMENT: &str = "\
mutation MinimizeComment($subject: ID!, $classifier: ReportedContentClassifiers!) {
  minimizeComment(input: {subjectId: $subject, classifier: $classifier}) {
    minimizedComment { isMinimized }
  }
}";
