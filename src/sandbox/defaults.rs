//! The default world: one organization, a small Rust web service, five people, two issues.

use super::actions::NewIssue;
use super::model::{Clock, Role};
use super::refusal::Refusal;
use super::seed::{NewRepository, NewRun};
use super::world::World;

/// The repository of the default world.
pub const REPOSITORY: &str = "acme/web";

const PEOPLE: &[(&str, Role)] =
    &[("ada", Role::Admin), ("walt", Role::Write), ("tess", Role::Triage), ("rita", Role::Read)];

impl World {
    /// A documented little GitHub. The organization `acme` owns the public repository `acme/web`: a sign-in service
    /// with `src/main.rs`, `src/auth.rs`, `tests/auth.rs`, `config/app.toml`, a workflow that runs `cargo test`, and
    /// a CODEOWNERS file. `ada` is its admin, `walt` writes, `tess` triages, `rita` reads; `stan` has no role, so he
    /// reads as everybody does, and would see nothing if the repository were private. `helper[bot]` is a machine
    /// account. The App is installed on `acme/web`. Issue 1 asks for client addresses behind a proxy, issue 2 for a
    /// limit on failed sign-ins and says that it depends on 1. No webhook waits.
    pub fn with_defaults(clock: Clock) -> Self {
        let world = Self::new(clock);
        world.furnish().ok();
        world
    }

    fn furnish(&self) -> Result<(), Refusal> {
        self.add_organization("acme", &["ada", "walt"]);
        self.add_user("stan");
        self.add_bot("helper[bot]");
        let description = Some("Sign-in service".to_owned());
        self.add_repository(NewRepository { description, ..NewRepository::named(REPOSITORY) });
        for (login, role) in PEOPLE {
            self.set_role(REPOSITORY, login, *role)?;
        }
        self.add_files(REPOSITORY, FILES)?;
        let run = NewRun {
            path: WORKFLOW.to_owned(),
            conclusion: Some("success".to_owned()),
            actor: "walt".to_owned(),
        };
        self.add_workflow_run(REPOSITORY, run)?;
        for (author, title, body) in ISSUES {
            let (title, body) = ((*title).to_owned(), Some((*body).to_owned()));
            self.add_issue(REPOSITORY, author, NewIssue { title, body, ..NewIssue::default() })?;
        }
        self.add_installation("acme", &[REPOSITORY]).map(|_| ())
    }
}

const ISSUES: &[(&str, &str, &str)] = &[
    (
        "walt",
        "Read the client address behind the proxy",
        "Behind the load balancer every request seems to come from the same address. `src/main.rs` has to take the \
         client address from `X-Forwarded-For` when the peer is listed in `config/app.toml`.\n\n\
         - [ ] a request from a listed proxy uses the last address in `X-Forwarded-For`\n\
         - [ ] a request from any other peer uses the address of the connection\n",
    ),
    (
        "rita",
        "Rate limit failed sign-ins",
        "Somebody tries passwords against our accounts all night. See also `src/nope.rs`.\n\n\
         Depends on #1\n\n\
         - [ ] after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429\n\
         - [ ] limit configurable in `config/limits.toml`\n\
         - [ ] success resets the counter\n",
    ),
];

const WORKFLOW: &str = ".github/workflows/ci.yml";

const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", CARGO_TOML),
    ("README.md", README),
    (".github/CODEOWNERS", "/src/auth.rs @acme/security\n"),
    (WORKFLOW, CI),
    ("config/app.toml", APP_TOML),
    ("src/auth.rs", AUTH),
    ("src/main.rs", MAIN),
    ("tests/auth.rs", AUTH_TESTS),
];

const CARGO_TOML: &str = r#"[package]
name = "web"
version = "0.3.0"
edition = "2024"

[dependencies]
serde = { version = "1", features = ["derive"] }
toml = "0.9"
"#;

const README: &str = "# web

Signs people in. Start it with `cargo run`; the address to listen on and the session length stand in
`config/app.toml`.

Tests: `cargo test`.
";

const CI: &str = "name: ci
on: [push, pull_request]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: cargo test
";

const APP_TOML: &str = r#"listen = "127.0.0.1:8080"
session_minutes = 30
proxies = []
"#;

const AUTH: &str = r#"//! Signing in with a password.

use std::collections::HashMap;
use std::net::IpAddr;

/// What somebody sent us.
pub struct Attempt<'a> {
    pub email: &'a str,
    pub password: &'a str,
    pub address: IpAddr,
}

/// Status of the answer.
#[derive(Debug, PartialEq)]
pub enum Answer {
    Ok,
    Unauthorized,
}

/// Known accounts by email.
#[derive(Default)]
pub struct Accounts {
    passwords: HashMap<String, String>,
}

impl Accounts {
    pub fn add(&mut self, email: &str, password: &str) {
        self.passwords.insert(email.to_owned(), password.to_owned());
    }

    pub fn sign_in(&self, attempt: &Attempt) -> Answer {
        match self.passwords.get(attempt.email) {
            Some(password) if password == attempt.password => Answer::Ok,
            _ => Answer::Unauthorized,
        }
    }
}
"#;

const MAIN: &str = r#"//! The sign-in service.

mod auth;

use std::fs;

fn main() {
    let config = fs::read_to_string("config/app.toml").unwrap_or_default();
    let accounts = auth::Accounts::default();
    serve(&config, &accounts);
}

fn serve(config: &str, _accounts: &auth::Accounts) {
    let listen = config.lines().find_map(|line| line.strip_prefix("listen = "));
    println!("listening on {}", listen.unwrap_or("nothing"));
}
"#;

const AUTH_TESTS: &str = r#"use std::net::IpAddr;

#[path = "../src/auth.rs"]
mod auth;

use auth::{Accounts, Answer, Attempt};

fn attempt(password: &str) -> Attempt<'_> {
    Attempt { email: "ada@acme.example", password, address: IpAddr::from([192, 0, 2, 1]) }
}

#[test]
fn the_right_password_signs_in() {
    let mut accounts = Accounts::default();
    accounts.add("ada@acme.example", "engine");
    assert_eq!(accounts.sign_in(&attempt("engine")), Answer::Ok);
}

#[test]
fn a_wrong_password_does_not() {
    assert_eq!(Accounts::default().sign_in(&attempt("guess")), Answer::Unauthorized);
}
"#;
