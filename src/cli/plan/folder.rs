//! A checkout as a tree: what git tracks, else what lies there; links are not followed.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::cli::plan::git;
use crate::domain::brief::Brief;
use crate::domain::plan::wanted;
use crate::domain::snapshot::{EntryKind, Snapshot, TreeEntry};

/// Most entries; a larger folder is said to be truncated.
const MAX_ENTRIES: usize = 100_000;

/// Adds tree, files and git's facts to a snapshot. What the input says wins over what git says.
pub fn gather(folder: &Path, brief: &Brief, snapshot: &mut Snapshot) -> Result<(), String> {
    if !folder.is_dir() {
        return Err(format!("{}: is no folder; give a checkout to `--repo`", folder.display()));
    }
    let facts = git::facts(folder);
    if snapshot.base_sha.is_empty() {
        snapshot.base_sha = facts.head.unwrap_or_default();
    }
    if let (true, Some(repository)) = (snapshot.repository.name.is_empty(), facts.repository) {
        snapshot.repository = repository;
    }
    snapshot.tree = match facts.tracked {
        tracked if !tracked.is_empty() => {
            tracked.into_iter().filter_map(|(path, sha)| entry(folder, &path, sha)).collect()
        }
        _ => walk(folder, &mut snapshot.truncated),
    };
    snapshot.tree.sort_by(|a, b| a.path.cmp(&b.path));
    if snapshot.tree.len() > MAX_ENTRIES {
        snapshot.tree.truncate(MAX_ENTRIES);
        snapshot.truncated = true;
    }
    for path in wanted(brief, &snapshot.tree) {
        let Some(text) = text(&folder.join(&path)) else { continue };
        if let Some(entry) = snapshot.tree.iter_mut().find(|entry| entry.path == path && entry.sha.is_empty())
        {
            entry.sha = fingerprint(&text);
        }
        snapshot.files.insert(path, text);
    }
    Ok(())
}

fn entry(folder: &Path, path: &str, sha: String) -> Option<TreeEntry> {
    let found = fs::symlink_metadata(folder.join(path)).ok()?;
    let kind = match found.file_type() {
        kind if kind.is_symlink() => EntryKind::Link,
        kind if kind.is_dir() => EntryKind::Submodule,
        _ => EntryKind::File,
    };
    let size = if kind == EntryKind::File { found.len() } else { 0 };
    Some(TreeEntry { path: path.to_owned(), kind, size, sha })
}

/// Folder by folder, names sorted, without git's own and installed packages.
fn walk(folder: &Path, truncated: &mut bool) -> Vec<TreeEntry> {
    let mut out = Vec::new();
    let mut queue = VecDeque::from([String::new()]);
    while let Some(inner) = queue.pop_front() {
        let Ok(listed) = fs::read_dir(folder.join(&inner)) else { continue };
        let mut names: Vec<String> =
            listed.flatten().filter_map(|item| item.file_name().into_string().ok()).collect();
        names.sort();
        for name in names {
            if out.len() >= MAX_ENTRIES {
                *truncated = true;
                return out;
            }
            let path = if inner.is_empty() { name.clone() } else { format!("{inner}/{name}") };
            let Ok(found) = fs::symlink_metadata(folder.join(&path)) else { continue };
            if !found.is_dir() {
                out.extend(entry(folder, &path, String::new()));
            } else if !matches!(name.as_str(), ".git" | "node_modules" | "target" | ".venv" | "__pycache__") {
                queue.push_back(path);
            }
        }
    }
    out
}

/// A file as text; `None` for what is no regular file or no UTF-8.
fn text(path: &Path) -> Option<String> {
    if !fs::symlink_metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(1024 * 1024).read_to_end(&mut bytes).ok()?;
    String::from_utf8(bytes).ok()
}

/// Where git gives no blob id: says whether the content changed, and is no git id (64 digits).
fn fingerprint(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
