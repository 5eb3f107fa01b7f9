//! Labels of the repository.

use http::Method;
use serde::{Deserialize, Serialize};

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
}
