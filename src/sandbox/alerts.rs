//! Alerts of GitHub's scanners: what they are, and how a world is seeded with them.

use super::model::Change;
use super::refusal::Refusal;
use super::state::State;
use super::world::World;

/// One of the scanners. A repository does without each of them until it is switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scanner {
    /// Code scanning.
    Code,
    /// Dependabot.
    Dependabot,
    /// Secret scanning.
    Secrets,
}

impl Scanner {
    /// Its part of an address, in the API and on the web.
    pub fn segment(self) -> &'static str {
        match self {
            Self::Code => "code-scanning",
            Self::Dependabot => "dependabot",
            Self::Secrets => "secret-scanning",
        }
    }

    /// What its list answers where it is switched off.
    pub fn is_off(self) -> Refusal {
        match self {
            Self::Code => Refusal::new(404, "no analysis found"),
            Self::Dependabot => Refusal::new(403, "Dependabot alerts are disabled for this repository."),
            Self::Secrets => Refusal::new(404, "Secret scanning is disabled on this repository."),
        }
    }
}

/// What a scanner has found on the head of the default branch.
#[derive(Debug, Clone)]
pub enum NewAlert {
    /// By code scanning.
    Rule {
        /// Such as `js/sql-injection`.
        id: String,
        /// What the rule is about.
        description: String,
        /// `low`, `medium`, `high` or `critical`.
        severity: String,
        /// The file.
        path: String,
        /// From 1.
        line: usize,
    },
    /// By Dependabot.
    Package {
        /// Its name at npm.
        name: String,
        /// The file that names it.
        manifest: String,
        /// `low`, `medium`, `high` or `critical`.
        severity: String,
        /// The first version without the fault, if there is one.
        patched: Option<String>,
        /// What the advisory is about.
        summary: String,
    },
    /// By secret scanning.
    Secret {
        /// What kind of secret, such as `Stripe API Key`.
        kind: String,
        /// The secret.
        secret: String,
        /// `active`, `inactive` or `unknown`.
        validity: String,
        /// The file.
        path: String,
        /// From 1.
        line: usize,
    },
}

impl NewAlert {
    /// Whose alert it is.
    pub fn scanner(&self) -> Scanner {
        match self {
            Self::Rule { .. } => Scanner::Code,
            Self::Package { .. } => Scanner::Dependabot,
            Self::Secret { .. } => Scanner::Secrets,
        }
    }
}

/// An alert.
#[derive(Debug, Clone)]
pub struct Alert {
    /// Counted by each scanner of a repository for itself.
    pub number: i64,
    /// What was found.
    pub found: NewAlert,
    /// The commit in which it was found.
    pub commit: String,
    /// Unix milliseconds.
    pub created_ms: i64,
    /// Since when it is no longer open, unix milliseconds.
    pub mended_ms: Option<i64>,
}

impl World {
    /// Switches a scanner of a repository (`owner/name`) on.
    pub fn switch_on(&self, repo: &str, scanner: Scanner) -> Result<(), Refusal> {
        self.with_alerts(repo, |state, repo| {
            state.repository_mut(repo)?.alerts.entry(scanner).or_default();
            Ok(())
        })
    }

    /// Adds an open alert to a repository (`owner/name`), whose scanner it switches on; answers its number.
    pub fn add_alert(&self, repo: &str, found: NewAlert) -> Result<i64, Refusal> {
        self.with_alerts(repo, |state, repo| {
            let created_ms = state.now();
            let repository = state.repository_mut(repo)?;
            let head = repository.branches.get(&repository.default_branch);
            let commit = head.cloned().ok_or_else(|| Refusal::new(409, "Git Repository is empty."))?;
            let alerts = repository.alerts.entry(found.scanner()).or_default();
            let number = i64::try_from(alerts.len()).unwrap_or(0) + 1;
            alerts.push(Alert { number, found, commit, created_ms, mended_ms: None });
            Ok(number)
        })
    }

    /// What an alert of a repository (`owner/name`) tells of is mended, or revoked.
    pub fn mend_alert(&self, repo: &str, (scanner, number): (Scanner, i64)) -> Result<(), Refusal> {
        self.with_alerts(repo, |state, repo| {
            let now = state.now();
            let alerts = state.repository_mut(repo)?.alerts.get_mut(&scanner);
            let alert = alerts.and_then(|alerts| alerts.iter_mut().find(|alert| alert.number == number));
            alert.ok_or_else(Refusal::not_found)?.mended_ms = Some(now);
            Ok(())
        })
    }

    fn with_alerts<T>(
        &self,
        repo: &str,
        act: impl FnOnce(&mut State, i64) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut state = self.state();
        let repo = state.repository_id(repo).ok_or_else(Refusal::not_found)?;
        let done = act(&mut state, repo)?;
        state.changed(Change::Repository(repo));
        Ok(done)
    }
}
