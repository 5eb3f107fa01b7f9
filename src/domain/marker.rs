//! The hidden signed marker by which we recognize our own comments and issues: `<!-- millwright:v1 kind=plan key=… sig=… -->`.

mod text; // how a marker is written
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::ids::{EffectKey, RepoId};

/// What a marker says. Names of fields are lower-case letters, digits and `_`; values may be any text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// What it marks, such as `plan` or `work_item`.
    pub kind: String,
    /// The effect that made it.
    pub key: EffectKey,
    /// Everything else, such as `rev` and `sha256`.
    pub fields: BTreeMap<String, String>,
}

/// Signs and verifies markers. The first key signs, every key verifies, so that keys can be exchanged without losing what is out there.
#[derive(Clone)]
pub struct Signer {
    keys: Vec<[u8; 32]>,
}

impl Marker {
    /// A marker without further fields.
    pub fn new(kind: impl Into<String>, key: EffectKey) -> Self {
        Self { kind: kind.into(), key, fields: BTreeMap::new() }
    }

    /// The same with one field more; a name that is not well-formed, or taken by `kind`, `key` or `sig`, is left out.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        if text::is_field_name(name) {
            self.fields.insert(name.to_owned(), value.to_string());
        }
        self
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }
}

impl Signer {
    /// One key per master secret, derived for `purpose` only; the newest secret first.
    pub fn derive(masters: &[&[u8]], purpose: &str) -> Self {
        let keys = masters
            .iter()
            .filter_map(|master| {
                let mut key = [0; 32];
                // 32 bytes are within what HKDF-SHA256 can give, so no secret is ever left out.
                Hkdf::<Sha256>::new(None, master).expand(purpose.as_bytes(), &mut key).ok().map(|()| key)
            })
            .collect();
        Self { keys }
    }

    /// The marker as a comment to hide in Markdown; `None` without any key. Only valid in `repo`.
    pub fn sign(&self, repo: RepoId, marker: &Marker) -> Option<String> {
        let fields = text::write_fields(marker);
        let signature = mac(self.keys.first()?, repo, &fields)?.finalize().into_bytes();
        Some(text::write(&fields, &signature))
    }

    /// The last marker in a text that we signed for `repo`.
    ///
    /// We put ours at the end, and nothing that users write gets into our texts as a marker; so of several the last is the newest.
    pub fn find(&self, repo: RepoId, text: &str) -> Option<Marker> {
        text::candidates(text)
            .filter(|found| self.verifies(repo, found.fields, &found.signature))
            .filter_map(|found| text::read_fields(found.fields))
            .last()
    }

    fn verifies(&self, repo: RepoId, fields: &str, signature: &[u8]) -> bool {
        self.keys
            .iter()
            .any(|key| mac(key, repo, fields).is_some_and(|mac| mac.verify_slice(signature).is_ok()))
    }
}

/// Fingerprint of a text for the field `sha256`: markers and white space at the ends of lines do not count.
pub fn fingerprint(text: &str) -> String {
    let plain = text::without_markers(text);
    let lines: Vec<&str> = plain.lines().map(str::trim_end).collect();
    let digest = Sha256::digest(lines.join("\n").trim().as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn mac(key: &[u8; 32], repo: RepoId, fields: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(format!("millwright:v1\n{repo}\n{fields}").as_bytes());
    Some(mac)
}
