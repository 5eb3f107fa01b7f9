//! Settings: what is read, all problems at once, and the table of variables kept true.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;

use super::*;
use crate::config::private_key::tests::fresh_key;
use crate::config::variables::VARIABLES;
use crate::telemetry::logs::LogFormat;

type Map = BTreeMap<String, OsString>;

fn env(pairs: &[(&str, &str)]) -> Map {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), OsString::from(value))).collect()
}

/// What a server needs, and these on top.
fn enough(more: &[(&str, &str)]) -> Map {
    let mut map = env(&[
        ("GITHUB_APP_ID", "12345"),
        ("GITHUB_APP_PRIVATE_KEY", &fresh_key()),
        ("GITHUB_WEBHOOK_SECRET", "a-long-enough-secret"),
    ]);
    map.extend(env(more));
    map
}

fn load(map: &Map) -> (Settings, Vec<String>) {
    let (settings, warnings) = Settings::load(map).unwrap_or_else(|problems| panic!("{problems:?}"));
    (settings, warnings.iter().map(ToString::to_string).collect())
}

fn problems(map: &Map) -> Vec<String> {
    match Settings::load(map) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn the_defaults_are_those_of_the_reference() {
    let (settings, warnings) = load(&enough(&[]));
    assert_eq!(settings.database_url.expose_secret(), "sqlite://millwright.db");
    assert_eq!((settings.host.as_str(), settings.port), ("127.0.0.1", 3000));
    assert_eq!(settings.github.api.as_str(), "https://api.github.com/");
    assert_eq!(settings.github.graphql.as_str(), "https://api.github.com/graphql");
    assert_eq!(settings.github.web.as_str(), "https://github.com/");
    assert_eq!(settings.mode, None);
    assert!(settings.allowed.is_everybody());
    assert_eq!(settings.log.filter, "info");
    assert_eq!(settings.log.format, LogFormat::Text);
    assert_eq!(settings.audit_log, None);
    assert_eq!(settings.faults, FaultTests::default());
    assert_eq!(warnings, Vec::<String>::new());
}

#[test]
fn an_empty_environment_names_all_that_is_missing_at_once() {
    insta::assert_snapshot!(problems(&Map::new()).join("\n"), @r#"
    GITHUB_APP_ID is not set; set it to the App id or the client id, both on the settings page of the GitHub App
    GITHUB_APP_PRIVATE_KEY is not set; set it, or GITHUB_APP_PRIVATE_KEY_PATH, to the private key from the settings page of the GitHub App
    GITHUB_WEBHOOK_SECRET is not set; without it anybody could send us webhooks: set it to the webhook secret of the GitHub App
    "#);
}

#[test]
fn many_problems_are_all_named_one_line_each() {
    let map = env(&[
        ("DATABASE_URL", "mysql://root:hunter2@db/x"),
        ("HOST", "http://x"),
        ("PORT", "70000"),
        ("GITHUB_APP_ID", "my app\nid"),
        ("GITHUB_APP_PRIVATE_KEY", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"),
        ("GITHUB_WEBHOOK_SECRET", "a,b,c"),
        ("GITHUB_API_URL", "ftp://x"),
        ("MILLWRIGHT_SECRET", "new,"),
        ("MILLWRIGHT_MODE", "loud"),
        ("GITHUB_ALLOWED_OWNERS", "a/b"),
        ("GITHUB_ALLOWED_REPOSITORIES", "a"),
        ("HTTPS_PROXY", "socks5://u:hunter2@p"),
        ("SSL_CERT_FILE", "/nowhere/at/all.pem"),
        ("RUST_LOG", "millwright=loud"),
        ("LOG_FORMAT", "xml"),
        ("MILLWRIGHT_TEMPLATES", "/nowhere/at/all"),
        ("MILLWRIGHT_LEASE_MS", "0"),
        ("MILLWRIGHT_CLOCK_OFFSET_S", "soon"),
    ]);
    let problems = problems(&map);
    assert!(problems.iter().all(|line| !line.contains('\n') && !line.contains("hunter2")), "{problems:#?}");
    insta::assert_snapshot!(problems.join("\n"), @r#"
    DATABASE_URL begins neither with `sqlite://` nor with `postgres://`; write it like `sqlite://millwright.db` or `postgres://user:password@host/database`
    HOST is `http://x`, which is no address; write it like `127.0.0.1` or `0.0.0.0`
    PORT is `70000`, which is no port; write a number from 0 to 65535
    GITHUB_APP_ID is `my app�id`, which is neither an App id such as `12345` nor a client id such as `Iv23liAbCdEfGhIjKlMn`
    GITHUB_APP_PRIVATE_KEY is a public key; the private one is needed: generate a private key on the settings page of the GitHub App and use the .pem file it downloads
    GITHUB_WEBHOOK_SECRET has more than one comma; write one secret without a comma, or `new,old` during a rotation
    GITHUB_API_URL does not begin with `https://` or `http://`; write it like `https://github.example.com/api/v3`
    MILLWRIGHT_SECRET has nothing before or behind its comma; write one secret, or `new,old` during a rotation
    MILLWRIGHT_MODE is `loud`; allowed are `observe`, `commands` and `full`
    GITHUB_ALLOWED_OWNERS has `a/b`, which is no login; list logins such as `octocat,github`
    GITHUB_ALLOWED_REPOSITORIES has `a`, which is not `owner/name`; list names such as `octocat/hello`
    HTTPS_PROXY is a proxy of another kind than `http://` and `https://`; write it like `http://proxy.example.com:8080`
    SSL_CERT_FILE names /nowhere/at/all.pem, which cannot be opened (No such file or directory (os error 2)); correct the path or the rights of the file
    RUST_LOG cannot be read (error parsing level filter: expected one of "off", "error", "warn", "info", "debug", "trace", or a number 0-5); write it like `info` or `info,millwright::github=debug`
    LOG_FORMAT is `xml`, which is neither `text` nor `json`; write one of them
    MILLWRIGHT_TEMPLATES is `/nowhere/at/all`, which is no folder that can be read (No such file or directory (os error 2)); correct the path, or unset it for the built-in texts
    MILLWRIGHT_LEASE_MS is `0`, which is no number of milliseconds from 1 to 86400000, a day; write one, or unset it
    MILLWRIGHT_CLOCK_OFFSET_S is `soon`, which is no number of seconds within a century, such as `-90`
    "#);
}

#[test]
fn every_secret_can_come_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        restrict(&path, 0o600);
        path.to_str().unwrap().to_owned()
    };
    let key = fresh_key();
    let map = env(&[
        ("GITHUB_APP_ID", "Iv23liAbCdEfGhIjKlMn"),
        ("DATABASE_URL_PATH", &file("db", "postgres://mill:pass%21word@db/mill\n")),
        ("GITHUB_APP_PRIVATE_KEY_PATH", &file("key", &key)),
        ("GITHUB_WEBHOOK_SECRET_PATH", &file("hook", "the-new-hook-secret,the-old-hook-secret\r\n")),
        ("MILLWRIGHT_SECRET_PATH", &file("own", "our-very-own-root-secret\n")),
    ]);
    let (settings, warnings) = load(&map);
    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!(settings.app_issuer, "Iv23liAbCdEfGhIjKlMn");
    assert_eq!(settings.database_url.expose_secret(), "postgres://mill:pass%21word@db/mill");
    assert_eq!(settings.private_keys[0].pem.expose_secret(), key);
    let hooks: Vec<&str> = settings.webhook_secrets.iter().map(|secret| secret.expose_secret()).collect();
    assert_eq!(hooks, ["the-new-hook-secret", "the-old-hook-secret"]);
    let secrets: Vec<String> = settings.secrets().iter().map(|s| s.expose_secret().to_owned()).collect();
    for known in ["pass!word", "pass%21word", "the-old-hook-secret", "our-very-own-root-secret", &key] {
        assert!(secrets.iter().any(|secret| secret == known), "{known}");
    }
}

#[test]
fn what_is_wrong_with_a_secret_from_a_file_names_the_variable_that_was_set() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    fs::write(&key, "not a key\n").unwrap();
    restrict(&key, 0o600);
    let map = env(&[
        ("GITHUB_APP_ID", "12345"),
        ("GITHUB_APP_PRIVATE_KEY_PATH", key.to_str().unwrap()),
        ("GITHUB_WEBHOOK_SECRET", "a-long-enough-secret"),
    ]);
    let problems = problems(&map);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(problems[0].starts_with("GITHUB_APP_PRIVATE_KEY_PATH is not PEM text"), "{}", problems[0]);
}

#[test]
fn a_secret_given_twice_or_unreadable_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    fs::write(&empty, "\n").unwrap();
    let mut map = enough(&[
        ("GITHUB_WEBHOOK_SECRET_PATH", "/also/given"),
        ("DATABASE_URL_PATH", "/nowhere/at/all"),
        ("MILLWRIGHT_SECRET_PATH", empty.to_str().unwrap()),
    ]);
    let problems = problems(&map);
    assert_eq!(problems.len(), 3, "{problems:#?}");
    assert!(problems[0].starts_with("DATABASE_URL_PATH names /nowhere/at/all, which cannot be opened"));
    assert_eq!(
        problems[1],
        "GITHUB_WEBHOOK_SECRET and GITHUB_WEBHOOK_SECRET_PATH are both set; unset one of them"
    );
    assert!(
        problems[2].starts_with("MILLWRIGHT_SECRET_PATH")
            && problems[2].ends_with("which is empty; write the value into it")
    );

    map = enough(&[("DATABASE_URL_PATH", "/dev/zero")]);
    assert!(self::problems(&map)[0].contains("is larger than 256 KB"));
}

#[cfg(unix)]
#[test]
fn a_secret_file_that_everybody_can_read_is_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hook");
    fs::write(&path, "a-long-enough-secret").unwrap();
    restrict(&path, 0o644);
    let mut map = enough(&[("GITHUB_WEBHOOK_SECRET_PATH", path.to_str().unwrap())]);
    map.remove("GITHUB_WEBHOOK_SECRET");
    let (_, warnings) = load(&map);
    assert_eq!(warnings.len(), 1);
    assert!(
        warnings[0].starts_with("GITHUB_WEBHOOK_SECRET_PATH") && warnings[0].contains("chmod 600"),
        "{warnings:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_value_that_is_not_text_is_a_problem_and_not_a_default() {
    use std::os::unix::ffi::OsStringExt as _;
    let mut map = enough(&[]);
    for name in ["HOST", "DATABASE_URL", "GITHUB_APP_ID", "GITHUB_WEBHOOK_SECRET"] {
        map.insert(name.to_owned(), OsString::from_vec(vec![0xff, 0xfe]));
    }
    let problems = problems(&map);
    assert_eq!(problems.len(), 4, "{problems:#?}");
    assert!(
        problems.iter().all(|line| line.ends_with("is not valid UTF-8; write it again")),
        "{problems:#?}"
    );
}

#[test]
fn warnings_for_fault_tests_reserved_names_typing_errors_and_weak_secrets() {
    let (settings, mut warnings) = load(&enough(&[
        ("GITHUB_WEBHOOK_SECRET", "short"),
        ("GITHUB_API_URL", "http://ghe.example/api/v3"),
        ("GITHUB_ALLOWED_OWNERS", "acme"),
        ("GITHUB_ALLOWED_REPOSITORIES", "octo/web"),
        ("MILLWRIGHT_CRASH_AT", "mid_claim"),
        ("MILLWRIGHT_LEASE_MS", "500"),
        ("MILLWRIGHT_TIME_LIMIT_MS", "700"),
        ("MILLWRIGHT_CLOCK_OFFSET_S", "-90"),
        ("OPENAI_API_KEY_PATH", "/run/secrets/openai"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"),
        ("MILLWRIGHT_MODEL", "full"),
    ]));
    assert_eq!(settings.faults.crash_at.as_deref(), Some("mid_claim"));
    assert_eq!((settings.faults.lease_ms, settings.faults.clock_offset_s), (Some(500), -90));
    assert_eq!(settings.faults.time_limit_ms, Some(700));
    assert_eq!(settings.github.graphql.as_str(), "http://ghe.example/api/graphql");
    warnings.sort();
    insta::assert_snapshot!(warnings.join("\n"), @r#"
    GITHUB_ALLOWED_REPOSITORIES lists `octo/web`, whose owner GITHUB_ALLOWED_OWNERS leaves out, so it is never served
    GITHUB_API_URL is plain http to another machine, so tokens can be read on the way; use https
    GITHUB_GRAPHQL_URL is plain http to another machine, so tokens can be read on the way; use https
    GITHUB_WEBHOOK_SECRET has fewer than 16 characters, so it could be guessed, and it is too short to be taken out of logs; `openssl rand -hex 32` makes a good one
    MILLWRIGHT_CLOCK_OFFSET_S is set; it is for fault tests and must not be set on a server that people use
    MILLWRIGHT_CRASH_AT is set; it is for fault tests and must not be set on a server that people use
    MILLWRIGHT_LEASE_MS is set; it is for fault tests and must not be set on a server that people use
    MILLWRIGHT_MODEL is not read by anything; was MILLWRIGHT_MODE meant?
    MILLWRIGHT_TIME_LIMIT_MS is set; it is for fault tests and must not be set on a server that people use
    OPENAI_API_KEY is set, but what it is for is not in this version
    OTEL_EXPORTER_OTLP_ENDPOINT is set, but what it is for is not in this version
    "#);
}

#[test]
fn proxies_and_certificates_are_read_in_both_cases_and_lower_case_wins() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    fs::write(&file, "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n").unwrap();
    let (settings, _) = load(&enough(&[
        ("HTTPS_PROXY", "http://upper:1"),
        ("https_proxy", "lower.example:8080"),
        ("no_proxy", "ghe.example"),
        ("SSL_CERT_FILE", file.to_str().unwrap()),
    ]));
    assert_eq!(settings.network.https_proxy.unwrap().expose_secret(), "http://lower.example:8080");
    assert_eq!(settings.network.no_proxy.as_deref(), Some("ghe.example"));
    assert!(settings.network.extra_ca_pem.unwrap().contains("BEGIN CERTIFICATE"));

    fs::write(&file, "no certificate").unwrap();
    let problems = problems(&enough(&[("SSL_CERT_FILE", file.to_str().unwrap())]));
    assert_eq!(problems, ["SSL_CERT_FILE names a file without a `-----BEGIN CERTIFICATE-----` block"]);
}

#[test]
fn addresses_of_listeners() {
    for (host, read) in [("::1", "::1"), ("[::]", "::"), ("0.0.0.0", "0.0.0.0")] {
        let (settings, _) = load(&enough(&[("HOST", host), ("PORT", "8080")]));
        assert_eq!((settings.host.as_str(), settings.port), (read, 8080));
    }
}

#[test]
fn databases_that_would_forget_or_do_not_exist_are_refused() {
    for good in [
        "sqlite://a.db",
        "sqlite:a.db",
        "sqlite:///var/lib/a.db?mode=rwc",
        "postgres://h/d",
        "postgresql://h/d",
    ] {
        assert_eq!(problems(&enough(&[("DATABASE_URL", good)])), Vec::<String>::new(), "{good}");
    }
    for bad in [
        "sqlite::memory:",
        "sqlite://",
        "sqlite://x?mode=memory",
        "a.db",
        "mysql://h/d",
        "postgres://h:port/d",
    ] {
        assert_eq!(problems(&enough(&[("DATABASE_URL", bad)])).len(), 1, "{bad}");
    }
}

#[test]
fn parts_can_be_read_without_the_app() {
    assert_eq!(database_url(&Map::new()).unwrap().expose_secret(), "sqlite://millwright.db");
    assert_eq!(database_url(&env(&[("DATABASE_URL", "x")])).unwrap_err().len(), 1);
    assert_eq!(log_options(&env(&[("LOG_FORMAT", "json")])).unwrap().format, LogFormat::Json);
    assert_eq!(log_options(&env(&[("RUST_LOG", "a=b=c"), ("LOG_FORMAT", "x")])).unwrap_err().len(), 2);
}

#[test]
fn every_variable_that_is_read_is_listed_and_every_listed_one_is_read() {
    let spy = Spy { map: enough(&[]), asked: RefCell::default() };
    Settings::load(&spy).map(drop).unwrap();
    let asked = spy.asked.into_inner();
    for name in &asked {
        let upper = name.to_uppercase();
        let listed = VARIABLES.iter().any(|variable| {
            variable.name == upper || (variable.secret && upper.strip_suffix("_PATH") == Some(variable.name))
        });
        assert!(listed, "{name} is read and not in the table");
    }
    for variable in VARIABLES {
        assert!(asked.contains(variable.name), "{} is in the table and never read", variable.name);
        if variable.secret {
            assert!(
                asked.contains(&format!("{}_PATH", variable.name)),
                "{}_PATH is never read",
                variable.name
            );
        }
    }
}

struct Spy {
    map: Map,
    asked: RefCell<BTreeSet<String>>,
}

impl Env for Spy {
    fn get(&self, name: &str) -> Option<OsString> {
        self.asked.borrow_mut().insert(name.to_owned());
        Env::get(&self.map, name)
    }

    fn names(&self) -> Vec<String> {
        self.map.names()
    }
}

#[cfg(unix)]
fn restrict(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn restrict(_path: &std::path::Path, _mode: u32) {}

#[test]
fn what_could_be_meant_otherwise_is_asked_about() {
    let table = [
        ("GITHUB_APP_ID", "-1", "GITHUB_APP_ID is `-1`, which is neither an App id"),
        ("GITHUB_APP_ID", "0", "GITHUB_APP_ID is `0`, which is neither an App id"),
        ("GITHUB_APP_ID", "12x", "GITHUB_APP_ID is `12x`, which is neither an App id"),
        ("HTTPS_PROXY", "garbage", "HTTPS_PROXY names no port; write it like"),
        // What may hold a password is not repeated.
        ("HTTPS_PROXY", "user:hunter2@proxy", "HTTPS_PROXY names no port; write it like"),
        ("RUST_LOG", "nonsense", "RUST_LOG has `nonsense`, which is no level"),
        ("RUST_LOG", "info,debgu", "RUST_LOG has `debgu`, which is no level"),
        ("MILLWRIGHT_TEMPLATES", "Cargo.toml", "MILLWRIGHT_TEMPLATES is `Cargo.toml`, which is no folder"),
    ];
    for (name, value, expected) in table {
        let said = problems(&enough(&[(name, value)]));
        assert!(said.len() == 1 && said[0].starts_with(expected), "{name}={value}: {said:?}");
    }
    for (name, value) in [
        ("GITHUB_APP_ID", "007"),
        ("GITHUB_APP_ID", "Iv1.0123456789abcdef"),
        ("HTTPS_PROXY", "proxy:3128"),
        ("HTTPS_PROXY", "proxy:80"),
        ("HTTPS_PROXY", "http://proxy"),
        ("RUST_LOG", "warn,millwright=debug,hyper::proto=trace,[job{name=x}]=debug"),
        ("RUST_LOG", "millwright"),
        ("RUST_LOG", "INFO,"),
        ("MILLWRIGHT_TEMPLATES", "templates"),
    ] {
        assert_eq!(problems(&enough(&[(name, value)])), [""; 0], "{name}={value}");
    }
}

#[test]
fn s22_a_metrics_token_that_could_be_guessed_is_warned_of() {
    let (_, warnings) = load(&enough(&[("MILLWRIGHT_METRICS_TOKEN", "short")]));
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].starts_with("MILLWRIGHT_METRICS_TOKEN has fewer than 16 characters"), "{warnings:?}");
}

#[test]
fn an_app_id_is_digits_or_looks_like_a_client_id() {
    let taken = |id: &str| problems(&enough(&[("GITHUB_APP_ID", id)])).is_empty();
    for id in ["12345", "Iv1.0123456789abcdef", "Iv23liAbCdEfGhIjKlMn"] {
        assert!(taken(id), "{id}");
    }
    for id in ["abc", "-5", "0", "Iv23liAbC", "Iv1.", "Ov23liAbCdEfGhIjKlMn", "millwright-of-our-team-2"] {
        assert!(!taken(id), "{id}");
    }
}
