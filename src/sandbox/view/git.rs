//! Commits, trees and files.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::sandbox::git::{Commit, Files, Mode, Objects, Signature, TreeEntry};
use crate::sandbox::model::Repository;
use crate::sandbox::state::{State, timestamp};

/// A `simple-commit`.
pub fn short_commit(sha: &str, commit: &Commit) -> Value {
    json!({
        "id": sha,
        "tree_id": commit.tree,
        "message": commit.message,
        "timestamp": timestamp(commit.committer.at_ms),
        "author": { "name": commit.author.name, "email": commit.author.email },
        "committer": { "name": commit.committer.name, "email": commit.committer.email },
    })
}

/// A `commit`, without its files.
pub fn commit(state: &State, repository: &Repository, sha: &str) -> Option<Value> {
    let commit = repository.objects.commit(sha)?;
    let api = format!("{}/repos/{}", state.api_url, repository.full_name());
    let html = format!("{}/{}", state.html_url, repository.full_name());
    let parents = commit.parents.iter().map(|parent| {
        let url = format!("{api}/commits/{parent}");
        json!({ "sha": parent, "url": url, "html_url": format!("{html}/commit/{parent}") })
    });
    Some(json!({
        "sha": sha,
        "node_id": format!("C_{sha}"),
        "commit": {
            "author": signature(&commit.author),
            "committer": signature(&commit.committer),
            "message": commit.message,
            "tree": { "sha": commit.tree, "url": format!("{api}/git/trees/{}", commit.tree) },
            "url": format!("{api}/git/commits/{sha}"),
            "comment_count": 0,
            "verification": {
                "verified": false, "reason": "unsigned", "signature": null, "payload": null, "verified_at": null,
            },
        },
        "url": format!("{api}/commits/{sha}"),
        "html_url": format!("{html}/commit/{sha}"),
        "comments_url": format!("{api}/commits/{sha}/comments"),
        "author": account_of(state, &commit.author),
        "committer": account_of(state, &commit.committer),
        "parents": parents.collect::<Vec<_>>(),
    }))
}

fn signature(signature: &Signature) -> Value {
    json!({ "name": signature.name, "email": signature.email, "date": timestamp(signature.at_ms) })
}

/// People commit under their login here, so the account is found by the name.
fn account_of(state: &State, signature: &Signature) -> Value {
    super::login(state, &signature.name)
}

/// The files that a commit changed against its first parent, as `diff-entry` objects.
pub fn changed_files(state: &State, repository: &Repository, sha: &str) -> Vec<Value> {
    let changed = repository.changed_by(sha);
    let api = format!("{}/repos/{}", state.api_url, repository.full_name());
    let html = format!("{}/{}", state.html_url, repository.full_name());
    let entries = changed.iter().map(|(path, before, after)| {
        let lines = |sha: &Option<String>| text_lines(&repository.objects, sha.as_deref());
        let (deletions, additions) = changed_lines(&lines(before), &lines(after));
        let status = match (before, after) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "modified",
        };
        json!({
            "sha": after.as_ref().or(before.as_ref()),
            "filename": path,
            "status": status,
            "additions": additions,
            "deletions": deletions,
            "changes": additions + deletions,
            "blob_url": format!("{html}/blob/{sha}/{path}"),
            "raw_url": format!("{html}/raw/{sha}/{path}"),
            "contents_url": format!("{api}/contents/{path}?ref={sha}"),
        })
    });
    entries.collect()
}

fn text_lines(objects: &Objects, sha: Option<&str>) -> Vec<String> {
    let content = sha.and_then(|sha| objects.blob(sha)).cloned().unwrap_or_default();
    String::from_utf8_lossy(&content).lines().map(str::to_owned).collect()
}

/// Deleted and added lines when the common beginning and end are left out.
fn changed_lines(before: &[String], after: &[String]) -> (usize, usize) {
    let head = before.iter().zip(after).take_while(|(old, new)| old == new).count();
    let (before, after) = (before.get(head..).unwrap_or_default(), after.get(head..).unwrap_or_default());
    let tail = before.iter().rev().zip(after.iter().rev()).take_while(|(old, new)| old == new).count();
    (before.len() - tail, after.len() - tail)
}

/// A place in a repository: what the contents endpoints describe.
pub struct Place<'a> {
    /// Repository.
    pub repository: &'a Repository,
    /// Reference that was asked for.
    pub reference: &'a str,
    /// Path from the root.
    pub path: String,
}

/// A `content-file`.
pub fn content_file(state: &State, place: &Place, entry: &TreeEntry) -> Value {
    let content = place.repository.objects.blob(&entry.sha).cloned().unwrap_or_default();
    let mut view = content_entry(state, place, entry);
    let large = content.len() > 1_000_000;
    view["encoding"] = json!(if large { "none" } else { "base64" });
    view["content"] = json!(if large { String::new() } else { wrapped_base64(&content) });
    view
}

/// A `content-symlink`.
pub fn content_link(state: &State, place: &Place, entry: &TreeEntry) -> Value {
    let target = place.repository.objects.blob(&entry.sha).cloned().unwrap_or_default();
    let mut view = content_entry(state, place, entry);
    view["target"] = json!(String::from_utf8_lossy(&target));
    view
}

/// A `content-directory`.
pub fn content_listing(state: &State, place: &Place, entries: &[TreeEntry]) -> Value {
    let listing = entries.iter().map(|entry| {
        let path = match place.path.as_str() {
            "" => entry.name.clone(),
            directory => format!("{directory}/{}", entry.name),
        };
        content_entry(state, &Place { path, ..*place }, entry)
    });
    listing.collect()
}

fn content_entry(state: &State, place: &Place, entry: &TreeEntry) -> Value {
    let (repository, path) = (place.repository, &place.path);
    let api = format!("{}/repos/{}", state.api_url, repository.full_name());
    let html = format!("{}/{}", state.html_url, repository.full_name());
    let directory = entry.mode == Mode::Directory;
    let (git_kind, page) = if directory { ("trees", "tree") } else { ("blobs", "blob") };
    let own = format!("{api}/contents/{path}?ref={}", place.reference);
    let git = format!("{api}/git/{git_kind}/{}", entry.sha);
    let html_url = format!("{html}/{page}/{}/{path}", place.reference);
    let download = format!("{html}/raw/{}/{path}", place.reference);
    json!({
        "name": path.rsplit('/').next().unwrap_or(path),
        "path": path,
        "sha": entry.sha,
        "size": repository.objects.blob(&entry.sha).map_or(0, bytes::Bytes::len),
        "url": own,
        "html_url": html_url,
        "git_url": git,
        "download_url": (!directory).then_some(download),
        "type": match entry.mode {
            Mode::Directory => "dir",
            Mode::Symlink => "symlink",
            Mode::File | Mode::Executable => "file",
        },
        "_links": { "self": own, "git": git, "html": html_url },
    })
}

/// Base64 in lines of 60 characters, each ended, as GitHub sends it.
pub fn wrapped_base64(content: &[u8]) -> String {
    let encoded = STANDARD.encode(content);
    let mut text = String::with_capacity(encoded.len() + encoded.len() / 60 + 1);
    for (position, character) in encoded.chars().enumerate() {
        if position > 0 && position % 60 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// Path with the blob before and after.
pub type ChangedFile = (String, Option<String>, Option<String>);

impl Repository {
    /// Files of the default branch; none in an empty repository.
    pub fn head_files(&self) -> Files {
        let head = self.branches.get(&self.default_branch);
        let commit = head.and_then(|sha| self.objects.commit(sha));
        commit.map(|commit| self.objects.files(&commit.tree)).unwrap_or_default()
    }

    /// What a commit changed against its first parent, by path.
    pub fn changed_by(&self, sha: &str) -> Vec<ChangedFile> {
        let Some(commit) = self.objects.commit(sha) else { return Vec::new() };
        let parent = commit.parents.first().and_then(|parent| self.objects.commit(parent));
        let before = parent.map(|parent| self.objects.files(&parent.tree)).unwrap_or_default();
        let after = self.objects.files(&commit.tree);
        let mut changed: Vec<ChangedFile> = Vec::new();
        for (path, file) in &after {
            let old = before.get(path);
            if old != Some(file) {
                changed.push((path.clone(), old.map(|old| old.sha.clone()), Some(file.sha.clone())));
            }
        }
        let removed = before.iter().filter(|(path, _)| !after.contains_key(*path));
        changed.extend(removed.map(|(path, file)| (path.clone(), Some(file.sha.clone()), None)));
        changed.sort_by(|left, right| left.0.cmp(&right.0));
        changed
    }
}
