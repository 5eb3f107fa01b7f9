//! Labels of the repository and of issues. A whole list of labels is never set.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::domain::ids::IssueNumber;
use crate::domain::lenient;
use crate::github::error::ApiResult;
use crate::github::repo::{RepoClient, if_there};

/// A label of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Unique within the repository, whatever the case.
    pub name: String,
    /// Six hex digits without `#`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub color: String,
    /// May be empty.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub description: String,
}

impl RepoClient {
    /// A label by name; `None` when the repository has none of that name.
    /// Source: `GET /repos/{owner}/{repo}/labels/{name}`.
    ///
    /// # Errors
    /// As any request.
    pub async fn label(&self, name: &str) -> ApiResult<Option<Label>> {
        if_there(self.call(&self.get(&["labels", name])?).await)
    }

    /// Creates a label. Source: `POST /repos/{owner}/{repo}/labels`.
    ///
    /// # Errors
    /// `Validation` when there is one of that name.
    pub async fn create_label(&self, label: &Label) -> ApiResult<Label> {
        self.call(&self.write(Method::POST, &["labels"])?.json(label)?).await
    }

    /// Adds labels to an issue, and gives all it has now.
    /// Source: `POST /repos/{owner}/{repo}/issues/{issue_number}/labels`.
    ///
    /// # Errors
    /// `NotFound` or `Gone` when the issue is not there any more.
    pub async fn add_labels(&self, number: IssueNumber, names: &[&str]) -> ApiResult<Vec<Label>> {
        #[derive(Serialize)]
        struct Body<'a> {
            labels: &'a [&'a str],
        }
        let request = self.write(Method::POST, &["issues", &number.to_string(), "labels"])?;
        self.call(&request.json(&Body { labels: names })?).await
    }

    /// Takes a label off an issue; one that it does not have is fine.
    /// Source: `DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}`.
    ///
    /// # Errors
    /// As any write.
    pub async fn remove_label(&self, number: IssueNumber, name: &str) -> ApiResult {
        let request = self.write(Method::DELETE, &["issues", &number.to_string(), "labels", name])?;
        if_there(self.done(&request).await).map(|_| ())
    }
}
