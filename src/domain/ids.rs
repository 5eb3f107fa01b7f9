//! Identifiers, so that an issue number can never be passed where a comment id is meant.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number!(
    /// An installation of the App, GitHub's database id.
    InstallationId
);
number!(
    /// A repository, GitHub's database id: it survives renames and transfers.
    RepoId
);
number!(
    /// The number people see behind `#`; unique within a repository.
    IssueNumber
);
number!(
    /// An issue's database id, as sub-issues and dependencies want it.
    IssueId
);
number!(
    /// An issue comment, GitHub's database id.
    CommentId
);

/// `owner/name` as GitHub spells it today; may change under the same [`RepoId`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RepoName {
    /// Login of the user or organization.
    pub owner: String,
    /// Name without the owner.
    pub name: String,
}

impl RepoName {
    /// Reads `owner/name`; nothing where one of them is missing.
    pub fn parse(full_name: &str) -> Option<Self> {
        let (owner, name) = full_name.split_once('/')?;
        (!owner.is_empty() && !name.is_empty())
            .then(|| Self { owner: owner.to_owned(), name: name.to_owned() })
    }
}

impl fmt::Display for RepoName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

/// The unchanging name of one effect on GitHub, such as `plan/42/7/comment-99`: job-independent, so that a re-run finds what an earlier run did.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EffectKey(pub String);

impl fmt::Display for EffectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
