//! The messages of jobs: data that both who queues and who works them off can see. Handlers are registered elsewhere.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{CommentId, EffectKey, IssueNumber, RepoId};

/// Works one delivery off.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Dispatch {
    /// `X-GitHub-Delivery`.
    pub delivery: String,
    /// Whether its body is one of those that are read one at a time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_large: bool,
}

impl Dispatch {
    /// The job's name; a changed payload gets a new number.
    pub const NAME: &'static str = "dispatch.v1";
    /// Runs that may fail.
    pub const MAX_ATTEMPTS: i64 = 8;
    /// Up to here a delivery's body is small, in bytes. What GitHub tells of a comment is: two texts of 65,536 characters, and what
    /// they belong to. A large one, unpacked and copied by the database's driver, takes several times its length.
    pub const SMALL_BYTES: usize = 1024 * 1024;
}

/// Works one command off.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunCommand {
    /// The command's row.
    pub command: i64,
    /// Everything behind the name, without `--dry-run`.
    pub args: String,
    /// Show instead of do.
    pub dry_run: bool,
    /// When the comment was written, unix milliseconds.
    pub written_at_ms: i64,
}

impl RunCommand {
    /// The job's name; a changed payload gets a new number.
    pub const NAME: &'static str = "run_command.v1";
    /// Runs that may fail.
    pub const MAX_ATTEMPTS: i64 = 8;
}

/// Settles the receipt of a comment whose commands are over, where that had to wait.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LateReceipt {
    /// The person's comment.
    pub comment: CommentId,
}

impl LateReceipt {
    /// The job's name; a changed payload gets a new number.
    pub const NAME: &'static str = "late_receipt.v1";
    /// Runs that may fail.
    pub const MAX_ATTEMPTS: i64 = 8;
}

/// Looks whether something was made a second time for an effect, and takes that back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LookAgain {
    /// The effect.
    pub key: EffectKey,
    /// What there may be two of.
    pub kind: Thing,
    /// The issue it belongs to; 0 where it belongs to none.
    pub issue: IssueNumber,
    /// The earliest call that may have left something, unix milliseconds.
    pub since_ms: i64,
    /// What is known to be one too many; without it, whatever GitHub lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Made>,
}

/// What GitHub makes twice when it is told twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    /// A comment of ours.
    Comment,
    /// An issue that we opened.
    Issue,
    /// Twice only where a person's comment was taken for another in between.
    Reaction,
}

/// A thing at GitHub.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Made {
    /// Database id.
    pub id: i64,
    /// The number of an issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<IssueNumber>,
}

impl LookAgain {
    /// The job's name; a changed payload gets a new number.
    pub const NAME: &'static str = "look_again.v1";
    /// Runs that may fail.
    pub const MAX_ATTEMPTS: i64 = 8;
}

/// Erases what is old. Like the two below, the message says nothing but its name; what is due stands in the store.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Retention {}

impl Retention {
    /// The job's name; a changed payload gets a new number.
    pub const NAME: &'static str = "retention.v1";
    /// Runs that may fail.
    pub const MAX_ATTEMPTS: i64 = 5;
}

/// Fetches what GitHub could not deliver.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sweep {}

impl Sweep {
    /// The job's name; a changed payload gets a new number.
    pub const NAME: &'static str = "sweep.v1";
    /// Runs that may fail: an hour and a half of backoff.
    pub const MAX_ATTEMPTS: i64 = 8;
}

/// Lets every repository with something of ours be looked through.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reconcile {}

impl Reconcile {
    /// The job's name; a changed payload gets a new number.
    pub const NAME: &'static str = "reconcile.v1";
    /// Runs that may fail.
    pub const MAX_ATTEMPTS: i64 = 5;
}

/// Looks one repository through; which one stands in the job's row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LookThrough {}

impl LookThrough {
    /// The job's name; a changed payload gets a new number.
    pub const NAME: &'static str = "look_through.v1";
    /// Runs that may fail.
    pub const MAX_ATTEMPTS: i64 = 5;
}

/// The two lanes of an issue: what has to answer at once never waits for what takes its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// At once, beside whatever runs on the issue.
    Inbox,
    /// After what was asked before on the issue.
    Work,
}

impl Lane {
    /// The lane's name in the queue.
    pub fn of(self, repo: RepoId, issue: IssueNumber) -> String {
        match self {
            Self::Inbox => format!("inbox/{repo}/{issue}"),
            Self::Work => format!("work/{repo}/{issue}"),
        }
    }
}
