//! What is known of a repository at one commit: filled by GitHub's API or from a folder, read by the planner.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::lenient;

/// The tree and some files of one commit. Two gatherers fill it, so that a plan reads the same from either.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Whose tree it is.
    pub repository: Repository,
    /// The commit, 40 hex digits; empty where it is not known, and then nothing is linked.
    pub base_sha: String,
    /// All entries, sorted by path; empty where no tree was read.
    pub tree: Vec<TreeEntry>,
    /// GitHub (or the folder gatherer) stopped before the end of the tree.
    pub truncated: bool,
    /// Paths of the tree that could not be read, folders with `/` at the end: nobody knows what lies there or below.
    #[serde(default)]
    pub unreadable: Vec<String>,
    /// Path to text of the files that were read.
    pub files: BTreeMap<String, String>,
    /// Check runs of the commit, where known.
    pub checks: Vec<Check>,
    /// Permissions the App lacks here and the planner could use, such as `checks: read`.
    pub missing_permissions: Vec<String>,
}

impl Snapshot {
    /// How many files the tree has.
    pub fn file_count(&self) -> usize {
        self.tree.iter().filter(|entry| entry.kind == EntryKind::File).count()
    }

    /// The first seven digits of the commit, or nothing.
    pub fn short_sha(&self) -> &str {
        self.base_sha.get(..7).unwrap_or(&self.base_sha)
    }
}

/// A repository as people see it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Repository {
    /// Login of user or organization.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub owner: String,
    /// Name without the owner.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// Its page, such as `https://github.com/acme/web`; empty where it is not known, and then nothing is linked.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub url: String,
    /// Such as `main`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub default_branch: String,
}

/// One line of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeEntry {
    /// From the root, with `/`.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// Bytes; 0 for what is no file.
    pub size: u64,
    /// Git's blob id, or the gatherer's own fingerprint of the content; says whether a cited file changed.
    pub sha: String,
}

/// What a line of the tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link; never followed.
    Link,
    /// Another repository at a commit.
    Submodule,
}

/// One check run of the base commit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Check {
    /// The check run's name, for Actions the job's.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// GitHub's conclusion, such as `success`; `None` while it runs.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub conclusion: Option<String>,
    /// File name of the workflow, where known.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub workflow: Option<String>,
}
