//! Whether a webhook body was signed with one of our secrets.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Checks a body piece by piece against `header`, the value of `X-Hub-Signature-256`: it has to be the HMAC-SHA256 of the raw
/// body under any of the secrets.
///
/// Only `sha256=` and 64 lower-case hex digits are accepted. The MAC is compared in constant time, and every secret is
/// tried, so that two are valid during a rotation. An empty secret never verifies.
/// Source: GitHub, "Validating webhook deliveries".
pub struct Check {
    claimed: Option<[u8; 32]>,
    macs: Vec<Hmac<Sha256>>,
}

impl Check {
    /// Before the first piece.
    pub fn new(secrets: &[SecretString], header: Option<&str>) -> Self {
        let secrets = secrets.iter().map(|secret| secret.expose_secret().as_bytes());
        let macs = secrets.filter(|secret| !secret.is_empty()).map(Hmac::new_from_slice);
        Self { claimed: header.and_then(claimed_mac), macs: macs.filter_map(Result::ok).collect() }
    }

    /// The next piece of the body.
    pub fn update(&mut self, piece: &[u8]) {
        self.macs.iter_mut().for_each(|mac| mac.update(piece));
    }

    /// Whether the body up to here was signed.
    pub fn fits(self) -> bool {
        let Some(claimed) = self.claimed else { return false };
        self.macs.into_iter().fold(false, |fits, mac| fits | mac.verify_slice(&claimed).is_ok())
    }
}

/// The same for a body that is there as a whole.
pub fn verify(secrets: &[SecretString], body: &[u8], header: Option<&str>) -> bool {
    let mut check = Check::new(secrets, header);
    check.update(body);
    check.fits()
}

/// Whether `header` could be a signature at all: what is not needs no look at the body.
pub fn is_well_formed(header: &str) -> bool {
    claimed_mac(header).is_some()
}

fn claimed_mac(header: &str) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = header.strip_prefix("sha256=")?.as_bytes().try_into().ok()?;
    let mut mac = [0; 32];
    for (byte, pair) in mac.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = nibble(*pair.first()?)? << 4 | nibble(*pair.last()?)?;
    }
    Some(mac)
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
    use secrecy::SecretString;

    use super::{Check, verify};

    const SECRET: &str = "It's a Secret to Everybody";
    const BODY: &[u8] = b"Hello, World!";
    const HEX: &str = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    fn secrets(texts: &[&str]) -> Vec<SecretString> {
        texts.iter().map(|text| SecretString::from(*text)).collect()
    }

    fn check(header: &str) -> bool {
        verify(&secrets(&[SECRET]), BODY, Some(header))
    }

    #[test]
    fn s1_the_documented_vector_verifies() {
        assert!(check(&format!("sha256={HEX}")));
    }

    #[test]
    fn s1_a_body_in_pieces_verifies_as_a_whole_one_does() {
        for at in 0..=BODY.len() {
            let mut check = Check::new(&secrets(&["new", SECRET]), Some(&format!("sha256={HEX}")));
            check.update(&BODY[..at]);
            check.update(&BODY[at..]);
            assert!(check.fits(), "{at}");
        }
    }

    #[test]
    fn s1_a_missing_header_is_refused() {
        assert!(!verify(&secrets(&[SECRET]), BODY, None));
        assert!(!check(""));
        assert!(!check("sha256="));
    }

    #[test]
    fn s1_other_spellings_are_refused() {
        assert!(!check(HEX));
        assert!(!check(&format!("sha1={HEX}")));
        assert!(!check(&format!("SHA256={HEX}")));
        assert!(!check(&format!("sha256={}", HEX.to_uppercase())));
        assert!(!check(&format!("sha256= {HEX}")));
        assert!(!check(&format!("sha256={HEX} ")));
        assert!(!check(&format!("sha256={}é", &HEX[..62])));
    }

    #[test]
    fn s1_a_short_long_or_changed_mac_is_refused() {
        assert!(!check(&format!("sha256={}", &HEX[..62])));
        assert!(!check(&format!("sha256={HEX}00")));
        assert!(!check(&format!("sha256=8{}", &HEX[1..])));
    }

    #[test]
    fn s1_a_changed_body_is_refused() {
        assert!(!verify(&secrets(&[SECRET]), b"Hello, World", Some(&format!("sha256={HEX}"))));
    }

    #[test]
    fn s1_both_secrets_verify_during_a_rotation_and_a_third_does_not() {
        let header = format!("sha256={HEX}");
        assert!(verify(&secrets(&["new", SECRET]), BODY, Some(&header)));
        assert!(verify(&secrets(&[SECRET, "old"]), BODY, Some(&header)));
        assert!(!verify(&secrets(&["new", "old"]), BODY, Some(&header)));
    }

    #[test]
    fn s1_no_secret_and_an_empty_secret_verify_nothing() {
        // HMAC-SHA256 of "Hello, World!" under the empty key.
        let empty_key = "sha256=2bbcfa9524f3218c7a34b30e6936f8b1a4516cb097f1a85a1c7d98b5977ec769";
        assert!(!verify(&[], BODY, Some(&format!("sha256={HEX}"))));
        assert!(!verify(&secrets(&[""]), BODY, Some(empty_key)));
    }
}
