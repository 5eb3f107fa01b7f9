//! Which commit wrote which lines of a file.

use crate::sandbox::model::Repository;

/// Lines in a row that one commit wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// From 1.
    pub first: usize,
    /// The last one belongs to it.
    pub last: usize,
    /// Id of the commit.
    pub commit: String,
}

/// The lines of a file at a commit; none where there is no such file. A line belongs to the oldest commit since which a
/// line of the same words has always been there, which is near enough to git for small histories.
pub fn lines(repository: &Repository, commit: &str, path: &str) -> Vec<Lines> {
    let text = |commit: &str| {
        let tree = &repository.objects.commit(commit)?.tree;
        let entry = repository.objects.at_path(tree, path)?;
        let content = repository.objects.blob(&entry.sha)?;
        Some(String::from_utf8_lossy(content).into_owned())
    };
    let Some(now) = text(commit) else { return Vec::new() };
    let history = repository.history(commit);
    let mut writers: Vec<&str> = vec![commit; now.lines().count()];
    let mut settled = vec![false; writers.len()];
    for earlier in &history {
        let before = text(earlier).unwrap_or_default();
        for (at, line) in now.lines().enumerate() {
            match (settled.get_mut(at), writers.get_mut(at)) {
                (Some(settled), Some(writer)) if !*settled => match before.lines().any(|old| old == line) {
                    true => *writer = earlier,
                    false => *settled = true,
                },
                _ => {}
            }
        }
    }
    let mut out: Vec<Lines> = Vec::new();
    for (at, writer) in writers.into_iter().enumerate() {
        match out.last_mut().filter(|lines| lines.commit == writer) {
            Some(lines) => lines.last = at + 1,
            None => out.push(Lines { first: at + 1, last: at + 1, commit: writer.to_owned() }),
        }
    }
    out
}
