//! The registration of the App that this world knows: its ids, secret, keys, and what it asked for.

use std::sync::OnceLock;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::model::{Level, Permissions};

/// What the App's operator knows about it.
#[derive(Debug, Clone)]
pub struct AppRegistration {
    /// Numeric id; an issuer of JWTs.
    pub id: i64,
    /// Client id; the issuer that GitHub recommends.
    pub client_id: String,
    /// Name in URLs and in the bot's login.
    pub slug: String,
    /// Display name.
    pub name: String,
    /// Secret that webhooks are signed with.
    pub webhook_secret: String,
    /// Where webhooks go; none are sent before it is set.
    pub webhook_url: Option<String>,
    /// RSA-2048 key in PKCS#8 PEM.
    pub private_key_pem: String,
}

/// The App inside a world.
pub(super) struct App {
    pub id: i64,
    pub client_id: String,
    pub slug: String,
    pub name: String,
    pub owner: String,
    pub webhook_secret: String,
    pub webhook_url: Option<String>,
    pub permissions: Permissions,
    pub events: Vec<String>,
    keys: Vec<OnceLock<Key>>,
}

/// One key pair of the App.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub private_pem: String,
    pub public_der: Vec<u8>,
}

impl Default for App {
    fn default() -> Self {
        let granted = [
            ("actions", Level::Read),
            ("contents", Level::Read),
            ("issues", Level::Write),
            ("metadata", Level::Read),
        ];
        let events =
            ["issues", "issue_comment", "label", "push", "repository", "sub_issues", "issue_dependencies"];
        Self {
            id: 424_242,
            client_id: "Iv23sandboxmillwrght".to_owned(),
            slug: "millwright".to_owned(),
            name: "Millwright".to_owned(),
            owner: "millwright-makers".to_owned(),
            webhook_secret: "a webhook secret of the sandbox".to_owned(),
            webhook_url: None,
            permissions: granted.map(|(name, level)| (name.to_owned(), level)).into(),
            events: events.map(str::to_owned).into(),
            keys: vec![OnceLock::new()],
        }
    }
}

impl App {
    /// Login of the App's own account.
    pub fn bot_login(&self) -> String {
        format!("{}[bot]", self.slug)
    }

    /// The keys in force. The first is made when it is first asked for, because that takes a while.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter().map(|key| key.get_or_init(new_key))
    }

    /// Adds a further key, which becomes the one the operator holds; the older ones stay in force.
    pub fn add_key(&mut self) {
        self.keys.insert(0, OnceLock::new());
    }

    /// Takes all keys but the newest out of force.
    pub fn revoke_old_keys(&mut self) {
        self.keys.truncate(1);
    }

    /// What the operator knows.
    pub fn registration(&self) -> AppRegistration {
        let private_key_pem = self.keys().next().map(|key| key.private_pem.clone()).unwrap_or_default();
        AppRegistration {
            id: self.id,
            client_id: self.client_id.clone(),
            slug: self.slug.clone(),
            name: self.name.clone(),
            webhook_secret: self.webhook_secret.clone(),
            webhook_url: self.webhook_url.clone(),
            private_key_pem,
        }
    }
}

/// A machine without entropy cannot run this at all: the key is then empty and no JWT verifies.
fn new_key() -> Key {
    let Ok(pair) = KeyPair::generate(KeySize::Rsa2048) else {
        return Key { private_pem: String::new(), public_der: Vec::new() };
    };
    let der: Result<Pkcs8V1Der<'static>, _> = pair.as_der();
    let private_pem = der.map(|der| pem("PRIVATE KEY", der.as_ref())).unwrap_or_default();
    Key { private_pem, public_der: pair.public_key().as_ref().to_vec() }
}

fn pem(label: &str, der: &[u8]) -> String {
    let encoded = STANDARD.encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = tail;
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}
