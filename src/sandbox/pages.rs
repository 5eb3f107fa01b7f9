//! Where links lead: which pages of the web interface there are.

use percent_encoding::percent_decode_str;

use super::git::{Mode, Object};
use super::model::{IssueSlot, Repository};
use super::state::State;
use super::world::World;

/// Why a link leads nowhere, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPage {
    /// It never led anywhere.
    Never(String),
    /// What it leads to was deleted, or transferred.
    Gone(String),
}

impl World {
    /// Follows a link to a page of a repository, given as `owner/name/…` without the host.
    ///
    /// Known are the repository's own page, issues, pull requests and their comments, files, lines and folders at a commit
    /// or branch, commits, workflow runs and alerts.
    ///
    /// # Errors
    /// What is not there.
    pub fn follow(&self, page: &str) -> Result<(), NoPage> {
        let state = self.state();
        let (page, anchor) = page.split_once('#').unwrap_or((page, ""));
        let page = page.split('?').next().unwrap_or_default().trim_end_matches('/');
        let parts: Vec<String> =
            page.split('/').map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let [owner, name, rest @ ..] = parts.as_slice() else {
            return Err(NoPage::Never(format!("`{page}` is no page of a repository")));
        };
        let full_name = format!("{owner}/{name}");
        let found = state.repository_id(&full_name).and_then(|id| state.repositories.get(&id));
        let repository = found.ok_or_else(|| NoPage::Never(format!("there is no repository {full_name}")))?;
        match rest {
            [] => Ok(()),
            ["issues" | "pull", number] => thread(&state, repository, (number, anchor)),
            ["commit", sha] => commit_of(repository, sha).map(|_| ()),
            ["tree" | "blob", reference, path @ ..] => {
                content(repository, reference, (&path.join("/"), anchor))
            }
            ["actions", "runs", run] => {
                match repository.runs.iter().any(|known| known.id.to_string() == *run) {
                    true => Ok(()),
                    false => Err(NoPage::Never(format!("there is no run {run}"))),
                }
            }
            ["security", segment, number] => {
                let all = repository.alerts.iter().filter(|(scanner, _)| scanner.segment() == *segment);
                match all.flat_map(|(_, alerts)| alerts).any(|known| known.number.to_string() == *number) {
                    true => Ok(()),
                    false => Err(NoPage::Never(format!("there is no alert {number} of {segment}"))),
                }
            }
            _ => Err(NoPage::Never(format!("no page of this kind: {}", rest.join("/")))),
        }
    }
}

fn thread(state: &State, repository: &Repository, (number, anchor): (&str, &str)) -> Result<(), NoPage> {
    let missing = || NoPage::Never(format!("there is no #{number}"));
    let number = number.parse().map_err(|_| missing())?;
    let slot = repository.numbers.get(&number).ok_or_else(missing)?;
    let IssueSlot::Live(id) = slot else { return Err(NoPage::Gone(format!("#{number} is gone"))) };
    let Some(comment) = anchor.strip_prefix("issuecomment-") else {
        return if anchor.is_empty() {
            Ok(())
        } else {
            Err(NoPage::Never(format!("#{number} has no anchor `{anchor}`")))
        };
    };
    match state.comments_of(*id).any(|known| known.id.to_string() == comment) {
        true => Ok(()),
        false => Err(NoPage::Never(format!("#{number} has no comment {comment}"))),
    }
}

/// The root tree of a commit or branch.
fn commit_of<'a>(repository: &'a Repository, reference: &'a str) -> Result<&'a str, NoPage> {
    let sha = repository.branches.get(reference).map_or(reference, String::as_str);
    let commit = repository.objects.commit(sha);
    commit
        .map(|commit| commit.tree.as_str())
        .ok_or_else(|| NoPage::Never(format!("there is no commit {reference}")))
}

fn content(repository: &Repository, reference: &str, (path, anchor): (&str, &str)) -> Result<(), NoPage> {
    let tree = commit_of(repository, reference)?;
    let missing = || NoPage::Never(format!("there is no `{path}` at {reference}"));
    let entry = repository.objects.at_path(tree, path).ok_or_else(missing)?;
    let lines = match repository.objects.get(&entry.sha) {
        Some(Object::Blob(content)) if entry.mode != Mode::Directory => {
            String::from_utf8_lossy(content).lines().count()
        }
        _ => 0,
    };
    if anchor.is_empty() {
        return Ok(());
    }
    let line = |text: &str| text.strip_prefix('L').and_then(|digits| digits.parse::<usize>().ok());
    let (first, last) = anchor.split_once('-').unwrap_or((anchor, anchor));
    match (line(first), line(last)) {
        (Some(first), Some(last)) if 1 <= first && first <= last && last <= lines => Ok(()),
        _ => Err(NoPage::Never(format!("`{path}` has {lines} lines, and no `{anchor}`"))),
    }
}
