//! What was looked at before anything is proposed, and what was not.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::Alert;
use crate::domain::brief::OpenIssue;
use crate::domain::ids::IssueNumber;
use crate::domain::snapshot::Snapshot;

/// Everything that candidates are found in.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Tree and files at the head of the default branch.
    pub snapshot: Snapshot,
    /// All open issues that were listed, for who waits for whom.
    pub open: Vec<OpenIssue>,
    /// Those among them that nobody has planned.
    pub unplanned: Vec<Unplanned>,
    /// Finished runs of the workflows on the default branch, newest first.
    pub runs: Vec<Run>,
    /// Open alerts of those scanners that could be read, newest first; nothing where none could.
    pub alerts: Option<Vec<Alert>>,
    /// Path to the number of commits that changed it, among [`Facts::commits`].
    pub churn: BTreeMap<String, usize>,
    /// How many of the newest commits were looked into.
    pub commits: usize,
    /// Who last touched a line: path and line, from 1.
    pub blame: BTreeMap<(String, usize), Blame>,
    /// Unix milliseconds.
    pub now_ms: i64,
    /// What was left out, each a noun phrase.
    pub unseen: BTreeSet<String>,
}

/// An open issue without a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplanned {
    /// Its number.
    pub number: IssueNumber,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// Label names.
    pub labels: Vec<String>,
    /// Its page.
    pub url: String,
    /// Comments below it.
    pub comments: usize,
    /// Reactions to it.
    pub reactions: usize,
    /// Unix milliseconds.
    pub created_at_ms: Option<i64>,
}

/// A finished run of a workflow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    /// File name of the workflow, such as `ci.yml`.
    pub workflow: String,
    /// GitHub's conclusion.
    pub conclusion: String,
    /// The commit it ran on.
    pub head_sha: String,
    /// Its page.
    pub url: String,
    /// The number that people see.
    pub number: i64,
    /// 1, or more where somebody started it again.
    pub attempt: i64,
    /// Unix milliseconds.
    pub started_at_ms: Option<i64>,
    /// From start to end.
    pub seconds: Option<i64>,
}

/// Who last touched a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blame {
    /// Login, else the name in git.
    pub who: String,
    /// The commit.
    pub commit: String,
    /// Unix milliseconds.
    pub at_ms: Option<i64>,
}

impl Facts {
    /// Whole days since then.
    pub fn days_since(&self, at_ms: Option<i64>) -> Option<i64> {
        at_ms.map(|at| (self.now_ms - at).max(0) / 86_400_000)
    }
}
