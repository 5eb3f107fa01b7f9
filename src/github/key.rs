//! The App's private key, and the short-lived token it signs.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

/// GitHub allows ten minutes between `iat` and `exp`; a minute back and eight ahead leave room for a clock that is a
/// minute off either way.
const BACK_S: i64 = 60;
const AHEAD_S: i64 = 8 * 60;

/// Signs in the App's name.
pub(super) struct AppKey {
    issuer: String,
    key: EncodingKey,
}

#[derive(Serialize)]
struct Claims<'a> {
    iat: i64,
    exp: i64,
    iss: &'a str,
}

impl AppKey {
    /// `issuer` is the App's id or client id. The first key signs; the others only have to be readable.
    ///
    /// # Errors
    /// One sentence that names the key which cannot be used, and how to mend it.
    pub(super) fn new(issuer: &str, private_keys: &[SecretString]) -> Result<Self, String> {
        if issuer.trim().is_empty() {
            return Err("The App id is empty: set it to the App's id or client id.".to_owned());
        }
        let mut usable = Vec::new();
        for (index, pem) in private_keys.iter().enumerate() {
            usable.push(read(pem).map_err(|cause| unusable(index, private_keys.len(), &cause))?);
        }
        match usable.into_iter().next() {
            Some(key) => Ok(Self { issuer: issuer.trim().to_owned(), key }),
            None => {
                Err("There is no private key for the App: download one from the App's settings page."
                    .to_owned())
            }
        }
    }

    /// The App's id, where it was configured and not the client id.
    pub(super) fn app_id(&self) -> Option<i64> {
        self.issuer.parse().ok()
    }

    /// A token for GitHub's clock standing at `now_ms`.
    ///
    /// # Errors
    /// When the key cannot sign; [`AppKey::new`] has tried it once, so this does not happen in practice.
    pub(super) fn jwt(&self, now_ms: i64) -> Result<SecretString, jsonwebtoken::errors::Error> {
        let now_s = now_ms.div_euclid(1000);
        sign(&self.key, &Claims { iat: now_s - BACK_S, exp: now_s + AHEAD_S, iss: &self.issuer })
    }
}

fn read(pem: &SecretString) -> Result<EncodingKey, jsonwebtoken::errors::Error> {
    let key = EncodingKey::from_rsa_pem(pem.expose_secret().trim().as_bytes())?;
    sign(&key, &Claims { iat: 0, exp: 0, iss: "trial" })?;
    Ok(key)
}

fn sign(key: &EncodingKey, claims: &Claims<'_>) -> Result<SecretString, jsonwebtoken::errors::Error> {
    jsonwebtoken::encode(&Header::new(Algorithm::RS256), claims, key).map(SecretString::from)
}

fn unusable(index: usize, of: usize, cause: &jsonwebtoken::errors::Error) -> String {
    let which = match of {
        1 => "The App's private key".to_owned(),
        _ => format!("The App's private key number {} of {of}", index + 1),
    };
    format!("{which} cannot be used: it has to be an RSA key in PEM as GitHub generates it ({cause}).")
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use jsonwebtoken::{Algorithm, DecodingKey, Validation};
    use secrecy::{ExposeSecret, SecretString};

    use super::AppKey;
    use crate::github::testing::test_key;

    #[derive(serde::Deserialize)]
    struct Claims {
        iat: i64,
        exp: i64,
        iss: String,
    }

    #[test]
    fn the_token_verifies_with_the_public_key_and_says_when() {
        let key = test_key();
        let app = AppKey::new(" Iv1.abc ", std::slice::from_ref(&key.pem)).unwrap();
        let jwt = app.jwt(1_000_000_500).unwrap();
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_exp = false;
        let public = DecodingKey::from_rsa_der(&key.public_der);
        let claims =
            jsonwebtoken::decode::<Claims>(jwt.expose_secret(), &public, &validation).unwrap().claims;
        assert_eq!((claims.iat, claims.exp, claims.iss.as_str()), (999_940, 1_000_480, "Iv1.abc"));
    }

    #[test]
    fn keys_are_read_in_both_wrappings() {
        let pkcs8 = test_key().pem.expose_secret();
        let digits: String = pkcs8.lines().filter(|line| !line.starts_with('-')).collect();
        let der = STANDARD.decode(digits).unwrap();
        // A PKCS#8 wrapping of a 2048 bit key is 26 bytes of header before the PKCS#1 key, which is what GitHub gives.
        let pkcs1 = STANDARD.encode(&der[26..]);
        let pem = format!("-----BEGIN RSA PRIVATE KEY-----\n{pkcs1}\n-----END RSA PRIVATE KEY-----\n");
        let jwt = |pem: &str| AppKey::new("1", &[SecretString::from(pem)]).unwrap().jwt(0).unwrap();
        assert_eq!(jwt(&pem).expose_secret(), jwt(pkcs8).expose_secret());
    }

    #[test]
    fn a_key_that_cannot_be_used_is_named() {
        let good = test_key().pem.clone();
        let told = |keys: &[SecretString]| AppKey::new("1", keys).map(|_| ()).unwrap_err();
        insta::assert_snapshot!(told(&[]), @"There is no private key for the App: download one from the App's settings page.");
        insta::assert_snapshot!(told(&[good.clone(), SecretString::from("junk")]), @"The App's private key number 2 of 2 cannot be used: it has to be an RSA key in PEM as GitHub generates it (InvalidKeyFormat).");
        insta::assert_snapshot!(told(&[SecretString::from("-----BEGIN RSA PRIVATE KEY-----\nQUJD\n-----END RSA PRIVATE KEY-----")]), @"The App's private key cannot be used: it has to be an RSA key in PEM as GitHub generates it (InvalidKeyFormat).");
        insta::assert_snapshot!(AppKey::new(" ", &[good]).map(|_| ()).unwrap_err(), @"The App id is empty: set it to the App's id or client id.");
    }
}
