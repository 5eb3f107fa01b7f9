//! One exchange over HTTP: TLS, proxy, time-outs, and redirects that stay on the host.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, IF_NONE_MATCH, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::clock::Clock;
use crate::github::address::same_host;
use crate::github::error::{ApiResult, ErrorKind};
use crate::github::outage::Outage;
use crate::github::request::Request;

/// What we ask GitHub to answer in.
pub(super) const MEDIA_TYPE: &str = "application/vnd.github+json";

const API_VERSION: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-github-api-version"), HeaderValue::from_static("2022-11-28"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A proxy for `https://` addresses.
#[derive(Clone)]
pub struct Proxy {
    /// Its address, as in `HTTPS_PROXY`; may contain a user name and password.
    pub url: SecretString,
    /// Hosts to reach without it, as in `NO_PROXY`.
    pub no_proxy: Option<String>,
}

/// How to reach GitHub.
pub(super) struct Route<'a> {
    pub proxy: Option<&'a Proxy>,
    pub extra_ca_pem: Option<&'a str>,
    /// For a whole exchange, the answer's body included.
    pub timeout: Duration,
}

/// Sends requests and brings back whole answers, whatever their status.
pub(super) struct Transport {
    client: reqwest::Client,
    outage: Outage,
}

/// An answer, read to its end.
pub(super) struct Raw {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// The value of an `Authorization` header.
pub(super) struct Authorization(HeaderValue);

impl Authorization {
    /// A bearer token; kept out of logs and of header compression tables.
    ///
    /// # Errors
    /// When the token is not one line of visible ASCII.
    pub(super) fn bearer(token: &SecretString) -> Result<Self, http::header::InvalidHeaderValue> {
        let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()))?;
        value.set_sensitive(true);
        Ok(Self(value))
    }
}

impl Transport {
    /// # Errors
    /// One sentence that names what is wrong with the proxy or the certificates.
    pub(super) fn new(route: &Route<'_>, clock: Clock) -> Result<Self, String> {
        let mut client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls(route.extra_ca_pem)?)
            .user_agent(concat!("millwright/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT.min(route.timeout))
            .timeout(route.timeout)
            .no_proxy();
        if let Some(proxy) = route.proxy {
            client = client.proxy(https_proxy(proxy)?);
        }
        let built = client.build();
        let client =
            built.map_err(|cause| format!("The HTTP client cannot be set up: {}.", causes(&cause)))?;
        Ok(Self { client, outage: Outage::none(clock) })
    }

    /// Sends a request once. Only two things are ever repeated, and only for reads: a connection that could not be
    /// made, and one redirect on the same host (renamed repositories).
    pub(super) async fn exchange(
        &self,
        request: &Request,
        authorization: &Authorization,
        etag: Option<&HeaderValue>,
    ) -> ApiResult<Raw> {
        let first = Hop { request, url: &request.url, authorization, etag };
        let raw = match self.hop(&first).await {
            Err(error) if request.is_read() && error.never_left => self.hop(&first).await,
            other => other,
        };
        let raw = raw.map_err(|error| error.told)?;
        match redirect(request, &raw) {
            Some(url) => self.hop(&Hop { url: &url, ..first }).await.map_err(|error| error.told),
            None => Ok(raw),
        }
    }

    async fn hop(&self, hop: &Hop<'_>) -> Result<Raw, HopError> {
        let Hop { request, url, authorization, etag } = hop;
        let (version, version_value) = API_VERSION;
        let mut builder = self
            .client
            .request(request.method.clone(), (*url).clone())
            .header(ACCEPT, MEDIA_TYPE)
            .header(version, version_value)
            .header(AUTHORIZATION, authorization.0.clone());
        if let Some(etag) = etag {
            builder = builder.header(IF_NONE_MATCH, (*etag).clone());
        }
        if let Some(body) = &request.body {
            builder = builder.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let mut response = builder.send().await.map_err(|cause| self.lost(request, cause))?;
        self.outage.ends();
        let (status, headers) = (response.status(), response.headers().clone());
        let too_large = || {
            HopError::told(
                request,
                ErrorKind::TooLarge { limit: request.answer_limit },
                "the answer is too large",
            )
        };
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|cause| self.lost(request, cause))? {
            if body.len() + chunk.len() > request.answer_limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Raw { status, headers, body: body.freeze() })
    }

    /// Since when nobody has been reached, unix milliseconds.
    pub(super) fn unreached_since_ms(&self) -> Option<i64> {
        self.outage.since_ms()
    }

    fn lost(&self, request: &Request, cause: reqwest::Error) -> HopError {
        let never_left = cause.is_connect() || cause.is_builder();
        let kind = if cause.is_connect() {
            ErrorKind::Unreachable { until_ms: self.outage.goes_on() }
        } else if request.is_read() || never_left {
            ErrorKind::Transport
        } else {
            ErrorKind::Ambiguous
        };
        let told = request.error(kind, causes(&cause.without_url()));
        HopError { never_left, told }
    }
}

#[derive(Clone, Copy)]
struct Hop<'a> {
    request: &'a Request,
    url: &'a Url,
    authorization: &'a Authorization,
    etag: Option<&'a HeaderValue>,
}

struct HopError {
    never_left: bool,
    told: crate::github::error::ApiError,
}

impl HopError {
    fn told(request: &Request, kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { never_left: false, told: request.error(kind, message) }
    }
}

fn redirect(request: &Request, raw: &Raw) -> Option<Url> {
    let moved = [
        StatusCode::MOVED_PERMANENTLY,
        StatusCode::FOUND,
        StatusCode::TEMPORARY_REDIRECT,
        StatusCode::PERMANENT_REDIRECT,
    ];
    if request.method != http::Method::GET || !moved.contains(&raw.status) {
        return None;
    }
    same_host(&request.url, raw.headers.get(LOCATION)?.to_str().ok()?)
}

fn tls(extra_ca_pem: Option<&str>) -> Result<rustls::ClientConfig, String> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let extra =
        extra_ca_pem.map(|pem| CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<Vec<_>, _>>());
    let unreadable = |cause: String| format!("The additional certificates cannot be read as PEM: {cause}.");
    if let Some(certificates) = extra {
        let certificates = certificates.map_err(|cause| unreadable(cause.to_string()))?;
        if certificates.is_empty() {
            return Err(unreadable("there is no `BEGIN CERTIFICATE` block".to_owned()));
        }
        // As elsewhere, odd certificates in a bundle do no harm as long as one is of use.
        let (added, _) = roots.add_parsable_certificates(certificates);
        if added == 0 {
            return Err(unreadable("no block in them is a usable certificate".to_owned()));
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|cause| format!("TLS cannot be set up: {cause}."))?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn https_proxy(proxy: &Proxy) -> Result<reqwest::Proxy, String> {
    // The cause may quote the address, which may contain a password.
    let unusable =
        "The address of the HTTPS proxy cannot be used: it has to look like http://HOST:PORT.".to_owned();
    let https = reqwest::Proxy::https(proxy.url.expose_secret()).map_err(|_| unusable)?;
    Ok(https.no_proxy(proxy.no_proxy.as_deref().and_then(reqwest::NoProxy::from_string)))
}

fn causes(error: &dyn Error) -> String {
    let mut told = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        told = format!("{told}: {cause}");
        source = cause.source();
    }
    told
}
