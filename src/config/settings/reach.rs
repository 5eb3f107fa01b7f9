//! What this instance reaches and serves: GitHub, the way there, whom it works for.

use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use crate::config::allowed::{self, Allowed};
use crate::config::github_urls::{self, GITHUB_COM_API, GitHubUrls};
use crate::config::reader::{Reader, shown};
use crate::config::settings::Network;

pub(super) fn read_github_urls(reader: &mut Reader<'_>) -> Option<GitHubUrls> {
    let api = reader.text("GITHUB_API_URL");
    let api = reader.take("GITHUB_API_URL", github_urls::api_url(api.as_deref().unwrap_or(GITHUB_COM_API)));
    let graphql = reader.parsed("GITHUB_GRAPHQL_URL", github_urls::base_url);
    let web = reader.parsed("GITHUB_URL", github_urls::base_url);
    let api = api?;
    let urls = GitHubUrls {
        graphql: graphql.unwrap_or_else(|| github_urls::graphql_of(&api)),
        web: web.unwrap_or_else(|| github_urls::web_of(&api)),
        api,
    };
    for (name, url) in [("GITHUB_API_URL", &urls.api), ("GITHUB_GRAPHQL_URL", &urls.graphql)] {
        if github_urls::is_readable_on_the_way(url) {
            reader.warning(
                name,
                "is plain http to another machine, so tokens can be read on the way; use https",
            );
        }
    }
    Some(urls)
}

pub(super) fn read_allowed(reader: &mut Reader<'_>) -> Allowed {
    let owners = reader.parsed("GITHUB_ALLOWED_OWNERS", allowed::owners).unwrap_or_default();
    let name = "GITHUB_ALLOWED_REPOSITORIES";
    let repositories = reader.parsed(name, allowed::repositories).unwrap_or_default();
    let allowed = Allowed::new(owners, repositories);
    if let Some(never) = allowed.contradiction() {
        let message = format!(
            "lists {}, whose owner GITHUB_ALLOWED_OWNERS leaves out, so it is never served",
            shown(never)
        );
        reader.warning(name, &message);
    }
    allowed
}

pub(super) fn read_network(reader: &mut Reader<'_>) -> Network {
    let https_proxy = reader.either_case("HTTPS_PROXY");
    let https_proxy = https_proxy.and_then(|text| reader.take("HTTPS_PROXY", parse_proxy(&text)));
    let no_proxy = reader.either_case("NO_PROXY");
    let certificates = reader.either_case("SSL_CERT_FILE").and_then(|path| {
        let pem = reader.file("SSL_CERT_FILE", &PathBuf::from(path))?;
        reader.take("SSL_CERT_FILE", check_certificates(&pem)).map(|()| pem)
    });
    Network { https_proxy, no_proxy, extra_ca_pem: certificates }
}

fn parse_proxy(text: &str) -> Result<SecretString, String> {
    let mend = "write it like `http://proxy.example.com:8080`";
    // Others take `host:port` as well.
    let full = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let url = Url::parse(&full).map_err(|error| format!("is not an address ({error}); {mend}"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(format!("is a proxy of another kind than `http://` and `https://`; {mend}"));
    }
    // A word alone would be taken for a host, and a typing error would be found out by the first request.
    // The address itself may hold a password and is not repeated; a port that is the usual one is none for `Url`.
    let port = text.trim_end_matches('/').rsplit_once(':').map(|(_, port)| port.parse::<u16>());
    if !text.contains("://") && !matches!(port, Some(Ok(_))) {
        return Err(format!("names no port; {mend}"));
    }
    Ok(SecretString::from(full))
}

fn check_certificates(pem: &str) -> Result<(), String> {
    use rustls_pki_types::pem::PemObject as _;
    let certificates: Result<Vec<_>, _> =
        rustls_pki_types::CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    match certificates {
        Ok(list) if list.is_empty() => {
            Err("names a file without a `-----BEGIN CERTIFICATE-----` block".to_owned())
        }
        Ok(_) => Ok(()),
        Err(_) => Err("names a file with a broken certificate; copy it again".to_owned()),
    }
}
