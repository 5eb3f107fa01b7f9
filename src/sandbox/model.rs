//! What a world is made of: people, repositories, issues, comments, installations; plain data without rules.

use std::collections::{BTreeMap, BTreeSet};

use super::alerts::{Alert, Scanner};
use super::git::Objects;

/// Tells the time in unix milliseconds; injected, so that a world stands still until its owner moves it.
pub type Clock = std::sync::Arc<dyn Fn() -> i64 + Send + Sync>;

/// What kind of account a login is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    /// A person.
    User,
    /// An organization.
    Organization,
    /// An App's own account, or another machine account of type Bot.
    Bot,
}

impl AccountKind {
    /// GitHub's word in the field `type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Organization => "Organization",
            Self::Bot => "Bot",
        }
    }
}

/// A person, an organization or a bot.
#[derive(Debug, Clone)]
pub struct Account {
    /// Database id.
    pub id: i64,
    /// GraphQL id.
    pub node_id: String,
    /// Login as spelled by its owner; compared without case.
    pub login: String,
    /// Kind of account.
    pub kind: AccountKind,
    /// Members, for an organization: lower-case logins.
    pub members: BTreeSet<String>,
    /// Unix milliseconds.
    pub created_ms: i64,
}

/// What an account may do in a repository, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Nothing, not even to see that a private repository exists.
    None,
    /// Reads and comments.
    Read,
    /// Also labels and closes issues.
    Triage,
    /// Also pushes.
    Write,
    /// Also manages the repository, except for what could destroy it.
    Maintain,
    /// Everything.
    Admin,
}

impl Role {
    /// `role_name` of the collaborator-permission answer.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Triage => "triage",
            Self::Write => "write",
            Self::Maintain => "maintain",
            Self::Admin => "admin",
        }
    }

    /// `permission` of the same answer, which folds triage into read and maintain into write.
    pub fn folded(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read | Self::Triage => "read",
            Self::Write | Self::Maintain => "write",
            Self::Admin => "admin",
        }
    }
}

/// A label of a repository.
#[derive(Debug, Clone)]
pub struct Label {
    /// Database id.
    pub id: i64,
    /// Name as spelled; unique without case.
    pub name: String,
    /// Six hex digits.
    pub color: String,
    /// Description, if any.
    pub description: Option<String>,
    /// Whether GitHub made it with the repository.
    pub default: bool,
}

/// One run of a workflow.
#[derive(Debug, Clone)]
pub struct WorkflowRun {
    /// Database id.
    pub id: i64,
    /// Path of the workflow file.
    pub path: String,
    /// Branch it ran on.
    pub head_branch: String,
    /// Commit it ran on.
    pub head_sha: String,
    /// `push`, `pull_request`, …
    pub event: String,
    /// `queued`, `in_progress`, `completed`.
    pub status: String,
    /// `success`, `failure`, …; none until completed.
    pub conclusion: Option<String>,
    /// Login of who started it.
    pub actor: String,
    /// Counts up per workflow.
    pub run_number: i64,
    /// Unix milliseconds.
    pub created_ms: i64,
}

/// A repository.
#[derive(Debug)]
pub struct Repository {
    /// Database id; survives renames.
    pub id: i64,
    /// GraphQL id.
    pub node_id: String,
    /// Login of the owner.
    pub owner: String,
    /// Name without the owner.
    pub name: String,
    /// Whether only people with a role see it.
    pub private: bool,
    /// Whether it is read-only.
    pub archived: bool,
    /// Description, if any.
    pub description: Option<String>,
    /// Branch that `contents` and `commits` use when none is named.
    pub default_branch: String,
    /// Head commit of each branch.
    pub branches: BTreeMap<String, String>,
    /// Git objects.
    pub objects: Objects,
    /// Labels in the order of their making.
    pub labels: Vec<Label>,
    /// Roles by lower-case login.
    pub roles: BTreeMap<String, Role>,
    /// Workflow runs, oldest first.
    pub runs: Vec<WorkflowRun>,
    /// Alerts of the scanners that are switched on, oldest first.
    pub alerts: BTreeMap<Scanner, Vec<Alert>>,
    /// What became of each issue number.
    pub numbers: BTreeMap<i64, IssueSlot>,
    /// Unix milliseconds.
    pub created_ms: i64,
    /// Unix milliseconds of the last push.
    pub pushed_ms: i64,
}

impl Repository {
    /// `owner/name`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// The label of this name, compared without case.
    pub fn label(&self, name: &str) -> Option<&Label> {
        self.labels.iter().find(|label| label.name.to_lowercase() == name.to_lowercase())
    }
}

/// What stands behind an issue number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueSlot {
    /// An issue with this database id.
    Live(i64),
    /// It was deleted: 410 from now on.
    Deleted,
    /// It lives on elsewhere under this database id: 301 from now on.
    Transferred(i64),
}

/// A reaction to an issue or a comment.
#[derive(Debug, Clone)]
pub struct Reaction {
    /// Database id.
    pub id: i64,
    /// `+1`, `-1`, `laugh`, `confused`, `heart`, `hooray`, `rocket` or `eyes`.
    pub content: String,
    /// Login of who reacted.
    pub user: String,
    /// Unix milliseconds.
    pub created_ms: i64,
}

/// An issue, or the issue side of a pull request.
#[derive(Debug, Clone)]
pub struct Issue {
    /// Database id, as sub-issues and dependencies want it.
    pub id: i64,
    /// GraphQL id.
    pub node_id: String,
    /// Database id of the repository.
    pub repo: i64,
    /// Number within the repository.
    pub number: i64,
    /// Title.
    pub title: String,
    /// Text, if any.
    pub body: Option<String>,
    /// Login of the author; none for a ghost.
    pub author: Option<String>,
    /// Whether an App made it: database id of the installation.
    pub via_installation: Option<i64>,
    /// Whether it is open.
    pub open: bool,
    /// `completed`, `not_planned`, `duplicate`, `reopened`, if anybody said.
    pub state_reason: Option<String>,
    /// Lower-case label names, in the order they were set.
    pub labels: Vec<String>,
    /// Logins.
    pub assignees: Vec<String>,
    /// What it is to be done for.
    pub milestone: Option<Milestone>,
    /// Whether the conversation is locked.
    pub locked: bool,
    /// Whether this is a pull request.
    pub pull_request: bool,
    /// Reactions, oldest first.
    pub reactions: Vec<Reaction>,
    /// Database ids of the children, in order.
    pub sub_issues: Vec<i64>,
    /// Database id of the parent.
    pub parent: Option<i64>,
    /// Database ids of what it waits for.
    pub blocked_by: Vec<i64>,
    /// What happened to it, oldest first.
    pub events: Vec<IssueEvent>,
    /// Unix milliseconds.
    pub created_ms: i64,
    /// Unix milliseconds.
    pub updated_ms: i64,
    /// Unix milliseconds.
    pub closed_ms: Option<i64>,
    /// Login of who closed it.
    pub closed_by: Option<String>,
}

/// What several issues are to be done for.
#[derive(Debug, Clone)]
pub struct Milestone {
    /// Its name.
    pub title: String,
    /// RFC 3339; none where no day is set.
    pub due_on: Option<String>,
}

/// Something that happened to an issue.
#[derive(Debug, Clone)]
pub struct IssueEvent {
    /// Database id.
    pub id: i64,
    /// Login of who did it.
    pub actor: String,
    /// Whether an App did it: database id of the installation.
    pub via_installation: Option<i64>,
    /// What.
    pub kind: EventKind,
    /// Unix milliseconds.
    pub at_ms: i64,
}

/// The kinds of issue events, each with what is particular to it.
#[derive(Debug, Clone)]
pub enum EventKind {
    /// `labeled`.
    Labeled(Label),
    /// `unlabeled`.
    Unlabeled(Label),
    /// `closed`, with a reason.
    Closed(Option<String>),
    /// `reopened`.
    Reopened,
    /// `locked`.
    Locked,
    /// `unlocked`.
    Unlocked,
    /// `renamed`.
    Renamed {
        /// Old title.
        from: String,
        /// New title.
        to: String,
    },
    /// `assigned`, with the login.
    Assigned(String),
    /// `unassigned`, with the login.
    Unassigned(String),
    /// A relation to another issue: GitHub's event name, the field that names the other one, its database id.
    Related {
        /// Such as `sub_issue_added`.
        event: &'static str,
        /// Such as `sub_issue`.
        field: &'static str,
        /// Database id.
        other: i64,
    },
}

/// A comment on an issue.
#[derive(Debug, Clone)]
pub struct Comment {
    /// Database id.
    pub id: i64,
    /// GraphQL id.
    pub node_id: String,
    /// Database id of the issue.
    pub issue: i64,
    /// Login of the author; none for a ghost.
    pub author: Option<String>,
    /// Whether an App wrote it: database id of the installation.
    pub via_installation: Option<i64>,
    /// Text.
    pub body: String,
    /// Classifier it was minimized with, lower case.
    pub minimized: Option<String>,
    /// Reactions, oldest first.
    pub reactions: Vec<Reaction>,
    /// Unix milliseconds.
    pub created_ms: i64,
    /// Unix milliseconds.
    pub updated_ms: i64,
}

/// How much of a resource a token or an installation may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Read only.
    Read,
    /// Read and write.
    Write,
    /// Also administrate.
    Admin,
}

impl Level {
    /// GitHub's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// Reads GitHub's word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Admin].into_iter().find(|level| level.name() == word)
    }
}

/// Resource name, such as `issues`, to level.
pub type Permissions = BTreeMap<String, Level>;

/// Which repositories an installation covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All of the account's, also those made later.
    All,
    /// These database ids.
    Selected(BTreeSet<i64>),
}

/// An installation of the App on an account.
#[derive(Debug, Clone)]
pub struct Installation {
    /// Database id.
    pub id: i64,
    /// Login of the user or organization.
    pub account: String,
    /// Repositories.
    pub selection: Selection,
    /// What was granted.
    pub permissions: Permissions,
    /// Who suspended it and when (unix milliseconds).
    pub suspended: Option<(String, i64)>,
    /// Unix milliseconds.
    pub created_ms: i64,
}

/// An installation token that was handed out.
#[derive(Debug, Clone)]
pub struct Token {
    /// Database id of the installation.
    pub installation: i64,
    /// Repositories it is limited to; none means all of the installation's.
    pub repositories: Option<BTreeSet<i64>>,
    /// What it may do.
    pub permissions: Permissions,
    /// Unix milliseconds.
    pub expires_ms: i64,
}

/// Something in the world changed; for pages that follow along, and for whoever delivers webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// An issue, its labels, reactions or relations.
    Issue {
        /// Database id of the repository.
        repo: i64,
        /// Number of the issue.
        number: i64,
    },
    /// A comment was made, edited, minimized or deleted.
    Comment {
        /// Database id of the repository.
        repo: i64,
        /// Number of the issue.
        number: i64,
        /// Database id of the comment.
        comment: i64,
    },
    /// Branches, roles or labels of a repository.
    Repository(i64),
    /// An installation.
    Installation(i64),
    /// A webhook waits for delivery.
    WebhookQueued,
    /// A webhook was delivered: database id of the attempt.
    WebhookDelivered(i64),
    /// A request was answered: its number in the log.
    Request(u64),
}
