//! A checkout as a tree: what git tracks, else what lies there; links are not followed.

use std::collections::{BTreeSet, VecDeque};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use crate::cli::plan::git;
use crate::domain::brief::Brief;
use crate::domain::hash;
use crate::domain::plan::{wanted, words};
use crate::domain::snapshot::{EntryKind, Snapshot, TreeEntry};

/// Most entries; a larger folder is said to be truncated.
const MAX_ENTRIES: usize = 100_000;

/// Adds tree, files and git's facts to a snapshot. What the input says wins over what git says. Gives back, as noun
/// phrases, where the folder is not the commit that is planned on.
pub fn gather(folder: &Path, brief: &Brief, snapshot: &mut Snapshot) -> Result<Vec<String>, String> {
    if !folder.is_dir() {
        return Err(format!("{}: is no folder; give a checkout to `--repo`", folder.display()));
    }
    let facts = git::facts(folder);
    let head = facts.head.unwrap_or_default();
    let mut differs = Vec::new();
    if snapshot.base_sha.is_empty() {
        snapshot.base_sha = head;
    } else if !head.is_empty() && !head.starts_with(&snapshot.base_sha) {
        let (asked, found) = (hash::commit(&snapshot.base_sha), hash::commit(&head));
        differs.push(format!("the tree at `{asked}`: the checkout is at `{found}`"));
    }
    if let (true, Some(repository)) = (snapshot.repository.name.is_empty(), facts.repository) {
        snapshot.repository = repository;
    }
    snapshot.tree = match facts.tracked {
        tracked if !tracked.is_empty() => {
            let mut parents = BTreeSet::new();
            let own = tracked.into_iter().filter(|(path, _)| is_inside(folder, path, &mut parents));
            own.filter_map(|(path, sha)| entry(folder, &path, sha)).collect()
        }
        _ => walk(folder, &mut snapshot.truncated),
    };
    snapshot.tree.sort_by(|a, b| a.path.cmp(&b.path));
    if snapshot.tree.len() > MAX_ENTRIES {
        snapshot.tree.truncate(MAX_ENTRIES);
        snapshot.truncated = true;
    }
    let mut changed = Vec::new();
    for path in wanted(brief, &snapshot.tree) {
        let Some(mut text) = text(&folder.join(&path)) else { continue };
        if let Some(entry) = snapshot.tree.iter_mut().find(|entry| entry.path == path) {
            let blob = git::blob_id(text.as_bytes());
            if entry.sha.is_empty() {
                entry.sha = blob;
            } else if entry.sha != blob {
                // A checkout with the line ends of Windows (`eol=crlf`, `core.autocrlf`) changes nothing.
                let committed = text.replace("\r\n", "\n");
                match git::blob_id(committed.as_bytes()) == entry.sha {
                    true => text = committed,
                    false => changed.push(format!("`{path}`")),
                }
            }
        }
        snapshot.files.insert(path, text);
    }
    differs.extend(match changed.as_slice() {
        [] => None,
        [one] => Some(format!("{one} as committed: the checkout holds a changed one")),
        many => Some(format!("{} as committed: the checkout holds changed ones", words::some(many, 3))),
    });
    Ok(differs)
}

/// Does the path lie in the folder, whatever an index says and wherever links lead? `known` holds the folders that do.
fn is_inside(folder: &Path, path: &str, known: &mut BTreeSet<PathBuf>) -> bool {
    let path = Path::new(path);
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    plain
        && path.ancestors().skip(1).filter(|parent| !parent.as_os_str().is_empty()).all(|parent| {
            let real = || fs::symlink_metadata(folder.join(parent)).is_ok_and(|found| found.is_dir());
            known.contains(parent) || real() && known.insert(parent.to_owned())
        })
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

/// A file as text; `None` for what is no regular file or no text, as GitHub decides it too.
fn text(path: &Path) -> Option<String> {
    if !fs::symlink_metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(1024 * 1024).read_to_end(&mut bytes).ok()?;
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_index_names_outside_of_the_folder_is_not_looked_at() {
        let world = tempfile::tempdir().expect("a folder");
        let (own, other) = (world.path().join("own"), world.path().join("other"));
        for folder in [&own.join("src"), &other] {
            fs::create_dir_all(folder).expect("made");
        }
        fs::write(other.join("secret.rs"), "").expect("written");
        std::os::unix::fs::symlink(&other, own.join("link")).expect("linked");
        let mut known = BTreeSet::new();
        let mut inside = |path: &str| is_inside(&own, path, &mut known);
        assert!(inside("src/a.rs") && inside("a.rs"));
        for path in ["../other/secret.rs", "/etc/passwd", "link/secret.rs", "src/../../other/secret.rs"] {
            assert!(!inside(path), "{path}");
        }
    }
}
