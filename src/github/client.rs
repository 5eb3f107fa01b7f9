//! The App's client: what it needs to start, and the clients for one repository that it gives out.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::clock::Clock;
use crate::domain::ids::{InstallationId, RepoId, RepoName};
use crate::domain::pace::{Asker, Urgency};
use crate::github::address::{self, Base};
use crate::github::audit::{Audit, Meter};
use crate::github::budget::Budgets;
use crate::github::configuration::ConfigClient;
use crate::github::core::{Caller, Core};
use crate::github::etag::EtagCache;
use crate::github::identity::Identity;
use crate::github::key::AppKey;
pub use crate::github::key_refusal::KEY_MEND;
use crate::github::key_refusal::KeyRefusal;
use crate::github::limits::Limits;
use crate::github::repo::RepoClient;
use crate::github::scope::{CONFIGURATION, ScopedTo, TokenScope, WORK};
use crate::github::tokens::Tokens;
use crate::github::transport::{Proxy, Route, Transport};

/// Who asks until a client is told: see [`RepoClient::for_job`].
const SOMEBODY: Asker = Asker { job: 0, urgency: Urgency::Person };

/// Bytes of answers kept for their ETags.
const CACHE_BYTES: usize = 4 << 20;

/// What the client needs. Nothing here is read from the environment.
#[derive(Clone)]
pub struct Options {
    /// `https://api.github.com`, or `https://HOST/api/v3` of a GitHub Enterprise Server.
    pub api_url: Url,
    /// `https://api.github.com/graphql`, or `https://HOST/api/graphql`.
    pub graphql_url: Url,
    /// The App's id or client id.
    pub app_issuer: String,
    /// PEM; the first signs.
    pub private_keys: Vec<SecretString>,
    /// For `https://` addresses.
    pub proxy: Option<Proxy>,
    /// PEM with certificates to trust besides the public ones.
    pub extra_ca_pem: Option<String>,
    /// For a whole exchange, the answer's body included.
    pub timeout: Duration,
    /// Told of every write, unless a [`RepoClient`] has an audit of its own.
    pub audit: Option<Arc<dyn Audit>>,
    /// Told of every answer and every limit.
    pub meter: Option<Arc<dyn Meter>>,
}

/// Why the client cannot be set up; one sentence that says how to mend it. Contains no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SetupError(String);

/// The App at GitHub. Cheap to clone; all clones share tokens, limits and the cache.
#[derive(Clone)]
pub struct GitHub {
    pub(super) core: Arc<Core>,
    pub(super) identity: Arc<Identity>,
}

impl GitHub {
    /// Checks everything that can be checked without the network.
    ///
    /// # Errors
    /// One sentence that names what is wrong: an address, the key, the proxy or the certificates.
    pub fn new(options: Options, clock: Clock, limits: Arc<dyn Limits>) -> Result<Self, SetupError> {
        let unusable = |what: &str, url: &Url, why: &str| {
            SetupError(format!("The {what} `{}` cannot be used: {why}.", shown(url)))
        };
        let base =
            Base::new(&options.api_url).map_err(|why| unusable("API address", &options.api_url, why))?;
        address::check(&options.graphql_url)
            .map_err(|why| unusable("GraphQL address", &options.graphql_url, why))?;
        let key = AppKey::new(&options.app_issuer, &options.private_keys).map_err(SetupError)?;
        let route = Route {
            proxy: options.proxy.as_ref(),
            extra_ca_pem: options.extra_ca_pem.as_deref(),
            timeout: options.timeout,
        };
        let core = Core {
            base,
            graphql_url: options.graphql_url,
            transport: Transport::new(&route, clock.clone()).map_err(SetupError)?,
            key,
            clock,
            limits,
            audit: options.audit,
            meter: options.meter,
            tokens: Tokens::default(),
            budgets: Budgets::default(),
            cache: EtagCache::new(CACHE_BYTES),
            clock_offset_ms: AtomicI64::new(0),
            key_refusal: KeyRefusal::default(),
            ahead_ms: AtomicI64::new(0),
            writers: std::sync::Mutex::default(),
        };
        Ok(Self { core: Arc::new(core), identity: Arc::default() })
    }

    /// A client for one repository. Its tokens reach this repository and nothing else.
    pub fn repo(&self, installation: InstallationId, id: RepoId, name: RepoName) -> RepoClient {
        let scope = TokenScope { installation, repository: ScopedTo::Id(id), permissions: WORK };
        let caller = Caller { scope, asker: SOMEBODY, guard: None, audit: None, sent: Arc::default() };
        RepoClient::new(Arc::clone(&self.core), caller, name)
    }

    /// A client that reads the owner's `.github` repository and nothing else.
    pub fn for_config(&self, installation: InstallationId, owner: &str) -> ConfigClient {
        let repository = ScopedTo::Name(ConfigClient::REPOSITORY.to_owned());
        let scope = TokenScope { installation, repository, permissions: CONFIGURATION };
        let caller = Caller { scope, asker: SOMEBODY, guard: None, audit: None, sent: Arc::default() };
        ConfigClient::new(Arc::clone(&self.core), caller, owner)
    }

    /// The owner of an installation has granted permissions: what it was found to lack is asked for again, by this process.
    pub fn permissions_granted(&self, installation: InstallationId) {
        self.core.tokens.forget_refusals(installation);
    }

    /// Whether the App's key can sign; asks nobody.
    ///
    /// # Errors
    /// One sentence for the log.
    pub fn check_key(&self) -> Result<(), String> {
        let signed = self.core.key.jwt(self.core.github_now_ms());
        signed.map(|_| ()).map_err(|cause| format!("the App's key cannot sign: {cause}"))
    }

    /// Since when GitHub refuses the App's key, unix milliseconds; nothing where the last answer to it was good.
    pub fn key_refused_since_ms(&self) -> Option<i64> {
        self.core.key_refusal.since_ms()
    }

    /// Since when no connection to GitHub could be made, unix milliseconds; nothing where the last one could.
    pub fn unreached_since_ms(&self) -> Option<i64> {
        self.core.transport.unreached_since_ms()
    }

    /// Requests that are left in this installation's hour, as of its last answer in this process; nothing where that hour is over.
    pub fn remaining(&self, installation: InstallationId) -> Option<i64> {
        self.core.budgets.remaining(Some(installation), self.core.clock.now_ms())
    }
}

impl fmt::Debug for GitHub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GitHub").field("base", &self.core.base).finish_non_exhaustive()
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("api_url", &shown(&self.api_url))
            .field("graphql_url", &shown(&self.graphql_url))
            .field("app_issuer", &self.app_issuer)
            .field("private_keys", &self.private_keys.len())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// An address without whatever secret somebody may have put into it.
fn shown(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{host}{port}{}", url.scheme(), url.path())
}
