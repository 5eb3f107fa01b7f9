//! What a person may do in a repository, as GitHub's collaborator-permission answer says it.

use serde::{Deserialize, Serialize};

/// GitHub's levels, lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Permission {
    /// Nothing; also whenever GitHub's answer cannot be read.
    None,
    /// May read.
    Read,
    /// May manage issues and pull requests, not push.
    Triage,
    /// May push.
    Write,
    /// May manage the repository without its dangerous parts.
    Maintain,
    /// May do everything.
    Admin,
}

/// `user.permissions` of the answer: what a role allows, also a custom one. What is missing is not allowed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "GitHub's own shape")]
pub struct Allowed {
    /// May read.
    pub pull: bool,
    /// May manage issues.
    pub triage: bool,
    /// May push.
    pub push: bool,
    /// May manage the repository.
    pub maintain: bool,
    /// May do everything.
    pub admin: bool,
}

impl Permission {
    /// The level behind `role_name`; for an organization's own role, the highest that its `allowed` booleans give.
    pub fn from_role(role_name: &str, allowed: Allowed) -> Self {
        match role_name {
            "none" => Self::None,
            "read" | "pull" => Self::Read,
            "triage" => Self::Triage,
            "write" | "push" => Self::Write,
            "maintain" => Self::Maintain,
            "admin" => Self::Admin,
            _ => allowed.highest(),
        }
    }

    /// GitHub's word for the level.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Triage => "triage",
            Self::Write => "write",
            Self::Maintain => "maintain",
            Self::Admin => "admin",
        }
    }

    /// Who has it, exactly, for tables and help: "write access".
    pub fn access(self) -> &'static str {
        match self {
            Self::None => "anybody",
            Self::Read => "read access",
            Self::Triage => "triage access",
            Self::Write => "write access",
            Self::Maintain => "maintain access",
            Self::Admin => "admin access",
        }
    }
}

impl Allowed {
    fn highest(self) -> Permission {
        match self {
            Self { admin: true, .. } => Permission::Admin,
            Self { maintain: true, .. } => Permission::Maintain,
            Self { push: true, .. } => Permission::Write,
            Self { triage: true, .. } => Permission::Triage,
            Self { pull: true, .. } => Permission::Read,
            _ => Permission::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Allowed, Permission};

    const TRIAGE: Allowed = Allowed { pull: true, triage: true, push: false, maintain: false, admin: false };

    #[test]
    fn levels_are_ordered() {
        let levels = ["none", "read", "triage", "write", "maintain", "admin"];
        let read: Vec<Permission> =
            levels.iter().map(|role| Permission::from_role(role, Allowed::default())).collect();
        assert!(read.is_sorted_by(|a, b| a < b), "{read:?}");
        assert_eq!(read.iter().map(|level| level.word()).collect::<Vec<_>>(), levels);
    }

    #[test]
    fn custom_roles_count_by_what_they_allow() {
        assert_eq!(Permission::from_role("bug-squad", TRIAGE), Permission::Triage);
        assert_eq!(Permission::from_role("bug-squad", Allowed { admin: true, ..TRIAGE }), Permission::Admin);
        assert_eq!(Permission::from_role("bug-squad", Allowed::default()), Permission::None);
        assert_eq!(Permission::from_role("", Allowed::default()), Permission::None);
    }

    #[test]
    fn a_known_role_is_not_widened_by_booleans() {
        assert_eq!(Permission::from_role("read", Allowed { push: true, ..TRIAGE }), Permission::Read);
    }

    #[test]
    fn missing_booleans_are_not_allowed() {
        let allowed: Allowed = serde_json::from_str(r#"{"pull": true, "new": true}"#).unwrap();
        assert_eq!(Permission::from_role("ours", allowed), Permission::Read);
    }
}
