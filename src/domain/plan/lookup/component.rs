//! The part of the repository that a field of an issue's form names.

use std::collections::BTreeSet;

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::statement::Reading;
use crate::domain::snapshot::Snapshot;

static FIELD: Pattern = Pattern::new(
    r"^\W*(?:affected |which )?(?:crates?|packages?|components?|modules?|sub-?projects?|workspaces?|gems?)(?: names?| affected)?\W*$",
);
static LINE: Pattern = Pattern::new(
    r"^\W*(?:affected )?(?:crates?|packages?|components?|modules?|sub-?projects?|workspaces?|gems?)\W{0,3}:\W*([\w./@-]+)\W*$",
);

/// The files below the one folder that a field such as `Crate` names, as a repository of their own.
pub(super) fn named(reading: &Reading, places: &Places<'_>) -> Option<Snapshot> {
    let own = reading.talk.iter().chain(&reading.demands).filter(|said| said.by.is_none());
    let value = own.filter_map(|said| match said.section.as_deref() {
        Some(section) if FIELD.is_in(section) => Some(said.text.trim_matches(['`', '.', ' '])),
        _ => LINE.first(&said.text, 1),
    });
    let folder =
        value.filter(|value| !value.contains(char::is_whitespace)).find_map(|value| folder(places, value))?;
    let inside = |path: &str| path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'));
    let whole = places.snapshot;
    let files = whole.files.iter().filter(|(path, _)| inside(path));
    Some(Snapshot {
        repository: whole.repository.clone(),
        base_sha: whole.base_sha.clone(),
        tree: whole.tree.iter().filter(|entry| inside(&entry.path)).cloned().collect(),
        unreadable: whole.unreadable.clone(),
        truncated: whole.truncated,
        files: files.map(|(path, text)| (path.clone(), text.clone())).collect(),
        checks: whole.checks.clone(),
        missing_permissions: whole.missing_permissions.clone(),
    })
}

/// The only folder of a name that lies highest; `a_b` and `a-b` are one.
fn folder(places: &Places<'_>, value: &str) -> Option<String> {
    let same = |name: &str| name.to_lowercase().replace('_', "-");
    let wanted = same(places::name(value));
    let all: BTreeSet<&str> =
        places.files().flat_map(above).filter(|path| same(places::name(path)) == wanted).collect();
    let depth = |path: &&str| path.matches('/').count();
    let top = all.iter().map(depth).min()?;
    let mut found = all.into_iter().filter(|path| depth(path) == top);
    found.next().filter(|_| found.next().is_none()).map(str::to_owned)
}

/// The folders that a path lies in.
fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at))
}
