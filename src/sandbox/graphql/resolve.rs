//! What the fields of the schema are, taken from the state.

use serde_json::{Map, Value, json};

use super::blame::{self, Lines};
use crate::sandbox::git::{Object, TreeEntry};
use crate::sandbox::limits::Resource;
use crate::sandbox::model::{Comment, Issue, Level, Repository, Token};
use crate::sandbox::state::{State, timestamp};

/// GitHub cuts the text of larger blobs.
const LONGEST_TEXT: usize = 512_000;

/// An object that fields are asked of.
#[derive(Debug, Clone)]
pub enum Node {
    /// The root of queries.
    Query,
    /// The root of mutations.
    Mutation,
    /// Database id.
    Repository(i64),
    /// Database id.
    Issue(i64),
    /// Database id.
    Comment(i64),
    /// Repository and id of the object.
    Git(i64, &'static str, String),
    /// Repository and entry.
    TreeEntry(i64, TreeEntry),
    /// Repository and branch.
    Ref(i64, String),
    /// Repository, commit and path.
    Blame(i64, String, String),
    /// Repository, lines and the commit that wrote them.
    BlameRange(i64, Lines),
    /// Repository and commit.
    Author(i64, String),
    /// Login.
    User(String),
    /// The budget of the caller.
    RateLimit,
    /// Comment and `clientMutationId`.
    Minimized(i64, Value),
}

/// Value of a field.
pub enum Found {
    /// A scalar, or null.
    Value(Value),
    /// An object.
    One(Node),
    /// A list of objects.
    Many(Vec<Node>),
}

impl Node {
    /// Name of the object type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Query => "Query",
            Self::Mutation => "Mutation",
            Self::Repository(_) => "Repository",
            Self::Issue(_) => "Issue",
            Self::Comment(_) => "IssueComment",
            Self::Git(_, kind, _) => kind,
            Self::TreeEntry(..) => "TreeEntry",
            Self::Ref(..) => "Ref",
            Self::Blame(..) => "Blame",
            Self::BlameRange(..) => "BlameRange",
            Self::Author(..) => "GitActor",
            Self::User(_) => "User",
            Self::RateLimit => "RateLimit",
            Self::Minimized(..) => "MinimizeCommentPayload",
        }
    }
}

/// One field of one object; the error is in GitHub's shape, without its path.
pub fn field(
    state: &mut State,
    token: &Token,
    asked: (&Node, &str, &Map<String, Value>),
) -> Result<Found, Value> {
    let (node, name, arguments) = asked;
    if name == "__typename" {
        return Ok(Found::Value(json!(node.type_name())));
    }
    let text = |argument: &str| arguments.get(argument).and_then(Value::as_str).unwrap_or_default();
    match (node, name) {
        (Node::Query, "repository") => repository(state, token, (text("owner"), text("name"))),
        (Node::Query, "node") => by_node_id(state, token, text("id")).map(Found::One),
        (Node::Query, "rateLimit") => Ok(Found::One(Node::RateLimit)),
        (Node::Mutation, "minimizeComment") => minimize(state, token, arguments),
        (Node::Repository(id), "object") => {
            needs(state, token, "contents", Level::Read)?;
            Ok(known(state, *id)?.expression(text("expression"), text("oid")))
        }
        (Node::Repository(id), "issue") => {
            needs(state, token, "issues", Level::Read)?;
            let number = arguments.get("number").and_then(Value::as_i64).unwrap_or_default();
            let message =
                || format!("Could not resolve to an issue or pull request with the number of {number}.");
            let issue = state.issue_at(*id, number).map_err(|_| not_found(message()))?;
            Ok(Found::One(Node::Issue(issue.id)))
        }
        (Node::Repository(id), _) => Ok(repository_field(state, known(state, *id)?, name)),
        (Node::Issue(id), _) => {
            let issue = state.issues.get(id).ok_or_else(gone)?;
            Ok(Found::Value(issue_field(state, issue, name)))
        }
        (Node::Comment(id), _) => {
            let comment = state.comments.get(id).ok_or_else(gone)?;
            Ok(Found::Value(comment_field(comment, name)))
        }
        (Node::Git(repo, "Commit", oid), "blame") => {
            Ok(Found::One(Node::Blame(*repo, oid.clone(), text("path").to_owned())))
        }
        (Node::Blame(repo, commit, path), _) => {
            let lines = blame::lines(known(state, *repo)?, commit, path);
            Ok(Found::Many(lines.into_iter().map(|lines| Node::BlameRange(*repo, lines)).collect()))
        }
        (Node::BlameRange(repo, lines), _) => Ok(match name {
            "commit" => Found::One(Node::Git(*repo, "Commit", lines.commit.clone())),
            "startingLine" => Found::Value(json!(lines.first)),
            _ => Found::Value(json!(lines.last)),
        }),
        (Node::Author(repo, commit), _) => Ok(author_field(state, known(state, *repo)?, (commit, name))),
        (Node::User(login), _) => Ok(Found::Value(json!(login))),
        (Node::Git(repo, _, oid), _) => Ok(git_field(known(state, *repo)?, (*repo, oid), name)),
        (Node::TreeEntry(repo, entry), _) => Ok(entry_field(*repo, entry, name)),
        (Node::Ref(repo, branch), _) => Ok(ref_field(known(state, *repo)?, branch, name)),
        (Node::RateLimit, _) => Ok(Found::Value(limit_field(state, token, name))),
        (Node::Minimized(comment, _), "minimizedComment") => Ok(Found::One(Node::Comment(*comment))),
        (Node::Minimized(_, client), _) => Ok(Found::Value(client.clone())),
        (Node::Query | Node::Mutation, _) => Ok(Found::Value(Value::Null)),
    }
}

fn repository(state: &State, token: &Token, name: (&str, &str)) -> Result<Found, Value> {
    let full_name = format!("{}/{}", name.0, name.1);
    let id = state.repository_id(&full_name).filter(|id| state.reaches(token, *id));
    let message = || format!("Could not resolve to a Repository with the name '{full_name}'.");
    id.map(|id| Found::One(Node::Repository(id))).ok_or_else(|| not_found(message()))
}

fn by_node_id(state: &State, token: &Token, id: &str) -> Result<Node, Value> {
    let reaches = |repo: i64| state.reaches(token, repo);
    let in_reach = |issue: i64| state.issues.get(&issue).is_some_and(|issue| reaches(issue.repo));
    let comment = state.comments.values().find(|comment| comment.node_id == id && in_reach(comment.issue));
    let issue = || state.issues.values().find(|issue| issue.node_id == id && reaches(issue.repo));
    let repository = || state.repositories.values().find(|it| it.node_id == id && reaches(it.id));
    comment
        .map(|comment| Node::Comment(comment.id))
        .or_else(|| issue().map(|issue| Node::Issue(issue.id)))
        .or_else(|| repository().map(|it| Node::Repository(it.id)))
        .ok_or_else(|| not_found(format!("Could not resolve to a node with the global id of '{id}'")))
}

fn minimize(state: &mut State, token: &Token, arguments: &Map<String, Value>) -> Result<Found, Value> {
    let input = arguments.get("input").cloned().unwrap_or_default();
    let text = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
    let node = by_node_id(state, token, text("subjectId"))?;
    needs(state, token, "issues", Level::Write)?;
    let Node::Comment(comment) = node else {
        return Err(not_found(format!(
            "Could not resolve to a minimizable node with '{}'",
            text("subjectId")
        )));
    };
    state.minimize_comment(comment, text("classifier")).map_err(|_| gone())?;
    let client = input.get("clientMutationId").cloned().unwrap_or_default();
    Ok(Found::One(Node::Minimized(comment, client)))
}

fn repository_field(state: &State, repository: &Repository, name: &str) -> Found {
    let value = match name {
        "id" => json!(repository.node_id),
        "databaseId" => json!(repository.id),
        "name" => json!(repository.name),
        "nameWithOwner" => json!(repository.full_name()),
        "isPrivate" => json!(repository.private),
        "isArchived" => json!(repository.archived),
        "url" => json!(format!("{}/{}", state.html_url, repository.full_name())),
        "defaultBranchRef" if repository.branches.contains_key(&repository.default_branch) => {
            return Found::One(Node::Ref(repository.id, repository.default_branch.clone()));
        }
        _ => Value::Null,
    };
    Found::Value(value)
}

fn issue_field(state: &State, issue: &Issue, name: &str) -> Value {
    let full_name = state.repositories.get(&issue.repo).map(Repository::full_name).unwrap_or_default();
    match name {
        "id" => json!(issue.node_id),
        "databaseId" => json!(i32::try_from(issue.id).ok()),
        "fullDatabaseId" => json!(issue.id.to_string()),
        "number" => json!(issue.number),
        "title" => json!(issue.title),
        "body" => json!(issue.body.as_deref().unwrap_or_default()),
        "state" => json!(if issue.open { "OPEN" } else { "CLOSED" }),
        "locked" => json!(issue.locked),
        "url" => json!(format!("{}/{full_name}/issues/{}", state.html_url, issue.number)),
        "createdAt" => json!(timestamp(issue.created_ms)),
        "updatedAt" => json!(timestamp(issue.updated_ms)),
        _ => Value::Null,
    }
}

fn comment_field(comment: &Comment, name: &str) -> Value {
    match name {
        "id" => json!(comment.node_id),
        "databaseId" => json!(i32::try_from(comment.id).ok()),
        "fullDatabaseId" => json!(comment.id.to_string()),
        "body" => json!(comment.body),
        "isMinimized" => json!(comment.minimized.is_some()),
        "minimizedReason" => json!(comment.minimized.as_ref().map(|reason| reason.replace('_', "-"))),
        "viewerCanMinimize" => json!(true),
        "createdAt" => json!(timestamp(comment.created_ms)),
        "updatedAt" => json!(timestamp(comment.updated_ms)),
        _ => Value::Null,
    }
}

fn git_field(repository: &Repository, at: (i64, &str), name: &str) -> Found {
    let (repo, oid) = at;
    let value = match (name, repository.objects.get(oid)) {
        ("oid", _) => json!(oid),
        ("id", _) => json!(format!("GIT_{oid}")),
        ("abbreviatedOid", _) => json!(oid.get(..7)),
        ("byteSize", Some(Object::Blob(content))) => json!(content.len()),
        ("isTruncated", Some(Object::Blob(content))) => json!(content.len() > LONGEST_TEXT),
        ("isBinary", Some(Object::Blob(content))) => json!(text_of(content).is_none()),
        ("text", Some(Object::Blob(content))) => json!(text_of(content)),
        ("entries", Some(Object::Tree(entries))) => {
            return Found::Many(entries.iter().map(|entry| Node::TreeEntry(repo, entry.clone())).collect());
        }
        ("message", Some(Object::Commit(commit))) => json!(commit.message),
        ("committedDate", Some(Object::Commit(commit))) => json!(timestamp(commit.committer.at_ms)),
        ("author", Some(Object::Commit(_))) => return Found::One(Node::Author(repo, oid.to_owned())),
        ("tree", Some(Object::Commit(commit))) => {
            return Found::One(Node::Git(repo, "Tree", commit.tree.clone()));
        }
        _ => Value::Null,
    };
    Found::Value(value)
}

fn author_field(state: &State, repository: &Repository, (commit, name): (&str, &str)) -> Found {
    let Some(commit) = repository.objects.commit(commit) else { return Found::Value(Value::Null) };
    match name {
        "name" => Found::Value(json!(commit.author.name)),
        "email" => Found::Value(json!(commit.author.email)),
        _ => match state.accounts.get(&commit.author.name.to_lowercase()) {
            Some(account) => Found::One(Node::User(account.login.clone())),
            None => Found::Value(Value::Null),
        },
    }
}

/// The text of a blob, cut where GitHub cuts it; none for what is no text.
fn text_of(content: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(content).ok().filter(|text| !text.contains('\0'))?;
    let mut end = text.len().min(LONGEST_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end)
}

fn entry_field(repo: i64, entry: &TreeEntry, name: &str) -> Found {
    let kind = entry.mode.kind();
    let value = match name {
        "name" => json!(entry.name),
        "oid" => json!(entry.sha),
        "type" => json!(kind),
        "mode" => json!(i64::from_str_radix(entry.mode.digits(), 8).unwrap_or_default()),
        "object" => {
            let of = if kind == "tree" { "Tree" } else { "Blob" };
            return Found::One(Node::Git(repo, of, entry.sha.clone()));
        }
        _ => Value::Null,
    };
    Found::Value(value)
}

fn ref_field(repository: &Repository, branch: &str, name: &str) -> Found {
    match (name, repository.branches.get(branch)) {
        ("name", _) => Found::Value(json!(branch)),
        ("prefix", _) => Found::Value(json!("refs/heads/")),
        ("target", Some(sha)) => Found::One(Node::Git(repository.id, "Commit", sha.clone())),
        _ => Found::Value(Value::Null),
    }
}

fn limit_field(state: &State, token: &Token, name: &str) -> Value {
    let budget = state.limits.budget(token.installation, Resource::Graphql, state.now());
    match name {
        "limit" => json!(budget.limit),
        "cost" => json!(1),
        "remaining" => json!(budget.remaining()),
        "used" => json!(budget.used),
        "resetAt" => json!(timestamp(budget.reset_ms)),
        _ => Value::Null,
    }
}

impl Repository {
    /// `REVISION:PATH`, `REVISION`, or a full id; null when there is nothing.
    fn expression(&self, expression: &str, oid: &str) -> Found {
        let sha = match (oid, expression.split_once(':')) {
            ("", Some((revision, path))) => self.at(revision, path),
            ("", None) => self.resolve(expression),
            (oid, _) => Some(oid.to_owned()),
        };
        let kind = |sha: &String| match self.objects.get(sha) {
            Some(Object::Blob(_)) => Some("Blob"),
            Some(Object::Tree(_)) => Some("Tree"),
            Some(Object::Commit(_)) => Some("Commit"),
            None => None,
        };
        match sha.and_then(|sha| kind(&sha).map(|kind| Node::Git(self.id, kind, sha))) {
            Some(node) => Found::One(node),
            None => Found::Value(Value::Null),
        }
    }

    fn at(&self, revision: &str, path: &str) -> Option<String> {
        let commit = self.resolve(revision)?;
        let tree = &self.objects.commit(&commit)?.tree;
        self.objects.at_path(tree, path).map(|entry| entry.sha)
    }
}

fn known(state: &State, id: i64) -> Result<&Repository, Value> {
    state.repositories.get(&id).ok_or_else(gone)
}

fn needs(state: &State, token: &Token, resource: &str, level: Level) -> Result<(), Value> {
    match state.level(token, resource) {
        Some(has) if has >= level => Ok(()),
        _ => Err(json!({ "type": "FORBIDDEN", "message": "Resource not accessible by integration" })),
    }
}

fn not_found(message: String) -> Value {
    json!({ "type": "NOT_FOUND", "message": message })
}

fn gone() -> Value {
    not_found("Could not resolve to a node".to_owned())
}
