//! What git's own files say about a checkout, without running git.

use std::path::{Path, PathBuf};

use aws_lc_rs::digest;

use crate::cli::plan::regular;
use crate::domain::snapshot::Repository;

/// Largest file of git's that is read, but for the two lists, in bytes.
const SMALL: u64 = 1024 * 1024;
/// Largest index or list of refs that is read, in bytes.
const LARGE: u64 = 64 * 1024 * 1024;

/// Longest path that is taken from an index, and all of them together, in bytes. Version 4 writes only how a path differs
/// from the one before, so that a small file can spell out gigabytes.
const PATH: usize = 4096;
const PATHS: usize = 64 * 1024 * 1024;

/// What was found; everything may be missing.
#[derive(Debug, Default)]
pub struct Facts {
    /// Whether the folder is a checkout at all.
    pub is_checkout: bool,
    /// Commit that is checked out.
    pub head: Option<String>,
    /// From the remote `origin`.
    pub repository: Option<Repository>,
    /// Tracked paths with their blob ids.
    pub tracked: Vec<(String, String)>,
    /// Tracked paths that are no UTF-8, as far as they can be shown.
    pub garbled: Vec<String>,
}

/// Reads `HEAD`, the refs, `config` and the index.
pub fn facts(folder: &Path) -> Result<Facts, String> {
    let Some(own) = git_folder(folder) else { return Ok(Facts::default()) };
    let common = match regular::text(&own.join("commondir"), SMALL) {
        Some(path) => own.join(path.trim()),
        None => own.clone(),
    };
    let (head, branch) = head(&own, &common);
    let config = regular::text(&common.join("config"), SMALL).unwrap_or_default();
    let repository = origin(&config)
        .map(|repository| Repository { default_branch: branch.unwrap_or_default(), ..repository });
    let path = own.join("index");
    let listed = match regular::bytes(&path, LARGE) {
        Some(bytes) => index(&bytes).map_err(|what| {
            format!("{}: {what}; give a checkout that git made, or a copy without `.git`", path.display())
        })?,
        None => None,
    };
    let Listed { tracked, garbled } = listed.unwrap_or_default();
    Ok(Facts { is_checkout: true, head, repository, tracked, garbled })
}

/// `.git`, or the folder that a file of that name points to.
fn git_folder(folder: &Path) -> Option<PathBuf> {
    let path = folder.join(".git");
    if path.is_dir() {
        return Some(path);
    }
    let pointer = regular::text(&path, SMALL)?;
    Some(folder.join(pointer.trim().strip_prefix("gitdir:")?.trim()))
}

/// Commit and branch.
fn head(own: &Path, common: &Path) -> (Option<String>, Option<String>) {
    let text = regular::text(&own.join("HEAD"), SMALL).unwrap_or_default();
    let Some(reference) = text.trim().strip_prefix("ref:").map(str::trim) else {
        return (commit(&text), None);
    };
    let branch = reference.strip_prefix("refs/heads/").map(str::to_owned);
    if reference.contains("..") || reference.starts_with('/') {
        return (None, None);
    }
    let loose = regular::text(&common.join(reference), SMALL).and_then(|text| commit(&text));
    let packed = || {
        let text = regular::text(&common.join("packed-refs"), LARGE)?;
        let line = text.lines().find(|line| line.split(' ').nth(1) == Some(reference))?;
        commit(line.split(' ').next()?)
    };
    (loose.or_else(packed), branch)
}

fn commit(text: &str) -> Option<String> {
    let text = text.trim();
    let valid = matches!(text.len(), 40 | 64) && text.chars().all(|c| c.is_ascii_hexdigit());
    valid.then(|| text.to_owned())
}

/// Owner, name and page of `origin`, for addresses of GitHub's shape.
fn origin(config: &str) -> Option<Repository> {
    let section = config.split("[remote \"origin\"]").nth(1)?.split("\n[").next()?;
    let line = section.lines().find_map(|line| line.trim().strip_prefix("url"))?;
    let address = line.trim().strip_prefix('=')?.trim();
    let bare = address.trim_end_matches('/').trim_end_matches(".git");
    let rest = bare.split_once("://").map_or(bare, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest).replacen(':', "/", 1);
    let mut parts = rest.rsplit('/');
    let (name, owner) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let host = parts.next().filter(|host| host.contains('.') && parts.next().is_none())?;
    let url = format!("https://{host}/{owner}/{name}");
    Some(Repository { owner, name, url, default_branch: String::new() })
}

/// The id that git gives a file with this content.
pub fn blob_id(content: &[u8]) -> String {
    let mut sha1 = digest::Context::new(&digest::SHA1_FOR_LEGACY_USE_ONLY);
    sha1.update(format!("blob {}\0", content.len()).as_bytes());
    sha1.update(content);
    hex(sha1.finish().as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What an index lists.
#[derive(Debug, Default, PartialEq, Eq)]
struct Listed {
    tracked: Vec<(String, String)>,
    garbled: Vec<String>,
}

/// Paths and blob ids of an index of version 2, 3 or 4 with SHA-1 ids; other indexes are left alone.
fn index(bytes: &[u8]) -> Result<Option<Listed>, String> {
    let mut listed = Listed::default();
    let mut entries = Entries { bytes, version: 0, left: 0, at: 12, before: Vec::new() };
    if entries.begin().is_none() {
        return Ok(None);
    }
    let mut all = 0_usize;
    while entries.left > 0 {
        let Some(sha) = entries.next() else { return Ok(None) };
        let path = &entries.before;
        all = all.saturating_add(path.len());
        if path.len() > PATH {
            return Err(format!("it lists a path of more than {PATH} bytes"));
        }
        if all > PATHS {
            return Err(format!("its paths are longer than {} MiB together", PATHS / 1024 / 1024));
        }
        match std::str::from_utf8(path) {
            Ok(path) => listed.tracked.push((path.to_owned(), sha)),
            Err(_) => listed.garbled.push(String::from_utf8_lossy(path).into_owned()),
        }
    }
    listed.tracked.dedup_by(|a, b| a.0 == b.0);
    Ok(Some(listed))
}

/// The entries of an index, one after the other.
struct Entries<'b> {
    bytes: &'b [u8],
    version: u32,
    left: u32,
    at: usize,
    /// The path of the entry that was read last.
    before: Vec<u8>,
}

impl Entries<'_> {
    /// Reads the head; `None` where it is none that is understood.
    fn begin(&mut self) -> Option<()> {
        let word = |at: usize| Some(u32::from_be_bytes(self.bytes.get(at..at + 4)?.try_into().ok()?));
        let (version, count) = (word(4)?, word(8)?);
        if self.bytes.get(..4)? != b"DIRC" || !(2..=4).contains(&version) {
            return None;
        }
        (self.version, self.left) = (version, count);
        Some(())
    }

    /// The blob id of the next entry, whose path is then in `before`.
    fn next(&mut self) -> Option<String> {
        let (bytes, at) = (self.bytes, self.at);
        let sha = hex(bytes.get(at + 40..at + 60)?);
        let flags = u16::from_be_bytes(bytes.get(at + 60..at + 62)?.try_into().ok()?);
        let start = if flags & 0x4000 == 0 { at + 62 } else { at + 64 };
        let four = self.version == 4;
        let (kept, start) = if four { prefix(bytes, start, self.before.len())? } else { (0, start) };
        let length = bytes.get(start..)?.iter().position(|byte| *byte == 0)?;
        self.before.truncate(kept);
        self.before.extend(bytes.get(start..start + length)?);
        // Version 4 does not pad its entries.
        self.at = if four { start + length + 1 } else { at + ((start - at + length + 8) & !7) };
        self.left -= 1;
        Some(sha)
    }
}

/// How much of the path before an entry of version 4 shares with it, and where the rest of its own path begins.
fn prefix(bytes: &[u8], start: usize, before: usize) -> Option<(usize, usize)> {
    let (mut dropped, mut at) = (0_usize, start);
    loop {
        let byte = *bytes.get(at)?;
        at += 1;
        dropped = dropped.checked_mul(128)?.checked_add(usize::from(byte & 127))?;
        if byte & 128 == 0 {
            return Some((before.checked_sub(dropped)?, at));
        }
        // Git counts from one with each further digit, so that no number has two spellings.
        dropped += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_of_both_spellings_are_read() {
        let ssh = origin("[core]\n[remote \"origin\"]\n\turl = git@github.com:acme/web.git\n")
            .expect("a repository");
        assert_eq!((ssh.owner.as_str(), ssh.url.as_str()), ("acme", "https://github.com/acme/web"));
        let https =
            origin("[remote \"origin\"]\n\turl = https://x:y@ghe.example/acme/web\n").expect("a repository");
        assert_eq!(https.url, "https://ghe.example/acme/web");
        assert!(origin("[remote \"origin\"]\n\turl = /srv/git/web.git\n").is_none());
    }

    fn tracked(bytes: &[u8]) -> Option<Vec<(String, String)>> {
        index(bytes).expect("a moderate index").map(|listed| listed.tracked)
    }

    /// Version 4: a first path, then others that keep all of it but a byte.
    fn sharing(first: &[u8], others: u32) -> Vec<u8> {
        let mut bytes = b"DIRC\0\0\0\x04".to_vec();
        bytes.extend((others + 1).to_be_bytes());
        bytes.extend([0; 62]);
        bytes.push(0);
        bytes.extend(first);
        bytes.push(0);
        for _ in 0..others {
            bytes.extend([0; 62]);
            bytes.extend(b"\x01b\0");
        }
        bytes
    }

    #[test]
    fn an_index_that_spells_out_more_than_a_tree_has_is_refused() {
        let long = index(&sharing(&[b'a'; 400_000], 7_000)).expect_err("refused");
        assert_eq!(long, "it lists a path of more than 4096 bytes");
        let many = index(&sharing(&[b'a'; 4_096], 17_000)).expect_err("refused");
        assert_eq!(many, "its paths are longer than 64 MiB together");
        let few = index(&sharing(&[b'a'; 4_096], 3)).expect("taken").expect("an index");
        assert_eq!(few.tracked.len(), 2, "the last three have one name");
        let garbled = index(&sharing(b"src/\xff.r", 0)).expect("taken").expect("an index").garbled;
        assert_eq!(garbled, ["src/\u{fffd}.r"]);
    }

    #[test]
    fn an_index_lists_paths_with_blob_ids() {
        let mut bytes = b"DIRC\0\0\0\x02\0\0\0\x01".to_vec();
        bytes.extend([0; 40]);
        bytes.extend([0xab; 20]);
        bytes.extend([0, 8]);
        bytes.extend(b"src/a.rs\0\0");
        assert_eq!(tracked(&bytes), Some(vec![("src/a.rs".to_owned(), "ab".repeat(20))]));
        assert_eq!(tracked(&bytes[..50]), None);
        assert_eq!(tracked(b"DIRC\0\0\0\x05\0\0\0\0"), None);
    }

    #[test]
    fn an_index_of_version_4_names_only_what_differs() {
        let mut bytes = b"DIRC\0\0\0\x04\0\0\0\x02".to_vec();
        for (sha, rest) in [(0xab, b"\0src/auth.rs\0"), (0xcd, b"\x07main.rs\0\0\0\0\0")] {
            bytes.extend([0; 40]);
            bytes.extend([sha; 20]);
            bytes.extend([0, 11]);
            bytes.extend(rest.iter().take(if sha == 0xab { 13 } else { 9 }));
        }
        let expected = [("src/auth.rs", "ab"), ("src/main.rs", "cd")];
        let expected = expected.map(|(path, sha)| (path.to_owned(), sha.repeat(20)));
        assert_eq!(tracked(&bytes), Some(expected.to_vec()));
        assert_eq!(blob_id(b"hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
    }
}
