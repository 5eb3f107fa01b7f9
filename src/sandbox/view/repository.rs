//! Repositories, workflows and workflow runs.

use serde_json::{Map, Value, json};

use super::{login, short_commit};
use crate::sandbox::git::object_id;
use crate::sandbox::model::{AccountKind, IssueSlot, Level, Permissions, Repository, WorkflowRun};
use crate::sandbox::state::{State, node_id, timestamp};

/// URL fields that are the repository's own API address with something behind it.
const URLS: &[(&str, &str)] = &[
    ("archive_url", "/{archive_format}{/ref}"),
    ("assignees_url", "/assignees{/user}"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("branches_url", "/branches{/branch}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("comments_url", "/comments{/number}"),
    ("commits_url", "/commits{/sha}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("contents_url", "/contents/{+path}"),
    ("contributors_url", "/contributors"),
    ("deployments_url", "/deployments"),
    ("downloads_url", "/downloads"),
    ("events_url", "/events"),
    ("forks_url", "/forks"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("hooks_url", "/hooks"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("issue_events_url", "/issues/events{/number}"),
    ("issues_url", "/issues{/number}"),
    ("keys_url", "/keys{/key_id}"),
    ("labels_url", "/labels{/name}"),
    ("languages_url", "/languages"),
    ("merges_url", "/merges"),
    ("milestones_url", "/milestones{/number}"),
    ("notifications_url", "/notifications{?since,all,participating}"),
    ("pulls_url", "/pulls{/number}"),
    ("releases_url", "/releases{/id}"),
    ("stargazers_url", "/stargazers"),
    ("statuses_url", "/statuses/{sha}"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("tags_url", "/tags"),
    ("teams_url", "/teams"),
    ("trees_url", "/git/trees{/sha}"),
];

/// The five fields that installation webhooks carry.
pub fn short_repository(repository: &Repository) -> Value {
    json!({
        "id": repository.id,
        "node_id": repository.node_id,
        "name": repository.name,
        "full_name": repository.full_name(),
        "private": repository.private,
    })
}

/// A `repository` as anonymous readers and webhooks see it; also a valid `full-repository` and `minimal-repository`.
pub fn repository(state: &State, repository: &Repository) -> Value {
    let api = format!("{}/repos/{}", state.api_url, repository.full_name());
    let html = format!("{}/{}", state.html_url, repository.full_name());
    let owner = login(state, &repository.owner);
    let mut view = short_repository(repository);
    let Some(fields) = view.as_object_mut() else { return view };
    fields.insert("owner".to_owned(), owner.clone());
    let organization =
        state.account(&repository.owner).is_some_and(|it| it.kind == AccountKind::Organization);
    if organization {
        fields.insert("organization".to_owned(), owner);
    }
    text_fields(fields, repository, &html);
    fields.insert("url".to_owned(), json!(api));
    fields.extend(URLS.iter().map(|(name, tail)| ((*name).to_owned(), json!(format!("{api}{tail}")))));
    count_fields(fields, state, repository);
    for (name, value) in [
        ("fork", false),
        ("archived", repository.archived),
        ("disabled", false),
        ("has_issues", true),
        ("has_projects", true),
        ("has_downloads", true),
        ("has_wiki", true),
        ("has_pages", false),
        ("has_discussions", false),
        ("is_template", false),
        ("allow_forking", true),
        ("web_commit_signoff_required", false),
    ] {
        fields.insert(name.to_owned(), json!(value));
    }
    view
}

/// A `full-repository` with the `permissions` of an App that holds these.
pub fn repository_for(state: &State, it: &Repository, permissions: &Permissions) -> Value {
    let mut view = repository(state, it);
    let writes = permissions.get("contents").is_some_and(|level| *level >= Level::Write);
    view["permissions"] =
        json!({ "admin": false, "maintain": false, "push": writes, "triage": writes, "pull": true });
    view
}

fn text_fields(fields: &mut Map<String, Value>, repository: &Repository, html: &str) {
    let without_scheme = html.split_once("://").map_or(html, |(_, rest)| rest);
    let private = repository.private;
    for (name, value) in [
        ("html_url", json!(html)),
        ("description", json!(repository.description)),
        ("created_at", json!(timestamp(repository.created_ms))),
        ("updated_at", json!(timestamp(repository.pushed_ms))),
        ("pushed_at", json!(timestamp(repository.pushed_ms))),
        ("git_url", json!(format!("git://{without_scheme}.git"))),
        ("ssh_url", json!(format!("git@{}.git", without_scheme.replacen('/', ":", 1)))),
        ("clone_url", json!(format!("{html}.git"))),
        ("svn_url", json!(html)),
        ("homepage", Value::Null),
        ("language", json!(main_language(repository))),
        ("mirror_url", Value::Null),
        ("license", Value::Null),
        ("topics", json!([])),
        ("visibility", json!(if private { "private" } else { "public" })),
        ("default_branch", json!(repository.default_branch)),
    ] {
        fields.insert(name.to_owned(), value);
    }
}

fn count_fields(fields: &mut Map<String, Value>, state: &State, repository: &Repository) {
    let open = repository.numbers.values().filter(|slot| match slot {
        IssueSlot::Live(id) => state.issues.get(id).is_some_and(|issue| issue.open),
        IssueSlot::Deleted | IssueSlot::Transferred(_) => false,
    });
    let open = open.count();
    for name in ["open_issues", "open_issues_count"] {
        fields.insert(name.to_owned(), json!(open));
    }
    for name in [
        "forks",
        "forks_count",
        "network_count",
        "stargazers_count",
        "subscribers_count",
        "watchers",
        "watchers_count",
        "size",
    ] {
        fields.insert(name.to_owned(), json!(0));
    }
}

fn main_language(repository: &Repository) -> Option<&'static str> {
    let counted = languages(repository);
    counted.into_iter().max_by_key(|(_, bytes)| *bytes).map(|(language, _)| language)
}

/// Bytes per language on the default branch, by file extension.
pub fn languages(repository: &Repository) -> Vec<(&'static str, usize)> {
    let mut counted: Vec<(&'static str, usize)> = Vec::new();
    for (path, file) in repository.head_files() {
        let Some(language) = path.rsplit_once('.').and_then(|(_, ending)| language_of(ending)) else {
            continue;
        };
        let bytes = repository.objects.blob(&file.sha).map_or(0, bytes::Bytes::len);
        match counted.iter_mut().find(|(known, _)| *known == language) {
            Some((_, sum)) => *sum += bytes,
            None => counted.push((language, bytes)),
        }
    }
    counted.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    counted
}

fn language_of(ending: &str) -> Option<&'static str> {
    Some(match ending {
        "rs" => "Rust",
        "py" => "Python",
        "js" | "mjs" | "cjs" => "JavaScript",
        "ts" | "tsx" => "TypeScript",
        "go" => "Go",
        "java" => "Java",
        "cs" => "C#",
        "rb" => "Ruby",
        "php" => "PHP",
        "c" | "h" => "C",
        "cpp" | "cc" | "hpp" => "C++",
        "sh" => "Shell",
        "html" => "HTML",
        "css" => "CSS",
        _ => return None,
    })
}

/// Paths of the workflow files on the default branch.
pub fn workflows(repository: &Repository) -> Vec<String> {
    let all = repository.head_files().into_keys();
    all.filter(|path| {
        path.strip_prefix(".github/workflows/")
            .is_some_and(|name| !name.contains('/') && (name.ends_with(".yml") || name.ends_with(".yaml")))
    })
    .collect()
}

/// Database id of a workflow, derived from its path.
pub fn workflow_id(repository: &Repository, path: &str) -> i64 {
    let digits = object_id("workflow", format!("{} {path}", repository.id).as_bytes());
    digits.get(..7).and_then(|digits| i64::from_str_radix(digits, 16).ok()).unwrap_or_default()
}

/// A `workflow`.
pub fn workflow(state: &State, repository: &Repository, path: &str) -> Value {
    let id = workflow_id(repository, path);
    let file = path.rsplit('/').next().unwrap_or(path);
    let html = format!("{}/{}", state.html_url, repository.full_name());
    json!({
        "id": id,
        "node_id": node_id("W", id),
        "name": workflow_name(repository, path),
        "path": path,
        "state": "active",
        "created_at": timestamp(repository.created_ms),
        "updated_at": timestamp(repository.created_ms),
        "url": format!("{}/repos/{}/actions/workflows/{id}", state.api_url, repository.full_name()),
        "html_url": format!("{html}/blob/{}/{path}", repository.default_branch),
        "badge_url": format!("{html}/workflows/{file}/badge.svg"),
    })
}

/// The `name:` line of a workflow file, or its path, as GitHub has it.
fn workflow_name(repository: &Repository, path: &str) -> String {
    let file = repository.head_files().remove(path);
    let content = file.and_then(|file| repository.objects.blob(&file.sha).cloned()).unwrap_or_default();
    let text = String::from_utf8_lossy(&content).into_owned();
    let name = text.lines().find_map(|line| line.strip_prefix("name:"));
    name.map_or_else(|| path.to_owned(), |name| name.trim().trim_matches(['"', '\'']).to_owned())
}

/// A `workflow-run`.
pub fn run(state: &State, it: &Repository, run: &WorkflowRun) -> Value {
    let api = format!("{}/repos/{}", state.api_url, it.full_name());
    let own = format!("{api}/actions/runs/{}", run.id);
    let workflow = workflow_id(it, &run.path);
    let short = repository(state, it);
    let commit = it.objects.commit(&run.head_sha);
    let time = timestamp(run.created_ms);
    let mut view = json!({
        "id": run.id,
        "name": workflow_name(it, &run.path),
        "node_id": node_id("WFR", run.id),
        "head_branch": run.head_branch,
        "head_sha": run.head_sha,
        "path": run.path,
        "display_title": commit.map_or("", |commit| commit.message.lines().next().unwrap_or("")),
        "run_number": run.run_number,
        "event": run.event,
        "status": run.status,
        "conclusion": run.conclusion,
        "workflow_id": workflow,
        "check_suite_id": run.id + 1,
        "check_suite_node_id": node_id("CS", run.id + 1),
        "pull_requests": [],
        "created_at": time,
        "updated_at": time,
        "run_started_at": time,
        "actor": login(state, &run.actor),
        "triggering_actor": login(state, &run.actor),
        "run_attempt": 1,
        "referenced_workflows": [],
        "previous_attempt_url": null,
        "head_commit": commit.map_or(Value::Null, |commit| short_commit(&run.head_sha, commit)),
        "repository": short,
        "head_repository": short,
        "url": own,
        "html_url": format!("{}/{}/actions/runs/{}", state.html_url, it.full_name(), run.id),
        "check_suite_url": format!("{api}/check-suites/{}", run.id + 1),
        "workflow_url": format!("{api}/actions/workflows/{workflow}"),
    });
    for (field, tail) in [
        ("jobs_url", "/jobs"),
        ("logs_url", "/logs"),
        ("artifacts_url", "/artifacts"),
        ("cancel_url", "/cancel"),
        ("rerun_url", "/rerun"),
    ] {
        view[field] = json!(format!("{own}{tail}"));
    }
    view
}
