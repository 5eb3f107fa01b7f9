//! Reads the owner's `.github` repository, where an organization keeps what holds for all its repositories.

use std::fmt;
use std::sync::Arc;

use crate::github::contents::{FileContent, FilePlace, content_file};
use crate::github::core::{Caller, Core};
use crate::github::error::{ApiError, ApiResult};

/// A client that can read the owner's `.github` repository and nothing else.
#[derive(Clone)]
pub struct ConfigClient {
    core: Arc<Core>,
    caller: Caller,
    owner: String,
}

impl ConfigClient {
    /// Name of the repository.
    pub const REPOSITORY: &str = ".github";

    pub(super) fn new(core: Arc<Core>, caller: Caller, owner: &str) -> Self {
        Self { core, caller, owner: owner.to_owned() }
    }

    /// A file of at most `max_bytes` on the default branch. `None` when there is no such file, no such repository, or when the installation
    /// does not cover it: the three cannot be told apart from outside, and mean the same.
    ///
    /// # Errors
    /// `TooLarge` above the bound.
    pub async fn content_file(&self, path: &str, max_bytes: usize) -> ApiResult<Option<FileContent>> {
        let repository = ["repos", &self.owner, Self::REPOSITORY];
        let place = FilePlace { repository, path, git_ref: None, max_bytes };
        match content_file(&self.core, &self.caller, place).await {
            Err(error) if is_not_covered(&error) => Ok(None),
            other => other,
        }
    }
}

impl fmt::Debug for ConfigClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConfigClient({}/{})", self.owner, Self::REPOSITORY)
    }
}

/// Whether GitHub refused a token for the repository, in whatever words. That the whole installation is gone shows where it is
/// worked in, not here.
fn is_not_covered(error: &ApiError) -> bool {
    matches!(error.facts.status, Some(404 | 410 | 422))
}
