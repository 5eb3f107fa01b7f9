//! Files, trees and blobs.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;

use crate::domain::lenient;
use crate::github::core::{Caller, Core};
use crate::github::error::{ApiResult, ErrorKind};
use crate::github::repo::{RepoClient, base64, if_there};
use crate::github::request::Request;

/// The tip of a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchHead {
    /// SHA of the commit.
    pub commit: String,
    /// SHA of its tree.
    pub tree: String,
}

/// A tree with everything below it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Tree {
    /// SHA of the tree.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub sha: String,
    /// Files, folders and submodules, by path.
    #[serde(rename = "tree")]
    pub entries: Vec<TreeEntry>,
    /// True when GitHub left entries out (more than 100,000, or 7 MB).
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub truncated: bool,
}

/// One entry of a [`Tree`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TreeEntry {
    /// From the root of the repository.
    pub path: String,
    /// Git's mode, such as `100644`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub mode: String,
    /// `blob`, `tree` or `commit` (a submodule).
    #[serde(default, rename = "type", deserialize_with = "kind")]
    pub kind: String,
    /// SHA of the object.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub sha: String,
    /// Bytes; blobs only.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub size: Option<u64>,
}

/// A file as it is at one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileContent {
    /// SHA of the blob.
    pub sha: String,
    /// Its bytes.
    pub bytes: Bytes,
}

impl FileContent {
    /// Its text; bytes that are not UTF-8 become U+FFFD.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}

impl RepoClient {
    /// The tip of a branch; `None` when there is no such branch, as in an empty repository.
    /// Source: `GET /repos/{owner}/{repo}/branches/{branch}`.
    ///
    /// # Errors
    /// As any request.
    pub async fn branch_head(&self, branch: &str) -> ApiResult<Option<BranchHead>> {
        #[derive(Deserialize)]
        struct Branch {
            commit: Tip,
        }
        #[derive(Deserialize)]
        struct Tip {
            sha: String,
            commit: Commit,
        }
        #[derive(Deserialize)]
        struct Commit {
            tree: Sha,
        }
        #[derive(Deserialize)]
        struct Sha {
            sha: String,
        }
        let branch: Option<Branch> = if_there(self.call(&self.get(&["branches", branch])?).await)?;
        Ok(branch
            .map(|Branch { commit: Tip { sha, commit } }| BranchHead { commit: sha, tree: commit.tree.sha }))
    }

    /// Everything below a tree (the SHA of a tree or commit). Source: `GET /repos/{owner}/{repo}/git/trees/{sha}`.
    ///
    /// # Errors
    /// `NotFound` when there is no such tree, `Conflict` in an empty repository.
    pub async fn tree(&self, sha: &str) -> ApiResult<Tree> {
        self.call(&self.get(&["git", "trees", sha])?.query("recursive", "1")).await
    }

    /// The bytes of a blob, at most `max_bytes`. Source: `GET /repos/{owner}/{repo}/git/blobs/{sha}`.
    ///
    /// # Errors
    /// `TooLarge` above the bound, `NotFound` when there is no such blob.
    pub async fn blob(&self, sha: &str, max_bytes: usize) -> ApiResult<Bytes> {
        let request = self.get(&["git", "blobs", sha])?;
        blob(&self.core, &self.caller, (request, max_bytes)).await
    }

    /// A file at a commit, branch or tag, of at most `max_bytes`. `None` when there is no such file, or when the path is a
    /// folder, a submodule or a symbolic link to one. Source: `GET /repos/{owner}/{repo}/contents/{path}`.
    ///
    /// # Errors
    /// `TooLarge` above the bound.
    pub async fn content_file(
        &self,
        path: &str,
        git_ref: &str,
        max_bytes: usize,
    ) -> ApiResult<Option<FileContent>> {
        let name = self.name();
        let repository = ["repos", &name.owner, &name.name];
        let place = FilePlace { repository, path, git_ref: Some(git_ref), max_bytes };
        content_file(&self.core, &self.caller, place).await
    }
}

/// Where a file is.
#[derive(Clone, Copy)]
pub(super) struct FilePlace<'a> {
    pub repository: [&'a str; 3],
    pub path: &'a str,
    /// `None`: the default branch.
    pub git_ref: Option<&'a str>,
    /// Bytes that are taken.
    pub max_bytes: usize,
}

/// Reads a file of any repository that the caller's token reaches.
pub(super) async fn content_file(
    core: &Arc<Core>,
    caller: &Caller,
    place: FilePlace<'_>,
) -> ApiResult<Option<FileContent>> {
    #[derive(Deserialize)]
    struct Wire {
        #[serde(default, rename = "type", deserialize_with = "kind")]
        kind: String,
        #[serde(default, deserialize_with = "lenient::or_default")]
        sha: String,
        #[serde(default, deserialize_with = "lenient::or_default")]
        encoding: String,
        #[serde(default, deserialize_with = "lenient::or_default")]
        content: String,
    }
    struct Entry(Option<Wire>);
    impl<'de> Deserialize<'de> for Entry {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            lenient::object(deserializer).map(Entry) // a folder is a list
        }
    }
    let FilePlace { repository, path, git_ref, max_bytes } = place;
    let segments: Vec<&str> = repository.into_iter().chain(["contents"]).chain(path.split('/')).collect();
    let request = Request::get(&core.base, &segments)?;
    let request = match git_ref {
        Some(git_ref) => request.query("ref", git_ref),
        None => request,
    };
    let Some(Entry(Some(file))) = if_there(core.call::<Entry>(caller, &request).await)? else {
        return Ok(None);
    };
    match (file.kind.as_str(), file.encoding.as_str()) {
        ("file", "base64") => {
            let undecoded = || request.error(ErrorKind::Decode, "the content of the file is not base64");
            let bytes = base64(&file.content).ok_or_else(undecoded)?;
            match bytes.len() > max_bytes {
                true => Err(request.error(ErrorKind::TooLarge { limit: max_bytes }, "the file is too large")),
                false => Ok(Some(FileContent { sha: file.sha, bytes })),
            }
        }
        // GitHub leaves out what is longer than 1 MB; the blob has it.
        ("file", _) => {
            let segments: Vec<&str> = repository.into_iter().chain(["git", "blobs", &file.sha]).collect();
            let bytes = blob(core, caller, (Request::get(&core.base, &segments)?, max_bytes)).await?;
            Ok(Some(FileContent { sha: file.sha, bytes }))
        }
        _ => Ok(None),
    }
}

async fn blob(core: &Arc<Core>, caller: &Caller, (request, max_bytes): (Request, usize)) -> ApiResult<Bytes> {
    #[derive(Deserialize)]
    struct Wire {
        content: String,
        encoding: String,
    }
    // Base64 with a line break every 60 digits, and the fields around it.
    let request = request.answer_limit(max_bytes.saturating_mul(4) / 3 + max_bytes / 20 + 4096);
    let too_large = || ErrorKind::TooLarge { limit: max_bytes };
    let wire: Wire = core.call(caller, &request).await.map_err(|error| match error.kind {
        ErrorKind::TooLarge { .. } => error.with_kind(too_large()),
        _ => error,
    })?;
    let bytes = match wire.encoding.as_str() {
        "base64" => base64(&wire.content),
        _ => Some(Bytes::from(wire.content)),
    };
    let bytes =
        bytes.ok_or_else(|| request.error(ErrorKind::Decode, "the content of the blob is not base64"))?;
    match bytes.len() > max_bytes {
        true => Err(request.error(too_large(), "the blob is too large")),
        false => Ok(bytes),
    }
}

fn kind<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    lenient::or_default(deserializer)
}
