//! Repositories: pushing, renaming, and who may do what.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::sandbox::git::{Commit, FileEntry, Mode, Signature};
use crate::sandbox::model::{Change, Role};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::{Actor, State, timestamp};
use crate::sandbox::view;
use crate::sandbox::webhooks::Happening;

/// A commit to be made on top of a branch.
#[derive(Debug, Clone)]
pub struct Push {
    /// Branch; made from the default branch when it does not exist.
    pub branch: String,
    /// Commit message.
    pub message: String,
    /// New file by path; none removes the file.
    pub files: BTreeMap<String, Option<NewFile>>,
}

/// A file of a commit.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// Kind of file.
    pub mode: Mode,
    /// Content; for a symbolic link its target.
    pub content: Bytes,
}

impl From<&str> for NewFile {
    /// An ordinary file.
    fn from(content: &str) -> Self {
        Self { mode: Mode::File, content: Bytes::copy_from_slice(content.as_bytes()) }
    }
}

const NO_COMMIT: &str = "0000000000000000000000000000000000000000";

impl State {
    /// Makes a commit and moves the branch to it; answers the commit's id.
    pub fn push(&mut self, by: &Actor, repo: i64, push: Push) -> Result<String, Refusal> {
        self.check_writable(repo)?;
        if push.files.values().flatten().any(|file| file.mode == Mode::Directory) {
            return Err(Refusal::rule("Commit", "mode", "a directory is made by the files in it"));
        }
        if let Some(path) = push.files.keys().find(|path| !is_file_path(path)) {
            return Err(Refusal::rule("Commit", "path", format!("`{path}` is not a path of a file")));
        }
        let now = self.now();
        let login = &by.login;
        let signature = Signature {
            name: login.clone(),
            email: format!("{login}@users.noreply.github.example"),
            at_ms: now,
        };
        let repository = self.repository_mut(repo)?;
        let branch = repository.branches.get(&push.branch).cloned();
        let parent = branch.clone().or_else(|| repository.branches.get(&repository.default_branch).cloned());
        let tree = parent.as_ref().and_then(|sha| repository.objects.commit(sha)).map(|it| it.tree.clone());
        let mut files = tree.map(|tree| repository.objects.files(&tree)).unwrap_or_default();
        for (path, file) in push.files {
            match file {
                Some(file) => {
                    let sha = repository.objects.add_blob(file.content);
                    files.insert(path, FileEntry { mode: file.mode, sha });
                }
                None => {
                    files.remove(&path);
                }
            }
        }
        let tree = repository.objects.add_tree(&files);
        let commit = Commit {
            tree,
            parents: parent.into_iter().collect(),
            author: signature.clone(),
            committer: signature,
            message: push.message,
        };
        let sha = repository.objects.add_commit(commit);
        repository.branches.insert(push.branch.clone(), sha.clone());
        repository.pushed_ms = now;
        self.changed(Change::Repository(repo));
        self.tell_push(by, repo, (&push.branch, branch))?;
        Ok(sha)
    }

    fn tell_push(&mut self, by: &Actor, repo: i64, what: (&str, Option<String>)) -> Result<(), Refusal> {
        let (branch, before) = what;
        let repository = self.repository(repo)?;
        let after = repository.branches.get(branch).cloned().unwrap_or_default();
        let commit = self.push_commit(repo, &after)?;
        let html = format!("{}/{}", self.html_url, repository.full_name());
        let from = before.clone().unwrap_or_else(|| NO_COMMIT.to_owned());
        let fields = vec![
            ("ref", json!(format!("refs/heads/{branch}"))),
            ("before", json!(from)),
            ("after", json!(after)),
            ("created", json!(before.is_none())),
            ("deleted", json!(false)),
            ("forced", json!(false)),
            ("base_ref", Value::Null),
            ("compare", json!(format!("{html}/compare/{from}...{after}"))),
            ("commits", json!([commit])),
            ("head_commit", commit),
            ("pusher", json!({ "name": by.login, "email": null })),
        ];
        self.tell(by, repo, Happening { event: "push", action: None, fields });
        Ok(())
    }

    fn push_commit(&self, repo: i64, sha: &str) -> Result<Value, Refusal> {
        let repository = self.repository(repo)?;
        let commit = repository.objects.commit(sha).ok_or_else(Refusal::not_found)?;
        let mut shown = view::short_commit(sha, commit);
        let (mut added, mut removed, mut modified) = (vec![], vec![], vec![]);
        for (path, before, after) in repository.changed_by(sha) {
            match (before, after) {
                (None, _) => added.push(path),
                (_, None) => removed.push(path),
                _ => modified.push(path),
            }
        }
        shown["distinct"] = json!(true);
        shown["timestamp"] = json!(timestamp(commit.committer.at_ms));
        shown["url"] = json!(format!("{}/{}/commit/{sha}", self.html_url, repository.full_name()));
        shown["author"]["username"] = json!(commit.author.name);
        shown["committer"]["username"] = json!(commit.committer.name);
        shown["added"] = json!(added);
        shown["removed"] = json!(removed);
        shown["modified"] = json!(modified);
        Ok(shown)
    }

    /// Gives a repository another name; the old one answers 301 from now on.
    pub fn rename_repository(&mut self, by: &Actor, repo: i64, name: &str) -> Result<(), Refusal> {
        let full_name = format!("{}/{name}", self.repository(repo)?.owner);
        let taken = self.repositories.values().any(|it| it.full_name().eq_ignore_ascii_case(&full_name));
        if taken {
            return Err(Refusal::rule("Repository", "name", "name already exists on this account"));
        }
        self.names.insert(full_name.to_lowercase(), repo);
        let from = std::mem::replace(&mut self.repository_mut(repo)?.name, name.to_owned());
        self.changed(Change::Repository(repo));
        let changes = json!({ "repository": { "name": { "from": from } } });
        self.tell(by, repo, Happening::new("repository", "renamed", vec![("changes", changes)]));
        Ok(())
    }

    /// Sets what somebody may do.
    pub fn set_role(&mut self, repo: i64, login: &str, role: Role) -> Result<(), Refusal> {
        self.repository_mut(repo)?.roles.insert(login.to_lowercase(), role);
        self.changed(Change::Repository(repo));
        Ok(())
    }
}

fn is_file_path(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | ".." | ".git")) && !path.contains('\0')
}
