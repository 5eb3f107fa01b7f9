//! What GitHub tells us happened, with the fields we use and nothing else.

use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::ids::{CommentId, InstallationId, IssueId, IssueNumber, RepoId, RepoName};
use crate::domain::lenient;

/// One delivery, read: what happened, where, and by whom.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// The event's name as in `X-GitHub-Event`.
    pub name: String,
    /// The payload's `action`, where the event has one.
    pub action: Option<String>,
    /// The installation it was delivered for.
    pub installation: Option<InstallationId>,
    /// The repository it happened in; installation events have none.
    pub repository: Option<Repository>,
    /// Who did it; `None` for an account that no longer exists.
    pub sender: Option<Person>,
    /// What happened.
    pub event: Event,
}

impl Envelope {
    /// Whether this is one of the pairs a subscription asks for.
    pub fn is(&self, kind: EventKind) -> bool {
        kind.matches(&self.name, self.action.as_deref())
    }
}

/// What happened, by event; the action is in the [`Envelope`].
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// `issue_comment`: somebody wrote, edited or deleted a comment on an issue or pull request.
    IssueComment {
        /// The issue as it is after the event.
        issue: Box<Issue>,
        /// The comment as it is after the event.
        comment: Box<Comment>,
        /// The text before an edit.
        old_body: Option<String>,
    },
    /// `issues`: an issue was opened, edited, closed, labeled, transferred …
    Issues {
        /// The issue as it is after the event.
        issue: Box<Issue>,
        /// The label that was set or taken away (`labeled`, `unlabeled`).
        label: Option<String>,
        /// The title before an edit of the title.
        old_title: Option<String>,
        /// The text before an edit of the text.
        old_body: Option<String>,
    },
    /// `push`: a branch or tag moved.
    Push(Push),
    /// `installation`: the App was installed, removed, suspended …
    Installation {
        /// Whose installation it is.
        account: Option<Person>,
        /// The repositories it covers; given for `created` and `deleted`.
        repositories: Vec<RepoRef>,
    },
    /// `installation_repositories`: the installation covers more or fewer repositories.
    InstallationRepositories {
        /// New ones.
        added: Vec<RepoRef>,
        /// Those no longer covered.
        removed: Vec<RepoRef>,
    },
    /// `repository`: renamed, transferred, archived, deleted …; the new state is the envelope's repository.
    Repository {
        /// The name (without the owner) before a renaming.
        old_name: Option<String>,
        /// The owner's login before a transfer.
        old_owner: Option<String>,
    },
    /// Any other event.
    Other,
}

/// A name and action that a subscription asks for; without an action every action of the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventKind {
    /// The event's name as in `X-GitHub-Event`.
    pub name: &'static str,
    /// The payload's `action`.
    pub action: Option<&'static str>,
}

impl EventKind {
    /// One action of an event.
    pub const fn action(name: &'static str, action: &'static str) -> Self {
        Self { name, action: Some(action) }
    }

    /// An event with whatever action.
    pub const fn any(name: &'static str) -> Self {
        Self { name, action: None }
    }

    /// Whether a delivery of this name and action is meant.
    pub fn matches(self, name: &str, action: Option<&str>) -> bool {
        self.name == name && (self.action.is_none() || self.action == action)
    }
}

/// What a `push` moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The full ref, such as `refs/heads/main`.
    pub git_ref: String,
    /// Whether it is the default branch.
    pub on_default_branch: bool,
    /// The commit before; forty zeros for a new ref.
    pub before: String,
    /// The commit after; forty zeros for a deleted ref.
    pub after: String,
    /// Whether the ref is gone.
    pub deleted: bool,
    /// Whether history was rewritten.
    pub forced: bool,
    /// Every path that the listed commits added, changed or removed; sorted, each once.
    pub paths: Vec<String>,
    /// Commits in the payload. GitHub lists at most 2,048, so that `paths` may be incomplete at that number.
    pub commits: usize,
}

/// An account. Accounts that were deleted come as `None` wherever a person is named.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Person {
    /// GitHub's database id.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub id: Option<i64>,
    /// The name behind `@`; Apps' accounts end in `[bot]`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub login: String,
    /// What kind of account.
    #[serde(default, rename = "type", deserialize_with = "person_kind")]
    pub kind: PersonKind,
}

/// The kinds of accounts we tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PersonKind {
    /// A human's account, as far as GitHub knows.
    #[default]
    User,
    /// An App's account.
    Bot,
    /// An organization.
    Organization,
    /// A placeholder for an imported author.
    Mannequin,
}

/// What several issues are to be done for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Milestone {
    /// Its name.
    #[serde(deserialize_with = "lenient::or_default")]
    pub title: String,
    /// The day by which it is due, RFC 3339, where one is set.
    #[serde(deserialize_with = "lenient::scalar")]
    pub due_on: Option<String>,
}

/// An issue or pull request, as webhooks and the issues API give it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Issue {
    /// Database id.
    pub id: IssueId,
    /// GraphQL id.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub node_id: String,
    /// The number behind `#`.
    pub number: IssueNumber,
    /// Title.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub title: String,
    /// Markdown text; empty when there is none.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub body: String,
    /// Open or closed.
    #[serde(default, deserialize_with = "issue_state")]
    pub state: IssueState,
    /// `completed`, `not_planned`, `duplicate` or `reopened`, where GitHub gives one.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub state_reason: Option<String>,
    /// Who opened it.
    #[serde(default, deserialize_with = "person")]
    pub user: Option<Person>,
    /// Names of its labels.
    #[serde(default, deserialize_with = "lenient::names")]
    pub labels: Vec<String>,
    /// Who it is assigned to.
    #[serde(default, deserialize_with = "lenient::objects")]
    pub assignees: Vec<Person>,
    /// Name of its issue type, such as `Bug`, where the organization uses types.
    #[serde(default, rename = "type", deserialize_with = "lenient::name")]
    pub issue_type: Option<String>,
    /// Its milestone, where it has one.
    #[serde(default, deserialize_with = "lenient::object")]
    pub milestone: Option<Milestone>,
    /// Whether conversation is limited.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub locked: bool,
    /// How many comments it has.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub comments: i64,
    /// How many reactions it has.
    #[serde(default, deserialize_with = "reactions")]
    pub reactions: i64,
    /// Unix milliseconds.
    #[serde(default, rename = "created_at", deserialize_with = "lenient::instant")]
    pub created_at_ms: Option<i64>,
    /// Unix milliseconds.
    #[serde(default, rename = "updated_at", deserialize_with = "lenient::instant")]
    pub updated_at_ms: Option<i64>,
    /// Unix milliseconds; `None` while open.
    #[serde(default, rename = "closed_at", deserialize_with = "lenient::instant")]
    pub closed_at_ms: Option<i64>,
    /// Its page.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub html_url: String,
    /// Address of its repository in the API, `…/repos/OWNER/NAME`; see [`Issue::repository`].
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub repository_url: String,
    /// Whether it is a pull request.
    #[serde(default, rename = "pull_request", deserialize_with = "lenient::present")]
    pub is_pull_request: bool,
    /// The App through which it was created.
    #[serde(default, rename = "performed_via_github_app", deserialize_with = "app_id")]
    pub app_id: Option<i64>,
}

/// Whether what was closed for this reason, as GitHub says it, was not done: whatever it was to bring is still to come.
pub fn is_dropped_for(reason: Option<&str>) -> bool {
    matches!(reason, Some("not_planned" | "duplicate"))
}

impl Issue {
    /// Closed without being done.
    pub fn is_dropped(&self) -> bool {
        self.state == IssueState::Closed && is_dropped_for(self.state_reason.as_deref())
    }

    /// The repository it lives in, read from its address; sub-issues and dependencies may live in another one.
    pub fn repository(&self) -> Option<RepoName> {
        let mut parts = self.repository_url.rsplit('/');
        let (name, owner) = (parts.next()?, parts.next()?);
        (parts.next() == Some("repos") && !name.is_empty() && !owner.is_empty())
            .then(|| RepoName { owner: owner.to_owned(), name: name.to_owned() })
    }
}

/// Whether an issue is still to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IssueState {
    /// Open.
    #[default]
    Open,
    /// Closed, for whatever reason.
    Closed,
}

/// A comment on an issue or pull request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Comment {
    /// Database id.
    pub id: CommentId,
    /// GraphQL id.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub node_id: String,
    /// Markdown text.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub body: String,
    /// Who wrote it.
    #[serde(default, deserialize_with = "person")]
    pub user: Option<Person>,
    /// Unix milliseconds.
    #[serde(default, rename = "created_at", deserialize_with = "lenient::instant")]
    pub created_at_ms: Option<i64>,
    /// Unix milliseconds.
    #[serde(default, rename = "updated_at", deserialize_with = "lenient::instant")]
    pub updated_at_ms: Option<i64>,
    /// Its place on the page.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub html_url: String,
    /// The App through which it was written.
    #[serde(default, rename = "performed_via_github_app", deserialize_with = "app_id")]
    pub app_id: Option<i64>,
}

/// Who speaks in a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// A person.
    Person,
    /// The bot of the App with this id.
    App(i64),
}

impl Comment {
    /// Who speaks; nobody where the account is gone, and for a bot whose App GitHub does not name.
    pub fn speaker(&self) -> Option<Speaker> {
        match self.user.as_ref()?.kind {
            PersonKind::User => Some(Speaker::Person),
            PersonKind::Bot => self.app_id.map(Speaker::App),
            PersonKind::Organization | PersonKind::Mannequin => None,
        }
    }
}

/// A repository, as webhooks and the API give it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Repository {
    /// Database id.
    pub id: RepoId,
    /// Name without the owner.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// `owner/name`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub full_name: String,
    /// Whether it is private or internal.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub private: bool,
    /// Whether it is read-only.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub archived: bool,
    /// Name of the default branch; empty where GitHub leaves it out.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub default_branch: String,
    /// Its page.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub html_url: String,
}

impl Repository {
    /// Owner and name; `None` when GitHub gave no full name.
    pub fn repo_name(&self) -> Option<RepoName> {
        RepoName::parse(&self.full_name)
    }
}

/// A repository in an installation's list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RepoRef {
    /// Database id.
    pub id: RepoId,
    /// `owner/name`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub full_name: String,
}

impl RepoRef {
    /// Owner and name; `None` when GitHub gave no full name.
    pub fn repo_name(&self) -> Option<RepoName> {
        RepoName::parse(&self.full_name)
    }
}

/// For `#[serde(deserialize_with)]`: a person, `None` for a deleted account.
pub fn person<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Person>, D::Error> {
    let person: Option<Person> = lenient::object(deserializer)?;
    Ok(person.filter(|person| !person.login.is_empty()))
}

fn person_kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PersonKind, D::Error> {
    let kind: String = lenient::or_default(deserializer)?;
    Ok(match kind.as_str() {
        "Bot" => PersonKind::Bot,
        "Organization" => PersonKind::Organization,
        "Mannequin" => PersonKind::Mannequin,
        _ => PersonKind::User,
    })
}

fn issue_state<'de, D: Deserializer<'de>>(deserializer: D) -> Result<IssueState, D::Error> {
    let state: String = lenient::or_default(deserializer)?;
    Ok(if state.eq_ignore_ascii_case("closed") { IssueState::Closed } else { IssueState::Open })
}

fn reactions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    #[derive(Deserialize)]
    struct Rollup {
        #[serde(default, deserialize_with = "lenient::or_default")]
        total_count: i64,
    }
    Ok(lenient::object::<_, Rollup>(deserializer)?.map_or(0, |rollup| rollup.total_count))
}

fn app_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    struct App {
        #[serde(default, deserialize_with = "lenient::scalar")]
        id: Option<i64>,
    }
    let app: Option<App> = lenient::object(deserializer)?;
    Ok(app.and_then(|app| app.id))
}

#[cfg(test)]
mod tests {
    use super::{EventKind, Issue, IssueState, PersonKind};

    #[test]
    fn an_issue_needs_only_its_id_and_number() {
        let issue: Issue = serde_json::from_str(r#"{"id":1,"number":2,"user":null,"body":null}"#).unwrap();
        assert_eq!((issue.id.0, issue.number.0, issue.user, issue.body.as_str()), (1, 2, None, ""));
        assert_eq!(issue.state, IssueState::Open);
        assert!(serde_json::from_str::<Issue>(r#"{"id":1}"#).is_err());
    }

    #[test]
    fn an_issue_tells_its_repository_author_and_app() {
        let issue: Issue = serde_json::from_str(
            r#"{"id":1,"number":2,"repository_url":"https://api.github.com/repos/octo/hello","state":"closed",
                "user":{"login":"millwright[bot]","type":"Bot"},"performed_via_github_app":{"id":77},
                "pull_request":{"url":"x"},"labels":[{"name":"bug"}],"milestone":{"number":1,"title":"2.0"},"type":{"name":"Bug"}}"#,
        )
        .unwrap();
        assert_eq!(issue.repository().unwrap().to_string(), "octo/hello");
        assert_eq!(issue.user.unwrap().kind, PersonKind::Bot);
        assert_eq!(issue.app_id, Some(77));
        assert!(issue.is_pull_request);
        assert_eq!(issue.labels, ["bug"]);
        assert_eq!(issue.milestone.map(|it| it.title).as_deref(), Some("2.0"));
        assert_eq!(issue.issue_type.as_deref(), Some("Bug"));
        assert_eq!(issue.state, IssueState::Closed);
    }

    #[test]
    fn kinds_match_by_name_and_action() {
        let created = EventKind::action("issue_comment", "created");
        assert!(created.matches("issue_comment", Some("created")));
        assert!(!created.matches("issue_comment", Some("edited")));
        assert!(!created.matches("issues", Some("created")));
        assert!(EventKind::any("push").matches("push", None));
    }
}
