use std::sync::{Arc, Mutex};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::domain::ids::IssueNumber;
use crate::github::client::{GitHub, Options};
use crate::github::limits::InMemoryLimits;
use crate::github::testing::{Fake, Reply, Seen, issue, repo_of, test_key};
use crate::github::transport::Proxy;
use crate::telemetry::logs::let_events_be_heard;

async fn refused(change: impl FnOnce(&mut Options)) -> String {
    let fake = Fake::start(|_| None).await;
    let mut options = fake.options();
    change(&mut options);
    let limits = Arc::new(InMemoryLimits::new(fake.clock.clone()));
    GitHub::new(options, fake.clock, limits).unwrap_err().to_string()
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[tokio::test]
async fn each_mistake_in_the_settings_is_one_sentence() {
    let api = refused(|options| options.api_url = url("https://user:hunter2@ghe.example/api/v3")).await;
    insta::assert_snapshot!(api, @"The API address `https://ghe.example/api/v3` cannot be used: it must not contain a user name or password.");
    let graphql = refused(|options| options.graphql_url = url("ftp://ghe.example/api/graphql")).await;
    insta::assert_snapshot!(graphql, @"The GraphQL address `ftp://ghe.example/api/graphql` cannot be used: it has to begin with https:// (or http://).");
    let no_certificate = refused(|options| options.extra_ca_pem = Some("junk".to_owned())).await;
    insta::assert_snapshot!(no_certificate, @"The additional certificates cannot be read as PEM: there is no `BEGIN CERTIFICATE` block.");
    let odd_certificate = "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----";
    let odd_certificate = refused(|options| options.extra_ca_pem = Some(odd_certificate.to_owned())).await;
    insta::assert_snapshot!(odd_certificate, @"The additional certificates cannot be read as PEM: no block in them is a usable certificate.");
    let proxy = Proxy { url: SecretString::from("http://user:hunter2@[broken"), no_proxy: None };
    let proxy = refused(|options| options.proxy = Some(proxy)).await;
    insta::assert_snapshot!(proxy, @"The address of the HTTPS proxy cannot be used: it has to look like http://HOST:PORT.");
    let key = refused(|options| options.private_keys = vec![]).await;
    insta::assert_snapshot!(key, @"There is no private key for the App: download one from the App's settings page.");
}

#[tokio::test]
async fn every_request_says_who_asks_and_in_which_version() {
    let fake = Fake::start(|seen| (!seen.is_token_request()).then(|| Reply::json(200, issue(7)))).await;
    fake.repo().issue(IssueNumber(7)).await.unwrap();
    for seen in fake.seen() {
        assert_eq!(seen.header("user-agent"), concat!("millwright/", env!("CARGO_PKG_VERSION")));
        assert_eq!(seen.header("x-github-api-version"), "2022-11-28");
        assert_eq!(seen.header("accept"), "application/vnd.github+json");
    }
}

#[tokio::test]
async fn an_enterprise_server_with_a_path_prefix_works_with_paging() {
    let fake = Fake::start(|seen| match (seen.path.as_str(), seen.query.contains("page=2")) {
        ("/api/v3/app/installations/1/access_tokens", _) => None,
        ("/api/v3/repos/octo/hello/issues", false) => {
            let link = "<https://ghe.example/api/v3/repositories/5/issues?page=2>; rel=\"next\"";
            Some(Reply::json(200, serde_json::json!([issue(1)])).header("link", link))
        }
        ("/api/v3/repositories/5/issues", true) => Some(Reply::json(200, serde_json::json!([issue(2)]))),
        _ => Some(Reply::status(404)),
    })
    .await;
    for prefix in ["/api/v3", "/api/v3/"] {
        let mut options = fake.options();
        options.api_url.set_path(prefix);
        let listed = repo_of(&fake.github_with(options), 1).issues(&Default::default()).await.unwrap();
        assert_eq!((listed.items.len(), listed.complete), (2, true));
    }
}

#[tokio::test]
async fn an_https_address_goes_through_the_proxy_and_an_excepted_host_does_not() {
    let proxy = Fake::start(|_| Some(Reply::status(407))).await;
    let secret = SecretString::from(format!("http://{}", proxy.url.authority()));
    for (no_proxy, connects) in [(None, 1), (Some("localhost".to_owned()), 0)] {
        let before = proxy.count(|seen| seen.method == "CONNECT");
        let mut options = proxy.options();
        options.api_url = url("https://localhost:1");
        options.proxy = Some(Proxy { url: secret.clone(), no_proxy });
        let github = proxy.github_with(options);
        github.app_identity().await.unwrap_err();
        let made = proxy.count(|seen: &Seen| seen.method == "CONNECT") - before;
        assert_eq!(made > 0, connects > 0);
    }
}

#[tokio::test]
async fn s15_nothing_that_can_be_printed_holds_a_secret() {
    let fake = Fake::start(|seen| (!seen.is_token_request()).then(|| Reply::status(500))).await;
    let mut options = fake.options();
    options.proxy = Some(Proxy { url: SecretString::from("http://u:hunter2@127.0.0.1:1"), no_proxy: None });
    let printed_options = format!("{options:?}");
    let github = fake.github_with(options);
    let repo = repo_of(&github, 1);
    let error = repo.issue(IssueNumber(7)).await.unwrap_err();
    let config = github.for_config(crate::domain::ids::InstallationId(1), "octo");
    let printed = format!("{printed_options} {github:?} {repo:?} {config:?} {error:?} {error}");
    let pem = test_key().pem.expose_secret();
    let line_of_key = pem.lines().nth(3).unwrap();
    for secret in [line_of_key, "token-1", "hunter2", "PRIVATE"] {
        assert!(!printed.contains(secret), "{secret}");
    }
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn s15_each_request_is_one_line_in_the_log_and_holds_no_secret() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let_events_be_heard();
    let _guard = tracing::subscriber::set_default(subscriber);
    let fake = Fake::start(|seen| {
        let reply = Reply::json(200, issue(7)).header("x-github-request-id", "AB:1");
        (!seen.is_token_request()).then(|| reply.header("x-ratelimit-remaining", "4999"))
    })
    .await;
    fake.repo().issue(IssueNumber(7)).await.unwrap();
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let ours = "github method=GET path=\"/repos/octo/hello/issues/7\" status=200 installation=1 request_id=\"AB:1\" remaining=4999";
    assert_eq!(log.matches(ours).count(), 1, "{log}");
    let jwt = fake.seen()[0].header("authorization").to_owned();
    for secret in ["token-1", "Bearer", jwt.as_str()] {
        assert!(!log.contains(secret), "{secret}");
    }
}
