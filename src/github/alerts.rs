//! Alerts of GitHub's scanners.

use serde::Deserialize;

use crate::domain::alert::{self, Alert, Finding, Place, Scanner};
use crate::domain::lenient;
use crate::github::error::{ApiError, ApiResult, ErrorKind};
use crate::github::paging::Listed;
use crate::github::repo::RepoClient;
use crate::github::scope::{CODE_ALERTS, DEPENDENCY_ALERTS, PermissionSet, SECRET_ALERTS};

/// What the list of a scanner's alerts has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alerts {
    /// The installation has not granted the permission.
    NotPermitted,
    /// The repository does without the scanner.
    SwitchedOff,
    /// The open ones, newest first; at most 100.
    Open(Listed<Alert>),
}

/// How the alerts of a scanner are asked for and read.
struct List {
    scanner: Scanner,
    permissions: PermissionSet,
    path: &'static str,
    /// Beside what every list is asked with.
    query: &'static [(&'static str, &'static str)],
    read: fn(Wire) -> Option<Alert>,
}

static LISTS: &[List] = &[
    List {
        scanner: alert::CODE,
        permissions: CODE_ALERTS,
        path: "code-scanning",
        query: &[],
        read: Wire::broken_rule,
    },
    List {
        scanner: alert::DEPENDENCIES,
        permissions: DEPENDENCY_ALERTS,
        path: "dependabot",
        query: &[],
        read: Wire::faulty_package,
    },
    List {
        scanner: alert::SECRETS,
        permissions: SECRET_ALERTS,
        path: "secret-scanning",
        query: &[("hide_secret", "true")],
        read: Wire::pushed_secret,
    },
];

impl RepoClient {
    /// Whether the installation lets us read the alerts of a scanner. Asks for a token when there is none, which counts among
    /// what was sent.
    ///
    /// # Errors
    /// As any token request.
    pub async fn may_read_alerts(&self, scanner: Scanner) -> ApiResult<bool> {
        match list(scanner) {
            Some(list) => self.reader(list).may().await,
            None => Ok(false),
        }
    }

    /// The open alerts of a scanner, one page. Source: `GET /repos/{owner}/{repo}/code-scanning/alerts`,
    /// `GET …/dependabot/alerts`, `GET …/secret-scanning/alerts`.
    ///
    /// # Errors
    /// As any request; not permitted and not switched on are answers.
    pub async fn alerts(&self, scanner: Scanner) -> ApiResult<Alerts> {
        let Some(list) = list(scanner) else { return Ok(Alerts::NotPermitted) };
        let reader = self.reader(list);
        if !reader.may().await? {
            return Ok(Alerts::NotPermitted);
        }
        let mut request = reader.0.get(&[list.path, "alerts"])?;
        let newest = [("state", "open"), ("sort", "created"), ("direction", "desc")];
        for (name, value) in newest.iter().chain(list.query) {
            request = request.query(name, value);
        }
        match reader.0.list(request, 1).await {
            Ok(Listed { items, complete }) => {
                let items = items.into_iter().filter_map(list.read).collect();
                Ok(Alerts::Open(Listed { items, complete }))
            }
            Err(error) if lacks_permission(&error) => Ok(Alerts::NotPermitted),
            Err(error) if error.is_missing() || error.kind == ErrorKind::Forbidden => Ok(Alerts::SwitchedOff),
            Err(error) => Err(error),
        }
    }

    fn reader(&self, list: &List) -> Reader {
        Reader(self.permitted(list.permissions))
    }
}

/// A client whose tokens read one kind of alerts, where that is granted.
struct Reader(RepoClient);

impl Reader {
    async fn may(&self) -> ApiResult<bool> {
        self.0.core.grants_optional(&self.0.caller).await
    }
}

fn list(scanner: Scanner) -> Option<&'static List> {
    LISTS.iter().find(|list| list.scanner == scanner)
}

/// Whether the permission was taken back while its token lives. A scanner that is switched off is told in other words, by 403 or 404.
fn lacks_permission(error: &ApiError) -> bool {
    let message = error.facts.message.to_ascii_lowercase();
    error.kind == ErrorKind::Forbidden && message.contains("not accessible by integration")
}

/// An alert of any scanner: what the others do not have is nothing. There is no field for a secret, so none is ever held.
#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "lenient::or_default")]
    number: i64,
    #[serde(default, deserialize_with = "lenient::or_default")]
    html_url: String,
    #[serde(default, rename = "created_at", deserialize_with = "lenient::instant")]
    created_at_ms: Option<i64>,
    #[serde(default, deserialize_with = "lenient::object")]
    rule: Option<Rule>,
    #[serde(default, deserialize_with = "lenient::object")]
    most_recent_instance: Option<Instance>,
    #[serde(default, deserialize_with = "lenient::object")]
    dependency: Option<Dependency>,
    #[serde(default, deserialize_with = "lenient::object")]
    security_advisory: Option<Advisory>,
    #[serde(default, deserialize_with = "lenient::object")]
    security_vulnerability: Option<Vulnerability>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    secret_type: Option<String>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    secret_type_display_name: Option<String>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    validity: String,
    #[serde(default, deserialize_with = "lenient::object")]
    first_location_detected: Option<Location>,
}

#[derive(Deserialize)]
struct Rule {
    #[serde(default, deserialize_with = "lenient::scalar")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    name: Option<String>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    description: String,
    #[serde(default, deserialize_with = "lenient::scalar")]
    severity: Option<String>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    security_severity_level: Option<String>,
}

#[derive(Deserialize)]
struct Instance {
    #[serde(default, deserialize_with = "lenient::scalar")]
    commit_sha: Option<String>,
    #[serde(default, deserialize_with = "lenient::object")]
    location: Option<Location>,
}

#[derive(Deserialize)]
struct Location {
    #[serde(default, deserialize_with = "lenient::scalar")]
    path: Option<String>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    start_line: Option<usize>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    commit_sha: Option<String>,
}

#[derive(Deserialize)]
struct Dependency {
    #[serde(default, deserialize_with = "lenient::name")]
    package: Option<String>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    manifest_path: String,
}

#[derive(Deserialize)]
struct Advisory {
    #[serde(default, deserialize_with = "lenient::or_default")]
    ghsa_id: String,
    #[serde(default, deserialize_with = "lenient::or_default")]
    summary: String,
}

#[derive(Deserialize)]
struct Vulnerability {
    #[serde(default, deserialize_with = "lenient::or_default")]
    severity: String,
    #[serde(default, deserialize_with = "lenient::object")]
    first_patched_version: Option<Version>,
}

#[derive(Deserialize)]
struct Version {
    #[serde(default, deserialize_with = "lenient::scalar")]
    identifier: Option<String>,
}

impl Wire {
    fn broken_rule(mut self) -> Option<Alert> {
        let rule = self.rule.take()?;
        let instance = self.most_recent_instance.take();
        let commit = instance.as_ref().and_then(|instance| instance.commit_sha.clone());
        let place = instance.and_then(|instance| instance.location).and_then(|found| found.place(commit));
        let severity = rule.security_severity_level.or(rule.severity).unwrap_or_default();
        let id = rule.id.or(rule.name).filter(|id| !id.is_empty())?;
        Some(self.alert(severity, place, Finding::Rule { id, says: rule.description }))
    }

    fn faulty_package(mut self) -> Option<Alert> {
        let Dependency { package, manifest_path } = self.dependency.take()?;
        let name = package.filter(|name| !name.is_empty())?;
        let (advisory, says) = match self.security_advisory.take() {
            Some(advisory) => (advisory.ghsa_id, advisory.summary),
            None => Default::default(),
        };
        let (severity, patched) = match self.security_vulnerability.take() {
            Some(fault) => (fault.severity, fault.first_patched_version.and_then(|it| it.identifier)),
            None => Default::default(),
        };
        let there = Place { path: manifest_path.clone(), line: None, commit: None };
        let place = Some(there).filter(|place| !place.path.is_empty());
        let finding = Finding::Package { name, manifest: manifest_path, patched, advisory, says };
        Some(self.alert(severity, place, finding))
    }

    fn pushed_secret(mut self) -> Option<Alert> {
        let named = [self.secret_type_display_name.take(), self.secret_type.take()];
        let name = named.into_iter().flatten().find(|name| !name.is_empty())?;
        let place = self.first_location_detected.take().and_then(|found| found.place(None));
        let validity = std::mem::take(&mut self.validity);
        Some(self.alert(validity, place, Finding::Secret { name }))
    }

    fn alert(self, severity: String, place: Option<Place>, finding: Finding) -> Alert {
        let Self { number, html_url, created_at_ms, .. } = self;
        Alert { number, page: html_url, severity, place, created_at_ms, finding }
    }
}

impl Location {
    /// A file and a line of it; a secret may as well stand in an issue.
    fn place(self, commit: Option<String>) -> Option<Place> {
        let path = self.path.filter(|path| !path.is_empty())?;
        let line = self.start_line.filter(|line| *line > 0);
        Some(Place { path, line, commit: self.commit_sha.or(commit) })
    }
}
