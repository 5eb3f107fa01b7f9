//! Keys for our own signatures: one per purpose, derived from a root so that none of them betrays another.

use hkdf::Hkdf;
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};
use sha2::Sha256;

/// What a derived key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Signs the hidden markers in our comments and issue bodies.
    Markers,
}

/// The roots that keys are derived from, newest first.
#[derive(Clone)]
pub struct RootSecrets(Vec<Root>);

#[derive(Clone)]
enum Root {
    Text(SecretString),
    Key(SecretSlice<u8>),
}

impl RootSecrets {
    /// The values of `MILLWRIGHT_SECRET`, newest first.
    pub fn of_texts(texts: Vec<SecretString>) -> Self {
        Self(texts.into_iter().map(Root::Text).collect())
    }

    /// The App's private keys as PKCS#8 DER, newest first.
    pub fn of_keys(keys: Vec<SecretSlice<u8>>) -> Self {
        Self(keys.into_iter().map(Root::Key).collect())
    }

    /// The roots that are text, which a redactor has to know.
    pub fn texts(&self) -> Vec<SecretString> {
        let text = |root: &Root| match root {
            Root::Text(text) => Some(text.clone()),
            Root::Key(_) => None,
        };
        self.0.iter().filter_map(text).collect()
    }

    /// The 32-byte keys for a purpose (HKDF-SHA256), newest first: the first one signs, all of them verify.
    pub fn keys(&self, purpose: Purpose) -> Vec<SecretSlice<u8>> {
        self.0.iter().filter_map(|root| derive(root.bytes(), purpose)).collect()
    }
}

impl Root {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.expose_secret().as_bytes(),
            Self::Key(key) => key.expose_secret(),
        }
    }
}

const SALT: &[u8] = b"millwright";

fn derive(root: &[u8], purpose: Purpose) -> Option<SecretSlice<u8>> {
    let info: &[u8] = match purpose {
        Purpose::Markers => b"markers v1",
    };
    let mut key = vec![0; 32];
    // HKDF refuses only outputs of more than 8160 bytes.
    Hkdf::<Sha256>::new(Some(SALT), root).expand(info, &mut key).ok()?;
    Some(SecretSlice::from(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_stable_different_per_root_and_newest_first() {
        let root = |text: &str| SecretString::from(text);
        let both = RootSecrets::of_texts(vec![root("new"), root("old")]).keys(Purpose::Markers);
        let old = RootSecrets::of_texts(vec![root("old")]).keys(Purpose::Markers);
        assert_eq!(both.len(), 2);
        assert_eq!(both[0].expose_secret().len(), 32);
        assert_ne!(both[0].expose_secret(), both[1].expose_secret());
        assert_eq!(both[1].expose_secret(), old[0].expose_secret());
        // Written down once: a change here would orphan every marker that is already on GitHub.
        let hex: String = old[0].expose_secret().iter().map(|byte| format!("{byte:02x}")).collect();
        insta::assert_snapshot!(hex, @"8755829d8e1193d7fb5c0c248258c95fc531161cab645dd23f50863410f32d6f");
    }
}
