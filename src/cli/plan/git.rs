//! What git's own files say about a checkout, without running git.

use std::path::{Path, PathBuf};

use aws_lc_rs::digest;

use crate::cli::plan::regular;
use crate::domain::snapshot::Repository;

/// Largest file of git's that is read, but for the two lists, in bytes.
const SMALL: u64 = 1024 * 1024;
/// Largest index or list of refs that is read, in bytes.
const LARGE: u64 = 64 * 1024 * 1024;

/// What was found; everything may be missing.
#[derive(Debug, Default)]
pub struct Facts {
    /// Commit that is checked out.
    pub head: Option<String>,
    /// From the remote `origin`.
    pub repository: Option<Repository>,
    /// Tracked paths with their blob ids.
    pub tracked: Vec<(String, String)>,
}

/// Reads `HEAD`, the refs, `config` and the index.
pub fn facts(folder: &Path) -> Facts {
    let Some(own) = git_folder(folder) else { return Facts::default() };
    let common = match regular::text(&own.join("commondir"), SMALL) {
        Some(path) => own.join(path.trim()),
        None => own.clone(),
    };
    let (head, branch) = head(&own, &common);
    let config = regular::text(&common.join("config"), SMALL).unwrap_or_default();
    let repository = origin(&config)
        .map(|repository| Repository { default_branch: branch.unwrap_or_default(), ..repository });
    let tracked =
        regular::bytes(&own.join("index"), LARGE).and_then(|bytes| index(&bytes)).unwrap_or_default();
    Facts { head, repository, tracked }
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

/// Paths and blob ids of an index of version 2, 3 or 4 with SHA-1 ids; other indexes are left alone.
fn index(bytes: &[u8]) -> Option<Vec<(String, String)>> {
    let word = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let version = word(4)?;
    if bytes.get(..4)? != b"DIRC" || !(2..=4).contains(&version) {
        return None;
    }
    let mut before: Vec<u8> = Vec::new();
    let count = word(8)?;
    let mut out = Vec::new();
    let mut at = 12;
    for _ in 0..count {
        let sha = hex(bytes.get(at + 40..at + 60)?);
        let flags = u16::from_be_bytes(bytes.get(at + 60..at + 62)?.try_into().ok()?);
        let start = if flags & 0x4000 == 0 { at + 62 } else { at + 64 };
        let (kept, start) = if version == 4 { prefix(bytes, start, before.len())? } else { (0, start) };
        let length = bytes.get(start..)?.iter().position(|byte| *byte == 0)?;
        before.truncate(kept);
        before.extend(bytes.get(start..start + length)?);
        if let Ok(path) = std::str::from_utf8(&before) {
            out.push((path.to_owned(), sha));
        }
        // Version 4 does not pad its entries.
        at = if version == 4 { start + length + 1 } else { at + ((start - at + length + 8) & !7) };
    }
    out.dedup_by(|a, b| a.0 == b.0);
    Some(out)
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

    #[test]
    fn an_index_lists_paths_with_blob_ids() {
        let mut bytes = b"DIRC\0\0\0\x02\0\0\0\x01".to_vec();
        bytes.extend([0; 40]);
        bytes.extend([0xab; 20]);
        bytes.extend([0, 8]);
        bytes.extend(b"src/a.rs\0\0");
        assert_eq!(index(&bytes), Some(vec![("src/a.rs".to_owned(), "ab".repeat(20))]));
        assert_eq!(index(&bytes[..50]), None);
        assert_eq!(index(b"DIRC\0\0\0\x05\0\0\0\0"), None);
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
        assert_eq!(index(&bytes), Some(expected.to_vec()));
        assert_eq!(blob_id(b"hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
    }
}
