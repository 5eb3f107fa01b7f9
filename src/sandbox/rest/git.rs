//! Branches, commits, trees, blobs and files.

use serde_json::{Value, json};

use super::{Access, Answer, Call, Reply, ReplyBody, Route, route};
use crate::sandbox::git::Mode;
use crate::sandbox::model::{Level, Repository};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::parse_timestamp;
use crate::sandbox::view::{self, Place};

const CONTENTS: Access = Access::Repository("contents", Level::Read);

pub(super) static ROUTES: &[Route] = &[
    route("GET", "/repos/{owner}/{repo}/branches/{*branch}", CONTENTS, branch),
    route("GET", "/repos/{owner}/{repo}/commits", CONTENTS, commits),
    route("GET", "/repos/{owner}/{repo}/commits/{*ref}", CONTENTS, commit),
    route("GET", "/repos/{owner}/{repo}/git/trees/{*tree_sha}", CONTENTS, tree),
    route("GET", "/repos/{owner}/{repo}/git/blobs/{file_sha}", CONTENTS, blob),
    route("GET", "/repos/{owner}/{repo}/git/ref/{*ref}", CONTENTS, reference),
    route("GET", "/repos/{owner}/{repo}/contents/{*path}", CONTENTS, contents),
];

/// The largest blob that the contents endpoints give at all.
const LARGEST_CONTENT: usize = 100_000_000;

fn branch(call: &mut Call) -> Answer {
    let (repository, name) = (call.repository()?, call.param("branch"));
    let sha = repository.branches.get(name).ok_or_else(|| Refusal::new(404, "Branch not found"))?;
    let commit = view::commit(call.state, repository, sha).ok_or_else(Refusal::not_found)?;
    let (api, html) = (&call.state.api_url, &call.state.html_url);
    let full_name = repository.full_name();
    let own = format!("{api}/repos/{full_name}/branches/{name}");
    Ok(Reply::ok(json!({
        "name": name,
        "commit": commit,
        "_links": { "self": own, "html": format!("{html}/{full_name}/tree/{name}") },
        "protected": false,
        "protection": { "enabled": false },
        "protection_url": format!("{own}/protection"),
    })))
}

fn commits(call: &mut Call) -> Answer {
    let repository = call.repository()?;
    if repository.branches.is_empty() {
        return Err(Refusal::new(409, "Git Repository is empty."));
    }
    let start = call.query("sha").unwrap_or(&repository.default_branch);
    let head = repository.resolve(start).ok_or_else(Refusal::not_found)?;
    let path = call.query("path").map(|path| path.trim_matches('/'));
    let since = call.query("since").and_then(parse_timestamp).unwrap_or(i64::MIN);
    let until = call.query("until").and_then(parse_timestamp).unwrap_or(i64::MAX);
    let touches = |sha: &String| path.is_none_or(|path| touches(repository, sha, path));
    let in_time = |sha: &String| {
        repository.objects.commit(sha).is_some_and(|it| (since..=until).contains(&it.committer.at_ms))
    };
    let listed = repository.history(&head).into_iter().filter(|sha| in_time(sha) && touches(sha));
    let listed: Vec<String> = listed.collect();
    call.list(listed, |state, sha| view::commit(state, repository, &sha).unwrap_or_default())
}

fn touches(repository: &Repository, sha: &str, path: &str) -> bool {
    let below = format!("{path}/");
    repository.changed_by(sha).iter().any(|(changed, ..)| changed == path || changed.starts_with(&below))
}

fn commit(call: &mut Call) -> Answer {
    let (repository, name) = (call.repository()?, call.param("ref"));
    let unknown = || Refusal::new(422, format!("No commit found for SHA: {name}"));
    let sha = repository.resolve(name).ok_or_else(unknown)?;
    let mut shown = view::commit(call.state, repository, &sha).ok_or_else(unknown)?;
    let files = view::changed_files(call.state, repository, &sha);
    let sum = |field: &str| files.iter().filter_map(|file| file[field].as_i64()).sum::<i64>();
    let (additions, deletions) = (sum("additions"), sum("deletions"));
    shown["stats"] =
        json!({ "additions": additions, "deletions": deletions, "total": additions + deletions });
    shown["files"] = Value::Array(files);
    Ok(Reply::ok(shown))
}

fn tree(call: &mut Call) -> Answer {
    let (repository, name) = (call.repository()?, call.param("tree_sha"));
    let commit = repository.resolve(name).and_then(|sha| repository.objects.commit(&sha));
    let sha = commit.map_or(name, |commit| &commit.tree);
    let direct = repository.objects.tree(sha).ok_or_else(Refusal::not_found)?;
    let mut entries = match call.query("recursive") {
        Some(_) => repository.objects.walk(sha),
        None => direct.to_vec(),
    };
    let limit = call.state.abilities.tree_entries;
    let truncated = entries.len() > limit;
    entries.truncate(limit);
    let api = format!("{}/repos/{}/git", call.state.api_url, repository.full_name());
    let shown = entries.iter().map(|entry| {
        let kind = entry.mode.kind();
        let mut shown = json!({
            "path": entry.name,
            "mode": entry.mode.digits(),
            "type": kind,
            "sha": entry.sha,
            "url": format!("{api}/{kind}s/{}", entry.sha),
        });
        if let Some(content) = repository.objects.blob(&entry.sha) {
            shown["size"] = json!(content.len());
        }
        shown
    });
    let shown: Vec<Value> = shown.collect();
    let body =
        json!({ "sha": sha, "url": format!("{api}/trees/{sha}"), "tree": shown, "truncated": truncated });
    Ok(Reply::ok(body))
}

fn blob(call: &mut Call) -> Answer {
    let (repository, sha) = (call.repository()?, call.param("file_sha"));
    let content = repository.objects.blob(sha).ok_or_else(Refusal::not_found)?;
    if wants_raw(call) {
        return Ok(raw(content.clone()));
    }
    let api = format!("{}/repos/{}", call.state.api_url, repository.full_name());
    Ok(Reply::ok(json!({
        "sha": sha,
        "node_id": format!("B_{sha}"),
        "size": content.len(),
        "url": format!("{api}/git/blobs/{sha}"),
        "content": view::wrapped_base64(content),
        "encoding": "base64",
    })))
}

fn reference(call: &mut Call) -> Answer {
    let (repository, name) = (call.repository()?, call.param("ref"));
    let branch = name.strip_prefix("heads/").ok_or_else(Refusal::not_found)?;
    let sha = repository.branches.get(branch).ok_or_else(Refusal::not_found)?;
    let api = format!("{}/repos/{}/git", call.state.api_url, repository.full_name());
    Ok(Reply::ok(json!({
        "ref": format!("refs/{name}"),
        "node_id": format!("REF_{}_{name}", repository.id),
        "url": format!("{api}/refs/{name}"),
        "object": { "sha": sha, "type": "commit", "url": format!("{api}/commits/{sha}") },
    })))
}

fn contents(call: &mut Call) -> Answer {
    let repository = call.repository()?;
    let name = call.query("ref").unwrap_or(&repository.default_branch);
    let no_commit = || Refusal::new(404, format!("No commit found for the ref {name}"));
    let commit = repository.resolve(name).and_then(|sha| repository.objects.commit(&sha));
    let commit = commit.ok_or_else(no_commit)?;
    let path = call.param("path").trim_matches('/').to_owned();
    let entry = repository.objects.at_path(&commit.tree, &path).ok_or_else(Refusal::not_found)?;
    let place = Place { repository, reference: name, path };
    if entry.mode == Mode::Directory {
        let entries = repository.objects.tree(&entry.sha).unwrap_or_default();
        return Ok(Reply::ok(view::content_listing(call.state, &place, entries)));
    }
    let content = repository.objects.blob(&entry.sha).ok_or_else(Refusal::not_found)?;
    if content.len() > LARGEST_CONTENT {
        return Err(Refusal::new(403, "This API returns blobs up to 100 MB in size."));
    }
    match wants_raw(call) {
        true => Ok(raw(content.clone())),
        false if entry.mode == Mode::Symlink => Ok(Reply::ok(view::content_link(call.state, &place, &entry))),
        false => Ok(Reply::ok(view::content_file(call.state, &place, &entry))),
    }
}

fn wants_raw(call: &Call) -> bool {
    call.accept.contains("vnd.github.raw") || call.accept.contains("vnd.github.v3.raw")
}

fn raw(content: bytes::Bytes) -> Reply {
    Reply { status: 200, body: ReplyBody::Raw(content), headers: Vec::new() }
}

impl Repository {
    /// The commit behind a branch, `refs/heads/…`, `HEAD`, a full id, or an unambiguous start of one.
    pub fn resolve(&self, name: &str) -> Option<String> {
        let short = name.strip_prefix("refs/heads/").or_else(|| name.strip_prefix("heads/")).unwrap_or(name);
        let branch = if short == "HEAD" { &self.default_branch } else { short };
        if let Some(sha) = self.branches.get(branch) {
            return Some(sha.clone());
        }
        let hex = name.len() >= 4 && name.chars().all(|digit| digit.is_ascii_hexdigit());
        if !hex {
            return None;
        }
        let start = name.to_lowercase();
        let mut fitting = self.objects.commits_starting(&start);
        fitting.next().filter(|_| fitting.next().is_none())
    }

    /// Commits from this one back along the first parents.
    pub fn history(&self, head: &str) -> Vec<String> {
        let parent = |sha: &String| self.objects.commit(sha)?.parents.first().cloned();
        std::iter::successors(Some(head.to_owned()), parent).collect()
    }
}
