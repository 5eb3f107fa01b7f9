//! Who last touched the lines of a file.

use serde::{Deserialize, Serialize};

use crate::domain::lenient;
use crate::github::error::{ApiResult, ErrorKind};
use crate::github::repo::RepoClient;
use crate::github::request::Effort;

/// Lines that one commit wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlamedLines {
    /// From 1.
    pub first_line: usize,
    /// The last one belongs to it.
    pub last_line: usize,
    /// SHA of the commit.
    pub commit: String,
    /// Login of its author where GitHub knows one, else the name in git.
    pub who: String,
    /// Unix milliseconds.
    pub committed_at_ms: Option<i64>,
}

impl RepoClient {
    /// The lines of a file at a commit, by who wrote them; `None` where the server cannot tell. Source: GraphQL
    /// `Commit.blame`.
    ///
    /// # Errors
    /// As any request, but for GraphQL's own refusals.
    pub async fn blame(&self, commit: &str, path: &str) -> ApiResult<Option<Vec<BlamedLines>>> {
        let name = self.name();
        let variables = Variables { owner: &name.owner, name: &name.name, commit, path };
        let data: Data = match self.graphql((BLAME, Effort::Read), &variables).await {
            Ok(data) => data,
            Err(error) if matches!(error.kind, ErrorKind::Validation(_) | ErrorKind::NotFound) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let blame = data.repository.and_then(|repository| repository.object).and_then(|object| object.blame);
        Ok(blame.map(|blame| blame.ranges.into_iter().map(BlamedLines::from).collect()))
    }
}

#[derive(Serialize)]
struct Variables<'a> {
    owner: &'a str,
    name: &'a str,
    commit: &'a str,
    path: &'a str,
}

#[derive(Deserialize)]
struct Data {
    repository: Option<Repository>,
}

#[derive(Deserialize)]
struct Repository {
    object: Option<Object>,
}

#[derive(Deserialize)]
struct Object {
    blame: Option<Blame>,
}

#[derive(Deserialize)]
struct Blame {
    ranges: Vec<Range>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Range {
    starting_line: usize,
    ending_line: usize,
    commit: Commit,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Commit {
    oid: String,
    #[serde(default, deserialize_with = "lenient::instant")]
    committed_date: Option<i64>,
    author: Option<Actor>,
}

#[derive(Deserialize)]
struct Actor {
    #[serde(default, deserialize_with = "lenient::or_default")]
    name: String,
    user: Option<User>,
}

#[derive(Deserialize)]
struct User {
    login: String,
}

impl From<Range> for BlamedLines {
    fn from(range: Range) -> Self {
        let Range { starting_line, ending_line, commit } = range;
        let author = commit.author;
        let who = author.map(|author| author.user.map_or(author.name, |user| user.login)).unwrap_or_default();
        Self {
            first_line: starting_line,
            last_line: ending_line,
            commit: commit.oid,
            who,
            committed_at_ms: commit.committed_date,
        }
    }
}

const BLAME: &str = "\
query Blame($owner: String!, $name: String!, $commit: String!, $path: String!) {
  repository(owner: $owner, name: $name) {
    object(expression: $commit) {
      ... on Commit {
        blame(path: $path) {
          ranges { startingLine endingLine commit { oid committedDate author { name user { login } } } }
        }
      }
    }
  }
}";
