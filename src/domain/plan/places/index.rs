//! The tree by path, by name and by what its files are for: all that is asked of every file is told once.

use std::collections::HashSet;

use crate::domain::plan::places::pytest::Declared;
use crate::domain::plan::places::{is_aside, is_test, likely, name};
use crate::domain::snapshot::{EntryKind, TreeEntry};

/// What a tree has.
pub(super) struct Index<'a> {
    /// All that is no folder, by path.
    files: Vec<File<'a>>,
    /// Their paths by name, and by path where they are called alike.
    by_name: Vec<&'a str>,
    /// The folders that the tree lists itself, by path; it may list none.
    folders: Vec<&'a str>,
}

/// A file and what it is for.
pub(super) struct File<'a> {
    pub(super) entry: &'a TreeEntry,
    /// The last part of its path.
    pub(super) name: &'a str,
    pub(super) is_test: bool,
    pub(super) is_aside: bool,
    pub(super) is_product: bool,
}

impl<'a> File<'a> {
    fn of(entry: &'a TreeEntry, (declared, generated): (&Declared, &HashSet<&str>)) -> Self {
        let path = entry.path.as_str();
        let (is_test, is_aside) = (is_test(path) || declared.takes(path), is_aside(path));
        let is_product = !is_test && !is_aside && likely::is_written(path) && !generated.contains(path);
        Self { entry, name: name(path), is_test, is_aside, is_product }
    }

    pub(super) fn path(&self) -> &'a str {
        &self.entry.path
    }
}

impl<'a> Index<'a> {
    /// Of a tree, by what the repository takes for tests and by what tools wrote.
    pub(super) fn of(tree: &'a [TreeEntry], told: (&Declared, &HashSet<&str>)) -> Self {
        let is_folder = |entry: &&TreeEntry| entry.kind == EntryKind::Folder;
        let mut folders: Vec<&str> = tree.iter().filter(is_folder).map(|entry| entry.path.as_str()).collect();
        folders.sort_unstable();
        let all = tree.iter().filter(|entry| !is_folder(entry));
        let mut files: Vec<File<'a>> = all.map(|entry| File::of(entry, told)).collect();
        files.sort_by_key(File::path);
        files.dedup_by_key(|file| file.path());
        let mut by_name: Vec<&str> = files.iter().map(File::path).collect();
        by_name.sort_by_cached_key(|path| name(path));
        Self { files, by_name, folders }
    }

    pub(super) fn files(&self) -> &[File<'a>] {
        &self.files
    }

    pub(super) fn file(&self, path: &str) -> Option<&File<'a>> {
        let at = self.files.binary_search_by(|file| file.path().cmp(path)).ok()?;
        self.files.get(at)
    }

    /// A folder: one that the tree lists, or that a file lies in.
    pub(super) fn folder(&self, path: &str) -> Option<&'a str> {
        if let Ok(at) = self.folders.binary_search(&path) {
            return self.folders.get(at).copied();
        }
        let inner = format!("{path}/");
        let at = self.files.partition_point(|file| file.path() < inner.as_str());
        let first = self.files.get(at)?.path();
        first.starts_with(&inner).then(|| first.get(..path.len()))?
    }

    /// All files of a name, by path.
    pub(super) fn named(&self, wanted: &str) -> &[&'a str] {
        let from = self.by_name.partition_point(|path| name(path) < wanted);
        let rest = self.by_name.get(from..).unwrap_or_default();
        rest.get(..rest.partition_point(|path| name(path) == wanted)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, kind: EntryKind) -> TreeEntry {
        TreeEntry { path: path.to_owned(), kind, size: 1, sha: String::new() }
    }

    #[test]
    fn a_folder_is_there_where_it_is_listed_or_a_file_lies_in_it() {
        let mut tree: Vec<TreeEntry> =
            ["src/a.rs", "src-b/a.rs", "src.rs"].map(|path| entry(path, EntryKind::File)).into();
        tree.push(entry("empty", EntryKind::Folder));
        let index = Index::of(&tree, (&Declared::default(), &HashSet::new()));
        assert_eq!(
            ["src", "src-b", "empty"].map(|path| index.folder(path)),
            [Some("src"), Some("src-b"), Some("empty")]
        );
        assert_eq!(["sr", "src.rs", "src/a.rs", ""].map(|path| index.folder(path)), [None; 4]);
        assert_eq!(index.named("a.rs"), ["src-b/a.rs", "src/a.rs"]);
        assert!(index.named("b.rs").is_empty() && index.file("empty").is_none());
    }
}
