//! Where GitHub's API lives, and the only place where addresses of requests are made.

use url::Url;

/// The base of the REST API; every request of ours goes there, whatever an answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Base(Url);

impl Base {
    /// Accepts `https://api.github.com` or a GitHub Enterprise Server's `https://HOST/api/v3`.
    ///
    /// # Errors
    /// One clause that says what is wrong with the address.
    pub(super) fn new(url: &Url) -> Result<Self, &'static str> {
        check(url)?;
        Ok(Self(url.clone()))
    }

    /// An address below the base. Segments are percent-encoded, so that a name can never leave its place; `None` when one
    /// is empty, `.` or `..`, which no encoding can keep from being a step.
    pub(super) fn below(&self, segments: &[&str]) -> Option<Url> {
        let steps = ["", ".", ".."];
        if segments.iter().any(|segment| steps.contains(segment)) {
            return None;
        }
        let mut url = self.0.clone();
        url.path_segments_mut().ok()?.pop_if_empty().extend(segments);
        Some(url)
    }

    /// The next page: path and query of the link, on our own base. The link's host is never looked at (S11), and a link
    /// without our path prefix, as a proxy in front of a GitHub Enterprise Server may give, gets it.
    pub(super) fn next_page(&self, link: &str) -> Option<Url> {
        let linked = self.0.join(link).ok()?;
        let prefix = self.0.path().trim_end_matches('/');
        let mut url = self.0.clone();
        let path = linked.path();
        match path.strip_prefix(prefix) {
            Some(rest) if prefix.is_empty() || rest.starts_with('/') => url.set_path(path),
            _ => url.set_path(&format!("{prefix}{path}")),
        }
        url.set_query(linked.query());
        Some(url)
    }
}

impl std::fmt::Display for Base {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// Checks an address from the operator's settings.
///
/// # Errors
/// One clause that says what is wrong with it.
pub(super) fn check(url: &Url) -> Result<(), &'static str> {
    match url {
        url if !matches!(url.scheme(), "https" | "http") => Err("it has to begin with https:// (or http://)"),
        url if url.host_str().is_none_or(str::is_empty) => Err("it names no host"),
        url if !url.username().is_empty() || url.password().is_some() => {
            Err("it must not contain a user name or password")
        }
        url if url.query().is_some() || url.fragment().is_some() => Err("it must not contain `?` or `#`"),
        _ => Ok(()),
    }
}

/// Where a redirect leads, when it stays on the host of the request; `None` for any other host, scheme, port or user.
pub(super) fn same_host(from: &Url, location: &str) -> Option<Url> {
    let to = from.join(location).ok()?;
    let stays = to.scheme() == from.scheme()
        && to.host() == from.host()
        && to.port_or_known_default() == from.port_or_known_default()
        && to.username().is_empty()
        && to.password().is_none();
    stays.then_some(to)
}

/// The target of `rel="next"` in a `Link` header.
pub(super) fn next_link(header: &str) -> Option<&str> {
    header.split(',').find_map(|link| {
        let (target, parameters) = link.split_once(';')?;
        let next =
            parameters.split(';').any(|parameter| matches!(parameter.trim(), "rel=\"next\"" | "rel=next"));
        next.then(|| target.trim().strip_prefix('<')?.strip_suffix('>'))?
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
    use url::Url;

    use super::{Base, next_link, same_host};

    fn base(url: &str) -> Base {
        Base::new(&Url::parse(url).unwrap()).unwrap()
    }

    #[test]
    fn addresses_lie_below_the_base() {
        let dotcom = base("https://api.github.com").below(&["repos", "o", "r"]).unwrap();
        assert_eq!(dotcom.as_str(), "https://api.github.com/repos/o/r");
        for prefix in ["https://ghe.example/api/v3", "https://ghe.example/api/v3/"] {
            let url = base(prefix).below(&["repos", "o", "r", "labels", "a/b c?#%"]).unwrap();
            assert_eq!(url.as_str(), "https://ghe.example/api/v3/repos/o/r/labels/a%2Fb%20c%3F%23%25");
        }
        for step in ["", ".", ".."] {
            assert_eq!(base("https://api.github.com").below(&["repos", step]), None);
        }
    }

    #[test]
    fn s11_the_next_page_is_always_on_our_host() {
        let ghe = base("https://ghe.example/api/v3");
        for link in [
            "https://ghe.example/api/v3/repositories/1/issues?page=2",
            "https://github.com.attacker.tld/api/v3/repositories/1/issues?page=2",
            "https://ghe.example@attacker.tld/api/v3/repositories/1/issues?page=2",
            "http://169.254.169.254/repositories/1/issues?page=2",
            "//attacker.tld/repositories/1/issues?page=2",
            "/api/v3/repositories/1/issues?page=2",
        ] {
            let next = ghe.next_page(link).unwrap();
            assert_eq!(next.as_str(), "https://ghe.example/api/v3/repositories/1/issues?page=2", "{link}");
        }
        let dotcom =
            base("https://api.github.com").next_page("https://x/repositories/1/issues?page=2").unwrap();
        assert_eq!(dotcom.as_str(), "https://api.github.com/repositories/1/issues?page=2");
    }

    #[test]
    fn s11_redirects_stay_on_the_host() {
        let from = Url::parse("https://ghe.example/api/v3/repos/o/r").unwrap();
        let stays = |location: &str| same_host(&from, location).map(|url| url.path().to_owned());
        assert_eq!(stays("/api/v3/repositories/1").as_deref(), Some("/api/v3/repositories/1"));
        assert_eq!(stays("https://ghe.example:443/x").as_deref(), Some("/x"));
        for elsewhere in [
            "https://ghe.example.attacker.tld/x",
            "https://attacker.tld@ghe.example/x",
            "https://ghe.example@attacker.tld/x",
            "http://ghe.example/x",
            "https://ghe.example:8443/x",
            "//169.254.169.254/x",
            "file:///etc/passwd",
        ] {
            assert_eq!(stays(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn s11_addresses_with_a_user_or_an_odd_scheme_are_refused() {
        for odd in ["ftp://h/", "https://u@h/", "https://u:p@h/", "https://h/?a", "https://h/#a", "data:x"] {
            assert!(Base::new(&Url::parse(odd).unwrap()).is_err(), "{odd}");
        }
    }

    #[test]
    fn the_next_link_is_found() {
        let header = r#"<https://h/a?page=1>; rel="prev", <https://h/a?page=3>; rel="next""#;
        assert_eq!(next_link(header), Some("https://h/a?page=3"));
        assert_eq!(next_link(r#"<https://h/a>; rel="last""#), None);
        assert_eq!(next_link("<>;,;;rel=next"), None);
    }

    proptest! {
        #[test]
        fn s11_no_link_leaves_the_host(link in ".*") {
            let ours = base("https://ghe.example/api/v3");
            if let Some(next) = ours.next_page(&link) {
                prop_assert_eq!(next.host_str(), Some("ghe.example"));
                prop_assert!(next.username().is_empty());
                prop_assert!(next.path().starts_with("/api/v3"));
            }
        }

        #[test]
        fn no_segment_leaves_its_place(segment in ".*") {
            if let Some(url) = base("https://h/api/v3").below(&["repos", &segment, "end"]) {
                prop_assert_eq!(url.path_segments().unwrap().count(), 5);
                prop_assert!(url.query().is_none() && url.fragment().is_none());
            }
        }
    }
}
