//! A glance at the default branch: one file, and which of some others are there.

use serde::Deserialize;

use crate::domain::lenient;
use crate::github::blobs::{FileText, LONGEST_TEXT, is_graphqls_own, too_long};
use crate::github::contents::{FilePlace, content_file};
use crate::github::error::{ApiResult, ErrorKind};
use crate::github::repo::{RepoClient, if_there};

/// GitHub lists no more entries of a folder than this.
const LISTED: usize = 1_000;

/// What a glance shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glance {
    /// The one file; `None` where there is none.
    pub file: Option<FileText>,
    /// Those of the others that are files, in the order in which they were asked for.
    pub present: Vec<String>,
}

impl RepoClient {
    /// Reads `file` and looks for `others`: one GraphQL call, or a few of REST where GraphQL does not answer. REST is asked
    /// without `ref`, for what `HEAD` means is not known to every server.
    ///
    /// # Errors
    /// As any request.
    pub async fn glance(&self, file: &str, others: &[String]) -> ApiResult<Glance> {
        match self.glance_by_graphql(file, others).await {
            Err(error) if is_graphqls_own(&error.kind) => {
                tracing::debug!(%error, "reading folders, GraphQL does not answer");
                self.glance_by_rest(file, others).await
            }
            other => other,
        }
    }

    async fn glance_by_graphql(&self, file: &str, others: &[String]) -> ApiResult<Glance> {
        let paths = std::iter::once(file).chain(others.iter().map(String::as_str)).collect::<Vec<_>>();
        let mut glance = Glance::default();
        for found in self.files_by_graphql("HEAD", &paths).await? {
            match found.path == file {
                true => glance.file = Some(found),
                false => glance.present.push(found.path),
            }
        }
        Ok(glance)
    }

    async fn glance_by_rest(&self, file: &str, others: &[String]) -> ApiResult<Glance> {
        let mut seen = Seen { repo: self, folders: Vec::new() };
        let mut glance = Glance::default();
        if seen.has(file).await? {
            glance.file = self.on_default_branch(file).await?;
        }
        for other in others {
            if seen.has(other).await? {
                glance.present.push(other.clone());
            }
        }
        Ok(glance)
    }

    async fn on_default_branch(&self, path: &str) -> ApiResult<Option<FileText>> {
        let name = self.name();
        let repository = ["repos", &name.owner, &name.name];
        let place = FilePlace { repository, path, git_ref: None, max_bytes: LONGEST_TEXT };
        let file = match content_file(&self.core, &self.caller, place).await {
            Err(error) if matches!(error.kind, ErrorKind::TooLarge { .. }) => {
                return Ok(Some(too_long(path, "")));
            }
            other => other?,
        };
        Ok(file.map(|file| FileText {
            path: path.to_owned(),
            byte_size: file.bytes.len() as u64,
            text: String::from_utf8(file.bytes.to_vec()).ok().filter(|text| !text.contains('\0')),
            oid: file.sha,
            is_truncated: false,
        }))
    }

    /// What a folder of the default branch holds; `None` when it is not listed.
    async fn folder(&self, path: &str) -> ApiResult<Option<Vec<Entry>>> {
        let segments =
            std::iter::once("contents").chain(path.split('/').filter(|segment| !segment.is_empty()));
        let request = self.get(&segments.collect::<Vec<_>>())?;
        let listed: Option<Listed> = if_there(self.call(&request).await)?;
        Ok(listed.map(|Listed(entries)| entries))
    }
}

/// The folders that were listed so far; each is asked for once.
struct Seen<'a> {
    repo: &'a RepoClient,
    folders: Vec<(String, Option<Vec<Entry>>)>,
}

impl Seen<'_> {
    /// Whether `path` is a file. What a list may not show (a server that lists no folders, a list that was cut) is asked for itself.
    async fn has(&mut self, path: &str) -> ApiResult<bool> {
        let mut folder = String::new();
        let mut names = path.split('/').peekable();
        while let Some(name) = names.next() {
            let is_last = names.peek().is_none();
            let wanted = if is_last { ["file", "symlink"] } else { ["dir", "dir"] };
            let fits = |entry: &Entry| entry.name == name && wanted.contains(&entry.kind.as_str());
            match self.listed(&folder).await? {
                Some(entries) if entries.iter().any(fits) && is_last => return Ok(true),
                Some(entries) if entries.iter().any(fits) => {}
                Some(entries) if entries.len() < LISTED => return Ok(false),
                _ => return Ok(self.repo.on_default_branch(path).await?.is_some()),
            }
            folder = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        }
        Ok(false)
    }

    async fn listed(&mut self, folder: &str) -> ApiResult<Option<&Vec<Entry>>> {
        if !self.folders.iter().any(|(known, _)| known == folder) {
            let entries = self.repo.folder(folder).await?;
            self.folders.push((folder.to_owned(), entries));
        }
        let known = self.folders.iter().find(|(known, _)| known == folder);
        Ok(known.and_then(|(_, entries)| entries.as_ref()))
    }
}

/// A folder is a list; anything else holds nothing.
struct Listed(Vec<Entry>);

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::objects(deserializer).map(Listed)
    }
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default, deserialize_with = "lenient::or_default")]
    name: String,
    #[serde(default, rename = "type", deserialize_with = "lenient::or_default")]
    kind: String,
}
