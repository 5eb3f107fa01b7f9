//! Webhook bodies: a shallow look before the answer, and the whole event for the worker.

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer};

use crate::domain::command;
use crate::domain::event::{Comment, Envelope, Event, Issue, Person, Push, RepoRef, Repository, person};
use crate::domain::ids::{CommentId, InstallationId, IssueNumber, RepoId};
use crate::domain::{lenient, misread};
use crate::github::json;

/// What the filter and the lane need to know of a delivery before it is stored. Everything may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shallow {
    /// The payload's `action`.
    pub action: Option<String>,
    /// The installation it was delivered for.
    pub installation_id: Option<InstallationId>,
    /// The repository it happened in.
    pub repo_id: Option<RepoId>,
    /// `owner/name` of that repository.
    pub repo_full_name: Option<String>,
    /// The issue or pull request; for sub-issue and dependency events the parent or the blocked one.
    pub issue_number: Option<IssueNumber>,
    /// The comment, for comment events.
    pub comment_id: Option<CommentId>,
    /// Whether a command may stand in the comment; true as well where there is none to be read.
    pub may_command: bool,
    /// Login of the account that the App is installed on, where the payload says so.
    pub account_login: Option<String>,
    /// The body's length.
    pub bytes: usize,
}

impl Shallow {
    /// Reads the few fields, skipping everything else without keeping it.
    ///
    /// # Errors
    /// One sentence, when the body is not a JSON object.
    pub fn read(body: &[u8]) -> Result<Self, WebhookError> {
        let wire: WireShallow =
            json::parse_object(body).map_err(|cause| WebhookError::not_an_object(&cause))?;
        let repository = wire.repository.unwrap_or_default();
        let installation = wire.installation.unwrap_or_default();
        let issue = [wire.issue, wire.pull_request, wire.parent_issue, wire.blocked_issue];
        let account = wire.organization.or(installation.account.map(|account| *account));
        let account_login = account.and_then(|account| account.login);
        let comment = wire.comment.unwrap_or_default();
        let issue_number = issue.into_iter().flatten().find_map(|issue| issue.number).or(wire.number);
        Ok(Self {
            action: wire.action,
            installation_id: installation.id.map(InstallationId),
            repo_id: repository.id.map(RepoId),
            repo_full_name: repository.full_name,
            issue_number: issue_number.map(IssueNumber),
            comment_id: comment.id.map(CommentId),
            may_command: comment.body.is_none_or(|MayCommand(may)| may),
            account_login,
            bytes: body.len(),
        })
    }
}

/// Reads a stored delivery. `name` is the value of `X-GitHub-Event`.
///
/// # Errors
/// One sentence that names the event and the field it cannot do without.
pub fn parse(name: &str, body: &[u8]) -> Result<Envelope, WebhookError> {
    let wire: Wire = json::parse_object(body).map_err(|cause| {
        let what = misread::told::<Wire>(&json::text(body), &cause);
        WebhookError(format!("the body of the `{name}` event cannot be read: {what}"))
    })?;
    let event = match name {
        "issue_comment" => issue_comment(&wire)?,
        "issues" => issues(&wire)?,
        "push" => Event::Push(push(&wire)?),
        "installation" => {
            let account = wire.installation.as_ref().and_then(|installation| installation.account.clone());
            Event::Installation { account, repositories: wire.repositories }
        }
        "installation_repositories" => Event::InstallationRepositories {
            added: wire.repositories_added,
            removed: wire.repositories_removed,
        },
        "repository" => Event::Repository {
            old_name: wire.changes.repository.and_then(|change| change.name).and_then(|name| name.from),
            old_owner: wire.changes.owner.and_then(|change| change.from).and_then(OldOwner::login),
        },
        _ => Event::Other,
    };
    Ok(Envelope {
        name: name.to_owned(),
        action: wire.action,
        installation: wire.installation.and_then(|installation| installation.id).map(InstallationId),
        repository: wire.repository,
        sender: wire.sender,
        event,
    })
}

/// Why a webhook body could not be read; one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WebhookError(String);

impl WebhookError {
    fn not_an_object(cause: &serde_json::Error) -> Self {
        Self(format!("the webhook body cannot be read as a JSON object: {cause}"))
    }

    fn lacks(name: &str, field: &str) -> Self {
        Self(format!("the body of the `{name}` event has no usable `{field}`"))
    }
}

fn issue_comment(wire: &Wire) -> Result<Event, WebhookError> {
    Ok(Event::IssueComment {
        issue: wire.issue.clone().ok_or_else(|| WebhookError::lacks("issue_comment", "issue"))?,
        comment: wire.comment.clone().ok_or_else(|| WebhookError::lacks("issue_comment", "comment"))?,
        old_body: old(&wire.changes.body),
    })
}

fn issues(wire: &Wire) -> Result<Event, WebhookError> {
    Ok(Event::Issues {
        issue: wire.issue.clone().ok_or_else(|| WebhookError::lacks("issues", "issue"))?,
        label: wire.label.clone(),
        old_title: old(&wire.changes.title),
        old_body: old(&wire.changes.body),
    })
}

fn push(wire: &Wire) -> Result<Push, WebhookError> {
    let git_ref = wire.git_ref.clone().ok_or_else(|| WebhookError::lacks("push", "ref"))?;
    let default = wire.repository.as_ref().map_or("", |repository| &repository.default_branch);
    let mut paths: Vec<String> = wire
        .commits
        .iter()
        .flat_map(|commit| [&commit.added, &commit.modified, &commit.removed])
        .flatten()
        .cloned()
        .collect();
    paths.sort_unstable();
    paths.dedup();
    Ok(Push {
        on_default_branch: !default.is_empty() && git_ref.strip_prefix("refs/heads/") == Some(default),
        git_ref,
        before: wire.before.clone(),
        after: wire.after.clone(),
        deleted: wire.deleted,
        forced: wire.forced,
        paths,
        commits: wire.commits.len(),
    })
}

fn old(change: &Option<Change>) -> Option<String> {
    change.as_ref().and_then(|change| change.from.clone())
}

#[derive(Deserialize)]
struct WireShallow {
    #[serde(default, deserialize_with = "lenient::scalar")]
    action: Option<String>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    number: Option<i64>,
    #[serde(default, deserialize_with = "lenient::object")]
    installation: Option<Facts>,
    #[serde(default, deserialize_with = "lenient::object")]
    repository: Option<Facts>,
    #[serde(default, deserialize_with = "lenient::object")]
    issue: Option<Facts>,
    #[serde(default, deserialize_with = "lenient::object")]
    pull_request: Option<Facts>,
    #[serde(default, deserialize_with = "lenient::object")]
    parent_issue: Option<Facts>,
    #[serde(default, deserialize_with = "lenient::object")]
    blocked_issue: Option<Facts>,
    #[serde(default, deserialize_with = "lenient::object")]
    comment: Option<CommentFacts>,
    #[serde(default, deserialize_with = "lenient::object")]
    organization: Option<Facts>,
}

/// The fields by which the filter knows a thing, whatever it is.
#[derive(Default, Deserialize)]
struct Facts {
    #[serde(default, deserialize_with = "lenient::scalar")]
    id: Option<i64>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    number: Option<i64>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    full_name: Option<String>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    login: Option<String>,
    #[serde(default, deserialize_with = "lenient::object")]
    account: Option<Box<Facts>>,
}

/// The fields by which the filter knows a comment.
#[derive(Default, Deserialize)]
struct CommentFacts {
    #[serde(default, deserialize_with = "lenient::scalar")]
    id: Option<i64>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    body: Option<MayCommand>,
}

/// Looks at a text without keeping it.
struct MayCommand(bool);

impl<'de> Deserialize<'de> for MayCommand {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Look;
        impl Visitor<'_> for Look {
            type Value = MayCommand;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_str<E>(self, text: &str) -> Result<MayCommand, E> {
                Ok(MayCommand(command::may_hold(text)))
            }
        }
        deserializer.deserialize_str(Look)
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "lenient::scalar")]
    action: Option<String>,
    #[serde(default, deserialize_with = "lenient::object")]
    installation: Option<WireInstallation>,
    #[serde(default, deserialize_with = "lenient::object")]
    repository: Option<Repository>,
    #[serde(default, deserialize_with = "person")]
    sender: Option<Person>,
    #[serde(default, deserialize_with = "lenient::object")]
    issue: Option<Box<Issue>>,
    #[serde(default, deserialize_with = "lenient::object")]
    comment: Option<Box<Comment>>,
    #[serde(default, deserialize_with = "lenient::name")]
    label: Option<String>,
    #[serde(default, deserialize_with = "changes")]
    changes: Changes,
    #[serde(default, rename = "ref", deserialize_with = "lenient::scalar")]
    git_ref: Option<String>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    before: String,
    #[serde(default, deserialize_with = "lenient::or_default")]
    after: String,
    #[serde(default, deserialize_with = "lenient::or_default")]
    deleted: bool,
    #[serde(default, deserialize_with = "lenient::or_default")]
    forced: bool,
    #[serde(default, deserialize_with = "lenient::objects")]
    commits: Vec<WireCommit>,
    #[serde(default, deserialize_with = "lenient::objects")]
    repositories: Vec<RepoRef>,
    #[serde(default, deserialize_with = "lenient::objects")]
    repositories_added: Vec<RepoRef>,
    #[serde(default, deserialize_with = "lenient::objects")]
    repositories_removed: Vec<RepoRef>,
}

#[derive(Deserialize)]
struct WireInstallation {
    #[serde(default, deserialize_with = "lenient::scalar")]
    id: Option<i64>,
    #[serde(default, deserialize_with = "person")]
    account: Option<Person>,
}

#[derive(Deserialize)]
struct WireCommit {
    #[serde(default, deserialize_with = "lenient::scalars")]
    added: Vec<String>,
    #[serde(default, deserialize_with = "lenient::scalars")]
    modified: Vec<String>,
    #[serde(default, deserialize_with = "lenient::scalars")]
    removed: Vec<String>,
}

#[derive(Default, Deserialize)]
struct Changes {
    #[serde(default, deserialize_with = "lenient::object")]
    title: Option<Change>,
    #[serde(default, deserialize_with = "lenient::object")]
    body: Option<Change>,
    #[serde(default, deserialize_with = "lenient::object")]
    repository: Option<RepositoryChange>,
    #[serde(default, deserialize_with = "lenient::object")]
    owner: Option<OwnerChange>,
}

fn changes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Changes, D::Error> {
    lenient::object(deserializer).map(Option::unwrap_or_default)
}

#[derive(Deserialize)]
struct Change {
    #[serde(default, deserialize_with = "lenient::scalar")]
    from: Option<String>,
}

#[derive(Deserialize)]
struct RepositoryChange {
    #[serde(default, deserialize_with = "lenient::object")]
    name: Option<Change>,
}

#[derive(Deserialize)]
struct OwnerChange {
    #[serde(default, deserialize_with = "lenient::object")]
    from: Option<OldOwner>,
}

#[derive(Deserialize)]
struct OldOwner {
    #[serde(default, deserialize_with = "person")]
    user: Option<Person>,
    #[serde(default, deserialize_with = "person")]
    organization: Option<Person>,
}

impl OldOwner {
    fn login(self) -> Option<String> {
        self.user.or(self.organization).map(|owner| owner.login)
    }
}

#[cfg(test)]
mod tests;
