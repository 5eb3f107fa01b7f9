//! Tells whether a body was signed with the webhook's secret.

use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// Whether the `X-Hub-Signature-256` header fits the raw body under any of the secrets (two during a rotation).
/// Compares in constant time.
pub fn verify(secrets: &[SecretString], body: &[u8], header: Option<&str>) -> bool {
    let Some(signature) = header.and_then(parse) else { return false };
    secrets.iter().any(|secret| {
        Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
            .is_ok_and(|mac| mac.chain_update(body).verify_slice(&signature).is_ok())
    })
}

/// Whether a header can be a signature at all, which is known before the body is read.
pub fn is_well_formed(header: &str) -> bool {
    parse(header).is_some()
}

/// `sha256=` and 64 lower-case hexadecimal digits; nothing else is GitHub's.
fn parse(header: &str) -> Option<[u8; 32]> {
    let digits = header.strip_prefix("sha256=")?.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(bytes)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s1_the_documented_example_passes_and_nothing_near_it() {
        let secrets = [SecretString::from("another"), SecretString::from("It's a Secret to Everybody")];
        let good = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assert!(verify(&secrets, b"Hello, World!", Some(good)));
        assert!(!verify(&secrets[..1], b"Hello, World!", Some(good)));
        assert!(!verify(&[], b"Hello, World!", Some(good)));
        assert!(!verify(&secrets, b"Hello, World?", Some(good)));
        for header in
            [None, Some(""), Some("sha256="), Some(&good[..70]), Some(&good.to_uppercase()), Some(&good[7..])]
        {
            assert!(!verify(&secrets, b"Hello, World!", header), "{header:?}");
        }
        assert!(!verify(&secrets, b"Hello, World!", Some(&good.replace("sha256", "sha1"))));
        assert!(!verify(&secrets, b"Hello, World!", Some(&good.replace("757107ea", "757107EA"))));
        assert!(!verify(&secrets, b"Hello, World!", Some(&format!("{good}0"))));
    }
}
