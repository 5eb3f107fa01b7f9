//! One `.github/millwright.yml`, parsed.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::keys::RepoKeys;
use super::problem::{Place, Problem};
use super::rules::Checked;
use super::schema::schema;
use super::yaml::read;

/// A file without problems.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepoFile {
    /// What it sets.
    pub keys: RepoKeys,
    /// Where it sets it, by path (`enhance.max_items`).
    pub places: BTreeMap<String, Place>,
    /// Keys that have no effect, such as those of later versions.
    pub warnings: Vec<Problem>,
}

/// Parses a file; an empty one sets nothing. Otherwise every problem in the order of the file.
pub fn parse(text: &str) -> Result<RepoFile, Vec<Problem>> {
    parse_bytes(text.as_bytes())
}

/// As [`parse`], for what may not even be text.
pub fn parse_bytes(bytes: &[u8]) -> Result<RepoFile, Vec<Problem>> {
    let root = read(bytes).map_err(|problem| vec![problem])?;
    let mut checked = Checked::default();
    let value = checked.value("", &root, &schema()).unwrap_or_else(|| Value::Object(Map::new()));
    if !checked.problems.is_empty() {
        checked.problems.sort_by_key(|problem| (problem.line, problem.column));
        return Err(checked.problems);
    }
    let keys =
        serde_json::from_value(value).map_err(|error| vec![Problem::at(Place::START, error.to_string())])?;
    Ok(RepoFile { keys, places: checked.places, warnings: checked.warnings })
}

impl RepoFile {
    /// Where a key is set; the start of the file when it is not.
    pub fn place(&self, path: &str) -> Place {
        self.places.get(path).copied().unwrap_or(Place::START)
    }
}
