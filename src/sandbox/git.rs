//! Git objects with the SHA-1 ids that git itself would give them.

use std::collections::{BTreeMap, HashMap};

use aws_lc_rs::digest;
use bytes::Bytes;

/// One object of a repository.
#[derive(Debug, Clone)]
pub enum Object {
    /// Content of a file.
    Blob(Bytes),
    /// One directory, in git's order.
    Tree(Vec<TreeEntry>),
    /// One commit.
    Commit(Commit),
}

/// What a tree entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// An ordinary file.
    File,
    /// A file with the executable bit.
    Executable,
    /// A symbolic link; the blob holds its target.
    Symlink,
    /// A directory.
    Directory,
}

impl Mode {
    /// Six digits, as the API writes them.
    pub fn digits(self) -> &'static str {
        match self {
            Self::File => "100644",
            Self::Executable => "100755",
            Self::Symlink => "120000",
            Self::Directory => "040000",
        }
    }

    /// `blob` or `tree`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Directory => "tree",
            Self::File | Self::Executable | Self::Symlink => "blob",
        }
    }
}

/// A name in one directory.
#[derive(Debug, Clone)]
pub struct TreeEntry {
    /// Kind of entry.
    pub mode: Mode,
    /// Name without slashes; the whole path in [`Objects::walk`].
    pub name: String,
    /// Id of the blob or tree.
    pub sha: String,
}

/// A file of a whole tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Kind of file, never a directory.
    pub mode: Mode,
    /// Id of the blob.
    pub sha: String,
}

/// Who wrote or committed, and when.
#[derive(Debug, Clone)]
pub struct Signature {
    /// Display name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Unix milliseconds; git keeps whole seconds.
    pub at_ms: i64,
}

/// A commit object.
#[derive(Debug, Clone)]
pub struct Commit {
    /// Id of the root tree.
    pub tree: String,
    /// Ids of the parents, first parent first.
    pub parents: Vec<String>,
    /// Author.
    pub author: Signature,
    /// Committer.
    pub committer: Signature,
    /// Message without the final newline.
    pub message: String,
}

/// All objects of one repository.
#[derive(Debug, Default)]
pub struct Objects(HashMap<String, Object>);

/// The files of one tree by path.
pub type Files = BTreeMap<String, FileEntry>;

impl Objects {
    /// Looks an object up by its full id.
    pub fn get(&self, sha: &str) -> Option<&Object> {
        self.0.get(sha)
    }

    /// Stores a blob.
    pub fn add_blob(&mut self, content: Bytes) -> String {
        let sha = object_id("blob", &content);
        self.0.entry(sha.clone()).or_insert(Object::Blob(content));
        sha
    }

    /// Stores the tree of these files, with all trees below it.
    pub fn add_tree(&mut self, files: &Files) -> String {
        let mut entries = Vec::new();
        let mut directories: BTreeMap<&str, Files> = BTreeMap::new();
        for (path, file) in files {
            match path.split_once('/') {
                None => {
                    entries.push(TreeEntry { mode: file.mode, name: path.clone(), sha: file.sha.clone() })
                }
                Some((directory, rest)) => {
                    directories.entry(directory).or_default().insert(rest.to_owned(), file.clone());
                }
            }
        }
        for (name, inner) in &directories {
            let sha = self.add_tree(inner);
            entries.push(TreeEntry { mode: Mode::Directory, name: (*name).to_owned(), sha });
        }
        entries.sort_by_cached_key(sort_key);
        let sha = object_id("tree", &tree_bytes(&entries));
        self.0.entry(sha.clone()).or_insert(Object::Tree(entries));
        sha
    }

    /// Stores a commit.
    pub fn add_commit(&mut self, commit: Commit) -> String {
        let sha = object_id("commit", commit_text(&commit).as_bytes());
        self.0.entry(sha.clone()).or_insert(Object::Commit(commit));
        sha
    }

    /// The commit of this full id.
    pub fn commit(&self, sha: &str) -> Option<&Commit> {
        match self.get(sha)? {
            Object::Commit(commit) => Some(commit),
            Object::Blob(_) | Object::Tree(_) => None,
        }
    }

    /// Full ids of the commits whose id starts like this.
    pub fn commits_starting(&self, start: &str) -> impl Iterator<Item = String> {
        let commits = self.0.iter().filter(|(_, object)| matches!(object, Object::Commit(_)));
        commits.filter(move |(sha, _)| sha.starts_with(start)).map(|(sha, _)| sha.clone())
    }

    /// The blob of this full id.
    pub fn blob(&self, sha: &str) -> Option<&Bytes> {
        match self.get(sha)? {
            Object::Blob(content) => Some(content),
            Object::Commit(_) | Object::Tree(_) => None,
        }
    }

    /// The entries of one tree.
    pub fn tree(&self, sha: &str) -> Option<&[TreeEntry]> {
        match self.get(sha)? {
            Object::Tree(entries) => Some(entries),
            Object::Commit(_) | Object::Blob(_) => None,
        }
    }

    /// Everything below a tree, directories included, in the order of `git ls-tree -r -t`; names are whole paths.
    pub fn walk(&self, tree: &str) -> Vec<TreeEntry> {
        let mut found = Vec::new();
        self.walk_into(tree, "", &mut found);
        found
    }

    fn walk_into(&self, tree: &str, prefix: &str, found: &mut Vec<TreeEntry>) {
        for entry in self.tree(tree).unwrap_or_default() {
            let path = format!("{prefix}{}", entry.name);
            found.push(TreeEntry { name: path.clone(), ..entry.clone() });
            if entry.mode == Mode::Directory {
                self.walk_into(&entry.sha, &format!("{path}/"), found);
            }
        }
    }

    /// The files below a tree.
    pub fn files(&self, tree: &str) -> Files {
        let entries = self.walk(tree).into_iter().filter(|entry| entry.mode != Mode::Directory);
        entries.map(|entry| (entry.name, FileEntry { mode: entry.mode, sha: entry.sha })).collect()
    }

    /// The entry at a path below a tree; the empty path is the tree itself.
    pub fn at_path(&self, tree: &str, path: &str) -> Option<TreeEntry> {
        let mut here = TreeEntry { mode: Mode::Directory, name: String::new(), sha: tree.to_owned() };
        for part in path.split('/').filter(|part| !part.is_empty()) {
            here = self.tree(&here.sha)?.iter().find(|entry| entry.name == part)?.clone();
        }
        Some(here)
    }
}

/// Git's id of an object: SHA-1 over its header and content, 40 lower-case hex digits.
pub fn object_id(kind: &str, content: &[u8]) -> String {
    let mut context = digest::Context::new(&digest::SHA1_FOR_LEGACY_USE_ONLY);
    context.update(format!("{kind} {}\0", content.len()).as_bytes());
    context.update(content);
    hex(context.finish().as_ref())
}

/// Lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sort_key(entry: &TreeEntry) -> Vec<u8> {
    let mut key = entry.name.clone().into_bytes();
    if entry.mode == Mode::Directory {
        key.push(b'/');
    }
    key
}

fn tree_bytes(entries: &[TreeEntry]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        bytes.extend_from_slice(entry.mode.digits().trim_start_matches('0').as_bytes());
        bytes.push(b' ');
        bytes.extend_from_slice(entry.name.as_bytes());
        bytes.push(0);
        bytes.extend(raw_id(&entry.sha));
    }
    bytes
}

fn raw_id(sha: &str) -> impl Iterator<Item = u8> {
    sha.as_bytes().chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | nibble(*digit)))
}

fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => 0,
    }
}

fn commit_text(commit: &Commit) -> String {
    let mut text = format!("tree {}\n", commit.tree);
    for parent in &commit.parents {
        text.push_str(&format!("parent {parent}\n"));
    }
    text.push_str(&format!("author {}\n", signature_text(&commit.author)));
    text.push_str(&format!("committer {}\n", signature_text(&commit.committer)));
    text.push_str(&format!("\n{}\n", commit.message));
    text
}

fn signature_text(signature: &Signature) -> String {
    format!("{} <{}> {} +0000", signature.name, signature.email, signature.at_ms.div_euclid(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(sha: String) -> FileEntry {
        FileEntry { mode: Mode::File, sha }
    }

    #[test]
    fn ids_are_those_of_git() {
        assert_eq!(object_id("blob", b""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(object_id("blob", b"hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
        assert_eq!(Objects::default().add_tree(&Files::new()), "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
    }

    #[test]
    fn nested_trees_and_commits_have_the_ids_of_git() {
        let mut objects = Objects::default();
        let hello = objects.add_blob(Bytes::from_static(b"hello\n"));
        let files = ["a.txt", "a/b.txt", "a-b"].map(|path| (path.to_owned(), file(hello.clone())));
        let tree = objects.add_tree(&files.into());
        assert_eq!(tree, TREE_OF_THREE);
        let names: Vec<_> = objects.walk(&tree).into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["a-b", "a.txt", "a", "a/b.txt"]);
        let ada =
            Signature { name: "Ada".into(), email: "ada@acme.example".into(), at_ms: 1_700_000_000_999 };
        let commit =
            Commit { tree, parents: vec![], author: ada.clone(), committer: ada, message: "First".into() };
        assert_eq!(objects.add_commit(commit), COMMIT_OF_THREE);
    }

    #[test]
    fn a_path_leads_to_its_entry() {
        let mut objects = Objects::default();
        let hello = objects.add_blob(Bytes::from_static(b"hello\n"));
        let tree = objects.add_tree(&[("src/deep/x.rs".to_owned(), file(hello.clone()))].into());
        assert_eq!(objects.at_path(&tree, "src/deep/x.rs").map(|entry| entry.sha), Some(hello));
        assert_eq!(objects.at_path(&tree, "src/deep").map(|entry| entry.mode), Some(Mode::Directory));
        assert!(objects.at_path(&tree, "src/deep/x.rs/y").is_none());
        assert!(objects.at_path(&tree, "src/nope").is_none());
    }

    const TREE_OF_THREE: &str = "22af97fc0c107101cfe385d1f16c6e2e230cf579";
    const COMMIT_OF_THREE: &str = "48e0070f1ef162d81f17108ff4129948c8b14d23";
}
