//! The one law: a module uses only modules above it; and each outside crate has its rooms.

use crate::sources::{Named, Source, paths, read, tokens};

/// An outside crate and the modules that may name it. Test parts are free.
const ROOMS: [(&str, &[&str]); 4] = [
    ("sqlx", &["store"]),
    ("reqwest", &["github", "web"]),
    ("axum", &["web", "sandbox", "app", "cli/demo"]),
    ("minijinja", &["render"]),
];

/// Folders that decide and do nothing else.
const PURE: [&str; 4] = ["domain", "features/reviewers", "features/gates", "features/work_items/generators"];

/// What features may name of the platform: the types and traits below these names, or any of a module where none is named. What works
/// across repositories, and what reads or draws by itself, is not among them: a feature acts through its context.
const PLATFORM: [(&str, &[&str]); 6] = [
    ("telemetry", &["nothing"]),
    ("config", &["repo"]),
    ("store", &[]),
    ("github", &["alerts", "blobs", "contents", "error", "history", "issues", "paging", "repo"]),
    ("render", &["view"]),
    ("queue", &["Job", "JobInfo"]),
];

/// The whole store: of all repositories.
const WHOLE_STORE: [&str; 4] = ["Store", "Installations", "Repositories", "Jobs"];

/// What pure code never names: work that waits, the world outside, the clock, chance.
const IMPURE: [&str; 24] = [
    "axum",
    "chrono::Local",
    "chrono::Utc::now",
    "futures_util",
    "getrandom",
    "hyper",
    "hyper_util",
    "minijinja",
    "reqwest",
    "sqlx",
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "tokio",
    "tokio_util",
    "tower",
    "tower_http",
    "tracing",
    "ulid::Ulid::new",
];

#[test]
fn modules_use_only_modules_above_them() {
    let broken = violations(&read("src"));
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

/// `file:line: rule`, in the order of the files.
fn violations(sources: &[Source]) -> Vec<String> {
    let order = modules_in_order(sources, "src/lib.rs");
    let features = modules_in_order(sources, "src/features/mod.rs");
    let mut broken = Vec::new();
    for source in sources {
        let mut tell = |line: usize, rule: String| broken.push(format!("{}:{line}: {rule}", source.path));
        if source.path == "src/lib.rs" {
            for token in tokens(&source.code).iter().filter(|token| token.text == "use") {
                tell(token.line, "the crate root only lists modules; name things by their own path".into());
            }
            continue;
        }
        for path in paths(&source.code) {
            everywhere(&path).into_iter().for_each(|rule| tell(path.line, rule));
            if source.path != "src/main.rs" {
                upward(source, &path, [&order, &features]).into_iter().for_each(|rule| tell(path.line, rule));
            }
        }
        for path in paths(&source.shipped) {
            shipped(source, &path).into_iter().for_each(|rule| tell(path.line, rule));
        }
        if is_in(source, &PURE) {
            for token in
                tokens(&source.shipped).iter().filter(|token| matches!(token.text, "async" | "await"))
            {
                tell(token.line, "deciding is pure: no `async` here; gather before and act after".into());
            }
        }
    }
    broken
}

fn modules_in_order<'a>(sources: &'a [Source], path: &str) -> Vec<&'a str> {
    let code = sources.iter().find(|source| source.path == path).map_or("", |source| source.code.as_str());
    let tokens = tokens(code);
    tokens
        .windows(3)
        .filter(|three| three[0].text == "mod" && three[2].text == ";")
        .map(|three| three[1].text)
        .collect()
}

fn everywhere(path: &Named) -> Option<String> {
    let doubled = path.segments.windows(2).any(|pair| pair[0] == "super" && pair[1] == "super");
    let renamed = path.segments == ["crate"];
    match (doubled, renamed) {
        (true, _) => Some("no `super::super`; begin at `crate::`".into()),
        (_, true) => Some("the crate root has one name, `crate`".into()),
        _ => None,
    }
}

/// Checks the order of `src/lib.rs` and of `src/features/mod.rs`; `super::` of a top module is the crate root.
fn upward(source: &Source, path: &Named, [order, features]: [&Vec<&str>; 2]) -> Option<String> {
    let module = source.module();
    let absolute = match path.segments.first()?.as_str() {
        "crate" => path.segments[1..].to_vec(),
        "super" => {
            let parent = &module[..module.len().saturating_sub(1)];
            let parent: Vec<String> = parent.iter().map(ToString::to_string).collect();
            let in_inline_module = parent.is_empty() && !order.contains(&path.segments.get(1)?.as_str());
            if in_inline_module {
                return None;
            }
            [parent, path.segments[1..].to_vec()].concat()
        }
        _ => return None,
    };
    let used = absolute.first()?.as_str();
    let place = |list: &[&str], name: &str| list.iter().position(|module| *module == name);
    let Some(here) = place(order, module[0]) else {
        return Some(format!("`{}` is not listed in src/lib.rs", module[0]));
    };
    match place(order, used) {
        None => return Some(format!("`crate::{used}` is no module of src/lib.rs")),
        Some(there) if there > here => {
            return Some(format!("`{}` stands above `{used}` and may not use it", module[0]));
        }
        Some(_) => {}
    }
    let (feature, other) = (module.get(1)?, absolute.get(1)?);
    let inside = module[0] == "features" && used == "features";
    match (place(features, feature), place(features, other)) {
        (Some(here), Some(there)) if inside && there > here => {
            Some(format!("feature `{feature}` stands above `{other}` and may not use it"))
        }
        _ => None,
    }
}

fn shipped(source: &Source, path: &Named) -> Option<String> {
    let first = path.segments.first()?.as_str();
    if let Some((krate, rooms)) = ROOMS.iter().find(|(krate, rooms)| *krate == first && !is_in(source, rooms))
    {
        return Some(format!("`{krate}::` only in {}", rooms.join(", ")));
    }
    if path.segments.last()? == "*" {
        return Some("no glob imports; name what you use".into());
    }
    let named = path.segments.join("::");
    let starts = |forbidden: &&str| named == **forbidden || named.starts_with(&format!("{forbidden}::"));
    if is_in(source, &PURE)
        && let Some(forbidden) = IMPURE.iter().find(|forbidden| starts(forbidden))
    {
        return Some(format!("deciding is pure: no `{forbidden}` here"));
    }
    if is_in(source, &["features"])
        && let Some(rule) = of_platform(&path.segments)
    {
        return Some(rule);
    }
    let second = path.segments.get(1).map_or("", String::as_str);
    match (first, second) {
        ("crate", "ctx") if is_in(source, &PURE) => Some("deciding is pure: no context here".into()),
        ("crate", "sandbox") if !is_in(source, &["sandbox", "cli"]) => {
            Some("only `cli` and tests use the sandbox".into())
        }
        _ => None,
    }
}

fn of_platform(segments: &[String]) -> Option<String> {
    let [first, module, rest @ ..] = segments else { return None };
    let (_, names) = PLATFORM.iter().find(|(name, _)| first == "crate" && name == module)?;
    let named = rest.first().map_or("", String::as_str);
    let is_type = rest.iter().any(|segment| segment.starts_with(char::is_uppercase));
    let is_listed = names.is_empty() || names.contains(&named);
    if !is_type {
        return Some(format!("features name types of the platform; `{}` is none", segments.join("::")));
    }
    (!is_listed || WHOLE_STORE.contains(&named))
        .then(|| format!("features act through their context; `{}` is not for them", segments.join("::")))
}

fn is_in(source: &Source, rooms: &[&str]) -> bool {
    let module = source.module().join("/");
    rooms.iter().any(|room| module == *room || module.starts_with(&format!("{room}/")))
}

/// A wrong house, file by file, and what has to be said about each line.
#[test]
fn every_rule_fires() {
    let wrong = [
        (
            "src/lib.rs",
            "pub mod sandbox;\npub mod domain;\npub mod telemetry;\npub mod config;\npub mod store;\npub mod github;\npub mod ctx;\npub mod features;\npub mod cli;\npub use domain::A;",
        ),
        ("src/main.rs", "fn main() { millwright::cli::main() }"),
        ("src/sandbox/mod.rs", "use axum::Router;\nuse crate::domain::B;"),
        (
            "src/domain/a.rs",
            "use std::{fmt, fs::File};\nasync fn f() {}\nfn g() { chrono::Utc::now(); }\n// use crate::cli;",
        ),
        (
            "src/store/mod.rs",
            "use sqlx::Any;\nuse crate::{domain::A, cli::B};\nfn f() { super::cli::g(); }\nuse super::super::x;",
        ),
        ("src/features/mod.rs", "pub mod first;\npub mod second;\nuse crate as us;"),
        (
            "src/features/first.rs",
            "use super::second::A;\nuse crate::nowhere::B;\nuse crate::sandbox::World;",
        ),
        (
            "src/features/second.rs",
            "use super::first::A;\n#[derive(sqlx::FromRow)]\nstruct B;\nuse crate::features::first::*;",
        ),
        (
            "src/features/gates/a.rs",
            "use crate::ctx::C;\n#[cfg(test)]\nmod tests { use super::*; use axum::Router; }",
        ),
        ("src/cli/mod.rs", "use crate::sandbox::World;\nlet a = \"sqlx::query\"; reqwest::get(a);"),
        ("src/cli/demo/mod.rs", "use axum::Router;\nfn f() { ::minijinja::Environment::new(); }"),
        (
            "src/features/second/deed.rs",
            "use crate::github::client::GitHub;\nuse crate::github::error::ErrorKind;\nuse crate::store::{Plan, Store};\nuse crate::github::contents;\nuse crate::telemetry::Metrics;\nuse crate::config::repo::mode::Mode;\nuse crate::config::settings::Settings;\n#[cfg(test)]\nmod tests { use crate::store::Store; }",
        ),
        ("src/stray.rs", "use crate::domain::A;"),
    ];
    let sources: Vec<Source> = wrong.iter().map(|(path, text)| Source::new(path, text)).collect();
    let said = violations(&sources).join("\n");
    insta::assert_snapshot!(said, @"
    src/lib.rs:10: the crate root only lists modules; name things by their own path
    src/sandbox/mod.rs:2: `sandbox` stands above `domain` and may not use it
    src/domain/a.rs:1: deciding is pure: no `std::fs` here
    src/domain/a.rs:3: deciding is pure: no `chrono::Utc::now` here
    src/domain/a.rs:2: deciding is pure: no `async` here; gather before and act after
    src/store/mod.rs:2: `store` stands above `cli` and may not use it
    src/store/mod.rs:3: `store` stands above `cli` and may not use it
    src/store/mod.rs:4: no `super::super`; begin at `crate::`
    src/features/mod.rs:3: the crate root has one name, `crate`
    src/features/first.rs:1: feature `first` stands above `second` and may not use it
    src/features/first.rs:2: `crate::nowhere` is no module of src/lib.rs
    src/features/first.rs:3: only `cli` and tests use the sandbox
    src/features/second.rs:2: `sqlx::` only in store
    src/features/second.rs:4: no glob imports; name what you use
    src/features/gates/a.rs:1: deciding is pure: no context here
    src/cli/mod.rs:2: `reqwest::` only in github, web
    src/cli/demo/mod.rs:2: `minijinja::` only in render
    src/features/second/deed.rs:1: features act through their context; `crate::github::client::GitHub` is not for them
    src/features/second/deed.rs:3: features act through their context; `crate::store::Store` is not for them
    src/features/second/deed.rs:4: features name types of the platform; `crate::github::contents` is none
    src/features/second/deed.rs:5: features act through their context; `crate::telemetry::Metrics` is not for them
    src/features/second/deed.rs:7: features act through their context; `crate::config::settings::Settings` is not for them
    src/stray.rs:1: `stray` is not listed in src/lib.rs
    ");
}
