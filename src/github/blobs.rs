//! Many files of one commit in one call.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

use crate::domain::ids::RepoName;
use crate::domain::lenient;
use crate::github::error::{ApiResult, ErrorKind};
use crate::github::repo::RepoClient;
use crate::github::request::{Effort, Request};

/// A file at a commit, as text where it is text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileText {
    /// From the root of the repository.
    pub path: String,
    /// SHA of the blob.
    pub oid: String,
    /// Bytes of the whole file.
    pub byte_size: u64,
    /// The text; `None` for a binary file.
    pub text: Option<String>,
    /// True when `text` is only the beginning.
    pub is_truncated: bool,
}

/// A file to read, as the tree of the commit lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// From the root of the repository.
    pub path: &'a str,
    /// SHA of the blob.
    pub sha: &'a str,
}

/// Bytes of a text that is read whole; GraphQL cuts at about the same.
pub(super) const LONGEST_TEXT: usize = 512 << 10;

/// Aliases of the one operation, where a plan reads and where a glance does.
const AT_ONCE: usize = 60;
const FEW: usize = 20;

impl RepoClient {
    /// These files of a commit, in one GraphQL call for every 60; where GraphQL does not answer, the first ones
    /// as blobs, a call each: as many as `one_by_one` says once that is known. What is not a file is left out.
    ///
    /// # Errors
    /// As any request.
    pub async fn files(
        &self,
        commit: &str,
        wanted: &[Wanted<'_>],
        one_by_one: impl Fn() -> usize,
    ) -> ApiResult<Vec<FileText>> {
        let mut files = Vec::new();
        for (read, chunk) in wanted.chunks(AT_ONCE).enumerate() {
            let paths = chunk.iter().map(|wanted| wanted.path).collect::<Vec<_>>();
            match self.files_by_graphql(commit, &paths).await {
                Ok(found) => files.extend(found),
                Err(error) if is_graphqls_own(&error.kind) => {
                    tracing::debug!(%error, "reading files one by one, GraphQL does not answer");
                    files.extend(self.blobs(wanted.iter().skip(read * AT_ONCE).take(one_by_one())).await?);
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(files)
    }

    pub(super) async fn files_by_graphql(&self, commit: &str, paths: &[&str]) -> ApiResult<Vec<FileText>> {
        let (text, aliases) = operation(paths.len());
        let variables = Variables { name: self.name(), commit, paths, aliases };
        let data: Data = self.graphql((text, Effort::Read), &variables).await?;
        // A token reaches its repository: a server that does not know it here does not know the question.
        let silent = || {
            let request = Request::graphql(&self.core.graphql_url, text, &variables);
            request.map_or_else(
                |error| error,
                |request| request.error(ErrorKind::Decode, "the answer does not hold what was asked for"),
            )
        };
        let mut objects = data.repository.ok_or_else(silent)?;
        let mut found = Vec::new();
        for (index, path) in paths.iter().enumerate() {
            let object = objects.remove(&format!("f{index}")).ok_or_else(silent)?;
            let Some(blob) = object.0 else { continue };
            let text = blob.text.filter(|_| !blob.is_binary);
            let Blob { oid: Some(oid), byte_size, is_truncated, .. } = blob else { continue };
            found.push(FileText { path: (*path).to_owned(), oid, byte_size, text, is_truncated });
        }
        Ok(found)
    }

    async fn blobs<'a>(&self, wanted: impl Iterator<Item = &'a Wanted<'a>>) -> ApiResult<Vec<FileText>> {
        let mut files = Vec::new();
        for Wanted { path, sha } in wanted {
            let bytes = match self.blob(sha, LONGEST_TEXT).await {
                Ok(bytes) => bytes,
                Err(error) if error.is_missing() => continue,
                Err(error) if matches!(error.kind, ErrorKind::TooLarge { .. }) => {
                    files.push(too_long(path, sha));
                    continue;
                }
                Err(error) => return Err(error),
            };
            files.push(FileText {
                path: (*path).to_owned(),
                oid: (*sha).to_owned(),
                byte_size: bytes.len() as u64,
                text: String::from_utf8(bytes.to_vec()).ok().filter(|text| !text.contains('\0')),
                is_truncated: false,
            });
        }
        Ok(files)
    }
}

/// A file of which REST gives nothing.
pub(super) fn too_long(path: &str, sha: &str) -> FileText {
    let byte_size = LONGEST_TEXT as u64 + 1;
    FileText { path: path.to_owned(), oid: sha.to_owned(), byte_size, text: None, is_truncated: true }
}

/// Whether REST may answer where GraphQL did not.
pub(super) fn is_graphqls_own(kind: &ErrorKind) -> bool {
    !matches!(
        kind,
        ErrorKind::InstallationGone
            | ErrorKind::WrongAddress
            | ErrorKind::ClockSkew { .. }
            | ErrorKind::Unauthorized
            | ErrorKind::Limits
    )
}

/// Every variable is always given: what is not needed asks for a path that no repository has.
struct Variables<'a> {
    name: RepoName,
    commit: &'a str,
    paths: &'a [&'a str],
    aliases: usize,
}

impl Serialize for Variables<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.aliases + 2))?;
        map.serialize_entry("owner", &self.name.owner)?;
        map.serialize_entry("name", &self.name.name)?;
        for index in 0..self.aliases {
            let path = self.paths.get(index).copied().unwrap_or("//");
            map.serialize_entry(&format!("e{index}"), &format!("{}:{path}", self.commit))?;
        }
        map.end()
    }
}

#[derive(Deserialize)]
struct Data {
    repository: Option<BTreeMap<String, Object>>,
}

/// A blob; a tree or nothing is nothing.
struct Object(Option<Blob>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::object(deserializer).map(Object)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Blob {
    #[serde(default, deserialize_with = "lenient::scalar")]
    oid: Option<String>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    text: Option<String>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    byte_size: u64,
    #[serde(default, deserialize_with = "lenient::or_default")]
    is_binary: bool,
    #[serde(default, deserialize_with = "lenient::or_default")]
    is_truncated: bool,
}

static FEW_FILES: LazyLock<String> = LazyLock::new(|| written(FEW));
static FILES: LazyLock<String> = LazyLock::new(|| written(AT_ONCE));

/// The operation for so many paths, and how many it takes.
fn operation(paths: usize) -> (&'static str, usize) {
    match paths {
        ..=FEW => (FEW_FILES.as_str(), FEW),
        _ => (FILES.as_str(), AT_ONCE),
    }
}

fn written(aliases: usize) -> String {
    let each = |part: fn(usize) -> String| (0..aliases).map(part).collect::<String>();
    let taken = each(|index| format!(", $e{index}: String!"));
    let asked = each(|index| {
        format!(
            "    f{index}: object(expression: $e{index}) {{ ... on Blob {{ oid text byteSize isBinary isTruncated }} }}\n"
        )
    });
    format!(
        "query Files($owner: String!, $name: String!{taken}) {{\n  repository(owner: $owner, name: $name) {{\n{asked}  }}\n}}"
    )
}
