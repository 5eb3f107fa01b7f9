//! What GitHub's scanners have found in a repository.

/// One of GitHub's scanners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scanner {
    /// What its alerts are called.
    pub alerts: &'static str,
    /// The permission by which they may be read.
    pub permission: &'static str,
}

/// Looks for faults in the sources.
pub const CODE: Scanner = Scanner { alerts: "code scanning alerts", permission: "security_events" };
/// Looks for dependencies with known faults.
pub const DEPENDENCIES: Scanner = Scanner { alerts: "Dependabot alerts", permission: "vulnerability_alerts" };
/// Looks for keys and passwords in what was pushed.
pub const SECRETS: Scanner =
    Scanner { alerts: "secret scanning alerts", permission: "secret_scanning_alerts" };

/// That alerts were not looked at, for whoever may not see them would read of them.
pub const PUBLIC: &str = "alerts of GitHub's scanners, which are not told where everybody reads";

/// All of them.
pub static SCANNERS: [Scanner; 3] = [CODE, DEPENDENCIES, SECRETS];

impl Scanner {
    /// That its alerts were not looked at, for the installation has not granted the permission.
    pub fn not_permitted(self) -> String {
        format!("{}, which need `{}: read`", self.alerts, self.permission)
    }

    /// That its alerts were not looked at, for the repository does without the scanner.
    pub fn switched_off(self) -> String {
        format!("{}: not switched on here", self.alerts)
    }
}

/// An open alert. Its texts are from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Counted by each scanner for itself.
    pub number: i64,
    /// Its page.
    pub page: String,
    /// GitHub's word for how grave it is, such as `critical`; of a secret, whether it still works: `active`, `inactive` or `unknown`.
    pub severity: String,
    /// Where it was found, as far as that is told.
    pub place: Option<Place>,
    /// Unix milliseconds.
    pub created_at_ms: Option<i64>,
    /// What was found.
    pub finding: Finding,
}

/// What an alert tells of. A secret itself is never read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The sources break a rule.
    Rule {
        /// Such as `js/sql-injection`.
        id: String,
        /// What the rule is about. What it says of one place is not read: some scanners quote the secrets that they find.
        says: String,
    },
    /// A dependency has a known fault.
    Package {
        /// Its name in its ecosystem.
        name: String,
        /// The file that names it.
        manifest: String,
        /// The first version without the fault, where there is one.
        patched: Option<String>,
        /// Such as `GHSA-35jh-r3h4-6jhm`.
        advisory: String,
        /// What the advisory is about.
        says: String,
    },
    /// A secret was pushed.
    Secret {
        /// What kind of secret, such as `Stripe API Key`.
        name: String,
    },
}

/// Where something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// From the root of the repository.
    pub path: String,
    /// From 1.
    pub line: Option<usize>,
    /// The commit in which path and line are so; the newest where none is told.
    pub commit: Option<String>,
}
