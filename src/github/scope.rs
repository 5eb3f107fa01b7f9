//! What a token is limited to.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::domain::alert::{self, SCANNERS, Scanner};
use crate::domain::ids::{InstallationId, RepoId};

/// One installation, one repository, one permission set: what exactly one token an hour is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct TokenScope {
    pub installation: InstallationId,
    pub repository: ScopedTo,
    pub permissions: PermissionSet,
}

/// The one repository of a token.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum ScopedTo {
    Id(RepoId),
    /// Name without the owner: for a repository of which nobody has told us the id.
    Name(String),
}

/// Permissions of a token, by GitHub's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PermissionSet {
    pub name: &'static str,
    pub required: &'static [(&'static str, &'static str)],
    /// Asked for too; left out when the installation has not granted it. Where nothing else is required there is no token then.
    pub optional: Option<(&'static str, &'static str)>,
}

/// For jobs on a repository.
pub(super) const WORK: PermissionSet = PermissionSet {
    name: "work",
    required: &[("issues", "write"), ("contents", "read"), ("metadata", "read")],
    optional: Some(("actions", "read")),
};

/// For the owner's configuration.
pub(super) const CONFIGURATION: PermissionSet =
    PermissionSet { name: "configuration", required: &[("contents", "read")], optional: None };

/// For the alerts of each of GitHub's scanners, where an operator has added its permission to the App.
pub(super) const CODE_ALERTS: PermissionSet = for_alerts(alert::CODE);
pub(super) const DEPENDENCY_ALERTS: PermissionSet = for_alerts(alert::DEPENDENCIES);
pub(super) const SECRET_ALERTS: PermissionSet = for_alerts(alert::SECRETS);

/// A set each, for a token is refused as a whole: who grants one of them is not to be refused for the others.
const fn for_alerts(scanner: Scanner) -> PermissionSet {
    PermissionSet { name: scanner.permission, required: &[], optional: Some((scanner.permission, "read")) }
}

/// What tokens are asked for beside [`permissions`] and may well be refused: the registration does not ask for it, an operator
/// adds by hand what is wanted.
pub fn voluntary() -> BTreeMap<&'static str, &'static str> {
    SCANNERS.iter().map(|scanner| (scanner.permission, "read")).collect()
}

/// Everything that a token has to grant, with the highest level: what the App's registration has to ask for.
pub fn permissions() -> BTreeMap<&'static str, &'static str> {
    let mut all = BTreeMap::new();
    for set in [&WORK, &CONFIGURATION] {
        for (name, level) in set.required.iter().copied().chain(set.optional) {
            let known = all.entry(name).or_insert(level);
            if level == "write" {
                *known = level;
            }
        }
    }
    all
}

/// The body of a token request. It always names one repository and the permissions (S16).
pub(super) struct TokenRequest<'a> {
    pub scope: &'a TokenScope,
    pub with_optional: bool,
}

impl Serialize for TokenRequest<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let PermissionSet { required, optional, .. } = self.scope.permissions;
        let asked = required.iter().copied().chain(optional.filter(|_| self.with_optional));
        let mut body = serializer.serialize_map(Some(2))?;
        match &self.scope.repository {
            ScopedTo::Id(id) => body.serialize_entry("repository_ids", &[id])?,
            ScopedTo::Name(name) => body.serialize_entry("repositories", &[name])?,
        }
        body.serialize_entry("permissions", &Permissions(asked.collect()))?;
        body.end()
    }
}

struct Permissions(Vec<(&'static str, &'static str)>);

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

impl fmt::Display for TokenScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.repository {
            ScopedTo::Id(id) => write!(f, "{id}/{}", self.permissions.name),
            ScopedTo::Name(name) => write!(f, "{name}/{}", self.permissions.name),
        }
    }
}
