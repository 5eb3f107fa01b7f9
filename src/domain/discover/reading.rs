//! Which files are worth reading when nobody has named any: workflows, then what changes most.

use std::collections::BTreeMap;

use crate::domain::plan::places;
use crate::domain::plan::reading_list::{MAX_BYTES, MAX_FILES, is_readable};
use crate::domain::snapshot::TreeEntry;

/// Paths to read, best first, within the budgets of a plan.
pub fn wanted(tree: &[TreeEntry], churn: &BTreeMap<String, usize>) -> Vec<String> {
    let mut scored: Vec<(u32, usize, u64, &str)> = tree
        .iter()
        .filter(|entry| is_readable(entry) && !places::is_prose(&entry.path))
        .map(|entry| {
            let changes = churn.get(&entry.path).copied().unwrap_or(0);
            (rank(&entry.path), usize::MAX - changes, entry.size, entry.path.as_str())
        })
        .collect();
    scored.sort_unstable();
    let mut bytes = 0;
    let mut flows = 0;
    let mut out = Vec::new();
    for (_, _, size, path) in scored {
        let is_flow = is_flow(path);
        if is_flow && flows == FLOWS {
            continue;
        }
        flows += usize::from(is_flow);
        if out.len() < MAX_FILES && bytes + size <= MAX_BYTES {
            bytes += size;
            out.push(path.to_owned());
        }
    }
    out
}

/// So many workflows of another service are enough to know what they are like.
const FLOWS: usize = 20;

/// A workflow of another service, as people file them; the data of a test is none.
fn is_flow(path: &str) -> bool {
    let files = |part: &str| part.contains("n8n") || matches!(part, "workflows" | "flows" | "automations");
    places::ending(path) == "json"
        && !places::is_test(path)
        && places::folder(path).to_lowercase().split('/').any(files)
}

/// Lower is read earlier.
fn rank(path: &str) -> u32 {
    match path {
        _ if path.starts_with(".github/workflows/") => 0,
        _ if is_flow(path) => 1,
        _ if places::is_test(path) => 2,
        _ if places::is_source(path) && !places::is_aside(path) => 1,
        _ => 3,
    }
}
