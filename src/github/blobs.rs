//! Many files of one commit in one call.

use std::collections::BTreeMap;

use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

use crate::domain::ids::RepoName;
use crate::domain::lenient;
use crate::github::error::{ApiResult, ErrorKind};
use crate::github::repo::RepoClient;
use crate::github::request::Effort;

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

/// Files of each 20 that are read where GraphQL does not answer.
const ONE_BY_ONE: usize = 5;

/// Bytes of a text that is read whole; GraphQL cuts at about the same.
const LONGEST_TEXT: usize = 512 << 10;

/// Aliases of the one operation.
const AT_ONCE: usize = 20;

impl RepoClient {
    /// The files at these paths of a commit, in one GraphQL call for every 20, or one by one where GraphQL does not answer.
    /// Paths where there is no file are left out.
    ///
    /// # Errors
    /// As any request.
    pub async fn files(&self, commit: &str, paths: &[String]) -> ApiResult<Vec<FileText>> {
        let mut files = Vec::new();
        for paths in paths.chunks(AT_ONCE) {
            match self.files_by_graphql(commit, paths).await {
                Ok(found) => files.extend(found),
                Err(error) if is_graphqls_own(&error.kind) => {
                    tracing::debug!(%error, "reading files one by one, GraphQL does not answer");
                    files.extend(self.files_by_rest(commit, paths).await?);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(files)
    }

    async fn files_by_graphql(&self, commit: &str, paths: &[String]) -> ApiResult<Vec<FileText>> {
        let variables = Variables { name: self.name(), commit, paths };
        let data: Data = self.graphql((FILES, Effort::Read), &variables).await?;
        let mut objects = data.repository.unwrap_or_default();
        let found = paths.iter().enumerate().filter_map(|(index, path)| {
            let blob = objects.remove(&format!("f{index}"))?.0?;
            let text = blob.text.filter(|_| !blob.is_binary);
            let Blob { oid, byte_size, is_truncated, .. } = blob;
            Some(FileText { path: path.clone(), oid: oid?, byte_size, text, is_truncated })
        });
        Ok(found.collect())
    }

    /// One call each, so that only the first few are read: they are the ones that matter most.
    async fn files_by_rest(&self, commit: &str, paths: &[String]) -> ApiResult<Vec<FileText>> {
        let mut files = Vec::new();
        for path in paths.iter().take(ONE_BY_ONE) {
            let file = match self.content_file(path, commit, LONGEST_TEXT).await {
                Ok(Some(file)) => file,
                Ok(None) => continue,
                Err(error) if matches!(error.kind, ErrorKind::TooLarge { .. }) => {
                    files.push(too_long(path));
                    continue;
                }
                Err(error) => return Err(error),
            };
            files.push(FileText {
                path: path.clone(),
                oid: file.sha,
                byte_size: file.bytes.len() as u64,
                text: String::from_utf8(file.bytes.to_vec()).ok().filter(|text| !text.contains('\0')),
                is_truncated: false,
            });
        }
        Ok(files)
    }
}

/// A file of which REST gives nothing.
fn too_long(path: &str) -> FileText {
    let byte_size = LONGEST_TEXT as u64 + 1;
    FileText { path: path.to_owned(), oid: String::new(), byte_size, text: None, is_truncated: true }
}

/// Whether REST may answer where GraphQL did not.
fn is_graphqls_own(kind: &ErrorKind) -> bool {
    !matches!(
        kind,
        ErrorKind::InstallationGone
            | ErrorKind::ClockSkew { .. }
            | ErrorKind::Unauthorized
            | ErrorKind::Limits
    )
}

/// Every variable is always given: what is not needed asks for a path that no repository has.
struct Variables<'a> {
    name: RepoName,
    commit: &'a str,
    paths: &'a [String],
}

impl Serialize for Variables<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(AT_ONCE + 2))?;
        map.serialize_entry("owner", &self.name.owner)?;
        map.serialize_entry("name", &self.name.name)?;
        for index in 0..AT_ONCE {
            let path = self.paths.get(index).map_or("//", String::as_str);
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

const FILES: &str = "\
query Files($owner: String!, $name: String!,
  $e0: String!, $e1: String!, $e2: String!, $e3: String!, $e4: String!,
  $e5: String!, $e6: String!, $e7: String!, $e8: String!, $e9: String!,
  $e10: String!, $e11: String!, $e12: String!, $e13: String!, $e14: String!,
  $e15: String!, $e16: String!, $e17: String!, $e18: String!, $e19: String!) {
  repository(owner: $owner, name: $name) {
    f0: object(expression: $e0) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f1: object(expression: $e1) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f2: object(expression: $e2) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f3: object(expression: $e3) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f4: object(expression: $e4) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f5: object(expression: $e5) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f6: object(expression: $e6) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f7: object(expression: $e7) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f8: object(expression: $e8) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f9: object(expression: $e9) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f10: object(expression: $e10) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f11: object(expression: $e11) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f12: object(expression: $e12) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f13: object(expression: $e13) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f14: object(expression: $e14) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f15: object(expression: $e15) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f16: object(expression: $e16) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f17: object(expression: $e17) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f18: object(expression: $e18) { ... on Blob { oid text byteSize isBinary isTruncated } }
    f19: object(expression: $e19) { ... on Blob { oid text byteSize isBinary isTruncated } }
  }
}";
