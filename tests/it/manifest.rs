//! `app-manifest.json`, by which the App is registered, asks for what the code uses and for nothing else.

use std::collections::{BTreeMap, BTreeSet};

use millwright::domain::alert::SCANNERS;
use millwright::github::scope;
use millwright::triggers::events::SUBSCRIPTIONS;
use serde_json::Value;
use url::Url;

use crate::sources::text;

/// GitHub sends these to every App, and refuses to have them listed.
const IMPLICIT: &[&str] = &["installation", "installation_repositories"];

#[test]
fn events_are_those_that_something_subscribes_to() {
    let manifest = manifest();
    let asked: BTreeSet<&str> =
        manifest["default_events"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let used = SUBSCRIPTIONS.iter().flat_map(|subscription| subscription.on).map(|kind| kind.name);
    let used: BTreeSet<&str> = used.filter(|name| !IMPLICIT.contains(name)).collect();
    assert_eq!(asked, used);
}

#[test]
fn what_is_said_to_lack_a_permission_lacks_it() {
    let (asked, voluntary) = (scope::permissions(), scope::voluntary());
    let readme = text("README.md");
    for said in SCANNERS.map(|scanner| scanner.not_permitted()) {
        let permission = said.split('`').nth(1).unwrap();
        let (name, level) = permission.split_once(": ").unwrap();
        assert_eq!((asked.get(name), voluntary.get(name)), (None, Some(&level)), "{permission}");
        assert!(readme.contains(&format!("`{permission}`")), "the README does not say {permission}");
    }
    assert_eq!(voluntary.len(), SCANNERS.len());
}

#[test]
fn s16_permissions_are_those_that_tokens_are_asked_for() {
    let manifest = manifest();
    let asked = manifest["default_permissions"].as_object().unwrap();
    let asked: BTreeMap<&str, &str> =
        asked.iter().filter_map(|(name, level)| Some((name.as_str(), level.as_str()?))).collect();
    assert_eq!(asked, scope::permissions());
}

#[test]
fn webhooks_go_where_the_receiver_is() {
    let manifest = manifest();
    let (page, hook) =
        (manifest["url"].as_str().unwrap(), manifest["hook_attributes"]["url"].as_str().unwrap());
    assert_eq!(hook, format!("{page}/webhook"));
    assert_eq!(manifest["public"], false, "an App of one's own is for one's own repositories");
}

/// The README's link fills GitHub's form by its query, so it has to hold the same.
#[test]
fn the_link_in_the_readme_registers_the_same_app() {
    let readme = text("README.md");
    let link =
        readme.lines().map(str::trim).find(|line| line.starts_with("https://github.com/settings/apps/new?"));
    let link = Url::parse(link.unwrap()).unwrap();
    let said: BTreeSet<(String, String)> = link.query_pairs().into_owned().collect();
    let manifest = manifest();
    let text = |pointer: &str| manifest.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
    let mut wanted = BTreeSet::from([
        ("name".to_owned(), text("/name")),
        ("url".to_owned(), text("/url")),
        ("webhook_url".to_owned(), text("/hook_attributes/url")),
        ("webhook_active".to_owned(), "true".to_owned()),
        ("public".to_owned(), "false".to_owned()),
    ]);
    for (name, level) in scope::permissions() {
        wanted.insert((name.to_owned(), level.to_owned()));
    }
    for event in manifest["default_events"].as_array().unwrap() {
        wanted.insert(("events[]".to_owned(), event.as_str().unwrap().to_owned()));
    }
    assert_eq!(said, wanted);
}

fn manifest() -> Value {
    serde_json::from_str(&text("app-manifest.json")).unwrap()
}
