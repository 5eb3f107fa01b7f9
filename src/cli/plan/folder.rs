//! A checkout as a tree: what git tracks, else what lies there; links are not followed.

use std::collections::{BTreeSet, VecDeque};
use std::fs::{self, File, Metadata, ReadDir};
use std::io::{self, ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use crate::cli::plan::git;
use crate::domain::brief::Brief;
use crate::domain::hash;
use crate::domain::plan::{places, wanted, words};
use crate::domain::snapshot::{EntryKind, Snapshot, TreeEntry};

/// Most entries; a larger folder is said to be truncated.
const MAX_ENTRIES: usize = 100_000;

/// Adds tree, files and git's facts to a snapshot. What the input says wins over what git says. Gives back, as noun
/// phrases, where the folder is not the commit that is planned on.
pub fn gather(folder: &Path, brief: &Brief, snapshot: &mut Snapshot) -> Result<Vec<String>, String> {
    if !folder.is_dir() {
        return Err(format!("{}: is no folder; give a checkout to `--repo`", folder.display()));
    }
    let facts = git::facts(folder)?;
    let head = facts.head.unwrap_or_default();
    let mut differs = Vec::new();
    if facts.is_checkout && head.is_empty() {
        differs.push("the tree of a commit: the checkout has none yet".to_owned());
    }
    if snapshot.base_sha.is_empty() {
        snapshot.base_sha = head;
    } else if !head.is_empty() && !head.starts_with(&snapshot.base_sha) {
        let (asked, found) = (hash::commit(&snapshot.base_sha), hash::commit(&head));
        differs.push(format!("the tree at `{asked}`: the checkout is at `{found}`"));
    }
    if let (true, Some(repository)) = (snapshot.repository.name.is_empty(), facts.repository) {
        snapshot.repository = repository;
    }
    let mut hidden: BTreeSet<String> = facts.garbled.into_iter().collect();
    snapshot.tree = match facts.tracked {
        tracked if !tracked.is_empty() => {
            let mut parents = BTreeSet::new();
            let own = tracked.into_iter().filter(|(path, _)| is_inside(folder, path, &mut parents));
            own.filter_map(|(path, sha)| {
                let found = fs::symlink_metadata(folder.join(&path));
                if found.as_ref().is_err_and(|error| error.kind() == ErrorKind::PermissionDenied) {
                    hidden.insert(barred(folder, &path));
                }
                Some(entry(&found.ok()?, path, sha))
            })
            .collect()
        }
        _ => walk((folder, &|path| fs::read_dir(path)), &mut snapshot.truncated, &mut hidden),
    };
    snapshot.unreadable = hidden.into_iter().collect();
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
            // What may not be looked at is not opened either, and is named as unread.
            let real = || match fs::symlink_metadata(folder.join(parent)) {
                Ok(found) => found.is_dir(),
                Err(error) => error.kind() == ErrorKind::PermissionDenied,
            };
            known.contains(parent) || real() && known.insert(parent.to_owned())
        })
}

fn entry(found: &Metadata, path: String, sha: String) -> TreeEntry {
    let kind = match found.file_type() {
        kind if kind.is_symlink() => EntryKind::Link,
        kind if kind.is_dir() => EntryKind::Submodule,
        _ => EntryKind::File,
    };
    let size = if kind == EntryKind::File { found.len() } else { 0 };
    TreeEntry { path, kind, size, sha }
}

/// The outermost folder on the way to a path that may not be looked into.
fn barred(folder: &Path, path: &str) -> String {
    let mut parents: Vec<&Path> = Path::new(path).ancestors().collect();
    parents.reverse();
    let denied = |path: &&&Path| {
        let found = fs::symlink_metadata(folder.join(path));
        found.is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
    };
    let barred = parents.iter().find(denied).and_then(|path| path.parent()).unwrap_or(Path::new(""));
    let barred = barred.to_string_lossy();
    format!("{}/", if barred.is_empty() { "." } else { barred.as_ref() })
}

/// What lists a folder.
type List<'l> = &'l dyn Fn(&Path) -> io::Result<ReadDir>;

/// Folder by folder, names sorted, without git's own and installed packages. What cannot be listed, and what has a name that
/// is no UTF-8, goes to `hidden`.
fn walk(
    (folder, list): (&Path, List<'_>),
    truncated: &mut bool,
    hidden: &mut BTreeSet<String>,
) -> Vec<TreeEntry> {
    let mut out = Vec::new();
    let mut queue = VecDeque::from([String::new()]);
    while let Some(inner) = queue.pop_front() {
        let Ok(listed) = list(&folder.join(&inner)) else {
            hidden.insert(format!("{}/", if inner.is_empty() { "." } else { &inner }));
            continue;
        };
        let mut names: Vec<String> = Vec::new();
        for item in listed.flatten() {
            match item.file_name().into_string() {
                Ok(name) => names.push(name),
                Err(name) => {
                    hidden.insert(places::within(&inner, &name.to_string_lossy()));
                }
            }
        }
        names.sort();
        for name in names {
            if out.len() >= MAX_ENTRIES {
                *truncated = true;
                return out;
            }
            let path = places::within(&inner, &name);
            let Ok(found) = fs::symlink_metadata(folder.join(&path)) else {
                hidden.insert(path);
                continue;
            };
            if !found.is_dir() {
                out.push(entry(&found, path, String::new()));
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
    fn what_cannot_be_listed_or_named_is_told() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let world = tempfile::tempdir().expect("a folder");
        for folder in ["priv/deep", "src"] {
            fs::create_dir_all(world.path().join(folder)).expect("made");
        }
        fs::write(world.path().join("src/a.rs"), "").expect("written");
        fs::write(world.path().join("src").join(OsStr::from_bytes(b"\xff.rs")), "").expect("written");
        let list = |path: &Path| match path.ends_with("priv") {
            true => Err(io::Error::from(ErrorKind::PermissionDenied)),
            false => fs::read_dir(path),
        };
        let (mut truncated, mut hidden) = (false, BTreeSet::new());
        let tree = walk((world.path(), &list), &mut truncated, &mut hidden);
        assert_eq!(tree.iter().map(|entry| entry.path.as_str()).collect::<Vec<_>>(), ["src/a.rs"]);
        assert_eq!(hidden.into_iter().collect::<Vec<_>>(), ["priv/", "src/\u{fffd}.rs"]);
    }

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
