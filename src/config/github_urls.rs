//! Where GitHub is: github.com, GitHub Enterprise Server, or a stand-in.

use url::Url;

use crate::config::reader::shown;

/// The three addresses of one GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitHubUrls {
    /// The REST API, such as `https://api.github.com/` or `https://ghe.example/api/v3`.
    pub api: Url,
    /// The GraphQL API.
    pub graphql: Url,
    /// The pages people see.
    pub web: Url,
}

/// GitHub's own REST API.
pub const GITHUB_COM_API: &str = "https://api.github.com";

/// Reads an address that requests or links can be built on: `http` or `https`, a host, no more than a path behind it.
///
/// # Errors
/// One sentence on what is wrong with it.
pub fn base_url(text: &str) -> Result<Url, String> {
    address(text, "write it like `https://github.example.com`")
}

fn address(text: &str, mend: &str) -> Result<Url, String> {
    let mut url =
        Url::parse(text).map_err(|error| format!("is {}, not an address ({error}); {mend}", shown(text)))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("does not begin with `https://` or `http://`; {mend}"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("has a user name or password in it; {mend}"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("has a `?` or `#` part; {mend}"));
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// The same for the REST API: GitHub's pages answer too, and not as the API does.
///
/// # Errors
/// One sentence on what is wrong with it.
pub fn api_url(text: &str) -> Result<Url, String> {
    let url = address(text, "write it like `https://github.example.com/api/v3`")?;
    match url.host_str() {
        Some("github.com" | "www.github.com") => {
            Err(format!("is {}, the pages of GitHub; set it to {GITHUB_COM_API}, or unset it", shown(text)))
        }
        _ => Ok(url),
    }
}

/// The GraphQL address that belongs to a REST address.
pub fn graphql_of(api: &Url) -> Url {
    let path = api.path().trim_end_matches('/');
    let graphql =
        path.strip_suffix("/v3").map_or_else(|| format!("{path}/graphql"), |api| format!("{api}/graphql"));
    with_path(api, &graphql)
}

/// The address of the pages that belongs to a REST address.
pub fn web_of(api: &Url) -> Url {
    let path = api.path().trim_end_matches('/');
    let mut web = with_path(api, path.strip_suffix("/api/v3").unwrap_or(path));
    if let Some(host) = api.host_str().and_then(|host| host.strip_prefix("api.")) {
        // A host without its first label is a host still; if not, the address stays as it is.
        let _ = web.set_host(Some(host));
    }
    web
}

/// Whether what is sent there can be read on the way: plain `http` to another machine.
pub fn is_readable_on_the_way(url: &Url) -> bool {
    let local = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "http" && !local
}

fn with_path(url: &Url, path: &str) -> Url {
    let mut other = url.clone();
    other.set_path(path);
    other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graphql_and_pages_follow_from_the_api() {
        let table = [
            ("https://api.github.com", "https://api.github.com/graphql", "https://github.com/"),
            ("https://ghe.example/api/v3", "https://ghe.example/api/graphql", "https://ghe.example/"),
            ("https://ghe.example/api/v3/", "https://ghe.example/api/graphql", "https://ghe.example/"),
            ("https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql", "https://acme.ghe.com/"),
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000/graphql", "http://127.0.0.1:4000/"),
        ];
        for (api, graphql, web) in table {
            let api = base_url(api).unwrap();
            assert_eq!(graphql_of(&api).as_str(), graphql);
            assert_eq!(web_of(&api).as_str(), web);
        }
    }

    #[test]
    fn s11_addresses_with_more_than_a_base_are_refused() {
        for wrong in [
            "api.github.com",
            "ftp://a.example",
            "https://u:p@a.example",
            "https://a.example?x",
            "https://",
            "x",
        ] {
            let message = base_url(wrong).unwrap_err();
            assert!(!message.contains("u:p"), "{message}");
        }
    }

    #[test]
    fn the_pages_of_github_are_not_taken_for_its_api() {
        for pages in ["https://github.com", "https://www.github.com/", "https://github.com/api/v3"] {
            assert!(api_url(pages).unwrap_err().contains("set it to https://api.github.com"), "{pages}");
        }
        for api in [GITHUB_COM_API, "https://ghe.example/api/v3", "http://127.0.0.1:4000"] {
            api_url(api).unwrap();
        }
    }

    #[test]
    fn plain_http_is_fine_on_this_machine_only() {
        for (url, readable) in [
            ("http://127.0.0.1:1", false),
            ("http://localhost:1", false),
            ("http://[::1]:1", false),
            ("https://ghe.example", false),
            ("http://ghe.example", true),
        ] {
            assert_eq!(is_readable_on_the_way(&Url::parse(url).unwrap()), readable, "{url}");
        }
    }
}
