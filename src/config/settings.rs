//! The settings of the process, read once at its start; every problem is named at once.

use std::path::PathBuf;

use secrecy::{ExposeSecret as _, SecretSlice, SecretString};
use url::Url;

use crate::config::allowed::Allowed;
use crate::config::derived_keys::RootSecrets;
use crate::config::environment::Env;
use crate::config::github_urls::GitHubUrls;
use crate::config::private_key::PrivateKey;
use crate::config::reader::{Problem, Reader, Warning, shown};
use crate::config::repo::mode::Mode;
use crate::telemetry::logs::LogOptions;

mod app_identity; // who we are to GitHub
mod reach; // what we reach and serve
mod server; // database, address, logs
mod unusual; // fault tests and names nothing reads

/// Everything `serve` has to know. Without `Debug`, so that it cannot be printed by accident.
pub struct Settings {
    /// `sqlite://FILE` or `postgres://…`, which may hold a password.
    pub database_url: SecretString,
    /// The address or name to listen on.
    pub host: String,
    /// The port to listen on; 0 takes a free one.
    pub port: u16,
    /// The App id or the client id: the issuer of our JWTs.
    pub app_issuer: String,
    /// The App's keys, newest first: the first one signs. At least one.
    pub private_keys: Vec<PrivateKey>,
    /// The webhook's secrets, newest first: any of them may have signed. At least one.
    pub webhook_secrets: Vec<SecretString>,
    /// Where GitHub is.
    pub github: GitHubUrls,
    /// What the keys for our own signatures are derived from.
    pub root_secrets: RootSecrets,
    /// The operator's mode; `None` leaves it to the size of the installation.
    pub mode: Option<Mode>,
    /// Whom this instance works for.
    pub allowed: Allowed,
    /// The way out to GitHub.
    pub network: Network,
    /// What is logged.
    pub log: LogOptions,
    /// Lets whoever knows it read `/metrics` from another machine; `None` lets nobody.
    pub metrics_token: Option<SecretString>,
    /// The file of the audit trail; `None` keeps none.
    pub audit_log: Option<PathBuf>,
    /// The operator's own templates; `None` uses ours alone.
    pub templates: Option<PathBuf>,
    /// Faults to provoke; all off outside fault tests.
    pub faults: FaultTests,
}

/// The way out to GitHub.
#[derive(Clone, Default)]
pub struct Network {
    /// A proxy's address, which may hold a password.
    pub https_proxy: Option<SecretString>,
    /// Hosts that are reached without the proxy, comma-separated.
    pub no_proxy: Option<String>,
    /// Certificates of further authorities, as PEM text.
    pub extra_ca_pem: Option<String>,
}

/// Faults to provoke.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FaultTests {
    /// The name of the point at which the process ends itself.
    pub crash_at: Option<String>,
    /// How long a worker holds a job without a heartbeat, in milliseconds.
    pub lease_ms: Option<u64>,
    /// How long one run of a job may take, in milliseconds.
    pub time_limit_ms: Option<u64>,
    /// Seconds by which our clock is off.
    pub clock_offset_s: i64,
}

impl Settings {
    /// Reads everything, with what the operator should know.
    ///
    /// # Errors
    /// All problems, one line each, that keep the process from starting.
    pub fn load(env: &dyn Env) -> Result<(Self, Vec<Warning>), Vec<Problem>> {
        let mut reader = Reader::new(env);
        let settings = read(&mut reader);
        unusual::unused_names(&mut reader);
        match settings {
            Some(settings) if reader.problems.is_empty() => Ok((settings, reader.warnings)),
            _ => Err(reader.problems),
        }
    }

    /// Every secret there is, for the redactor.
    pub fn secrets(&self) -> Vec<SecretString> {
        let mut secrets = self.webhook_secrets.clone();
        secrets.extend(self.private_keys.iter().flat_map(|key| [key.pem.clone(), pem_body(&key.pem)]));
        secrets.extend(self.root_secrets.texts());
        secrets.extend(self.metrics_token.clone());
        secrets.extend(passwords(&self.database_url));
        secrets.extend(self.network.https_proxy.iter().flat_map(passwords));
        secrets
    }
}

/// The database alone, for commands that need nothing else.
///
/// # Errors
/// What is wrong with `DATABASE_URL`.
pub fn database_url(env: &dyn Env) -> Result<SecretString, Vec<Problem>> {
    let mut reader = Reader::new(env);
    let url = server::read_database_url(&mut reader);
    url.filter(|_| reader.problems.is_empty()).ok_or(reader.problems)
}

/// What to log alone, for commands that need nothing else.
///
/// # Errors
/// What is wrong with `RUST_LOG` and `LOG_FORMAT`.
pub fn log_options(env: &dyn Env) -> Result<LogOptions, Vec<Problem>> {
    let mut reader = Reader::new(env);
    let options = server::read_log(&mut reader);
    if reader.problems.is_empty() { Ok(options) } else { Err(reader.problems) }
}

/// The operator's mode alone, for commands that need nothing else.
///
/// # Errors
/// What is wrong with `MILLWRIGHT_MODE`.
pub fn mode(env: &dyn Env) -> Result<Option<Mode>, Vec<Problem>> {
    let mut reader = Reader::new(env);
    let mode = read_mode(&mut reader);
    if reader.problems.is_empty() { Ok(mode) } else { Err(reader.problems) }
}

fn read(reader: &mut Reader<'_>) -> Option<Settings> {
    // Everything is read before anything is unwrapped, so that one problem does not hide the next.
    let database_url = server::read_database_url(reader);
    let host = reader.parsed("HOST", server::parse_host).unwrap_or_else(|| "127.0.0.1".to_owned());
    let port = reader.parsed("PORT", server::parse_port).unwrap_or(3000);
    let app_issuer = app_identity::read_app_issuer(reader);
    let private_keys = app_identity::read_private_keys(reader);
    let webhook_secrets = app_identity::read_webhook_secrets(reader);
    let github = reach::read_github_urls(reader);
    let own_secrets = app_identity::read_own_secrets(reader);
    let mode = read_mode(reader);
    let allowed = reach::read_allowed(reader);
    let network = reach::read_network(reader);
    let log = server::read_log(reader);
    let metrics_token = app_identity::read_metrics_token(reader);
    let audit_log = reader.text("AUDIT_LOG").map(PathBuf::from);
    let templates = reader.parsed("MILLWRIGHT_TEMPLATES", server::parse_templates);
    let faults = unusual::read_faults(reader);

    let private_keys = private_keys?;
    let root_secrets = match own_secrets {
        Some(secrets) => RootSecrets::of_texts(secrets),
        None => RootSecrets::of_keys(
            private_keys.iter().map(|key| key.der.clone()).collect::<Vec<SecretSlice<u8>>>(),
        ),
    };
    Some(Settings {
        database_url: database_url?,
        host,
        port,
        app_issuer: app_issuer?,
        private_keys,
        webhook_secrets: webhook_secrets?,
        github: github?,
        root_secrets,
        mode,
        allowed,
        network,
        log,
        metrics_token,
        audit_log,
        templates,
        faults,
    })
}

fn read_mode(reader: &mut Reader<'_>) -> Option<Mode> {
    reader.parsed("MILLWRIGHT_MODE", |text| {
        text.to_lowercase().parse::<Mode>().map_err(|why| format!("is {}; {why}", shown(text)))
    })
}

/// The key without the lines around it, as it may turn up where line ends were lost.
fn pem_body(pem: &SecretString) -> SecretString {
    SecretString::from(pem.expose_secret().lines().filter(|line| !line.starts_with('-')).collect::<String>())
}

fn passwords(address: &SecretString) -> Vec<SecretString> {
    let Ok(url) = Url::parse(address.expose_secret()) else { return Vec::new() };
    let Some(password) = url.password() else { return Vec::new() };
    // As it stands in the address, and as it is meant.
    let form = format!("p={}", password.replace('+', "%2B"));
    let decoded = url::form_urlencoded::parse(form.as_bytes());
    let decoded = decoded.map(|(_, value)| SecretString::from(value.into_owned()));
    decoded.chain([SecretString::from(password)]).collect()
}

#[cfg(test)]
mod tests;
