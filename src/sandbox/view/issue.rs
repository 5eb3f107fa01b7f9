//! Issues, comments, labels, reactions and what happened to an issue.

use serde_json::{Map, Value, json};

use super::{app, app_of_bot, login};
use crate::sandbox::model::{
    AccountKind, Comment, EventKind, Issue, IssueEvent, Label, Milestone, Reaction, Repository, Role,
};
use crate::sandbox::state::{State, node_id, timestamp};

/// A `milestone`: the sandbox has one of each issue's own.
fn milestone(state: &State, (repository, issue): (&Repository, &Issue), one: &Milestone) -> Value {
    let api = format!("{}/repos/{}/milestones/1", state.api_url, repository.full_name());
    json!({
        "url": api,
        "html_url": format!("{}/{}/milestone/1", state.html_url, repository.full_name()),
        "labels_url": format!("{api}/labels"),
        "id": issue.id,
        "node_id": issue.node_id,
        "number": 1,
        "state": "open",
        "title": one.title,
        "description": null,
        "creator": issue.author.as_deref().map_or(Value::Null, |author| login(state, author)),
        "open_issues": 1,
        "closed_issues": 0,
        "created_at": timestamp(issue.created_ms),
        "updated_at": timestamp(issue.created_ms),
        "closed_at": null,
        "due_on": one.due_on,
    })
}

/// An `issue`. An issue whose repository is gone looks like null.
pub fn issue(state: &State, issue: &Issue) -> Value {
    let Some(repository) = state.repositories.get(&issue.repo) else { return Value::Null };
    let repository_url = format!("{}/repos/{}", state.api_url, repository.full_name());
    let api = format!("{repository_url}/issues/{}", issue.number);
    let kind = if issue.pull_request { "pull" } else { "issues" };
    let html = format!("{}/{}/{kind}/{}", state.html_url, repository.full_name(), issue.number);
    let assignees: Vec<Value> = issue.assignees.iter().map(|assignee| login(state, assignee)).collect();
    let mut view = json!({
        "url": api,
        "repository_url": repository_url,
        "labels_url": format!("{api}/labels{{/name}}"),
        "comments_url": format!("{api}/comments"),
        "events_url": format!("{api}/events"),
        "html_url": html,
        "id": issue.id,
        "node_id": issue.node_id,
        "number": issue.number,
        "title": issue.title,
        "user": issue.author.as_deref().map_or(Value::Null, |author| login(state, author)),
        "labels": labels_of(state, issue),
        "state": if issue.open { "open" } else { "closed" },
        "locked": issue.locked,
        "assignee": assignees.first().cloned().unwrap_or_default(),
        "assignees": assignees,
        "milestone": issue.milestone.as_ref().map_or(Value::Null, |one| milestone(state, (repository, issue), one)),
        "comments": state.comments_of(issue.id).count(),
        "created_at": timestamp(issue.created_ms),
        "updated_at": timestamp(issue.updated_ms),
        "closed_at": issue.closed_ms.map(timestamp),
        "author_association": association(state, repository, issue.author.as_deref()),
        "active_lock_reason": null,
        "body": issue.body,
        "closed_by": issue.closed_by.as_deref().map_or(Value::Null, |by| login(state, by)),
        "reactions": rollup(&issue.reactions, &api),
        "timeline_url": format!("{api}/timeline"),
        "performed_via_github_app": via(state, issue.via_installation, issue.author.as_deref()),
        "state_reason": issue.state_reason,
    });
    let Some(fields) = view.as_object_mut() else { return view };
    relation_fields(fields, state, issue);
    if issue.pull_request {
        let pull = format!("{repository_url}/pulls/{}", issue.number);
        fields.insert("draft".to_owned(), json!(false));
        let (diff, patch) = (format!("{html}.diff"), format!("{html}.patch"));
        fields.insert(
            "pull_request".to_owned(),
            json!({ "url": pull, "html_url": html, "diff_url": diff, "patch_url": patch, "merged_at": null }),
        );
    }
    view
}

fn relation_fields(fields: &mut Map<String, Value>, state: &State, issue: &Issue) {
    if state.abilities.sub_issues_missing.is_none() {
        let closed = |id: &&i64| state.issues.get(id).is_some_and(|child| !child.open);
        let (total, completed) = (issue.sub_issues.len(), issue.sub_issues.iter().filter(closed).count());
        let percent = (completed * 100).checked_div(total).unwrap_or(0);
        let summary = json!({ "total": total, "completed": completed, "percent_completed": percent });
        fields.insert("sub_issues_summary".to_owned(), summary);
        if let Some(url) = issue.parent.and_then(|parent| issue_url(state, parent)) {
            fields.insert("parent_issue_url".to_owned(), json!(url));
        }
    }
    if state.abilities.dependencies_missing.is_none() {
        let open = |id: &&i64| state.issues.get(id).is_some_and(|other| other.open);
        let blocking: Vec<i64> = state.blocking(issue.id);
        let summary = json!({
            "blocked_by": issue.blocked_by.iter().filter(open).count(),
            "total_blocked_by": issue.blocked_by.len(),
            "blocking": if issue.open { blocking.len() } else { 0 },
            "total_blocking": blocking.len(),
        });
        fields.insert("issue_dependencies_summary".to_owned(), summary);
    }
}

fn issue_url(state: &State, id: i64) -> Option<String> {
    let issue = state.issues.get(&id)?;
    let repository = state.repositories.get(&issue.repo)?;
    Some(format!("{}/repos/{}/issues/{}", state.api_url, repository.full_name(), issue.number))
}

fn labels_of(state: &State, issue: &Issue) -> Vec<Value> {
    let Some(repository) = state.repositories.get(&issue.repo) else { return Vec::new() };
    let found = issue.labels.iter().filter_map(|name| repository.label(name));
    found.map(|it| label(state, repository, it)).collect()
}

/// An `issue-search-result-item`.
pub fn search_item(state: &State, found: &Issue) -> Value {
    let mut view = issue(state, found);
    view["score"] = json!(1.0);
    if found.body.is_none() {
        view["body"] = json!("");
    }
    view
}

/// An `issue-comment`.
pub fn comment(state: &State, comment: &Comment) -> Value {
    let Some(parent) = state.issues.get(&comment.issue) else { return Value::Null };
    let Some(repository) = state.repositories.get(&parent.repo) else { return Value::Null };
    let repository_url = format!("{}/repos/{}", state.api_url, repository.full_name());
    let api = format!("{repository_url}/issues/comments/{}", comment.id);
    let kind = if parent.pull_request { "pull" } else { "issues" };
    let page = format!("{}/{}/{kind}/{}", state.html_url, repository.full_name(), parent.number);
    let mut view = json!({
        "url": api,
        "html_url": format!("{page}#issuecomment-{}", comment.id),
        "issue_url": format!("{repository_url}/issues/{}", parent.number),
        "id": comment.id,
        "node_id": comment.node_id,
        "user": comment.author.as_deref().map_or(Value::Null, |author| login(state, author)),
        "created_at": timestamp(comment.created_ms),
        "updated_at": timestamp(comment.updated_ms),
        "author_association": association(state, repository, comment.author.as_deref()),
        "body": comment.body,
        "reactions": rollup(&comment.reactions, &api),
        "performed_via_github_app": via(state, comment.via_installation, comment.author.as_deref()),
    });
    if let Some(reason) = &comment.minimized {
        view["minimized"] = json!({ "reason": reason });
    }
    view
}

/// A `label`.
pub fn label(state: &State, repository: &Repository, label: &Label) -> Value {
    let name = label.name.replace('%', "%25").replace(' ', "%20").replace('?', "%3F").replace('#', "%23");
    json!({
        "id": label.id,
        "node_id": node_id("LA", label.id),
        "url": format!("{}/repos/{}/labels/{name}", state.api_url, repository.full_name()),
        "name": label.name,
        "color": label.color,
        "default": label.default,
        "description": label.description,
    })
}

/// A `reaction`.
pub fn reaction(state: &State, reaction: &Reaction) -> Value {
    json!({
        "id": reaction.id,
        "node_id": node_id("REA", reaction.id),
        "user": login(state, &reaction.user),
        "content": reaction.content,
        "created_at": timestamp(reaction.created_ms),
    })
}

/// A `reaction-rollup` of the thing at this API address.
fn rollup(reactions: &[Reaction], api: &str) -> Value {
    let mut view = json!({ "url": format!("{api}/reactions"), "total_count": reactions.len() });
    for content in crate::sandbox::actions::REACTIONS {
        let count = reactions.iter().filter(|reaction| reaction.content == *content).count();
        view[*content] = json!(count);
    }
    view
}

/// One entry of an issue's events or timeline.
pub fn event(state: &State, issue: &Issue, event: &IssueEvent) -> Value {
    let Some(repository) = state.repositories.get(&issue.repo) else { return Value::Null };
    let (name, particulars) = particulars(state, &event.kind);
    let mut view = json!({
        "id": event.id,
        "node_id": node_id("E", event.id),
        "url": format!("{}/repos/{}/issues/events/{}", state.api_url, repository.full_name(), event.id),
        "actor": login(state, &event.actor),
        "event": name,
        "commit_id": null,
        "commit_url": null,
        "created_at": timestamp(event.at_ms),
        "performed_via_github_app": via(state, event.via_installation, None),
    });
    for (field, value) in particulars {
        view[field] = value;
    }
    view
}

fn particulars(state: &State, kind: &EventKind) -> (&'static str, Vec<(&'static str, Value)>) {
    let short = |label: &Label| vec![("label", json!({ "name": label.name, "color": label.color }))];
    match kind {
        EventKind::Labeled(label) => ("labeled", short(label)),
        EventKind::Unlabeled(label) => ("unlabeled", short(label)),
        EventKind::Closed(reason) => ("closed", vec![("state_reason", json!(reason))]),
        EventKind::Reopened => ("reopened", vec![("state_reason", Value::Null)]),
        EventKind::Locked => ("locked", vec![("lock_reason", Value::Null)]),
        EventKind::Unlocked => ("unlocked", vec![("lock_reason", Value::Null)]),
        EventKind::Renamed { from, to } => ("renamed", vec![("rename", json!({ "from": from, "to": to }))]),
        EventKind::Assigned(who) => ("assigned", assignment(state, who)),
        EventKind::Unassigned(who) => ("unassigned", assignment(state, who)),
        EventKind::Related { event, field, other } => (event, vec![(field, reference(state, *other))]),
    }
}

fn assignment(state: &State, who: &str) -> Vec<(&'static str, Value)> {
    vec![("assignee", login(state, who)), ("assigner", login(state, who))]
}

/// A `nullable-issue-reference`.
fn reference(state: &State, id: i64) -> Value {
    let Some(other) = state.issues.get(&id) else { return Value::Null };
    let Some(repository) = state.repositories.get(&other.repo) else { return Value::Null };
    json!({
        "id": other.id,
        "node_id": other.node_id,
        "number": other.number,
        "title": other.title,
        "state": if other.open { "open" } else { "closed" },
        "state_reason": other.state_reason,
        "url": issue_url(state, id),
        "html_url": format!("{}/{}/issues/{}", state.html_url, repository.full_name(), other.number),
        "repository_url": format!("{}/repos/{}", state.api_url, repository.full_name()),
        "pull_request": other.pull_request,
        "repository": { "id": repository.id, "full_name": repository.full_name() },
    })
}

/// The App through which something was made: ours by its installation, another one by its bot.
fn via(state: &State, installation: Option<i64>, author: Option<&str>) -> Value {
    if installation.is_some() {
        return app(state);
    }
    let bot = author.and_then(|author| state.account(author));
    bot.filter(|bot| bot.kind == AccountKind::Bot).map_or(Value::Null, |bot| app_of_bot(state, bot))
}

/// The relation, which is not the permission, of an author to the repository.
fn association(state: &State, repository: &Repository, author: Option<&str>) -> &'static str {
    let Some(author) = author else { return "NONE" };
    let key = author.to_lowercase();
    let owner = state.account(&repository.owner);
    let member =
        owner.is_some_and(|owner| owner.kind == AccountKind::Organization && owner.members.contains(&key));
    match repository.roles.get(&key) {
        _ if repository.owner.to_lowercase() == key => "OWNER",
        _ if member => "MEMBER",
        Some(role) if *role > Role::None => "COLLABORATOR",
        _ => "NONE",
    }
}
